"""Multiplication of floats: eleven levels."""

from __future__ import annotations

from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import constant_word, extended
from precise.circuits.pack import Magnitude, pack
from precise.circuits.summing import add_columns, columns_of, multiply
from precise.circuits.symmetric import exclusive_or
from precise.modes import RNE, Rounding


def float_multiply(b: Builder, x: FloatWires, y: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return x * y, rounded once."""
    p, w = layout.p, layout.w
    with b.stage("product"):
        bits = b.materialise(multiply(b, x.significand, y.significand))
    with b.stage("exponents"):
        # A leading one at 2p - 1 means the quantum exponent q_x + q_y + p; fields are quantum exponents plus the bias.
        constant = constant_word(p - layout.bias, w + 2)
        words = (extended(x.field, w + 2), extended(y.field, w + 2), constant)
        exponent = add_columns(b, columns_of(words, w + 2), counted=False)
        sign = exclusive_or(b, x.sign, y.sign)
    return pack(b, Magnitude(sign, bits, exponent, 2 * p - 1), layout, rounding)
