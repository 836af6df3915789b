"""Circuits as AIGER, the text format of and-inverter graphs (Biere, Heljanko and Wieringa 2011): `aag`.

A threshold gate over positive weights is split by its heaviest input: with that input at 0 the others must reach t,
with 1 only t - w, which is easier, so the gate is `f(t) or (x and f(t - w))`. Equal parts are made once, so a row over
n inputs costs at most 2 n times its number of distinct remaining thresholds: fine for small circuits, and refused
beyond.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from precise.circuits.circuit import Circuit
from precise.errors import UnsupportedError

MOST_ANDS: Final = 1_000_000
FALSE, TRUE = 0, 1


class AndGraph:
    """AND gates under construction; literal 2 v is variable v, 2 v + 1 its negation, 0 and 1 are the constants."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.ands: list[tuple[int, int]] = []
        self._made: dict[tuple[int, int], int] = {}

    def both(self, x: int, y: int) -> int:
        """Return the AND of two literals."""
        x, y = max(x, y), min(x, y)
        if y == FALSE or x == y ^ 1:
            return FALSE
        if y == TRUE or x == y:
            return x
        if (x, y) not in self._made:
            if len(self.ands) == MOST_ANDS:
                raise UnsupportedError(f"aiger: circuit must need at most {MOST_ANDS} AND gates; it needs more")
            self.ands.append((x, y))
            self._made[x, y] = 2 * (self.inputs + len(self.ands))
        return self._made[x, y]

    def either(self, x: int, y: int) -> int:
        """Return the OR of two literals."""
        return self.both(x ^ 1, y ^ 1) ^ 1


class _Row:
    """A weighted sum of literals with positive weights, compared with thresholds."""

    def __init__(self, graph: AndGraph, terms: list[tuple[int, int]]) -> None:
        self._graph = graph
        self._terms = sorted(terms, reverse=True)  # weight, literal
        self._rest = [0]  # what the last i terms add up to
        for weight, _ in reversed(self._terms):
            self._rest.append(self._rest[-1] + weight)
        self._rest.reverse()
        self._made: dict[tuple[int, int], int] = {}

    def at_least(self, threshold: int) -> int:
        """Return the literal that says whether the sum reaches a threshold."""
        wanted = [{threshold}]  # for each start, what the terms from there on must reach
        for start, (weight, _) in enumerate(self._terms):
            left = [t for t in wanted[-1] if self._known(start, t) is None]
            wanted.append({*left, *(t - weight for t in left)})
        for start in range(len(self._terms) - 1, -1, -1):
            weight, literal = self._terms[start]
            for t in sorted(wanted[start]):
                if self._known(start, t) is None:
                    without, with_it = self._value(start + 1, t), self._value(start + 1, t - weight)
                    self._made[start, t] = self._graph.either(without, self._graph.both(literal, with_it))
        return self._value(0, threshold)

    def _known(self, start: int, threshold: int) -> int | None:
        """Return the literal of a part that is constant or made."""
        if threshold <= 0:
            return TRUE
        return FALSE if threshold > self._rest[start] else self._made.get((start, threshold))

    def _value(self, start: int, threshold: int) -> int:
        """Return the literal of a part that is known."""
        found = self._known(start, threshold)
        assert found is not None
        return found


def and_graph(circuit: Circuit) -> tuple[AndGraph, list[int]]:
    """Return the circuit as AND gates, and the literals of its outputs."""
    graph = AndGraph(circuit.n_inputs)
    literals = [2 * (i + 1) for i in range(circuit.n_inputs)]
    starts, gates = circuit.row_starts.tolist(), circuit.row_gates.tolist()
    sources, weights = circuit.row_sources.tolist(), circuit.row_weights.tolist()
    thresholds = circuit.gate_thresholds.tolist()
    for row in range(circuit.n_rows):
        wires = range(starts[row], starts[row + 1])
        terms = [(abs(weights[k]), literals[sources[k]] ^ (weights[k] < 0)) for k in wires]
        negative = sum(-weights[k] for k in wires if weights[k] < 0)
        sum_of_row = _Row(graph, terms)
        for gate in range(gates[row], gates[row + 1]):
            literals.append(sum_of_row.at_least(thresholds[gate] + negative))
    pairs = zip(circuit.output_sources.tolist(), circuit.output_negated.tolist(), strict=True)
    return graph, [(literals[source] if source >= 0 else FALSE) ^ int(negated) for source, negated in pairs]


def aiger(circuit: Circuit) -> Iterator[str]:
    """Yield the lines of the ASCII format: header `aag M I L O A`, inputs, outputs, AND gates, names, a comment.

    `UnsupportedError` for circuits that need more than a million AND gates.
    """
    graph, outputs = and_graph(circuit)
    first, count = graph.inputs + 1, len(graph.ands)
    yield f"aag {graph.inputs + count} {graph.inputs} 0 {len(outputs)} {count}"
    yield from (str(2 * v) for v in range(1, first))
    yield from map(str, outputs)
    for i, (x, y) in enumerate(graph.ands):
        yield f"{2 * (first + i)} {x} {y}"
    for letter, ports in (("i", circuit.inputs), ("o", circuit.outputs)):
        names = [f"{port.name}[{i}]" for port in ports for i in range(port.width)]
        yield from (f"{letter}{place} {name}" for place, name in enumerate(names))
    yield "c"
    yield " ".join(f"{name}={value}" for name, value in circuit.parameters.items())
