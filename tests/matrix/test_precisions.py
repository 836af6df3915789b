"""Precisions around every threshold where one rounding turns into two, and precisions that no machine number holds."""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import numpy as np
import pytest
from matrix.subjects import ROUNDING, Binary, Unary, binary, pair_of, round_array, unary
from oracles import mpfr, tally
from oracles.integers import MODES, Spec
from oracles.lanes import Floats, from_floats, round_exact, same
from oracles.named import small
from oracles.optional import require
from oracles.points import arguments, pairs, points
from oracles.verdict import expect_equal, expect_same

from precise import Dyadic, rounded, unbounded

SEED = tally.seeded("precisions", 20250105)
THRESHOLDS = (2, 5, 9, 12, 17, 24, 25, 26, 27, 32, 40, 44, 50, 51, 52)
RANGES = [(p, -200, 200) for p in THRESHOLDS]
WIDE_RANGES = [(24, -700, 200), (51, -600, 200), (11, -1000, 950), (45, -960, 960), (20, -1002, 1000)]
# both sides of where binary64 stops holding products, quotients, roots, ties and overflows of the format
LANE_EDGES = [(24, -514, 200), (24, -515, 200), (51, -600, 1020), (51, -600, 1021), (51, -600, 1023), (8, -400, 1023)]
LANE_EDGES += [(11, -1012, 100), (11, -1013, 100), (11, -1064, 100), (40, -930, 200), (40, -931, 200), (52, -900, 900)]
SPECS = [small(*r) for r in (*RANGES, *WIDE_RANGES, *LANE_EDGES)]
NORMAL_ONLY = [small(*r, subnormals=False) for r in ((11, -14, 15), (24, -126, 127), (40, -200, 200))]
EXACT_P = (53, 64, 113, 237)


def double_rounding_pairs(spec: Spec) -> tuple[Floats, Floats]:
    """Return pairs whose binary64 sum, product or quotient is a tie that the exact one is not, where p allows."""
    assert spec.p is not None
    p = spec.p
    tiny = [2.0**-k for k in range(p, min(180, 2 * p + 60))]
    one, odd = 1.0, 1.0 + 2.0 ** (1 - p)
    half = 2.0**-p
    a, b = [], []
    for base in (one, odd, 2 - 2.0 ** (1 - p)):
        a += [base] * 2 * len(tiny)
        b += [*tiny, *(-t for t in tiny)]
        near = [half * (1 + 2.0 ** -(p - 1)), half * (1 - 2.0**-p), half, half * 2 * (1 - 2.0**-p)]
        a += [base] * 2 * len(near)
        b += [*near, *(-t for t in near)]
    left, right = np.array(a), np.array(b)
    members = [same(round_exact(from_floats(v), spec, "RTZ"), v) for v in (left, right)]
    return left[members[0] & members[1]], right[members[0] & members[1]]


def check_pairs(subject: Binary, spec: Spec, mode: str, limit: int = 450) -> None:
    """Compare + - * / on pairs of members."""
    a, b = pairs(spec, SEED, limit)
    c, d = double_rounding_pairs(spec)
    a, b = np.concatenate([a, c]), np.concatenate([b, d])
    columns = mpfr.column(a), mpfr.column(b)
    for operation in mpfr.BINARY:
        theirs = mpfr.apply(operation, spec, mode, *columns)
        expect_same(operation, "MPFR", f"{spec.name} {mode}", subject(operation, spec, mode, a, b), theirs, a, b)


def check_functions(subject: Unary, spec: Spec, mode: str, limit: int = 90) -> None:
    """Compare functions on members."""
    x = arguments(spec, SEED, limit)
    column = mpfr.column(x)
    for operation in mpfr.UNARY:
        theirs = mpfr.apply(operation, spec, mode, column)
        expect_same(operation, "MPFR", f"{spec.name} {mode}", subject(operation, spec, mode, x), theirs, x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "spec", [*SPECS, *NORMAL_ONLY], ids=lambda s: s.name + ("" if s.subnormals else " normal only")
)
def test_operations_and_functions(spec: Spec, mode: str) -> None:
    check_pairs(binary, spec, mode)
    check_functions(unary, spec, mode)


