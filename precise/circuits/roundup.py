"""Whether a magnitude moves up when it is rounded, in each deterministic mode: one level on top of the leading one.

The magnitude has bits r_0 .. r_{R-1}, the leading one stands at k. Kept are the p bits from k down, the guard bit is
r_{k-p}, the last kept bit r_{k-p+1}. For every k there is one gate whose leading-one input has so much weight that at
most one of them is 1, so their sum is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from precise.circuits.builder import Builder
from precise.circuits.form import ZERO, Form, Word, total, weighted_sum
from precise.errors import UnsupportedError
from precise.modes import Rounding

NEAREST = ("RNE", "RNA")
MODES = ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO")


@dataclass(frozen=True, slots=True)
class RoundUp:
    """The decision for a magnitude: whether it moves up, and whether bits are dropped that are not 0."""

    moves_up: Form
    inexact: Form


def decide(b: Builder, bits: Word, leading: Sequence[Form], sign: Form, p: int, rounding: Rounding) -> RoundUp:
    """Return whether the magnitude, rounded to p bits, moves up."""
    places = range(p, len(bits))
    moves = total(_moves_up(b, bits, leading[k], sign, k, p, rounding.code) for k in places)
    return RoundUp(
        b.exact(moves, "round up"), b.exact(total(_inexact(b, bits, leading[k], k, p) for k in places), "ix")
    )


def _inexact(b: Builder, bits: Word, hot: Form, k: int, p: int, *more: tuple[int, Form], needs: int = 0) -> Form:
    """Return whether the leading one stands at k, a dropped bit is 1, and the weighted conditions `more` hold."""
    size = k - p + 2  # more than the number of dropped bits
    parts = [(size, hot), *((1, bit) for bit in bits[: k - p + 1]), *((size * c, f) for c, f in more)]
    return b.gate(weighted_sum(parts), size * (1 + needs) + 1)


def _moves_up(b: Builder, bits: Word, hot: Form, sign: Form, k: int, p: int, code: str) -> Form:
    """Return whether the leading one stands at k and the magnitude moves up."""
    size = k - p + 2
    last, guard = bits[k - p + 1], bits[k - p]
    match code:
        case "RNE":  # guard and (last or something below): the small terms sum to size - 1 at most
            small = [(1, last), *((1, bit) for bit in bits[: k - p])]
            return b.gate(weighted_sum([(2 * size, hot), (size, guard), *small]), 3 * size + 1)
        case "RNA":
            return b.all_of(hot, guard)
        case "RTZ":
            return ZERO
        case "RAZ":
            return _inexact(b, bits, hot, k, p)
        case "RTP":
            return _inexact(b, bits, hot, k, p, (-1, sign))
        case "RTN":
            return _inexact(b, bits, hot, k, p, (1, sign), needs=1)
        case "RTO":
            return _inexact(b, bits, hot, k, p, (-1, last))
    raise UnsupportedError(f"circuit: rounding must be one of {', '.join(MODES)}; got {code}")


def least_number(
    b: Builder, minus_one: Sequence[Form], negative: Form, nonzero: Form, below: Sequence[Form], sign: Form, code: str
) -> Form:
    """Return whether a magnitude below the least number becomes the least number rather than 0: one level.

    The exponent E of the magnitude is -1 iff all bits `minus_one` are 1: then it is at least half the least number, and
    exactly half iff none of `below` is 1. `negative` says that E is negative.
    """
    width = len(minus_one)
    match code:
        case "RNE":
            size = len(below) + 1
            return b.gate(weighted_sum([*((size, x) for x in minus_one), *((1, x) for x in below)]), size * width + 1)
        case "RNA":
            return b.all_of(*minus_one, nonzero)
        case "RTZ":
            return ZERO
        case "RAZ" | "RTO":
            return b.all_of(negative, nonzero)
        case "RTP":
            return b.all_of(negative, nonzero, 1 - sign)
        case "RTN":
            return b.all_of(negative, nonzero, sign)
    raise UnsupportedError(f"circuit: rounding must be one of {', '.join(MODES)}; got {code}")
