"""The elementary functions of the reference engine against MPFR: formats of all kinds, every deterministic mode."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, trunc

import numpy as np
import pytest
from oracles.integers import NAN, NEG_INF, POS_INF, Value, round_value
from unit.function_cases import BINARY, SPECIALS, UNARY, boundary_points, spec_of, truth, value_of

from precise.dyadic import Dyadic, Element, Special
from precise.engines.reference import OPERATIONS
from precise.errors import DomainError
from precise.formats import Format, bfloat16, binary16, binary32, binary64, float8_e4m3fn
from precise.formats.format import Fixed, Float, paper_float, unbounded
from precise.formats.values import all_values
from precise.rounding import DETERMINISTIC, Rounder, default_overflow

FORMATS: list[Format] = [
    binary16,
    bfloat16,
    binary32,
    binary64,
    Float(113, -16382, 16383),
    float8_e4m3fn,
    paper_float(4),
    Fixed(8, -4),
    unbounded(11),
]
EXPONENTIALS = ("exp", "exp2", "expm1", "sinh", "cosh")
INTEGRAL = {"floor": floor, "ceil": ceil, "trunc": trunc, "round_to_integral": round}


def usable(op: str, x: Dyadic) -> bool:
    """Return whether the oracle can tell the value at its 400 or 1600 bits, and quickly."""
    if op in ("sigmoid", "silu", "gelu"):
        return -100 < x.e < (5 if op == "gelu" else 7)
    if op == "cospi":
        return -100 < x.e < 200
    limit = 12 if op in EXPONENTIALS else 6 if op in ("erf", "erfc") else 200
    return -1100 < x.e < limit


def check(op: str, fmt: Format, rows: list[tuple[Element, ...]], exact: list[Value]) -> int:
    """Return how many results agree, in every mode; where the format can say nothing, an error must be raised."""
    spec, compared = spec_of(fmt), 0
    for row, value in zip(rows, exact, strict=True):
        silent = value == NAN and not fmt.nan
        silent = silent or (value in (POS_INF, NEG_INF) and not (fmt.nan or fmt.infinities))
        for mode in DETERMINISTIC:
            rounder = Rounder(fmt, mode, default_overflow(fmt))
            if silent:
                with pytest.raises(DomainError):
                    OPERATIONS[op](*row, rounder, 0)
                continue
            right = round_value(value, spec, mode.code)
            wanted = SPECIALS[right] if isinstance(right, str) else Dyadic.from_fraction(right)
            found = OPERATIONS[op](*row, rounder, 0)
            assert found == wanted, f"{op}{row} in {fmt} {mode}: {found} not {wanted}"
            compared += 1
    return compared


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", UNARY)
def test_functions_of_one_number(op: str, fmt: Format) -> None:
    rng = np.random.default_rng(20261122)
    rows: list[tuple[Element, ...]] = [(x,) for x in boundary_points(fmt, rng, 6) if usable(op, x)]
    if fmt is float8_e4m3fn:
        rows = [(x,) for x in all_values(fmt, specials=True) if not isinstance(x, Dyadic) or not x.c or usable(op, x)]
    assert check(op, fmt, rows, [truth(op, *row) for row in rows]) > 150


def pairs(fmt: Format, op: str) -> list[tuple[Element, ...]]:
    """Return pairs of boundary points: equal, near and far exponents, small integers, squares and their roots."""
    rng = np.random.default_rng(7)
    points = [x for x in boundary_points(fmt, rng, 10) if -200 < x.e < 200]
    left = [points[i] for i in rng.integers(0, len(points), 120)]
    right = [points[i] for i in rng.integers(0, len(points), 120)]
    small = [Dyadic(n, -k) for n in (-3, -1, 1, 2, 3, 5) for k in (0, 1, 2)]
    rows: list[tuple[Element, ...]] = list(zip(left, right, strict=True))
    rows += [(Dyadic(n), small[i]) for n in (1, 2, 3, 4, 9, 16, 25, 81) for i in range(0, len(small), 2)]
    rows += [(Dyadic(m * m, -6), Dyadic(k, -1)) for m in (3, 5, 7, 9, 33, 255) for k in (1, 3, -1)]
    rows += [(Dyadic(3, k), Dyadic(4, k)) for k in (-9, 0, 7)] + [(Dyadic(5), Dyadic(12)), (Dyadic(-8), Dyadic(-15))]
    rows += [(x, x) for x in points[:6]] + [(x, -x) for x in points[:6]]
    if op == "pow":
        rows = [(abs(x) if i % 4 else x, y) for i, (x, y) in enumerate(rows)]  # type: ignore[type-var]
        rows = [r for r in rows if isinstance(r[1], Dyadic) and r[1].e < 8 and size_of(r) < 2**12]
    return rows


def size_of(row: tuple[Element, ...]) -> int:
    """Return a bound on the exponent of a power."""
    x, y = row
    assert isinstance(x, Dyadic)
    assert isinstance(y, Dyadic)
    return (abs(x.e) + 1) << max(y.e + 1, 0)


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", BINARY)
def test_functions_of_two_numbers(op: str, fmt: Format) -> None:
    rows = pairs(fmt, op)
    assert check(op, fmt, rows, [truth(op, *row) for row in rows]) > 300


def exact_remainder(op: str, x: Element, y: Element) -> Value:
    """Return a remainder of finite numbers by the formulas of the array API and of IEEE 754-2019, 5.3.1."""
    a, b = value_of(x), value_of(y)
    assert isinstance(a, Fraction)
    assert isinstance(b, Fraction)
    n = floor(a / b) if op == "remainder" else round(a / b)
    found = a - n * b
    if found == 0:
        return "-0" if (b if op == "remainder" else a) < 0 else Fraction(0)
    return found


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", ["remainder", "ieee_remainder"])
def test_remainders(op: str, fmt: Format) -> None:
    rows = [(x, y) for x, y in pairs(fmt, op)] + [
        (Dyadic(k, -1), Dyadic(n)) for k in range(-9, 10) if k for n in (1, -2)
    ]
    assert check(op, fmt, rows, [exact_remainder(op, *row) for row in rows]) > 500


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", INTEGRAL)
def test_integral_parts(op: str, fmt: Format) -> None:
    rows: list[tuple[Element, ...]] = [(x,) for x in boundary_points(fmt, np.random.default_rng(3), 10)]
    rows += [(Dyadic(k, -2),) for k in range(-13, 14) if k]
    exact: list[Value] = []
    for (x,) in rows:
        assert isinstance(x, Dyadic)
        n = INTEGRAL[op](x.to_fraction())
        exact.append(Fraction(n) if n else "-0" if x < 0 else Fraction(0))
    assert check(op, fmt, rows, exact) > 400


def test_the_oracle_knows_what_the_standard_says() -> None:
    assert truth("rsqrt", Dyadic(4)) == Fraction(1, 2)
    assert truth("sinpi", Dyadic(-3)) == "-0"
    assert truth("cospi", Dyadic(-3, -1)) == 0
    assert truth("sigmoid", Special.NEG_INF) == 0
    with pytest.raises(AssertionError, match="too near"):
        truth("cospi", Dyadic(1, -900))
