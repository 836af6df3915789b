"""The error statistics against plain Fraction arithmetic, and the text of numbers against its own value."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from precise.balls import Interval
from precise.dyadic import Dyadic, Special
from precise.engines.carrier import object_array
from precise.errors import ShapeError
from precise.formats import Fixed, Float, bfloat16, binary16, paper_float, unbounded
from precise.studies import measure as measuring
from precise.studies.decimals import decimal_above, decimal_below, exact_text
from precise.studies.measure import entry_error, good_bits, measure

FORMATS = [binary16, bfloat16, unbounded(5), Float(3, -4, 3), paper_float(4), Fixed(8, -3)]


def plain_ulp(x, fmt):
    """Return the spacing at `x != 0` by halving and doubling, with no exponent of the package."""
    if fmt.p is None:
        return Fraction(2) ** fmt.q_min
    spacing, x = Fraction(1), abs(x)
    while spacing * 2**fmt.p <= x:
        spacing *= 2
    while spacing * 2 ** (fmt.p - 1) > x:
        spacing /= 2
    return spacing if fmt.q_min is None else max(spacing, Fraction(2) ** fmt.q_min)


def random_dyadic(source, bits=12, low=-12, high=6):
    """Return a number of either sign, rarely 0."""
    return Dyadic(source.randrange(-(1 << bits), 1 << bits), source.randrange(low, high))


def point(x):
    """Return the interval of one number."""
    return Interval(x, x)


def count_wrong(ulp_of, cases=2000):
    """Return in how many of the cases a statistic of one entry differs from the Fraction it is."""
    source, wrong, seen = random.Random(5), 0, set()
    for _ in range(cases):
        fmt = source.choice(FORMATS)
        x, t = random_dyadic(source), random_dyadic(source)
        if t.c == 0:
            continue
        seen.add(fmt.name)
        found = entry_error(x, point(t), fmt)
        error, true = abs(x.to_fraction() - t.to_fraction()), t.to_fraction()
        right = (error, error / abs(true), error / ulp_of(true, fmt))
        got = (found.absolute.to_fraction(), found.relative, found.ulps.to_fraction())
        bias = (x.to_fraction() - true) / ulp_of(true, fmt)
        wrong += got != right or found.bias.lower != bias or found.bias.upper != bias or not found.settled
    assert seen == {f.name for f in FORMATS}
    return wrong


def test_entry_errors_are_the_fractions():
    assert count_wrong(plain_ulp) == 0


def test_an_ulp_that_is_one_binade_off_is_caught():
    assert count_wrong(lambda x, fmt: 2 * plain_ulp(x, fmt)) > 1000


def test_an_ulp_that_is_off_at_powers_of_two_is_caught(monkeypatch):
    right = measuring.ulp
    monkeypatch.setattr(measuring, "ulp", lambda x, fmt: right(x, fmt).scaled(-(x.c == 1)))
    assert count_wrong(plain_ulp) > 0


def test_statistics_are_upper_ends_for_every_true_value_in_the_interval():
    source = random.Random(6)
    for _ in range(1000):
        fmt = source.choice(FORMATS)
        x, a, b = (random_dyadic(source) for _ in range(3))
        low, high = min(a, b), max(a, b)
        found = entry_error(x, Interval(low, high), fmt)
        for k in range(9):
            t = low.to_fraction() + (high - low).to_fraction() * Fraction(k, 8)
            error = abs(x.to_fraction() - t)
            assert found.absolute >= error
            if found.relative is not None and t != 0:
                assert found.relative >= error / abs(t)
            if found.ulps is not None and t != 0:
                assert found.ulps >= error / plain_ulp(t, fmt)


def test_true_value_zero_has_the_least_quantum_as_ulp_or_none():
    assert entry_error(Dyadic(3, -24), point(Dyadic(0)), binary16).ulps == 3
    assert entry_error(Dyadic(3, -24), point(Dyadic(0)), binary16).relative is None
    assert entry_error(Dyadic(1), point(Dyadic(0)), unbounded(4)).ulps is None
    assert entry_error(Dyadic(0), point(Dyadic(0)), unbounded(4)).relative == 0


def test_an_enclosure_is_settled_only_when_it_is_narrow():
    one, speck = Dyadic(1), Dyadic(1, -20)
    assert not entry_error(one, Interval(one - speck, one + speck), binary16).settled
    assert entry_error(one, Interval(one, one + Dyadic(1, -30)), binary16).settled
    assert entry_error(Dyadic(3), Interval(one - speck, one + speck), binary16).settled
    assert not entry_error(one, Interval(-speck, speck), unbounded(8)).settled


def test_measure_of_an_array_is_that_of_its_entries():
    computed = object_array([Dyadic(1), Special.NAN, Special.NEG_ZERO, Special.POS_INF, Dyadic(5)], (5,))
    true = object_array([point(Dyadic(1)), point(Dyadic(1)), point(Dyadic(1, -4)), point(Dyadic(2)), None], (5,))
    m, errors = measure(computed, true, binary16)
    assert (m.count, m.measured, m.not_a_number, m.infinite, m.undefined) == (5, 2, 1, 1, 1)
    assert (m.absolute, m.relative, m.worst) == (Dyadic(1, -4), 1, (2,))
    assert m.ulps == 2**10
    assert m.mean_ulps == 2**9
    assert m.mean_absolute == Fraction(1, 32)
    assert m.bias == (-(2**9), -(2**9))
    assert m.good_bits == 0
    assert [e is None for e in errors] == [False, True, False, True, True]


def test_measure_finds_the_place_in_c_order():
    values = [Dyadic(n) for n in range(6)]
    true = object_array([point(v + Dyadic(1 if i == 4 else 0)) for i, v in enumerate(values)], (2, 3))
    m, _ = measure(object_array(values, (2, 3)), true, binary16)
    assert m.worst == m.worst_ulps == (1, 1)


def test_measure_of_nothing_finite_has_no_statistics():
    m, _ = measure(object_array([Special.NAN], (1,)), object_array([point(Dyadic(1))], (1,)), binary16)
    assert (m.measured, m.absolute, m.mean_ulps, m.bias, m.worst) == (0, None, None, None, None)


def test_shapes_must_agree():
    with pytest.raises(ShapeError, match="one shape"):
        measure(np.empty(2, dtype=object), np.empty(3, dtype=object), binary16)


@pytest.mark.parametrize("seed", range(3))
def test_decimals_bracket_the_number(seed):
    source = random.Random(seed)
    for _ in range(1000):
        x = Fraction(source.randrange(1, 10**9), source.randrange(1, 10**9)) * Fraction(2) ** source.randrange(-90, 90)
        low, high = Fraction(decimal_below(x)), Fraction(decimal_above(x))
        assert low <= x <= high
        assert high - low <= x / 100


def test_decimals_at_the_ends():
    assert [decimal_above(Fraction(n, d)) for n, d in ((0, 1), (1, 1), (9996, 10**4), (999, 1000), (1, 10**4))] == [
        "0",
        "1.00",
        "1.00",
        "0.999",
        "0.000100",
    ]
    assert decimal_above(Fraction(10**5)) == "1.00e+05"
    assert decimal_below(Fraction(99999)) == "99900"


def test_exact_text_is_exact_or_says_that_it_is_not():
    source = random.Random(1)
    for _ in range(500):
        x = Fraction(source.randrange(-(10**6), 10**6), 2 ** source.randrange(60))
        text = exact_text(x)
        assert text.endswith("...") or "...e" in text or Fraction(text) == x
    assert exact_text(Fraction(1, 2**200)).startswith("6.2230152778611417...e-61")


def test_good_bits_are_rounded_down():
    source = random.Random(2)
    for _ in range(300):
        x = Fraction(source.randrange(1, 10**6), source.randrange(1, 10**6))
        bits = good_bits(x)
        # 2**-(bits + 1/10) < x <= 2**-bits, in tenth powers so that everything is rational
        tenths = int(bits * 10)
        assert x**10 <= Fraction(2) ** -tenths
        assert x**10 > Fraction(2) ** -(tenths + 1)
