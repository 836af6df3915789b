"""The narrow engine: formats of at most 52 bits in float64 lanes, many elements at a time, with NumPy only.

It returns the reference's bits or raises `UnsupportedError`, and then another engine takes over.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from precise.dyadic import Dyadic
from precise.engines import compiled, reference
from precise.engines.accumulate import step_rounder
from precise.engines.carrier import Data, Lanes, element_of, lane_of
from precise.engines.extent import Extent
from precise.engines.lanes import blocks, lane_rounder
from precise.engines.narrow_elements import is_hardware, kernel, round_stand_in
from precise.engines.narrow_orders import Terms, order_sum, prefix_sums
from precise.engines.narrow_products import matrix_product
from precise.engines.narrow_sums import require_no_overflow, tree_sum
from precise.engines.parts import in_parts
from precise.engines.residuals import is_inexact, multiply
from precise.errors import UnsupportedError
from precise.policy import Accumulate
from precise.rounding import Rounder

name: Final = "narrow"

_CELLS: Final = 1 << 18  # terms a block of reductions
_LINE: Final = 8  # lanes a line of the cache
_WHOLE: Final = 1 << 12  # lanes from which compiled code is given whole arrays, in threads where these pay


def as_lanes(op: str, data: Data) -> Lanes:
    """Return the operand, which must be held as float64."""
    if data.dtype != np.float64:
        raise UnsupportedError(f"{op}: operands must be float64 lanes; got {data.dtype}")
    return data  # type: ignore[return-value]


def new_lanes(shape: tuple[int, ...]) -> Lanes:
    """Return memory for results; large arrays begin with a line of the cache, so that no vector straddles two."""
    size = math.prod(shape)
    if size < _WHOLE:
        return np.empty(shape)
    room = np.empty(size + _LINE - 1)
    before = -room.__array_interface__["data"][0] // room.itemsize % _LINE
    return room[before : before + size].reshape(shape)


def round_array(x: Data, rounder: Rounder) -> Lanes:
    """Return every element rounded to the format."""
    return elementwise("round", (x,), rounder)


def elementwise(op: str, operands: tuple[Data, ...], rounder: Rounder) -> Lanes:
    """Return `op` applied to broadcast operands, in index order; no operand is copied as a whole."""
    arrays = [as_lanes(op, a) for a in operands]
    shape = arrays[0].shape
    if any(a.shape != shape for a in arrays):
        shape = np.broadcast_shapes(*(a.shape for a in arrays))
    spread = tuple(a if a.shape == shape else np.broadcast_to(a, shape) for a in arrays)
    out = new_lanes(shape)
    if out.size >= _WHOLE and not is_hardware(rounder.format):
        lanes = lane_rounder(rounder)
        if compiled.serves(op, lanes) and compiled.elementwise(op, spread, lanes, out):
            return out
    apply = kernel(op, rounder)
    flat = out.reshape(-1)

    def work(start: int, stop: int) -> int:
        """Compute the lanes `start..stop`."""
        columns = [a.reshape(-1) if a.flags.c_contiguous else a.flat for a in spread]
        for first, last in blocks(stop - start):
            at = slice(start + first, start + last)
            flat[at] = apply(tuple(np.ascontiguousarray(c[at]) for c in columns), at.start)
        return compiled.SERVED

    if compiled.extension() is None:  # NumPy alone gains nothing from threads
        work(0, flat.size)
    else:
        in_parts(work, flat.size)
    return out


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
            require_no_overflow("sum", Extent.of(rows).most, count)
        for first, last in blocks(flat.size, max(1, _CELLS // count)):
            flat[first:last] = _block_of_sums(rows[first:last], how, results, first)
    return out


def _block_of_sums(rows: Lanes, how: Accumulate, results: Rounder, first: int) -> Lanes:
    """Return the sums of consecutive rows."""
    if how.order != "exact":
        return order_sum(Terms.of(rows.T), how, results, first)
    parts = [tree_sum(np.ascontiguousarray(rows[:, i:j].T)) for i, j in blocks(rows.shape[1], _CELLS)]
    total = parts[0]
    for part in parts[1:]:
        total = total.plus(part)
    y, undecided = total.rounded("sum", lane_rounder(results), first)
    for i in np.flatnonzero(undecided).tolist():
        terms = [element_of(v) for v in rows[i].tolist()]
        y[i] = lane_of(reference.exact_sum(terms, results, first + i))
    return y


def cumulative_sum(x: Data, how: Accumulate, results: Rounder) -> Lanes:
    """Return the sums of the first 1, 2, ..., n terms of the last axis, each as `reduce_sum` gives it."""
    lanes = as_lanes("cumulative_sum", x)
    count = lanes.shape[-1]
    out = np.empty(lanes.shape, dtype=np.float64)
    if out.size == 0:
        return out
    rows, flat = np.reshape(lanes, (-1, count)), out.reshape(-1, count)
    with np.errstate(all="ignore"):
        for first, last in blocks(len(rows), max(1, _CELLS // count)):
            flat[first:last] = prefix_sums(Terms.of(rows[first:last].T), how, results, first).T
    return out


def reduce_prod(x: Data, how: Accumulate, results: Rounder) -> Lanes:
    """Return the products over the last axis: exact and rounded once, or a chain of rounded products."""
    lanes = as_lanes("prod", x)
    out = np.empty(lanes.shape[:-1], dtype=np.float64)
    count, flat = lanes.shape[-1], out.reshape(-1)
    if count == 0:
        flat[:] = [lane_of(results(Dyadic(1), i)) for i in range(flat.size)]
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
    return round_stand_in("multiply", lanes, (total, factors[-1]), first)


def matmul(a: Data, b: Data, how: Accumulate, results: Rounder) -> Lanes:
    """Return the matrix products of `a: [..., n, k]` and `b: [..., k, m]`."""
    return matrix_product(as_lanes("matmul", a), as_lanes("matmul", b), how, results)
