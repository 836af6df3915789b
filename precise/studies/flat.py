"""A network laid out: one threshold circuit with every instance of every operation in it, for small bodies.

The inputs of an instance are signals of others, negated where an output is a negated gate, which turns the sign of a
weight and moves the threshold. Nothing is merged and nothing folded, so gates and wires are those of the network. Its
levels are at most those of the network, which adds the depths of operations: a quotient by a constant, say, has done
most of its work before the dividend is there.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.circuits import Circuit, Layout, Port
from precise.errors import UnsupportedError
from precise.rounding import RNE
from precise.semantics.array import Array
from precise.semantics.netlist import NOTHING, Netlist, network
from precise.studies.networks import Body, sketched

LARGEST: Final = 20_000_000
"""The most stored wires that are laid out."""
References: TypeAlias = NDArray[np.int64]
"""Bits as `2 * signal + negated`."""


class Flat(Netlist):
    """The namespace of one growing circuit; arrays hold numbers of words, words are references to bits."""

    name = "flat netlist"

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout, RNE, evaluated=False)
        self.words: list[References] = []
        self.ports: list[Port] = []
        self.constants: list[int] = []
        self.parts: list[_Part] = []

    def given(self, *shape: int) -> Array:
        """Return input words."""
        return self._inputs("x", shape)

    def ingest(self, x: NDArray[np.generic], *, constant: bool) -> Array:
        """Return input words for constants; their codes are kept in the order of their ports."""
        if x.dtype == np.bool_:
            return Array(x, self, note=NOTHING)
        self.constants += [self._code(v, i) for i, v in enumerate(x.ravel().tolist())]
        return self._inputs("constant", x.shape)

    def _inputs(self, name: str, shape: tuple[int, ...]) -> Array:
        """Return new input words; signals of inputs are negative until the circuit is finished."""
        numbers = []
        for _ in range(int(np.prod(shape))):
            first = len(self.ports) * self.layout.width
            self.ports.append(Port(f"{name}{len(self.ports)}", self.layout.width))
            numbers.append(self._word(-2 * (1 + first + np.arange(self.layout.width, dtype=np.int64))))
        return Array(np.array(numbers, dtype=np.int64).reshape(shape), self, note=NOTHING)

    def _word(self, references: References) -> int:
        """Return the number of a new word."""
        self.words.append(references)
        return len(self.words) - 1

    def _run(self, name: str, n: int, *operands: Array) -> Array:
        """Return the results of one instance an element."""
        counted = super()._run(name, n, *operands)
        if name == "less_equal":
            raise UnsupportedError("flat: comparisons must not be laid out; got one")
        spread = [x.reshape(-1) for x in np.broadcast_arrays(*(x.data for x in operands))]
        circuit = self.circuit(name, n)
        found = [self._instance(circuit, [self.words[i] for i in row]) for row in zip(*spread, strict=True)]
        return Array(np.array(found, dtype=np.int64).reshape(counted.shape), self, note=counted.note)

    def _instance(self, circuit: Circuit, inputs: list[References]) -> int:
        """Return the word of the outputs of one instance."""
        if (circuit.output_sources < 0).any():
            raise UnsupportedError("flat: outputs must be signals; got a constant")
        first = self.parts[-1].end if self.parts else 0
        part = _Part(circuit, np.concatenate(inputs), first)
        self.parts.append(part)
        outputs = part.signals[circuit.output_sources]
        return self._word(np.where(circuit.output_negated, outputs ^ 1, outputs))

    def finished(self, result: Array) -> Circuit:
        """Return the circuit whose outputs are the elements of an array."""
        n_inputs = sum(port.width for port in self.ports)
        wires = [part.circuit.row_starts for part in self.parts]
        starts = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(w) for w in wires]))])
        gates = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(p.circuit.row_gates) for p in self.parts]))])
        sources = np.concatenate([part.sources for part in self.parts])
        signals = _numbered(sources, n_inputs)
        levels = _levels(n_inputs, starts, gates, signals)
        outputs = np.concatenate([self.words[i] for i in result.data.reshape(-1).tolist()])
        return Circuit(
            inputs=tuple(self.ports),
            outputs=tuple(Port(f"result{i}", self.layout.width) for i in range(result.size)),
            row_starts=starts,
            row_sources=signals,
            row_weights=np.concatenate([part.weights for part in self.parts]),
            row_gates=gates,
            gate_thresholds=np.concatenate([part.thresholds for part in self.parts]),
            gate_levels=levels,
            gate_stages=np.zeros(len(levels), dtype=np.int32),
            stages=("network",),
            output_sources=_numbered(outputs, n_inputs),
            output_negated=(outputs & 1).astype(bool),
            parameters={"p": self.layout.p, "w": self.layout.w},
        )


class _Part:
    """An instance with its place: the references of its signals, and its rows in terms of the whole circuit."""

    def __init__(self, circuit: Circuit, inputs: References, first: int) -> None:
        self.circuit, self.end = circuit, first + circuit.n_gates
        self.signals = np.concatenate([inputs, 2 * (first + np.arange(circuit.n_gates, dtype=np.int64))])
        references = self.signals[circuit.row_sources]
        negated = references & 1
        self.sources = references
        self.weights = np.where(negated, -circuit.row_weights, circuit.row_weights)
        moved = np.add.reduceat(negated * circuit.row_weights, circuit.row_starts[:-1])
        self.thresholds = circuit.gate_thresholds - moved[circuit.gate_rows]


def _numbered(references: References, n_inputs: int) -> NDArray[np.int32]:
    """Return signals: inputs first, then gates."""
    signals = references >> 1
    return np.where(signals < 0, -1 - signals, n_inputs + signals).astype(np.int32)


def _levels(n_inputs: int, starts: References, gates: References, sources: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the level of every gate, row by row."""
    levels = np.zeros(n_inputs + int(gates[-1]), dtype=np.int32)
    for row, (start, stop) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
        levels[n_inputs + gates[row] : n_inputs + gates[row + 1]] = 1 + levels[sources[start:stop]].max()
    return levels[n_inputs:]


def flat(body: Body, p: int, n: int, d: int) -> tuple[Circuit, list[int]]:
    """Return a body as one circuit, and the codes of its constants: the inputs of ports `constant...`, in their order.

    Examples
    --------
    >>> from precise.studies.networks import BODIES
    >>> circuit, constants = flat(BODIES["matmul"], 3, 1, 2)
    >>> circuit.depth, circuit.n_gates, constants
    (38, 956, [])
    """
    size = sketched(body, p, n, d).size
    if size.stored_wires > LARGEST:
        raise UnsupportedError(f"flat: network must have at most {LARGEST} stored wires; got {size.stored_wires}")
    xp = Flat(Layout.paper(p))
    result = body.run(xp.given, n, d)
    assert network(result).calls  # every body computes something
    return xp.finished(result), xp.constants
