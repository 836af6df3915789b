"""Elementwise operations in float64 lanes against the reference, on pairs that invite double rounding."""

from __future__ import annotations

import numpy as np
import pytest
from unit.narrow_cases import FORMATS, MODES, Floats, can_nudge, compare, plain, points, rounders

from precise.engines import compiled, narrow, reference
from precise.engines.carrier import to_lanes
from precise.errors import DomainError, UnsupportedError
from precise.formats import bfloat16, binary32, binary64
from precise.formats.format import Fixed, Float, Format, unbounded
from precise.rounding import (
    RAZ,
    RNE,
    RTN,
    RTP,
    RTZ,
    Overflow,
    Rounder,
    Rounding,
    Underflow,
    default_overflow,
    stochastic,
)

WIDE = Float(53, -300, 300)


def operands(fmt: Format, rng: np.random.Generator, count: int, arity: int) -> tuple[Floats, ...]:
    """Return operands with equal exponents, cancellation, gaps of p-3..p+3 and 2p-3..2p+3, and powers of two."""
    p = fmt.p or 8
    first = points(fmt, rng, count)
    second = points(fmt, rng, count)[: first.size]
    eighth = first.size // 8
    second[:eighth] = first[:eighth] * rng.choice([-1.0, 1.0], eighth)
    gaps = rng.choice([*range(p - 3, p + 4), *range(2 * p - 3, 2 * p + 4)], eighth)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        second[eighth : 2 * eighth] = np.ldexp(first[eighth : 2 * eighth], -gaps) * rng.choice([-1.0, 1.0, 1.5], eighth)
        powers = np.ldexp(1.0, np.frexp(np.nan_to_num(first[2 * eighth : 3 * eighth], posinf=1, neginf=1))[1])
        first[2 * eighth : 3 * eighth] = powers
        if arity == 1:
            return (first,)
        if arity == 2:
            return first, second
        third = rng.permutation(second)
        near = slice(3 * eighth, 5 * eighth)
        third[near] = -(first[near] * second[near]) * rng.choice([1, 1 + 2.0**-30, 1 - 2.0**-50, 2.0**-60], 2 * eighth)
    return first, second, third


ARITY = {"add": 2, "subtract": 2, "multiply": 2, "divide": 2, "fma": 3, "sqrt": 1, "negative": 1, "abs": 1}


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", ARITY)
def test_agrees_with_the_reference(op: str, fmt: Format) -> None:
    rng = np.random.default_rng(20261122)
    compared = 0
    for mode in MODES:
        if not can_nudge(fmt, mode):
            continue
        source = WIDE if mode in (RNE, RTP) and fmt.q_min is not None else fmt
        for rounder in (plain(fmt, mode), Rounder(fmt, mode, default_overflow(fmt), Underflow.FLUSH)):
            arguments = tuple(
                to_lanes(reference.round_array(np.nan_to_num(x, posinf=2.0, neginf=-3.0), plain(source, RNE)))
                for x in operands(fmt, rng, 64, ARITY[op])
            )
            compared += compare_where_served(op, arguments, rounder)
            compared += compare_where_served(op, operands(fmt, rng, 40, ARITY[op]), rounder)
    assert compared > 150


def compare_where_served(op: str, arguments: tuple[Floats, ...], rounder: Rounder) -> int:
    """Return how many values agree; where the whole is refused or raises, single elements are tried."""
    try:
        narrow.elementwise(op, arguments, rounder)
    except (DomainError, UnsupportedError):
        compared = 0
        for i in range(0, arguments[0].size, 6):
            single = tuple(a[i : i + 1] for a in arguments)
            try:
                compared += compare(narrow.elementwise, reference.elementwise, op, single, rounder)
            except UnsupportedError:
                continue
        return compared
    return compare(narrow.elementwise, reference.elementwise, op, arguments, rounder)


@pytest.mark.parametrize("op", ARITY)
def test_every_policy(op: str) -> None:
    rng = np.random.default_rng(3)
    compared = 0
    for fmt in (FORMATS[4], FORMATS[7], Fixed(8, -3), Float(4, -5, 5, subnormals=False), bfloat16):
        for mode in MODES:
            for rounder in rounders(fmt, mode):
                compared += compare_where_served(op, operands(fmt, rng, 24, ARITY[op]), rounder)
    assert compared > 800


def test_known_double_roundings() -> None:
    bf16 = plain(bfloat16, RNE)
    assert narrow.elementwise("fma", (np.array([9.0]), np.array([29.0]), np.array([2.0**-30])), bf16).tolist() == [
        262.0
    ]
    x, y = np.array([float.fromhex("-0x1.2p114")]), np.array([float.fromhex("0x1.02p-49")])
    assert narrow.elementwise("add", (x, y), plain(bfloat16, RTZ))[0] == float.fromhex("-0x1.1ep114")
    root = narrow.elementwise("sqrt", (np.array([float.fromhex("0x1.ffffff8p11")]),), plain(Float(26, -100, 100), RNE))
    assert root[0] == float.fromhex("0x1.ffffff8p5")


