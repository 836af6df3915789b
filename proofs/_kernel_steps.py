"""Theorems of the kernel in which no precision occurs, and steps that are such a theorem."""

from __future__ import annotations

from precise.claims import Control, Mutant, Scope, Step, Tier
from proofs._kernel import Theorem


def pure_theorem(module: str, name: str, statement: str) -> Theorem:
    """Return a theorem in whose statement no precision occurs."""
    return Theorem(module=module, name=name, statement=statement, scope=Scope.without_p())


def kernel_step(theorem: Theorem, *mutants: Mutant | Control, id: str, says: str, formal: str) -> Step:
    """Return the step that is a theorem, checked by the kernel and by nothing else."""
    return Step(
        id=id,
        says=says,
        formal=f"{formal}; {theorem.name} in {theorem.module}.v",
        check=theorem.proved,
        mutants=mutants,
        tier=Tier.KERNEL,
    )
