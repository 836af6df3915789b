"""Tiers: what runs, what the lock holds of the rest, and what a missing tool does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy_ledgers import TIERS, write

from precise.claims import Kind, Run, Tier, Verdict, verify, write_lock
from precise.errors import DomainError

BOTH = (Tier.FULL, Tier.KERNEL)


def reached(run: Run) -> dict[str, tuple[str, str, str, bool]]:
    """Return verdict, letter, scope and whether it was re-run here, for each step and statement."""
    rows = [*run.records, *run.steps]
    names = [r.label for r in run.records] + [s.id for s in run.steps]
    return {name: (r.verdict.value, r.letter, str(r.scope or ""), r.rerun) for name, r in zip(names, rows, strict=True)}


def ran(run: Run) -> dict[str, bool]:
    """Return which checks ran."""
    return {piece.id: piece.ran for step in run.steps for piece in step.pieces}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write(tmp_path / "toy", TIERS)


@pytest.fixture
def locked(ledger: Path) -> Path:
    write_lock(verify(ledger, tiers=BOTH))
    return ledger


IDS = ["lem:toy/bounded", "lem:toy/bounded+kernel", "lem:toy/bounded+full", "lem:toy/by-kernel"]


@pytest.mark.parametrize(
    ("tiers", "those"),
    [((), IDS[:1]), (["full"], [IDS[0], IDS[2]]), ([Tier.KERNEL], [IDS[0], IDS[1], IDS[3]]), (BOTH, IDS)],
)
def test_the_checks_of_the_tiers_asked_for_run(ledger: Path, tiers: tuple[Tier, ...], those: list[str]) -> None:
    run = verify(ledger, tiers=tiers)
    assert {id for id, did in ran(run).items() if did} == set(those)
    assert list(ran(run)) == IDS
    assert run.exit_status == 0
    assert run.tiers == tuple(t for t in Tier if t is Tier.QUICK or t in {Tier(x) for x in tiers})


def test_an_unknown_tier(ledger: Path) -> None:
    with pytest.raises(DomainError, match="tiers must be among quick, full, kernel; got 'slow'"):
        verify(ledger, tiers=("slow",))


def test_the_strongest_piece_counts_and_all_are_shown(ledger: Path) -> None:
    run = verify(ledger, tiers=BOTH)
    assert reached(run) == {
        "lem:toy": ("proved", "K", "p >= 2", True),
        "lem:toy/bounded": ("proved", "K", "p >= 2", True),
        "lem:toy/by-kernel": ("proved", "K", "p >= 2", True),
    }
    first = run.steps[0]
    assert [e.kind for e in first.evidence] == [Kind.EXHAUSTIVE, Kind.KERNEL, Kind.EXHAUSTIVE]
    assert len(first.mutants) == 3


def test_without_a_lock_what_did_not_run_is_open(ledger: Path) -> None:
    run = verify(ledger)
    assert reached(run) == {
        "lem:toy": ("open", "", "", False),
        "lem:toy/bounded": ("proved", "X", "a in 1..8", True),
        "lem:toy/by-kernel": ("open", "", "", False),
    }
    why = "not re-run here (tier not asked for: precise verify lem:toy --tier kernel)"
    assert (run.steps[1].reason, run.records[0].reason) == (why, why)
    assert run.problems == ()


def test_the_lock_speaks_for_what_did_not_run(locked: Path) -> None:
    run = verify(locked)
    assert reached(run) == {
        "lem:toy": ("proved", "K", "p >= 2", False),
        "lem:toy/bounded": ("proved", "K", "p >= 2", False),
        "lem:toy/by-kernel": ("proved", "K", "p >= 2", False),
    }
    assert [s.here for s in run.steps] == [Verdict.PROVED, None]
    assert [s.kind_here for s in run.steps] == [Kind.EXHAUSTIVE, None]
    assert (run.problems, run.notes) == ((), ())


def test_what_runs_here_with_the_whole_scope_is_told_apart_from_what_does_not(tmp_path: Path) -> None:
    body = "STATEMENT = statement(step(lambda: sweep(8, 8, Scope.all_p(2)), further=(PROVED,)))"
    ledger = write(tmp_path / "toy", body)
    write_lock(verify(ledger, tiers=BOTH))
    (found,) = verify(ledger).steps
    assert (found.letter, found.rerun) == ("K", True)


@pytest.mark.parametrize("tiers", [(), BOTH])
def test_a_missing_tool_is_no_failure(locked: Path, tiers: tuple[Tier, ...]) -> None:
    (locked / ".no-tool").touch()
    run = verify(locked, tiers=tiers)
    assert reached(run)["lem:toy/by-kernel"] == ("proved", "K", "p >= 2", False)
    assert run.problems == ()
    words = "tool missing: coqc is not on the path" if tiers else "tier not asked for"
    assert [words in piece.not_run for s in run.steps for piece in s.pieces if piece.tier is Tier.KERNEL] == [True] * 2


def test_missing_tools_can_be_made_to_fail(locked: Path) -> None:
    assert verify(locked, tiers=("kernel",), need_tools=True).exit_status == 0
    (locked / ".no-tool").touch()
    assert verify(locked, need_tools=True).exit_status == 0
    assert verify(locked, tiers=("kernel",), need_tools=True).problems == (
        "lem:toy/bounded+kernel: not re-run here (tool missing: coqc is not on the path)",
        "lem:toy/by-kernel: not re-run here (tool missing: coqc is not on the path)",
    )


def test_a_tool_that_only_a_mutant_misses_leaves_the_check_not_run(tmp_path: Path) -> None:
    body = """
