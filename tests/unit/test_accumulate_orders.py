"""Every order of accumulation in both engines, against its definition on fractions, on data that cancels and ties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import ROUNDING, format_of
from oracles.floats import as_floats, as_values
from oracles.hardsums import hard_factors, hard_terms
from oracles.integers import MODES, Spec
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, E4M3FN, paper, unbounded
from unit import accumulate_models
from unit.accumulate_models import Plan

from precise import rounded
from precise.errors import PreciseError, UnsupportedError
from precise.policy import Accumulate, parse_accumulate

SEED = 20261122
FIXED = Spec("fixed(8,-4)", None, -4, Fraction(127, 16), True, False, False, False, Fraction(-8))
P40 = Spec("float(40,-200,200)", 40, -239, (2**40 - 1) * Fraction(2) ** 161)
RESULTS = (BINARY16, BFLOAT16, E4M3FN, BINARY32, P40, unbounded(13), paper(4), FIXED)
ENGINES = ("narrow", "reference")

PLANS = [
    Plan("sequential"),
    Plan("pairwise"),
    Plan("exact"),
    Plan("blocked", 1),
    Plan("blocked", 2),
    Plan("blocked", 4),
    Plan("split", 1),
    Plan("split", 2),
    Plan("split", 4),
    Plan("kahan"),
    Plan("neumaier"),
    Plan("tensor-core", 4, 8),
    Plan("tensor-core", 2, 14),
    *(Plan("tensor-core", 3, 6, align) for align in MODES[1:]),
    Plan("promoted", 3, inner=Plan("sequential")),
    Plan("promoted", 4, inner=Plan("exact")),
    Plan("promoted", 4, inner=Plan("tensor-core", 2, 14)),
    Plan("promoted", 4, inner=Plan("pairwise", spec=BINARY16), spec=BINARY32),
    Plan("promoted", 2, inner=Plan("promoted", 2, inner=Plan("kahan"))),
    Plan("blocked", 4, spec=BINARY32),
    Plan("kahan", spec=unbounded(13)),
    Plan("neumaier", spec=BFLOAT16, mode="RTN"),
    Plan("tensor-core", 4, 25, spec=BINARY32, mode="RTZ"),
    Plan("split", 3, spec=BINARY32, mode="RTP"),
]
PRODUCTS = [
    *(replace(plan, products="exact") for plan in PLANS),
    Plan("sequential", product_spec=BINARY32),
    Plan("kahan", product_spec=BINARY16, product_mode="RTZ"),
    Plan("exact", product_spec=BFLOAT16),
    Plan("neumaier"),
    Plan("blocked", 3, spec=BINARY32, product_spec=BFLOAT16),
]


def accumulate_of(plan: Plan) -> Accumulate:
    """Return the package's record, read from text; the text that it prints gives it back."""
    how = parse_accumulate(str(plan))
    assert parse_accumulate(str(how)) == how
    return how


def terms_of(spec: Spec, rows: int, n: int) -> Floats:
    """Return rows of members: hard ones, and for fixed point ones that saturate and tie."""
    if spec.p is not None:
        return hard_terms(spec, SEED + n, rows, n)
    return np.random.default_rng(n).integers(-128, 128, (rows, n)) / 16.0


def same(ours: Floats, theirs: Floats) -> bool:
    """Return whether two arrays agree in every bit, all NaN being one value."""
    ours, theirs = np.ascontiguousarray(ours).ravel(), np.ascontiguousarray(theirs).ravel()
    return bool(((ours.view(np.int64) == theirs.view(np.int64)) | (np.isnan(ours) & np.isnan(theirs))).all())


def expected_sums(terms: Floats, plan: Plan, spec: Spec, mode: str) -> Floats | None:
    """Return the sums of the definition; None where a step has no value in the accumulator."""
    inner = [p for p in (plan, plan.inner, plan.inner and plan.inner.inner) if p]
    if any((p.spec or spec).nan is False for p in inner) or not spec.nan:
        found = [accumulate_models.total(as_values(row), plan, spec, mode) for row in terms]
        return None if "nan" in found else as_floats(found)
    return as_floats([accumulate_models.total(as_values(row), plan, spec, mode) for row in terms])


def outcome(function: Callable[..., Floats], *arguments: object) -> Floats | PreciseError:
    """Return what a function returns, or the error that it raises."""
    try:
        return function(*arguments)
    except PreciseError as error:
        return error


