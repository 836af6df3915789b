"""Words whose signals reach many bits at once: bits of counts, of places, and of masks.

Bit j of a count is the sum over all thresholds k of `sigma(j, k)` times `at least k`, and sigma is -1 below the last
one of k, 1 at it and 0 above. So `at least k` reaches a run of bits, and what it weighs in a weighted sum of them is a
geometric sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from precise.circuits.connection import sigma
from precise.circuits.connection_runs import Run, bits_in_run
from precise.circuits.connection_words import Signal, Span, Word


def telescope(run: Run, k: int) -> int:
    """Return the sum over j of `sigma(j, k)` times the weight of place j: `at least k` in a weighted sum of bits."""
    last = (k & -k).bit_length() - 1
    return run.at(last) - run.cut(0, last).total()


def changes(j: int, largest: int) -> Iterator[tuple[int, int]]:
    """Yield by how much bit j changes at k, and k, for the k up to `largest` where it does."""
    return ((sigma(j, k), k) for k in range(1 << j, largest + 1, 1 << j))


@dataclass(frozen=True, slots=True)
class ColumnCounts(Word):
    """The word whose place i is the sum over columns v of bit i - v of their counts; (kind, v, k): at least k in v."""

    kind: int
    columns: int
    length: int
    height: Callable[[int], int]
    highest: int

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, v, k = h
        return telescope(run.cut(0, self.length).shifted(-v), k) if kind == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the thresholds of the columns in reach."""
        for v in range(max(0, i - self.highest.bit_length() + 1), min(i + 1, self.columns)):
            yield from ((weight, (self.kind, v, k)) for weight, k in changes(i - v, self.height(v)))


@dataclass(frozen=True, slots=True)
class BlockCounts(Word):
    """The word whose place i is the sum over blocks q of bit `i - q * step` of their values, each 2 * step bits long.

    (kind, q, t): block q is at least t. `step` is a power of two, `places` its logarithm.
    """

    kind: int
    places: int
    length: int

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, q, t = h
        return telescope(run.cut(0, self.length).shifted(-(q << self.places)), t) if kind == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the thresholds of the block that begins last at or before i, and of the one before."""
        if not 0 <= i < self.length:
            return
        for q in (i >> self.places, (i >> self.places) - 1):
            largest = (1 << (2 << self.places)) - 1 if q >= 0 else 0
            yield from ((weight, (self.kind, q, t)) for weight, t in changes(i - (q << self.places), largest))


@dataclass(frozen=True, slots=True)
class Count(Word):
    """The bits of one count: bit j of how many thresholds (kind, k, 0), k = 1 .. largest, hold."""

    kind: int
    largest: int

    @property
    def length(self) -> int:  # type: ignore[override]
        """The number of bits."""
        return self.largest.bit_length()

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        return telescope(run.cut(0, self.length), h[1]) if h[0] == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the thresholds where bit i changes."""
        yield from ((weight, (self.kind, k, 0)) for weight, k in changes(i, self.largest))


@dataclass(frozen=True, slots=True)
class Symmetric(Word):
    """The bit `rule(count)` for thresholds (kind, k, 0), k = 1 .. largest: each change of the rule counts."""

    kind: int
    largest: int
    rule: Callable[[int], int]
    length: int = 1

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, k, _ = h
        return run.at(0) * (self.rule(k) - self.rule(k - 1)) if kind == self.kind else 0

    def constant(self, run: Run) -> int:
        """Return the value for the count 0."""
        return run.at(0) * self.rule(0)

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the thresholds at which the rule changes."""
        for k in range(1, self.largest + 1) if i == 0 else ():
            change = self.rule(k) - self.rule(k - 1)
            if change:
                yield change, (self.kind, k, 0)


@dataclass(frozen=True, slots=True)
class Place(Word):
    """The bits, in two's complement, of `a - top` for the one (kind, a, 0) that is 1."""

    kind: int
    count: int
    top: int
    length: int

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        return bits_in_run(h[1] - self.top, run.cut(0, self.length)) if h[0] == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the places whose offset has bit i."""
        if 0 <= i < self.length:
            yield from ((1, (self.kind, a, 0)) for a in range(self.count) if (a - self.top) >> i & 1)


@dataclass(frozen=True, slots=True)
class Mask(Word):
    """The word whose place i is 1 where the one (kind, d, 0) that is 1 has d > i; `span` gives the range of d."""

    kind: int
    length: int
    span: Span

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        return run.cut(0, min(self.length, h[1])).total() if h[0] == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the places above i."""
        if 0 <= i < self.length:
            low, high = self.span(0)
            yield from ((1, (self.kind, d, 0)) for d in range(max(low, i + 1), high))
