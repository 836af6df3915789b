"""Error bounds of every order of accumulation: they hold on cancelling data, and where there is none, that is said."""

from __future__ import annotations

from fractions import Fraction

import pytest
from oracles.floats import as_values
from oracles.hardsums import hard_terms
from oracles.integers import as_fraction
from oracles.named import BFLOAT16, BINARY16

from precise import Fixed, bfloat16, binary16, float8_e4m3fn, paper_float, rounded, unbounded
from precise.bounds import matmul_bound, sum_bound, sum_roundings
from precise.engines.carrier import object_array
from precise.engines.exact_operations import number
from precise.errors import UnsupportedError
from precise.policy import Accumulate, Kahan, Neumaier, Promoted, Sequential, parse_accumulate
from precise.rounding import RNE, RTP, RTZ, SR, Rounding
from precise.studies.bounded import bounding
from precise.studies.compare import compare

BOUNDED = [
    "blocked(1)",
    "blocked(3)",
    "blocked(3), products exact",
    "split(2)",
    "split(3) in binary32, products exact",
    "promoted(2, sequential)",
    "promoted(3, exact in p=6) in p=9",
    "promoted(4, tensor-core(2, 9)) in binary32",
    "promoted(2, pairwise in p=5) in binary32, products rounded in p=7",
    "tensor-core(2, 5)",
    "tensor-core(4, 7, RNE)",
    "tensor-core(2, 12, RTN), products rounded",
    "sequential, products rounded in p=4",
    "exact, products rounded in p=4",
]


@pytest.mark.parametrize("rounding", [RNE, RTZ, RTP, SR], ids=str)
@pytest.mark.parametrize("how", BOUNDED)
def test_bounds_hold_for_matmul_and_softmax(how: str, rounding: Rounding) -> None:
    formats = [bfloat16, unbounded(4), float8_e4m3fn, Fixed(12, -5)]
    measured = 0
    for operation, seed in (("matmul", 0), ("matmul", 1), ("softmax", 2)):
        found = compare(operation, formats, rounding=rounding, accumulate=parse_accumulate(how), seed=seed, size=7)
        assert found.bounds_hold
        measured += sum(row.bound is not None and row.bound.tightest is not None for row in found.rows)
    assert measured >= 6


@pytest.mark.parametrize("how", [h for h in BOUNDED if "products" not in h])
def test_bounds_of_sums_hold_on_terms_that_cancel(how: str) -> None:
    checked, tight = 0, Fraction(0)
    for spec, fmt in ((BFLOAT16, bfloat16), (BINARY16, binary16)):
        for mode in ("RNE", "RTZ", "RTP"):
            xp = rounded(fmt, mode, accumulate=how)
            bp = bounding(xp.policy, 128)
            for n in (1, 2, 3, 7, 8):
                terms = hard_terms(spec, 77, 24, n)
                x = xp.asarray(terms)
                exact = [sum((as_fraction(v) for v in as_values(row)), Fraction(0)) for row in terms]
                elements = x.elements()
                numbers = object_array((number(v) for v in elements.ravel().tolist()), elements.shape)
                bounds = bp.errors(bp.sum(bp.inputs(numbers, elements), axis=-1)).tolist()
                for value, true, bound in zip(xp.sum(x, axis=-1).to_float64().tolist(), exact, bounds, strict=True):
                    if bound is None:
                        continue
                    error = abs(Fraction(value) - true)
                    assert error <= bound.to_fraction(), (how, mode, n)
                    checked += 1
                    tight = max(tight, error / bound.to_fraction()) if bound.c else tight
    assert checked > 300
    assert tight > Fraction(1, 20)


def test_a_narrow_alignment_loses_even_a_single_term() -> None:
    xp = rounded("binary16", accumulate="tensor-core(4, 3)")
    bp = bounding(xp.policy, 64)
    x = xp.asarray([0.0, 1.875, 0.0])
    assert float(xp.sum(x).to_float64()) == 1.75
    (bound,) = bp.errors(bp.sum(bp.inputs(x.elements(), x.elements()))).ravel().tolist()
    assert bound.to_fraction() >= Fraction(1, 8)


@pytest.mark.parametrize("how", [Kahan(), Neumaier(), Promoted(2, Kahan())], ids=str)
def test_no_bound_is_a_reason_and_not_a_number(how: Accumulate) -> None:
    xp = rounded(bfloat16, accumulate=how)
    bp, terms = bounding(xp.policy, 64), xp.asarray([1.0, 2.0]).elements()
    x = bp.inputs(terms, terms)
    with pytest.raises(UnsupportedError, match="must be one with an error bound; got"):
        bp.sum(x)
    (row,) = compare("matmul", [bfloat16], accumulate=how, size=3).rows
    assert row.bound is not None
    assert row.bound.absolute is None
    assert "error bound" in row.bound.reason
    assert row.lemma is not None
    assert row.lemma.greatest is None
    assert "order of accumulation must be" in row.lemma.reason


def test_roundings_a_term_passes() -> None:
    cases = {
        "sequential": [0, 1, 2, 3, 4, 5, 6],
        "pairwise": [0, 1, 2, 2, 3, 3, 3],
        "blocked(1)": [0, 1, 2, 3, 4, 5, 6],
        "blocked(3)": [0, 1, 1, 2, 2, 2, 3],
        "split(3)": [0, 1, 2, 3, 3, 3, 4],
        "exact": [1] * 7,
    }
    for how, counts in cases.items():
        assert [sum_roundings(parse_accumulate(how), n) for n in range(1, 8)] == counts
    for how in ("kahan", "neumaier", "tensor-core(2, 8)", "promoted(2, exact)"):
        with pytest.raises(UnsupportedError, match="exact, sequential, pairwise, blocked or split; got"):
            sum_roundings(parse_accumulate(how), 3)


def test_constants_count_products_in_their_own_format() -> None:
    u, v = Fraction(1, 9), Fraction(1, 17)  # one rounding to nearest, p = 3 and p = 4
    policy = rounded(paper_float(3), accumulate="blocked(2), products rounded in p=4").policy
    assert matmul_bound(policy, 5).constant == (1 + v) * (1 + u) ** 3 - 1
    assert sum_bound(policy, 5).constant == (1 + u) ** 3 - 1
    fused = rounded(paper_float(3), accumulate="split(2), products exact").policy
    assert matmul_bound(fused, 5).constant == (1 + u) ** 4 - 1
    one = rounded(paper_float(3), accumulate="exact, products rounded in p=4").policy
    assert matmul_bound(one, 5).constant == (1 + v) * (1 + u) - 1
    assert rounded(paper_float(3), accumulate=Sequential(products="exact")).policy.accumulate.size is None
