"""Theorems of the proof scripts in `proofs/kernel`, each with the statement that the Coq kernel must accept it for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from precise.claims import Control, Evidence, Further, Mutant, Outcome, Scope, Tier
from precise.claims.kernel import kernel_refuses, kernel_theorem
from precise.errors import DomainError

FOLDER = Path(__file__).parent / "kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theorem:
    """A theorem of a script: names, exact statement, scope; for all p >= 2 unless said."""

    module: str
    name: str
    statement: str
    scope: Scope = field(default_factory=lambda: Scope.all_p(2))
    sharpness: str = ""

    def proved(self) -> Evidence:
        """Return the evidence that the kernel accepts the theorem for the statement."""
        return kernel_theorem(FOLDER, self.module, self.name, self.statement, self.scope, sharpness=self.sharpness)

    def mutant(self, name: str, old: str, new: str, search: Callable[[], Outcome]) -> Mutant:
        """Return the mutant with `new` for `old`: refused by the kernel, and refuted by the search."""
        if self.statement.count(old) != 1:
            raise DomainError(f"Theorem {self.name}: a mutant must change one place; got {old!r}")
        wrong = self.statement.replace(old, new)
        return Mutant(name, lambda: kernel_refuses(FOLDER, self.module, self.name, wrong, search))

    def further(self, *mutants: Mutant | Control) -> Further:
        """Return the check of the kernel tier."""
        return Further(tier=Tier.KERNEL, check=self.proved, mutants=mutants)
