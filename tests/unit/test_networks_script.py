"""The sweep of networks runs, counts its inputs, and sees a network that is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from precise.circuits import Circuit
from precise.semantics.netlist import Netlist

SCRIPTS = str(Path(__file__).resolve().parents[2] / "scripts")
SIZES = ["--p", "3", "--n", "2", "--inputs", "60", "--chunk", "40"]


@pytest.fixture
def sweep(monkeypatch: pytest.MonkeyPatch):
    """Return how to run the script with arguments."""
    monkeypatch.syspath_prepend(SCRIPTS)
    import sweep_networks

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["sweep_networks.py", *arguments])
        return sweep_networks.main()

    return run


def test_bodies_agree(sweep, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("kron", "mlp", *SIZES) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "p = 3, n = 2, d = 2, seed 0"
    assert [line.split()[:5] for line in out[1:]] == [
        ["kron", "60", "inputs", "0", "wrong"],
        ["mlp", *out[2].split()[1:5]],
    ]


def test_refused_chunks_are_drawn_again(sweep, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("layer_norm", *SIZES) == 0  # some rows are constant, and their chunks are refused
    assert " 60 inputs      0 wrong" in capsys.readouterr().out


def test_a_wrong_circuit_is_seen(sweep, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    right = Netlist.circuit

    def wrong(self: Netlist, name: str, n: int) -> Circuit:
        return right(self, "subtract" if name == "add" else name, n)

    monkeypatch.setattr(Netlist, "circuit", wrong)
    assert sweep("mlp", *SIZES) == 1
    assert " 60 inputs     60 wrong" in capsys.readouterr().out
