"""The engines against each other: the same bits, or a refusal that says why."""

from __future__ import annotations

import numpy as np
import pytest
from matrix.subjects import ROUNDING, format_of
from oracles import tally
from oracles.hardsums import hard_factors, hard_terms
from oracles.integers import MODES, Spec
from oracles.lanes import Floats
from oracles.mpfr import BINARY, UNARY
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, E4M3FN, E5M2, TF32, paper, small, unbounded
from oracles.points import arguments, pairs
from oracles.verdict import expect_same

from precise import Pairwise, Sequential, exact_products, exact_then_round, rounded
from precise.errors import UnsupportedError

SEED = tally.seeded("engines", 20250108)
FORMATS = (
    BINARY16,
    BFLOAT16,
    TF32,
    BINARY32,
    BINARY64,
    E4M3FN,
    E5M2,
    paper(4),
    paper(8),
    unbounded(11),
    unbounded(40),
    small(26, -100, 100),
    small(11, -14, 15, subnormals=False),
)
ORDERS = {
    "sequential": Sequential(),
    "pairwise": Pairwise(),
    "exact": exact_then_round,
    "fused dot": exact_products,
    "in binary32": Sequential(format_of(BINARY32)),
    "pairwise in binary32": Pairwise(format_of(BINARY32)),
}
served: set[str] = set()
refusals: list[str] = []


def run(
    spec: Spec, mode: str, engine: str, operation: str, *x: Floats, accumulate: object = exact_then_round
) -> Floats | None:
    """Return an operation by one engine, or None where it refuses."""
    try:
        xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate, engine=engine)
        arrays = [xp.asarray(v) for v in x]
        y = xp.sum(arrays[0], axis=-1) if operation == "sum" else getattr(xp, operation)(*arrays)
    except UnsupportedError as error:
        refusals.append(str(error))
        return None
    assert y.engine == engine
    if engine == "narrow":
        served.add(operation)
    return y.to_float64()


def check_engines(spec: Spec, mode: str, operation: str, *x: Floats, accumulate: object = exact_then_round) -> None:
    """Compare the narrow engine with the reference, unless it refuses."""
    fast = run(spec, mode, "narrow", operation, *x, accumulate=accumulate)
    if fast is not None:
        slow = run(spec, mode, "reference", operation, *x, accumulate=accumulate)
        assert slow is not None
        assert slow.shape == fast.shape
        expect_same(
            operation, "engines", f"{spec.name} {mode}", fast, slow, *(x if operation in (*BINARY, *UNARY) else ())
        )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name)
def test_operations_and_functions(spec: Spec, mode: str) -> None:
    a, b = pairs(spec, SEED, 200)
    if not spec.infinities or spec.q_min is None:
        b = np.where(b == 0, 1.0, b)
    for operation in BINARY:
        check_engines(spec, mode, operation, a, b)
    x = arguments(spec, SEED, 60)
    for operation in UNARY:
        inside = x if spec.nan and spec.q_min is not None else x[x > 0] if operation in ("sqrt", "log") else x
        check_engines(spec, mode, operation, inside)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name)
def test_sums_and_matrix_products(spec: Spec, order: str) -> None:
    for mode in MODES:
        for n in (1, 2, 7, 13):
            check_engines(spec, mode, "sum", hard_terms(spec, SEED + n, 8, n), accumulate=ORDERS[order])
        for rows, k, columns in ((1, 1, 1), (4, 7, 3), (5, 8, 2)):
            a, b = hard_factors(spec, SEED + k, rows, k, columns)
            check_engines(spec, mode, "matmul", a, b, accumulate=ORDERS[order])


def test_the_narrow_engine_served_every_kind_of_operation() -> None:
    spec = BINARY16
    a, b = pairs(spec, SEED, 40)
    for operation in BINARY:
        check_engines(spec, "RNE", operation, a, b)
    for operation in UNARY:
        check_engines(spec, "RNE", operation, arguments(spec, SEED, 20))
    check_engines(spec, "RNE", "sum", hard_terms(spec, SEED, 3, 5))
    check_engines(spec, "RNE", "matmul", *hard_factors(spec, SEED, 3, 5, 2))
    assert {*BINARY, "sqrt", "exp", "sum", "matmul"} <= served


def test_a_refusal_says_why() -> None:
    refusals.clear()
    assert run(unbounded(200), "RNE", "narrow", "add", np.ones(2), np.ones(2)) is None
    assert len(refusals) == 1
    assert ":" in refusals[0]


@pytest.mark.parametrize("engine", ["narrow", "reference"])
def test_shapes_without_elements(engine: str) -> None:
    xp = rounded("binary16", "RNE", engine=engine)
    empty = xp.asarray(np.zeros(0))
    assert xp.sum(empty).to_float64().tolist() == 0
    assert (
        xp.matmul(xp.asarray(np.zeros((2, 0))), xp.asarray(np.zeros((0, 3)))).to_float64().tolist() == [[0, 0, 0]] * 2
    )
    assert xp.add(empty, empty).shape == (0,)


@pytest.mark.parametrize("mode", MODES)
def test_chunks_and_shapes_change_nothing(mode: str) -> None:
    a, b = pairs(BFLOAT16, SEED, 3000)
    n = len(a) // 4 * 4
    a, b = a[:n], b[:n]
    xp = rounded("bfloat16", mode)
    whole = xp.add(xp.asarray(a), xp.asarray(b)).to_float64()
    square = xp.add(xp.asarray(a.reshape(4, -1)), xp.asarray(b.reshape(4, -1))).to_float64()
    parts = [xp.add(xp.asarray(a[i:j]), xp.asarray(b[i:j])).to_float64() for i, j in ((0, 1), (1, 900), (900, n))]
    expect_same("add", "engines", f"reshaped {mode}", square, whole, a, b)
    expect_same("add", "engines", f"chunked {mode}", np.concatenate(parts), whole, a, b)
