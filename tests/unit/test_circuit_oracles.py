"""The oracles of the circuit sweep agree where several serve, and its inputs reach what they are for."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from oracles.binarycodes import BinaryCodes
from oracles.farfloats import FarFloats
from oracles.mpfrcodes import MpfrCodes
from oracles.paperfloats import MODES, paper_floats
from sweeps.circuit_inputs import Inputs, arguments
from sweeps.circuit_units import PAIRS

METHODS = {"add": "add", "subtract": "sub", "multiply": "mul"}


@pytest.mark.parametrize(("p", "mode"), [*((2, mode) for mode in MODES), (3, "RNE"), (3, "RTN")])
def test_mpfr_and_search_agree(p: int, mode: str) -> None:
    small, mpfr = paper_floats(p), MpfrCodes(p)
    codes = np.array(small.codes)
    x, y = np.repeat(codes, len(codes)), np.tile(codes, len(codes))
    for name, method in METHODS.items():
        right = [getattr(small, name)(a, b, mode) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        assert mpfr.apply(method, x, y, mode=mode).tolist() == right
    assert mpfr.sqrt(codes, mode).tolist() == [small.sqrt(a, mode) for a in small.codes]


@pytest.mark.parametrize("p", [2, 4])
def test_mpfr_and_search_agree_to_nearest(p: int) -> None:
    small, mpfr = paper_floats(p), MpfrCodes(p)
    codes = np.array(small.codes)
    part = codes[:: p - 1]
    x, y = np.repeat(part, len(part)), np.tile(part, len(part))
    pairs = list(zip(x.tolist(), y.tolist(), strict=True))
    for name in ("divide", "less_equal"):
        assert getattr(mpfr, name)(x, y).tolist() == [getattr(small, name)(a, b) for a, b in pairs]
    assert mpfr.total(x, y, y).tolist() == [small.total([a, b, b]) for a, b in pairs]
    assert mpfr.product(x, y, y).tolist() == [small.product([a, b, b]) for a, b in pairs]
    assert mpfr.extremum(max, x, y).tolist() == [max(a, b, key=small.value.__getitem__) for a, b in pairs]
    assert mpfr.extremum(min, x, y).tolist() == [min(a, b, key=small.value.__getitem__) for a, b in pairs]
    for got, rule in (
        (mpfr.floor(codes), small.floor),
        (mpfr.apply("exp", codes), small.exp),
        (mpfr.wave("sin", codes, 3), partial(small.wave, name="sin")),
        (mpfr.wave("cos", codes, 3), partial(small.wave, name="cos")),
    ):
        assert got.tolist() == [rule(a) for a in small.codes]


@pytest.mark.parametrize("name", PAIRS)
def test_binary64_and_mpfr_agree(name: str) -> None:
    p, rng = 6, np.random.default_rng(8)
    x, y = arguments(name, p, 2, 6000, rng)
    mpfr = MpfrCodes(p)
    right = mpfr.apply(METHODS[name], x, y) if name in METHODS else getattr(mpfr, name)(x, y)
    assert np.array_equal(BinaryCodes(p).pairs(name, x, y), right)


def test_ties_are_those_of_rounding() -> None:
    p = 3
    mpfr, codes = MpfrCodes(p), np.array(paper_floats(p).codes)
    x, y = np.repeat(codes, len(codes)), np.tile(codes, len(codes))
    for method in ("add", "mul"):
        away, even = mpfr.codes(mpfr.run(method, [x, y], "RNA"), "RNA"), mpfr.apply(method, x, y)
        assert mpfr.ties(method, [x, y]) >= int((away != even).sum()) > 0
    assert mpfr.midway(mpfr.sums([x, y], p + 1)) == mpfr.ties("add", [x, y])
    assert mpfr.midway(mpfr.products([x, y], p + 1)) == mpfr.ties("mul", [x, y])


@pytest.mark.parametrize("p", [8, 24])
def test_inputs_reach_their_corners(p: int) -> None:
    rng, mpfr, lanes = np.random.default_rng(9), MpfrCodes(p), 3000
    for name in ("add", "subtract", "multiply"):
        assert mpfr.ties(METHODS[name], arguments(name, p, 2, lanes, rng)) > lanes // 10
    x, y = Inputs(p, rng).added(lanes)
    distance = (x >> p & (2 << p) - 1) - (y >> p & (2 << p) - 1)
    for d in range(1, p + 1):  # farther away, a sum is no tie
        assert mpfr.ties("add", [x[distance == d], y[distance == d]]) > 0
    _, y = arguments("divide", p, 2, lanes, rng)
    assert 0 < (y == 0).sum() < lanes // 10
    columns = arguments("sum", p, 4, lanes, rng)
    gaps = np.diff(np.sort(np.stack(columns) >> p & (2 << p) - 1, axis=0), axis=0)
    for gap in (2 * p + 2, 2 * p + 3, 2 * p + 4):
        assert (gaps == gap).sum() > lanes // 100
    assert mpfr.midway(mpfr.sums(columns, p + 1)) > 30
    assert mpfr.midway(mpfr.products(arguments("prod", p, 3, lanes, rng), p + 1)) > 100
    results = mpfr.product(*arguments("prod", p, 3, lanes, rng)) & (1 << 2 * p + 1) - 1
    assert all((results == corner).any() for corner in (0, mpfr.least, mpfr.largest))


def test_every_argument_is_canonical() -> None:
    far, rng = FarFloats(5), np.random.default_rng(10)
    for name in ("add", "multiply", "divide", "less_equal", "max", "floor", "sqrt", "exp", "sin", "sum", "prod", "dot"):
        for column in arguments(name, far.p, 3, 2000, rng):
            assert ((column == 0) | (column >> (far.p - 1) & 1 == 1)).all()
            assert len(column) == 2000 and column.min() >= 0 and column.max() < 2 * far.sign
