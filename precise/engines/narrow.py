"""The narrow engine: formats of at most 52 bits in float64 lanes, many elements at a time, with NumPy only.

It returns the reference's bits or raises `UnsupportedError`, and then another engine takes over.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from precise.dyadic import Dyadic
from precise.engines import reference
from precise.engines.carrier import Data, Lanes, element_of, float_of
from precise.engines.lanes import blocks, lane_rounder
from precise.engines.narrow_elements import kernel, round_stand_in
from precise.engines.narrow_products import matrix_product
from precise.engines.narrow_steps import step_rounder
from precise.engines.narrow_sums import (
    finite_maximum,
    pairwise_sum,
    require_no_overflow,
    sequential_sum,
    tree_sum,
)
from precise.engines.residuals import is_inexact, multiply
from precise.errors import UnsupportedError
from precise.policy import Accumulate
from precise.rounding import Rounder

name: Final = "narrow"

_CELLS: Final = 1 << 18  # terms a block of reductions


def as_lanes(op: str, data: Data) -> Lanes:
    """Return the operand, which must be held as float64."""
    if data.dtype != np.float64:
        raise UnsupportedError(f"{op}: operands must be float64 lanes; got {data.dtype}")
    return data  # type: ignore[return-value]


def round_array(x: Data, rounder: Rounder) -> Lanes:
    """Return every element rounded to the format."""
    return elementwise("round", (x,), rounder)


def elementwise(op: str, operands: tuple[Data, ...], rounder: Rounder) -> Lanes:
    """Return `op` applied to broadcast operands, block by block in index order."""
    arrays = [as_lanes(op, a) for a in operands]
    apply = kernel(op, rounder)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    out = np.empty(shape, dtype=np.float64)
    flat = out.reshape(-1)
    columns = [_flat(a, shape) for a in arrays]
    for first, last in blocks(flat.size):
        block = tuple(np.ascontiguousarray(c[first:last]) for c in columns)
        flat[first:last] = apply(block, first)
    return out


def _flat(a: Lanes, shape: tuple[int, ...]) -> Lanes:
    """Return the broadcast array in index order; a single value is not copied."""
    if a.size == 1:
        return np.broadcast_to(a.reshape(1), (int(np.prod(shape)),))
    return np.broadcast_to(a, shape).reshape(-1)


def reduce_sum(x: Data, how: Accumulate, results: Rounder) -> Lanes:
    """Return the sums over the last axis."""
    lanes = as_lanes("sum", x)
    out = np.empty(lanes.shape[:-1], dtype=np.float64)
    count, flat = lanes.shape[-1], out.reshape(-1)
    if count == 0:
        flat[:] = 0.0
        return out
    rows = np.reshape(lanes, (flat.size, count))
    with np.errstate(all="ignore"):
        if how.order == "exact":
            require_no_overflow("sum", finite_maximum(rows), count)
        for first, last in blocks(flat.size, max(1, _CELLS // count)):
            flat[first:last] = _block_of_sums(rows[first:last], how, results, first)
    return out


def _block_of_sums(rows: Lanes, how: Accumulate, results: Rounder, first: int) -> Lanes:
    """Return the sums of consecutive rows."""
    if how.order == "sequential":
        return sequential_sum(lambda k: np.ascontiguousarray(rows[:, k]), rows.shape[1], how, results, first)
    if how.order == "pairwise":
        return pairwise_sum(rows.T, how, results, first)
    parts = [tree_sum(np.ascontiguousarray(rows[:, i:j].T)) for i, j in blocks(rows.shape[1], _CELLS)]
    total = parts[0]
    for part in parts[1:]:
        total = total.plus(part)
    y, undecided = total.rounded("sum", lane_rounder(results), first)
    for i in np.flatnonzero(undecided).tolist():
        terms = [element_of(v) for v in rows[i].tolist()]
        y[i] = float_of(reference.exact_sum(terms, results, first + i))
    return y


def reduce_prod(x: Data, how: Accumulate, results: Rounder) -> Lanes:
    """Return the products over the last axis: exact and rounded once, or a chain of rounded products."""
    lanes = as_lanes("prod", x)
    out = np.empty(lanes.shape[:-1], dtype=np.float64)
    count, flat = lanes.shape[-1], out.reshape(-1)
    if count == 0:
        flat[:] = [float_of(results(Dyadic(1), i)) for i in range(flat.size)]
        return out
    rows = np.reshape(lanes, (flat.size, count))
    with np.errstate(all="ignore"):
        for first, last in blocks(flat.size):
            block = [np.ascontiguousarray(rows[first:last, k]) for k in range(count)]
            chain = _exact_product if how.order == "exact" else _rounded_product
            flat[first:last] = chain(block, how, results, first)
    return out


def _rounded_product(factors: list[Lanes], how: Accumulate, results: Rounder, first: int) -> Lanes:
    """Return the products of a block, each step rounded in the accumulator."""
    inner = how.rounder(results)
    total = kernel("round", inner)((factors[0],), first)
    for k, factor in enumerate(factors[1:], 1):
        total = kernel("multiply", step_rounder(inner, k))((total, factor), first)
    return kernel("round", results)((total,), first)


def _exact_product(factors: list[Lanes], how: Accumulate, results: Rounder, first: int) -> Lanes:
    """Return the products of a block rounded once; all but the last product must fit the lanes."""
    lanes, total = lane_rounder(results), factors[0]
    for factor in factors[1:-1]:
        product, err = multiply(total, factor)
        lost = (product != total * factor) & ~np.isnan(product)
        if is_inexact(err) or lost.any():
            raise UnsupportedError("prod: partial products must have at most 53 bits in lanes; got more")
        total = product
    if len(factors) == 1:
        return lanes(total, first)
    return round_stand_in("multiply", (total, factors[-1]), lanes, first)


def matmul(a: Data, b: Data, how: Accumulate, results: Rounder) -> Lanes:
    """Return the matrix products of `a: [..., n, k]` and `b: [..., k, m]`."""
    return matrix_product(as_lanes("matmul", a), as_lanes("matmul", b), how, results)
