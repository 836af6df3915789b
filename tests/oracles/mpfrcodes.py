"""The papers' floats of any p, rounded by MPFR: codes to numbers, one correctly rounded operation, back to codes.

A code has the significand in its low p bits, then the field q + 2**p of p + 1 bits, then the sign. MPFR rounds to p
bits with exponents of (almost) any size and says by its ternary flag on which side of the exact result it went; the
range is then cut here: above the largest number the largest, below the least one the least or 0 by the mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gmpy2
import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Numbers = list["gmpy2.mpfr"]

NATIVE = {
    "RNE": gmpy2.RoundToNearest,
    "RTZ": gmpy2.RoundToZero,
    "RTP": gmpy2.RoundUp,
    "RTN": gmpy2.RoundDown,
    "RAZ": gmpy2.RoundAwayZero,
}
WIDEST = {"emin": gmpy2.get_emin_min(), "emax": gmpy2.get_emax_max()}
HUGE = 1 << 60


def context(precision: int, mode: str = "RNE") -> gmpy2.context:
    """Return a context with the widest range of exponents."""
    return gmpy2.context(precision=precision, round=NATIVE[mode], **WIDEST)


class MpfrCodes:
    """Operations on columns of codes of F_p, each result rounded once."""

    def __init__(self, p: int) -> None:
        self.p, self.bias, self.fields = p, 1 << p, 2 << p
        self.sign = 1 << (2 * p + 1)
        self.largest = (1 << p) - 1 | (self.fields - 1) << p
        self.least = 1 << (p - 1)

    def numbers(self, codes: Codes) -> Numbers:
        """Return codes as MPFR numbers, exactly."""
        significand = (codes & ((1 << self.p) - 1)) * np.where(codes & self.sign, -1, 1)
        quantum = ((codes >> self.p) & (self.fields - 1)) - self.bias
        with context(self.p):
            return [
                gmpy2.mul_2exp(gmpy2.mpfr(m), q) if q >= 0 else gmpy2.div_2exp(gmpy2.mpfr(m), -q)
                for m, q in zip(significand.tolist(), quantum.tolist(), strict=True)
            ]

    def codes(self, results: Numbers, mode: str = "RNE") -> Codes:
        """Return the codes of numbers that were rounded to p bits with exponents without bounds."""
        count = len(results)
        sides = np.fromiter((r.rc for r in results), dtype=np.int64, count=count)
        negative = np.fromiter((gmpy2.is_signed(r) for r in results), dtype=bool, count=count)
        parts = [_parts(r) for r in results]
        m = np.fromiter((part[0] for part in parts), dtype=np.int64, count=count)
        e = np.fromiter((part[1] for part in parts), dtype=np.int64, count=count)
        length = np.frexp(m.astype(np.float64))[1].astype(np.int64)
        field = e + length - self.p + self.bias
        code = (m << (self.p - length)) | np.clip(field, 0, self.fields - 1) << self.p
        code = np.where(field >= self.fields, self.largest, code)
        code = np.where(field < 0, self._small(m == 1, field, sides * np.where(negative, -1, 1), negative, mode), code)
        nothing = (m == 0) & (sides == 0)
        code = np.where((m == 0) & ~nothing, self._small(m == 1, m - HUGE, sides, negative, mode), code)
        code = np.where(nothing, 0, code)
        return np.where(negative & (code != 0), code | self.sign, code)

    def _small(
        self, power: NDArray[np.bool_], field: Codes, side: Codes, negative: NDArray[np.bool_], mode: str
    ) -> Codes:
        """Return 0 or the least number for magnitudes below it; `side` says whether they were rounded up or down."""
        above = (field == -1) & (~power | (side < 0))  # above half the least number
        goes_up = {
            "RNE": above,
            "RNA": (field == -1) & ~(power & (side > 0)),
            "RTZ": np.zeros_like(negative),
            "RAZ": np.ones_like(negative),
            "RTO": np.ones_like(negative),
            "RTP": ~negative,
            "RTN": negative,
        }[mode]
        return np.where(goes_up, self.least, 0)

    def run(self, method: str, columns: Sequence[Codes], mode: str = "RNE", precision: int = 0) -> Numbers:
        """Return one operation, as MPFR's context calls it, on columns of codes; RNA and RTO through RTZ."""
        numbers = [self.numbers(c) for c in columns]
        bits = precision or self.p
        if mode == "RNA":
            wide = list(map(_method(context(bits + 1, "RTZ"), method), *numbers))
            return list(map(context(bits, "RAZ").plus, wide))
        if mode == "RTO":
            cut = list(map(_method(context(bits, "RTZ"), method), *numbers))
            return [self._odd(r) for r in cut]
        return list(map(_method(context(bits, mode), method), *numbers))

    def _odd(self, r: gmpy2.mpfr) -> gmpy2.mpfr:
        """Return a number that was cut off, with its last bit set where something was cut."""
        if r.rc == 0 or not gmpy2.is_finite(r) or r == 0:
            return r
        m, e = _parts(r)
        drop = self.p - m.bit_length()
        m = (m << drop | 1) * (1 if r > 0 else -1)
        with context(self.p):
            return gmpy2.mul_2exp(gmpy2.mpfr(m), e - drop) if e >= drop else gmpy2.div_2exp(gmpy2.mpfr(m), drop - e)

    def apply(self, method: str, *columns: Codes, mode: str = "RNE") -> Codes:
        """Return the codes of one operation."""
        return self.codes(self.run(method, columns, mode), mode)

    def ties(self, method: str, columns: Sequence[Codes]) -> int:
        """Return how many exact results lie midway between two neighbours of p bits."""
        return sum(_is_midway(r, self.p) for r in self.run(method, columns, precision=self.p + 1))

    def divide(self, x: Codes, y: Codes) -> Codes:
        """Return quotients; 0 for a divisor 0."""
        return np.where(y == 0, 0, self.apply("div", x, np.where(y == 0, self.least, y)))

    def sqrt(self, x: Codes, mode: str = "RNE") -> Codes:
        """Return square roots; 0 for negative numbers."""
        return np.where(x & self.sign, 0, self.apply("sqrt", np.where(x & self.sign, 0, x), mode=mode))

    def floor(self, x: Codes) -> Codes:
        """Return the greatest integers not above."""
        return self.apply("rint_floor", x)

    def wave(self, name: str, x: Codes, bound: int, mode: str = "RNE") -> Codes:
        """Return sin or cos of |x| < 2**bound, 0 elsewhere."""
        field = (x >> self.p) & (self.fields - 1)
        inside = (field + self.p <= bound + self.bias) | (x == 0)
        return np.where(inside, self.apply(name, np.where(inside, x, 0), mode=mode), 0)

    def less_equal(self, x: Codes, y: Codes) -> Codes:
        """Return 1 where x <= y."""
        pairs = zip(self.numbers(x), self.numbers(y), strict=True)
        return np.array([a <= b for a, b in pairs], dtype=np.int64)

    def extremum(self, rule: Callable[[Sequence[int]], int], *columns: Codes) -> Codes:
        """Return the codes of the largest or the least numbers: `rule` is max or min."""
        numbers = [self.numbers(c) for c in columns]
        return self.codes([rule(terms) for terms in zip(*numbers, strict=True)])

    def total(self, *columns: Codes) -> Codes:
        """Return the exact sums, rounded once."""
        return self.codes(self.sums(columns, self.p))

    def sums(self, columns: Sequence[Codes], precision: int) -> Numbers:
        """Return sums of columns, correctly rounded to a precision."""
        numbers = [self.numbers(c) for c in columns]
        with context(precision):
            return [gmpy2.fsum(terms) for terms in zip(*numbers, strict=True)]

    def product(self, *columns: Codes) -> Codes:
        """Return the exact products, rounded once."""
        return self.codes(self.products(columns, self.p))

    def products(self, columns: Sequence[Codes], precision: int) -> Numbers:
        """Return products of columns, correctly rounded to a precision."""
        numbers = [self.numbers(c) for c in columns]
        exact, once = context(len(columns) * self.p), context(precision)
        found = numbers[0]
        for column in numbers[1:]:
            found = list(map(exact.mul, found, column))
        return list(map(once.plus, found))

    def midway(self, results: Numbers) -> int:
        """Return how many numbers of p + 1 bits are exact results midway between two neighbours of p bits."""
        return sum(_is_midway(r, self.p) for r in results)


def _method(ctx: gmpy2.context, name: str) -> Callable[..., gmpy2.mpfr]:
    """Return one operation of a context."""
    return getattr(ctx, name)  # type: ignore[no-any-return]


def _parts(r: gmpy2.mpfr) -> tuple[int, int]:
    """Return the odd significand and the exponent of |r|; infinity is beyond every range."""
    if not gmpy2.is_finite(r):
        assert gmpy2.is_infinite(r)
        return 1, HUGE
    if r == 0:
        return 0, 0
    m, e = map(int, abs(r).as_mantissa_exp())
    zeros = (m & -m).bit_length() - 1
    return m >> zeros, e + zeros


def _is_midway(r: gmpy2.mpfr, p: int) -> bool:
    """Return whether a number is exact and has exactly p + 1 significant bits."""
    return r.rc == 0 and gmpy2.is_finite(r) and r != 0 and _parts(r)[0].bit_length() == p + 1
