"""Inputs on which published packages are wrong: ours must be right, and the recorded answers are checked too.

What is right is computed again here: by MPFR (and Arb for binary128), by rationals, and step by step for sums and
blocks, so that a slip in the file fails as loudly as one in the package.
"""

from __future__ import annotations

from fractions import Fraction

import flint
import gmpy2
import numpy as np
import pytest
from matrix.subjects import ROUNDING, element_of, pair_of, round_scalar, value_of
from oracles import mpfr, vectors
from oracles.floats import as_float, as_value
from oracles.integers import NAN, Spec, Value, binade, exact_add, negated, round_value, stochastic
from oracles.named import E4M3FN
from oracles.verdict import expect_equal

from precise import parse_format, rounded
from precise import stochastic as random_rounding
from precise.engines import ENGINES
from precise.errors import UnsupportedError
from precise.semantics.blocks import quantize_blocks

PEERS = vectors.read("peers.toml")
ROUNDINGS, OPERATIONS, WIDE = PEERS["round"], PEERS["operation"], PEERS["wide"]
PROBABILITIES, SUMS = PEERS["probability"], PEERS["sum"]
DRAWS, BLOCK = 20_000, 32
E2M1 = Spec("float4_e2m1fn", 2, -1, Fraction(6), infinities=False, nan=False)


def shown(row: dict) -> str:
    """Return a name for a row."""
    return f"{row.get('name', 'round')} {row['format']} {row.get('mode', 'SR')} {row.get('x', '')}"


def engines_that_serve(op: str, row: dict, xs: list[object]) -> dict[str, Value | tuple[int, int]]:
    """Return the answer of every engine that does not refuse, and of the automatic choice, as an exact pair."""
    found = {}
    for engine in (None, *ENGINES):
        try:
            xp = rounded(parse_format(row["format"]), ROUNDING[row["mode"]], engine=engine)
            held = [xp.asarray([element_of(x), Fraction(1)]) for x in xs]
            result = getattr(xp, op)(*held)
        except UnsupportedError:
            continue
        found[engine or "automatic"] = pair_of(result.elements()[0])
    return found


def as_pair(x: Value) -> tuple[int, int] | str:
    """Return a dyadic value as (odd significand, exponent)."""
    if isinstance(x, str):
        return x
    return mpfr.canonical(x.numerator, 1 - x.denominator.bit_length()) if x else (0, 0)


def expect_engines(op: str, row: dict, xs: list[object], right: Value) -> None:
    """Assert that every engine that serves the row is right, and that the slow one and the automatic choice do."""
    found = engines_that_serve(op, row, xs)
    assert {"automatic", "reference"} <= set(found)
    names = sorted(found)
    expect_equal(op, "vectors", shown(row), [found[n] for n in names], [as_pair(right)] * len(names), names)


@pytest.mark.parametrize("row", ROUNDINGS, ids=shown)
def test_rounding_where_peers_are_wrong(row: dict) -> None:
    spec, x, right = vectors.spec_of(row["format"]), vectors.number(row["x"]), vectors.number(row["right"])
    assert round_value(x, spec, row["mode"]) == right, "the vector itself"
    expect_equal("round", "vectors", shown(row), [round_scalar(x, spec, row["mode"], None)], [right], [row["x"]])
    served = lanes_rounded(row, x)
    assert "reference" in served or not (isinstance(x, str) or is_double(x))
    found = [as_value(v) for v in served.values()]
    if found:
        expect_equal("round", "vectors", shown(row), found, [right] * len(found), list(served))


def lanes_rounded(row: dict, x: Value) -> dict[str, float]:
    """Return what each engine that serves float64 arrays rounds x to; none where float64 does not hold x."""
    found: dict[str, float] = {}
    if not (isinstance(x, str) or is_double(x)):
        return found
    for engine in (None, *ENGINES):
        try:
            y = rounded(parse_format(row["format"]), ROUNDING[row["mode"]], engine=engine).asarray(
                np.array([as_float(x), 1])
            )
        except UnsupportedError:
            continue
        found[y.engine if engine is None else engine] = float(y.to_float64()[0])
    return found


def is_double(x: Fraction) -> bool:
    """Return whether float64 holds x."""
    return Fraction(float(x)) == x


def test_most_rows_are_rounded_by_the_fast_engine() -> None:
    served = [r for r in ROUNDINGS if "narrow" in lanes_rounded(r, vectors.number(r["x"]))]
    assert len(served) >= len(ROUNDINGS) // 2


@pytest.mark.parametrize("row", OPERATIONS, ids=shown)
def test_operations_where_peers_are_wrong(row: dict) -> None:
    spec, right = vectors.spec_of(row["format"]), vectors.number(row["right"])
    xs = [vectors.number(x) for x in row["x"]]
    with gmpy2.context(precision=200):
        columns = [[gmpy2.mpfr(as_float(x))] for x in xs]
    assert as_value(float(mpfr.apply(row["name"], spec, row["mode"], *columns)[0])) == right, "the vector itself"
    expect_engines(row["name"], row, xs, right)
    found = value_of(scalar(row, xs))
    assert found == right
    assert found != NAN or right == NAN


def scalar(row: dict, xs: list[Value]) -> object:
    """Return the operation on arrays without axes."""
    xp = rounded(parse_format(row["format"]), ROUNDING[row["mode"]])
    return getattr(xp, row["name"])(*(xp.asarray(element_of(x)) for x in xs)).item()


ARB = {"exp2": lambda x: (x * flint.arb(2).log()).exp(), "atan": flint.arb.atan}


