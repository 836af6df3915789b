"""Exact sums of products rounded to nearest even by register tiles, and what is decided without them."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray
from oracles.integers import Spec, round_value
from oracles.named import BFLOAT16, BINARY16, BINARY32, small
from unit.test_compiled_products import data, same_bits

from precise import bfloat16, binary16, binary32, paper_float, unbounded
from precise.engines import compiled, narrow
from precise.engines.compiled_extraction import Extraction
from precise.engines.lanes import lane_rounder
from precise.formats import Float, Format
from precise.rounding import DETERMINISTIC, RNE, Rounder, default_overflow

pytestmark = pytest.mark.skipif(compiled.extension() is None, reason="the extension is not built")

FORMATS: list[tuple[Format, Spec]] = [
    (bfloat16, BFLOAT16),
    (binary16, BINARY16),
    (binary32, BINARY32),
    (unbounded(11), Spec("", 11, None, None)),
    (Float(30, -60, 60), small(30, -60, 60)),
]
KINDS = ["ordinary", "spread", "zeros", "small", "tiny", "cancelling"]


def plain(fmt: Format, mode: str = "RNE") -> Rounder:
    """Return a rounder with the format's own overflow policy."""
    return Rounder(fmt, next(m for m in DETERMINISTIC if m.code == mode), default_overflow(fmt))


