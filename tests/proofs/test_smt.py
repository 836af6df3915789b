"""Bit-vector terms, four solvers, and the evidence of two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from oracles import tally
from oracles.integers import Spec, round_value

from precise.claims import Counterexample, Evidence, smt, solvers
from precise.claims.bitvectors import (
    Term,
    all_true,
    choose,
    evaluate,
    is_false,
    magnitude,
    name,
    numeral,
    script,
    signed_value,
    some_true,
    wide,
)
from precise.claims.solvers import SOLVERS, Solver, installed
from precise.errors import DomainError, MissingToolError, PreciseError, UndecidedError
from proofs import _bit_evidence, _bit_rules

W = 3
A, B = name("a", W), name("b", W)


def signed(x: int) -> int:
    return x - 8 if x > 3 else x


# What SMT-LIB says about each operation, on plain integers.
MEANING: dict[str, tuple[Term, Callable[[int, int], int]]] = {
    "+": (A + B, lambda a, b: (a + b) % 8),
    "-": (A - B, lambda a, b: (a - b) % 8),
    "*": (A * B, lambda a, b: a * b % 8),
    "and": (A & B, lambda a, b: a & b),
    "or": (A | B, lambda a, b: a | b),
    "shift left": (A << B, lambda a, b: a * 2**b % 8),
    "shift right": (A >> B, lambda a, b: a // 2**b),
    "shift signed": (A.asr(B), lambda a, b: signed(a) // 2**b % 8),
    "divide": (A // B, lambda a, b: a // b if b else 7),
    "negate": (-A, lambda a, b: -a % 8),
    "magnitude": (magnitude(A), lambda a, b: abs(signed(a)) % 8),
    "equal": (A.equals(B), lambda a, b: a == b),
    "less": (A < B, lambda a, b: a < b),
    "at most": (A <= B, lambda a, b: a <= b),
    "less, signed": (A.below(B), lambda a, b: signed(a) < signed(b)),
    "at most, signed": (A.at_most(B), lambda a, b: signed(a) <= signed(b)),
    "choose": (choose(A < B, A, B), min),
    "wider": (wide(A, 5), lambda a, b: a),
    "wider, signed": (wide(A, 5, signed=True), lambda a, b: signed(a) % 32),
    "logic": (some_true(is_false(A < B), all_true(A.equals(1), B.equals(2))), lambda a, b: a >= b or (a, b) == (1, 2)),
}


def present() -> list[Solver]:
    return [solver for solver in SOLVERS.values() if solver.present()]


@pytest.fixture
def two() -> tuple[Solver, ...]:
    try:
        return installed()
    except MissingToolError as missing:
        tally.absent("two solvers", str(missing))
        pytest.skip(str(missing))


@pytest.mark.parametrize("operation", MEANING)
def test_terms_mean_what_the_standard_says(operation: str) -> None:
    term, meaning = MEANING[operation]
    for a, b in product(range(8), repeat=2):
        assert evaluate(term, {"a": a, "b": b}) == int(meaning(a, b)), (a, b)


@pytest.mark.parametrize("solver", present(), ids=lambda s: s.name)
def test_solvers_read_the_terms_alike(solver: Solver) -> None:
    for term, meaning in MEANING.values():
        wrong = []
        for a, b in product(range(8), repeat=2):
            value = int(meaning(a, b))
            right = term.equals(value) if term.width else (term if value else is_false(term))
            wrong.append(all_true(A.equals(a), B.equals(b), is_false(right)))
        assert solver.model(script((some_true(*wrong),)), ("a", "b"), 20) is None
    model = solver.model(script(((A * B).equals(5), A < B)), ("a", "b"), 20)
    assert model is not None
    assert model["a"] < model["b"] and model["a"] * model["b"] % 8 == 5
    assert solver.model(script((A.equals(6), B.equals(3))), ("a", "b"), 20) == {"a": 6, "b": 3}


def test_terms_refuse_what_they_cannot_mean() -> None:
    with pytest.raises(DomainError, match="one width; got 3 and 4"):
        A + name("c", 4)
    with pytest.raises(DomainError, match="must hold its value; got 8"):
        numeral(8, 3)
    with pytest.raises(DomainError, match="must hold its value; got -5"):
        numeral(-5, 3)
    assert numeral(-4, 3).number == 4
    with pytest.raises(DomainError, match="must come from evaluate"):
        bool(A < B)
    with pytest.raises(DomainError, match="a name must have one width"):
        script((A.equals(1), name("a", 4).equals(1)))


def test_rounding_in_bits_is_rounding() -> None:
    """Against an oracle that rounds fractions; nothing of the package."""
    x = name("x", 11)
    for p in (2, 3, 4):
        term, spec = _bit_rules.rounded(x, p), Spec("", p, None, None)
        for v in range(-300, 300):
            right = round_value(Fraction(v), spec, "RNE") if v else Fraction(0)
            assert signed_value(evaluate(term, {"x": v % 2**11}), 11) == right, (p, v)


@pytest.mark.parametrize(("rule", "parts"), [("sticky", (4, 1)), ("no sticky bit", (4, 0)), ("one guard bit", (2, 1))])
def test_the_cut_quotients_are_the_rules(rule: str, parts: tuple[int, int]) -> None:
    m, k = name("m", 12), name("k", 12)
    term = _bit_rules.eighths(m, k, rule)
    for v, gap in product(range(-40, 40), range(6)):
        scale, last = parts
        cut = (Fraction(scale * v, 2**gap)).__floor__()
        inexact = Fraction(scale * v, 2**gap) != cut
        right = Fraction(cut, scale) + (Fraction(last, 2 * scale) if inexact else 0)
        assert Fraction(signed_value(evaluate(term, {"m": v % 2**12, "k": gap}), 12), 8) == right, (v, gap)


def explain(p: int, model: smt.Values) -> Counterexample:
    return Counterexample(values={"p": p, **model}, refutes="a + b >= 8")


HALF = smt.Claim((A < 4,), (A <= A + B))


def test_two_solvers_prove_or_refute(two: tuple[Solver, ...]) -> None:
    proved = smt.decide_claims({3: replace(HALF, hypotheses=(A < 4, B < 4))}, explain)
    assert isinstance(proved, Evidence)
    assert proved.producer != proved.confirmed_by.split()[0]
    assert str(proved.scope) == "p = 3"
    refuted = smt.decide_claims({3: HALF}, explain)
    assert isinstance(refuted, Counterexample)
    with pytest.raises(PreciseError, match="hypotheses must have a model"):
        smt.decide_claims({3: smt.Claim((A < 2, is_false(A < 4)), A < 1)}, explain)


def test_a_model_that_exact_arithmetic_denies_is_an_error(two: tuple[Solver, ...]) -> None:
    with pytest.raises(DomainError, match="must hold"):
        smt.decide_claims({3: HALF}, lambda p, model: Counterexample(values=dict(model), refutes="a + b < 8"))


def test_least_models_are_least(two: tuple[Solver, ...]) -> None:
    asserted = ((A * B).equals(6), is_false(A.equals(6)))
    for order, key in ((A, B), lambda a, b: (a, b)), ((B, A), lambda a, b: (b, a)):
        found, who = smt.least_model(asserted, order)
        right = min(
            (ab for ab in product(range(8), repeat=2) if ab[0] * ab[1] % 8 == 6 and ab[0] != 6), key=lambda ab: key(*ab)
        )
        assert (found["a"], found["b"]) == right
        assert len({solver.name for solver in who}) == 2
    with pytest.raises(PreciseError, match="must have a model"):
        smt.least_model(((A * A).equals(2),), (A,))
    with pytest.raises(PreciseError, match="got a lesser one"):
        smt.no_lesser(asserted, (A,), [7], solvers.ORDER, 20)


def fake(answer: Callable[[], solvers.Answer]) -> Solver:
    return Solver("fake", "none", lambda: True, lambda text, names, seconds: answer())


def late() -> solvers.Answer:
    raise UndecidedError("fake: must decide")


def test_solvers_that_lie_or_are_late(two: tuple[Solver, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    asserted, honest = (A.equals(3),), two[0].name
    monkeypatch.setitem(SOLVERS, "fake", fake(lambda: None))
    with pytest.raises(PreciseError, match="two solvers must agree; got fake unsat"):
        smt.answers(asserted, ("fake", honest))
    monkeypatch.setitem(SOLVERS, "fake", fake(lambda: {"a": 4}))
    with pytest.raises(PreciseError, match="must satisfy what was asserted"):
        smt.answers(asserted, ("fake", honest))
    monkeypatch.setitem(SOLVERS, "fake", fake(late))
    assert [s.name for s, _ in smt.answers(asserted, ("fake", *(s.name for s in two)))] == [s.name for s in two[:2]]
    with pytest.raises(UndecidedError, match="two solvers must decide; got fake"):
        smt.answers(asserted, ("fake", honest))
    monkeypatch.setitem(SOLVERS, "fake", replace(SOLVERS["fake"], present=lambda: False))
    with pytest.raises(MissingToolError, match=r"two of fake, \w+ must be installed"):
        smt.answers(asserted, ("fake", honest))


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (_bit_evidence.sums, ("no sticky bit", "one guard bit", "literal")),
        (_bit_evidence.comparisons, ("no sticky bit", "literal")),
        (_bit_evidence.quotients, ("no sticky bit", "one guard bit")),
    ],
)
def test_operations_of_four_bits(
    two: tuple[Solver, ...], check: Callable[[str, tuple[int, ...]], object], wrong: tuple[str, ...]
) -> None:
    assert isinstance(check("sticky", (4,)), Evidence)
    for rule in wrong:
        assert isinstance(check(rule, (4,)), Counterexample)
