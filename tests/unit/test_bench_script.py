"""The benchmark runs, says what it measured, and survives what cannot run; nothing here judges a time."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = str(ROOT / "scripts")
ROW = "round p=11 RTZ in range"


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Return a finished run of the script."""
    command = [sys.executable, str(ROOT / "scripts" / "bench.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict]:
    """Return what one row printed, and its JSON."""
    folder = tmp_path_factory.mktemp("bench")
    done = bench("--quick", "--rows", ROW, "--json", str(folder / "b.json"), "--markdown", str(folder / "b.md"))
    assert done.returncode == 0, done.stderr
    assert ROW in (folder / "b.md").read_text(encoding="utf-8")
    return done.stdout, json.loads((folder / "b.json").read_text(encoding="utf-8"))


def test_json_has_every_sample_and_finite_ratios(report: tuple[str, dict]) -> None:
    (row,) = report[1]["rows"]
    assert row["key"] == ROW
    results = {r["name"]: r for r in row["results"]}
    ours, limit = results["precise"], results["x.copy()"]
    for r in (ours, limit):
        assert len(r["samples"]) == 2 * 3  # two visits of three rounds
        assert all(s >= 0 for s in r["samples"])
        assert math.isfinite(r["median"])
        assert r["median"] > 0
    assert row["x_limit"] == pytest.approx(ours["median"] / limit["median"], rel=1e-12)
    assert math.isfinite(row["x_best_peer"])
    assert row["bar"] == 1.2


def test_answers_are_judged_beside_the_times(report: tuple[str, dict]) -> None:
    results = {r["name"]: r for r in report[1]["rows"][0]["results"]}
    assert results["precise"]["wrong"] == 0
    assert results["precise"]["judged"] >= 1000
    assert results["gmpy2"]["wrong"] == 0
    assert results["ml_dtypes"]["note"].startswith("not available:")  # it has no such mode
    assert not results["ml_dtypes"]["samples"]


def test_the_machine_and_the_versions_are_told(report: tuple[str, dict]) -> None:
    printed, found = report
    machine = found["machine"]
    assert machine["threads"] == 1
    assert machine["engines"] in printed
    assert machine["peers"]["gmpy2"]
    assert {"processor", "numpy", "python", "precise", "load"} <= set(machine)
    assert max(map(len, printed.splitlines()[:-1])) <= 100


def test_rows_that_do_not_exist_are_refused_in_one_line() -> None:
    done = bench("--rows", "no such row")
    assert done.returncode == 2
    assert "--rows: must match the name of a row" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_regime_has_rows() -> None:
    names = bench("--list").stdout.splitlines()
    assert len(names) == len(set(names))
    for p in (8, 11, 24, 51):
        for mode in ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO"):
            assert f"round p={p} {mode} in range" in names
            assert f"round p={p} {mode} whole range" in names
    heads = ("add", "divide", "sqrt", "exp", "tanh", "matmul exact/exact p=24", "matmul rounded/exact p=11")
    heads += ("matmul sequential p=11", "wide add p=113", "wide matmul exact/exact p=1024", "wide exp p=256")
    heads += ("pairs add", "threads add", "memory divide")
    for head in heads:
        assert any(name.startswith(head) for name in names), head


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return the module that measures."""
    monkeypatch.syspath_prepend(SCRIPTS)
    import bench_measure

    return bench_measure


def test_wrong_answers_are_counted(measuring: object) -> None:
    import numpy as np

    right = np.array([1.0, np.nan, 0.0, np.inf])
    assert measuring.count_wrong(np.array([1.0, np.nan, -0.0, np.inf]), right) == (0, 4)
    assert measuring.count_wrong(np.array([1.5, 1.0, 0.0, -np.inf]), right) == (3, 4)
    assert measuring.count_wrong([(1, 2), "nan"], [(1, 3), "nan"]) == (1, 2)
    with pytest.raises(ValueError, match="elements"):
        measuring.count_wrong([(1, 2)], [(1, 3), "nan"])


def test_a_contender_that_cannot_run_does_not_stop_the_others(measuring: object) -> None:
    def refuse(inputs: tuple[object, ...]) -> object:
        raise measuring.NotOfferedError("nothing of the kind")

    contenders = [
        measuring.Contender("broken", "peer", refuse),
        measuring.Contender("sound", "ours", lambda inputs: lambda: sum(inputs[0])),
        measuring.Contender("crashing", "peer", lambda inputs: lambda: inputs[7]),
    ]
    row = measuring.Row("sum", lambda: contenders, lambda n: (list(range(n)),), (10, 100), None)
    effort = measuring.Effort(rounds=3, seconds=0.01)
    results = measuring.measure(row, effort)
    notes = {r.name: r.note for r in results}
    assert notes["broken"] == "not available: nothing of the kind"
    assert notes["crashing"].startswith("not available: IndexError")
    sound = next(r for r in results if r.name == "sound")
    assert len(sound.samples) == 3
    assert sound.size == 100


def test_ours_and_the_limit_are_visited_again_unless_they_take_long(measuring: object) -> None:
    calls = {"quick": 0, "slow": 0, "peer": 0}

    def contender(name: str, kind: str, seconds: float) -> object:
        def start(inputs: tuple[object, ...]) -> object:
            def work() -> None:
                calls[name] += 1
                now[0] += seconds

            return work

        return measuring.Contender(name, kind, start)

    now = [0.0]
    effort = measuring.Effort(rounds=3, seconds=1.0)
    clock = lambda: now[0]  # noqa: E731
    quick = measuring.Row(
        "q",
        lambda: [contender("quick", "ours", 0.01), contender("peer", "peer", 0.01)],
        lambda n: (n,),
        (1,),
        None,
        clock=clock,
    )
    slow = measuring.Row("s", lambda: [contender("slow", "ours", 10.0)], lambda n: (n,), (1,), None, clock=clock)
    for row, more in ((quick, 3), (slow, 0)):
        results = measuring.measure(row, effort)
        before = {r.name: len(r.samples) for r in results}
        peers = calls["peer"]
        measuring.measure_again(row, results, effort)
        assert calls["peer"] == peers
        for r in results:
            assert len(r.samples) == before[r.name] + (more if r.kind == "ours" else 0)
