"""Functions and remainders in float64 lanes against the reference, bit for bit, and the assumption about the host."""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest
from unit.narrow_cases import MODES, Floats, compare, outcome, plain, points

from precise.balls import working_precision
from precise.engines import narrow, narrow_functions, reference
from precise.engines.carrier import to_lanes
from precise.errors import DomainError, UnsupportedError
from precise.formats import Format, bfloat16, binary16, binary32, binary64, float8_e4m3fn
from precise.formats.format import Fixed, Float, paper_float, unbounded
from precise.rounding import RNE, RTZ

FORMATS = [
    *(binary16, bfloat16, binary32, float8_e4m3fn, paper_float(4), Fixed(8, -3), unbounded(11)),
    *(Float(40, -126, 127), Float(4, -5, 5, subnormals=False)),
]
OLD = ("exp", "log", "sin", "cos", "tan", "tanh")
UNARY = tuple(op for op in narrow_functions.HOSTS if op not in (*OLD, "pow", "hypot", "atan2"))
BINARY = ("pow", "hypot", "atan2", "remainder", "ieee_remainder")
INTEGRAL = ("floor", "ceil", "trunc", "round_to_integral")
FIXED_POINTS = [0.5, -0.5, 1, -1, 1.5, 2.5, -2.5, 4, 16, -0.25, 0.25, 3, 9, 0.0, -0.0, 26.5, -26.5, -38.6]


def arguments(fmt: Format, rng: np.random.Generator) -> Floats:
    """Return members of the format and wider lanes: anywhere, tiny, near one, integers, halves."""
    more = [rng.uniform(-20, 20, 10), 1 + rng.uniform(-1, 1, 8) * 2.0 ** -np.arange(2, 34, 4)]
    tiny = np.ldexp(1 + rng.random(8), -rng.integers(1, 60, 8))
    x = np.concatenate([points(fmt, rng, 24), tiny, -tiny, *more, FIXED_POINTS])
    limit = 25.0 if fmt.q_min is None else 2.0**100
    x = x[~(np.abs(x) > limit) & ~((np.abs(x) < 2.0**-600) & (x != 0))]
    members = to_lanes(reference.round_array(np.nan_to_num(x, posinf=2.0, neginf=-3.0), plain(fmt, RNE)))
    return np.concatenate([members, x])


