"""Inputs on which published packages are wrong: ours must be right, and the recorded answers are checked too."""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import numpy as np
import pytest
from matrix.subjects import ROUNDING, element_of, round_scalar, value_of
from oracles import mpfr, vectors
from oracles.floats import as_float, as_value
from oracles.integers import NAN, round_value
from oracles.verdict import expect_equal

from precise import parse_format, rounded

PEERS = vectors.read("peers.toml")
ROUNDINGS, OPERATIONS = PEERS["round"], PEERS["operation"]


def shown(row: dict) -> str:
    """Return a name for a row."""
    return f"{row.get('name', 'round')} {row['format']} {row['mode']} {row['x']}"


@pytest.mark.parametrize("row", ROUNDINGS, ids=shown)
def test_rounding_where_peers_are_wrong(row: dict) -> None:
    spec, x, right = vectors.spec_of(row["format"]), vectors.number(row["x"]), vectors.number(row["right"])
    assert round_value(x, spec, row["mode"]) == right, "the vector itself"
    expect_equal("round", "vectors", shown(row), [round_scalar(x, spec, row["mode"], None)], [right], [row["x"]])
    if not isinstance(x, Fraction) or is_double(x):
        xp = rounded(parse_format(row["format"]), ROUNDING[row["mode"]])
        array = [as_value(v) for v in xp.asarray(np.array([as_float(x), 1])).to_float64().tolist()]
        expect_equal("round", "vectors", shown(row), array[:1], [right], [row["x"]])


def is_double(x: Fraction) -> bool:
    """Return whether float64 holds x."""
    return Fraction(float(x)) == x


@pytest.mark.parametrize("engine", [None, "reference"])
@pytest.mark.parametrize("row", OPERATIONS, ids=shown)
def test_operations_where_peers_are_wrong(row: dict, engine: str | None) -> None:
    spec, right = vectors.spec_of(row["format"]), vectors.number(row["right"])
    xs = [vectors.number(x) for x in row["x"]]
    with gmpy2.context(precision=200):
        columns = [[gmpy2.mpfr(as_float(x))] for x in xs]
    assert as_value(float(mpfr.apply(row["name"], spec, row["mode"], *columns)[0])) == right, "the vector itself"
    xp = rounded(parse_format(row["format"]), ROUNDING[row["mode"]], engine=engine)
    ours = getattr(xp, row["name"])(*(xp.asarray([element_of(x), Fraction(1)]) for x in xs))
    found = value_of(ours.elements()[0])
    expect_equal(row["name"], "vectors", shown(row), [found], [right], [row["x"]])
    assert found != NAN or right == NAN


def test_every_row_says_where_it_comes_from() -> None:
    assert len(ROUNDINGS) >= 27
    assert len(OPERATIONS) >= 13
    assert all(len(row["source"].split(":")) >= 2 for row in [*ROUNDINGS, *OPERATIONS])
