"""Rounding by search: the numbers of a small format are listed from its definition, and the answer is looked up.

Shares nothing with `precise`: no shifts, no leading bits, no quantum equation. A real number is n/d in
units of `2**-scale`. Between neighbours a < b the directed modes choose by direction, the nearest modes by
distance. A tie goes to b iff a has an odd significand, so the tie between 0 and the least positive number
goes to 0. Rounding to odd keeps a iff its significand is odd, so nothing inexact becomes 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

MODES = ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO")


@dataclass(frozen=True)
class Members:
    """The numbers 0 = v_0 < v_1 < ... < v_k of a format and one more, `v_(k+1)`, which is out of range.

    Parameters
    ----------
    scale
        Values are integers in units of `2**-scale`.
    values, odd
        The numbers with the one beyond them, and whether their significands are odd.
    normal
        The least number with a full significand.
    """

    scale: int
    values: tuple[int, ...]
    odd: tuple[bool, ...]
    normal: int

    @property
    def largest(self) -> int:
        """The greatest number in range."""
        return self.values[-2]

    def signed(self) -> Iterator[int]:
        """Yield all numbers in range, ascending."""
        yield from (-v for v in reversed(self.values[1:-1]))
        yield from self.values[:-1]

    def fraction(self, n: int, d: int = 1) -> Fraction:
        """Return `n / d` units as a number."""
        return Fraction(n, d << self.scale)

    def rounded(self, n: int, d: int = 1, mode: str = "RNE") -> int:
        """Return the signed index of the neighbour of `n / d` that the mode chooses; `k + 1` stands for overflow."""
        index = self._magnitude(abs(n), d, mode, n < 0)
        return -index if n < 0 else index

    def _magnitude(self, n: int, d: int, mode: str, negative: bool) -> int:
        """Return the index of the neighbour chosen for the magnitude `n / d`."""
        low = bisect_right(self.values, n // d) - 1
        top = len(self.values) - 1
        if low < top and n == d * self.values[low]:
            return low
        away = {"RTP": not negative, "RTN": negative, "RTZ": False, "RAZ": True}
        if low >= top - 1 and (mode == "RTO" or (mode in away and not away[mode])):
            return top - 1  # these modes stop at the largest number
        if low == top:
            return top
        if mode in away:
            return low + away[mode]
        if mode == "RTO":
            return low if self.odd[low] else low + 1
        twice, middle = 2 * n, d * (self.values[low] + self.values[low + 1])
        if twice != middle:
            return low + (twice > middle)
        return low + (mode == "RNA" or self.odd[low])

    def value(self, index: int) -> int:
        """Return the number at a signed index, saturated at the largest."""
        v = min(self.values[abs(index)], self.largest)
        return -v if index < 0 else v

    def nearest(self, x: Fraction, mode: str = "RNE") -> Fraction:
        """Return `x` rounded, with saturation, as a fraction."""
        scaled = x * (1 << self.scale)
        return self.fraction(self.value(self.rounded(scaled.numerator, scaled.denominator, mode)))


def from_pairs(pairs: dict[int, int], normal: int, scale: int) -> Members:
    """Return the members with these values; `pairs` maps each value to its significand."""
    values = sorted(pairs)
    return Members(scale, tuple(values), tuple(pairs[v] % 2 == 1 for v in values), normal)


def paper_members(p: int) -> Members:
    """Return F_p: all m 2^e with 2^(p-1) <= m < 2^p, -2^p <= e < 2^p, and 0; the one beyond has e = 2^p."""
    scale = 2**p
    pairs = {0: 0}
    for e in range(-(2**p), 2**p):
        for m in range(2 ** (p - 1), 2**p):
            pairs[m * 2 ** (e + scale)] = m
    pairs[2 ** (p - 1) * 2 ** (2**p + scale)] = 2 ** (p - 1)
    return from_pairs(pairs, 2 ** (p - 1), scale)


def ieee_members(p: int, emin: int, emax: int, cut: int = 0) -> Members:
    """Return the numbers of an IEEE-like format with subnormals, without its `cut` largest ones."""
    scale = p - 1 - emin
    pairs = {m: m for m in range(2 ** (p - 1))}  # zero and the subnormals: multiples of one unit
    for e in range(emax - emin + 1):
        for m in range(2 ** (p - 1), 2**p):
            pairs[m * 2**e] = m
    pairs[2**p * 2 ** (emax - emin)] = 2 ** (p - 1)
    for v in sorted(pairs)[len(pairs) - cut :]:
        del pairs[v]
    return from_pairs(pairs, 2 ** (p - 1), scale)