def accepted(op: str, fmt: Format, columns: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Return the places at which the reference gives a value, in a format that cannot say everything."""
    if fmt.nan and fmt.infinities:
        return columns
    rows = range(columns[0].size)
    kept = [
        i
        for i in rows
        if not isinstance(
            outcome(reference.elementwise, op, tuple(c[i : i + 1] for c in columns), plain(fmt, RNE)), DomainError
        )
    ]
    return tuple(c[kept] for c in columns)


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", [*UNARY, *INTEGRAL])
def test_one_operand_agrees_with_the_reference(op: str, fmt: Format) -> None:
    rng = np.random.default_rng(20261122)
    columns = accepted(op, fmt, (arguments(fmt, rng),))
    compared = [compare(narrow.elementwise, reference.elementwise, op, columns, plain(fmt, m)) for m in MODES]
    assert sum(compared) > 400


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", BINARY)
def test_two_operands_agree_with_the_reference(op: str, fmt: Format) -> None:
    rng = np.random.default_rng(5)
    x, y = rng.permutation(arguments(fmt, rng)), rng.permutation(arguments(fmt, rng))
    y = np.where(rng.random(y.size) < 0.5, rng.integers(-4, 5, y.size), y[: y.size])
    x, y = x[: min(x.size, y.size)], y[: min(x.size, y.size)]
    if op == "pow":
        x = np.where(rng.random(x.size) < 0.6, np.abs(x), x)
        if fmt.q_min is None:
            x, y = np.where((x != 0) & (np.abs(x) < 2.0**-30), 3.0, x), np.clip(y, -20, 20)
    columns = accepted(op, fmt, (x, y))
    compared = [compare(narrow.elementwise, reference.elementwise, op, columns, plain(fmt, m)) for m in MODES]
    assert sum(compared) > 400


@pytest.mark.parametrize("op", ["floor", "ceil", "trunc", "round_to_integral", "remainder", "ieee_remainder"])
def test_hardware_serves_exact_operations_in_binary64(op: str) -> None:
    rng = np.random.default_rng(9)
    wide = np.ldexp(1 + rng.random(300), rng.integers(-1074, 1023, 300)) * rng.choice([-1, 1], 300)
    specials = [0.0, -0.0, np.inf, -np.inf, np.nan, 2.0**-1074, -(2.0**1023), np.finfo(float).max]
    x = np.concatenate([wide, rng.uniform(-9, 9, 50), np.arange(-9, 9) / 2, specials])
    operands = (x, rng.permutation(x)) if "remainder" in op else (x,)
    assert compare(narrow.elementwise, reference.elementwise, op, operands, plain(binary64, RNE)) == x.size
    if op == "remainder":
        with pytest.raises(UnsupportedError, match="binary64"):
            narrow.elementwise(op, operands, plain(binary64, RTZ))


def near_zeros(op: str, rng: np.random.Generator) -> list[Floats]:
    """Return the operands of a host function: everywhere, near its zeros and near 1."""
    spread = np.ldexp(1 + rng.random(300), rng.integers(-60, 9, 300)) * rng.choice([-1, 1], 300)
    beside = 1 + rng.uniform(-1, 1, 200) * 2.0 ** -rng.integers(1, 52, 200)
    x = np.concatenate([spread, beside, rng.uniform(-30, 30, 300)])
    if op in ("pow", "hypot", "atan2"):
        y = rng.permutation(np.concatenate([spread, rng.uniform(-8, 8, 500)]))
        return [np.abs(x) if op == "pow" else x, y]
    low, high = narrow_functions.HOSTS[op].limits
    x = np.abs(x) if low == 0 else x
    return [x[(x > low) & (x < high)]]


@pytest.mark.parametrize("op", narrow_functions.HOSTS)
def test_host_error_is_within_the_assumption(op: str) -> None:
    columns = near_zeros(op, np.random.default_rng(13))
    with np.errstate(all="ignore"):
        v = narrow_functions.HOST[op](*columns)
        skipped = narrow_functions._not_assumed(narrow_functions.HOSTS[op], tuple(columns), v)
    kept = np.flatnonzero(~skipped).tolist()
    assert len(kept) > 300
    assert all(narrow_functions._is_near(op, tuple(float(c[i]) for c in columns), float(v[i])) for i in kept)


@pytest.mark.parametrize("op", ["atan2", "erfc", "log1p", "pow"])
def test_a_poor_host_is_refused(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good = narrow_functions.HOST[op]
    poor = dict(narrow_functions.HOST, **{op: lambda *x: good(*x) * (1 + 2.0**-45)})
    monkeypatch.setattr(narrow_functions, "HOST", poor)
    narrow_functions.host_is_accurate.cache_clear()
    operands = (np.full(2, 1.5),) * (2 if op in ("atan2", "pow") else 1)
    with pytest.raises(UnsupportedError, match="host library"):
        narrow.elementwise(op, operands, plain(bfloat16, RNE))
    narrow_functions.host_is_accurate.cache_clear()


@pytest.mark.parametrize("op", narrow_functions.HOSTS)
def test_bounds_and_exact_values_hold(op: str) -> None:
    columns = near_zeros(op, np.random.default_rng(17))
    with np.errstate(all="ignore"):
        v = narrow_functions.HOST[op](*columns)
        low, high, _ = narrow_functions._enclosure(op, tuple(columns), v, False)
    inside = np.flatnonzero((np.abs(v) > 2.0**-900) & (np.abs(v) < 2.0**900)).tolist()
    with working_precision(300):
        for i in inside:
            ball = narrow_functions._FORMULAS[op](*(flint.arb(float(c[i])) for c in columns))
            assert not ball < flint.arb(float(low[i])), (op, [c[i].hex() for c in columns])
            assert not ball > flint.arb(float(high[i])), (op, [c[i].hex() for c in columns])
    assert len(inside) > 300


def test_most_elements_need_no_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    one = narrow_functions._one
    monkeypatch.setattr(narrow_functions, "_one", lambda *a: calls.append(a) or one(*a))
    rng = np.random.default_rng(1)
    for op in narrow_functions.HOSTS:
        columns = [to_lanes(reference.round_array(c, plain(binary16, RNE))) for c in near_zeros(op, rng)]
        if op == "pow":
            columns[1] = np.where(rng.random(columns[1].size) < 0.5, 2.0, columns[1])
        narrow.elementwise(op, tuple(columns), plain(binary16, RNE))
    assert len(calls) < 60, len(calls)


@pytest.mark.parametrize("op", ["log2", "log1p", "rsqrt", "pow"])
def test_poles_are_left_to_the_reference_where_nothing_can_say_them(op: str) -> None:
    x = np.array([1.0, -1.0 if op == "log1p" else 0.0])
    operands = (x, np.full(2, -1.0)) if op == "pow" else (x,)
    with pytest.raises(UnsupportedError, match="in lanes of fixed"):
        narrow.elementwise(op, operands, plain(Fixed(8, -3), RNE))
    with pytest.raises(DomainError, match="which has no infinity and no NaN"):
        reference.elementwise(op, operands, plain(Fixed(8, -3), RNE))


def test_ieee_remainder_is_exact() -> None:
    rng = np.random.default_rng(2)
    x = np.ldexp(rng.integers(1, 2**53, 200).astype(float), rng.integers(-60, 60, 200)) * rng.choice([-1, 1], 200)
    y = np.ldexp(rng.integers(1, 2**20, 200).astype(float), rng.integers(-40, 40, 200))
    y = np.where(rng.random(200) < 0.2, x / 1.5, y)
    found = narrow.elementwise("ieee_remainder", (x, y), plain(binary64, RNE))
    for a, b, r in zip(x.tolist(), y.tolist(), found.tolist(), strict=True):
        n = round(Fraction(a) / Fraction(b))
        assert Fraction(r) == Fraction(a) - n * Fraction(b)


def test_powers_that_are_no_lanes_are_not_taken_for_exact() -> None:
    x = np.array([1 + 2.0**-30, 1 + 2.0**-27, 3.0, -(1 + 2.0**-28)])
    for mode in MODES:  # (1 + 2**-30)**2 = 1 + 2**-29 + 2**-60, of which a lane keeps a number of 40 bits
        for y in (2.0, 3.0, 4.0):
            columns = (x, np.full(4, y))
            rounder = plain(Float(40, -126, 127), mode)
            assert compare(narrow.elementwise, reference.elementwise, "pow", columns, rounder) == 4
