"""Sums and products of lanes against the reference: cancelling rows, far terms, ties, every order and accumulator."""

from __future__ import annotations

import math

import numpy as np
import pytest
from unit.narrow_cases import FORMATS, MODES, Floats, can_nudge, compare, plain, points, same_bits

from precise.dyadic import Element
from precise.engines import narrow, narrow_sums, reference
from precise.engines.carrier import element_of, float_of
from precise.engines.lanes import lane_rounder
from precise.errors import UnsupportedError
from precise.formats import bfloat16, binary16, binary32, binary64
from precise.formats.format import Float, Format, paper_float
from precise.policy import Accumulate, Pairwise, Sequential, exact_then_round
from precise.rounding import RNA, RNE, RTN, RTO, RTP, RTZ, SR, Overflow, Rounder, Rounding, stochastic

ORDERS = [
    Accumulate("sequential"),
    Accumulate("pairwise"),
    Accumulate("exact"),
    Accumulate("sequential", format=binary32, rounding=RTZ),
    Accumulate("pairwise", format=Float(30, -300, 300)),
    Accumulate("exact", format=bfloat16, rounding=RTO),
]


def cancelling(p: int, rng: np.random.Generator, rows: int, count: int) -> Floats:
    """Return rows whose leading terms cancel to a unit or a tie, with a far term of either sign that decides."""
    x = np.zeros((rows, count))
    half = count // 2
    x[:, :half] = rng.integers(2 ** (p - 1), 2**p, (rows, half)) * 2.0 ** rng.integers(-6, 7, (rows, half))
    x[:, half : 2 * half] = -x[:, :half][:, ::-1]
    unit = rng.choice([0.0, 1.0, 2.0 ** (p - 1) + 0.5, 2.0 ** (p - 1) + 1.5, 2.0**p - 0.5], rows)
    far = rng.choice([0.0, 1.0, -1.0], rows) * 2.0 ** -rng.choice([p - 2, p, p + 3, 2 * p, 2 * p + 6, 90], rows)
    x = np.concatenate([x, (unit * 2.0 ** rng.integers(-3, 4, rows))[:, None], far[:, None]], axis=1)
    return rng.permuted(x, axis=1)


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("how", ORDERS, ids=str)
def test_sums_agree_with_the_reference(fmt: Format, how: Accumulate) -> None:
    rng = np.random.default_rng(20261122)
    compared = 0
    for mode in MODES:
        if not can_nudge(fmt, mode) or (mode.code == "SR" and mode.bits > 10 and fmt.p and fmt.p > 30):
            continue
        rounder = plain(fmt, mode)
        for count in (1, 2, 3, 7, 12):
            wild = modest(points(fmt, rng, 6 * count), count)
            for x in (cancelling(min(fmt.p or 8, 20), rng, 4, count - count % 2), wild):
                compared += compare(narrow.reduce_sum, reference.reduce_sum, x, how, rounder, text=False)
    assert compared > 150


def modest(x: Floats, count: int) -> Floats:
    """Return rows of `count` finite values of moderate size."""
    x = np.where(np.isfinite(x) & (np.abs(x) < 2.0**150) & (np.abs(x) > 2.0**-150), x, -0.0)
    return x[: x.size // count * count].reshape(-1, count)


def test_zeros_infinities_and_nothing() -> None:
    values = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0])
    x = np.stack([g.ravel() for g in np.meshgrid(values, values, values)], axis=1)
    for how in ORDERS:
        for mode in (RNE, RTN, RTP, SR):
            rounder = plain(binary16, mode)
            assert compare(narrow.reduce_sum, reference.reduce_sum, x, how, rounder) == 343
            assert compare(narrow.reduce_prod, reference.reduce_prod, x, how, rounder) == 343
            assert compare(narrow.reduce_sum, reference.reduce_sum, np.zeros((2, 0)), how, rounder) == 2
            assert compare(narrow.reduce_prod, reference.reduce_prod, np.zeros((2, 0)), how, rounder) == 2


@pytest.mark.parametrize("how", ORDERS, ids=str)
def test_products_agree_with_the_reference(how: Accumulate) -> None:
    rng = np.random.default_rng(9)
    compared = 0
    for fmt in (bfloat16, binary32, paper_float(5), Float(40, -126, 127)):
        for mode in MODES:
            for count in (1, 2, 3):
                x = modest(points(fmt, rng, 30), count)
                if can_nudge(fmt, mode) and not (how.order == "exact" and count == 3):
                    compared += compare(narrow.reduce_prod, reference.reduce_prod, x, how, plain(fmt, mode), text=False)
    short = rng.integers(-5, 6, (20, 6)) * 0.5
    compared += compare(narrow.reduce_prod, reference.reduce_prod, short, how, plain(bfloat16, RTZ))
    assert compared > 400


