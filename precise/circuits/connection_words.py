"""Words of exact forms that answer, in closed form, how much one signal weighs in a run of their bits.

A circuit built with exact forms seldom reads a gate as it is: it reads bit i of a word, and the bit is a combination of
many gates. What a signal weighs in a gate is then a sum over a run of bits of the word, and each word here gives that
sum by a bounded number of additions, comparisons, shifts and masks, however long the run is. `bit` says the same the
other way round, from the bit to its signals; tests compare the two.

Signals are triples: kind and two fields.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from precise.circuits.connection_runs import Run, bits_in_run

Signal: TypeAlias = tuple[int, int, int]
"""Kind, first field, second field."""

Span: TypeAlias = Callable[[int], tuple[int, int]]
"""The range of the second field, from the first."""


class Word(ABC):
    """A vector of linear forms over signals; places outside `0 .. length - 1` are 0."""

    length: int
    kinds: frozenset[int]

    @abstractmethod
    def weight(self, h: Signal, run: Run) -> int:
        """Return what a signal weighs in the weighted sum of the bits of a run."""

    @abstractmethod
    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield weights and signals of bit i; a signal may come more than once."""

    def constant(self, run: Run) -> int:
        """Return the constant part of the weighted sum of the bits of a run."""
        return 0


@dataclass(frozen=True, slots=True)
class Line(Word):
    """The word whose bit i is the signal (kind, i, second)."""

    kind: int
    length: int
    second: int = 0

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, a, b = h
        return run.at(a) if kind == self.kind and b == self.second and a < self.length else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signal."""
        if 0 <= i < self.length:
            yield 1, (self.kind, i, self.second)


@dataclass(frozen=True, slots=True)
class Rows(Word):
    """The word whose place i is the sum of all signals (kind, i, b)."""

    kind: int
    length: int
    seconds: Span

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, a, _ = h
        return run.at(a) if kind == self.kind and a < self.length else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signals of the row."""
        if 0 <= i < self.length:
            yield from ((1, (self.kind, i, b)) for b in range(*self.seconds(i)))


@dataclass(frozen=True, slots=True)
class Diagonals(Word):
    """The word whose place v is the sum of all signals (kind, i, v - i), both fields below `side`."""

    kind: int
    side: int

    @property
    def length(self) -> int:  # type: ignore[override]
        """The number of diagonals."""
        return 2 * self.side - 1

    @property
    def kinds(self) -> frozenset[int]:  # type: ignore[override]
        """The one kind."""
        return frozenset((self.kind,))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        kind, a, b = h
        return run.at(a + b) if kind == self.kind else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signals of the diagonal."""
        for a in range(max(0, i - self.side + 1), min(i + 1, self.side)):
            yield 1, (self.kind, a, i - a)


@dataclass(frozen=True, slots=True)
class Constant(Word):
    """The bits of a number in two's complement."""

    value: int
    length: int
    kinds: frozenset[int] = frozenset()

    def weight(self, h: Signal, run: Run) -> int:
        """Return 0."""
        return 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield nothing."""
        return iter(())

    def constant(self, run: Run) -> int:
        """Return the sum of the weights where the number has a 1."""
        return bits_in_run(self.value, run.cut(0, self.length)) if self.value else 0


class Affine(Word):
    """The word whose place i is `constant + sum of coefficient * word[i + offset]`.

    Parameters
    ----------
    length
        How many places there are.
    parts
        Triples (coefficient, word, offset).
    constant
        Added at every place.
    """

    __slots__ = ("added", "kinds", "length", "parts")

    def __init__(self, length: int, parts: tuple[tuple[int, Word, int], ...], constant: int = 0) -> None:
        self.length = length
        self.parts = parts
        self.added = constant
        self.kinds = frozenset[int]().union(*(word.kinds for _, word, _ in parts))

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        inside, found = run.cut(0, self.length), 0
        if inside.stop <= inside.start:
            return 0
        for coefficient, word, offset in self.parts:
            if h[0] in word.kinds:
                found += coefficient * word.weight(h, inside.shifted(offset) if offset else inside)
        return found

    def constant(self, run: Run) -> int:
        """Return the constant part of a run."""
        inside = run.cut(0, self.length)
        if inside.stop <= inside.start:
            return 0
        found = self.added * inside.total() if self.added else 0
        return found + sum(c * word.constant(inside.shifted(offset)) for c, word, offset in self.parts)

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield what the parts yield."""
        if 0 <= i < self.length:
            for coefficient, word, offset in self.parts:
                yield from ((coefficient * weight, h) for weight, h in word.bit(i + offset))


class Joined(Word):
    """One word below another."""

    __slots__ = ("high", "kinds", "length", "low")

    def __init__(self, low: Word, high: Word) -> None:
        self.low = low
        self.high = high
        self.length = low.length + high.length
        self.kinds = low.kinds | high.kinds

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        found, split = 0, self.low.length
        if h[0] in self.low.kinds:
            found += self.low.weight(h, run.cut(0, split))
        if h[0] in self.high.kinds:
            found += self.high.weight(h, run.cut(split, self.length).shifted(-split))
        return found

    def constant(self, run: Run) -> int:
        """Return the constant part of a run."""
        split = self.low.length
        low, high = run.cut(0, split), run.cut(split, self.length)
        found = self.low.constant(low) if low.start < low.stop else 0
        return found + (self.high.constant(high.shifted(-split)) if high.start < high.stop else 0)

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield what the part yields."""
        if i < self.low.length:
            return self.low.bit(i)
        return self.high.bit(i - self.low.length)


class Total(Word):
    """The word of one place: the weighted sum of a run of another word."""

    __slots__ = ("inner", "kinds", "length", "run")

    def __init__(self, inner: Word, run: Run) -> None:
        self.inner = inner
        self.run = run
        self.length = 1
        self.kinds = inner.kinds

    def weight(self, h: Signal, run: Run) -> int:
        """Return the weight of a signal in a run."""
        outer = run.at(0)
        return outer * self.inner.weight(h, self.run) if outer else 0

    def constant(self, run: Run) -> int:
        """Return the constant part of a run."""
        outer = run.at(0)
        return outer * self.inner.constant(self.run) if outer else 0

    def bit(self, i: int) -> Iterator[tuple[int, Signal]]:
        """Yield the signals of the run."""
        if i == 0:
            for j in range(self.run.start, self.run.stop):
                yield from ((self.run.at(j) * weight, h) for weight, h in self.inner.bit(j))
