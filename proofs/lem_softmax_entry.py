"""Error of one softmax entry: four roundings, whatever the number of scores."""

from fractions import Fraction

from precise.claims import Control, Mutant, Scope, Statement, Step, Tier
from precise.claims.expression import Exact
from proofs._kernel_sums import SOFTMAX_ERROR, SOFTMAX_MUTANTS
from proofs._range import EXPONENTIALS, QUOTIENT, RANGE, TOTAL
from proofs._straight_line import ENTRY
from proofs._weights import (
    PRECISIONS,
    all_within,
    entry_for_all_p,
    entry_instances,
    entry_rule,
    extremes_are_at_the_ends,
    mean_error_is_an_error,
    one_unit,
)
from proofs._worst_entries import STATEMENT as WORST

SMALL = Scope.listed_p(PRECISIONS, "N <= 2, scores in multiples of 1/2 up to 3")
WITNESS: dict[str, Exact] = {"p": 2, "z1": Fraction(1, 2), "z2": 0, "a1": Fraction(3, 2), "a2": 1}

STATEMENTS = (
    Statement(
        label="lem:softmax-entry@one-unit",
        title="Softmax entry, claimed within one unit roundoff",
        mark="D",
        tex=r"$|\hat w_j-w_j|\le2^{-p}w_j$",
        suspects=("X2",),
        steps=(
            Step(
                id="error-at-most-one-unit",
                says=r"A computed entry has relative error at most $2^{-p}$.",
                formal="for p in 2..4, N <= 2, scores in multiples of 1/2 up to 3: |error| <= 2**-p w",
                check=lambda: all_within(entry_instances(PRECISIONS, (1, 2)), one_unit, SMALL, refute=True),
                expects="refuted",
                mutants=(
                    Control(
                        "N = 1, where the entry is 1",
                        lambda: all_within(entry_instances(PRECISIONS, (1,)), one_unit, SMALL, refute=True),
                    ),
                ),
            ),
        ),
    ),
    Statement(
        label="lem:softmax-entry",
        title="Error of one softmax entry",
        mark="D",
        tex=(
            r"For scores $z_j$ and computed exponentials $a_j$, $D=round_p(\sum_ja_j)$, $\hat w_j=round_p(a_j/D)$, "
            r"$w_j=e^{z_j}/\sum_ie^{z_i}$, "
            + RANGE
            + r"$|\hat w_j-w_j|\le\frac{4u+2u^2}{1-u}w_j$ if each $a_j$ is within $u$ of $e^{z_j}$, relatively, the "
            r"sum is at most $\Omega$ and $\lambda\le a_j/D\le\Omega$; $4u+4u^2$ if exp is correctly rounded."
        ),
        repairs="lem:softmax-entry@one-unit",
        uses=("lem:round-rel-error",),
        hypotheses=("p >= 2", EXPONENTIALS, TOTAL, QUOTIENT),
        witness=WITNESS,
        steps=(
            Step(
                id="sum-has-the-error-of-its-terms",
                says="A sum of nonnegative terms has at most the relative error of its terms.",
                formal="for all A, B, u, x, y >= 0: A u/(1 + x) + B u/(1 + y) <= u (A + B)",
                check=mean_error_is_an_error,
                mutants=(Mutant("0.999 of it", lambda: mean_error_is_an_error("999/1000")),),
            ),
            Step(
                id="extremes-are-at-the-ends",
                says="A quotient of products of positive factors is extreme where every factor is.",
                formal="for all N, x, y >= 0: N/((1 + x)(1 + y)) <= N <= N (1 + x)(1 + y)",
                check=extremes_are_at_the_ends,
                mutants=(Mutant("the other sense", lambda: extremes_are_at_the_ends(">=")),),
            ),
            Step(
                id="four-roundings",
                says="Exp and quotient above, exp in the sum and its rounding below give both constants exactly.",
                formal="for all p >= 2, u = 2**-p, v = u/(1+u): (1+u)(1+v)/((1-u)(1-v)) - 1 = (4u+2u^2)/(1-u),"
                " (1+v)^2/(1-v)^2 - 1 = 4u+4u^2, and the lower ends are nearer",
                check=entry_for_all_p,
                mutants=(Mutant("the bound times 0.999", lambda: entry_for_all_p("999/1000")),),
            ),
            Step(
                id="bound-holds-for-every-length",
                says="Both bounds hold for every number of scores, by induction over the sums.",
                formal="for all p >= 2, N >= 1, z, a with a_j a float, sum a_j <= omega, a_j/D 0 or in range: "
                "|w^_j - w_j| <= (4u+2u^2)/(1-u) w_j if all |a_j - e^z_j| <= u e^z_j; "
                "|w^_j - w_j| <= (4u+4u^2) w_j if all |a_j - e^z_j| <= u/(1+u) e^z_j",
                check=SOFTMAX_ERROR.proved,
                tier=Tier.KERNEL,
                mutants=SOFTMAX_MUTANTS,
            ),
        ),
    ),
    Statement(
        label="lem:softmax-entry@small-p",
        of_code=True,
        title="Error of one softmax entry, instance by instance",
        mark="D",
        tex=r"$|\hat w_j-w_j|\le(4u+4u^2)w_j$",
        uses=("lem:softmax-entry",),
        steps=(
            Step(
                id="bound-holds",
                says="The bound of the package holds for the body.",
                formal="for p in 2..4, N <= 2, scores in multiples of 1/2 up to 3: |error| <= softmax_entry_bound w",
                check=lambda: all_within(entry_instances(PRECISIONS, (1, 2)), entry_rule, SMALL),
                mutants=(
                    Mutant(
                        "a third of the bound",
                        lambda: all_within(entry_instances(PRECISIONS, (2,)), entry_rule, SMALL, Fraction(1, 3)),
                    ),
                ),
            ),
        ),
    ),
    ENTRY,
    WORST,
)
