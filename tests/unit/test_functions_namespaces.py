"""The functions in every semantics: exact values where they are rational, enclosures that contain, identities, gaps."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from unit.function_cases import BINARY, COMPOSED, DIRECT, truth

from precise import cost, enclosure, exact, rounded, symbolic
from precise.dyadic import Dyadic
from precise.errors import DomainError, UnsupportedError
from precise.semantics.cost import critical_path

UNARY = [f for f in (*DIRECT, *COMPOSED) if f not in BINARY]
POINTS = [Fraction(1, 8), Fraction(3, 4), Fraction(5, 4), Fraction(19, 4)]
INTEGRAL = ["floor", "ceil", "trunc", "round"]
NAMES = [*UNARY, *INTEGRAL]
PAIRS = [*BINARY, "remainder", "ieee_remainder", "maximum_number", "minimum_number"]


@pytest.mark.parametrize("op", UNARY)
def test_enclosures_contain_the_value(op: str) -> None:
    xp = enclosure(90)
    for v in POINTS:
        found = xp.intervals(getattr(xp, op)(xp.asarray(v))).item()
        exact_value = truth(op, Dyadic.from_fraction(v))  # within 2**-399 of the value
        assert found.lower - Dyadic(1, -300) <= exact_value <= found.upper + Dyadic(1, -300)
        assert found.width <= Dyadic(1, -70)


@pytest.mark.parametrize("op", BINARY)
def test_enclosures_of_two_operands_contain_the_value(op: str) -> None:
    xp = enclosure(90)
    for v in POINTS:
        for w in (Fraction(3, 2), Fraction(-5, 8)):
            found = xp.intervals(getattr(xp, op)(xp.asarray(v), xp.asarray(w))).item()
            exact_value = truth(op, Dyadic.from_fraction(v), Dyadic.from_fraction(w))
            assert found.lower - Dyadic(1, -300) <= exact_value <= found.upper + Dyadic(1, -300)
            assert found.width <= Dyadic(1, -70)


def test_enclosures_of_balls_contain_all_values() -> None:
    xp = enclosure(64)
    third = xp.divide(xp.asarray([1, -7, 10]), 3)  # no exact numbers
    for op, wanted in (("floor", [0, -3, 3]), ("ceil", [1, -2, 4]), ("trunc", [0, -2, 3]), ("round", [0, -2, 3])):
        found = xp.intervals(getattr(xp, op)(third))
        assert [(v.lower, v.upper) for v in found] == [(w, w) for w in wanted]
    one = xp.multiply(xp.divide(xp.asarray(1), 3), 3)  # a ball around 1: both sides belong to the floor
    found = xp.intervals(xp.floor(one)).item()
    slack = Dyadic(1, -28)  # radii have 30 bits
    assert -slack <= found.lower <= 0
    assert 1 <= found.upper <= Dyadic(1) + slack
    near_zero = xp.subtract(one, 1)
    root = xp.intervals(xp.hypot(near_zero, near_zero)).item()
    assert root.lower <= 0 <= root.upper < Dyadic(1, -50)


def test_exact_values() -> None:
    xp = exact()
    half = Fraction(1, 2)
    rows = [
        *(
            ("rsqrt", (Fraction(9, 4),), Fraction(2, 3)),
            ("exp2", (-3,), Fraction(1, 8)),
            ("log2", (Fraction(1, 8),), -3),
        ),
        *(("sinpi", (Fraction(7, 2),), -1), ("cospi", (5,), -1), ("cospi", (half,), 0), ("sinpi", (-2,), 0)),
        *(
            ("sigmoid", (0,), half),
            ("silu", (0,), 0),
            ("erfc", (0,), 1),
            ("hypot", (Fraction(3, 5), Fraction(4, 5)), 1),
        ),
        *(("pow", (Fraction(8, 27), Fraction(-2, 3)), Fraction(9, 4)), ("pow", (-2, 3), -8), ("pow", (0, 0), 1)),
        *(("remainder", (Fraction(-7, 2), 3), Fraction(5, 2)), ("ieee_remainder", (Fraction(-7, 2), 3), -half)),
        *(("floor", (-half,), -1), ("ceil", (half,), 1), ("trunc", (Fraction(-7, 2),), -3), ("round", (half,), 0)),
        *(("round", (Fraction(3, 2),), 2), ("atan2", (0, 5), 0), ("maximum_number", (1, 2), 2)),
    ]
    for op, arguments, wanted in rows:
        found = getattr(xp, op)(*(xp.asarray(v) for v in arguments)).elements().item()
        assert found == wanted, (op, arguments, found)
    assert len(rows) > 20


def test_exact_refusals() -> None:
    xp = exact()
    for op, arguments in (("rsqrt", (2,)), ("exp2", (Fraction(1, 2),)), ("log2", (3,)), ("sinpi", (Fraction(1, 3),))):
        with pytest.raises(UnsupportedError, match=f"^{op}|^sqrt"):
            getattr(xp, op)(*(xp.asarray(v) for v in arguments))
    for op, arguments in (("pow", (2, Fraction(1, 2))), ("pow", (3, 10**12)), ("atan2", (1, 1)), ("gelu", (1,))):
        with pytest.raises(UnsupportedError, match=f"{op}: "):
            getattr(xp, op)(*(xp.asarray(v) for v in arguments))
    for op, arguments in (
        ("rsqrt", (0,)),
        ("pow", (0, -1)),
        ("remainder", (1, 0)),
        ("log2", (-1,)),
        ("pow", (-1, Fraction(1, 2))),
    ):
        with pytest.raises(DomainError, match=f"{op}: "):
            getattr(xp, op)(*(xp.asarray(v) for v in arguments))


def test_symbolic_identities() -> None:
    xp = symbolic()
    x = xp.symbols("x", ())
    same = [
        (xp.silu(x), xp.multiply(x, xp.sigmoid(x))),
        (xp.exp2(xp.log2(xp.asarray(8))), xp.asarray(8)),
        (xp.sinpi(xp.asarray(Fraction(1, 2))), xp.asarray(1)),
        (xp.hypot(xp.asarray(3), xp.asarray(4)), xp.asarray(5)),
        (xp.multiply(xp.rsqrt(xp.asarray(5)), xp.sqrt(xp.asarray(5))), xp.asarray(1)),
        (xp.add(xp.erf(x), xp.erfc(x)), xp.asarray(1)),
    ]
    for left, right in same:
        difference = left.elements().item() - right.elements().item()
        assert sympy.simplify(difference.rewrite(sympy.erf)) == 0
    for k in range(-7, 8):
        v = Fraction(k, 2)
        assert xp.round(xp.asarray(v)).elements().item() == round(v)
        assert xp.trunc(xp.asarray(v)).elements().item() == int(v)
        assert xp.remainder(xp.asarray(v), xp.asarray(-2)).elements().item() == sympy.Rational(k, 2) % -2


@pytest.mark.parametrize("op", NAMES)
def test_cost_has_a_depth_or_says_that_it_has_none(op: str) -> None:
    xp = cost()
    x = xp.empty((3,))
    if op in ("sqrt", "exp", "log", "sin", "cos", "tan"):
        assert str(critical_path(getattr(xp, op)(x))) != "0"
        return
    with pytest.raises(UnsupportedError, match="must have a depth in the papers; it has none"):
        getattr(xp, op)(x)


def test_every_namespace_has_every_name() -> None:
    for xp in (rounded("binary16"), exact(), enclosure(64), symbolic(), cost()):
        assert all(callable(getattr(xp, op)) for op in (*NAMES, *PAIRS))
