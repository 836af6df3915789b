"""Counts as a table for the terminal, and as the page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

from oracles.integers import MODES
from oracles.mpfr import VERSION
from rich.table import Table
from sweeps.suites import BY_NAME, SUITES
from sweeps.unit import Outcome

Counts = dict[tuple[str, str], list[int]]

INTRODUCTION = """# What the arithmetic was compared with

This page is written by `python scripts/sweep_oracle.py --markdown docs/verification.md`. Every case is one result of
the package, compared bit for bit with an oracle that shares no code with it: signs of zero and infinities count, all
NaN are one value. An oracle says a result before rounding as 62 leading bits and whether anything follows them, or as
a rational number; integer division by the spacing of the format then gives the result in every mode ({modes}).

{suites}

Run it again with `python scripts/sweep_oracle.py`, half an hour on one processor; `--jobs 2` uses two. It may be
stopped at any time and goes on where it was, as long as the sources are the same; `--only exp:bfloat16` and `--slice
0/50` run a part, and the exit status is 1 if anything is wrong. The tests run one fixed slice of the same units.
"""


def counts(done: Mapping[str, Outcome]) -> Counts:
    """Return cases and wrong results by suite and operation, in the order of the suites."""
    rows: Counts = {}
    order = {suite.name: i for i, suite in enumerate(SUITES)}
    for key in sorted(done, key=lambda k: (order[k.split(":")[0]], k)):
        suite, operation = key.split(":")[:2]
        row = rows.setdefault((suite, operation), [0, 0])
        row[0] += done[key].cases
        row[1] += done[key].wrong
    return rows


def table(done: Mapping[str, Outcome]) -> Table:
    """Return the counts for a terminal."""
    found = Table("suite", "operation", "oracle", "cases", "wrong")
    for (suite, operation), (cases, wrong) in counts(done).items():
        found.add_row(suite, operation, BY_NAME[suite].oracle, f"{cases:,}", f"{wrong:,}")
    total = [sum(row[i] for row in counts(done).values()) for i in (0, 1)]
    found.add_section()
    found.add_row("all", "", "", f"{total[0]:,}", f"{total[1]:,}")
    return found


def versions() -> str:
    """Return the oracles with their versions."""
    packages = ("python-flint", "ml_dtypes", "gfloat", "numpy")
    return ", ".join([VERSION, *(f"{name} {metadata.version(name)}" for name in packages)])


def markdown(done: Mapping[str, Outcome], units: int, seed: int, sources: str) -> str:
    """Return the page."""
    says = "\n".join(f"- **{s.name}**: {s.says}; oracle: {s.oracle}." for s in SUITES)
    lines = [INTRODUCTION.format(modes=" ".join(MODES), suites=says)]
    rows = counts(done)
    total = [sum(row[i] for row in rows.values()) for i in (0, 1)]
    lines += [
        f"Last run: **{total[0]:,} cases, {total[1]:,} wrong**, {len(done):,} of {units:,} units, seed {seed}, "
        f"sources {sources}.\nOracles: {versions()}.\n",
        "| suite | operation | cases | wrong |\n|---|---|---:|---:|",
    ]
    lines += [
        f"| {suite} | {operation} | {cases:,} | {wrong:,} |" for (suite, operation), (cases, wrong) in rows.items()
    ]
    return "\n".join(lines) + "\n"
