"""Blocks of plans for sums of many numbers, and products: what `summing` builds, in closed form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from precise.circuits.connection_blocks import NOTHING, add
from precise.circuits.connection_counts import BlockCounts, ColumnCounts
from precise.circuits.connection_lanes import View
from precise.circuits.connection_plan import Plan, Term, at_first, at_second
from precise.circuits.connection_runs import Law, Run, point
from precise.circuits.connection_words import Affine, Diagonals, Line, Rows, Signal, Word


def block_places(height: int) -> int:
    """Return log2 of the least power of two L with `height * (2**L - 1) < 2**(2 * L)`."""
    places = 0
    while height * ((1 << (1 << places)) - 1) >= 1 << (2 << places):
        places += 1
    return places


def add_columns(
    plan: Plan,
    name: str,
    columns: Word,
    height: int,
    width: int,
    largest: Callable[[int, int], int] | None = None,
    *,
    by_blocks: bool = False,
) -> Word:
    """Return the sum of columns of at most `height` bits modulo 2**width: three levels, or five by blocks.

    Kind block (q, t): block q, `sum of 2**(v - q * L) * column v` over its L columns, is at least t. `largest`: the
    largest value of L columns from a start on, where no gate is wanted that is never 1.
    """
    places = block_places(height)
    length = 1 << places
    blocks = (width + length - 1) >> places
    full = (1 << 2 * length) - 1

    def span(a: int) -> tuple[int, int]:
        return 1, 1 + (full if largest is None else largest(a << places, length))

    number = plan.gates_of(
        f"{name}: block",
        (0, blocks),
        ((columns, lambda a, b: Run(a << places, min((a + 1) << places, width), 1, Law.DOUBLING)),),
        lambda a, b: b,
        span=span,
        count=blocks * full if largest is None else sum(span(q)[1] - 1 for q in range(blocks)),
    )
    saved = BlockCounts(number, places, width)
    return add_by_blocks(plan, name, saved, width) if by_blocks else add(plan, name, saved, NOTHING, width).bits


@dataclass(frozen=True, slots=True)
class BlockCarries(Word):
    """The carries into every place of an adder by blocks, read place by place.

    Into block q at its first place; elsewhere what is born inside the block, or passes through it.
    """

    bits: int
    width: int
    local: Word
    through: Word
    into: Word

    @property
    def length(self) -> int:  # type: ignore[override]
        """One more than there are places."""
        return self.width + 1

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The kinds of all parts."""
        return self.local.kinds | self.through.kinds | self.into.kinds

    def _parts(self, i: int) -> tuple[tuple[Word, int], ...]:
        """Return words and their places that make up the carry into place i."""
        if i == self.width:
            return ((self.into, (i + (1 << self.bits) - 1) >> self.bits),)
        if i & ((1 << self.bits) - 1) == 0:
            return ((self.into, i >> self.bits),)
        return ((self.local, i - 1), (self.through, i))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a place."""
        i = run.start
        if i < 0 or i > self.width:
            return 0
        return sum(word.weight(h, point(at, run.at(i))) for word, at in self._parts(i) if h[0] in word.kinds)

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signals of the parts."""
        for word, at in self._parts(i) if 0 <= i <= self.width else ():
            yield from word.bit(at)


