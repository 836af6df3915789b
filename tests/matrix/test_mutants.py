"""Wrong arithmetic that the checks must reject: each mutant goes through the same check as the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from exhaustive.test_codes import check_decode
from exhaustive.test_small_pairs import check_all_pairs
from exhaustive.test_small_rounding import check_rounding
from exhaustive.test_unary_16bit import check_every_input
from matrix.subjects import (
    Binary,
    RoundArray,
    RoundScalar,
    binary,
    format_of,
    round_array,
    round_scalar,
    unary,
    value_of,
)
from matrix.test_acceptance import check_binary, check_fma, check_points, check_unary
from matrix.test_precisions import check_pairs
from matrix.test_stochastic import check_frequency
from matrix.test_sums import ProductSubject, SumSubject, check_products, check_sums, products, sums
from oracles import tally
from oracles.grids import SPECIALS, deciding_points
from oracles.integers import Spec, Value, power_of_two
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, E4M3FN, paper, small
from oracles.sums import Plan

from precise.formats import decode

TINY = small(3, -2, 3)
NO_SUBNORMALS = small(3, -2, 3, subnormals=False)


def rejected(check: Callable[[], None]) -> None:
    """Assert that a check fails, and count nothing of it."""
    with tally.paused(), pytest.raises(AssertionError):
        check()


def swapped(modes: dict[str, str]) -> RoundScalar:
    """Return scalar rounding with some modes taken for others."""
    return lambda x, spec, mode, overflow: round_scalar(x, spec, modes.get(mode, mode), overflow)


def without_sign_of_zero(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Round, but give every zero the sign plus."""
    y = round_scalar(x, spec, mode, overflow)
    return Fraction(0) if y == "-0" else y


