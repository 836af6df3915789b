"""Bit-sliced evaluation in NumPy: each row is added up by carry-save adders over whole vectors of lanes.

A negative weight becomes a negated input. An input goes into one bucket for each bit of its |weight|; a bucket is
reduced three vectors at a time to a sum, which stays, and a carry for the next bucket. The bits that are left are
compared with each threshold, least bit first. There is no limit on weights.
"""

from __future__ import annotations

import numpy as np

from precise.circuits.circuit import Circuit
from precise.circuits.lanes import LaneWords

ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def run_numpy(circuit: Circuit, inputs: LaneWords) -> LaneWords:
    """Return the outputs [outputs, words] at inputs [inputs, words]."""
    words = inputs.shape[1]
    n_inputs = circuit.n_inputs
    signals = np.empty((n_inputs + circuit.n_gates + 1, words), dtype=np.uint64)
    signals[:n_inputs] = inputs
    signals[-1] = 0  # the constant 0, which outputs without a signal read
    starts, gates = circuit.row_starts.tolist(), circuit.row_gates.tolist()
    thresholds = circuit.gate_thresholds.tolist()
    plain = np.logical_and.reduceat(circuit.row_weights == 1, circuit.row_starts[:-1]) if len(gates) > 1 else ()
    for row in range(len(gates) - 1):
        begin, end = starts[row], starts[row + 1]
        vectors = signals[circuit.row_sources[begin:end]]
        if plain[row]:
            offset, buckets = 0, [vectors]
        else:
            weights = circuit.row_weights[begin:end]
            negative = weights < 0
            vectors[negative] ^= ALL
            sizes = np.abs(weights)
            offset = int(sizes[negative].sum())
            buckets = [vectors[(sizes >> b & 1).astype(bool)] for b in range(int(sizes.max()).bit_length())]
        bits = add_up(buckets)
        for gate in range(gates[row], gates[row + 1]):
            signals[n_inputs + gate] = at_least(bits, thresholds[gate] + offset)
    outputs = signals[circuit.output_sources]
    outputs[circuit.output_negated] ^= ALL
    return outputs


def add_up(buckets: list[LaneWords]) -> list[LaneWords]:
    """Return the bits of the sum of `2**b * vector` over all vectors of bucket b, least first."""
    bits = []
    carries: list[LaneWords] = []
    b = 0
    while b < len(buckets) or carries:
        parts = [*([buckets[b]] if b < len(buckets) else []), *carries]
        vectors = np.concatenate(parts) if len(parts) > 1 else parts[0]
        carries = []
        while len(vectors) > 2:
            third = len(vectors) // 3
            x, y, z = vectors[:third], vectors[third : 2 * third], vectors[2 * third : 3 * third]
            differ = x ^ y
            carries.append((x & y) | (differ & z))
            vectors = np.concatenate((differ ^ z, vectors[3 * third :]))
        if len(vectors) == 2:
            carries.append((vectors[0] & vectors[1])[None])
            bits.append(vectors[0] ^ vectors[1])
        else:
            bits.append(vectors[0] if len(vectors) else np.zeros(vectors.shape[1], dtype=np.uint64))
        b += 1
    return bits


def at_least(bits: list[LaneWords], threshold: int) -> LaneWords:
    """Return where the number with these bits is at least the threshold."""
    words = bits[0].shape
    if threshold <= 0 or threshold >> len(bits):
        return np.full(words, ALL if threshold <= 0 else 0, dtype=np.uint64)
    result: LaneWords | None = None  # None: true so far
    for b, bit in enumerate(bits):
        if threshold >> b & 1:
            result = bit if result is None else bit & result
        elif result is not None:
            result = bit | result
    assert result is not None
    return result
