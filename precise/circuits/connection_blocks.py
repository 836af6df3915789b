"""Blocks of plans: what `addition`, `shifting` and `symmetric` build, in closed form.

Each function adds kinds of gates to a plan and returns words over them; a word of one place stands for a bit.
"""

from __future__ import annotations

from dataclasses import dataclass

from precise.circuits.connection_plan import Plan, RunOf, Term, at_first, at_second, fixed
from precise.circuits.connection_runs import Law, Run, ones, point
from precise.circuits.connection_words import Affine, Constant, Joined, Line, Rows, Total, Word

NOTHING = Constant(0, 1)
ONE = Constant(1, 1)


def complement(word: Word) -> Word:
    """Return every bit negated."""
    return Affine(word.length, ((-1, word, 0),), 1)


def bit_of(word: Word, i: int) -> Word:
    """Return bit i as a word of one place."""
    return Affine(1, ((1, word, i),))


def sum_of(*words: Word) -> Word:
    """Return the sum, place by place, of words of one length."""
    return Affine(words[0].length, tuple((1, word, 0) for word in words))


def part(word: Word, start: int, stop: int) -> Word:
    """Return the bits `start .. stop - 1`."""
    return Affine(stop - start, ((1, word, start),))


def whole(word: Word, factor: int = 1) -> RunOf:
    """Return the run of all bits, with one weight."""
    return lambda a, b: Run(0, word.length, factor)


def output(plan: Plan, word: Word, name: str = "output") -> Line:
    """Return the bits of a word, each made a gate of its own."""
    return plan.gate_word(name, word.length, ((word, at_first),), lambda a, b: 1)


def all_of(plan: Plan, name: str, *bits: Word) -> Word:
    """Return the AND of bits."""
    return plan.gate_word(name, 1, [(bit, fixed(0)) for bit in bits], lambda a, b: len(bits))


@dataclass(frozen=True, slots=True)
class SumWords:
    """A sum: as many bits as the operands, and the carry out."""

    bits: Word
    carry: Word

    @property
    def word(self) -> Word:
        """The sum with its carry as the highest bit."""
        return Joined(self.bits, self.carry)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """What an adder knows of each place: whether both bits are 1, and whether exactly one is."""

    both: Word
    differ: Word
    births: Word
    first_birth: int


def _pairs(plan: Plan, name: str, x: Word, y: Word, width: int, carry_in: Word | None) -> _Pairs:
    """Return the first level of an adder; birth b is the carry born at place b - 1, birth 0 the carry in."""
    terms: tuple[Term, ...] = ((x, at_first), (y, at_first))
    either = plan.gate_word(f"{name}: either", width, terms, lambda a, b: 1)
    both = plan.gate_word(f"{name}: both", width, terms, lambda a, b: 2)
    differ = Affine(width, ((1, either, 0), (-1, both, 0)))
    births = Joined(NOTHING if carry_in is None else carry_in, both)
    return _Pairs(both, differ, births, 1 if carry_in is None else 0)


def add(plan: Plan, name: str, x: Word, y: Word, width: int, carry_in: Word | None = None) -> SumWords:
    """Return x + y + carry, the words filled up with zeros: two levels.

    Kinds: either, both (i); carry (i, b): birth b is alive after place i.
    """
    at = _pairs(plan, name, x, y, width, carry_in)
    first = at.first_birth
    number = plan.gates_of(
        f"{name}: carry",
        (0, width),
        ((at.births, at_second), (at.differ, lambda a, b: Run(b, a + 1))),
        lambda a, b: a - b + 2,
        span=lambda a: (first, a + 1),
        count=width * (width + 1) // 2 - first * width,
    )
    alive = Affine(width, ((1, at.both, 0), (1, Rows(number, width, lambda a: (first, a + 1)), 0)))
    carries = Joined(NOTHING if carry_in is None else carry_in, alive)
    bits = Affine(width, ((1, x, 0), (1, y, 0), (1, carries, 0), (-2, carries, 1)))
    return SumWords(bits, bit_of(carries, width))


def subtract(plan: Plan, name: str, x: Word, y: Word, width: int) -> SumWords:
    """Return x - y modulo 2**width; the carry is `[x >= y]`."""
    return add(plan, name, x, Affine(width, ((-1, y, 0),), 1), width, ONE)


