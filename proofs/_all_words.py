"""Exploration of all finite words: what the words of every length lead to, each with its least word."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import product
from typing import TypeVar

State = TypeVar("State", bound=Hashable)
Word = tuple[int, ...]


def explore(begin: State, letters: int, extend: Callable[[State, int], State]) -> dict[State, Word]:
    """Return every state that a word over 0..letters-1 leads to, with the least such word, by length first.

    The search ends when no letter leads to a new state; what holds in all states then holds after all words.
    """
    found: dict[State, Word] = {begin: ()}
    queue = [begin]
    for state in queue:
        for a in range(letters):
            after = extend(state, a)
            if after not in found:
                found[after] = (*found[state], a)
                queue.append(after)
    return found


def words(letters: int, most: int, least: int = 0) -> Iterator[Word]:
    """Yield all words over 0..letters-1, by length and then by letters."""
    for length in range(least, most + 1):
        yield from product(range(letters), repeat=length)


def number_of_words(letters: int, most: int, least: int = 0) -> int:
    """Return how many words there are, by the formula."""
    return sum(letters**length for length in range(least, most + 1))


def spelled(word: Iterable[int]) -> str:
    """Return a word as text, letters separated by blanks; the empty word in words."""
    return " ".join(map(str, word)) or "the empty word"
