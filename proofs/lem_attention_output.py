"""Error of the weighted sum: bounded by the weighted magnitudes, not by the output itself."""

from fractions import Fraction

from precise.claims import Control, Mutant, Scope, Statement, Step, Tier
from proofs._circuit_networks_of_papers import ATTENTION as NETWORK
from proofs._kernel_sums import ATTENTION_ERROR, ATTENTION_MUTANTS
from proofs._range import EXPONENTIALS, OUTPUT, PRODUCTS, RANGE, SUM, TOTAL
from proofs._straight_line import MEAN
from proofs._weights import all_within, output_for_all_p, output_instances, output_rule, relative_to_output

LISTED = (2, 3)
SMALL = Scope.listed_p(
    LISTED, "N = 2, the 24 least pairs of scores in multiples of 1/2 up to 2, all values in [1, 2) of both signs"
)

STATEMENTS = (
    Statement(
        label="lem:attention-output@relative",
        title="Weighted sum, claimed accurate relative to the output",
        mark="D",
        tex=r"$|\hat o-o|\le c\,|o|$",
        suspects=("S25",),
        steps=(
            Step(
                id="error-relative-to-the-output",
                says="The error is at most the constant of the lemma times the magnitude of the output.",
                formal="for p in 2..3, N = 2, 24 score vectors, values in [1, 2) of both signs: |error| <= c |o|",
                check=lambda: all_within(output_instances(LISTED, (2,)), relative_to_output, SMALL, refute=True),
                expects="refuted",
                mutants=(
                    Control(
                        "positive values",
                        lambda: all_within(
                            output_instances(LISTED, (2,), nonnegative=True),
                            relative_to_output,
                            SMALL,
                            refute=True,
                        ),
                    ),
                ),
            ),
        ),
    ),
    Statement(
        label="lem:attention-output",
        title="Error of the weighted sum",
        mark="D",
        tex=(
            r"For scores $z_k$, computed exponentials $a_k$ and values $b_k$: $S=\sum_kround_p(a_kb_k)$, "
            r"$N=round_p(S)$, $D=round_p(\sum_ka_k)$, $\hat o=round_p(N/D)$, $w_k=e^{z_k}/\sum_ie^{z_i}$, "
            r"$o=\sum_kw_kb_k$; "
            + RANGE
            + r"$|\hat o-o|\le\Big(\frac{(1+u)^4}{(1-u)^2}-1\Big)\sum_kw_k|b_k|$ if each $a_k$ is within $u$ of "
            r"$e^{z_k}$, relatively, $\sum_ka_k\le\Omega$, and each $a_kb_k$, $S$ and $N/D$ is 0 or in "
            r"$[\lambda,\Omega]$ in magnitude."
        ),
        repairs="lem:attention-output@relative",
        uses=("lem:softmax-entry", "lem:round-rel-error"),
        hypotheses=("p >= 2", EXPONENTIALS, TOTAL, PRODUCTS, SUM, OUTPUT),
        witness={"p": 2, "z1": Fraction(1, 2), "z2": 0, "a1": Fraction(3, 2), "a2": 1, "b1": 2, "b2": -1},
        steps=(
            Step(
                id="six-roundings",
                says="Exp, product, sum and quotient above, exp in D and its rounding below.",
                formal="for all p >= 2: (1+u)(1+v)^3/((1-u)(1-v)) <= (1+u)^4/(1-u)^2, and the lower end is nearer",
                check=output_for_all_p,
                mutants=(Mutant("half the bound", lambda: output_for_all_p("1/2")),),
            ),
            Step(
                id="bound-holds-for-every-length",
                says="The bound holds for every number of terms, by induction over the sums.",
                formal="for all p >= 2, N >= 1, z, a, b as in the hypotheses: "
                "|o^ - o| <= ((1+u)^4/(1-u)^2 - 1) sum w_k |b_k|",
                check=ATTENTION_ERROR.proved,
                tier=Tier.KERNEL,
                mutants=ATTENTION_MUTANTS,
            ),
        ),
    ),
    Statement(
        label="lem:attention-output@small-p",
        of_code=True,
        title="Error of the weighted sum, instance by instance",
        mark="D",
        tex=r"$|\hat o-o|\le c\sum_Jw_J|v_J|$",
        uses=("lem:attention-output",),
        steps=(
            Step(
                id="bound-holds",
                says="The bound of the package holds for the body.",
                formal="for p in 2..3, N = 2, 24 score vectors, values in [1, 2): |error| <= attention_output_bound",
                check=lambda: all_within(output_instances(LISTED, (2,)), output_rule, SMALL),
                mutants=(
                    Mutant(
                        "a tenth of the bound",
                        lambda: all_within(output_instances(LISTED, (2,)), output_rule, SMALL, Fraction(1, 10)),
                    ),
                ),
            ),
        ),
    ),
    MEAN,
    NETWORK,
)
