"""The running bound: never below an error, attained where it is sharp, and refuted when it is made smaller."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest

from precise.balls import ball_of, interval_of
from precise.dyadic import Dyadic, Special
from precise.formats import Fixed, Float, bfloat16, binary16, float8_e4m3fn, paper_float, parse_format, unbounded
from precise.policy import Pairwise, Sequential, exact_products, exact_then_round, make_policy
from precise.rounding import DETERMINISTIC, RAZ, RNE, RTN, RTP, RTZ, SR, Rounder, default_overflow, stochastic
from precise.studies import compare as comparing
from precise.studies.bounded import Bounding, bounding
from precise.studies.compare import compare
from precise.studies.operations import OPERATIONS
from precise.studies.rounding_model import RoundingModel

SMALL = [unbounded(1), unbounded(3), Float(3, -2, 2), Float(2, -1, 1), paper_float(2), paper_float(3), Fixed(5, -2)]
ACCUMULATE = [
    exact_then_round,
    exact_products,
    Sequential(),
    Pairwise(),
    Sequential(bfloat16),
    Pairwise(binary16, products="exact"),
    Sequential(products="exact"),
]
SIZES = {"rope": 6, "softmax": 5, "attention": 3, "layer-norm": 1, "matmul": 6, "tensor-attention": 2}
SIZES["rope-tensor-attention"] = 2


@pytest.mark.parametrize("rounding", DETERMINISTIC, ids=str)
@pytest.mark.parametrize("fmt", SMALL, ids=str)
def test_local_bound_holds_and_is_attained(fmt, rounding):
    rounder = Rounder(fmt, rounding, default_overflow(fmt))
    model = RoundingModel(rounder)
    largest = fmt.largest if fmt.largest is not None else Dyadic(64)
    finest = fmt.q_min - 3 if fmt.q_min is not None else -8
    count = largest.integer_at(finest) if fmt.largest else 64 << 8
    points = [Dyadic(n, finest) for n in range(1, count + 1, max(1, count // 400))]
    greatest, best = Fraction(0), Fraction(0)
    for x in points:  # ascending: the bound for x must cover the errors of everything up to x
        for y in (x, -x):
            result = rounder(y)
            held = Fraction(0) if result is Special.NEG_ZERO else result.to_fraction()
            greatest = max(greatest, abs(held - y.to_fraction()))
        bound = interval_of(model.local(ball_of(x))).upper.to_fraction()
        assert greatest <= bound
        best = max(best, greatest / bound)
    assert best > Fraction(4, 5)


@pytest.mark.parametrize("rounding", [RNE, RTZ, RTP, RTN, RAZ, SR], ids=str)
@pytest.mark.parametrize("how", ACCUMULATE, ids=str)
def test_bounds_hold_for_matmul_and_softmax(how, rounding):
    formats = [bfloat16, unbounded(4), float8_e4m3fn, Fixed(12, -5)]
    measured = 0
    for operation, seed in (("matmul", 0), ("matmul", 1), ("softmax", 2)):
        found = compare(operation, formats, rounding=rounding, accumulate=how, seed=seed, size=3)
        assert found.bounds_hold
        measured += sum(row.bound is not None and row.bound.tightest is not None for row in found.rows)
    assert measured >= 9


@pytest.mark.parametrize("include", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_bounds_hold_for_every_operation_and_variant(operation, include):
    formats = [parse_format(t) for t in ("binary16", "p=6", "e5m2", "paper:5")]
    bounded = 0
    for variant in OPERATIONS[operation].variants or (None,):
        for seed in range(2):
            found = compare(
                operation, formats, variant=variant, seed=seed, size=SIZES[operation], include_input_error=include
            )
            assert found.bounds_hold
            bounded += sum(row.bound is not None and row.bound.absolute is not None for row in found.rows)
    assert bounded


def test_halved_bounds_are_refuted(monkeypatch):
    right = Bounding.errors

    def halved(self, x):
        out = right(self, x)
        out.flat = [None if b is None else b.scaled(-1) for b in out.ravel().tolist()]
        return out

    monkeypatch.setattr(Bounding, "errors", halved)
    for operation, size in (("rope", 64), ("softmax", 16), ("matmul", 1)):
        assert not compare(operation, [bfloat16], size=size).bounds_hold, operation


def test_a_bound_without_the_rounding_of_products_is_refuted(monkeypatch):
    monkeypatch.setattr(RoundingModel, "relative", property(lambda self: Fraction(0)))
    monkeypatch.setattr(RoundingModel, "local", lambda self, m, *, sum_of_members=False: flint.arb(0))
    assert not compare("matmul", [unbounded(4)]).bounds_hold


def test_a_bound_that_forgets_the_order_of_summation_is_refuted(monkeypatch):
    monkeypatch.setattr(comparing, "bounding", lambda policy, bits: bounding(make_policy(bfloat16, RTZ), bits))
    assert not compare("matmul", [bfloat16], rounding=RTZ, accumulate=Sequential(), size=256).bounds_hold


def test_running_bound_is_not_above_the_lemma():
    formats = [unbounded(p) for p in (4, 8, 11, 24)]
    compared = 0
    for operation, how in (
        ("matmul", exact_then_round),
        ("matmul", Sequential()),
        ("matmul", Pairwise()),
        ("softmax", exact_then_round),
    ):
        for row in compare(operation, formats, accumulate=how, size=9).rows:
            assert row.lemma.greatest is not None
            assert row.bound.absolute <= row.lemma.greatest * (1 + Fraction(1, 2**60))
            assert row.measurement.absolute <= row.lemma.greatest
            compared += 1
    assert compared == 16


def test_a_lemma_is_silent_where_its_hypotheses_fail():
    rows = compare("matmul", [float8_e4m3fn], size=16).rows + compare("softmax", [binary16]).rows
    for row in rows:
        assert row.lemma.greatest is None
        assert "below the least normal" in row.lemma.reason
    assert compare("softmax", [bfloat16], rounding=RTZ).rows[0].lemma.greatest is None
    assert compare("layer-norm", [bfloat16], size=1).rows[0].lemma is None


def test_no_bound_where_a_result_may_overflow_or_a_divisor_vanish():
    overflowing = compare("softmax", [float8_e4m3fn]).rows[0]
    assert overflowing.measurement.not_finite
    assert overflowing.bound.absolute is not None or "overflow" in overflowing.bound.reason
    collapsed = compare("layer-norm", [bfloat16]).rows[0]
    assert collapsed.bound.absolute is None
    assert "divide by zero" in collapsed.bound.reason


def test_stochastic_rounding_stays_within_the_bound_of_a_whole_ulp():
    results = set()
    for seed in range(5):
        found = compare("matmul", [unbounded(5)], rounding=stochastic(seed=seed), size=8)
        assert found.bounds_hold
        results.add(found.rows[0].measurement.absolute)
    assert len(results) > 1
