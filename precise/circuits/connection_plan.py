"""Families described by composing blocks: a plan lists kinds of gates, and answers queries about addresses.

A block (an adder, a selection, a rounding, ...) is a function that takes words, adds its kinds of gates to a plan and
returns words; a construction is written as the builder's is, and its connection function comes out by itself. An
address is `kind | a | b` with fields of one length, so the offset of every block is its first kind. A gate is
`[sum of its terms >= threshold]`; a term is a weighted run of a word, and its ends, factor and threshold are closed
forms in a and b.

A plan describes the family before constants and degenerate gates are folded. `connection.assemble` folds them as the
builder does, and then the gates are those of the built circuit, except where a block says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from precise.circuits.connection import Fields
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_words import Line, Rows, Signal, Span, Word
from precise.errors import DomainError

RunOf: TypeAlias = Callable[[int, int], Run]
"""The run that gate (a, b) of a kind reads."""

Term: TypeAlias = tuple[Word, RunOf]


def at_first(a: int, b: int) -> Run:
    """Return the bit that the first field names."""
    return point(a)


def at_second(a: int, b: int) -> Run:
    """Return the bit that the second field names."""
    return point(b)


def fixed(i: int, factor: int = 1) -> RunOf:
    """Return the run of one bit, the same for all gates of a kind."""
    return lambda a, b: point(i, factor)


def only_zero(a: int) -> tuple[int, int]:
    """Return the range of a second field that is not used."""
    return 0, 1


@dataclass(frozen=True, slots=True)
class Kind:
    """The gates (kind, a, b) with `first.start <= a < first.stop` and b in the span of a, or inputs, without terms.

    Parameters
    ----------
    name
        What the gates are.
    first
        The range of a.
    span
        The range of b.
    terms
        What the gates read.
    threshold
        The threshold of gate (a, b), constants of the terms not yet taken off.
    count
        How many there are.
    level
        One more than the largest level among what they read; 0 for inputs.
    reads
        The kinds that occur in the terms.
    """

    name: str
    first: tuple[int, int]
    span: Span
    terms: tuple[Term, ...]
    threshold: Callable[[int, int], int]
    count: int
    level: int
    reads: frozenset[int] = frozenset()

    def holds(self, a: int, b: int) -> bool:
        """Return whether the kind has a signal with these fields."""
        if a < self.first[0] or a >= self.first[1]:
            return False
        low, high = self.span(a)
        return low <= b < high

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield all pairs of fields."""
        return ((a, b) for a in range(*self.first) for b in range(*self.span(a)))


