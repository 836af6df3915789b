"""All suites, one line each, and the units of each."""

from __future__ import annotations

from collections.abc import Iterator

from sweeps import conversions, flags, inputs, lanes, small, stochastic, stochastic_sums, sums, whole, wide
from sweeps.unit import Outcome, Suite, Unit

SUITES: tuple[Suite, ...] = (
    small.VALUES,
    small.PAIRS,
    small.TRIPLES_SUITE,
    whole.WHOLE,
    lanes.PAIRS,
    lanes.TRIPLES,
    lanes.ARGUMENTS,
    conversions.POLICIES,
    conversions.ML_DTYPES,
    conversions.GFLOAT_SUITE,
    stochastic.STOCHASTIC,
    stochastic_sums.STOCHASTIC_SUMS,
    inputs.INPUTS,
    flags.FLAGS,
    wide.WIDE,
    sums.SUMS,
    sums.SPECIALS,
    sums.PRODUCTS,
)
BY_NAME = {suite.name: suite for suite in SUITES}


def units() -> Iterator[Unit]:
    """Yield all units."""
    for suite in SUITES:
        yield from suite.units()


def run(unit: Unit, seed: int) -> Outcome:
    """Return what a unit finds."""
    return BY_NAME[unit.suite].run(unit, seed)
