"""JUnit XML: it has the shape that readers expect, and it fails exactly where the run does."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from toy_ledgers import MANY, TIERS, write

from precise.claims import Run, verify, write_lock
from precise.report import write_junit

# Element: attributes it must have, children it may have and how often at most (the JUnit schema of Jenkins).
COUNTS = {"tests", "failures", "errors", "skipped", "time"}
SHAPE: dict[str, tuple[set[str], dict[str, float]]] = {
    "testsuites": ({"name"} | COUNTS, {"testsuite": float("inf")}),
    "testsuite": ({"name"} | COUNTS, {"testcase": float("inf")}),
    "testcase": ({"classname", "name", "time"}, {"failure": 1, "error": 1, "skipped": 1, "system-out": 1}),
    "failure": ({"message"}, {}),
    "error": ({"message"}, {}),
    "skipped": ({"message"}, {}),
    "system-out": (set(), {}),
}
OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def check_shape(element: ET.Element) -> None:
    """Check an element and all in it against the schema, and its counts against its cases."""
    attributes, children = SHAPE[element.tag]
    assert set(element.keys()) == attributes
    tags = [child.tag for child in element]
    assert all(tags.count(tag) <= children[tag] for tag in tags)
    if element.tag == "testcase":
        assert sum(tag in OUTCOMES.values() for tag in tags) <= 1
    if attributes >= COUNTS:
        cases = list(element.iter("testcase"))
        assert int(element.get("tests", "")) == len(cases)
        for name, tag in OUTCOMES.items():
            assert int(element.get(name, "")) == sum(case.find(tag) is not None for case in cases)
    if "time" in attributes:
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", ""))
    for child in element:
        check_shape(child)


def junit_of(run: Run, folder: Path) -> ET.Element:
    """Return the XML of a run, read back from its file and checked for its shape."""
    write_junit(run, folder / "junit.xml")
    root = ET.parse(folder / "junit.xml").getroot()
    check_shape(root)
    failed = int(root.get("failures", "")) + int(root.get("errors", ""))
    assert (failed > 0) == (run.exit_status == 1)
    said = {line for tag in ("failure", "error") for child in root.iter(tag) for line in (child.text or "").split("\n")}
    assert said == set(run.problems)
    return root


def outcomes(root: ET.Element) -> dict[str, str]:
    """Return the outcome of each case: passed, or the tag and its message."""
    found = {}
    for case in root.iter("testcase"):
        tag = next((t for t in OUTCOMES.values() if case.find(t) is not None), "")
        message = (case.find(tag).get("message") or "") if tag else ""  # type: ignore[union-attr]
        found[f"{case.get('classname')}/{case.get('name')}"] = f"{tag}: {message}" if tag else "passed"
    return found


def test_steps_are_cases_and_statements_are_suites(tmp_path: Path) -> None:
    root = junit_of(verify(write(tmp_path / "toy", MANY), tiers=("full",)), tmp_path)
    assert [suite.get("name") for suite in root] == ["lem:toy@printed", "lem:toy"]
    assert outcomes(root) == {"lem:toy@printed/small": "passed"} | {f"lem:toy/bounded-{i}": "passed" for i in range(4)}
    text = "".join(root.itertext())
    assert "refuted [C] a = 6, limit = 5" in text
    assert "6 > 5" in text
    assert "a is at most 8." in text


def test_what_did_not_run_is_skipped_with_the_reason(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", TIERS)
    (ledger / "catalogue.py").write_text(
        "from precise.claims import Entry\n"
        'CATALOGUE = (Entry("lem:far", "Far", "M", "a circuit"), Entry("lem:toy", "Toy", "D", "work"))'
    )
    why = "not re-run here (tier not asked for: precise verify lem:toy --tier kernel)"
    assert outcomes(junit_of(verify(ledger), tmp_path)) == {
        "lem:far/statement": "skipped: open: no file yet: needs a circuit",
        "lem:toy/bounded": "passed",
        "lem:toy/by-kernel": f"skipped: {why}",
    }
    write_lock(verify(ledger, tiers=("kernel",)))
    found = outcomes(junit_of(verify(ledger), tmp_path))
    assert found["lem:toy/by-kernel"] == f"skipped: the lock holds: proved [K]; {why}"


def test_an_open_question_is_skipped(tmp_path: Path) -> None:
    body = """
def question(): raise OpenQuestionError("nobody knows")
STATEMENT = statement(step(question))
"""
    found = outcomes(junit_of(verify(write(tmp_path / "toy", body)), tmp_path))
    assert found == {"lem:toy/bounded": "skipped: open: nobody knows"}


@pytest.mark.parametrize(
    ("old", "new", "id", "outcome"),
    [
        (
            "further=(PROVED, WIDE)",
            "further=(PROVED, WIDE, WIDE)",
            "lem:toy/bounded",
            "failure: lem:toy/bounded+full-2",
        ),
        ("GOOD = lambda: sweep(8, 8)", "GOOD = BAD = lambda: sweep(8, 5)", "lem:toy/bounded", "error: lem:toy/bounded"),
        ("Scope.all_p(2), Kind", "Scope.all_p(3), Kind", "lem:toy/by-kernel", "failure: lem:toy/by-kernel: scope"),
        ('mark="D"', 'mark="D", uses=("lem:no",)', "lem:toy/statement", "error: lem:toy: error: uses must name"),
        ("STATEMENT = ", "1 // 0; STATEMENT = ", "lem_toy/statement", "error: lem_toy: error: lem_toy.py: ZeroDiv"),
        ("STATEMENT = ", "OTHER = ", "ledger/ledger", "failure: the ledger has no steps to run"),
    ],
)
def test_a_problem_is_a_failure_or_an_error(tmp_path: Path, old: str, new: str, id: str, outcome: str) -> None:
    ledger = write(tmp_path / "toy", TIERS)
    write_lock(verify(ledger, tiers=("full", "kernel")))
    path = ledger / "lem_toy.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    found = outcomes(junit_of(verify(ledger, tiers=("full", "kernel")), tmp_path))
    assert found[id].startswith(outcome)


def test_characters_that_xml_does_not_know_are_replaced(tmp_path: Path) -> None:
    body = """
def fail(): raise ValueError("a\\x00<&>\\ud800\\uffff")
STATEMENT = statement(step(fail))
"""
    root = junit_or_none(verify(write(tmp_path / "toy", body)), tmp_path)
    assert "a\ufffd<&>\ufffd\ufffd" in "".join(root.itertext())


def junit_or_none(run: Run, folder: Path) -> ET.Element:
    """Return the XML of a run whose problems hold characters that XML replaces."""
    write_junit(run, folder / "junit.xml")
    root = ET.parse(folder / "junit.xml").getroot()
    check_shape(root)
    return root
