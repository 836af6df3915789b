"""Stochastic rounding: exact probabilities, members never move, and the bits belong to the element."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from matrix.subjects import format_of
from oracles import tally
from oracles.integers import Spec, binade, members, power_of_two, stochastic
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, E4M3FN, small
from oracles.points import positive_members

from precise import Dyadic, binary16, round_to, rounded, unbounded
from precise.rounding import stochastic as stochastic_rounding

SEED = tally.seeded("stochastic", 20250107)
N = 1 << 14
Z = 4  # |z| <= 4, with a fixed seed

RoundMany = Callable[[Spec, int, Floats], Floats]
ENGINES = (None, "reference")


def round_many(spec: Spec, bits: int, x: Floats) -> Floats:
    """Return stochastically rounded values; each place has its own random bits."""
    return rounded(format_of(spec), stochastic_rounding(seed=SEED, bits=bits)).asarray(x).to_float64()


def check_frequency(subject: RoundMany, spec: Spec, x: Fraction, bits: int, n: int = N) -> None:
    """Compare the share of values that go up with its exact probability."""
    lo, hi, ups = stochastic(x, spec, bits)
    y = subject(spec, bits, np.full(n, float(x)))
    high = np.inf if spec.largest is not None and hi > spec.largest else float(hi)
    if np.isinf(high) and not spec.infinities:
        high = np.nan
    up = np.isnan(y) if np.isnan(high) else y == high
    assert np.all(up | (y == float(lo))), f"{spec.name}: SR left the neighbours of {x}"
    share = ups / 2**bits
    spread = sqrt(n * share * (1 - share))
    assert abs(int(up.sum()) - n * share) <= Z * spread, (spec.name, x, bits, int(up.sum()), n * share)
    tally.count("SR", "probabilities", n)


INTERIOR = [Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(1, 1024), Fraction(3, 16)]


@pytest.mark.parametrize("part", INTERIOR)
@pytest.mark.parametrize("spec", [BINARY16, BFLOAT16, E4M3FN, small(3, -6, 7)], ids=lambda s: s.name)
def test_frequencies_inside_below_and_at_the_end(spec: Spec, part: Fraction) -> None:
    assert spec.p is not None
    assert spec.q_min is not None
    assert spec.largest is not None
    least = power_of_two(spec.q_min)
    step = power_of_two(binade(spec.largest) - spec.p + 1)
    for x in (1 + part * power_of_two(1 - spec.p), least * part, 3 * least + least * part, spec.largest + step * part):
        check_frequency(round_many, spec, x, 32)
        check_frequency(round_many, spec, x, 7)


def test_scalar_rounding_has_the_same_probability() -> None:
    part = Fraction(3, 10)
    x = 1 + part * power_of_two(-10)
    rule = stochastic_rounding(seed=SEED, bits=32)
    ups = sum(round_to(x, format=binary16, rounding=rule, index=i) != 1 for i in range(4000))
    assert abs(ups - 1200) <= Z * sqrt(4000 * 0.3 * 0.7)
    tally.count("SR", "probabilities", 4000)


@pytest.mark.parametrize("bits", [1, 8, 32])
def test_members_never_move(bits: int) -> None:
    for spec in (BINARY16, BFLOAT16, E4M3FN):
        x = positive_members(spec, SEED)
        x = np.concatenate([x, -x, [0.0, -0.0]])
        y = round_many(spec, bits, x)
        assert np.array_equal(x.view(np.uint64), y.view(np.uint64))
        tally.count("SR", "members", len(x))
    every = np.array([float(v) for v in members(small(4, -3, 3))])
    assert np.array_equal(round_many(small(4, -3, 3), bits, every), every)


@pytest.mark.parametrize("engine", ENGINES)
def test_sums_and_products_use_the_exact_result(engine: str | None) -> None:
    """With one random bit U, 1 + tiny goes up iff U = 0, and a little more than half always: no lane may lose that."""
    one = np.ones(4000)
    xp = rounded("bfloat16", stochastic_rounding(seed=SEED, bits=1), engine=engine)
    x = xp.asarray(one)
    up = float.fromhex("0x1.02p0")
    for far in (60, 100, 120):
        y = xp.add(x, xp.asarray(one * 2.0**-far)).to_float64()
        assert abs(int((y == up).sum()) - 2000) <= Z * sqrt(1000), far
    half = float.fromhex("0x1p-8")
    tie = xp.add(x, xp.asarray(one * half)).to_float64()
    assert abs(int((tie == up).sum()) - 2000) <= Z * sqrt(1000)
    wide = rounded(unbounded(27), stochastic_rounding(seed=SEED, bits=1), engine=engine)
    above = Dyadic.from_hex("0x1p-27") + Dyadic.from_hex("0x1p-53")
    beyond = wide.add(wide.ones(500), wide.asarray([above] * 500)).to_float64()
    assert set(beyond.tolist()) == {float.fromhex("0x1.0000004p0")}
    tally.count("SR", "probabilities", 4 * 4000 + 500)


def test_bits_do_not_change_with_shape_or_engine_but_with_the_seed() -> None:
    x = np.linspace(1, 2, 4096)
    rule = stochastic_rounding(seed=SEED, bits=32)
    xp = rounded("bfloat16", rule)
    flat = xp.asarray(x).to_float64()
    assert np.array_equal(xp.asarray(x.reshape(16, 4, 64)).to_float64().ravel(), flat)
    assert np.array_equal(rounded("bfloat16", rule, engine="reference").asarray(x).to_float64(), flat)
    assert np.array_equal(xp.asarray(x[:1000]).to_float64(), flat[:1000])
    other = rounded("bfloat16", stochastic_rounding(seed=SEED + 1, bits=32)).asarray(x).to_float64()
    differ = int((other != flat).sum())
    assert 4096 // 5 < differ < 4096 // 2  # two independent roundings of a uniform fraction differ a third of the time
    tally.count("SR", "same bits", 3 * 4096)
