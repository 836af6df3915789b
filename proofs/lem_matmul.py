"""Matrix product: its value, its error, its depth."""

from fractions import Fraction

from precise import Pairwise, Sequential, exact_then_round
from precise.claims import Mutant, Statement, Step
from proofs import _runs as runs
from proofs._depths import SIMULATED, Claimed, depth_steps
from proofs._matmul import (
    CELLS,
    bound_for_all_p,
    bound_on_instances,
    chained,
    entries_are,
    fused,
    one_more_rounding,
    sum_of_rounded_products,
)
from proofs._sums import chain_value, gamma_bounds_chains, sums_are_the_named_ones, sums_within, tree_value

CLAIMED = Claimed(
    path="s+P",
    in_sequence="s+P",
    sizes={"multiply": "n**2*d", "sum": "n**2", "terms of sum": "n**2*d"},
)
OTHER = Claimed(path="2s+P", in_sequence="2s+P", sizes=CLAIMED.sizes)
TEX = r"$\hat c_{ij}=round_p\big(\sum_kround_p(A_{ik}B_{kj})\big)$"

STATEMENTS = (
    Statement(
        label="lem:matmul@small-p",
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
                formal="for n in 1..6, all p with 2**p >= n + 1: (1 + u)^n - 1 <= gamma(n, u)",
                check=gamma_bounds_chains,
                mutants=(Mutant("gamma times 0.999", lambda: gamma_bounds_chains("999/1000")),),
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
        label="lem:matmul@error",
        title="Error of the matrix product",
        mark="D",
        tex=r"$|\hat c-c|\le\big((1+\frac u{1+u})^2-1\big)\sum|a||b|$ without underflow or overflow",
        uses=("lem:round-rel-error",),
        hypotheses=("t == 2**p", "p >= 2", "least <= term", "term <= most"),
        witness={"p": 2, "t": 4, "term": Fraction(9, 4), "least": Fraction(1, 8), "most": 24},
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
                id="one-more-rounding-one-more-factor",
                says="In a chain or tree of rounded additions every rounding adds a factor $1+v$.",
                formal="for all p >= 2, G >= 1: (G - 1)(S + X) + v G (S + X) <= (G (1 + v) - 1)(S + X)",
                check=one_more_rounding,
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
)
