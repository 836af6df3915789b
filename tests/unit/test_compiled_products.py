"""Compiled matrix products and functions against the NumPy code, which other tests hold to outside oracles."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from precise import Float, bfloat16, binary16, binary32, float8_e4m3fn, paper_float, tf32, unbounded
from precise.engines import compiled, compiled_products, narrow, narrow_functions
from precise.engines.compiled_extraction import Extraction
from precise.engines.lanes import lane_rounder
from precise.errors import DomainError, UnsupportedError
from precise.formats import Format
from precise.policy import Accumulate, Sequential, exact_products, exact_then_round
from precise.rounding import DETERMINISTIC, RNE, Overflow, Rounder, Underflow, default_overflow

EXTENSION = compiled.extension()
pytestmark = pytest.mark.skipif(EXTENSION is None, reason="the extension is not built: NumPy gives the same bits")

ORDERS = {
    "sequential": Sequential(),
    "fma": Sequential(products="exact"),
    "papers": exact_then_round,
    "exact": exact_products,
    "wider": Accumulate("sequential", "rounded", binary32),
}
SHAPES = [(1, 1, 1), (3, 5, 7), (4, 16, 8), (5, 33, 17), (9, 2, 40), (2, 7, 1030)]


def without_extension(patch: pytest.MonkeyPatch) -> None:
    """Make every caller of the extension believe that it is not built."""
    patch.setattr(compiled, "extension", lambda: None)


def same_bits(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """Return whether two arrays agree in every bit; all NaN are one value."""
    return bool(((x.view(np.int64) == y.view(np.int64)) | (np.isnan(x) & np.isnan(y))).all())


def data(kind: str, fmt: Format, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return members: ordinary ones, with zeros, near underflow, near overflow, cancelling, or with specials."""
    x = rng.standard_normal(shape)
    low = -40 if fmt.emin is None else fmt.emin
    high = 40 if fmt.emax is None else fmt.emax
    if kind == "zeros":
        x[rng.random(shape) < 0.6] = 0.0
        x[rng.random(shape) < 0.5] *= -1
        x[:1] = -0.0
    elif kind == "small":
        x = np.ldexp(x, low // 2)
        x[rng.random(shape) < 0.2] = 0.0
    elif kind == "tiny":
        x = np.ldexp(x, rng.integers(low - (fmt.p or 1), low // 2 + 2, shape))
    elif kind == "spread":
        x = np.ldexp(x, rng.integers(-12, 3, shape))
    elif kind == "large":
        x = np.ldexp(x, rng.integers(high // 2 - 2, high // 2 + 2, shape))
    elif kind == "cancelling":
        x = rng.integers(-3, 4, shape) * 2.0 ** rng.integers(-3, 3, shape)
    elif kind == "specials" and fmt.infinities:
        x[rng.random(shape) < 0.1] = np.inf
        x[rng.random(shape) < 0.05] = -np.inf
        x[rng.random(shape) < 0.05] = np.nan
    return narrow.round_array(x, Rounder(fmt, RNE, default_overflow(fmt)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "fmt",
    [binary16, bfloat16, tf32, float8_e4m3fn, paper_float(6), binary32, unbounded(25), Float(40, -300, 300)],
    ids=str,
)
def test_products_agree(fmt: Format, order: str, instruction_set: str) -> None:
    rng = np.random.default_rng(41)
    how, compared = ORDERS[order], 0
    kinds = ("ordinary", "zeros", "spread", "small", "tiny", "large", "cancelling", "specials")
    for kind, (n, k, m), mode in itertools.product(kinds, SHAPES, (RNE, *DETERMINISTIC[1::2])):
        a, b = data(kind, fmt, (n, k), rng), data(kind, fmt, (k, m), rng)
        results = Rounder(fmt, mode, default_overflow(fmt))
        try:
            found = narrow.matmul(a, b, how, results)
        except UnsupportedError:
            continue
        with pytest.MonkeyPatch.context() as patch:
            without_extension(patch)
            expected = narrow.matmul(a, b, how, results)
        compared += 1
        assert same_bits(found, expected), (kind, (n, k, m), mode)
    assert compared > 30


def test_tiles_serve_what_they_claim(instruction_set: str) -> None:
    rng = np.random.default_rng(5)
    served = 0
    for fmt, kind in itertools.product(
        (binary16, bfloat16, binary32, unbounded(11), unbounded(25)), ("ordinary", "small", "zeros", "cancelling")
    ):
        a, b = data(kind, fmt, (13, 21), rng), data(kind, fmt, (21, 19), rng)
        lanes = lane_rounder(Rounder(fmt, RNE, default_overflow(fmt)))
        tiled = np.full((13, 19), 7.0)
        if not compiled_products._in_tiles(a, b, lanes, tiled):
            continue
        served += 1
        with pytest.MonkeyPatch.context() as patch:
            without_extension(patch)
            assert same_bits(tiled, narrow.matmul(a, b, Sequential(), lanes.rounder)), (fmt, kind)
    assert served >= 16


def test_tiles_leave_alone_what_has_rules_of_its_own() -> None:
    ones, out = np.ones((4, 4)), np.empty((4, 4))
    for fmt in (paper_float(5), float8_e4m3fn, unbounded(26), unbounded(1)):
        lanes = lane_rounder(Rounder(fmt, RNE, default_overflow(fmt)))
        if fmt is float8_e4m3fn:  # 4 products of 16 * 16 overflow 448
            assert not compiled_products._in_tiles(16 * ones, 16 * ones, lanes, out)
            continue
        assert not compiled_products._in_tiles(ones, ones, lanes, out)
    lanes = lane_rounder(Rounder(bfloat16, RNE, default_overflow(bfloat16)))
    wide = np.full((4, 4), 1 + 2.0**-30)  # products of wider operands are not exact in a lane
    assert not compiled_products._in_tiles(wide, wide, lanes, out)


def nearest_even(x: NDArray[np.int64], p: int, q_min: int = 0) -> NDArray[np.int64]:
    """Return positive integers rounded to p bits and multiples of 2**q_min, to nearest even, by integer arithmetic."""
    cut = np.maximum(np.frexp(x.astype(np.float64))[1].astype(np.int64) - p, q_min)  # integers below 2**53
    low, half = x & ((1 << cut) - 1), (1 << cut) >> 1
    up = (low > half) | ((low == half) & (cut > 0) & ((x >> cut) & 1 == 1))
    return ((x >> cut) + up) << cut


def single_products(a: NDArray[np.int64], b: NDArray[np.int64], fmt: Format) -> NDArray[np.float64]:
    """Return all products of two lists of integers, each rounded to a format, as tiles compute them."""
    lanes, out = lane_rounder(Rounder(fmt, RNE, Overflow.INFINITY)), np.empty((a.size, b.size))
    left, right = a.astype(np.float64).reshape(-1, 1), b.astype(np.float64).reshape(1, -1)
    assert compiled_products._in_tiles(left, right, lanes, out)
    return out


@pytest.mark.parametrize("p", range(2, 12))
def test_every_product_in_float_lanes(p: int, instruction_set: str) -> None:
    a, b = np.arange(1 << 11, 1 << 12), np.arange(1 << (p - 1), 1 << p)
    integers = np.arange(1 << 24)
    table = np.zeros(integers.size)
    products = np.unique(np.multiply.outer(a, b))
    table[products] = nearest_even(products, p)
    assert (single_products(a, b, unbounded(p)) == table[np.multiply.outer(a, b)]).all()


@pytest.mark.parametrize("p", range(12, 52))
def test_products_beside_powers_of_two(p: int, instruction_set: str) -> None:
    """Where the split of a product passes a power of two that the product itself does not reach."""
    bits = min(p, 26)
    b = np.unique(np.random.default_rng(p).integers(1 << (bits - 1), 1 << bits, 1 << 15)) | 1
    power = 1 << (bits + 25)
    b = b[np.argsort(power % b)]  # those first that come nearest below the power
    b = np.concatenate([b[:40], b[40 :: 1 + b.size // 200]])
    a = np.unique((power // b)[:, None] + np.arange(-3, 4))
    a = a[a < 1 << 26]
    products = np.multiply.outer(a, b)
    passing = np.frexp(products * (2.0 ** (53 - p) + 1))[1] > np.frexp(products * 2.0 ** (53 - p))[1]
    assert products.size > 500 and passing.any() == (p > 14)
    right = nearest_even(products, p)
    if p <= 25:
        assert (single_products(a, b, unbounded(p)) == right).all()
    left, columns = a.astype(np.float64).reshape(-1, 1), b.astype(np.float64).reshape(1, -1)
    tiles = Extraction.of(left, columns, Rounder(unbounded(p), RNE, Overflow.INFINITY))
    assert tiles is not None
    sums = tiles.sums()
    assert (sums.s == right.ravel()).all() and not sums.e.any()


@pytest.mark.parametrize("q_min", [1, 5, 20, 23, 24, 25, 40, 44])
def test_products_of_24_bits_on_the_subnormal_grid(q_min: int, instruction_set: str) -> None:
    """Ties and their neighbours, on both sides of the least normal number and of half the least number."""
    rng = np.random.default_rng(q_min)
    bits = min(24, q_min)
    b = np.concatenate([1 << np.arange(bits), rng.integers(1 << (bits - 1), 1 << bits, 60), [(1 << bits) - 1]])
    steps = np.concatenate([np.arange(6), (1 << 23) + np.arange(-4, 6), rng.integers(1, 1 << 23, 40)])
    halves = ((2 * steps[:, None] + 1) << q_min) // (2 * b)  # products beside step + 1/2
    a = np.unique(halves[(halves > 0) & (halves < 1 << 24)][:, None] + np.arange(-1, 2))
    a = a[(a > 0) & (a < 1 << 24)]
    a = np.unique(np.concatenate([rng.choice(a, 1500), [1, (1 << 24) - 1]]))
    products = np.multiply.outer(a, b)
    right = nearest_even(products, 24, q_min)
    ties = (products << 1) % (2 << q_min) == 1 << q_min
    assert ties.sum() > 10 and (right == 1 << q_min).any() and (right == 0).any()
    fmt = Float(24, q_min + 23, 90)
    assert fmt.q_min == q_min and (single_products(a, b, fmt) == right).all()
    assert (single_products(a, -b, fmt) == -right).all()


def test_what_float_lanes_cannot_do_is_refused(instruction_set: str) -> None:
    """The subnormal grid of 24 bits takes fused operations in float lanes; rows and precisions have their ranges."""
    assert EXTENSION is not None
    a, out = np.ones((1, 1)), np.zeros((1, 1))
    refused = [(0, 0.0, 0, 0, 1), (26, 0.0, 1, 0, 1), (24, 0.0, 0, -1, 1), (24, 0.0, 0, 0, 2)]
    served = [(24, 0.0, 0, 0, 1), (24, 2.0**-30, 1, 0, 1), (11, 2.0**-30, 0, 0, 1)]
    (refused if instruction_set == "baseline" else served).append((24, 2.0**-30, 0, 0, 1))
    for p, grid_least, double_lanes, start, stop in served:
        out[:] = 0
        EXTENSION.sequential(p, grid_least, 1.0, double_lanes, a, a, out, (1, 1, 1), start, stop)
        assert out.item() == 1
    for p, grid_least, double_lanes, start, stop in refused:
        with pytest.raises(ValueError, match="rows and precision must lie in their ranges"):
            EXTENSION.sequential(p, grid_least, 1.0, double_lanes, a, a, out, (1, 1, 1), start, stop)


@pytest.mark.parametrize("shift", [-90, -40, 0, 40, 90])
@pytest.mark.parametrize(
    "fmt",
    [bfloat16, binary16, tf32, Float(8, -30, 40), Float(11, -140, 127), Float(24, -60, 90), binary32],
    ids=str,
)
def test_float_lanes_of_scaled_operands(fmt: Format, shift: int, instruction_set: str) -> None:
    """Products beside halves and multiples of the least number, and their sums, wherever the operands lie."""
    assert fmt.p is not None and fmt.q_min is not None
    rng = np.random.default_rng(shift + 100)
    lanes = lane_rounder(Rounder(fmt, RNE, default_overflow(fmt)))
    a, b = (rng.integers(1 << (fmt.p - 1), 1 << fmt.p, size).astype(np.float64) for size in ((37, 9), (9, 21)))
    a[::3], b[:, ::4] = 1 << (fmt.p - 1), 3 << (fmt.p - 2)  # ties
    near = fmt.q_min - 2 * fmt.p  # the least products lie below half of the least number
    a = np.ldexp(a, near // 2 + rng.integers(-2, 15, a.shape) + shift)
    b = np.ldexp(b, near - near // 2 - shift)
    a[rng.random(a.shape) < 0.5] *= -1
    a[:, rng.random(9) < 0.3] = 0.0
    tiles = compiled_products.Tiles.of(a, b, lanes)
    assert tiles is not None and tiles.gradual > 0
    in_floats = tiles.scale_in_floats(9 * tiles.most) is not None
    assert in_floats == (tiles.b.least >= 2.0**-100 and tiles.b.most < 2.0**100)
    found = np.empty((37, 21))
    assert compiled_products._in_tiles(a, b, lanes, found)
    with pytest.MonkeyPatch.context() as patch:
        without_extension(patch)
        expected = narrow.matmul(a, b, Sequential(), lanes.rounder)
    assert same_bits(found, expected) and (found != 0).mean() > 0.2


def test_scales_for_float_lanes() -> None:
    lanes = lane_rounder(Rounder(bfloat16, RNE, default_overflow(bfloat16)))
    ones, zeros = np.ones((3, 3)), np.zeros((3, 3))
    cases = [
        (ones, ones, 0),
        (2.0**-64, 2.0**-64, 118),
        (2.0**-120, 1.0, 115),
        (2.0**90, 2.0**-120, None),
        (2.0**-99, 1.0, 99),
    ]
    for a, b, exponent in cases:
        tiles = compiled_products.Tiles.of(a * ones, b * ones, lanes)
        assert tiles is not None
        scale = tiles.scale_in_floats(3 * tiles.most)
        if exponent is None:
            assert scale is None
        else:
            assert scale is not None and abs(np.log2(scale) - exponent) <= 12, (a, b)
    tiles = compiled_products.Tiles.of(zeros, ones, lanes)
    assert tiles is not None and tiles.scale_in_floats(0.0) == 1.0
    wide = lane_rounder(Rounder(Float(8, -300, 300), RNE, Overflow.INFINITY))
    small, large = np.array([[1 + 2.0**-7, 2.0**-140], [1.0, 1.0]]), np.array([[1.0, 2.0**197], [1.0, 1.0]])
    for a, b in ((np.ones((2, 2)), small), (large, np.full((2, 2), 2.0**-50)), (small, np.full((2, 2), 2.0**120))):
        tiles = compiled_products.Tiles.of(a, b, wide)
        assert tiles is not None and tiles.gradual == 0
        assert tiles.scale_in_floats(2 * tiles.most) is None, (a, b)


def test_zeros_of_products_that_are_all_negative(instruction_set: str) -> None:
    for p in (8, 16, 25, 40):
        a, b = np.array([[-1.0, -2.0, -3.0], [-1.0, 2.0, -3.0]]), np.array([[0.0, -0.0], [0.0, 0.0], [0.0, 0.0]])
        for how in (Sequential(), exact_products):
            found = narrow.matmul(a, b, how, Rounder(unbounded(p), RNE, Overflow.INFINITY))
            assert np.signbit(found).tolist() == [[True, False], [False, False]], (p, how)


@pytest.mark.parametrize("op", ["exp", "log", "sin", "cos", "tan", "tanh"])
def test_functions_agree(op: str, instruction_set: str) -> None:
    rng = np.random.default_rng(17)
    x = np.concatenate(
        [
            rng.standard_normal(3000) * 4,
            np.ldexp(rng.standard_normal(3000), rng.integers(-1000, 1000, 3000)),
            np.pi * np.arange(-40, 40) / 4,
            np.ldexp(1.0, -np.arange(1060)),
            [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, np.nextafter(1, 2), 88.7, -88.7, 709.0, -745.0],
        ]
    )
    x = np.abs(x) if op == "log" else x
    compared = 0
    for fmt, mode in itertools.product((bfloat16, binary16, binary32, unbounded(40), paper_float(6)), DETERMINISTIC):
        lanes = lane_rounder(Rounder(fmt, mode, default_overflow(fmt)))
        arguments = x if fmt.infinities else x[np.isfinite(x) & (x != 0) & (np.abs(x) < 700)]
        inside = np.ascontiguousarray(arguments)
        try:
            y, undecided = narrow_functions._round_enclosed(op, inside, lanes, 0)
        except UnsupportedError:
            continue
        with pytest.MonkeyPatch.context() as patch:
            without_extension(patch)
            try:
                expected, still = narrow_functions._round_enclosed(op, inside, lanes, 0)
            except UnsupportedError:  # outside the window of exponents: the extension leaves these open one by one
                continue
        assert (undecided == still).all()
        assert same_bits(y[~still], expected[~still]), (fmt, mode)
        compared += 1
    assert compared > 20


def test_functions_raise_where_a_policy_asks_for_it(instruction_set: str) -> None:
    for fmt, x in ((bfloat16, 100.0), (binary16, 12.0), (unbounded(11), 3000.0)):
        rounder = Rounder(fmt, RNE, Overflow.ERROR)
        with pytest.raises(DomainError if fmt.emax else UnsupportedError):
            narrow.elementwise("exp", (np.array([0.5, x]),), rounder)
    with pytest.raises(DomainError):
        narrow.elementwise("exp", (np.array([-100.0]),), Rounder(bfloat16, RNE, Overflow.INFINITY, Underflow.ERROR))


@pytest.mark.parametrize("order", ["sequential", "papers"])
def test_operands_longer_than_the_results(order: str, instruction_set: str) -> None:
    rng = np.random.default_rng(37)
    for stored, fmt in itertools.product((binary32, unbounded(12)), (bfloat16, binary16, unbounded(11), unbounded(3))):
        a, b = data("ordinary", stored, (24, 50), rng), data("ordinary", stored, (50, 24), rng)
        a[:, 0] = np.ldexp(1.0, rng.integers(-3, 3, 24))  # products that are ties
        a[::2, 1:] = 0.0
        results = Rounder(fmt, RNE, default_overflow(fmt))
        found = narrow.matmul(a, b, ORDERS[order], results)
        with pytest.MonkeyPatch.context() as patch:
            without_extension(patch)
            assert same_bits(found, narrow.matmul(a, b, ORDERS[order], results)), (stored, fmt)
