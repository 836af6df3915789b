"""The JSON document of a run: every record, with all that `proofs/recheck.py` needs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from precise.claims.evidence import Counterexample, Evidence
from precise.claims.findings import PieceRecord
from precise.claims.jsontype import Json
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.versions import DISTRIBUTION, version_of
from precise.report.summary import summary_json

SCHEMA = 1


def document(run: Run, *, date: str = "", seconds: bool = True) -> dict[str, Json]:
    """Return the run as JSON values; without `seconds` two runs of one ledger give the same document."""
    versions: dict[str, Json] = dict(run.versions)
    counts: dict[str, Json] = {verdict.value: n for verdict, n in run.counts().items()}
    return {
        "schema": SCHEMA,
        "package": {"name": DISTRIBUTION, "version": version_of(DISTRIBUTION)},
        "date": date,
        "ledger": run.source,
        "require": run.require.word if run.require else "",
        "complete": run.complete,
        "tiers": [tier.value for tier in run.tiers],
        "versions": versions,
        "counts": counts,
        "proved_within_finite_scope": run.proved_in_part(),
        "summary": summary_json(run),
        "exit_status": run.exit_status,
        "problems": list(run.problems),
        "notes": list(run.notes),
        "records": [statement_json(record, seconds) for record in run.records],
    }


def write_json(run: Run, path: str | Path, *, date: str = "", seconds: bool = True) -> None:
    """Write the document of a run."""
    text = json.dumps(document(run, date=date, seconds=seconds), ensure_ascii=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


def statement_json(record: StatementRecord, seconds: bool) -> dict[str, Json]:
    """Return one statement as JSON values."""
    return {
        "label": record.label,
        "title": record.title,
        "mark": record.mark,
        "tex": record.tex,
        "where": record.where,
        "source": record.source,
        "section": record.section,
        "as_printed": record.as_printed,
        "repairs": record.repairs,
        "repaired_by": list(record.repaired_by),
        "suspects": list(record.suspects),
        "uses": list(record.uses),
        "hypotheses": list(record.hypotheses),
        "verdict": record.verdict.value,
        "kind": record.letter,
        "scope": record.scope.to_json() if record.scope else None,
        "scope_text": record.scope_text,
        "finite_scope": record.finite,
        "rerun": record.rerun,
        "reason": record.reason,
        "rests_on": list(record.rests_on),
        "steps": [step_json(step, seconds) for step in record.steps],
    }


def step_json(step: StepRecord, seconds: bool) -> dict[str, Json]:
    """Return one step as JSON values."""
    fields: dict[str, Json] = {
        "id": step.id,
        "says": step.says,
        "formal": step.formal,
        "hash": step.hash,
        "expects": step.expects,
        "hypotheses": list(step.hypotheses),
        "witness": list(step.witness),
        "verdict": step.verdict.value,
        "kind": step.letter,
        "scope": step.scope.to_json() if step.scope else None,
        "scope_text": step.scope_text,
        "finite_scope": step.finite,
        "rerun": step.rerun,
        "reason": step.reason,
        "cases": step.cases,
        "cells": list(step.cells),
        "mutants": [{"name": m.name, "role": m.role, "rejected": m.rejected, "by": m.by} for m in step.mutants],
        "evidence": [evidence_json(e) for e in step.evidence],
        "counterexample": counterexample_json(step.counterexample) if step.counterexample else None,
        "pieces": [piece_json(piece, seconds) for piece in step.pieces],
    }
    return fields | {"seconds": f"{step.seconds:.3f}"} if seconds else fields


def piece_json(piece: PieceRecord, seconds: bool) -> dict[str, Json]:
    """Return what became of one check of a step as JSON values; its evidence stands in the step."""
    fields: dict[str, Json] = {
        "id": piece.id,
        "tier": piece.tier.value,
        "verdict": piece.verdict.value,
        "kind": piece.letter,
        "scope": piece.scope.to_json() if piece.scope else None,
        "reason": piece.reason,
        "not_run": piece.not_run,
        "held_by_lock": piece.held is not None,
        "evidence": len(piece.evidence),
        "mutants": len(piece.mutants),
    }
    return fields | {"seconds": f"{piece.seconds:.3f}"} if seconds else fields


def evidence_json(evidence: Evidence) -> dict[str, Json]:
    """Return one piece of evidence as JSON values; certificates carry the sha256 of their canonical text."""
    certificates: list[Json] = [{**c.data, "sha256": sha256(dict(c.data))} for c in evidence.certificates]
    return {
        "kind": evidence.letter,
        "scope": evidence.scope.to_json(),
        "scope_text": str(evidence.scope),
        "cases": evidence.cases,
        "expected": evidence.expected,
        "cells": list(evidence.cells),
        "producer": evidence.producer,
        "version": version_text(evidence),
        "confirmed_by": evidence.confirmed_by,
        "command": evidence.command,
        "artefact": evidence.artefact,
        "certificates": certificates,
        "seed": evidence.seed,
        "needs": evidence.needs,
        "sharpness": evidence.sharpness,
        "axioms": list(evidence.axioms),
        "note": evidence.note,
    }


def counterexample_json(counterexample: Counterexample) -> dict[str, Json]:
    """Return a counterexample as JSON values: numbers as text, words in an object."""
    values: dict[str, Json] = {
        name: {"word": value} if isinstance(value, str) else str(value) for name, value in counterexample.exact.items()
    }
    return {
        "kind": "counterexample",
        "values": values,
        "refutes": counterexample.refutes,
        "lines": list(counterexample.lines),
        "order": counterexample.order,
        "cases": counterexample.cases,
    }


def version_text(evidence: Evidence) -> str:
    """Return the version of the producer, looked up where the check does not give it."""
    return evidence.version or version_of(evidence.producer)


def sha256(data: dict[str, Json]) -> str:
    """Return the fingerprint of JSON values in canonical text."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
