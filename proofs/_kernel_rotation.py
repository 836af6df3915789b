"""Statements about rotations of every size, in the words of the Coq kernel, with their mutants."""

from __future__ import annotations

from precise.claims import Scope
from proofs._kernel import Theorem
from proofs._kernel_searches import quarter_turns

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
