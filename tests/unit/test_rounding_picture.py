"""The picture of the rounding functions is drawn from the code, and the code is right at every point of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from oracles.integers import NEG_ZERO, Spec, Value, round_value
from oracles.integers import stochastic as exact_share

from precise.modes import DETERMINISTIC, SR, Rounding

ROOT = Path(__file__).resolve().parents[2]
PICTURE = (ROOT / "docs" / "rounding.svg").read_text(encoding="utf-8")
E2M1 = Spec("float4_e2m1fn", 2, -1, Fraction(6), infinities=False, nan=False)
CELL = Fraction(1, 4)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script as a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        import rounding_picture

        return rounding_picture


def right(x: Fraction, mode: str) -> Value:
    """Return x rounded by rational arithmetic, zero without its sign."""
    y = round_value(x, E2M1, mode, "saturate")
    return Fraction(0) if y == NEG_ZERO else y


def test_the_picture_in_the_docs_is_what_the_script_draws(script: ModuleType) -> None:
    assert script.picture() == PICTURE


@pytest.mark.parametrize("mode", DETERMINISTIC, ids=str)
def test_every_point_is_right(script: ModuleType, mode: Rounding) -> None:
    steps = script.steps(mode)
    assert (steps[0].left, steps[-1].right) == (-7, 7)
    cells = 0
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        x = step.left
        while x < step.right:
            for inside in (x + CELL / 8, x + CELL / 2, x + CELL * 7 / 8):
                assert right(inside, mode.code) == step.value
            assert x == step.left or right(x, mode.code) == step.value
            x, cells = x + CELL, cells + 1
        assert x == step.right
        assert following is None or following.left == step.right
    assert cells == 56
    assert script.jumps(mode) == [(s.right, right(s.right, mode.code)) for s in steps[:-1]]


def test_stochastic_shares_are_the_exact_probabilities(script: ModuleType) -> None:
    seen = 0
    for step, share in script.shares():
        middle = abs(step.left + step.right) / 2
        low, high, up = exact_share(middle, E2M1, 32)
        p = Fraction(up, 2**32) if abs(step.value) == high else 1 - Fraction(up, 2**32)
        assert abs(step.value) in (low, high)
        assert (share - p) ** 2 <= 16 * p * (1 - p) / script.DRAWS
        seen += 1
    assert seen == 2 * 8 * 14


def test_the_picture_is_well_formed_and_has_all_modes() -> None:
    tree = ElementTree.fromstring(PICTURE)
    titles = [e.text for e in tree.iter("{http://www.w3.org/2000/svg}text") if ":" in (e.text or "")]
    assert [str(t).split(":")[0] for t in titles] == ["RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO", "SR"]


def test_the_page_names_the_modes_as_the_package_does() -> None:
    page = (ROOT / "docs" / "rounding.md").read_text(encoding="utf-8")
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")][1:]
    modes = [*DETERMINISTIC, SR]
    assert [row[:2] for row in rows] == [[mode.code, mode.meaning] for mode in modes]
    assert "](rounding.svg)" in page
