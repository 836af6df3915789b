"""The members of a format in order: ulp, neighbours, enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from precise.dyadic import Dyadic, Element, Special, require_element
from precise.errors import DomainError, UnsupportedError
from precise.formats.format import Format

MOST_VALUES: Final = 1 << 22


def ulp(x: Dyadic, fmt: Format) -> Dyadic:
    """Return the unit in the last place, `2**q(e)`, of a real number `x` in the format.

    At a power of two it is the spacing on the side away from zero; at zero it is `2**q_min`, and without a
    least quantum `DomainError` is raised.
    """
    if not isinstance(x, Dyadic):
        raise DomainError(f"ulp: argument must be a Dyadic; got {x!r}")
    if x.c == 0:
        if fmt.q_min is None:
            raise DomainError(f"ulp: value must not be zero in {fmt.name}, which has no least quantum; got 0")
        return Dyadic(1, fmt.q_min)
    return Dyadic(1, fmt.quantum(x.e))


def next_up(x: Element, fmt: Format) -> Element:
    """Return the least member above `x` (IEEE 754-2019, 5.3.1, nextUp).

    Special cases
    -------------
    `+infinity` and NaN return themselves; the largest number goes to `+infinity` where that exists and
    otherwise raises `DomainError`; the greatest negative number goes to -0 where that exists. A member must be given:
    zero raises `DomainError` in a format without zero.
    """
    require_element("next_up", x)
    if x is Special.NAN or x is Special.POS_INF:
        return x
    if x not in fmt:
        raise DomainError(f"next_up: argument must be a member of {fmt.name}; got {x}")
    if x is Special.NEG_INF:
        return fmt.least if fmt.least is not None else x
    if isinstance(x, Special) or x.c == 0:
        return _least_positive(fmt)
    if x == fmt.largest:
        if fmt.infinities:
            return Special.POS_INF
        raise DomainError(f"next_up: argument must lie below the largest number of {fmt.name}; got {x}")
    if x.c < 0 and -x == fmt.smallest_positive:
        return Special.NEG_ZERO if fmt.signed_zero else Dyadic(0)
    return _away(x, fmt) if x.c > 0 else _towards(x, fmt)


def _away(x: Dyadic, fmt: Format) -> Dyadic:
    """Return the neighbour of a nonzero number on the side away from zero, bounds aside."""
    return x + Dyadic(x.sign, fmt.quantum(x.e))


def _towards(x: Dyadic, fmt: Format) -> Dyadic:
    """Return the neighbour of a nonzero number on the side of zero; the binade of a power of two is the lower one."""
    return x - Dyadic(x.sign, fmt.quantum(x.e - (abs(x.c) == 1)))


def next_down(x: Element, fmt: Format) -> Element:
    """Return the greatest member below `x` (IEEE 754-2019, 5.3.1, nextDown); special cases as in `next_up`."""
    require_element("next_down", x)
    if fmt.least is not None and fmt.largest is not None and -fmt.least != fmt.largest:
        return _next_down_lopsided(x, fmt)
    return negate(next_up(negate(x, fmt), fmt), fmt)


def _next_down_lopsided(x: Element, fmt: Format) -> Element:
    """Return the greatest member below `x` in a format whose bounds are not symmetric: two's complement, unsigned."""
    if x is Special.NAN and fmt.nan:
        return x
    if x is Special.POS_INF and fmt.infinities:
        assert fmt.largest is not None
        return fmt.largest
    if isinstance(x, Special) or x not in fmt or x == fmt.least:
        raise DomainError(f"next_down: argument must lie above the least number of {fmt.name}; got {x}")
    if x == fmt.smallest_positive:
        return Dyadic(0)  # in a format without zero it is the least number
    if x.c > 0:
        return _towards(x, fmt)
    return _away(x, fmt) if x.c else -_least_positive(fmt)


def negate(x: Element, fmt: Format) -> Element:
    """Return `-x`; the zero of a format without -0 is its own negative."""
    if isinstance(x, Dyadic):
        return Special.NEG_ZERO if x.c == 0 and fmt.signed_zero else -x
    opposite: dict[Special, Element] = {
        Special.NEG_ZERO: Dyadic(0),
        Special.POS_INF: Special.NEG_INF,
        Special.NEG_INF: Special.POS_INF,
        Special.NAN: Special.NAN,
    }
    return opposite[x]


def _least_positive(fmt: Format) -> Dyadic:
    """Return the least positive number, or raise where there is none."""
    if fmt.smallest_positive is None:
        raise DomainError(f"next_up: {fmt.name} has no least positive number; got 0")
    return fmt.smallest_positive


def all_values(fmt: Format, *, specials: bool = False) -> Iterator[Element]:
    """Yield every finite number in ascending order, zero once; with `specials`, then -0, infinities and NaN.

    Raises `UnsupportedError` for an unbounded format or one with more than 2**22 numbers.
    """
    if fmt.largest is None or fmt.least is None or fmt.q_min is None:
        raise UnsupportedError(f"all_values: format must be bounded; got {fmt.name}")
    if _count_bound(fmt) > MOST_VALUES:
        raise UnsupportedError(f"all_values: format must have at most {MOST_VALUES} numbers; got {fmt.name}")
    positive = list(_positive_values(fmt, fmt.largest))
    if fmt.least < 0:
        if fmt.least < -fmt.largest:
            yield fmt.least
        yield from (-x for x in reversed(positive))
    if fmt.zero:
        yield Dyadic(0)
    yield from positive
    if specials:
        every = (Special.NEG_ZERO, Special.NEG_INF, Special.POS_INF, Special.NAN)
        yield from (s for s in every if s in fmt)


def _count_bound(fmt: Format) -> int:
    """Return an upper bound on the number of values."""
    assert fmt.largest is not None and fmt.q_min is not None
    if fmt.p is None:
        return fmt.largest.integer_at(fmt.q_min) * 2 + 2
    return (fmt.largest.e - fmt.q_min - fmt.p + 3) << (fmt.p + 1)


def _positive_values(fmt: Format, largest: Dyadic) -> Iterator[Dyadic]:
    """Yield the positive numbers in ascending order."""
    x = _least_positive(fmt)
    while x <= largest:
        yield x
        x = x + Dyadic(1, fmt.quantum(x.e))
