"""The compiled loops against the NumPy code, which other tests hold to outside oracles: the same bits or no service."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from unit.compiled_cases import by_numpy, same_bits, served

from precise import Fixed, Float, bfloat16, binary16, binary32, float8_e4m3fn, paper_float, stochastic, tf32, unbounded
from precise.engines import compiled, reference
from precise.engines.carrier import to_lanes
from precise.engines.lanes import lane_rounder
from precise.errors import UnsupportedError
from precise.formats import Format
from precise.rounding import DETERMINISTIC, RNA, RNE, Overflow, Rounder, Rounding, Underflow, default_overflow

EXTENSION = compiled.extension()
pytestmark = pytest.mark.skipif(EXTENSION is None, reason="the extension is not built: NumPy gives the same bits")

MODES = [*DETERMINISTIC, stochastic(seed=5, bits=20)]
FORMATS = [
    binary16,
    bfloat16,
    binary32,
    tf32,
    float8_e4m3fn,
    paper_float(3),
    paper_float(6),
    unbounded(1),
    unbounded(11),
    unbounded(51),
    unbounded(52),
    Float(30, -700, 700),
    Fixed(8, -4),
    Fixed(16, 0, signed=False),
]
DIRECTED = ("RTZ", "RTP", "RTN")
OPERATIONS = {"round": 1, "add": 2, "subtract": 2, "multiply": 2, "divide": 2, "sqrt": 1, "fma": 3}


def members(fmt: Format, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return members of a format, and numbers of as few bits near both ends of its range, with zeros of both signs."""
    p = fmt.p or 8
    low = fmt.q_min if fmt.q_min is not None else -60
    high = fmt.emax if fmt.emax is not None else 60
    significand = rng.integers(0, 1 << min(p, 52), size).astype(np.float64)
    x = np.ldexp(significand, rng.integers(low, high - p + 3, size)) * rng.choice([-1.0, 1.0], size)
    near = rng.random(size) < 0.5
    x[near] = np.ldexp(significand[near], rng.integers(-2, 2)) * rng.choice([-1.0, 1.0], near.sum())
    x[rng.random(size) < 0.1] *= 2.0**-p  # for rounding: below the least quantum
    special = rng.random(size)
    x[special < 0.02] = 0.0
    x[(special >= 0.02) & (special < 0.04)] = -0.0
    return x


