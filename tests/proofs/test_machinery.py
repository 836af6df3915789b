"""The ledger machinery on toy ledgers: every verdict, and every way of being vacuous or wrong."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from precise import claims
from precise.claims import Run, Verdict, verify, write_lock
from precise.errors import DomainError

HEAD = """
from fractions import Fraction
from precise.claims import *
from precise.errors import UndecidedError

def sweep(top, limit, scope=None, **more):
    for a in range(1, top + 1):
        if a > limit:
            return Counterexample(values={"a": a, "limit": limit}, refutes="a > limit", lines=(f"{a} > {limit}",),
                                  order="least a", cases=a)
    return Evidence(kind=Kind.EXHAUSTIVE, scope=scope or Scope.without_p(f"a in 1..{top}"), cases=top, expected=top,
                    producer="precise-pbit", **more)

GOOD = lambda: sweep(8, 8)
BAD = lambda: sweep(8, 5)
KILLED = (Mutant("limit 7", lambda: sweep(8, 7)),)

def step(check=GOOD, id="bounded", mutants=KILLED, **more):
    return Step(id=id, says="a is at most 8.", formal="for all a in 1..8: a <= 8", check=check, mutants=mutants, **more)

def statement(*steps, label="lem:toy", **more):
    return Statement(label=label, title="Toy", mark="D", tex="$a \\\\le 8$", steps=steps or (step(),), **more)
"""


def ledger(folder: Path, **files: str) -> Path:
    """Write a ledger of one file a label and return its folder."""
    for name, body in files.items():
        (folder / f"{name}.py").write_text(HEAD + body, encoding="utf-8")
    return folder


def toy(folder: Path, body: str) -> Run:
    """Return the run of a ledger with the one label lem:toy."""
    return verify(ledger(folder, lem_toy=body))


def only(run: Run) -> tuple[Verdict, str]:
    """Return verdict and reason of the only step."""
    (step,) = run.steps
    return step.verdict, step.reason


def test_a_proved_statement(tmp_path: Path) -> None:
    run = toy(tmp_path, "STATEMENT = statement()")
    (record,) = run.records
    assert (record.verdict, record.letter, record.scope_text, record.cases) == ("proved", "X", "only a in 1..8", 8)
    assert (record.finite, run.proved_in_part()) == (True, 1)
    assert [m.by for m in record.steps[0].mutants] == ["a = 8, limit = 7"]
    assert run.problems == ()
    assert run.exit_status == 0
    assert run.counts() == {Verdict.PROVED: 1}


REFUTED = """
PRINTED = statement(step(BAD, expects="refuted", mutants=(Control("limit 8", GOOD),)), label="lem:toy@printed",
                    as_printed=True)
