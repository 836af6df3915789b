"""Rounding what only enclosures know: refine until both ends round alike (Ziv 1991)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import flint

from precise.balls import WIDEST_REFINEMENT, Interval, evaluate, refine
from precise.dyadic import Dyadic, Element
from precise.engines.exact_operations import is_zero
from precise.engines.functions_table import Known, Pole, QuarterTurns, infinity_of
from precise.engines.functions_thresholds import Thresholds, quoted
from precise.errors import DomainError, UnsupportedError
from precise.rounding import Overflow, Rounder

# Arguments and results with longer exponents are refused: reducing them takes as many working bits.
LONGEST_EXPONENT: Final = 1 << 16
# Where no theorem says that a refinement ends, it ends here or at this many times its first width.
_UNPROVED_END: Final = 1 << 14
_UNPROVED_FACTOR: Final = 16


def round_enclosed(
    formula: Callable[[], flint.arb], rounder: Rounder, start: int, index: int, *, decides: bool = True
) -> Element:
    """Return the value of a formula in balls, correctly rounded.

    The formula has no exact value, so that the ends of narrow enclosures round alike. Where that is not known
    (`decides` is false) the refinement has an end of its own and raises `UndecidedError` there.
    """

    near = Thresholds(rounder)

    def decide(found: Interval) -> Element | None:
        if rounder.overflow is Overflow.WRAP:
            near.bits(max(found.lower.e, found.upper.e))  # refuses long results
            if not within_a_quantum(found, rounder):
                return None  # wrapping is no monotone function
        low, high = (attempt(rounder, end, index) for end in (found.lower, found.upper))
        if isinstance(low, DomainError) and isinstance(high, DomainError) and same_binade(found):
            raise low  # the policy `error` refuses all that lies between
        return low if low == high and not isinstance(low, DomainError) else None

    end = WIDEST_REFINEMENT if decides else max(_UNPROVED_END, _UNPROVED_FACTOR * start)
    return cast(Element, refine(lambda bits: evaluate(formula, bits), decide, start, end))


def attempt(rounder: Rounder, x: Dyadic, index: int) -> Element | DomainError:
    """Return an end of an enclosure rounded, or the refusal of the policy `error`."""
    try:
        return rounder(x, index)
    except DomainError as refusal:
        return refusal


def same_binade(found: Interval) -> bool:
    """Return whether both ends have one sign and one exponent."""
    return found.lower.sign == found.upper.sign != 0 and found.lower.e == found.upper.e


def within_a_quantum(found: Interval, rounder: Rounder) -> bool:
    """Return whether an interval is shorter than the least quantum."""
    q_min = rounder.format.q_min
    assert q_min is not None
    return found.width < Dyadic(1, q_min)


def require_short_exponent(op: str, e: int) -> None:
    """Raise `UnsupportedError` for an argument whose exponent is too long to work with."""
    if e > LONGEST_EXPONENT:
        raise UnsupportedError(f"{op}: argument must have an exponent of at most {LONGEST_EXPONENT}; got {quoted(e)}")


def round_known(op: str, value: Known, arguments: tuple[Element, ...], rounder: Rounder, index: int) -> Element:
    """Return a special value in the format. Raises `DomainError` at a pole where the format can say nothing of it."""
    if isinstance(value, Pole):
        fmt = rounder.format
        if not (fmt.infinities or fmt.nan):
            got = ", ".join(map(str, arguments))
            at_zero = len(arguments) == 1 and is_zero(arguments[0])
            must = "argument must not be zero" if at_zero else "arguments must be no pole"
            raise DomainError(f"{op}: {must} in {fmt}, which has no infinity and no NaN; got {got}")
        return rounder.round_special(infinity_of(value))
    if isinstance(value, QuarterTurns):
        turns = value.count
        return round_enclosed(lambda: flint.arb.pi() * turns / 4, rounder, 64 + rounder.rounding.extra_bits, index)
    return rounder(value, index)
