"""Comparing circuits gate by gate, whatever the order in which they were built.

A gate and its negation are one thing here, as they are for the builder: the one whose row begins with a positive weight
stands for both. Rows name gates by what they are, down to the inputs, so equal names mean equal circuits below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from precise.circuits.circuit import Circuit

Row: TypeAlias = tuple[tuple[int, int], ...]
"""Pairs (signal, weight), ascending."""
CONSTANT = -1 << 62
"""The name of an output that is constant."""


@dataclass(slots=True)
class Names:
    """Names of gates, shared by the circuits that are compared: inputs are -1, -2, ..., gates 0, 1, ..."""

    of: dict[tuple[Row, int], int] = field(default_factory=dict)

    def gates(self, circuit: Circuit) -> tuple[frozenset[int], list[tuple[int, bool]]]:
        """Return the names of all gates, and for each output its name and whether it is negated."""
        named = [(-1 - i, False) for i in range(circuit.n_inputs)]
        for r in range(circuit.n_rows):
            wires = slice(circuit.row_starts[r], circuit.row_starts[r + 1])
            row, shift = [], 0
            for source, weight in zip(
                circuit.row_sources[wires].tolist(), circuit.row_weights[wires].tolist(), strict=True
            ):
                name, negated = named[source]
                shift += weight if negated else 0
                row.append((name, -weight if negated else weight))
            row.sort()
            flipped = row[0][1] < 0
            plain = tuple((name, -weight if flipped else weight) for name, weight in row)
            for threshold in circuit.gate_thresholds[circuit.row_gates[r] : circuit.row_gates[r + 1]].tolist():
                least = threshold - shift
                key = (plain, 1 - least if flipped else least)
                named.append((self.of.setdefault(key, len(self.of)), flipped))
        outputs = [
            (named[source][0], named[source][1] != negated) if source >= 0 else (CONSTANT, negated)
            for source, negated in zip(circuit.output_sources.tolist(), circuit.output_negated.tolist(), strict=True)
        ]
        return frozenset(name for name, _ in named[circuit.n_inputs :]), outputs


def differing_gates(one: Circuit, other: Circuit) -> int:
    """Return how many gates and outputs are in one of two circuits and not in the other."""
    names = Names()
    (gates, outputs), (others, results) = names.gates(one), names.gates(other)
    wrong = sum(x != y for x, y in zip(outputs, results, strict=True))
    return len(gates ^ others) + wrong
