"""Run a ledger: order the statements by what they use, run their steps, compute verdicts from evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from pathlib import Path

from precise.claims.checking import run_piece
from precise.claims.composing import compose
from precise.claims.discovery import Ledger, read_ledger
from precise.claims.evidence import Kind
from precise.claims.execution import Execution, Progress, available_workers, run_tasks
from precise.claims.joining import join
from precise.claims.journal import Journal
from precise.claims.lines import Line
from precise.claims.lock import compare, read_lock
from precise.claims.pieces import pieces_of
from precise.claims.problems import problems_of
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.rows import in_catalogue_order
from precise.claims.selection import Order, order_of, select
from precise.claims.sources import sources_digest
from precise.claims.statement import Tier
from precise.claims.versions import tool_versions
from precise.claims.working import Task
from precise.errors import DomainError


def verify(
    source: str | Path | None = None,
    labels: Iterable[str] = (),
    require: Kind | str | None = None,
    progress: Progress | None = None,
    workers: int | None = 1,
    *,
    tiers: Iterable[Tier | str] = (),
    executor: Executor | None = None,
    state: str | Path | None = None,
    fresh: bool = False,
    need_tools: bool = False,
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
    tiers
        Which tiers of checks run beside the quick one, which always runs.
    executor
        Runs the checks in place of processes: any executor of the kind of `concurrent.futures`. It is not shut down.
    state
        A journal: what it holds of the same sources is not run again, and each check that ends is added to it.
    fresh
        Empty the journal first.
    need_tools
        Count a check of these tiers that does not run for want of a tool as a problem.
    """
    wanted = frozenset({Tier.QUICK, *(tier_of(t) for t in tiers)})
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
    journal = None if state is None else Journal(Path(state), sources_digest(ledger), fresh=fresh)
    how = Execution(wanted, count, executor, journal, progress)
    try:
        records, resumed = run_statements(ledger, order, how, locked or {})
    finally:
        if journal:
            journal.close()
    rows = in_catalogue_order(ledger, records, chosen)
    complete = chosen is None
    problems = [*problems_of(rows, ledger, locked or {}, least), *faults]
    problems += [f"{p.id}: {p.not_run}" for row in rows for s in row.steps for p in s.not_run if need_tools and p.tool]
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
        suspects=ledger.suspects,
        tiers=tuple(t for t in Tier if t in wanted),
        resumed=resumed,
        journal=None if journal is None else journal.path,
    )


def tier_of(tier: Tier | str) -> Tier:
    """Return the tier of that name."""
    words = {t.value: t for t in Tier}
    if not isinstance(tier, Tier) and tier not in words:
        raise DomainError(f"verify: tiers must be among {', '.join(words)}; got {tier!r}")
    return Tier(tier)


def run_statements(
    ledger: Ledger, order: Order, how: Execution, locked: Mapping[str, Line]
) -> tuple[dict[str, StatementRecord], int]:
    """Return the record of each statement in the order, by label, and how many checks come from the journal."""
    every = [
        (label, i, j)
        for label in order.labels
        for i, step in enumerate(ledger.statements[label].steps)
        for j, _ in enumerate(pieces_of(step))
    ]
    found, resumed = run_tasks(ledger, [task for task in every if is_asked_for(ledger, task, how.tiers)], how)
    records: dict[str, StatementRecord] = {}
    for label in order.labels:
        statement = ledger.statements[label]
        steps: list[StepRecord] = []
        for i, step in enumerate(statement.steps):
            pieces = [
                found.get((label, i, j)) or run_piece(statement, step, piece, how.tiers)
                for j, piece in enumerate(pieces_of(step))
            ]
            steps.append(join(statement, step, pieces, locked))
        records[label] = compose(ledger, statement, tuple(steps), records, order.cycles.get(label, ""))
    return records, resumed


def is_asked_for(ledger: Ledger, task: Task, tiers: frozenset[Tier]) -> bool:
    """Return whether the check of a task is of a tier that is asked for."""
    label, i, j = task
    return pieces_of(ledger.statements[label].steps[i])[j].tier in tiers
