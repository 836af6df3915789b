"""Every order of accumulation in float64 lanes, by rounded steps, exact blocks and aligned steps.

Each result has the reference's bits: a step is a kernel's addition; the exact sum of a block is kept with a bound on
what is missed, and settled by the reference where that leaves it open; an aligned step works with integers below 2**53.
Few long rows are summed by steps on Python floats, which cost less than an array of a few lanes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

import numpy as np

from precise.engines import reference
from precise.engines.accumulate import block_rounder, cuts, step_rounder
from precise.engines.carrier import Lanes, element_of, lane_of
from precise.engines.extent import Extent
from precise.engines.lanes import blocks, lane_rounder
from precise.engines.narrow_alignment import aligned_sum
from precise.engines.narrow_scalar import include, scalar_add, scalar_sum
from precise.engines.narrow_steps import add_step, round_step
from precise.engines.narrow_sums import ExactSum, pairwise_sum, require_no_overflow, tree_sum
from precise.policy import Accumulate
from precise.rounding import Rounder

V = TypeVar("V", float, Lanes)
State: TypeAlias = tuple[V, V]  # the running sum, and what is to be added to it at the end

RUNNING: Final = frozenset({"sequential", "kahan", "neumaier"})
_CELLS: Final = 1 << 18  # terms of blocks side by side
_FEW: Final = 48  # rows: below, a step on floats is faster than one on an array
_FEW_STOCHASTIC: Final = 8


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a block of sums: `at(k)` is term k of each; `matrix: [count, block]` has them all, if at hand."""

    count: int
    at: Callable[[int], Lanes]
    matrix: Lanes | None = None

    @classmethod
    def of(cls, matrix: Lanes) -> Terms:
        """Return the terms `matrix: [count, block]`."""
        return cls(len(matrix), lambda k: np.ascontiguousarray(matrix[k]), matrix)

    def part(self, first: int, last: int) -> Terms:
        """Return a range of the terms."""
        if self.matrix is not None:
            return Terms.of(self.matrix[first:last])
        return Terms(last - first, lambda k: self.at(first + k))

    def stack(self) -> Lanes:
        """Return all terms: [count, block]."""
        return np.stack([self.at(k) for k in range(self.count)]) if self.matrix is None else self.matrix


@dataclass(frozen=True, slots=True)
class Steps(Generic[V]):
    """Rounded steps on lanes or on floats: `start` rounds a first term, `add` adds; both are given their number."""

    zero: V
    start: Callable[[V, int], V]
    add: Callable[[V, V, int], V]
    by_size: Callable[[V, V], tuple[V, V]]  # its arguments, the larger magnitude first; the second where one is NaN


def lane_steps(rounder: Rounder, first: int, size: int) -> Steps[Lanes]:
    """Return the steps on `size` lanes; `first` is the index of the first one."""

    def by_size(s: Lanes, x: Lanes) -> tuple[Lanes, Lanes]:
        """Return both, the larger magnitude first."""
        keeps = np.abs(s) >= np.abs(x)
        return np.where(keeps, s, x), np.where(keeps, x, s)

    return Steps(
        np.zeros(size),
        lambda x, k: round_step(x, step_rounder(rounder, k), first),
        lambda a, b, k: add_step(a, b, step_rounder(rounder, k), first),
        by_size,
    )


def float_steps(rounder: Rounder, index: int) -> Steps[float]:
    """Return the steps on floats for element `index`."""
    return Steps(
        0.0,
        lambda x, k: float(round_step(np.array([x]), step_rounder(rounder, k), index)[0]),
        scalar_add(rounder, index),
        lambda s, x: (s, x) if abs(s) >= abs(x) else (x, s),
    )


def running(order: str, terms: Iterator[V], steps: Steps[V], number: int = 0) -> Iterator[tuple[V, V]]:
    """Yield the state after each term; `number` is that of the first rounding, for `sequential`."""
    s, c = steps.start(next(terms), number), steps.zero
    yield s, c
    for k, x in enumerate(terms):
        if order == "sequential":
            s = steps.add(s, x, number + k + 1)
        elif order == "kahan":
            y = steps.add(x, -c, 4 * k + 1)
            t = steps.add(s, y, 4 * k + 2)
            u = steps.add(t, -s, 4 * k + 3)
            s, c = t, steps.add(u, -y, 4 * k + 4)
        else:
            large, small = steps.by_size(s, x)
            t = steps.add(s, x, 4 * k + 1)
            u = steps.add(large, -t, 4 * k + 2)
            v = steps.add(u, small, 4 * k + 3)
            s, c = t, steps.add(c, v, 4 * k + 4)
        yield s, c


