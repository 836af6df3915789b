"""What `precise circuit` prints of bodies: the networks of circuits that they are, and how these grow."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Final

from rich.table import Table

from precise.circuits.export import Json
from precise.circuits.growth import fitted
from precise.circuits.operations import BY_TABLES, DLOGTIME, OPERATIONS
from precise.studies.networks import CONSTANTS, Body, Sketched, Variable, sketched

SHAPE: Final[tuple[Variable, ...]] = ("n", "d", "p")
MEANINGS: Final = "s one operation, P iterated sum, E exp, R square root, △ sine or cosine"


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One network, and how long it took."""

    network: Sketched
    seconds: float


def network_row(body: Body, p: int, n: int, d: int) -> NetworkRow:
    """Return the network of a body at one size."""
    start = time.perf_counter()
    found = sketched(body, p, n, d)
    return NetworkRow(found, time.perf_counter() - start)


def network_table(rows: list[NetworkRow]) -> Table:
    """Return the sizes as a table; `formula` is the papers' depth with the constants of the circuits put in."""
    result = Table(box=None, pad_edge=False, header_style="bold")
    result.add_column("body")
    for name in ("p", "n", "d", "depth", "formula", "circuits", "gates", "wires", "stored", "max |w|", "row", "s"):
        result.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        found, size = row.network, row.network.size
        result.add_row(
            found.body.name,
            *map(str, (found.p, found.n, found.d, size.depth, found.formula)),
            *map(short, (sum(size.instances.values()), size.gates, size.wires, size.stored_wires)),
            *map(short, (size.largest_weight, size.fan_in)),
            f"{row.seconds:.1f}",
        )
    return result


def network_notes(rows: list[NetworkRow]) -> list[str]:
    """Return what there is to say beside the table: depths as formulas; for a single network its circuits."""
    texts = []
    for body in dict.fromkeys(row.network.body.name for row in rows):
        mine = [row.network for row in rows if row.network.body.name == body]
        texts += [f"{body}: depth = {path}" for path in dict.fromkeys(str(one.path) for one in mine)]
        texts.append(f"{body}: critical path of the papers {mine[0].body.paper}")
        kinds = dict.fromkeys(OPERATIONS[kind.split()[0]].uniformity for one in mine for kind in one.size.instances)
        texts.append(f"{body}: uniformity by composition: {BY_TABLES if BY_TABLES in kinds else DLOGTIME}")
    given = ", ".join(f"{name} = {CONSTANTS[name]}" for name in "sPER△")
    texts.append(f"formula: {given} ({MEANINGS})")
    if len(rows) == 1:
        instances = rows[0].network.size.instances
        texts.append("circuits: " + ", ".join(f"{count} {name}" for name, count in instances.items()))
    return texts


def network_growth(rows: list[NetworkRow]) -> list[str]:
    """Return fitted exponents in each of n, d and p, the other two fixed, from three sizes on."""
    texts = []
    for body in dict.fromkeys(row.network.body.name for row in rows):
        mine = [row.network for row in rows if row.network.body.name == body]
        for variable in SHAPE:
            others = [name for name in SHAPE if name != variable]
            for fixed in dict.fromkeys(tuple(getattr(one, name) for name in others) for one in mine):
                sweep = [one for one in mine if tuple(getattr(one, name) for name in others) == fixed]
                places = [getattr(one, variable) for one in sweep]
                if len(set(places)) >= 3:
                    at = ", ".join(f"{name} = {value}" for name, value in zip(others, fixed, strict=True))
                    texts.append(f"{body}, {at}: {growth_of(variable, sweep)}, {variable} in {span(places)}")
    return texts


def growth_of(variable: Variable, sweep: list[Sketched]) -> str:
    """Return depths and fitted exponents of one sweep."""
    places = [getattr(one, variable) for one in sweep]
    gates, wires = (fitted(places, [getattr(one.size, what) for one in sweep]) for what in ("gates", "wires"))
    depths = ", ".join(map(str, sorted({one.size.depth for one in sweep})))
    return (
        f"depth {depths}; gates ~ {variable}^{gates.exponent:.2f} (within {gates.residual:.0%}), "
        f"wires ~ {variable}^{wires.exponent:.2f} (within {wires.residual:.0%})"
    )


def span(places: list[int]) -> str:
    """Return the range of a sweep."""
    return f"{min(places)}..{max(places)}"


def network_record(row: NetworkRow) -> dict[str, Json]:
    """Return what is printed about one network."""
    found = row.network
    sizes: dict[str, Json] = {k: int(v) for k, v in asdict(found.size).items() if k != "instances"}
    return {
        "body": found.body.name,
        "title": found.body.title,
        "p": found.p,
        "n": found.n,
        "d": found.d,
        "depth_by_operations": str(found.path),
        "depth_in_the_papers": found.body.paper,
        "formula": found.formula,
        "constants": dict(CONSTANTS),
        "sizes": sizes,
        "instances": dict(found.size.instances),
        "seconds": f"{row.seconds:.3f}",
    }


def short(number: int) -> str:
    """Return a count with at most seven characters."""
    return str(number) if number < 1_000_000 else f"{number:.2e}".replace("e+0", "e").replace("e+", "e")
