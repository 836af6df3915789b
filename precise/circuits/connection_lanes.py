"""Words and blocks of plans in lanes: many adders and comparisons side by side, one kind of gates for all.

A place is `lane | bit`, with a stride that is a power of two; a lane may itself be a pair `i | k`. Runs stay inside one
lane.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from precise.circuits.connection_plan import Plan, Term, at_first
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_words import Affine, Line, Rows, Signal, Word


@dataclass(frozen=True, slots=True)
class Grid:
    """Lanes of places.

    Parameters
    ----------
    bits
        How long the place inside a lane is; `1 << bits`, the stride, is more than any width.
    lanes
        All lanes are below this number.
    holds
        Whether there is a lane with this number.
    count
        How many there are.
    """

    bits: int
    lanes: int
    holds: Callable[[int], bool]
    count: int

    @property
    def length(self) -> int:
        """How many places there are, those of padding included."""
        return self.lanes << self.bits

    def split(self, place: int) -> tuple[int, int]:
        """Return lane and bit of a place."""
        return place >> self.bits, place & ((1 << self.bits) - 1)

    def at(self, lane: int, bit: int = 0) -> int:
        """Return the place of a bit of a lane."""
        return lane << self.bits | bit

    def span(self, width: int) -> Callable[[int], tuple[int, int]]:
        """Return the range of an unused second field: empty where the place is padding."""

        def found(place: int) -> tuple[int, int]:
            lane, bit = self.split(place)
            return (0, 1) if bit < width and self.holds(lane) else (0, 0)

        return found

    def word(self, plan: Plan, name: str, width: int, terms: Iterable[Term], threshold: int) -> Line:
        """Return the word of one gate a place, `width` bits a lane."""
        number = plan.gates_of(
            name,
            (0, self.length),
            tuple(terms),
            lambda a, b: threshold,
            span=self.span(width),
            count=self.count * width,
        )
        return Line(number, self.length)


def pairs_of(n: int, bits: int) -> Grid:
    """Return the lanes `i | k` of all ordered pairs of different numbers below n."""
    size = (n - 1).bit_length()

    def holds(lane: int) -> bool:
        i, k = lane >> size, lane & ((1 << size) - 1)
        return i != k and i < n and k < n

    return Grid(bits, 1 << 2 * size, holds, n * (n - 1))


def ascending_pairs_of(n: int, bits: int) -> Grid:
    """Return the lanes `i | k` with i < k < n."""
    size = (n - 1).bit_length()
    return Grid(bits, 1 << 2 * size, lambda lane: lane >> size < lane & ((1 << size) - 1) < n, n * (n - 1) // 2)


@dataclass(frozen=True, slots=True)
class Gathered(Word):
    """The word whose place i is the sum of the signals (kind, a, b) with `place(a, b) = i`; -1 is nowhere.

    `listed` gives the fields of the signals of a place.
    """

    kind: int
    length: int
    place: Callable[[int, int], int]
    listed: Callable[[int], Iterable[tuple[int, int]]]

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, a, b = h
        place = self.place(a, b) if kind == self.kind else -1
        return run.at(place) if 0 <= place < self.length else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signals of a place."""
        if 0 <= i < self.length:
            yield from ((1, (self.kind, a, b)) for a, b in self.listed(i))


class View(Word):
    """The word whose place i is place `place(i)` of another; along a run inside a lane both go up together."""

    __slots__ = ("inner", "kinds", "length", "place")

    def __init__(self, inner: Word, length: int, place: Callable[[int], int]) -> None:
        self.inner = inner
        self.length = length
        self.place = place
        self.kinds = inner.kinds

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        return self.inner.weight(h, run.shifted(self.place(run.start) - run.start))

    def constant(self, run: Run) -> int:
        """Return the constant part of a run."""
        return self.inner.constant(run.shifted(self.place(run.start) - run.start))

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signals of the other place."""
        return self.inner.bit(self.place(i)) if 0 <= i < self.length else iter(())


@dataclass(frozen=True, slots=True)
class Starts(Word):
    """The constant word that is 1 at the first place of every lane; runs are single places."""

    bits: int
    length: int
    kinds: frozenset[int] = frozenset()

    def weight(self, h: Signal, run: Run) -> int:
        """Return 0."""
        return 0

    def constant(self, run: Run) -> int:
        """Return the weight of a first place."""
        inside = 0 <= run.start < self.length and run.start & ((1 << self.bits) - 1) == 0
        return run.at(run.start) if inside else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield nothing."""
        return iter(())


