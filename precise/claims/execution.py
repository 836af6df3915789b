"""Where steps run: in this process, or in a pool of processes that each read the ledger for themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from precise.claims.checking import run_step
from precise.claims.discovery import Ledger, read_ledger
from precise.claims.records import StepRecord
from precise.errors import PreciseError

Task = tuple[str, int]
"""A label and the number of one of its steps."""

Progress = Callable[[int, int, str], None]
"""Called before each step, or as results come in, with its number, the number of steps, and its id."""

_ledgers: dict[str, Ledger] = {}
"""The ledger that a worker process has read; empty in the parent."""


def available_workers() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tasks(ledger: Ledger, tasks: Sequence[Task], workers: int, progress: Progress | None) -> dict[Task, StepRecord]:
    """Return the record of each task; the records do not depend on the number of workers."""
    if workers < 2 or len(tasks) < 2:
        return {task: _told(ledger, task, number, len(tasks), progress) for number, task in enumerate(tasks)}
    source = None if ledger.installed else str(ledger.folder)
    # Fresh processes: a fork would copy the locks of libraries that have threads.
    with ProcessPoolExecutor(workers, get_context("spawn"), _read, (source,)) as pool:
        futures = {task: pool.submit(_run, task) for task in tasks}
        try:
            return {task: _reported(f.result(), i, len(tasks), progress) for i, (task, f) in enumerate(futures.items())}
        except BrokenProcessPool:
            raise PreciseError("verify: a worker process died; try --workers 1, which needs less memory") from None
        finally:
            pool.shutdown(cancel_futures=True)


def _told(ledger: Ledger, task: Task, number: int, total: int, progress: Progress | None) -> StepRecord:
    """Run a task in this process."""
    statement = ledger.statements[task[0]]
    step = statement.steps[task[1]]
    if progress:
        progress(number, total, f"{statement.label}/{step.id}")
    return run_step(statement, step)


def _reported(record: StepRecord, number: int, total: int, progress: Progress | None) -> StepRecord:
    """Report a record that a worker has sent."""
    if progress:
        progress(number + 1, total, record.id)
    return record


def _read(source: str | None) -> None:
    """Read the ledger, in a worker."""
    _ledgers["here"] = read_ledger(None if source is None else Path(source))


def _run(task: Task) -> StepRecord:
    """Run a task, in a worker."""
    statement = _ledgers["here"].statements[task[0]]
    return run_step(statement, statement.steps[task[1]])
