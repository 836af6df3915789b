"""`precise circuit`: tables, files, and what it says about bad requests."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line import assert_one_line, run

from precise.circuits import build, evaluate, measure
from precise.circuits.export import circuit_json, threshold_list, verilog
from precise.circuits.growth import fitted
from precise.circuits.picture import svg
from precise.errors import DomainError, UnsupportedError


def test_the_table_of_all_operations_fits() -> None:
    result = run("circuit", "--p", "3", "--n", "2")
    assert result.exit_code == 0 and max(map(len, result.stdout.splitlines())) <= 100
    assert re.search(r"add +\+ +3 +12 +246 +1871", result.stdout)
    assert "P-uniform as built" in result.stdout


def test_one_operation_shows_its_levels(tmp_path: Path) -> None:
    path = tmp_path / "sizes.json"
    result = run("circuit", "add", "--p", "4", "--json", str(path))
    assert result.exit_code == 0 and len(re.findall(r"^level", result.stdout, re.MULTILINE)) == 12
    record = json.loads(path.read_text())["results"][0]
    cost = measure(build("add", 4))
    assert record["sizes"]["gates"] == sum(record["gates_by_level"]) == sum(record["gates_by_stage"].values())
    assert (record["sizes"]["depth"], record["sizes"]["wires"]) == (cost.depth, cost.wires)


def test_a_sweep_has_a_line_for_each_size() -> None:
    result = run("circuit", "integer_sum", "--p", "4,8", "--n", "2..5")
    assert result.exit_code == 0 and len(re.findall(r"^integer_sum +Σ", result.stdout, re.MULTILINE)) == 8


def test_a_sweep_prints_fitted_exponents() -> None:
    result = run("circuit", "parity", "integer_sum", "--p", "4,8,16", "--n", "2,4,8")
    assert "parity: depth 2; gates ~ p^0.88 (within 2%), wires ~ p^1.88 (within 2%), p in 4..16" in result.stdout
    assert len(re.findall(r"integer_sum, [np] = ", result.stdout)) == 6
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_fits_are_those_of_the_law() -> None:
    fit = fitted([2, 3, 5, 9], [5 * x**3 for x in (2, 3, 5, 9)])
    assert abs(fit.exponent - 3) < 1e-12 and abs(fit.factor - 5) < 1e-9 and fit.residual < 1e-12
    assert 0.08 < fitted([2, 4, 8], [4, 9, 16]).residual < 0.09  # the middle one is 9 / 8 of the law's geometric mean
    with pytest.raises(DomainError, match="two places at least"):
        fitted([2, 2], [3, 4])


def test_files_of_one_circuit(tmp_path: Path) -> None:
    names = {option: tmp_path / option for option in ("gates", "list", "verilog", "svg")}
    options = [text for option, path in names.items() for text in (f"--{option}", str(path))]
    assert run("circuit", "less_equal", "--p", "2", *options).exit_code == 0
    assert json.loads(names["gates"].read_text())["schema"] == 1
    assert names["list"].read_text().splitlines()[1] == "p tc 12 23 1"
    assert names["verilog"].read_text().startswith("module less_equal_2(")
    assert ElementTree.parse(names["svg"]).getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frob"], "operation must be one of"),
        (["add", "--p", "x"], "number must be like"),
        (["add", "--p", "1"], "precision p must be at least 2"),
        (["add", "--rounding", "SR"], "rounding must be one of"),
        (["add", "sum", "--svg", "x.svg"], "must have one circuit"),
        (["divide", "--p", "8", "--svg", "x.svg"], "at most 1500 gates"),
    ],
)
def test_bad_requests_are_one_line(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_one_line(run("circuit", *arguments), re.escape(message))
    assert list(tmp_path.iterdir()) == []


def test_png_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert_one_line(run("circuit", "parity", "--png", tmp_path / "x.png"), "PNG must have resvg-py")
    seen = []
    drawn = SimpleNamespace(svg_to_bytes=lambda svg_string: seen.append(svg_string) or b"PNG")
    monkeypatch.setitem(sys.modules, "resvg_py", drawn)
    assert run("circuit", "parity", "--png", tmp_path / "x.png").exit_code == 0
    assert (tmp_path / "x.png").read_bytes() == b"PNG"
    assert seen[0] == "\n".join(svg(build("parity", 4), "parity of p bits, p = 4: 2 levels, 5 gates, 20 wires"))


def from_json(gates: dict[str, list[dict[str, object]]], bits: list[int]) -> list[int]:
    """Return the outputs of an exported circuit, evaluated from the file alone."""
    signals = list(bits)
    for row in gates["rows"]:
        value = sum(w * signals[s] for w, s in zip(row["weights"], row["sources"], strict=True))
        signals += [int(value >= t) for t in row["thresholds"]]
    return [
        signals[o["signal"]] ^ o["negated"] if o["signal"] >= 0 else int(o["negated"]) for o in gates["output_signals"]
    ]


def from_list(lines: list[str], bits: list[int]) -> list[int]:
    """Return the outputs of a list of threshold gates, evaluated from the text alone."""
    signals, outputs = [0, *bits], []
    for line in lines:
        fields = line.split()
        if fields[0] == "o":
            outputs.append(signals[abs(int(fields[1]))] ^ fields[1].startswith("-"))
        elif fields[0] not in "cp":
            threshold, *terms = map(int, fields[:-1])
            pairs = zip(terms[::2], terms[1::2], strict=True)
            signals.append(int(sum(w * signals[s] for w, s in pairs) >= threshold))
    return outputs


def test_exports_mean_the_same_circuit() -> None:
    for name, width in (("less_equal", 2), ("integer_multiply", 3), ("shift", 1)):
        circuit = build(name, width)
        exported, lines = circuit_json(circuit), list(threshold_list(circuit))
        text = "\n".join(verilog(circuit))
        assert text.count(" >= ") == circuit.n_gates and text.endswith("endmodule")
        for bits in list(product((0, 1), repeat=circuit.n_inputs))[:: 1 + 4**width // 60]:
            codes, place = [], 0
            for port in circuit.inputs:
                codes.append([sum(b << i for i, b in enumerate(bits[place : place + port.width]))])
                place += port.width
            number = int(evaluate(circuit, *codes)[0][0])
            right = [number >> i & 1 for i in range(circuit.n_outputs)]
            assert from_json(exported, list(bits)) == from_list(lines, list(bits)) == right


def test_the_picture_has_every_gate_and_refuses_large_circuits() -> None:
    circuit = build("parity", 4)
    root = ElementTree.fromstring("\n".join(svg(circuit, "parity < of 4")))
    dots = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(dots) == circuit.n_inputs + circuit.n_gates + len({*circuit.gate_stages.tolist()})
    with pytest.raises(UnsupportedError, match="picture: circuit must have at most"):
        list(svg(build("divide", 8), "large"))
