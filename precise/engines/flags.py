"""The five flags of IEEE 754-2019, clause 7, of one operation, found from its operands and its result.

Nothing here looks into the rounding that made the result. The operation is repeated towards minus and towards plus
infinity in a format with the same grid, special data and room above its largest number; these two enclose the exact
result, and coincide iff it is a member of that grid.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields, replace
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np

from precise.dyadic import Dyadic, Element, Special
from precise.engines.carrier import Data, to_objects
from precise.engines.exact_operations import is_infinite, number
from precise.engines.redraw import with_enough_words
from precise.engines.reference import OPERATIONS
from precise.errors import FormatError
from precise.formats.format import Format
from precise.rounding import RTN, RTP, Overflow, Rounder, Rounding, Underflow


class Tininess(enum.Enum):
    """When a result counts as tiny (IEEE 754-2019, 7.5): before or after it is rounded to p bits, exponents unbounded.

    BEFORE is the default: it is a property of the exact result alone, the same in every mode and for every draw of
    stochastic rounding, it is what `Underflow.ERROR` refuses, and the standard requires it of decimal formats. AFTER
    is what x86 does. They differ only for results within a unit below the least normal number.
    """

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Flags:
    """How many results of an operation raised each flag (IEEE 754-2019, clause 7).

    Parameters
    ----------
    inexact : int
        The result is not the exact one; so are all that overflow or are flushed.
    overflow : int
        The exact result is finite, and rounded as if the exponents were unbounded above it lies outside the bounds.
    underflow : int
        The result is tiny (`Tininess`) and inexact.
    invalid : int
        The result is undefined and no operand is NaN; or it is an infinity that comes from an infinite operand and
        that the format cannot hold.
    divide_by_zero : int
        The exact result is an infinity, and every operand is finite: `x / 0`, `log 0`, `rsqrt 0`.

    Examples
    --------
    >>> print(Flags(inexact=2, overflow=1) + Flags(inexact=1))
    inexact 3, overflow 1
    """

    inexact: int = 0
    overflow: int = 0
    underflow: int = 0
    invalid: int = 0
    divide_by_zero: int = 0

    def __add__(self, other: Flags) -> Flags:
        return Flags(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        raised = ((field.name.replace("_", " "), getattr(self, field.name)) for field in fields(self))
        return ", ".join(f"{name} {count}" for name, count in raised if count) or "none"


NONE: Final = Flags()
INVALID: Final = Flags(invalid=1)
POLE: Final = Flags(divide_by_zero=1)

#: An operation on given operands, to be repeated with other rounders.
Repeatable: TypeAlias = Callable[[Rounder], Element]


def parse_tininess(asked: Tininess | str | bool) -> Tininess | None:
    """Return when results count as tiny: True stands for before rounding, False for no flags at all."""
    if isinstance(asked, bool):
        return Tininess.BEFORE if asked else None
    for member in Tininess:
        if asked is member or asked == member.value:
            return member
    raise FormatError(f"flags: argument must be True, False, before or after; got {asked!r}")


@lru_cache(maxsize=256)
def roomy(fmt: Format) -> Format:
    """Return the format with the same grid, all special data, and bounds of both signs far above its own."""
    top = None
    if fmt.largest is not None and fmt.least is not None:
        top = Dyadic(1, max(fmt.largest.e, fmt.least.e if fmt.least.c else fmt.largest.e) + 3)
    bottom = None if top is None else -top
    return Format(fmt.name, fmt.p, fmt.q_min, top, bottom, fmt.subnormals)


def flags_of(op: str, row: tuple[Element, ...], result: Element, rounder: Rounder, index: int, how: Tininess) -> Flags:
    """Return the flags of one operation: its operands, the result it had, and how that was rounded."""
    if Special.NAN in row:
        return NONE

    def again(r: Rounder) -> Element:
        """Return the operation rounded otherwise."""
        return r(row[0], index) if op == "round" else OPERATIONS[op](*row, r, index)

    exact = _repeated(again, rounder, RTN)
    if exact is Special.NAN:
        return INVALID
    if is_infinite(exact):
        if not any(is_infinite(x) for x in row):
            return POLE
        return NONE if exact in rounder.format else INVALID
    return flags_of_number(again, result, rounder, how)


def flags_of_number(again: Repeatable, result: Element, rounder: Rounder, how: Tininess) -> Flags:
    """Return the flags of an operation whose exact result is a finite number."""
    fmt = rounder.format
    low, high = (number(_repeated(again, rounder, mode)) for mode in (RTN, RTP))
    finite = isinstance(result, Dyadic) or result is Special.NEG_ZERO
    if low == high and finite and number(result) == low:
        return NONE
    overflow = False
    if fmt.largest is not None and fmt.least is not None and not (fmt.least <= low and high <= fmt.largest):
        overflow = not fmt.least <= number(_repeated(again, rounder, rounder.rounding)) <= fmt.largest
    tiny, normal = False, fmt.smallest_normal
    if normal is not None:
        most = max(abs(low), abs(high))  # a member of the grid, as the least normal number is
        tiny = 0 < most < normal or (most == normal and low != high)
        if tiny and how is Tininess.AFTER:
            tiny = abs(number(_repeated(again, _finer(rounder), rounder.rounding))) < normal
    return Flags(1, int(overflow), int(tiny))


def _repeated(again: Repeatable, rounder: Rounder, mode: Rounding) -> Element:
    """Return the operation in the roomy format and the given mode."""
    return with_enough_words(again, Rounder(roomy(rounder.format), mode, Overflow.SATURATE, Underflow.ROUND))


def _finer(rounder: Rounder) -> Rounder:
    """Return a rounder with the unbounded grid of p bits down to half the least normal number, and half that below."""
    fmt = rounder.format
    assert fmt.q_min is not None
    finer = Format(fmt.name, fmt.p, fmt.q_min - 1, fmt.largest, fmt.least, signed_zero=False)
    return replace(rounder, format=finer, underflow=Underflow.ROUND)


def count_elements(op: str, operands: tuple[Data, ...], result: Data, rounder: Rounder, how: Tininess) -> Flags:
    """Return the flags of an elementwise operation, one element at a time; `round` is the conversion to the format."""
    arrays = np.broadcast_arrays(*(to_objects(a) for a in operands))
    rows = zip(*(a.ravel().tolist() for a in arrays), strict=True)
    results = to_objects(result).ravel().tolist()
    return total(flags_of(op, row, y, rounder, i, how) for i, (row, y) in enumerate(zip(rows, results, strict=True)))


def total(flags: Iterable[Flags]) -> Flags:
    """Return the sums of the counts."""
    counts = [0] * len(fields(Flags))
    for found in flags:
        for i, count in enumerate(astuple(found)):
            counts[i] += count
    return Flags(*counts)
