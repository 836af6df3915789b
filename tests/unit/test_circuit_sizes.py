"""Depth is one number for every size, and sizes stay near those of the published prototype tables."""

from __future__ import annotations

from math import log

import pytest

from precise.circuits import OPERATIONS, build, measure
from precise.circuits.integer_operations import add_circuit

# Gates and wires of a first implementation of the same constructions, by p; a built circuit may have half as much more.
TABLE = {
    "less_equal": {4: (58, 297), 8: (106, 825), 11: (142, 1390), 16: (202, 2650), 24: (298, 5500), 32: (394, 9370)},
    "add": {4: (354, 2890), 8: (772, 8710), 11: (1180, 16_000), 16: (2040, 35_200), 24: (3884, 89_600)},
    "multiply": {4: (213, 1270), 8: (682, 6370), 11: (1173, 13_700), 16: (2216, 34_200), 24: (4604, 98_700)},
    "divide": {4: (1105, 11_400), 8: (5571, 89_900), 11: (13_876, 309_000), 16: (47_669, 1_310_000)},
    "sqrt": {4: (1429, 18_200), 8: (4482, 73_500), 11: (15_610, 126_000), 16: (53_877, 497_000)},
    "exp": {4: (20_347, 379_000), 8: (68_712, 1_790_000)},
}
SUMS = {(2, 4): (1137, 6400), (4, 4): (4671, 44_400), (2, 8): (2517, 18_000), (4, 8): (10_537, 130_000)}
PRODUCTS = {(2, 8): (1382, 12_000), (4, 8): (4263, 54_000), (8, 8): (16_698, 350_000)}
SUMS |= {(8, 4): (19_462, 350_000), (8, 8): (43_528, 1_000_000)}
INTEGER_SUMS = {4: (280, 2500), 8: (432, 6000), 16: (606, 13_000), 32: (1005, 46_000), 64: (1576, 130_000)}
SWEEP = (2, 3, 4, 5, 6, 8, 11, 16)


@pytest.mark.parametrize("name", OPERATIONS)
def test_depth_is_one_number(name: str) -> None:
    line = OPERATIONS[name]
    largest = {"divide": 8, "sum": 8, "prod": 8, "exp": 4, "dot": 5, "sin": 3, "cos": 3}.get(name, 16)
    depths = {p: build(name, p, 3).depth for p in SWEEP if p <= largest}
    assert all(depth <= line.depth for depth in depths.values())
    assert {depth for p, depth in depths.items() if p >= line.settled} == {line.depth}


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_depth_does_not_depend_on_n(n: int) -> None:
    assert build("sum", 3, n).depth == OPERATIONS["sum"].depth
    assert build("integer_sum", 8, n).depth == OPERATIONS["integer_sum"].depth


@pytest.mark.parametrize(("name", "p"), [(name, p) for name, sizes in TABLE.items() for p in sizes])
def test_sizes_of_binary_operations(name: str, p: int) -> None:
    cost, (gates, wires) = measure(build(name, p)), TABLE[name][p]
    assert 2 * cost.gates <= 3 * gates and 2 * cost.wires <= 3 * wires


@pytest.mark.parametrize(("n", "p"), SUMS)
def test_sizes_of_sums(n: int, p: int) -> None:
    cost, (gates, wires) = measure(build("sum", p, n)), SUMS[n, p]
    assert 2 * cost.gates <= 3 * gates and 2 * cost.wires <= 3 * wires


@pytest.mark.parametrize(("n", "p"), PRODUCTS)
def test_sizes_of_products(n: int, p: int) -> None:
    cost, (gates, wires) = measure(build("prod", p, n)), PRODUCTS[n, p]
    assert 2 * cost.gates <= 3 * gates and 2 * cost.wires <= 3 * wires


@pytest.mark.parametrize("n", INTEGER_SUMS)
def test_sizes_of_integer_sums(n: int) -> None:
    cost, (gates, wires) = measure(build("integer_sum", 16, n)), INTEGER_SUMS[n]
    assert 2 * cost.gates <= 3 * gates and 2 * cost.wires <= 3 * wires


def test_blocks_make_long_additions_smaller() -> None:
    flat, blocks = (measure(add_circuit(64, blocks=blocks)) for blocks in (False, True))
    assert blocks.depth == flat.depth + 2
    assert 4 * blocks.wires < flat.wires


@pytest.mark.parametrize(("name", "gates", "wires"), [("less_equal", 1, 2), ("add", 2, 3), ("multiply", 2, 3)])
def test_growth_stays_below_the_derived_exponents(name: str, gates: int, wires: int) -> None:
    small, large = measure(build(name, 12)), measure(build(name, 24))
    assert log(large.gates / small.gates, 2) < gates + 0.05
    assert log(large.wires / small.wires, 2) < wires + 0.05


def test_weights_are_small() -> None:
    for name in ("less_equal", "add", "multiply", "divide"):
        for p in (4, 8, 16):
            assert measure(build(name, p)).largest_weight <= 3 * (2 * p + 6) ** 2
