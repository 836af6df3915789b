"""Circuits on all inputs of small formats, against rounding by search."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from oracles import tally
from oracles.mpfrcodes import MpfrCodes
from oracles.paperfloats import MODES, paper_floats

from precise import paper_float, rounded
from precise.circuits import Layout, build, evaluate, operation
from precise.circuits.float_sine import wave_circuit
from precise.errors import DomainError
from precise.modes import RNE, parse_rounding

BINARY = ("add", "subtract", "multiply", "divide", "less_equal")


def wrong_pairs(name: str, p: int, mode: str = "RNE") -> list[tuple[int, int, int, int]]:
    """Return the pairs of codes at which the circuit differs from the oracle: operands, got, right."""
    floats = paper_floats(p)
    first, second = np.repeat(floats.codes, len(floats.codes)), np.tile(floats.codes, len(floats.codes))
    got = evaluate(build(name, p, rounding=parse_rounding(mode)), first, second)[0].tolist()
    rule = getattr(floats, name)
    right = [rule(a, b, mode) for a, b in product(floats.codes, repeat=2)]
    tally.count(f"circuit {name}", "rounding by search", len(right))
    assert len(got) == len(right) == (2 ** (2 * p + 1) + 1) ** 2
    return [(a, b, g, r) for (a, b), g, r in zip(product(floats.codes, repeat=2), got, right, strict=True) if g != r]


@pytest.mark.parametrize("p", [2, 3, 4])
@pytest.mark.parametrize("name", BINARY)
def test_all_pairs(name: str, p: int) -> None:
    assert wrong_pairs(name, p) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["add", "multiply", "divide"])
def test_all_pairs_in_every_mode(name: str, mode: str) -> None:
    for p in (2, 3):
        assert wrong_pairs(name, p, mode) == []


def test_the_comparison_sees_another_mode() -> None:
    floats = paper_floats(2)
    first, second = np.repeat(floats.codes, len(floats.codes)), np.tile(floats.codes, len(floats.codes))
    got = evaluate(build("add", 2, rounding=parse_rounding("RTZ")), first, second)[0].tolist()
    assert got != [floats.add(a, b) for a, b in product(floats.codes, repeat=2)]


@pytest.mark.parametrize("p", [2, 3, 4, 5, 6])
def test_floor_of_all_numbers(p: int) -> None:
    floats = paper_floats(p)
    got = evaluate(build("floor", p), floats.codes)[0].tolist()
    assert len(got) == 2 ** (2 * p + 1) + 1
    tally.count("circuit floor", "rounding by search", len(got))
    assert got == [floats.floor(code) for code in floats.codes]


@pytest.mark.parametrize(("p", "n", "mode"), [(2, 3, "RNE"), *((2, 2, mode) for mode in MODES), (3, 2, "RNE")])
def test_sums_of_all_inputs(p: int, n: int, mode: str) -> None:
    floats = paper_floats(p)
    terms = list(product(floats.codes, repeat=n))
    columns = [np.array(column) for column in zip(*terms, strict=True)]
    got = evaluate(build("sum", p, n, rounding=parse_rounding(mode)), *columns)[0].tolist()
    tally.count("circuit sum", "rounding by search", len(terms))
    assert len(got) == (2 ** (2 * p + 1) + 1) ** n
    assert got == [floats.total(list(t), mode) for t in terms]


@pytest.mark.parametrize(("p", "n", "mode"), [(2, 3, "RNE"), *((2, 2, mode) for mode in MODES), (3, 2, "RNE")])
def test_products_of_all_inputs(p: int, n: int, mode: str) -> None:
    floats = paper_floats(p)
    factors = list(product(floats.codes, repeat=n))
    columns = [np.array(column) for column in zip(*factors, strict=True)]
    got = evaluate(build("prod", p, n, rounding=parse_rounding(mode)), *columns)[0].tolist()
    tally.count("circuit prod", "rounding by search", len(factors))
    assert len(got) == (2 ** (2 * p + 1) + 1) ** n
    assert got == [floats.product(list(t), mode) for t in factors]


@pytest.mark.parametrize(("p", "mode"), [*((p, "RNE") for p in range(2, 8)), *((3, mode) for mode in MODES)])
def test_square_roots_of_all_numbers(p: int, mode: str) -> None:
    floats = paper_floats(p)
    got = evaluate(build("sqrt", p, rounding=parse_rounding(mode)), floats.codes)[0].tolist()
    tally.count("circuit sqrt", "integer roots", len(got))
    assert len(got) == 2 ** (2 * p + 1) + 1
    assert got == [floats.sqrt(code, mode) for code in floats.codes]


@pytest.mark.parametrize("p", [2, 3, 4, 5, 6])
def test_exponentials_of_all_numbers(p: int) -> None:
    floats = paper_floats(p)
    got = evaluate(build("exp", p), floats.codes)[0].tolist()
    tally.count("circuit exp", "MPFR", len(got))
    assert len(got) == 2 ** (2 * p + 1) + 1
    assert got == [floats.exp(code) for code in floats.codes]


@pytest.mark.parametrize("p", [2, 3, 4])
@pytest.mark.parametrize("name", ["sin", "cos"])
def test_sines_and_cosines_of_all_numbers(name: str, p: int) -> None:
    floats = paper_floats(p)
    got = evaluate(build(name, p), floats.codes)[0].tolist()
    tally.count(f"circuit {name}", "MPFR", len(got))
    assert got == [floats.wave(code, name) for code in floats.codes]


def by_mpfr(name: str, p: int, mode: str, bound: int) -> list[int]:
    """Return the codes of a function at all numbers, rounded by MPFR."""
    oracle, codes = MpfrCodes(p), np.array(paper_floats(p).codes)
    found = oracle.apply(name, codes, mode=mode) if name == "exp" else oracle.wave(name, codes, bound, mode)
    tally.count(f"circuit {name}", "MPFR", len(codes))
    assert len(found) == 2 ** (2 * p + 1) + 1
    return found.tolist()


@pytest.mark.parametrize("mode", MODES[1:])
@pytest.mark.parametrize(("name", "largest"), [("exp", 4), ("sin", 2), ("cos", 2)])
def test_functions_in_other_modes(name: str, largest: int, mode: str) -> None:
    for p in range(2, largest + 1):
        circuit = build(name, p, rounding=parse_rounding(mode))
        assert circuit.depth <= operation(name).depth
        assert evaluate(circuit, paper_floats(p).codes)[0].tolist() == by_mpfr(name, p, mode, 3)


@pytest.mark.parametrize(("name", "p", "mode"), [("sin", 3, "RTO"), ("cos", 4, "RTN")])
def test_directed_waves_of_more_bits(name: str, p: int, mode: str) -> None:
    circuit = build(name, p, rounding=parse_rounding(mode))
    assert evaluate(circuit, paper_floats(p).codes)[0].tolist() == by_mpfr(name, p, mode, 3)


@pytest.mark.parametrize(
    ("name", "p", "bound", "mode"),
    [("sin", 2, 1, "RNE"), ("cos", 2, 6, "RNE"), ("sin", 3, 5, "RTZ"), ("sin", 3, 11, "RNE"), ("cos", 2, 5, "RTP")],
)
def test_waves_below_any_bound(name: str, p: int, bound: int, mode: str) -> None:
    circuit = wave_circuit(p, cosine=name == "cos", bound=bound, rounding=parse_rounding(mode))
    right = by_mpfr(name, p, mode, bound)  # 2**p + p is above all exponents: then no result is 0 for its size
    assert evaluate(circuit, paper_floats(p).codes)[0].tolist() == right
    assert sum(code == 0 for code in right) == (1 if name == "sin" else 0) or bound < 2**p + p
    assert circuit.depth <= operation(name).depth and (circuit.depth == operation(name).depth or mode != "RNE")


def test_a_bound_must_be_positive() -> None:
    with pytest.raises(DomainError, match="bound must be at least 1; got 0"):
        wave_circuit(3, bound=0)


@pytest.mark.parametrize("name", ["sin", "cos", "exp"])
def test_functions_with_few_exponents(name: str) -> None:  # zero has the field of a number that is not tiny
    floats = paper_floats(3, 3)
    got = evaluate(build(name, 3, w=3), floats.codes)[0].tolist()
    assert got == [floats.exp(a) if name == "exp" else floats.wave(a, name) for a in floats.codes]


def codes_of(values: np.ndarray, p: int) -> np.ndarray:
    """Return the codes of binary64 numbers that are members of F_p."""
    mantissa, exponent = np.frexp(np.abs(values))
    significand = np.ldexp(mantissa, p).astype(np.int64)
    code = significand | (exponent.astype(np.int64) - p + (1 << p)) << p | (values < 0).astype(np.int64) << (2 * p + 1)
    return np.where(values == 0, 0, code)


@pytest.mark.parametrize("name", ["add", "multiply", "divide", "less_equal"])
def test_all_pairs_of_five_bits_agree_with_rounded_arrays(name: str) -> None:
    p = 5
    layout, xp = Layout.paper(p), rounded(paper_float(p), RNE, overflow="saturate")
    circuit, codes = build(name, p), np.array(layout.codes())
    numbers = np.array([float(layout.decode(int(c)).to_fraction()) for c in codes])
    for part in np.array_split(np.arange(len(codes)), 8):
        others = slice(1 if name == "divide" else 0, None)  # the first member is 0
        x, y = np.repeat(numbers[part], len(numbers[others])), np.tile(numbers[others], len(part))
        if name == "less_equal":  # members of F_5 are binary64 numbers
            right = (x <= y).astype(np.int64)
        else:
            right = codes_of(getattr(xp, name)(xp.asarray(x), xp.asarray(y)).to_float64(), p)
        got = evaluate(circuit, np.repeat(codes[part], len(codes[others])), np.tile(codes[others], len(part)))[0]
        tally.count(f"circuit {name}", "binary64" if name == "less_equal" else "rounded arrays", len(got))
        assert np.array_equal(got, right)
