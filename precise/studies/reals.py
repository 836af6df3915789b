"""Real numbers as inputs: exact ones, and powers of rationals that are known through enclosures of any width."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, cast

from precise.balls import Interval, power, refine
from precise.dyadic import Dyadic, Element, Special
from precise.engines.carrier import Objects, object_array
from precise.errors import DomainError
from precise.formats import Format
from precise.rounding import Rounder


@dataclass(frozen=True, slots=True)
class Power:
    """The real number `base**exponent`, `base > 0`."""

    base: Fraction
    exponent: Fraction

    def enclosure(self, bits: int) -> Interval:
        """Return an interval that contains the number; of width 0 where it is dyadic."""
        return power(self.base, self.exponent, bits)


Real: TypeAlias = Dyadic | Fraction | Power


def rounded_real(x: Real, rounder: Rounder, index: int = 0) -> Element:
    """Return a real number correctly rounded.

    Ends since a power of a rational is dyadic, and then of width 0, or no number or midpoint of a format.

    Examples
    --------
    >>> from precise.formats import bfloat16
    >>> from precise.rounding import RNE, Overflow
    >>> print(rounded_real(Power(Fraction(2), Fraction(1, 2)), Rounder(bfloat16, RNE, Overflow.INFINITY)))
    0x1.6ap+0
    """
    if not isinstance(x, Power):
        return rounder(x, index)

    def decide(found: Interval) -> Element | None:
        low, high = rounder(found.lower, index), rounder(found.upper, index)
        return low if low == high else None

    return cast(Element, refine(x.enclosure, decide, 128))


def rounded_reals(x: Objects, rounder: Rounder) -> Objects:
    """Return every element correctly rounded."""
    return object_array((rounded_real(v, rounder, i) for i, v in enumerate(x.ravel().tolist())), x.shape)


def enclosed_reals(x: Objects, bits: int) -> Objects:
    """Return every element as an exact number or as an interval computed with `bits`."""
    enclosed = (v.enclosure(bits) if isinstance(v, Power) else v for v in x.ravel().tolist())
    return object_array(enclosed, x.shape)


def finite_numbers(name: str, x: Objects, fmt: Format) -> Objects:
    """Return stored inputs as exact numbers; `DomainError` where one is NaN or infinite."""
    values = [Dyadic(0) if v is Special.NEG_ZERO else v for v in x.ravel().tolist()]
    bad = [v for v in values if isinstance(v, Special)]
    if bad:
        raise DomainError(
            f"{name}: inputs must be finite in {fmt}; {len(bad)} of {len(values)} are {bad[0]} there "
            "(--include-input-error compares with the inputs as given)"
        )
    return object_array(values, x.shape)
