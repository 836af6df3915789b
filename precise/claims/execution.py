"""Where checks run: in this process, in a pool of processes, or in any executor of the kind of `concurrent.futures`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from precise.claims.discovery import Ledger
from precise.claims.findings import PieceRecord
from precise.claims.journal import Journal
from precise.claims.pieces import pieces_of
from precise.claims.sources import files_digest
from precise.claims.statement import Tier
from precise.claims.working import Job, Task, run_job, run_task, watch_parent
from precise.errors import PreciseError

Progress = Callable[[int, int, str], None]
"""Called before each check, or as results come in, with the number done, the number of checks, and an id at work."""

GUESS = {Tier.KERNEL: 30.0, Tier.FULL: 20.0, Tier.QUICK: 0.0}
"""Seconds that a check is taken to last before it has ever run."""


@dataclass(frozen=True, slots=True)
class Execution:
    """Which tiers run and where: `workers` processes, or an `executor` that is given; what ends goes to the journal."""

    tiers: frozenset[Tier]
    workers: int = 1
    executor: Executor | None = None
    journal: Journal | None = None
    progress: Progress | None = None


def available_workers() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tasks(ledger: Ledger, tasks: Sequence[Task], how: Execution) -> tuple[dict[Task, PieceRecord], int]:
    """Return the record of each task, and how many come from the journal; the records do not depend on where they run.

    The longest tasks begin first, so that no processor waits for one at the end.
    """
    ids = {task: id_of(ledger, task) for task in tasks}
    found = {task: record for task in tasks if (record := recorded(ledger, task, ids[task], how.journal))}
    resumed = len(found)
    left = sorted((t for t in tasks if t not in found), key=lambda t: -expected_seconds(ledger, t, ids[t], how.journal))
    if how.executor is None and (how.workers < 2 or len(left) < 2):
        results = in_turn(ledger, left, ids, how, resumed)
    else:
        results = at_once(ledger, left, ids, how, resumed)
    for task, record in results:
        found[task] = record
        if how.journal:
            how.journal.add(hash_of(ledger, task), record)
    return found, resumed


def in_turn(
    ledger: Ledger, tasks: Sequence[Task], ids: dict[Task, str], how: Execution, done: int
) -> Iterator[tuple[Task, PieceRecord]]:
    """Yield the record of each task, run in this process."""
    for number, task in enumerate(tasks):
        if how.progress:
            how.progress(done + number, done + len(tasks), ids[task])
        yield task, run_task(ledger, task, how.tiers)


def at_once(
    ledger: Ledger, tasks: Sequence[Task], ids: dict[Task, str], how: Execution, done: int
) -> Iterator[tuple[Task, PieceRecord]]:
    """Yield the record of each task as it comes in from an executor."""
    job = Job(
        source=None if ledger.installed else str(ledger.folder),
        files=files_digest(ledger) if how.journal or how.executor else "",
        tiers=how.tiers,
    )
    # Fresh processes: a fork would copy the locks of libraries that have threads.
    pool = how.executor or ProcessPoolExecutor(how.workers, get_context("spawn"), watch_parent)
    futures: dict[Future[PieceRecord], Task] = {}
    try:
        futures = {pool.submit(run_job, job, task): task for task in tasks}
        if how.progress:
            how.progress(done, done + len(tasks), ids[tasks[0]] if tasks else "")
        for number, future in enumerate(as_completed(futures), start=1):
            yield futures[future], future.result()
            if how.progress:
                at_work = next((task for f, task in futures.items() if not f.done()), futures[future])
                how.progress(done + number, done + len(tasks), ids[at_work])
    except BrokenProcessPool:
        raise PreciseError("verify: a worker process died; try --workers 1, which needs less memory") from None
    except (PreciseError, OSError):
        raise
    except Exception as error:
        raise PreciseError(f"verify: the executor failed with {type(error).__name__}: {error}") from error
    finally:
        for future in futures:
            future.cancel()
        if how.executor is None:
            pool.shutdown(cancel_futures=True)


def recorded(ledger: Ledger, task: Task, id: str, journal: Journal | None) -> PieceRecord | None:
    """Return the record of a task that the journal holds."""
    return journal.find(id, hash_of(ledger, task)) if journal else None


def expected_seconds(ledger: Ledger, task: Task, id: str, journal: Journal | None) -> float:
    """Return how long the task took when it ran last, or a guess from its tier."""
    before = journal.seconds(id) if journal else None
    label, step_number, piece_number = task
    tier = pieces_of(ledger.statements[label].steps[step_number])[piece_number].tier
    return GUESS[tier] if before is None else before


def hash_of(ledger: Ledger, task: Task) -> str:
    """Return the fingerprint of the statement that a task is about."""
    statement = ledger.statements[task[0]]
    return statement.hash_of(statement.steps[task[1]])


def id_of(ledger: Ledger, task: Task) -> str:
    """Return the id of the check that a task runs."""
    label, step_number, piece_number = task
    step = ledger.statements[label].steps[step_number]
    return pieces_of(step)[piece_number].id_in(f"{label}/{step.id}")
