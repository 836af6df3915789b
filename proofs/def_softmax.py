"""Softmax: the printed one divides 0 by 0 or overflows; with scores in range, or shifted, it does neither."""

from precise.claims import Control, Hypothesis, Mutant, Statement, Step
from proofs._circuit_networks_of_papers import SOFTMAX as NETWORK
from proofs._softmax import (
    anything,
    equals_formula,
    in_range,
    least_failure,
    overflow,
    shifted_sum_below_one,
    small,
    wrong_value,
    zero_over_zero,
)

TEX = r"$w_j=e_j/D$, $e_j=\exp z_j$, $D=\sum_je_j$"
RANGE = Hypothesis(
    "every exp z_j is a number between the least float and a sixth of the largest", lambda w: w["z"] == 0
)


def below_two(xp, z, p):  # type: ignore[no-untyped-def]
    """Return the failure of the shifted sum to be at least 2: a wrong claim."""
    return shifted_sum_below_one(xp, z, p, factor=2)


STATEMENTS = (
    Statement(
        label="def:softmax@printed",
        title="Softmax as printed, defined for all scores",
        mark="M, V",
        as_printed=True,
        where="Def 2.20",
        tex=TEX + r" for all $z\in\mathbb F_p^N$",
        suspects=("S23",),
        steps=(
            Step(
                id="sum-is-never-zero",
                says="The sum $D$ of the rounded exponentials is not 0.",
                formal="for p in 2..3, N <= 2, for all z of F_p^N: D != 0",
                check=lambda: least_failure(zero_over_zero, anything),
                expects="refuted",
                mutants=(Control("scores in range", lambda: least_failure(zero_over_zero, in_range)),),
            ),
            Step(
                id="sum-never-overflows",
                says=r"The sum of the exponentials is at most $\Omega$.",
                formal="for p in 2..3, N <= 2, for all z of F_p^N: sum of exp z_j <= the largest float",
                check=lambda: least_failure(overflow, anything),
                expects="refuted",
                mutants=(Control("scores in range", lambda: least_failure(overflow, in_range)),),
            ),
        ),
    ),
    Statement(
        label="def:softmax",
        title="Softmax, of scores in range or with the maximum subtracted",
        mark="D",
        repairs="def:softmax@printed",
        tex=TEX + r" where every $\exp z_j$ and $D$ are in range; or $e_j=\exp(z_j-\max z)$",
        hypotheses=(RANGE,),
        witness={"z": 0},
        steps=(
            Step(
                id="body-equals-formula",
                says="Both variants of the body are quotients of exponentials by their sum.",
                formal="for N <= 3, for all real z: softmax_j = exp(z_j - c) / sum of exp(z_i - c), c = 0 or max z",
                check=equals_formula,
                cells=("symbols",),
                mutants=(Mutant("not divided", lambda: equals_formula(divided=False)),),
            ),
        ),
    ),
    Statement(
        label="def:softmax@floats",
        of_code=True,
        title="What the two variants compute in p-bit floats",
        mark="D",
        tex=r"one rounding each of $e_j$, $D$ and the quotient; shifted also of $z_j-\max z$",
        uses=("def:softmax",),
        hypotheses=(RANGE,),
        witness={"z": 0},
        steps=(
            Step(
                id="in-range-paper-softmax-is-rounded-three-times",
                says="For scores in range the printed softmax is defined and rounds exp, sum and quotient once each.",
                formal="for p in 2..3, N <= 2, all z in range: softmax = round(round(exp z_j) / round(sum))",
                check=lambda: least_failure(wrong_value("paper"), in_range),
                mutants=(
                    Mutant(
                        "the shifted variant",
                        lambda: least_failure(wrong_value("paper", "shifted"), in_range),
                    ),
                ),
            ),
            Step(
                id="shifted-sum-is-at-least-1",
                says="With the maximum subtracted the largest term is exactly 1, so the sum is at least 1.",
                formal="for p in 2..3, N <= 2, all z with |z| <= 2**p: D >= 1",
                check=lambda: least_failure(shifted_sum_below_one, small),
                mutants=(Mutant("at least 2", lambda: least_failure(below_two, small)),),
            ),
            Step(
                id="shifted-softmax-is-rounded-four-times",
                says="The shifted softmax rounds difference, exp, sum and quotient once each.",
                formal="for p in 2..3, N <= 2, all z with |z| <= 2**p: softmax = the formula with four roundings",
                check=lambda: least_failure(wrong_value("shifted"), small),
                mutants=(
                    Mutant(
                        "the printed variant",
                        lambda: least_failure(wrong_value("shifted", "paper"), in_range),
                    ),
                ),
            ),
        ),
    ),
    NETWORK,
)
