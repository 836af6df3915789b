"""The cost semantics: running a body gives its circuit depth in the papers' constants, and its size, instead
of values.

Two depths are kept, because the papers add where branches could overlap. *Critical path*: the longest chain
of operations. *Sequential*: every step of the proof is added, where operations of one kind on operands of
one depth (the projections of Q and K, say) are one step, done side by side.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.errors import UnsupportedError
from precise.policy import Accumulate, exact_then_round, parse_accumulate
from precise.semantics.accumulation_cost import SumCost, running_cost, sum_cost
from precise.semantics.array import Array
from precise.semantics.depth import Depth, depth
from precise.semantics.namespace import Namespace
from precise.semantics.shapes import check_shape

COSTS: Final[dict[str, Depth]] = {
    **dict.fromkeys(("add", "subtract", "multiply", "divide"), depth(s=1)),
    **dict.fromkeys(("equal", "not_equal", "less", "less_equal", "maximum", "minimum"), depth(s=1)),
    **dict.fromkeys(("maximum_number", "minimum_number"), depth(s=1)),
    "negative": depth(),
    "abs": depth(),
    "fma": depth(s=2),
    "sqrt": depth(R=1),
    "exp": depth(E=1),
    "log": depth(L=1),
    "sin": depth(tri=1),
    "cos": depth(tri=1),
    "tan": depth(s=1, tri=1),
    "sum": depth(P=1),
    "cumulative_sum": depth(P=1),
    "prod": depth(T=1),
    "max": depth(P=1),
    "min": depth(P=1),
    "matmul": depth(s=1, P=1),
}
# Sine and cosine of one angle are one step of a proof.
_KIND: Final = {"sin": "sin, cos", "cos": "sin, cos"}
_COMPARISONS: Final = frozenset({"equal", "not_equal", "less", "less_equal"})

Step = tuple[str, Depth, Depth]  # kind of operation, depth of its operands, its own depth


@dataclass(frozen=True, slots=True)
class Cost:
    """What an array has cost: its critical path, the steps behind it, and the operations on single numbers by kind."""

    path: Depth
    steps: frozenset[Step]
    calls: frozenset[tuple[int, str, int]]  # call number, kind, count of scalar operations


FREE: Final = Cost(depth(), frozenset(), frozenset())


class _Calls:
    """Numbers the calls of one namespace, so that a shared operand is counted once."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        """Return a fresh number."""
        self.last += 1
        return self.last


class CostSemantics(Namespace):
    """The namespace of depths and sizes; build one with `cost()`."""

    name = "cost"

    def __init__(self, accumulate: Accumulate | None = None) -> None:
        self._calls = _Calls()
        self.accumulate = accumulate

    @property
    def element_type(self) -> type:
        """`Depth`."""
        return Depth

    def empty(self, shape: int | tuple[int, ...]) -> Array:
        """Return an input array of the given shape, at depth 0."""
        return Array(np.zeros(check_shape("empty", shape), dtype=np.int8), self, note=FREE)

    def ingest(self, x: NDArray[np.generic], *, constant: bool) -> Array:
        """Return an input or constant of the same shape, at depth 0."""
        return Array(x, self, note=FREE) if x.dtype == np.bool_ else self.empty(x.shape)

    def elements_of(self, x: Array) -> NDArray[np.object_]:
        """Refuse: an array of this namespace has no elements."""
        raise UnsupportedError("cost: arrays have a depth and a size and no elements; see critical_path and size")

    def text_of(self, x: Array) -> str:
        """Return the shape and the critical path as text."""
        return f"shape {list(x.shape)}, depth {cost_of(x).path}"

    def wrap(self, data: NDArray[np.generic], *sources: Array) -> Array:
        """Return rearranged data, which costs what its sources cost."""
        return Array(data, self, note=_joined([cost_of(x) for x in sources]))

    def _spend(
        self, op: str, shape: tuple[int, ...], counts: dict[str, int], *operands: Array, own: Depth | None = None
    ) -> Array:
        """Return the result of an operation: one step deeper than its operands, of depth `own` if that is given."""
        if op not in COSTS:
            raise UnsupportedError(f"{op}: operation must have a depth in the papers; it has none")
        before = _joined([cost_of(x) for x in operands])
        own = COSTS[op] if own is None else own
        step = (_KIND.get(op, op), before.path, own)
        number = self._calls.next()
        calls = before.calls | {(number, kind, n) for kind, n in counts.items()}
        data: NDArray[np.generic] = np.zeros(shape, dtype=np.bool_ if op in _COMPARISONS else np.int8)
        return Array(data, self, note=Cost(before.path + own, before.steps | {step}, calls))

    def elementwise(self, op: str, *operands: Array) -> Array:
        """Return an elementwise step."""
        shape = np.broadcast_shapes(*(x.shape for x in operands))
        return self._spend(op, shape, {op: int(np.prod(shape, dtype=np.int64))}, *operands)

    def reduce_last(self, op: str, x: Array) -> Array:
        """Return an iterated sum, product or extremum, or a sum or product in the given order of accumulation."""
        shape, n = x.shape[:-1], x.shape[-1]
        rows, how = int(np.prod(shape, dtype=np.int64)), self.accumulate
        if how is not None and op == "sum":
            return self._spend_sums(op, shape, rows, sum_cost(how, n), x)
        if how is not None and op == "prod" and how.order != "exact":
            chain = max(n - 1, 0)
            return self._spend(op, shape, {"multiply": rows * chain}, x, own=depth(s=chain))
        return self._spend(op, shape, {op: rows, f"terms of {op}": x.size}, x)

    def cumulate_last(self, x: Array) -> Array:
        """Return n iterated sums side by side, of 1 to n terms, or what the order of accumulation makes of them."""
        n, rows = x.shape[-1], int(np.prod(x.shape[:-1], dtype=np.int64))
        spent = running_cost(self.accumulate or exact_then_round, n)
        return self._spend_sums("cumulative_sum", x.shape, rows, spent, x)

    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return a matrix product: one layer of products, one of sums."""
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        shape = (*batch, a.shape[-2], b.shape[-1])
        entries = int(np.prod(shape, dtype=np.int64))
        terms = entries * a.shape[-1]
        if self.accumulate is None:
            return self._spend("matmul", shape, {"multiply": terms, "sum": entries, "terms of sum": terms}, a, b)
        sums = sum_cost(self.accumulate, a.shape[-1])
        layered = SumCost(depth(s=1) + sums.path, sums.operations)
        return self._spend_sums("matmul", shape, entries, layered, a, b, multiply=terms)

    def _spend_sums(
        self, op: str, shape: tuple[int, ...], times: int, spent: SumCost, *operands: Array, multiply: int = 0
    ) -> Array:
        """Return the result of so many sums, and of multiplications before them."""
        counts = {kind: times * n for kind, n in spent.operations.items()} | (
            {"multiply": multiply} if multiply else {}
        )
        return self._spend(op, shape, counts, *operands, own=spent.path)


