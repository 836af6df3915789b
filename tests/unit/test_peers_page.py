"""The page about other packages: what needs none of them is as the script writes it, and none of ours is wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script as a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        import peers

        return peers


def rows_of(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading of the page."""
    text = PAGE[PAGE.index(heading) :].split("\n\n")[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def test_our_features_are_those_of_the_package(script: ModuleType) -> None:
    start = PAGE.index(script.OURS) + len(script.OURS)
    assert PAGE[start : PAGE.index(script.WRONG)].strip() == script.our_table().strip()


def test_the_section_on_the_package_can_be_renewed_alone(script: ModuleType) -> None:
    assert script.renewed(PAGE.replace("`binary16`, ", "")) == PAGE


def test_inputs_right_answers_and_ours_are_those_of_the_vectors(script: ModuleType) -> None:
    ours = script.peers_ours
    vectors = ours.read()
    assert set(vectors) == set(ours.KINDS)
    cases = 0
    for kind, title in ours.KINDS.items():
        expected = [script.without_peers(kind, p, row) for row in vectors[kind] for p in row["packages"]]
        found = rows_of(f"### {title[:1].upper()}{title[1:]}")
        assert [(r[0], r[1], r[3], r[4]) for r in found] == expected
        cases += len(found)
    assert cases >= 60


def test_none_of_ours_is_wrong() -> None:
    assert "WRONG" not in PAGE
    assert [row[4] for row in rows_of("## Counted")] == ["0"] * len(rows_of("## Counted"))


def test_each_package_that_was_run_is_seen_to_be_wrong(script: ModuleType) -> None:
    run = 0
    for title in script.peers_ours.KINDS.values():
        for package, question, gives, _, right in rows_of(f"### {title[:1].upper()}{title[1:]}"):
            assert gives != right, f"{package} is right on {question}: the row has to go"
            run += gives != "not run here"
    assert run >= 40  # the page was written where most packages are installed


def test_a_wrong_answer_of_ours_would_be_marked(script: ModuleType) -> None:
    row = {"format": "binary16", "mode": "RNE", "x": "1.5", "right": "1", "packages": ["none"], "source": ""}
    assert script.our_answer("round", row) == "WRONG 1.5"
    assert script.our_answer("round", row | {"right": "1.5"}) == "1.5"
    odds = {"format": "binary16", "x": "0x1p-26", "low": "0", "high": "0x1p-24", "right": "0x1p-2"}
    assert script.our_answer("probability", odds).startswith("0.2")
    assert script.our_answer("probability", odds | {"right": "0x1p-1"}).startswith("WRONG 0.2")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1.5", "1.5"), ("0x1p-24", "0x1p-24"), ("57344", "57344"), ("-0x1.1ep+114", "-0x1.1ep+114"), ("-0", "-0")],
)
def test_numbers_are_shown_exactly(script: ModuleType, text: str, shown: str) -> None:
    from oracles.vectors import number

    assert script.peers_ours.text_of(number(text)) == shown
    assert number(shown) == number(text)


def test_the_page_has_no_path_of_a_machine() -> None:
    assert not re.search(r"(?<![\w.:/<])/(?:home|root|tmp|work|usr)\b", PAGE)
    assert str(Path(sys.prefix)) not in PAGE


def test_packages_that_are_not_installed_are_not_run(script: ModuleType) -> None:
    row = script.peers_ours.read()["round"][0]
    assert script.their_answer("round", "CPFloat", row) == "not run here"