def first_of_pair(inner: Word, grid: Grid, size: int) -> View:
    """Return the word whose lane `i | k` is lane i of another of the same stride; `size` is the length of k."""
    return View(inner, grid.length, lambda place: grid.at(place >> grid.bits >> size, grid.split(place)[1]))


def second_of_pair(inner: Word, grid: Grid, size: int) -> View:
    """Return the word whose lane `i | k` is lane k of another of the same stride."""
    mask = (1 << size) - 1
    return View(inner, grid.length, lambda place: grid.at(place >> grid.bits & mask, grid.split(place)[1]))


@dataclass(frozen=True, slots=True)
class LaneSum:
    """The sums of all lanes, and the carry out of each place."""

    bits: Word
    carries: Word


def subtract_lanes(plan: Plan, name: str, x: Word, y: Word, grid: Grid, width: int) -> LaneSum:
    """Return x - y in every lane: two levels. Kind carry (place, b): birth b of the lane is alive after the place."""
    inverse = Affine(grid.length, ((-1, y, 0),), 1)
    terms: tuple[Term, ...] = ((x, at_first), (inverse, at_first))
    either, both = (grid.word(plan, f"{name}: {which}", width, terms, t) for which, t in (("either", 1), ("both", 2)))
    differ = Affine(grid.length, ((1, either, 0), (-1, both, 0)))
    starts = Starts(grid.bits, grid.length)
    births = Affine(grid.length, ((1, both, -1), (1, starts, 0)))
    inside = grid.span(width)

    def span(place: int) -> tuple[int, int]:
        return 0, (grid.split(place)[1] + 1 if inside(place)[1] else 0)

    def born(place: int, b: int) -> Run:
        return point(grid.at(grid.split(place)[0], b))

    def survives(place: int, b: int) -> Run:
        return Run(grid.at(grid.split(place)[0], b), place + 1)

    number = plan.gates_of(
        f"{name}: carry",
        (0, grid.length),
        ((births, born), (differ, survives)),
        lambda place, b: grid.split(place)[1] - b + 2,
        span=span,
        count=grid.count * (width * (width + 1) // 2),
    )
    alive = Affine(grid.length, ((1, both, 0), (1, Rows(number, grid.length, span), 0)))
    bits = Affine(grid.length, ((1, x, 0), (1, inverse, 0), (1, alive, -1), (1, starts, 0), (-2, alive, 0)))
    return LaneSum(bits, alive)


def last_carries(plan: Plan, name: str, x: Word, y: Word, grid: Grid, width: int) -> Word:
    """Return `[x >= y]` of every lane, at the lane's number: two levels."""
    inverse = Affine(grid.length, ((-1, y, 0),), 1)
    terms: tuple[Term, ...] = ((x, at_first), (inverse, at_first))
    either, both = (grid.word(plan, f"{name}: {which}", width, terms, t) for which, t in (("either", 1), ("both", 2)))
    differ = Affine(grid.length, ((1, either, 0), (-1, both, 0)))
    births = Affine(grid.length, ((1, both, -1), (1, Starts(grid.bits, grid.length), 0)))

    def survives(place: int, b: int) -> Run:
        return Run(place, grid.at(grid.split(place)[0], width))

    number = plan.gates_of(
        f"{name}: carry",
        (0, grid.length),
        ((births, at_first), (differ, survives)),
        lambda place, b: width - grid.split(place)[1] + 1,
        span=grid.span(width),
        count=grid.count * width,
    )
    ends = View(both, grid.lanes, lambda lane: grid.at(lane, width - 1))
    lane_of = Gathered(
        number,
        grid.lanes,
        lambda place, b: grid.split(place)[0],
        lambda lane: ((grid.at(lane, bit), 0) for bit in range(width if grid.holds(lane) else 0)),
    )
    return Affine(grid.lanes, ((1, ends, 0), (1, lane_of, 0)))
