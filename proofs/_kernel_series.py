"""Statements about series, for every number of terms, in the words of the Coq kernel, with their mutants."""

from __future__ import annotations

from fractions import Fraction

from precise.claims import Scope
from proofs._kernel import Theorem
from proofs._kernel_searches import (
    atan_error,
    cos_error,
    exp_error,
    exp_reduced,
    log_two_error,
    pi_error,
    root_error,
    sin_error,
)

ALL = Scope.without_p()
SMALL = Fraction(1, 100)
JUST_BELOW = Fraction(999, 1000)
EXP_TERMS = Theorem(
    module="taylor",
    name="exp_number_of_terms",
    statement=(
        "forall (p : nat) (r : R), 0 <= r <= ln 2 ->\n"
        "Rabs (exp r - sum_f_R0 (fun i => r ^ i / INR (fact i)) (2 * p + 3)) <= (/ 2) ^ (2 * p + 4) * exp r"
    ),
    scope=Scope.all_p(1),
    sharpness="sharpness unknown: the least number of terms is smaller",
)
EXP_REMAINDER = Theorem(
    module="taylor",
    name="exp_remainder",
    statement=(
        "forall (n : nat) (x : R), 0 <= x ->\n"
        "Rabs (exp x - sum_f_R0 (fun i => x ^ i / INR (fact i)) n) <= exp x * (x ^ S n / INR (fact (S n)))"
    ),
    scope=ALL,
    sharpness="sharp for x to 0",
)
EXP_REDUCTION = Theorem(
    module="taylor",
    name="exp_reduction",
    statement="forall (k : Z) (x : R), exp x = powerRZ 2 k * exp (x - IZR k * ln 2)",
    scope=ALL,
)
SIN_REMAINDER = Theorem(
    module="taylor",
    name="sin_remainder",
    statement=(
        "forall (n : nat) (x : R), 0 <= x <= PI / 4 ->\n"
        "Rabs (sin x - sum_f_R0 (fun i => (-1) ^ i * (x ^ (2 * i + 1) / INR (fact (2 * i + 1)))) n)\n"
        "<= x ^ (2 * n + 3) / INR (fact (2 * n + 3))"
    ),
    scope=ALL,
    sharpness="sharp for x to 0",
)
COS_REMAINDER = Theorem(
    module="taylor",
    name="cos_remainder",
    statement=(
        "forall (n : nat) (x : R), 0 <= x <= PI / 4 ->\n"
        "Rabs (cos x - sum_f_R0 (fun i => (-1) ^ i * (x ^ (2 * i) / INR (fact (2 * i)))) n)\n"
        "<= x ^ (2 * n + 2) / INR (fact (2 * n + 2))"
    ),
    scope=ALL,
    sharpness="sharp for x to 0",
)
SQRT_TERMS = Theorem(
    module="root",
    name="sqrt_number_of_terms",
    statement=(
        "forall (p : nat) (r : R), / 4 <= r < 1 ->\n"
        "Rabs (sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) (5 * p + 14) - sqrt r)\n"
        "<= (/ 2) ^ (2 * p + 4) * sqrt r"
    ),
    scope=Scope.all_p(1),
    sharpness="sharpness unknown: the least number of terms is smaller",
)
SQRT_REMAINDER = Theorem(
    module="root",
    name="sqrt_remainder",
    statement=(
        "forall (n : nat) (r : R), Rabs (r - 1) <= 3 / 4 ->\n"
        "Rabs (sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) n - sqrt r) <= 4 * Rabs (r - 1) ^ S n * sqrt r"
    ),
    scope=ALL,
    sharpness="sharpness unknown",
)
LOG_TWO_TAIL = Theorem(
    module="series",
    name="ln2_tail",
    statement=(
        "forall n : nat, Rabs (ln 2 - sum_f_R0 (fun i => / (INR (S i) * 2 ^ S i)) n) <= / (INR (n + 2) * 2 ^ (n + 1))"
    ),
    scope=ALL,
    sharpness="sharp for n to infinity",
)
ATAN_REMAINDER = Theorem(
    module="series",
    name="atan_remainder",
    statement=(
        "forall (n : nat) (x : R), 0 <= x ->\n"
        "Rabs (atan x - sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * x ^ S (2 * i)) n)\n"
        "<= x ^ (2 * n + 3) / INR (2 * n + 3)"
    ),
    scope=ALL,
    sharpness="sharp for x to 0",
)
PI_TAIL = Theorem(
    module="series",
    name="pi_tail",
    statement=(
        "forall n : nat, let arctan x := sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * x ^ S (2 * i)) n in\n"
        "Rabs (PI - 4 * (4 * arctan (/ 5) - arctan (/ 239)))\n"
        "<= (16 * (/ 5) ^ (2 * n + 3) + 4 * (/ 239) ^ (2 * n + 3)) / INR (2 * n + 3)"
    ),
    scope=ALL,
    sharpness="sharpness unknown",
)

