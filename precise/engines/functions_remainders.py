"""Remainders and integral parts of single elements: exact integers first, then at most one rounding.

A quotient of far exponents is never expanded: `2**k` is reduced modulo the divisor.
"""

from __future__ import annotations

from collections.abc import Callable

from precise.balls import integral
from precise.dyadic import Dyadic, Element
from precise.engines.exact_operations import is_infinite, is_negative, is_zero, number, zero
from precise.engines.exact_sum import sum_stand_in
from precise.engines.functions_table import NAN
from precise.engines.functions_thresholds import Thresholds
from precise.errors import DomainError
from precise.rounding import Rounder


def modulo(a: Dyadic, b: Dyadic) -> Dyadic:
    """Return `a - floor(a / b) * b` for `a >= 0`, `b > 0`, exactly."""
    if a < b:
        return a
    if a.q >= b.q:
        return Dyadic(a.c * pow(2, a.q - b.q, b.c) % b.c, b.q)
    return Dyadic(a.c % (b.c << (b.q - a.q)), a.q)  # a >= b, so that b.q - a.q < the length of a.c


def _undefined(op: str, x: Element, y: Element, rounder: Rounder) -> Element | None:
    """Return NaN where there is no remainder, else None. Raises `DomainError` where the format has no NaN."""
    if x is NAN or y is NAN or is_infinite(x):
        return rounder.round_special(NAN)
    if is_zero(y):
        fmt = rounder.format
        if not fmt.nan:
            raise DomainError(f"{op}: divisor must not be zero in {fmt}, which has no NaN; got {x}, {y}")
        return rounder.round_special(NAN)
    return None


def remainder(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x - floor(x / y) * y`, rounded once; it has the sign of the divisor.

    Special cases
    -------------
    If `x` is an infinity or `y` is a zero, the result is NaN. If `y` is an infinity, the result is `x`, or `y` where
    the signs differ and `x` is not zero. A zero has the sign of `y`.
    """
    undefined = _undefined("remainder", x, y, rounder)
    if undefined is not None:
        return undefined
    differ = is_negative(x) != is_negative(y)
    if is_zero(x):
        return zero(is_negative(y), rounder)
    if is_infinite(y):
        return rounder(y if differ else x, index)
    a, b = number(x), number(y)
    rest = modulo(abs(a), abs(b))
    if rest.c == 0:
        return zero(b.c < 0, rounder)
    signed = rest if a.c > 0 else -rest
    if not differ:
        return rounder(signed, index)
    # The sum is not 0 and below |b|, since 0 < |rest| < |b|.
    return rounder(sum_stand_in([signed, b], Thresholds(rounder).bits(b.e)), index)


def ieee_remainder(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x - n * y`, n the integer nearest to `x / y`, ties to even (IEEE 754-2019, 5.3.1); exact in the format.

    Special cases
    -------------
    If `x` is an infinity or `y` is a zero, the result is NaN. If `y` is an infinity, the result is `x`. A zero has the
    sign of `x`.
    """
    undefined = _undefined("ieee_remainder", x, y, rounder)
    if undefined is not None:
        return undefined
    if is_zero(x) or is_infinite(y):
        return rounder(x, index)
    a, b = number(x), abs(number(y))
    rest = modulo(abs(a), b.scaled(1))  # keeps whether the quotient is odd
    half = b.scaled(-1)
    if rest > half:  # the nearest n is odd below 3 b / 2, even from there on
        rest = rest - b if rest < half + b else rest - b.scaled(1)
    if rest.c == 0:
        return zero(a.c < 0, rounder)
    return rounder(rest if a.c > 0 else -rest, index)


def integral_operation(direction: str) -> Callable[[Element, Rounder, int], Element]:
    """Return `floor`, `ceil`, `trunc` or `round_to_integral` of single elements, rounded if no member.

    Special cases of the function: zeros, infinities and NaN are kept; a zero result has the sign of the argument.
    """

    def apply(x: Element, rounder: Rounder, index: int) -> Element:
        if not isinstance(x, Dyadic):
            return rounder(x, index)
        found = integral(direction, x)
        return rounder(found, index) if found.c else zero(x.c < 0, rounder)

    return apply
