"""Depth and operations of a sum for every order of accumulation, in the papers' constants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from precise.policy import Accumulate
from precise.semantics.depth import Depth, depth


@dataclass(frozen=True, slots=True)
class SumCost:
    """The critical path of one sum, and its operations on single numbers by kind."""

    path: Depth
    operations: dict[str, int]


def sum_cost(how: Accumulate, n: int) -> SumCost:
    """Return the cost of one sum of n terms.

    An addition of two numbers costs s, an exact sum of any number of terms one iterated sum P; so does a step of the
    tensor-core order, alignment included. Neumaier's comparison runs beside its addition.

    Examples
    --------
    >>> from precise import Kahan, SplitK
    >>> print(sum_cost(SplitK(4), 100).path, sum_cost(Kahan(), 100).operations)
    27s {'add': 99, 'subtract': 297}
    """
    if n == 0:
        return SumCost(depth(), {})
    if how.order == "exact":
        return SumCost(depth(P=1), {"sum": 1, "terms of sum": n})
    if how.order == "kahan":  # y, t, u, c one after the other; the last u and c are not waited for
        return SumCost(depth(s=max(4 * n - 6, 0)), {"add": n - 1, "subtract": 3 * (n - 1)})
    if how.order == "neumaier":  # t in sequence; u, v and c of the last term follow, and s + c
        steps = {"add": 3 * (n - 1) + 1, "subtract": n - 1, "less_equal": n - 1}
        return SumCost(depth(s=n + 3 if n > 1 else 1), steps)
    if how.order == "promoted" and how.inner is not None and how.size is not None:
        return _promoted(how.inner, how.size, n)
    if how.order in ("blocked", "tensor-core") and how.size is not None:
        steps_taken = -(-n // how.size)
        return SumCost(depth(P=steps_taken), {"sum": steps_taken, "terms of sum": n + steps_taken - 1})
    longest = n - 1
    if how.order == "pairwise":
        longest = (n - 1).bit_length()
    elif how.order == "split" and how.size is not None:
        parts = min(how.size, n)
        longest = -(-n // parts) - 1 + parts - 1
    return SumCost(depth(s=longest), {"add": n - 1})


def _promoted(inner: Accumulate, size: int, n: int) -> SumCost:
    """Return the cost of the blocks side by side, and of adding their sums in sequence."""
    whole, rest = divmod(n, size)
    found = [(sum_cost(inner, size), whole), (sum_cost(inner, rest), 1)]
    path, operations = depth(), Counter[str]()
    for cost, times in found:
        if times:
            path = path.max_with(cost.path)
            operations.update({kind: times * count for kind, count in cost.operations.items()})
    blocks = whole + (rest > 0)
    operations["add"] += blocks - 1
    return SumCost(path + depth(s=blocks - 1), dict(operations))


def running_cost(how: Accumulate, n: int) -> SumCost:
    """Return the cost of the sums of the first 1, 2, ..., n terms: one running sum if in sequence, else n sums."""
    if how.order == "sequential" or n == 0:
        return sum_cost(how, n)
    operations = Counter[str]()
    for count in range(1, n + 1):
        operations.update(sum_cost(how, count).operations)
    return SumCost(sum_cost(how, n).path, dict(operations))
