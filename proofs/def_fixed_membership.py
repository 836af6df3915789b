"""Fixed membership over infinite words: the question, decided in two ways for all small semigroups and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from precise.claims import Further, Mutant, Statement, Step, Tier
from proofs._all_words import Word, number_of_words, spelled, words
from proofs._factorisations import member_by_cuts
from proofs._omega_words import member, value
from proofs._semigroups import (
    PUBLISHED,
    Pair,
    Table,
    classes,
    idempotents,
    linked_pairs,
    orbit,
    semigroups,
)
from proofs._words_evidence import Outcome, counted, differs, written

Decider = Callable[[Table, Pair, Word, Word], bool]
FIRST = {1: 2, 2: 2, 3: 1}
REPEATED = {1: 3, 2: 3, 3: 2}
"""The greatest lengths of u and of v, by the number of elements."""
ORDER = "least number of elements, then table, then pair, then least u, then least v"


def between_copies(table: Table, pair: Pair, u: Word, v: Word) -> bool:
    """Return the wrong answer that cuts between copies of v only: h(u v^i) = s and h(v^j) = e for some i, j."""
    most = len(table) + 1
    first = any(value(table, u + v * i) == pair[0] for i in range(most + 1))
    return first and any(value(table, v * j) == pair[1] for j in range(1, most + 1))


def tables_are_counted(orders: Sequence[int], more: int = 0) -> Outcome:
    """Compare the numbers of semigroups that the search finds with the published ones, and with sums of orbits."""
    cases = 0
    for n in orders:
        numbered, up_to_names = PUBLISHED[n]
        found = semigroups(n)
        least = classes(found)
        got = len(found), len(least), sum(map(orbit, least))
        cases += 1
        if got != (numbered + more, up_to_names, numbered):
            return differs(
                "least number of elements",
                (f"{n} elements: {got[0]} tables, {got[1]} classes, n!/|Aut| adds up to {got[2]}",),
                got=got[0],
                right=numbered + more,
                elements=n,
            )
    return counted(
        cases, len(orders), f"semigroups with {max(orders)} elements and fewer", note="numbers 1, 8, 113, 3492"
    )


def pairs_are_linked(loose: bool = False) -> Outcome:
    """Check that s = s e = (s e) e for all linked pairs; with `loose` e need not be idempotent."""
    cases, tables = 0, [t for n in (1, 2, 3) for t in semigroups(n)]
    for table in tables:
        n = len(table)
        pairs = [(s, e) for s in range(n) for e in range(n) if table[s][e] == s] if loose else linked_pairs(table)
        for s, e in pairs:
            cases += 1
            if table[e][e] != e or table[table[s][e]][e] != s:
                return differs(ORDER, (f"{written(table)}: s = {s}, e = {e}",), got=table[e][e], right=e, s=s, e=e)
    expected = sum(len({row[e] for row in table}) for table in tables for e in idempotents(table))
    return counted(cases, expected, "all semigroups with at most 3 numbered elements")


def deciders_agree(decider: Decider = member_by_cuts) -> Outcome:
    """Compare the automaton with a second decider: at most 3 elements, |u| <= 2, |v| <= 3 or 2."""
    cases, expected = 0, 0
    for n in (1, 2, 3):
        for table in classes(semigroups(n)):
            pairs = linked_pairs(table)
            expected += len(pairs) * number_of_words(n, FIRST[n]) * number_of_words(n, REPEATED[n], 1)
            for pair in pairs:
                for u in words(n, FIRST[n]):
                    for v in words(n, REPEATED[n], 1):
                        cases += 1
                        got, right = decider(table, pair, u, v), member(table, pair, u, v)
                        if got != right:
                            return differs(
                                ORDER,
                                (
                                    f"{written(table)}, s = {pair[0]}, e = {pair[1]}, u = {spelled(u)}, v = "
                                    f"{spelled(v)}",
                                ),
                                got=int(got),
                                right=int(right),
                                cases=cases,
                                table=written(table),
                                u=spelled(u),
                                v=spelled(v),
                            )
    where = "one semigroup a class; |u| <= 2, |v| <= 3 for at most 2 elements, |u| <= 1, |v| <= 2 for 3"
    return counted(cases, expected, where)


STATEMENT = Statement(
    label="def:fixed-membership",
    title="Fixed membership over infinite words",
    mark="M",
    tex=(
        r"for a morphism $h:A^+\to S$ onto a finite semigroup and a set $P$ of linked pairs, $se=s$ and $e^2=e$: "
        r"given $u\in A^*$, $v\in A^+$, is $uv^\omega\in[P]=\bigcup_{(s,e)\in P}h^{-1}(s)h^{-1}(e)^\omega$?"
    ),
    steps=(
        Step(
            id="all-semigroups-are-found",
            says=(
                "The search over multiplication tables finds every semigroup with at most 3 elements; with 4 in the "
                "full tier."
            ),
            formal="number of tables and of classes for n <= 3, and 4 = published numbers = sums of n!/|Aut|",
            check=lambda: tables_are_counted((1, 2, 3)),
            mutants=(Mutant("one more", lambda: tables_are_counted((1, 2, 3), more=1)),),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: tables_are_counted((1, 2, 3, 4)),
                    mutants=(Mutant("one more", lambda: tables_are_counted((4,), more=1)),),
                ),
            ),
        ),
        Step(
            id="linked-pairs",
            says="The linked pairs with idempotent $e$ are the elements of $Se$, for each $e$.",
            formal=(
                "for all semigroups with <= 3 elements: pairs (s, e) with s e = s, e e = e; their number is sum |S e|"
            ),
            check=pairs_are_linked,
            mutants=(Mutant("e not idempotent", lambda: pairs_are_linked(loose=True)),),
        ),
        Step(
            id="question-is-decidable",
            says="A Büchi automaton that guesses the cuts and a search for cut positions give the same answers.",
            formal="for semigroups with <= 3 elements, |u| <= 2, |v| <= 3 (3 elements: 1, 2): both deciders agree",
            check=deciders_agree,
            mutants=(Mutant("cuts only between copies of v", lambda: deciders_agree(between_copies)),),
        ),
    ),
)
