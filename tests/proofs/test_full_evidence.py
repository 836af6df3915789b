"""What the full tier builds on, against outside oracles: MPFR, GMP and plain enumeration."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import gmpy2
import numpy as np
import pytest
from oracles.integers import Spec, round_value

from precise.claims import enclosing
from precise.errors import MissingToolError, UndecidedError
from proofs import _bit_evidence, _literal_rule, _sharp_pairs, _significand_pairs, _two_roundings, _unreachable
from proofs import _worst_total as worst_total


def by_mpfr(x: Fraction, p: int) -> Fraction:
    """Return x rounded to p bits by MPFR, exponents unbounded."""
    with gmpy2.context(precision=p):
        return Fraction(*map(int, gmpy2.mpfr(gmpy2.mpq(x.numerator, x.denominator)).as_integer_ratio()))


POINTS = [Fraction(n, d) for n in (*range(1, 40), 255, 256, 257, 4095) for d in (1, 2, 3, 7, 8, 64, 1000)]


@pytest.mark.parametrize("p", [2, 3, 5, 8])
def test_roundings_to_p_bits(p: int) -> None:
    for x in POINTS:
        assert _bit_evidence.nearest(x, p) == by_mpfr(x, p)
        assert _bit_evidence.nearest(-x, p) == -by_mpfr(x, p)
        assert _two_roundings.to_bits(x, p) == by_mpfr(x, p)


@pytest.mark.parametrize("p", [2, 3, 4])
def test_places_among_bounds_are_roundings(p: int) -> None:
    values = [v for v, _ in _significand_pairs.floats_from_zero(p, p + 6)]
    bounds = np.add(*_significand_pairs.midpoints(p, p + 6))
    numbers = np.arange(-(1 << (p + 5)), 1 << (p + 5), dtype=np.int64)
    for x, at in zip(numbers.tolist(), _significand_pairs.place(bounds, numbers).tolist(), strict=True):
        right = round_value(Fraction(x), Spec("", p, None, None), "RNE") if x else 0
        assert (values[abs(at)] if at >= 0 else -values[abs(at)]) == right


@pytest.mark.parametrize("p", [3, 6])
def test_roots_are_those_of_mpfr(p: int) -> None:
    with gmpy2.context(precision=p):
        for m, j in product(range(1 << (p - 1), 1 << p), (2 * p, 2 * p + 1)):
            assert _sharp_pairs.nearest_root(m << j, p) == int(gmpy2.sqrt(gmpy2.mpz(m << j)))


def test_composite_numbers_are_those_of_gmp() -> None:
    for p in range(2, 40):
        assert _sharp_pairs.is_composite(2**p + 1) == (not gmpy2.is_prime(2**p + 1))


def test_worst_products_quotients_and_roots_by_enumeration() -> None:
    """The largest relative error of p-bit operations over all significands, by MPFR and fractions."""
    for p in (3, 4, 5):
        u, significands = Fraction(1, 1 << p), range(1 << (p - 1), 1 << p)
        exact = {"product": [Fraction(a * b) for a, b in product(significands, repeat=2)]}
        exact["quotient"] = [Fraction(a, b) for a, b in product(significands, repeat=2)]
        found = {name: max(abs(by_mpfr(x, p) - x) / x for x in values) for name, values in exact.items()}
        assert found["quotient"] == _sharp_pairs.of_quotients(u)
        assert (found["product"] == _sharp_pairs.first_tie(u)) == (not gmpy2.is_prime(2**p + 1))
        assert found["product"] <= _sharp_pairs.first_tie(u)


def test_the_worst_total_by_enumeration() -> None:
    p, d = 3, Fraction(1, 16)
    tries = [Fraction(k, 4096) for k in range(4 * 4096, 8 * 4096, 3)]
    found = max(abs(by_mpfr(y * (1 + s * d), p) - y) / y for y in tries for s in (-1, 1))
    assert worst_total.worst(p, d) * Fraction(99, 100) < found <= worst_total.worst(p, d)


def test_floats_beyond_a_bound_are_counted() -> None:
    for p in (2, 3, 4):
        floats = [m * Fraction(2) ** e for e in range(-(2**p), 2**p) for m in range(2 ** (p - 1), 2**p)]
        for bound in (Fraction(10, 9), Fraction(31, 7), Fraction(2**p) - Fraction(1, 9), Fraction(4**p, 3)):
            right = [x for x in floats if x > bound]
            assert _unreachable.beyond(p, bound) == (len(right), min(right))


@pytest.mark.parametrize("p", [2, 3, 4, 5])
def test_least_wrong_sums_of_the_literal_rule_by_enumeration(p: int) -> None:
    def literal(m: int, k: int) -> Fraction:
        x = Fraction(m, 2**k)
        return x if (4 * x).denominator == 1 else x + Fraction(1, 8)

    significands = [s * m for m in range(2 ** (p - 1), 2**p) for s in (1, -1)]
    wrong = (
        (k, m1, m2)
        for k in range(p + 5)
        for m1 in significands
        for m2 in (0, *significands)
        if by_signed(m1 + literal(m2, k), p) != by_signed(m1 + Fraction(m2, 2**k), p)
    )
    assert next(wrong) == _literal_rule.wrong_sum(p)


def by_signed(x: Fraction, p: int) -> Fraction:
    return by_mpfr(abs(x), p) * (1 if x > 0 else -1) if x else x


def codes() -> list[enclosing.Code]:
    try:
        return [enclosing.arb(128), enclosing.intervals()]
    except MissingToolError:
        return [enclosing.arb(128)]


@pytest.mark.parametrize("code", codes(), ids=lambda c: c.name)
def test_boxes_are_covered_or_violated_or_undecided(code: enclosing.Code) -> None:
    def square(c: enclosing.Code, x: enclosing.Number) -> enclosing.Number:
        return x * x - x

    box = (Fraction(0), Fraction(2))
    cells, against = enclosing.cover(code, square, box, Fraction(3))
    assert against is None and cells > 1
    cells, against = enclosing.cover(code, square, box, Fraction(1))
    assert against is not None
    assert all(x * x - x > 1 for x in against)
    with pytest.raises(UndecidedError, match="40 halvings must decide"):
        enclosing.cover(code, square, box, Fraction(2))


def test_numbers_enclose_their_cells() -> None:
    third, far = Fraction(1, 3), Fraction(10**40 + 1, 7)
    for x in (third, -third, far, Fraction(1, 10**40), Fraction(5, 8)):
        assert Fraction(enclosing.double_near(x, -1)) <= x <= Fraction(enclosing.double_near(x, 1))
        assert (enclosing.double_near(x, -1) == enclosing.double_near(x, 1)) == (x == Fraction(5, 8))
        for code in codes():
            low, high = code.ends(enclosing.exactly(code, x))
            assert low <= x <= high
            low, high = code.ends(code.number((x, x + 1)))
            assert low <= x and x + 1 <= high


def test_no_information_is_no_number() -> None:
    code = enclosing.arb(64)
    with pytest.raises(UndecidedError, match="must be finite"):
        code.ends(enclosing.exactly(code, 1) / enclosing.exactly(code, 0))
    for code in codes()[1:]:
        with pytest.raises(UndecidedError, match="must be finite"):
            code.ends(enclosing.exactly(code, 1) / code.number((Fraction(-1), Fraction(1))))


def test_missing_codes_are_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match="sollya must be installed"):
        enclosing.sup_norm("1+x", "exp(x)", Fraction(0), Fraction(1), 100)
    monkeypatch.setattr(enclosing, "find_spec", lambda name: None)
    with pytest.raises(MissingToolError, match="pyintval must be installed"):
        enclosing.intervals()
