"""The story of one statement in the terminal: everything that the ledger knows of it, in 100 columns."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from toy_ledgers import TIERS, write

from precise.claims import Run, verify, write_lock
from precise.errors import DomainError
from precise.report import explain
from precise.report.explain import known_step

WHOLE = """
def bound(c):
    return decide_inequality(f"{c}*t >= t - 1", {"t": 4}, scope=Scope.all_p(2), sharpness="sharp at t = 4")

PRINTED = statement(step(BAD, id="small", expects="refuted", mutants=(Control("limit 8", GOOD),)),
                    label="lem:toy@printed", as_printed=True, suspects=("S1",), where="Lemma 2")
STATEMENTS = (PRINTED, statement(
    step(lambda: bound("1"), id="holds", mutants=(Mutant("half the bound", lambda: bound("1/2")),),
         hypotheses=("s >= 2",), witness={"s": 3}),
    step(lambda: sweep(8, 8, cells=("odd",), confirmed_by="slow code", command="run it", seed=7), id="cells",
         cells=("odd",), further=(PROVED,)),
    cited(id="known", says="Known.", formal="TC0 is in NC1", source="Barrington 1989, Theorem 1"),
    repairs="lem:toy@printed", hypotheses=("t >= 4",), witness={"t": 5}, uses=("lem:b",)))
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = write(tmp_path / "toy", WHOLE)
    return write(folder, 'STATEMENT = statement(label="lem:b")', "lem_b")


def told(run: Run, label: str, width: int = 100) -> str:
    """Return the story as it is printed."""
    shown = io.StringIO()
    explain(run, known_step(run, label), Console(file=shown, width=width, color_system=None))
    return shown.getvalue()


def words(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split())


def test_the_whole_story(ledger: Path) -> None:
    text = words(told(verify(ledger, ["lem:toy"]), "lem:toy"))
    parts = [
        "lem:toy Toy § assumed [A] p >= 2; a in 1..8",
        "(D) derived here; file lem_toy.py",
        "Because: Barrington 1989, Theorem 1",
        "Statement a \\le 8",
        "Repairs the printed form lem:toy@printed ✗ refuted [C] a = 6, limit = 5",
        "counterexample: a = 6, limit = 5 (least a; found after 6 instances) 6 > 5 it refutes since a > limit",
        "Hypotheses t >= 4 all of them hold at t = 5",
        "Steps holds ✓ proved [R] p >= 2 a is at most 8. formally: for all a in 1..8: a <= 8",
        "if s >= 2; holds at t = 5, s = 3",
        "quick check",
        "[R] exact rational certificate",
        "scope p >= 2; 1 case; by precise-pbit",
        "sharpness: sharp at t = 4",
        "(nonnegative): 1*t >= t - 1",
        "✓ mutant half the bound is refuted at t = 4",
        "cells ◑ proved [X] only a in 1..8",
        "8 cases (as the formula of the domain gives); by precise-pbit",
        "confirmed by slow code; seed 7",
        "$ run it",
        "kernel check: not re-run here (tier not asked for: precise verify lem:toy --tier kernel); the lock holds no",
        "cells reached: odd",
        "✓ mutant limit 7 is refuted at a = 8, limit = 7",
        "known § assumed [A]",
        "because: Barrington 1989, Theorem 1",
        "Rests on lem:b: ◑ proved [X] only a in 1..8 cited: Barrington 1989, Theorem 1",
        "Check it again precise verify lem:toy --tier kernel",
        "--json ledger.json && python -m proofs.recheck ledger.json",
        "Exit status 0.",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_the_printed_form_tells_its_repair(ledger: Path) -> None:
    text = words(told(verify(ledger, ["lem:toy"]), "lem:toy@printed"))
    for part in (
        "the printed form; (D) derived here; Lemma 2",
        "Doubts numbered in the catalogue: S1.",
        "Repaired by lem:toy § assumed",
        "small ✗ refuted [C] a = 6, limit = 5",
        "✓ control limit 8 stands: holds in 8 cases",
        "Check it again precise verify lem:toy@printed",
    ):
        assert part in text


def test_one_step(ledger: Path) -> None:
    run = verify(ledger, ["lem:toy"])
    text = words(told(run, "lem:toy/cells"))
    assert "cells reached: odd" in text
    assert "half the bound" not in text
    with pytest.raises(DomainError, match=r"must name a step of lem:toy \(holds, cells, known\); got 'nothing'"):
        told(run, "lem:toy/nothing")


def test_a_bare_label_without_a_statement_tells_all_forms(tmp_path: Path) -> None:
    body = 'STATEMENTS = tuple(statement(label=f"lem:toy@{name}") for name in ("one", "two"))'
    text = told(verify(write(tmp_path / "toy", body)), "lem:toy")
    assert "lem:toy@one  Toy" in text
    assert "lem:toy@two  Toy" in text


def test_what_the_lock_holds_is_told(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", TIERS)
    write_lock(verify(ledger, tiers=("full", "kernel")))
    text = words(told(verify(ledger), "lem:toy"))
    assert "lem:toy Toy ✓ proved [K] p >= 2 (not all of it re-run here)" in text
    assert "the lock holds proved [K] (p >= 2)" in text
    assert "precise verify lem:toy --tier full --tier kernel" in text


def test_problems_and_vacuous_mutants_are_told(tmp_path: Path) -> None:
    body = 'STATEMENT = statement(step(mutants=(*KILLED, Mutant("same", GOOD))))'
    text = words(told(verify(write(tmp_path / "toy", body)), "lem:toy"))
    assert "! mutant same was not told apart: not refuted" in text
    assert "Problems lem:toy/bounded: error: vacuous: mutant 'same' survives" in text
    assert "Exit status 1." in text


def test_an_open_label(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", "STATEMENT = statement()")
    (ledger / "catalogue.py").write_text(
        'from precise.claims import Entry\nCATALOGUE = (Entry("lem:far", "Far", "M", "a circuit"),)'
    )
    text = words(told(verify(ledger, ["lem:far"]), "lem:far"))
    assert "○ open" in text
    assert "Because: no file yet: needs a circuit" in text
    assert "nothing to run" in text


@pytest.mark.parametrize("width", [60, 100, 200])
def test_it_fits(ledger: Path, width: int) -> None:
    assert max(map(len, told(verify(ledger), "lem:toy", width).splitlines())) <= min(width, 100)


def test_our_own_ledger_can_be_told() -> None:
    run = verify(None, ["def:slash"])
    text = told(run, "def:slash")
    assert max(map(len, text.splitlines())) <= 100
    for step in next(r for r in run.records if r.label == "def:slash").steps:
        assert step.id.partition("/")[2] in text
