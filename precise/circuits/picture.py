"""A picture of a circuit as SVG: levels as columns, inputs on the left, gates coloured by stage, wires between them.

In a column the gates of a stage stand together, each near the mean height of its sources, so that few wires cross.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Final

from precise.circuits.circuit import Circuit
from precise.errors import MissingToolError, UnsupportedError

MOST_GATES: Final = 1500
MOST_WIRES: Final = 20_000
COLUMN, ROW, LEFT, RIGHT, RADIUS, LINE = 104, 14, 64, 96, 4.2, 19
TOP, LETTER, FORK = 104, 5.4, 14  # where the dots begin; the width of a letter of size 10; how far before a column
POSITIVE, NEGATIVE = "#2255aa", "#cc3333"

PALETTE: Final = (
    "#4477aa",
    "#ee6677",
    "#228833",
    "#ccbb44",
    "#66ccee",
    "#aa3377",
    "#997700",
    "#004488",
    "#994455",
    "#117733",
    "#555555",
    "#ee8866",
    "#44bb99",
    "#77aadd",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands: signals, outputs, columns of signals, and how many rows are drawn."""

    signals: Sequence[tuple[float, float]]
    outputs: Sequence[tuple[float, float]]
    columns: Sequence[Sequence[int]]
    rows: int