EXP_TERMS_MUTANTS = (
    EXP_TERMS.mutant(
        "p + 1 terms",
        "(2 * p + 3)",
        "p",
        lambda: exp_error(Fraction(1, 2), 3, lambda value: value / 2**8, p=2),
    ),
    EXP_TERMS.mutant(
        "all r >= 0",
        "0 <= r <= ln 2",
        "0 <= r",
        lambda: exp_error(Fraction(10), 8, lambda value: value / 2**8, p=2),
    ),
)
EXP_REMAINDER_MUTANTS = (
    EXP_REMAINDER.mutant(
        "no factor exp x",
        "<= exp x * (x ^ S n / INR (fact (S n)))",
        "<= x ^ S n / INR (fact (S n))",
        lambda: exp_error(Fraction(1), 1, lambda value: Fraction(1), n=0),
    ),
    EXP_REMAINDER.mutant(
        "bound times 99/100",
        "<= exp x *",
        "<= 99 / 100 * exp x *",
        lambda: exp_error(SMALL, 1, lambda value: Fraction(99, 100) * value * SMALL, n=0),
    ),
)
EXP_REDUCTION_MUTANTS = (
    EXP_REDUCTION.mutant("the other sign", "x - IZR k * ln 2", "x + IZR k * ln 2", lambda: exp_reduced(1)),
)
SIN_MUTANTS = (
    SIN_REMAINDER.mutant(
        "bound times 999/1000",
        "<= x ^ (2 * n + 3)",
        "<= 999 / 1000 * x ^ (2 * n + 3)",
        lambda: sin_error(SMALL, JUST_BELOW),
    ),
)
COS_MUTANTS = (
    COS_REMAINDER.mutant(
        "bound times 999/1000",
        "<= x ^ (2 * n + 2)",
        "<= 999 / 1000 * x ^ (2 * n + 2)",
        lambda: cos_error(SMALL, JUST_BELOW),
    ),
)
SQRT_TERMS_MUTANTS = (
    SQRT_TERMS.mutant(
        "p + 1 terms", "(5 * p + 14)", "p", lambda: root_error(Fraction(1, 2), 3, Fraction(1, 2**8), p=2)
    ),
    SQRT_TERMS.mutant(
        "r from 1/100 on", "/ 4 <= r", "/ 100 <= r", lambda: root_error(Fraction(1, 10), 25, Fraction(1, 2**8), p=2)
    ),
)
SQRT_REMAINDER_MUTANTS = (
    SQRT_REMAINDER.mutant(
        "a sixteenth of the bound", "<= 4 *", "<= / 4 *", lambda: root_error(Fraction(1, 2), 1, Fraction(3, 16), n=0)
    ),
)
LOG_TWO_MUTANTS = (
    LOG_TWO_TAIL.mutant(
        "bound times 999/1000",
        "<= / (INR (n + 2)",
        "<= 999 / 1000 / (INR (n + 2)",
        lambda: log_two_error(2000, JUST_BELOW),
    ),
)
ATAN_MUTANTS = (
    ATAN_REMAINDER.mutant(
        "bound times 999/1000",
        "<= x ^ (2 * n + 3)",
        "<= 999 / 1000 * x ^ (2 * n + 3)",
        lambda: atan_error(SMALL, JUST_BELOW),
    ),
)
PI_MUTANTS = (PI_TAIL.mutant("240 for 239", "arctan (/ 239)", "arctan (/ 240)", lambda: pi_error(240, 5)),)