def _joined(costs: list[Cost]) -> Cost:
    """Return the cost of having all the given arrays, side by side."""
    path, steps, calls = depth(), frozenset[Step](), frozenset[tuple[int, str, int]]()
    for c in costs:
        path, steps, calls = path.max_with(c.path), steps | c.steps, calls | c.calls
    return Cost(path, steps, calls)


def cost_of(x: Array) -> Cost:
    """Return the cost record of an array of the cost namespace."""
    if not isinstance(x.note, Cost):
        raise UnsupportedError(
            f"cost: array must belong to the cost namespace; got one of {x.__array_namespace__().name}"
        )
    return x.note


def critical_path(x: Array) -> Depth:
    """Return the length of the longest chain of operations behind `x`."""
    return cost_of(x).path


def sequential(x: Array) -> Depth:
    """Return the sum over all steps behind `x`, operations of one kind at one depth counted once."""
    total = depth()
    for _, _, own in sorted(cost_of(x).steps, key=lambda step: (step[0], str(step[1]))):
        total = total + own
    return total


def size(x: Array) -> dict[str, int]:
    """Return how many scalar operations of each kind lie behind `x`; `terms of sum` counts the terms of all sums."""
    total: Counter[str] = Counter()
    for _, kind, n in cost_of(x).calls:
        total[kind] += n
    return dict(sorted(total.items()))


def cost(accumulate: Accumulate | str | None = None) -> CostSemantics:
    """Return a namespace that computes depth and size instead of values.

    Parameters
    ----------
    accumulate : Accumulate or str, optional
        The order of sums and matrix products; by default each sum is one iterated sum of the papers.

    Examples
    --------
    >>> xp = cost()
    >>> scores = xp.matmul(xp.empty((4, 2)), xp.empty((2, 16)))
    >>> print(critical_path(xp.exp(xp.divide(scores, 2))))
    2s+P+E
    >>> xp = cost("split(4)")
    >>> print(critical_path(xp.matmul(xp.empty((1, 64)), xp.empty((64, 1)))))
    19s
    """
    return CostSemantics(None if accumulate is None else parse_accumulate(accumulate))
