"""Elementary functions in float64 lanes against the reference and Arb, near zeros, poles, ties and both ends."""

from __future__ import annotations

import numpy as np
import pytest
from unit.narrow_cases import FORMATS, MODES, Floats, compare, plain, points, same_bits

from precise.balls import enclose
from precise.dyadic import Dyadic
from precise.engines import narrow, narrow_functions, reference
from precise.engines.carrier import to_lanes
from precise.engines.lanes import lane_rounder
from precise.errors import DomainError, UnsupportedError
from precise.formats import bfloat16, binary16, binary32, float8_e4m3fn
from precise.formats.format import Float, Format
from precise.rounding import RNE, RTP, RTZ, Overflow, Rounder, Underflow, stochastic

FUNCTIONS = ("exp", "log", "sin", "cos", "tan", "tanh")
NARROW = [fmt for fmt in FORMATS if (fmt.p or 8) <= 40]
NEAR_POLES = [
    float.fromhex(h)
    for h in ("0x1.69eab0985179bp+246", "0x1.4c96c11134d36p+578", "0x1.065c829d68730p+39", "0x1.6ac5b262ca1ffp+849")
]


def arguments(op: str, fmt: Format, rng: np.random.Generator) -> Floats:
    """Return members of the format and wider lanes: anywhere, tiny, near multiples of pi/2, near one."""
    wild = points(fmt, rng, 48)
    tiny = np.ldexp(1 + rng.random(12), -rng.integers(1, 60, 12))
    more = [rng.uniform(-20, 20, 10), np.arange(1, 8) * (np.pi / 2)]
    more.append(1 + rng.uniform(-1, 1, 8) * 2.0 ** -np.arange(2, 34, 4))
    x = np.concatenate([wild, tiny, -tiny, *more])
    windowed = lane_rounder(plain(fmt, RNE)).windowed  # the exponentials of larger numbers are refused there
    limit = 300.0 if op == "exp" and windowed else 2.0**100
    x = x[~(np.abs(x) > limit) & ~((np.abs(x) < 2.0**-600) & (x != 0))]
    x = np.concatenate([x, [0.0, -0.0, 1.0, -1.0]])
    with np.errstate(over="ignore"):
        members = to_lanes(reference.round_array(np.nan_to_num(x, posinf=2.0, neginf=-3.0), plain(fmt, RNE)))
    return np.concatenate([members, x if fmt.nan else x[~np.isnan(x)]])


@pytest.mark.parametrize("fmt", NARROW, ids=str)
@pytest.mark.parametrize("op", FUNCTIONS)
def test_agrees_with_the_reference(op: str, fmt: Format) -> None:
    rng = np.random.default_rng(20261122)
    compared = 0
    for mode in MODES:
        x = arguments(op, fmt, rng)
        if not fmt.nan:  # elsewhere the reference raises
            x = x[np.isfinite(x) & ((x > 0) if op == "log" else True)]
        compared += compare(narrow.elementwise, reference.elementwise, op, (x,), plain(fmt, mode))
    assert compared > 800


@pytest.mark.parametrize("fmt", [f for f in NARROW if not (f.nan or f.infinities)], ids=str)
def test_the_pole_of_log_is_left_to_the_reference_where_nothing_can_say_it(fmt: Format) -> None:
    for zero in (0.0, -0.0):
        with pytest.raises(UnsupportedError, match="log: arguments must not be zero"):
            narrow.elementwise("log", (np.array([1.0, zero]),), plain(fmt, RNE))
        with pytest.raises(DomainError, match="log: argument must not be zero"):
            reference.elementwise("log", (np.array([1.0, zero]),), plain(fmt, RNE))


@pytest.mark.parametrize("op", FUNCTIONS)
def test_specials_and_exact_cases_without_the_reference(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0 if op == "log" else 0.0])
    wanted = to_lanes(reference.elementwise(op, (x,), plain(binary16, RTP)))
    monkeypatch.setattr(narrow_functions, "_one", None)
    assert same_bits(narrow.elementwise(op, (x,), plain(binary16, RTP)), wanted).all()


