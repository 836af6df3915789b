"""What a circuit costs: depth, gates, wires, weights, and its size in plain MAJORITY gates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from precise.circuits.circuit import Circuit, Longs


@dataclass(frozen=True, slots=True)
class Measure:
    """The size of a circuit.

    Parameters
    ----------
    depth
        The largest level of an output, each output being one gate, an input or a constant.
    gates, rows
        How many gates, and how many distinct sums they compare.
    wires, stored_wires
        The lengths of the sums, one a gate (the complexity measure), and one a row.
    maj_wires
        The wires after every gate has become one unweighted MAJORITY gate, the constants that fill it up left out:
        the sum of all |weights|, gate by gate.
    largest_weight, largest_sum, fan_in
        The largest |weight|, the largest sum of |weights| in a row, the longest row.
    """

    depth: int
    gates: int
    rows: int
    wires: int
    stored_wires: int
    maj_wires: int
    largest_weight: int
    largest_sum: int
    fan_in: int


def measure(circuit: Circuit) -> Measure:
    """Return the size of a circuit."""
    lengths, gates = np.diff(circuit.row_starts), np.diff(circuit.row_gates)
    sums = row_sums(circuit)
    return Measure(
        depth=circuit.depth,
        gates=circuit.n_gates,
        rows=circuit.n_rows,
        wires=int((lengths * gates).sum()),
        stored_wires=len(circuit.row_sources),
        maj_wires=int((sums * gates).sum()),
        largest_weight=int(np.abs(circuit.row_weights).max(initial=0)),
        largest_sum=int(sums.max(initial=0)),
        fan_in=int(lengths.max(initial=0)),
    )


def row_sums(circuit: Circuit) -> Longs:
    """Return for each row the sum of its |weights|."""
    if not circuit.n_rows:
        return np.zeros(0, dtype=np.int64)
    return np.add.reduceat(np.abs(circuit.row_weights), circuit.row_starts[:-1])


def gates_by_level(circuit: Circuit) -> list[int]:
    """Return how many gates each level has, from level 1."""
    return [int(k) for k in np.bincount(circuit.gate_levels, minlength=1)[1:]]
