"""What makes a run fail, apart from the lock: one line for each problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from precise.claims.discovery import Ledger
from precise.claims.evidence import Kind
from precise.claims.lock import Line
from precise.claims.records import StatementRecord, StepRecord
from precise.claims.verdict import Verdict


def problems_of(
    records: Sequence[StatementRecord], ledger: Ledger, locked: Mapping[str, Line], require: Kind | None
) -> Iterator[str]:
    """Yield each problem of the records, in their order."""
    if not any(record.steps for record in records):
        yield "the ledger has no steps to run"
    for record in records:
        if record.verdict is Verdict.ERROR and not any(s.found is Verdict.ERROR for s in record.steps):
            yield f"{record.label}: error: {record.reason}"
        for step in record.steps:
            yield from problems_of_step(step, locked, require)
        yield from problems_of_repair(record, ledger)


def problems_of_step(step: StepRecord, locked: Mapping[str, Line], require: Kind | None) -> Iterator[str]:
    """Yield the problems of one step."""
    before = locked.get(step.id)
    if step.found is Verdict.ERROR:
        yield f"{step.id}: error: {step.reason}"
        return
    if step.found is Verdict.INCONCLUSIVE and not (before and before.verdict is Verdict.INCONCLUSIVE):
        yield f"{step.id}: inconclusive: {step.reason}"
    elif not step.as_expected and step.counterexample is not None:
        yield f"{step.id}: refuted at {step.counterexample}"
    elif not step.as_expected:
        yield f"{step.id}: the refutation no longer occurs: {step.found}"
    for least in (step.minimum, require):
        if least and step.kind and step.kind.strength < least.strength:
            yield f"{step.id}: the kind must be {least.word} or stronger; got {step.kind.word}"


def problems_of_repair(record: StatementRecord, ledger: Ledger) -> Iterator[str]:
    """Yield what is wrong with the pair of a printed and a repaired form."""
    if record.repairs:
        printed = ledger.statements.get(record.repairs)
        if printed is None:
            yield f"{record.label}: repairs must name a statement of the ledger; got {record.repairs!r}"
        elif not printed.expects_refuted:
            yield f"{record.label}: repairs {record.repairs}, which no step refutes"
