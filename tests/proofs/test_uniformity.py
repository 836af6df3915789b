"""Uniformity: the page about it runs and agrees with what is counted, and the meter counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from precise.circuits.connection_combine import Chain
from precise.circuits.connection_dot import dot_family
from precise.circuits.connection_pack import Shape
from proofs._uniformity_far import FAMILIES, corner_addresses, corners, some_sources, worst_query
from proofs._word_meter import METER, Metered

PAGE = (Path(__file__).parents[2] / "docs" / "uniformity.md").read_text()
ROWS = {
    "parity, any symmetric": ("parity", "count"),
    "leading one": ("leading one",),
    "sum of two integers; comparison": ("sum of two", "comparison"),
    "shift by a number": ("shift",),
    "sum of n integers; product": ("sum of many", "product"),
    "`less_equal`": ("float <=",),
    "`add`, `subtract`": ("float +",),
    "`multiply`": ("float x",),
    "`floor`": ("float floor",),
    "`negative`; `select`": ("float negative", "float choice"),
    "`max`, `min`": ("largest float",),
    "`sum` of n, rounded": ("sum of floats",),
}


def test_the_page_runs() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    said: list[object] = []
    exec(compile(block, "uniformity.md", "exec"), {"print": said.append})
    assert said == [12]


@pytest.mark.parametrize("row", ROWS)
def test_the_table_has_what_is_counted(row: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {row}")]
    printed = [int(number) for number in re.findall(r"\d+", line.split("|")[3])]
    counted = [worst_query(FAMILIES[name](1 << 32), FAMILIES[name](Metered(1 << 32)))[0] for name in ROWS[row]]
    assert printed[: len(counted)] == counted


def test_every_family_is_in_the_table() -> None:
    assert sorted(name for names in ROWS.values() for name in names) == sorted(FAMILIES)


def dot_queries(family: Chain) -> Iterator[tuple[int, int]]:
    """Yield sources and gates of an inner product: inside two products, from products to the sum, inside the sum."""
    lanes, second = family.first, family.second
    inner, size = lanes.inner, lanes.inner.address_bits
    inputs = 1 << lanes.lane_bits + size
    outputs = [g for g in corner_addresses(inner) if family.joint(g) >= 0]
    for lane in (0, (1 << lanes.lane_bits) - 1):
        for g in filter(inner.is_gate, corner_addresses(inner)):
            for h in some_sources(inner, g):
                yield lane << size | h | (0 if inner.is_gate(h) else inputs), lane << size | g
    for g in filter(second.is_gate, corner_addresses(second)):
        yield from ((h, 1 << family.padded | g) for h in outputs)
        yield from ((1 << family.padded | h, 1 << family.padded | g) for h in some_sources(second, g))


def test_an_inner_product_is_asked_as_the_table_says() -> None:
    n = 1 << 32
    plain, metered = (dot_family(Shape.of(size, size + 1), size) for size in (n, Metered(n)))
    steps, found = 0, 0
    for h, g in dot_queries(plain):
        METER.reset()
        weight = metered.weight(Metered(h), Metered(g))
        steps = max(steps, METER.steps)
        found += int(weight) != 0
        assert METER.products == 0
    (line,) = [line for line in PAGE.splitlines() if line.startswith("| `dot`")]
    assert int(line.split("|")[3]) == steps
    assert found > 1000


def test_the_meter_counts() -> None:
    METER.reset()
    x = Metered(6)
    y = (x + 1 << 3) - 2 & 0xFF
    assert int(y) == 54
    assert isinstance(y, Metered)
    assert (METER.steps, METER.products, METER.longest) == (4, 0, 6)
    assert x < 7
    assert x != 5
    assert METER.steps == 6
    assert [int(8 * x), int(x * -1)] == [48, -6]
    assert (METER.steps, METER.products) == (8, 0)
    assert [int(x * 5), int(7 * x)] == [30, 42]
    assert (METER.steps, METER.products) == (8, 2)
    assert [int(Metered(12).bit_count()), int(Metered(300).bit_length())] == [2, 9]
    assert METER.steps == 10
    assert int(Metered(300) + 300) == 600
    assert METER.longest == 10


def test_corners_are_inside() -> None:
    assert corners(3, 3) == []
    assert corners(3, 4) == [3]
    assert corners(0, 10) == [0, 1, 5, 9]
