"""Compare arithmetic with independent oracles over whole formats; stop at any time and go on later.

Units of work are listed in `tests/sweeps`: all pairs and values of small formats, all inputs of 16-bit functions,
boundary-heavy pairs, conversions, stochastic rounding, wide formats, sums and products.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from sweeps.page import markdown, table, versions
from sweeps.state import State, StateError
from sweeps.suites import run, units
from sweeps.unit import Outcome, Unit

SEED = 20250109
SAVED_EVERY = 2.0  # seconds


def chosen(only: str, part: str) -> list[Unit]:
    """Return the units whose name contains `only`, of which slice i/n takes every n-th."""
    found = [u for u in units() if only in u.key]
    if not found:
        raise click.UsageError(f"--only: must occur in the name of a unit, as exp:bfloat16; got {only!r}")
    index, _, count = part.partition("/")
    if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise click.UsageError(f"--slice: must be i/n with 0 <= i < n; got {part}")
    return found[int(index) :: int(count)]


def outcomes(todo: Sequence[Unit], seed: int, jobs: int) -> Iterator[tuple[Unit, Outcome]]:
    """Yield units as they finish, here or in processes of their own."""
    if jobs == 1:
        for unit in todo:
            yield unit, run(unit, seed)
        return
    with ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        waiting = list(reversed(todo))
        running: dict[Future[Outcome], Unit] = {}
        try:
            while waiting or running:
                while waiting and len(running) < 2 * jobs:
                    unit = waiting.pop()
                    running[pool.submit(run, unit, seed)] = unit
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def sweep(state: State, wanted: Sequence[Unit], jobs: int, seconds: int) -> None:
    """Run what is left, and keep the state."""
    left = [u for u in wanted if u.key not in state.done]
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    started = saved = time.monotonic()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("sweep", total=len(wanted), completed=len(wanted) - len(left))
        try:
            for unit, outcome in outcomes(left, state.seed, jobs):
                state.done[unit.key] = outcome
                progress.update(task, description=unit.key, advance=1)
                if outcome.wrong:
                    progress.console.print(f"{unit.key}: {outcome.wrong:,} wrong", markup=False, highlight=False)
                if time.monotonic() - saved > SAVED_EVERY:
                    state.save()
                    saved = time.monotonic()
                if seconds and time.monotonic() - started > seconds:
                    break
        except KeyboardInterrupt:
            console.print("stopped; run it again to go on")
        finally:
            state.save()


@click.command()
@click.option("--state", "path", type=click.Path(path_type=Path), default=Path("sweep_oracle.json"), show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--only", default="", help="Only units whose name contains this, as exp:bfloat16.")
@click.option("--slice", "part", default="0/1", show_default=True, help="Every n-th unit from the i-th on, as 3/50.")
@click.option("--seconds", type=click.IntRange(0), default=0, help="Stop after so many seconds; 0 runs to the end.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--markdown", "page", type=click.Path(path_type=Path), help="Write the counts as a page.")
@click.option("--any-sources", is_flag=True, help="Believe results of other sources too.")
def main(
    path: Path, jobs: int, only: str, part: str, seconds: int, seed: int, page: Path | None, any_sources: bool
) -> None:
    """Compare arithmetic with oracles; exit 1 if anything is wrong."""
    wanted = chosen(only, part)
    try:
        state = State.load(path, seed, any_sources=any_sources)
    except StateError as error:
        raise click.UsageError(str(error)) from None
    sweep(state, wanted, jobs, seconds)
    found = {u.key: state.done[u.key] for u in wanted if u.key in state.done}
    Console().print(table(found))
    wrong = {key: outcome for key, outcome in found.items() if outcome.wrong}
    for key, outcome in wrong.items():
        for line in outcome.first:
            click.echo(f"{key} {line}")
    click.echo(f"{len(found):,} of {len(wanted):,} units, seed {seed}, sources {state.sources}; {versions()}")
    if page is not None:
        page.write_text(markdown(found, len(wanted), seed, state.said_of(found)), encoding="utf-8")
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
