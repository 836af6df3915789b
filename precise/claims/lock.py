"""The lock: what has been reached, a JSON line a step and statement, and what a run lost against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from precise.claims.findings import PieceRecord
from precise.claims.lines import Line
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.verdict import Verdict
from precise.errors import DomainError


def read_lock(path: Path) -> dict[str, Line] | None:
    """Return the lines of a lock by id, or None where there is no lock."""
    if not path.exists():
        return None
    lines = [Line.from_json(text) for text in path.read_text(encoding="utf-8").splitlines() if text.strip()]
    return {line.id: line for line in lines}


def lines_of(record: StatementRecord) -> list[Line]:
    """Return the lines of one statement: its own and those of its pieces of evidence, run here or held by the lock."""
    if not record.steps:
        return []
    scope = None if record.found is Verdict.REFUTED else record.scope
    own = Line(record.label, "", record.found, record.kind, scope, record.letter.endswith("*"))
    found = (line_of(step, piece) for step in record.steps for piece in step.pieces)
    return [own, *(line for line in found if line is not None)]


def line_of(step: StepRecord, piece: PieceRecord) -> Line | None:
    """Return the line of one piece, or None for one that did not run and of which the lock holds nothing."""
    if not piece.ran:
        return piece.held
    scope = None if piece.counterexample else piece.scope
    return Line(piece.id, step.hash, piece.found, piece.kind, scope, piece.letter.endswith("*"))


def write_lock(run: Run, path: Path | None = None) -> Path:
    """Write the lock of a complete run without errors, sorted by id, and return its path."""
    lines = [line for record in run.records for line in lines_of(record)]
    if not run.complete:
        raise DomainError("lock: the run must be of the whole ledger; got a selection of labels")
    if bad := [line.id for line in lines if line.verdict is Verdict.ERROR]:
        raise DomainError(f"lock: a run must have no errors; got {', '.join(bad)}")
    if not lines:
        raise DomainError("lock: a run must have steps; got none")
    path = path or run.lock_path
    text = "".join(f"{line.to_json()}\n" for line in sorted(lines, key=lambda line: line.id))
    path.write_text(text, encoding="utf-8")
    return path


def compare(
    locked: Mapping[str, Line], records: tuple[StatementRecord, ...], *, complete: bool
) -> tuple[list[str], list[str]]:
    """Return what is weaker, missing, stale or unexpected (problems), and what is stronger (notes)."""
    problems: list[str] = []
    notes: list[str] = []
    now = {line.id: line for record in records for line in lines_of(record)}
    unknown = dict(not_run(records))
    for id, line in now.items():
        before = locked.get(id)
        if before is None:
            problems.append(f"{id}: not in the lock; update the lock")
        elif before.hash != line.hash:
            problems.append(f"{id}: stale: the statement changed; update the lock")
        elif loss := weaker(before, line):
            problems.append(f"{id}: {loss}")
        elif weaker(line, before):
            notes.append(f"{id}: stronger than the lock: {before} is now {line}; update the lock")
    labels = {record.label for record in records}
    for id in sorted(locked.keys() - now.keys()):
        if id in unknown:
            problems.append(f"{id}: stale: the statement changed, and {unknown[id]}; run that and update the lock")
        elif complete or id.partition("/")[0] in labels:
            problems.append(f"{id}: in the lock, but missing from the ledger")
    return problems, notes


def not_run(records: tuple[StatementRecord, ...]) -> Iterator[tuple[str, str]]:
    """Yield each piece that did not run, with the reason."""
    for record in records:
        for step in record.steps:
            yield from ((piece.id, piece.not_run) for piece in step.not_run)


def weaker(before: Line, after: Line) -> str:
    """Return in which way `after` is weaker than `before`, or nothing."""
    if before.verdict is not after.verdict:
        lost = before.verdict.rank > after.verdict.rank or before.verdict is Verdict.REFUTED
        return f"{before.verdict} has become {after.verdict}" if lost else ""
    if before.kind and (after.kind is None or after.kind.strength < before.kind.strength):
        return f"kind {before.kind.value} has become {after.kind.value if after.kind else 'none'}"
    if before.scope and (after.scope is None or not after.scope.covers(before.scope)):
        return f"scope ({before.scope}) has become ({after.scope or 'none'})"
    return ""
