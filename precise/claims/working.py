"""What a worker does: read the ledger for itself, once, and run the checks that it is sent."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

from precise.claims.checking import run_piece
from precise.claims.discovery import Ledger, read_ledger
from precise.claims.findings import PieceRecord
from precise.claims.pieces import pieces_of
from precise.claims.sources import files_digest
from precise.claims.statement import Tier
from precise.errors import PreciseError

Task = tuple[str, int, int]
"""A label, the number of one of its steps, and the number of one of the checks of that step."""


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a run have in common: the folder of the ledger, None for the installed one, and the tiers.

    `files` is the fingerprint that the files must have where the worker runs; nothing stands for any.
    """

    source: str | None
    files: str
    tiers: frozenset[Tier]


_ledgers: dict[Job, Ledger] = {}
"""The ledger that this process has read, for the last run that it worked for."""
_reading = threading.Lock()


def run_job(job: Job, task: Task) -> PieceRecord:
    """Return the record of one task, in a worker."""
    with _reading:
        if job not in _ledgers:
            ledger = checked(job, read_ledger(None if job.source is None else Path(job.source)))
            _ledgers.clear()
            _ledgers[job] = ledger
        ledger = _ledgers[job]
    return run_task(ledger, task, job.tiers)


def run_task(ledger: Ledger, task: Task, tiers: frozenset[Tier]) -> PieceRecord:
    """Return the record of one task."""
    label, step_number, piece_number = task
    statement = ledger.statements[label]
    step = statement.steps[step_number]
    return run_piece(statement, step, pieces_of(step)[piece_number], tiers)


def checked(job: Job, ledger: Ledger) -> Ledger:
    """Return the ledger if its files are those of the run that sends the tasks."""
    if job.files and files_digest(ledger) != job.files:
        raise PreciseError("verify: workers must have the same files of precise and of the ledger; got others")
    return ledger


def watch_parent() -> None:
    """Make this process end when the one that started it does, even if that is killed."""
    parent = parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
