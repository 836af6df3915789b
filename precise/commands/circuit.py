"""`precise circuit`: the threshold circuit of an operation, its size, and files of it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.table import Table

from precise.circuits import OPERATIONS, Circuit, Measure, Operation, Request, measure
from precise.circuits.aiger import aiger
from precise.circuits.export import Json, circuit_json, summary_json, threshold_list, verilog
from precise.circuits.growth import fitted
from precise.circuits.measure import gates_by_level
from precise.circuits.picture import png, svg
from precise.commands.circuit_networks import (
    NetworkRow,
    network_growth,
    network_notes,
    network_record,
    network_row,
    network_table,
    short,
)
from precise.commands.options import FILE, json_option, reading, rounding_option
from precise.commands.output import check_outputs, console, write_json, write_text, write_through
from precise.errors import DomainError
from precise.rounding import RNE, Rounding
from precise.studies.flat import flat
from precise.studies.networks import BODIES, Body

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
@click.argument("names", metavar="[OPERATION or BODY]...", nargs=-1)
@click.option(
    "--p", "precisions", callback=reading(read_numbers), default="4", show_default=True, help="Bits: 4, 2..6."
)
@click.option(
    "--n", "counts", callback=reading(read_numbers), default="4", show_default=True, help="Operands, if free; rows."
)
@click.option(
    "--d", "widths", callback=reading(read_numbers), default="2", show_default=True, help="Columns, for a body."
)
@click.option("--bodies", is_flag=True, help="All bodies of the papers, as networks of circuits.")
@click.option("--w", type=click.IntRange(min=0), default=0, help="Bits of the exponent field; default p + 1.")
@rounding_option
@json_option
@click.option("--gates", "gates_path", type=FILE, metavar="FILE", help="Write one circuit, all gates, as JSON.")
@click.option("--list", "list_path", type=FILE, metavar="FILE", help="Write one circuit as a text of threshold gates.")
@click.option("--verilog", "verilog_path", type=FILE, metavar="FILE", help="Write one circuit as a Verilog module.")
@click.option(
    "--aiger", "aiger_path", type=FILE, metavar="FILE", help="Write one small circuit as AND gates, in AIGER."
)
@click.option("--svg", "svg_path", type=FILE, metavar="FILE", help="Draw one small circuit, levels as columns.")
@click.option("--png", "png_path", type=FILE, metavar="FILE", help="The same as PNG; needs the extra `plot`.")
def command(
    names: tuple[str, ...],
    precisions: list[int],
    counts: list[int],
    widths: list[int],
    bodies: bool,
    w: int,
    rounding: Rounding,
    json_path: Path | None,
    gates_path: Path | None,
    list_path: Path | None,
    verilog_path: Path | None,
    aiger_path: Path | None,
    svg_path: Path | None,
    png_path: Path | None,
) -> None:
    """Build threshold circuits of operations and show their depth, gates and wires.

    All operations, or those that are named. Depth counts levels of gates [sum of weight * bit >= threshold] of any
    fan-in; wires are the lengths of the sums. A body, such as softmax or rope_tensor_attention, on n rows of d numbers
    is a network of circuits: each operation is built once, and its instances are counted.
    """
    files = {
        "--gates": gates_path,
        "--list": list_path,
        "--verilog": verilog_path,
        "--aiger": aiger_path,
        "--svg": svg_path,
        "--png": png_path,
    }
    check_outputs({"--json": json_path, **files})
    lines, asked_bodies = wanted(names, bodies)
    if asked_bodies and (rounding != RNE or w):
        raise DomainError(f"circuit: a body must have rounding RNE and no --w; got {rounding}, w = {w}")
    networks = [network_row(b, p, n, d) for b in asked_bodies for p in precisions for n in counts for d in widths]
    rows = [
        built(line, p, n, w, rounding)
        for line in lines
        for p in precisions
        for n in (counts if free(line) else counts[:1])
    ]
    single = rows[0] if len(rows) == 1 and not networks else None
    asked = [option for option, path in files.items() if path is not None]
    if asked and len(rows) + len(networks) != 1:
        raise DomainError(f"circuit: {asked[0]} must have one circuit to write; got {len(rows) + len(networks)}")
    if asked:
        circuit, text, name = whole(single, networks)
        if png_path is not None:
            picture = png(circuit, text)
            write_through(png_path, lambda path: path.write_bytes(picture))
        write_text(list_path, lambda: "\n".join(threshold_list(circuit)) + "\n")
        write_text(verilog_path, lambda: "\n".join(verilog(circuit, name)) + "\n")
        write_text(aiger_path, lambda: "\n".join(aiger(circuit)) + "\n")
        write_text(svg_path, lambda: "\n".join(svg(circuit, text)) + "\n")
        write_json(gates_path, lambda: circuit_json(circuit))
    out = console()
    if rows:
        out.print(table(rows))
    if single is not None:
        show_levels(single)
    for text in growth(rows):
        out.print(text)
    for kind in dict.fromkeys(row.line.uniformity for row in rows):
        named = ", ".join(dict.fromkeys(row.line.name for row in rows if row.line.uniformity == kind))
        out.print(f"[bold]uniformity[/bold] {kind}: {named}", soft_wrap=False)
    if networks:
        out.print(network_table(networks))
    for text in [*network_notes(networks), *network_growth(networks)] if networks else []:
        out.print(text, soft_wrap=False)
    results = [*map(record, rows), *map(network_record, networks)]
    write_json(json_path, lambda: {"schema": 1, "study": "circuit", "results": results})


def whole(single: Row | None, networks: list[NetworkRow]) -> tuple[Circuit, str, str]:
    """Return the circuit to write, a line about it and its name; the network of a body is laid out."""
    if single is not None:
        return single.circuit, title(single), f"{single.line.name}_{single.p}"
    one = networks[0].network
    circuit, _ = flat(one.body, one.p, one.n, one.d)
    at = f"p = {one.p}, n = {one.n}, d = {one.d}"
    text = f"{one.body.title}, {at}: {circuit.depth} levels, {circuit.n_gates} gates, {one.size.wires} wires"
    return circuit, text, f"{one.body.name}_{one.p}"


def wanted(names: tuple[str, ...], bodies: bool) -> tuple[list[Operation], list[Body]]:
    """Return the operations and bodies that are asked for; all operations where nothing is."""
    known = (*OPERATIONS, *BODIES)
    if strange := next((name for name in names if name not in known), None):
        raise DomainError(f"circuit: operation must be one of {', '.join(known)}; got {strange!r}")
    chosen = [body for name, body in BODIES.items() if bodies or name in names]
    lines = [OPERATIONS[name] for name in names if name in OPERATIONS]
    return lines or ([] if chosen else list(OPERATIONS.values())), chosen


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
