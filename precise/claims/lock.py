"""The lock: what has been reached, a JSON line a step and statement, and what a run lost against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from precise.claims.evidence import Kind
from precise.claims.records import Run, StatementRecord
from precise.claims.scope import Scope
from precise.claims.verdict import Verdict
from precise.errors import DomainError


@dataclass(frozen=True, slots=True)
class Line:
    """What the lock holds of one step (id with a slash) or statement (id without)."""

    id: str
    hash: str
    verdict: Verdict
    kind: Kind | None
    scope: Scope | None

    def __str__(self) -> str:
        return f"{self.verdict} [{self.kind.value if self.kind else '-'}] ({self.scope or 'no scope'})"

    def to_json(self) -> str:
        """Return the line as it is written."""
        return json.dumps(
            {
                "id": self.id,
                "hash": self.hash,
                "verdict": self.verdict.value,
                "kind": self.kind.value if self.kind else "",
                "scope": self.scope.to_json() if self.scope else None,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Line:
        """Return the line that `to_json` wrote."""
        try:
            data = json.loads(text)
            return cls(
                id=str(data["id"]),
                hash=str(data["hash"]),
                verdict=Verdict(data["verdict"]),
                kind=Kind(data["kind"]) if data["kind"] else None,
                scope=Scope.from_json(data["scope"]) if data["scope"] else None,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DomainError(f"lock: a line must be written by write_lock; got {text[:60]!r}") from error


def read_lock(path: Path) -> dict[str, Line] | None:
    """Return the lines of a lock by id, or None where there is no lock."""
    if not path.exists():
        return None
    lines = [Line.from_json(text) for text in path.read_text(encoding="utf-8").splitlines() if text.strip()]
    return {line.id: line for line in lines}


def lines_of(record: StatementRecord) -> list[Line]:
    """Return the lines of one statement: its own and those of its steps."""
    if not record.steps:
        return []
    scope = None if record.found is Verdict.REFUTED else record.scope
    steps = [Line(s.id, s.hash, s.found, s.kind, None if s.counterexample else s.scope) for s in record.steps]
    return [Line(record.label, "", record.found, record.kind, scope), *steps]


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
        if complete or id.partition("/")[0] in labels:
            problems.append(f"{id}: in the lock, but missing from the ledger")
    return problems, notes


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
