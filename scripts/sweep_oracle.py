"""Compare arithmetic with MPFR over whole formats; stop at any time and go on later.

Units of work: every input of every function in the 16-bit formats and in tf32, and blocks of boundary-heavy random
pairs of every named format, in every deterministic mode. What is done is kept in a file, so that a second run goes on.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from matrix.subjects import binary, unary
from oracles import mpfr
from oracles.integers import MODES, Spec
from oracles.lanes import Floats, round_exact, same
from oracles.named import BFLOAT16, BINARY16, NAMED, TF32
from oracles.points import pairs

WHOLE = (BINARY16, BFLOAT16, TF32)
SLICE = 1 << 16  # inputs a unit
PAIRS = 8_000  # pairs a unit


@dataclass(frozen=True)
class Unit:
    """One operation of one format on one block of inputs, in every mode."""

    operation: str
    format: str
    block: int

    @property
    def key(self) -> str:
        """Return the name under which the result is kept."""
        return f"{self.operation}:{self.format}:{self.block}"


@dataclass
class Outcome:
    """What a unit found."""

    cases: int
    wrong: int
    first: str


def every_value(spec: Spec, block: int) -> Floats:
    """Return one block of a format's numbers, which lie on the grid of binary32 with its low bits zero."""
    if spec is BINARY16:
        with np.errstate(invalid="ignore"):
            x = np.arange(SLICE, dtype=np.uint16).view(np.float16).astype(np.float64)
    else:
        dropped = 32 - (16 if spec is BFLOAT16 else 19)
        codes = np.arange(block * SLICE, (block + 1) * SLICE, dtype=np.uint64) << np.uint64(dropped)
        with np.errstate(invalid="ignore"):
            x = codes.astype(np.uint32).view(np.float32).astype(np.float64)
    x[np.isnan(x)] = np.nan
    return x


def units(blocks: int) -> Iterator[Unit]:
    """Yield all units, the shortest formats first."""
    for spec in WHOLE:
        for operation in mpfr.UNARY:
            for block in range(8 if spec is TF32 else 1):
                yield Unit(operation, spec.name, block)
    for block in range(blocks):
        for spec in NAMED.values():
            for operation in mpfr.BINARY:
                yield Unit(operation, spec.name, block)


def run_unit(unit: Unit, seed: int) -> Outcome:
    """Return the outcome of one unit."""
    spec = NAMED[unit.format]
    cases, wrong, first = 0, 0, ""
    if unit.operation in mpfr.UNARY:
        inputs: tuple[Floats, ...] = (every_value(spec, unit.block),)
        exact = mpfr.exact_unary(unit.operation, mpfr.column(inputs[0]))
    else:
        inputs = pairs(spec, seed + unit.block, PAIRS)
        columns = [mpfr.column(x) for x in inputs]
    for mode in MODES:
        if unit.operation in mpfr.UNARY:
            theirs, ours = round_exact(exact, spec, mode), unary(unit.operation, spec, mode, *inputs)
        else:
            theirs = mpfr.apply(unit.operation, spec, mode, *columns)
            ours = binary(unit.operation, spec, mode, *inputs)
        bad = np.flatnonzero(~same(ours, theirs))
        cases, wrong = cases + len(ours), wrong + len(bad)
        if len(bad) and not first:
            i = bad[0]
            shown = ", ".join(float(x[i]).hex() for x in inputs)
            first = f"{mode} ({shown}): {float(ours[i]).hex()}, right is {float(theirs[i]).hex()}"
    return Outcome(cases, wrong, first)


def load(state: Path, seed: int) -> dict[str, dict[str, object]]:
    """Return what earlier runs found; a file of another seed is an error."""
    if not state.exists():
        return {}
    try:
        kept = json.loads(state.read_text(encoding="utf-8"))
        found = dict(kept["units"])
    except (ValueError, KeyError, TypeError):
        raise click.UsageError(f"--state: must be a file that an earlier run wrote; got {state}") from None
    if kept["seed"] != seed:
        raise click.UsageError(f"--seed: must be that of {state}, {kept['seed']}; got {seed}")
    return found


def save(state: Path, seed: int, done: dict[str, dict[str, object]]) -> None:
    """Write the state in one step, so that an interrupted run leaves a whole file."""
    fresh = state.with_suffix(".tmp")
    fresh.write_text(json.dumps({"seed": seed, "units": done}, indent=1, sort_keys=True), encoding="utf-8")
    fresh.replace(state)


def summary(done: dict[str, dict[str, object]]) -> Table:
    """Return a table of cases and wrong results by operation and format."""
    rows: dict[tuple[str, str], list[int]] = {}
    for key, outcome in done.items():
        operation, name, _ = key.split(":")
        row = rows.setdefault((operation, name), [0, 0])
        row[0] += int(str(outcome["cases"]))
        row[1] += int(str(outcome["wrong"]))
    table = Table("operation", "format", "cases", "wrong")
    for (operation, name), (cases, wrong) in sorted(rows.items()):
        table.add_row(operation, name, f"{cases:,}", str(wrong))
    return table


@click.command()
@click.option("--state", type=click.Path(path_type=Path), default=Path("sweep_oracle.json"), show_default=True)
@click.option("--blocks", default=4, show_default=True, help="Blocks of random pairs for each format.")
@click.option("--seconds", default=0, help="Stop after so many seconds; 0 runs to the end.")
@click.option("--only", default="", help="Only units whose name contains this, as exp:bfloat16.")
@click.option("--seed", default=20250109, show_default=True)
def main(state: Path, blocks: int, seconds: int, only: str, seed: int) -> None:
    """Compare whole formats with MPFR; exit 1 if anything is wrong."""
    console = Console(stderr=True)
    done = load(state, seed)
    wanted = [u for u in units(blocks) if only in u.key]
    if not wanted:
        raise click.UsageError(f"--only: must occur in the name of a unit, as exp:bfloat16; got {only!r}")
    left = [u for u in wanted if u.key not in done]
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("sweep", total=len(wanted), completed=len(wanted) - len(left))
        for unit in left:
            if seconds and time.monotonic() - started > seconds:
                break
            progress.update(task, description=unit.key)
            done[unit.key] = asdict(run_unit(unit, seed))
            save(state, seed, done)
            progress.advance(task)
    found = {u.key: done[u.key] for u in wanted if u.key in done}
    Console().print(summary(found))
    for key, outcome in sorted(found.items()):
        if outcome["wrong"]:
            click.echo(f"{key} {outcome['first']}")
    click.echo(f"seed {seed}, MPFR {mpfr.VERSION}, {len(found)} of {len(wanted)} units done")
    if any(outcome["wrong"] for outcome in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
