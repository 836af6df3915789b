"""Matrix products by the extension: the conditions under which its loops give the bits that are meant.

Each function returns None where it does not serve; the NumPy code then computes the same bits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.engines import compiled
from precise.engines.carrier import Lanes
from precise.engines.lanes import LaneRounder, Mask, lane_rounder
from precise.engines.narrow_sums import ExactSum, finite_maximum, least_magnitude
from precise.engines.residuals import is_short
from precise.rounding import Rounder, Underflow

ROUNDED, FUSED, EXACT = 0, 1, 2  # what `chain` adds

_PART: Final = 1 << 20  # multiply-adds a thread, at least
_OUTWARDS: Final = 1 + 2.0**-30  # covers the rounding of a product of a few bounds


def sequential_product(a: Lanes, b: Lanes, terms: int, product: Rounder, inner: Rounder) -> Lanes | None:
    """Return `a @ b` in sequential order, rounded in the accumulator `inner` after each step.

    `terms` says what is added: products rounded by `product`, fused steps, or products that are lanes (`EXACT`).
    """
    served = _served(product), _served(inner)
    if served[0] is None or served[1] is None or not b.shape[1]:
        return None
    left, right = np.ascontiguousarray(a), np.ascontiguousarray(b)
    if terms == ROUNDED and product == inner:
        found = _in_tiles(left, right, served[1])
        if found is not None:
            return found
    module, out = compiled.extension(), np.empty((a.shape[0], b.shape[1]))
    assert module is not None
    shape = (a.shape[0], a.shape[1], b.shape[1])
    modes = [compiled.MODES.index(lanes.rounder.rounding.code) for lanes in served if lanes]

    def work(start: int, stop: int) -> int:
        """Compute some rows."""
        first, second = (compiled.packed(lanes) for lanes in served if lanes)
        status: int = module.chain(terms, first, modes[0], second, modes[1], left, right, out, shape, start, stop)
        return status

    status = compiled.in_parts(work, shape[0], _rows_a_part(shape))
    return out if _is_served(status, *served) else None


def _served(rounder: Rounder) -> LaneRounder | None:
    """Return the lane rounder if the extension serves it without random bits, which change from step to step."""
    if rounder.rounding.code == "SR" or compiled.extension() is None:
        return None
    lanes = lane_rounder(rounder)
    return None if compiled.packed(lanes) is None else lanes


def _is_served(status: int, *rounders: LaneRounder | None) -> bool:
    """Return whether a status says that all was served."""
    between = any(lanes is not None and lanes.depends_on > 52 for lanes in rounders)
    return not status & (compiled.REFUSED | compiled.OUTSIDE | (compiled.INEXACT if between else 0))


def _rows_a_part(shape: tuple[int, int, int]) -> int:
    """Return the least number of rows that is worth a thread."""
    return max(1, _PART // max(1, shape[1] * shape[2]))


def _in_tiles(a: Lanes, b: Lanes, lanes: LaneRounder) -> Lanes | None:
    """Return the product by register tiles, for RNE and data that stay clear of overflow; see `sequential.h`.

    Float lanes need 2 p + 2 <= 24 and operands of at most 12 bits, double lanes 2 p + 2 <= 53 and 26 bits.
    """
    rounder, fmt = lanes.rounder, lanes.rounder.format
    plain = rounder.rounding.code == "RNE" and rounder.underflow is Underflow.ROUND and fmt.signed_zero
    if not plain or fmt.p is None or not 2 <= fmt.p <= 25 or not (fmt.subnormals and np.isfinite(a).all()):
        return None
    if not np.isfinite(b).all() or a.shape[1] < 1:
        return None
    least = least_magnitude(a), least_magnitude(b)
    most = finite_maximum(a), finite_maximum(b)
    count, p = a.shape[1], fmt.p
    # |s_k| <= (|s_(k-1)| + |x_k| (1 + u)) (1 + u)
    sums = count * most[0] * most[1] * float(np.exp((count + 2) * 2.0**-p)) * _OUTWARDS
    if not sums <= min(lanes.top, lanes.bottom, 2.0**900) or min(*least, least[0] * least[1]) < 2.0**-900:
        return None
    gradual = lanes.least_normal if least[0] * least[1] < lanes.least_normal else 0.0
    in_floats = p <= 11 and min(*least, least[0] * least[1]) >= 2.0**-100 and max(*most, sums) < 2.0**100
    in_floats = in_floats and gradual <= 2.0**100 and _has_bits(a, 12) and _has_bits(b, 12)
    if not in_floats and not (is_short(a) and is_short(b)):
        return None
    if gradual and gradual < (2.0**-100 if in_floats else 2.0**-900):
        return None
    module, out = compiled.extension(), np.empty((a.shape[0], b.shape[1]))
    assert module is not None
    shape = (a.shape[0], count, b.shape[1])

    def work(start: int, stop: int) -> int:
        """Compute some rows."""
        module.sequential(p, gradual, not in_floats, a, b, out, shape, start, stop)
        return compiled.SERVED

    compiled.in_parts(work, shape[0], _rows_a_part(shape))
    return out


def _has_bits(a: Lanes, bits: int) -> bool:
    """Return whether all significands have at most `bits` bits."""
    return not np.bitwise_or.reduce(a.view(np.int64), axis=None) & np.int64((1 << (53 - bits)) - 1)


def exact_sums(a: Lanes, b: Lanes, product: Rounder | None) -> ExactSum | None:
    """Return the sums of products, rounded ones if `product` is given, for all entries `[n, m]` in C order.

    Precondition for exact products: those of finite nonzero entries lie in 2**-960..2**960.
    """
    lanes = None if product is None else _served(product)
    module = compiled.extension()
    if module is None or (product is not None and lanes is None) or not (a.shape[1] and b.shape[1]):
        return None
    left, right = np.ascontiguousarray(a), np.ascontiguousarray(b)
    shape = (a.shape[0], a.shape[1], b.shape[1])
    s, e, bound = (np.empty(shape[0] * shape[2]) for _ in range(3))
    zeros = np.empty(s.size, dtype=np.bool_)
    params = None if lanes is None else compiled.packed(lanes)
    mode = 0 if lanes is None else compiled.MODES.index(lanes.rounder.rounding.code)

    def work(start: int, stop: int) -> int:
        """Compute some rows."""
        status: int = module.exact(params, mode, left, right, s, e, bound, zeros, shape, start, stop)
        return status

    status = compiled.in_parts(work, shape[0], _rows_a_part(shape))
    return ExactSum(s, e, bound, zeros) if _is_served(status, lanes) else None


def exact_dots(a: Lanes, b: Lanes, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> ExactSum | None:
    """Return the exact sums of products of the entries `(rows[i], columns[i])` of `a @ b`.

    Precondition: the products of finite nonzero entries lie in 2**-960..2**960.
    """
    module = compiled.extension()
    if module is None or not rows.size:
        return None
    s, e, bound = (np.empty(rows.size) for _ in range(3))
    zeros = np.empty(rows.size, dtype=np.bool_)
    shape = (a.shape[0], a.shape[1], b.shape[1])
    at = [np.ascontiguousarray(x) for x in (rows, columns)]
    module.dots(a, np.ascontiguousarray(b.T), *at, s, e, bound, zeros, shape, rows.size)
    return ExactSum(s, e, bound, zeros)


def rounded_within(c: Lanes, left: Lanes, right: Lanes, lanes: LaneRounder) -> tuple[Lanes, Mask] | None:
    """Return `c: [n, m]` rounded where all of `c -+ left[i] * right[j]` rounds alike, and a mask of the other entries."""
    module = compiled.extension()
    if module is None or lanes.rounder.rounding.code == "SR":
        return None
    params = compiled.packed(lanes)
    y, undecided = np.empty(c.shape), np.empty(c.shape, dtype=np.bool_)
    mode = compiled.MODES.index(lanes.rounder.rounding.code)

    def work(start: int, stop: int) -> int:
        """Round some rows."""
        module.filter(params, mode, c, left, right, y, undecided, c.shape, start, stop)
        return compiled.SERVED

    compiled.in_parts(work, c.shape[0], max(1, compiled.THREADED // max(1, c.shape[1])))
    return y, undecided