def members(kind: str, fmt: Format, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return members of at most 26 bits, whose products fit lanes."""
    x = data(kind, fmt, shape, rng)
    return x if (fmt.p or 0) <= 26 else narrow.round_array(x, plain(unbounded(26)))


def total(row: NDArray[np.float64], column: NDArray[np.float64], spec: Spec) -> Fraction:
    """Return the exact sum of products rounded to nearest even."""
    pairs = zip(row.tolist(), column.tolist(), strict=True)
    return sum((Fraction(round_value(Fraction(x) * Fraction(y), spec, "RNE")) for x, y in pairs), Fraction(0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("fmt", "spec"), FORMATS, ids=lambda x: str(x) if isinstance(x, Format) else "")
def test_sums_are_rounded_once(kind: str, fmt: Format, spec: Spec, instruction_set: str) -> None:
    rng = np.random.default_rng(31)
    a, b = members(kind, fmt, (7, 50), rng), members(kind, fmt, (50, 11), rng)
    b[:, 5] = 0.0
    sums = [total(row, column, spec) for row, column in itertools.product(a, b.T)]
    for (result, of_result), mode in itertools.product(FORMATS, (m.code for m in DETERMINISTIC)):
        tiles = Extraction.of(a, b, plain(fmt))
        found = None if tiles is None else tiles.rounded_sums(lane_rounder(plain(result, mode)))
        assert found is not None
        y, undecided = (x.ravel() for x in found)
        right = [round_value(x, of_result, mode) for x in sums]
        for value, is_open, expected in zip(y.tolist(), undecided.tolist(), right, strict=True):
            assert is_open or Fraction(value) == Fraction(expected), (kind, result, mode)
        assert undecided.mean() < 0.1, (kind, result, mode)


def test_marks_what_native_sums_leave_open(instruction_set: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ties and sums within a margin of them are added exactly; where nothing is near, nothing is."""
    asked = []
    exactly = Extraction.sums
    monkeypatch.setattr(
        Extraction, "sums", lambda self, only=None: asked.append(int(only.sum())) or exactly(self, only)
    )
    a, half = np.array([[1.0, 1.0, 1.0]] * 5), 2.0**-11
    b = np.array([[1.0, 1.0, 1.0], [half, half, 1.0], [0.0, 2.0**-60, 2.0**-60]])
    fmt = plain(unbounded(11))
    tiles = Extraction.of(a, b, fmt)
    y, undecided = (tiles and tiles.rounded_sums(lane_rounder(fmt))) or (a, a)
    assert (y == [1.0, 1.0 + 2 * half, 2.0]).all() and not undecided.any()
    assert asked == [10]


@pytest.mark.parametrize("fmt", [binary16, Float(20, -20, 20)], ids=str)
def test_no_entry_has_more_subnormal_products_than_its_bound(fmt: Format) -> None:
    rng, seen = np.random.default_rng(33), 0
    for kind, scale in itertools.product(("ordinary", "spread", "small", "tiny"), (2.0**-8, 1.0, 2.0**8)):
        a, b = data(kind, fmt, (6, 80), rng), data(kind, fmt, (80, 9), rng)
        tiles = Extraction.of(a, narrow.round_array(b * scale, plain(fmt)), plain(fmt))
        assert tiles is not None
        if not tiles.tiles.gradual:
            continue
        products = np.abs(tiles.a[:, :, None] * tiles.b[None, :, :])
        counts = ((products > 0) & (products < 2.0 ** (fmt.emin or 0))).sum(axis=1)
        assert (counts <= tiles.most_subnormal()[:, None]).all()
        seen += int(counts.sum())
    assert seen


def test_marked_sums_are_those_of_all(instruction_set: str) -> None:
    rng = np.random.default_rng(35)
    for fmt, kind in itertools.product((binary16, binary32), ("spread", "small")):
        for shape in ((1, 3, 1), (5, 40, 19), (4, 9, 8)):
            a, b = data(kind, fmt, shape[:2], rng), data(kind, fmt, shape[1:], rng)
            tiles = Extraction.of(a, b, plain(fmt))
            assert tiles is not None
            whole = tiles.sums()
            for share in (0.02, 0.5):
                only = rng.random((shape[0], shape[2])) < share
                some, at = tiles.sums(only), only.reshape(-1)
                assert same_bits(some.s, whole.s[at]) and same_bits(some.e, whole.e[at])
                assert (some.positive_zeros == whole.positive_zeros[at]).all()


@pytest.mark.parametrize("kind", ["ordinary", "spread", "zeros", "small", "cancelling"])
def test_extracted_sums_are_exact(kind: str, instruction_set: str) -> None:
    rng = np.random.default_rng(29)
    for fmt in (bfloat16, binary16, binary32, unbounded(11)):
        a, b = data(kind, fmt, (5, 40), rng), data(kind, fmt, (40, 6), rng)
        a[0], b[:, 0], b[:, 1] = 0.0, np.abs(b[:, 0]), -np.abs(b[:, 1])  # a sum of +0 alone, and one of -0
        rounder = Rounder(fmt, RNE, default_overflow(fmt))
        tiles = Extraction.of(a, b, rounder)
        assert tiles is not None, fmt
        found = tiles.sums()
        for at, (row, column) in enumerate(itertools.product(a, b.T)):
            products = narrow.elementwise("multiply", (row.copy(), column.copy()), rounder)
            total = sum((Fraction(x) for x in products.tolist()), Fraction(0))
            assert Fraction(float(found.s[at])) + Fraction(float(found.e[at])) == total, (fmt, at)
            if not total:
                assert np.signbit(found.s[at]) == np.signbit(products).all()
                assert found.positive_zeros[at] == (not np.any(products) and not np.signbit(products).any())
        assert found.positive_zeros[0] and np.signbit(found.s[1])


def test_sums_of_too_many_bits_are_not_extracted() -> None:
    rounder = Rounder(unbounded(24), RNE, default_overflow(unbounded(24)))
    b = np.full((2, 1), 1 + 2.0**-20)
    assert Extraction.of(np.array([[2.0**10, 2.0**-10]]), b, rounder) is not None
    assert Extraction.of(np.array([[2.0**50, 2.0**-50]]), b, rounder) is None


def test_sums_are_exact_on_both_sides_of_what_native_sums_hold(instruction_set: str) -> None:
    b, ways = np.ones((2, 1)), set()
    for j in range(36, 50):
        x = (2 - 2.0**-10) * 2.0**-j
        for sign in (1.0, -1.0):
            tiles = Extraction.of(np.array([[1.0, sign * x]]), b, plain(unbounded(11)))
            assert tiles is not None
            found = tiles.sums()
            assert Fraction(float(found.s[0])) + Fraction(float(found.e[0])) == 1 + Fraction(sign * x), j
            ways.add(tiles.sigma == 0)
    assert ways == {False, True}


def test_a_format_without_negative_zero_has_none(instruction_set: str) -> None:
    a, b = np.array([[0.0, -0.0], [1.0, 2.0]]), np.array([[-1.0, 3.0], [-2.0, -1.5]])
    tiles = Extraction.of(a, b, plain(paper_float(6)))
    assert tiles is not None
    found = tiles.sums()
    assert not np.signbit(found.s[found.s == 0]).any()
    assert (found.positive_zeros == (found.s == 0)).all()
    assert (found.s == [0.0, 0.0, -5.0, 0.0]).all()


def test_more_terms_than_the_bound_has_room_for_are_left_to_others() -> None:
    for count, is_served in ((1 << 20, True), ((1 << 20) + 1, False)):
        ones = np.ones((1, count))
        assert (Extraction.of(ones, ones.T, plain(unbounded(11))) is not None) == is_served