class Plan:
    """A family member under construction, then its connection function.

    Parameters
    ----------
    largest
        No field of an address exceeds it.
    """

    def __init__(self, largest: int) -> None:
        self.bits = largest.bit_length()
        self.kinds: list[Kind] = []
        self.results: list[Word] = []
        self.arranged: Callable[[], Iterator[Signal]] | None = None

    def inputs_of(self, name: str, length: int) -> Line:
        """Return a word of inputs."""
        return Line(self._add(Kind(name, (0, length), only_zero, (), lambda a, b: 0, length, 0)), length)

    def inputs_in(self, name: str, length: int, span: Span, count: int) -> int:
        """Add a kind of inputs (a, 0) whose places may be padded, and return its number."""
        return self._add(Kind(name, (0, length), span, (), lambda a, b: 0, count, 0))

    def columns_of(self, name: str, length: int, count: int) -> Rows:
        """Return the sum, place by place, of `count` words of inputs: input (v, i) is bit v of word i."""
        kind = Kind(name, (0, length), lambda a: (0, count), (), lambda a, b: 0, length * count, 0)
        return Rows(self._add(kind), length, kind.span)

    def gates_of(
        self,
        name: str,
        first: tuple[int, int],
        terms: Sequence[Term],
        threshold: Callable[[int, int], int],
        *,
        span: Span = only_zero,
        count: int = -1,
    ) -> int:
        """Add a kind of gates and return its number; `count` is needed where there is a second field."""
        reads = frozenset[int]().union(*(word.kinds for word, _ in terms))
        level = 1 + max((self.kinds[k].level for k in reads), default=0)
        size = count if count >= 0 else first[1] - first[0]
        return self._add(Kind(name, first, span, tuple(terms), threshold, size, level, reads))

    def gate_word(self, name: str, length: int, terms: Sequence[Term], threshold: Callable[[int, int], int]) -> Line:
        """Return the word of one gate a place."""
        return Line(self.gates_of(name, (0, length), terms, threshold), length)

    def results_are(self, *words: Word) -> Plan:
        """Name the outputs, words whose bits are single gates, and return the plan."""
        self.results.extend(words)
        return self

    def _add(self, kind: Kind) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    @property
    def layout(self) -> Fields:
        """How addresses are laid out."""
        return Fields(self.bits)

    @property
    def address_bits(self) -> int:
        """How long addresses are."""
        return len(self.kinds).bit_length() + 2 * self.bits

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return sum(kind.count for kind in self.kinds if not kind.terms)

    @property
    def n_gates(self) -> int:
        """The number of gates, before any is folded."""
        return sum(kind.count for kind in self.kinds if kind.terms)

    @property
    def depth(self) -> int:
        """The largest level, before any gate is folded."""
        return max(kind.level for kind in self.kinds)

    def is_signal(self, h: int) -> bool:
        """Return whether an address is that of an input or a gate."""
        kind, a, b = self.layout.split(h)
        return kind < len(self.kinds) and self.kinds[kind].holds(a, b)

    def is_gate(self, g: int) -> bool:
        """Return whether an address is that of a gate."""
        return self.is_signal(g) and bool(self.kind(g).terms)

    def is_input(self, h: int) -> bool:
        """Return whether an address is that of an input."""
        return self.is_signal(h) and not self.kind(h).terms

    def kind(self, g: int) -> Kind:
        """Return the kind of a signal."""
        return self.kinds[self.layout.split(g)[0]]

    def level(self, g: int) -> int:
        """Return the level of a signal, before any gate is folded."""
        return self.kind(g).level

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate: `[sum of weights * signals >= threshold]`."""
        number, a, b = self.layout.split(g)
        kind = self.kinds[number]
        return kind.threshold(a, b) - sum(word.constant(run(a, b)) for word, run in kind.terms)

    def weight(self, h: int, g: int) -> int:
        """Return the weight of signal h in gate g: 0 where it does not occur, or where an address names nothing."""
        source = self.layout.split(h)
        number, a, b = self.layout.split(g)
        if number >= len(self.kinds):
            return 0
        kind = self.kinds[number]
        if source[0] not in kind.reads or not (kind.holds(a, b) and self.kinds[source[0]].holds(*source[1:])):
            return 0
        return sum(word.weight(source, run(a, b)) for word, run in kind.terms if source[0] in word.kinds)

    def sources(self, g: int) -> Iterator[tuple[int, int]]:
        """Yield signals and weights that make up the row of a gate, lazily; a signal may come more than once."""
        number, a, b = self.layout.split(g)
        for word, run_of in self.kinds[number].terms:
            run = run_of(a, b)
            for i in range(run.start, run.stop):
                listed = ((self.address(h), run.at(i) * weight) for weight, h in word.bit(i))
                yield from ((h, weight) for h, weight in listed if self.is_signal(h))

    def address(self, h: Signal) -> int:
        """Return the address of a signal."""
        return self.layout.pack(*h)

    def inputs(self) -> Iterator[int]:
        """Yield the addresses of the inputs: word after word, bit after bit, unless they are arranged otherwise."""
        if self.arranged is not None:
            yield from (self.address(h) for h in self.arranged())
            return
        for number, kind in enumerate(self.kinds):
            if not kind.terms:
                low, high = kind.span(0)
                for b in range(low, high):
                    yield from (self.address((number, a, b)) for a in range(*kind.first))

    def gates(self) -> Iterator[int]:
        """Yield the addresses of the gates, sources first."""
        for number, kind in enumerate(self.kinds):
            if kind.terms:
                yield from (self.address((number, a, b)) for a, b in kind.fields())

    def outputs(self) -> Iterator[int]:
        """Yield the addresses of the outputs."""
        for word in self.results:
            for i in range(word.length):
                terms = list(word.bit(i))
                if len(terms) != 1 or terms[0][0] != 1:
                    raise DomainError(f"plan: outputs must be single gates; got {terms} at place {i}")
                yield self.address(terms[0][1])
