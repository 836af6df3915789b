"""The closure problem: the finite set of blocks, its star, and a decider, compared for small monoids."""

from __future__ import annotations

from collections.abc import Iterator

from precise.claims import Mutant, Statement, Step
from proofs._all_words import Word, number_of_words, spelled, words
from proofs._block_words import Closure
from proofs._kernel_automata import DECIDER
from proofs._kernel_words import STAR_FURTHER
from proofs._semigroups import PUBLISHED_MONOIDS, Table, classes, groups_in, monoids, orbit
from proofs._words_evidence import Outcome, counted, differs, written

LONGEST, LENGTHS = 5, (1, 2, 3)
Instance = tuple[Table, tuple[int, ...]]


def value(table: Table, word: Word) -> int:
    """Return the product of a word; the empty word has the value 0, the identity."""
    found = 0
    for letter in word:
        found = table[found][letter]
    return found


def blocks(table: Table, group: tuple[int, ...], r: int) -> set[Word]:
    """Return A_(F,r): the words of at most r letters with value in F."""
    return {word for word in words(len(table), r) if value(table, word) in group}


def cut_into(word: Word, pieces: set[Word], r: int) -> bool:
    """Return whether a word is a concatenation of pieces of at most r letters."""
    ends = [True] + [False] * len(word)
    for k in range(1, len(word) + 1):
        ends[k] = any(ends[k - j] and word[k - j : k] in pieces for j in range(1, min(r, k) + 1))
    return ends[-1]


def instances() -> Iterator[Instance]:
    """Yield all monoids with at most 3 elements, one a class, with all their groups."""
    for n in (1, 2, 3):
        for table in classes(monoids(n), 1):
            for group in groups_in(table):
                yield table, group


def decider_agrees(longer: int = 0) -> Outcome:
    """Compare the decider letter by letter with the star of the listed blocks; `longer` is added to its r."""
    cases, expected = 0, 0
    for table, group in instances():
        for r in LENGTHS:
            pieces = blocks(table, group, r)
            closure = Closure(table, frozenset(group), r + longer)
            expected += number_of_words(len(table), LONGEST)
            for word in words(len(table), LONGEST):
                cases += 1
                got, right = closure.contains(word), cut_into(word, pieces, r)
                if got != right:
                    return differs(
                        "least number of elements, then table, then F by size, then r, then least word",
                        (f"{written(table)}, F = {spelled(group)}, r = {r}, word {spelled(word)}",),
                        got=int(got),
                        right=int(right),
                        cases=cases,
                        table=written(table),
                        F=spelled(group),
                        r=r,
                        word=spelled(word),
                    )
    return counted(cases, expected, "one monoid a class with at most 3 elements, all F, r <= 3, at most 5 letters")


def powers(pieces: set[Word], longest: int) -> list[set[Word]]:
    """Return the powers L^0, L^1, ..., L^longest, words of at most `longest` letters."""
    found: list[set[Word]] = [{()}]
    for _ in range(longest):
        found.append({a + b for a in found[-1] for b in pieces if len(a) + len(b) <= longest})
    return found


def star_is_the_union_of_powers(first: int = 0) -> Outcome:
    """Compare cutting into blocks with the union of the powers of the set of blocks, from L^first on."""
    cases, expected = 0, 0
    for table, group in instances():
        for r in LENGTHS[:2]:
            pieces = blocks(table, group, r)
            union = set().union(*powers(pieces, LONGEST - 1)[first:])
            expected += number_of_words(len(table), LONGEST - 1)
            for word in words(len(table), LONGEST - 1):
                cases += 1
                got, right = word in union, cut_into(word, pieces, r)
                if got != right:
                    return differs(
                        "least number of elements, then table, then F by size, then r, then least word",
                        (f"{written(table)}, F = {spelled(group)}, r = {r}, word {spelled(word)}",),
                        got=int(got),
                        right=int(right),
                        cases=cases,
                        word=spelled(word),
                    )
    return counted(cases, expected, "one monoid a class with at most 3 elements, all F, r <= 2, at most 4 letters")


def monoids_are_counted(more: int = 0) -> Outcome:
    """Compare the numbers of monoids that the search finds with the published ones, and with sums of orbits."""
    cases = 0
    for n, (numbered, up_to_names) in PUBLISHED_MONOIDS.items():
        found = monoids(n)
        least = classes(found, 1)
        cases += 1
        got = (len(found), len(least), sum(orbit(t, 1) for t in least))
        if got != (numbered + more, up_to_names, numbered):
            return differs(
                "least number of elements", (f"{n} elements: {got}",), got=got[0], right=numbered + more, elements=n
            )
    return counted(cases, len(PUBLISHED_MONOIDS), "monoids with at most 4 elements", note="numbers 1, 2, 11, 156")


DEFINITION = Statement(
    label="def:closure",
    title="The closure problem",
    mark="P AAM, M, D",
    tex=(
        r"$A$ a finite monoid, $v:A^*\to A$ the product, $F\subseteq A$ a group, $r\ge1$, $A_{F,r}=\{w\in "
        r"A^*:|w|\le r,\ v(w)\in F\}$: given $w\in A^*$, is $w\in(A_{F,r})^*$?"
    ),
    uses=("def:kleene-star",),
    steps=(
        Step(
            id="closure-is-the-star",
            says="A word is a product of blocks iff it is in some power of the set of blocks.",
            formal=(
                "for all monoids A, sets F, all r, all words: a product of words of A_(F,r) iff in a power of A_(F,r)"
            ),
            check=star_is_the_union_of_powers,
            mutants=(Mutant("from the second power on", lambda: star_is_the_union_of_powers(first=2)),),
            further=(STAR_FURTHER,),
        ),
        Step(
            id="decider-agrees",
            says=(
                "A decider that keeps the values of the blocks that may be open agrees with the star of the listed "
                "blocks."
            ),
            formal=(
                "for all finite monoids A, all sets F of elements, all r, all words: the decider says yes iff the word "
                "is a product of words of A_(F,r)"
            ),
            check=decider_agrees,
            mutants=(Mutant("blocks one letter longer", lambda: decider_agrees(longer=1)),),
            further=(
                DECIDER.further(
                    DECIDER.mutant(
                        "blocks one letter longer", "dec F r w", "dec F (r + 1) w", lambda: decider_agrees(longer=1)
                    )
                ),
            ),
        ),
    ),
)

TABLES = Statement(
    label="def:closure@tables",
    title="The small monoids on which deciders are compared",
    mark="D",
    tex="all multiplication tables of monoids with at most 4 elements and identity 0",
    uses=("def:closure",),
    steps=(
        Step(
            id="all-monoids-are-found",
            says="The search over multiplication tables finds every monoid with at most 4 elements.",
            formal=(
                "number of tables with identity 0 and of classes for n <= 4 = published numbers = sums of (n-1)!/|Aut|"
            ),
            check=monoids_are_counted,
            mutants=(Mutant("one more", lambda: monoids_are_counted(more=1)),),
        ),
    ),
)

STATEMENTS = (DEFINITION, TABLES)
