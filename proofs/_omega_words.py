"""Fixed membership over infinite words: its definition as a Buchi automaton, and exploration of all finite words.

A semigroup is a table; the empty word gets a value of its own, `len(table)`. The automaton of a pair (s, e) reads
the letters 0, 1, ... of the semigroup. It guesses the cuts of a factorisation into one word of value s and
infinitely many of value e: its states are the value read since the last cut, before the first cut and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce

from proofs._all_words import Word, explore
from proofs._semigroups import Pair, Table

Profile = tuple[int, ...]
"""For each state q the set, as bits, of what q can reach by a word: bit 2 q' + 1 if a block ended on the way."""
Splits = frozenset[Pair]
"""The values (h(v1), h(v2)) of all v = v1 v2."""


def times(table: Table, a: int, b: int) -> int:
    """Return the product of two values, either of which may be that of the empty word."""
    if len(table) in (a, b):
        return b if a == len(table) else a
    return table[a][b]


def value(table: Table, word: Iterable[int]) -> int:
    """Return the value of a word of letters."""
    return reduce(lambda a, b: times(table, a, b), word, len(table))


def bits_of(number: int) -> Iterator[int]:
    """Yield the places of the ones of a number, from the lowest."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


class Factorisations:
    """The Buchi automaton of [s][e]^omega; state x is a value before the first cut, n + 1 + y one after it."""

    def __init__(self, table: Table, pair: Pair) -> None:
        self.table = table
        self.pair = pair
        self.states = 2 * (len(table) + 1)
        self._rows: dict[tuple[int, int], int] = {}

    def step(self, state: int, letter: int) -> list[tuple[int, bool]]:
        """Return where one letter leads, with whether a block of value e ends there."""
        n, (s, e) = len(self.table), self.pair
        behind, inside = divmod(state, n + 1)
        now = times(self.table, inside, letter)
        ways = [(behind * (n + 1) + now, False)]
        if now == (e if behind else s):
            ways.append(((n + 1) + n, bool(behind)))
        return ways

    def extend(self, reached: int, letter: int) -> int:
        """Return the set that is reached after one more letter."""
        found = self._rows.get((reached, letter))
        if found is None:
            found = 0
            for bit in bits_of(reached):
                for after, ended in self.step(bit // 2, letter):
                    found |= 1 << (2 * after + (bit % 2 or ended))
            self._rows[reached, letter] = found
        return found

    @property
    def start(self) -> int:
        """The set reached by the empty word from the beginning."""
        return 1 << 2 * len(self.table)

    @property
    def empty_profile(self) -> Profile:
        """The profile of the empty word."""
        return tuple(1 << 2 * q for q in range(self.states))

    def accepting(self, profile: Profile) -> int:
        """Return the set of all states, bit 2 q for q, from which v^omega is accepted, given the profile of v."""
        after = [[(k // 2, k % 2) for k in bits_of(row)] for row in profile]
        reach = [closure([q], lambda x: [r for r, _ in after[x]]) for q in range(self.states)]
        recurring = {q for q in range(self.states) for r, ended in after[q] if ended and q in reach[r]}
        return sum(3 << 2 * q for q in range(self.states) if not recurring.isdisjoint(reach[q]))


def closure(begin: Iterable[int], successors: Callable[[int], Iterable[int]]) -> set[int]:
    """Return all that can be reached."""
    found = set(begin)
    fresh = list(found)
    while fresh:
        for q in successors(fresh.pop()):
            if q not in found:
                found.add(q)
                fresh.append(q)
    return found


def member(table: Table, pair: Pair, u: Iterable[int], v: Iterable[int]) -> bool:
    """Return whether u v^omega is in [s][e]^omega, by the automaton."""
    automaton = Factorisations(table, pair)
    reached = reduce(automaton.extend, u, automaton.start)
    word = list(v)
    profile = tuple(reduce(automaton.extend, word, row) for row in automaton.empty_profile)
    return bool(automaton.accepting(profile) & reached)


def splits_after(table: Table, splits: Splits, letter: int) -> Splits:
    """Return the splits of v a from those of v."""
    n = len(table)
    whole = next(b for a, b in splits if a == n)
    longer = {(a, times(table, b, letter)) for a, b in splits}
    return frozenset(longer | {(times(table, whole, letter), n)})


def splits_of(table: Table, word: Iterable[int]) -> Splits:
    """Return the values of all splits of a word."""
    n = len(table)
    return reduce(lambda found, a: splits_after(table, found, a), word, frozenset({(n, n)}))


@cache
def powers(table: Table, c: int, most: int) -> tuple[int, ...]:
    """Return the values of v^0, v^1, ..., v^most where v has the value c."""
    found = [len(table)]
    for _ in range(most):
        found.append(times(table, found[-1], c))
    return tuple(found)


def direct_test(table: Table, pair: Pair, x: int, splits: Splits, most: int) -> bool:
    """Return the direct test with i, j <= most, given the value x of u and the splits of v."""
    n, (s, e) = len(table), pair
    whole = next(b for a, b in splits if a == n)
    listed = set(powers(table, whole, most))
    for a, b in splits:
        first = {times(table, times(table, x, c), a) for c in listed}
        block = {times(table, times(table, b, c), a) for c in listed}
        if s in first and e in block:
            return True
    return False


Start = tuple[int, int]
"""The value of u and the set that u reaches."""
Loop = tuple[Splits, Profile]
"""The splits and the profile of v."""


def beginnings(automaton: Factorisations) -> dict[Start, Word]:
    """Return the value and the reached set of every word u, each with its least word."""
    table = automaton.table
    return explore(
        (len(table), automaton.start),
        len(table),
        lambda state, a: (times(table, state[0], a), automaton.extend(state[1], a)),
    )


def loops(automaton: Factorisations) -> dict[Loop, Word]:
    """Return splits and profile of every nonempty word v, each with its least word."""
    table, n = automaton.table, len(automaton.table)
    begin: Loop = (frozenset({(n, n)}), automaton.empty_profile)
    found = explore(
        begin,
        n,
        lambda state, a: (
            splits_after(table, state[0], a),
            tuple(automaton.extend(row, a) for row in state[1]),
        ),
    )
    return {state: word for state, word in found.items() if word}


def first_difference(table: Table, pair: Pair, rule: Callable[[int, Splits], bool]) -> tuple[Word, Word, bool] | None:
    """Return least u, v at which a rule differs from membership in [s][e]^omega, or None if it never does.

    The rule sees the value of u and the splits of v; all words of every length are covered. The third entry
    is what the rule says.
    """
    automaton = Factorisations(table, pair)
    seen = cache(rule)
    starts = beginnings(automaton)
    for (splits, profile), v in loops(automaton).items():
        accepted = automaton.accepting(profile)
        for (x, reached), u in starts.items():
            if seen(x, splits) != bool(accepted & reached):
                return u, v, seen(x, splits)
    return None