def flushed(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Round, but lose the subnormals."""
    y = round_scalar(x, spec, mode, overflow)
    return Fraction(0) if isinstance(y, Fraction) and abs(y) < spec.least_normal else y


def unclamped(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Round with p bits below the least normal number too."""
    free = replace(spec, name="free", q_min=(spec.q_min or 0) - 60)
    return round_scalar(x, free, mode, overflow)


def late_overflow(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Round with an overflow from twice the largest value on."""
    if isinstance(x, Fraction) and spec.largest is not None and spec.largest < abs(x) < 2 * spec.largest:
        return spec.largest if x > 0 else -spec.largest
    return round_scalar(x, spec, mode, overflow)


def always_infinite(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Overflow to infinity in directed modes too."""
    if isinstance(x, Fraction) and spec.largest is not None and abs(x) > spec.largest:
        return "+inf" if x > 0 else "-inf"
    return round_scalar(x, spec, mode, overflow)


def ties_to_least_normal(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Send half the least normal number away from zero."""
    if isinstance(x, Fraction) and abs(x) * 2 == spec.least_normal and mode == "RNE":
        return 2 * x
    return round_scalar(x, spec, mode, overflow)


SCALAR_MUTANTS: list[tuple[str, RoundScalar, Spec, str]] = [
    *((f"{a} by {b}", swapped({a: b}), TINY, a) for a, b in (("RNA", "RNE"), ("RNE", "RNA"), ("RNE", "RTZ"))),
    *((f"{a} by {b}", swapped({a: b}), TINY, a) for a, b in (("RTP", "RTN"), ("RTN", "RTZ"), ("RAZ", "RTP"))),
    *((f"{a} by {b}", swapped({a: b}), TINY, a) for a, b in (("RTO", "RAZ"), ("RTO", "RNE"), ("RTZ", "RTO"))),
    ("sign of zero lost", without_sign_of_zero, TINY, "RTZ"),
    ("subnormals flushed", flushed, TINY, "RNE"),
    ("clamp at emin skipped", unclamped, TINY, "RNE"),
    ("late overflow", late_overflow, TINY, "RNE"),
    ("late overflow of E4M3FN", late_overflow, E4M3FN, "RNE"),
    ("directed overflow to infinity", always_infinite, TINY, "RTZ"),
    ("half the least normal number goes up", ties_to_least_normal, NO_SUBNORMALS, "RNE"),
]


@pytest.mark.parametrize(
    ("name", "mutant", "spec", "mode"), SCALAR_MUTANTS, ids=lambda v: v if isinstance(v, str) else None
)
def test_scalar_rounding(name: str, mutant: RoundScalar, spec: Spec, mode: str) -> None:
    points: list[Value] = [*deciding_points(spec), *SPECIALS]
    with tally.paused():
        check_rounding(round_scalar, spec, mode, spec.overflow, points)
    rejected(lambda: check_rounding(mutant, spec, mode, spec.overflow, points))


def through_float32(spec: Spec, mode: str, x: Floats) -> Floats:
    """Round twice, first to float32."""
    with np.errstate(all="ignore"):
        return round_array(spec, mode, x.astype(np.float32).astype(np.float64))


@pytest.mark.parametrize("spec", [BINARY16, BFLOAT16, E4M3FN], ids=lambda s: s.name)
@pytest.mark.parametrize(
    "mutant", [through_float32, lambda spec, mode, x: round_array(spec, "RNA", x)], ids=["float32", "RNA"]
)
def test_array_rounding(mutant: RoundArray, spec: Spec) -> None:
    rejected(lambda: check_points(mutant, spec, "RNE"))


NATIVE = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide}


def native_then_round(operation: str, spec: Spec, mode: str, x1: Floats, x2: Floats) -> Floats:
    """Compute in binary64 and round: the residual is dropped."""
    with np.errstate(all="ignore"):
        return round_array(spec, mode, NATIVE[operation](x1, x2))


def plus_zero(operation: str, spec: Spec, mode: str, x1: Floats, x2: Floats) -> Floats:
    """Give x - x the sign plus in every mode."""
    y = binary(operation, spec, mode, x1, x2)
    return np.where((y == 0) & (x1 != 0) & (x2 != 0), 0.0, y)


def in_mode(other: str) -> Binary:
    """Return the operations in another mode."""
    return lambda operation, spec, mode, x1, x2: binary(operation, spec, other, x1, x2)


@pytest.mark.parametrize("mode", ["RTZ", "RTP", "RTN", "RAZ", "RTO"])
def test_the_residual_is_needed_in_directed_modes(mode: str) -> None:
    for operation in ("add", "subtract"):
        rejected(lambda op=operation: check_binary(native_then_round, op, BFLOAT16, mode))


@pytest.mark.parametrize("p", [27, 32, 40, 51])
def test_the_residual_is_needed_in_nearest_modes_of_many_bits(p: int) -> None:
    rejected(lambda: check_pairs(native_then_round, small(p, -200, 200), "RNE"))


def test_signs_and_modes_of_pairs() -> None:
    rejected(lambda: check_binary(plus_zero, "subtract", BINARY16, "RTN"))
    rejected(lambda: check_all_pairs(plus_zero, "add", TINY, "RTN"))
    rejected(lambda: check_all_pairs(plus_zero, "multiply", TINY, "RTZ"))
    for operation in NATIVE:
        rejected(lambda op=operation: check_all_pairs(in_mode("RNE"), op, TINY, "RNA"))
        rejected(lambda op=operation: check_all_pairs(in_mode("RTZ"), op, paper(3), "RTN"))
        if operation != "divide":  # no quotient of normal numbers is a tie
            rejected(lambda op=operation: check_binary(in_mode("RNE"), op, BINARY32, "RNA"))


def product_then_sum(spec: Spec, mode: str, x1: Floats, x2: Floats, x3: Floats) -> Floats:
    """Round the product before the addition."""
    return binary("add", spec, mode, binary("multiply", spec, mode, x1, x2), x3)


def test_fused_multiply_add() -> None:
    for spec in (BFLOAT16, BINARY32):
        rejected(lambda s=spec: check_fma(product_then_sum, s, "RNE", 1200))


def host_then_round(operation: str, spec: Spec, mode: str, x: Floats) -> Floats:
    """Round the host library's value."""
    with np.errstate(all="ignore"):
        return round_array(spec, mode, getattr(np, operation)(x))


def beside(operation: str, spec: Spec, mode: str, x: Floats) -> Floats:
    """Return the function with one value in ten thousand moved by one place."""
    y = unary(operation, spec, mode, x)
    k = np.flatnonzero(np.isfinite(y) & (y != 0))[7777 % len(y) // 2]
    y[k] *= 1 + 2.0 ** (1 - (spec.p or 1))
    return y


@pytest.mark.parametrize("operation", ["exp", "sin", "cos", "tanh"])
def test_functions(operation: str) -> None:
    directed = "RTZ" if operation == "cos" else "RTP"  # the cosine of a tiny number is below 1
    rejected(lambda: check_every_input(host_then_round, operation, BFLOAT16, directed))
    rejected(lambda: check_every_input(beside, operation, BINARY16, "RNE"))
    rejected(lambda: check_unary(host_then_round, operation, BINARY32, "RTZ"))
    rejected(lambda: check_unary(lambda op, spec, mode, x: unary(op, spec, "RNE", x), operation, BINARY32, "RTP"))


def reversed_terms(spec: Spec, mode: str, plan: Plan, terms: Floats) -> Floats:
    """Sum from the end."""
    return sums(spec, mode, plan, terms[:, ::-1])


def float_sums(spec: Spec, mode: str, plan: Plan, terms: Floats) -> Floats:
    """Sum in binary64 and round."""
    return round_array(spec, mode, terms.sum(axis=-1))


def same_accumulator(spec: Spec, mode: str, plan: Plan, terms: Floats) -> Floats:
    """Ignore the accumulator's format."""
    return sums(spec, mode, replace(plan, accumulator=None), terms)


def in_order(order: str) -> SumSubject:
    """Return sums in another order."""
    return lambda spec, mode, plan, terms: sums(spec, mode, replace(plan, order=order), terms)


SUM_MUTANTS: list[tuple[str, SumSubject, Spec, str]] = [
    ("reversed", reversed_terms, BFLOAT16, "sequential"),
    ("exact by sequential", in_order("sequential"), BFLOAT16, "exact"),
    ("sequential by exact", in_order("exact"), BFLOAT16, "sequential"),
    ("pairwise by sequential", in_order("sequential"), BFLOAT16, "pairwise"),
    ("sequential by pairwise", in_order("pairwise"), BINARY16, "sequential"),
    ("exact by binary64", float_sums, BINARY32, "exact"),
    ("accumulator ignored", same_accumulator, BFLOAT16, "sequential in binary32"),
    ("pairwise accumulator ignored", same_accumulator, BFLOAT16, "pairwise in binary32"),
    ("narrow accumulator ignored", same_accumulator, BINARY32, "sequential in p=13"),
]


@pytest.mark.parametrize(
    ("name", "mutant", "spec", "plan"), SUM_MUTANTS, ids=lambda v: v if isinstance(v, str) else None
)
def test_sums(name: str, mutant: SumSubject, spec: Spec, plan: str) -> None:
    rejected(lambda: check_sums(mutant, spec, "RNE", plan))


def with_products(kind: str) -> ProductSubject:
    """Return matrix products whose products are rounded or not, whatever is asked."""
    return lambda spec, mode, plan, a, b: products(spec, mode, replace(plan, products=kind), a, b)


def dgemm(spec: Spec, mode: str, plan: Plan, a: Floats, b: Floats) -> Floats:
    """Multiply in binary64 and round."""
    return round_array(spec, mode, a @ b)


PRODUCT_MUTANTS: list[tuple[str, ProductSubject, Spec, str]] = [
    ("products not rounded", with_products("exact"), BFLOAT16, "exact"),
    ("products rounded", with_products("rounded"), BFLOAT16, "fused dot"),
    ("chain not fused", with_products("rounded"), BINARY16, "fused chain"),
    ("dgemm, then round", dgemm, BFLOAT16, "fused dot"),
    ("dgemm, then round, in binary32", dgemm, BINARY32, "fused dot"),
]


@pytest.mark.parametrize(
    ("name", "mutant", "spec", "plan"), PRODUCT_MUTANTS, ids=lambda v: v if isinstance(v, str) else None
)
def test_matrix_products(name: str, mutant: ProductSubject, spec: Spec, plan: str) -> None:
    rejected(lambda: check_products(mutant, spec, "RNE", plan))


def test_codes() -> None:
    fmt = format_of(E4M3FN)
    rejected(
        lambda: check_decode(lambda c: Fraction(480) if c == 0x7F else value_of(decode(c, fmt)), E4M3FN, "ml_dtypes")
    )
    wide = format_of(BINARY16)
    rejected(lambda: check_decode(lambda c: value_of(decode(c & 0x7FFF, wide)), BINARY16, "gfloat"))


def test_stochastic_frequencies() -> None:
    part = 1 + Fraction(1, 4) * power_of_two(-10)
    rejected(lambda: check_frequency(lambda spec, bits, x: round_array(spec, "RNE", x), BINARY16, part, 32))
    fair = np.random.default_rng(1)
    coin = lambda spec, bits, x: np.where(fair.random(len(x)) < 0.5, 1, 1 + 2.0**-10)  # noqa: E731
    rejected(lambda: check_frequency(coin, BINARY16, part, 32))
