"""Lengths that are polynomials: what the bounds decide is what holds at all values on a grid, and nothing else."""

from __future__ import annotations

import operator
from itertools import product

import pytest

from precise.errors import UndecidedError
from proofs._sizes import Facts, value_at


def test_lengths_are_compared_as_at_all_their_values() -> None:
    facts = Facts()
    n, k = facts.number("n", 2), facts.number("k", 1)
    grid = list(product(range(2, 9), range(1, 9)))
    lengths = [n, k, n * k, 2 * k, n - 1, n * n, n + k, 3, 1, n * n - n, 2 * n - 3, k * k + 1, n * n * k]
    decided = 0
    for left, right in product(lengths, repeat=2):
        for compare in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
            values = [{"n": a, "k": b} for a, b in grid]
            truth = {compare(value_at(left, v), value_at(right, v)) for v in values}
            if isinstance(left, int) and isinstance(right, int):
                continue
            relation = compare(left, right)
            try:
                assert truth == {bool(relation)}
                decided += 1
            except UndecidedError:
                pass
            if len(truth) == 2:
                with pytest.raises(UndecidedError):
                    bool(relation)
    assert decided > 400


def test_an_index_is_compared_as_at_all_its_values() -> None:
    facts = Facts()
    n = facts.number("n", 2)
    i = facts.index(1, n)
    j = facts.index(i, 2 * n)
    assert i >= 1
    assert i <= n
    assert i * n <= n * n
    assert j + n - i >= n
    assert j - i + 1 > 0
    for undecided in (i < n, i == j, j <= n, i * i >= 1):
        with pytest.raises(UndecidedError):
            bool(undecided)


def test_lengths_divide_exactly_or_not_at_all() -> None:
    facts = Facts()
    k = facts.number("k", 1)
    assert (6 * k + 4) // 2 == 3 * k + 2
    assert (6 * k + 4) % 2 == 0
    assert (6 * k + 5) % 3 == 2
    for wrong in (lambda: (3 * k) // 2, lambda: (3 * k) % 2):
        with pytest.raises(UndecidedError):
            wrong()
