"""Run a ledger: order the statements by what they use, run their steps, compute verdicts from evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

from precise.claims.discovery import Ledger, file_stem, read_ledger
from precise.claims.evidence import Kind
from precise.claims.execution import Progress, available_workers, run_tasks
from precise.claims.lock import Line, compare, read_lock
from precise.claims.problems import problems_of
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.scope import Scope
from precise.claims.statement import Statement, hypothesis_text
from precise.claims.verdict import Verdict, of_statement
from precise.claims.versions import tool_versions
from precise.errors import DomainError


@dataclass(slots=True)
class Order:
    """Labels in an order in which each comes after what it uses, and those that use themselves in the end."""

    labels: list[str] = field(default_factory=list)
    cycles: dict[str, str] = field(default_factory=dict)


def verify(
    source: str | Path | None = None,
    labels: Iterable[str] = (),
    require: Kind | str | None = None,
    progress: Progress | None = None,
    workers: int | None = 1,
) -> Run:
    """Return the run of a ledger.

    Parameters
    ----------
    source
        A folder with a ledger; None for the installed package `proofs`.
    labels
        Labels to run, with all that they rest on; none means all. A bare label selects all forms of it.
    require
        The weakest kind that is accepted for any step of this run.
    progress
        Called for each step.
    workers
        How many processes run steps; None stands for one a processor. The records do not depend on it.
    """
    least = Kind.parse(require) if isinstance(require, str) else require
    ledger = read_ledger(source)
    chosen = select(ledger, tuple(labels))
    order = order_of(ledger, chosen)
    faults: list[str] = []
    try:
        locked = read_lock(ledger.lock_path)
    except (DomainError, OSError) as error:
        locked = None
        faults.append(f"{ledger.lock_path.name}: {error}")
    count = available_workers() if workers is None else workers
    records = run_statements(ledger, order, locked or {}, progress, count)
    rows = in_catalogue_order(ledger, records, chosen)
    complete = chosen is None
    problems = [*problems_of(rows, ledger, locked or {}, least), *faults]
    notes: list[str] = []
    if locked is not None:
        lost, notes = compare(locked, rows, complete=complete)
        problems += lost
    elif not faults:
        (problems if ledger.installed else notes).append("ledger.lock: there is none; nothing is pinned")
    return Run(
        source=ledger.source,
        records=rows,
        problems=tuple(dict.fromkeys(problems)),
        notes=tuple(notes),
        versions=tool_versions(),
        lock_path=ledger.lock_path,
        require=least,
        complete=complete,
    )


def select(ledger: Ledger, labels: tuple[str, ...]) -> set[str] | None:
    """Return the labels asked for, each with all of its forms, or None for the whole ledger."""
    if not labels:
        return None
    known = {*ledger.statements, *ledger.catalogue, *(label for label, _ in ledger.broken)}
    chosen: set[str] = set()
    for label in labels:
        forms = {k for k in known if k == label or k.partition("@")[0] == label}
        if not forms:
            raise DomainError(f"verify: labels must be in the ledger; got {label!r}")
        chosen |= forms
    return chosen


def order_of(ledger: Ledger, chosen: set[str] | None) -> Order:
    """Return the chosen statements and all they rest on, dependencies first; members of cycles are named."""
    order = Order()
    path: list[str] = []

    def visit(label: str) -> None:
        if label in path:
            cycle = path[path.index(label) :]
            for member in cycle:
                order.cycles[member] = "uses form a cycle: " + " -> ".join([*cycle, label])
        elif label in ledger.statements and label not in order.labels:
            path.append(label)
            for used in ledger.statements[label].uses:
                visit(used)
            path.pop()
            order.labels.append(label)

    for label in ledger.statements:
        if chosen is None or label in chosen:
            visit(label)
    return order


def run_statements(
    ledger: Ledger, order: Order, locked: Mapping[str, Line], progress: Progress | None, workers: int
) -> dict[str, StatementRecord]:
    """Return the record of each statement in the order, by label."""
    tasks = [(label, i) for label in order.labels for i in range(len(ledger.statements[label].steps))]
    found = run_tasks(ledger, tasks, workers, progress)
    records: dict[str, StatementRecord] = {}
    for label in order.labels:
        statement = ledger.statements[label]
        steps: list[StepRecord] = []
        for i in range(len(statement.steps)):
            record = found[label, i]
            before = locked.get(record.id)
            steps.append(record.made_stale() if before and before.hash != record.hash else record)
        records[label] = compose(ledger, statement, tuple(steps), records, order.cycles.get(label, ""))
    return records


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


def in_catalogue_order(
    ledger: Ledger, records: Mapping[str, StatementRecord], chosen: set[str] | None
) -> tuple[StatementRecord, ...]:
    """Return all records in the order of the paper, printed before repaired, open ones in place."""
    rows = list(records.values())
    bases = {record.label.partition("@")[0] for record in rows}
    broken = dict(ledger.broken)
    for label in dict.fromkeys([*ledger.catalogue, *broken]):
        if label in broken and (chosen is None or label in chosen):
            rows.append(unrun(ledger, label, Verdict.ERROR, broken[label]))
        elif label not in bases and label not in broken and (chosen is None or label in chosen):
            reason = f"no file yet: needs {ledger.catalogue[label].needs}"
            rows.append(unrun(ledger, label, Verdict.OPEN, reason))
    place = {label: i for i, label in enumerate(ledger.catalogue)}
    arrival = {record.label: i for i, record in enumerate(rows)}

    def key(record: StatementRecord) -> tuple[int, str, bool, bool, int]:
        base = record.label.partition("@")[0]
        known = place.get(base, len(place))
        foreign = base if known == len(place) else ""
        return known, foreign, not record.expects_refuted, not record.repairs, arrival[record.label]

    return tuple(sorted(rows, key=key))


def unrun(ledger: Ledger, label: str, verdict: Verdict, reason: str) -> StatementRecord:
    """Return the record of a label that has no steps."""
    entry = ledger.catalogue.get(label)
    title, mark = (entry.title, entry.mark) if entry else (label, "")
    return StatementRecord(
        label=label,
        title=title,
        mark=mark,
        verdict=verdict,
        found=verdict,
        reason=reason,
        source=f"{file_stem(label)}.py",
    )
