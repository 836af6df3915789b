"""Loops of unknown length that carry an array: against sums taken by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from precise.errors import UndecidedError
from precise.semantics.depth import Depth, depth
from proofs._sizes import Facts, value_at
from proofs._symbolic_costs import Cost, symbolic_sequential
from proofs._symbolic_loops import after_loop


def loop(one_pass: Callable[[Cost], Cost], path: Any = None) -> Cost:
    """Return the cost after m passes."""
    facts = Facts()
    m = facts.number("m", 1)
    return after_loop(Cost(path=path or depth()), one_pass, m, facts, iter(range(99)).__next__)


def stepped(kind: str, own: Any, before: Cost, beside: Any = None) -> Cost:
    """Return the cost after one more operation, on what stands beside too."""
    path = before.path if beside is None else before.path.max_with(beside)
    return Cost(path + own, before.steps | {(kind, path, own)}, before.calls)


def test_passes_add_up() -> None:
    found = loop(lambda c: stepped("add", depth(s=2), stepped("sum", depth(P=1), c)), depth(E=1))
    (path,), (total,) = found.path.sums, symbolic_sequential(found).sums
    for m in range(1, 6):
        assert [value_at(k, {"m": m}) for k in path] == [2 * m, m, 0, 1, 0, 0, 0]
        assert [value_at(k, {"m": m}) for k in total] == [2 * m, m, 0, 0, 0, 0, 0]


def test_a_maximum_counts_in_the_first_pass_only() -> None:
    found = loop(lambda c: stepped("add", depth(s=1), c, depth(tri=1)))
    for m in range(1, 6):
        sums = sorted([value_at(k, {"m": m}) for k in a] for a in found.path.sums)
        assert sums == [[m, 0, 0, 0, 0, 1, 0]]


def test_a_loop_without_an_invariant_is_an_error() -> None:
    passes: list[int] = []

    def ever_longer(c: Cost) -> Cost:
        passes.append(1)
        return stepped("add", depth(s=len(passes)), c)

    with pytest.raises(UndecidedError, match="every pass must add"):
        loop(ever_longer)


def test_a_step_that_comes_up_later_is_an_error() -> None:
    passes: list[int] = []

    def third_alone(c: Cost) -> Cost:
        passes.append(1)
        late = {("exp", depth(), depth(E=1))} if len(passes) > 2 else set()
        return Cost(c.path + depth(s=1), frozenset({("add", c.path, depth(s=1)), *late}))

    with pytest.raises(UndecidedError, match="must be in the first"):
        loop(third_alone)


def test_counts_that_grow_are_an_error() -> None:
    passes: list[int] = []

    def ever_more(c: Cost) -> Cost:
        passes.append(1)
        step = ("add", c.path, depth(s=1))
        return Cost(c.path + depth(s=1), frozenset({step}), frozenset({(1, "add", len(passes))}))

    with pytest.raises(UndecidedError, match="same counts"):
        loop(ever_more)


def test_a_path_whose_sums_grow_apart_is_an_error() -> None:
    def one_pass(c: Cost) -> Cost:
        grown = {tuple(k + (i == 0) for i, k in enumerate(a)) if bool(a[0] > 0) else a for a in c.path.sums}
        return Cost(Depth(frozenset(grown)), frozenset())

    with pytest.raises(UndecidedError):
        loop(one_pass, depth(s=1).max_with(depth(P=1)))


@pytest.mark.parametrize("ahead", [1, 2])
def test_a_step_beyond_its_pass_is_an_error(ahead: int) -> None:
    def one_pass(c: Cost) -> Cost:
        step = ("add", c.path + depth(s=ahead), depth(s=1))
        return Cost(c.path + depth(s=1), frozenset({step}))

    with pytest.raises(UndecidedError, match="must lie within its pass"):
        loop(one_pass)


def test_a_step_of_the_start_that_lies_in_a_later_pass_is_an_error() -> None:
    start = Cost(steps=frozenset({("add", depth(s=3), depth(s=1))}))
    facts = Facts()
    with pytest.raises(UndecidedError, match="before the end of the first pass"):
        after_loop(start, lambda c: stepped("add", depth(s=1), c), facts.number("m", 1), facts, iter(range(9)).__next__)
