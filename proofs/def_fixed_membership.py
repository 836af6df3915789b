"""Fixed membership over infinite words: the question, decided in two ways for all small semigroups and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from precise.claims import Further, Mutant, Statement, Step, Tier
from proofs._all_words import Word, number_of_words, spelled, words
from proofs._factorisations import member_by_cuts
from proofs._kernel_automata import DECIDED, LINKED_PAIRS
from proofs._omega_words import direct_test, member, splits_of, value
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


def by_search(table: Table, pair: Pair, u: Word, v: Word) -> bool:
    """Return the answer of the search over the splits of v and powers up to the number of elements."""
    return direct_test(table, pair, value(table, u), splits_of(table, v), len(table))


def exchanged(table: Table, pair: Pair, u: Word, v: Word) -> bool:
    """Return the answer for (e, s) in place of (s, e)."""
    return member(table, pair[::-1], u, v)


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
    """Check that s = s e and e e = e in all linked pairs, and count them by S e; with `loose` any e will do."""
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


def deciders_agree(*deciders: Decider) -> Outcome:
    """Compare the automaton with other deciders: at most 3 elements, |u| <= 2, |v| <= 3 or 2."""
    cases, expected = 0, 0
    for n in (1, 2, 3):
        for table in classes(semigroups(n)):
            pairs = linked_pairs(table)
            expected += len(pairs) * number_of_words(n, FIRST[n]) * number_of_words(n, REPEATED[n], 1)
            for pair in pairs:
                for u in words(n, FIRST[n]):
                    for v in words(n, REPEATED[n], 1):
                        cases += 1
                        right = member(table, pair, u, v)
                        got = next((a for d in deciders if (a := d(table, pair, u, v)) != right), right)
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
    note = "a Büchi automaton that guesses the cuts and a search for cut positions agree with the search"
    return counted(cases, expected, where, note=note)


DEFINITION = Statement(
    label="def:fixed-membership",
    title="Fixed membership over infinite words",
    mark="M",
    tex=(
        r"for a morphism $h:A^+\to S$ onto a finite semigroup and a set $P$ of linked pairs, $se=s$ and $e^2=e$: "
        r"given $u\in A^*$, $v\in A^+$, is $uv^\omega\in[P]=\bigcup_{(s,e)\in P}h^{-1}(s)h^{-1}(e)^\omega$?"
    ),
    steps=(
        Step(
            id="linked-pairs",
            says="The linked pairs with idempotent $e$ are the elements of $Se$, for each $e$.",
            formal="for all semigroups S, all e with e e = e, all s: s e = s iff s = t e for some t in S",
            check=pairs_are_linked,
            mutants=(Mutant("e not idempotent", lambda: pairs_are_linked(loose=True)),),
            further=(
                LINKED_PAIRS.further(
                    LINKED_PAIRS.mutant(
                        "e not idempotent", "prod e e = e -> ", "", lambda: pairs_are_linked(loose=True)
                    )
                ),
            ),
        ),
        Step(
            id="question-is-decidable",
            says="A search over the pairs, the splits of $v$ and its powers up to $|S|$ decides the question.",
            formal=(
                "for all finite S, maps h of letters, sets P of linked pairs, words u, words v != empty: u v^omega "
                "in [P] iff for some (s, e) in P, v = v1 v2, i, j <= |S|: h(u v^i v1) = s and h(v2 v^j v1) = e"
            ),
            check=lambda: deciders_agree(by_search, member_by_cuts),
            mutants=(Mutant("cuts only between copies of v", lambda: deciders_agree(between_copies)),),
            further=(
                DECIDED.further(
                    DECIDED.mutant(
                        "the pair exchanged", "=> P s e = true", "=> P e s = true", lambda: deciders_agree(exchanged)
                    )
                ),
            ),
        ),
    ),
)

TABLES = Statement(
    label="def:fixed-membership@tables",
    title="The small semigroups on which deciders are compared",
    mark="D",
    tex="all multiplication tables of semigroups with at most 3 elements, in the full tier with 4",
    uses=("def:fixed-membership",),
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
    ),
)

STATEMENTS = (DEFINITION, TABLES)