STATEMENTS = (statement(repairs="lem:toy@printed"), PRINTED)
"""


def test_a_refuted_statement_is_followed_by_its_repair(tmp_path: Path) -> None:
    run = toy(tmp_path, REFUTED)
    printed, repaired = run.records
    assert (printed.label, printed.verdict, printed.letter) == ("lem:toy@printed", "refuted", "C")
    assert printed.repaired_by == ("lem:toy",)
    assert (repaired.verdict, repaired.repairs) == ("proved", "lem:toy@printed")
    assert run.exit_status == 0


def test_a_refutation_that_no_longer_occurs_fails(tmp_path: Path) -> None:
    run = toy(tmp_path, REFUTED.replace("step(BAD,", "step(GOOD,"))
    assert run.exit_status == 1
    assert run.problems[0] == "lem:toy@printed/bounded: the refutation no longer occurs: proved"


def test_an_unexpected_refutation_fails(tmp_path: Path) -> None:
    run = toy(tmp_path, "STATEMENT = statement(step(BAD))")
    assert run.records[0].verdict is Verdict.REFUTED
    assert run.problems == ("lem:toy/bounded: refuted at a = 6, limit = 5",)


def test_repairs_must_name_a_refuted_form(tmp_path: Path) -> None:
    assert "repairs must name" in toy(tmp_path, 'STATEMENT = statement(repairs="lem:toy@printed")').problems[0]


EVIDENCE = 'Evidence(kind=Kind.{kind}, scope={scope}, cases=1, producer="x", note="Lemma 3.1"{more})'


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ("lambda: None", "a check must return evidence; got None"),
        ("lambda: True", "a check must return evidence; got True"),
        ("lambda: [GOOD(), 3]", "a check must return evidence; got int"),
        ("lambda: 1 // 0", "ZeroDivisionError: integer division or modulo by zero"),
        ("lambda: exit(0)", "SystemExit: 0"),
        ("lambda: sweep(0, 8)", "DomainError: Evidence: cases must be at least 1; got 0"),
        ("lambda: sweep(8, 8, cells=('other',))", "cells not declared were reached: other"),
        ("lambda: (GOOD(), BAD())", "a counterexample and a proof meet in one step: a tool is wrong"),
        ("lambda: Counterexample(values={'a': 0.5}, refutes='a > 0')", "must be exact; got float 0.5"),
        ("lambda: Counterexample(values={'a': 1}, refutes='a > 1')", "'a > 1' must hold at a = 1; got the opposite"),
        ("lambda: " + EVIDENCE.format(kind="EXHAUSTIVE", scope="Scope.all_p()", more=""), "must give the expected"),
        ("lambda: " + EVIDENCE.format(kind="SMT", scope="Scope.all_p()", more=""), "confirmed by a second solver"),
        ("lambda: " + EVIDENCE.format(kind="CERTIFICATE", scope="Scope.all_p()", more=""), "carry a certificate"),
        ("lambda: " + EVIDENCE.format(kind="KERNEL", scope="Scope.all_p()", more=""), "must name its proof script"),
        (
            "lambda: "
            + EVIDENCE.format(kind="KERNEL", scope="Scope.all_p()", more=', artefact="a.v", axioms=("magic",)'),
            "axioms must be on the list of known ones; got magic",
        ),
        ("lambda: " + EVIDENCE.format(kind="COUNTEREXAMPLE", scope="Scope.all_p()", more=""), "got kind C"),
    ],
)
def test_a_check_without_proper_evidence_is_an_error(tmp_path: Path, check: str, reason: str) -> None:
    run = toy(tmp_path, f"STATEMENT = statement(step({check}))")
    verdict, why = only(run)
    assert verdict is Verdict.ERROR
    assert reason in why
    assert "\n" not in why
    assert run.exit_status == 1


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ('step(cells=("zero", "normal"))', "declared cells were not reached: zero, normal"),
        ("step(mutants=())", "vacuous: the step has no mutant"),
        ('step(mutants=(Control("same", GOOD),))', "vacuous: the step has no mutant"),
        ('step(mutants=(*KILLED, Mutant("same", GOOD)))', "vacuous: mutant 'same' survives (not refuted)"),
        ('step(mutants=(Mutant("crash", lambda: 1 // 0),))', "vacuous: mutant 'crash' survives (error: ZeroDivision"),
        ('step(BAD, expects="refuted")', "vacuous: the step has no control"),
        (
            'step(BAD, expects="refuted", mutants=(Control("worse", BAD),))',
            "vacuous: control 'worse' fails (refuted at",
        ),
        (
            'step(lambda: Counterexample(values={"a": 1}, refutes="a > 0"), expects="refuted")',
            "a counterexample must have lines and the order in which it is least",
        ),
        ('step(hypotheses=("a >= 9",), witness={"a": 8})', "the witness does not satisfy: a >= 9"),
        ('step(hypotheses=("a >= 9",))', "the witness cannot be evaluated"),
        (
            'step(hypotheses=(Hypothesis("a is even", lambda w: w["a"] % 2 == 0),), witness={"a": 7})',
            "the witness does not satisfy: a is even",
        ),
    ],
)
def test_a_vacuous_step_is_an_error(tmp_path: Path, declared: str, reason: str) -> None:
    verdict, why = only(toy(tmp_path, f"STATEMENT = statement({declared})"))
    assert verdict is Verdict.ERROR
    assert reason in why


@pytest.mark.parametrize(
    ("check", "verdict", "reason"),
    [
        ("lambda: sweep(8, 8, Scope.listed_p((8, 11)))", "proved for listed p only", ""),
        ("lambda: sweep(8, 8, Scope.all_p(2))", "proved", ""),
        ("lambda: sweep(8, 8, needs='no underflow')", "needs a side condition", "needs: no underflow"),
        ("lambda: " + EVIDENCE.format(kind="ASSUMED", scope="Scope.all_p()", more=""), "assumed", "Lemma 3.1"),
        ("lambda: " + EVIDENCE.format(kind="SAMPLED", scope="Scope.all_p()", more=", seed=5"), "not refuted", "seed 5"),
        ("lambda: sweep(8, 8, Scope.listed_p((8,)) & Scope.all_p(9))", "inconclusive", "no precision is left"),
        ("lambda: [" + EVIDENCE.format(kind="SAMPLED", scope="Scope.all_p()", more="") + ", GOOD()]", "proved", ""),
    ],
)
def test_the_verdict_follows_from_the_evidence(tmp_path: Path, check: str, verdict: str, reason: str) -> None:
    found, why = only(toy(tmp_path, f"STATEMENT = statement(step({check}))"))
    assert found == verdict
    assert reason in why


@pytest.mark.parametrize("error", ["UndecidedError('width 512')", "TimeoutError('600 s')", "MemoryError()"])
def test_giving_up_is_inconclusive_and_fails_unless_locked(tmp_path: Path, error: str) -> None:
    body = f"def give_up(): raise {error}\nSTATEMENT = statement(step(give_up))"
    run = toy(tmp_path, body)
    assert only(run)[0] is Verdict.INCONCLUSIVE
    assert run.exit_status == 1
    write_lock(run)
    assert verify(tmp_path).exit_status == 0


def test_a_parent_is_no_better_than_what_it_uses(tmp_path: Path) -> None:
    source = 'cited(id="c", says="Known.", formal="TC0 is in NC1", source="Barrington 1989, Theorem 1")'
    folder = ledger(
        tmp_path,
        lem_b=f'STATEMENT = statement({source}, label="lem:b")',
        lem_c='STATEMENT = statement(step(lambda: sweep(8, 8, Scope.listed_p((8, 11)))), label="lem:c")',
        lem_toy='STATEMENT = statement(step(lambda: sweep(8, 8, Scope.all_p(9))), uses=("lem:b", "lem:c"))',
    )
    record = {r.label: r for r in verify(folder).records}["lem:toy"]
    assert (record.verdict, record.letter, record.scope_text) == ("assumed", "A", "p = 11")
    assert record.reason == "rests on lem:b (assumed)"
    assert record.rests_on == ("cited: Barrington 1989, Theorem 1",)


@pytest.mark.parametrize(
    ("used", "word"),
    [
        ("statement(step(BAD), label='lem:b')", "refuted"),
        ("statement(step(lambda: None), label='lem:b')", "error"),
        ("None", "error"),
    ],
)
def test_a_parent_of_what_fails_is_inconclusive(tmp_path: Path, used: str, word: str) -> None:
    folder = ledger(tmp_path, lem_toy='STATEMENT = statement(uses=("lem:b",))', lem_b=f"STATEMENT = {used}")
    catalogue = 'CATALOGUE = (Entry("lem:b", "B", "D", "work"), Entry("lem:toy", "Toy", "D", "work"))'
    ledger(tmp_path, catalogue=catalogue)
    record = {r.label: r for r in verify(folder).records}["lem:toy"]
    assert (record.verdict, record.reason) == ("inconclusive", f"rests on lem:b ({word})")


def test_scopes_that_do_not_meet_are_inconclusive(tmp_path: Path) -> None:
    steps = ", ".join(f"step(lambda: sweep(8, 8, Scope.listed_p(({p},))), id='p{p}')" for p in (8, 11))
    record = toy(tmp_path, f"STATEMENT = statement({steps})").records[0]
    assert (record.verdict, record.reason) == (
        "inconclusive",
        "no precision is common to all steps and dependencies",
    )


def test_open_labels_come_from_the_catalogue(tmp_path: Path) -> None:
    catalogue = 'CATALOGUE = (Entry("lem:far", "Far", "M", "a circuit"), Entry("lem:toy", "Toy", "D", "work"))'
    run = verify(ledger(tmp_path, catalogue=catalogue, lem_toy='STATEMENT = statement(uses=("lem:far",))'))
    far, record = run.records
    assert (far.verdict, far.reason) == ("open", "no file yet: needs a circuit")
    assert (record.verdict, record.reason) == ("inconclusive", "rests on lem:far (open)")
    assert record.rests_on == ("open: lem:far",)
    assert run.exit_status == 0


def test_a_cycle_is_an_error(tmp_path: Path) -> None:
    folder = ledger(
        tmp_path,
        lem_a='STATEMENT = statement(label="lem:a", uses=("lem:b",))',
        lem_b='STATEMENT = statement(label="lem:b", uses=("lem:a",))',
    )
    run = verify(folder)
    assert {r.verdict for r in run.records} == {Verdict.ERROR}
    assert run.problems[0] == "lem:a: error: uses form a cycle: lem:a -> lem:b -> lem:a"


def test_an_unknown_label_is_an_error(tmp_path: Path) -> None:
    run = toy(tmp_path, 'STATEMENT = statement(uses=("lem:nowhere",))')
    assert run.problems == ("lem:toy: error: uses must name known labels; got lem:nowhere",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("1 // 0", "lem_toy.py: ZeroDivisionError"),
        ("", "must define STATEMENT or STATEMENTS"),
        ("STATEMENTS = ()", "STATEMENTS must be statements, at least one"),
        ('STATEMENT = statement(label="lem:other")', "lem:other must be in lem_other.py"),
        ("STATEMENTS = (statement(), statement())", "lem:toy is also in lem_toy.py"),
        ('STATEMENT = statement(label="toy")', "label must be kind:name[@form]; got 'toy'"),
        ("STATEMENT = statement(step(), step())", "ids of steps must differ"),
        ('STATEMENT = statement(step(id="Not An Id"))', "id must be words joined by hyphens"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, body: str, reason: str) -> None:
    run = toy(tmp_path, body)
    assert run.exit_status == 1
    assert any(reason in problem for problem in run.problems)
    assert not any("\n" in problem for problem in run.problems)


def test_an_empty_ledger_fails(tmp_path: Path) -> None:
    assert verify(tmp_path).problems == ("the ledger has no steps to run",)
    with pytest.raises(DomainError, match="must be a folder"):
        verify(tmp_path / "nowhere")


def test_selected_labels_bring_what_they_rest_on(tmp_path: Path) -> None:
    folder = ledger(
        tmp_path,
        lem_a='STATEMENT = statement(label="lem:a")',
        lem_b='STATEMENT = statement(label="lem:b", uses=("lem:a",))',
        lem_toy=REFUTED,
    )
    seen: list[tuple[int, int, str]] = []
    run = verify(folder, ["lem:b"], progress=lambda *at: seen.append(at))
    assert [r.label for r in run.records] == ["lem:a", "lem:b"]
    assert seen == [(0, 2, "lem:a/bounded"), (1, 2, "lem:b/bounded")]
    assert [r.label for r in verify(folder, ["lem:toy"]).records] == ["lem:toy@printed", "lem:toy"]
    with pytest.raises(DomainError, match="labels must be in the ledger; got 'lem:none'"):
        verify(folder, ["lem:none"])


def test_the_example_of_the_documentation_runs(tmp_path: Path) -> None:
    example = textwrap.dedent((claims.__doc__ or "").split("::\n\n", 1)[1].partition("\nRules.")[0])
    (tmp_path / "lem_floor.py").write_text(example)
    run = verify(tmp_path)
    assert [(r.label, r.verdict) for r in run.records] == [("lem:floor@printed", "refuted"), ("lem:floor", "proved")]
    assert run.exit_status == 0


def test_a_file_may_define_dataclasses(tmp_path: Path) -> None:
    body = "from __future__ import annotations\nfrom dataclasses import dataclass\n" + HEAD
    body += "@dataclass\nclass Pair:\n    a: int\nSTATEMENT = statement()"
    (tmp_path / "lem_toy.py").write_text(body)
    assert verify(tmp_path).exit_status == 0


def test_a_required_kind(tmp_path: Path) -> None:
    ledger(tmp_path, lem_toy=REFUTED)
    assert verify(tmp_path, require="exhaustive").exit_status == 0
    problem = "lem:toy/bounded: the kind must be certificate or stronger; got exhaustive"
    assert verify(tmp_path, require="certificate").problems == (problem,)
    with pytest.raises(DomainError, match="must be one of kernel"):
        verify(tmp_path, require="hearsay")


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s.replace("formal=", 'formal="changed: " + '), "lem:toy/bounded: stale: the statement changed"),
        (lambda s: s.replace("sweep(8, 8)", "sweep(7, 7)").replace("sweep(8, 7)", "sweep(7, 6)"), "scope (a in 1..8)"),
        (lambda s: s.replace("Scope.without_p(f", "Scope.listed_p((8,), f"), "proved has become proved for listed"),
        (lambda s: s.replace("Kind.EXHAUSTIVE", "Kind.IDENTITY"), "kind X has become Y"),
        (lambda s: s.replace('id="bounded"', 'id="renamed"'), "lem:toy/bounded: in the lock, but missing"),
        (lambda s: s + "\nSTATEMENT = statement(step(), step(id='new'))", "lem:toy/new: not in the lock"),
    ],
)
def test_the_lock_finds_what_was_lost(tmp_path: Path, change: Change, problem: str) -> None:
    run = toy(tmp_path, "STATEMENT = statement()")
    write_lock(run)
    assert verify(tmp_path).exit_status == 0
    path = tmp_path / "lem_toy.py"
    path.write_text(change(path.read_text()))
    run = verify(tmp_path)
    assert run.exit_status == 1
    assert any(problem in line for line in run.problems)
    stale = "stale" in problem
    assert (run.steps[0].verdict is Verdict.STALE) == stale
    write_lock(run)
    renewed = verify(tmp_path)
    assert (renewed.exit_status, renewed.notes) == (0, ())


def test_the_lock_asks_for_an_update_when_stronger(tmp_path: Path) -> None:
    weak = "STATEMENT = statement(step(lambda: sweep(8, 8, Scope.listed_p((8,)))))"
    write_lock(toy(tmp_path, weak))
    run = toy(tmp_path, weak.replace("Scope.listed_p((8,))", "Scope.all_p()"))
    assert run.exit_status == 0
    assert "stronger than the lock: proved for listed p only [X] (p = 8) is now proved [X] (all p)" in run.notes[0]


def test_the_lock_is_stable_and_refuses_bad_runs(tmp_path: Path) -> None:
    run = toy(tmp_path, REFUTED)
    text = write_lock(run).read_text()
    assert write_lock(verify(tmp_path)).read_text() == text
    ids = [json.loads(line)["id"] for line in text.splitlines()]
    assert ids == sorted(ids)
    assert len(ids) == 4
    with pytest.raises(DomainError, match="must be of the whole ledger"):
        write_lock(verify(tmp_path, ["lem:toy"]))
    with pytest.raises(DomainError, match="must have no errors"):
        write_lock(toy(tmp_path, "STATEMENT = statement(step(lambda: None))"))
    (tmp_path / "ledger.lock").write_text("not a lock\n")
    assert "a line must be written by write_lock" in toy(tmp_path, REFUTED).problems[0]