def at_least(plan: Plan, name: str, x: Word, y: Word) -> Word:
    """Return `[x >= y]`, the last carry of x - y: two levels. Kind carry (b): birth b is alive at the end."""
    width = x.length
    at = _pairs(plan, name, x, complement(y), width, ONE)
    alive = plan.gate_word(
        f"{name}: carry",
        width,
        ((at.births, at_first), (at.differ, lambda a, b: Run(a, width))),
        lambda a, b: width - a + 1,
    )
    return Affine(1, ((1, at.both, width - 1), (1, Total(alive, Run(0, width)), 0)))


def increment(plan: Plan, name: str, word: Word, by: Word) -> SumWords:
    """Return a word plus a bit: one level. Kind carry (i): the bit passes all places up to i."""
    width = word.length
    passes = plan.gate_word(
        f"{name}: carry", width, ((by, fixed(0)), (word, lambda a, b: Run(0, a + 1))), lambda a, b: a + 2
    )
    carries = Joined(by, passes)
    bits = Affine(width, ((1, word, 0), (1, carries, 0), (-2, carries, 1)))
    return SumWords(bits, bit_of(carries, width))


def exclusive_or(plan: Plan, name: str, x: Word, y: Word) -> Word:
    """Return x xor y for two bits."""
    terms = ((x, fixed(0)), (y, fixed(0)))
    either = plan.gate_word(f"{name}: either", 1, terms, lambda a, b: 1)
    both = plan.gate_word(f"{name}: both", 1, terms, lambda a, b: 2)
    return Affine(1, ((1, either, 0), (-1, both, 0)))


def where(plan: Plan, name: str, condition: Word, x: Word, y: Word) -> Word:
    """Return one of two words of the same length: one level."""
    first = plan.gate_word(f"{name}: first", x.length, ((condition, fixed(0)), (x, at_first)), lambda a, b: 2)
    other = complement(condition)
    second = plan.gate_word(f"{name}: second", y.length, ((other, fixed(0)), (y, at_first)), lambda a, b: 2)
    return sum_of(first, second)


def equal_to(plan: Plan, name: str, word: Word, first: tuple[int, int], also: Word | None = None) -> Line:
    """Return, for each value a of a range, whether a word has it and `also` holds: one level, one gate a value."""
    width = word.length
    terms: list[Term] = [(word, lambda a, b: Run(0, width, 1, Law.LITERALS, a))]
    if also is not None:
        terms.append((also, fixed(0)))
    more = len(terms) - 1
    number = plan.gates_of(name, first, terms, lambda a, b: ones(a, width) + more)
    return Line(number, first[1])


def shift_right(
    plan: Plan, name: str, word: Word, hot: Line, amounts: tuple[int, int], low: int, width: int, *, start: int = 0
) -> Word:
    """Return bits `start .. width - 1` of `word >> d` for the one amount d in a range whose bit is 1.

    Kind (i, d): bit i comes from bit i + d. The bits of the word below `low` are 0.
    """

    def span(a: int) -> tuple[int, int]:
        return max(amounts[0], low - a), min(amounts[1], word.length - a)

    number = plan.gates_of(
        name,
        (start, width),
        ((hot, at_second), (word, lambda a, b: point(a + b))),
        lambda a, b: 2,
        span=span,
        count=shift_size(word.length - start, amounts, low - start, width - start),
    )
    return Rows(number, width, span)


def shift_size(length: int, amounts: tuple[int, int], low: int, width: int) -> int:
    """Return how many pairs (i, d) with i in 0 .. width - 1, d in the range, have low <= i + d < length."""

    def below(bound: int) -> int:
        """Return how many pairs have i + d < bound."""
        return sum(corner(bound - start) * sign for start, sign in starts)

    def corner(m: int) -> int:
        """Return how many pairs of numbers from 0 have a sum below m."""
        return m * (m + 1) // 2 if m > 0 else 0

    start, stop = amounts
    starts = ((start, 1), (start + width, -1), (stop, -1), (stop + width, 1))
    return below(length) - below(low)


def leading_one(plan: Plan, name: str, word: Word) -> Line:
    """Return the one-hot place of the highest 1: one level."""
    width = word.length
    terms: tuple[Term, ...] = ((word, at_first), (word, lambda a, b: Run(a + 1, width, -1)))
    return plan.gate_word(name, width, terms, lambda a, b: 1)
