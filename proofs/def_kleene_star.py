"""Kleene star: the union of powers, the supremum of powers, and the least solution of an equation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from precise.claims import Mutant, Statement, Step
from proofs._all_words import Word, number_of_words, words
from proofs._kernel_words import READINGS, SUPREMUM
from proofs._words_evidence import Outcome, counted, differs

Language = frozenset[Word]
Star = Callable[[Language], Language]
LONGEST, GENERATOR = 5, 2
"""Languages are compared on words of at most 5 letters; their generators have at most 2."""


def product(a: Language, b: Language) -> Language:
    """Return the concatenations of at most LONGEST letters."""
    return frozenset(x + y for x in a for y in b if len(x) + len(y) <= LONGEST)


def union_of_powers(language: Language) -> Language:
    """Return L^0 + L^1 + ... : LONGEST + 1 powers are enough for words of LONGEST letters."""
    power: Language = frozenset({()})
    found = power
    for _ in range(LONGEST):
        power = product(power, language)
        found |= power
    return found


def from_the_first_power(language: Language) -> Language:
    """Return L^1 + L^2 + ..., without the empty word unless L has it."""
    return product(language, union_of_powers(language))


def least_solution(language: Language) -> Language:
    """Return the least X with {empty word} + L X inside X, by rounds until nothing is new."""
    found: Language = frozenset({()})
    while (more := found | product(language, found)) != found:
        found = more
    return found


def by_cuts(language: Language) -> Language:
    """Return the words of at most LONGEST letters that can be cut into words of L."""

    def cut(word: Word) -> bool:
        return not word or any(word[:k] in language and cut(word[k:]) for k in range(1, len(word) + 1))

    return frozenset(filter(cut, words(2, LONGEST)))


def readings_agree(star: Star = union_of_powers) -> Outcome:
    """Compare a reading with both others for all languages of words of at most 2 letters over two letters."""
    cases, listed = 0, list(words(2, GENERATOR))
    for size in range(len(listed) + 1):
        for chosen in combinations(listed, size):
            language = frozenset(chosen)
            solution, cuts, got = least_solution(language), by_cuts(language), star(language)
            for word in words(2, LONGEST):
                cases += 1
                if not (word in solution) == (word in cuts) == (word in got):
                    return differs(
                        "least number of words in L, then L, then least word",
                        (f"L = {sorted(chosen)}, word {word}",),
                        got=int(word in got),
                        right=int(word in solution),
                        cases=cases,
                        L=str(sorted(chosen)),
                        word=str(word),
                    )
    expected = 2 ** number_of_words(2, GENERATOR) * number_of_words(2, LONGEST)
    return counted(cases, expected, "all languages of words of at most 2 letters; words of at most 5 letters")


def supremum_is_the_union(least: int = 0) -> Outcome:
    """Check that the union of powers is above every power, and inside every language above all powers from `least` on.

    Upper bounds that lack one word of the union are enough: every smaller language lacks some word.
    """
    cases, listed = 0, list(words(2, GENERATOR))
    for size in range(len(listed) + 1):
        for chosen in combinations(listed, size):
            language = frozenset(chosen)
            union = union_of_powers(language)
            powers: list[Language] = [frozenset({()})]
            for _ in range(LONGEST):
                powers.append(product(powers[-1], language))
            cases += 1
            removable = [w for w in sorted(union) if all(power <= union - {w} for power in powers[least:])]
            if removable or not all(power <= union for power in powers):
                return differs(
                    "least number of words in L, then L",
                    (f"L = {sorted(chosen)}: without {removable[0]} the union is still above all powers",),
                    got=len(union) - 1,
                    right=len(union),
                    cases=cases,
                    L=str(sorted(chosen)),
                )
    return counted(cases, 2 ** number_of_words(2, GENERATOR), "all languages of words of at most 2 letters over 2")


STATEMENT = Statement(
    label="def:kleene-star",
    title="Kleene star",
    mark="V, D",
    tex=r"$L^*=\bigcup_{k\ge0}L^k$, which is the supremum of the $L^k$ in the order of inclusion",
    steps=(
        Step(
            id="readings-agree",
            says=(
                "The union of powers, the least solution of $X=\\{\\varepsilon\\}\\cup LX$ and cutting into words "
                "of L agree."
            ),
            formal="for all alphabets, all languages L, all words: the three readings agree",
            check=readings_agree,
            mutants=(Mutant("powers from 1 on", lambda: readings_agree(from_the_first_power)),),
            further=(
                READINGS.further(
                    READINGS.mutant(
                        "only the first power",
                        "solves L (union_of_powers L)",
                        "solves L (power_of L 1)",
                        lambda: readings_agree(lambda language: language),
                    )
                ),
            ),
        ),
        Step(
            id="supremum-is-the-union",
            says="No language that lacks a word of the union is above all powers, so the union is their supremum.",
            formal="for all alphabets, all languages L, U: U is above all L^k iff U is above L*",
            check=supremum_is_the_union,
            mutants=(Mutant("powers from 1 on", lambda: supremum_is_the_union(least=1)),),
            further=(
                SUPREMUM.further(
                    SUPREMUM.mutant(
                        "powers from 1 on",
                        "power_of L k w -> U w",
                        "power_of L (S k) w -> U w",
                        lambda: supremum_is_the_union(least=1),
                    )
                ),
            ),
        ),
    ),
)
