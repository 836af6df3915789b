"""Exponents beyond every machine range: unbounded formats at 10**30, and the papers' floats with p = 64.

No oracle can hold such numbers, but rounding commutes with scaling by powers of two, and a gap longer than a few
precisions decides like one of a few precisions. So each case is moved to where fractions can hold it, and back.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import ROUNDING, pair_of
from oracles import tally
from oracles.integers import (
    MODES,
    Spec,
    Value,
    exact_sqrt,
    power_of_two,
    round_value,
)
from oracles.verdict import expect_equal

from precise import Dyadic, exact_then_round, paper_float, round_to, rounded, unbounded

SEED = tally.seeded("wide exponents", 20250106)
FAR = 10**30
PRECISIONS = (1, 2, 4, 11, 53, 200)


def pair(value: Value, offset: int) -> tuple[int, int] | str:
    """Return a dyadic fraction times 2**offset as (odd significand, exponent)."""
    if isinstance(value, str):
        return value
    if value == 0:
        return 0, 0
    twos = (value.numerator & -value.numerator).bit_length() - 1
    return value.numerator >> twos, offset + twos - value.denominator.bit_length() + 1


def free(p: int) -> Spec:
    """Return p bits without bounds."""
    return Spec(f"p={p}", p, None, None)


@pytest.mark.parametrize("p", PRECISIONS)
@pytest.mark.parametrize("offset", [FAR, -FAR, 3, 2**62, -(2**63) - 1])
def test_rounding_commutes_with_scaling(p: int, offset: int) -> None:
    rng = np.random.default_rng(SEED)
    cs = [2**p + k for k in range(-3, 4)] + [(2 ** (p + 1) + 1) * 2**k + d for k in (0, 1, 70) for d in (-1, 0, 1)]
    cs += [int.from_bytes(rng.bytes(p // 4 + 2), "big") for _ in range(20)]
    cs = [c for c in cs if c] + [-c for c in cs if c]
    for mode in MODES:
        if p == 1 and mode == "RNE":
            continue  # significands of one bit are all odd: no even choice exists
        ours = [pair_of(round_to(Dyadic(c, offset), format=unbounded(p), rounding=ROUNDING[mode])) for c in cs]
        theirs = [pair(round_value(Fraction(c), free(p), mode), offset) for c in cs]
        expect_equal("round", "integers, scaled", f"p={p} {mode}", ours, theirs, cs)


def near_gap(gap: int, p: int) -> int:
    """Return a gap of a few precisions that decides like this one."""
    return min(gap, 6 * p + 20)


@pytest.mark.parametrize("p", PRECISIONS[1:])
def test_operations_at_any_exponent(p: int) -> None:
    rng = np.random.default_rng(SEED + p)
    low = 2 ** (p - 1)
    gaps = [0, 1, *range(max(0, p - 2), p + 4), *range(2 * p - 2, 2 * p + 7), 5 * p, 2**70, FAR, 4 * FAR]
    cases = []
    for gap in gaps:
        for c1 in (low, low + 1, 2 * low - 1):
            c2 = low + int.from_bytes(rng.bytes(p // 8 + 1), "big") % low
            cases += [(c1, c2, gap), (c1, -c2, gap), (-c1, low, gap), (c1, -low, gap)]
    for mode in MODES:
        xp = rounded(unbounded(p), ROUNDING[mode])
        x1 = xp.asarray([Dyadic(c1, FAR) for c1, _, _ in cases])
        x2 = xp.asarray([Dyadic(c2, FAR - gap) for _, c2, gap in cases])
        shown = [f"{c1} * 2**{FAR}, {c2} * 2**({FAR} - {gap})" for c1, c2, gap in cases]
        moved = [(Fraction(c1), c2 * power_of_two(-near_gap(gap, p))) for c1, c2, gap in cases]

        ours = [pair_of(v) for v in xp.add(x1, x2).elements()]
        theirs = [pair(zero_sum(a + b, mode) or round_value(a + b, free(p), mode), FAR) for a, b in moved]
        expect_equal("add", "integers, scaled", f"p={p} {mode}", ours, theirs, shown)

        ours = [pair_of(v) for v in xp.multiply(x1, x2).elements()]
        theirs = [pair(round_value(Fraction(c1 * c2), free(p), mode), 2 * FAR - gap) for c1, c2, gap in cases]
        expect_equal("multiply", "integers, scaled", f"p={p} {mode}", ours, theirs, shown)

        ours = [pair_of(v) for v in xp.divide(x1, x2).elements()]
        theirs = [pair(round_value(Fraction(c1, c2), free(p), mode), gap) for c1, c2, gap in cases]
        expect_equal("divide", "integers, scaled", f"p={p} {mode}", ours, theirs, shown)

        positive = [abs(c1) * 2 ** (i % 2) for i, (c1, _, _) in enumerate(cases)]
        ours = [pair_of(v) for v in xp.sqrt(xp.asarray([Dyadic(c, 2 * FAR) for c in positive])).elements()]
        theirs = [pair(round_value(exact_sqrt(Fraction(c), p), free(p), mode), FAR) for c in positive]
        expect_equal("sqrt", "integers, scaled", f"p={p} {mode}", ours, theirs, positive)


def zero_sum(total: Fraction, mode: str) -> str | None:
    """Return the sign of a zero sum where a mode makes it negative."""
    return "-0" if total == 0 and mode == "RTN" else None


@pytest.mark.parametrize("p", [2, 4, 11, 53])
def test_exact_sums_across_gaps_without_end(p: int) -> None:
    """Three clusters, far apart: the first may cancel to nothing, to one unit or to a tie; the others decide."""
    rng = np.random.default_rng(SEED + p)
    low, spread = 2 ** (p - 1), 12 * p + 100
    places = {0: 0, 1: -FAR, 2: -3 * FAR}  # offsets of the clusters; -spread apiece where fractions hold them
    rows = []
    for i in range(60):
        c = low + int.from_bytes(rng.bytes(p // 8 + 1), "big") % low
        first = [[(c, 0), (-c, 0)], [(low + 1, 0), (-low, 0)], [(low, 1), (1, 0)], [(c, p), (low, 0)]][i % 4]
        second = [[], [(c, 0), (-c, 0)], [(-low, 3)], [(c, 1)], [(c, 0), (-low, 0), (1, 1)]][i % 5]
        third = [[(1, 0)], [(-1, 0)], []][i % 3]
        terms = [(0, t) for t in first] + [(1, t) for t in second] + [(2, t) for t in third]
        rows.append([terms[k] for k in rng.permutation(len(terms))])
    for mode in MODES:
        xp = rounded(unbounded(p), ROUNDING[mode], accumulate=exact_then_round)
        ours, theirs = [], []
        for terms in rows:
            x = xp.asarray([Dyadic(c, q + places[k]) for k, (c, q) in terms])
            ours.append(pair_of(xp.sum(x).elements().item()))
            total = sum((c * power_of_two(q - spread * k) for k, (c, q) in terms), Fraction(0))
            value = pair(zero_sum(total, mode) or round_value(total, free(p), mode), 0)
            if not isinstance(value, str) and value != (0, 0):
                cluster = round(-(value[1] + value[0].bit_length()) / spread)
                value = value[0], value[1] + spread * cluster + places[cluster]
            theirs.append(value)
        expect_equal("sum", "integers, scaled", f"p={p} {mode}", ours, theirs, rows)


P = 64
BOTTOM, TOP = -(2**P), 2**P - 1


def paper_result(exact: Fraction, offset: int, mode: str) -> tuple[int, int] | str:
    """Return exact * 2**offset rounded into the papers' floats of 64 bits, saturating."""
    reach = 2000
    offset_used = min(max(offset, BOTTOM - reach), TOP + reach)
    q_min, q_max = BOTTOM - offset_used, TOP - offset_used
    largest = (2**P - 1) * power_of_two(q_max) if q_max < 3 * reach else None
    least = q_min if q_min > -3 * reach else None
    spec = Spec("paper:64", P, least, largest, False, False, False, False)
    return pair(round_value(exact, spec, mode, "saturate"), offset_used)


