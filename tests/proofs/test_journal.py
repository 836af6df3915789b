"""The journal: a run goes on where it was stopped, whatever was torn, and ends with the same document."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toy_ledgers import MANY, runs, write

import precise
from precise.claims import Run, verify
from precise.claims.discovery import read_ledger
from precise.claims.journal import HEADER, cache_folder, checksum
from precise.claims.sources import files_digest, sources_digest
from precise.errors import DomainError
from precise.report import document

SEED = 20261122
HERE = {**os.environ, "PYTHONPATH": str(Path(precise.__file__).parents[1])}
"""So that processes run the package of this test."""
IDS = [f"lem:toy/bounded-{i}{plus}" for i in range(4) for plus in ("", "+full")] + ["lem:toy@printed/small"]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write(tmp_path / "toy", MANY)


def again(ledger: Path, state: Path, **more: Any) -> Run:
    """Return a run of the full tier with a journal."""
    return verify(ledger, tiers=("full",), state=state, **more)


def text(run: Run) -> str:
    """Return the document of a run without times."""
    return json.dumps(document(run, seconds=False))


def test_a_second_run_redoes_nothing(ledger: Path, tmp_path: Path) -> None:
    state = tmp_path / "journal"
    first = again(ledger, state)
    done = runs(ledger)
    assert (len(done), first.resumed) == (8, 0)
    second = again(ledger, state)
    assert (runs(ledger), second.resumed) == (done, 9)
    assert text(first) == text(second) == text(verify(ledger, tiers=("full",)))
    lines = [json.loads(line) for line in state.read_text().splitlines()]
    assert sorted(line["record"]["id"] for line in lines[1:]) == sorted(IDS)
    quick = verify(ledger, state=state)
    assert (quick.resumed, len(quick.steps[0].pieces)) == (5, 1)


def test_a_fresh_run_redoes_everything(ledger: Path, tmp_path: Path) -> None:
    state = tmp_path / "journal"
    again(ledger, state)
    assert again(ledger, state, fresh=True).resumed == 0
    assert len(runs(ledger)) == 16
    assert len(state.read_text().splitlines()) == 10
    assert again(ledger, state).resumed == 9


@pytest.mark.parametrize("part", range(4))
def test_a_journal_cut_at_any_byte_is_taken_as_far_as_it_goes(ledger: Path, tmp_path: Path, part: int) -> None:
    state = tmp_path / "journal"
    whole = text(again(ledger, state))
    content = state.read_bytes()
    ends = [i + 1 for i, byte in enumerate(content) if byte == ord("\n")]
    random_cuts = random.Random(SEED + part).sample(range(len(content)), 5)
    exact = [*range(3), *(end + d for end in ends for d in (-2, -1, 0, 1))][part::4]
    for cut in sorted({*random_cuts, *(c for c in exact if c <= len(content))}):
        state.write_bytes(content[:cut])
        before = len(runs(ledger))
        run = again(ledger, state)
        # A line counts once its last brace is there, with or without the newline.
        complete = sum(end - 1 <= cut for end in ends[1:])
        assert run.resumed == complete, f"seed {SEED + part}, cut at {cut}"
        kept = sum(json.loads(line)["record"]["id"] != IDS[-1] for line in content.split(b"\n")[1 : complete + 1])
        assert len(runs(ledger)) - before == 8 - kept
        assert text(run) == whole
        assert again(ledger, state).resumed == 9


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace(b'"cases": 20', b'"cases": 21').replace(b'"expected": 20', b'"expected": 21'),
        lambda line: line.replace(b'"found": "proved"', b'"found": "open"'),
        lambda line: line[:-30] + line[-20:],
        lambda line: b"\x00" * len(line),
        lambda line: b"[]",
        lambda line: b'{"sum": 1}',
        lambda line: line + line,
    ],
)
def test_a_changed_line_is_not_believed(ledger: Path, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    state = tmp_path / "journal"
    whole = text(again(ledger, state))
    lines = state.read_bytes().split(b"\n")
    place = next(i for i, line in enumerate(lines) if b"bounded-2+full" in line)
    assert lines[place] != change(lines[place])
    lines[place] = change(lines[place])
    state.write_bytes(b"\n".join(lines))
    run = again(ledger, state)
    assert (run.resumed, runs(ledger)[8:]) == (8, ["f2"])
    assert text(run) == whole


def test_a_line_with_a_right_sum_that_is_no_record_is_dropped(ledger: Path, tmp_path: Path) -> None:
    state = tmp_path / "journal"
    again(ledger, state)
    body = {"sources": sources_digest(read_ledger(ledger)), "hash": "h", "record": {"id": "i", "seconds": "1.0"}}
    with state.open("a") as file:
        file.write(json.dumps(body | {"sum": checksum(body)}) + "\n")
    assert again(ledger, state).resumed == 9


@pytest.mark.parametrize(
    ("name", "content"), [("lem_toy.py", "\n# remark"), ("_helper.py", "X = 1"), ("data/table.txt", "1")]
)
def test_changed_sources_run_again(ledger: Path, tmp_path: Path, name: str, content: str) -> None:
    state = tmp_path / "journal"
    again(ledger, state)
    (ledger / ".runs").unlink()
    (ledger / name).parent.mkdir(exist_ok=True)
    with (ledger / name).open("a") as file:
        file.write(content)
    assert again(ledger, state).resumed == 0
    assert len(runs(ledger)) == 8


def test_what_checks_do_not_read_does_not_count(ledger: Path) -> None:
    before = files_digest(read_ledger(ledger))
    for name in ("ledger.lock", "__pycache__/lem_toy.pyc", ".hidden", "proof.vo"):
        (ledger / name).parent.mkdir(exist_ok=True)
        (ledger / name).write_text("x")
        assert files_digest(read_ledger(ledger)) == before
    (ledger / "proof.v").write_text("x")
    assert files_digest(read_ledger(ledger)) != before


def test_a_changed_statement_of_the_same_files_runs_again(tmp_path: Path) -> None:
    body = 'STATEMENT = statement(step(further=()), hypotheses=((FOLDER / ".h").read_text(),), witness={"a": 9})'
    ledger = write(tmp_path / "toy", body)
    outside = tmp_path / "h"
    (ledger / ".h").symlink_to(outside)
    for hypothesis, resumed in (("a >= 1", 0), ("a >= 1", 1), ("a >= 2", 0)):
        outside.write_text(hypothesis)
        assert verify(ledger, state=tmp_path / "journal").resumed == resumed


@pytest.mark.parametrize("end", ["raise TimeoutError('600 s')", "raise UndecidedError('w')", "return None"])
def test_a_check_that_failed_or_gave_up_runs_again(tmp_path: Path, end: str) -> None:
    body = f"def check():\n    {end}\nSTATEMENT = statement(step(lambda: counted('c', check)))"
    ledger = write(tmp_path / "toy", body)
    for _ in range(2):
        assert verify(ledger, state=tmp_path / "journal").exit_status == 1
    assert runs(ledger) == ["c", "c"]


def test_a_missing_tool_is_not_remembered(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", "STATEMENT = statement(step(further=(PROVED,)))")
    (ledger / ".no-tool").touch()
    assert verify(ledger, tiers=("kernel",), state=tmp_path / "journal").steps[0].not_run
    (ledger / ".no-tool").unlink()
    found = verify(ledger, tiers=("kernel",), state=tmp_path / "journal").steps[0]
    assert (found.not_run, found.letter, found.rerun) == ((), "K", True)


@pytest.mark.parametrize("content", ["my notes\n", "my notes", HEADER + "!\n", '{"journal": "other"}\n'])
def test_another_file_is_not_overwritten(ledger: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "notes"
    path.write_text(content)
    for fresh in (False, True):
        with pytest.raises(DomainError, match="--state must be a journal of precise verify; got"):
            again(ledger, path, fresh=fresh)
    assert path.read_text() == content


def test_lines_of_other_sources_stay_until_the_journal_is_large(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "journal"
    again(ledger, state)
    old = state.read_bytes()
    (ledger / "_helper.py").write_text("")
    again(ledger, state)
    assert state.read_bytes().startswith(old)
    monkeypatch.setattr("precise.claims.journal.LARGEST", 1000)
    assert again(ledger, state).resumed == 9
    assert len(state.read_bytes()) < 1.5 * len(old)


def test_the_longest_checks_begin_first(ledger: Path, tmp_path: Path) -> None:
    state = tmp_path / "journal"
    again(ledger, state)
    assert [name[0] for name in runs(ledger)] == ["f"] * 4 + ["q"] * 4
    (ledger / ".runs").unlink()
    lines = state.read_text().splitlines()
    for i, line in enumerate(lines[1:], start=1):
        body = {k: v for k, v in json.loads(line).items() if k != "sum"}
        id = body["record"]["id"]
        body["record"]["seconds"] = "9.0" if id == "lem:toy/bounded-2" else "0.5" if id == "lem:toy/bounded-1" else "0"
        body["sources"] = "other"
        lines[i] = json.dumps(body | {"sum": checksum(body)})
    state.write_text("\n".join(lines) + "\n")
    again(ledger, state)
    assert runs(ledger)[:2] == ["q2", "q1"]


def test_the_cache_follows_the_custom_of_the_system() -> None:
    home = Path("/home/a")
    assert cache_folder({}, "linux", home) == home / ".cache/precise"
    assert cache_folder({"XDG_CACHE_HOME": "/c"}, "linux", home) == Path("/c/precise")
    assert cache_folder({"XDG_CACHE_HOME": "relative"}, "linux", home) == home / ".cache/precise"
    assert cache_folder({"XDG_CACHE_HOME": "/c"}, "darwin", home) == home / "Library/Caches/precise"
    assert cache_folder({"LOCALAPPDATA": "/l"}, "win32", home) == Path("/l/precise/Cache")
    assert cache_folder({}, "win32", home) == home / "AppData/Local/precise/Cache"


GATED = """
import time
def one(i):
    def check():
        while i >= int((FOLDER / ".gate").read_text() or 0):
            time.sleep(0.01)
        return sweep(20, 20)
    return step(lambda: counted(f"q{i}", check), id=f"bounded-{i}")
