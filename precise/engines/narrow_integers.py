"""Integral parts and remainders of float64 lanes: exact by the operations of the host, so that one rounding is left.

`floor`, `ceil`, `trunc`, `rint` and `fmod` are exact in binary64 (IEEE 754-2019, 5.9 and C23, F.10.7.1), and so are the
differences below, by Sterbenz's lemma.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.residuals import Pair, two_sum


def ieee_remainder(x: Lanes, y: Lanes) -> Lanes:
    """Return `x - n * y`, n the nearest integer to `x / y`, ties to even, exactly; a zero has the sign of x.

    `r = |x| mod 2 |y|` keeps whether the quotient is odd; `2 |y|` beyond the range leaves |x| as it is, which is right.
    For r in (b/2, 2b), b = |y|, `r - b` is exact; from 3b/2 on it is at least b/2, and `(r - b) - b` is exact too.
    """
    b = np.abs(y)
    rest = np.fmod(np.abs(x), 2.0 * b)
    rest = np.where(np.isinf(b), np.fmod(np.abs(x), b), rest)
    less = rest - b
    nearest = np.where(2.0 * rest > b, np.where(2.0 * less < b, less, less - b), rest)
    return np.copysign(1.0, x) * nearest


def _added(x: Lanes, y: Lanes) -> tuple[Lanes, Lanes]:
    """Return `x mod y` with the sign of x, and what must be added to it for the sign of y: y or 0."""
    rest = np.fmod(x, y)
    differ = (rest != 0) & (np.signbit(rest) != np.signbit(y))
    return np.where(rest == 0, np.copysign(0.0, y), rest), np.where(differ, y, np.copysign(0.0, y))


def remainder(x: Lanes, y: Lanes) -> Pair:
    """Return `x - floor(x / y) * y` as a sum of two lanes and the sign of what it misses; a zero has the sign of y."""
    rest, more = _added(x, y)
    return two_sum(rest, more)


def rounded_remainder(x: Lanes, y: Lanes) -> Lanes:
    """Return `x - floor(x / y) * y` rounded to binary64, ties to even."""
    rest, more = _added(x, y)
    return rest + more


INTEGRAL: Final[dict[str, Callable[..., Lanes]]] = {
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "round_to_integral": np.rint,
    "ieee_remainder": ieee_remainder,
}
# Undefined at zero divisors, which formats without NaN refuse.
REMAINDERS: Final = frozenset({"remainder", "ieee_remainder"})
