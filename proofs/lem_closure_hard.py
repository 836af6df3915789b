"""The closure problem over a group with F = {1}: the word problem with padding between the letters."""

from __future__ import annotations

from precise.claims import Further, Mutant, Statement, Step, Tier
from proofs._closure_checks import (
    FULL,
    QUICK,
    certified_padding,
    every_value_is_reached,
    formulas_become_words,
    gap,
    large,
    least_length,
    map_is_right,
    middle,
    right_from,
    stated,
)
from proofs._free_words import free_identities
from proofs._kernel_barrington import IN_CLOSURE_FURTHER
from proofs._kernel_words import GAPS_STEP, HARD_FURTHER, REACHED_STEP, SHARP_STEP
from proofs._words_evidence import executed

STATEMENTS = (
    Statement(
        label="lem:closure-hard@equivalence",
        title="The closure problem over a group is its word problem, padded",
        mark="D",
        suspects=("S29",),
        tex=(
            r"$A=G$ a finite group, $F=\{1\}$, $r=4|G|+1$, $\sigma=\prod_{h\in G}hh^{-1}$: $g_1\sigma "
            r"g_2\sigma\cdots g_k\sigma\in(A_{F,r})^*$ iff $g_1\cdots g_k=1$"
        ),
        steps=(
            Step(
                id="cuts-are-positions",
                says=(
                    "A block $b$ behind prefix value $q$ is $q^{-1}(qb)$: it has value 1 iff both its ends have the "
                    "same."
                ),
                formal="in every group: q^-1 q b = b, q^-1 q = 1",
                check=lambda: free_identities("q^-1 q b = b", "q^-1 q = 1"),
                mutants=(Mutant("inverse on the other side", lambda: free_identities("q b q^-1 = b")),),
            ),
            Step(
                id="value-one-occurs-in-sigma",
                says=(
                    r"Inside $\sigma$ behind prefix value $q$ the pairs cancel, so the prefixes are $qh$ for all "
                    r"$h$; $h=q^{-1}$ gives 1, and behind $\sigma$ the value is $q$ again."
                ),
                formal="in every group: q f f^-1 h = q h, q q^-1 = 1, q h h^-1 = q",
                check=lambda: free_identities("q f f^-1 h = q h", "q q^-1 = 1", "q h h^-1 = q"),
                mutants=(Mutant("sigma of single letters", lambda: free_identities("q f h = q h")),),
            ),
            Step(
                id="stored-words",
                says="The words $q\\sigma$ over $S_3$ and $A_4$ are stored, for a stranger to multiply.",
                formal="S_3, A_4, all q: q sigma up to q^-1 has the value 1, q sigma the value q",
                check=certified_padding,
                mutants=(Mutant("cut one letter early", lambda: certified_padding(early=1)),),
            ),
            Step(
                id="gaps-are-short",
                says=(
                    "Positions of value 1 in neighbouring paddings are at most $4|G|-1$ apart, and so is the first "
                    "from 0."
                ),
                formal="for all n >= 1, places 1 + a and n - b: 2n + 1 + 2(n - b - 1 - a) <= 4n - 1 <= 4n + 1",
                check=lambda: gap("(4*n - 1)"),
                mutants=(
                    Mutant("4n - 2", lambda: gap("(4*n - 2)")),
                    Mutant("999/1000 of 4n - 1", lambda: gap("999/1000*(4*n - 1)")),
                ),
            ),
            Step(
                id="map-is-right",
                says="So the padded word is in the closure iff the last prefix value, which is the product, is 1.",
                formal="for all finite groups, all orders of sigma, all words, r = 4 |G| + 1: in iff product 1",
                check=lambda: map_is_right(middle(), stated, QUICK),
                mutants=(
                    Mutant("r = 4|G| - 4", lambda: map_is_right(middle(), lambda n: 4 * n - 4 or 1, QUICK)),
                    Mutant("no padding", lambda: map_is_right(middle(), stated, QUICK, bare=True)),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: map_is_right(large(), stated, FULL),
                        mutants=(Mutant("r = 4|G| - 4", lambda: map_is_right(large(), lambda n: 4 * n - 4, FULL)),),
                    ),
                    HARD_FURTHER,
                ),
            ),
            executed(
                REACHED_STEP,
                every_value_is_reached,
                Mutant("letters h without h^-1", lambda: every_value_is_reached(inverses=False)),
            ),
            executed(
                GAPS_STEP,
                lambda: map_is_right(middle(), lambda n: 4 * n - 1, QUICK),
                Mutant("4|G| - 2", lambda: map_is_right(middle(), lambda n: max(1, 4 * n - 2), QUICK)),
            ),
        ),
    ),
    Statement(
        label="lem:closure-hard@least-length",
        title="The least length of blocks for which the reduction works",
        mark="D",
        tex=r"for the map $g\mapsto g\sigma$ the least $r$ is $4|G|-3$ or $4|G|-1$, by the order of $\sigma$",
        uses=("lem:closure-hard@equivalence",),
        steps=(
            executed(
                SHARP_STEP,
                lambda: right_from(lambda n: 4 * n - 1),
                Mutant("4|G| - 2", lambda: right_from(lambda n: 4 * n - 2)),
                Mutant("4|G|", lambda: right_from(lambda n: 4 * n)),
            ),
            Step(
                id="least-block-length",
                says=(
                    "The least r is $4|G|-3$ where the identity comes first in $\\sigma$, and $4|G|-1$ where it "
                    "comes second and $|G|\\ge3$; so $4|G|-1$ is enough for every order and can be needed."
                ),
                formal="for all groups of order <= 8: least r = 4|G| - 3 or 4|G| - 1, by search from 1",
                check=lambda: least_length(lambda n: 4 * n - 3, lambda n: 4 * n - (3 if n < 3 else 1)),
                mutants=(
                    Mutant("4|G| - 1 for both", lambda: least_length(lambda n: 4 * n - 1, lambda n: 4 * n - 1)),
                    Mutant("4|G| - 3 for both", lambda: least_length(lambda n: 4 * n - 3, lambda n: 4 * n - 3)),
                ),
            ),
        ),
    ),
    Statement(
        label="lem:closure-hard",
        title="The closure problem is NC1-hard over a non-solvable group",
        mark="D",
        suspects=("S29",),
        tex=r"for non-solvable $G$ the closure problem of $(G,\{1\},4|G|+1)$ is $NC^1$-hard under projections",
        uses=("lem:closure-hard@equivalence", "fact:barrington"),
        steps=(
            Step(
                id="formulas-become-words",
                says=(
                    "The word of a formula for an input, padded: in the closure iff the formula is false. The "
                    "padding is constant, so the map is still a projection."
                ),
                formal=(
                    "for all finite groups with no trivial derived subgroup, r = 4 |G| + 1, formulas of depth d: a "
                    "word of 1 to (4 |G|)^d letters, each given by one variable; padded, it is in the closure iff "
                    "the formula is false"
                ),
                check=lambda: formulas_become_words(2, 1),
                mutants=(
                    Mutant("last instruction left out", lambda: formulas_become_words(2, 1, lambda p: p[:-1])),
                    Mutant("instructions reversed", lambda: formulas_become_words(2, 1, lambda p: p[::-1])),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: formulas_become_words(2, 2),
                        mutants=(
                            Mutant("instructions reversed", lambda: formulas_become_words(2, 2, lambda p: p[::-1])),
                        ),
                    ),
                    IN_CLOSURE_FURTHER,
                ),
            ),
        ),
    ),
)
