"""Shortcuts of fast kernels: harmless blocks, long arrays, larger products, and both ends of the range inside sums."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import ROUNDING, format_of, round_array
from matrix.test_sums import products, sums
from oracles import mpfr, tally
from oracles.floats import as_floats, as_value, as_values
from oracles.integers import MODES, Spec, round_value
from oracles.lanes import Floats, from_floats, from_values, round_exact
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, E4M3FN, NAMED, TF32, paper, small
from oracles.points import exponents
from oracles.regimes import cancelling, full_bits, integer_like, kinds, mixed
from oracles.sums import Plan, dot, total
from oracles.verdict import expect_same

from precise import Sequential, exact_then_round, rounded
from precise.rounding import stochastic

SEED = tally.seeded("kernels", 20250111)
LANED = [s for s in NAMED.values() if s.p is not None and s.p < 53]
NATIVE = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide}


@pytest.mark.parametrize(
    "spec", [*LANED, small(40, -200, 200), small(11, -14, 15, subnormals=False)], ids=lambda s: s.name
)
def test_blocks_of_one_kind(spec: Spec) -> None:
    for kind, x in kinds(spec, SEED).items():
        x = np.random.default_rng(SEED).choice(x, min(len(x), 1500), replace=False)
        exact = from_floats(x)
        for mode in MODES:
            theirs = round_exact(exact, spec, mode)
            expect_same("round", "integers", f"{spec.name} {mode} {kind}", round_array(spec, mode, x), theirs, x)


@pytest.mark.parametrize("spec", [BINARY16, BFLOAT16, E4M3FN, BINARY32], ids=lambda s: s.name)
def test_long_arrays_of_mixed_kinds(spec: Spec) -> None:
    x = mixed(spec, SEED, 150_001)
    exact = from_floats(x)
    for mode in MODES:
        theirs = round_exact(exact, spec, mode)
        expect_same("round", "integers", f"{spec.name} {mode}", round_array(spec, mode, x), theirs, x)


@pytest.mark.parametrize("kind", ["harmless", "around one", "small", "large"])
@pytest.mark.parametrize("spec", [*LANED, small(27, -200, 200), small(51, -200, 200)], ids=lambda s: s.name)
def test_operations_on_operands_of_one_kind(spec: Spec, kind: str) -> None:
    rng = np.random.default_rng(SEED)
    x = round_exact(from_floats(kinds(spec, SEED)[kind]), spec, "RTZ")
    a, b = rng.choice(x, 500), rng.choice(x[x != 0], 500)
    columns = mpfr.column(a), mpfr.column(b)
    for mode in MODES:
        xp = rounded(format_of(spec), ROUNDING[mode])
        for operation in NATIVE:
            theirs = mpfr.apply(operation, spec, mode, *columns)
            ours = getattr(xp, operation)(xp.asarray(a), xp.asarray(b)).to_float64()
            expect_same(operation, "MPFR", f"{spec.name} {mode} {kind}", ours, theirs, a, b)
        for operation in mpfr.UNARY:
            theirs = mpfr.apply(operation, spec, mode, columns[0][:120])
            ours = getattr(xp, operation)(xp.asarray(a[:120])).to_float64()
            expect_same(operation, "MPFR", f"{spec.name} {mode} {kind}", ours, theirs, a[:120])


def exact_products(a: Floats, b: Floats) -> list[list[list[Fraction]]]:
    """Return the exact products of every entry: [row][column][k]."""
    left = [[Fraction(v) for v in row] for row in a.tolist()]
    right = [[Fraction(v) for v in col] for col in b.T.tolist()]
    return [[[x * y for x, y in zip(row, col, strict=True)] for col in right] for row in left]


def entries(a: Floats, b: Floats, spec: Spec, mode: str, plan: Plan) -> Floats:
    """Return a matrix product by rational sums, for exact order."""
    out = []
    for row in exact_products(a, b):
        for terms in row:
            if plan.products == "rounded":
                terms = [Fraction(v) for v in round_exact(from_values(terms), spec, mode).tolist()]
            found = sum(terms, Fraction(0))
            out.append("-0" if found == 0 and mode == "RTN" and any(terms) else found)
    return round_exact(from_values(out), spec, mode).reshape(len(a), b.shape[1])


def in_sequence(a: Floats, b: Floats, spec: Spec, mode: str, products: str) -> Floats:
    """Return a matrix product term after term, by MPFR."""
    rows, columns = len(a), b.shape[1]
    total: list = []
    for k in range(a.shape[1]):
        x = mpfr.column(np.repeat(a[:, k], columns))
        y = mpfr.column(np.tile(b[k], rows))
        if products == "exact" and k:
            found = mpfr.apply("fma", spec, mode, x, y, total)
        else:
            found = mpfr.apply("multiply", spec, mode, x, y)
            found = mpfr.apply("add", spec, mode, total, mpfr.column(found)) if k else found
        total = mpfr.column(found)
    return mpfr.floats(total).reshape(rows, columns)


def factors(spec: Spec, kind: str, rows: int, k: int, columns: int) -> tuple[Floats, Floats]:
    """Return members to multiply."""
    assert spec.p is not None
    rng = np.random.default_rng(SEED + k)
    if kind == "integers":
        a, b = integer_like(rng, (rows, k), spec.p), integer_like(rng, (k, columns), spec.p)
        a[rng.random(a.shape) < 0.2] = 0.0
    elif kind == "cancelling":
        a, b = cancelling(rng, rows, k, columns, spec.p)
    else:
        a, b = full_bits(rng, (rows, k), spec.p, 2), full_bits(rng, (k, columns), spec.p, 2)
    return tuple(round_exact(from_floats(v.ravel()), spec, "RTZ").reshape(v.shape) for v in (a, b))


SHAPES = {(5, 33, 4): MODES, (11, 64, 9): ("RNE", "RTP")}


@pytest.mark.parametrize("kind", ["integers", "cancelling", "full"])
@pytest.mark.parametrize("spec", [BINARY16, BFLOAT16, BINARY32, BINARY64, small(40, -300, 300)], ids=lambda s: s.name)
def test_larger_matrix_products(spec: Spec, kind: str) -> None:
    for shape, modes in SHAPES.items():
        a, b = factors(spec, kind, *shape)
        for mode in modes:
            for kind_of_products in ("exact", "rounded"):
                where = f"{spec.name} {mode} {kind} {kind_of_products}"
                plan = Plan("exact", kind_of_products)
                theirs = entries(a, b, spec, mode, plan)
                expect_same("matmul", "rationals", where, products(spec, mode, plan, a, b), theirs)
                plan = Plan("sequential", kind_of_products)
                theirs = in_sequence(a, b, spec, mode, kind_of_products)
                expect_same("matmul", "MPFR", where, products(spec, mode, plan, a, b), theirs)


@pytest.mark.parametrize("spec", [BINARY32, small(40, -300, 300)], ids=lambda s: s.name)
def test_the_data_tell_a_rounded_binary64_product_from_the_right_one(spec: Spec) -> None:
    a, b = factors(spec, "cancelling", 11, 64, 9)
    naive = round_array(spec, "RTZ", (a @ b).ravel()).reshape(11, 9)
    differ = int((naive != entries(a, b, spec, "RTZ", Plan("exact", "exact"))).sum())
    assert differ > 0
    tally.count("matmul", "hard data", differ)


EDGES = (
    BINARY16,
    BFLOAT16,
    E4M3FN,
    TF32,
    paper(4),
    small(11, -14, 15, subnormals=False),
    small(24, -126, 127),
    small(24, -700, 200),
    small(11, -1000, 950),
    small(50, -960, 960),
    BINARY64,
)


def edge_terms(spec: Spec, end: str, rows: int, n: int) -> Floats:
    """Return lists of terms near the least or the largest numbers of a format, some zeros, one special."""
    assert spec.p is not None
    rng = np.random.default_rng(SEED + n)
    low, high = exponents(spec)
    base = high - 1 if end == "top" else low + 1
    spread = min(3, high - low - 1)
    x = np.ldexp(full_bits(rng, (rows, n), spec.p, 0), base + rng.integers(-spread, 2, (rows, n)))
    x[rng.random(x.shape) < 0.1] = 0.0
    if spec.infinities:
        x[::9, 0] = np.inf
        x[::27, -1] = -np.inf
    if spec.nan:
        x[::31, -1] = np.nan
    return round_exact(from_floats(x.ravel()), spec, "RTZ").reshape(x.shape)


@pytest.mark.parametrize("order", ["sequential", "pairwise", "exact"])
@pytest.mark.parametrize("end", ["top", "bottom"])
@pytest.mark.parametrize("spec", EDGES, ids=lambda s: s.name)
def test_sums_at_both_ends_of_the_range(spec: Spec, end: str, order: str) -> None:
    for mode in MODES:
        for n in (2, 5, 9):
            terms = edge_terms(spec, end, 40, n)
            plan = Plan(order)
            theirs = as_floats([total(as_values(row), plan, spec, mode) for row in terms])
            expect_same("sum", "rationals", f"{spec.name} {mode} {end} {order}", sums(spec, mode, plan, terms), theirs)


@pytest.mark.parametrize("order", ["sequential", "pairwise", "exact"])
@pytest.mark.parametrize("end", ["top", "bottom"])
@pytest.mark.parametrize("spec", EDGES, ids=lambda s: s.name)
def test_products_at_both_ends_of_the_range(spec: Spec, end: str, order: str) -> None:
    assert spec.p is not None
    low, high = exponents(spec)
    middle = (high if end == "top" else low) // 2
    rng = np.random.default_rng(SEED)
    a, b = (np.ldexp(full_bits(rng, s, spec.p, 2), middle) for s in ((6, 5), (5, 4)))
    a[0, 0] = 0.0
    a, b = (round_exact(from_floats(v.ravel()), spec, "RTZ").reshape(v.shape) for v in (a, b))
    for mode in MODES:
        for kind in ("rounded", "exact") if order != "pairwise" else ("rounded",):
            plan = Plan(order, kind)
            left, right = [as_values(r) for r in a], [as_values(c) for c in b.T]
            theirs = as_floats([dot(r, c, plan, spec, mode) for r in left for c in right])
            ours = products(spec, mode, plan, a, b)
            expect_same("matmul", "rationals", f"{spec.name} {mode} {end} {order} {kind}", ours, theirs)


@pytest.mark.parametrize("spec", [BINARY16, BFLOAT16, BINARY32], ids=lambda s: s.name)
def test_stochastic_bits_are_those_of_the_reference(spec: Spec) -> None:
    rng = np.random.default_rng(SEED)
    assert spec.p is not None
    a, b = full_bits(rng, (12, 7), spec.p, 4), full_bits(rng, (7, 9), spec.p, 4)
    for bits in (1, 8, 29, 32):
        for accumulate in (Sequential(), exact_then_round):
            found = []
            for engine in (None, "reference"):
                xp = rounded(format_of(spec), stochastic(seed=SEED, bits=bits), accumulate=accumulate, engine=engine)
                x, y = xp.asarray(a), xp.asarray(b)
                square = xp.asarray(b[:, :7])
                results = [xp.matmul(x, y), xp.sum(x, axis=0), xp.divide(square, x[:7, :]), xp.add(square, x[:7, :])]
                results += [xp.multiply(square, x[:7, :]), xp.exp(x), xp.sin(x), xp.sqrt(xp.abs(x))]
                found.append(np.concatenate([r.to_float64().ravel() for r in results]))
            expect_same("SR", "engines", f"{spec.name} {bits} bits", found[0], found[1])


def test_one_element_and_scalars() -> None:
    for mode in MODES:
        xp = rounded("binary16", mode)
        x = xp.asarray(np.array(3.0))
        assert x.shape == ()
        ours = [as_value(float(xp.divide(x, xp.asarray(np.array(v))).to_float64())) for v in (7.0, -7.0, 10.0)]
        theirs = [round_value(Fraction(3, v), BINARY16, mode) for v in (7, -7, 10)]
        assert ours == theirs
    tally.count("divide", "integers", 3 * len(MODES))
