"""AIGER files, read back from the definition of the format alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import run
from oracles.paperfloats import paper_floats

from precise.circuits import Circuit, aiger, build
from precise.circuits.integer_operations import sum_circuit
from precise.errors import UnsupportedError


class Reader:
    """An `aag` file: header `aag M I L O A`, one line a literal for inputs and outputs, `lhs rhs0 rhs1` for ANDs."""

    def __init__(self, lines: list[str]) -> None:
        magic, *numbers = lines[0].split()
        assert magic == "aag"
        self.largest, inputs, latches, outputs, ands = map(int, numbers)
        assert latches == 0 and self.largest >= inputs + ands
        body = lines[1:]
        self.inputs = [int(line) for line in body[:inputs]]
        self.outputs = [int(line) for line in body[inputs : inputs + outputs]]
        rows = body[inputs + outputs : inputs + outputs + ands]
        self.ands = [tuple(map(int, line.split())) for line in rows]
        rest = body[inputs + outputs + ands :]
        end = rest.index("c")
        self.names = dict(line.split(" ", 1) for line in rest[:end])
        self.check()

    def check(self) -> None:
        """Assert what the format asks of literals: even and distinct where defined, defined where used."""
        defined = [*self.inputs, *(lhs for lhs, _, _ in self.ands)]
        assert len(set(defined)) == len(defined)
        assert all(literal % 2 == 0 and 0 < literal <= 2 * self.largest + 1 for literal in defined)
        known = {0, *self.inputs}
        for lhs, *operands in self.ands:
            assert all(literal & ~1 in known for literal in operands)
            known.add(lhs)
        assert all(literal & ~1 in known for literal in self.outputs)

    def run(self, bits: np.ndarray) -> np.ndarray:
        """Return the outputs [outputs, lanes] at inputs [inputs, lanes]."""
        values = np.zeros((2 * self.largest + 2, bits.shape[1]), dtype=bool)
        values[1] = True
        for literal, row in zip(self.inputs, bits.astype(bool), strict=True):
            values[literal], values[literal ^ 1] = row, ~row
        for lhs, x, y in self.ands:
            values[lhs] = values[x] & values[y]
            values[lhs ^ 1] = ~values[lhs]
        return values[self.outputs]


def outputs(circuit: Circuit, *arguments: np.ndarray) -> np.ndarray:
    """Return what a circuit's file gives as one integer a lane."""
    reader = Reader(list(aiger.aiger(circuit)))
    names = [f"{port.name}[{i}]" for port in circuit.inputs for i in range(port.width)]
    assert [reader.names[f"i{k}"] for k in range(circuit.n_inputs)] == names
    assert reader.names["o0"] == "result[0]"
    columns = zip(arguments, circuit.inputs, strict=True)
    bits = np.concatenate([(x >> np.arange(port.width)[:, None]) & 1 for x, port in columns])
    return (reader.run(bits).astype(np.int64) << np.arange(circuit.n_outputs)[:, None]).sum(axis=0)


@pytest.mark.parametrize("name", ["less_equal", "add", "multiply"])
def test_all_pairs_of_two_bits(name: str) -> None:
    floats = paper_floats(2)
    codes = np.array(floats.codes)
    x, y = np.repeat(codes, len(codes)), np.tile(codes, len(codes))
    right = [getattr(floats, name)(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    assert outputs(build(name, 2), x, y).tolist() == right


def test_numbers_of_three_bits() -> None:
    floats = paper_floats(3)
    codes = np.array(floats.codes)
    assert outputs(build("floor", 3), codes).tolist() == [floats.floor(a) for a in floats.codes]
    assert outputs(build("abs", 3), codes).tolist() == [a & ~floats.sign for a in floats.codes]


def test_sums_and_counts_of_integers() -> None:
    words = np.random.default_rng(6).integers(0, 16, (5, 400))
    assert outputs(sum_circuit(4, 5), *words).tolist() == words.sum(axis=0).tolist()
    numbers = np.arange(1 << 9)
    assert outputs(build("parity", 9), numbers).tolist() == [n.bit_count() % 2 for n in range(1 << 9)]


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "compare.aag"
    assert run("circuit", "less_equal", "--p", "2", "--aiger", str(path)).exit_code == 0
    reader = Reader(path.read_text(encoding="utf-8").splitlines())
    assert (len(reader.inputs), len(reader.outputs)) == (12, 1)


def test_a_circuit_that_needs_too_many_gates_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiger, "MOST_ANDS", 100)
    with pytest.raises(UnsupportedError, match="aiger: circuit must need at most 100 AND gates"):
        list(aiger.aiger(build("add", 2)))
