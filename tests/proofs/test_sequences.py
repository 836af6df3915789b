"""Terms, inductions, tails and distances against enumeration, sums in fractions, and MPFR."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import pytest

from precise.claims.certificates import OFFSETS, violation
from precise.claims.distances import distance_certificate, neighbours, pairs, two_over_pi
from precise.claims.evidence import Counterexample, Evidence
from precise.claims.expression import parse
from precise.claims.replays import number_of_floats, number_of_multisets, replay
from precise.claims.scope import Scope
from precise.claims.sequences import decide_tail, decide_terms, induction, renamed, tail_of_series
from precise.claims.terms import ratio, value_at, written
from precise.errors import DomainError, UndecidedError

gmpy2 = pytest.importorskip("gmpy2")

EVERYWHERE = Scope.without_p()
TERMS = ("(16/25)**n/factorial(2*n + 1)", "n**2*3**(2*n)/(n + 1)", "7/factorial(n)", "1/(n*2**n)", "(n + 1)**3")


def by_hand(text: str, n: int) -> Fraction:
    """Return the value of one of the terms, written out once more."""
    return {
        TERMS[0]: lambda: Fraction(16, 25) ** n / factorial(2 * n + 1),
        TERMS[1]: lambda: Fraction(n**2 * 9**n, n + 1),
        TERMS[2]: lambda: Fraction(7, factorial(n)),
        TERMS[3]: lambda: Fraction(1, n * 2**n),
        TERMS[4]: lambda: Fraction((n + 1) ** 3),
    }[text]()


@pytest.mark.parametrize("text", TERMS)
def test_ratios_are_those_of_neighbours(text: str) -> None:
    quotient = parse(written(ratio(parse(text), "n")))
    for n in range(1, 9):
        assert value_at(parse(text), "n", n) == by_hand(text, n)
        assert value_at(quotient, "n", n) == by_hand(text, n + 1) / by_hand(text, n)


def test_terms_outside_the_language_are_refused() -> None:
    for text in ("2**(n**2)", "2**(n/2)", "factorial(3 - n)", "2**(-n)", "factorial(n/2)"):
        with pytest.raises(DomainError):
            ratio(parse(text), "n")
    with pytest.raises(DomainError, match="factorial must be of an integer"):
        value_at(parse("factorial(n - 3)"), "n", 2)


def test_inductions_hold_where_enumerated_and_fail_at_the_least_index() -> None:
    assert isinstance(decide_terms("2**n <= factorial(n)", "n", 4, scope=EVERYWHERE), Evidence)
    assert all(2**n <= factorial(n) for n in range(4, 60))
    later = decide_terms("100*n <= 2**n", "n", 10, scope=EVERYWHERE)
    assert isinstance(later, Evidence)
    fails = decide_terms("2**n <= n**3", "n", 2, scope=EVERYWHERE)
    assert isinstance(fails, Counterexample)
    assert fails.exact["n"] == next(n for n in range(2, 40) if 2**n > n**3)
    with pytest.raises(UndecidedError, match="first case"):
        induction("2**n <= factorial(n)", "n", 3)
    with pytest.raises(UndecidedError):
        induction("(3/2)**n <= 2*n", "n", 1)  # true at first, not for long
    with pytest.raises(DomainError, match="left <= right"):
        induction("n >= 1", "n", 1)


def test_tails_contain_the_tails() -> None:
    total = sum(Fraction(1, i * 2**i) for i in range(1, 300))
    upper, lower = "2", "2*i/(i + 1)"
    for factor, sense in ((upper, "upper"), (lower, "lower")):
        found = decide_tail("1/(i*2**i)", factor, "i", 1, "1/2", sense, scope=EVERYWHERE)
        assert isinstance(found, Evidence)
    for n in range(1, 40):
        tail, first = total - sum(Fraction(1, i * 2**i) for i in range(1, n)), Fraction(1, n * 2**n)
        assert Fraction(2 * n, n + 1) * first <= tail + Fraction(1, 2**299)
        assert tail <= 2 * first
    refuted = decide_tail("1/(i*2**i)", "3/2", "i", 1, "1/2", "upper", scope=EVERYWHERE)
    assert isinstance(refuted, Counterexample)
    slow = decide_tail("1/((i + 1)*2**i)", "1", "i", 0, "2/5", "alternating", scope=EVERYWHERE)
    assert isinstance(slow, Counterexample)
    assert slow.exact["n"] == next(n for n in range(9) if Fraction(n + 1, 2 * (n + 2)) > Fraction(2, 5))
    short = decide_tail("1/(i*2**i)", "2", "i", 1, "1/2", "lower", scope=EVERYWHERE)
    assert isinstance(short, Counterexample)


def test_tails_refuse_what_they_cannot_mean() -> None:
    for limit, sense, factor in (("1", "upper", "2"), ("1/2", "both", "2"), ("1/2", "alternating", "2")):
        with pytest.raises(DomainError):
            tail_of_series("1/2**i", factor, "i", 0, limit, sense)
    with pytest.raises(UndecidedError):
        tail_of_series("1/(i + 1)", "1", "i", 0, "99/100", "alternating")  # the ratio tends to 1
    with pytest.raises(UndecidedError, match="positive"):
        tail_of_series("(i - 5)/2**i", "2", "i", 0, "1/2", "upper")
    assert renamed("pi*i/(i2 + i)", "i") == "pi*n/(i2 + n)"


def test_offsets_of_the_search_come_nearest_first() -> None:
    assert violation("x + y < 5", {"x": 1, "y": 1}) == {"x": Fraction(1), "y": Fraction(4)}
    assert violation("a + b + c + d + e + f < 3", dict.fromkeys("abcdef", 0)) is not None
    assert OFFSETS[0] == 0


def two_over_pi_by_mpfr(bits: int) -> int:
    """Return floor(2^bits 2/pi) by MPFR, with many bits to spare."""
    with gmpy2.context(gmpy2.get_context(), precision=bits + 200):
        return int(gmpy2.floor(2 / gmpy2.const_pi() * gmpy2.exp2(bits)))


def test_bits_of_two_over_pi_are_those_of_mpfr() -> None:
    for bits in (8, 64, 333, 2048):
        assert two_over_pi(bits) == two_over_pi_by_mpfr(bits)


@pytest.mark.parametrize("p", [2, 3, 4, 5])
def test_the_least_distance_is_that_of_an_enumeration(p: int) -> None:
    last, bits = 2**p - 1, 2**p + 200
    scaled = two_over_pi_by_mpfr(bits)
    best = min(
        (abs(d), m, e)
        for e in range(1 - p, last + 1)
        for m in range(1, 2**p)
        for d in [Fraction(m * scaled, 2**bits) * Fraction(2) ** e]
        for d in [d - max(1, round(d))]
    )
    found = distance_certificate(p, 1 - p, last).data
    assert Fraction(str(found["low"])) <= best[0] + Fraction(1, 2**100)
    assert best[0] <= Fraction(str(found["high"])) + Fraction(1, 2**100)
    assert int(str(found["m"])) * Fraction(2) ** int(str(found["e"])) == best[1] * Fraction(2) ** best[2]


def test_the_published_worst_case_of_binary64_comes_out() -> None:
    """6381956970095103 * 2^797: Muller et al., Handbook of Floating-Point Arithmetic, section 10.2."""
    found = distance_certificate(53, -52, 971).data
    assert (found["m"], found["e"]) == ("6381956970095103", 797)


def test_neighbours_are_next_to_each_other_and_enclose() -> None:
    for pair in pairs(8, -7, 40):
        assert pair.k2 * pair.m1 - pair.k1 * pair.m2 == 1
        assert max(pair.m1, pair.m2) < 256 <= pair.m1 + pair.m2
    third = neighbours((1 << 60) // 3, 60, 10)
    assert third.k1 * 10 < third.m1 * 4
    with pytest.raises(DomainError, match="exponents >= 1 - p"):
        distance_certificate(4, -4, 3)


def test_replays_count_their_cases() -> None:
    assert number_of_floats(3, -1, 2) == len([m for m in range(-7, 8) if abs(m) >= 4]) * 4
    assert number_of_multisets(5, 3) == len([1 for a in range(5) for b in range(a, 5) for c in range(b, 5)])
    with pytest.raises(DomainError, match="the range not empty"):
        replay("x == x", ["x"], 2, 3, 2)
