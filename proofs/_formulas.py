"""Boolean formulas as trees, their two notations as words, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

NOT, AND, OR = "¬", "∧", "∨"
LETTERS = ("0", "1", AND, OR, NOT, "(", ")")
"""The alphabet of the definition."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A leaf (`mark` is the index of a variable, or a constant as the letter 0 or 1), or a connective over parts."""

    mark: int | str
    parts: tuple[Formula, ...] = ()

    def value(self, bits: Sequence[int]) -> int:
        """Return the truth value where variable i is bits[i]."""
        match self.mark:
            case int(index):
                return bits[index]
            case str(letter) if not self.parts:
                return int(letter)
            case "¬":
                return 1 - self.parts[0].value(bits)
        left, right = (part.value(bits) for part in self.parts)
        return left & right if self.mark == AND else left | right

    @property
    def depth(self) -> int:
        """The greatest number of AND and OR on a path; NOT is free."""
        return max((part.depth for part in self.parts), default=0) + (len(self.parts) == 2)

    @property
    def connectives(self) -> int:
        """How many connectives there are."""
        return sum(part.connectives for part in self.parts) + bool(self.parts)

    def infix(self) -> str:
        """Return the formula with a pair of parentheses for each connective."""
        words = [part.infix() for part in self.parts]
        if len(words) == 2:
            return f"({words[0]}{self.mark}{words[1]})"
        if words:
            return f"({self.mark}{words[0]})"
        return f"x{self.mark}" if isinstance(self.mark, int) else self.mark

    def postfix(self) -> str:
        """Return the formula with each connective after its parts, without parentheses."""
        return "".join(part.postfix() for part in self.parts) + str(self.mark)

    def __str__(self) -> str:
        return self.infix()


@cache
def formulas(leaves: tuple[int | str, ...], connectives: int) -> tuple[Formula, ...]:
    """Return all formulas over the leaves with exactly so many connectives."""
    return tuple(_formulas(leaves, connectives))


def _formulas(leaves: tuple[int | str, ...], connectives: int) -> Iterator[Formula]:
    """Yield the formulas: leaves, then negations, then conjunctions and disjunctions."""
    if not connectives:
        yield from map(Formula, leaves)
        return
    for part in formulas(leaves, connectives - 1):
        yield Formula(NOT, (part,))
    for k in range(connectives):
        for left in formulas(leaves, k):
            for right in formulas(leaves, connectives - 1 - k):
                yield Formula(AND, (left, right))
                yield Formula(OR, (left, right))


def number_of_formulas(leaves: int, connectives: int) -> int:
    """Return how many formulas have exactly so many connectives: N_c = N_(c-1) + 2 sum N_k N_(c-1-k)."""
    counts = [leaves]
    for c in range(connectives):
        counts.append(counts[c] + 2 * sum(counts[k] * counts[c - k] for k in range(c + 1)))
    return counts[connectives]


def number_of_infix_words(length: int) -> int:
    """Return how many words of that length are formulas over 0 and 1: W_n = W_(n-3) + 2 sum W_i W_j, i + j = n - 3."""
    counts = [0, 2]
    for n in range(2, length + 1):
        binary = 2 * sum(counts[i] * counts[n - 3 - i] for i in range(1, n - 3))
        counts.append(binary + (counts[n - 3] if n >= 3 else 0))
    return counts[length]


def parse_infix(word: str) -> Formula | None:
    """Return the formula that an infix word denotes, or None."""
    found = _parse(word, 0)
    return found[0] if found and found[1] == len(word) else None


def _parse(word: str, place: int) -> tuple[Formula, int] | None:
    """Return the formula that begins at the place, with the place after it."""
    if place < len(word) and word[place] in "01":
        return Formula(word[place]), place + 1
    if place >= len(word) or word[place] != "(":
        return None
    if word[place + 1 : place + 2] == NOT:
        inner = _parse(word, place + 2)
        return _closed(word, NOT, inner and (inner[0],), inner)
    left = _parse(word, place + 1)
    if left is None or word[left[1] : left[1] + 1] not in (AND, OR):
        return None
    right = _parse(word, left[1] + 1)
    return _closed(word, word[left[1]], right and (left[0], right[0]), right)


def _closed(
    word: str, mark: str, parts: tuple[Formula, ...] | None, last: tuple[Formula, int] | None
) -> tuple[Formula, int] | None:
    """Return the formula of the parts if its closing parenthesis follows the last part."""
    if not parts or last is None or word[last[1] : last[1] + 1] != ")":
        return None
    return Formula(mark, parts), last[1] + 1


def value_of_postfix(word: str, negate: Callable[[int], int] = lambda a: 1 - a) -> int | None:
    """Return the value of a postfix word over 0, 1 and connectives by a stack, or None if it is no formula."""
    stack: list[int] = []
    for letter in word:
        if letter in "01":
            stack.append(int(letter))
        elif letter == NOT and stack:
            stack.append(negate(stack.pop()))
        elif letter in (AND, OR) and len(stack) >= 2:
            b, a = stack.pop(), stack.pop()
            stack.append(a & b if letter == AND else a | b)
        else:
            return None
    return stack[0] if len(stack) == 1 else None
