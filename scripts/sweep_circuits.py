"""Compare circuits with MPFR and with rounded arrays, on all inputs of small formats and on adversarial ones.

Stop it at any time and go on later: outcomes are kept by unit, each with a digest of its circuit. Every unit runs in a
process of its own, so that its memory can be told.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from oracles.mpfr import VERSION
from sweeps.circuit_page import CircuitState, CircuitStateError, markdown, summary
from sweeps.circuit_units import CircuitUnit, Found, run, units

SEED = 20250111


def chosen(only: str) -> list[CircuitUnit]:
    """Return the units whose name contains `only`."""
    found = [u for u in units() if only in u.key]
    if not found:
        raise click.UsageError(f"--only: must occur in the name of a unit, as adversarial:sum:8; got {only!r}")
    return found


def alone(unit: CircuitUnit, seed: int, known: str) -> Found | None:
    """Return what a unit finds in a process of its own, which ends with this one."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        future = pool.submit(run, unit, seed, known)
        try:
            return future.result()
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def line(unit: CircuitUnit, found: Found | None) -> str:
    """Return one line about a finished unit."""
    if found is None:
        return f"{unit.key}: the circuit is the same, the outcome is kept"
    return (
        f"{unit.key}: {found.cases:,} cases, {found.wrong:,} wrong, {found.rounded:,} against rounded, "
        f"{found.rounded_wrong:,} wrong, {found.seconds:.1f} s, {found.mebibytes:,} MiB"
    )


def sweep(state: CircuitState, wanted: Sequence[CircuitUnit], seconds: int) -> int:
    """Run what is left, keep the state after every unit, and return how many units raised."""
    console, started = Console(stderr=True), time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    left, broken = [u for u in wanted if not state.holds(u)], 0
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("sweep", total=len(wanted), completed=len(wanted) - len(left))
        try:
            for unit in left:
                progress.update(task, description=unit.key)
                try:
                    found = alone(unit, state.seed, state.known(unit))
                    state.keep(unit, found)
                    state.save()
                    text = line(unit, found)
                except Exception as error:
                    broken += 1
                    text = f"{unit.key}: {type(error).__name__}: {error}"
                progress.update(task, advance=1)
                progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
                if seconds and time.monotonic() - started > seconds:
                    break
        except KeyboardInterrupt:
            console.print("stopped; run it again to go on")
    return broken


@click.command()
@click.option(
    "--state", "path", type=click.Path(path_type=Path), default=Path("sweep_circuits.json"), show_default=True
)
@click.option("--only", default="", help="Only units whose name contains this, as adversarial:sum:8.")
@click.option("--seconds", type=click.IntRange(0), default=0, help="Stop after so many seconds; 0 runs to the end.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--markdown", "page", type=click.Path(path_type=Path), help="Write the counts as a page.")
@click.option("--report", is_flag=True, help="Run nothing: what is kept, whatever sources it was found on.")
def main(path: Path, only: str, seconds: int, seed: int, page: Path | None, report: bool) -> None:
    """Compare circuits with oracles; exit 1 if anything is wrong."""
    wanted = chosen(only)
    try:
        state = CircuitState.load(path, seed)
    except CircuitStateError as error:
        raise click.UsageError(str(error)) from None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    broken = 0 if report else sweep(state, wanted, seconds)
    found = {u.key: state.done[u.key] for u in wanted if (u.key in state.done if report else state.holds(u))}
    for outcome in found.values():
        for text in outcome.first:
            click.echo(text)
    click.echo(f"{summary(found, wanted)}; {VERSION}")
    if page is not None:
        page.write_text(markdown(state, found, VERSION), encoding="utf-8")
    if broken or any(outcome.wrong or outcome.rounded_wrong for outcome in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
