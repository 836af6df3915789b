"""Sums and matrix products in every order, against rational arithmetic on data that cancels, ties and vanishes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import ROUNDING, format_of, value_of
from oracles import tally
from oracles.floats import as_floats, as_values
from oracles.hardsums import hard_factors, hard_terms
from oracles.integers import MODES, Spec, Value
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, E4M3FN, TF32, paper, small, unbounded
from oracles.sums import Plan, dot, total
from oracles.verdict import expect_equal, expect_same

from precise import Dyadic, Sequential, exact_products, exact_then_round, rounded
from precise.policy import Accumulate

SEED = tally.seeded("sums", 20250104)
RESULTS = (BINARY16, BFLOAT16, TF32, BINARY32, E4M3FN, small(3, -6, 8), paper(4), unbounded(5))
SumSubject = Callable[[Spec, str, Plan, Floats], Floats]
ProductSubject = Callable[[Spec, str, Plan, Floats, Floats], Floats]

PLANS = {
    "sequential": Plan("sequential"),
    "pairwise": Plan("pairwise"),
    "exact": Plan("exact"),
    "sequential in binary32": Plan("sequential", accumulator=BINARY32),
    "pairwise in binary32": Plan("pairwise", accumulator=BINARY32),
    "sequential in p=13": Plan("sequential", accumulator=unbounded(13)),
    "pairwise in p=13": Plan("pairwise", accumulator=unbounded(13)),
    "exact in p=13": Plan("exact", accumulator=unbounded(13)),
}
PRODUCT_PLANS = {
    **PLANS,
    "pairwise, exact products": Plan("pairwise", "exact"),
    "fused chain": Plan("sequential", "exact"),
    "fused dot": Plan("exact", "exact"),
    "fused chain in binary32": Plan("sequential", "exact", BINARY32),
}


def accumulate_of(plan: Plan) -> Accumulate:
    """Return the package's record of a plan."""
    accumulator = None if plan.accumulator is None else format_of(plan.accumulator)
    rounding = None if plan.mode is None else ROUNDING[plan.mode]
    return Accumulate(plan.order, plan.products, accumulator, rounding)


def sums(spec: Spec, mode: str, plan: Plan, terms: Floats) -> Floats:
    """Return the sums of rows."""
    xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate_of(plan))
    return xp.sum(xp.asarray(terms), axis=-1).to_float64()


def products(spec: Spec, mode: str, plan: Plan, a: Floats, b: Floats) -> Floats:
    """Return a matrix product."""
    xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate_of(plan))
    return xp.matmul(xp.asarray(a), xp.asarray(b)).to_float64()


def check_sums(subject: SumSubject, spec: Spec, mode: str, name: str, rows: int = 40) -> None:
    """Compare sums of several lengths."""
    for n in (1, 2, 3, 5, 8, 11):
        terms = hard_terms(spec, SEED + n, rows, n)
        theirs = as_floats([total(as_values(row), PLANS[name], spec, mode) for row in terms])
        expect_same(
            "sum", "rationals", f"{spec.name} {mode} {name} n={n}", subject(spec, mode, PLANS[name], terms), theirs
        )


def check_products(subject: ProductSubject, spec: Spec, mode: str, name: str) -> None:
    """Compare matrix products of several shapes."""
    plan = PRODUCT_PLANS[name]
    for rows, k, columns in ((12, 5, 3), (7, 8, 2), (3, 1, 2)):
        a, b = hard_factors(spec, SEED + k, rows, k, columns)
        left, right = [as_values(r) for r in a], [as_values(c) for c in b.T]
        theirs = as_floats([dot(r, c, plan, spec, mode) for r in left for c in right])
        ours = subject(spec, mode, plan, a, b)
        assert ours.shape == (rows, columns)
        expect_same("matmul", "rationals", f"{spec.name} {mode} {name} k={k}", ours, theirs)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("spec", RESULTS, ids=lambda s: s.name)
def test_sums_in_every_order(spec: Spec, name: str) -> None:
    for mode in MODES:
        check_sums(sums, spec, mode, name)


@pytest.mark.parametrize("name", PRODUCT_PLANS)
@pytest.mark.parametrize("spec", RESULTS, ids=lambda s: s.name)
def test_matrix_products_in_every_order(spec: Spec, name: str) -> None:
    for mode in MODES:
        check_products(products, spec, mode, name)


@pytest.mark.parametrize("name", ["sequential", "pairwise", "exact"])
def test_sums_of_binary64(name: str) -> None:
    for mode in MODES:
        check_sums(sums, BINARY64, mode, name, 12)