def between(x: NDArray[np.float64], fmt: Format, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return members moved by half a unit in the last place, by a hair more or less than that, or by anything."""
    p = fmt.p or 8
    unit = np.ldexp(1.0, np.frexp(x)[1] - p)  # of normal numbers
    part = rng.choice([0.5, 0.5, 0.5 + 2.0**-20, 0.5 - 2.0**-20, 2.0**-20, 0.75, -0.25], x.size)
    return x + np.copysign(unit * part, x)


def anything(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return doubles of every exponent, NaN with any payload and infinities among them."""
    bits = rng.integers(-(1 << 63), 1 << 63, size, dtype=np.int64)
    x = bits.view(np.float64).copy()
    x[rng.random(size) < 0.05] = np.inf
    return x


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
def test_bits_agree(fmt: Format, instruction_set: str) -> None:
    rng = np.random.default_rng(20261122)
    asked = done = 0
    for mode, (op, arity) in itertools.product(MODES, OPERATIONS.items()):
        rounder = Rounder(fmt, mode, default_overflow(fmt))
        if not compiled.serves(op, lane_rounder(rounder)):
            continue
        for batch in range(6):
            size = (1, 7, 64, 1024, 1025, 3000)[batch]
            operands = tuple(members(fmt, rng, size) for _ in range(arity))
            if op == "divide" and not fmt.nan:
                operands = (operands[0], np.where(operands[1] == 0, 1.0, operands[1]))
            if op == "sqrt" and not fmt.nan:
                operands = (np.abs(operands[0]),)
            if op == "round":
                operands = (between(operands[0], fmt, rng),)
            expected = by_numpy(op, operands, rounder)
            found = served(op, operands, rounder)
            asked += 1
            if isinstance(expected, type):
                assert found is None or expected is UnsupportedError, (op, mode)
            elif found is not None:
                done += 1
                assert same_bits(found, expected), (op, mode, size)
    assert done > 0.6 * asked


@pytest.mark.parametrize("mode", [RNE, RNA, stochastic(seed=5, bits=2)], ids=str)
@pytest.mark.parametrize("scale", [1.0, 2.0**-300], ids=["normal", "subnormal"])
def test_what_rounds_twice_is_left(mode: Rounding, scale: float, instruction_set: str) -> None:
    """Of 52 bits the midpoints have 53: exact results are served, and an inexact one of 53 bits is left to others."""
    rounder, third = Rounder(Float(52, -299, 300), mode, Overflow.INFINITY), 1 / 3
    exact = {"add": (1.5, 2.0**-40), "subtract": (1.5, 2.0**-40), "multiply": (1.5, 0.3125), "divide": (3.0, 2.0)}
    inexact = {"add": (1.5, 2.0**-60), "subtract": (1.5, 2.0**-60), "multiply": (third, third), "divide": (1.0, 3.0)}
    for op, (x, y) in exact.items():
        operands = np.full(70, x * scale), np.full(70, y * scale if op in ("add", "subtract") else y)
        found = served(op, operands, rounder)
        assert found is not None and same_bits(found, by_numpy(op, operands, rounder)), op
        operands[0][35], y = inexact[op][0] * scale, inexact[op][1]
        operands[1][35] = y * scale if op in ("add", "subtract") else y
        assert served(op, operands, rounder) is None, op
    if scale == 1:
        assert served("sqrt", (np.full(70, 4.0),), rounder) is not None
        assert served("sqrt", (np.full(70, 2.0),), rounder) is None


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
def test_each_number_beside_an_end_of_the_range_alone(fmt: Format, instruction_set: str) -> None:
    """Among others it would go by the loops for all numbers, which these ends are not the ends of."""
    done, low, large = 0, fmt.q_min, fmt.largest
    ends = [2.0**e for e in (low, low + (fmt.p or 1) - 1)] if low is not None else []
    ends += [large.to_float(), 2.0**large.e] if large is not None else []
    beside = [x for end in ends for x in (end, np.nextafter(end, 0), np.nextafter(end, np.inf))]
    for mode, end, sign in itertools.product(MODES, (0.0, *beside), (1, -1)):
        rounder, x = Rounder(fmt, mode, default_overflow(fmt)), np.array([sign * end])
        for op, operands in (("round", (x,)), ("add", (x, x * 0)), ("multiply", (x, x * 0 + 1)), ("sqrt", (abs(x),))):
            if not compiled.serves(op, lane_rounder(rounder)):
                continue
            expected, found = by_numpy(op, operands, rounder), served(op, operands, rounder)
            if isinstance(expected, type):
                assert found is None or expected is UnsupportedError, (op, mode, x)
            elif found is not None:
                done += 1
                assert same_bits(found, expected), (op, mode, x)
    assert done > 20


@pytest.mark.parametrize("overflow", list(Overflow))
@pytest.mark.parametrize("underflow", list(Underflow))
def test_policies_agree(overflow: Overflow, underflow: Underflow, instruction_set: str) -> None:
    rng = np.random.default_rng(7)
    done = 0
    for fmt, mode in itertools.product((binary16, float8_e4m3fn, paper_float(3), Fixed(8, -4)), MODES):
        try:
            rounder = Rounder(fmt, mode, overflow, underflow)
            lane_rounder(rounder)
        except (ValueError, UnsupportedError):
            continue
        for x in (anything(rng, 2000), members(fmt, rng, 2000) * 1.25, np.array([np.inf]), np.array([-np.inf, np.nan])):
            expected, found = by_numpy("round", (x,), rounder), served("round", (x,), rounder)
            if isinstance(expected, type):
                assert found is None, (fmt, mode, expected)
            else:
                assert found is not None, (fmt, mode)
                assert same_bits(found, expected), (fmt, mode)
                done += 1
    assert done or overflow is Overflow.WRAP


@pytest.mark.parametrize("op", ["add", "multiply", "divide", "sqrt", "fma"])
def test_any_doubles(op: str, instruction_set: str) -> None:
    rng = np.random.default_rng(11)
    done = 0
    for mode in MODES:
        rounder = Rounder(binary32, mode, default_overflow(binary32))
        for _ in range(30):
            operands = tuple(anything(rng, 40) for _ in range(OPERATIONS[op]))
            if op == "add":  # sums beyond binary64 are finite
                large = np.copysign(rng.uniform(2.0**1023, np.finfo(np.float64).max, 40), operands[1])
                operands = (large, np.where(rng.random(40) < 0.7, large, operands[1]))
            expected, found = by_numpy(op, operands, rounder), served(op, operands, rounder)
            if found is not None and not isinstance(expected, type):
                done += 1
                assert same_bits(found, expected), (mode, operands)
    assert done > 40 or op in ("fma", "sqrt")


@pytest.mark.parametrize("op", ["sqrt", "divide"])
def test_what_needs_an_exact_remainder_and_has_none_is_not_served(op: str, instruction_set: str) -> None:
    x, y = np.ldexp(np.random.default_rng(13).uniform(1, 2, (2, 500)), -1000)
    operands = (x, y)[: OPERATIONS[op]]
    for mode in DETERMINISTIC:
        rounder = Rounder(Float(30, -700, 700), mode, Overflow.INFINITY)
        found = served(op, operands, rounder)
        assert by_numpy(op, operands, rounder) is UnsupportedError
        if mode.code in DIRECTED:  # there the machine's rounding in that mode needs no remainder
            assert found is not None
            assert found.tolist() == to_lanes(reference.elementwise(op, operands, rounder)).tolist()
        else:
            assert found is None


def test_layouts_chunks_and_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((2, 700, 41, 7))
    for mode in (Rounding("RNE"), stochastic(seed=1)):
        rounder = Rounder(bfloat16, mode, Overflow.INFINITY)
        whole = served("multiply", (x, y), rounder)
        assert whole is not None
        layouts = [
            (np.asfortranarray(x), y),
            (np.repeat(x, 2, axis=-1)[..., ::2], y[::-1][::-1]),
            (np.ascontiguousarray(x.transpose(2, 0, 1)).transpose(1, 2, 0), y),
        ]
        for operands in layouts:
            found = served("multiply", operands, rounder)
            assert found is not None
            assert same_bits(found, whole)
        row = served("add", (x, y[0, 0]), rounder)
        column = served("add", (x, np.broadcast_to(y[0, 0], x.shape).copy()), rounder)
        assert row is not None
        assert column is not None
        assert same_bits(row, column)
        monkeypatch.setattr(compiled, "threads", lambda: 3)
        threaded = served("multiply", (x, y), rounder)
        assert threaded is not None
        assert same_bits(threaded, whole)
        monkeypatch.undo()


def test_empty_and_scalar_arrays() -> None:
    rounder = Rounder(bfloat16, Rounding("RNE"), Overflow.INFINITY)
    for shape in ((0,), (3, 0), (), (1,)):
        found = served("add", (np.ones(shape), np.float64(2.5) * np.ones(())), rounder)
        assert found is not None
        assert found.shape == shape
        assert (found == 3.5).all()


def test_the_extension_refuses_other_buffers() -> None:
    assert EXTENSION is not None
    params = compiled.packed(lane_rounder(Rounder(bfloat16, Rounding("RNE"), Overflow.INFINITY)))
    out = np.empty(4)
    with pytest.raises(TypeError, match="float64"):
        EXTENSION.elementwise(0, 0, params, (np.ones(4, dtype=np.float32),), out, 0, 1)
    with pytest.raises(TypeError, match="size"):
        EXTENSION.elementwise(0, 0, params, (np.ones(3),), out, 0, 1)
    with pytest.raises(TypeError, match="result must be a float64 array"):
        EXTENSION.elementwise(0, 0, params, (np.ones(4),), np.empty(4, dtype=np.int64), 0, 1)
    with pytest.raises(ValueError, match="operands"):
        EXTENSION.elementwise(1, 0, params, (np.ones(4),), out, 0, 1)
    with pytest.raises(ValueError, match="unknown operation"):
        EXTENSION.elementwise(99, 0, params, (np.ones(4),), out, 0, 1)
    with pytest.raises(TypeError, match="parameters"):
        EXTENSION.elementwise(0, 0, b"", (np.ones(4),), out, 0, 1)