def test_tiny_arguments_are_decided_by_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    x = 2.0 ** -np.arange(6.0, 100.0)
    for op in ("sin", "tan", "tanh", "exp", "cos"):
        for mode in MODES[:8]:
            wanted = to_lanes(reference.elementwise(op, (x,), plain(bfloat16, mode)))
            with monkeypatch.context() as patch:
                patch.setattr(narrow_functions, "_one", None)
                assert same_bits(narrow.elementwise(op, (x,), plain(bfloat16, mode)), wanted).all()


@pytest.mark.parametrize("op", ["sin", "cos", "tan"])
def test_large_arguments_near_zeros_and_poles(op: str) -> None:
    x = np.array([*NEAR_POLES, *(-v for v in NEAR_POLES)])
    for mode in MODES:
        fmt = Float(40, -800, 800)
        assert compare(narrow.elementwise, reference.elementwise, op, (x,), plain(fmt, mode)) == x.size


@pytest.mark.parametrize("op", FUNCTIONS)
def test_host_error_is_within_the_assumption(op: str) -> None:
    rng = np.random.default_rng(11)
    x = np.concatenate([rng.uniform(-30, 30, 300), np.ldexp(1 + rng.random(200), rng.integers(-60, 9, 200))])
    if op in ("sin", "cos", "tan"):
        x = np.concatenate([x, np.ldexp(1 + rng.random(100), rng.integers(26, 1000, 100))])
    x = np.abs(x) if op == "log" else x
    v = narrow_functions.HOST[op](x)
    kept = ~narrow_functions._not_assumed(narrow_functions.HOSTS[op], (x,), v)
    assert kept.sum() > 300
    assert all(narrow_functions._is_near(op, (a,), b) for a, b in zip(x[kept].tolist(), v[kept].tolist(), strict=True))


def test_a_poor_host_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    poor = dict(narrow_functions.HOST, exp=lambda x: np.exp(x) * (1 + 2.0**-45))
    monkeypatch.setattr(narrow_functions, "HOST", poor)
    narrow_functions.host_is_accurate.cache_clear()
    with pytest.raises(UnsupportedError, match="host library"):
        narrow.elementwise("exp", (np.ones(2),), plain(bfloat16, RNE))
    narrow_functions.host_is_accurate.cache_clear()


def test_bounds_enclose_the_value() -> None:
    x = np.random.default_rng(4).uniform(-8, 8, 200)
    for op in ("exp", "sin", "cos", "tan", "tanh"):
        low, high, unknown = narrow_functions._enclosure(op, (x,), narrow_functions.HOST[op](x), False)
        assert unknown is None or not unknown.any()
        for a, lower, upper in zip(x.tolist(), low.tolist(), high.tolist(), strict=True):
            ball = enclose(op, Dyadic.from_float(a), 200)
            assert ball is not None
            assert Dyadic.from_float(lower) <= ball.lower <= ball.upper <= Dyadic.from_float(upper)


def test_errors_and_refusals() -> None:
    for x, policy in ((100.0, (Overflow.ERROR, Underflow.ROUND)), (-100.0, (Overflow.NAN, Underflow.ERROR))):
        arrays = (np.array([0.0, x]),)
        rounder = Rounder(float8_e4m3fn, RTZ, *policy)
        assert compare(narrow.elementwise, reference.elementwise, "exp", arrays, rounder) == 1
        with pytest.raises(DomainError):
            narrow.elementwise("exp", arrays, rounder)
    with pytest.raises(UnsupportedError, match="at most 40 bits"):
        narrow.elementwise("exp", (np.ones(1),), plain(Float(41, -100, 100), RNE))


def test_many_random_bits() -> None:
    x = np.random.default_rng(8).uniform(-4, 4, 300)
    for op in ("exp", "sin", "cos"):
        assert (
            compare(narrow.elementwise, reference.elementwise, op, (x,), plain(binary32, stochastic(seed=1, bits=64)))
            == 300
        )