def test_exact_products_of_many_bits_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="partial products"):
        narrow.reduce_prod(np.full((1, 4), 1 + 2.0**-30), exact_then_round, plain(bfloat16, RNE))


def test_exact_sums_that_defeat_a_stopping_rule() -> None:
    rows = [
        ([8 * 2.0**17, 8 * 2.0**13, 9 * 2.0**8, -8 * 2.0**8, -8 * 2.0**6], Float(4, -40, 40), 8 * 2.0**17),
        ([33 * 2.0**60, -32 * 2.0**60, -33 * 2.0**48], Float(6, -80, 80), 63 * 2.0**54),
    ]
    for terms, fmt, expected in rows:
        assert narrow.reduce_sum(np.array([terms]), exact_then_round, plain(fmt, RNE)).tolist() == [expected]


@pytest.mark.parametrize("mode", [RNE, RNA, RTZ, RTO], ids=str)
def test_third_level_errors_go_to_the_reference(mode: Rounding) -> None:
    # The first term is a threshold of bfloat16; the far terms lie below the lanes of s and of e.
    threshold = 1 + 2.0**-8 if mode in (RNE, RNA) else 1.0
    rows = np.array([[threshold, 2.0**-60, 2.0**-150, -(2.0**-60), s * 2.0**-280] for s in (1, -1)])
    total = narrow_sums.tree_sum(np.ascontiguousarray(rows.T))
    assert compare(narrow.reduce_sum, reference.reduce_sum, rows, exact_then_round, plain(bfloat16, mode)) == 2
    _, undecided = total.rounded("sum", lane_rounder(plain(bfloat16, mode)), 0)
    assert undecided.all()


def test_bound_contains_what_both_lanes_miss() -> None:
    rng = np.random.default_rng(12)
    x = rng.standard_normal((40, 60)) * 2.0 ** rng.integers(-140, 140, (40, 60))
    total = narrow_sums.tree_sum(np.ascontiguousarray(x.T))
    chain = narrow_sums.ExactSum.of(np.ascontiguousarray(x[:, 0]))
    for k in range(1, 60):
        chain.include(np.ascontiguousarray(x[:, k]))
    for found in (total, chain):
        assert (found.bound > 0).any()
        for i, row in enumerate(x.tolist()):
            exact = sum((reference.number(e) for e in to_elements([*row, -found.s[i], -found.e[i]])), reference.ZERO)
            assert abs(exact) <= reference.number(to_elements([found.bound[i] * narrow_sums._OUTWARDS])[0])


def to_elements(values: list[float]) -> list[Element]:
    """Return the data that floats hold."""
    return [element_of(v) for v in values]


def test_long_rows_and_blocks() -> None:
    rng = np.random.default_rng(13)
    long = rng.standard_normal(narrow._CELLS + 5)
    whole = narrow.reduce_sum(long, exact_then_round, plain(binary32, RTP))
    back = narrow.reduce_sum(long[::-1].copy(), exact_then_round, plain(binary32, RTP))
    assert whole.shape == ()
    assert whole == back
    assert 0 <= float(whole) - math.fsum(long.tolist()) <= float(np.spacing(np.float32(abs(float(whole)))))
    tall = rng.standard_normal((70_000, 5))
    for how in (Sequential(), Pairwise(), exact_then_round):
        for mode in (RNE, stochastic(seed=4, bits=16)):
            rounder = plain(bfloat16, mode)
            part = slice(52_420, 52_440)  # around the end of the first block
            got = narrow.reduce_sum(tall, how, rounder)[part]
            wanted = [
                float_of(reference.accumulate_terms(to_elements(row), how, rounder, i))
                for i, row in zip(range(part.start, part.stop), tall[part].tolist(), strict=True)
            ]
            assert same_bits(got, np.array(wanted)).all()


def test_binary64_sums_run_on_the_hardware() -> None:
    x = np.random.default_rng(14).standard_normal((5, 9)) * 1e300
    rounder = Rounder(binary64, RNE, Overflow.INFINITY)
    for how in (Sequential(), Pairwise()):
        assert compare(narrow.reduce_sum, reference.reduce_sum, x, how, rounder) == 5
    with pytest.raises(UnsupportedError, match=r"at most 52 bits|below 2"):
        narrow.reduce_sum(x, exact_then_round, rounder)


def test_refuses() -> None:
    with pytest.raises(UnsupportedError, match="below 2"):
        narrow.reduce_sum(np.full((1, 3), 2.0**959), exact_then_round, plain(bfloat16, RNE))
    with pytest.raises(UnsupportedError, match="at most 52 bits"):
        narrow.reduce_sum(np.array([[1.0, 2.0**-70]]), exact_then_round, plain(binary32, SR))