def check_sums(
    spec: Spec, plan: Plan, mode: str, rows: int, lengths: tuple[int, ...], engines: tuple[str, ...] = ENGINES
) -> dict[str, int]:
    """Compare sums; return how many agreed by engine, the others being refused."""
    agreed = dict.fromkeys(engines, 0)
    for n in lengths:
        terms = terms_of(spec, rows, n)
        theirs = expected_sums(terms, plan, spec, mode)
        for engine in engines:
            xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate_of(plan), engine=engine)
            ours = outcome(lambda xp, x: xp.sum(x, axis=-1).to_float64(), xp, xp.asarray(terms))
            if not isinstance(ours, np.ndarray):
                assert theirs is None or (isinstance(ours, UnsupportedError) and engine == "narrow"), (n, ours)
                continue
            assert theirs is not None
            assert same(ours, theirs), (spec.name, str(plan), mode, engine, n, terms, ours, theirs)
            agreed[engine] += rows
    return agreed


@pytest.mark.parametrize("plan", PLANS, ids=str)
@pytest.mark.parametrize("spec", RESULTS, ids=lambda s: s.name)
def test_sums(spec: Spec, plan: Plan) -> None:
    found = [check_sums(spec, plan, mode, 10, (1, 2, 3, 5, 8, 9)) for mode in MODES]
    for engine in ENGINES:
        assert sum(f[engine] for f in found) > 300, engine


def test_many_rows_take_the_lanes_and_few_the_floats() -> None:
    for plan in PLANS:
        for mode in ("RNE", "RTN"):
            assert check_sums(BFLOAT16, plan, mode, 60, (7, 17), ("narrow",)) == {"narrow": 120}
            assert check_sums(BFLOAT16, plan, mode, 2, (7, 17, 31), ("narrow",)) == {"narrow": 6}


@pytest.mark.parametrize("plan", PRODUCTS, ids=str)
def test_matrix_products(plan: Plan) -> None:
    agreed = 0
    for spec in (BFLOAT16, E4M3FN, BINARY16):
        for mode in ("RNE", "RTZ", "RTN", "RTO"):
            for rows, k, columns in ((9, 5, 7), (4, 8, 2), (1, 1, 1), (2, 0, 3)):
                a, b = hard_factors(spec, SEED + k, rows, k, columns) if k else (np.zeros((2, 0)), np.zeros((0, 3)))
                left, right = [as_values(r) for r in a], [as_values(c) for c in b.T]
                theirs = as_floats([accumulate_models.dot(r, c, plan, spec, mode) for r in left for c in right])
                for engine in ENGINES:
                    how = accumulate_of(plan)
                    xp = rounded(format_of(spec), ROUNDING[mode], accumulate=how, engine=engine)
                    ours = xp.matmul(xp.asarray(a), xp.asarray(b)).to_float64()
                    assert same(ours, theirs), (spec.name, mode, engine, k)
                    agreed += theirs.size
    assert agreed > 1500


@pytest.mark.parametrize("plan", [p for p in PLANS if p.spec is None], ids=str)
def test_zeros_infinities_and_nan(plan: Plan) -> None:
    values = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0]
    terms = np.array([[a, b, c] for a in values for b in values for c in values])
    for mode in ("RNE", "RTN", "RTP"):
        theirs = as_floats([accumulate_models.total(as_values(row), plan, BINARY16, mode) for row in terms])
        for engine in ENGINES:
            xp = rounded("binary16", mode, accumulate=accumulate_of(plan), engine=engine)
            assert same(xp.sum(xp.asarray(terms), axis=-1).to_float64(), theirs), engine
            assert same(xp.cumulative_sum(xp.asarray(terms), axis=-1).to_float64()[:, -1], theirs), engine
            few = xp.cumulative_sum(xp.asarray(terms[::40]), axis=-1).to_float64()
            assert same(few[:, -1], theirs[::40]), engine
            for row, wanted in zip(terms[::9], theirs[::9], strict=True):
                alone = xp.sum(xp.asarray(row)).to_float64()
                assert same(alone, np.array([wanted])), (engine, row)


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_running_sums_are_the_sums_of_the_first_terms(plan: Plan) -> None:
    for spec in (BFLOAT16, E4M3FN):
        terms = np.concatenate([hard_terms(spec, SEED, 7, 6), np.tile(hard_terms(spec, SEED + 1, 7, 6), (6, 1))])
        for mode in ("RNE", "RTP", "RTO"):
            prefixes = [as_values(row[: n + 1]) for row in terms[:14] for n in range(6)]
            theirs = as_floats([accumulate_models.total(p, plan, spec, mode) for p in prefixes]).reshape(14, 6)
            for engine, rows in (("reference", 14), ("narrow", 7), ("narrow", 49)):
                xp = rounded(format_of(spec), mode, accumulate=accumulate_of(plan), engine=engine)
                ours = xp.cumulative_sum(xp.asarray(terms[:rows]), axis=-1).to_float64()
                assert same(ours[:14], theirs[:rows]), (mode, engine)
                assert same(ours[14:], np.tile(theirs[7:], (6, 1))[: rows - 7][7:]), (mode, engine)
