"""Floats on wires: codes, other exponent fields, and what is refused."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from oracles import tally
from oracles.paperfloats import paper_floats

from precise.circuits import Layout, build, evaluate
from precise.circuits import builder as building
from precise.circuits.builder import Builder
from precise.circuits.form import value_of
from precise.circuits.remainders import primes_beyond
from precise.dyadic import Dyadic
from precise.errors import FormatError, NotRepresentableError, ShapeError, UnsupportedError
from precise.modes import SR


@pytest.mark.parametrize(("p", "w"), [(3, 3), (4, 3), (2, 5), (5, 4)])
@pytest.mark.parametrize("name", ["add", "multiply", "divide", "less_equal"])
def test_fields_of_other_widths(name: str, p: int, w: int) -> None:
    floats = paper_floats(p, w)
    codes = floats.codes if p < 5 else floats.codes[::5]
    pairs = list(product(codes, repeat=2))
    got = evaluate(build(name, p, w=w), *(np.array(c) for c in zip(*pairs, strict=True)))[0].tolist()
    tally.count(f"circuit {name}", "rounding by search", len(pairs))
    assert got == [getattr(floats, name)(a, b) for a, b in pairs]


@pytest.mark.parametrize(("p", "w"), [(4, 3), (3, 5)])
def test_functions_with_fields_of_other_widths(p: int, w: int) -> None:
    floats = paper_floats(p, w)
    for name in ("floor", "sqrt"):
        got = evaluate(build(name, p, w=w), floats.codes)[0].tolist()
        assert got == [getattr(floats, name)(a) for a in floats.codes]
    triples = [tuple(np.random.default_rng(k).choice(floats.codes, 3).tolist()) for k in range(500)]
    columns = [np.array(c) for c in zip(*triples, strict=True)]
    assert evaluate(build("sum", p, 3, w=w), *columns)[0].tolist() == [floats.total(list(t)) for t in triples]
    assert evaluate(build("prod", p, 3, w=w), *columns)[0].tolist() == [floats.product(list(t)) for t in triples]


@pytest.mark.parametrize(("p", "w"), [(2, 3), (4, 3), (5, 6)])
def test_codes_are_those_of_the_members(p: int, w: int) -> None:
    layout = Layout(p, w)
    codes = layout.codes()
    numbers = [layout.decode(code) for code in codes]
    assert [layout.encode(x) for x in numbers] == codes
    assert all(x in layout.format for x in numbers) and len(set(numbers)) == len(codes) == 2 ** (p + w) + 1
    assert codes == paper_floats(p, w).codes


def test_what_is_no_float_is_refused() -> None:
    with pytest.raises(FormatError, match="precision p must be at least 2; got 1"):
        Layout.paper(1)
    with pytest.raises(FormatError, match="field must have"):
        Layout(9, 4)
    with pytest.raises(NotRepresentableError, match="must be a member of paper:3"):
        Layout.paper(3).encode(Dyadic(9))
    with pytest.raises(UnsupportedError, match="rounding must be one of RNE"):
        build("exp", 2, rounding=SR)
    with pytest.raises(ShapeError, match="at most 63 bits"):
        evaluate(build("integer_multiply", 33), [1], [1])


def test_no_lanes_give_no_results() -> None:
    assert evaluate(build("add", 2), [], [])[0].tolist() == []


def test_circuits_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MOST_WIRES", 1000)
    with pytest.raises(UnsupportedError, match="at most 1000 stored wires"):
        build("add", 3)
    b = Builder(50)
    with pytest.raises(UnsupportedError, match="sum of weights must be below"):
        b.gate(value_of(b.inputs()), 5)


def test_primes_suffice() -> None:
    for bits in (0, 1, 5, 40):
        primes = primes_beyond(bits)
        assert np.prod([int(q) for q in primes], dtype=object) > 1 << bits
        assert np.prod([int(q) for q in primes[:-1]], dtype=object) <= 1 << bits
        assert all(q % d for q in primes for d in range(2, q))
