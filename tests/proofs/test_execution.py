"""Processes: the records of a run do not depend on how many processes ran its steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from precise.claims import verify
from precise.claims.execution import available_workers
from precise.claims.records import Run

BODY = """
import os
from precise.claims import Counterexample, Control, Evidence, Kind, Mutant, Scope, Statement, Step

def sweep(limit):
    for a in range(1, 9):
        if a > limit:
            return Counterexample(values={"a": a, "limit": limit}, refutes="a > limit", lines=(f"{a} > {limit}",),
                                  order="least a", cases=a)
    return Evidence(kind=Kind.EXHAUSTIVE, scope=Scope.without_p("a in 1..8"), cases=8, expected=8,
                    producer=f"process {os.getpid()}")

def step(i):
    return Step(id=f"bounded-{i}", says="a is at most 8.", formal="for all a in 1..8: a <= 8",
                check=lambda: sweep(8), mutants=(Mutant("limit 7", lambda: sweep(7)),))

def raising():
    raise ValueError("no")

STATEMENTS = (
    Statement(label="lem:many@printed", title="Toy", mark="D", tex="$a$", as_printed=True, steps=(
        Step(id="small", says="a is at most 5.", formal="for all a in 1..8: a <= 5", check=lambda: sweep(5),
             expects="refuted", mutants=(Control("limit 8", lambda: sweep(8)),)),)),
    Statement(label="lem:many", title="Toy", mark="D", tex="$a$", repairs="lem:many@printed",
              steps=(*(step(i) for i in range(6)),
                     Step(id="raises", says="It raises.", formal="x", check=raising,
                          mutants=(Mutant("m", raising),)))),
)
"""


def without_seconds(run: Run) -> list[object]:
    """Return what a run has found, apart from times and the process that found it."""
    return [
        replace(
            s, seconds=0.0, deciding=None, pieces=(), evidence=tuple(replace(e, producer="any") for e in s.evidence)
        )
        for s in run.steps
    ]


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "lem_many.py").write_text(BODY)
    calls: list[tuple[int, int, str]] = []
    alone = verify(tmp_path, workers=1)
    together = verify(tmp_path, workers=2, progress=lambda *call: calls.append(call))
    assert without_seconds(alone) == without_seconds(together)
    assert alone.problems == together.problems
    assert [r.verdict for r in alone.records] == [r.verdict for r in together.records]
    assert [call[:2] for call in calls] == [(i, 8) for i in range(9)]
    assert {call[2] for call in calls} <= {s.id for s in alone.steps}
    assert len(alone.steps) == 8
    here = {e.producer for s in alone.steps for e in s.evidence}
    there = {e.producer for s in together.steps for e in s.evidence}
    assert len(here) == 1
    assert not here & there


def test_there_is_a_worker() -> None:
    assert available_workers() >= 1
