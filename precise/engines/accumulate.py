"""Sums, products and matrix products in exact arithmetic: one function an order, every rounding through the one site.

A function of `SUMS` takes at least one term and returns their sum in the accumulator, rounded step by step as
`Accumulate` says. Infinities, NaN and signed zeros go through each step as through an addition.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from precise.dyadic import Dyadic, Element
from precise.engines.carrier import Data, Objects, object_array, to_objects
from precise.engines.exact_operations import (
    ZERO,
    add,
    exact_product,
    exact_sum,
    is_ordinary,
    magnitude_at_least,
    multiply,
    number,
    subtract,
)
from precise.formats.format import Format
from precise.policy import Accumulate
from precise.rounding import Overflow, Rounder

Terms: TypeAlias = list[Element]
Sum: TypeAlias = Callable[[Terms, Accumulate, Rounder, int], Element]

#: Block j of a promoted sum reads the random bits of the stream folded with this number plus j.
BLOCK_STREAM: Final = 1 << 32


def step_rounder(rounder: Rounder, k: int) -> Rounder:
    """Return the rounder of rounding `k` of a reduction: fresh random bits for SR, the same rounder otherwise."""
    if k == 0 or rounder.rounding.code != "SR":
        return rounder
    return replace(rounder, rounding=rounder.rounding.fold_in(k))


def block_rounder(how: Accumulate, inner: Rounder, j: int) -> Rounder:
    """Return what stands for the results in block `j` of a promoted sum whose accumulator is `inner`."""
    assert how.inner is not None
    return step_rounder(how.inner.rounder(inner), BLOCK_STREAM + j)


def cuts(count: int, how: Accumulate) -> list[tuple[int, int]]:
    """Return the half-open ranges of the blocks, steps or parts of `count >= 1` terms; none is empty."""
    assert how.size is not None
    if how.order != "split":
        return [(i, min(i + how.size, count)) for i in range(0, count, how.size)]
    parts = min(how.size, count)
    each, longer = count // parts, count % parts
    starts = [i * each + min(i, longer) for i in range(parts + 1)]
    return list(itertools.pairwise(starts))


def sequential(terms: Terms, how: Accumulate, inner: Rounder, index: int, first: int = 0) -> Element:
    """Return the sum in index order, the roundings numbered from `first` on."""
    total = step_rounder(inner, first)(terms[0], index)
    for k, term in enumerate(terms[1:], first + 1):
        total = add(total, term, step_rounder(inner, k), index)
    return total


def pairwise(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return the sum by levels of neighbours."""
    level, k = terms, 0
    if len(level) == 1:
        return inner(level[0], index)
    while len(level) > 1:
        pairs = []
        for i in range(0, len(level) - 1, 2):
            k += 1
            pairs.append(add(level[i], level[i + 1], step_rounder(inner, k), index))
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def blocked(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return the sum with one rounding a block, of the accumulator and the block together."""
    total: Terms = []
    for j, (first, last) in enumerate(cuts(len(terms), how)):
        total = [exact_sum(total + terms[first:last], step_rounder(inner, j), index)]
    return total[0]


def promoted(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return the sum, in sequence, of the blocks' sums by the inner order."""
    assert how.inner is not None
    blocks = enumerate(cuts(len(terms), how))
    sums = [accumulate_terms(terms[i:j], how.inner, block_rounder(how, inner, b), index) for b, (i, j) in blocks]
    return sequential(sums, how, inner, index)


def split(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return the sum, in sequence, of the sums of consecutive parts, each in sequence."""
    sums, k = [], 0
    for first, last in cuts(len(terms), how):
        sums.append(sequential(terms[first:last], how, inner, index, k))
        k += last - first
    total = sums[0]
    for part in sums[1:]:
        total = add(total, part, step_rounder(inner, k), index)
        k += 1
    return total


def kahan(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return Kahan's sum: `y = x - c; t = s + y; c = (t - s) - y; s = t`, every operation rounded."""
    s: Element = inner(terms[0], index)
    c: Element = ZERO
    for k, x in enumerate(terms[1:]):
        y = subtract(x, c, step_rounder(inner, 4 * k + 1), index)
        t = add(s, y, step_rounder(inner, 4 * k + 2), index)
        u = subtract(t, s, step_rounder(inner, 4 * k + 3), index)
        c = subtract(u, y, step_rounder(inner, 4 * k + 4), index)
        s = t
    return s


def neumaier(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return Neumaier's sum: `t = s + x; c = c + ((s - t) + x)`, with s and x exchanged where |s| < |x|; then s + c."""
    s: Element = inner(terms[0], index)
    c: Element = ZERO
    for k, x in enumerate(terms[1:]):
        large, small = (s, x) if magnitude_at_least(s, x) else (x, s)
        t = add(s, x, step_rounder(inner, 4 * k + 1), index)
        u = subtract(large, t, step_rounder(inner, 4 * k + 2), index)
        v = add(u, small, step_rounder(inner, 4 * k + 3), index)
        c = add(c, v, step_rounder(inner, 4 * k + 4), index)
        s = t
    return add(s, c, step_rounder(inner, 4 * (len(terms) - 1) + 1), index)


def tensor_core(terms: Terms, how: Accumulate, inner: Rounder, index: int) -> Element:
    """Return the sum by steps that align the accumulator and a few terms to the largest of them."""
    total: Terms = []
    for j, (first, last) in enumerate(cuts(len(terms), how)):
        total = [exact_sum(aligned(total + terms[first:last], how), step_rounder(inner, j), index)]
    return total[0]


def aligned(terms: Terms, how: Accumulate) -> Terms:
    """Return the nonzero finite terms rounded to multiples of `2**(e - bits + 1)`, e their largest exponent.

    The largest stays nonzero, so that a sum of zeros is one of zeros that were there before.
    """
    assert how.bits is not None and how.align is not None
    exponents = [number(x).e for x in terms if is_ordinary(x)]
    if not exponents:
        return terms
    quantum = max(exponents) - how.bits + 1
    grid = Rounder(Format(f"multiples of 2**{quantum}", None, quantum, None, None), how.align, Overflow.INFINITY)
    return [grid(x) if is_ordinary(x) else x for x in terms]


SUMS: Final[dict[str, Sum]] = {
    "sequential": sequential,
    "pairwise": pairwise,
    "blocked": blocked,
    "promoted": promoted,
    "split": split,
    "kahan": kahan,
    "neumaier": neumaier,
    "tensor-core": tensor_core,
}


def accumulate_terms(terms: Terms, how: Accumulate, results: Rounder, index: int) -> Element:
    """Return the sum of the terms in the order of `how`: steps in the accumulator, the total in the results' format."""
    if how.order == "exact":
        return exact_sum(terms, results, index)
    if not terms:
        return ZERO
    return results(SUMS[how.order](terms, how, how.rounder(results), index), index)


def _rows(x: Data) -> tuple[list[Terms], tuple[int, ...]]:
    """Return the rows of the last axis as lists, and the other axes."""
    objects = to_objects(x)
    return objects.reshape(math.prod(objects.shape[:-1]), objects.shape[-1]).tolist(), objects.shape[:-1]


def reduce_sum(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the sums over the last axis."""
    rows, shape = _rows(x)
    return object_array((accumulate_terms(row, how, results, i) for i, row in enumerate(rows)), shape)


def cumulative_sum(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the sums of the first 1, 2, ..., n terms of the last axis, each as `reduce_sum` gives it."""
    rows, shape = _rows(x)
    flat = (v for i, row in enumerate(rows) for v in _prefixes(row, how, results, i))
    return object_array(flat, (*shape, x.shape[-1]))


def _prefixes(terms: Terms, how: Accumulate, results: Rounder, index: int) -> Terms:
    """Return the sums of the first 1, 2, ..., n terms; in sequence, by one running accumulator."""
    if how.order != "sequential":
        return [accumulate_terms(terms[: n + 1], how, results, index) for n in range(len(terms))]
    inner, found = how.rounder(results), []
    total: Element = ZERO
    for k, term in enumerate(terms):
        total = add(total, term, step_rounder(inner, k), index) if k else inner(term, index)
        found.append(results(total, index))
    return found


def reduce_prod(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the products over the last axis.

    Exact and rounded once for the order `exact`, else a chain of products in index order, rounded in the accumulator.
    """
    rows, shape = _rows(x)
    return object_array((_product(row, how, results, i) for i, row in enumerate(rows)), shape)


def _product(row: Terms, how: Accumulate, results: Rounder, index: int) -> Element:
    """Return the product of one row."""
    inner, total = how.rounder(results), Dyadic(1)
    if how.order == "exact":
        running: Element = total
        for x in row:
            running = exact_product(running, x)
        return results(running, index)
    chain: Element = inner(row[0], index) if row else Dyadic(1)
    for k, x in enumerate(row[1:], 1):
        chain = multiply(chain, x, step_rounder(inner, k), index)
    return results(chain, index)


def matmul(a: Data, b: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the matrix products of `a: [..., n, k]` and `b: [..., k, m]`."""
    left, right = to_objects(a), to_objects(b)
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left = np.broadcast_to(left, batch + left.shape[-2:])
    right = np.broadcast_to(right, batch + right.shape[-2:])
    flat: Terms = []
    for where in np.ndindex(*batch):
        rows, columns = left[where].tolist(), right[where].T.tolist()
        for row in rows:
            for column in columns:
                flat.append(accumulate_terms(products(row, column, how, results, len(flat)), how, results, len(flat)))
    return object_array(flat, (*batch, left.shape[-2], right.shape[-1]))


def products(row: Terms, column: Terms, how: Accumulate, results: Rounder, index: int) -> Terms:
    """Return the terms of one entry of a matrix product."""
    pairs = enumerate(zip(row, column, strict=True))
    if how.products == "exact":
        return [exact_product(x, y) for _, (x, y) in pairs]
    rounder = how.product_rounder(results)
    return [multiply(x, y, step_rounder(rounder, -1 - k), index) for k, (x, y) in pairs]
