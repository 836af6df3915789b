"""The closure problem (A_{F,r})*: its definition as a search for cuts, and the criterion on prefix values.

A monoid is a table with identity 0; F is a set of its elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

from proofs._all_words import Word, explore
from proofs._semigroups import Table

Open = tuple[tuple[int, int], ...]
"""The values of the blocks that may be open, each with the least length that a block of that value has."""
Prefix = tuple[int, int]
"""The value of the whole prefix, and the letters since the last position of the criterion; -1 after a gap."""


@dataclass(frozen=True)
class Closure:
    """One closure problem: all words that can be cut into blocks of at most r letters with values in F."""

    table: Table
    group: frozenset[int]
    longest: int

    @property
    def begin(self) -> Open:
        """What is open before the first letter: an empty block."""
        return ((0, 0),)

    def extend(self, state: Open, letter: int) -> Open:
        """Return what is open after one more letter: every block goes on, and one that may end is cut."""
        found: dict[int, int] = {}
        for value, length in state:
            if length < self.longest:
                longer = self.table[value][letter]
                found[longer] = min(length + 1, found.get(longer, length + 1))
        if not self.group.isdisjoint(found):
            found[0] = 0
        return tuple(sorted(found.items()))

    def accepts(self, state: Open) -> bool:
        """Return whether the word so far is in the closure: a block of no letters is open."""
        return (0, 0) in state

    def contains(self, word: Iterable[int]) -> bool:
        """Return whether a word is in the closure, by the definition."""
        return self.accepts(reduce(self.extend, word, self.begin))

    def extend_prefix(self, state: Prefix, letter: int) -> Prefix:
        """Return value and gap after one more letter; a position counts if its prefix value is in F."""
        value, gap = self.table[state[0]][letter], state[1]
        if gap < 0 or gap >= self.longest:
            return value, -1
        return value, 0 if value in self.group else gap + 1

    def satisfies(self, state: Prefix) -> bool:
        """Return the criterion: the last position counts, and no gap was longer than r."""
        return state[1] == 0

    def criterion(self, word: Iterable[int]) -> bool:
        """Return whether v(w) is in F and positions with prefix value in F, and position 0, are at most r apart."""
        return self.satisfies(reduce(self.extend_prefix, word, (0, 0)))

    def first_difference(self, claimed: Closure | None = None) -> Word | None:
        """Return the least word at which criterion and definition differ, or None if there is none of any length.

        The criterion is taken from the problem `claimed`, if that is given.
        """
        other = claimed or self
        states = explore(
            (self.begin, (0, 0)),
            len(self.table),
            lambda state, a: (self.extend(state[0], a), other.extend_prefix(state[1], a)),
        )
        return next((w for (cut, at), w in states.items() if self.accepts(cut) != other.satisfies(at)), None)

    def first_difference_of_map(self, image: Callable[[int], Word], right: Callable[[int], bool]) -> Word | None:
        """Return the least word g_1..g_k whose image is wrongly in or out of the closure, or None for all k.

        The image of g_1..g_k is the concatenation of image(g_i); `right` says which products are to be inside.
        """
        images = [image(g) for g in range(len(self.table))]
        states = explore(
            (self.begin, 0),
            len(self.table),
            lambda state, g: (reduce(self.extend, images[g], state[0]), self.table[state[1]][g]),
        )
        return next((w for (cut, product), w in states.items() if self.accepts(cut) != right(product)), None)


def padding(table: Table, inverses: tuple[int, ...], order: Iterable[int]) -> Word:
    """Return sigma: the letters h, h^-1 for all elements h in the given order."""
    return tuple(letter for h in order for letter in (h, inverses[h]))