@pytest.mark.parametrize(
    "spec", [*SPECS, *NORMAL_ONLY], ids=lambda s: s.name + ("" if s.subnormals else " normal only")
)
def test_rounding_of_points(spec: Spec) -> None:
    x = points(spec, SEED, 10)
    x = np.concatenate([np.random.default_rng(SEED).permutation(x)[:800], [np.inf, -np.inf, np.nan, 0.0, -0.0]])
    for mode in MODES:
        theirs = mpfr.apply("round", spec, mode, mpfr.column(x))
        expect_same("round", "MPFR", f"{spec.name} {mode}", round_array(spec, mode, x), theirs, x)


def wide_members(p: int, rng: np.random.Generator, count: int) -> list[Fraction]:
    """Return members of p bits: both ends of a binade, random ones, few leading ones, exponents around zero."""
    found = []
    for i in range(count):
        e = int(rng.integers(-6, 7)) if i % 3 else int(rng.integers(-2 * p, 2 * p))
        low = 2 ** (p - 1)
        c = [low, low + 1, 2 * low - 1, low + int.from_bytes(rng.bytes(p // 8 + 1), "big") % low][i % 4]
        found.append((-1) ** (i // 4 % 2) * Fraction(c) * Fraction(2) ** (e - p + 1))
    return found


def to_mpfr(x: Fraction) -> gmpy2.mpfr:
    """Return a dyadic fraction as an MPFR number, exactly."""
    with gmpy2.context(precision=300):
        return gmpy2.mpfr(gmpy2.mpq(x.numerator, x.denominator))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", EXACT_P)
def test_precisions_beyond_machine_numbers(p: int, mode: str) -> None:
    rng = np.random.default_rng(SEED + p)
    left, right = wide_members(p, rng, 60), wide_members(p, rng, 60)[::-1]
    xp = rounded(unbounded(p), ROUNDING[mode])
    x1, x2 = (xp.asarray([Dyadic.from_fraction(v) for v in side]) for side in (left, right))
    columns = [[to_mpfr(v) for v in side] for side in (left, right)]
    for operation in mpfr.BINARY:
        ours = [pair_of(v) for v in getattr(xp, operation)(x1, x2).elements()]
        theirs = mpfr.unbounded_pairs(operation, p, mode, *columns)
        expect_equal(operation, "MPFR", f"p={p} {mode}", ours, theirs, list(zip(left, right, strict=True)))
    for operation in mpfr.UNARY:
        keep = [i for i, v in enumerate(left) if v > 0 or operation not in ("sqrt", "log")]
        keep = [i for i in keep if abs(left[i]) < 2**20 or operation != "exp"]  # the reach of MPFR's exponents
        x = xp.asarray([Dyadic.from_fraction(left[i]) for i in keep])
        ours = [pair_of(v) for v in getattr(xp, operation)(x).elements()]
        theirs = mpfr.unbounded_pairs(operation, p, mode, [columns[0][i] for i in keep])
        expect_equal(operation, "MPFR", f"p={p} {mode}", ours, theirs, [left[i] for i in keep])


HUGE = [Fraction(c) * Fraction(2) ** k for c in (1, -1, 3, -7, 2**53 - 1) for k in (25, 40, 64, 90)]


@pytest.mark.parametrize("p", [11, 53])
def test_exponentials_beyond_the_reach_of_mpfr(p: int) -> None:
    arb = require("oracles.arb")
    for mode in MODES:
        xs = [v for v in HUGE if significant_bits(v) <= p]
        xp = rounded(unbounded(p), ROUNDING[mode])
        ours = [pair_of(v) for v in xp.exp(xp.asarray([Dyadic.from_fraction(v) for v in xs])).elements()]
        theirs = [arb.rounded_pair("exp", v, p, mode) for v in xs]
        expect_equal("exp", "Arb", f"p={p} {mode}", ours, theirs, xs)


def significant_bits(v: Fraction) -> int:
    """Return the bits from the first to the last one of an integer."""
    n = abs(v.numerator)
    return (n // (n & -n)).bit_length()
