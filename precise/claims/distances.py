"""Certificates of the least distance of floats to the nonzero multiples of pi/2, one pair of fractions an exponent.

For x = m 2^e and a = 2^e 2/pi: |x - k pi/2| = (pi/2) |m a - k|. Let k1/m1 < a < k2/m2 be neighbours, that is
k2 m1 - k1 m2 = 1, with m1, m2 < 2^p <= m1 + m2. Each integer pair (m, k) is s (m1, k1) + t (m2, k2) with integers s, t;
if s and t are both positive, m >= m1 + m2; otherwise |m a - k| is at least the smaller of the two distances
m1 a - k1 and k2 - m2 a. So that smaller one is the least for all 0 < m < 2^p and all k: nothing is searched. The
neighbours come from the continued fraction of the fractional part of a, cut to a window of bits of 2/pi, and
their order is tested at both ends of the window.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from precise.claims.certificates import Certificate
from precise.errors import DomainError, UndecidedError

GUARD = 64
"""Bits of a window beyond 2p."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Fractions k1/m1 < a < k2/m2 beside a, next to each other."""

    m1: int
    k1: int
    m2: int
    k2: int


@dataclass(frozen=True, slots=True)
class Distance:
    """The float m 2^e nearest to a nonzero multiple k pi/2, with ends around the distance of m a to k."""

    m: int
    e: int
    k: int
    low: Fraction
    high: Fraction


@cache
def pi_ends(bits: int) -> tuple[int, int]:
    """Return integers below and above 2^bits pi = 2^bits (48 atan(1/18) + 32 atan(1/57) - 20 atan(1/239)) (Gauss)."""
    guard = bits.bit_length() + 16
    total, cuts = 0, 0
    for weight, x in ((48, 18), (32, 57), (-20, 239)):
        power, i = (abs(weight) << (bits + guard)) // x, 0
        while power:
            total += (1 if (weight > 0) == (i % 2 == 0) else -1) * (power // (2 * i + 1))
            power, i, cuts = power // (x * x), i + 1, cuts + 1
    error = 2 * cuts + 8  # each power and each quotient is cut by less than a unit, each tail is below two
    return (total - error) >> guard, ((total + error) >> guard) + 1


@cache
def two_over_pi(bits: int) -> int:
    """Return floor(2^bits 2/pi), decided by both ends of pi."""
    below, above = pi_ends(bits + GUARD)
    low, high = ((2 << (2 * bits + GUARD)) // end for end in (above, below))
    if low != high:
        raise UndecidedError(f"two_over_pi: an enclosure must decide {bits} bits; got two values")
    return low


def window(e: int, width: int, bits: int) -> tuple[int, int]:
    """Return (w, i) with i + w 2^-width < 2^e 2/pi < i + (w + 1) 2^-width."""
    scaled = two_over_pi(bits) >> (bits - e - width)
    return scaled & ((1 << width) - 1), scaled >> width


def neighbours(w: int, width: int, most: int) -> Neighbours:
    """Return the fractions beside all numbers between w and w + 1 in units of 2^-width, denominators up to `most`.

    Mediants are inserted on one side as often as they stay on that side of the window, then on the other.
    """
    one = 1 << width
    m1, k1, m2, k2 = 1, 0, 1, 1
    while True:
        below, above = m1 * w - k1 * one, k2 * one - m2 * w
        s = max(0, min((below - 1) // above, (most - m1) // m2))
        m1, k1 = m1 + s * m2, k1 + s * k2
        below, above = m1 * (w + 1) - k1 * one, k2 * one - m2 * (w + 1)
        t = max(0, min((above - 1) // below, (most - m2) // m1))
        m2, k2 = m2 + t * m1, k2 + t * k1
        if not s and not t:
            return Neighbours(m1, k1, m2, k2)


def checked(found: Neighbours, w: int, width: int, most: int) -> Neighbours:
    """Return the neighbours if both ends of the window are strictly between them; raises `UndecidedError` else."""
    between = found.k1 << width < found.m1 * w and found.m2 * (w + 1) < found.k2 << width
    if not between or found.m1 + found.m2 <= most or max(found.m1, found.m2) > most:
        raise UndecidedError(f"neighbours: a window of {width} bits must decide; got {found}")
    return found


def pairs(p: int, first: int, last: int) -> list[Neighbours]:
    """Return the neighbours for each exponent from `first` to `last`."""
    most, width = 2**p - 1, 2 * p + GUARD
    bits = max(last, 0) + width + 8
    found = []
    for e in range(first, last + 1):
        w, _ = window(e, width, bits)
        found.append(checked(neighbours(w, width, most), w, width, most))
    return found


def least_distance(p: int, first: int, last: int, found: list[Neighbours]) -> Distance:
    """Return the float with the least distance: compared by windows, which must tell the least from the rest."""
    width = 2 * p + GUARD
    bits = max(last, 0) + width + 8
    best: Distance | None = None
    for e, pair in zip(range(first, last + 1), found, strict=True):
        w, whole = window(e, width, bits)
        for m, k, side in ((pair.m1, pair.k1, 1), (pair.m2, pair.k2, -1)):
            ends = sorted(side * (m * (w + i) - (k << width)) for i in (0, 1))
            low, high = (Fraction(end, 1 << width) for end in ends)
            if best is None or high < best.low:
                best = Distance(m, e, k + m * whole, low, high)
            elif low <= best.high and Fraction(best.m) * Fraction(2) ** (best.e - e) != m:
                raise UndecidedError(f"least_distance: {GUARD} guard bits must tell two floats apart; got exponent {e}")
    if best is None:
        raise DomainError(f"least_distance: exponents must be at least one; got {first}..{last}")
    return best


def normal(distance: Distance, p: int) -> Distance:
    """Return the same float with a significand of p bits."""
    shift = p - distance.m.bit_length()
    return Distance(distance.m << shift, distance.e - shift, distance.k, distance.low, distance.high)


def digest(found: list[Neighbours]) -> str:
    """Return the sha256 of all neighbours, one line an exponent."""
    text = "".join(f"{x.m1} {x.k1} {x.m2} {x.k2}\n" for x in found)
    return hashlib.sha256(text.encode()).hexdigest()


def distance_certificate(p: int, first: int, last: int) -> Certificate:
    """Return the certificate of the least |m a - k| over 0 < m < 2^p, first <= e <= last and all integers k.

    Exponents must be at least 1 - p: floats below that are less than 1, nearer to 0 than to pi/2 or beside it.
    """
    if p < 2 or first < 1 - p or last < first:
        raise DomainError(f"distance: p must be >= 2 and exponents >= 1 - p; got p = {p}, {first}..{last}")
    found = pairs(p, first, last)
    unscaled = least_distance(p, first, last, found)
    least, pair = normal(unscaled, p), found[unscaled.e - first]
    return Certificate(
        {
            "kind": "distance",
            "claim": f"for all 0 < m < 2**{p}, {first} <= e <= {last} and integers k: abs(m*2**e*2/pi - k) >= low",
            "p": p,
            "first": first,
            "last": last,
            "m": str(least.m),
            "e": least.e,
            "k": hex(least.k),
            "low": str(least.low),
            "high": str(least.high),
            "pair": [pair.m1, pair.k1, pair.m2, pair.k2],
            "pairs": last - first + 1,
            "sha256_of_pairs": digest(found),
        }
    )