def by_arb(name: str, x: Fraction, p: int) -> tuple[int, int]:
    """Return both ends of a ball around f(x) rounded to p bits, which must agree."""
    before, flint.ctx.prec = flint.ctx.prec, 2 * p + 60
    try:
        ball = ARB.get(name, getattr(flint.arb, name, None))(flint.arb(x.numerator) / x.denominator)
        ends = [tuple(map(int, end.man_exp())) for end in (ball.lower(), ball.upper())]
    finally:
        flint.ctx.prec = before
    spec = vectors.spec_of(f"p={p}")
    low, high = (as_pair(round_value(Fraction(c) * Fraction(2) ** q, spec, "RNE")) for c, q in ends)
    assert low == high
    assert not isinstance(low, str)
    return low


@pytest.mark.parametrize("row", WIDE, ids=shown)
def test_binary128_where_peers_are_wrong(row: dict) -> None:
    x, right = vectors.number(row["x"][0]), vectors.number(row["right"])
    column = [gmpy2.mpfr(float(x))]
    assert mpfr.unbounded_pairs(row["name"], 113, row["mode"], column) == [as_pair(right)], "the vector itself"
    assert by_arb(row["name"], x, 113) == as_pair(right), "the vector itself, by Arb"
    expect_engines(row["name"], row, [x], right)


@pytest.mark.parametrize("row", PROBABILITIES, ids=shown)
def test_stochastic_rounding_has_the_exact_probability(row: dict) -> None:
    spec, x, right = vectors.spec_of(row["format"]), vectors.number(row["x"]), vectors.number(row["right"])
    low, high, _ = stochastic(x, spec, 32)
    assert (low, high, (x - low) / (high - low)) == (
        vectors.number(row["low"]),
        vectors.number(row["high"]),
        right,
    ), "the vector itself"
    for engine in (None, "reference"):
        xp = rounded(parse_format(row["format"]), random_rounding(seed=20250109), engine=engine)
        y = xp.asarray(np.full(DRAWS, as_float(x))).to_float64()
        assert set(y.tolist()) == {as_float(low), as_float(high)}
        excess = int(np.count_nonzero(y == as_float(high))) - right * DRAWS
        assert excess**2 <= 16 * right * (1 - right) * DRAWS  # four standard deviations; the seed is fixed


def kahan(terms: list[Fraction], spec: Spec, mode: str) -> Value:
    """Return Kahan's sum, rounded at every step."""

    def add(x: Value, y: Value) -> Value:
        return round_value(exact_add(x, y, mode), spec, mode)

    total: Value = terms[0]
    lost: Value = Fraction(0)
    for term in terms[1:]:
        y = add(term, negated(lost))
        t = add(total, y)
        lost = add(add(t, negated(total)), negated(y))
        total = t
    return total


@pytest.mark.parametrize("row", SUMS, ids=lambda row: f"{row['order']} {row['format']}")
def test_compensated_sums_where_peers_are_wrong(row: dict) -> None:
    spec, right = vectors.spec_of(row["format"]), vectors.number(row["right"])
    terms = [vectors.number(t) for t, n in zip(row["terms"], row["counts"], strict=True) for _ in range(n)]
    assert {"kahan": kahan}[row["order"]](terms, spec, row["mode"]) == right, "the vector itself"
    plain = rounded(parse_format(row["format"]), row["mode"], accumulate="sequential")
    assert value_of(plain.sum(plain.asarray(terms)).item()) != right  # compensation is needed
    for engine in (None, "reference"):
        xp = rounded(parse_format(row["format"]), row["mode"], accumulate=row["order"], engine=engine)
        sums = xp.sum(xp.asarray([terms, terms]), axis=-1).elements().tolist()
        products = xp.matmul(xp.asarray([terms]), xp.ones((len(terms), 1))).elements().ravel().tolist()
        found = [value_of(v) for v in [*sums, *products]]
        expect_equal("sum", "vectors", row["order"], found, [right] * 3, [row["terms"]] * 3)


def block(x: list[Fraction], spec: Spec) -> list[Value]:
    """Return an MX block by the OCP rule: X = 2**(floor(log2 max) - emax), at least 2**-127; elements saturate."""
    assert spec.largest is not None
    exponent = max(-127, binade(max(map(abs, x))) - binade(spec.largest))
    scale = Fraction(2) ** exponent
    return [round_value(v / scale, spec, "RNE", "saturate") * scale for v in x]


@pytest.mark.parametrize("row", PEERS["block"], ids=lambda row: f"{row['name']} {row['x'][0]}")
def test_blocks_where_peers_are_wrong(row: dict) -> None:
    x, right = [vectors.number(t) for t in row["x"]], [vectors.number(t) for t in row["right"]]
    spec = {s.name: s for s in (E4M3FN, E2M1)}[row["element"]]
    padded = x + [Fraction(0)] * (BLOCK - len(x))
    assert block(padded, spec)[: len(x)] == right, "the vector itself"
    for engine in (None, "reference"):
        found = quantize_blocks([as_float(v) for v in padded], row["name"], engine=engine).dequantize()
        values = [as_value(v) for v in found.tolist()]
        expect_equal("block", "vectors", row["name"], values[: len(x)], right, row["x"])
        assert values[len(x) :] == [0] * (BLOCK - len(x))


def test_every_row_says_where_it_comes_from() -> None:
    assert (len(ROUNDINGS), len(OPERATIONS), len(WIDE)) >= (28, 14, 8)
    for kind, rows in PEERS.items():
        assert rows
        for row in rows:
            assert len(row["source"].split(":")) >= 2, kind
            assert row["packages"], kind
