"""What the host's margin leaves open is decided by MPFR as the reference decides it, beside thresholds too."""

from __future__ import annotations

import gmpy2
import numpy as np
import pytest
from unit.narrow_cases import plain

from precise.dyadic import Dyadic
from precise.engines import reference
from precise.engines.carrier import Lanes, to_lanes
from precise.engines.lanes import lane_rounder
from precise.engines.narrow_functions_open import decide_open
from precise.engines.wide_functions import METHODS
from precise.formats import binary16, binary32, float8_e4m3fn, paper_float
from precise.formats.format import Format
from precise.rounding import RNA, RNE, RTN, RTO, RTP, RTZ, Rounding, stochastic

OPEN = -7.0  # what an element has before it is decided
MODES = (RNE, RNA, RTZ, RTP, RTN, Rounding("RAZ"), RTO)
FORMATS = (float8_e4m3fn, binary16, binary32, paper_float(40))


def decided(op: str, operands: tuple[Lanes, ...], fmt: Format, mode: Rounding) -> tuple[Lanes, Lanes]:
    """Return the results with all places open at first, and a mask of those that are open still."""
    y, undecided = np.full(operands[0].shape, OPEN), np.ones(operands[0].shape, dtype=np.bool_)
    decide_open(op, operands, lane_rounder(plain(fmt, mode)), y, undecided)
    assert (y[undecided] == OPEN).all()
    return y, undecided


def arguments(op: str) -> tuple[Lanes, ...]:
    """Return ordinary arguments, close to zeros and large ones of a function."""
    rng = np.random.default_rng(20261124)
    x = np.concatenate([rng.uniform(0.01, 9, 24), 2.0 ** rng.uniform(-40, 6, 16), 1 + 2.0 ** rng.uniform(-30, -4, 8)])
    return (x, x[::-1].copy()) if op in ("hypot", "pow") else (x,)


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", sorted(METHODS))
def test_agrees_with_the_reference(op: str, fmt: Format) -> None:
    operands, served = arguments(op), 0
    for mode in MODES:
        y, undecided = decided(op, operands, fmt, mode)
        expected = to_lanes(reference.elementwise(op, operands, plain(fmt, mode)))
        served += np.count_nonzero(~undecided)
        np.testing.assert_array_equal(y[~undecided].view(np.int64), expected[~undecided].view(np.int64))
    assert served > len(MODES) * operands[0].size / 2


@pytest.mark.parametrize("fmt", FORMATS[1:], ids=str)
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_just_beside_a_threshold(mode: Rounding, fmt: Format) -> None:
    """The root of 3**2 + (4 + d)**2 is 5 + 4 d / 5 + ..., which is cut to 5 or to the lane below; that of 25 is 5."""
    d = np.array([2.0**-50, -(2.0**-51)])  # one unit above 4, and one below
    y, undecided = decided("hypot", (np.full(2, 3.0), 4 + d), fmt, mode)
    assert not undecided.any()
    for side, found in zip((1, -1), y.tolist(), strict=True):
        expected = plain(fmt, mode)(Dyadic(5) + Dyadic(side, -60))  # no threshold lies between
        assert isinstance(expected, Dyadic) and found == expected.to_float()
    assert decided("hypot", (np.array([3.0]), np.array([4.0])), fmt, mode)[0].tolist() == [5.0]


def test_what_is_left_to_the_reference() -> None:
    one = (np.array([1.5]),)
    assert decided("exp", one, binary32, stochastic(bits=8))[1].all()  # draws belong to places
    assert decided("sinpi", one, binary32, RNE)[1].all()  # MPFR lacks it here
    assert decided("exp", one, paper_float(52), RNE)[1].all()  # a midpoint has 53 bits
    assert not decided("exp", one, paper_float(52), RTP)[1].any()
    far = np.array([650.0, -650.0, -800.0, np.nan, 1.0])  # results outside the window are among those left
    assert decided("exp", (far,), paper_float(24), RNE)[1].tolist() == [True, True, True, True, False]


def test_the_context_of_the_caller_does_not_matter() -> None:
    expected = decided("exp", arguments("exp"), binary32, RNE)[0].tolist()
    with gmpy2.context(precision=7, round=gmpy2.RoundUp, emax=3, trap_inexact=True):
        assert decided("exp", arguments("exp"), binary32, RNE)[0].tolist() == expected
