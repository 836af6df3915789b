"""`precise verify`: run a ledger and report it."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from precise.claims import Kind, verify, write_lock
from precise.claims.lock import compare, read_lock
from precise.claims.records import Run
from precise.commands.options import FILE, json_option
from precise.commands.output import Progress, check_outputs, console, write_through
from precise.errors import DomainError
from precise.report import print_run, write_html, write_json


@click.command("verify")
@click.argument("labels", nargs=-1)
@click.option("--source", type=FILE, metavar="FOLDER", help="A folder with a ledger; default: the installed one.")
@click.option("--require", metavar="KIND", help=f"The weakest kind to accept: {', '.join(k.word for k in Kind)}.")
@click.option("--update-lock", is_flag=True, help="Pin what this run has reached; the run must be of the whole ledger.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that run steps; default: one a processor.")
@click.option("--steps/--no-steps", default=True, help="Whether to print a line for each step.")
@json_option
@click.option("--html", "html_path", type=FILE, metavar="FILE", help="Write the report as one HTML file.")
def command(
    labels: tuple[str, ...],
    source: Path | None,
    require: str | None,
    update_lock: bool,
    workers: int | None,
    steps: bool,
    json_path: Path | None,
    html_path: Path | None,
) -> int:
    """Check the lemmas step by step and report what is proved and what is refuted.

    LABELS such as lem:matmul select statements with all that they rest on; without any the whole ledger is run.
    """
    check_outputs({"--json": json_path, "--html": html_path})
    if update_lock and labels:
        raise DomainError("verify: --update-lock must be used without labels; a lock pins the whole ledger")
    least = None if require is None else Kind.parse(require)
    progress = Progress()
    try:
        run = verify(source, labels, least, lambda done, total, id: progress(f"{done}/{total}  {id}"), workers)
    finally:
        progress.done()
    if not run.records:
        raise DomainError(f"verify: folder must hold a statement; found none in {str(run.lock_path.parent)!r}")
    print_run(run, console(), steps=steps)
    date = datetime.date.today().isoformat()
    if json_path is not None:
        write_through(json_path, lambda path: write_json(run, path, date=date))
    if html_path is not None:
        write_through(html_path, lambda path: write_html(run, path, date=date))
    return pinned(run) if update_lock else run.exit_status


def pinned(run: Run) -> int:
    """Write the lock, and return 1 where the run has problems that are not about the old lock."""
    name = run.lock_path.name
    try:
        old = read_lock(run.lock_path) or {}
    except DomainError:
        old = {}
    about_lock, _ = compare(old, run.records, complete=run.complete)
    write_through(run.lock_path, lambda path: write_lock(run, path))
    click.echo(f"lock written: {run.lock_path}")
    left = [p for p in run.problems if p not in about_lock and not p.startswith(f"{name}:")]
    return 1 if left else 0
