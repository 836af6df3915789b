"""Statements about one rounding and about the operations, in the words of the Coq kernel, for all p."""

from __future__ import annotations

from precise.claims import Scope
from proofs._kernel import Theorem
from proofs._kernel_searches import below_the_least, tie_without_even

PAPER_ROUNDING = Theorem(
    module="rounding",
    name="round_in_range",
    statement=(
        "forall (p : Z) (x r : R), (2 <= p)%Z -> in_range p x ->\n"
        "(paper_round p x r <-> r = round radix2 (FLX_exp p) ZnearestE x)"
    ),
)
PAPER_ROUNDING_MUTANTS = (
    PAPER_ROUNDING.mutant("p = 1 too", "(2 <= p)%Z", "(1 <= p)%Z", tie_without_even),
    PAPER_ROUNDING.mutant("out of range too", "in_range p x ->", "", below_the_least),
)
ROUNDING_ERROR = Theorem(
    module="rounding",
    name="paper_round_rel_error",
    statement=(
        "forall (p : Z) (x r : R), (2 <= p)%Z -> least p <= Rabs x <= largest p -> paper_round p x r ->\n"
        "Rabs (r - x) <= u p / (1 + u p) * Rabs x /\\ u p / (1 + u p) < bpow radix2 (- p)"
    ),
    sharpness="sharp: attained at 2**(p-1) + 1/2",
)
ROUNDING_ERROR_ATTAINED = Theorem(
    module="rounding",
    name="rne_rel_error_attained",
    statement=(
        "forall p : Z, (2 <= p)%Z -> let x := bpow radix2 (p - 1) + / 2 in\n"
        "Rabs (round radix2 (FLX_exp p) ZnearestE x - x) = bpow radix2 (- p) / (1 + bpow radix2 (- p)) * Rabs x"
    ),
)
WORKING_PRECISION = Theorem(
    module="working",
    name="working_precision_in_range",
    statement=(
        "forall (p : Z) (y d r : R), (1 <= p)%Z -> least p <= Rabs y <= largest p ->\n"
        "Rabs d <= bpow radix2 (- 2 * p - 2) -> paper_float p r ->\n"
        "(forall f, paper_float p f -> Rabs (r - y * (1 + d)) <= Rabs (f - y * (1 + d))) ->\n"
        "Rabs (r - y) <= bpow radix2 (- p) * Rabs y"
    ),
    scope=Scope.all_p(1),
)
LARGEST_ACCURACY = Theorem(
    module="working",
    name="working_precision_sharp",
    statement=(
        "forall (p : Z) (y d r : R), (1 <= p)%Z -> least p <= Rabs y <= largest p ->\n"
        "Rabs d <= u p * u p / (1 + 2 * u p) -> paper_float p r ->\n"
        "(forall f, paper_float p f -> Rabs (r - y * (1 + d)) <= Rabs (f - y * (1 + d))) ->\n"
        "Rabs (r - y) <= bpow radix2 (- p) * Rabs y"
    ),
    scope=Scope.all_p(1),
    sharpness="sharp: 1/(t*(t + 2)), t = 2**p",
)
