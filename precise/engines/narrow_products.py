"""Matrix products in float64 lanes: a Python loop over the inner index only, blocks of consecutive entries as lanes.

`Entries` is a block of one product; its terms are rounded products, or exact ones where these fit a lane. Exact
products of wider operands are chained with fused steps, or kept as pairs in exact sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from precise.dyadic import Element
from precise.engines import reference
from precise.engines.accumulate import step_rounder
from precise.engines.carrier import Lanes, element_of, lane_of
from precise.engines.compiled_extraction import Extraction
from precise.engines.compiled_products import EXACT, FUSED, ROUNDED, exact_sums, sequential_product
from precise.engines.extent import Extent
from precise.engines.lanes import BLOCK, Mask, blocks, lane_rounder
from precise.engines.narrow_blocked import blocked_product, blocks_fit
from precise.engines.narrow_dgemm import filtered_product
from precise.engines.narrow_elements import kernel
from precise.engines.narrow_orders import RUNNING, Terms, are_few, order_sum, sequential_sum
from precise.engines.narrow_sums import ExactSum, require_no_overflow
from precise.engines.residuals import HIGH, LOW, product_error
from precise.errors import UnsupportedError
from precise.policy import Accumulate
from precise.rounding import Rounder

_CELLS: Final = 1 << 20  # products that are kept at once


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries `rows x columns` of one matrix product, consecutive in the result from index `first` on."""

    left: Lanes  # [rows, k]
    right: Lanes  # [k, columns]
    how: Accumulate
    results: Rounder
    first: int

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(self.left.shape[0] * self.right.shape[1])

    @property
    def count(self) -> int:
        """The number of terms of an entry."""
        return int(self.left.shape[1])

    @property
    def inner(self) -> Rounder:
        """The accumulator's rounder."""
        return self.how.rounder(self.results)

    @property
    def product(self) -> Rounder:
        """The rounder of rounded products."""
        return self.how.product_rounder(self.results)

    def factors(self, k: int) -> tuple[Lanes, Lanes]:
        """Return both factors of term `k` of each entry."""
        columns, rows = self.right.shape[1], self.left.shape[0]
        return np.repeat(self.left[:, k], columns), np.tile(self.right[k], rows)

    def native_product(self, k: int) -> Lanes:
        """Return the float64 products of term `k`."""
        products: Lanes = np.multiply.outer(self.left[:, k], self.right[k]).reshape(-1)
        return products

    def rounded_product(self, k: int) -> Lanes:
        """Return the products of term `k`, rounded in their format."""
        return kernel("multiply", step_rounder(self.product, -1 - k))(self.factors(k), self.first)

    def terms(self) -> Terms:
        """Return the products, rounded or native; all at once where that saves many small arrays."""
        exact, draws = self.how.products == "exact", self.product.rounding.code == "SR"
        if self.size * self.count > _CELLS or not are_few(self.size, self.inner) or (draws and not exact):
            return Terms(self.count, self.native_product if exact else self.rounded_product)
        factors = np.broadcast_arrays(self.left.T[:, :, None], self.right[:, None, :])
        a, b = (np.ascontiguousarray(f).reshape(-1) for f in factors)
        products = a * b if exact else kernel("multiply", self.product)((a, b), self.first)
        return Terms.of(products.reshape(self.count, self.size))

    def terms_of(self, i: int) -> list[Element]:
        """Return the terms of entry `i` by the reference."""
        row, column = divmod(i, self.right.shape[1])
        pairs = zip(self.left[row].tolist(), self.right[:, column].tolist(), strict=True)
        data = [(element_of(x), element_of(y)) for x, y in pairs]
        if self.how.products == "exact":
            return [reference.exact_product(x, y) for x, y in data]
        steps = [step_rounder(self.product, -1 - k) for k in range(len(data))]
        index = self.first + i
        return [reference.multiply(x, y, step, index) for (x, y), step in zip(data, steps, strict=True)]


