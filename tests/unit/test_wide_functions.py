"""Functions of the wide engine against enclosures whose ends round alike, by MPFR and by Arb's stand-ins."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import flint
import gmpy2
import pytest
from oracles.integers import Spec, Value, round_value
from oracles.verdict import expect_equal
from unit.wide_cases import MODES, SEED, agrees, array, format_of, plain, points, spec_of, value

from precise import rounded
from precise.engines import wide, wide_functions
from precise.engines.carrier import to_objects
from precise.engines.wide_fixed import FIXED_TO, WORTH
from precise.engines.wide_functions import ARB, ARB_FROM, FUNCTION_NAMES, METHODS
from precise.engines.wide_numbers import mpfr_of
from precise.rounding import RNE, RTP, Overflow, Rounder

EXTENSION = tuple(FIXED_TO)
BINARY = {"pow", "hypot", "atan2"}
ARITY = {op: 2 if op in BINARY else 1 for op in sorted(FUNCTION_NAMES)}
POSITIVE = {"log", "log2", "rsqrt", "pow"}

#: The oracle's formulas, in balls.
FORMULAS: dict[str, Callable[..., flint.arb]] = {
    **{name: getattr(flint.arb, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "atan", "erf", "erfc")},
    **{name: getattr(flint.arb, name) for name in ("expm1", "log1p", "sinh", "cosh", "rsqrt")},
    "sinpi": flint.arb.sin_pi,
    "atan2": flint.arb.atan2,
    "exp2": lambda x: flint.arb(2) ** x,
    "log2": lambda x: x.log() / flint.arb(2).log(),
    "pow": lambda x, y: x**y,
}


@pytest.fixture(autouse=True)
def tables_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the extension serve few elements too."""
    for family in WORTH:
        monkeypatch.setitem(WORTH, family, 0)


def by_enclosure(op: str, xs: tuple[Fraction, ...], spec: Spec, mode: str) -> Value:
    """Return a function of fractions, correctly rounded: both ends of an enclosure round alike."""
    assert spec.p is not None
    before = flint.ctx.prec
    flint.ctx.prec = 4 * spec.p + 2200  # erf(32) is within 2**-1500 of 1
    try:
        ball = FORMULAS[op](*(flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in xs))
        ends = [end.man_exp() for end in (ball.lower(), ball.upper())]
    finally:
        flint.ctx.prec = before
    low, high = (round_value(Fraction(int(c)) * Fraction(2) ** int(q), spec, mode) for c, q in ends)
    assert low == high, "the enclosure is too wide"
    return low


