"""The counts of the summary, on a ledger with one step of each sort."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_ledgers import TIERS, write

from precise.claims import Run, verify, write_lock
from precise.claims.tally import Reach, Tally, not_rerun, reach, repaired, tally
from precise.report import document
from precise.report.summary import summary_lines

SORTS = """
def proof(scope, kind=Kind.IDENTITY): return lambda: sweep(8, 8, scope, kind, artefact="a")
def question(): raise OpenQuestionError("nobody knows")
def sampled(): return sweep(8, 8, Scope.all_p(), Kind.SAMPLED, seed=1)
def pair(): return (sweep(8, 8, Scope.all_p(2)), sweep(8, 8, Scope.all_p(2), Kind.IDENTITY))
CHECKS = {
    "every-p": proof(Scope.all_p(2)),
    "every-p-by-certificate": proof(Scope.all_p(2), Kind.CERTIFICATE),
    "every-p-few-shapes": proof(Scope.all_p(2, "n <= 3")),
    "no-p": proof(Scope.without_p()),
    "beside-a-stronger-kind": pair,
    "listed-p": proof(Scope.listed_p((8, 11))),
    "all-cases": GOOD,
    "all-cases-of-every-p": proof(Scope.all_p(2), Kind.EXHAUSTIVE),
    "sampled": sampled,
}
PRINTED = statement(step(BAD, id="small", expects="refuted", mutants=(Control("limit 8", GOOD),)),
                    label="lem:toy@printed", as_printed=True)
ALONE = statement(step(BAD, id="small", expects="refuted", mutants=(Control("limit 8", GOOD),)), label="lem:toy@alone")
STATEMENTS = (PRINTED, ALONE, statement(step(), repairs="lem:toy@printed"), statement(
    *(step(check, id=id) for id, check in CHECKS.items()), step(kernel, id="not-run", tier=Tier.KERNEL),
    step(question, id="question"),
    cited(id="known", says="Known.", formal="TC0 is in NC1", source="Barrington 1989"), label="lem:toy@sorts"))
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return verify(write(tmp_path / "toy", SORTS))


def test_statements_and_steps_are_counted(run: Run) -> None:
    assert tally(run.records) == Tally(1, 0, 2, 0, 1, 0)
    assert tally(run.steps) == Tally(9, 0, 2, 1, 2, 1)
    assert str(tally(run.steps)) == "9 proved (9 re-run here, 0 not re-run here), 2 refuted, 1 assumed, 2 open, 1 other"
    assert repaired(run) == 1
    assert [len(counts) for counts in not_rerun(run)] == [1, 0]


def test_the_reach_of_the_proofs(run: Run) -> None:
    found = reach(run.steps)
    assert found == Reach(provable=11, every_p=5, unlimited=4, ranged=4)
    assert (found.percent(found.every_p), found.percent(found.ranged)) == (45, 36)
    assert str(found).endswith("4 (36 %) over a stated range; 2 not")
    assert Reach(0, 0, 0, 0).percent(0) == 0
    assert Reach(1000, 799, 0, 0).percent(799) == 79


def test_the_document_has_the_same_counts(run: Run) -> None:
    data = document(run)["summary"]
    assert data == {
        "statements": {
            "proved": 1, "proved_rerun_here": 1, "proved_not_rerun_here": 0,
            "refuted": 2, "assumed": 0, "open": 1, "other": 0, "repaired": 1,
        },
        "steps": {
            "proved": 9, "proved_rerun_here": 9, "proved_not_rerun_here": 0,
            "refuted": 2, "assumed": 1, "open": 2, "other": 1,
        },
        "reach": {
            "provable": 11, "every_p": 5, "every_p_percent": 45, "without_further_limits": 4,
            "stated_range": 4, "stated_range_percent": 36,
        },
        "reach_of_code": {
            "provable": 0, "every_p": 0, "every_p_percent": 0, "without_further_limits": 0,
            "stated_range": 0, "stated_range_percent": 0,
        },
    }  # fmt: skip


def test_what_the_package_computes_is_counted_apart(tmp_path: Path) -> None:
    body = """
STATEMENTS = (
    statement(step(GOOD, id="claim"), step(GOOD, id="run", of_code=True)),
    statement(step(GOOD, id="other-run"), label="lem:toy@code", of_code=True),
)
"""
    run = verify(write(tmp_path / "toy", body))
    assert [step.id for step in run.steps if step.of_code] == ["lem:toy/run", "lem:toy@code/other-run"]
    data = document(run)["summary"]
    assert [data[key]["provable"] for key in ("reach", "reach_of_code")] == [1, 2]
    assert any(line.startswith("Code: of 2 further steps") for line in summary_lines(run))


def test_a_step_whose_proof_is_contradicted_counts_for_nothing(tmp_path: Path) -> None:
    body = """
IDENTITY = lambda: sweep(8, 8, Scope.all_p(2), Kind.IDENTITY)
STATEMENT = statement(step(IDENTITY, further=(Further(tier=Tier.FULL, check=BAD),)))
"""
    run = verify(write(tmp_path / "toy", body), tiers=("full",))
    assert tally(run.steps) == Tally(0, 0, 0, 0, 0, 1)
    assert reach(run.steps) == Reach(1, 0, 0, 0)


def test_what_only_the_lock_holds_is_told_apart(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", TIERS)
    write_lock(verify(ledger, tiers=("full", "kernel")))
    run = verify(ledger)
    assert (tally(run.records), tally(run.steps)) == (Tally(0, 1, 0, 0, 0, 0), Tally(0, 2, 0, 0, 0, 0))
    assert reach(run.steps) == Reach(2, 2, 2, 0)
