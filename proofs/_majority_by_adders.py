"""MAJORITY by gates of at most two inputs: carry-save adders, one addition, one comparison; depth is carried along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Wire(NamedTuple):
    """The value of a gate at one input, and its depth."""

    bit: int
    depth: int


Number = list[Wire]
"""Wires of a binary number, the lowest first."""
ZERO = Wire(0, 0)


def not_(a: Wire) -> Wire:
    """Return a NOT gate."""
    return Wire(1 - a.bit, a.depth + 1)


def and_(a: Wire, b: Wire) -> Wire:
    """Return an AND gate."""
    return Wire(a.bit & b.bit, max(a.depth, b.depth) + 1)


def or_(a: Wire, b: Wire) -> Wire:
    """Return an OR gate."""
    return Wire(a.bit | b.bit, max(a.depth, b.depth) + 1)


def xor(a: Wire, b: Wire) -> Wire:
    """Return a XOR of four gates and negations."""
    return or_(and_(a, not_(b)), and_(not_(a), b))


def carry(a: Wire, b: Wire, c: Wire) -> Wire:
    """Return whether two of three are 1."""
    return or_(and_(a, b), and_(c, or_(a, b)))


def carry_save(a: Number, b: Number, c: Number) -> tuple[Number, Number]:
    """Return two numbers with the sum of three, at constant depth."""
    width = max(map(len, (a, b, c)))
    rows = [number + [ZERO] * (width - len(number)) for number in (a, b, c)]
    columns = list(zip(*rows, strict=True))
    return [xor(xor(x, y), z) for x, y, z in columns], [ZERO] + [carry(x, y, z) for x, y, z in columns]


def added(a: Number, b: Number) -> Number:
    """Return the sum of two numbers, the carry rippling through their few places."""
    width = max(len(a), len(b))
    rest, total = ZERO, []
    for x, y in zip(a + [ZERO] * (width - len(a)), b + [ZERO] * (width - len(b)), strict=True):
        total.append(xor(xor(x, y), rest))
        rest = carry(x, y, rest)
    return [*total, rest]


def exceeds(number: Number, limit: int) -> Wire:
    """Return whether a number is greater than a constant, from the lowest place up."""
    greater = ZERO
    for place, wire in enumerate(number):
        greater = and_(wire, greater) if limit >> place & 1 else or_(wire, greater)
    return greater


def majority(bits: Sequence[int], limit: int | None = None) -> Wire:
    """Return whether more than `limit` inputs are 1, by default more than half of them."""
    numbers: list[Number] = [[Wire(bit, 0)] for bit in bits]
    width = len(bits).bit_length()
    while len(numbers) > 2:
        kept = numbers[len(numbers) // 3 * 3 :]
        for k in range(0, len(numbers) - len(kept), 3):
            kept.extend(number[:width] for number in carry_save(*numbers[k : k + 3]))
        numbers = kept
    total = added(numbers[0], numbers[1]) if len(numbers) == 2 else numbers[0]
    return exceeds(total[:width], len(bits) // 2 if limit is None else limit)
