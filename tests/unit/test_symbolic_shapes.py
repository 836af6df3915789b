"""Costs over symbolic shapes against brute force: numbers that count the operations done on them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from unit.counting_numbers import CONSTANTS, counted

from precise import nn
from precise.claims.expression import parse, rational
from precise.errors import PreciseError, ShapeError, UndecidedError
from precise.nn import rope_attention_layer, rope_tensor_attention_layer, rotation_from_tables, softmax
from precise.semantics.depth import depth
from proofs import _general_depths, _lifting
from proofs import _runs as runs
from proofs._general_layers import cost_of_models
from proofs._lifting import Family, lifted, lifted_modules
from proofs._one_bias import EqualEntries
from proofs._sizes import Facts, Size, value_at
from proofs._symbolic_costs import Cost, symbolic_sequential, symbolic_size
from proofs._symbolic_shapes import SymbolicShapes

BODIES = (
    runs.matrix_product, runs.entrywise_product, runs.three_products, runs.affine_map, runs.norm, runs.rope_matrix,
    runs.rope_matrix_keys_first, runs.rope_layer, runs.rope_layer_keys_first, runs.tensor_matrix, runs.tensor_layer,
    runs.tensor_layer_weights, runs.rope_tensor_matrix, runs.rope_tensor_matrix_planes, runs.rope_tensor_layer,
)  # fmt: skip


@pytest.mark.parametrize("run", BODIES)
@pytest.mark.parametrize(("n", "d"), [(1, 2), (1, 4), (2, 2), (3, 2), (2, 4)])
def test_a_symbolic_run_gives_what_counting_gives(run: Callable, n: int, d: int) -> None:
    case = _general_depths.ONE if n == 1 else _general_depths.MORE
    found = _general_depths.cost_in_general(run, case)
    for constants in CONSTANTS:
        there = counted(run, n, d, constants)
        assert found.path.evaluate(constants) == there.level
        added = symbolic_sequential(found).evaluate(constants)
        # depths such as max(s+P, △) and s+P are two, but one where sines are shallow, and steps there may meet
        assert added == there.in_sequence or (run is runs.rope_tensor_matrix_planes and added > there.in_sequence)
        assert {k: value_at(v, {"n": n, "k": d // 2}) for k, v in symbolic_size(found).items()} == there.counts


@pytest.mark.parametrize("attention", [runs.rope_layer_of, runs.tensor_layer_of, runs.rope_tensor_layer_of])
@pytest.mark.parametrize(("m", "n", "d"), [(1, 1, 2), (2, 2, 2), (3, 1, 4), (4, 2, 2)])
def test_symbolic_models_give_what_counting_gives(attention: Callable, m: int, n: int, d: int) -> None:
    found = cost_of_models(attention, _general_depths.ONE if n == 1 else _general_depths.MORE)
    values = {"m": m, "n": n, "k": d // 2}
    for constants in CONSTANTS:
        there = counted(runs.model(attention, m), n, d, constants)
        for formal, level in ((found.path, there.level), (symbolic_sequential(found), there.in_sequence)):
            sums = [zip((value_at(k, values) for k in a), constants.values(), strict=True) for a in formal.sums]
            assert max(sum(k * c for k, c in pairs) for pairs in sums) == level
        assert {k: value_at(v, values) for k, v in symbolic_size(found).items()} == there.counts


def symbols(least_n: int = 2) -> tuple[SymbolicShapes, Size, Any]:
    """Return a namespace with symbols n and d = 2 k."""
    facts = Facts()
    return SymbolicShapes(facts), facts.number("n", least_n), facts.number("k", 1) * 2


@pytest.mark.parametrize("name", ["planes", "matrix"])
def test_lifted_bodies_do_the_same_arithmetic(name: str) -> None:
    rng = np.random.default_rng(1)
    x, *w = rng.standard_normal((6, 4, 4))
    theta = rng.standard_normal(2)
    for body, count, more in (
        (rope_attention_layer, 3, {}),
        (rope_tensor_attention_layer, 5, {"variant": "pair-sum"}),
        (rope_tensor_attention_layer, 5, {"variant": "complex"}),
    ):
        plain, copy = (f(x[:3], *w[:count], theta=theta, product=name, **more) for f in (body, lifted(body)))
        assert np.array_equal(plain, copy)
    assert lifted(body) is not body


def test_lifted_modules_use_one_another() -> None:
    copies = lifted_modules()
    for copy in copies.values():
        for value in vars(copy).values():
            if getattr(value, "__module__", None) in copies and callable(value) and hasattr(value, "__globals__"):
                assert value.__globals__ is vars(copies[value.__module__])


def test_rotation_matrices_have_both_planes_on_both_axes() -> None:
    xp, n, d = symbols()
    rotation = lifted(rotation_from_tables)(xp.empty((n, d // 2)), xp.empty((n, d // 2)))
    assert rotation.shape == (n, d, d)
    assert symbolic_size(rotation.cost) == {"negative": n * (d // 2)}


def branches_on_n(xp: Any, n: Any, d: Any) -> Any:
    """A body that does another thing at one length."""
    x = xp.empty((n, d))
    return xp.exp(x) if n == 7 else x


def sums_twice_for_wide(xp: Any, n: Any, d: Any) -> Any:
    """A body that compares two free lengths."""
    x = xp.empty((n, d))
    return xp.sum(x, axis=0 if n < d else 1)


@pytest.mark.parametrize("body", [branches_on_n, sums_twice_for_wide])
def test_a_branch_that_the_bounds_do_not_decide_is_an_error(body: Callable) -> None:
    xp, n, d = symbols()
    with pytest.raises(UndecidedError, match="one answer for all values"):
        body(xp, n, d)


def test_loops_of_another_form_are_errors() -> None:
    xp, n, d = symbols()
    span = _lifting.positions(n)
    with pytest.raises(UndecidedError):
        sum(1 for _ in span)
    with pytest.raises(UndecidedError):
        range(n)
    with pytest.raises(UndecidedError):  # an iterated mean: one pass for each column, with names made in the pass
        lifted(nn.layer_norm)(xp.empty((n, d)), variance="welford")
    with pytest.raises(UndecidedError, match="must have an element"):
        _lifting.positions(n, 1)
    with pytest.raises(UndecidedError, match="one answer for all values"):
        _lifting.positions(n - 2)
    with pytest.raises(UndecidedError, match="keep every element"):
        _lifting.each(lambda given: [x for x in given if x is None], span)


def test_lists_of_arrays_of_different_shapes_are_errors() -> None:
    xp, n, _ = symbols()
    rows = _lifting.each(lambda given: [xp.empty((i + 1, 3)) for i in given], _lifting.positions(n))
    with pytest.raises(UndecidedError, match="must not depend on its index"):
        xp.concat(rows)
    with pytest.raises(UndecidedError, match="must not depend on the index of a loop"):
        _lifting.each(lambda given: [xp.exp(xp.empty((i + 1, 3))) for i in given], _lifting.positions(n))


def test_operations_in_a_loop_are_counted_for_every_pass() -> None:
    xp, n, d = symbols()
    x = xp.empty((d,))
    rows = _lifting.each(
        lambda given: [
            _lifting.each(lambda other, i=i: [xp.multiply(x, i + j) for j in other], _lifting.positions(3, d + 3))
            for i in given
        ],
        _lifting.positions(n),
    )
    assert isinstance(rows, Family)
    inner = _lifting.each(lambda given: [xp.stack(row) for row in given], rows)
    table = xp.stack(inner, axis=-1)
    assert table.shape == (d, d, n)
    assert symbolic_size(table.cost) == {"multiply": n * d * d}


def test_shapes_that_do_not_fit_are_errors() -> None:
    xp, n, d = symbols()
    x = xp.empty((n, d))
    for wrong in (
        lambda: xp.matmul(x, xp.empty((d + 1, n))),
        lambda: xp.reshape(x, (n, d + 1)),
        lambda: xp.add(x, xp.empty((n + 1, d))),
        lambda: x[:, : d + 1],
        lambda: x[n, ...],
        lambda: xp.stack([x, xp.empty((n, d + 1))]),
        lambda: xp.concat([x, xp.empty((n, d + 1))], axis=0),
    ):
        with pytest.raises(ShapeError):
            wrong()
    with pytest.raises(PreciseError):
        xp.add(x, xp.empty((d, d)))
    assert xp.concat([x, xp.empty((n, d + 1))], axis=1).shape == (n, 2 * d + 1)
    assert x[1:, None, ..., :2].shape == (n - 1, 1, 2)


def test_steps_at_one_depth_are_one_step() -> None:
    xp, n, d = symbols()
    x, w = xp.empty((n, d)), xp.empty((d, d))
    both = xp.add(xp.matmul(x, w), xp.matmul(x, w))
    assert str(symbolic_sequential(both.cost)) == "2s+P"
    assert symbolic_size(both.cost) == {
        "add": n * d, "multiply": 2 * n * d * d, "sum": 2 * n * d, "terms of sum": 2 * n * d * d,
    }  # fmt: skip
    assert str(symbolic_sequential(lifted(softmax)(x).cost)) == "s+P+E"


SCORES, LAST = ("matmul", "matmul", "matmul", "exp"), ("matmul", "divide")


@pytest.mark.parametrize(
    ("run", "chains"),
    [
        (runs.norm, [("sum", "divide", "subtract", "multiply", "sum", "divide", "sqrt", "divide")]),
        (runs.tensor_layer, [("matmul", "multiply", "matmul", "divide", "exp", *LAST)]),
        (runs.rope_layer, [("cos", *SCORES, *LAST), ("matmul", *SCORES, *LAST)]),
        (runs.three_products, [("multiply",)]),
    ],
)
def test_chains_of_operations_are_those_of_the_formulas(run: Callable, chains: list[tuple[str, ...]]) -> None:
    for case in (_general_depths.ONE, _general_depths.MORE):
        found = dict(_general_depths.cost_in_general(run, case).chains)
        assert sorted(found.values()) == chains


def test_steps_that_may_be_one_are_errors() -> None:
    twice = [depth(s=2).max_with(depth(P=2)), depth(s=2).max_with(depth(P=2)).max_with(depth(s=1, P=1))]
    one_function = Cost(steps=frozenset(("add", before, depth(s=1)) for before in twice))
    with pytest.raises(UndecidedError, match="must lie at different depths"):
        symbolic_sequential(one_function)
    other_kinds = Cost(steps=frozenset(zip(("add", "sum"), twice, (depth(s=1), depth(P=1)), strict=True)))
    assert str(symbolic_sequential(other_kinds)) == "s+P"


def test_steps_after_a_loop_are_not_added() -> None:
    facts = Facts()
    xp, n, d = SymbolicShapes(facts), facts.number("n", 2), facts.number("k", 1) * 2
    model = lifted(runs.model)(lifted(runs.tensor_layer_of), facts.number("m", 1))(xp, n, d)
    assert symbolic_sequential(model.cost)
    with pytest.raises(UndecidedError, match="no step must follow a loop"):
        symbolic_sequential(xp.exp(model).cost)


def test_every_module_of_the_bodies_that_is_run_is_lifted() -> None:
    used = {f.__module__ for f in vars(runs).values() if callable(f) and hasattr(f, "__globals__")}
    assert used <= set(_lifting.MODULES)
    assert all(isinstance(m, ModuleType) for m in lifted_modules().values())


@pytest.mark.parametrize(("weight", "bias"), [(0, 1), (3, -2), (-1, 7)])
def test_arrays_of_equal_entries_are_as_numpy_has_them(weight: int, bias: int) -> None:
    xp, facts = EqualEntries(), Facts()
    n, d = facts.number("n", 1), facts.number("d", 1)
    found = nn.affine(xp.full((n, d), "x"), xp.full((1, d), weight), xp.full((1,), bias))
    for x, width in product((-2, 0, 5), (1, 2, 7)):
        there = nn.affine(np.full((4, width), x), np.full((1, width), weight), np.full(1, bias))
        assert rational(parse(found.value), {"x": Fraction(x), "d": Fraction(width)}) == there[0, 0]
    assert found.shape == (n, 1)
