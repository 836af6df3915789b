"""Every named format, every deterministic mode, every operation, bit for bit against MPFR on boundary-heavy inputs."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pytest
from matrix.subjects import Binary, RoundArray, Ternary, Unary, binary, fma, round_array, unary
from oracles import mpfr, tally
from oracles.integers import MODES, Spec
from oracles.lanes import Floats, from_floats, round_exact
from oracles.named import NAMED
from oracles.points import arguments, pairs, points
from oracles.verdict import expect_same

SEED = tally.seeded("acceptance", 20250103)
LANED = [s for s in NAMED.values() if s.p is not None and s.p <= 51]
PAIRS = {s.name: 6000 if s in LANED else 1500 for s in NAMED.values()}
ARGUMENTS = {s.name: 2400 if s in LANED else 700 for s in NAMED.values()}
POINTS = 12_000


@cache
def point_column(name: str) -> tuple[Floats, list]:
    """Return boundary points, and the same as MPFR numbers."""
    x = points(NAMED[name], SEED)
    if len(x) > POINTS:
        kept = np.random.default_rng(SEED).choice(len(x) - 5, POINTS, replace=False)
        x = np.concatenate([x[kept], x[-5:]])
    return x, mpfr.column(x)


@cache
def pair_columns(name: str) -> tuple[Floats, Floats, list, list]:
    """Return pairs of members, and the same as MPFR numbers."""
    a, b = pairs(NAMED[name], SEED, PAIRS[name])
    return a, b, mpfr.column(a), mpfr.column(b)


@cache
def argument_column(name: str) -> tuple[Floats, list]:
    """Return arguments of functions, and the same as MPFR numbers."""
    x = arguments(NAMED[name], SEED, ARGUMENTS[name])
    return x, mpfr.column(x)


def check_points(subject: RoundArray, spec: Spec, mode: str) -> None:
    """Compare the rounding of points that are not in the format."""
    x, column = point_column(spec.name)
    theirs = mpfr.apply("round", spec, mode, column)
    expect_same("round", "MPFR", f"{spec.name} {mode}", subject(spec, mode, x), theirs, x)


def check_binary(subject: Binary, operation: str, spec: Spec, mode: str, part: slice = slice(None)) -> None:
    """Compare an operation on pairs of members."""
    a, b, ca, cb = (v[part] for v in pair_columns(spec.name))
    theirs = mpfr.apply(operation, spec, mode, ca, cb)
    expect_same(operation, "MPFR", f"{spec.name} {mode}", subject(operation, spec, mode, a, b), theirs, a, b)


def check_fma(subject: Ternary, spec: Spec, mode: str, limit: int) -> None:
    """Compare x * y + z with one rounding: z cancels the product, is far from it, or is anything."""
    a, b = (v[:: max(1, len(v) // limit)] for v in pair_columns(spec.name)[:2])
    with np.errstate(all="ignore"):
        near = round_exact(from_floats(-(a * b)), spec, "RNE")
        tiny = round_exact(from_floats(a * b * 2.0**-30), spec, "RTZ")
    kinds = np.arange(len(a)) % 3
    c = np.select([kinds == 0, kinds == 1], [near, tiny], np.roll(a, 5))
    if not spec.infinities:
        c = np.where(np.isfinite(c), c, 1.0)
    theirs = mpfr.apply("fma", spec, mode, *(mpfr.column(v) for v in (a, b, c)))
    expect_same("fma", "MPFR", f"{spec.name} {mode}", subject(spec, mode, a, b, c), theirs, a, b, c)


def check_unary(subject: Unary, operation: str, spec: Spec, mode: str, part: slice = slice(None)) -> None:
    """Compare a function on members."""
    x, column = (v[part] for v in argument_column(spec.name))
    theirs = mpfr.apply(operation, spec, mode, column)
    expect_same(operation, "MPFR", f"{spec.name} {mode}", subject(operation, spec, mode, x), theirs, x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", LANED, ids=lambda s: s.name)
def test_rounding_of_boundary_points(spec: Spec, mode: str) -> None:
    check_points(round_array, spec, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", NAMED.values(), ids=lambda s: s.name)
@pytest.mark.parametrize("operation", mpfr.BINARY)
def test_operations_on_pairs(operation: str, spec: Spec, mode: str) -> None:
    check_binary(binary, operation, spec, mode)


@pytest.mark.parametrize("spec", NAMED.values(), ids=lambda s: s.name)
def test_fused_multiply_add(spec: Spec) -> None:
    for mode in MODES:
        check_fma(fma, spec, mode, 1200)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", NAMED.values(), ids=lambda s: s.name)
@pytest.mark.parametrize("operation", mpfr.UNARY)
def test_functions_on_members(operation: str, spec: Spec, mode: str) -> None:
    check_unary(unary, operation, spec, mode)


@pytest.mark.parametrize("spec", NAMED.values(), ids=lambda s: s.name)
def test_reference_engine_in_every_mode(spec: Spec) -> None:
    for i, mode in enumerate(MODES):
        for operation in mpfr.BINARY:
            check_binary(partial(binary, engine="reference"), operation, spec, mode, slice(i, None, 29))
        for operation in mpfr.UNARY:
            check_unary(partial(unary, engine="reference"), operation, spec, mode, slice(i, None, 41))
