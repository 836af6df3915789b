"""Exact matrix products of short significands, rounded once: the host's product with a margin, exact sums for the
rest.

Let C be the float64 product in whatever order the library adds, with or without fused steps (conventional
algorithms only, not Strassen's). Then |C - AB| <= gamma(k) |A||B| <= gamma(k) |a_i| |b_j| with the Euclidean norms
of row i and column j, by Cauchy and Schwarz. Both ends of that interval are rounded; where they agree, so does the
exact entry. If the widths of all entries leave room for every sum in 53 bits, C is exact.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.compiled_products import exact_dots, rounded_within
from precise.engines.lanes import LaneRounder, Mask, blocks
from precise.engines.narrow_sums import tree_sum

_CELLS: Final = 1 << 18
_INFLATION: Final = 1 + 2.0**-30  # covers the rounding of norms and bounds for k <= 2**20
_UNIT: Final = 2.0**-53
_SAMPLE: Final = 256


def filtered_product(a: Lanes, b: Lanes, lanes: LaneRounder) -> tuple[Lanes, Mask]:
    """Return the product `[n, m]` rounded once, and a mask of entries that are undecided.

    Preconditions: significands of at most 26 bits, finite nonzero products in 2**-960..2**960, their sums below
    2**960.
    """
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    special = np.logical_or.outer(
        np.logical_or.reduce(~np.isfinite(a), axis=1), np.logical_or.reduce(~np.isfinite(b), axis=0)
    )
    y = np.empty(special.shape)
    undecided = np.empty(special.shape, dtype=np.bool_)
    fits = sum_fits_lane(a, b)
    norms = row_norms(b.T)
    for r, r_end in blocks(a.shape[0], max(1, _CELLS // b.shape[1])):
        c = a[r:r_end] @ b
        left = np.zeros(r_end - r) if fits else error_factors(a[r:r_end])
        found = rounded_within(c, left, norms, lanes)
        if found is not None:
            y[r:r_end] = found[0]
            undecided[r:r_end] = found[1] | special[r:r_end]
            continue
        margin = np.multiply.outer(left, norms)
        low, refused = lanes.try_round((c - margin).reshape(-1))
        high, also = lanes.try_round((c + margin).reshape(-1))
        unknown = low.view(np.int64) != high.view(np.int64)
        # An exact zero's sign depends on the terms, not on the library.
        for mask in (refused, also, ((c == 0) & (margin == 0)).reshape(-1)):
            if mask is not None:
                unknown |= mask
        y[r:r_end] = low.reshape(c.shape)
        undecided[r:r_end] = unknown.reshape(c.shape) | special[r:r_end]
    _settle_exactly(y, undecided, a, b, lanes)
    return y, undecided


def error_factors(a: Lanes) -> Lanes:
    """Return for each row of `a: [n, k]` what bounds the error of its float64 products, times the norm of a column.

    `gamma(k + 2)`: two units more than the sums need pay for rounding `C - margin` and `C + margin`.
    """
    count = a.shape[1]
    factors: Lanes = row_norms(a) * ((count + 2) * _UNIT / (1 - (count + 2) * _UNIT) * _INFLATION)
    return factors


def row_norms(a: Lanes) -> Lanes:
    """Return upper bounds on the Euclidean norms of the rows; scaled, so that squares neither over- nor underflow."""
    top = np.max(np.abs(a), axis=1)
    scale = np.where((top > 0) & np.isfinite(top), top, 1.0)
    squares = (a / scale[:, None]) ** 2
    norms: Lanes = np.where(top == 0, 0.0, scale * np.sqrt(squares.sum(axis=1)) * _INFLATION)
    return norms


def sum_fits_lane(a: Lanes, b: Lanes) -> bool:
    """Return whether every partial sum of products, in any order, has at most 53 bits."""
    if not (np.isfinite(a).all() and np.isfinite(b).all() and a.any() and b.any()):
        return False
    room = 53 - math.ceil(math.log2(a.shape[1]))
    some = [x.reshape(-1)[:: max(1, x.size // _SAMPLE)] for x in (a, b)]
    if sum(width(x) for x in some if x.any()) > room:  # the widths of all are no less
        return False
    return width(a) + width(b) <= room


def width(a: Lanes) -> int:
    """Return the bits from the least set bit to the leading bit of all entries together; some entry is not zero.

    Precondition: nonzero magnitudes are normal numbers of binary64.
    """
    top, bottom = -(1 << 20), 1 << 20
    flat = a.reshape(-1) if a.flags.c_contiguous else a.flat
    for first, last in blocks(a.size, 1 << 16):
        bits = flat[first:last].view(np.int64)
        exponents = (bits >> 52) & 0x7FF
        significands = (bits & ((1 << 52) - 1)) | (1 << 52)
        trailing = ((significands & -significands).astype(np.float64).view(np.int64) >> 52) - 1023
        regular = exponents > 0
        top = max(top, int(exponents.max()))
        bottom = min(bottom, int(np.where(regular, exponents + trailing - 52, 1 << 20).min()))
    return top - bottom + 1


def _settle_exactly(y: Lanes, undecided: Mask, a: Lanes, b: Lanes, lanes: LaneRounder) -> None:
    """Decide what the margin left open by exact sums; updates both arrays."""
    if lanes.depends_on > 52:
        return
    rows, columns = np.nonzero(undecided)
    found = exact_dots(a, b, rows, columns)
    if found is not None:
        y[rows, columns], undecided[rows, columns] = found.rounded("matmul", lanes, 0)
        return
    for first, last in blocks(rows.size, max(1, _CELLS // a.shape[1])):
        i, j = rows[first:last], columns[first:last]
        total = tree_sum(np.ascontiguousarray((a[i] * b[:, j].T).T))
        y[i, j], undecided[i, j] = total.rounded("matmul", lanes, 0)
