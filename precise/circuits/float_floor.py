"""Floor of a float: six levels. The fraction bits are masked; a negative number with a fraction goes one step down."""

from __future__ import annotations

from precise.circuits.addition import increment
from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import constant_word, total, weighted_sum
from precise.circuits.symmetric import equals


def float_floor(b: Builder, x: FloatWires, layout: Layout) -> FloatWires:
    """Return the greatest integer that is not above x, exactly."""
    p, w = layout.p, layout.w
    integral = x.field[-1]  # the quantum exponent is 0 or more
    with b.stage("fraction bits"):
        hot = {d: equals(b, x.field, layout.bias - d) for d in range(1, p)}
        tiny = b.exact(1 - integral - total(hot.values()), "below 1 in absolute value")
        mask = [total(h for d, h in hot.items() if d > i) for i in range(p)]
    with b.stage("step down"):
        step = total(
            b.gate(weighted_sum([(d + 1, h), (d + 1, x.sign), *((1, bit) for bit in x.significand[:d])]), 2 * d + 3)
            for d, h in hot.items()
        )
        b.exact(step, "step")
        masked = tuple(
            b.all_of(bit, 1 - hidden) + b.all_of(step, hidden) for bit, hidden in zip(x.significand, mask, strict=True)
        )
        moved = increment(b, masked, step)
        top = moved.bits[-1] + moved.carry
    with b.stage("exponent"):
        field = increment(b, x.field, moved.carry).bits
    with b.stage("tiny"):
        minus_one = b.all_of(tiny, x.sign)
        one = constant_word(layout.bias - (p - 1), w)  # 1 is 2**(p - 1) * 2**-(p - 1)
        significand = [b.gate(bit - tiny) for bit in moved.bits[:-1]]
        significand.append(b.gate(top - tiny + minus_one * 2))
        exponent = tuple(b.gate(bit - tiny + minus_one * 2 * c.constant) for bit, c in zip(field, one, strict=True))
    return FloatWires(x.sign, tuple(significand), exponent)