def test_accumulator_may_round_in_its_own_mode() -> None:
    plan = Plan("sequential", accumulator=BINARY32, mode="RTZ")
    for mode in ("RNE", "RTP"):
        terms = hard_terms(BFLOAT16, SEED, 120, 9)
        theirs = as_floats([total(as_values(row), plan, BFLOAT16, mode) for row in terms])
        expect_same("sum", "rationals", f"bfloat16 {mode} over RTZ", sums(BFLOAT16, mode, plan, terms), theirs)


def far(c: int, q: int) -> Dyadic:
    """Return c * 2**q."""
    return Dyadic(c, q)


GAP_RULES = [
    (4, [(8, 17), (8, 13), (9, 8), (-8, 8), (-8, 6)], (8, 17)),
    (6, [(33, 60), (-32, 60), (-33, 48)], (63, 54)),
]


@pytest.mark.parametrize(("p", "terms", "right"), GAP_RULES)
def test_exact_sums_that_refute_short_gap_rules(p: int, terms: list[tuple[int, int]], right: tuple[int, int]) -> None:
    fmt = format_of(unbounded(p))
    for order in (terms, terms[::-1], terms[1:] + terms[:1]):
        xp = rounded(fmt, ROUNDING["RNE"], accumulate=exact_then_round)
        ours = xp.sum(xp.asarray([far(*t) for t in order])).elements()
        expect_equal("sum", "vectors", f"p={p}", [value_of(ours.item())], [far(*right).to_fraction()], [order])


def test_a_bfloat16_sum_of_ones_sticks_at_256_in_sequence_only() -> None:
    ones = np.ones(4096)
    found = [
        float(
            rounded("bfloat16", "RNE", accumulate=how)
            .sum(rounded("bfloat16", "RNE", accumulate=how).asarray(ones))
            .to_float64()
        )
        for how in (Sequential(), exact_then_round, Sequential(format_of(BINARY32)))
    ]
    assert found == [256, 4096, 4096]


def test_products_are_rounded_or_not() -> None:
    row, column = [[Dyadic(9), Dyadic(1)]], [[Dyadic(29)], [Dyadic(1, -30)]]
    for how, right in ((exact_products, 262), (Sequential(products="exact"), 260), (exact_then_round, 260)):
        xp = rounded("bfloat16", "RNE", accumulate=how)
        ours: Value = value_of(xp.matmul(xp.asarray(row), xp.asarray(column)).elements().item())
        assert ours == Fraction(right), (how, ours)
    tally.count("matmul", "vectors", 3)


@pytest.mark.parametrize("name", ["sequential", "pairwise", "exact"])
def test_axes_are_summed_in_c_order(name: str) -> None:
    x = hard_terms(BFLOAT16, SEED, 24, 10).reshape(4, 6, 10)
    rows = {
        0: np.moveaxis(x, 0, -1),
        1: np.moveaxis(x, 1, -1),
        (0, 2): np.moveaxis(x, 1, 0).reshape(6, 40),
        None: x.ravel(),
    }
    for mode in ("RNE", "RTP"):
        xp = rounded("bfloat16", mode, accumulate=accumulate_of(PLANS[name]))
        for axis, terms in rows.items():
            flat = terms.reshape(-1, terms.shape[-1])
            theirs = as_floats([total(as_values(row), PLANS[name], BFLOAT16, mode) for row in flat])
            ours = xp.sum(xp.asarray(x), axis=axis).to_float64()
            expect_same("sum", "rationals", f"axis {axis} {mode} {name}", ours, theirs)


@pytest.mark.parametrize("name", ["sequential", "pairwise", "exact", "fused dot", "sequential in binary32"])
def test_einsum_and_stacks_are_the_same_matrix_product(name: str) -> None:
    a, b = hard_factors(BFLOAT16, SEED, 6, 7, 4)
    for mode in ("RNE", "RTN"):
        xp = rounded("bfloat16", mode, accumulate=accumulate_of(PRODUCT_PLANS[name]))
        x, y = xp.asarray(a), xp.asarray(b)
        plain = xp.matmul(x, y).to_float64()
        expect_same("einsum", "matmul", f"{mode} {name}", xp.einsum("ik,kj->ij", x, y).to_float64(), plain)
        stack = xp.matmul(xp.asarray(np.stack([a, -a])), y).to_float64()
        for i, left in enumerate((a, -a)):
            alone = xp.matmul(xp.asarray(left), y).to_float64()
            expect_same("matmul", "matmul", f"stacked {mode} {name}", stack[i], alone)
