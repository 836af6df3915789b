"""The values of formats: which there are, their neighbours and their spacing, against enumeration and NumPy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import element_of, format_of, value_of
from oracles import tally
from oracles.floats import as_float, as_value, as_values
from oracles.grids import SMALL
from oracles.integers import Spec, Value, members, power_of_two, quantum_exponent
from oracles.named import BINARY16, BINARY32, BINARY64, E4M3FN, E5M2, paper
from oracles.points import arguments
from oracles.verdict import expect_equal

from precise import Dyadic, all_values, next_down, next_up, round_to, ulp
from precise.dyadic import Element
from precise.rounding import RNE

SEED = tally.seeded("values", 20250110)
MACHINE = ((BINARY16, np.float16), (BINARY32, np.float32), (BINARY64, np.float64))


def element(x: Value) -> Element:
    """Return a fraction or special as an element."""
    found = element_of(x)
    return Dyadic.from_fraction(found) if isinstance(found, Fraction) else found


def signed_members(spec: Spec) -> list[Fraction]:
    """Return all members, ascending."""
    positive = [v for v in members(spec) if v > 0]
    return [*(-v for v in reversed(positive)), Fraction(0), *positive]


@pytest.mark.parametrize("spec", [*SMALL, E4M3FN, E5M2, BINARY16, paper(4)], ids=lambda s: s.name)
def test_all_values_are_the_members(spec: Spec) -> None:
    wanted = signed_members(spec)
    ours = [value_of(v) for v in all_values(format_of(spec))]
    expect_equal("values", "enumeration", spec.name, ours, wanted, wanted)


@pytest.mark.parametrize("spec", [*SMALL, E4M3FN, paper(4)], ids=lambda s: s.name)
def test_neighbours_of_every_member(spec: Spec) -> None:
    values, fmt = signed_members(spec), format_of(spec)
    up = [value_of(next_up(element(v), fmt)) for v in values[:-1]]
    down = [value_of(next_down(element(v), fmt)) for v in values[1:]]
    plain = [Fraction(0) if v == "-0" else v for v in up]
    expect_equal("next_up", "enumeration", spec.name, plain, values[1:], values[:-1])
    plain = [Fraction(0) if v == "-0" else v for v in down]
    expect_equal("next_down", "enumeration", spec.name, plain, values[:-1], values[1:])


@pytest.mark.parametrize(("spec", "dtype"), MACHINE, ids=lambda v: getattr(v, "name", ""))
def test_neighbours_with_signs_of_zero_and_infinities(spec: Spec, dtype: type) -> None:
    x = arguments(spec, SEED, 400)
    fmt = format_of(spec)
    with np.errstate(all="ignore"):
        above = np.nextafter(x.astype(dtype), dtype(np.inf)).astype(np.float64)
        below = np.nextafter(x.astype(dtype), dtype(-np.inf)).astype(np.float64)
    ours = [value_of(next_up(element(v), fmt)) for v in as_values(x)]
    expect_equal("next_up", "NumPy", spec.name, ours, as_values(above), x.tolist())
    ours = [value_of(next_down(element(v), fmt)) for v in as_values(x)]
    expect_equal("next_down", "NumPy", spec.name, ours, as_values(below), x.tolist())


@pytest.mark.parametrize("spec", [*SMALL, BINARY16, BINARY64], ids=lambda s: s.name)
def test_spacing_at_every_member(spec: Spec) -> None:
    values = (
        [v for v in members(spec) if v > 0]
        if spec is not BINARY64
        else [v for v in as_values(arguments(spec, SEED, 300)) if isinstance(v, Fraction) and v > 0]
    )
    ours = [Fraction(ulp(element(v), format_of(spec)).to_fraction()) for v in values]
    wanted = [power_of_two(quantum_exponent(v, spec)) for v in values]
    expect_equal("ulp", "integers", spec.name, ours, wanted, values)


def test_rounding_fixes_exactly_the_members() -> None:
    spec = BINARY16
    fmt = format_of(spec)
    for v in members(spec)[::17]:
        assert value_of(round_to(v, format=fmt, rounding=RNE)) == v
        beside = v + power_of_two(-26)
        assert value_of(round_to(beside, format=fmt, rounding=RNE)) != beside
    assert as_value(as_float(members(spec)[-1])) == 65504
    tally.count("values", "enumeration", 2 * len(members(spec)[::17]))