def arguments(op: str, p: int, rng: random.Random, count: int) -> list[tuple[Fraction, ...]]:
    """Return arguments with many bits that are no exact cases, of all sizes from 2**-p/2 to 2**5."""
    rows = []
    for _ in range(count):
        row = [Fraction(rng.getrandbits(p) | 1, 2**p) * Fraction(2) ** rng.randrange(-p // 2, 6) for _ in "12"]
        sign = 1 if op in POSITIVE or (op == "log1p" and row[0] > Fraction(1, 2)) else rng.choice((1, -1))
        rows.append((sign * row[0], *row[1 : ARITY[op]]))
    return rows


@pytest.mark.parametrize("p", [53, 113, 256, 1024])
@pytest.mark.parametrize("op", FORMULAS)
def test_functions_are_their_enclosures_rounded(op: str, p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(f"{SEED} {op} {p}")
    for threshold, mode in product((2, p + 1, None), MODES):
        monkeypatch.setitem(ARB_FROM, op, threshold or p + 1)
        monkeypatch.setitem(FIXED_TO, op, 0 if threshold or op not in EXTENSION else p)
        monkeypatch.setitem(FIXED_TO, "log", 0 if threshold else 2 * p)  # powers ask for more bits of it
        spec = spec_of(p, rng.choice(["IEEE", "no subnormals"])) if rng.random() < 0.5 else Spec("", p, None, None)
        rows = arguments(op, p, rng, 6)
        theirs = [by_enclosure(op, row, spec, mode) for row in rows]
        data = tuple(array(column, rng) for column in zip(*rows, strict=True))
        ours = wide.elementwise(op, data, plain(format_of(spec), MODES[mode]))
        where = f"p={p} {mode}, Arb from {threshold or 'where the extension leaves off'}"
        expect_equal(op, "Arb", where, [value(x) for x in to_objects(ours).tolist()], theirs, rows)


@pytest.mark.parametrize("way", ["extension first", "MPFR first", "Arb first"])
@pytest.mark.parametrize("op", ARITY)
def test_every_datum_is_served_as_by_the_reference(op: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Special data, exact cases, ends of the range, tiny and huge arguments, formats that lack things."""
    rng, served = random.Random(f"{SEED} {op}"), 0
    if way == "Arb first":
        monkeypatch.setitem(ARB_FROM, op, 2)
    if way != "extension first":
        monkeypatch.setitem(FIXED_TO, "log" if op == "pow" else op, 0)
    for kind, mode in product(["IEEE", "papers'", "no infinities"], MODES.values()):
        spec = spec_of(60, kind)
        columns = []
        for _ in range(ARITY[op]):
            column = [x for x in points(spec, rng, 40) if isinstance(x, str) or abs(x) < 2**7]
            columns.append(column[:20] + [Fraction(rng.randrange(-60, 60), 4) for _ in range(10)])
        count = min(map(len, columns))
        for column in columns:
            del column[count:]
        finite = rng.random() < 0.5
        kept = [row for row in zip(*columns, strict=True) if not finite or not any(isinstance(x, str) for x in row)]
        data = tuple(array(column, rng) for column in zip(*kept, strict=True))
        overflow = Overflow.SATURATE if rng.random() < 0.3 else plain(format_of(spec), mode).overflow
        served += agrees("elementwise", op, data, Rounder(format_of(spec), mode, overflow))
    assert served >= 4


def test_a_stand_in_is_refused_where_its_ball_reaches_a_midpoint() -> None:
    """The decision of one ball: midpoints, members and wide balls decide nothing."""
    p = 60
    near = {(0, False), (1, False), (-1, False), (40, True), (-40, True)}
    with wide_functions.working_precision(p + 60):
        for offset, decides in near:  # a number `offset` units of 2**-(p+50) from the midpoint 1 + 2**-p
            for middle in (flint.arb(1) + flint.arb((1, -p)), flint.arb(1) + flint.arb((1, 1 - p))):
                centre = middle + flint.arb((offset, -p - 50)) if offset else middle
                ball = flint.arb(centre, flint.arb((1, -p - 48)))
                found = wide_functions._stand_in(ball, p)
                assert (found is not None) == decides, (offset, found)
        assert wide_functions._stand_in(flint.arb(flint.arb(5) / 3, flint.arb((1, -p))), p) is None
        assert wide_functions._stand_in(flint.arb.nan(), p) is None


def test_long_arguments_leave_the_working_precision_and_the_enclosure_right() -> None:
    rng = random.Random(SEED)
    p, before = 60, flint.ctx.prec
    spec = Spec("", p, None, None)
    rows = [(Fraction(rng.getrandbits(900) | 1, 2**900),) for _ in range(20)]
    assert ARB_FROM["sinpi"] == 0 and ARB["sinpi"] == flint.arb.sin_pi
    ours = wide.elementwise("sinpi", (array([x for (x,) in rows], rng),), plain(format_of(spec), RTP))
    theirs = [by_enclosure("sinpi", row, spec, "RTP") for row in rows]
    expect_equal("sinpi", "Arb", "long arguments", [value(x) for x in to_objects(ours).tolist()], theirs, rows)
    assert flint.ctx.prec == before


def test_mpfr_serves_what_balls_leave_open(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setitem(ARB_FROM, "exp", 2)
    monkeypatch.setitem(FIXED_TO, "exp", 0)
    monkeypatch.setitem(ARB, "exp", lambda x: flint.arb.nan() if calls.append(x) is None else x)
    data = (array([Fraction(1, 3 + k).limit_denominator(2) + 1 for k in range(3)]),)
    ours = wide.elementwise("exp", data, plain(format_of(Spec("", 80, None, None)), RNE))
    assert len(calls) == 3
    expected = list(map(gmpy2.context(precision=80).exp, map(mpfr_of, data[0].tolist())))
    assert ours.tolist() == expected and "exp" in METHODS


@pytest.mark.parametrize("magnitude", ["1e19", "1e300"])
def test_results_below_every_exponent_of_a_machine(magnitude: str) -> None:
    """exp(-x) of such x has an exponent beyond 64 bits; the logistic function there is a positive speck."""
    x = -float(magnitude)
    for mode, sigmoid, silu in (("RNE", "0x0p+0", "-0"), ("RTP", "0x1p-1074", "-0"), ("RTN", "0x0p+0", "-0x1p-1074")):
        xp = rounded("binary64", mode)
        assert str(xp.sigmoid(xp.asarray([x]))[0].item()) == sigmoid
        assert str(xp.silu(xp.asarray([x]))[0].item()) == silu
