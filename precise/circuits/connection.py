"""Direct connection: what a gate is and how much a signal weighs in it, from their addresses alone.

An address is a word of fixed fields `kind | a | b`, each O(log size) bits long. The functions use additions,
comparisons, shifts and masks of such words, a bounded number of them; strides and block lengths are powers of two. So
the direct connection language of the family is decided in time O(log size) (`def:dlogtime-uniform`).

The families are those of `addition` and `summing` before gates are folded: same depth, same function. `assemble` makes
the circuit from the connection function and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from precise.circuits.builder import Builder
from precise.circuits.circuit import Circuit, Port, finish
from precise.circuits.form import Form, weighted_sum
from precise.circuits.summing import block_length


class Family(Protocol):
    """One member of a family, described by addresses."""

    def inputs(self) -> Iterator[int]:
        """Yield the addresses of the inputs, in order."""

    def gates(self) -> Iterator[int]:
        """Yield the addresses of the gates, sources first."""

    def outputs(self) -> Iterator[int]:
        """Yield the addresses of the outputs, in order."""

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""

    def weight(self, h: int, g: int) -> int:
        """Return the weight of signal h in gate g; 0 where it does not occur."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Addresses `kind | a | b` with fields of `bits` bits."""

    bits: int

    def pack(self, kind: int, a: int = 0, b: int = 0) -> int:
        """Return the address with these fields."""
        return kind << 2 * self.bits | a << self.bits | b

    def split(self, address: int) -> tuple[int, int, int]:
        """Return kind and fields of an address."""
        mask = (1 << self.bits) - 1
        return address >> 2 * self.bits, address >> self.bits & mask, address & mask


def sigma(j: int, k: int) -> int:
    """Return by how much bit j changes from k - 1 to k: -1 below the last one of k, 1 at it, 0 above."""
    bit, last = 1 << j, k & -k
    if bit < last:
        return -1
    return 1 if bit == last else 0


X, Y, EITHER, BOTH, CARRY, SUM, COLUMN, BLOCK = range(8)


@dataclass(frozen=True, slots=True)
class AdderFamily:
    """Flat addition of two words of `width` bits: depth 3.

    Kinds: x_i, y_i; EITHER i, BOTH i; CARRY (i, j): born at j < i and alive after i; SUM i, of which the last is the
    carry out.
    """

    width: int

    @property
    def fields(self) -> Fields:
        """How addresses are laid out."""
        return Fields(self.width.bit_length())

    def inputs(self) -> Iterator[int]:
        """Yield the bits of x, then those of y."""
        for kind in (X, Y):
            for i in range(self.width):
                yield self.fields.pack(kind, i)

    def gates(self) -> Iterator[int]:
        """Yield the gates, sources first."""
        pack = self.fields.pack
        yield from (pack(kind, i) for i in range(self.width) for kind in (EITHER, BOTH))
        yield from (pack(CARRY, i, j) for i in range(self.width) for j in range(i))
        yield from self.outputs()

    def outputs(self) -> Iterator[int]:
        """Yield the bits of the sum."""
        return (self.fields.pack(SUM, i) for i in range(self.width + 1))

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""
        kind, i, j = self.fields.split(g)
        if kind == CARRY:
            return j < i < self.width
        return j == 0 and ((kind in (EITHER, BOTH) and i < self.width) or (kind == SUM and i <= self.width))

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""
        kind, i, j = self.fields.split(g)
        return i - j + 1 if kind == CARRY else 2 if kind == BOTH else 1

    def weight(self, h: int, g: int) -> int:
        """Return the weight of signal h in gate g."""
        source, a, b = self.fields.split(h)
        kind, i, j = self.fields.split(g)
        if source in (X, Y):
            return 1 if a == i < self.width and kind in (EITHER, BOTH, SUM) else 0
        return carry_weight(source, a, b, kind, i, j, self.width)


def carry_weight(source: int, a: int, b: int, kind: int, i: int, j: int, width: int) -> int:
    """Return the weight of EITHER, BOTH or CARRY (a, b) in CARRY (i, j) or SUM i of an adder."""
    if kind == CARRY:
        if source == BOTH and a == j:
            return 1
        inside = j < a <= i
        return (1 if source == EITHER else -1 if source == BOTH else 0) if inside else 0
    if kind == SUM and source in (BOTH, CARRY):  # the carry into i, and twice the carry out of it
        if a + 1 == i:
            return 1
        return -2 if a == i < width else 0
    return 0


