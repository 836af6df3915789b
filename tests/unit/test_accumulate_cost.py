"""Depth and operations of every order of accumulation, against a walk through the additions of its definition."""

from __future__ import annotations

from collections import Counter

import pytest
from oracles.integers import Spec
from unit import accumulate_models
from unit.accumulate_models import Plan
from unit.test_accumulate_orders import accumulate_of

from precise import cost
from precise.semantics import critical_path, size
from precise.semantics.accumulation_cost import sum_cost

STEPWISE = [
    Plan("sequential"),
    Plan("pairwise"),
    Plan("split", 1),
    Plan("split", 3),
    Plan("split", 20),
    Plan("kahan"),
    Plan("neumaier"),
    Plan("promoted", 3, inner=Plan("sequential")),
    Plan("promoted", 4, inner=Plan("kahan")),
    Plan("promoted", 2, inner=Plan("promoted", 2, inner=Plan("neumaier"))),
]


def walked(plan: Plan, n: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return the depth of the sum of n terms and its additions, by running the definition on depths."""
    count = Counter[str]()

    def deeper(x: int, y: int, mode: str) -> int:
        count["add"] += 1
        return max(x, y) + 1

    with monkeypatch.context() as patch:
        patch.setattr(accumulate_models, "round_value", lambda x, spec, mode: x)
        patch.setattr(accumulate_models, "exact_add", deeper)
        patch.setattr(accumulate_models, "negated", lambda x: x)
        patch.setattr(accumulate_models, "exact_sum", lambda terms, mode: 0)
        patch.setattr(accumulate_models, "at_least", lambda x, y: True)
        found = accumulate_models.total([0] * n, plan, Spec("any", 8, None, None), "RNE")  # type: ignore[list-item]
    assert isinstance(found, int)
    return found, count["add"]


@pytest.mark.parametrize("plan", STEPWISE, ids=str)
def test_depths_are_those_of_the_definition(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in (1, 2, 3, 4, 7, 8, 9, 16):
        steps, additions = walked(plan, n, monkeypatch)
        found = sum_cost(accumulate_of(plan), n)
        assert str(found.path) == {0: "0", 1: "s"}.get(steps, f"{steps}s"), n
        assert sum(v for k, v in found.operations.items() if k in ("add", "subtract")) == additions, n


def test_exact_steps_are_iterated_sums() -> None:
    for how, path, operations in (
        ("exact", "P", {"sum": 1, "terms of sum": 10}),
        ("blocked(4)", "3P", {"sum": 3, "terms of sum": 12}),
        ("tensor-core(5, 8)", "2P", {"sum": 2, "terms of sum": 11}),
        ("promoted(4, exact)", "2s+P", {"sum": 3, "terms of sum": 10, "add": 2}),
    ):
        xp = cost(how)
        found = xp.sum(xp.empty((10,)))
        assert str(critical_path(found)) == path
        assert size(found) == operations


def test_namespace_spends_by_its_order() -> None:
    xp = cost("sequential")
    product = xp.matmul(xp.empty((2, 5)), xp.empty((5, 3)))
    assert str(critical_path(product)) == "5s"
    assert size(product) == {"multiply": 30, "add": 24}
    assert str(critical_path(xp.prod(xp.empty((5,))))) == "4s"
    running = xp.cumulative_sum(xp.empty((2, 5)), axis=1)
    assert running.shape == (2, 5)
    assert size(running) == {"add": 8}
    tree = cost("pairwise")
    assert size(tree.cumulative_sum(tree.empty((4,)))) == {"add": 6}
    papers = cost()
    assert size(papers.cumulative_sum(papers.empty((4,)))) == {"sum": 4, "terms of sum": 10}
    assert str(critical_path(papers.cumulative_sum(papers.empty((4,))))) == "P"
    assert size(xp.sum(xp.empty((0,)))) == {}
