"""Matrix products by the extension: the conditions under which its loops give the bits that are meant.

Each function returns None where it does not serve; the NumPy code then computes the same bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.engines import compiled
from precise.engines.carrier import Lanes
from precise.engines.extent import Extent
from precise.engines.lanes import LaneRounder, Mask, lane_rounder
from precise.engines.narrow_sums import ExactSum
from precise.engines.parts import THREADED, Work, in_parts
from precise.rounding import Rounder, Underflow

ROUNDED, FUSED, EXACT = 0, 1, 2  # what `chain` adds

_PART: Final = 1 << 20  # multiply-adds a thread, at least
#: Covers the rounding of a product of a few bounds.
OUTWARDS: Final = 1 + 2.0**-30


def sequential_product(a: Lanes, b: Lanes, terms: int, product: Rounder, inner: Rounder, out: Lanes) -> bool:
    """Compute `a @ b` into `out`, contiguous, in sequential order, rounded in the accumulator `inner` after each step.

    `terms` says what is added: products rounded by `product`, fused steps, or products that are lanes (`EXACT`).
    Returns whether this was served; `out` holds nothing otherwise.
    """
    rounders = served(product), served(inner)
    if rounders[0] is None or rounders[1] is None or not b.shape[1]:
        return False
    left, right = np.ascontiguousarray(a), np.ascontiguousarray(b)
    if terms == ROUNDED and product == inner and _in_tiles(left, right, rounders[1], out):
        return True
    module = compiled.extension()
    assert module is not None
    shape = (a.shape[0], a.shape[1], b.shape[1])
    modes = [compiled.MODES.index(lanes.rounder.rounding.code) for lanes in rounders if lanes]

    def work(start: int, stop: int) -> int:
        """Compute some rows."""
        first, second = (compiled.packed(lanes) for lanes in rounders if lanes)
        status: int = module.chain(terms, first, modes[0], second, modes[1], left, right, out, shape, start, stop)
        return status

    return _is_served(in_rows(work, shape), *rounders)


def served(rounder: Rounder) -> LaneRounder | None:
    """Return the lane rounder if the extension serves it without random bits, which change from step to step."""
    if rounder.rounding.code == "SR" or compiled.extension() is None:
        return None
    lanes = lane_rounder(rounder)
    return None if compiled.packed(lanes) is None else lanes


def _is_served(status: int, *rounders: LaneRounder | None) -> bool:
    """Return whether a status says that all was served."""
    between = any(lanes is not None and lanes.depends_on > 52 for lanes in rounders)
    return not status & (compiled.REFUSED | compiled.OUTSIDE | (compiled.INEXACT if between else 0))


def in_rows(work: Work, shape: tuple[int, int, int]) -> int:
    """Return the status of work on the rows of a product, in as many threads as pay; each packs its own operands."""
    return in_parts(work, shape[0], max(1, _PART // max(1, shape[1] * shape[2])), even=True)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Data whose products can be rounded to nearest even in register tiles: see `sequential.h`.

    `least` and `most` bound the nonzero magnitudes of the products, which are exact in double lanes, as is `b` times
    2**(53 - p) + 1; `gradual` is the least normal number where a product may be smaller, else 0.
    """

    a: Extent
    b: Extent
    p: int
    least: float
    most: float
    gradual: float

    @classmethod
    def of(cls, a: Lanes, b: Lanes, lanes: LaneRounder) -> Tiles | None:
        """Return what the tiles need to know, or None where they do not serve."""
        rounder, fmt = lanes.rounder, lanes.rounder.format
        if rounder.rounding.code != "RNE" or rounder.underflow is not Underflow.ROUND or not (a.size and b.size):
            return None
        if fmt.p is None or not 2 <= fmt.p <= 51:
            return None
        left, right = Extent.of(a), Extent.of(b)
        if not (left.finite and right.finite and left.bits <= 26 and right.bits <= min(fmt.p, 26)):
            return None
        least, most = left.least * right.least, left.most * right.most
        inside = min(left.least, right.least, least) >= 2.0**-900
        inside = inside and max(left.most, right.most, most) * OUTWARDS < 2.0**900
        if not inside or most * (1 + 2.0**-fmt.p) * OUTWARDS > min(lanes.top, lanes.bottom):
            return None
        gradual = lanes.least_normal if least < lanes.least_normal else 0.0
        return None if gradual and not fmt.subnormals else cls(left, right, fmt.p, least, most, gradual)

    def scale_in_floats(self, sums: float) -> float | None:
        """Return a power of two by which `a` can be multiplied so that all fits binary32, None if there is none.

        All are `a`, `b`, and from the least product, or least normal number where smaller products are subnormal, to
        `sums`. A product too small for binary32 rounds to 0 as it does in a format of at most 11 bits, whose quantum
        is then 2**-110 or more; one of 24 bits is rounded by a fused operation, to multiples of 2**-123 or more.
        """
        least = max(self.least, self.gradual)
        scale = 2.0 ** -round((math.log2(least) + math.log2(sums)) / 2) if sums > 0 else 1.0
        low, high = min(least, self.a.least) * scale, max(sums, self.a.most) * scale
        fits = min(low, self.b.least) >= 2.0**-100 and max(high, self.b.most) < 2.0**100
        return scale if fits else None


def _in_tiles(a: Lanes, b: Lanes, lanes: LaneRounder, out: Lanes) -> bool:
    """Compute the product into `out` in sequential order by register tiles; return whether the data allow that.

    They must stay clear of overflow. Float lanes need 2 p + 2 <= 24 and an `a` of at most 12 bits, or p = 24, which is
    their own precision, and operands of p bits, and fused operations for gradual underflow; double lanes 2 p + 2 <= 53.
    """
    fmt, tiles = lanes.rounder.format, Tiles.of(a, b, lanes)
    # A sum below the least normal number is exact only where there are subnormals; exact zeros have signs of their own.
    if tiles is None or tiles.p > 25 or not (fmt.subnormals and fmt.signed_zero):
        return False
    count = a.shape[1]
    # |s_k| <= (|s_(k-1)| + |x_k| (1 + u)) (1 + u)
    sums = count * tiles.most * float(np.exp((count + 2) * 2.0**-tiles.p)) * OUTWARDS
    if not sums <= min(lanes.top, lanes.bottom, 2.0**900):
        return False
    module = compiled.extension()
    assert module is not None
    native = tiles.p == 24 and tiles.a.bits <= 24 and (tiles.gradual == 0 or module.instruction_set() != "baseline")
    scale = tiles.scale_in_floats(sums) if native or (tiles.p <= 11 and tiles.a.bits <= 12) else None
    shape = (a.shape[0], count, b.shape[1])

    def work(start: int, stop: int) -> int:
        """Compute some rows."""
        module.sequential(tiles.p, tiles.gradual, scale or 1.0, scale is None, a, b, out, shape, start, stop)
        return compiled.SERVED

    in_rows(work, shape)
    return True


def exact_sums(a: Lanes, b: Lanes, product: Rounder | None) -> ExactSum | None:
    """Return the sums of products, rounded ones if `product` is given, for all entries `[n, m]` in C order.

    Precondition for exact products: those of finite nonzero entries lie in 2**-960..2**960.
    """
    lanes = None if product is None else served(product)
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

    status = in_rows(work, shape)
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
    """Return `c: [n, m]` rounded, and a mask of entries where `c -+ left[i] * right[j]` do not round alike."""
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

    in_parts(work, c.shape[0], max(1, THREADED // max(1, c.shape[1])), even=True)
    return y, undecided
