"""Statements about rotations of every size and about quarter turns, in the words of the Coq kernel."""

from __future__ import annotations

from precise.claims import Scope
from proofs._kernel import Theorem
from proofs._kernel_searches import quarter_turns, table_entry

DIFFERENCES = Theorem(
    module="rotation",
    name="rotations_of_differences",
    statement=(
        "forall (h : nat) (theta : nat -> R) (a b : Z) (i j : nat), (i < 2 * h)%nat -> (j < 2 * h)%nat ->\n"
        "sum_below (2 * h) (fun k => rotation theta a k i * rotation theta b k j) = rotation theta (b - a) i j"
    ),
    scope=Scope.without_p(),
)
ORTHOGONAL = Theorem(
    module="rotation",
    name="rotation_orthogonal",
    statement=(
        "forall (h : nat) (theta : nat -> R) (a : Z) (i j : nat), (i < 2 * h)%nat -> (j < 2 * h)%nat ->\n"
        "sum_below (2 * h) (fun k => rotation theta a k i * rotation theta a k j) = if Nat.eqb i j then 1 else 0"
    ),
    scope=Scope.without_p(),
)
DIFFERENCES_MUTANTS = (
    DIFFERENCES.mutant("b + a", "theta (b - a) i j", "theta (b + a) i j", lambda: quarter_turns(1, 0, 1)),
)
ORTHOGONAL_MUTANTS = (
    ORTHOGONAL.mutant("two positions", "theta a k j)", "theta (a + 1) k j)", lambda: quarter_turns(0, 1, 0)),
)
CASE_TABLE = Theorem(
    module="sincos",
    name="case_table",
    statement=(
        "forall (k m : Z) (x r : R), (k mod 4 = m)%Z ->\n"
        "(x = IZR k * (PI / 2) + r ->\n"
        "(m = 0%Z -> sin x = sin r /\\ cos x = cos r) /\\ (m = 1%Z -> sin x = cos r /\\ cos x = - sin r) /\\\n"
        "(m = 2%Z -> sin x = - sin r /\\ cos x = - cos r) /\\ (m = 3%Z -> sin x = - cos r /\\ cos x = sin r)) /\\\n"
        "(x = IZR (k + 1) * (PI / 2) - r ->\n"
        "(m = 0%Z -> sin x = cos r /\\ cos x = sin r) /\\ (m = 1%Z -> sin x = sin r /\\ cos x = - cos r) /\\\n"
        "(m = 2%Z -> sin x = - cos r /\\ cos x = - sin r) /\\ (m = 3%Z -> sin x = - sin r /\\ cos x = cos r))"
    ),
    scope=Scope.without_p(),
)
CASE_TABLE_IN_KERNEL = CASE_TABLE.further(
    CASE_TABLE.mutant(
        "the other sign of r",
        "IZR (k + 1) * (PI / 2) - r",
        "IZR (k + 1) * (PI / 2) + r",
        lambda: table_entry(0, 1, "other branch"),
    ),
    CASE_TABLE.mutant(
        "remainder of |k|", "(k mod 4 = m)%Z", "(Z.abs k mod 4 = m)%Z", lambda: table_entry(-1, 0, "absolute")
    ),
)