def closed(order: str, state: tuple[V, V], count: int, steps: Steps[V]) -> V:
    """Return the sum of `count` terms from its running state."""
    s, c = state
    return steps.add(s, c, 4 * (count - 1) + 1) if order == "neumaier" else s


def running_sum(order: str, terms: Terms, inner: Rounder, first: int, number: int = 0) -> Lanes:
    """Return the sums of one of the orders `RUNNING`, in the accumulator, by one loop over the terms."""
    head = terms.at(0)
    if not are_few(head.size, inner):
        steps = lane_steps(inner, first, head.size)
        (state,) = deque(running(order, map(terms.at, range(terms.count)), steps, number), maxlen=1)
        return closed(order, state, terms.count, steps)
    matrix, sums = terms.stack(), np.empty(head.size)
    for i in range(head.size):
        scalar = float_steps(inner, first + i)
        (end,) = deque(running(order, floats_of(matrix[:, i]), scalar, number), maxlen=1)
        sums[i] = closed(order, end, terms.count, scalar)
    return sums


def floats_of(column: Lanes) -> Iterator[float]:
    """Yield the lanes as Python floats, a block at a time."""
    for first, last in blocks(column.size):
        yield from column[first:last].tolist()


def are_few(size: int, rounder: Rounder) -> bool:
    """Return whether so many rows are summed faster on floats than on lanes."""
    return size <= (_FEW_STOCHASTIC if rounder.rounding.code == "SR" else _FEW)


def sequential_sum(terms: Terms, inner: Rounder, first: int, number: int = 0) -> Lanes:
    """Return the sums in index order, in the accumulator; `number` is that of the first rounding.

    This is the joint for compiled code: it takes the same arguments and returns the same bits, or refuses.
    """
    return running_sum("sequential", terms, inner, first, number)


