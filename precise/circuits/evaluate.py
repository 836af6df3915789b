"""Evaluation of a circuit at many inputs at once, 64 lanes a word, in compiled loops or in NumPy."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import ModuleType
from typing import Final

import numpy as np
import numpy.typing as npt

from precise.circuits.circuit import Circuit, Ints, Longs, Port
from precise.circuits.evaluate_numpy import run_numpy
from precise.circuits.lanes import Bits, Codes, LaneWords, gather, pack_bits, spread, unpack_bits
from precise.engines.parts import threads as processors
from precise.errors import ShapeError, UnsupportedError

ENGINES: Final = ("compiled", "numpy")
BLOCK: Final = 8
"""Words that the compiled loop takes together."""
MEMORY: Final = 1 << 28
"""Bytes that the signals of the NumPy engine may take."""
MOST_WORDS: Final = 1024
"""Words that the NumPy engine takes together: 65,536 lanes."""
LANES_AT_ONCE: Final = 1 << 20
"""Lanes whose inputs and outputs are spread into bits together."""


@cache
def extension() -> ModuleType | None:
    """Return the compiled loops where they were built and pass a self-test, or None."""
    if os.environ.get("PRECISE_NO_EXTENSION", "0") not in ("", "0"):
        return None
    try:
        module = importlib.import_module("precise.circuits._evaluate")
    except ImportError:
        return None
    return module if _passes_self_test(module) else None


def engines() -> tuple[str, ...]:
    """Return the engines at hand, the fastest first."""
    return ENGINES if extension() is not None else ENGINES[1:]


def evaluate_words(
    circuit: Circuit, inputs: LaneWords, *, engine: str | None = None, threads: int | None = None
) -> LaneWords:
    """Return the outputs [outputs, words] at inputs [inputs, words]; bit k of a word is one lane.

    Parameters
    ----------
    circuit, inputs
        The circuit and the lanes.
    engine
        `compiled` or `numpy`; default: the fastest at hand. The bits are the same.
    threads
        At most so many; default: the processors at hand, or fewer by `PRECISE_THREADS`.
    """
    if inputs.ndim != 2 or inputs.shape[0] != circuit.n_inputs:
        raise ShapeError(f"evaluate: inputs must have shape ({circuit.n_inputs}, words); got {inputs.shape}")
    chosen = engine or engines()[0]
    if chosen not in engines():
        raise UnsupportedError(f"evaluate: engine must be one of {', '.join(engines())}; got {chosen}")
    words = inputs.shape[1]
    outputs = np.empty((circuit.n_outputs, words), dtype=np.uint64)
    inputs = np.ascontiguousarray(inputs, dtype=np.uint64)
    workers = threads or processors()
    if chosen == "compiled":
        step = max(BLOCK, -(-words // workers // BLOCK) * BLOCK)
        pieces = [(i, min(i + step, words)) for i in range(0, words, step)]
        program = _Program(circuit)
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda piece: program.run(inputs, outputs, *piece), pieces))
    else:
        step = max(1, min(MOST_WORDS, MEMORY // workers // (8 * (circuit.n_inputs + circuit.n_gates + 1))))
        pieces = [(i, min(i + step, words)) for i in range(0, words, step)]

        def run(piece: tuple[int, int]) -> None:
            outputs[:, slice(*piece)] = run_numpy(circuit, inputs[:, slice(*piece)])

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, pieces))
    return outputs


def evaluate_bits(circuit: Circuit, bits: Bits, *, engine: str | None = None, threads: int | None = None) -> Bits:
    """Return the output bits [outputs, lanes] at input bits [inputs, lanes]."""
    lanes = bits.shape[1]
    return unpack_bits(evaluate_words(circuit, pack_bits(bits), engine=engine, threads=threads), lanes)


def evaluate(
    circuit: Circuit, *arguments: Codes | Sequence[int], engine: str | None = None, threads: int | None = None
) -> list[npt.NDArray[np.int64]]:
    """Return one array of integers an output port, at one array of integers an input port.

    Ports have at most 63 bits here; `evaluate_bits` takes wider ones.
    """
    codes = [np.asarray(a, dtype=np.int64) for a in arguments]
    lanes = len(codes[0]) if codes else 0
    pieces = [
        gather(evaluate_bits(circuit, spread(piece, circuit.inputs), engine=engine, threads=threads), circuit.outputs)
        for piece in _slices(codes, lanes)
    ]
    return [np.concatenate(port) for port in zip(*pieces, strict=True)]


def _slices(codes: list[npt.NDArray[np.int64]], lanes: int) -> Iterator[list[npt.NDArray[np.int64]]]:
    """Yield the arguments in pieces whose bits fit into memory."""
    for start in range(0, max(lanes, 1), LANES_AT_ONCE):
        yield [code[start : start + LANES_AT_ONCE] for code in codes]


class _Program:
    """The arrays of a circuit as the compiled loop takes them."""

    def __init__(self, circuit: Circuit, module: ModuleType | None = None) -> None:
        found = module or extension()
        assert found is not None
        self._module = found
        negative = np.zeros(circuit.n_rows, dtype=np.int64)
        rows = np.repeat(np.arange(circuit.n_rows), np.diff(circuit.row_starts))
        np.add.at(negative, rows, np.maximum(-circuit.row_weights, 0))
        self._arrays: tuple[Longs | Ints | npt.NDArray[np.uint8], ...] = (
            circuit.row_starts,
            circuit.row_sources,
            circuit.row_weights,
            circuit.row_gates,
            circuit.gate_thresholds + np.repeat(negative, np.diff(circuit.row_gates)),
            circuit.output_sources,
            circuit.output_negated.astype(np.uint8),
        )
        self._n_inputs = circuit.n_inputs

    def run(self, inputs: LaneWords, outputs: LaneWords, start: int, stop: int) -> None:
        """Fill the words `start` to `stop` of the outputs."""
        self._module.run(*self._arrays, inputs, outputs, self._n_inputs, inputs.shape[1], start, stop)


def _passes_self_test(module: ModuleType) -> bool:
    """Return whether the compiled loops give what NumPy gives on one circuit with weights of all kinds."""
    weights = np.array([1, -1, 3, -5, 1, 7, 2, -1, 1, 1, -128, 97], dtype=np.int64)
    circuit = Circuit(
        inputs=(Port("x", 12),),
        outputs=(Port("y", 22),),
        row_starts=np.array([0, 12, 17], dtype=np.int64),
        row_sources=np.array([*range(12), 0, 5, 12, 15, 31], dtype=np.int32),
        row_weights=np.concatenate((weights, weights[:5])),
        row_gates=np.array([0, 20, 22], dtype=np.int64),
        gate_thresholds=np.array([*range(-134, 106, 12), 1, 3], dtype=np.int64),
        gate_levels=np.array([1] * 20 + [2] * 2, dtype=np.int32),
        gate_stages=np.zeros(22, dtype=np.int32),
        stages=("gates",),
        output_sources=np.array([*range(12, 33), -1], dtype=np.int32),
        output_negated=np.arange(22) % 3 == 0,
    )
    codes = np.arange(4096, dtype=np.int64)
    inputs = pack_bits(spread([codes], circuit.inputs))
    outputs = np.zeros((22, inputs.shape[1]), dtype=np.uint64)
    _Program(circuit, module).run(inputs, outputs, 0, inputs.shape[1])
    return bool((outputs == run_numpy(circuit, inputs)).all())