def test_tiny_products_keep_their_direction() -> None:
    tiny = np.array([2.0**-400 * (1 + 2.0**-20)])
    for mode, expected in ((RTP, 2.0**-423), (RAZ, 2.0**-423), (RTZ, 0.0)):
        assert (
            narrow.elementwise("multiply", (tiny, tiny * 2.0**-500), plain(Float(24, -400, 400), mode))[0] == expected
        )


@pytest.mark.parametrize("op", ["add", "subtract", "fma"])
def test_exact_zeros_in_rtn(op: str) -> None:
    values = np.array([0.0, -0.0, 1.0, -1.0])
    a, b, c = (g.ravel() for g in np.meshgrid(values, values, values))
    arguments = (a, b, c)[: ARITY[op]]
    for mode in (RTN, RNE):
        assert compare(narrow.elementwise, reference.elementwise, op, arguments, plain(binary32, mode)) == 64


def test_broadcasts_in_index_order() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.standard_normal((3, 1, 5)), rng.standard_normal((4, 1))
    for mode in (RNE, stochastic(seed=1, bits=20)):
        assert compare(narrow.elementwise, reference.elementwise, "multiply", (a, b), plain(bfloat16, mode)) == 60
        scalar = (np.array(3.0), rng.standard_normal(70_000))
        whole = narrow.elementwise("add", scalar, plain(bfloat16, mode))
        expected = reference.elementwise("add", (scalar[0], scalar[1][:50]), plain(bfloat16, mode))
        assert to_lanes(expected).tolist() == whole[:50].tolist()
    assert narrow.elementwise("add", (np.zeros((0, 3)), np.zeros(3)), plain(bfloat16, RNE)).shape == (0, 3)


@pytest.mark.parametrize("op", ["add", "subtract", "multiply", "divide", "sqrt", "negative", "abs", "round"])
def test_binary64_is_the_hardware(op: str) -> None:
    rng = np.random.default_rng(6)
    rounder = Rounder(binary64, RNE, Overflow.INFINITY)
    edge = np.array([5e-324, 2.0**-1022, 1.7976931348623157e308, 0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -3.0])
    a, b = (g.ravel() for g in np.meshgrid(edge, edge))
    a = np.concatenate([a, rng.standard_normal(200) * 2.0 ** rng.integers(-500, 500, 200)])
    b = np.concatenate([b, rng.standard_normal(200) * 2.0 ** rng.integers(-540, 510, 200)])
    arguments = (a, b)[: ARITY.get(op, 1)]
    assert compare(narrow.elementwise, reference.elementwise, op, arguments, rounder) == 300


@pytest.mark.parametrize(
    ("op", "fmt", "mode", "values", "condition"),
    [
        ("add", Float(52, -300, 300), RNE, (1.0, 2.0**-80), "at most 52 bits; got 53"),
        ("add", binary32, stochastic(bits=32), (1.0, 2.0**-80), "at most 52 bits; got 56"),
        ("multiply", bfloat16, RNE, (2.0**1000 * (1 + 2.0**-52), 2.0**-1000 * (1 + 2.0**-52)), "in 2"),
        ("divide", bfloat16, RNE, (2.0**-1000, 3 * 2.0**-1000), "in 2"),
        ("sqrt", bfloat16, RNE, (2.0**-1000,), "in 2"),
        ("fma", bfloat16, RNE, (1.0, 1.0, 2.0**-900), "addend must"),
        ("add", binary64, RTZ, (1.0, 1.0), "binary64 must"),
        ("multiply", unbounded(8), RNE, (2.0**600, 2.0**600), "within"),
        ("gamma", bfloat16, RNE, (1.0,), "operation must be one of"),
    ],
    ids=str,
)
def test_refuses(
    op: str, fmt: Format, mode: Rounding, values: tuple[float, ...], condition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "serves", lambda op, lanes: False)  # fused products serve more
    with pytest.raises(UnsupportedError, match=condition):
        narrow.elementwise(op, tuple(np.array([v]) for v in values), plain(fmt, mode))


def test_wide_random_bits_are_served_where_results_are_exact() -> None:
    mode = stochastic(seed=2, bits=40)
    x = np.arange(1.0, 60.0) / 8
    assert (
        compare(narrow.elementwise, reference.elementwise, "add", (x, x[::-1] * 2.0**-15), plain(binary32, mode)) == 59
    )


@pytest.mark.parametrize("op", ["add", "subtract", "multiply", "divide"])
def test_finite_results_beyond_binary64_are_not_infinities(op: str) -> None:
    top = np.array([1.7976931348623157e308, -1.7976931348623157e308])
    other = {"add": top, "subtract": -top, "multiply": np.abs(top), "divide": np.array([0.5, 0.5])}[op]
    for mode in MODES:
        rounder = plain(bfloat16, mode)
        assert compare(narrow.elementwise, reference.elementwise, op, (top, other), rounder) == 2
