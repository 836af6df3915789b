"""The checks of a step as equals: its own and its further ones, each of which settles the step alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from precise.claims.evidence import Outcome
from precise.claims.statement import Control, Mutant, Step, Tier


@dataclass(frozen=True, slots=True)
class Piece:
    """One check of a step; `name` is empty for the step's own, else the word of its tier, numbered from the second.

    `cells` must all be reached, `other_cells` may be.
    """

    name: str
    tier: Tier
    check: Callable[[], Outcome]
    mutants: tuple[Mutant | Control, ...]
    cells: tuple[str, ...]
    other_cells: tuple[str, ...] = ()

    def id_in(self, step_id: str) -> str:
        """Return the id of the piece in the lock: ``lem:x/step`` or ``lem:x/step+kernel``."""
        return f"{step_id}+{self.name}" if self.name else step_id


def pieces_of(step: Step) -> tuple[Piece, ...]:
    """Return the checks of a step, its own first."""
    found = [Piece("", step.tier, step.check, step.mutants, step.cells)]
    for further in step.further:
        number = 1 + sum(p.name.startswith(further.tier.value) for p in found)
        name = further.tier.value if number == 1 else f"{further.tier.value}-{number}"
        others = () if further.cells else step.cells
        found.append(Piece(name, further.tier, further.check, further.mutants, further.cells, others))
    return tuple(found)
