"""What the entries on sums, products, constants, log, sin and cos compute, against MPFR and exact sums."""

from __future__ import annotations

import random
from fractions import Fraction
from math import prod
from typing import Any

import pytest

from precise.claims.evidence import Counterexample
from proofs import _clusters, _log_algorithm, _sincos_distance, _sincos_steps, _sincos_table, _sincos_value
from proofs.lem_constants import enough, first_bits
from proofs.lem_iterated_product import chained, parts

gmpy2 = pytest.importorskip("gmpy2")
BITS = 700


def mpfr(function: str, x: Fraction = Fraction(0)) -> Fraction:
    """Return a function value, or a constant, by MPFR with many bits."""
    with gmpy2.context(gmpy2.get_context(), precision=BITS):
        if function == "pi":
            value = gmpy2.const_pi()
        else:
            value = getattr(gmpy2, function)(gmpy2.mpfr(gmpy2.mpq(x.numerator, x.denominator)))
        return Fraction(*map(int, value.as_integer_ratio()))


def rounded(x: Fraction, p: int) -> Fraction:
    """Return x rounded to p bits by MPFR, exponents unbounded in effect."""
    with gmpy2.context(gmpy2.get_context(), precision=p):
        return Fraction(*map(int, gmpy2.mpfr(gmpy2.mpq(x.numerator, x.denominator)).as_integer_ratio()))


def test_sums_by_clusters_are_the_sums_rounded_once() -> None:
    source, reached = random.Random(5), 0
    for _ in range(2000):
        p, n = source.choice((2, 3, 5, 8)), source.randrange(1, 8)
        gap = _clusters.proved_gap(p, n)
        terms = []
        for _ in range(n):
            m = source.choice((1, -1)) * source.choice((2 ** (p - 1), 2**p - 1, source.randrange(2 ** (p - 1), 2**p)))
            terms.append((m, source.choice((0, 1, gap, gap + 1, gap + 2, 2 * gap + 2))))
        if source.randrange(2):
            terms += [(-m, e) for m, e in terms if e > 1][: n // 2]
        gap = _clusters.proved_gap(p, len(terms))
        got = Fraction(_clusters.by_clusters(terms, p, gap), 2 ** (p + 4))
        exact = sum(m * Fraction(2) ** e for m, e in terms)
        assert rounded(got, p) == rounded(exact, p)
        reached += len(_clusters.clusters(terms, gap)) > 1
    assert reached > 300


def test_a_short_gap_is_told_apart() -> None:
    terms = [(-3, 5), (2, 5), (3, 0), (3, 0)]
    got = Fraction(_clusters.by_clusters(terms, 2, _clusters.short_gap(2, 4)), 2**6)
    assert (rounded(got, 2), rounded(Fraction(-26), 2)) == (-32, -24)
    assert isinstance(_clusters.structured(_clusters.short_gap), Counterexample)


def test_a_chain_of_products_rounds_each() -> None:
    met, got = chained((Fraction(3, 2),) * 4, 2)
    assert met == [Fraction(9, 4), Fraction(3), Fraction(9, 2)]
    assert (got, rounded(prod([Fraction(3, 2)] * 4), 2)) == (4, 6)
    assert parts(Fraction(12), 2) == (3, 2)


@pytest.mark.parametrize("q", [5, 17, 100, 300])
def test_bits_of_constants_are_those_of_mpfr(q: int) -> None:
    for name, value in (("ln 2", mpfr("log", Fraction(2))), ("pi", mpfr("pi")), ("ln 10", mpfr("log", Fraction(10)))):
        assert abs(first_bits(name, q, enough(q)) - value) < Fraction(1, 2**q)
    assert any(abs(first_bits("pi", k, 0) - mpfr("pi")) >= Fraction(1, 2**k) for k in range(4, 40))


@pytest.mark.parametrize(
    "x", [Fraction(3, 4), Fraction(1), Fraction(7, 8), Fraction(5), Fraction(1, 1024), Fraction(96)]
)
def test_the_repaired_logarithm_is_within_the_bound(x: Fraction) -> None:
    for p in (3, 4):
        got = _log_algorithm.repaired(x, p, _log_algorithm.terms_for(p), _log_algorithm.bits_for(p))
        assert abs(got - mpfr("log", x)) <= abs(mpfr("log", x)) / 2**p


def test_terms_needed_are_those_of_partial_sums() -> None:
    for p in (3, 4, 5, 6):
        y, limit = _log_algorithm.right_end(p), Fraction(1, 2**p)
        n = _log_algorithm.terms_needed(y, limit, 64)
        truth = mpfr("log", 1 + y)
        assert abs(_log_algorithm.series(y, n) - truth) <= limit < abs(_log_algorithm.series(y, n - 1) - truth)


@pytest.mark.parametrize(
    "x", [Fraction(1), Fraction(-1), Fraction(3), Fraction(-100), Fraction(12345, 8), Fraction(1, 9)]
)
def test_the_table_gives_sine_and_cosine(x: Fraction) -> None:
    k, keep, r = _sincos_table.reduced(x, _sincos_table.half_pi(200))
    values = {"S": mpfr("sin", r), "C": mpfr("cos", r)}
    for name, choice in zip(("sin", "cos"), _sincos_table.right(k, keep), strict=True):
        got = values[choice[-1]] * (-1 if choice[0] == "-" else 1)
        assert abs(got - mpfr(name, x)) < Fraction(1, 2**150)


def test_half_pi_is_that_of_mpfr() -> None:
    for bits in (10, 64, 500):
        assert abs(_sincos_table.half_pi(bits) - mpfr("pi") / 2) < Fraction(1, 2**bits)


def test_steps_in_few_bits_lose_three() -> None:
    assert _sincos_steps.by_steps(Fraction(3), 2) == (0, 2)
    assert _sincos_steps.by_steps(Fraction(4), 2)[1] == 3  # 4/(3/2) = 8/3 rounds to 3
    for p in (2, 5, 11):
        x: Any = Fraction(3)
        got = rounded(_sincos_steps.by_steps(x, p)[0], p) if p > 2 else Fraction(0)
        assert abs(got - mpfr("sin", x)) > mpfr("sin", x) / 2**p
    wide = _sincos_steps.by_steps(Fraction(3), 60)[0]
    assert abs(wide - mpfr("sin", Fraction(3))) < Fraction(1, 2**50)
    assert _sincos_steps.number_of_arguments(3) == len(_sincos_steps.arguments(3))


def test_computed_values_have_the_accuracy_of_the_width() -> None:
    for x in (Fraction(11), Fraction(28 * 2**19), Fraction(-7, 4)):
        for name, got in zip(("sin", "cos"), _sincos_value.computed(x, 120, 20), strict=True):
            assert abs(got - mpfr(name, x)) < Fraction(1, 2**80)


def test_lost_bits_are_those_of_the_distance() -> None:
    """|11 - 7 pi/2| is about 2^-7.8, the least of F_4; the certificate bounds 2/pi times it."""
    assert abs(11 - 7 * mpfr("pi") / 2) >= Fraction(1, 2 ** _sincos_distance.bits_lost(_sincos_distance.whole_range(4)))
    assert isinstance(_sincos_distance.within(_sincos_distance.whole_range(4), 7), Counterexample)
