"""The sum of n floats, exact and rounded once: twenty-seven levels, any exponents."""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.builder import Builder
from precise.circuits.clipped_gaps import Positions, clip, scale
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import Form, Word, constant_word, total
from precise.circuits.pack import Normalised, pack_normalised
from precise.circuits.shifting import leading_one
from precise.circuits.summing import add_columns
from precise.circuits.symmetric import telescoped, where_word
from precise.errors import DomainError
from precise.modes import RNE, Rounding


def clip_of(layout: Layout, count: int) -> int:
    """Return the clip of gaps that is enough for `count` floats: 2p + lg n + 1."""
    return 2 * layout.p + (count - 1).bit_length() + 1


def float_sum(
    b: Builder, terms: Sequence[FloatWires], layout: Layout, rounding: Rounding = RNE, *, gap: int | None = None
) -> FloatWires:
    """Return the exact sum of the terms, rounded once; `gap` replaces the clip, for experiments."""
    if len(terms) < 2:
        raise DomainError(f"float_sum: terms must be at least 2; got {len(terms)}")
    w, count = layout.w, len(terms)
    fields = [term.field for term in terms]
    at = clip(b, fields, clip_of(layout, count) if gap is None else gap)
    width = at.highest + layout.p + count.bit_length() + 1
    positive, negative = _accumulate(b, terms, at, width)
    sign = positive[-1]
    with b.stage("magnitude"):
        bits = b.materialise(where_word(b, sign, negative[:-1], positive[:-1]))
    with b.stage("leading one"):
        leading = leading_one(b, bits)
    base, offset = scale(b, at, fields, leading, layout.p, w + 2)
    return pack_normalised(b, Normalised(sign, bits, leading, base, offset), layout, rounding, long=True)


def _accumulate(b: Builder, terms: Sequence[FloatWires], at: Positions, width: int) -> tuple[Word, Word]:
    """Return the sum of the terms at their positions and its negative, in two's complement: nine levels."""
    count, p = len(terms), len(terms[0].significand)
    places = at.highest + p
    plus: list[list[Form]] = [[] for _ in range(places)]
    minus: list[list[Form]] = [[] for _ in range(places)]
    with b.stage("place the bits"):
        for term, reached in zip(terms, at.reached, strict=True):
            for v in range(at.highest + 1):
                here = reached[v] - reached[v + 1]
                for i, bit in enumerate(term.significand):
                    plus[v + i].append(b.gate(here + bit - term.sign, 2))
                    minus[v + i].append(b.gate(here + bit + term.sign, 3))
    # A column counts count + (ones of positive terms) - (ones of negative ones); the bias is taken off again.
    with b.stage("columns"):
        constant = constant_word(-count * ((1 << places) - 1), width)
        columns = [[[bit] if bit.constant else [] for bit in constant] for _ in range(2)]
        for v in range(places):
            column = total(plus[v]) - total(minus[v])
            thresholds = b.gates(column, range(1 - count, count + 1))
            opposite = [1 - bit for bit in reversed(thresholds)]
            for half, steps in zip(columns, (thresholds, opposite), strict=True):
                for j, bit in enumerate(b.materialise(telescoped(steps))):
                    half[v + j].append(bit)
    with b.stage("sum"):
        positive, negative = (b.materialise(add_columns(b, half, counted=False, blocks=True)) for half in columns)
    return positive, negative
