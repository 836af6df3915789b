"""What a run has found: plain records from which every report is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.findings import MutantRecord as MutantRecord
from precise.claims.findings import PieceRecord as PieceRecord
from precise.claims.lines import Line
from precise.claims.scope import Scope
from precise.claims.statement import Tier
from precise.claims.suspect import Suspect
from precise.claims.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step after its checks have run; several are joined by `precise.claims.joining`.

    `found` is what the evidence says, with what the lock holds of checks that did not run; `here` is what those say
    that ran, None where none did, and `rerun` whether that gives the verdict with at least the scope. `verdict` differs
    from `found` where the lock makes it stale.
    """

    id: str
    says: str
    formal: str
    hash: str
    expects: str
    hypotheses: tuple[str, ...]
    found: Verdict
    witness: tuple[str, ...] = ()
    stale: bool = False
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    mutants: tuple[MutantRecord, ...] = ()
    cells: tuple[str, ...] = ()
    deciding: Evidence | Line | None = None
    minimum: Kind | None = None
    stands_for: tuple[str, ...] = ()
    of_code: bool = False
    pieces: tuple[PieceRecord, ...] = ()
    here: Verdict | None = None
    kind_here: Kind | None = None
    rerun: bool = True
    seconds: float = 0.0

    @property
    def not_run(self) -> tuple[PieceRecord, ...]:
        """The checks that did not run."""
        return tuple(piece for piece in self.pieces if not piece.ran)

    @property
    def provable(self) -> bool:
        """Whether the step claims something that can be checked: no refutation, citation or open question."""
        return self.expects != "refuted" and self.found is not Verdict.ASSUMED and self.here is not Verdict.OPEN

    @property
    def verdict(self) -> Verdict:
        """The verdict to print."""
        return Verdict.STALE if self.stale and self.found is not Verdict.ERROR else self.found

    @property
    def as_expected(self) -> bool:
        """Whether the step was refuted exactly if it is there to be."""
        return (self.found is Verdict.REFUTED) == (self.expects == "refuted")

    @property
    def kind(self) -> Kind | None:
        """The kind that counts, or None where there is no evidence."""
        if self.counterexample is not None:
            return Kind.COUNTEREXAMPLE
        return self.deciding.kind if self.deciding else None

    @property
    def letter(self) -> str:
        """The letter of the kind, or nothing."""
        if self.counterexample is not None:
            return Kind.COUNTEREXAMPLE.value
        return self.deciding.letter if self.deciding else ""

    @property
    def scope(self) -> Scope | None:
        """The scope of the evidence that counts."""
        return self.deciding.scope if self.deciding else None

    @property
    def scope_text(self) -> str:
        """The scope in words; for a refutation the instance."""
        if self.counterexample is not None:
            return str(self.counterexample)
        return words_of_scope(self.verdict, self.scope)

    @property
    def finite(self) -> bool:
        """Whether the step is proved within a stated finite scope only."""
        return proved_in_part(self.verdict, self.scope)

    @property
    def cases(self) -> int:
        """How many cases were settled or, for a refutation, looked at."""
        if self.counterexample is not None:
            return self.counterexample.cases
        most = max((e.cases for e in self.evidence), default=0)
        return (self.deciding.cases if self.deciding else 0) or most

    def made_stale(self) -> StepRecord:
        """Return the record of a step whose statement is not the one of the lock."""
        return replace(self, stale=True, reason="the statement changed since the lock was written")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecord:
    """One statement, or one open label of the catalogue, after its steps have run.

    `found` is the verdict that the evidence of this run gives, whatever the lock says.
    """

    label: str
    title: str
    mark: str
    verdict: Verdict
    found: Verdict
    tex: str = ""
    where: str = ""
    uses: tuple[str, ...] = ()
    as_printed: bool = False
    expects_refuted: bool = False
    repairs: str = ""
    repaired_by: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    kind: Kind | None = None
    letter: str = ""
    scope: Scope | None = None
    limited_by: tuple[str, ...] = ()
    reason: str = ""
    rests_on: tuple[str, ...] = ()
    source: str = ""
    section: str = ""
    rerun: bool = True

    @property
    def seconds(self) -> float:
        """Time of all steps together."""
        return sum(step.seconds for step in self.steps)

    @property
    def cases(self) -> int:
        """Cases of all steps together."""
        return sum(step.cases for step in self.steps)

    @property
    def scope_text(self) -> str:
        """The scope in words; for a refutation the instance of the first refuted step.

        Limits in words that come from a used statement alone are not repeated: its label is named.
        """
        return self.scope_in_words(short=False)

    def scope_in_words(self, *, short: bool) -> str:
        """Return the scope in words; the `short` form leaves several limits to the steps, which name them."""
        if self.verdict is Verdict.REFUTED:
            return next((s.scope_text for s in self.steps if s.counterexample is not None), "")
        if self.scope is None:
            return ""
        own = {c for s in self.steps if s.scope for c in s.scope.conditions}
        limits = [c for c in self.scope.conditions if c in own]
        if short and len(limits) > 1:
            limits = ["the limits of its steps"]
        limits += [f"the limits of {', '.join(self.limited_by)}"] if self.limited_by else []
        return words_of_scope(self.verdict, replace(self.scope, conditions=tuple(limits)))

    @property
    def finite(self) -> bool:
        """Whether the statement is proved within a stated finite scope only."""
        return proved_in_part(self.verdict, self.scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a ledger: records in the order of the catalogue, and what is wrong, one line each."""

    source: str
    records: tuple[StatementRecord, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    versions: Mapping[str, str]
    lock_path: Path
    require: Kind | None = None
    complete: bool = field(default=True)
    suspects: tuple[Suspect, ...] = ()
    tiers: tuple[Tier, ...] = (Tier.QUICK,)
    resumed: int = 0
    journal: Path | None = None

    @property
    def exit_status(self) -> int:
        """0 if all holds, 1 if something checked does not."""
        return 1 if self.problems else 0

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        """All steps, in order."""
        return tuple(step for record in self.records for step in record.steps)

    def counts(self) -> dict[Verdict, int]:
        """Return how many statements have each verdict; verdicts that do not occur are left out."""
        found = [record.verdict for record in self.records]
        return {v: found.count(v) for v in Verdict if v in found}

    def proved_in_part(self) -> int:
        """Return how many of the statements with the verdict "proved" are so within a stated finite scope only."""
        return sum(record.finite for record in self.records if record.verdict is Verdict.PROVED)


def proved_in_part(verdict: Verdict, scope: Scope | None) -> bool:
    """Return whether a proof is one of a finite list, of precisions or of other instances."""
    return verdict in (Verdict.PROVED, Verdict.PROVED_LISTED) and scope is not None and scope.finite


def words_of_scope(verdict: Verdict, scope: Scope | None) -> str:
    """Return the scope in words; that of a proof by list begins with "only"."""
    return f"only {scope}" if proved_in_part(verdict, scope) else str(scope or "")
