"""The oracles against each other: a bug in one of them must not pass for a bug in what it judges."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from oracles import lanes, mpfr, tally
from oracles.floats import as_float, as_value
from oracles.integers import MODES, Spec, exact_sqrt, members, round_by_bisection, round_value
from oracles.named import E4M3FN, NAMED, paper, small
from oracles.optional import require
from oracles.points import arguments, pairs, points
from oracles.verdict import expect_equal, expect_same

SMALL = [
    small(3, -2, 3),
    small(4, -1, 2),
    small(2, -3, 3),
    small(3, -2, 3, subnormals=False),
    paper(2),
    paper(3),
    E4M3FN,
]
SEED = tally.seeded("oracles agree", 20250101)


def grid(spec: Spec, per_gap: int) -> list[Fraction]:
    """Return all multiples of a fraction of the least distance of members, up to the largest, or up to a window."""
    inside = [v for v in members(spec) if v < 64]
    found: list[Fraction] = []
    for low, high in pairwise(inside):
        found += [low + (high - low) * k / per_gap for k in range(1, per_gap + 1)]
    return found


@pytest.mark.parametrize("spec", SMALL, ids=lambda s: s.name)
@pytest.mark.parametrize("mode", MODES)
def test_quotient_and_remainder_agree_with_bisection(spec: Spec, mode: str) -> None:
    xs, ascending = grid(spec, 12), members(spec)
    ours = [round_value(x, spec, mode) for x in xs]
    theirs = [round_by_bisection(x, ascending, mode, subnormals=spec.subnormals) for x in xs]
    expect_equal("oracles", "bisection", f"{spec.name} {mode}", ours, theirs, xs)


@pytest.mark.parametrize("spec", [*SMALL, *(s for s in NAMED.values() if s.p < 53)], ids=lambda s: s.name)
def test_lanes_agree_with_quotient_and_remainder(spec: Spec) -> None:
    x = points(spec, SEED, 8)
    x = np.concatenate([np.random.default_rng(SEED).permutation(x)[:1500], [0.0, -0.0, np.inf, -np.inf, np.nan]])
    exact = lanes.from_floats(x)
    for mode in MODES:
        slow = np.array([as_float(round_value(as_value(v), spec, mode)) for v in x.tolist()])
        expect_same("oracles", "integers", f"{spec.name} {mode}", lanes.round_exact(exact, spec, mode), slow, x)


@pytest.mark.parametrize("spec", [*NAMED.values(), small(3, -2, 3, subnormals=False)], ids=lambda s: s.name)
def test_mpfr_contexts_agree_with_ternary_flag(spec: Spec) -> None:
    a, b = (mpfr.column(v) for v in pairs(spec, SEED, 700))
    x = mpfr.column(arguments(spec, SEED, 300))
    for mode in MODES:
        for operation in mpfr.BINARY:
            y = mpfr.apply(operation, spec, mode, a, b)
            z = lanes.round_exact(mpfr.exact_binary(operation, a, b, mode), spec, mode)
            expect_same("oracles", "MPFR flag", f"{operation} {spec.name} {mode}", y, z, mpfr.floats(a), mpfr.floats(b))
        for operation in mpfr.UNARY:
            y = mpfr.apply(operation, spec, mode, x)
            z = lanes.round_exact(mpfr.exact_unary(operation, x), spec, mode)
            expect_same("oracles", "MPFR flag", f"{operation} {spec.name} {mode}", y, z, mpfr.floats(x))


@pytest.mark.parametrize("spec", [NAMED["binary16"], NAMED["binary64"], E4M3FN], ids=lambda s: s.name)
def test_integer_roots_agree_with_mpfr(spec: Spec) -> None:
    x = arguments(spec, SEED, 200)
    for mode in MODES:
        slow = [as_float(round_value(exact_sqrt(as_value(v), spec.p), spec, mode)) for v in x.tolist()]
        expect_same(
            "oracles",
            "MPFR",
            f"sqrt {spec.name} {mode}",
            np.array(slow),
            mpfr.apply("sqrt", spec, mode, mpfr.column(x)),
            x,
        )


def test_arb_encloses_what_mpfr_rounds() -> None:
    arb = require("oracles.arb")
    spec = NAMED["binary64"]
    x = np.array([v for v in arguments(spec, SEED, 160) if np.isfinite(v) and 0 < abs(v) < 2.0**200])
    for operation in arb.UNARY:
        inside = x[x > 0] if operation in ("sqrt", "log") else x[abs(x) < 2.0**40]
        for mode in ("RNE", "RTP", "RTZ"):
            ends = [arb.enclosure(operation, Fraction(v), 3000) for v in inside.tolist()]
            low, high = ([as_float(round_value(e[i], spec, mode)) for e in ends] for i in (0, 1))
            right = mpfr.apply(operation, spec, mode, mpfr.column(inside))
            expect_same("oracles", "Arb", f"{operation} {mode} lower end", np.array(low), right, inside)
            expect_same("oracles", "Arb", f"{operation} {mode} upper end", np.array(high), right, inside)