@dataclass(frozen=True, slots=True)
class SumFamily:
    """The sum of `count` numbers of `bits` bits by columns and blocks: depth 5.

    Kinds: x (place v, number a); COLUMN (v, k): column v has at least k ones; BLOCK (q, t): block q is at least t; then
    an adder as in `AdderFamily`, whose operand bits are forms of BLOCK gates.
    """

    count: int
    bits: int

    @property
    def width(self) -> int:
        """Bits of the sum."""
        return self.bits + (self.count - 1).bit_length()

    @property
    def length(self) -> int:
        """The length L of a block, a power of two."""
        return block_length(self.count.bit_length())

    @property
    def fields(self) -> Fields:
        """How addresses are laid out."""
        return Fields(max(self.width, self.count, 1 << 2 * self.length).bit_length())

    def inputs(self) -> Iterator[int]:
        """Yield the bits of the numbers, one number after the other."""
        return (self.fields.pack(X, v, a) for a in range(self.count) for v in range(self.bits))

    def gates(self) -> Iterator[int]:
        """Yield the gates, sources first."""
        pack, blocks = self.fields.pack, -(-self.width // self.length)
        yield from (pack(COLUMN, v, k) for v in range(self.bits) for k in range(1, self.count + 1))
        yield from (pack(BLOCK, q, t) for q in range(blocks) for t in range(1, 1 << 2 * self.length))
        yield from (pack(kind, i) for i in range(self.width) for kind in (EITHER, BOTH))
        yield from (pack(CARRY, i, j) for i in range(self.width) for j in range(i))
        yield from self.outputs()

    def outputs(self) -> Iterator[int]:
        """Yield the bits of the sum."""
        return (self.fields.pack(SUM, i) for i in range(self.width))

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""
        kind, a, b = self.fields.split(g)
        if kind == COLUMN:
            return a < self.bits and 1 <= b <= self.count
        if kind == BLOCK:
            return a * self.length < self.width and 1 <= b < 1 << 2 * self.length
        if kind == CARRY:
            return b < a < self.width
        return b == 0 and kind in (EITHER, BOTH, SUM) and a < self.width

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""
        kind, a, b = self.fields.split(g)
        if kind in (COLUMN, BLOCK):
            return b
        return a - b + 1 if kind == CARRY else 2 if kind == BOTH else 1

    def weight(self, h: int, g: int) -> int:
        """Return the weight of signal h in gate g."""
        source, a, b = self.fields.split(h)
        kind, i, j = self.fields.split(g)
        if source == X:
            return 1 if kind == COLUMN and a == i else 0
        if source == COLUMN:
            return self._column_in_block(a, b, i) if kind == BLOCK else 0
        if source == BLOCK:
            place = i - a * self.length
            wanted = kind in (EITHER, BOTH, SUM) and 0 <= place < 2 * self.length
            return sigma(place, b) if wanted else 0
        return carry_weight(source, a, b, kind, i, j, self.width)

    def _column_in_block(self, v: int, k: int, q: int) -> int:
        """Return the weight of `column v has k ones` in block q: a geometric sum over bits of the count."""
        start, zeros = q * self.length, (k & -k).bit_length() - 1
        first = max(0, start - v)
        last = min(self.count.bit_length() - 1, start + self.length - 1 - v, zeros)
        if last < first:
            return 0
        top = 1 << (v + last - start)
        return (1 << (v + first - start)) - 2 * top + (2 * top if last == zeros else 0)


def assemble(family: Family) -> Circuit:
    """Return the circuit with exactly the gates and weights that the connection function gives."""
    inputs = list(family.inputs())
    b = Builder(len(inputs))
    signals: dict[int, Form] = dict(zip(inputs, b.inputs(), strict=True))
    for g in family.gates():
        weights = ((family.weight(h, g), form) for h, form in signals.items())
        signals[g] = b.gate(weighted_sum((w, form) for w, form in weights if w), family.threshold(g))
    return finish(b, [Port("x", len(inputs))], [("result", [signals[g] for g in family.outputs()])])
