"""Adding two numbers: every carry at once, in two levels (flat) or four (blocks).

A carry into bit i + 1 is born at some j <= i, where both bits are 1, and survives where exactly one bit is 1 up to i.
At most one j does it, so the carry is the sum of these conditions, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from precise.circuits.builder import Builder
from precise.circuits.form import ONE, ZERO, Form, Word, complement, extended, total, weighted_sum
from precise.errors import DomainError


@dataclass(frozen=True, slots=True)
class Sum:
    """The result of an addition: as many bits as the operands, and the carry out."""

    bits: Word
    carry: Form

    @property
    def word(self) -> Word:
        """The sum with its carry as the highest bit."""
        return (*self.bits, self.carry)


def add(b: Builder, x: Word, y: Word, carry_in: Form = ZERO, *, blocks: bool = False) -> Sum:
    """Return x + y + carry for two words of the same length: two levels, or four with fewer wires by blocks."""
    if len(x) != len(y):
        raise DomainError(f"add: words must have one length; got {len(x)} and {len(y)}")
    carries = _carries_by_blocks(b, x, y, carry_in) if blocks else _carries(b, x, y, carry_in)
    bits = tuple(
        b.exact(weighted_sum([(1, s), (1, t), (1, carries[i]), (-2, carries[i + 1])]), "sum bit")
        for i, (s, t) in enumerate(zip(x, y, strict=True))
    )
    return Sum(bits, carries[-1])


def subtract(b: Builder, x: Word, y: Word, *, blocks: bool = False) -> Sum:
    """Return x - y modulo 2**width; the carry is `[x >= y]`."""
    return add(b, x, complement(y), ONE, blocks=blocks)


def at_least(b: Builder, x: Word, y: Word) -> Form:
    """Return `[x >= y]`: the last carry of x - y, two levels."""
    generated, differ = _generate(b, x, complement(y))
    return _carry_out(b, generated, differ, 0, len(x), ONE)


def add_flat(b: Builder, x: Word, y: Word, width: int, carry_in: Form = ZERO) -> Word:
    """Return the low `width` bits of x + y + carry, the words filled up with zeros."""
    return add(b, extended(x, width), extended(y, width), carry_in).bits


def increment(b: Builder, word: Word, by: Form) -> Sum:
    """Return a word plus a bit, one level."""
    carries = [by, *(b.gate(total((by, *word[:i])), i + 1) for i in range(1, len(word) + 1))]
    bits = tuple(
        b.exact(weighted_sum([(1, bit), (1, carries[i]), (-2, carries[i + 1])]), "increment")
        for i, bit in enumerate(word)
    )
    return Sum(bits, carries[-1])


def negate_where(b: Builder, word: Word, condition: Form) -> Word:
    """Return -word modulo 2**width where the condition holds, else the word: two levels."""
    flipped = []
    for bit in word:
        one, two = b.gates(bit + condition, (1, 2))
        flipped.append(one - two)
    return increment(b, tuple(flipped), condition).bits


def _generate(b: Builder, x: Word, y: Word) -> tuple[list[Form], list[Form]]:
    """Return for each position whether both bits are 1, and whether exactly one is: one level."""
    pairs = [b.gates(s + t, (1, 2)) for s, t in zip(x, y, strict=True)]
    return [both for _, both in pairs], [either - both for either, both in pairs]


def _carry_out(
    b: Builder, generated: Sequence[Form], differ: Sequence[Form], start: int, stop: int, carry_in: Form | None
) -> Form:
    """Return the carry out of the positions `start..stop - 1`: one level on top of `_generate`."""
    if stop == start:
        return ZERO if carry_in is None else carry_in
    parts, survives = [generated[stop - 1]], ZERO
    for j in range(stop - 2, start - 2, -1):
        survives = survives + differ[j + 1]
        born = generated[j] if j >= start else carry_in
        if born is not None:
            parts.append(b.gate(born + survives, stop - j))
    return b.exact(total(parts), "carry")


def _carries(b: Builder, x: Word, y: Word, carry_in: Form) -> list[Form]:
    """Return the carries into every bit and out of the last one."""
    generated, differ = _generate(b, x, y)
    return [_carry_out(b, generated, differ, 0, i, carry_in) for i in range(len(x) + 1)]


def block_width(width: int) -> int:
    """Return the power of two next to the square root of a width: the length of its blocks."""
    return 1 << (width.bit_length() // 2)


def _carries_by_blocks(b: Builder, x: Word, y: Word, carry_in: Form) -> list[Form]:
    """Return the carries, computed inside blocks, then between blocks, then joined."""
    generated, differ = _generate(b, x, y)
    width, length = len(x), block_width(len(x))
    starts = range(0, width, length)
    stops = [min(start + length, width) for start in starts]
    born = [_carry_out(b, generated, differ, s, e, None) for s, e in zip(starts, stops, strict=True)]
    passes = [b.gate(total(differ[s:e]), e - s) for s, e in zip(starts, stops, strict=True)]
    into = [_carry_out(b, born, passes, 0, q, carry_in) for q in range(len(starts) + 1)]
    carries: list[Form] = []
    for q, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        carries.append(into[q])
        for i in range(start + 1, stop):
            local = _carry_out(b, generated, differ, start, i, None)
            through = b.gate(total((into[q], *differ[start:i])), i - start + 1)
            carries.append(b.exact(local + through, "carry"))
    return [*carries, into[-1]]
