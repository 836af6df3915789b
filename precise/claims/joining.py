"""Join the checks of a step: each settles it alone, so the strongest counts, and a contradiction is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from precise.claims.findings import PieceRecord
from precise.claims.lines import Line
from precise.claims.records import StepRecord
from precise.claims.statement import Statement, Step, hypothesis_text
from precise.claims.verdict import Verdict


def join(statement: Statement, step: Step, pieces: Sequence[PieceRecord], locked: Mapping[str, Line]) -> StepRecord:
    """Return the record of a step from its pieces; of those that did not run the lock speaks, unless it is stale."""
    hash_now = statement.hash_of(step)
    pieces = [with_lock(piece, locked.get(piece.id), hash_now) for piece in pieces]
    ran = [piece for piece in pieces if piece.ran]
    found, reason, deciding = judged(pieces)
    here, _, deciding_here = judged(ran)
    record = StepRecord(
        id=pieces[0].id,
        says=step.says,
        formal=step.formal,
        hash=hash_now,
        expects=step.expects,
        hypotheses=tuple(hypothesis_text(h) for h in statement.hypotheses_of(step)),
        found=found,
        witness=tuple(f"{k} = {v}" for k, v in statement.witness_of(step).items()),
        reason=reason,
        evidence=tuple(e for piece in pieces for e in piece.evidence),
        counterexample=next((p.counterexample for p in pieces if p.counterexample), None),
        mutants=tuple(m for piece in pieces for m in piece.mutants),
        cells=step.cells,
        deciding=deciding.counting if deciding else None,
        minimum=step.minimum,
        stands_for=step.stands_for,
        of_code=step.of_code or statement.of_code,
        pieces=tuple(pieces),
        here=here if ran else None,
        kind_here=deciding_here.kind if deciding_here else None,
        rerun=bool(ran) and here is found and as_wide(deciding_here, deciding),
        seconds=sum(piece.seconds for piece in pieces),
    )
    changed = any(piece.id in locked and locked[piece.id].hash != hash_now for piece in pieces)
    return record.made_stale() if changed else record


def as_wide(here: PieceRecord | None, deciding: PieceRecord | None) -> bool:
    """Return whether what ran here holds at least as widely as what counts."""
    if deciding is None or deciding.scope is None:
        return True
    return here is not None and here.scope is not None and here.scope.covers(deciding.scope)


def with_lock(piece: PieceRecord, line: Line | None, hash_now: str) -> PieceRecord:
    """Return the piece with what the lock holds of it, where it did not run and the statement is the same."""
    usable = not piece.ran and piece.found is not Verdict.ERROR and line is not None and line.hash == hash_now
    return replace(piece, held=line) if usable else piece


def judged(pieces: Sequence[PieceRecord]) -> tuple[Verdict, str, PieceRecord | None]:
    """Return what the pieces say together, the reason that is owed, and the piece that counts."""
    for piece in pieces:
        if piece.found is Verdict.ERROR:
            return Verdict.ERROR, piece.reason, piece
    speaking = [piece for piece in pieces if piece.ran or piece.held]
    if not speaking:
        return Verdict.OPEN, "; ".join(dict.fromkeys(piece.not_run for piece in pieces)), None
    refuting = [piece for piece in speaking if piece.verdict is Verdict.REFUTED]
    proving = [piece for piece in speaking if proves(piece)]
    if refuting and proving:
        where = f"{source_of(refuting[0])} refutes, {source_of(proving[0])} proves"
        return Verdict.ERROR, f"a counterexample and a proof meet in one step: a tool is wrong ({where})", refuting[0]
    if refuting:
        return Verdict.REFUTED, refuting[0].reason, next((p for p in refuting if p.counterexample), refuting[0])
    best = max(speaking, key=lambda p: (p.verdict.rank, p.kind.strength if p.kind else -1))
    return best.verdict, best.reason, best


def proves(piece: PieceRecord) -> bool:
    """Return whether the piece is a proof, within whatever scope."""
    kind = piece.counting.kind if piece.counting else None
    return kind is not None and kind.proves and piece.verdict.rank >= Verdict.SIDE_CONDITION.rank


def source_of(piece: PieceRecord) -> str:
    """Return where the word of a piece comes from."""
    return f"{piece.id} ({'held by the lock' if piece.held else 'run here'})"
