"""Families made of families: lanes side by side, one family after another, plain MAJORITY in place of weights.

An address is `block | address inside`: blocks are padded to one power of two, so that addresses are taken apart by
shifts and masks. Inputs of the parts that are fed by others are no signals of the whole. Parts are joined at gates, so
depths add up and no weight changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from precise.circuits.connection import Family


class Block(Family, Protocol):
    """A family that may be a part of another."""

    @property
    def address_bits(self) -> int:
        """How long addresses are."""

    def is_input(self, h: int) -> bool:
        """Return whether there is an input with this address."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Copies of one family that share inputs: lane l reads element `element(l, operand)` of each operand.

    Address: `number | address inside`, twice as many numbers as lanes at least: those from `1 << lane_bits` on are
    the elements of the operands, and the address inside is then that of an input.

    Parameters
    ----------
    inner
        The family of one lane.
    lane_bits
        How long the number of a lane is.
    holds
        Whether there is a lane with this number: lanes may be padded.
    operand
        The operand that an input of `inner` belongs to.
    element
        The number of the element that a lane reads, by operand: shifts and masks of the lane's number.
    elements
        How many elements an operand has.
    """

    inner: Block
    lane_bits: int
    holds: Callable[[int], bool]
    operand: Callable[[int], int]
    element: Callable[[int, int], int]
    elements: Callable[[int], int]

    @property
    def address_bits(self) -> int:
        """How long addresses are."""
        return self.inner.address_bits + self.lane_bits + 1

    def _split(self, address: int) -> tuple[bool, int, int]:
        """Return whether an address is that of an input, the lane or element, and the address inside."""
        block, inside = address >> self.inner.address_bits, address & ((1 << self.inner.address_bits) - 1)
        return block >> self.lane_bits == 1, block & ((1 << self.lane_bits) - 1), inside

    def _at(self, lane: int, inside: int) -> int:
        """Return the address of a gate of a lane."""
        return lane << self.inner.address_bits | inside

    def is_input(self, h: int) -> bool:
        """Return whether there is an input with this address."""
        outside, number, inside = self._split(h)
        if not (outside and h >> self.address_bits == 0 and self.inner.is_input(inside)):
            return False
        return number < self.elements(self.operand(inside))

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""
        outside, lane, inside = self._split(g)
        return not outside and g >> self.address_bits == 0 and self.holds(lane) and self.inner.is_gate(inside)

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""
        return self.inner.threshold(self._split(g)[2])

    def weight(self, h: int, g: int) -> int:
        """Return the weight of h in g: that inside a lane, or that of the input that the lane sees."""
        if not self.is_gate(g):
            return 0
        outside, number, source = self._split(h)
        _, lane, inside = self._split(g)
        if not outside:
            return self.inner.weight(source, inside) if number == lane and self.is_gate(h) else 0
        reads = self.is_input(h) and self.element(lane, self.operand(source)) == number
        return self.inner.weight(source, inside) if reads else 0

    def lanes(self) -> Iterator[int]:
        """Yield the numbers of the lanes."""
        return (lane for lane in range(1 << self.lane_bits) if self.holds(lane))

    def inputs(self) -> Iterator[int]:
        """Yield the addresses of the inputs: operand by operand, element by element."""
        by_operand: dict[int, list[int]] = {}
        for inside in self.inner.inputs():
            by_operand.setdefault(self.operand(inside), []).append(inside)
        for operand, words in by_operand.items():
            for number in range(self.elements(operand)):
                yield from (self._at(1 << self.lane_bits | number, inside) for inside in words)

    def gates(self) -> Iterator[int]:
        """Yield the addresses of the gates, sources first."""
        return (self._at(lane, g) for lane in self.lanes() for g in self.inner.gates())

    def outputs(self) -> Iterator[int]:
        """Yield the addresses of the outputs, lane by lane."""
        return (self._at(lane, g) for lane in self.lanes() for g in self.inner.outputs())


@dataclass(frozen=True, slots=True)
class Chain:
    """One family after another. Address: `0 or 1 | address inside`.

    Parameters
    ----------
    first, second
        The families.
    joint
        The input of `second` that an output of `first` becomes; -1 for gates that are no outputs.
    fed
        Whether an input of `second` is such a one; the others are inputs of the whole.
    """

    first: Block
    second: Block
    joint: Callable[[int], int]
    fed: Callable[[int], bool]

    @property
    def padded(self) -> int:
        """How long an address inside is."""
        return max(self.first.address_bits, self.second.address_bits)

    @property
    def address_bits(self) -> int:
        """How long addresses are."""
        return self.padded + 1

    def _split(self, address: int) -> tuple[int, int]:
        """Return the block and the address inside."""
        return address >> self.padded, address & ((1 << self.padded) - 1)

    def is_input(self, h: int) -> bool:
        """Return whether there is an input with this address."""
        block, inside = self._split(h)
        if block == 0:
            return self.first.is_input(inside)
        return block == 1 and self.second.is_input(inside) and not self.fed(inside)

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""
        block, inside = self._split(g)
        return (block == 0 and self.first.is_gate(inside)) or (block == 1 and self.second.is_gate(inside))

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""
        block, inside = self._split(g)
        return (self.second if block else self.first).threshold(inside)

    def weight(self, h: int, g: int) -> int:
        """Return the weight of h in g: that inside a block, or that of the input that h becomes."""
        if not ((self.is_gate(h) or self.is_input(h)) and self.is_gate(g)):
            return 0
        (earlier, source), (later, inside) = self._split(h), self._split(g)
        if earlier == later:
            return (self.second if later else self.first).weight(source, inside)
        becomes = self.joint(source) if later else -1
        return self.second.weight(becomes, inside) if becomes >= 0 else 0

    def inputs(self) -> Iterator[int]:
        """Yield the inputs of the first family, then those of the second that are not fed."""
        yield from self.first.inputs()
        yield from (1 << self.padded | h for h in self.second.inputs() if not self.fed(h))

    def gates(self) -> Iterator[int]:
        """Yield the addresses of the gates, sources first."""
        yield from self.first.gates()
        yield from (1 << self.padded | g for g in self.second.gates())

    def outputs(self) -> Iterator[int]:
        """Yield the outputs of the second family."""
        return (1 << self.padded | g for g in self.second.outputs())


@dataclass(frozen=True, slots=True)
class Majority:
    """The same circuit of plain MAJORITY gates, "more than half of the inputs", their inputs given by slots.

    A weight w becomes |w| slots of the literal, negated where w < 0, each with a constant beside it: 1 for w > 0, 0
    for w < 0. So ones less zeros are twice the weighted sum, and `2 * threshold - 1` zeros more make the gate. No sum
    of weights enters, so a slot is found as cheaply as a weight.
    """

    family: Family

    def slot(self, h: int, copy: int, g: int) -> int:
        """Return 1 or -1 if copy `copy` of h, plain or negated, enters g, with its constant; else 0."""
        weight = self.family.weight(h, g)
        if not 0 <= copy < abs(weight):
            return 0
        return 1 if weight > 0 else -1

    def padding(self, g: int) -> int:
        """Return how many zeros enter g besides, or minus how many ones."""
        return 2 * self.family.threshold(g) - 1
