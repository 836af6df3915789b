"""Finished circuits: levelised arrays that can be measured, evaluated and exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from precise.circuits.builder import Builder
from precise.circuits.form import Form
from precise.errors import DomainError

Longs: TypeAlias = npt.NDArray[np.int64]
Ints: TypeAlias = npt.NDArray[np.int32]
Flags: TypeAlias = npt.NDArray[np.bool_]

NO_SIGNAL = -1
"""The source of an output that is constant: 0, or 1 where it is negated."""


@dataclass(frozen=True, slots=True)
class Port:
    """A named group of input or output bits, least significant first."""

    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Circuit:
    """A threshold circuit. Signals are the inputs, then the gates, by level, the gates of one row together.

    Gate g is `[sum of row_weights * signals over its row >= gate_thresholds[g]]`. Row r has the wires
    `row_starts[r] : row_starts[r + 1]` and the gates `row_gates[r] : row_gates[r + 1]`; every source of a row comes
    before its gates. An output is a signal, a negated signal, or a constant; each gate reaches an output.
    """

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    row_starts: Longs
    row_sources: Ints
    row_weights: Longs
    row_gates: Longs
    gate_thresholds: Longs
    gate_levels: Ints
    gate_stages: Ints
    stages: tuple[str, ...]
    output_sources: Ints
    output_negated: Flags
    parameters: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def n_inputs(self) -> int:
        """The number of input bits."""
        return sum(port.width for port in self.inputs)

    @property
    def n_outputs(self) -> int:
        """The number of output bits."""
        return len(self.output_sources)

    @property
    def n_gates(self) -> int:
        """The number of gates."""
        return len(self.gate_thresholds)

    @property
    def n_rows(self) -> int:
        """The number of stored rows."""
        return len(self.row_starts) - 1

    @property
    def depth(self) -> int:
        """The largest level of a gate; every gate reaches an output, so the last level holds outputs."""
        return int(self.gate_levels.max(initial=0))

    @property
    def gate_rows(self) -> Longs:
        """The row of each gate."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.row_gates))


def finish(
    builder: Builder,
    inputs: Sequence[Port],
    outputs: Sequence[tuple[str, Sequence[Form]]],
    parameters: Mapping[str, int | str] | None = None,
) -> Circuit:
    """Return the circuit whose outputs are the named words: each bit one gate, gates that reach none left out."""
    if sum(port.width for port in inputs) != builder.n_inputs:
        raise DomainError(f"circuit: ports must have {builder.n_inputs} inputs; got {inputs}")
    with builder.stage("outputs"):
        bits = [bit for _, word in outputs for bit in builder.materialise(word)]
    sources = np.array([next(iter(bit.terms), NO_SIGNAL) for bit in bits], dtype=np.int64)
    negated = np.array([bit.constant == 1 for bit in bits], dtype=bool)
    arrays = _Arrays(builder)
    live = arrays.reaching(sources)
    order = arrays.order(live)
    number = np.full(len(live), NO_SIGNAL, dtype=np.int64)
    number[: builder.n_inputs] = np.arange(builder.n_inputs)
    number[builder.n_inputs + order] = builder.n_inputs + np.arange(len(order))
    rows, first = np.unique(arrays.gate_rows[order], return_index=True)
    rows = rows[np.argsort(first)]
    lengths = arrays.lengths[rows]
    starts = np.concatenate(([0], np.cumsum(lengths)))
    wires = np.repeat(arrays.starts[rows] - starts[:-1], lengths) + np.arange(int(starts[-1]))
    return Circuit(
        inputs=tuple(inputs),
        outputs=tuple(Port(name, len(word)) for name, word in outputs),
        row_starts=starts,
        row_sources=number[arrays.sources[wires]].astype(np.int32),
        row_weights=arrays.weights[wires],
        row_gates=np.concatenate((np.sort(first), [len(order)])).astype(np.int64),
        gate_thresholds=arrays.thresholds[order],
        gate_levels=arrays.row_levels[arrays.gate_rows[order]].astype(np.int32),
        gate_stages=np.array(builder.gate_stages, dtype=np.int32)[order],
        stages=tuple(builder.stages),
        output_sources=np.where(sources < 0, NO_SIGNAL, number[sources]).astype(np.int32),
        output_negated=negated,
        parameters=dict(parameters or {}),
    )