STATEMENT = statement(*(one(i) for i in range(6)))
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_is_killed_goes_on(tmp_path: Path, workers: int) -> None:
    ledger, state = write(tmp_path / "toy", GATED), tmp_path / "journal"
    (ledger / ".gate").write_text("3")  # the check behind it cannot end, so the kill comes in the middle
    script = tmp_path / "script.py"
    call = f"verify({str(ledger)!r}, state={str(state)!r}, workers={workers})"
    script.write_text(f"from precise.claims import verify\nif __name__ == '__main__':\n    {call}\n")
    process = subprocess.Popen([sys.executable, str(script)], start_new_session=True, env=HERE)
    deadline = time.monotonic() + 120
    while (not state.exists() or state.read_text().count("\n") < 4) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=60)
    assert state.read_text().count("\n") == 4
    (ledger / ".gate").write_text("6")
    subprocess.run([sys.executable, str(script)], check=True, timeout=120, env=HERE)
    names = runs(ledger)
    assert [names.count(f"q{i}") for i in range(3)] == [1, 1, 1]
    assert all(f"q{i}" in names for i in range(3, 6))
    assert text(verify(ledger, state=state)) == text(verify(ledger))
    assert state.read_text().count("\n") == 7


def test_workers_end_with_the_run_that_started_them(tmp_path: Path) -> None:
    ledger = write(tmp_path / "toy", GATED.replace('f"q{i}"', "str(os.getpid())"))
    (ledger / ".gate").write_text("0")
    script = tmp_path / "script.py"
    call = f"verify({str(ledger)!r}, workers=2)"
    script.write_text(f"from precise.claims import verify\nif __name__ == '__main__':\n    {call}\n")
    process = subprocess.Popen([sys.executable, str(script)], start_new_session=True, env=HERE)
    deadline = time.monotonic() + 120
    while len(runs(ledger)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=60)
    workers = [int(pid) for pid in runs(ledger)]
    assert len(workers) == 2
    while any(alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(alive(pid) for pid in workers)


def alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
