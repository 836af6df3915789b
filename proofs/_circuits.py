"""Circuits as subjects of the ledger: evidence over them, and wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product as cartesian

import numpy as np

from precise.circuits import Circuit
from precise.claims import Counterexample, Evidence, Kind, Scope
from proofs._float_evidence import PRODUCER, Outcome, Value

Instance = tuple[str, Value, Value]
"""What was looked at, what was got, what is right."""


def all_equal(
    rows: Iterable[Instance], expected: int, *limits: str, precisions: Sequence[int] = (), note: str = ""
) -> Outcome:
    """Return the evidence that got and right agree in every row, or the first row in which they differ."""
    cases = 0
    for at, got, right in rows:
        cases += 1
        if got != right:
            words = isinstance(got, str) or isinstance(right, str)
            return Counterexample(
                values={"at": at, "got": str(got) if words else got, "right": str(right) if words else right},
                refutes="got != right",
                lines=(f"{at}: got {got}, right is {right}",),
                order="the order of the domain",
                cases=cases,
            )
    scope = Scope.listed_p(precisions, *limits) if precisions else Scope.without_p(*limits)
    return Evidence(kind=Kind.EXHAUSTIVE, scope=scope, cases=cases, expected=expected, producer=PRODUCER, note=note)


def all_words(length: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Return all words of bits of a length, as columns."""
    numbers = np.arange(1 << length)
    return (numbers[None] >> np.arange(length)[:, None] & 1).astype(np.uint8)


def longest_path(circuit: Circuit) -> int:
    """Return the longest path from an input to an output, from the wires alone."""
    paths = [0] * circuit.n_inputs
    for row in range(circuit.n_rows):
        sources = circuit.row_sources[circuit.row_starts[row] : circuit.row_starts[row + 1]]
        length = 1 + max(paths[s] for s in sources)
        paths += [length] * int(circuit.row_gates[row + 1] - circuit.row_gates[row])
    return max((paths[s] for s in circuit.output_sources if s >= 0), default=0)


def gates_of(circuit: Circuit) -> list[tuple[list[int], list[int], int]]:
    """Return sources, weights and threshold of every gate."""
    found = []
    for row in range(circuit.n_rows):
        wires = slice(circuit.row_starts[row], circuit.row_starts[row + 1])
        sources, weights = circuit.row_sources[wires].tolist(), circuit.row_weights[wires].tolist()
        thresholds = circuit.gate_thresholds[circuit.row_gates[row] : circuit.row_gates[row + 1]].tolist()
        found += [(sources, weights, t) for t in thresholds]
    return found


def gate_type(weights: Sequence[int], threshold: int) -> str:
    """Return AND, OR or THRESHOLD: what a gate is once negated inputs stand for weights -1."""
    if any(abs(w) != 1 for w in weights):
        return "THRESHOLD"
    least = threshold + sum(w < 0 for w in weights)  # how many literals must be 1
    return "AND" if least == len(weights) else "OR" if least == 1 else "THRESHOLD"


def consistent_values(circuit: Circuit, inputs: Sequence[int]) -> int:
    """Return how many assignments of bits to gates satisfy the equation of every gate."""
    gates, count = gates_of(circuit), 0
    for values in cartesian((0, 1), repeat=circuit.n_gates):
        signals = [*inputs, *values]
        count += all(
            value == (sum(w * signals[s] for s, w in zip(sources, weights, strict=True)) >= t)
            for value, (sources, weights, t) in zip(values, gates, strict=True)
        )
    return count


def with_a_cycle(circuit: Circuit) -> Circuit:
    """Return a circuit whose first wire comes from its last gate."""
    sources = circuit.row_sources.copy()
    sources[0] = circuit.n_inputs + circuit.n_gates - 1
    return replace(circuit, row_sources=sources)


def with_threshold(circuit: Circuit, gate: int, change: int) -> Circuit:
    """Return a circuit with one threshold changed."""
    thresholds = circuit.gate_thresholds.copy()
    thresholds[gate] += change
    return replace(circuit, gate_thresholds=thresholds)


def negated(circuit: Circuit) -> Circuit:
    """Return a circuit with every output negated."""
    return replace(circuit, output_negated=~circuit.output_negated)
