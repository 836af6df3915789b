"""Matrix products of lanes against the reference: cancelling rows, ties, zero rows, specials, every order, blocks."""

from __future__ import annotations

import numpy as np
import pytest
from unit.narrow_cases import FORMATS, MODES, Floats, can_nudge, compare, plain, points, same_bits

from precise.dyadic import Dyadic
from precise.engines import narrow, narrow_dgemm, narrow_products, reference
from precise.engines.carrier import to_lanes
from precise.errors import UnsupportedError
from precise.formats import bfloat16, binary16, binary32
from precise.formats.format import Float, Format, unbounded
from precise.policy import Accumulate, Pairwise, Sequential, exact_products, exact_then_round
from precise.rounding import RNE, RTN, RTP, RTZ, Overflow, Rounder, Rounding, stochastic

ORDERS = [Accumulate(o, p) for o in ("sequential", "pairwise", "exact") for p in ("rounded", "exact")]  # type: ignore[arg-type]
MIXED = [
    Accumulate("sequential", "rounded", binary32, RTZ),
    Accumulate("exact", "rounded", bfloat16),
    Accumulate("pairwise", "exact", Float(30, -300, 300)),
]


def factors(fmt: Format, rng: np.random.Generator, n: int, k: int, m: int) -> tuple[Floats, Floats]:
    """Return members whose products cancel in pairs, up to a tie or a far term; a zero row and column."""
    p = min(fmt.p or 6, 26)
    a = rng.integers(2 ** (p - 1), 2**p, (n, k)) * 2.0 ** (1 - p + rng.integers(-4, 5, (n, k)))
    b = rng.integers(-4, 5, (k, m)) * 2.0 ** rng.integers(-2, 2, (k, m))
    half = k // 2
    a[:, half : 2 * half] = -a[:, :half]
    b[half : 2 * half] = b[:half]
    if k > 2:
        a[:, rng.integers(k)] *= rng.choice([1, 1, 1 + 2.0 ** (1 - p), 2.0**-p, 2.0 ** -(2 * p), 2.0**p], n)
    a[rng.random(a.shape) < 0.1] = -0.0
    if n > 2:
        a[0] = 0.0
    return a, b


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("how", [*ORDERS, *MIXED], ids=str)
def test_agrees_with_the_reference(fmt: Format, how: Accumulate) -> None:
    rng = np.random.default_rng(20261122)
    compared = 0
    for mode in MODES:
        if not can_nudge(fmt, mode) or (mode.code == "SR" and mode.bits > 10 and (fmt.p or 8) > 20):
            continue
        for n, k, m in ((1, 1, 1), (3, 2, 2), (3, 5, 3), (2, 8, 1)):
            a, b = factors(fmt, rng, n, k, m)
            if how.order == "pairwise" and how.products == "exact":
                a = narrow.round_array(a, plain(Float(26, -300, 300), RNE))  # wider ones are refused
            compared += compare(narrow.matmul, reference.matmul, a, b, how, plain(fmt, mode), text=False)
    assert compared > 100


@pytest.mark.parametrize("how", [h for h in ORDERS if h.order != "pairwise" or h.products == "rounded"], ids=str)
@pytest.mark.parametrize("fmt", [Float(40, -126, 127), bfloat16, binary32], ids=str)
def test_wide_operands(fmt: Format, how: Accumulate) -> None:
    rng = np.random.default_rng(21)
    for mode in MODES[:7]:
        a = rng.standard_normal((3, 6)) * 2.0 ** rng.integers(-30, 30, (3, 6))
        b = rng.standard_normal((6, 2))
        a[:, 3:], b[3:] = -a[:, :3], b[:3]
        a[1, 5] *= 1 + 2.0**-45
        assert compare(narrow.matmul, reference.matmul, a, b, how, plain(fmt, mode)) == 6


@pytest.mark.parametrize("how", ORDERS, ids=str)
def test_specials_zeros_and_shapes(how: Accumulate) -> None:
    values = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0])
    a = np.stack([g.ravel() for g in np.meshgrid(values, values)], axis=1)[::3]
    b = np.stack([g.ravel() for g in np.meshgrid(values, values)])[:, ::4]
    for mode in (RNE, RTN, RTP, stochastic(seed=1, bits=8)):
        rounder = plain(binary16, mode)
        assert compare(narrow.matmul, reference.matmul, a, b, how, rounder) == 17 * 13
        for left, right in (((2, 0), (0, 3)), ((0, 2), (2, 3)), ((2, 1, 2, 3), (3, 3, 1)), ((2, 2, 3), (2, 3, 2))):
            x, y = np.full(left, -1.5), np.full(right, 0.75)
            compare(narrow.matmul, reference.matmul, x, y, how, rounder)
            assert narrow.matmul(x, y, how, rounder).shape == np.matmul(x, y).shape


