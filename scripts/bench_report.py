"""Tables, JSON and Markdown of benchmark results."""

from __future__ import annotations

import importlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from bench_measure import Result, Row
from bench_peers import NAMES, version_of
from bench_system import MEMORY_BAR, Memory
from rich.box import SIMPLE
from rich.table import Table

import precise

HEADINGS = ("row", "ours", "x limit", "bar", "x best peer", "peers: time in ours, share wrong on hard inputs")
MEMORY_HEADINGS = ("beyond inputs and output", "resident, MiB", "traced, MiB", "bar", "")
WIDTHS = (23, 12, 5, 5, 6, 36)


@dataclass(frozen=True)
class Line:
    """One row with its results."""

    row: Row
    results: list[Result]

    def of_kind(self, kind: str) -> list[Result]:
        """Return the results of a kind that have times."""
        return [r for r in self.results if r.kind == kind and r.ran]

    @property
    def ours(self) -> Result | None:
        """Return our result, if there is one."""
        return next(iter(self.of_kind("ours")), None)

    @property
    def limit(self) -> Result | None:
        """Return the limit's result, if there is one."""
        return next(iter(self.of_kind("limit")), None)

    @property
    def best_peer(self) -> Result | None:
        """Return the fastest peer, right or wrong."""
        return min(self.of_kind("peer"), key=lambda r: r.median, default=None)

    def ratio(self, other: Result | None) -> float | None:
        """Return our time over another's."""
        return None if self.ours is None or other is None else self.ours.median / other.median


def engine_in_use() -> str:
    """Return whether the compiled loops run, as the package says."""
    try:
        return str(importlib.import_module("precise.engines.compiled").describe())
    except ImportError:
        return "NumPy only"


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def machine(threads: int) -> dict[str, object]:
    """Return what the numbers depend on."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": threads,
        "load": [round(x, 2) for x in os.getloadavg()],
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "precise": precise.__version__,
        "engines": engine_in_use(),
        "peers": {name: version_of(name) for name in (*NAMES, "numpy_quaddtype")},
    }


def duration(seconds: float) -> str:
    """Return a time with three digits."""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def times(ratio: float | None) -> str:
    """Return a ratio with two or three digits."""
    if ratio is None:
        return "-"
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2g}"


def size_text(size: int) -> str:
    """Return a size that is not the row's own, as `@512` or `@1e5`."""
    power = len(str(size)) - 1
    return f"@1e{power}" if size == 10**power and power > 2 else f"@{size}"


def shown_peer(line: Line, r: Result) -> str:
    """Return one peer as `name 12 3.1%`: its time in ours, its wrong answers; `@` marks a smaller size."""
    assert line.ours is not None
    wrong = "ok" if r.wrong == 0 else "" if r.wrong is None else f"{100 * r.wrong / r.judged:.2g}%"
    if r.note:
        wrong = "raises"
    smaller = "" if r.size == line.ours.size else size_text(r.size)
    parts = (r.name, times(r.median / line.ours.median), smaller, wrong)
    return " ".join(part for part in parts if part)


def cells(line: Line) -> tuple[str, ...]:
    """Return the cells of a row."""
    bar = "-" if line.row.bar is None else f"{line.row.bar:.3g}"
    if line.ours is None:
        notes = [r.note for r in line.results if r.kind == "ours"]
        return (line.row.key, "-", "-", bar, "-", "; ".join(notes))
    right = "" if not line.ours.wrong else f" {line.ours.wrong} WRONG"
    raised = f" ({line.ours.note})" if line.ours.note else ""
    smaller = "" if line.ours.size == line.row.sizes[-1] else f" {size_text(line.ours.size)}"
    spread = f" ±{100 * line.ours.spread:.0f}%"
    shown = [shown_peer(line, r) for r in sorted(line.of_kind("peer"), key=lambda r: r.median)]
    own = duration(line.ours.median) + smaller + spread + right + raised
    return (line.row.key, own, times(line.ratio(line.limit)), bar, times(line.ratio(line.best_peer)), "; ".join(shown))


def table(lines: list[Line], width: int = 100) -> Table:
    """Return the results as a table of at most `width` columns."""
    found = Table(width=width, box=SIMPLE, padding=(0, 1, 0, 0))
    for heading, least in zip(HEADINGS, WIDTHS, strict=True):
        found.add_column(heading, min_width=least, max_width=least)
    for line in lines:
        found.add_row(*cells(line))
    return found


PAGE = """# Benchmarks

One run of `python scripts/bench.py --markdown docs/benchmarks.md` on a machine with {cores} cores ({processor}),
{threads} thread(s) unless a row says otherwise, engines: {engines}. Times are CPU time an element, or a
multiplication and addition of a matrix product, medians of alternating runs in one process with their spread; where a
run takes less than {again} s, ours and the limit are visited {visits} times in the course of the whole, so that a
disturbance of a minute does not decide a row. `x limit` is our time in units of what no arithmetic can beat: a copy,
NumPy's operation, the host's matrix product, a bare loop over MPFR, one thread; `bar` is what we aim at. Peers' times
are in units of ours, `@` marks a smaller size, and the percentage is the share of answers to hard inputs that are
wrong. Ours are all right, or the row says so.

In range: normal numbers; whole range: over the whole range of the format, a tenth of them at either end, subnormal
or overflowing; into an array: the result's memory is there already, where otherwise the system provides pages of
zeros first.
Rows of `NumPy's own` are none of ours: what two threads gave to plain NumPy in the same run; an operation that keeps up
with the memory gains no more than its copy. Where numbers lie in memory may double a time, so ours and the limit read
the same arrays, and each runs after the other as often.
"""


def markdown(lines: list[Line], sizes: list[Memory], about: dict[str, object]) -> str:
    """Return the results as Markdown."""
    text = [PAGE.format(**about)]
    text += ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    text += ["| " + " | ".join(cells(line)) + " |" for line in lines]
    if sizes:
        text += ["", "| " + " | ".join(MEMORY_HEADINGS) + " |", "|" + "---|" * len(MEMORY_HEADINGS)]
        text += ["| " + " | ".join(memory_cells(m)) + " |" for m in sizes]
    return "\n".join(text) + "\n"


def memory_cells(m: Memory) -> tuple[str, ...]:
    """Return the cells of an operation's memory."""
    shown = ["-" if x is None else f"{x:.1f}" for x in (m.resident, m.traced)]
    return (m.key, *shown, f"{MEMORY_BAR:.0f}", m.note)


def memory_table(sizes: list[Memory]) -> Table:
    """Return the memory of operations as a table."""
    found = Table(*MEMORY_HEADINGS)
    for m in sizes:
        found.add_row(*memory_cells(m))
    return found


def as_json(lines: list[Line], sizes: list[Memory], about: dict[str, object]) -> str:
    """Return everything that was measured as JSON."""
    rows = []
    for line in lines:
        results = []
        for r in line.results:
            extra = {"median": r.median, "spread": r.spread} if r.ran else {}
            results.append(asdict(r) | extra)
        x_limit, x_peer = line.ratio(line.limit), line.ratio(line.best_peer)
        rows.append(
            {"key": line.row.key, "bar": line.row.bar, "x_limit": x_limit, "x_best_peer": x_peer, "results": results}
        )
    return json.dumps({"machine": about, "rows": rows, "memory": [asdict(m) for m in sizes]}, indent=1)
