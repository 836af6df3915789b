"""The papers' floats as integers, rounded by search among all members: an oracle for circuits at small p.

A code has the significand in its low p bits, then the field E = q + 2**(w - 1) of w bits (papers: p + 1), then the
sign. All numbers are integers in units of the least quantum; nothing here comes from the package under test.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import cache
from math import isqrt, prod

from oracles import optional

MODES = ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO")


class PaperFloats:
    """All members of F_p, with operations rounded once; beyond the range the largest member."""

    def __init__(self, p: int, w: int = 0) -> None:
        self.p = p
        self.w = w or p + 1
        self.bias = 1 << (self.w - 1)
        self.sign = 1 << (p + self.w)
        magnitudes = {0: 0} | {m << e: m | e << p for e in range(2 * self.bias) for m in range(1 << (p - 1), 1 << p)}
        self.magnitudes = sorted(magnitudes)
        self.code_of = magnitudes
        self.codes = [0, *(c | s for s in (0, self.sign) for c in range(1 << (p - 1), self.sign) if c >> (p - 1) & 1)]
        self.value = {
            c: (-1 if c & self.sign else 1) * ((c & ((1 << p) - 1)) << (c >> p & (2 * self.bias - 1)))
            for c in self.codes
        }

    def round(self, x: Fraction | int, mode: str = "RNE") -> int:
        """Return the code of x units, rounded."""
        negative, n, d = x < 0, abs(x.numerator), x.denominator
        place = bisect_right(self.magnitudes, n // d) - 1
        low = self.magnitudes[place]
        if low * d != n and place + 1 < len(self.magnitudes):
            high = self.magnitudes[place + 1]
            if self._goes_up(2 * n, (low + high) * d, self.code_of[low] & 1, negative, mode):
                low = high
        return self.code_of[low] | (self.sign if negative and low else 0)

    @staticmethod
    def _goes_up(twice: int, middle: int, odd: int, negative: bool, mode: str) -> bool:
        """Return whether a magnitude between two members goes to the greater one."""
        nearest = twice > middle or (twice == middle and (mode == "RNA" or odd == 1))
        return {"RTZ": False, "RAZ": True, "RTP": not negative, "RTN": negative, "RTO": odd == 0}.get(mode, nearest)

    def add(self, a: int, b: int, mode: str = "RNE") -> int:
        """Return the code of the sum."""
        return self.round(self.value[a] + self.value[b], mode)

    def subtract(self, a: int, b: int, mode: str = "RNE") -> int:
        """Return the code of the difference."""
        return self.round(self.value[a] - self.value[b], mode)

    def multiply(self, a: int, b: int, mode: str = "RNE") -> int:
        """Return the code of the product."""
        return self.round(Fraction(self.value[a] * self.value[b], 1 << self.bias), mode)

    def divide(self, a: int, b: int, mode: str = "RNE") -> int:
        """Return the code of the quotient; 0 for a divisor 0."""
        return self.round(Fraction(self.value[a] << self.bias, self.value[b]), mode) if b else 0

    def less_equal(self, a: int, b: int, mode: str = "RNE") -> int:
        """Return 1 iff a <= b."""
        del mode
        return int(self.value[a] <= self.value[b])

    def floor(self, a: int) -> int:
        """Return the code of the greatest integer not above a."""
        return self.round((self.value[a] >> self.bias) << self.bias)

    def sqrt(self, a: int, mode: str = "RNE") -> int:
        """Return the code of the square root; 0 for a negative number."""
        if self.value[a] <= 0:
            return 0
        extra = 2 * self.p + 8 + self.bias % 2
        square = self.value[a] << (self.bias + 2 * extra)  # the root of x / 2**s is sqrt(x 2**s) units
        root = isqrt(square)
        return self.round(Fraction(2 * root + (root * root != square), 2 << extra), mode)

    def exp(self, a: int) -> int:
        """Return the code of the exponential, by MPFR at 400 bits; no float or midpoint is that close."""
        gmpy2 = optional.require("gmpy2")
        with gmpy2.context(precision=400, emax=10**6, emin=-(10**6)):
            limit = 1 << (self.bias + self.p + 2)  # beyond 2**(p + 2) the result is out of range
            argument = max(-limit, min(limit, self.value[a]))
            result = gmpy2.exp(gmpy2.mpfr(argument) / (1 << self.bias))
            numerator, denominator = gmpy2.mul_2exp(result, self.bias).as_integer_ratio()
        return self.round(Fraction(int(numerator), int(denominator)))

    def wave(self, a: int, name: str) -> int:
        """Return the code of sin or cos, by MPFR at 400 bits; 0 for |x| >= 8."""
        gmpy2 = optional.require("gmpy2")
        if abs(self.value[a]) >= 8 << self.bias:
            return 0
        with gmpy2.context(precision=400):
            result = getattr(gmpy2, name)(gmpy2.mpfr(self.value[a]) / (1 << self.bias))
            numerator, denominator = gmpy2.mul_2exp(result, self.bias).as_integer_ratio()
        return self.round(Fraction(int(numerator), int(denominator)))

    def product(self, factors: list[int], mode: str = "RNE") -> int:
        """Return the code of the exact product, rounded once."""
        value = prod(self.value[f] for f in factors)
        return self.round(Fraction(value, 1 << ((len(factors) - 1) * self.bias)), mode)

    def total(self, terms: list[int], mode: str = "RNE") -> int:
        """Return the code of the exact sum, rounded once."""
        return self.round(sum(self.value[t] for t in terms), mode)


@cache
def paper_floats(p: int, w: int = 0) -> PaperFloats:
    """Return the members of F_p, or those with a field of w bits, made once."""
    return PaperFloats(p, w)
