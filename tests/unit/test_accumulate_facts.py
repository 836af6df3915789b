"""Accumulation: known facts, running sums and dot products, random bits, and what must change nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import ROUNDING, format_of
from oracles.floats import as_floats, as_values
from oracles.integers import MODES, Spec
from oracles.lanes import from_floats, round_exact
from oracles.named import BFLOAT16, BINARY16, BINARY32, E4M3FN
from unit import accumulate_models
from unit.accumulate_models import Plan
from unit.narrow_cases import compare, rounders
from unit.test_accumulate_orders import PLANS, accumulate_of, same

from precise import BlockedSum, Kahan, Neumaier, Promoted, Sequential, TensorCore, rounded, stochastic
from precise.engines import narrow, narrow_blocked, narrow_orders, narrow_products, reference
from precise.errors import ShapeError, UnsupportedError
from precise.formats import Float, bfloat16, binary16, binary64, float8_e4m3fn
from precise.policy import Accumulate
from precise.rounding import RNE, RTN, SR, Overflow, Rounder, parse_rounding

HOWS = [accumulate_of(plan) for plan in PLANS]


def total(how: Accumulate | str, terms: object, fmt: str = "bfloat16") -> float:
    """Return a sum as a float."""
    xp = rounded(fmt, accumulate=how)
    return float(xp.sum(xp.asarray(terms)).to_float64())


def test_sums_of_ones_stick_where_the_last_place_is_two() -> None:
    ones = np.ones(5000)
    assert total("sequential", ones) == 256
    assert total("sequential", ones, "binary16") == 2048
    assert total("kahan", ones[:4096]) == 4096
    assert total("neumaier", ones[:4096]) == 512  # s and c stick at 256 each
    assert total("split(16)", ones[:4096]) == 4096
    assert total("blocked(32)", ones[:4096]) == 4096
    assert total("sequential in binary32", ones[:4096]) == 4096
    assert total("promoted(128, sequential) in binary32", ones[:4096]) == 4096
    assert total("promoted(512, sequential) in binary32", ones[:4096]) == 4096
    assert total("promoted(512, sequential in bfloat16) in binary32", ones[:4096]) == 8 * 256


def test_fourteen_bits_of_a_tensor_core_lose_what_promotion_keeps() -> None:
    # One large term: 14 bits reach down to 2**(12 - 13), so a quarter is dropped wherever the large one takes part.
    terms = np.full(1 + 4096, 0.25)
    terms[0] = 4096.0
    assert total(TensorCore(32, 14), terms, "binary32") == 4096
    assert total(TensorCore(32, 22), terms, "binary32") == 5120
    assert total(TensorCore(32, 25), terms, "binary32") == 5120
    # Promoted: only the first block, of 127 quarters beside the large term, loses them.
    assert total(TensorCore(32, 14, promote=128), terms, "binary32") == 5120 - 127 * 0.25


def test_kahan_is_the_textbook_sum_in_every_step() -> None:
    rng = np.random.default_rng(8)
    xp = rounded(bfloat16, accumulate=Kahan())
    a, b = (xp.asarray(rng.standard_normal((20, 256))) for _ in range(2))
    theirs = [
        accumulate_models.dot(as_values(x), as_values(y), Plan("kahan"), BFLOAT16, "RNE")
        for x, y in zip(a.to_float64(), b.to_float64(), strict=True)
    ]
    assert same(xp.vecdot(a, b).to_float64(), as_floats(theirs))
    plain = rounded(bfloat16, accumulate=Sequential())
    chain = plain.vecdot(plain.asarray(a.to_float64()), plain.asarray(b.to_float64())).to_float64()
    rows = zip(a.to_float64(), b.to_float64(), strict=True)
    products = [round_exact(from_floats(x * y), BFLOAT16, "RNE") for x, y in rows]
    exact = np.array([float(sum(map(Fraction, p.tolist()))) for p in products])
    assert np.abs(as_floats(theirs) - exact).max() < np.abs(chain - exact).max() / 4


def test_neumaier_saves_what_kahan_loses() -> None:
    terms = [1.0, 2.0**30, 1.0, -(2.0**30)]
    assert total(Kahan(), terms) == 0
    assert total(Neumaier(), terms) == 2


def test_two_meanings_of_a_block_differ() -> None:
    terms = [256.0, 1.0, 1.0, 1.0, 1.0]
    assert total(BlockedSum(5), terms) == 260
    assert total(BlockedSum(2), terms) == 256 + 4  # 257 to 256, then 256 + 1 + 1 = 258, then + 1 = 259 to 260
    assert total(Promoted(5, Sequential()), terms) == 256
    assert total(Promoted(1, Sequential(), "fp32"), terms) == 260


@pytest.mark.parametrize("how", HOWS, ids=str)
def test_random_bits_are_the_same_in_both_engines(how: Accumulate) -> None:
    rng = np.random.default_rng(5)
    compared = 0
    for mode in (stochastic(seed=3, bits=8), stochastic(seed=4, bits=1), stochastic(seed=5, bits=None)):
        for rows, n in ((3, 9), (60, 5)):
            terms = narrow.round_array(rng.standard_normal((rows, n)) * 2.0 ** rng.integers(-4, 5, (rows, n)), NEAREST)
            rounder = Rounder(bfloat16, mode, Overflow.INFINITY)
            compared += agreed("reduce_sum", terms, how, rounder)
            compared += agreed("cumulative_sum", terms[:7], how, rounder)
            compared += agreed("matmul", terms[:5], how, rounder, terms[:4].T.copy())
    assert compared > 300


NEAREST = Rounder(bfloat16, RNE, Overflow.INFINITY)


def agreed(request: str, x: object, how: Accumulate, rounder: Rounder, y: object = None) -> int:
    """Compare one request to both engines, where the drawn words decide."""
    arguments = (x, how, rounder) if y is None else (x, y, how, rounder)
    return compare(getattr(narrow, request), getattr(reference, request), *arguments, text=False)


def test_random_bits_differ_between_steps_and_depend_on_the_element_alone() -> None:
    for how in HOWS:
        xp = rounded(bfloat16, stochastic(seed=9), accumulate=how)
        x = xp.asarray(np.tile(np.r_[1.0, np.full(15, 2.0**-9)], (40, 1)))
        sums = xp.sum(x, axis=-1).to_float64()
        if how.rounding is None and "tensor-core" not in str(how):  # an aligned sum may be exact
            assert len(set(sums.tolist())) > 1, how
        assert same(xp.sum(xp.reshape(x, (4, 10, 16)), axis=-1).to_float64(), sums)
        running = xp.cumulative_sum(x, axis=-1).to_float64()
        assert same(running[:, -1], sums)
        assert same(running[:, 6], xp.sum(x[:, :7], axis=-1).to_float64())


@pytest.mark.parametrize("how", HOWS, ids=str)
def test_sizes_of_blocks_and_numbers_of_rows_change_nothing(how: Accumulate, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    x = narrow.round_array(rng.standard_normal((11, 13)), NEAREST)
    for mode in (RNE, RTN, stochastic(seed=2, bits=12)):
        rounder = Rounder(bfloat16, mode, Overflow.INFINITY)
        wanted = [narrow.reduce_sum(x, how, rounder), narrow.matmul(x, x[:5].T.copy(), how, rounder)]
        alone = [narrow.reduce_sum(x[:1], how, rounder), wanted[0][:1]]
        assert same(*alone)
        for cells, few in ((1, 48), (40, 0), (40, 48)):
            with monkeypatch.context() as patch:
                patch.setattr(narrow, "_CELLS", cells)
                patch.setattr(narrow_orders, "_CELLS", cells)
                patch.setattr(narrow_products, "_CELLS", cells)
                patch.setattr(narrow_orders, "_FEW", few)
                patch.setattr(narrow_orders, "_FEW_STOCHASTIC", few)
                found = [narrow.reduce_sum(x, how, rounder), narrow.matmul(x, x[:5].T.copy(), how, rounder)]
            assert all(same(a, b) for a, b in zip(found, wanted, strict=True)), (mode, cells, few)


def every_code(spec: Spec, rng: np.random.Generator, rows: int, n: int) -> np.ndarray:
    """Return rows of any codes of a format: specials, subnormals, the largest."""
    width = 16 if spec is BINARY16 else 8
    xp = rounded(format_of(spec))
    return xp.from_codes(rng.integers(0, 1 << width, (rows, n)).astype(np.uint64)).to_float64()


@pytest.mark.parametrize("plan", [p for p in PLANS if p.spec is None], ids=str)
def test_any_codes(plan: Plan) -> None:
    rng = np.random.default_rng(7)
    for spec in (BINARY16, E4M3FN):
        for mode in ("RNE", "RTZ", "RTP"):
            terms = every_code(spec, rng, 30, 5)
            theirs = as_floats([accumulate_models.total(as_values(row), plan, spec, mode) for row in terms])
            for engine in ("narrow", "reference"):
                xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate_of(plan), engine=engine)
                assert same(xp.sum(xp.asarray(terms), axis=-1).to_float64(), theirs), (spec.name, mode, engine)


@pytest.mark.parametrize("how", ["sequential", "kahan", "neumaier", "blocked(2)", "tensor-core(2, 4)", "split(2)"])
def test_policies_of_overflow_and_underflow(how: str) -> None:
    rng = np.random.default_rng(11)
    compared = 0
    for fmt in (binary16, float8_e4m3fn):
        spec = BINARY16 if fmt is binary16 else E4M3FN
        for mode in (RNE, RTN):
            for rounder in rounders(fmt, mode):
                for row in every_code(spec, rng, 8, 4):
                    terms = np.where(np.isfinite(row), row, 0.0)[None, :]
                    compared += agreed("reduce_sum", terms, accumulate_of_text(how), rounder)
    assert compared > 150


def accumulate_of_text(how: str) -> Accumulate:
    """Return the record of a text."""
    return rounded("binary16", accumulate=how).policy.accumulate


def test_long_rows_agree_with_short_steps() -> None:
    rng = np.random.default_rng(12)
    x = narrow.round_array(rng.standard_normal(3000), NEAREST)
    for how in HOWS:
        lanes = narrow.reduce_sum(np.tile(x, (60, 1)), how, NEAREST)
        assert same(narrow.reduce_sum(x, how, NEAREST), lanes[:1]), how


def test_binary64_runs_on_the_hardware() -> None:
    x = np.random.default_rng(13).standard_normal((3, 40)) * 2.0**900
    rounder = Rounder(binary64, RNE, Overflow.INFINITY)
    for how in (Sequential(), Kahan(), Neumaier(), Promoted(7, Sequential())):
        assert agreed("reduce_sum", x, how, rounder) == 3


# The functions.


def test_cumulative_sum_along_axes() -> None:
    xp = rounded(bfloat16, accumulate="sequential")
    x = xp.asarray([[256.0, 1.0, 1.0], [1.0, 1.0, 256.0]])
    assert xp.cumulative_sum(x, axis=1).to_float64().tolist() == [[256, 256, 256], [1, 2, 258]]
    assert xp.cumulative_sum(x, axis=-2).to_float64().tolist() == [[256, 1, 1], [256, 2, 256]]
    first = xp.cumulative_sum(x, axis=0, include_initial=True).to_float64()
    assert first.tolist() == [[0, 0, 0], [256, 1, 1], [256, 2, 256]]
    assert not np.signbit(first[0]).any()
    assert xp.cumulative_sum(xp.asarray([1.0, 2.0])).to_float64().tolist() == [1, 3]
    assert xp.cumulative_sum(xp.zeros((0,)), include_initial=True).to_float64().tolist() == [0]
    assert xp.cumulative_sum(xp.zeros((2, 0)), axis=1).shape == (2, 0)
    for axis, message in ((None, "axis must be given"), (2, "distinct axes"), (True, "must be an integer")):
        with pytest.raises(ShapeError, match=message):
            xp.cumulative_sum(x, axis=axis)


def test_dot_products_are_matrix_products() -> None:
    rng = np.random.default_rng(14)
    for how in (Sequential(), Kahan(products="exact"), BlockedSum(3)):
        xp = rounded(bfloat16, accumulate=how)
        a, b = xp.asarray(rng.standard_normal((4, 3, 5))), xp.asarray(rng.standard_normal((3, 5)))
        whole = xp.matmul(a, xp.matrix_transpose(b)).to_float64()
        assert same(xp.vecdot(a, b).to_float64(), whole[:, range(3), range(3)])
        moved = xp.vecdot(xp.permute_dims(a, (0, 2, 1)), xp.matrix_transpose(b), axis=-2)
        assert same(moved.to_float64(), xp.vecdot(a, b).to_float64())
        assert same(xp.tensordot(a, b, axes=((2,), (1,))).to_float64(), whole)
        both = xp.matmul(xp.reshape(a, (4, 15)), xp.reshape(b, (15, 1))).to_float64()[:, 0]
        assert same(xp.tensordot(a, b).to_float64(), both)
        assert same(xp.tensordot(a, b, axes=((-2, -1), (0, 1))).to_float64(), both)
        assert xp.tensordot(b, b, axes=0).shape == (3, 5, 3, 5)


BAD = {
    "axis": (lambda xp, x: xp.vecdot(x, x, axis=2), "axis must be an axis of both"),
    "axis of one only": (lambda xp, x: xp.vecdot(x, x[0], axis=-2), "axis must be an axis of both"),
    "lengths": (lambda xp, x: xp.vecdot(x, x[:, :2]), "one length"),
    "axes": (lambda xp, x: xp.tensordot(x, x, axes=((0, 0), (0, 1))), "distinct axes"),
    "too many": (lambda xp, x: xp.tensordot(x, x, axes=3), "distinct axes"),
    "unequal": (lambda xp, x: xp.tensordot(x, x, axes=((0,), (1,))), "equal lengths"),
    "three": (lambda xp, x: xp.tensordot(x, x, axes=((0,), (1,), (2,))), "two sequences"),
}


@pytest.mark.parametrize("name", BAD)
def test_shapes_that_do_not_fit(name: str) -> None:
    xp = rounded(bfloat16)
    call, message = BAD[name]
    with pytest.raises(ShapeError, match=message):
        call(xp, xp.zeros((2, 3)))


def test_spec_of_the_tests_is_the_format() -> None:
    assert format_of(BINARY32).p == 24
    assert SR.bits == 32


def test_blocked_products_by_the_library_where_a_block_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(15)
    small = rng.integers(-3, 4, (6, 11)) * 2.0 ** rng.integers(-2, 3, (6, 1))
    small = np.where(small == 0, rng.choice([0.0, -0.0], small.shape), small)
    zeros = rng.choice([0.0, -0.0, 1.0, -1.0], (11, 7), p=[0.4, 0.4, 0.1, 0.1])
    wide = rng.standard_normal((6, 11)) * 2.0 ** rng.integers(-40, 40, (6, 11))
    mixed = np.where(np.arange(11) == 4, 2.0**-45, 1.0) * small  # one column needs 50 bits more
    used = 0
    for size in (1, 3, 4, 11, 20):
        plan = Plan("blocked", size, products="exact")
        how = accumulate_of(plan)
        for mode in ("RNE", "RTN", "RTP", "RTO"):
            for left in (small, mixed, round_exact(from_floats(wide.ravel()), BFLOAT16, "RNE").reshape(6, 11)):
                rounder = Rounder(bfloat16, ROUNDING[mode], Overflow.INFINITY)
                pairs = [(as_values(r), as_values(c)) for r in left for c in zeros.T]
                theirs = as_floats([accumulate_models.dot(r, c, plan, BFLOAT16, mode) for r, c in pairs])
                for share in (0.0, 0.125, 1.0):
                    with monkeypatch.context() as patch:
                        patch.setattr(narrow_blocked, "_MOST_INEXACT", share)
                        used += narrow_blocked.blocks_fit(left, zeros, how, rounder)
                        assert same(narrow.matmul(left, zeros, how, rounder), theirs), (size, mode, share)
    assert 100 < used < 180


def test_widths_of_rows_decide_whether_a_block_is_exact() -> None:
    rows = np.array([[1.0, 3.0], [0.0, 0.0], [2.0**30, 1.0], [-0.75, 0.0]])
    assert narrow_blocked.widths(rows).tolist() == [2, 0, 31, 2]
    ones, how = np.ones((2, 1)), BlockedSum(2)
    drawn = Rounder(bfloat16, SR, Overflow.INFINITY)
    for left, fits in ((2.0**50, True), (2.0**51, False), (np.inf, False)):
        for rounder in (NEAREST, drawn):
            assert narrow_blocked.blocks_fit(np.array([[1.0, left]]), ones, how, rounder) == fits
    mostly = np.r_[np.ones((9, 2)), [[1.0, 2.0**51]]]
    assert narrow_blocked.blocks_fit(mostly, ones, how, NEAREST)
    assert not narrow_blocked.blocks_fit(mostly, ones, how, drawn)


@pytest.mark.parametrize("align", ["RTZ", "RNE", "RNA", "RTP", "RTN", "RAZ", "RTO"])
def test_alignment_of_terms_farther_apart_than_lanes_reach(align: str) -> None:
    wide = Rounder(Float(12, -850, 899), RNE, Overflow.INFINITY)
    how = TensorCore(2, 8, align=parse_rounding(align))
    far = np.array([[2.0**899, 2.0**-900], [2.0**899, -(2.0**-900)], [-(2.0**-930), 2.0**500], [3.0, 0.0]])
    assert agreed("reduce_sum", far, how, wide) == 4
    with pytest.raises(UnsupportedError, match=r"aligned to 2\*\*-1020 or more"):
        narrow.reduce_sum(np.array([[2.0**-1040, 0.0]]), how, wide)
    with pytest.raises(UnsupportedError, match="at most 53 in lanes"):
        narrow.reduce_sum(far, TensorCore(2, 53, align=parse_rounding(align)), wide)


def test_a_speck_beyond_the_largest_number_overflows() -> None:
    top = 255 * 2.0**120
    for mode in MODES:
        rounder = Rounder(bfloat16, ROUNDING[mode], Overflow.INFINITY)
        specks = np.array([[s * top, t * 2.0**-100] for s in (1, -1) for t in (1, -1)])
        for how in (Sequential(), BlockedSum(2), Neumaier()):
            assert agreed("reduce_sum", specks, how, rounder) == 4


def test_exact_prefixes_keep_terms_of_every_size() -> None:
    row = [1.0, 2.0**100, 2.0**-60, -(2.0**100), 2.0**40, -1.0, 2.0**-120, -(2.0**40), 3.0, -(2.0**-60)]
    for mode in MODES:
        theirs = [accumulate_models.total(as_values(row[: n + 1]), Plan("exact"), BFLOAT16, mode) for n in range(10)]
        rounder = Rounder(bfloat16, ROUNDING[mode], Overflow.INFINITY)
        for rows in (1, 60):
            found = narrow.cumulative_sum(np.tile(row, (rows, 1)), accumulate_of(Plan("exact")), rounder)
            assert same(found, np.tile(as_floats(theirs), (rows, 1))), (mode, rows)
