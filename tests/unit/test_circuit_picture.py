"""Pictures of circuits: every level is labelled and counted, no text covers another, wires are what they are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations, pairwise

import pytest

from precise.circuits import Circuit, build
from precise.circuits.measure import gates_by_level
from precise.circuits.picture import COLUMN, NEGATIVE, POSITIVE, svg

NAMES = [("add", 3, 2), ("less_equal", 2, 2), ("integer_multiply", 3, 2), ("parity", 4, 2), ("sum", 2, 2)]


def drawn(circuit: Circuit) -> list[ElementTree.Element]:
    """Return the elements of a picture."""
    return list(ElementTree.fromstring("\n".join(svg(circuit, "a title"))).iter())


def box(element: ElementTree.Element) -> tuple[float, float, float, float]:
    """Return the box around a text, six tenths of its size a letter wide."""
    size = float(element.get("font-size", "12"))
    x, y, width = float(element.get("x", "0")), float(element.get("y", "0")), 0.6 * size * len(element.text or "")
    left = x - {"middle": width / 2, "end": width}.get(element.get("text-anchor", "start"), 0)
    return left, y - 0.8 * size, left + width, y + 0.2 * size


@pytest.mark.parametrize(("name", "p", "n"), NAMES)
def test_no_text_covers_another_or_leaves_the_picture(name: str, p: int, n: int) -> None:
    elements = drawn(build(name, p, n))
    root, texts = elements[0], [e for e in elements if e.tag.endswith("text")]
    boxes = [box(e) for e in texts]
    wide, high = float(root.get("width", "0")), float(root.get("height", "0"))
    assert all(left >= 0 and top >= 0 and right <= wide and low <= high for left, top, right, low in boxes)
    for (a, one), (b, two) in combinations(zip(texts, boxes, strict=True), 2):
        apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        assert apart, (a.text, b.text)


@pytest.mark.parametrize(("name", "p", "n"), NAMES)
def test_levels_are_columns_with_their_counts(name: str, p: int, n: int) -> None:
    circuit = build(name, p, n)
    elements = drawn(circuit)
    at = {}
    for element in elements:
        if element.tag.endswith("text") and element.get("text-anchor") == "middle":
            at.setdefault(float(element.get("x", "0")), []).append(element.text or "")
    dots = [float(e.get("cx", "0")) for e in elements if e.tag.endswith("circle") and len(e)]
    for level, count in enumerate(gates_by_level(circuit), 1):
        (place,) = [x for x, words in at.items() if words[0] == f"level {level}"]
        assert at[place][1] == f"{count} gate{'s' if count > 1 else ''}"
        assert dots.count(place) == count
    columns = sorted(at)
    assert {b - a for a, b in pairwise(columns)} == {COLUMN}
    assert (at[columns[0]][0], at[columns[-1]][0]) == ("inputs", "outputs")
    assert dots.count(columns[0]) == circuit.n_inputs


@pytest.mark.parametrize(("name", "p", "n"), NAMES)
def test_wires_have_the_colour_of_their_sign(name: str, p: int, n: int) -> None:
    circuit = build(name, p, n)
    strokes = [e.get("stroke") for e in drawn(circuit) if e.tag.endswith("path")]
    negative = int((circuit.row_weights < 0).sum())
    assert strokes.count(NEGATIVE) == negative + 2  # two samples each in the legend
    assert strokes.count(POSITIVE) == len(circuit.row_weights) - negative + 2
    forks = [e.get("d", "") for e in drawn(circuit) if e.get("stroke") == "#888"]
    shared = [b - a for a, b in pairwise(circuit.row_gates) if b - a > 1]
    assert sorted(len(re.findall("M", d)) for d in forks) == sorted(int(k) for k in shared)