def add_by_blocks(plan: Plan, name: str, saved: Word, width: int) -> Word:
    """Return the sum of two words, given as one word of their sums place by place: four levels.

    Blocks are about the square root of the width long. Kinds: either, both (i); carry (i, b): birth b of the block is
    alive after place i; pass (q): block q lets a carry through; into (q, b): what block b - 1 bears is alive after
    block q; through (i): the carry into the block of i reaches place i.
    """
    bits = width.bit_length() >> 1
    terms: tuple[Term, ...] = ((saved, at_first),)
    either = plan.gate_word(f"{name}: either", width, terms, lambda a, b: 1)
    both = plan.gate_word(f"{name}: both", width, terms, lambda a, b: 2)
    differ = Affine(width, ((1, either, 0), (-1, both, 0)))
    blocks = (width + (1 << bits) - 1) >> bits

    def start(i: int) -> int:
        return i >> bits << bits

    def span(i: int) -> tuple[int, int]:
        return start(i) + 1, i + 1

    rest = width - (blocks - 1 << bits)
    inside = (blocks - 1) * ((1 << bits) * ((1 << bits) - 1) // 2) + rest * (rest - 1) // 2
    number = plan.gates_of(
        f"{name}: carry",
        (0, width),
        ((both, lambda a, b: point(b - 1)), (differ, lambda a, b: Run(b, a + 1))),
        lambda a, b: a - b + 2,
        span=span,
        count=inside,
    )
    local = Affine(width, ((1, both, 0), (1, Rows(number, width, span), 0)))

    def stop(q: int) -> int:
        return min((q + 1) << bits, width)

    passes = plan.gate_word(
        f"{name}: pass", blocks, ((differ, lambda a, b: Run(a << bits, stop(a))),), lambda a, b: stop(a) - (a << bits)
    )
    between = plan.gates_of(
        f"{name}: into",
        (0, blocks),
        ((local, lambda a, b: point(stop(b - 1) - 1)), (passes, lambda a, b: Run(b, a + 1))),
        lambda a, b: a - b + 2,
        span=lambda a: (1, a + 1),
        count=blocks * (blocks - 1) // 2,
    )
    ends = View(local, blocks, lambda q: stop(q) - 1)
    after = Affine(blocks, ((1, ends, 0), (1, Rows(between, blocks, lambda a: (1, a + 1)), 0)))
    into = Affine(blocks + 1, ((1, after, -1),))
    through = plan.gates_of(
        f"{name}: through",
        (0, width),
        ((into, lambda a, b: point(a >> bits)), (differ, lambda a, b: Run(start(a), a))),
        lambda a, b: a - start(a) + 1,
        span=lambda a: (0, 1 if a != start(a) else 0),
        count=width - blocks,
    )
    carries = BlockCarries(bits, width, local, Line(through, width), into)
    return Affine(width, ((1, saved, 0), (1, carries, 0), (-2, carries, 1)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of bits to be counted and added.

    Parameters
    ----------
    bits
        Place by place, the sum of the bits of a column.
    height
        How many bits column v has: a closed form.
    highest, count
        The largest height, and the sum of all.
    """

    bits: Word
    height: Callable[[int], int]
    highest: int
    count: int

    def largest(self, start: int, length: int) -> int:
        """Return the largest value of the counts' bits at `length` places from a start on: O(log highest) steps."""
        value, reach = 0, self.highest.bit_length()
        for v in range(max(0, start - reach + 1), min(start + length, self.bits.length)):
            first = max(start - v, 0)
            value += min(self.height(v) >> first, (1 << (start + length - v - first)) - 1) << (v + first - start)
        return value


def add_counted_columns(plan: Plan, name: str, columns: Columns, width: int, *, tight: bool = False) -> Word:
    """Return the sum of columns, each replaced by the bits of its count first: four levels.

    Kind column (v, k): column v has at least k ones. `tight`: leave out the gates of blocks that are never 1; then the
    span of a block takes O(log n) word operations instead of O(1).
    """
    number = plan.gates_of(
        f"{name}: column",
        (0, columns.bits.length),
        ((columns.bits, at_first),),
        lambda a, b: b,
        span=lambda a: (1, columns.height(a) + 1),
        count=columns.count,
    )
    counts = ColumnCounts(number, columns.bits.length, width, columns.height, columns.highest)
    return add_columns(plan, name, counts, columns.highest.bit_length(), width, columns.largest if tight else None)


def multiply(plan: Plan, name: str, x: Word, y: Word, *, tight: bool = False) -> Word:
    """Return the product of two words of one length: five levels. Kind partial (i, j): x_i and y_j."""
    side = x.length
    number = plan.gates_of(
        f"{name}: partial",
        (0, side),
        ((x, at_first), (y, at_second)),
        lambda a, b: 2,
        span=lambda a: (0, side),
        count=side * side,
    )

    columns = Columns(Diagonals(number, side), lambda v: min(v + 1, 2 * side - 1 - v), side, side * side)
    return add_counted_columns(plan, name, columns, 2 * side, tight=tight)
