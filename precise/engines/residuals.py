"""Stand-ins for exact results: the native float64 result, the sign of what it misses, and the move to an odd
significand.

Let s be the native result and r the exact one, |r - s| < one unit of s. If r != s and s is even, s moves one unit
towards r; the outcome is r rounded to odd at 53 bits. Only the sign of `r - s` enters. NumPy has no fused
multiply-add, so products are split after Veltkamp and Dekker. A pair `(s, err)` below has err of the sign of `r -
s`, or is `(s, None)` for r = s.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.lanes import HUGE, SPECK, Mask
from precise.errors import UnsupportedError
from precise.rounding import Rounder

Pair: TypeAlias = tuple[Lanes, Lanes | None]

LOW: Final = 2.0**-960
HIGH: Final = 2.0**960
_SPLITTER: Final = 2.0**27 + 1
_HALF: Final = np.int64((1 << 27) - 1)
_SIGN: Final = np.int64(-(1 << 63))


def nudge(s: Lanes, err: Lanes | None) -> Lanes:
    """Return `s` moved to the odd neighbour on the side of `err` where `s` is even and err is positive or negative.

    NaN in `err` (beside infinities) moves nothing, which is why both signs are tested rather than `err != 0`.
    """
    if err is None:
        return s
    bits = s.view(np.int64)
    moves = ((err < 0) | (err > 0)) & ((bits & 1) == 0)
    away = ((bits ^ err.view(np.int64)) >> 63) | 1  # +1: the magnitude grows
    moved: Lanes = (bits + away * moves).view(np.float64)
    return moved


def is_inexact(err: Lanes | None) -> bool:
    """Return whether any element misses something."""
    return err is not None and bool(((err < 0) | (err > 0)).any())


def require_spare_bits(op: str, rounder: Rounder, depends_on: int, inexact: bool) -> None:
    """Refuse inexact results that a 53-bit lane does not decide."""
    if inexact and depends_on > 52:
        mode, fmt = rounder.rounding, rounder.format.name
        raise UnsupportedError(f"{op}: rounding must depend on at most 52 bits; got {depends_on} ({mode} to {fmt})")


def two_sum(a: Lanes, b: Lanes) -> tuple[Lanes, Lanes]:
    """Return `s = fl(a + b)` and `a + b - s`, exactly.

    Exact unless s overflows (Knuth; Moller). Underflow does no harm. If |s| < 2**1000 and an operand is above
    2**1001, both have about the same magnitude, s is exact by Sterbenz and no intermediate overflows.
    """
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def _split(a: Lanes) -> tuple[Lanes, Lanes]:
    """Return halves of at most 26 bits whose sum is `a`; NaN for |a| >= 2**996."""
    g = a * _SPLITTER
    high = g - (g - a)
    return high, a - high


def product_error(a: Lanes, b: Lanes, s: Lanes) -> Lanes:
    """Return `a * b - s` for `s = fl(a * b)`; exact if |a|, |b| < 2**996 and 2**-960 <= |s| <= 2**960 (Dekker 1971).

    The least bit of the product is then at or above 2**(-961 - 104) > 2**-1074.
    """
    ah, al = _split(a)
    bh, bl = (ah, al) if b is a else _split(b)
    return al * bl - (((s - ah * bh) - al * bh) - ah * bl)


def is_short(a: Lanes) -> bool:
    """Return whether all significands have at most 26 bits, so that products of two such arrays fit 52 bits."""
    return not (np.bitwise_or.reduce(a.view(np.int64), axis=None) & _HALF)


def _settle_ends(s: Lanes, regular: Mask, err: Lanes | None) -> tuple[Lanes, Lanes | None, Mask]:
    """Return results whose tiny and huge ones are stand-ins, and a mask of those inside the window.

    `regular` marks finite nonzero operands. No served format has a threshold below 2**-944 or above 2**903, so one
    tiny and one huge value of either sign stand for all.
    """
    a = np.abs(s)
    inside = (a >= LOW) & (a <= HIGH)
    if inside.all():
        return s, err, inside
    outside = regular & ~inside
    s = np.where(outside, np.copysign(np.where(a > 1, HUGE, SPECK), s), s)
    if err is not None:
        err = np.where(inside, err, 0.0)
    return s, err, inside


def add(a: Lanes, b: Lanes, *, towards_minus: bool) -> Pair:
    """Return `a + b`; an exact zero is -0 for rounding towards minus infinity, unless both are +0."""
    s, err = two_sum(a, b)
    if not (np.abs(s) <= HIGH).all():
        beyond = ~(np.abs(s) <= HIGH) & np.isfinite(a) & np.isfinite(b)
        s = np.where(beyond, np.copysign(HUGE, s), s)
        err = np.where(beyond, 0.0, err)
    return (signed_zeros(s, a, b) if towards_minus else s), err


def signed_zeros(s: Lanes, a: Lanes, b: Lanes) -> Lanes:
    """Return the exact sums with -0 for +0, except where both terms are +0 (IEEE 754-2019, 6.3)."""
    zero = s == 0
    if not zero.any():
        return s
    return np.where(zero & ((a.view(np.int64) | b.view(np.int64)) != 0), -0.0, s)


def multiply(a: Lanes, b: Lanes) -> Pair:
    """Return `a * b`. Refuses an operand of 2**996 or more unless the product is beyond the window."""
    s = a * b
    err = None if is_short(a) and is_short(b) else product_error(a, b, s)
    mag = np.abs(s)
    if ((mag >= LOW) & (mag <= HIGH)).all():
        inside: Mask | None = None
    else:
        regular = np.isfinite(a) & np.isfinite(b) & (a != 0) & (b != 0)
        s, err, inside = _settle_ends(s, regular, err)
    if err is not None and np.isnan(err).any():
        _refuse_unsplit("multiply", np.isnan(err) if inside is None else np.isnan(err) & inside)
    return s, err


def divide(a: Lanes, b: Lanes) -> Pair:
    """Return `a / b`. Refuses a dividend below 2**-960 or divisor above 2**996 unless the quotient is beyond the
    window.

    `s * b` is `ph + pl` exactly and within one part in 2**52 of a, so `a - ph` is exact (Sterbenz) and the sign of
    `(a - ph) - pl` is that of the remainder.
    """
    s = a / b
    ph = s * b
    rest = (a - ph) - product_error(s, b, ph)
    bits = rest.view(np.int64)
    np.bitwise_xor(bits, b.view(np.int64) & _SIGN, out=bits)
    regular = np.isfinite(a) & np.isfinite(b) & (a != 0) & (b != 0)
    s, err, inside = _settle_ends(s, regular, rest)
    _refuse_unsplit("divide", inside & regular & (~(np.abs(a) >= LOW) | np.isnan(rest)))
    return s, err


def sqrt(a: Lanes) -> Pair:
    """Return the square root; the remainder `a - s * s` as for the quotient. Refuses `0 < a < 2**-960`."""
    s = np.sqrt(a)
    square = s * s
    err = (a - square) - product_error(s, s, square)
    _refuse_unsplit("sqrt", (a > 0) & (a < LOW))
    return s, np.where((a > 0) & (a < np.inf), err, 0.0)


def fma(a: Lanes, b: Lanes, z: Lanes, *, towards_minus: bool) -> Pair:
    """Return `a * b + z`, rounded once later. The product is `ph + pl` exactly.

    `ph + z = s + e` and `e + pl = t + g` exactly, then `s + t = S + E`. If e != 0, s did not cancel and |t| is at
    most about one unit of s; otherwise g = 0. So a nonzero E is a multiple of the last place of t, which exceeds
    |g|, and the sign of what S misses is that of E, or of g where E = 0.
    """
    ph, pl = multiply(a, b)
    # A product that was replaced by a speck or by a huge value is alone in deciding, or only its sign matters: every
    # bit of z is above 2**-932 if |z| >= 2**-880.
    if ((np.abs(z) < 2.0**-880) & (z != 0)).any() or not _modest(a, b, ph, z):
        raise UnsupportedError("fma: addend must be 0 or in 2**-880..2**900, product below 2**900; got others")
    s, e = two_sum(ph, z)
    err: Lanes
    if pl is None:
        err = e
    else:
        t, g = two_sum(e, pl)
        total, rest = two_sum(s, t)
        finite = np.isfinite(s)
        s, err = np.where(finite & (total != 0), total, s), np.where(rest != 0, rest, g)
        s = np.where(finite & (total == 0) & (t != 0), 0.0, s)
    return (signed_zeros(s, ph, z) if towards_minus else s), err


def _modest(a: Lanes, b: Lanes, ph: Lanes, z: Lanes) -> bool:
    """Return whether finite operands give products and addends below 2**900."""
    finite = np.isfinite(a) & np.isfinite(b) & np.isfinite(z)
    return bool((~finite | ((np.abs(ph) < 2.0**900) & (np.abs(z) < 2.0**900))).all())


def _refuse_unsplit(op: str, where: Mask) -> None:
    """Refuse operands so large or small that the remainder is not exact."""
    if where.any():
        raise UnsupportedError(f"{op}: operands must lie in 2**-960..2**995 in lanes; got one outside")
