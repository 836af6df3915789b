"""Normalise, round, pack: an exact magnitude becomes a float. Five levels, or eight in the wide form.

Input: a magnitude with bits r_0 .. r_{R-1}, of which r_0 may be a sticky bit, a sign, and an exponent in two's
complement. Results beyond the largest number become the largest number, those below the least number become it or 0 as
the mode says (Overflow.SATURATE, Underflow.ROUND).
"""

from __future__ import annotations

from dataclasses import dataclass

from precise.circuits.addition import add, increment
from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import ONE, Form, Word, total, weighted_sum
from precise.circuits.roundup import decide, least_number
from precise.circuits.shifting import leading_one, position_bits
from precise.circuits.symmetric import where
from precise.modes import RNE, Rounding


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A number to be rounded: sign, bits, and the exponent field that a leading one at place `top` means.

    `exponent` is in two's complement.
    """

    sign: Form
    bits: Word
    exponent: Word
    top: int


@dataclass(frozen=True, slots=True)
class Normalised:
    """A number to be rounded whose leading one is known.

    `leading` is its one-hot place; the field is `base + offset`, both in two's complement and of one length.
    """

    sign: Form
    bits: Word
    leading: Word
    base: Word
    offset: Word


def pack(b: Builder, x: Magnitude, layout: Layout, rounding: Rounding = RNE, *, wide: bool = False) -> FloatWires:
    """Return a magnitude rounded once into the layout, each output one gate.

    The exponent must be w + 2 bits long and the final field lie in `-2**w .. 2**(w + 1) - 1`; in the wide form it may
    have any length.
    """
    with b.stage("leading one"):
        leading = leading_one(b, x.bits)
        offset = position_bits({k - x.top: hot for k, hot in enumerate(leading)}, len(x.exponent))
        if wide:
            offset = b.materialise(offset)
    return pack_normalised(b, Normalised(x.sign, x.bits, leading, x.exponent, offset), layout, rounding, wide=wide)


def pack_normalised(
    b: Builder,
    x: Normalised,
    layout: Layout,
    rounding: Rounding = RNE,
    *,
    long: bool = False,
    wide: bool = False,
) -> FloatWires:
    """Return the same for a number whose leading one is known; `long` materialises what a long magnitude makes long."""
    p, w, places = layout.p, layout.w, range(len(x.bits))
    nonzero = b.exact(total(x.leading), "nonzero")
    with b.stage("round"):
        cut = [
            total(b.all_of(x.leading[k], x.bits[k - p + 1 + i]) for k in places if k - p + 1 + i >= 0) for i in range(p)
        ]
        decision = decide(b, x.bits, x.leading, x.sign, p, rounding)
        moves_up, inexact = decision.moves_up, decision.inexact
        if long or wide:
            cut, (moves_up, inexact) = [*b.materialise(cut)], b.materialise((moves_up, inexact))
        rounded = increment(b, tuple(cut), moves_up)
        over = rounded.carry  # the significand became 2**p: its top bit comes from the carry
        kept = (*rounded.bits[:-1], b.exact(rounded.bits[-1] + over, "top bit"))
    with b.stage("exponent"):
        plain, bumped = add(b, x.base, x.offset).bits, add(b, x.base, x.offset, ONE).bits
        field: Word = tuple(where(b, over, one, zero) for one, zero in zip(bumped, plain, strict=True))
        if wide:
            field = b.materialise(field)
    with b.stage("range"):
        negative = field[-1]
        above = _overflow(b, field, w, nonzero, wide)
        below = [*cut[: p - 1], moves_up, inexact]
        least = least_number(b, plain, plain[-1], nonzero, below, x.sign, rounding.code)
    with b.stage("pack"):
        small = negative * -2 + nonzero * 2  # 2 inside the range, 0 or less elsewhere
        significand = [b.gate(bit + above + small, 3) for bit in kept[:-1]]
        significand.append(b.gate(kept[-1] + above + small + least * 3, 3))
        exponent = tuple(b.gate(bit + above + small, 3) for bit in field[:w])
        sign = b.gate(x.sign * 2 + nonzero - negative + least, 3)
    return FloatWires(sign, tuple(significand), exponent)


def _overflow(b: Builder, field: Word, w: int, nonzero: Form, wide: bool) -> Form:
    """Return whether the field is 2**w or more."""
    if not wide:
        return field[w] - field[w + 1]
    high = field[w:-1]
    size = len(high) + 1
    return b.gate(weighted_sum([*((1, bit) for bit in high), (-size, field[-1]), (size, nonzero)]), size + 1)
