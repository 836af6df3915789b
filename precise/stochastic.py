"""Random bits for stochastic rounding: a function of (seed, stream, element index), never of shape, order or
threads.

The generator is a chain of SplitMix64 finalisers (Steele, Lea, Flood 2014): `mix(mix(mix(seed) ^ stream) ^
index)`, modulo 2**64. The scalar and the array form give the same bits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB


def _mix(z: int) -> int:
    """Return the SplitMix64 output for state `z`."""
    z = (z + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def random_bits(seed: int, stream: int, index: int, bits: int) -> int:
    """Return `bits <= 64` random bits, as an integer, for element `index` of stream `stream`."""
    return _mix(_mix(_mix(seed & _MASK) ^ (stream & _MASK)) ^ (index & _MASK)) >> (64 - bits)


def random_array(seed: int, stream: int, index: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    """Return `random_bits` for each index of an array."""
    key = np.uint64(_mix(_mix(seed & _MASK) ^ (stream & _MASK)))
    with np.errstate(over="ignore"):
        z = (index ^ key) + np.uint64(_GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
    return (z ^ (z >> np.uint64(31))) >> np.uint64(64 - bits)
