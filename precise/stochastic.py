"""Random bits for stochastic rounding: a function of (seed, stream, element index), never of shape, order or
threads.

The generator is a chain of SplitMix64 finalisers (Steele, Lea, Flood 2014): `mix(mix(mix(seed) ^ stream) ^
index)`, modulo 2**64. The scalar and the array form give the same bits.

A random real number U in [0, 1) is an endless chain of such 64-bit words, read as far as a decision needs. Word 0
belongs to the stream itself and word j to a stream derived from it and from j, so that every word depends on the
seed and not on the words before it. U with r bits is the first r bits of the same U.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.errors import UndecidedError

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_LATER_WORDS: Final = 0x3A5C_0DD5


class UndecidedDrawError(UndecidedError):
    """A draw whose words so far equal the leading bits of the fraction, so that more words must be read."""


def _mix(z: int) -> int:
    """Return the SplitMix64 output for state `z`."""
    z = (z + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def stream_key(seed: int, stream: int) -> int:
    """Return what is mixed with the element index."""
    return _mix(_mix(seed & _MASK) ^ (stream & _MASK))


def random_bits(seed: int, stream: int, index: int, bits: int) -> int:
    """Return `bits <= 64` random bits, as an integer, for element `index` of stream `stream`."""
    return _mix(stream_key(seed, stream) ^ (index & _MASK)) >> (64 - bits)


def random_words(seed: int, stream: int, index: int, words: int) -> int:
    """Return the first `64 * words` bits of the random number U of an element, as an integer."""
    drawn = random_bits(seed, stream, index, 64)
    for j in range(1, words):
        drawn = drawn << 64 | random_bits(seed, random_bits(stream, _LATER_WORDS, j, 64), index, 64)
    return drawn


def random_array(seed: int, stream: int, index: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    """Return `random_bits` for each index of an array."""
    key = np.uint64(stream_key(seed, stream))
    with np.errstate(over="ignore"):
        z = (index ^ key) + np.uint64(_GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
    return (z ^ (z >> np.uint64(31))) >> np.uint64(64 - bits)
