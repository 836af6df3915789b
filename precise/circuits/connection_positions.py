"""Connection functions of clipped gaps: what `clipped_gaps` builds, in closed form.

Terms i < n with exponent fields; a gap between neighbouring exponents is clipped at g. A pair of terms is a lane
`i | k`, a term with a distance d a place `k | d`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from precise.circuits.connection_counts import changes, telescope
from precise.circuits.connection_lanes import (
    Gathered,
    Grid,
    Starts,
    first_of_pair,
    pairs_of,
    second_of_pair,
    subtract_lanes,
)
from precise.circuits.connection_plan import Plan, at_first
from precise.circuits.connection_runs import Law, Run, bits_in_run, ones, point
from precise.circuits.connection_vectors import FloatVector
from precise.circuits.connection_words import Affine, Line, Signal, Span, Word


@dataclass(frozen=True, slots=True)
class LaneCounts(Word):
    """The bits of the count of every column: place `c | j` is bit j of how many (kind, c, b), b < largest, hold.

    `flipped`: of how many do not hold.
    """

    kind: int
    grid: Grid
    largest: int
    flipped: bool = False

    @property
    def length(self) -> int:  # type: ignore[override]
        """How many places there are."""
        return self.grid.length

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run inside a column."""
        kind, c, b = h
        if kind != self.kind:
            return 0
        inside = run.shifted(-self.grid.at(c)).cut(0, self.largest.bit_length())
        return -telescope(inside, self.largest - b) if self.flipped else telescope(inside, b + 1)

    def constant(self, run: Run) -> int:
        """Return the bits of the largest count, if counts are flipped."""
        bit = self.grid.split(run.start)[1]
        return bits_in_run(self.largest, run.shifted(bit - run.start)) if self.flipped else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the thresholds where the bit changes."""
        c, j = self.grid.split(i)
        for weight, k in changes(j, self.largest):
            yield (-weight, (self.kind, c, self.largest - k)) if self.flipped else (weight, (self.kind, c, k - 1))


@dataclass(frozen=True, slots=True)
class Ramp(Word):
    """The number k of the one (kind, k, 0) that is 1, as a word of one place."""

    kind: int
    count: int
    length: int = 1

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal."""
        return run.at(0) * h[1] if h[0] == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield all places."""
        if i == 0:
            yield from ((k, (self.kind, k, 0)) for k in range(1, self.count))


@dataclass(frozen=True, slots=True)
class Ladder(Word):
    """The bits, in two's complement, of `u - offset` for u the number of (kind, i, t), t = 0, 1, ..., that hold.

    For each t at most one i has a signal that is 1, and they hold up to some t. Runs are single places.
    """

    kind: int
    terms: int
    steps: int
    offset: int
    length: int

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a place."""
        j, (kind, _, t) = run.start, h
        if kind != self.kind or j < 0 or j >= self.length:
            return 0
        return run.at(j) * (((t + 1 - self.offset) >> j & 1) - ((t - self.offset) >> j & 1))

    def constant(self, run: Run) -> int:
        """Return the bit for u = 0."""
        return run.at(run.start) * (-self.offset >> run.start & 1) if 0 <= run.start < self.length else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the steps where the bit changes."""
        step = min(i, (self.steps + self.offset).bit_length() + 1)  # bit i changes at multiples of 2**i alone
        least = -((self.offset - 1) >> step) << step
        for u in range(least, self.steps - self.offset + 1, 1 << step) if 0 <= i < self.length else ():
            change = (u >> i & 1) - ((u - 1) >> i & 1)
            yield from ((change, (self.kind, term, u + self.offset - 1)) for term in range(self.terms))


@dataclass(frozen=True, slots=True)
class PositionWords:
    """Where the terms stand: as in `clipped_gaps.Positions`, place i of a word for term i.

    `reached` has the place `i | v` for `[position of i >= v]`, v = 0 .. highest + 1.
    """

    gap: int
    highest: int
    position: Word
    reached: Word
    reach_bits: int
    first: Word
    rank: Word


def clip(plan: Plan, x: FloatVector, n: int, gap: int, shift: int) -> PositionWords:
    """Return the positions of terms: seven levels. `shift`: places `k | d` keep so many bits for d."""
    w, size = x.shape.w, (n - 1).bit_length()
    mask, low = (1 << size) - 1, (1 << shift) - 1
    pairs = pairs_of(n, x.grid.bits)
    early, late = first_of_pair(x.field, pairs, size), second_of_pair(x.field, pairs, size)
    result = subtract_lanes(plan, "exponents", early, late, pairs, w)
    difference = pairs.word(plan, "difference", w, ((result.bits, at_first),), 1)

    def one(lane: int) -> tuple[int, int]:
        return (0, 1) if pairs.holds(lane) else (0, 0)

    def several(most: int) -> Span:
        return lambda lane: (0, most) if pairs.holds(lane) else (0, 0)

    above = Line(
        plan.gates_of(
            "above",
            (0, pairs.lanes),
            ((result.carries, lambda a, b: point(pairs.at(a, w - 1))),),
            lambda a, b: 1,
            span=one,
            count=pairs.count,
        ),
        pairs.lanes,
    )
    distances = gap if gap.bit_length() <= w else min(gap, 1 << w)
    apart = plan.gates_of(
        "apart",
        (0, pairs.lanes),
        (
            (difference, lambda a, b: Run(pairs.at(a), pairs.at(a) + w, 1, Law.LITERALS, b)),
            (above, at_first),
        ),
        lambda a, b: ones(b, w) + 1,
        span=several(distances),
        count=pairs.count * distances,
    )
    equal_before = Gathered(
        apart,
        n,
        lambda lane, d: lane & mask if d == 0 and lane >> size < lane & mask else -1,
        lambda k: ((i << size | k, 0) for i in range(k)),
    )
    at_distance = Gathered(
        apart,
        n << shift,
        lambda lane, d: (lane & mask) << shift | d if d else -1,
        lambda place: (
            (i << size | place >> shift, place & low)
            for i in range(n if 0 < place & low < distances else 0)
            if i != place >> shift
        ),
    )
    near = plan.gates_of(
        "near",
        (0, n),
        ((equal_before, at_first), (at_distance, lambda a, b: Run(a << shift | 1, (a << shift | b) + 1))),
        lambda a, b: 1,
        span=lambda a: (0, gap),
        count=n * gap,
    )
    nearness = Gathered(near, n << shift, lambda k, d: k << shift | d, lambda place: ((place >> shift, place & low),))
    # [not E_k >= E_i, and the gap above k is longer than d]: both bits negated, so [-above - near >= 0].
    moved = plan.gates_of(
        "moved up",
        (0, pairs.lanes),
        (
            (above, lambda a, b: point((a & mask) << size | a >> size, -1)),
            (nearness, lambda a, b: point((a & mask) << shift | b, -1)),
        ),
        lambda a, b: 0,
        span=several(gap),
        count=pairs.count * gap,
    )
    position = Gathered(
        moved,
        n,
        lambda lane, d: lane >> size,
        lambda i: ((i << size | k, d) for k in range(n) if k != i for d in range(gap)),
    )
    highest = n * gap - gap
    reach_bits = (highest + 1).bit_length()
    reached = plan.gates_of(
        "reached", (0, n), ((position, at_first),), lambda a, b: b, span=lambda a: (1, highest + 1), count=n * highest
    )
    reach_mask = (1 << reach_bits) - 1
    reach = Affine(
        n << reach_bits,
        (
            (
                1,
                Gathered(
                    reached,
                    n << reach_bits,
                    lambda i, v: i << reach_bits | v,
                    lambda place: (
                        ((place >> reach_bits, place & reach_mask),) if 0 < place & reach_mask <= highest else ()
                    ),
                ),
                0,
            ),
            (1, Starts(reach_bits, n << reach_bits), 0),
        ),
    )
    first = Affine(n, ((-1, Gathered(near, n, lambda k, d: -1 if d else k, lambda k: ((k, 0),)), 0),), 1)
    beside = plan.gates_of(
        "first below",
        (0, pairs.lanes),
        ((above, at_first), (first, lambda a, b: point(a & mask))),
        lambda a, b: 2,
        span=one,
        count=pairs.count,
    )
    below = Gathered(
        beside, n, lambda lane, _: lane >> size, lambda i: ((i << size | k, 0) for k in range(n) if k != i)
    )
    rank = Affine(n, ((1, first, 0), (1, below, 0)))
    return PositionWords(gap, highest, position, reach, reach_bits, first, rank)
