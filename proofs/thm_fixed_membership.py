"""Transformers and fixed membership: out of reach for some semigroup, not for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from precise.claims import Control, Statement, Step
from proofs._groups import Group, alternating, small_groups
from proofs._hardness_theorems import printed_steps, theorem_steps
from proofs._omega_words import Factorisations, beginnings, direct_test, loops, powers, splits_of, times
from proofs._semigroups import Pair, Table, linked_pairs, semigroups
from proofs._words_evidence import Outcome, counted, differs, written


def answers(table: Table, pair: Pair) -> tuple[int, int]:
    """Return how many classes of words u, v are members and how many are not; all words are covered."""
    automaton = Factorisations(table, pair)
    starts, yes, all_classes = beginnings(automaton), 0, 0
    for _, profile in loops(automaton):
        accepted = automaton.accepting(profile)
        yes += sum(bool(accepted & reached) for _, reached in starts)
        all_classes += len(starts)
    return yes, all_classes - yes


def of_semigroups() -> Iterator[tuple[Table, Pair]]:
    """Yield all semigroups with at most 2 elements with their linked pairs."""
    for n in (1, 2):
        for table in semigroups(n):
            for pair in linked_pairs(table):
                yield table, pair


def of_groups() -> Iterator[tuple[Table, Pair]]:
    """Yield the groups of order 2, 3 and 4 with the pairs (g, 1)."""
    for group in small_groups():
        if 2 <= group.order <= 4:
            for g in range(group.order):
                yield group.table, (g, 0)


def never_constant(problems: Iterable[tuple[Table, Pair]], expected: int) -> Outcome:
    """Search for a problem with one answer for all words: nothing but a constant projects to it."""
    cases = 0
    for table, pair in problems:
        cases += 1
        yes, no = answers(table, pair)
        if not yes or not no:
            return differs(
                "least number of elements, then table, then pair",
                (
                    f"semigroup with rows {written(table)}, s = {pair[0]}, e = {pair[1]}",
                    f"of {yes + no} classes of words u, v, of every length, {yes} are members and {no} are not",
                ),
                got=min(yes, no),
                right=1,
                cases=cases,
                elements=len(table),
                yes=yes,
                no=no,
            )
    return counted(cases, expected, "groups of order 2, 3, 4 with the pairs (g, 1)")


def some_value_recurs(group: Group, pairs: Iterable[int]) -> Outcome:
    """Search for one-letter words u, v over a group that are no member for P = {(g, 1) : g listed}."""
    listed, table, yes, no = list(pairs), group.table, 0, 0
    for u in range(group.order):
        for v in range(group.order):
            member = any(
                direct_test(table, (g, 0), u, splits_of(table, (v,)), group.order) for g in reached(group, u, v, listed)
            )
            yes, no = yes + member, no + (not member)
    if not no:
        return differs(
            "the one group of the step",
            (f"{group.name} with P = all (g, 1): {yes} of {yes} pairs of letters u, v are members, 0 are not",),
            got=no,
            right=1,
            cases=yes,
            group=group.name,
        )
    return counted(yes + no, group.order**2, f"{group.name}, {len(listed)} pairs, one letter each")


def reached(group: Group, u: int, v: int, listed: list[int]) -> list[int]:
    """Return the listed values that occur as prefix values of u v^omega behind u."""
    found = {times(group.table, u, c) for c in powers(group.table, v, group.order)}
    return [g for g in listed if g in found]


STATEMENTS = (
    Statement(
        label="thm:fixed-membership@printed",
        title="Fixed membership is out of reach, for every semigroup",
        mark="V",
        where="Thm 5.6",
        as_printed=True,
        suspects=("S29", "S30", "S32"),
        tex=r"unless $TC^0=NC^1$ no such transformer solves the fixed membership problem, whatever $h$ and $P$ are",
        steps=(
            Step(
                id="hard-for-every-semigroup",
                says="The problem is hard for every $(h,P)$, so it is not constant.",
                formal="for all semigroups, linked pairs: some u v^omega is in [P] and some is not",
                expects="refuted",
                check=lambda: never_constant(of_semigroups(), 0),
                mutants=(
                    Control("groups of order 2 to 4 with (g, 1)", lambda: never_constant(of_groups(), 2 + 3 + 4 + 4)),
                ),
            ),
            Step(
                id="hard-for-every-set-of-pairs",
                says="Over a non-solvable group the problem is hard for every $P$.",
                formal="for P = {(g, 1) : g in A_5}: some u v^omega with letters u, v is not in [P]",
                expects="refuted",
                check=lambda: some_value_recurs(alternating(5), range(60)),
                mutants=(Control("P = {(1, 1)}", lambda: some_value_recurs(alternating(5), [0])),),
            ),
            *printed_steps(),
        ),
    ),
    Statement(
        label="thm:fixed-membership",
        title="Fixed membership is out of reach for some semigroup, unless TC0 = NC1",
        mark="V, D",
        where="Thm 5.6",
        repairs="thm:fixed-membership@printed",
        suspects=("S29", "S30", "S32"),
        tex=(
            r"if $TC^0\ne NC^1$ (uniform), there are a finite semigroup $S$, a morphism $h:A^+\to S$ and linked "
            "pairs $P$ such that no family of these transformers decides fixed membership for $(h,P)$ under "
            "`conv:io`"
        ),
        uses=("thm:tensor-attention", "thm:rope-tensor-attention", "lem:membership-hard", "conv:io"),
        steps=theorem_steps(),
    ),
)
