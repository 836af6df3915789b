"""The sweep of the circuits: it asks what it says, rejects wrong circuits, and goes on where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sweeps import circuit_units
from sweeps.circuit_page import CircuitState, CircuitStateError, markdown
from sweeps.circuit_units import ADVERSARIAL, ALL, OPERATIONS, CircuitUnit, Found, run, units

from precise.circuits import Circuit, build

SCRIPT = Path(__file__).resolve().parent.parent.parent / "scripts" / "sweep_circuits.py"
SEED = 5
SMALL = CircuitUnit("add", 3, 2, ALL)


def swept(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


def test_the_units_are_those_that_are_promised() -> None:
    keys = [u.key for u in units()]
    assert len(set(keys)) == len(keys)
    for name in OPERATIONS:
        for p in (8, 11, 24):
            assert sum(u.lanes for u in units() if (u.kind, u.operation, u.p) == (ADVERSARIAL, name, p)) >= 10**5
    for name in ("sum", "prod"):
        assert sum(u.lanes for u in units() if (u.kind, u.operation) == (ADVERSARIAL, name)) >= 10**6
    for name, p, n in [("add", 5, 2), ("multiply", 5, 2), ("less_equal", 5, 2), ("divide", 6, 2), ("exp", 6, 1)]:
        of_pair = [u for u in units() if (u.kind, u.operation, u.p, u.n, u.mode) == (ALL, name, p, n, "RNE")]
        assert sum(u.expected for u in of_pair) == (2 ** (2 * p + 1) + 1) ** n


@pytest.mark.parametrize(
    "unit",
    [
        SMALL,
        CircuitUnit("sqrt", 3, 1, ALL, "RTP"),
        CircuitUnit("sum", 8, 3, ADVERSARIAL, lanes=3000),
        CircuitUnit("prod", 11, 2, ADVERSARIAL, lanes=2000),
        CircuitUnit("dot", 8, 2, ADVERSARIAL, lanes=2000),
        CircuitUnit("max", 24, 3, ADVERSARIAL, lanes=1000),
        CircuitUnit("exp", 4, 1, ALL, "RTZ"),
    ],
)
def test_a_unit_finds_nothing_wrong_in_a_circuit_and_much_in_a_changed_one(
    unit: CircuitUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(unit, SEED)
    assert found is not None and (found.wrong, found.rounded_wrong, found.first) == (0, 0, [])
    assert found.cases == unit.expected >= found.rounded > unit.expected // 3
    assert run(unit, SEED, found.circuit) is None

    def changed(*arguments: object, **options: object) -> Circuit:
        circuit = build(*arguments, **options)  # type: ignore[arg-type]
        thresholds = circuit.gate_thresholds.copy()
        thresholds[circuit.output_sources[0] - circuit.n_inputs] += 1
        return replace(circuit, gate_thresholds=thresholds)

    monkeypatch.setattr(circuit_units, "build", changed)
    bad = run(unit, SEED, found.circuit)
    assert bad is not None and bad.wrong and bad.rounded_wrong and bad.first and bad.circuit != found.circuit


def test_inputs_that_miss_a_corner_are_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circuit_units, "reached", lambda *_: {"ties": 0})
    with pytest.raises(AssertionError, match="ties"):
        run(CircuitUnit("add", 8, 2, ADVERSARIAL, lanes=100), SEED)


def test_a_state_is_believed_for_the_same_arithmetic_only(tmp_path: Path) -> None:
    state = CircuitState.load(tmp_path / "state.json", SEED)
    assert state.known(SMALL) == "" and not state.holds(SMALL)
    state.keep(SMALL, Found(cases=SMALL.expected, circuit="abc"))
    state.save()
    again = CircuitState.load(state.path, SEED)
    assert again.holds(SMALL) and again.known(SMALL) == "abc"
    again.sources = ("other", again.sources[1])
    assert not again.holds(SMALL) and again.known(SMALL) == "abc"  # the circuit decides
    again.keep(SMALL, None)
    assert again.holds(SMALL)
    again.sources = (again.sources[0], "other")
    assert again.known(SMALL) == ""
    for text in ("no state", '{"seed": 5}', "[]"):
        state.path.write_text(text, encoding="utf-8")
        with pytest.raises(CircuitStateError, match="--state"):
            CircuitState.load(state.path, SEED)


def test_the_page_adds_up_blocks_and_shows_what_was_wrong(tmp_path: Path) -> None:
    state = CircuitState.load(tmp_path / "state.json", SEED)
    for unit in (u for u in units() if u.key.startswith("all:divide:6") and u.block < 2):
        state.keep(unit, Found(unit.expected, 1, 10, 2, 1.5, 0.5, 100 + unit.block, 28, 7, 9, "abc", {"least": 3}))
    page = markdown(state, state.done, "an oracle")
    cases = f"{sum(f.cases for f in state.done.values()):,}"
    assert f"| divide | 6 | 2 | RNE | {cases} | 2 | 20 | 4 | 3.0 | 101 | least 6 |" in page
    assert f"**{cases} cases, 2 wrong; 20 of them compared with `rounded`, 4 wrong; 2 of" in page.replace("\n", " ")
    assert max(len(line) for line in page.splitlines() if line[:1] != "|") <= 120


def test_the_script_prints_counts_goes_on_and_writes_the_page(tmp_path: Path) -> None:
    state, page = tmp_path / "state.json", tmp_path / "page.md"
    once = swept("--state", str(state), "--only", "all:add:2")
    assert once.returncode == 0, once.stderr
    assert "1,089 cases, 0 wrong" in once.stdout
    assert "all:add:2:2:RNE:0: 1,089 cases, 0 wrong" in once.stderr
    written = json.loads(state.read_text(encoding="utf-8"))
    written["units"]["all:add:2:2:RNE:0"] |= {"wrong": 2, "first": ["add (0x5): wrong"]}
    state.write_text(json.dumps(written), encoding="utf-8")
    again = swept("--state", str(state), "--only", "all:add:2", "--markdown", str(page))
    assert again.returncode == 1 and again.stderr == ""
    assert "add (0x5): wrong" in again.stdout
    assert "**1,089 cases, 2 wrong" in page.read_text(encoding="utf-8")
    reported = swept("--state", str(state), "--report")
    assert reported.returncode == 1 and "1,089 cases, 2 wrong" in reported.stdout and reported.stderr == ""
    assert swept("--state", str(state), "--only", "no such unit").returncode == 2
    assert "--seed: must be that of" in swept("--state", str(state), "--seed", "6", "--only", "all:add:2").stderr
