"""What one check of a step has found, and how it told its mutants apart."""

from __future__ import annotations

from dataclasses import dataclass

from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.lines import Line
from precise.claims.scope import Scope
from precise.claims.statement import Tier
from precise.claims.verdict import Verdict, of_evidence


@dataclass(frozen=True, slots=True)
class MutantRecord:
    """A mutant or control, whether the check told it apart, and by what."""

    name: str
    role: str
    rejected: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRecord:
    """One check of a step: what it found, or why it did not run and what the lock holds of it.

    `found` is what ran here says, open where nothing ran; `tool` says what is missing, if that is why.
    """

    id: str
    tier: Tier
    found: Verdict
    reason: str = ""
    not_run: str = ""
    tool: str = ""
    held: Line | None = None
    evidence: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    mutants: tuple[MutantRecord, ...] = ()
    deciding: Evidence | None = None
    seconds: float = 0.0

    @property
    def ran(self) -> bool:
        """Whether the check ran to an outcome, here or before a run that this one goes on with was stopped."""
        return not self.not_run

    @property
    def verdict(self) -> Verdict:
        """What the piece says: what it found, or what the lock holds of it."""
        return self.held.verdict if self.held else self.found

    @property
    def counting(self) -> Evidence | Line | None:
        """The evidence, or the line of the lock, that gives the kind and scope."""
        return self.held or self.deciding

    @property
    def kind(self) -> Kind | None:
        """The kind that counts, or None where there is nothing."""
        if self.counterexample is not None:
            return Kind.COUNTEREXAMPLE
        return self.counting.kind if self.counting else None

    @property
    def letter(self) -> str:
        """The letter of the kind, or nothing."""
        if self.counterexample is not None:
            return Kind.COUNTEREXAMPLE.value
        return self.counting.letter if self.counting else ""

    @property
    def scope(self) -> Scope | None:
        """The scope of what counts."""
        return self.counting.scope if self.counting else None

    @property
    def proofs(self) -> tuple[tuple[Kind, Scope], ...]:
        """Kind and scope of each proof that holds for all p from some p on, whatever other limits it states."""
        if self.held:
            found = [(self.held.verdict, self.held.kind, self.held.scope)]
        else:
            found = [(of_evidence(e), e.kind, e.scope) for e in self.evidence]
        return tuple((kind, scope) for verdict, kind, scope in found if kind and scope and verdict is Verdict.PROVED)
