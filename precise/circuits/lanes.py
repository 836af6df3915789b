"""Lanes: many inputs at once, one bit each in 64-bit words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from precise.circuits.circuit import Port
from precise.errors import ShapeError

LaneWords: TypeAlias = npt.NDArray[np.uint64]
"""Signals by rows: bit k of word j of a row is the signal in lane 64 * j + k."""
Codes: TypeAlias = npt.NDArray[np.int64] | npt.NDArray[np.uint64]
Bits: TypeAlias = npt.NDArray[np.uint8]

WIDEST_CODE = 63


def pack_bits(bits: Bits) -> LaneWords:
    """Return bits [signals, lanes] as words [signals, ceil(lanes / 64)]; missing lanes are 0."""
    signals, lanes = bits.shape
    packed = np.packbits(bits, axis=1, bitorder="little")
    whole = np.zeros((signals, -(-lanes // 64) * 8), dtype=np.uint8)
    whole[:, : packed.shape[1]] = packed
    return whole.view("<u8").astype(np.uint64, copy=False)


def unpack_bits(words: LaneWords, lanes: int) -> Bits:
    """Return words [signals, n] as bits [signals, lanes]."""
    little = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
    return np.unpackbits(little, axis=1, count=lanes, bitorder="little")


def spread(codes: Sequence[Codes], ports: Sequence[Port]) -> Bits:
    """Return the bits [inputs, lanes] of one array of integers a port, ports of at most 63 bits."""
    if len(codes) != len(ports):
        raise ShapeError(f"evaluate: arguments must be {len(ports)}; got {len(codes)}")
    lanes = {len(c) for c in codes}
    if len(lanes) > 1:
        raise ShapeError(f"evaluate: arguments must have one length; got {sorted(lanes)}")
    bits = np.empty((sum(p.width for p in ports), lanes.pop() if lanes else 0), dtype=np.uint8)
    start = 0
    for code, port in zip(codes, ports, strict=True):
        if port.width > WIDEST_CODE:
            raise ShapeError(f"evaluate: port {port.name} must have at most {WIDEST_CODE} bits; got {port.width}")
        for i in range(port.width):
            np.bitwise_and(code >> i, 1, out=bits[start + i], casting="unsafe")
        start += port.width
    return bits


def gather(bits: Bits, ports: Sequence[Port]) -> list[npt.NDArray[np.int64]]:
    """Return one array of integers a port from bits [outputs, lanes]."""
    codes, start = [], 0
    for port in ports:
        if port.width > WIDEST_CODE:
            raise ShapeError(f"evaluate: port {port.name} must have at most {WIDEST_CODE} bits; got {port.width}")
        code = np.zeros(bits.shape[1], dtype=np.int64)
        for i in range(port.width):
            code |= bits[start + i].astype(np.int64) << i
        codes.append(code)
        start += port.width
    return codes
