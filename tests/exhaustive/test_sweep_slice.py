"""A fixed slice of the sweep: every n-th unit of each suite; `scripts/sweep_oracle.py` runs them all."""

from __future__ import annotations

import pytest
from oracles import tally
from oracles.optional import require
from sweeps.suites import BY_NAME, SUITES
from sweeps.unit import Unit

SEED = tally.seeded("sweep", 20250109)
STRIDES = {  # every n-th unit; coprime to the number of formats, so that these and the operations go round
    "values": 4,
    "pairs": 17,
    "triples": 8,
    "whole": 61,
    "lane pairs": 61,
    "lane triples": 7,
    "lane arguments": 53,
    "conversions": 6,
    "conversions of ml_dtypes": 1,
    "conversions of gfloat": 1,
    "stochastic": 8,
    "stochastic sums": 5,
    "inputs": 17,
    "flags": 19,
    "wide": 11,
    "sums": 17,
    "sums of specials": 13,
    "products": 23,
}


def sliced() -> list[Unit]:
    """Return the units of the slice."""
    return [unit for suite in SUITES for unit in list(suite.units())[STRIDES[suite.name] // 2 :: STRIDES[suite.name]]]


@pytest.mark.parametrize("unit", sliced(), ids=lambda u: u.key)
def test_unit(unit: Unit) -> None:
    for peer in ("ml_dtypes", "gfloat"):
        if unit.suite.endswith(peer):
            require(peer)
    found = BY_NAME[unit.suite].run(unit, SEED)
    assert found.wrong == 0, "\n".join([f"{found.wrong} of {found.cases} differ", *found.first])
    assert found.cases > 0
    tally.count(unit.operation, BY_NAME[unit.suite].oracle, found.cases)


def test_every_suite_has_units_of_its_own_name() -> None:
    assert {suite.name for suite in SUITES} == {*STRIDES}
    for suite in SUITES:
        names = [unit.key for unit in suite.units()]
        assert len(names) == len({*names})
        assert {unit.suite for unit in suite.units()} == {suite.name}
