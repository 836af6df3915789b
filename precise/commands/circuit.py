"""`precise circuit`: the threshold circuit of an operation, its size, and files of it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.table import Table

from precise.circuits import OPERATIONS, Circuit, Measure, Operation, Request, measure, operation
from precise.circuits.export import Json, circuit_json, summary_json, threshold_list, verilog
from precise.circuits.growth import fitted
from precise.circuits.measure import gates_by_level
from precise.circuits.picture import png, svg
from precise.commands.options import FILE, json_option, reading, rounding_option
from precise.commands.output import check_outputs, console, write_json, write_text, write_through
from precise.errors import DomainError
from precise.rounding import Rounding

BAR = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One built circuit with its line of the table."""

    line: Operation
    p: int
    n: int
    circuit: Circuit
    size: Measure
    seconds: float


def read_numbers(text: str) -> list[int]:
    """Return the numbers of a list such as `4`, `2,4,8` or `2..6`."""
    numbers: list[int] = []
    for part in text.split(","):
        first, dots, last = part.strip().partition("..")
        if not first.isdigit() or (dots and not last.isdigit()):
            raise DomainError(f"number must be like 4, 2,4,8 or 2..6; got {text!r}")
        numbers += range(int(first), int(last) + 1) if dots else [int(first)]
    if not numbers:
        raise DomainError(f"number must be like 4, 2,4,8 or 2..6; got {text!r}")
    return numbers


@click.command("circuit")
@click.argument("names", metavar="[OPERATION]...", nargs=-1)
@click.option(
    "--p", "precisions", callback=reading(read_numbers), default="4", show_default=True, help="Bits: 4, 2..6."
)
@click.option(
    "--n", "counts", callback=reading(read_numbers), default="4", show_default=True, help="Operands, if free."
)
@click.option("--w", type=click.IntRange(min=0), default=0, help="Bits of the exponent field; default p + 1.")
@rounding_option
@json_option
@click.option("--gates", "gates_path", type=FILE, metavar="FILE", help="Write one circuit, all gates, as JSON.")
@click.option("--list", "list_path", type=FILE, metavar="FILE", help="Write one circuit as a text of threshold gates.")
@click.option("--verilog", "verilog_path", type=FILE, metavar="FILE", help="Write one circuit as a Verilog module.")
@click.option("--svg", "svg_path", type=FILE, metavar="FILE", help="Draw one small circuit, levels as columns.")
@click.option("--png", "png_path", type=FILE, metavar="FILE", help="The same as PNG; needs the extra `plot`.")
def command(
    names: tuple[str, ...],
    precisions: list[int],
    counts: list[int],
    w: int,
    rounding: Rounding,
    json_path: Path | None,
    gates_path: Path | None,
    list_path: Path | None,
    verilog_path: Path | None,
    svg_path: Path | None,
    png_path: Path | None,
) -> None:
    """Build threshold circuits of operations and show their depth, gates and wires.

    All operations, or those that are named. Depth counts levels of gates [sum of weight * bit >= threshold] of any
    fan-in; wires are the lengths of the sums.
    """
    files = {
        "--gates": gates_path,
        "--list": list_path,
        "--verilog": verilog_path,
        "--svg": svg_path,
        "--png": png_path,
    }
    check_outputs({"--json": json_path, **files})
    lines = [operation(name) for name in names] or list(OPERATIONS.values())
    rows = [
        built(line, p, n, w, rounding)
        for line in lines
        for p in precisions
        for n in (counts if free(line) else counts[:1])
    ]
    single = rows[0] if len(rows) == 1 else None
    asked = [option for option, path in files.items() if path is not None]
    if asked and single is None:
        raise DomainError(f"circuit: {asked[0]} must have one circuit to write; got {len(rows)}")
    if single is not None:
        if png_path is not None:
            picture = png(single.circuit, title(single))
            write_through(png_path, lambda path: path.write_bytes(picture))
        write_text(list_path, lambda: "\n".join(threshold_list(single.circuit)) + "\n")
        write_text(verilog_path, lambda: "\n".join(verilog(single.circuit, f"{single.line.name}_{single.p}")) + "\n")
        write_text(svg_path, lambda: "\n".join(svg(single.circuit, title(single))) + "\n")
        write_json(gates_path, lambda: circuit_json(single.circuit))
    out = console()
    out.print(table(rows))
    if single is not None:
        show_levels(single)
    for text in growth(rows):
        out.print(text)
    for kind in dict.fromkeys(row.line.uniformity for row in rows):
        named = ", ".join(dict.fromkeys(row.line.name for row in rows if row.line.uniformity == kind))
        out.print(f"[bold]uniformity[/bold] {kind}: {named}", soft_wrap=False)
    write_json(json_path, lambda: {"schema": 1, "study": "circuit", "results": [record(row) for row in rows]})