def matrix_product(a: Lanes, b: Lanes, how: Accumulate, results: Rounder) -> Lanes:
    """Return the matrix products of `a: [..., n, k]` and `b: [..., k, m]`."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    left = np.broadcast_to(a, batch + a.shape[-2:])
    right = np.broadcast_to(b, batch + b.shape[-2:])
    rows, columns, count = a.shape[-2], b.shape[-1], a.shape[-1]
    out = np.empty((*batch, rows, columns), dtype=np.float64)
    if out.size == 0 or count == 0:
        out[...] = 0.0
        return out
    with np.errstate(all="ignore"):
        short = how.products == "exact" and _products_fit(Extent.of(a), Extent.of(b))
        for i, where in enumerate(np.ndindex(*batch)):
            whole = Entries(left[where], right[where], how, results, i * rows * columns)
            _fill(out[where], whole, short)
    return out


def _products_fit(a: Extent, b: Extent) -> bool:
    """Return whether all products of an entry of one array and one of the other are lanes."""
    return a.bits <= 26 and b.bits <= 26 and _products_stay_inside(a, b)


def _products_stay_inside(a: Extent, b: Extent) -> bool:
    """Return whether no product of finite nonzero entries leaves 2**-960..2**960, nor any factor 2**+-960."""
    within = min(a.least, b.least) >= LOW and max(a.most, b.most) <= HIGH
    return within and a.least * b.least >= LOW and a.most * b.most <= HIGH


def _fill(out: Lanes, whole: Entries, short: bool) -> None:
    """Compute one matrix product into `out: [n, m]`."""
    how, count, flat = whole.how, whole.left.shape[1], out.reshape(-1)
    if how.order == "exact":
        _require_bounded_terms(whole, short)
        if short and whole.results.rounding.code != "SR":
            y, undecided = filtered_product(whole.left, whole.right, lane_rounder(whole.results))
            out[...] = y
            _settle(flat, undecided.reshape(-1), whole)
            return
        _exact(flat, whole, short)
        return
    elif how.order != "sequential" and how.products == "exact" and not short:
        raise UnsupportedError(f"matmul: exact products in {how.order} order must fit a lane; got wider ones")
    if how.order == "sequential":
        terms = ROUNDED if how.products == "rounded" else EXACT if short else FUSED
        if sequential_product(whole.left, whole.right, terms, whole.product, whole.inner, out):
            if whole.results != whole.inner:
                flat[...] = kernel("round", whole.results)((flat,), whole.first)
            return
    if how.order == "blocked" and how.products == "exact" and blocks_fit(whole.left, whole.right, how, whole.inner):
        for part in _split(whole, BLOCK):
            total = blocked_product(part.left, part.right, how, part.inner, part.first)
            start = part.first - whole.first
            flat[start : start + part.size] = kernel("round", part.results)((total,), part.first)
        return
    at_once = min(count, (how.size or 0) + 1) if how.order in ("blocked", "tensor-core", "promoted") else count
    limit = BLOCK if how.order in RUNNING else max(1, min(BLOCK, _CELLS // at_once))
    for entries in _split(whole, limit):
        start = entries.first - whole.first
        flat[start : start + entries.size] = _block(entries, short)


def _split(whole: Entries, limit: int) -> Iterator[Entries]:
    """Yield blocks of about `limit` entries that are consecutive in the result."""
    rows, columns = whole.left.shape[0], whole.right.shape[1]
    for r, r_end in blocks(rows, max(1, limit // columns)):
        step = columns if columns <= limit else limit
        for c, c_end in blocks(columns, step):
            first = whole.first + r * columns + c
            yield Entries(whole.left[r:r_end], whole.right[:, c:c_end], whole.how, whole.results, first)


def _block(entries: Entries, short: bool) -> Lanes:
    """Return one block of entries."""
    how = entries.how
    if how.order == "sequential":
        return sequential_block(entries, short)
    return order_sum(entries.terms(), how, entries.results, entries.first)


def sequential_block(entries: Entries, short: bool) -> Lanes:
    """Return one block of entries in sequential order; `short` says that exact products are lanes.

    This is the joint for compiled code: it takes the same arguments and returns the same bits, or refuses.
    """
    inner, results, first = entries.inner, entries.results, entries.first
    if entries.how.products == "rounded" or short:
        return kernel("round", results)((sequential_sum(entries.terms(), inner, first),), first)
    total = kernel("multiply", inner)(entries.factors(0), first)
    for k in range(1, entries.count):
        total = kernel("fma", step_rounder(inner, k))((*entries.factors(k), total), first)
    return kernel("round", results)((total,), first)


def _require_bounded_terms(whole: Entries, short: bool) -> None:
    """Refuse products whose exact sum could leave the window, or whose pairs are not exact."""
    count = whole.count
    left, right = Extent.of(whole.left), Extent.of(whole.right)
    if whole.how.products == "exact" and not (short or _products_stay_inside(left, right)):
        raise UnsupportedError("matmul: exact products must lie in 2**-960..2**960 in lanes; got others")
    product = left.most * right.most
    if whole.how.products == "rounded":
        lanes = lane_rounder(whole.product)
        product = 2 * product if lanes.windowed else lanes.top
    require_no_overflow("matmul", product, count)


def _exact(flat: Lanes, whole: Entries, short: bool) -> None:
    """Compute exact sums, rounded once, into `flat`: many entries at a time by the extension, else in small blocks."""
    rounded, lanes = whole.how.products == "rounded", lane_rounder(whole.results)
    for entries in _split(whole, _CELLS):
        tiles = Extraction.of(entries.left, entries.right, whole.product) if rounded else None
        if tiles is not None and (found := tiles.rounded_sums(lanes)) is not None:
            start = entries.first - whole.first
            flat[start : start + entries.size] = found[0].reshape(-1)
            _settle(flat[start : start + entries.size], found[1].reshape(-1), entries)
            continue
        product = whole.product if rounded else None
        sums = exact_sums(entries.left, entries.right, product) if tiles is None else tiles.sums()
        parts = [entries] if sums is not None else list(_split(entries, BLOCK))
        for part in parts:
            total = sums or _sums(part, short)
            for first, last in blocks(part.size):
                y, undecided = total.part(first, last).rounded("matmul", lanes, part.first + first)
                _settle(y, undecided, part, first)
                start = part.first + first - whole.first
                flat[start : start + y.size] = y


def _sums(entries: Entries, short: bool) -> ExactSum:
    """Return the exact sums of one block, term by term."""
    total: ExactSum | None = None
    rounded = entries.how.products == "rounded"
    for k in range(entries.left.shape[1]):
        high = entries.rounded_product(k) if rounded else entries.native_product(k)
        low = None if rounded or short else _low_parts(entries, k, high)
        if total is None:
            total = ExactSum.of(high)
            total.e = total.e if low is None else low
        else:
            total.include(high, low)
    assert total is not None
    return total


def _low_parts(entries: Entries, k: int, high: Lanes) -> Lanes:
    """Return what the float64 products miss, 0 beside infinities and NaN."""
    a, b = entries.factors(k)
    missed = product_error(a, b, high)
    return np.where(np.isfinite(high) & (high != 0), missed, 0.0)


def _settle(flat: Lanes, undecided: Mask, entries: Entries, first: int = 0) -> None:
    """Compute the undecided entries one by one by the reference; `first` is the place of the first in the block."""
    for i in np.flatnonzero(undecided).tolist():
        terms = entries.terms_of(first + i)
        flat[i] = lane_of(reference.exact_sum(terms, entries.results, entries.first + first + i))
