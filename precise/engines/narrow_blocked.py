"""Blocked matrix products of short significands: one library product a block, where that is exact, and one addition.

A block's sum in entry (i, j) is exact in 53 bits, whatever the order of its terms and with or without fused steps, if
`w_i + v_j + ceil(log2(size)) <= 53`. Here w_i is the width of row i within the block, from its leading bit to its least
set bit, and v_j that of column j; all products lie in 2**-960..2**960. Entries for which that fails are summed exactly
one by one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.engines.accumulate import cuts, step_rounder
from precise.engines.carrier import Lanes
from precise.engines.lanes import Mask
from precise.engines.narrow_orders import exact_sum
from precise.engines.narrow_steps import add_step, round_step
from precise.policy import Accumulate
from precise.rounding import Rounder

_MOST_INEXACT: Final = 0.125  # share of the entries of a block; an exact sum costs about 50 times a library's


def blocks_fit(left: Lanes, right: Lanes, how: Accumulate, inner: Rounder) -> bool:
    """Return whether most sums of blocks of `left: [n, k]` and `right: [k, m]` are exact in 53 bits.

    All of them for SR, where the exact sums of single entries would not know their indices.
    """
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return False
    most = 0.0 if inner.rounding.code == "SR" else _MOST_INEXACT
    return all(float(_too_wide(left[:, i:j], right[i:j]).mean()) <= most for i, j in cuts(left.shape[1], how))


def _too_wide(a: Lanes, b: Lanes) -> Mask:
    """Return where a sum of the products of a block may have more than 53 bits."""
    bits = np.add.outer(widths(a), widths(b.T)) + (a.shape[1] - 1).bit_length()
    wide: Mask = bits > 53
    return wide


def widths(rows: Lanes) -> NDArray[np.int64]:
    """Return the bits from the leading bit to the least set bit of each row's entries together; 0 for zeros."""
    fractions, exponents = np.frexp(rows)
    integers = np.abs(np.ldexp(fractions, 53)).astype(np.int64)
    trailing = np.frexp((integers & -integers).astype(np.float64))[1] - 54
    nonzero = rows != 0
    top = np.max(exponents, axis=1, where=nonzero, initial=-5000)
    low = np.min(exponents + trailing, axis=1, where=nonzero, initial=5000)
    found: NDArray[np.int64] = np.maximum(top - low, 0).astype(np.int64)
    return found


def blocked_product(left: Lanes, right: Lanes, how: Accumulate, inner: Rounder, first: int) -> Lanes:
    """Return the entries of `left @ right` in index order, in the accumulator, one rounding a block.

    Preconditions: `blocks_fit`; significands of at most 26 bits.
    """
    total: Lanes | None = None
    for k, (i, j) in enumerate(cuts(left.shape[1], how)):
        a, b = np.ascontiguousarray(left[:, i:j]), np.ascontiguousarray(right[i:j])
        sums = _with_signs_of_zeros(a @ b, a, b, inner.rounding.code == "RTN").reshape(-1)
        step, before = step_rounder(inner, k), total
        total = round_step(sums, step, first) if before is None else add_step(before, sums, step, first)
        row, column = np.nonzero(_too_wide(a, b))
        if row.size:
            place = row * b.shape[1] + column
            start = [] if before is None else [before[None, place]]
            total[place] = exact_sum(np.concatenate([*start, (a[row] * b[:, column].T).T]), step, first)
    assert total is not None
    return total


def _with_signs_of_zeros(sums: Lanes, a: Lanes, b: Lanes, towards_minus: bool) -> Lanes:
    """Return the sums with zeros that add to another zero as their terms do: all of one sign, or neither.

    Zeros of one sign keep it. Any other zero sum is +0, and -0 for RTN: beside a zero of either sign that gives +0,
    and -0 for RTN.
    """
    zero = sums == 0
    if not zero.any():
        return sums
    empty = ((a != 0).astype(np.float64) @ (b != 0).astype(np.float64)) == 0
    agreement = np.copysign(1.0, a) @ np.copysign(1.0, b)
    negative = (empty & (agreement == -a.shape[1])) | (towards_minus & ~(empty & (agreement == a.shape[1])))
    return np.where(zero, np.where(negative, -0.0, 0.0), sums)
