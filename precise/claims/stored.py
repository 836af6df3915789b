"""Records of checks as JSON and back, exactly: integers in hexadecimal, fractions as two of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from precise.claims.certificates import Certificate
from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.expression import Exact
from precise.claims.findings import MutantRecord, PieceRecord
from precise.claims.jsontype import Json
from precise.claims.scope import Scope
from precise.claims.statement import Tier
from precise.claims.verdict import Verdict, strongest


def piece_to_json(piece: PieceRecord) -> dict[str, Json]:
    """Return the record of a check that ran as JSON values."""
    return {
        "id": piece.id,
        "tier": piece.tier.value,
        "found": piece.found.value,
        "reason": piece.reason,
        "evidence": [evidence_to_json(e) for e in piece.evidence],
        "counterexample": counterexample_to_json(piece.counterexample) if piece.counterexample else None,
        "mutants": [[m.name, m.role, m.rejected, m.by] for m in piece.mutants],
        "seconds": repr(piece.seconds),
    }


def piece_from_json(data: Mapping[str, Any]) -> PieceRecord:
    """Return the record that `piece_to_json` wrote; a `KeyError`, `TypeError` or `ValueError` where it did not."""
    evidence = tuple(evidence_from_json(e) for e in data["evidence"])
    return PieceRecord(
        id=data["id"],
        tier=Tier(data["tier"]),
        found=Verdict(data["found"]),
        reason=data["reason"],
        evidence=evidence,
        counterexample=counterexample_from_json(data["counterexample"]) if data["counterexample"] else None,
        mutants=tuple(MutantRecord(*m) for m in data["mutants"]),
        deciding=strongest(evidence) if evidence else None,
        seconds=float(data["seconds"]),
    )


def evidence_to_json(evidence: Evidence) -> dict[str, Json]:
    """Return one piece of evidence as JSON values."""
    return {
        "kind": evidence.kind.value,
        "scope": evidence.scope.to_json(),
        "cases": evidence.cases,
        "producer": evidence.producer,
        "version": evidence.version,
        "expected": evidence.expected,
        "cells": list(evidence.cells),
        "confirmed_by": evidence.confirmed_by,
        "command": evidence.command,
        "artefact": evidence.artefact,
        "certificates": [dict(c.data) for c in evidence.certificates],
        "seed": evidence.seed,
        "needs": evidence.needs,
        "sharpness": evidence.sharpness,
        "axioms": list(evidence.axioms),
        "note": evidence.note,
    }


def evidence_from_json(data: Mapping[str, Any]) -> Evidence:
    """Return the evidence that `evidence_to_json` wrote; its rules are checked once more."""
    read = {
        "kind": Kind(data["kind"]),
        "scope": Scope.from_json(data["scope"]),
        "cells": tuple(data["cells"]),
        "certificates": tuple(Certificate(c) for c in data["certificates"]),
        "axioms": tuple(data["axioms"]),
    }
    return Evidence(**{**data, **read})


def counterexample_to_json(found: Counterexample) -> dict[str, Json]:
    """Return a counterexample as JSON values."""
    return {
        "values": {name: value_to_json(value) for name, value in found.exact.items()},
        "refutes": found.refutes,
        "lines": list(found.lines),
        "order": found.order,
        "cases": found.cases,
    }


def counterexample_from_json(data: Mapping[str, Any]) -> Counterexample:
    """Return the counterexample that `counterexample_to_json` wrote; it is evaluated once more."""
    return Counterexample(
        values={name: value_from_json(value) for name, value in data["values"].items()},
        refutes=data["refutes"],
        lines=tuple(data["lines"]),
        order=data["order"],
        cases=data["cases"],
    )


def value_to_json(value: Exact) -> Json:
    """Return an exact value with its type: a number has no limit of digits in hexadecimal."""
    if isinstance(value, Fraction):
        return ["fraction", hex(value.numerator), hex(value.denominator)]
    return ["word", value] if isinstance(value, str) else ["integer", hex(value)]


def value_from_json(data: list[str]) -> Exact:
    """Return the value that `value_to_json` wrote."""
    match data:
        case ["fraction", above, below]:
            return Fraction(int(above, 16), int(below, 16))
        case ["integer", digits]:
            return int(digits, 16)
        case ["word", word]:
            return word
    raise ValueError(f"an exact value must be a fraction, an integer or a word; got {data!r}")
