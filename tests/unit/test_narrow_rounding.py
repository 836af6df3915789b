"""Rounding in float64 lanes against the reference: every mode and policy, on boundary-heavy points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from unit.narrow_cases import FORMATS, MODES, RANDOM, compare, plain, points, rounders, same_bits

from precise.dyadic import Dyadic
from precise.engines import narrow, reference
from precise.engines.carrier import to_objects
from precise.engines.lanes import BLOCK
from precise.errors import UnsupportedError
from precise.formats import bfloat16, binary64, float8_e4m3fn
from precise.formats.format import Fixed, Float, Format, paper_float, unbounded
from precise.formats.values import all_values
from precise.rounding import RNA, RNE, RTO, RTP, RTZ, SR, Overflow, Rounder, Rounding, Underflow, stochastic


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("mode", [*MODES, stochastic(seed=7, bits=64)], ids=str)
def test_rounds_like_the_reference(fmt: Format, mode: Rounding) -> None:
    rng = np.random.default_rng(20261122)
    compared = 0
    for rounder in rounders(fmt, mode):
        x = points(fmt, rng, 160)
        compared += compare(narrow.round_array, reference.round_array, x, rounder)
        compared += compare(narrow.round_array, reference.round_array, x[np.isfinite(x)], rounder)
        compared += sum(
            compare(narrow.round_array, reference.round_array, x[i : i + 1], rounder) for i in range(0, len(x), 16)
        )
    assert compared > 200


@pytest.mark.parametrize(
    "fmt", [Float(3, -2, 2), Float(3, -2, 2, subnormals=False), paper_float(2), Fixed(4, -2)], ids=str
)
def test_every_eighth_of_a_gap_in_small_formats(fmt: Format) -> None:
    members = [float(x.to_fraction()) for x in all_values(fmt) if isinstance(x, Dyadic)]
    x = np.concatenate([np.linspace(a, b, 9) for a, b in pairwise(members)])
    x = np.concatenate([x, 2 * x, np.nextafter(x, np.inf), np.nextafter(x, -np.inf)])
    for mode in MODES:
        for rounder in rounders(fmt, mode):
            if rounder.overflow is not Overflow.ERROR and rounder.underflow is not Underflow.ERROR:
                assert compare(narrow.round_array, reference.round_array, x, rounder) == x.size


def test_p_52_and_lane_limits() -> None:
    rng = np.random.default_rng(1)
    for fmt in (Float(52, -300, 300), Float(50, -800, 890), Fixed(52, -20), Float(1, -3, 3), Float(2, -879, 900)):
        for mode in MODES:
            x = points(fmt, rng, 400)
            x = x if fmt.nan else x[~np.isnan(x)]
            assert compare(narrow.round_array, reference.round_array, x, plain(fmt, mode)) > 300


@pytest.mark.parametrize("mode", RANDOM, ids=str)
def test_random_bits_belong_to_the_index(mode: Rounding) -> None:
    x = np.random.default_rng(2).standard_normal(2 * BLOCK + 76)
    rounder = plain(bfloat16, mode)
    whole = narrow.round_array(x, rounder)
    assert same_bits(whole, narrow.round_array(x.reshape(4, -1), rounder).ravel()).all()
    tail = slice(2 * BLOCK - 3, 2 * BLOCK + 76)
    expected = [rounder(e, i) for i, e in zip(range(tail.start, tail.stop), to_objects(x[tail]), strict=True)]
    assert [float(e.to_fraction()) for e in expected if isinstance(e, Dyadic)] == whole[tail].tolist()
    assert not same_bits(whole, narrow.round_array(x[::-1].copy(), rounder)[::-1].copy()).all()


def test_stochastic_frequency_is_the_fraction() -> None:
    # 1 + 3/8 of a unit moves up with probability 3/8: |z| <= 4 for n = 2**18.
    n = 1 << 18
    up = float((narrow.round_array(np.full(n, 1 + 3 * 2.0**-10), plain(bfloat16, SR)) > 1).sum())
    assert abs(up - 3 * n / 8) <= 4 * (n * 15 / 64) ** 0.5


def test_known_values() -> None:
    x = np.array([448.0, 463.0, 464.0, 465.0, -465.0, np.inf])
    nan = narrow.round_array(x, Rounder(float8_e4m3fn, RNE, Overflow.NAN))
    assert nan[:3].tolist() == [448.0, 448.0, 448.0]
    assert np.isnan(nan[3:]).all()
    saturated = narrow.round_array(x, Rounder(float8_e4m3fn, RNA, Overflow.SATURATE))
    assert saturated.tolist() == [448.0, 448.0, 448.0, 448.0, -448.0, 448.0]
    tiny = np.array([-(2.0**-200)])
    assert np.signbit(narrow.round_array(tiny, plain(bfloat16, RTP))).all()
    assert not np.signbit(narrow.round_array(tiny, plain(paper_float(4), RTP))).any()
    assert narrow.round_array(tiny, plain(paper_float(4), RTO)).tolist() == [-(2.0**-13)]


@pytest.mark.parametrize(
    ("fmt", "overflow", "condition"),
    [
        (binary64, Overflow.SATURATE, "binary64 must be used with RNE"),
        (Float(53, -500, 500), Overflow.INFINITY, "precision must be at most 52 bits"),
        (Float(40, -899, 1023), Overflow.INFINITY, "q_min >= -880"),
        (Float(40, -1022, 899), Overflow.INFINITY, "emax <= 900"),
        (Float(40, -800, 1023), Overflow.SATURATE, "emax <= 900"),
        (Format("lopsided", 40, -1000, Dyadic(1, 1000), Dyadic(-1, 9)), Overflow.INFINITY, "emax <= 900"),
        (Fixed(8, -3), Overflow.WRAP, "must not be wrap"),
        (Fixed(60, 0), Overflow.SATURATE, "precision must be at most 52 bits"),
        (Format("half", 4, -10, None, None), Overflow.INFINITY, "must have bounds"),
    ],
    ids=str,
)
def test_refuses(fmt: Format, overflow: Overflow, condition: str) -> None:
    with pytest.raises(UnsupportedError, match=condition):
        narrow.round_array(np.ones(2), Rounder(fmt, RTZ, overflow))


def test_refuses_exponents_outside_the_window_and_objects() -> None:
    for value in (2.0**900, 2.0**-901, 5e-324):
        for fmt in (unbounded(11), Float(11, -900, 900)):
            with pytest.raises(UnsupportedError, match="within"):
                narrow.round_array(np.array([0.0, value, np.inf]), plain(fmt, RNE))
    with pytest.raises(UnsupportedError, match="float64 lanes; got object"):
        narrow.round_array(to_objects(np.ones(2)), plain(bfloat16, RNE))


def test_one_bit_has_no_even_neighbour() -> None:
    """With one bit every significand is odd, and IEEE 754-2019 4.3.1 takes the larger magnitude of a tie."""
    x = np.array([s * k / 8 * 2.0**e for e in range(-18, 18) for k in range(8, 16) for s in (1, -1)])
    exponents = np.floor(np.log2(np.abs(x)))
    up = np.abs(x) >= 1.5 * 2.0**exponents
    expected = np.copysign(2.0 ** (exponents + up), x)
    assert np.array_equal(narrow.round_array(x, Rounder(Float(1, -20, 20), RNE, Overflow.INFINITY)), expected)
