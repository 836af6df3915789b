"""The wide engine against rationals: all modes and operations, narrow and unbounded exponents, every carrier."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import gmpy2
import numpy as np
import pytest
from oracles.integers import (
    Spec,
    Value,
    exact_add,
    exact_divide,
    exact_multiply,
    exact_sqrt,
    negated,
    round_value,
)
from oracles.verdict import expect_equal
from unit.wide_cases import (
    KINDS,
    MODES,
    PRECISIONS,
    SEED,
    agrees,
    array,
    element,
    format_of,
    pairs,
    plain,
    points,
    spec_of,
    value,
)

from precise.dyadic import Dyadic, Special
from precise.engines import wide
from precise.engines.carrier import object_array, to_objects
from precise.engines.wide_numbers import are_regular, mpfr_array, mpfr_of
from precise.errors import DomainError, UnsupportedError
from precise.formats.format import Fixed, Float, Format, paper_float, unbounded
from precise.rounding import RNE, RTO, RTZ, SR, Overflow, Rounder, Underflow, default_overflow

SPECS = [spec_of(p, "IEEE") for p in PRECISIONS] + [spec_of(p, "no subnormals") for p in (53, 113)]
SPECS += [Spec(f"p={p}", p, None, None) for p in (52, 64, 237)]


def exactly(op: str, mode: str, p: int, xs: tuple[Value, ...]) -> Value:
    """Return an operation before rounding, or a stand-in that rounds alike."""
    if op == "fma":
        return exact_add(exact_multiply(xs[0], xs[1]), xs[2], mode)
    if op == "sqrt":
        return exact_sqrt(xs[0], p)
    if op in ("add", "subtract"):
        return exact_add(xs[0], xs[1] if op == "add" else negated(xs[1]), mode)
    one = {"round": lambda x: x, "negative": negated, "abs": lambda x: x if x == abs_of(x) else negated(x)}
    two = {"multiply": exact_multiply, "divide": exact_divide}
    return two[op](xs[0], xs[1]) if op in two else one[op](xs[0])


def abs_of(x: Value) -> Value:
    """Return the magnitude of a value."""
    return {"-0": Fraction(0), "-inf": "+inf"}.get(x, x) if isinstance(x, str) else abs(x)


ARITY = {"round": 1, "sqrt": 1, "negative": 1, "abs": 1, "add": 2, "subtract": 2, "multiply": 2, "divide": 2, "fma": 3}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_operations_are_the_rounded_rationals(spec: Spec, mode: str) -> None:
    rng = random.Random(SEED)
    assert spec.p is not None
    for op, arity in ARITY.items():
        xs = points(spec, rng, 90)
        columns = [xs, pairs(xs, rng), pairs(xs, rng)][:arity]
        theirs = [round_value(exactly(op, mode, spec.p, row), spec, mode) for row in zip(*columns, strict=True)]
        data = tuple(array(column, rng) for column in columns)
        ours = to_objects(wide.elementwise(op, data, plain(format_of(spec), MODES[mode]))).tolist()
        rows = list(zip(*columns, strict=True))
        expect_equal(op, "rationals", f"{spec.name} {mode}", [value(x) for x in ours], theirs, rows)


@pytest.mark.parametrize("overflow", Overflow)
@pytest.mark.parametrize("kind", KINDS)
def test_policies_and_lacking_specials_are_those_of_the_reference(kind: str, overflow: Overflow) -> None:
    rng, served = random.Random(SEED + 1), 0
    for p, mode in product((53, 70), MODES.values()):
        spec = spec_of(p, kind)
        fmt = format_of(spec)
        if overflow is Overflow.WRAP or (overflow is Overflow.INFINITY and not fmt.infinities):
            continue
        if overflow is Overflow.NAN and not fmt.nan:
            continue
        for op, arity in ARITY.items():
            finite = rng.random() < 0.5
            xs = [x for x in points(spec, rng, 40) if not (finite and isinstance(x, str))]
            columns = [xs, pairs(xs, rng), pairs(xs, rng)][:arity]
            served += agrees("elementwise", op, tuple(map(array, columns)), Rounder(fmt, mode, overflow))
    lacking = {Overflow.INFINITY: "infinities", Overflow.NAN: "nan"}.get(overflow, "")
    assert served > 20 or overflow is Overflow.WRAP or not KINDS[kind].get(lacking, True)


@pytest.mark.parametrize("kind", KINDS)
def test_finite_operands_whose_results_are_not_all_finite_or_zero_serve_again(kind: str) -> None:
    """Arrays that the engine has made, of which it may know that no element is 0 or special, and what it makes of them.

    Products and quotients leave the range at both ends, differences are 0, roots are NaN.
    """
    rng, served, zeros, specials = random.Random(SEED + 2), 0, 0, 0
    for p, mode, op in product((53, 113), MODES.values(), ARITY):
        spec = spec_of(p, kind)
        fmt = format_of(spec)
        for overflow in default_overflow(fmt), Overflow.SATURATE:
            rounder = Rounder(fmt, mode, overflow)
            xs = [x for x in points(spec, rng, 30) if not isinstance(x, str) and x]
            xs = [abs(x) for x in xs] if op == "sqrt" and rng.random() < 0.5 else xs
            mild = [Fraction(rng.choice((1, -1)) * rng.getrandbits(p - 1) or 1, 1 << p) for _ in xs]
            finite, others = (mpfr_array([mpfr_of(element(x)) for x in row], (len(row),)) for row in (xs, mild))
            assert are_regular(finite) and are_regular(others[1:])
            for first, second in ((finite, finite[::-1]), (finite, finite), (others, others[::-1])):
                data = (first, second, first)[: ARITY[op]]
                if not agrees("elementwise", op, data, rounder):
                    continue
                try:
                    made = wide.elementwise(op, data, rounder)
                except DomainError:  # the reference has raised it too
                    continue
                numbers = made.tolist()
                assert are_regular(made) <= all(map(gmpy2.mpfr.is_regular, numbers))
                zeros += not all(numbers)
                specials += not all(map(gmpy2.is_finite, numbers))
                served += agrees("elementwise", "add", (made, second), rounder)
    assert served > 500 and zeros > 20 and (specials > 20 or not (KINDS[kind].get("infinities", True)))


@pytest.mark.parametrize("mode", MODES)
def test_float_operands_lose_no_bit(mode: str) -> None:
    """gmpy2 would round a float to the subnormals of the context before the operation."""
    rng = np.random.default_rng(SEED)
    fmt = Float(11, -1000, 950)
    x, y = (np.ldexp(rng.uniform(-1, 1, 80), rng.integers(-1015, -985, 80)) for _ in range(2))
    x[:4] = -0.0, np.inf, np.nan, -5e-324
    for op in ("round", "add", "subtract", "fma", "multiply", "sqrt", "tanh"):
        arity = ARITY.get(op, 1)
        assert agrees("elementwise", op, (x, y, x)[:arity], plain(fmt, MODES[mode]))


def test_a_number_beside_an_array_is_repeated() -> None:
    fmt, one = unbounded(70), array([Fraction(1, 4)])
    many = array([Fraction(k) for k in range(6)]).reshape(2, 3)
    assert agrees("elementwise", "add", (one.reshape(()), many), plain(fmt, RNE))
    assert agrees("elementwise", "subtract", (many, one), plain(fmt, RNE))
    assert agrees("elementwise", "multiply", (many[:, :1], many[:1]), plain(fmt, RNE))
    assert wide.elementwise("add", (many[:0], many[:0]), plain(fmt, RNE)).shape == (0, 3)


@pytest.mark.parametrize(
    ("fmt", "mode", "policies"),
    [
        (Fixed(70, 0), RNE, {}),
        (unbounded(1), RNE, {}),
        (unbounded(70), SR, {}),
        (spec_of(60, "IEEE"), RNE, {"underflow": Underflow.FLUSH}),
        (spec_of(60, "IEEE"), RNE, {"underflow": Underflow.ERROR}),
        (Float(60, -10, 10, largest=Float(59, -10, 10).largest), RNE, {}),
    ],
    ids=str,
)
def test_what_mpfr_cannot_do_is_refused(fmt: object, mode: object, policies: dict[str, object]) -> None:
    target = format_of(fmt) if isinstance(fmt, Spec) else fmt
    overflow = plain(target, mode).overflow  # type: ignore[arg-type]
    rounder = Rounder(target, mode, overflow, **policies)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError):
        wide.elementwise("add", (array([Fraction(1)]), array([Fraction(1)])), rounder)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("fmt", [unbounded(70), paper_float(64)], ids=str)
def test_exponents_beyond_mpfr_are_refused(fmt: Format, sign: int) -> None:
    rounder = plain(fmt, RTZ)

    def square(exponent: int) -> object:
        """Return the square of a power of two."""
        x = object_array([Dyadic(3, exponent)], (1,))
        return to_objects(wide.elementwise("multiply", (x, x), rounder))[0]

    assert square(sign << 28 - 1) == Dyadic(9, sign << 28)
    for exponent in (1 << 28, 1 << 29, 1 << 40):
        with pytest.raises(UnsupportedError):
            square(sign * exponent)


def test_the_current_context_of_gmpy2_is_neither_read_nor_changed() -> None:
    before = gmpy2.get_context()
    strange = gmpy2.context(precision=3, emin=-4, emax=5, round=gmpy2.RoundUp, subnormalize=True, trap_inexact=True)
    spec = spec_of(64, "IEEE")
    rng = random.Random(SEED)
    xs = points(spec, rng, 60)
    gmpy2.set_context(strange)
    try:
        for op, mode in product(("round", "add", "divide", "abs", "negative", "exp"), (RNE, RTO)):
            arity = ARITY.get(op, 1)
            if op == "exp":
                xs = [x for x in xs if isinstance(x, str) or abs(x) < 50]
            assert agrees("elementwise", op, tuple(array(xs, rng) for _ in range(arity)), plain(format_of(spec), mode))
        assert not gmpy2.get_context().inexact and gmpy2.get_context().precision == 3
    finally:
        gmpy2.set_context(before)


def test_nothing_but_data_is_taken_for_a_number() -> None:
    strange = object_array([Fraction(1, 3), Special.NAN], (2,))
    with pytest.raises(UnsupportedError):
        wide.elementwise("add", (strange, strange), plain(unbounded(70), RNE))
