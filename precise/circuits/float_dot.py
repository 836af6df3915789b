"""The inner product of two vectors of floats, as in the papers' matrix product: rounded products, one rounded sum."""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.builder import Builder
from precise.circuits.float_multiply import float_multiply
from precise.circuits.float_sum import float_sum
from precise.circuits.floats import FloatWires, Layout
from precise.errors import DomainError
from precise.modes import RNE, Rounding


def float_dot(b: Builder, floats: Sequence[FloatWires], layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return the inner product of the first half of the floats with the second half: the depths add up."""
    half, odd = divmod(len(floats), 2)
    if odd:
        raise DomainError(f"float_dot: floats must be two vectors of one length; got {len(floats)}")
    pairs = zip(floats[:half], floats[half:], strict=True)
    products = [float_multiply(b, x, y, layout, rounding) for x, y in pairs]
    return float_sum(b, products, layout, rounding)
