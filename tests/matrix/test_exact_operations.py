"""Operations that round nothing, or once under another name: signs, comparisons, extremes, squares."""

from __future__ import annotations

import numpy as np
import pytest
from matrix.subjects import ROUNDING, format_of
from oracles import mpfr, tally
from oracles.integers import MODES, Spec
from oracles.named import BFLOAT16, BINARY16, BINARY64, E4M3FN
from oracles.points import pairs
from oracles.verdict import expect_same

from precise import rounded

SEED = tally.seeded("exact operations", 20250112)
FORMATS = (BINARY16, BFLOAT16, BINARY64, E4M3FN)
COMPARISONS = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")


@pytest.mark.parametrize("engine", [None, "reference"])
@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name)
def test_operations_without_rounding(spec: Spec, engine: str | None) -> None:
    a, b = pairs(spec, SEED, 600)
    xp = rounded(format_of(spec), "RTP", engine=engine)
    x1, x2 = xp.asarray(a), xp.asarray(b)
    where = f"{spec.name} {engine}"
    expect_same("negative", "NumPy", where, xp.negative(x1).to_float64(), -a, a)
    expect_same("abs", "NumPy", where, xp.abs(x1).to_float64(), np.abs(a), a)
    for name in COMPARISONS:
        ours = getattr(xp, name)(x1, x2).elements().astype(np.float64)
        expect_same(name, "NumPy", where, ours, getattr(np, name)(a, b).astype(np.float64), a, b)
    distinct = (a != b) | np.isnan(a) | np.isnan(b)  # the sign of max(+0, -0) is not defined
    for name in ("maximum", "minimum"):
        ours = getattr(xp, name)(x1, x2).to_float64()
        expect_same(name, "NumPy", where, ours[distinct], getattr(np, name)(a, b)[distinct], a[distinct], b[distinct])


@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name)
def test_a_square_is_a_product(spec: Spec) -> None:
    a, _ = pairs(spec, SEED, 600)
    column = mpfr.column(a)
    for mode in MODES:
        xp = rounded(format_of(spec), ROUNDING[mode])
        theirs = mpfr.apply("multiply", spec, mode, column, column)
        expect_same("square", "MPFR", f"{spec.name} {mode}", xp.square(xp.asarray(a)).to_float64(), theirs, a)


@pytest.mark.parametrize("mode", MODES)
def test_inputs_may_have_their_own_format(mode: str) -> None:
    """Operands stored in binary32 under results in bfloat16: one rounding of the exact result, none of the operands."""
    a, b = pairs(BFLOAT16, SEED, 400)
    rng = np.random.default_rng(SEED)
    with np.errstate(over="ignore", invalid="ignore"):
        a = (a * (1 + rng.random(len(a)) * 2.0**-9)).astype(np.float32).astype(np.float64)
    xp = rounded("bfloat16", mode, inputs="binary32")
    x1, x2 = xp.asarray(a), xp.asarray(b)
    expect_same("round", "NumPy", f"binary32 inputs {mode}", x1.to_float64(), a, a)
    columns = mpfr.column(a), mpfr.column(b)
    for operation in mpfr.BINARY:
        theirs = mpfr.apply(operation, BFLOAT16, mode, *columns)
        ours = getattr(xp, operation)(x1, x2).to_float64()
        expect_same(operation, "MPFR", f"binary32 inputs {mode}", ours, theirs, a, b)
    for operation in mpfr.UNARY:
        theirs = mpfr.apply(operation, BFLOAT16, mode, columns[0][:150])
        ours = getattr(xp, operation)(xp.asarray(a[:150])).to_float64()
        expect_same(operation, "MPFR", f"binary32 inputs {mode}", ours, theirs, a[:150])
