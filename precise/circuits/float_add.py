"""Addition of floats: twelve levels.

The larger exponent wins; the other significand is shifted by at most p + 1 places, with three more bits of which the
last is sticky. That is the papers' addition with `//` cut to quarters (`def:slash`), so it is correctly rounded.
"""

from __future__ import annotations

from precise.circuits.addition import add, subtract
from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import ZERO, Form, Word, total, weighted_sum
from precise.circuits.pack import Magnitude, pack
from precise.circuits.shifting import shift_right
from precise.circuits.symmetric import equals, exclusive_or, where, where_word
from precise.modes import RNE, Rounding

GUARD = 3
"""Bits below the last place: two guard bits and the sticky bit."""


def float_add(b: Builder, x: FloatWires, y: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return x + y, rounded once."""
    p = layout.p
    with b.stage("exponents"):
        down, up = subtract(b, x.field, y.field), subtract(b, y.field, x.field)
        first = down.carry  # x has the larger exponent, or the same
    with b.stage("distance"):
        near_x = {d: equals(b, down.bits, d, (first,)) for d in range(p + 2)}
        near_y = {d: equals(b, up.bits, d, (1 - first,)) for d in range(1, p + 2)}
        far_x = b.exact(first - total(near_x.values()), "far apart")
        far_y = b.exact(1 - first - total(near_y.values()), "far apart")
        large = where_word(b, first, x.significand, y.significand)
        field = where_word(b, first, x.field, y.field)
        sign_large, sign_small = where(b, first, x.sign, y.sign), where(b, first, y.sign, x.sign)
    with b.stage("align"):
        aligned_x, aligned_y = _align(b, y.significand, near_x, far_x), _align(b, x.significand, near_y, far_y)
        small = tuple(b.exact(s + t, "aligned bit") for s, t in zip(aligned_x, aligned_y, strict=True))
    with b.stage("add"):
        wide = (*[ZERO] * GUARD, *large)
        both, ahead, behind = add(b, wide, small), subtract(b, wide, small), subtract(b, small, wide)
        differ = exclusive_or(b, x.sign, y.sign)
    with b.stage("choose"):
        same, wins = 1 - differ, ahead.carry
        bits = [
            b.exact(b.all_of(same, s) + b.all_of(differ, wins, t) + b.all_of(differ, 1 - wins, u), "bit of the sum")
            for s, t, u in zip(both.word, (*ahead.bits, ZERO), (*behind.bits, ZERO), strict=True)
        ]
        sign = _sign(b, differ, wins, sign_large, sign_small)
    exponent = (*field, ZERO, ZERO)
    return pack(b, Magnitude(sign, tuple(bits), exponent, p + GUARD - 1), layout, rounding)


def _sign(b: Builder, differ: Form, wins: Form, large: Form, small: Form) -> Form:
    """Return the sign of the operand that decides."""
    return b.all_of(1 - differ, large) + b.all_of(differ, wins, large) + b.all_of(differ, 1 - wins, small)


def _align(b: Builder, word: Word, near: dict[int, Form], far: Form) -> Word:
    """Return `8 * word >> d` for the distance d that holds, the last bit sticky: one level."""
    p = len(word)
    shifted = shift_right(b, (*[ZERO] * GUARD, *word), near, p + GUARD)[1:]
    sticky = [b.all_of(far, word[-1])]  # a number that is not 0 has its leading bit set
    for d, hot in near.items():
        lost = word[: min(max(d - GUARD + 1, 0), p)]
        if lost:
            size = len(lost) + 1
            sticky.append(b.gate(weighted_sum([(size, hot), *((1, bit) for bit in lost)]), size + 1))
    return (b.exact(total(sticky), "sticky bit"), *shifted)


def float_subtract(b: Builder, x: FloatWires, y: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return x - y, rounded once: the sum with the sign bit of y negated, no level more."""
    return float_add(b, x, y.negative(), layout, rounding)
