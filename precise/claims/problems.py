"""What makes a run fail, apart from the lock: one line for each problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from precise.claims.discovery import Ledger
from precise.claims.evidence import Kind
from precise.claims.findings import PieceRecord
from precise.claims.lines import Line
from precise.claims.records import StatementRecord, StepRecord
from precise.claims.statement import Tier
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
    """Yield the problems of one step: of each of its checks, of all together, and of a kind that is too weak."""
    for piece in step.pieces:
        yield from problems_of_piece(piece, step, locked)
    if step.found is Verdict.ERROR:
        if not any(piece.found is Verdict.ERROR for piece in step.pieces):
            yield f"{step.id}: error: {step.reason}"
        return
    if step.minimum and step.kind and step.kind.strength < step.minimum.strength:
        yield f"{step.id}: the kind must be {step.minimum.word} or stronger; got {step.kind.word}"
    if require and (step.kind_here is None or step.kind_here.strength < require.strength):
        got = step.kind_here.word if step.kind_here else "nothing"
        unrun = "".join(f", {piece.not_run}" for piece in step.not_run if piece.tier is not Tier.QUICK)
        yield f"{step.id}: the kind must be {require.word} or stronger; got {got}{unrun}"


def problems_of_piece(piece: PieceRecord, step: StepRecord, locked: Mapping[str, Line]) -> Iterator[str]:
    """Yield the problems of one check, or of what the lock holds of it; not to run is none."""
    before = locked.get(piece.id)
    if piece.found is Verdict.ERROR:
        yield f"{piece.id}: error: {piece.reason}"
    elif not piece.ran and piece.held is None:
        return
    elif piece.verdict is Verdict.INCONCLUSIVE and not (before and before.verdict is Verdict.INCONCLUSIVE):
        yield f"{piece.id}: inconclusive: {piece.reason}"
    elif (piece.verdict is Verdict.REFUTED) == (step.expects == "refuted"):
        return
    elif piece.verdict is Verdict.REFUTED:
        yield f"{piece.id}: refuted at {piece.counterexample or 'an instance that the lock does not hold'}"
    else:
        yield f"{piece.id}: the refutation no longer occurs: {piece.verdict}"


def problems_of_repair(record: StatementRecord, ledger: Ledger) -> Iterator[str]:
    """Yield what is wrong with the pair of a printed and a repaired form."""
    if record.repairs:
        printed = ledger.statements.get(record.repairs)
        if printed is None:
            yield f"{record.label}: repairs must name a statement of the ledger; got {record.repairs!r}"
        elif not printed.expects_refuted:
            yield f"{record.label}: repairs {record.repairs}, which no step refutes"
