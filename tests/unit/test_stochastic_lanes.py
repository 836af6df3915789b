"""Stochastic rounding with exact probability in lanes: the reference's bits, whatever the shape, chunk and engine."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from unit.narrow_cases import FORMATS, Floats, compare, points

from precise import rounded
from precise.engines import narrow, reference
from precise.engines.carrier import float_of, to_objects
from precise.engines.lanes import BLOCK
from precise.errors import UnsupportedError
from precise.formats import bfloat16
from precise.formats.format import Fixed, Float, Format
from precise.policy import Accumulate
from precise.rounding import RNE, RTZ, Overflow, Rounder, Underflow, default_overflow, stochastic

EXACT = stochastic(seed=20261122, bits=None)
LONG = EXACT.widened().widened().widened()  # 8 words of the same U
SMALL = Float(3, -2, 2)


MODES = (EXACT, EXACT.fold_in(5))


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
def test_lanes_are_the_reference(fmt: Format) -> None:
    """Every operation; with p = 40 one lane in 4096 is left to the reference, with p = 51 all are."""
    rng, compared = np.random.default_rng(20261122), 0
    for mode in MODES:
        rounder = Rounder(fmt, mode, default_overflow(fmt))
        x, y = points(fmt, rng, 2000), points(fmt, rng, 2000)
        if not fmt.nan:
            x, y = (np.where(np.isfinite(v), v, 1.0) for v in (x, y))
            y = np.where(y == 0, 1.0, y)
        if fmt.p is not None and fmt.p > 44:
            with pytest.raises(UnsupportedError, match="at most 44"):
                narrow.round_array(x, rounder)
            return
        compared += compare(narrow.round_array, reference.round_array, x, rounder)
        members = [to_lanes_rounded(fmt, v) for v in (x, y)]
        for op in ("add", "subtract", "multiply", "divide"):
            compared += compare(narrow.elementwise, reference.elementwise, op, tuple(members), rounder)
    assert compared > 15_000


def to_lanes_rounded(fmt: Format, x: Floats) -> Floats:
    """Return the nearest members."""
    return narrow.round_array(x, Rounder(fmt, RNE, Overflow.SATURATE))


def test_lanes_that_tie_are_the_reference() -> None:
    """At p = 44 eight bits are known; fractions are made from the draw so that every single lane ties."""
    fmt = Float(44, -100, 100)
    rounder = Rounder(fmt, EXACT, Overflow.INFINITY)
    n = BLOCK + 300
    eight = np.array([EXACT.random(i) >> 56 for i in range(n)], dtype=np.float64)
    x = 1 + (eight + 0.5) * 2.0**-51
    ours = narrow.elementwise("subtract", (x, np.full(n, 2.0**-120)), rounder)
    last = slice(BLOCK - 100, n)
    wanted = []
    for i in range(last.start, last.stop):
        part = (Fraction(int(eight[i])) + Fraction(1, 2)) / 256 - Fraction(1, 1 << 77)
        wanted.append(float(1 + (Fraction(1, 1 << 43) if Fraction(LONG.random(i), 1 << LONG.extra_bits) < part else 0)))
    assert ours[last].tolist() == wanted
    assert 100 < sum(v > 1 for v in wanted) < 300


def test_the_same_bits_whatever_shape_chunk_and_engine() -> None:
    x = np.random.default_rng(5).standard_normal(BLOCK + 512)
    xp = rounded("bfloat16", EXACT)
    flat = xp.asarray(x).to_float64()
    assert np.array_equal(xp.asarray(x.reshape(2, 4, -1)).to_float64().ravel(), flat)
    assert np.array_equal(xp.asarray(x[:700]).to_float64(), flat[:700])
    slow = rounded("bfloat16", EXACT, engine="reference").asarray(x[:3000])
    assert np.array_equal(slow.to_float64(), flat[:3000])
    assert xp.asarray(x).engine == "narrow" and slow.engine == "reference"
    a = xp.exp(xp.asarray(x[:2000]))
    b = rounded("bfloat16", EXACT, engine="reference").exp(slow[:2000])
    assert np.array_equal(a.to_float64(), b.to_float64())


def test_policies_with_exact_probability() -> None:
    """Flushing, saturating and raising see the drawn result, in both engines."""
    x = np.array([-2.5, 0.11, 0.2, 7.5, -7.9, 9.0, 0.26, 3.3])
    for overflow in (Overflow.SATURATE, Overflow.INFINITY, Overflow.NAN, Overflow.ERROR):
        for underflow in Underflow:
            rounder = Rounder(SMALL, EXACT, overflow, underflow)
            compare(narrow.round_array, reference.round_array, x, rounder)
            for i in range(x.size):
                compare(narrow.round_array, reference.round_array, x[i : i + 1], rounder)
    saturated = narrow.round_array(np.full(64, 7.9), Rounder(SMALL, EXACT, Overflow.SATURATE))
    assert saturated.tolist() == [7.0] * 64
    wrapped = Rounder(Fixed(3, 0), EXACT, Overflow.WRAP)
    found = {float_of(v) for v in reference.round_array(to_objects(np.full(200, 3.5)), wrapped)}
    assert found == {3.0, -4.0}


ORDERS: tuple[Accumulate | str, ...] = (
    "exact",
    "exact-products",
    "sequential",
    "fma",
    "pairwise",
    Accumulate("kahan"),
    Accumulate("neumaier"),
    Accumulate("blocked", size=3),
    Accumulate("tensor-core", "exact", size=4, bits=10, align=RTZ),
)


@pytest.mark.parametrize("how", ORDERS, ids=str)
@pytest.mark.parametrize("fmt", [bfloat16, Float(40, -126, 127)], ids=str)
def test_sums_and_products_in_every_order_are_the_reference(fmt: Format, how: Accumulate | str) -> None:
    """At p = 40 some steps tie within the twelve bits that lanes know."""
    rng = np.random.default_rng(20261122)
    x, y = rng.standard_normal((6, 40)), rng.standard_normal((40, 5))
    found = []
    for engine in (None, "reference"):
        xp = rounded(fmt, EXACT, accumulate=how, engine=engine)
        a, b = xp.asarray(x), xp.asarray(y)
        found.append((xp.sum(a, axis=1).to_float64(), xp.matmul(a, b).to_float64()))
    assert np.array_equal(found[0][0], found[1][0])
    assert np.array_equal(found[0][1], found[1][1])
