"""Scopes, joined evidence, exact expressions and certificates of inequalities and identities."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import gmpy2
import pytest

from precise.claims import Kind, Scope, certificates, deciding, evidence
from precise.claims.expression import holds
from precise.errors import DomainError, UndecidedError


def test_scopes() -> None:
    small, large = Scope.listed_p(range(2, 7), "n <= 4"), Scope.all_p(7, "n <= 4")
    assert str(small | large) == "p >= 2; n <= 4"
    assert str(small & Scope.all_p(5)) == "p in 5..6; n <= 4"
    assert (small & large).empty
    assert Scope.all_p().covers(small)
    assert not small.covers(Scope.all_p())
    assert not large.covers(Scope.all_p(6, "n <= 4"))
    assert not Scope.all_p(1, "n <= 3").covers(Scope.all_p())
    assert str(Scope.without_p()) == "all instances"
    assert Scope.from_json(json.loads(json.dumps(small.to_json()))) == small
    with pytest.raises(DomainError, match="must share its conditions"):
        Scope.all_p() | small
    with pytest.raises(DomainError, match="at least 1"):
        Scope.listed_p([0])


def test_parts_of_evidence_are_joined() -> None:
    one = deciding.decide_inequality("t >= 4", {"t": 4}, scope=Scope.all_p(7))
    two = evidence.Evidence(
        kind=Kind.EXHAUSTIVE, scope=Scope.listed_p(range(2, 7)), cases=9, expected=9, producer="precise-pbit"
    )
    assert isinstance(one, evidence.Evidence)
    split = evidence.case_split(one, two)
    assert (split.kind, str(split.scope), split.cases) == (Kind.EXHAUSTIVE, "p >= 2", 10)
    assert evidence.chain(one, two).scope.empty
    assert [k.value for k in sorted(Kind, key=lambda k: -k.strength)] == list("CKRXISYAT")


def test_expressions_are_exact() -> None:
    assert holds("2**(-p) < 1/t and floor(-t/2) == -3 and not t == 6", {"p": 3, "t": Fraction(5)})
    assert holds('word == "abba"', {"word": "abba"})
    for text in ("0.5 < 1", "a", "f(1) < 2", "1 < 'a'", "1/0 < 1", "2**(1/2) > 1", "__import__('os') == 1", "1 <"):
        with pytest.raises(DomainError, match="expression"):
            holds(text, {"a": 1})


def test_nearest_is_the_rounding_of_mpfr() -> None:
    """Ties, numbers beside ties and powers of two, both signs, zero; a precision must be a positive integer."""
    rng, exact = random.Random(20250826), gmpy2.context(precision=200)
    for _ in range(3000):
        p, c = (
            rng.randrange(1, 12),
            rng.choice([rng.getrandbits(14), 1 << rng.randrange(14), (1 << rng.randrange(14)) - 1]),
        )
        x = Fraction(rng.choice((1, -1)) * c) * Fraction(2) ** rng.randrange(-40, 40)
        right = gmpy2.context(precision=p).plus(exact.div(x.numerator, x.denominator))
        assert holds("nearest(p, x) == right", {"p": p, "x": x, "right": Fraction(*map(int, right.as_integer_ratio()))})
        assert holds("nearest(p, x/3) == -nearest(p, -x/3)", {"p": p, "x": x})
    for p in (0, -1, Fraction(1, 2)):
        with pytest.raises(DomainError, match="nearest must have a precision"):
            holds("nearest(p, 1) == 1", {"p": p})


def test_inequalities_are_certified_or_refuted_or_undecided() -> None:
    claim = "(4/t + 2/t**2)/(1 - 1/t) {} 4/t + 6/t**2 + 8/t**3"
    assert certificates.nonnegative_by_shift(claim.format("<="), {"t": 4}).data["kind"] == "nonnegative"
    assert certificates.violation(claim.format(">="), {"t": 4}) == {"t": Fraction(5)}
    with pytest.raises(UndecidedError, match="coefficients must be >= 0; got -"):
        certificates.nonnegative_by_shift("t**2 - 20*t + 101 > 0", {"t": 4})
    with pytest.raises(UndecidedError, match="no violation on the search grid"):
        deciding.decide_inequality("t**2 - 20*t + 101 > 0", {"t": 4}, scope=Scope.all_p())
    with pytest.raises(UndecidedError, match="constant term 0"):
        certificates.nonnegative_by_shift("t > 4", {"t": 4})
    with pytest.raises(DomainError, match="s must have a lower bound"):
        certificates.nonnegative_by_shift("t > s", {"t": 4})


def test_identities_are_certified_or_refuted() -> None:
    holds_true = deciding.decide_identity("1/x - 1/(1 + x) == 1/(x*(1 + x))", scope=Scope.without_p())
    assert isinstance(holds_true, evidence.Evidence)
    fails = deciding.decide_identity("(x + y)**2 == x**2 + y**2", scope=Scope.without_p())
    assert str(fails) == "x = 2, y = 2"
