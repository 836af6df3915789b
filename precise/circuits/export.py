"""Circuits for other programs: JSON, a list of threshold gates as text, and Verilog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TypeAlias

from precise.circuits.circuit import Circuit
from precise.circuits.measure import gates_by_level, measure

Json: TypeAlias = "int | str | bool | list[Json] | dict[str, Json]"

SCHEMA = 1


def summary_json(circuit: Circuit) -> dict[str, Json]:
    """Return parameters, sizes and the gates of every level."""
    sizes: dict[str, Json] = {name: int(value) for name, value in asdict(measure(circuit)).items()}
    parameters: dict[str, Json] = dict(circuit.parameters)
    by_stage: dict[str, Json] = {}
    for number, stage in enumerate(circuit.stages):
        count = int((circuit.gate_stages == number).sum())
        if count:
            by_stage[stage] = count
    levels: list[Json] = [*gates_by_level(circuit)]
    return {"parameters": parameters, "sizes": sizes, "gates_by_level": levels, "gates_by_stage": by_stage}


def circuit_json(circuit: Circuit) -> dict[str, Json]:
    """Return the whole circuit: signals are inputs, then gates; a gate is `[sum of weight * source >= threshold]`."""
    rows: list[Json] = []
    for row in range(circuit.n_rows):
        wires = slice(int(circuit.row_starts[row]), int(circuit.row_starts[row + 1]))
        gates = slice(int(circuit.row_gates[row]), int(circuit.row_gates[row + 1]))
        rows.append(
            {
                "sources": circuit.row_sources[wires].tolist(),
                "weights": circuit.row_weights[wires].tolist(),
                "thresholds": circuit.gate_thresholds[gates].tolist(),
                "level": int(circuit.gate_levels[gates.start]),
            }
        )
    pairs = zip(circuit.output_sources.tolist(), circuit.output_negated.tolist(), strict=True)
    outputs: list[Json] = [{"signal": signal, "negated": negated} for signal, negated in pairs]
    return {
        "schema": SCHEMA,
        **summary_json(circuit),
        "inputs": [{"name": port.name, "width": port.width} for port in circuit.inputs],
        "outputs": [{"name": port.name, "width": port.width} for port in circuit.outputs],
        "rows": rows,
        "output_signals": outputs,
    }


def threshold_list(circuit: Circuit) -> Iterator[str]:
    """Yield the lines of a text in the manner of DIMACS.

    `p tc INPUTS GATES OUTPUTS`, then a line `THRESHOLD WEIGHT SIGNAL WEIGHT SIGNAL ... 0` for every gate in order,
    then `o SIGNAL` for every output. Signals count from 1, inputs first; an output is negative where it is negated,
    and `o 0` is the constant 0, `o -0` the constant 1.
    """
    yield f"c {' '.join(f'{name}={value}' for name, value in circuit.parameters.items())}"
    yield f"p tc {circuit.n_inputs} {circuit.n_gates} {circuit.n_outputs}"
    for row in range(circuit.n_rows):
        wires = slice(int(circuit.row_starts[row]), int(circuit.row_starts[row + 1]))
        pairs = zip(circuit.row_weights[wires].tolist(), circuit.row_sources[wires].tolist(), strict=True)
        terms = " ".join(f"{weight} {source + 1}" for weight, source in pairs)
        for threshold in circuit.gate_thresholds[circuit.row_gates[row] : circuit.row_gates[row + 1]].tolist():
            yield f"{threshold} {terms} 0"
    for source, negated in zip(circuit.output_sources.tolist(), circuit.output_negated.tolist(), strict=True):
        yield f"o {'-' if negated else ''}{source + 1}"


def verilog(circuit: Circuit, name: str = "circuit") -> Iterator[str]:
    """Yield the lines of a Verilog module: one shared sum a row, one comparison a gate."""
    n_inputs = circuit.n_inputs
    ports = [f"input [{p.width - 1}:0] {p.name}" for p in circuit.inputs]
    ports += [f"output [{p.width - 1}:0] {p.name}" for p in circuit.outputs]
    yield f"module {name}({', '.join(ports)});"
    yield f"  wire [{n_inputs + circuit.n_gates - 1}:0] s;"
    yield f"  assign s[{n_inputs - 1}:0] = {{{', '.join(p.name for p in reversed(circuit.inputs))}}};"
    for row in range(circuit.n_rows):
        wires = slice(int(circuit.row_starts[row]), int(circuit.row_starts[row + 1]))
        weights, sources = circuit.row_weights[wires].tolist(), circuit.row_sources[wires].tolist()
        bits = sum(map(abs, weights)).bit_length() + 1
        terms = [
            f"{'-' if w < 0 else '+'} "
            f"{f'{bits}{chr(39)}sd{abs(w)} * ' if abs(w) > 1 else ''}$signed({{{bits - 1}'d0, s[{source}]}})"
            for w, source in zip(weights, sources, strict=True)
        ]
        yield f"  wire signed [{bits - 1}:0] r{row} = {' '.join(terms).removeprefix('+ ')};"
        for gate in range(int(circuit.row_gates[row]), int(circuit.row_gates[row + 1])):
            least = int(circuit.gate_thresholds[gate])
            literal = f"{'-' if least < 0 else ''}{bits}'sd{abs(least)}"
            yield f"  assign s[{n_inputs + gate}] = r{row} >= {literal};"
    place = 0
    for port in circuit.outputs:
        for i in range(port.width):
            source, negated = int(circuit.output_sources[place]), bool(circuit.output_negated[place])
            value = f"s[{source}]" if source >= 0 else "1'b0"
            yield f"  assign {port.name}[{i}] = {'~' if negated else ''}{value};"
            place += 1
    yield "endmodule"