def second(): raise MissingToolError("no second solver")
STATEMENT = statement(step(mutants=(*KILLED, Mutant("other", second))))
"""
    (found,) = verify(write(tmp_path / "toy", body)).steps
    assert (found.verdict, found.mutants) == (Verdict.OPEN, ())
    assert found.reason == "not re-run here (tool missing: no second solver)"


def test_the_lock_has_a_line_for_each_piece(locked: Path) -> None:
    lines = [json.loads(line) for line in (locked / "ledger.lock").read_text().splitlines()]
    assert [line["id"] for line in lines] == sorted(["lem:toy", *IDS])
    kinds = {line["id"]: (line["kind"], line["hash"] == "") for line in lines}
    assert kinds == {
        "lem:toy": ("K", True),
        "lem:toy/bounded": ("X", False),
        "lem:toy/bounded+full": ("X", False),
        "lem:toy/bounded+kernel": ("K", False),
        "lem:toy/by-kernel": ("K", False),
    }


def test_a_quick_run_keeps_the_lines_of_other_tiers(locked: Path) -> None:
    before = (locked / "ledger.lock").read_bytes()
    write_lock(verify(locked))
    assert (locked / "ledger.lock").read_bytes() == before
    (locked / ".no-tool").touch()
    write_lock(verify(locked, tiers=BOTH))
    assert (locked / "ledger.lock").read_bytes() == before


def test_a_quick_run_drops_the_lines_of_a_statement_that_changed(locked: Path) -> None:
    path = locked / "lem_toy.py"
    path.write_text(path.read_text().replace('formal="for all', 'formal="changed: for all'))
    run = verify(locked)
    assert run.exit_status == 1
    for id in IDS[1:]:
        assert any(p.startswith(f"{id}: stale: the statement changed, and not re-run here") for p in run.problems)
    assert [s.verdict for s in run.steps] == [Verdict.STALE, Verdict.STALE]
    assert [s.found for s in run.steps] == [Verdict.PROVED, Verdict.OPEN]
    write_lock(run)
    ids = [json.loads(line)["id"] for line in (locked / "ledger.lock").read_text().splitlines()]
    assert ids == ["lem:toy", "lem:toy/bounded"]


@pytest.mark.parametrize(
    ("old", "new", "tiers", "problem"),
    [
        ("Scope.all_p(2), Kind", "Scope.all_p(3), Kind", BOTH, "lem:toy/bounded+kernel: scope (p >= 2) has become"),
        ("Kind.KERNEL, artefact", "Kind.IDENTITY, artefact", BOTH, "lem:toy/by-kernel: kind K has become Y"),
        ("sweep(20, 20)", "sweep(19, 19)", BOTH, "lem:toy/bounded+full: scope (a in 1..20) has become (a in 1..19)"),
        ("further=(PROVED, WIDE)", "further=(PROVED,)", (), "lem:toy/bounded+full: in the lock, but missing"),
        ("sweep(20, 20)", "sweep(20, 18)", BOTH, "a counterexample and a proof meet in one step: a tool is wrong"),
        ("GOOD = lambda: sweep(8, 8)", "GOOD = lambda: sweep(8, 7)", (), "a counterexample and a proof meet"),
        ('mutants=(Mutant("limit 7", lambda: sweep(20, 7)),)', "", ("full",), "+full: error: vacuous"),
    ],
)
def test_each_piece_is_held_to_its_line(
    locked: Path, old: str, new: str, tiers: tuple[Tier, ...], problem: str
) -> None:
    path = locked / "lem_toy.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    run = verify(locked, tiers=tiers)
    assert run.exit_status == 1
    assert any(problem in line for line in run.problems)


def test_a_weaker_piece_of_another_tier_does_not_hurt_where_it_does_not_run(locked: Path) -> None:
    path = locked / "lem_toy.py"
    path.write_text(path.read_text().replace("sweep(20, 20)", "sweep(19, 19)"))
    assert verify(locked).exit_status == 0


def test_a_new_piece_must_be_locked_when_it_has_run(locked: Path) -> None:
    path = locked / "lem_toy.py"
    path.write_text(path.read_text().replace("further=(PROVED, WIDE)", "further=(PROVED, WIDE, WIDE)"))
    assert verify(locked).exit_status == 0
    assert verify(locked, tiers=BOTH).problems == ("lem:toy/bounded+full-2: not in the lock; update the lock",)


def test_a_piece_that_gives_up_is_named_even_if_another_proves(tmp_path: Path) -> None:
    body = """
