"""Pairs of short floats by the machine's binary64: its one rounding beforehand changes nothing.

A sum, difference, product or quotient of two numbers of p bits, rounded to at least 2p + 2 bits and then to p bits, is
the correctly rounded one (Figueroa 1995). For p <= 6 all exponents are well inside binary64's.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from oracles.mpfrcodes import Codes

Floats = NDArray[np.float64]
RULES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
}


class BinaryCodes:
    """Operations on columns of codes of F_p, p <= 6, rounded to nearest even."""

    def __init__(self, p: int) -> None:
        assert p <= 6
        self.p, self.bias, self.fields = p, 1 << p, 2 << p

    def floats(self, codes: Codes) -> Floats:
        """Return the numbers."""
        m = (codes & ((1 << self.p) - 1)) * np.where(codes >> (2 * self.p + 1) & 1, -1.0, 1.0)
        return np.ldexp(m, (((codes >> self.p) & (self.fields - 1)) - self.bias).astype(np.int32))

    def codes(self, values: Floats) -> Codes:
        """Return the codes of numbers rounded to p bits and into the range."""
        p = self.p
        mantissa, exponent = np.frexp(np.abs(values))
        m = np.rint(np.ldexp(mantissa, p)).astype(np.int64)  # ties to even
        carried = m >> p
        m, field = m >> carried, exponent.astype(np.int64) - p + carried + self.bias
        code = np.where(field >= self.fields, (1 << p) - 1 | (self.fields - 1) << p, m | field << p)
        half = np.ldexp(1.0, p - 2 - self.bias)
        code = np.where(field < 0, np.where(np.abs(values) > half, 1 << (p - 1), 0), code)
        code = np.where(values == 0, 0, code)
        return np.where((values < 0) & (code != 0), code | 1 << (2 * p + 1), code)

    def pairs(self, operation: str, x: Codes, y: Codes) -> Codes:
        """Return one operation on pairs; 0 for a divisor 0."""
        left, other = self.floats(x), self.floats(y)
        if operation == "less_equal":
            return (left <= other).astype(np.int64)
        if operation == "divide":
            other = np.where(y == 0, 1.0, other)
            return np.where(y == 0, 0, self.codes(left / other))
        return self.codes(RULES[operation](left, other))