def svg(circuit: Circuit, title: str) -> Iterator[str]:
    """Yield the lines of the picture; `UnsupportedError` for circuits that no one could read."""
    wires = len(circuit.row_sources)
    if circuit.n_gates > MOST_GATES or wires > MOST_WIRES:
        raise UnsupportedError(
            f"picture: circuit must have at most {MOST_GATES} gates and {MOST_WIRES} stored wires; got "
            f"{circuit.n_gates} and {wires}"
        )
    plan = _plan(circuit)
    stages = [s for s in range(len(circuit.stages)) if (circuit.gate_stages == s).any()]
    colour = {s: PALETTE[i % len(PALETTE)] for i, s in enumerate(stages)}
    legend = TOP + plan.rows * ROW + 26
    width = max(LEFT + COLUMN * len(plan.columns) + RIGHT, 660)
    across = max(1, (width - LEFT) // 200)
    height = legend + LINE * (3 + -(-len(stages) // across))
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    yield ' font-family="sans-serif" font-size="12">'
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    yield f'<text x="20" y="26" font-size="16">{escape(title)}</text>'
    yield from _headings(circuit, plan)
    yield from _lines(circuit, plan)
    yield from _dots(circuit, plan, colour)
    for i, stage in enumerate(stages):
        x, y = 24 + i % across * 200, legend + LINE * (i // across)
        yield f'<circle cx="{x}" cy="{y - 4}" r="{RADIUS}" fill="{colour[stage]}"/>'
        yield f'<text x="{x + 10}" y="{y}">{escape(circuit.stages[stage])}</text>'
    yield from _weights(24, height - 2 * LINE)
    yield "</svg>"


def png(circuit: Circuit, title: str) -> bytes:
    """Return the picture as PNG, drawn by resvg; `MissingToolError` where it is not installed."""
    lines = "\n".join(svg(circuit, title))
    try:
        renderer = import_module("resvg_py")
    except ImportError:
        raise MissingToolError(
            "picture: PNG must have resvg-py installed (pip install 'precise-pbit[plot]'); SVG needs nothing"
        ) from None
    return bytes(renderer.svg_to_bytes(svg_string=lines))


def _plan(circuit: Circuit) -> Plan:
    """Return the places of signals and outputs."""
    columns: list[list[int]] = [list(range(circuit.n_inputs)), *([] for _ in range(circuit.depth))]
    for gate, level in enumerate(circuit.gate_levels.tolist()):
        columns[level].append(circuit.n_inputs + gate)
    rows = max(len(circuit.inputs) - 1 + len(columns[0]), circuit.n_outputs, *map(len, columns))
    height = [0.0] * (circuit.n_inputs + circuit.n_gates)
    height[: circuit.n_inputs] = _spread([port.width for port in circuit.inputs], rows)
    starts, sources, row_of = circuit.row_starts.tolist(), circuit.row_sources.tolist(), circuit.gate_rows.tolist()
    stage = circuit.gate_stages.tolist()
    ends = dict(zip(circuit.output_sources.tolist(), _spread([p.width for p in circuit.outputs], rows), strict=True))
    for column in columns[1:]:
        wanted = {}
        for signal in column:
            row = row_of[signal - circuit.n_inputs]
            of_row = [height[s] for s in sources[starts[row] : starts[row + 1]]]
            near = ends.get(signal) if column is columns[-1] else None
            wanted[signal] = (stage[signal - circuit.n_inputs], near or sum(of_row) / len(of_row), signal)
        column.sort(key=wanted.__getitem__)
        for signal, y in zip(column, _spread([len(column)], rows), strict=True):
            height[signal] = y
    level = [0] * circuit.n_inputs + circuit.gate_levels.tolist()
    signals = [(LEFT + column * COLUMN, y) for column, y in zip(level, height, strict=True)]
    right = float(LEFT + len(columns) * COLUMN)
    outputs = [(right, y) for y in _spread([port.width for port in circuit.outputs], rows)]
    return Plan(signals, outputs, columns, rows)


def _spread(groups: Sequence[int], rows: int) -> list[float]:
    """Return heights of so many dots, spread over the picture, with a place left free between groups."""
    places = sum(groups) + len(groups) - 1
    found, place = [], 0
    for count in groups:
        found += [TOP + (place + i + 0.5) * rows * ROW / max(places, 1) for i in range(count)]
        place += count + 1
    return found


def _headings(circuit: Circuit, plan: Plan) -> Iterator[str]:
    """Yield above each column what it is, how many gates it has, and their stages."""
    stage_of = circuit.gate_stages.tolist()
    for level, column in enumerate(plan.columns):
        x = LEFT + level * COLUMN
        stages = {stage_of[s - circuit.n_inputs]: None for s in column if level}
        names = [circuit.stages[s] for s in stages if s]  # the first stage is that of gates without a name
        words = (
            ["inputs", _count(len(column), "bit")] if level == 0 else [f"level {level}", _count(len(column), "gate")]
        )
        yield from _heading(x, words, names)
    ports = [port.name for port in circuit.outputs]
    yield from _heading(LEFT + len(plan.columns) * COLUMN, ["outputs", _count(circuit.n_outputs, "bit")], ports)


def _count(number: int, what: str) -> str:
    """Return how many gates or bits, in words."""
    return f"{number} {what}{'s' if number != 1 else ''}"


def _heading(x: int, words: list[str], names: list[str]) -> Iterator[str]:
    """Yield two lines of a heading, and up to two names, cut to the width of a column."""
    yield f'<text x="{x}" y="52" text-anchor="middle">{words[0]}</text>'
    yield f'<text x="{x}" y="66" text-anchor="middle" font-size="10" fill="#666">{words[1]}</text>'
    most = int((COLUMN - 8) / LETTER)
    shown = names if len(names) < 3 else [names[0], f"and {len(names) - 1} more"]
    for i, name in enumerate(shown):
        text = name if len(name) <= most else f"{name[: most - 1]}…"
        yield f'<text x="{x}" y="{79 + 11 * i}" text-anchor="middle" font-size="10" fill="#666">{escape(text)}</text>'


def _lines(circuit: Circuit, plan: Plan) -> Iterator[str]:
    """Yield the wires, one for each source of a shared sum; those that pass levels by are paler."""
    opacity = max(0.1, min(0.5, 400 / (1 + len(circuit.row_sources))))
    yield '<g fill="none">'
    starts, gates = circuit.row_starts.tolist(), circuit.row_gates.tolist()
    for row in range(circuit.n_rows):
        targets = [plan.signals[circuit.n_inputs + g] for g in range(gates[row], gates[row + 1])]
        target = targets[0]
        if len(targets) > 1:  # the sum is stored once: its wires meet before the column and fork to the gates
            target = (target[0] - FORK, sum(y for _, y in targets) / len(targets))
            ways = "".join(f"M{target[0]:.0f} {target[1]:.1f}L{x:.0f} {y:.1f}" for x, y in targets)
            yield f'<path d="{ways}" stroke="#888" stroke-width="0.8"/>'
        for wire in range(starts[row], starts[row + 1]):
            source = plan.signals[circuit.row_sources[wire]]
            pale = opacity if target[0] - source[0] <= COLUMN else opacity / 2
            yield _wire(source, target, int(circuit.row_weights[wire]), pale)
    for i, (signal, place) in enumerate(zip(circuit.output_sources.tolist(), plan.outputs, strict=True)):
        if signal >= 0:
            x, y = plan.signals[signal]
            dash = ' stroke-dasharray="3 2"' if circuit.output_negated[i] else ""
            yield f'<path d="M{x:.0f} {y:.1f}L{place[0]:.0f} {place[1]:.1f}" stroke="#999" stroke-width="1"{dash}/>'
    yield "</g>"


def _wire(source: tuple[float, float], target: tuple[float, float], weight: int, opacity: float) -> str:
    """Return one wire: its colour is the sign of the weight, its width the length of it."""
    thick = min(3.0, 0.5 + abs(weight).bit_length() / 3)
    return (
        f'<path d="M{source[0]:.0f} {source[1]:.1f}L{target[0]:.0f} {target[1]:.1f}" '
        f'stroke="{POSITIVE if weight > 0 else NEGATIVE}" stroke-width="{thick:.1f}" stroke-opacity="{opacity:.2f}"/>'
    )


def _weights(x: float, y: float) -> Iterator[str]:
    """Yield the legend of the wires."""
    samples = ((1, "weight 1"), (-1, "weight −1"), (16, "weight 16"), (-16, "weight −16"))
    for i, (weight, text) in enumerate(samples):
        start = x - 4 + 120 * i
        yield _wire((start, y - 4), (start + 26, y - 4), weight, 1.0)
        yield f'<text x="{start + 32}" y="{y}" font-size="11">{text}</text>'
    notes = (
        "Wires of a sum that several gates compare with their thresholds meet and fork in grey.",
        "Paler: a wire that passes levels by. Dashed: a negated output.",
    )
    for i, note in enumerate(notes, 1):
        yield f'<text x="{x - 4}" y="{y + (LINE - 3) * i}" font-size="11" fill="#444">{note}</text>'


def _dots(circuit: Circuit, plan: Plan, colour: dict[int, str]) -> Iterator[str]:
    """Yield the signals, each with a word on what it is."""
    bit_names = [f"{port.name}[{i}]" for port in circuit.inputs for i in range(port.width)]
    for name, (x, y) in zip(bit_names, plan.signals, strict=False):
        yield f'<circle cx="{x:.0f}" cy="{y:.1f}" r="{RADIUS}" fill="white" stroke="#222"><title>{escape(name)}</title>'
        yield "</circle>"
        yield f'<text x="{x - 8:.0f}" y="{y + 3.5:.1f}" text-anchor="end" font-size="10">{escape(name)}</text>'
    lengths, rows = circuit.row_starts.tolist(), circuit.gate_rows.tolist()
    for gate in range(circuit.n_gates):
        x, y = plan.signals[circuit.n_inputs + gate]
        fan_in = lengths[rows[gate] + 1] - lengths[rows[gate]]
        words = f"gate {gate}: sum of {fan_in} inputs >= {int(circuit.gate_thresholds[gate])}"
        fill = colour[int(circuit.gate_stages[gate])]
        yield f'<circle cx="{x:.0f}" cy="{y:.1f}" r="{RADIUS}" fill="{fill}"><title>{words}</title></circle>'
    names = [f"{port.name}[{i}]" for port in circuit.outputs for i in range(port.width)]
    for name, (x, y) in zip(names, plan.outputs, strict=True):
        yield f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="#222"/>'
        yield f'<text x="{x + 8:.0f}" y="{y + 3.5:.1f}" font-size="10">{escape(name)}</text>'
