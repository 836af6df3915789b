"""The outcome of each step as JUnit XML, the form that continuous integration reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.verdict import Verdict
from precise.report.words import plain

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML text may hold."""


def junit(run: Run) -> ET.Element:
    """Return the test suites: one a statement with a case for each step, and one for problems of the whole ledger.

    A step that does not hold as the ledger says is a failure, one whose check broke an error; a step that did not run
    here, and a label without a file, are skipped with the reason.
    """
    problems = dict.fromkeys(run.problems)
    suites = [suite_of(record, problems) for record in run.records]
    taken = {problem for record in run.records for problem in about(record, problems)}
    if left := [problem for problem in problems if problem not in taken]:
        cases = [case("ledger", subject(problem) or "ledger", 0.0) for problem in left]
        for element, problem in zip(cases, left, strict=True):
            add(element, "failure", problem)
        suites.append(suite("ledger", cases))
    root = ET.Element("testsuites", {"name": "precise verify", **totals(c for s in suites for c in s)})
    root.extend(suites)
    return root


def write_junit(run: Run, path: str | Path) -> None:
    """Write the test suites of a run."""
    tree = ET.ElementTree(junit(run))
    ET.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def suite_of(record: StatementRecord, problems: Iterable[str]) -> ET.Element:
    """Return the suite of one statement, or of a label without a file."""
    mine = about(record, problems)
    cases = [case_of(step, record, [p for p in mine if is_about(p, step)]) for step in record.steps]
    rest = [problem for problem in mine if not any(is_about(problem, step) for step in record.steps)]
    if rest or not cases:
        whole = case(record.label, "statement", 0.0)
        if rest:
            add(whole, "error" if record.verdict is Verdict.ERROR else "failure", *rest)
        elif not cases:
            add(whole, "skipped", f"{record.verdict}: {record.reason}")
        cases.append(whole)
    return suite(record.label, cases)


def case_of(step: StepRecord, record: StatementRecord, problems: Sequence[str]) -> ET.Element:
    """Return the case of one step."""
    element = case(record.label, step.id.partition("/")[2], step.seconds)
    if problems:
        add(element, "error" if step.found is Verdict.ERROR else "failure", *problems)
    elif step.here is None:
        held = f"the lock holds: {step.verdict} [{step.letter}]; " if step.letter else ""
        add(element, "skipped", held + "; ".join(piece.not_run for piece in step.not_run))
    elif step.verdict is Verdict.OPEN:
        add(element, "skipped", f"open: {step.reason}")
    lines = [f"{step.verdict} [{step.letter}] {step.scope_text}".strip(), plain(step.says)]
    lines += [f"{piece.id}: {piece.not_run}" for piece in step.not_run if step.here is not None]
    if step.counterexample is not None:
        lines += [plain(line) for line in step.counterexample.lines]
    ET.SubElement(element, "system-out").text = clean("\n".join(lines))
    return element


def suite(name: str, cases: Sequence[ET.Element]) -> ET.Element:
    """Return a suite with its totals."""
    element = ET.Element("testsuite", {"name": clean(name), **totals(cases)})
    element.extend(cases)
    return element


def case(classname: str, name: str, seconds: float) -> ET.Element:
    """Return a case that has passed so far."""
    return ET.Element("testcase", classname=clean(classname), name=clean(name), time=f"{seconds:.3f}")


def add(element: ET.Element, outcome: str, *lines: str) -> None:
    """Give a case an outcome: the first line as its message, all lines as its text."""
    child = ET.SubElement(element, outcome, message=clean(lines[0]))
    child.text = clean("\n".join(lines))


def totals(cases: Iterable[ET.Element]) -> dict[str, str]:
    """Return the numbers of cases per outcome, and their time."""
    found = list(cases)
    count = {name: sum(c.find(tag) is not None for c in found) for name, tag in OUTCOMES.items()}
    seconds = sum(float(c.get("time", "0")) for c in found)
    return {"tests": str(len(found)), **{name: str(n) for name, n in count.items()}, "time": f"{seconds:.3f}"}


OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def about(record: StatementRecord, problems: Iterable[str]) -> list[str]:
    """Return the problems that name the statement or one of its steps."""
    return [p for p in problems if subject(p).partition("/")[0] == record.label]


def is_about(problem: str, step: StepRecord) -> bool:
    """Return whether a problem names the step or one of its checks."""
    return subject(problem).partition("+")[0] == step.id


def subject(problem: str) -> str:
    """Return the id that a problem begins with, or nothing."""
    name, found, _ = problem.partition(": ")
    return name if found else ""


def clean(text: str) -> str:
    """Return the text without characters that XML does not know."""
    return NOT_XML.sub("\ufffd", text)
