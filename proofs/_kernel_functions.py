"""Statements about the whole algorithms of exp and sqrt, in the words of the Coq kernel, for all p."""

from __future__ import annotations

from fractions import Fraction

from precise.claims import Scope
from proofs._kernel import Theorem
from proofs._kernel_searches import exp_result, root_result

EXP_ALGORITHM = Theorem(
    module="functions",
    name="exp_algorithm",
    statement=(
        "forall (n : nat) (x L f : R), (2 <= n)%nat -> let p := Z.of_nat n in\n"
        "least p <= exp x <= largest p -> ln 2 - bpow radix2 (- 3 * p - 5) <= L <= ln 2 ->\n"
        "let k := Zfloor (x / L) in let r := x - IZR k * L in\n"
        "nearest_float p (bpow radix2 k * sum_f_R0 (fun i => r ^ i / INR (fact i)) (2 * n + 3)) f ->\n"
        "Rabs (f - exp x) <= bpow radix2 (- p) * exp x"
    ),
    sharpness="sharpness unknown",
)
SQRT_ALGORITHM = Theorem(
    module="functions",
    name="sqrt_algorithm",
    statement=(
        "forall (n : nat) (x r f : R) (j : Z), (1 <= n)%nat -> let p := Z.of_nat n in\n"
        "paper_float p x -> 0 < x -> / 4 <= r < 1 -> x = r * bpow radix2 (2 * j) ->\n"
        "nearest_float p (bpow radix2 j * sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) (5 * n + 14)) f ->\n"
        "Rabs (f - sqrt x) <= bpow radix2 (- p) * sqrt x"
    ),
    scope=Scope.all_p(1),
    sharpness="sharpness unknown",
)
EXP_IN_KERNEL = EXP_ALGORITHM.further(
    EXP_ALGORITHM.mutant(
        "log 2 with p + 1 bits",
        "(- 3 * p - 5)",
        "(- p - 1)",
        lambda: exp_result(2, Fraction(2), Fraction(57, 100), 8),
    ),
    EXP_ALGORITHM.mutant(
        "p - 1 terms", "(2 * n + 3)", "(n - 2)", lambda: exp_result(2, Fraction(1, 2), Fraction(1419, 2048), 1)
    ),
)
SQRT_IN_KERNEL = SQRT_ALGORITHM.further(
    SQRT_ALGORITHM.mutant("p - 1 terms", "(5 * n + 14)", "(n - 2)", lambda: root_result(2, Fraction(1, 2), 1)),
)
