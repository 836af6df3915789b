"""Circuits of larger formats at adversarial arguments, against exact integers."""

from __future__ import annotations

import numpy as np
import pytest
from oracles import tally
from oracles.farfloats import FarFloats
from oracles.paperfloats import paper_floats

from precise.circuits import build, evaluate

SEED = 41
LANES = 4000


def arguments(floats: FarFloats, count: int, lanes: int) -> list[np.ndarray]:
    """Return adversarial arguments, and check that they reach the ends of the range and every other place."""
    rng = np.random.default_rng(tally.seeded("far circuits", SEED))
    return list(floats.adversarial(rng, count, lanes))


def test_the_oracles_agree_where_both_serve() -> None:
    for p in (2, 3, 4):
        small, far = paper_floats(p), FarFloats(p)
        pairs = [(a, b) for a in small.codes[:: p * p] for b in small.codes[::p]]
        for name in ("add", "multiply", "divide", "less_equal"):
            assert [getattr(small, name)(a, b) for a, b in pairs] == [getattr(far, name)(a, b) for a, b in pairs]
        assert [small.sqrt(a) for a in small.codes] == [far.sqrt(a) for a in small.codes]
        assert [small.total([a, b, a]) for a, b in pairs] == [far.total([a, b, a]) for a, b in pairs]
        assert [small.product([a, b, a]) for a, b in pairs] == [far.product([a, b, a]) for a, b in pairs]


PAIRS = [(name, p) for p in (8, 11, 24) for name in ("add", "multiply", "less_equal")] + [("divide", 8), ("divide", 11)]


@pytest.mark.parametrize(("name", "p"), PAIRS)
def test_pairs(name: str, p: int) -> None:
    floats = FarFloats(p)
    x, y = arguments(floats, 2, LANES)
    got = evaluate(build(name, p), x, y)[0].tolist()
    right = [getattr(floats, name)(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    tally.count(f"circuit {name}", "exact integers", len(right))
    assert got == right
    if name != "less_equal":
        largest = floats.pack(1, 9 * floats.fields)
        assert {0, largest, largest | floats.sign} < set(right) and 1 << (p - 1) in right  # both ends were reached


@pytest.mark.parametrize("p", [8, 11])
def test_square_roots(p: int) -> None:
    floats = FarFloats(p)
    (x,) = arguments(floats, 1, LANES)
    got = evaluate(build("sqrt", p), x)[0].tolist()
    tally.count("circuit sqrt", "exact integers", len(got))
    assert got == [floats.sqrt(a) for a in x.tolist()]


@pytest.mark.parametrize(("p", "n"), [(3, 2), (4, 3), (8, 2)])
def test_inner_products(p: int, n: int) -> None:
    floats = FarFloats(p)
    terms = arguments(floats, 2 * n, LANES)
    got = evaluate(build("dot", p, n), *terms)[0].tolist()
    lanes = [[int(t) for t in lane] for lane in zip(*terms, strict=True)]
    right = [floats.total([floats.multiply(a, b) for a, b in zip(x[:n], x[n:], strict=True)]) for x in lanes]
    tally.count("circuit dot", "exact integers", len(right))
    assert got == right
    assert build("dot", p, n).depth == build("multiply", p).depth + build("sum", p, n).depth


@pytest.mark.parametrize(("p", "n"), [(4, 6), (8, 4), (11, 3)])
@pytest.mark.parametrize(("name", "rule"), [("sum", "total"), ("prod", "product")])
def test_sums_and_products(name: str, rule: str, p: int, n: int) -> None:
    floats = FarFloats(p)
    terms = arguments(floats, n, LANES)
    got = evaluate(build(name, p, n), *terms)[0].tolist()
    right = [getattr(floats, rule)([int(t) for t in lane]) for lane in zip(*terms, strict=True)]
    tally.count(f"circuit {name}", "exact integers", len(right))
    assert got == right
