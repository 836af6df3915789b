"""Floats in fixed point, and their multiples by constants, as columns of bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import Form, Word, constant_word, total
from precise.circuits.symmetric import equals


@dataclass(frozen=True, slots=True)
class Fixed:
    """|x| in fixed point with `places` binary places, its bits twice: those of positive and those of negative x.

    `large` says that |x| is at or above the bound, `tiny` that it is below the least exponent; then all bits are 0.
    """

    positive: Word
    negative: Word
    large: Form
    tiny: Form
    places: int


def to_fixed(
    b: Builder, x: FloatWires, layout: Layout, places: int, bound: int, least: int, *, nudge: int | None = None
) -> Fixed:
    """Return |x| cut to `places` binary places, for |x| < 2**bound and quantum exponents from `least` on.

    Two levels, materialised in a third. With `nudge`, a tiny number that is not 0 becomes 2**-nudge instead of 0.
    """
    p = layout.p
    top = bound - p  # the greatest quantum exponent of numbers below 2**bound
    with b.stage("fixed point"):
        hot = {
            q: equals(b, x.field, q + layout.bias)
            for q in range(least, max(top, -1) + 1)
            if 0 <= q + layout.bias < 1 << layout.w
        }
        inside = total(h for q, h in hot.items() if q <= top)
        beyond = total(h for q, h in hot.items() if top < q < 0) - total(h for q, h in hot.items() if 0 <= q <= top)
        large = b.exact(x.field[-1] + beyond, "large")
        tiny = b.exact(1 - large - inside, "tiny")
        words = []
        for sign in (1 - x.sign, x.sign):
            bits = [
                total(
                    b.all_of(h, x.significand[j - places - q], sign)
                    for q, h in hot.items()
                    if q <= top and 0 <= j - places - q < p
                )
                for j in range(places + bound)
            ]
            if nudge is not None:
                bits[places - nudge] = bits[places - nudge] + b.all_of(tiny, x.significand[-1], sign)
            words.append(b.materialise(bits))
    return Fixed(words[0], words[1], large, tiny, places)


def columns_of_multiples(width: int, multiples: Mapping[int, tuple[int, Form]], constant: int) -> list[list[Form]]:
    """Return columns, modulo 2**width, whose sum is the constant plus all `integer * bit`."""
    columns: list[list[Form]] = [[bit] if bit.constant else [] for bit in constant_word(constant, width)]
    for value, bit in multiples.values():
        for place in range(width):
            if value >> place & 1:
                columns[place].append(bit)
    return columns


def signed_columns(width: int, bits: Fixed, scale: int, first: int, shift: int, constant: int) -> list[list[Form]]:
    """Return columns of `constant + x * scale`, from the bits of x at `first` and above; place j counts 2**(j + shift).

    A negative multiple of a bit is that of its negation, and a constant.
    """
    multiples: dict[int, tuple[int, Form]] = {}
    for j in range(first, len(bits.positive)):
        value = scale << (j + shift)
        multiples[2 * j] = (value % (1 << width), bits.positive[j])
        multiples[2 * j + 1] = (value % (1 << width), 1 - bits.negative[j])
        constant -= value
    return columns_of_multiples(width, multiples, constant)
