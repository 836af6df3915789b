"""Connection functions of the decision to move up: what `roundup` builds, in every deterministic mode.

The magnitude has its leading one at place k; kept are the p bits from there down, the guard bit is at k - p and the
last kept bit at k - p + 1. With size = k - p + 2 there is one gate for every k, in which the leading one weighs so much
that no other k can reach the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.connection_blocks import NOTHING, all_of, bit_of, complement, whole
from precise.circuits.connection_plan import Plan, Term, fixed
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_words import Line, Total, Word
from precise.errors import UnsupportedError


def moves_up(plan: Plan, bits: Word, leading: Line, sign: Word, p: int, mode: str) -> Word:
    """Return whether a magnitude moves up when it is rounded to p bits. Kind (k): leading at k, and it does."""
    match mode:
        case "RNE":  # guard and (last or something below): the small terms sum to size - 1 at most
            terms: tuple[Term, ...] = (
                (leading, lambda a, b: point(a, 2 * (a - p + 2))),
                (bits, lambda a, b: point(a - p, a - p + 2)),
                (bits, lambda a, b: point(a - p + 1)),
                (bits, lambda a, b: Run(0, a - p)),
            )
            number = plan.gates_of("moves up", (p, bits.length), terms, lambda a, b: 3 * (a - p + 2) + 1)
            return Total(Line(number, bits.length), Run(p, bits.length))
        case "RNA":
            terms = ((leading, lambda a, b: point(a)), (bits, lambda a, b: point(a - p)))
            number = plan.gates_of("moves up", (p, bits.length), terms, lambda a, b: 2)
            return Total(Line(number, bits.length), Run(p, bits.length))
        case "RTZ":
            return NOTHING
        case "RAZ":
            return inexact(plan, "moves up", bits, leading, p)
        case "RTP":
            return inexact(plan, "moves up", bits, leading, p, (sign, lambda a, b: point(0, p - 2 - a)))
        case "RTN":
            return inexact(plan, "moves up", bits, leading, p, (sign, lambda a, b: point(0, a - p + 2)), needs=1)
        case "RTO":
            return inexact(plan, "moves up", bits, leading, p, (bits, lambda a, b: point(a - p + 1, p - 2 - a)))
    raise UnsupportedError(f"connection: rounding must be a deterministic mode; got {mode}")


def inexact(plan: Plan, name: str, bits: Word, leading: Line, p: int, *more: Term, needs: int = 0) -> Word:
    """Return whether bits are dropped that are not all 0, and conditions of weight `size` hold. Kind (k), as above."""
    terms: tuple[Term, ...] = (
        (leading, lambda a, b: point(a, a - p + 2)),
        (bits, lambda a, b: Run(0, a - p + 1)),
        *more,
    )
    number = plan.gates_of(name, (p, bits.length), terms, lambda a, b: (1 + needs) * (a - p + 2) + 1)
    return Total(Line(number, bits.length), Run(p, bits.length))


def least_number(
    plan: Plan, field: Word, nonzero: Word, below: Sequence[Term], sign: Word, heavy: int, mode: str
) -> Word:
    """Return whether a magnitude below the least number becomes the least number rather than 0: one level.

    All bits of `field` are 1 iff the magnitude is at least half the least number; then `below` has a 1 iff it is more.
    """
    negative, width = bit_of(field, field.length - 1), field.length
    match mode:
        case "RNE":
            terms: tuple[Term, ...] = ((field, whole(field, heavy)), *below)
            return plan.gate_word("least number", 1, terms, lambda a, b: heavy * width + 1)
        case "RNA":
            terms = ((field, whole(field)), (nonzero, fixed(0)))
            return plan.gate_word("least number", 1, terms, lambda a, b: width + 1)
        case "RTZ":
            return NOTHING
        case "RAZ" | "RTO":
            return all_of(plan, "least number", negative, nonzero)
        case "RTP":
            return all_of(plan, "least number", negative, nonzero, complement(sign))
        case "RTN":
            return all_of(plan, "least number", negative, nonzero, sign)
    raise UnsupportedError(f"connection: rounding must be a deterministic mode; got {mode}")
