"""Matrix product: its value, its error, its depth."""

from fractions import Fraction

from precise import Pairwise, Sequential, exact_then_round
from precise.claims import Control, Mutant, Statement, Step, Tier
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import DOT, MATMUL
from proofs._depths import SIMULATED, Claimed, depth_steps
from proofs._kernel_sums import MATMUL_ERROR
from proofs._matmul import (
    CELLS,
    bound_for_all_p,
    bound_on_instances,
    chained,
    entries_are,
    fused,
    one_more_rounding,
    sum_of_rounded_products,
    sums_near_the_least,
)
from proofs._range import PARTIAL_SUMS, PRODUCTS, RANGE, SUM
from proofs._sums import (
    chain_value,
    gamma_bounds_chains,
    package_gamma,
    sums_are_the_named_ones,
    sums_within,
    tree_value,
)
from proofs._worst_products import STATEMENT as WORST

CLAIMED = Claimed(
    path="s+P",
    in_sequence="s+P",
    sizes={"multiply": "n**2*d", "sum": "n**2", "terms of sum": "n**2*d"},
    printed="s+P",
)
OTHER = Claimed(path="2s+P", in_sequence="2s+P", sizes=CLAIMED.sizes)
TEX = r"$\hat c_{ij}=round_p\big(\sum_kround_p(A_{ik}B_{kj})\big)$"