def give_up(): raise UndecidedError("width 512")
STATEMENT = statement(step(further=(Further(tier=Tier.FULL, check=give_up),)))
"""
    run = verify(write(tmp_path / "toy", body), tiers=BOTH)
    assert run.steps[0].verdict is Verdict.PROVED
    assert run.problems == ("lem:toy/bounded+full: inconclusive: width 512",)


def test_cells_of_a_further_check(tmp_path: Path) -> None:
    body = """
def cells(*names): return lambda: sweep(8, 8, cells=names)
def more(check, cells=()): return (Further(tier=Tier.FULL, check=check, mutants=KILLED, cells=cells),)
STATEMENT = statement(
    step(cells("one", "two"), id="some", cells=("one", "two"), further=more(cells("one"))),
    step(cells("one"), id="foreign", cells=("one",), further=more(cells("other"))),
    step(id="own", further=more(cells("other"), ("other",))),
    step(id="missed", further=more(GOOD, ("other",))))
"""
    run = verify(write(tmp_path / "toy", body), tiers=BOTH)
    assert [s.verdict.value for s in run.steps] == ["proved", "error", "proved", "error"]
    assert run.problems[:2] == (
        "lem:toy/foreign+full: error: cells not declared were reached: other",
        "lem:toy/missed+full: error: declared cells were not reached: other",
    )


def test_hypotheses_are_tried_even_if_the_check_does_not_run(tmp_path: Path) -> None:
    body = 'STATEMENT = statement(step(tier=Tier.KERNEL, hypotheses=("a >= 9",), witness={"a": 8}))'
    run = verify(write(tmp_path / "toy", body))
    assert run.problems == ("lem:toy/bounded: error: the witness does not satisfy: a >= 9",)


def test_a_required_kind_must_be_reached_here(locked: Path) -> None:
    assert verify(locked, require="kernel", tiers=("kernel",)).exit_status == 0
    assert verify(locked, require="exhaustive").problems == (
        "lem:toy/by-kernel: the kind must be exhaustive or stronger; got nothing, not re-run here "
        "(tier not asked for: precise verify lem:toy --tier kernel)",
    )
    problems = verify(locked, require="kernel").problems
    assert [p.partition(": ")[0] for p in problems] == ["lem:toy/bounded", "lem:toy/by-kernel"]
    assert "got exhaustive, not re-run here" in problems[0]


def test_a_refutation_that_only_the_lock_holds(tmp_path: Path) -> None:
    body = """
STATEMENT = statement(step(BAD, expects="refuted", tier=Tier.FULL, mutants=(Control("limit 8", GOOD),)),
                      label="lem:toy@printed", as_printed=True)
"""
    ledger = write(tmp_path / "toy", body)
    assert verify(ledger).problems == ()
    write_lock(verify(ledger, tiers=BOTH))
    run = verify(ledger)
    assert (run.records[0].verdict, run.records[0].letter, run.records[0].rerun) == (Verdict.REFUTED, "C", False)
    assert run.problems == ()


@pytest.mark.parametrize("line", [{"kind": "T"}, {"kind": "A"}, {"kind": ""}, {"scope": None}])
def test_a_lock_that_calls_samples_or_nothing_a_proof_is_refused(locked: Path, line: dict[str, str | None]) -> None:
    path = locked / "ledger.lock"
    lines = [json.loads(text) for text in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(x | line if x["id"] == IDS[3] else x) + "\n" for x in lines))
    run = verify(locked)
    assert run.problems == (
        "ledger.lock: lock: what is proved must have a kind that proves, and a scope; got lem:toy/by-kernel: "
        f"proved [{line.get('kind', 'K') or '-'}] ({'no scope' if 'scope' in line else 'p >= 2'})",
    )
    assert run.steps[1].verdict is Verdict.OPEN


def test_a_star_is_kept_in_the_lock(tmp_path: Path) -> None:
    body = TIERS.replace(
        "kernel, id", 'lambda: sweep(8, 8, kind=Kind.KERNEL, artefact="a.v", axioms=("PrimFloat.x",)), id'
    )
    ledger = write(tmp_path / "toy", body)
    write_lock(verify(ledger, tiers=BOTH))
    assert verify(ledger).steps[1].letter == "K*"


def test_what_rests_on_a_step_that_did_not_run_is_not_called_re_run(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", TIERS)
    write(ledger, 'STATEMENT = statement(label="lem:b", uses=("lem:toy",))', "lem_b")
    write_lock(verify(ledger, tiers=BOTH))
    assert {r.label: r.rerun for r in verify(ledger).records} == {"lem:toy": False, "lem:b": False}
    assert {r.label: r.rerun for r in verify(ledger, tiers=BOTH).records} == {"lem:toy": True, "lem:b": True}
