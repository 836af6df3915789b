"""Exact sums and products of data, special data included, and the operations that round them once.

Special data follow IEEE 754-2019, clauses 6 and 7.
"""

from __future__ import annotations

from typing import Final

from precise.dyadic import Dyadic, Element, Special
from precise.engines.exact_sum import sum_stand_in
from precise.rounding import Rounder

ZERO: Final = Dyadic(0)


def is_negative(x: Element) -> bool:
    """Return the sign bit of a datum; NaN counts as positive."""
    return x.c < 0 if isinstance(x, Dyadic) else x in (Special.NEG_ZERO, Special.NEG_INF)


def is_zero(x: Element) -> bool:
    """Return whether a datum is a zero of either sign."""
    return x.c == 0 if isinstance(x, Dyadic) else x is Special.NEG_ZERO


def is_infinite(x: Element) -> bool:
    """Return whether a datum is an infinity."""
    return x is Special.POS_INF or x is Special.NEG_INF


def is_ordinary(x: Element) -> bool:
    """Return whether a datum is a finite number other than a zero."""
    return isinstance(x, Dyadic) and x.c != 0


def number(x: Element) -> Dyadic:
    """Return the number that a finite datum is; -0 is 0."""
    if isinstance(x, Dyadic):
        return x
    assert x is Special.NEG_ZERO
    return ZERO


def signed(magnitude: Special, negative: bool) -> Special:
    """Return an infinity with the given sign."""
    assert magnitude is Special.POS_INF
    return Special.NEG_INF if negative else Special.POS_INF


def zero(negative: bool, rounder: Rounder) -> Element:
    """Return the zero with the given sign, as far as the format has two, or one."""
    return rounder.round_special(Special.NEG_ZERO) if negative else rounder(ZERO)


def _precision(rounder: Rounder) -> int | None:
    """Return the bits on which rounding to the format depends; None for fixed point, where sums are short."""
    p = rounder.format.p
    return None if p is None else p + rounder.rounding.extra_bits


def exact_sum(terms: list[Element], rounder: Rounder, index: int) -> Element:
    """Return the exact sum of data, rounded once.

    Special cases
    -------------
    NaN, or infinities of both signs, give NaN; infinities of one sign win. A sum of zeros of one sign is
    that zero; any other exact zero is +0, or -0 for RTN (IEEE 754-2019, 6.3).
    """
    infinities = {x for x in terms if is_infinite(x)}
    if Special.NAN in terms:
        return rounder.round_special(Special.NAN)
    if len(infinities) == 2:
        return rounder.undefined()
    if infinities:
        return rounder.round_special(infinities.pop())  # type: ignore[arg-type]
    finite = [number(x) for x in terms]
    precision = _precision(rounder)
    total = sum(finite, ZERO) if precision is None else sum_stand_in(finite, precision)
    if total.c == 0:
        if terms and all(is_zero(x) for x in terms) and len({is_negative(x) for x in terms}) == 1:
            return zero(is_negative(terms[0]), rounder)
        return zero(rounder.rounding.code == "RTN", rounder) if terms else ZERO
    return rounder(total, index)


def add(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x + y`, rounded once."""
    return exact_sum([x, y], rounder, index)


def subtract(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x - y`, rounded once."""
    return exact_sum([x, opposite(y)], rounder, index)


def opposite(x: Element) -> Element:
    """Return `-x`, where the zero has two signs."""
    if isinstance(x, Dyadic):
        return -x if x.c else Special.NEG_ZERO
    if x is Special.NEG_ZERO:
        return ZERO
    return x if x is Special.NAN else signed(Special.POS_INF, x is Special.POS_INF)


def exact_product(x: Element, y: Element) -> Element:
    """Return the exact product of two data, with signed zeros, infinities and NaN."""
    if x is Special.NAN or y is Special.NAN:
        return Special.NAN
    negative = is_negative(x) != is_negative(y)
    if is_infinite(x) or is_infinite(y):
        return Special.NAN if is_zero(x) or is_zero(y) else signed(Special.POS_INF, negative)
    product = number(x) * number(y)
    return Special.NEG_ZERO if product.c == 0 and negative else product


def multiply(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x * y`, rounded once."""
    product = exact_product(x, y)
    if product is Special.NAN and x is not Special.NAN and y is not Special.NAN:
        return rounder.undefined()
    return rounder(product, index)


def magnitude_at_least(x: Element, y: Element) -> bool:
    """Return whether `|x| >= |y|`; false for a NaN."""
    if x is Special.NAN or y is Special.NAN:
        return False
    if is_infinite(x) or is_infinite(y):
        return is_infinite(x)
    return abs(number(x)) >= abs(number(y))