STATEMENTS = (
    Statement(
        label="lem:matmul@small-p",
        of_code=True,
        title="Value and error of the matrix product, instance by instance",
        mark="R, D",
        tex=TEX,
        steps=(
            Step(
                id="sum-is-the-named-one",
                says="A sum is exact then rounded, a chain, or a tree of rounded additions, as its order says.",
                formal="for p in 2..3, n in 1, 2, 3, 4, 5, 7, three orders: sum = the chain, tree or rounded exact sum",
                check=sums_are_the_named_ones,
                mutants=(
                    Mutant("a chain for the tree", lambda: sums_are_the_named_ones([(Pairwise(), chain_value)])),
                    Mutant("a tree for the chain", lambda: sums_are_the_named_ones([(Sequential(), tree_value)])),
                    Mutant(
                        "a chain for the exact sum", lambda: sums_are_the_named_ones([(exact_then_round, chain_value)])
                    ),
                ),
            ),
            Step(
                id="sum-bound-holds",
                says="The bound of a sum holds for every order, accumulator and rounding mode of the list.",
                formal="for p in 2..3, n <= 4, six accumulators, RNE RTZ RTP: |error| <= sum_bound * sum |x|",
                check=sums_within,
                mutants=(Mutant("half the bound", lambda: sums_within(Fraction(1, 2))),),
            ),
            Step(
                id="gamma-bounds-a-chain",
                says=r"$(1+u)^n-1\le nu/(1-nu)$ where $nu<1$.",
                formal="for all p >= 2, u = 2^-p, n >= 1 with n u < 1: (1 + u)^n - 1 <= n u/(1 - n u), by induction",
                check=gamma_bounds_chains,
                mutants=(Mutant("gamma times 0.999", lambda: gamma_bounds_chains("999/1000")),),
            ),
            Step(
                id="gamma-of-the-package",
                says="The package's constant is this bound.",
                formal="for n in 1..6, u = 1/t: gamma(n, u) = (n/t)/(1 - n/t)",
                check=package_gamma,
                mutants=(Mutant("n u alone", lambda: package_gamma("1")),),
            ),
            Step(
                id="entry-is-rounded-sum-of-rounded-products",
                says="An entry is the exact sum of the rounded products, rounded once.",
                formal="for p in 2, 3, for all vectors of the grids: matmul = round_p(sum of round_p(a b))",
                check=lambda: entries_are(sum_of_rounded_products),
                cells=CELLS,
                mutants=(
                    Mutant("products not rounded", lambda: entries_are(fused)),
                    Mutant("a chain of rounded additions", lambda: entries_are(chained)),
                ),
            ),
            Step(
                id="bound-holds-for-all-orders",
                says="The bound of the package holds for every order of accumulation, and is nearly attained.",
                formal="for p in 2, 3, 11, eight orders, all instances: |error| <= matmul_bound * sum |a||b|",
                check=bound_on_instances,
                mutants=(Mutant("the bound times 0.999", lambda: bound_on_instances(Fraction(999, 1000))),),
            ),
        ),
    ),
    Statement(
        label="lem:matmul@products-in-range",
        title="Error of the matrix product where only the products are in range",
        mark="D",
        tex=r"$|\hat c-c|\le\big((1+\frac u{1+u})^2-1\big)\sum_k|a_k||b_k|$ if each $a_kb_k$ is in range.",
        suspects=("X1",),
        steps=(
            Step(
                id="products-in-range-suffice",
                says="The bound holds if no product underflows, whatever becomes of the sum.",
                formal="for p in 2..4, b = (1, 1), a_1 > 0 > a_2 in the two lowest binades: |error| <= bound",
                check=lambda: sums_near_the_least(False),
                expects="refuted",
                mutants=(Control("the sum in range too", lambda: sums_near_the_least(True)),),
            ),
        ),
    ),
    Statement(
        label="lem:matmul@error",
        title="Error of the matrix product",
        mark="D",
        tex=(
            r"For floats $a_k,b_k$, $c=\sum_ka_kb_k$, $\hat c=round_p(S)$, $S=\sum_kround_p(a_kb_k)$, "
            + RANGE
            + r"$|\hat c-c|\le\big((1+\frac u{1+u})^2-1\big)\sum_k|a_k||b_k|$ if each $a_kb_k$ and $S$ is 0 or in "
            r"$[\lambda,\Omega]$ in magnitude."
        ),
        repairs="lem:matmul@products-in-range",
        suspects=("X1",),
        uses=("lem:round-rel-error",),
        hypotheses=("p >= 2", PRODUCTS, SUM),
        witness={"p": 2, "a1": Fraction(3, 2), "b1": Fraction(3, 2), "a2": 1, "b2": Fraction(-1, 2)},
        steps=(
            Step(
                id="error-at-most-two-roundings",
                says="Each product and the sum add one relative error $v=u/(1+u)$, whatever the number of terms.",
                formal="for all p >= 2, v = u/(1+u), E <= v S, C <= S: E + v (C + E) <= ((1 + v)^2 - 1) S",
                check=bound_for_all_p,
                mutants=(
                    Mutant("the bound times 0.999", lambda: bound_for_all_p("999/1000")),
                    Mutant("half the bound", lambda: bound_for_all_p("1/2")),
                ),
            ),
            Step(
                id="bound-holds-for-every-length",
                says="By induction over the terms the bound holds for every number of them.",
                formal="for all p >= 2, n >= 0, a_k, b_k with all products and S 0 or in range: |c^ - c| <= "
                "((1 + u/(1+u))^2 - 1) sum |a_k| |b_k|",
                check=MATMUL_ERROR.proved,
                tier=Tier.KERNEL,
                mutants=(
                    MATMUL_ERROR.mutant(
                        "bound times 999/1000",
                        "<= ((1 + u p / (1 + u p)) ^ 2 - 1) *",
                        "<= 999 / 1000 * ((1 + u p / (1 + u p)) ^ 2 - 1) *",
                        lambda: bound_on_instances(Fraction(999, 1000), (exact_then_round,)),
                    ),
                    MATMUL_ERROR.mutant(
                        "the sum out of range",
                        "in_range p (total (map (fun t => rnd (fst t * snd t)) l)) ->",
                        "",
                        lambda: sums_near_the_least(False),
                    ),
                ),
            ),
            Step(
                id="one-more-rounding-one-more-factor",
                says="In a chain or tree of rounded additions every rounding adds a factor $1+v$.",
                formal="for all p >= 2, G >= 1: (G - 1)(S + X) + v G (S + X) <= (G (1 + v) - 1)(S + X)",
                check=one_more_rounding,
                hypotheses=(PARTIAL_SUMS,),
                mutants=(Mutant("the bound times 0.999", lambda: one_more_rounding("999/1000")),),
            ),
        ),
    ),
    Statement(
        label="lem:matmul",
        title="Matrix product in depth s + P",
        mark="R",
        tex=TEX + r" in depth $s+P$",
        uses=("lem:matmul@error",),
        steps=(
            *depth_steps("the product", runs.matrix_product, CLAIMED, ("s", "P"), OTHER, runs.entrywise_product),
            SIMULATED,
        ),
    ),
    WORST,
    MATMUL,
    DOT,
)
