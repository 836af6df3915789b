"""The tutorial on a ledger of one's own: its example runs, and the page shows nothing else."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from precise.claims import Run, Verdict, verify
from precise.report import html, write_json

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "own-ledger.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "rope-bounds"
FILES = sorted(EXAMPLE.glob("*.py"))
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^\$ (.*)$", "\n".join(re.findall(r"^```console\n(.*?)^```$", PAGE, re.M | re.S)), re.M)


@pytest.fixture(scope="module")
def run() -> Run:
    return verify(EXAMPLE)


def test_every_block_of_the_page_is_a_piece_of_the_example() -> None:
    assert len(BLOCKS) >= 9
    sources = [path.read_text(encoding="utf-8") for path in FILES]
    for block in BLOCKS:
        assert any(f"\n{block}" in source for source in sources), f"not in the example:\n{block}"


def test_links_of_the_page_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE)
    assert links
    assert all((ROOT / "docs" / link).exists() for link in links)


def test_the_example_holds_and_is_pinned(run: Run) -> None:
    assert run.problems == ()
    assert run.notes == ()
    found = {record.label: (record.verdict, record.letter) for record in run.records}
    assert found == {
        "lem:scores-depth@printed": (Verdict.REFUTED, "C"),
        "lem:scores-depth": (Verdict.PROVED, "X"),
        "lem:rotated-entry@one-rounding": (Verdict.REFUTED, "C"),
        "lem:rotated-entry": (Verdict.PROVED_LISTED, "X"),
        "thm:rope-in-tc0": (Verdict.OPEN, ""),
    }
    assert {step.letter for step in run.steps} == {"R", "X", "C"}
    assert all(record.mark in ("M", "D", "M, D") for record in run.records)


def nearest(x: Fraction, p: int) -> Fraction:
    """Return the nearest number of p bits, ties to the even significand, by integer division."""
    if x == 0:
        return x
    q = 1 - p
    while abs(x) >= Fraction(2) ** (q + p):
        q += 1
    while abs(x) < Fraction(2) ** (q + p - 1):
        q -= 1
    return round(x / Fraction(2) ** q) * Fraction(2) ** q


def test_the_counterexample_of_the_coordinate_is_the_least(run: Run) -> None:
    (found,) = [s.counterexample for s in run.steps if s.counterexample and "x" in s.counterexample.exact]
    ones = [Fraction(0), *(s * Fraction(m, 2) for m in (2, 3) for s in (1, -1))]
    for x, c, y, s in itertools.product(ones, repeat=4):
        exact = x * c - y * s
        computed = nearest(nearest(x * c, 2) - nearest(y * s, 2), 2)
        if abs(computed - exact) > abs(exact) / 4:
            break
    named = {"p": 2, "x": x, "c": c, "y": y, "s": s, "computed": computed, "exact": exact, "allowed": abs(exact) / 4}
    assert dict(found.exact) == named


def test_the_longest_path_by_hand(run: Run) -> None:
    (found,) = [s.counterexample for s in run.steps if s.counterexample and "length" in s.counterexample.exact]
    product_of_matrices, cosine, exponential = 1 + 1, 1, 1
    ready = max(product_of_matrices, cosine)
    assert found.exact["length"] == ready + 3 * product_of_matrices + exponential
    assert found.exact["claimed"] == 4 * product_of_matrices + cosine + exponential


def test_the_commands_of_the_page_run(tmp_path: Path) -> None:
    assert len(COMMANDS) == 5
    shutil.copytree(EXAMPLE, tmp_path / "docs" / "examples" / "rope-bounds")
    for command in COMMANDS:
        program, *arguments = command.split()
        module = {"precise": ["-m", "precise.cli"], "python": []}[program]
        done = subprocess.run(
            [sys.executable, *module, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert done.stdout.splitlines()[-1] == "4 passed, 0 failed"


def test_a_false_bound_in_the_example_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "copy")
    path = tmp_path / "copy" / "lem_rotated_entry.py"
    path.write_text(path.read_text().replace("((1 + u) ** 2 - 1) * (", "((1 + u) ** 2 - 1) * Fraction(1, 2) * ("))
    run = verify(tmp_path / "copy")
    assert run.exit_status == 1
    assert any("lem:rotated-entry/bound-holds-on-the-grid: refuted" in problem for problem in run.problems)


def test_the_reports_of_a_folder(run: Run, tmp_path: Path) -> None:
    text = html(run, date="")
    for part in ("from memory of the literature", "Lemmas", "no file yet", "arXiv:2411.07602"):
        assert part in text
    write_json(run, tmp_path / "run.json")
    assert [r["section"] for r in json.loads((tmp_path / "run.json").read_text())["records"]][-1] == "Theorem"
