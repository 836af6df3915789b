"""Comparison of floats: four levels. Zero must be canonical (all bits 0)."""

from __future__ import annotations

from precise.circuits.addition import at_least
from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires
from precise.circuits.form import Form


def less_equal(b: Builder, x: FloatWires, y: FloatWires) -> Form:
    """Return `[x <= y]`, an exact form of level 3."""
    first, second = (*x.significand, *x.field), (*y.significand, *y.field)
    with b.stage("magnitudes"):
        above = at_least(b, first, second)
        below = at_least(b, second, first)
    with b.stage("signs"):
        plus, minus = 1 - x.sign, 1 - y.sign
        cases = b.all_of(plus, minus, below) + b.all_of(x.sign, minus) + b.all_of(x.sign, y.sign, above)
        return b.exact(cases, "less or equal")