class _Arrays:
    """The arrays of a builder, with what reaches an output and in which order it is stored."""

    def __init__(self, builder: Builder) -> None:
        self.n_inputs = builder.n_inputs
        self.starts = np.array(builder.row_starts, dtype=np.int64)
        self.sources = np.array(builder.row_sources, dtype=np.int64)
        self.weights = np.array(builder.row_weights, dtype=np.int64)
        self.row_levels = np.array(builder.row_levels, dtype=np.int64)
        self.gate_rows = np.array(builder.gate_rows, dtype=np.int64)
        self.thresholds = np.array(builder.gate_thresholds, dtype=np.int64)
        self.lengths = np.diff(self.starts)

    def reaching(self, outputs: Longs) -> Flags:
        """Return which signals reach an output."""
        live = np.zeros(self.n_inputs + len(self.gate_rows), dtype=bool)
        live[outputs[outputs >= 0]] = True
        row_live = np.zeros(len(self.row_levels), dtype=bool)
        gate_levels = self.row_levels[self.gate_rows]
        by_level = np.argsort(gate_levels, kind="stable")
        wires_by_level = np.argsort(np.repeat(self.row_levels, self.lengths), kind="stable")
        wire_rows = np.repeat(np.arange(len(self.row_levels)), self.lengths)
        top = int(gate_levels.max(initial=0))
        gate_ends = np.searchsorted(gate_levels[by_level], np.arange(top + 2))
        wire_ends = np.searchsorted(self.row_levels[wire_rows[wires_by_level]], np.arange(top + 2))
        for level in range(top, 0, -1):
            gates = by_level[gate_ends[level] : gate_ends[level + 1]]
            row_live[self.gate_rows[gates[live[self.n_inputs + gates]]]] = True
            wires = wires_by_level[wire_ends[level] : wire_ends[level + 1]]
            live[self.sources[wires[row_live[wire_rows[wires]]]]] = True
        return live

    def order(self, live: Flags) -> Longs:
        """Return the live gates by level, row and threshold."""
        gates = np.flatnonzero(live[self.n_inputs :])
        rows = self.gate_rows[gates]
        return gates[np.lexsort((self.thresholds[gates], rows, self.row_levels[rows]))]


def check(circuit: Circuit) -> None:
    """Raise `DomainError` unless the arrays form a circuit: acyclic, levels right, every output in range."""
    signal_levels = np.concatenate((np.zeros(circuit.n_inputs, dtype=np.int64), circuit.gate_levels))
    gate_rows = circuit.gate_rows
    sources = circuit.row_sources
    lengths, gates = np.diff(circuit.row_starts), np.diff(circuit.row_gates)
    wire_rows = np.repeat(np.arange(circuit.n_rows), lengths)
    broken = [
        (len(circuit.gate_levels) != circuit.n_gates or len(gate_rows) != circuit.n_gates, "one row for each gate"),
        (bool((lengths < 1).any() or (gates < 1).any()), "rows with a wire and a gate each"),
        (bool((circuit.row_weights == 0).any()), "weights that are not 0"),
        (bool((sources < 0).any()), "sources that are signals"),
        (bool((sources >= circuit.n_inputs + circuit.row_gates[wire_rows]).any()), "sources before their gates"),
        (bool((circuit.output_sources >= len(signal_levels)).any()), "outputs that are signals"),
    ]
    for wrong, must in broken:
        if wrong:
            raise DomainError(f"circuit: arrays must have {must}; got others")
    deepest = np.zeros(circuit.n_rows, dtype=np.int64)
    np.maximum.at(deepest, wire_rows, signal_levels[sources])
    if (circuit.gate_levels != 1 + deepest[gate_rows]).any():
        raise DomainError("circuit: levels must be one more than the largest level in the row; got others")
