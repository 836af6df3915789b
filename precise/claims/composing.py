"""The record of a statement: its verdict, kind and scope follow from its steps and from what it uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from precise.claims.discovery import Ledger
from precise.claims.evidence import Kind
from precise.claims.records import StatementRecord, StepRecord
from precise.claims.scope import Scope
from precise.claims.statement import Statement, hypothesis_text
from precise.claims.verdict import Verdict, of_statement


def compose(
    ledger: Ledger,
    statement: Statement,
    steps: tuple[StepRecord, ...],
    records: Mapping[str, StatementRecord],
    cycle: str,
) -> StatementRecord:
    """Return the record of a statement: verdict, kind and scope follow from its steps and what it uses."""
    broken = dict(ledger.broken)
    unknown = [u for u in statement.uses if u not in {*ledger.statements, *ledger.catalogue, *broken}]
    fault = cycle or (f"uses must name known labels; got {', '.join(unknown)}" if unknown else "")
    fault = fault or fault_of_citations(ledger, steps)
    absent = {u: Verdict.ERROR if u in broken else Verdict.OPEN for u in statement.uses}
    below = [records[u] for u in statement.uses if u in records]
    parts: list[StepRecord | StatementRecord] = [*steps, *below]
    scopes = [x.scope for x in parts if x.scope is not None]
    scope = reduce(lambda a, b: a & b, scopes) if scopes else None
    used = absent | {record.label: record.verdict for record in below}
    verdict, reason = judge([s.verdict for s in steps], used, scope, fault)
    found, _ = judge([s.found for s in steps], absent | {r.label: r.found for r in below}, scope, fault)
    reason = reason or next((s.reason for s in steps if s.verdict is verdict and s.reason), "")
    letters = [(x.kind.strength, x.kind, x.letter) for x in parts if x.kind is not None]
    weakest = min(letters, key=lambda x: (x[0], -len(x[2]))) if letters else (0, None, "")
    if verdict is Verdict.OPEN:
        scope, weakest = None, (0, None, "")
    refuted = verdict is Verdict.REFUTED
    return StatementRecord(
        label=statement.label,
        title=statement.title,
        mark=statement.mark,
        verdict=verdict,
        found=found,
        tex=statement.tex,
        where=statement.where,
        uses=statement.uses,
        as_printed=statement.as_printed,
        expects_refuted=statement.expects_refuted,
        repairs=statement.repairs,
        repaired_by=tuple(s.label for s in ledger.statements.values() if s.repairs == statement.label),
        suspects=statement.suspects,
        hypotheses=tuple(hypothesis_text(h) for h in statement.hypotheses),
        steps=steps,
        kind=Kind.COUNTEREXAMPLE if refuted else weakest[1],
        letter=Kind.COUNTEREXAMPLE.value if refuted else weakest[2],
        scope=scope,
        limited_by=limited_by(steps, below),
        reason=reason,
        rests_on=foundations(steps, below, used),
        source=ledger.files[statement.label],
        rerun=all(s.rerun for s in steps) and all(r.rerun for r in below),
    )


def judge(own: Sequence[Verdict], used: Mapping[str, Verdict], scope: Scope | None, fault: str) -> tuple[Verdict, str]:
    """Return the verdict of a statement, with the reason where it does not lie in one of its steps."""
    if fault:
        return Verdict.ERROR, fault
    verdict = of_statement(own, list(used.values()))
    if scope is not None and scope.empty and verdict.supports:
        return Verdict.INCONCLUSIVE, "no precision is common to all steps and dependencies"
    if scope is not None and scope.listed_only and verdict is Verdict.PROVED:
        return Verdict.PROVED_LISTED, ""
    if verdict in own:
        return verdict, ""
    limiting = [f"{label} ({v})" for label, v in used.items() if v is verdict or not v.supports]
    return verdict, f"rests on {', '.join(limiting)}"


def fault_of_citations(ledger: Ledger, steps: Iterable[StepRecord]) -> str:
    """Return what is wrong with the labels that citations stand for, or nothing."""
    named = [label for step in steps for label in step.stands_for]
    unknown = [label for label in named if label not in {*ledger.catalogue, *ledger.statements}]
    return f"stands_for must name known labels; got {', '.join(unknown)}" if unknown else ""


def limited_by(steps: Iterable[StepRecord], below: Iterable[StatementRecord]) -> tuple[str, ...]:
    """Return the used labels whose scope has limits in words that no step here has."""
    own = {c for s in steps if s.scope for c in s.scope.conditions}
    return tuple(r.label for r in below if r.scope is not None and not own.issuperset(r.scope.conditions))


def foundations(
    steps: Iterable[StepRecord], below: Iterable[StatementRecord], used: Mapping[str, Verdict]
) -> tuple[str, ...]:
    """Return what is believed, not checked, here and in all that is used: citations, axioms, open labels."""
    own = [f"cited: {e.note}" for s in steps for e in s.evidence if e.kind is Kind.ASSUMED]
    own += [f"taken from the literature, not checked here: {label}" for s in steps for label in s.stands_for]
    axioms = [f"axiom: {a}" for s in steps for e in s.evidence for a in e.axioms]
    unsupported = [f"{verdict}: {label}" for label, verdict in used.items() if not verdict.supports]
    inherited = [line for record in below for line in record.rests_on]
    return tuple(dict.fromkeys([*own, *axioms, *unsupported, *inherited]))
