"""`x**y` of two numbers, correctly rounded in every format and mode.

Let `|x| = m * 2**e` with m odd, and `y = n * 2**k` with n odd. The power is a dyadic number only if m = 1 and `e y` is
an integer, or if `|x|` is the `2**j`-th power of r for `j = max(0, -k)`, `n 2**max(0, k) > 0`, and the value is the odd
number `r.c**(n 2**max(0, k))` times a power of two. The second is a threshold only if it is short, and then it is
computed. Every other power lies off all thresholds, and a refinement ends: an irrational one at some width, a long
rational one once the enclosure is shorter than its last bit.
"""

from __future__ import annotations

from math import isqrt
from typing import Final

import flint

from precise.balls import Interval, ball_of, evaluate
from precise.dyadic import Dyadic, Element
from precise.engines.exact_operations import ZERO, is_infinite, is_negative, is_zero, number, signed
from precise.engines.functions_exact import ONE, is_odd, signed_zero
from precise.engines.functions_specks import exp2
from precise.engines.functions_table import INF, NAN, Known, Pole
from precise.engines.functions_thresholds import Thresholds
from precise.engines.functions_ziv import require_short_exponent, round_enclosed, round_known
from precise.rounding import Rounder

_LOG_BITS: Final = 96  # working bits of the binary logarithm from which overflow, underflow and specks are told


def rounded_power(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x**y`, rounded once; special data as in IEEE 754-2019, 9.2.1."""
    known = special_power(x, y)
    if known is not None:
        return round_known("pow", known, (x, y), rounder, index)
    a, b = number(x), number(y)
    sign = -1 if a.c < 0 and is_odd(b) else 1
    base, near = abs(a), Thresholds(rounder)
    if base.c == 1:
        return _power_of_two(Dyadic(base.q) * b, sign, rounder, index)
    log = _binary_logarithm(base, b)
    stand_in = _speck(log, near)
    if stand_in is None:
        require_short_exponent("pow", max(log.lower.e, log.upper.e))
        stand_in = _short_power(base, b, near.bits(int_part(log.lower)))
    if stand_in is not None:
        return rounder(stand_in if sign > 0 else -stand_in, index)
    start = near.width() + 16 + max(log.upper.e, 0)
    return round_enclosed(lambda: sign * (_logarithm(base) * ball_of(b)).exp(), rounder, start, index)


def special_power(x: Element, y: Element) -> Known | None:
    """Return the power of special data and of the bases 0, 1 and -1, and NaN for roots of negative numbers; else None.

    Special cases
    -------------
    If `y` is `+0` or `-0`, the result is `1`. If `x` is `1`, the result is `1`. Otherwise, if `x` or `y` is NaN, the
    result is NaN. If `x` is `-1` and `y` is an infinity, the result is `1`.
    """
    if is_zero(y) or x == ONE:
        return ONE
    if x is NAN or y is NAN:
        return NAN
    if is_infinite(y):
        if x == Dyadic(-1):
            return ONE
        grows = is_infinite(x) or (not is_zero(x) and abs(number(x)) > ONE)
        return INF if grows == (y is INF) else ZERO
    exponent = number(y)
    negative = is_negative(x) and is_odd(exponent)
    if is_infinite(x):
        return signed_zero(negative) if exponent.c < 0 else signed(INF, negative)
    if is_zero(x):
        return Pole(negative) if exponent.c < 0 else signed_zero(negative)
    if number(x).c < 0 and exponent.q < 0:
        return NAN
    if x == Dyadic(-1):
        return Dyadic(-1) if negative else ONE
    return None


def int_part(x: Dyadic) -> int:
    """Return floor(x)."""
    return x.c << x.q if x.q >= 0 else x.c >> min(-x.q, x.c.bit_length() + 1)


def _power_of_two(exponent: Dyadic, sign: int, rounder: Rounder, index: int) -> Element:
    """Return `sign * 2**exponent`, rounded once."""
    near = Thresholds(rounder)
    stand_in = exp2(exponent, near)
    if stand_in is None:
        require_short_exponent("pow", exponent.e)
        if exponent.q >= 0:
            stand_in = Dyadic(1, int(exponent))
    if stand_in is not None:
        return rounder(stand_in if sign > 0 else -stand_in, index)
    start = near.width() + 16 + max(exponent.e, 0)
    return round_enclosed(lambda: sign * (ball_of(exponent) * flint.arb.const_log2()).exp(), rounder, start, index)


def _logarithm(base: Dyadic) -> flint.arb:
    """Return log(base), with few bits lost near 1."""
    return ball_of(base - ONE).log1p() if base.e in (-1, 0) else ball_of(base).log()


def _binary_logarithm(base: Dyadic, exponent: Dyadic) -> Interval:
    """Return an enclosure of `exponent * log2(base)` of one sign."""
    bits = _LOG_BITS
    while True:  # ends: the value is not 0, since base is not 1
        found = evaluate(lambda: _logarithm(base) * ball_of(exponent) / flint.arb.const_log2(), bits)
        if found is not None:
            return found
        bits *= 2


def _speck(log: Interval, near: Thresholds) -> Dyadic | None:
    """Return a stand-in for `2**log` near 1 and beyond the range of the format, or None."""
    low, high = log.lower, log.upper
    # |2**t - 1| < |t| for |t| < 1
    e = max(low.e, high.e)
    tiny = near.beside(ONE, low.sign, e + 1) if e < 0 else None
    if tiny is not None or e < 0:
        return tiny
    fmt = near.rounder.format
    if low.c > 0:
        beyond = fmt.largest is not None and low >= fmt.largest.e + 2
        return near.overflows(1, fmt.largest.e + 2) if beyond and fmt.largest is not None else None
    if fmt.q_min is None:
        return None
    least = fmt.q_min - near.rounder.rounding.extra_bits - 4
    return near.vanishes(1, least) if high <= least else None


def _short_power(base: Dyadic, exponent: Dyadic, bits: int) -> Dyadic | None:
    """Return the power if it is a dyadic number of little more than `bits` bits; None if it is no threshold."""
    root = base
    for _ in range(max(0, -exponent.q)):  # ends at the first that is no square: root.c >= 3 halves its length each time
        s = isqrt(root.c)
        if s * s != root.c or root.q % 2:
            return None
        root = Dyadic(s, root.q // 2)
    if exponent.c < 0:
        return None
    # root.c**n is odd and has more than n (bitlength - 1) bits; no threshold has more than bits + 2
    n, least = Dyadic(exponent.c, max(exponent.q, 0)), root.c.bit_length() - 1
    if n * Dyadic(least) > bits + 4:
        return None
    power = int(n)
    return Dyadic(root.c**power, root.q * power)
