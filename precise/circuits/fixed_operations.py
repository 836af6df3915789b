"""Operations on fixed-point numbers, rounded once into the format: the table, sums, products, comparisons.

A word in two's complement counts its last bit negatively; a negative multiple of a bit is that of its negation, and a
constant, so every exact result is one sum of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from precise.circuits.addition import at_least
from precise.circuits.builder import Builder
from precise.circuits.circuit import Circuit, Port, finish
from precise.circuits.fixed_layout import FixedLayout, Policy, narrow
from precise.circuits.fixed_quotients import fixed_divide, fixed_prod
from precise.circuits.form import Form, Word, constant_word
from precise.circuits.summing import add_columns
from precise.errors import DomainError
from precise.modes import RNE, Overflow, Rounding

Rule: TypeAlias = Callable[[Builder, Sequence[Word], Policy], Word]


def signed_sum(b: Builder, parts: Sequence[tuple[int, int, Form]], width: int) -> Word:
    """Return the sum of `sign * 2**place * bit` in two's complement with `width` bits: exact forms of level 4."""
    columns: list[list[Form]] = [[] for _ in range(width)]
    constant = 0
    for sign, place, bit in parts:
        if place < width:
            columns[place].append(bit if sign > 0 else 1 - bit)
            constant -= 0 if sign > 0 else 1 << place
    for place, bit in enumerate(constant_word(constant, width)):
        if bit.constant:
            columns[place].append(bit)
    return add_columns(b, columns)


def weights(layout: FixedLayout) -> list[int]:
    """Return the sign with which each bit of a word counts."""
    return [1] * (layout.k - 1) + [-1 if layout.signed else 1]


def fixed_sum(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return the exact sum, brought into the range."""
    signs = weights(policy.layout)
    with b.stage("sum"):
        parts = [(s, i, bit) for word in words for i, (s, bit) in enumerate(zip(signs, word, strict=True))]
        width = policy.layout.k + (len(words) - 1).bit_length() + 1
        result = b.materialise(signed_sum(b, parts, width))
    return narrow(b, result, 0, policy.layout, policy.rounding, policy.overflow)


def fixed_subtract(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return x - y, brought into the range."""
    signs, (x, y) = weights(policy.layout), words
    with b.stage("sum"):
        parts = [(s, i, bit) for i, (s, bit) in enumerate(zip(signs, x, strict=True))]
        parts += [(-s, i, bit) for i, (s, bit) in enumerate(zip(signs, y, strict=True))]
        result = b.materialise(signed_sum(b, parts, policy.layout.k + 2))
    return narrow(b, result, 0, policy.layout, policy.rounding, policy.overflow)


def fixed_multiply(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return x * y, rounded once and brought into the range."""
    layout, (x, y) = policy.layout, words
    signs = weights(layout)
    with b.stage("product"):
        parts = [
            (r * s, i + j, b.all_of(t, u))
            for i, (r, t) in enumerate(zip(signs, x, strict=True))
            for j, (s, u) in enumerate(zip(signs, y, strict=True))
        ]
        product = b.materialise(signed_sum(b, parts, 2 * layout.k + 1))
    # The product counts quanta of 2**(2 q): -q bits are dropped, or q zeros follow.
    shifted = (*constant_word(0, max(layout.q, 0)), *product)
    return narrow(b, shifted, max(-layout.q, 0), layout, policy.rounding, policy.overflow)


def fixed_dot(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return the sum of products, each rounded and brought into the range, then the sum: the depths add up."""
    half, odd = divmod(len(words), 2)
    if odd or not half:
        raise DomainError(f"fixed_dot: words must be two vectors of one length; got {len(words)}")
    pairs = zip(words[:half], words[half:], strict=True)
    return fixed_sum(b, [fixed_multiply(b, pair, policy) for pair in pairs], policy)


def fixed_less_equal(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return `[x <= y]`: the sign bits change sides."""
    x, y = words
    if policy.layout.signed:
        x, y = (*x[:-1], 1 - x[-1]), (*y[:-1], 1 - y[-1])
    with b.stage("compare"):
        return (at_least(b, y, x),)


def fixed_negative(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return -x, brought into the range."""
    (x,) = words
    return fixed_subtract(b, (constant_word(0, policy.layout.k), x), policy)


@dataclass(frozen=True, slots=True)
class FixedOperation:
    """A fixed-point operation: its rule, its operands (0: n, -2: two vectors of n), the depth of its circuits."""

    rule: Rule
    operands: int
    depth: int


FIXED_OPERATIONS: Final[Mapping[str, FixedOperation]] = MappingProxyType(
    {
        "less_equal": FixedOperation(fixed_less_equal, 2, 3),
        "negative": FixedOperation(fixed_negative, 1, 6),
        "add": FixedOperation(fixed_sum, 2, 7),
        "subtract": FixedOperation(fixed_subtract, 2, 7),
        "multiply": FixedOperation(fixed_multiply, 2, 10),
        "sum": FixedOperation(fixed_sum, 0, 7),
        "dot": FixedOperation(fixed_dot, -2, 17),
        "prod": FixedOperation(fixed_prod, 0, 22),
        "divide": FixedOperation(fixed_divide, 2, 38),
    }
)


def build_fixed(
    name: str,
    layout: FixedLayout,
    n: int = 2,
    *,
    rounding: Rounding = RNE,
    overflow: Overflow = Overflow.SATURATE,
) -> Circuit:
    """Return the circuit of an operation on fixed-point numbers; `sum` and `prod` have n operands, `dot` two vectors.

    Examples
    --------
    >>> from precise.circuits import evaluate
    >>> circuit = build_fixed("multiply", FixedLayout(8, -4))
    >>> [int(code) for code in evaluate(circuit, [24, 120], [24, 120])[0]]  # 1.5 squared, 7.5 squared in sixteenths
    [36, 127]
    """
    if name not in FIXED_OPERATIONS:
        raise DomainError(f"build_fixed: operation must be one of {', '.join(FIXED_OPERATIONS)}; got {name!r}")
    if n < 1:
        raise DomainError(f"build_fixed: n must be at least 1; got {n}")
    line = FIXED_OPERATIONS[name]
    count = line.operands if line.operands > 0 else n * max(1, -line.operands)
    b = Builder(count * layout.k)
    bits = b.inputs()
    words = [bits[i * layout.k : (i + 1) * layout.k] for i in range(count)]
    result = line.rule(b, words, Policy(layout, rounding, overflow))
    ports = [Port(f"x{i}", layout.k) for i in range(count)]
    parameters: dict[str, int | str] = {"operation": f"fixed {name}", "k": layout.k, "q": layout.q, "n": n}
    parameters |= {"rounding": rounding.code, "overflow": overflow.value}
    return finish(b, ports, [("result", result)], parameters)