def paper_cases() -> list[tuple[int, int, int, int]]:
    """Return significands and quantum exponents of pairs: anywhere, near both ends, with chosen gaps."""
    rng = np.random.default_rng(SEED)
    low = 2 ** (P - 1)
    cases = []
    for i in range(240):
        c1, c2 = (low + int.from_bytes(rng.bytes(8), "big") % low for _ in range(2))
        c1 = [c1, low, 2 * low - 1, low + 1][i % 4]
        c2 = [c2, low, 2 * low - 1][i % 3]
        q1 = [BOTTOM + i % 7, TOP - i % 5, int.from_bytes(rng.bytes(8), "big") * 2 - 2**P, i - 100, 2**63 - i][i % 5]
        gap = [0, 1, P - 1, P, P + 1, 2 * P, 2 * P + 3, 1000, 2**40, 2**63, 2**64][i % 11]
        q2 = q1 - gap if q1 - gap >= BOTTOM else min(TOP, q1 + gap)
        sign = -1 if i // 2 % 2 else 1
        cases += [(c1, q1, sign * c2, q2), (-c1, q1, sign * c2, min(TOP, max(BOTTOM, -q1 - P + i % 9)))]
    return cases


@pytest.mark.parametrize("mode", MODES)
def test_paper_floats_of_64_bits(mode: str) -> None:
    cases = paper_cases()
    xp = rounded(paper_float(P), ROUNDING[mode])
    x1 = xp.asarray([Dyadic(c, q) for c, q, _, _ in cases])
    x2 = xp.asarray([Dyadic(c, q) for _, _, c, q in cases])
    assert [pair_of(v) for v in x1.elements()] == [pair(Fraction(c), q) for c, q, _, _ in cases]
    wanted = {"add": [], "multiply": [], "divide": []}
    for c1, q1, c2, q2 in cases:
        (c, q), (d, r) = sorted(((c1, q1), (c2, q2)), key=lambda t: -t[1])
        wanted["add"].append(paper_result(c + d * power_of_two(-near_gap(q - r, P)), q, mode))
        wanted["multiply"].append(paper_result(Fraction(c1 * c2), q1 + q2, mode))
        wanted["divide"].append(paper_result(Fraction(c1, c2), q1 - q2, mode))
    for operation, theirs in wanted.items():
        ours = [pair_of(v) for v in getattr(xp, operation)(x1, x2).elements()]
        expect_equal(operation, "integers, scaled", f"paper:64 {mode}", ours, theirs, cases)
