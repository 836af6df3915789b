"""Transformers and the closure problem: out of reach for every non-solvable group with some F and r, not with all."""

from __future__ import annotations

from collections.abc import Sequence

from precise.claims import Control, Statement, Step
from proofs._all_words import explore
from proofs._block_words import Closure
from proofs._groups import Group, alternating, small_groups
from proofs._hardness_theorems import printed_steps, theorem_steps
from proofs._words_evidence import Outcome, counted, differs


def never_constant(groups: Sequence[Group], whole: bool, expected: int) -> Outcome:
    """Search for a group A at which the problem with r = 1 has one answer for all words; F is A or {1}."""
    for cases, group in enumerate(groups, 1):
        inside = frozenset(range(group.order)) if whole else frozenset({0})
        closure = Closure(group.table, inside, 1)
        states = explore(closure.begin, group.order, closure.extend)
        yes = sum(map(closure.accepts, states))
        if yes == len(states):
            return differs(
                "least group of the list",
                (
                    f"A = {group.name}, F = A, r = 1: every letter is a block",
                    f"of {len(states)} classes of words of every length {yes} are in the closure, 0 are not",
                ),
                got=0,
                right=1,
                cases=cases,
                group=group.name,
                elements=group.order,
                yes=yes,
            )
    return counted(len(groups), expected, "the listed groups with F = {1}, r = 1; words of every length")


STATEMENTS = (
    Statement(
        label="thm:closure@printed",
        title="The closure problem is out of reach, for every F and r",
        mark="V",
        where="Thm 5.7",
        as_printed=True,
        suspects=("S29", "S30", "S32"),
        tex=(
            "unless $TC^0=NC^1$ no such transformer solves the $(A_{F,r})^*$ closure problem, whatever $F$ and $r$ are"
        ),
        steps=(
            Step(
                id="hard-for-every-group",
                says="The problem is hard for every $(A,F,r)$, so it is not constant.",
                formal="for all groups A, F = A, r = 1: some word is not in the closure",
                expects="refuted",
                check=lambda: never_constant(small_groups(), True, 0),
                mutants=(Control("F = {1}", lambda: never_constant(small_groups()[1:], False, 13)),),
            ),
            Step(
                id="hard-for-every-f-over-a-non-solvable-group",
                says="Over a non-solvable group the problem is hard for every $F$ and $r$.",
                formal="for A = F = A_5, r = 1: some word is not in the closure",
                expects="refuted",
                check=lambda: never_constant((alternating(5),), True, 0),
                mutants=(Control("F = {1}", lambda: never_constant((alternating(5),), False, 1)),),
            ),
            *printed_steps(),
        ),
    ),
    Statement(
        label="thm:closure",
        title="The closure problem is out of reach for some F and r, unless TC0 = NC1",
        mark="V, D",
        where="Thm 5.7",
        repairs="thm:closure@printed",
        suspects=("S29", "S30", "S32"),
        tex=(
            r"if $TC^0\ne NC^1$ (uniform), for every finite non-solvable group $A$ there are $F$ and $r$ such that "
            "no family of these transformers decides the closure problem for $(A,F,r)$"
        ),
        uses=("thm:tensor-attention", "thm:rope-tensor-attention", "lem:closure-hard", "conv:io"),
        steps=theorem_steps(),
    ),
)
