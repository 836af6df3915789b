"""`hypot` and `atan2` of two numbers, correctly rounded in every format and mode."""

from __future__ import annotations

import flint

from precise.balls import ball_of
from precise.dyadic import Element
from precise.engines.exact_operations import is_infinite, is_negative, is_zero, number
from precise.engines.functions_exact import signed_zero
from precise.engines.functions_specks import SPECKS
from precise.engines.functions_table import INF, NAN, Known, QuarterTurns
from precise.engines.functions_thresholds import Thresholds
from precise.engines.functions_ziv import round_enclosed, round_known
from precise.rounding import Rounder


def rounded_hypot(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `sqrt(x**2 + y**2)`, rounded once.

    Special cases
    -------------
    If `x` or `y` is an infinity, the result is `+infinity`, even if the other is NaN. Otherwise, if one is NaN, the
    result is NaN. If both are zeros, the result is `+0` (IEEE 754-2019, 9.2.1).
    """
    if is_infinite(x) or is_infinite(y):
        return rounder(INF, index)
    if x is NAN or y is NAN:
        return rounder(NAN, index)
    small, large = sorted((abs(number(x)), abs(number(y))))
    if small.c == 0:
        return rounder(large, index)
    near = Thresholds(rounder)
    # 0 < hypot - large <= small**2 / (2 large) < 2**(2 e_small + 2 - 1 - e_large)
    stand_in = near.beside(large, 1, 2 * small.e + 1 - large.e)
    if stand_in is None:
        stand_in = SPECKS["sqrt"](large * large + small * small, near)
    assert stand_in is not None
    return rounder(stand_in, index)


def special_atan2(y: Element, x: Element) -> Known | None:
    """Return the angle of special data and of points on an axis, as quarter turns of 45 degrees; else None.

    Special cases
    -------------
    If `y` or `x` is NaN, the result is NaN. If `y` is a zero and `x` is negative or `-0`, the result is `pi` with the
    sign of `y`; for other `x` it is `y`. If `x` is a zero and `y` is not, the result is `pi / 2` with the sign of `y`.
    If `y` is an infinity, the result is `pi / 4`, `pi / 2` or `3 pi / 4` with the sign of `y` for `x` equal to
    `+infinity`, finite, `-infinity`. For finite `y` and `x` equal to `+infinity` or `-infinity` it is the zero or `pi`
    with the sign of `y` (C23, F.10.1.4).
    """
    if x is NAN or y is NAN:
        return NAN
    negative, left = is_negative(y), is_negative(x)
    if is_infinite(y):
        eighths = (3 if left else 1) if is_infinite(x) else 2
    elif is_infinite(x) or is_zero(y):
        if not left:
            return signed_zero(negative)
        eighths = 4
    elif is_zero(x):
        eighths = 2
    else:
        return None
    return QuarterTurns(-eighths if negative else eighths)


def rounded_atan2(y: Element, x: Element, rounder: Rounder, index: int) -> Element:
    """Return the angle of the point `(x, y)` from the positive x axis, rounded once.

    The tangent of the angle is rational, so that the angle is transcendental off the positive x axis (Lindemann) and
    the refinement ends.
    """
    known = special_atan2(y, x)
    if known is not None:
        return round_known("atan2", known, (y, x), rounder, index)
    a, b = number(y), number(x)
    near = Thresholds(rounder)
    slope = a.e - b.e  # 2**(slope - 1) < |a / b| < 2**(slope + 1)
    if b.c > 0:
        # The angle is (a / b) (1 - t), 0 < t < (a / b)**2 / 3 < 2**(2 slope + 1). A threshold of w bits below a / b is
        # a multiple of 2**-k / b.c away from it, for k the longer of w and of a.c, unless it is a / b itself; so every
        # t below that rounds alike.
        distance = near.bits(slope) + a.c.bit_length() + b.c.bit_length() + 8
        if 2 * slope + 1 <= -distance:
            shortened = abs(a.c) * ((1 << distance) - 1)
            return rounder.round_ratio(shortened if a.c > 0 else -shortened, b.c, a.q - b.q - distance, index)
    up, right = a.scaled(-b.e), b.scaled(-b.e)
    return round_enclosed(lambda: flint.arb.atan2(ball_of(up), ball_of(right)), rounder, near.width() + 16, index)