def growth(rows: list[Row]) -> list[str]:
    """Return fitted exponents of gates and wires, in p at each n and in n at each p, from three sizes on."""
    texts = []
    for line in dict.fromkeys(row.line.name for row in rows):
        mine = [row for row in rows if row.line.name == line]
        sweeps = [("p", "n", n, [r for r in mine if r.n == n]) for n in sorted({r.n for r in mine})]
        if free(mine[0].line):
            sweeps += [("n", "p", p, [r for r in mine if r.p == p]) for p in sorted({r.p for r in mine})]
        for variable, fixed, value, sweep in sweeps:
            places = [getattr(r, variable) for r in sweep]
            if len(set(places)) < 3:
                continue
            gates, wires = (fitted(places, [getattr(r.size, what) for r in sweep]) for what in ("gates", "wires"))
            at = f", {fixed} = {value}" if free(mine[0].line) else ""
            depths = sorted({r.size.depth for r in sweep})
            texts.append(
                f"{line}{at}: depth {', '.join(map(str, depths))}; gates ~ {variable}^{gates.exponent:.2f} "
                f"(within {gates.residual:.0%}), "
                f"wires ~ {variable}^{wires.exponent:.2f} (within {wires.residual:.0%}), "
                f"{variable} in {min(places)}..{max(places)}"
            )
    return texts


def free(line: Operation) -> bool:
    """Return whether the number of operands is free."""
    return line.operands == "n"


def built(line: Operation, p: int, n: int, w: int, rounding: Rounding) -> Row:
    """Return one circuit with its size."""
    start = time.perf_counter()
    circuit = line.build(Request(p, n, w, rounding))
    seconds = time.perf_counter() - start
    return Row(line, p, n, circuit, measure(circuit), seconds)


def table(rows: list[Row]) -> Table:
    """Return the sizes as a table."""
    result = Table(box=None, pad_edge=False, header_style="bold")
    result.add_column("operation")
    result.add_column("", no_wrap=True)
    for name in ("p", "n", "depth", "gates", "wires", "stored", "sum |w|", "max |w|", "row", "s"):
        result.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        size = row.size
        result.add_row(
            row.line.name,
            row.line.symbol,
            str(row.p),
            str(row.n) if free(row.line) else "",
            str(size.depth),
            *map(short, (size.gates, size.wires, size.stored_wires, size.maj_wires, size.largest_weight)),
            short(size.largest_sum),
            f"{row.seconds:.1f}",
        )
    return result


def short(number: int) -> str:
    """Return a count with at most seven characters."""
    return str(number) if number < 1_000_000 else f"{number:.2e}".replace("e+0", "e")


def title(row: Row) -> str:
    """Return one line about a circuit."""
    n = f", n = {row.n}" if free(row.line) else ""
    size = row.size
    return f"{row.line.title}, p = {row.p}{n}: {size.depth} levels, {size.gates} gates, {size.wires} wires"


def show_levels(row: Row) -> None:
    """Print how many gates each level has."""
    counts = gates_by_level(row.circuit)
    most = max(counts, default=1)
    for level, count in enumerate(counts, 1):
        stages = row.circuit.gate_stages[row.circuit.gate_levels == level]
        words = ", ".join(row.circuit.stages[s] for s in dict.fromkeys(stages.tolist()))
        bar = "█" * max(1, round(BAR * count / most))
        click.echo(f"level {level:>2}  {count:>7}  {bar:<{BAR}}  {words}"[:100])


def record(row: Row) -> dict[str, Json]:
    """Return what is printed about one circuit, and its levels and stages."""
    result: dict[str, Json] = {
        "operation": row.line.name,
        "symbol": row.line.symbol,
        "title": row.line.title,
        "p": row.p,
        "n": row.n,
        "depth_of_the_family": row.line.depth,
        "uniformity": row.line.uniformity,
        "seconds": f"{row.seconds:.3f}",
    }
    return result | summary_json(row.circuit) | {"sizes": {k: int(v) for k, v in asdict(row.size).items()}}
