"""The one rounding function on every point that can decide, for small formats, all modes and overflow policies."""

from __future__ import annotations

import pytest
from matrix.subjects import RoundScalar, round_scalar
from oracles import tally
from oracles.grids import FIXED, SMALL, SPECIALS, deciding_points
from oracles.integers import MODES, Spec, Value, round_value
from oracles.named import E4M3FN, unbounded
from oracles.verdict import expect_equal

FORMATS = (*SMALL, E4M3FN, *FIXED)


def policies(spec: Spec) -> list[str]:
    """Return the overflow policies that the format can express."""
    return [w for w, has in (("infinity", spec.infinities), ("nan", spec.nan), ("saturate", True)) if has]


def check_rounding(subject: RoundScalar, spec: Spec, mode: str, overflow: str, xs: list[Value]) -> None:
    """Compare a rounding function with quotient and remainder."""
    if not spec.nan:
        xs = [x for x in xs if x != "nan"]
    if not spec.infinities:
        xs = [x for x in xs if x not in ("+inf", "-inf")]
    ours = [subject(x, spec, mode, overflow) for x in xs]
    theirs = [round_value(x, spec, mode, overflow) for x in xs]
    expect_equal("round", "integers", f"{spec.name} {mode} {overflow}", ours, theirs, xs)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name + ("" if s.subnormals else " normal only"))
def test_every_deciding_point(spec: Spec, mode: str) -> None:
    points: list[Value] = [*deciding_points(spec), *SPECIALS]
    if spec.name == E4M3FN.name:
        points = [x for i, x in enumerate(points) if i % 2 == 0 or isinstance(x, str) or abs(x) > 400 or abs(x) < 1]
    for overflow in policies(spec):
        check_rounding(round_scalar, spec, mode, overflow, points)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", [2, 3, 4])
def test_every_deciding_point_of_a_window_without_bounds(p: int, mode: str) -> None:
    spec = unbounded(p)
    check_rounding(round_scalar, spec, mode, "infinity", [*deciding_points(spec, -6, 6), *SPECIALS])


@pytest.mark.parametrize("spec", [f for f in FORMATS if f.nan], ids=lambda s: s.name)
def test_default_policy_uses_the_specials_of_the_format(spec: Spec) -> None:
    assert spec.largest is not None
    for x in (spec.largest * 2, -spec.largest * 2):
        assert round_scalar(x, spec, "RNE", None) == round_value(x, spec, "RNE", spec.overflow)
    tally.count("round", "integers", 2)