@pytest.mark.parametrize("how", ORDERS, ids=str)
@pytest.mark.parametrize("mode", [RNE, RTZ, stochastic(seed=2, bits=10)], ids=str)
def test_block_sizes_change_nothing(how: Accumulate, mode: Rounding, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(22)
    a = to_lanes(narrow.round_array(rng.standard_normal((2, 13, 7)), plain(bfloat16, RNE)))
    b = to_lanes(narrow.round_array(rng.standard_normal((7, 11)), plain(bfloat16, RNE)))
    whole = narrow.matmul(a, b, how, plain(bfloat16, mode))
    for module, name in ((narrow_products, "BLOCK"), (narrow_products, "_CELLS"), (narrow_dgemm, "_CELLS")):
        monkeypatch.setattr(module, name, 29)
    assert same_bits(whole, narrow.matmul(a, b, how, plain(bfloat16, mode))).all()
    assert compare(narrow.matmul, reference.matmul, a[:, :3], b[:, :3], how, plain(bfloat16, mode)) == 18


def test_margin_contains_the_error_of_the_host_product() -> None:
    rng = np.random.default_rng(23)
    nearest = 0.0
    for k in (1, 2, 3, 40):
        a = narrow.round_array(rng.standard_normal((6, k)), plain(Float(26, -90, 90), RNE))
        b = narrow.round_array(rng.standard_normal((k, 6)), plain(Float(26, -90, 90), RNE))
        a[:, k // 2 : 2 * (k // 2)], b[k // 2 : 2 * (k // 2)] = -a[:, : k // 2] * (1 + 2.0**-20), b[: k // 2]
        c = a @ b
        d = np.multiply.outer(narrow_dgemm.error_factors(a), narrow_dgemm.row_norms(b.T))
        exact = [[dot(row, column) for column in b.T.tolist()] for row in a.tolist()]
        for i in range(6):
            for j in range(6):
                missed = abs(Dyadic.from_float(float(c[i, j])) - exact[i][j])
                assert missed <= Dyadic.from_float(float(d[i, j]))
                nearest = max(nearest, missed.to_float() / float(d[i, j]) if missed else 0.0)
    assert nearest > 0
    # The worst case that Cauchy and Schwarz admit must be contained too, not only what was observed.
    ones = np.ones((1, 64))
    bound = float((narrow_dgemm.error_factors(ones) * narrow_dgemm.row_norms(ones))[0])
    assert bound >= 64 * 64 * 2.0**-53


def dot(row: list[float], column: list[float]) -> Dyadic:
    """Return the exact inner product."""
    return sum((Dyadic.from_float(x) * Dyadic.from_float(y) for x, y in zip(row, column, strict=True)), start=Dyadic(0))


def test_width_uses_the_least_set_bit() -> None:
    assert narrow_dgemm.width(np.array([[1.0, 0.0, 2.0**20]])) == 21
    assert narrow_dgemm.width(np.array([[3.0, 2.0**-30 * 5]])) == 32
    a = np.array([[2.0**26, 1.0]])
    assert narrow_dgemm.sum_fits_lane(a[:, :1], a[:, :1].T)
    assert not narrow_dgemm.sum_fits_lane(a, a.T)  # 27 + 27 + 1 bits


def test_cancellation_defeats_the_host_product() -> None:
    # The float64 product loses the 2**-60 beside 1; the exact sum keeps it.
    a, b = np.array([[1.0, 2.0**-30, -1.0, 1.0]]), np.array([[1.0], [2.0**-30], [1.0], [2.0**-9]])
    for mode in MODES[:7]:
        assert compare(narrow.matmul, reference.matmul, a, b, exact_products, plain(bfloat16, mode)) == 1
    a, b = np.array([[1.0, 2.0**-8, 2.0**-40]]), np.array([[1.0], [1.0], [-(2.0**-40)]])
    assert narrow.matmul(a, b, exact_products, plain(bfloat16, RNE)).tolist() == [[1.0]]


def test_fused_chain_differs_from_rounded_products() -> None:
    rng = np.random.default_rng(24)
    a, b = (narrow.round_array(rng.standard_normal((20, 20)), plain(bfloat16, RNE)) for _ in range(2))
    fused = narrow.matmul(a, b, Sequential(products="exact"), plain(bfloat16, RNE))
    plainly = narrow.matmul(a, b, Sequential(), plain(bfloat16, RNE))
    assert (fused != plainly).any()
    assert (narrow.matmul(a, b, Pairwise(), plain(bfloat16, RNE)) != plainly).any()
    assert (narrow.matmul(a, b, exact_then_round, plain(bfloat16, RNE)) != plainly).any()


def test_points_of_the_format_with_overflow() -> None:
    rng = np.random.default_rng(25)
    for how in (Sequential(), Pairwise(), exact_then_round, Sequential(products="exact")):
        for overflow in (Overflow.INFINITY, Overflow.SATURATE, Overflow.ERROR):
            for mode in (RNE, RTZ, RTN):
                rounder = Rounder(binary16, mode, overflow)
                x = to_lanes(reference.round_array(points(binary16, rng, 80), plain(binary16, RNE)))[:40]
                compare(narrow.matmul, reference.matmul, x.reshape(5, 8), x.reshape(8, 5), how, rounder, text=False)


@pytest.mark.parametrize(
    ("how", "a", "b", "condition"),
    [
        (Pairwise(products="exact"), 1 + 2.0**-40, 1 + 2.0**-40, "must fit a lane"),
        (exact_products, 2.0**-500, 2.0**-500, "must lie in 2"),
        (exact_then_round, 2.0**600, 2.0**600, "below 2"),
    ],
    ids=str,
)
def test_refuses(how: Accumulate, a: float, b: float, condition: str) -> None:
    with pytest.raises(UnsupportedError, match=condition):
        narrow.matmul(np.full((1, 2), a), np.full((2, 1), b), how, plain(unbounded(11), RNE))
    with pytest.raises(UnsupportedError, match="float64 lanes"):
        narrow.matmul(np.ones((1, 1), dtype=object), np.ones((1, 1)), how, plain(bfloat16, RNE))
