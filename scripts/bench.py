"""Time arithmetic against its limits and against other packages, and say beside each time whether the answer is right.

Every row does the same work with each contender, in alternating runs of one process. The limit is what no arithmetic
can beat: a copy, NumPy's operation, dgemm, or a bare loop over MPFR; ours and the limit are visited again, so that a
disturbance of a minute does not decide a row. Times are CPU time per element (per multiplication and addition in a
matrix product); `@` marks a contender that was too slow for the row's size.
The answers that are judged are those to hard inputs: ties, neighbours, both ends of the range, cancellation.
"""

from __future__ import annotations

import fnmatch
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

POOLS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "PRECISE_THREADS")


def restart_with(threads: int) -> None:
    """Start again with the sizes of all thread pools fixed: NumPy reads them when it is imported."""
    if any(os.environ.get(pool) != str(threads) for pool in POOLS):
        os.environ |= dict.fromkeys(POOLS, str(threads))
        os.execv(sys.executable, [sys.executable, *sys.argv])


def main() -> None:
    """Read the command line, measure and print."""
    import click

    @click.command(help=__doc__)
    @click.option("--quick", is_flag=True, help="Small sizes and few runs: shows that everything works, not how fast.")
    @click.option("--rows", multiple=True, default=("*",), help="Rows whose name matches, as 'round *' or '*p=24*'.")
    @click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all samples here.")
    @click.option("--markdown", "markdown_file", type=click.Path(path_type=Path), help="Write the table here.")
    @click.option("--threads", default=1, show_default=True, help="Of NumPy's matrix products and of ours.")
    @click.option("--list", "only_list", is_flag=True, help="Print the names of the rows.")
    def command(
        quick: bool,
        rows: tuple[str, ...],
        json_file: Path | None,
        markdown_file: Path | None,
        threads: int,
        only_list: bool,
    ) -> None:
        if threads < 1:
            raise click.UsageError(f"--threads: must be at least 1; got {threads}")
        restart_with(threads)
        run(quick, rows, json_file, markdown_file, threads, only_list)

    command()


def is_meant(key: str, pattern: str) -> bool:
    """Return whether a row's name matches a pattern, or contains it."""
    return fnmatch.fnmatchcase(key, pattern) or pattern in key


def run(
    quick: bool,
    rows: tuple[str, ...],
    json_file: Path | None,
    markdown_file: Path | None,
    threads: int,
    only_list: bool,
) -> None:
    """Measure the rows that match and write what was asked for."""
    import bench_narrow
    import bench_products
    import bench_system
    import bench_wide
    import click
    from bench_measure import AGAIN, Effort, measure, measure_again
    from bench_report import Line, as_json, machine, markdown, memory_table, table
    from rich.console import Console
    from rich.progress import track

    every = [*bench_narrow.rows(), *bench_products.rows(), *bench_wide.rows(), *bench_system.rows()]
    keys = [row.key for row in every] + [bench_system.memory_key(o) for o in bench_system.MEASURED]
    for pattern in rows:
        if not any(is_meant(key, pattern) for key in keys):
            raise click.UsageError(f"--rows: must match the name of a row, as in {keys[0]!r}; got {pattern!r}")
    wanted = [key for key in keys if any(is_meant(key, pattern) for pattern in rows)]
    if only_list:
        click.echo("\n".join(wanted))
        return
    effort = Effort(3, 0.05, visits=2, largest=2_000) if quick else Effort(rounds=7, seconds=0.2, visits=4)
    progress = Console(stderr=True)
    about = machine(threads) | {"visits": effort.visits, "again": AGAIN}
    timed = [row for row in every if row.key in wanted]
    lines: list[Line] = []

    def visit(k: int) -> None:
        """Measure all rows for the first time, or once more."""
        title = f"visit {k + 1} of {effort.visits}"
        for i, row in enumerate(track(timed, title, console=progress, disable=not progress.is_terminal)):
            if k == 0:
                lines.append(Line(row, measure(row, effort)))
            else:
                measure_again(row, lines[i].results, effort)
            if json_file is not None:  # what a long run has measured so far survives its end
                json_file.write_text(as_json(lines, [], about), encoding="utf-8")

    try:
        for k in range(effort.visits):
            visit(k)
    except KeyboardInterrupt:
        click.echo(f"stopped after {len(lines)} of {len(timed)} rows", err=True)
    size = 100_000 if quick else 10_000_000
    sizes = [bench_system.memory(o, size) for o in bench_system.MEASURED if bench_system.memory_key(o) in wanted]
    console = Console(width=100)
    if lines:
        console.print(table(lines))
    if sizes:
        console.print(memory_table(sizes))
    click.echo(f"{about['processor']}; {about['threads']} thread(s), load {about['load']}; engines: {about['engines']}")
    if json_file is not None:
        json_file.write_text(as_json(lines, sizes, about), encoding="utf-8")
    if markdown_file is not None:
        markdown_file.write_text(markdown(lines, sizes, about), encoding="utf-8")


if __name__ == "__main__":
    main()
