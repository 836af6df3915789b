"""One step of a tensor core in float64 lanes: terms aligned to the largest, cut to few bits, summed as integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.extent import Extent
from precise.engines.narrow_steps import round_step
from precise.engines.narrow_sums import require_no_overflow
from precise.errors import UnsupportedError
from precise.policy import Accumulate
from precise.rounding import Rounder

_LEAST_QUANTUM: Final = -1020  # its reciprocal is a lane, and so are sums of its multiples


def aligned_sum(stack: Lanes, how: Accumulate, rounder: Rounder, first: int) -> Lanes:
    """Return the sums of `stack: [count, block]`, the terms aligned as `how` says, rounded once.

    A term is an integer of at most `2**bits` in units of the quantum, so sums of `count` of them are exact in any
    order if `bits + ceil(log2(count)) <= 53`. Refuses others, and quanta near the end of the lanes.
    """
    assert how.bits is not None and how.align is not None
    if how.bits + (len(stack) - 1).bit_length() > 53:
        must = "bits + log2(terms) of an aligned sum must be at most 53 in lanes"
        raise UnsupportedError(f"sum: {must}; got {how.bits} bits, {len(stack)} terms")
    require_no_overflow("sum", Extent.of(stack).most, len(stack))
    finite = np.isfinite(stack)
    top = np.max(np.abs(stack), axis=0, initial=0.0, where=finite)
    quantum = np.frexp(top)[1] - how.bits
    if (quantum < _LEAST_QUANTUM).any():
        raise UnsupportedError(f"sum: terms must be aligned to 2**{_LEAST_QUANTUM} or more in lanes; got less")
    scaled = np.ldexp(stack, -quantum)
    scaled = np.where((scaled == 0) & (stack != 0), np.copysign(0.25, stack), scaled)  # too small for the lane
    total = np.ldexp(np.sum(_INTEGERS[how.align.code](scaled), axis=0), quantum)
    total = np.where(finite.all(axis=0), total, np.sum(stack, axis=0))
    return round_step(_with_signed_zeros(total, stack, rounder.rounding.code == "RTN"), rounder, first)


def _with_signed_zeros(total: Lanes, stack: Lanes, towards_minus: bool) -> Lanes:
    """Return the sums with the zeros of IEEE 754-2019, 6.3: zeros of one sign keep it, others are -0 for RTN only."""
    if not (total == 0).any():
        return total
    bits = stack.view(np.int64)
    negative = (bits == np.int64(-(1 << 63))).all(axis=0)
    if towards_minus:
        negative |= (bits != 0).any(axis=0)
    zeros: Lanes = np.where(negative, -0.0, 0.0)
    return np.where(total == 0, zeros, total)


def _nearest_away(u: Lanes) -> Lanes:
    """Return the nearest integers, ties away from zero."""
    t = np.trunc(u)
    return t + np.copysign(np.abs(u - t) >= 0.5, u)  # u - t is exact


def _away(u: Lanes) -> Lanes:
    """Return the integers away from zero."""
    away: Lanes = np.copysign(np.ceil(np.abs(u)), u)
    return away


def _to_odd(u: Lanes) -> Lanes:
    """Return the integers, and the odd neighbours of what lies between."""
    t = np.trunc(u)
    return np.where((u != t) & (np.fmod(t, 2.0) == 0), t + np.copysign(1.0, u), t)


_INTEGERS: Final[dict[str, Callable[[Lanes], Lanes]]] = {
    "RTZ": np.trunc,
    "RTN": np.floor,
    "RTP": np.ceil,
    "RNE": np.rint,
    "RNA": _nearest_away,
    "RAZ": _away,
    "RTO": _to_odd,
}
