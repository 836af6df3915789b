"""Where checks run changes nothing: this process, two processes, threads, a cluster, another seed of hashes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from toy_ledgers import MANY, TIERS, runs, write

import precise
from precise.claims import verify
from precise.claims.cluster import dask_executor
from precise.claims.discovery import read_ledger
from precise.claims.sources import files_digest
from precise.errors import DomainError, PreciseError, UnsupportedError
from precise.report import document

BOTH = ("full", "kernel")
LABELS = ["lem:floor", "def:slash"]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write(tmp_path / "toy", MANY)


def text(folder: Path | None, **more: Any) -> str:
    """Return the document of a run of all tiers without times."""
    return json.dumps(document(verify(folder, tiers=BOTH, **more), seconds=False))


def test_two_runs_and_two_processes_give_the_same_document(ledger: Path) -> None:
    one = text(ledger)
    assert "seconds" not in one
    assert text(ledger) == one
    assert text(ledger, workers=2) == one
    assert len(runs(ledger)) == 24


def test_our_own_ledger_gives_the_same_document_with_any_seed_of_hashes(tmp_path: Path) -> None:
    code = (
        "import sys, json; from precise.claims import verify; from precise.report import document\n"
        f"print(json.dumps(document(verify(None, {LABELS!r}), seconds=False)))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, timeout=600,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(precise.__file__).parents[1])},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert found[0] == found[1]
    data = json.loads(found[0])
    assert {record["label"].partition("@")[0] for record in data["records"]} >= set(LABELS)


def test_times_are_the_only_difference(ledger: Path) -> None:
    def stripped(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: stripped(v) for k, v in value.items() if k != "seconds"}
        return [stripped(v) for v in value] if isinstance(value, list) else value

    timed = document(verify(ledger), date="2026-11-22")
    plain = document(verify(ledger), date="2026-11-22", seconds=False)
    assert timed != plain
    assert stripped(timed) == plain


class Counting(Executor):
    """An executor of its own kind, which runs at once and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls += 1
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def test_any_executor_runs_the_checks(ledger: Path, tmp_path: Path) -> None:
    one = text(ledger)
    counting = Counting()
    assert text(ledger, executor=counting) == one
    assert counting.calls == 9
    assert len(runs(ledger)) == 16
    with ThreadPoolExecutor(2) as threads:
        assert text(ledger, executor=threads, state=tmp_path / "journal") == one
        assert text(ledger, executor=threads, state=tmp_path / "journal") == one
        assert len(runs(ledger)) == 24
        assert threads.submit(int, "7").result() == 7  # it is not shut down


def test_an_executor_sees_a_ledger_that_has_changed(ledger: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        assert verify(ledger, executor=threads).exit_status == 0
        write(ledger, "STATEMENT = statement(step(BAD))")
        assert verify(ledger, executor=threads).problems == ("lem:toy/bounded: refuted at a = 6, limit = 5",)


def test_workers_with_other_files_are_refused(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere(Counting):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            (ledger / "_more.py").write_text("")
            return super().submit(fn, *args, **kwargs)

    with pytest.raises(PreciseError, match="workers must have the same files of precise and of the ledger; got others"):
        verify(ledger, executor=Elsewhere())


def test_a_failing_executor_is_one_line(ledger: Path) -> None:
    class Failing(Counting):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(RuntimeError("the machine left"))
            return future

    with pytest.raises(PreciseError, match="verify: the executor failed with RuntimeError: the machine left"):
        verify(ledger, executor=Failing())


def test_a_dask_cluster(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra distributed")
    ledger = write(tmp_path / "toy", TIERS)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as cluster,
        dask_executor(cluster.scheduler_address) as executor,
    ):
        assert text(ledger, executor=executor) == text(ledger)


def test_without_dask_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UnsupportedError, match="needs the package distributed; pip install"),
        dask_executor("tcp://a:1"),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "127.0.0.1:1", "tcp://127.0.0.1:x"])
def test_where_nobody_listens_no_client_is_made(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A client that waits in vain would wait again, and write to the error stream, when the program ends.
    def client(*arguments: Any, **extra: Any) -> None:
        raise AssertionError("a client was made")

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=client))
    with pytest.raises(DomainError, match="--dask must be the address of a scheduler; got"), dask_executor(address):
        pass


def test_a_listener_that_is_no_scheduler_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def client(address: str, **extra: Any) -> None:
        raise OSError(f"Timed out trying to connect to {address}\nafter 10 s")

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=client))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(DomainError, match="after 10 s"), dask_executor(address):
            pass


def test_the_files_of_a_ledger_have_a_fingerprint_that_does_not_depend_on_its_place(tmp_path: Path) -> None:
    one, two = (read_ledger(write(tmp_path / name, MANY)) for name in ("a", "b"))
    assert files_digest(one) == files_digest(two)
