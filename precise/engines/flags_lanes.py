"""The flags of IEEE 754-2019, clause 7, of many operations on float64 lanes, from operands and results.

A lane `v` stands for the exact result (`residuals`): it is the exact result, or has an odd significand and lies in the
same open interval between neighbours of 52 bits. For formats of at most 51 bits every member and every threshold below
is a lane of 52 bits, so comparing `v` with them compares the exact result with them. Where a rounding could fall on
either side of a bound, the element is left to `flags_of`.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from precise.engines.carrier import Data, Lanes, element_of
from precise.engines.flags import Flags, Tininess, count_elements, flags_of, total
from precise.engines.lanes import LaneRounder, Mask, blocks, lane_rounder
from precise.engines.narrow_elements import stand_in
from precise.errors import UnsupportedError
from precise.rounding import RTN, RTZ, Rounder

ARITHMETIC: Final = frozenset({"add", "subtract", "multiply", "divide", "sqrt", "fma", "round", "negative", "abs"})
#: Functions whose value is transcendental at every number but one (Lindemann), and that one.
TRANSCENDENTAL: Final = {
    "exp": 0.0,
    "expm1": 0.0,
    "log": 1.0,
    "log1p": 0.0,
    "sin": 0.0,
    "cos": 0.0,
    "tan": 0.0,
    "sinh": 0.0,
    "cosh": 0.0,
    "tanh": 0.0,
}
#: Where those functions have a pole.
_POLES: Final = {"log": 0.0, "log1p": -1.0}
_MOST_BITS: Final = 51


def count_flags(op: str, operands: tuple[Data, ...], result: Data, rounder: Rounder, how: Tininess) -> Flags:
    """Return the flags of an elementwise operation: in lanes where these decide, else one element at a time."""
    try:
        return count_lanes(op, operands, result, rounder, how)
    except UnsupportedError:
        return count_elements(op, operands, result, rounder, how)


def count_lanes(op: str, operands: tuple[Data, ...], result: Data, rounder: Rounder, how: Tininess) -> Flags:
    """Return the flags of an elementwise operation on lanes, or refuse."""
    lanes = lane_rounder(rounder)
    if lanes.p > _MOST_BITS or any(a.dtype != np.float64 for a in (*operands, result)):
        raise UnsupportedError(f"flags: lanes must be float64 and p at most {_MOST_BITS}; got p = {lanes.p}")
    if lanes.windowed and rounder.format.q_min is not None:
        raise UnsupportedError(f"flags: format must end in lanes or nowhere; got {rounder.format}")
    if op not in ARITHMETIC and op not in TRANSCENDENTAL:
        raise UnsupportedError(f"flags: operation must be served in lanes; got {op}")
    columns = [np.broadcast_to(a, result.shape).reshape(-1) for a in operands]
    flat: Lanes = np.reshape(result, -1)
    found = []
    with np.errstate(all="ignore"):
        for first, last in blocks(flat.size):
            block = tuple(np.ascontiguousarray(c[first:last]) for c in columns)
            found.append(_block(op, block, flat[first:last], lanes, how, first))
    return total(found)


def _block(op: str, operands: tuple[Lanes, ...], y: Lanes, lanes: LaneRounder, how: Tininess, first: int) -> Flags:
    """Return the flags of one block."""
    settle = _arithmetic if op in ARITHMETIC else _transcendental
    inexact, undefined, infinite, overflow, tiny, open_lanes = settle(op, operands, y, lanes, how)
    fmt = lanes.rounder.format
    some_nan, all_finite = np.isnan(operands[0]), np.isfinite(operands[0])
    for a in operands[1:]:
        some_nan, all_finite = some_nan | np.isnan(a), all_finite & np.isfinite(a)
    invalid = undefined & ~some_nan
    if not fmt.infinities:
        invalid |= infinite & ~all_finite
    sure = inexact & ~open_lanes
    counted = Flags(
        int(sure.sum()),
        int((sure & overflow).sum()),
        int((sure & tiny).sum()),
        int(invalid.sum()),
        int((infinite & all_finite).sum()),
    )
    return counted + total(
        flags_of(
            op, tuple(element_of(float(a[i])) for a in operands), element_of(float(y[i])), lanes.rounder, first + i, how
        )
        for i in np.flatnonzero(open_lanes & inexact).tolist()
    )


#: Where the result is inexact, NaN before rounding, infinite before rounding, beyond the bounds, tiny, and where the
#: last two are not known.
Settled: TypeAlias = tuple[Mask, Mask, Mask, Mask, Mask, Mask]


def _arithmetic(op: str, operands: tuple[Lanes, ...], y: Lanes, lanes: LaneRounder, how: Tininess) -> Settled:
    """Return what the stand-ins say about the operations with a residual.

    A member has at most 51 bits, so an inexact stand-in, which has an odd last bit, differs from it.
    """
    rounder = lanes.rounder
    directed = RTN if rounder.rounding.code == "RTN" else RTZ  # the sign of a zero sum is all that depends on it
    v = stand_in(op, operands, lane_rounder(Rounder(rounder.format, directed, rounder.overflow)))
    a, finite = np.abs(v), np.isfinite(v)
    bound = np.where(v < 0, lanes.bottom, lanes.top)
    beyond = bound + 2.0 ** (lanes.high - lanes.p)  # the next number of p bits; infinity without bounds
    overflow = finite & (a >= beyond)
    tiny = (v != 0) & (a < lanes.least_normal)
    open_lanes = finite & (a > bound) & ~overflow
    if how is Tininess.AFTER:
        open_lanes |= tiny & (a > lanes.least_normal * (1 - 2.0**-lanes.p))  # the largest number of p bits below
    return finite & (y != v), np.isnan(v), np.isinf(v), overflow, tiny, open_lanes


def _transcendental(op: str, operands: tuple[Lanes, ...], y: Lanes, lanes: LaneRounder, how: Tininess) -> Settled:
    """Return what operands and results say about functions that are inexact at every number but one.

    The result tells where a value lies, unless it is one of the two that a rounding may fall on from either side. One
    below the least normal number is tiny after rounding too: the grid with unbounded exponents is finer there.
    """
    x, mag = operands[0], np.abs(y)
    v: Lanes = getattr(np, op)(x)  # right at special data and at the exact case
    undefined, regular = np.isnan(v), np.isfinite(x)
    infinite = np.isinf(v) & (~regular | (x == _POLES.get(op, np.nan)))
    plain = regular & ~undefined & ~infinite
    inexact = plain & ((x != TRANSCENDENTAL[op]) | (y != v)) | (~regular & np.isfinite(v) & (y != v))
    open_lanes = (mag == np.where(y < 0, lanes.bottom, lanes.top)) | (mag == lanes.least_normal)
    return inexact, undefined, infinite, ~np.isfinite(y), mag < lanes.least_normal, open_lanes