def pairwise_by_floats(row: list[float], steps: Steps[float]) -> float:
    """Return the sum of one row, neighbours added level by level."""
    if len(row) == 1:
        return steps.start(row[0], 0)
    k = 0
    while len(row) > 1:
        sums = [steps.add(row[2 * i], row[2 * i + 1], k + i + 1) for i in range(len(row) // 2)]
        k, row = k + len(sums), sums + row[2 * len(sums) :]
    return row[0]


def split_sum(terms: Terms, how: Accumulate, inner: Rounder, first: int) -> Lanes:
    """Return sums of parts in sequence, and of the parts' sums in sequence."""
    sums, k = [], 0
    for start, stop in cuts(terms.count, how):
        sums.append(sequential_sum(terms.part(start, stop), inner, first, k))
        k += stop - start
    total = sums[0]
    for part in sums[1:]:
        total = add_step(total, part, step_rounder(inner, k), first)
        k += 1
    return total


def exact_sum(stack: Lanes, rounder: Rounder, first: int) -> Lanes:
    """Return the exact sums of `stack: [count, block]`, rounded once."""
    if stack.shape[1] <= _FEW:
        found = [scalar_sum(rounder, first + i)(stack[:, i].tolist()) for i in range(stack.shape[1])]
        if None not in found:
            return np.array(found, dtype=np.float64)
    require_no_overflow("sum", Extent.of(stack).most, len(stack))
    y, undecided = tree_sum(np.ascontiguousarray(stack)).rounded("sum", lane_rounder(rounder), first)
    for i in np.flatnonzero(undecided).tolist():
        y[i] = lane_of(reference.exact_sum([element_of(v) for v in stack[:, i].tolist()], rounder, first + i))
    return y


def stepwise_sum(terms: Terms, how: Accumulate, inner: Rounder, first: int) -> Lanes:
    """Return the sums of the orders `blocked` and `tensor-core`: a step takes the accumulator and `size` terms."""
    total: list[Lanes] = []
    for j, (start, stop) in enumerate(cuts(terms.count, how)):
        stack = np.concatenate([*(t[None, :] for t in total), terms.part(start, stop).stack()])
        rounder = step_rounder(inner, j)
        total = [
            exact_sum(stack, rounder, first) if how.order == "blocked" else aligned_sum(stack, how, rounder, first)
        ]
    return total[0]


def promoted_sum(terms: Terms, how: Accumulate, inner: Rounder, first: int) -> Lanes:
    """Return sums in sequence of the blocks' sums; where nothing is drawn at random, many blocks side by side."""
    assert how.inner is not None
    ranges, sums = cuts(terms.count, how), []
    block, results = terms.at(0).size, block_rounder(how, inner, 0)
    draws = "SR" in (how.inner.rounder(results).rounding.code, results.rounding.code)
    if terms.matrix is not None and not draws:
        whole, size = terms.count // ranges[0][1], ranges[0][1]
        for i, j in blocks(whole, max(1, _CELLS // (size * block))):
            cube = terms.matrix[i * size : j * size].reshape(j - i, size, block)
            side_by_side = np.moveaxis(cube, 0, 1).reshape(size, (j - i) * block)
            sums += list(order_sum(Terms.of(side_by_side), how.inner, results, 0).reshape(j - i, block))
        ranges = ranges[whole:]
    for j, (start, stop) in enumerate(ranges):
        sums.append(order_sum(terms.part(start, stop), how.inner, block_rounder(how, inner, j), first))
    return sequential_sum(Terms.of(np.stack(sums)), inner, first)


def order_sum(terms: Terms, how: Accumulate, results: Rounder, first: int) -> Lanes:
    """Return the sums of at least one term in the order of `how`, in the results' format."""
    inner = how.rounder(results)
    if how.order == "exact":
        return exact_sum(terms.stack(), results, first)
    if how.order in RUNNING:
        total = (
            sequential_sum(terms, inner, first)
            if how.order == "sequential"
            else running_sum(how.order, terms, inner, first)
        )
    elif how.order == "pairwise":
        matrix = terms.stack()
        if inner.rounding.code == "SR" and are_few(matrix.shape[1], inner):
            rows = enumerate(matrix.T.tolist(), first)
            total = np.array([pairwise_by_floats(row, float_steps(inner, i)) for i, row in rows])
        else:
            total = pairwise_sum(matrix, inner, first)
    elif how.order == "split":
        total = split_sum(terms, how, inner, first)
    elif how.order == "promoted":
        total = promoted_sum(terms, how, inner, first)
    else:
        total = stepwise_sum(terms, how, inner, first)
    return round_step(total, results, first)


def prefix_sums(terms: Terms, how: Accumulate, results: Rounder, first: int) -> Lanes:
    """Return the sums of the first 1, 2, ... terms: [count, block]; one loop for the orders `RUNNING` and `exact`."""
    if how.order == "exact":
        return exact_prefixes(terms.stack(), results, first)
    inner, out = how.rounder(results), np.empty((terms.count, terms.at(0).size))
    if how.order not in RUNNING:
        for k in range(terms.count):
            out[k] = order_sum(terms.part(0, k + 1), how, results, first)
        return out
    block = out.shape[1]
    if are_few(block, inner):
        matrix = terms.stack()
        for i in range(block):
            scalar = float_steps(inner, first + i)
            states = enumerate(running(how.order, floats_of(matrix[:, i]), scalar), 1)
            out[:, i] = [closed(how.order, state, n, scalar) for n, state in states]
    else:
        steps = lane_steps(inner, first, block)
        for k, state in enumerate(running(how.order, map(terms.at, range(terms.count)), steps)):
            out[k] = closed(how.order, state, k + 1, steps)
    return round_rows(out, results, first)


def exact_prefixes(matrix: Lanes, rounder: Rounder, first: int) -> Lanes:
    """Return the exact sums of the first 1, 2, ... rows of `matrix: [count, block]`, each rounded once."""
    out = np.empty(matrix.shape)
    require_no_overflow("cumulative_sum", Extent.of(matrix).most, len(matrix))
    if matrix.shape[1] <= _FEW and np.isfinite(matrix).all():
        for i in range(matrix.shape[1]):
            rounded, partials = scalar_sum(rounder, first + i), list[float]()
            for k, x in enumerate(floats_of(matrix[:, i])):
                include(partials, x)
                found = rounded(partials)
                out[k, i] = exact_sum(matrix[: k + 1, i : i + 1], rounder, first + i)[0] if found is None else found
        return out
    total, lanes = ExactSum.of(np.ascontiguousarray(matrix[0])), lane_rounder(rounder)
    for k in range(len(matrix)):
        if k:
            total.include(np.ascontiguousarray(matrix[k]))
        out[k], undecided = total.rounded("cumulative_sum", lanes, first)
        for i in np.flatnonzero(undecided).tolist():
            terms = [element_of(v) for v in matrix[: k + 1, i].tolist()]
            out[k, i] = lane_of(reference.exact_sum(terms, rounder, first + i))
    return out


def round_rows(rows: Lanes, results: Rounder, first: int) -> Lanes:
    """Return every row rounded; element j of each reads the random bits of element `first + j`."""
    if results.rounding.code == "SR":
        return np.stack([round_step(row, results, first) for row in rows])
    return round_step(rows.reshape(-1), results, first).reshape(rows.shape)
