"""Connection functions by combination of whole families: products side by side, and their sum."""

from __future__ import annotations

from precise.circuits.connection_combine import Chain, Lanes
from precise.circuits.connection_float_sum import float_sum_plan
from precise.circuits.connection_floats import multiply_plan
from precise.circuits.connection_pack import Shape
from precise.circuits.connection_plan import Plan
from precise.circuits.connection_words import Joined

WORDS = 3
"""Words of a float: significand, field, sign; float operands come one after the other."""


def result_bit(plan: Plan, address: int) -> tuple[int, int]:
    """Return word and place of a bit of the float that a plan results in; (-1, 0) for gates inside."""
    kind, i, _ = plan.layout.split(address)
    for number, word in enumerate(plan.results):
        start = 0
        for line in (word.low, word.high) if isinstance(word, Joined) else (word,):
            if kind in line.kinds:
                return number, start + i
            start += line.length
    return -1, 0


def entrywise_products(shape: Shape, n: int, *, tight: bool = False) -> Lanes:
    """Return the family of n products of floats, lane by lane: eleven levels."""
    inner = multiply_plan(shape, tight=tight)

    def operand(inside: int) -> int:
        return int(inner.layout.split(inside)[0] >= WORDS)

    return Lanes(
        inner=inner,
        lane_bits=(n - 1).bit_length(),
        holds=lambda lane: lane < n,
        operand=operand,
        element=lambda lane, _: lane,
        elements=lambda _: n,
    )


def dot_family(shape: Shape, n: int, *, tight: bool = False) -> Chain:
    """Return the family of the inner product: rounded products, one rounded sum, thirty-eight levels."""
    first, second = entrywise_products(shape, n, tight=tight), float_sum_plan(shape, n, tight=tight)
    inner = multiply_plan(shape, tight=tight)
    stride = (shape.p + shape.w).bit_length()

    def joint(address: int) -> int:
        lane, inside = address >> inner.address_bits, address & ((1 << inner.address_bits) - 1)
        word, i = result_bit(inner, inside)
        if word < 0:
            return -1
        place = lane if word == WORDS - 1 else lane << stride | i
        return second.layout.pack(word, place)

    return Chain(first, second, joint, lambda inside: True)
