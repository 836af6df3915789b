"""Signs of zero, specials, and what an overflow becomes, in arrays: every mode, engine and policy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import OVERFLOW, ROUNDING, format_of, round_scalar
from oracles.floats import as_floats, as_values
from oracles.grids import fixed
from oracles.integers import (
    MODES,
    Spec,
    Value,
    exact_add,
    exact_divide,
    exact_multiply,
    negated,
    power_of_two,
    round_value,
)
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, E4M3FN, E5M2, paper
from oracles.verdict import expect_same

from precise import Fixed, Overflow, rounded
from precise.errors import DomainError, PreciseError

FORMATS = (BINARY16, BFLOAT16, BINARY32, BINARY64, E4M3FN, E5M2)
ENGINES = (None, "reference")


def corner_values(spec: Spec) -> list[Value]:
    """Return zeros, ones, both ends of the range, and the specials of the format, of both signs."""
    assert spec.largest is not None
    assert spec.q_min is not None
    least = power_of_two(spec.q_min) if spec.subnormals else spec.least_normal
    finite = [Fraction(1), spec.largest, spec.largest / 2, least, 2 * least]
    specials = ["-0"] * spec.signed_zero + ["+inf", "-inf"] * spec.infinities + ["nan"] * spec.nan
    return [Fraction(0), *finite, *(-v for v in finite), *specials]


def corner_pairs(spec: Spec) -> tuple[list[Value], list[Value]]:
    """Return all pairs of corners."""
    values = corner_values(spec)
    return [a for a in values for _ in values], values * len(values)


def run(spec: Spec, mode: str, overflow: str | None, engine: str | None, operation: str, *x: list[Value]) -> Floats:
    """Return an operation of members."""
    policy = None if overflow is None else OVERFLOW[overflow]
    xp = rounded(format_of(spec), ROUNDING[mode], overflow=policy, engine=engine)
    return getattr(xp, operation)(*(xp.asarray(as_floats(v)) for v in x)).to_float64()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name)
def test_pairs_of_corners_in_every_mode(spec: Spec, engine: str | None) -> None:
    a, b = corner_pairs(spec)
    shown = as_floats(a), as_floats(b)
    for mode in MODES:
        exact = {
            "add": [exact_add(x, y, mode) for x, y in zip(a, b, strict=True)],
            "subtract": [exact_add(x, negated(y), mode) for x, y in zip(a, b, strict=True)],
            "multiply": [exact_multiply(x, y) for x, y in zip(a, b, strict=True)],
            "divide": [exact_divide(x, y) for x, y in zip(a, b, strict=True)],
        }
        for operation, results in exact.items():
            theirs = as_floats([round_value(r, spec, mode) for r in results])
            ours = run(spec, mode, None, engine, operation, a, b)
            expect_same(operation, "integers", f"{spec.name} {mode} {engine}", ours, theirs, *shown)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("spec", "overflow"),
    [(s, o) for s in FORMATS for o in ("infinity", "nan", "saturate") if o != "infinity" or s.infinities],
    ids=str,
)
def test_overflow_of_finite_operands_under_every_policy(spec: Spec, overflow: str, engine: str | None) -> None:
    values = [v for v in corner_values(spec) if isinstance(v, Fraction) and v != 0]
    a, b = [x for x in values for _ in values], values * len(values)
    for mode in MODES:
        for operation, exact in (
            ("add", Fraction.__add__),
            ("multiply", Fraction.__mul__),
            ("divide", Fraction.__truediv__),
        ):
            results: list[Value] = [exact(x, y) for x, y in zip(a, b, strict=True)]
            results = ["-0" if r == 0 and mode == "RTN" else r for r in results]
            theirs = as_floats([round_value(r, spec, mode, overflow) for r in results])
            ours = run(spec, mode, overflow, engine, operation, a, b)
            where = f"{spec.name} {mode} {overflow} {engine}"
            expect_same(operation, "integers", where, ours, theirs, as_floats(a), as_floats(b))
        theirs = as_floats([round_value(v * 3 / 2, spec, mode, overflow) for v in values])
        scalar = as_floats([round_scalar(v * 3 / 2, spec, mode, overflow) for v in values])
        expect_same("round", "integers", f"{spec.name} {mode} {overflow}", scalar, theirs)


@pytest.mark.parametrize("mode", MODES)
def test_e4m3fn_at_the_end_of_its_range(mode: str) -> None:
    points = [Fraction(k) for k in (447, 448, 449, 463, 464, 465, 479, 480, 481, 512, 10**9)]
    points += [Fraction(464) + power_of_two(-40), Fraction(464) - power_of_two(-40)]
    points += [-v for v in points]
    for overflow in ("nan", "saturate"):
        theirs = as_floats([round_value(v, E4M3FN, mode, overflow) for v in points])
        xp = rounded("E4M3FN", mode, overflow=OVERFLOW[overflow])
        ours = xp.asarray(as_floats(list(points))).to_float64()
        expect_same("round", "integers", f"E4M3FN {mode} {overflow}", ours, theirs, as_floats(list(points)))
    ends = {
        "RNE": [448, np.nan],
        "RTZ": [448, 448],
        "RTO": [448, 448],
        "RNA": [np.nan, np.nan],
        "RAZ": [np.nan, np.nan],
    }
    if mode in ends:
        xp = rounded("E4M3FN", mode)
        found = xp.asarray(np.array([464.0, 465.0])).to_float64()
        expect_same("round", "the OCP table", mode, found, np.array(ends[mode]))


def test_fixed_point_wraps_and_saturates() -> None:
    spec, fmt = fixed(8, -3), Fixed(8, -3)
    a = np.arange(-128, 128) / 8
    b = np.roll(a, 77)
    for mode in MODES:
        for overflow in (Overflow.SATURATE, Overflow.WRAP):
            xp = rounded(fmt, ROUNDING[mode], overflow=overflow)
            for operation, exact in (("add", a + b), ("multiply", a * b)):
                free = as_floats([round_value(v, WIDE_FIXED, mode) for v in as_values(exact)])
                free = np.where(free == 0, 0.0, free)
                bounded = np.clip(free, -16, 127 / 8) if overflow is Overflow.SATURATE else (free + 16) % 32 - 16
                ours = getattr(xp, operation)(xp.asarray(a), xp.asarray(b)).to_float64()
                expect_same(operation, "integers", f"{spec.name} {mode} {overflow.name}", ours, bounded, a, b)


WIDE_FIXED = fixed(40, -3)


@pytest.mark.parametrize("spec", [paper(3), BINARY16], ids=lambda s: s.name)
def test_the_error_policy_raises_at_an_overflow_and_only_there(spec: Spec) -> None:
    assert spec.largest is not None
    xp = rounded(format_of(spec), "RNE", overflow=Overflow.ERROR)
    ends = xp.asarray(np.array([float(spec.largest), 1.0]))
    with pytest.raises(DomainError):
        xp.add(ends, ends)
    zero = xp.subtract(ends, ends).to_float64()
    assert zero.tolist() == [0, 0]


@pytest.mark.parametrize("operation", ["divide", "log", "sqrt"])
def test_paper_floats_have_no_value_for_an_invalid_operation(operation: str) -> None:
    xp = rounded(format_of(paper(4)), "RNE")
    zero, one = xp.asarray(np.zeros(2)), xp.asarray(np.ones(2))
    arguments = {"divide": (zero, zero), "log": (xp.negative(one),), "sqrt": (xp.negative(one),)}[operation]
    with pytest.raises(PreciseError):
        getattr(xp, operation)(*arguments)
