"""Rounding in integers the lanes that no policy concerns: zeros, and magnitudes on which the grid follows the value.

There the bits that rounding drops are the last `53 - p` of the stored significand, whatever the exponent. Adding to the
bit pattern of a number makes its magnitude larger, and a carry into the exponent is the next binade, so each mode is an
addition and a mask. `kernels/lanes.h` has the same rule in C.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.engines.carrier import Lanes

Bits: TypeAlias = NDArray[np.int64]

_MAGNITUDE: Final = np.int64((1 << 63) - 1)


def _to_even(bits: Bits, spare: int, rest: np.int64, out: Bits) -> None:
    """Add half a unit, less one where the last kept bit is 0."""
    # As unsigned integers, which is faster: the bits that differ are cleared.
    np.right_shift(bits.view(np.uint64), np.uint64(spare), out=out.view(np.uint64))
    out &= 1
    out += rest >> 1
    out += bits


def _outwards_if(negative: bool, bits: Bits, rest: np.int64, out: Bits) -> None:
    """Add all but one of a unit where the sign is the one asked for."""
    np.right_shift(bits, 63, out=out)
    if not negative:
        np.invert(out, out=out)
    out &= rest
    out += bits


def _to_odd(bits: Bits, spare: int, rest: np.int64, out: Bits) -> None:
    """Set the last kept bit where a bit is dropped, which is where the dropped ones plus all ones carry into it."""
    np.bitwise_and(bits, rest, out=out)
    out += rest
    out |= bits


#: By mode: bit patterns, number and mask of the dropped bits, and where to write the patterns before those are cleared.
RAISE: Final[dict[str, Callable[[Bits, int, np.int64, Bits], object]]] = {
    "RNE": _to_even,
    "RNA": lambda bits, spare, rest, out: np.add(bits, (rest >> 1) + 1, out=out),
    "RTZ": lambda bits, spare, rest, out: np.copyto(out, bits),
    "RAZ": lambda bits, spare, rest, out: np.add(bits, rest, out=out),
    "RTP": lambda bits, spare, rest, out: _outwards_if(False, bits, rest, out),
    "RTN": lambda bits, spare, rest, out: _outwards_if(True, bits, rest, out),
    "RTO": _to_odd,
}


def round_normal(x: Lanes, code: str, p: int, least: float, largest: float) -> Lanes | None:
    """Return the lanes rounded to p bits, 2 <= p <= 52, or None.

    None if the mode is stochastic, or unless each lane is a zero or has a magnitude from `least`, from which on the
    grid follows the value, to `largest`, which is at most the largest number.
    """
    if code not in RAISE or p < 2 or not x.size:
        return None
    bits = x.view(np.int64)
    out = bits & _MAGNITUDE  # the only temporary, so that memory is not asked for and given back again
    # As integers magnitudes are in the order of the numbers, NaN above infinity.
    if out.max() > np.float64(largest).view(np.int64):
        return None
    floor = np.float64(least).view(np.int64)
    if out.min() < floor and ((out < floor) & (out > 0)).any():
        return None
    spare = 53 - p
    rest = np.int64((1 << spare) - 1)
    RAISE[code](bits, spare, rest, out)
    out &= ~rest
    return out.view(np.float64)
