"""`precise verify`: run a ledger and report it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import click

from precise.claims import Kind, Run, Tier, verify, write_lock
from precise.claims.cluster import dask_executor
from precise.claims.discovery import package_folder
from precise.claims.journal import default_state
from precise.claims.lock import compare, read_lock
from precise.claims.statement import LABEL
from precise.commands.options import FILE, json_option
from precise.commands.output import Progress, check_outputs, console, write_through
from precise.errors import DomainError
from precise.report import explain, print_run, write_html, write_json, write_junit
from precise.report.explain import known_step

BAR = 20


@click.command("verify")
@click.argument("what", nargs=-1, metavar="[FOLDER] [LABELS]...")
@click.option("--source", type=FILE, metavar="FOLDER", help="A folder with a ledger; default: the installed one.")
@click.option(
    "--tier",
    "tiers",
    multiple=True,
    type=click.Choice([t.value for t in Tier]),
    help="Run the checks of this tier too; may be repeated. The quick tier always runs.",
)
@click.option("--explain", "label", metavar="LABEL", help="Tell the whole story of one statement or step.")
@click.option("--require", metavar="KIND", help=f"The weakest kind to accept: {', '.join(k.word for k in Kind)}.")
@click.option("--need-tools", is_flag=True, help="Fail where a check does not run because its tool is not installed.")
@click.option("--update-lock", is_flag=True, help="Pin what this run has reached; the run must be of the whole ledger.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that run checks; default: one a processor.")
@click.option("--dask", metavar="ADDRESS", help="Run the checks on the workers of this Dask scheduler.")
@click.option("--state", type=FILE, metavar="FILE", help="Journal of finished checks, from which a run goes on.")
@click.option("--fresh", is_flag=True, help="Run every check again, whatever the journal holds.")
@click.option("--steps/--no-steps", default=True, help="Whether to print a line for each step.")
@json_option
@click.option("--html", "html_path", type=FILE, metavar="FILE", help="Write the report as one HTML file.")
@click.option("--junit", "junit_path", type=FILE, metavar="FILE", help="Write the outcome of each step as JUnit XML.")
def command(
    what: tuple[str, ...],
    source: Path | None,
    tiers: tuple[str, ...],
    label: str | None,
    require: str | None,
    need_tools: bool,
    update_lock: bool,
    workers: int | None,
    dask: str | None,
    state: Path | None,
    fresh: bool,
    steps: bool,
    json_path: Path | None,
    html_path: Path | None,
    junit_path: Path | None,
) -> int:
    """Check the lemmas step by step and report what is proved and what is refuted.

    LABELS such as lem:matmul select statements with all that they rest on; without any the whole ledger is run. FOLDER
    is a ledger of your own. The quick tier takes seconds and needs no other program; the full tier takes minutes, and
    the kernel tier needs Coq. A run with one of these keeps a journal in the user's cache directory (or in --state
    FILE), and after an interruption the next one goes on where it was.
    """
    source, labels = folder_and_labels(what, source)
    check_outputs({"--json": json_path, "--html": html_path, "--junit": junit_path, "--state": state})
    if label is not None:
        labels = (*labels, label.partition("/")[0].partition("@")[0])
    if update_lock and labels:
        raise DomainError("verify: --update-lock must be used without labels; a lock pins the whole ledger")
    if dask is not None and workers is not None:
        raise DomainError("verify: --dask and --workers must not be used together; the scheduler has its own workers")
    least = None if require is None else Kind.parse(require)
    progress = Progress()
    try:
        with executor_of(dask) as executor:
            run = verify(
                source,
                labels,
                least,
                lambda done, total, id: progress(bar(done, total, id)),
                workers,
                tiers=tiers,
                executor=executor,
                state=state or journal_of(source, tiers),
                fresh=fresh,
                need_tools=need_tools,
            )
    finally:
        progress.done()
    if not run.records:
        raise DomainError(f"verify: folder must hold a statement; found none in {str(run.lock_path.parent)!r}")
    if label is not None:
        explain(run, known_step(run, label), console())
    else:
        print_run(run, console(), steps=steps)
    date = datetime.date.today().isoformat()
    if json_path is not None:
        write_through(json_path, lambda path: write_json(run, path, date=date))
    if html_path is not None:
        write_through(html_path, lambda path: write_html(run, path, date=date))
    if junit_path is not None:
        write_through(junit_path, lambda path: write_junit(run, path))
    return pinned(run) if update_lock else run.exit_status


def folder_and_labels(what: tuple[str, ...], source: Path | None) -> tuple[Path | None, tuple[str, ...]]:
    """Return the folder of the ledger and the labels among the arguments: a label is never taken for a folder."""
    folders = [text for text in what if not LABEL.fullmatch(text) and Path(text).is_dir()]
    named = [*folders, *([str(source)] if source else [])]
    if len(named) > 1:
        raise DomainError(f"verify: there must be one folder; got {', '.join(named)}")
    labels = tuple(text for text in what if text not in folders)
    return (Path(folders[0]) if folders else source), labels


def journal_of(source: Path | None, tiers: tuple[str, ...]) -> Path | None:
    """Return the journal of a run that takes long, in the user's cache directory; None if there can be none."""
    if set(tiers) <= {Tier.QUICK.value}:
        return None
    try:
        path = default_state(package_folder() if source is None else source)
        path.parent.mkdir(parents=True, exist_ok=True)
        check_outputs({"--state": path})
    except (OSError, RuntimeError, DomainError):  # no home, or none that can be written to
        return None
    return path


@contextmanager
def executor_of(dask: str | None) -> Iterator[Executor | None]:
    """Yield the executor that was asked for, None for processes of this machine."""
    if dask is None:
        yield None
    else:
        with dask_executor(dask) as executor:
            yield executor


def bar(done: int, total: int, id: str) -> str:
    """Return a line that shows how far a run is, and what is at work."""
    full = BAR * done // total if total else BAR
    return f"[{'#' * full}{'.' * (BAR - full)}] {done}/{total}  {id}"


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
