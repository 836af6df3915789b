"""Counts of a run: what is proved here and what only the lock holds, and how far the proofs reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from precise.claims.evidence import Kind
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.statement import Tier
from precise.claims.verdict import Verdict

PROVED = (Verdict.PROVED, Verdict.PROVED_LISTED, Verdict.SIDE_CONDITION)
GENERAL = (Kind.KERNEL, Kind.CERTIFICATE, Kind.IDENTITY)
"""Kinds that can speak about every p at once."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements, or steps, are of each sort; `others` are the verdicts that have no number of their own."""

    proved_here: int
    proved_by_lock: int
    refuted: int
    assumed: int
    open: int
    others: int

    def __str__(self) -> str:
        proved = self.proved_here + self.proved_by_lock
        words = f"{proved} proved ({self.proved_here} re-run here, {self.proved_by_lock} not re-run here)"
        others = f", {self.others} other" if self.others else ""
        return f"{words}, {self.refuted} refuted, {self.assumed} assumed, {self.open} open{others}"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the proofs reach of the provable steps, which are no refutations, citations or open questions.

    `every_p` counts those with a proof by kernel, certificate or identity for every p (from the least one of the
    statement on), `unlimited` those of them whose proof states no other limit, such as a list of shapes. `ranged`
    counts the other proofs: exhaustive, enclosure, solvers, or for listed p.
    """

    provable: int
    every_p: int
    unlimited: int
    ranged: int

    def percent(self, number: int) -> int:
        """Return the share of the provable steps in percent, rounded down."""
        return 100 * number // self.provable if self.provable else 0

    def __str__(self) -> str:
        rest = self.provable - self.every_p - self.ranged
        return (
            f"of {self.provable} provable steps {self.every_p} ({self.percent(self.every_p)} %) are proved for every p "
            f"by kernel, certificate or identity, {self.unlimited} of them without further limits; {self.ranged} "
            f"({self.percent(self.ranged)} %) over a stated range; {rest} not"
        )


def tally(records: Sequence[StatementRecord] | Sequence[StepRecord]) -> Tally:
    """Return the counts of statements or of steps."""
    proved = [record for record in records if record.verdict in PROVED]
    here = sum(record.rerun for record in proved)
    refuted, assumed, left = (
        sum(record.verdict is verdict for record in records)
        for verdict in (Verdict.REFUTED, Verdict.ASSUMED, Verdict.OPEN)
    )
    others = len(records) - len(proved) - refuted - assumed - left
    return Tally(here, len(proved) - here, refuted, assumed, left, others)


def repaired(run: Run) -> int:
    """Return how many of the refuted statements have a repair that others may rest on."""
    verdicts = {record.label: record.verdict for record in run.records}
    return sum(
        any(verdicts[label].supports for label in record.repaired_by if label in verdicts)
        for record in run.records
        if record.verdict is Verdict.REFUTED
    )


def reach(steps: Sequence[StepRecord]) -> Reach:
    """Return how far the proofs of the steps reach."""
    provable = [step for step in steps if step.provable]
    general = [
        [scope for piece in step.pieces for kind, scope in piece.proofs if kind in GENERAL]
        if step.verdict in PROVED
        else []
        for step in provable
    ]
    every_p = sum(bool(scopes) for scopes in general)
    unlimited = sum(any(not scope.finite for scope in scopes) for scopes in general)
    proved = sum(step.verdict in PROVED for step in provable)
    return Reach(len(provable), every_p, unlimited, proved - every_p)


def not_rerun(run: Run) -> tuple[dict[Tier, int], dict[str, int]]:
    """Return how many checks did not run: those of each tier that was not asked for, and of each missing tool."""
    tiers: dict[Tier, int] = {}
    tools: dict[str, int] = {}
    for step in run.steps:
        for piece in step.not_run:
            if piece.tool:
                tools[piece.tool] = tools.get(piece.tool, 0) + 1
            else:
                tiers[piece.tier] = tiers.get(piece.tier, 0) + 1
    return tiers, tools
