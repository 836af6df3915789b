"""Connection functions under examination: word operations counted, families assembled, blocks composed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product as cartesian

from precise.circuits import evaluate_bits, measure
from precise.circuits.connection import SUM, AdderFamily, Family, SumFamily, X, Y, assemble
from proofs._circuits import Instance, all_equal, all_words
from proofs._float_evidence import Outcome


class Tally:
    """How many word operations were done, and the longest word among the results."""

    operations = 0
    longest = 0

    @classmethod
    def reset(cls) -> None:
        """Start again."""
        cls.operations = cls.longest = 0


class Counted(int):
    """An integer that counts what is done with it."""


def _counting(name: str) -> Callable[..., int]:
    """Return the operation of that name, which counts itself."""
    plain = getattr(int, name)

    def operation(*arguments: int) -> int:
        result: int = plain(*arguments)
        Tally.operations += 1
        if isinstance(result, bool) or result is NotImplemented:
            return result
        Tally.longest = max(Tally.longest, result.bit_length())
        return Counted(result)

    return operation


for _name in ("add", "sub", "mul", "lshift", "rshift", "and", "or"):
    for _form in (f"__{_name}__", f"__r{_name}__"):
        setattr(Counted, _form, _counting(_form))
for _form in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__", "__neg__"):
    setattr(Counted, _form, _counting(_form))
Counted.__hash__ = int.__hash__  # type: ignore[method-assign]

CORNERS = (0, 1, 2)
"""A field is one of these, or the end of its range less one of these."""
STRIDE = 17
"""One of so many corner addresses is asked as a source, all of them as gates."""


def corner_addresses(family: Family, kinds: int, ends: tuple[int, ...]) -> Iterator[int]:
    """Yield addresses of every kind with both fields at a corner of their ranges."""
    values = [*CORNERS, *(end - c for end in ends for c in CORNERS)]
    fields = family.fields  # type: ignore[attr-defined]
    for kind in range(kinds):
        for a, b in cartesian(values, repeat=2):
            yield Counted(fields.pack(kind, a, b))


def queries_are_cheap(operations: int, words: int, exponents: tuple[int, ...]) -> Outcome:
    """Count word operations of queries for sums of n numbers of n bits, n = 2**k; `words`: length over log2 n."""

    def rows() -> Iterator[Instance]:
        for k in exponents:
            n = 1 << k
            family = SumFamily(Counted(n), Counted(n))
            ends = (n - 1,)
            addresses = list(corner_addresses(SumFamily(n, n), 8, ends))
            for h, g in cartesian(addresses[::STRIDE], addresses):
                Tally.reset()
                family.weight(h, g)
                family.threshold(g)
                family.is_gate(g)
                yield f"n = 2**{k}, operations", max(Tally.operations, operations), operations
                yield f"n = 2**{k}, word length", max(Tally.longest, words * k), words * k

    per_size = 8 * (2 * len(CORNERS)) ** 2
    expected = 2 * len(exponents) * per_size * -(-per_size // STRIDE)
    return all_equal(rows(), expected, f"n = 2**k, k in {exponents}; fields at the corners of their ranges")


def assembled_adds(widths: tuple[int, ...], family: Callable[[int], AdderFamily] = AdderFamily) -> Outcome:
    """Check that the circuit that the connection function gives adds, on all inputs, at depth 3 at most."""

    def rows() -> Iterator[Instance]:
        for width in widths:
            circuit = assemble(family(width))
            yield f"width {width}: depth at most 3", int(measure(circuit).depth <= 3), 1
            words = all_words(2 * width)
            for word, bits in zip(words.T.tolist(), evaluate_bits(circuit, words).T.tolist(), strict=True):
                got = number(bits)
                yield f"{word}", got, number(word[:width]) + number(word[width:])

    return all_equal(rows(), sum(4**w + 1 for w in widths), f"width in {widths}")


def assembled_sums(shapes: tuple[tuple[int, int], ...], depth: int = 5) -> Outcome:
    """Check the same for the sum of n numbers of p bits."""

    def rows() -> Iterator[Instance]:
        for count, bits in shapes:
            circuit = assemble(SumFamily(count, bits))
            yield f"{count} numbers: depth at most {depth}", int(measure(circuit).depth <= depth), 1
            words = all_words(count * bits)
            for word, result in zip(words.T.tolist(), evaluate_bits(circuit, words).T.tolist(), strict=True):
                right = sum(number(word[i * bits : (i + 1) * bits]) for i in range(count))
                yield f"{word}", number(result), right

    return all_equal(rows(), sum(2 ** (n * p) + 1 for n, p in shapes), f"(n, p) in {shapes}")


def number(bits: list[int]) -> int:
    """Return the number with these bits, least significant first."""
    return sum(bit << i for i, bit in enumerate(bits))


@dataclass(frozen=True)
class ThreeSummands:
    """x + y + z modulo 2**width: two adders in a row, blocks padded to one size that is a power of two.

    An address is `block | address inside`; the output i of block 0 is the input x_i of block 1.
    """

    width: int
    joint: int = 0

    @property
    def block(self) -> AdderFamily:
        """The block, used twice."""
        return AdderFamily(self.width)

    @property
    def size(self) -> int:
        """log2 of the padded size of a block."""
        return 3 + 2 * self.block.fields.bits

    def at(self, block: int, address: int) -> int:
        """Return the address of a signal of a block."""
        return block << self.size | address

    def inputs(self) -> Iterator[int]:
        """Yield the bits of x, y and z."""
        pack = self.block.fields.pack
        for block, kind in ((0, X), (0, Y), (1, Y)):
            yield from (self.at(block, pack(kind, i)) for i in range(self.width))

    def gates(self) -> Iterator[int]:
        """Yield the gates of the first block, then those of the second, without the carry out."""
        last = self.block.fields.pack(SUM, self.width)
        yield from (self.at(block, g) for block in (0, 1) for g in self.block.gates() if g != last)

    def outputs(self) -> Iterator[int]:
        """Yield the bits of the sum."""
        return (self.at(1, self.block.fields.pack(SUM, i)) for i in range(self.width))

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""
        return g >> self.size < 2 and self.block.is_gate(g & ((1 << self.size) - 1))

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""
        return self.block.threshold(g & ((1 << self.size) - 1))

    def weight(self, h: int, g: int) -> int:
        """Return the weight of h in g: that of the block, through the joint between the blocks."""
        inside = (1 << self.size) - 1
        first, second = h >> self.size, g >> self.size
        if first == second:
            return self.block.weight(h & inside, g & inside)
        kind, i, _ = self.block.fields.split(h & inside)
        if first == 0 and second == 1 and kind == SUM:
            return self.block.weight(self.block.fields.pack(X, i + self.joint), g & inside)
        return 0


def composition_holds(joint: int = 0) -> Outcome:
    """Check depth, size, padding and values of the composed family, on all inputs."""
    widths = (1, 2, 3, 4)

    def rows() -> Iterator[Instance]:
        for width in widths:
            family = ThreeSummands(width, joint)
            circuit, block = assemble(family), assemble(family.block)
            yield f"width {width}: depth at most 2 * 3", int(circuit.depth <= 2 * block.depth), 1
            yield f"width {width}: gates at most 2 * block", int(circuit.n_gates <= 2 * 2**family.size), 1
            yield (
                f"width {width}: gates among padded addresses",
                padded_gates(family),
                2 * len(list(family.block.gates())),
            )
            words = all_words(3 * width)
            for word, bits in zip(words.T.tolist(), evaluate_bits(circuit, words).T.tolist(), strict=True):
                right = sum(number(word[i * width : (i + 1) * width]) for i in range(3)) % 2**width
                yield f"{word}", number(bits), right

    return all_equal(rows(), sum(8**w + 3 for w in widths), f"x + y + z modulo 2^W, W in {widths}")


def padded_gates(family: ThreeSummands) -> int:
    """Return how many addresses of two padded blocks are gates."""
    return sum(family.is_gate(g) for g in range(2 << family.size))
