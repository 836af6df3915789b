"""Barrington's theorem: the reduction from formulas is executed and proved, its uniformity is cited."""

from __future__ import annotations

from precise.claims import Further, Mutant, Statement, Step, Tier, cited
from proofs._barrington_checks import (
    all_formulas,
    certified,
    cycles_are_commutators,
    every_five_cycle,
    every_group,
    gadgets,
    last_dropped,
    lengths,
    reversed_program,
    three_variables,
)
from proofs._free_words import free_identities
from proofs._groups import alternating, non_solvable_groups
from proofs._kernel_barrington import FIVE_FURTHER, STEPS
from proofs._words_evidence import executed

CONJUNCTION, LENGTH, FIVE_POINTS, WITH_TARGET, EVERY_GROUP = STEPS
EXECUTED = (
    executed(
        CONJUNCTION,
        lambda: gadgets(non_solvable_groups()),
        Mutant("a b a b", lambda: gadgets(non_solvable_groups(), swapped=True)),
    ),
    executed(
        LENGTH,
        lambda: all_formulas(alternating(5), 2, 3),
        Mutant("instructions reversed", lambda: all_formulas(alternating(5), 2, 3, reversed_program)),
        Mutant("last instruction left out", lambda: all_formulas(alternating(5), 2, 3, last_dropped)),
        Mutant("twice as long", lambda: all_formulas(alternating(5), 2, 3, lambda p: p + p)),
        more=Further(
            tier=Tier.FULL,
            check=lambda: all_formulas(alternating(5), 2, 4),
            mutants=(Mutant("instructions reversed", lambda: all_formulas(alternating(5), 2, 4, reversed_program)),),
        ),
    ),
    executed(
        FIVE_POINTS,
        lambda: every_five_cycle(1),
        Mutant("instructions reversed", lambda: every_five_cycle(1, reversed_program)),
    ),
    executed(
        WITH_TARGET,
        lambda: every_group(2, 2),
        Mutant("instructions reversed", lambda: every_group(2, 2, reversed_program)),
    ),
    executed(EVERY_GROUP, three_variables, Mutant("last instruction left out", lambda: three_variables(last_dropped))),
)
"""The theorems of the kernel, each with what small formulas and groups show without it."""

UNIFORM = cited(
    id="uniformity-and-membership",
    says=(
        "A language in uniform $NC^1$ has formulas of logarithmic depth, so words of polynomial length, and the map "
        "is uniform; conversely the word problem of any finite group is in $NC^1$."
    ),
    formal="the word problem of a non-solvable group is complete for DLOGTIME-uniform NC1 under uniform projections",
    source=(
        "Barrington, JCSS 38 (1989) 150-164 (word problems of fixed groups, uniform in alternating logarithmic "
        "time); Barrington, Immerman and Straubing, JCSS 41 (1990) 274-306 (DLOGTIME-uniform version)"
    ),
)

STATEMENTS = (
    Statement(
        label="fact:barrington@reduction",
        title="Formulas as words over a non-solvable group",
        mark="M, D",
        suspects=("S29",),
        tex=(
            r"$G$ non-solvable, $c\ne1$ in its perfect core: a formula of depth $d$ in AND and OR has a word over "
            "$G$, each letter given by one variable, with product $c$ where it is true and $1$ where not; length "
            "at most $4^d$ where $c$ and all targets are single commutators"
        ),
        steps=(
            Step(
                id="five-cycles-are-commutators",
                says="Each 5-cycle is a commutator of two 5-cycles, so targets can stay among the 5-cycles.",
                formal="for all 24 5-cycles c of A_5 there are 5-cycles a, b: c = a b a^-1 b^-1",
                check=cycles_are_commutators,
                mutants=(Mutant("both powers of c", lambda: cycles_are_commutators(own_powers=True)),),
                further=(FIVE_FURTHER,),
            ),
            Step(
                id="parts-that-are-false-vanish",
                says="If one part of a conjunction has the product 1, the commutator cancels; NOT is one factor more.",
                formal="in every group: a a^-1 = 1, b b^-1 = 1, c^-1 c = 1",
                check=lambda: free_identities("a a^-1 = 1", "b b^-1 = 1", "c^-1 c = 1"),
                mutants=(Mutant("a b a^-1 b^-1 = 1", lambda: free_identities("a b a^-1 b^-1 = 1")),),
            ),
            Step(
                id="length-at-most-four-to-the-depth",
                says="A conjunction has twice the letters of both parts, at most four times the longer.",
                formal="for all m >= 1, a, b >= 0: 2 ((m - a) + (m - b)) <= 4 m",
                check=lambda: lengths("4"),
                mutants=(Mutant("999/1000 of 4", lambda: lengths("999/1000*4")),),
            ),
            Step(
                id="certified-words",
                says="The words of the formulas with at most one connective are stored, for a stranger to multiply.",
                formal="A_5, <= 1 connective, 2 variables, all inputs: product of the stored word = target iff true",
                check=certified,
                mutants=(Mutant("last instruction left out", lambda: certified(left_out=1)),),
            ),
            *EXECUTED,
        ),
    ),
    Statement(
        label="fact:barrington",
        title="Word problems of non-solvable groups are NC1-complete",
        mark="R, M",
        suspects=("S29",),
        tex=(
            r"for every finite non-solvable group the word problem, whether $g_1\cdots g_k=1$, is complete for "
            "$NC^1$ under projections"
        ),
        uses=("fact:barrington@reduction",),
        steps=(UNIFORM,),
    ),
)
