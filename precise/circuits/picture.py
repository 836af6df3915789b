"""A picture of a circuit as SVG: levels as columns, inputs on the left, gates coloured by stage, wires between them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib import import_module
from typing import Final

from precise.circuits.circuit import Circuit
from precise.errors import MissingToolError, UnsupportedError

MOST_GATES: Final = 1500
MOST_WIRES: Final = 20_000
COLUMN, ROW, MARGIN, RADIUS, LINE = 92, 13, 46, 4.2, 19

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


def svg(circuit: Circuit, title: str) -> Iterator[str]:
    """Yield the lines of the picture; `UnsupportedError` for circuits that no one could read."""
    wires = len(circuit.row_sources)
    if circuit.n_gates > MOST_GATES or wires > MOST_WIRES:
        raise UnsupportedError(
            f"picture: circuit must have at most {MOST_GATES} gates and {MOST_WIRES} stored wires; got "
            f"{circuit.n_gates} and {wires}"
        )
    places, columns = _places(circuit)
    stages = [s for s in range(len(circuit.stages)) if (circuit.gate_stages == s).any()]
    colour = {s: PALETTE[i % len(PALETTE)] for i, s in enumerate(stages)}
    tallest = max(len(c) for c in columns)
    legend_top = 2 * MARGIN + 18 + tallest * ROW
    width = max(2 * MARGIN + COLUMN * len(columns), 620)
    height = legend_top + LINE * (2 + -(-len(stages) // 3))
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    yield ' font-family="sans-serif" font-size="12">'
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    yield f'<text x="{MARGIN - 20}" y="24" font-size="15">{escape(title)}</text>'
    for level, column in enumerate(columns):
        label = "inputs" if level == 0 else "outputs" if level == len(columns) - 1 else str(level)
        yield f'<text x="{MARGIN + level * COLUMN}" y="{MARGIN + 4}" text-anchor="middle">{label}</text>'
        yield (
            f'<text x="{MARGIN + level * COLUMN}" y="{MARGIN + 18}" text-anchor="middle" font-size="10" fill="#666">'
            f"{len(column)}</text>"
        )
    yield from _lines(circuit, places, columns)
    yield from _dots(circuit, places, columns, colour)
    for i, stage in enumerate(stages):
        x, y = MARGIN + i % 3 * 190, legend_top + LINE * (i // 3)
        yield f'<circle cx="{x}" cy="{y - 4}" r="{RADIUS}" fill="{colour[stage]}"/>'
        yield f'<text x="{x + 10}" y="{y}">{escape(circuit.stages[stage])}</text>'
    note = "blue lines: weights above 0; red lines: weights below 0; thicker: larger. Numbers: gates of the level."
    yield f'<text x="{MARGIN - 20}" y="{height - 10}" font-size="11" fill="#444">{note}</text>'
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


def _places(circuit: Circuit) -> tuple[list[tuple[float, float]], list[list[int]]]:
    """Return where each signal stands, and the signals of each column; the last column is one dot for each output."""
    columns: list[list[int]] = [list(range(circuit.n_inputs)), *([] for _ in range(circuit.depth))]
    for gate, level in enumerate(circuit.gate_levels.tolist()):
        columns[level].append(circuit.n_inputs + gate)
    columns.append(list(range(circuit.n_outputs)))
    tallest = max(len(c) for c in columns)
    places = [(0.0, 0.0)] * (circuit.n_inputs + circuit.n_gates)
    for level, column in enumerate(columns[:-1]):
        for i, signal in enumerate(column):
            places[signal] = (MARGIN + level * COLUMN, _height(i, len(column), tallest))
    return places, columns


def _height(i: int, count: int, tallest: int) -> float:
    """Return the height of the i-th of so many dots in a column, which is spread over the picture."""
    return MARGIN + 32 + (i + 0.5) * tallest * ROW / count


def _lines(circuit: Circuit, places: list[tuple[float, float]], columns: list[list[int]]) -> Iterator[str]:
    """Yield the wires."""
    opacity = max(0.06, min(0.5, 300 / (1 + len(circuit.row_sources))))
    yield f'<g fill="none" stroke-opacity="{opacity:.3f}">'
    starts, gates = circuit.row_starts.tolist(), circuit.row_gates.tolist()
    for row in range(circuit.n_rows):
        targets = [places[circuit.n_inputs + g] for g in range(gates[row], gates[row + 1])]
        target = (targets[0][0], sum(y for _, y in targets) / len(targets))
        for wire in range(starts[row], starts[row + 1]):
            weight, source = int(circuit.row_weights[wire]), places[circuit.row_sources[wire]]
            thick = min(3.0, 0.5 + abs(weight).bit_length() / 3)
            colour = "#2255aa" if weight > 0 else "#cc3333"
            yield f'<path d="M{source[0]:.0f} {source[1]:.1f}L{target[0]:.0f} {target[1]:.1f}"'
            yield f' stroke="{colour}" stroke-width="{thick:.1f}"/>'
    for i, (source_signal, place) in enumerate(zip(circuit.output_sources.tolist(), _outputs(columns), strict=True)):
        if source_signal >= 0:
            x, y = places[source_signal]
            dash = ' stroke-dasharray="3 2"' if circuit.output_negated[i] else ""
            yield f'<path d="M{x:.0f} {y:.1f}L{place[0]:.0f} {place[1]:.1f}" stroke="#222" stroke-width="1"{dash}/>'
    yield "</g>"


def _outputs(columns: list[list[int]]) -> list[tuple[float, float]]:
    """Return where the outputs stand."""
    last, tallest = columns[-1], max(len(c) for c in columns)
    return [(MARGIN + (len(columns) - 1) * COLUMN, _height(i, len(last), tallest)) for i in range(len(last))]


def _dots(
    circuit: Circuit, places: list[tuple[float, float]], columns: list[list[int]], colour: dict[int, str]
) -> Iterator[str]:
    """Yield the signals, each with a word on what it is."""
    bit_names = [f"{port.name}[{i}]" for port in circuit.inputs for i in range(port.width)]
    for name, (x, y) in zip(bit_names, places, strict=False):
        yield f'<circle cx="{x:.0f}" cy="{y:.1f}" r="{RADIUS}" fill="white" stroke="#222"><title>{escape(name)}</title>'
        yield "</circle>"
        yield f'<text x="{x - 8:.0f}" y="{y + 3:.1f}" text-anchor="end" font-size="8">{escape(name)}</text>'
    lengths, rows = circuit.row_starts.tolist(), circuit.gate_rows.tolist()
    for gate in range(circuit.n_gates):
        x, y = places[circuit.n_inputs + gate]
        fan_in = lengths[rows[gate] + 1] - lengths[rows[gate]]
        words = f"gate {gate}: sum of {fan_in} inputs >= {int(circuit.gate_thresholds[gate])}"
        fill = colour[int(circuit.gate_stages[gate])]
        yield f'<circle cx="{x:.0f}" cy="{y:.1f}" r="{RADIUS}" fill="{fill}"><title>{words}</title></circle>'
    names = [f"{port.name}[{i}]" for port in circuit.outputs for i in range(port.width)]
    for name, (x, y) in zip(names, _outputs(columns), strict=True):
        yield f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="#222"/>'
        yield f'<text x="{x + 8:.0f}" y="{y + 3:.1f}" font-size="8">{escape(name.removeprefix("result"))}</text>'
