"""The command line: what it prints, its exit status, and one line for every kind of bad usage."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from fractions import Fraction

import click
import numpy as np
import pytest
from command_line import assert_one_line, process, run

from precise import cli
from precise.dyadic import Dyadic

LEDGER = """
from fractions import Fraction
from precise.claims import Control, Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step


def floors(rule):
    for a in range(1, 9):
        got, right = rule(Fraction(a, 4)), Fraction(a // 4)
        if got != right:
            return Counterexample(values={"a": a, "got": got, "right": right}, refutes="got != right",
                                  lines=(f"got {got}, right is {right}",), order="least a", cases=a)
    return Evidence(kind=Kind.EXHAUSTIVE, scope=Scope.without_p("a in 1..8"), cases=8, expected=8,
                    cells=("quarters",), producer="precise-pbit")


STATEMENT = Statement(label="lem:floor", title="Floor", mark="D", tex=r"$\\lfloor x\\rfloor$", steps=(
    Step(id="floors", says="It floors.", formal="for all a in 1..8: rule(a/4) = floor(a/4)",
         check=lambda: floors(RULE), cells=("quarters",),
         mutants=(Mutant("identity", lambda: floors(lambda x: x)),)),))
"""


@pytest.fixture
def ledger(tmp_path):
    """Return a function that makes a ledger folder whose only statement holds or not."""

    def make(rule="lambda x: x // 1"):
        folder = tmp_path / "ledger"
        folder.mkdir(exist_ok=True)
        (folder / "lem_floor.py").write_text(LEDGER.replace("RULE", rule))
        return folder

    return make


# Help and version.


def test_help_names_every_command_and_loads_none():
    code = "import sys; from precise.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += (
        "print([m for m in sys.modules if m.startswith(('precise.commands.', 'precise.claims', 'precise.studies'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert all(name in found.stdout for name in cli.COMMANDS)
    assert found.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_summaries_are_those_of_the_commands(name):
    command = cli.main.get_command(click.Context(cli.main), name)
    assert command.name == name
    assert command.help.splitlines()[0] == cli.COMMANDS[name][1]
    assert run(name, "--help").exit_code == 0


def test_no_arguments_print_the_help():
    assert run().stdout == run("--help").stdout
    assert run().exit_code == 0


def test_version():
    assert re.fullmatch(r"precise, version \d+\.\d+\.\d+\n", run("--version").stdout)


# Round and formats.


def fields(text):
    """Return the lines of a report as a dict."""
    return {line[:15].strip(): line[15:].strip() for line in text.splitlines()}


def test_round_prints_what_the_number_becomes():
    found = run("round", "0.1", "--format", "bfloat16", "--rounding", "RTZ")
    assert found.exit_code == 0
    text = " ".join(found.stdout.split())
    for part in ("result 0.099609375", "hex 0x1.98p-4", "code 0x3dcc", "error -0.000390625", "ulps -0.8"):
        assert part in text
    assert "below 0.09912109375 = 0x1.96p-4 above 0.10009765625 = 0x1.9ap-4" in text


@pytest.mark.parametrize("number", ["-0.1", "-0x1p-4", "1/3", "-1/3", "inf", "-0", "nan", "1e-50", "1e400"])
def test_round_takes_every_number(number, tmp_path):
    assert run("round", number, "--format", "bf16,e5m2", "--json", tmp_path / "r.json").exit_code == 0
    for record in json.loads((tmp_path / "r.json").read_text())["results"]:
        if number in ("-0.1", "1/3", "-1/3"):
            error = Dyadic.from_hex(record["hex"]).to_fraction() - Fraction(number)
            assert record["error"].startswith("-") == (error < 0)


def test_stochastic_rounding_follows_the_seed():
    outputs = [run("round", "0.3", "--format", "p=2", "--rounding", "SR", "--seed", s).stdout for s in range(20)]
    assert {fields(text)["hex"] for text in outputs} == {"0x1p-2", "0x1.8p-2"}
    assert run("round", "0.3", "--format", "p=2", "--rounding", "SR", "--seed", 3).stdout == outputs[3]


def test_formats_table_has_all_named_formats():
    lines = run("formats").stdout.splitlines()
    assert max(map(len, lines)) <= 100
    for name in ("binary16", "binary32", "binary64", "bfloat16", "tf32", "float8_e4m3fn", "float8_e5m2"):
        assert any(line.split()[:1] == [name] for line in lines)


def test_formats_detail_and_values(tmp_path):
    assert "0x1.cp+8" in run("formats", "e4m3").stdout
    found = run("formats", "e4m3", "--values", "--json", tmp_path / "f.json")
    values = json.loads((tmp_path / "f.json").read_text())["values"]["float8_e4m3fn"]
    numbers = [Dyadic.from_hex(v["hex"]) for v in values if "x" in v["hex"]]
    assert len(numbers) == 253
    assert numbers == sorted(numbers)
    assert found.stdout.count("\n") > 253
    assert run("formats", "p=4..6,paper:3,fixed(8,-7)").exit_code == 0


@pytest.mark.parametrize("name", ["paper:30", "paper:100", "float(5,-99999999999999999,99999999999999999)"])
def test_exponents_beyond_any_machine_are_named_and_not_written_out(name):
    for arguments in (["formats", name], ["formats", f"{name},p=4"], ["round", "0", "--format", name]):
        found = run(*arguments)
        assert found.exit_code == 0
        assert "2^" in found.stdout
        assert "…" not in found.stdout
    assert run("round", "1e6000", "--format", f"{name},p=5").exit_code == 0


FAR = {
    "a power of two": (["0x1p99999999999", "p=11"], "2^99999999999", "0", "0", "0"),
    "a tie": (["0x1.fp99999999999", "p=4"], "2^100000000000", "2^99999999995", "0.032258064516129032...", "0.5"),
    "saturated": (
        ["0x1p99999999999", "fixed(8,-4)", "--overflow", "saturate"],
        *("7.9375", "-2^99999999998...", "-0.99999999999999999...", "-2^100000000002..."),
    ),
    "raised": (
        ["-0x1p-99999999999", "fixed(8,-4)", "--rounding", "RAZ"],
        *("-0.0625", "-0.062499999999999999...", "-2^99999999994...", "-0.99999999999999999..."),
    ),
    "underflow": (["0x1p-99999999999", "bf16"], "0", "-2^-99999999999", "-1", "-2^-99999999866"),
    "fraction to zero": (
        ["1/3", "float(5,99999999999,999999999999)"],
        *("0", "-0.33333333333333333...", "-1", "-2^-99999999997..."),
    ),
    "fraction raised": (
        ["-1/3", "float(5,99999999999,999999999999)", "--rounding", "RAZ"],
        *("-2^99999999995", "-2^99999999994...", "-2^99999999996...", "-0.99999999999999999..."),
    ),
}


@pytest.mark.parametrize("case", FAR)
def test_errors_at_exponents_beyond_any_integer(case):
    (number, name, *options), *expected = FAR[case]
    found = run("round", number, "--format", name, *options)
    assert found.exit_code == 0, found.output
    got = fields(found.stdout)
    assert [got[key] for key in ("result", "error", "relative error", "ulps")] == expected


# Compare.


def test_compare_prints_a_table_and_writes_the_same_numbers(tmp_path):
    paths = [tmp_path / f"c.{kind}" for kind in ("json", "md", "csv")]
    found = run(
        "compare",
        "matmul",
        "--formats",
        "bf16,p=4",
        "--size",
        4,
        "--json",
        paths[0],
        "--md",
        paths[1],
        "--csv",
        paths[2],
    )
    assert found.exit_code == 0
    assert max(map(len, found.stdout.splitlines())) <= 100
    document = json.loads(paths[0].read_text())
    assert [row["format"] for row in document["rows"]] == ["bfloat16", "p=4"]
    assert document["bounds_hold"] is True
    assert document["rows"][0]["max_error"] in paths[2].read_text()
    assert "| bfloat16 | 8 |" in paths[1].read_text()
    assert stat.S_IMODE(paths[0].stat().st_mode) & 0o400
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.csv", "c.json", "c.md"]


def test_compare_repeats_for_a_seed_and_differs_for_another():
    first, again, other = (run("compare", "softmax", "--formats", "bf16", "--size", 5, "--seed", s) for s in (1, 1, 2))
    assert first.stdout == again.stdout != other.stdout


def test_compare_reads_files_and_options(tmp_path):
    np.savez(tmp_path / "m.npz", a=np.eye(3) / 3, b=np.ones((3, 2)))
    options = ("--formats", "bf16", "--rounding", "RTZ", "--accumulate", "sequential", "--accumulator", "fp32")
    found = run("compare", "matmul", "--input", tmp_path / "m.npz", *options)
    assert found.exit_code == 0
    assert "RTZ, sums sequential in binary32, products rounded" in " ".join(found.stdout.split())
    assert run("compare", "softmax", "--variant", "shifted", "--size", 3, "--engine", "reference").exit_code == 0


def test_tolerance_decides_the_exit_status():
    arguments = ("compare", "matmul", "--formats", "bf16,binary32", "--size", 4)
    assert run(*arguments, "--tol", "1000").exit_code == 0
    failed = run(*arguments, "--tol", "1e-3")
    assert failed.exit_code == 1
    assert failed.stdout.splitlines()[-1] == "tolerance exceeded (abs <= 1e-3): bfloat16"
    assert run(*arguments, "--tol", "1e9", "--tol-of", "ulp").exit_code == 0
    assert run(*arguments, "--tol", "0", "--tol-of", "rel").exit_code == 1


def test_a_refused_format_is_a_row_and_no_exceeded_tolerance():
    arguments = ("compare", "matmul", "--size", 4, "--engine", "narrow")
    found = run(*arguments, "--formats", "bf16,p=60", "--tol", "1000")
    assert found.exit_code == 1
    assert "p=60: refused: narrow: format must have at most 53 bits" in found.stdout
    assert found.stdout.splitlines()[-1] == "tolerance not checked, refused (abs <= 1000): p=60"
    assert "exceeded" not in found.stdout
    assert run(*arguments, "--formats", "bf16,p=60").exit_code == 0
    assert_one_line(run(*arguments, "--formats", "p=60,p=61"), "engine narrow must serve a format; p=60: .* 53 bits")


def test_the_bound_of_a_lemma_is_a_product_beside_the_running_one():
    for operation, scale in (("matmul", r"sum \|a\|\|b\|"), ("softmax", "w")):
        text = " ".join(run("compare", operation, "--formats", "bf16", "--size", 8).stdout.split())
        number = r"(\d[\d.e+-]*)"
        found = re.search(rf"gives error <= {number} = constant {number} \* max {scale} {number}; the bound col", text)
        bound, constant, most = map(Fraction, found.groups())
        assert Fraction(99, 100) < bound / (constant * most) < Fraction(101, 100)  # three digits, rounded up
        assert text.endswith("the bound column is the tighter running bound")


def test_output_is_plain_where_it_is_no_terminal():
    found = process("compare", "matmul", "--formats", "bf16", "--size", "2", env={**os.environ, "NO_COLOR": "1"})
    assert found.returncode == 0
    assert "\033" not in found.stdout
    assert found.stderr == ""


# Verify.


def test_verify_of_a_folder(ledger, tmp_path):
    found = run("verify", "--source", ledger(), "--json", tmp_path / "v.json", "--html", tmp_path / "v.html")
    assert found.exit_code == 0
    assert "lem:floor" in found.stdout
    assert json.loads((tmp_path / "v.json").read_text())["exit_status"] == 0
    assert "lem:floor" in (tmp_path / "v.html").read_text()
    assert run("verify", "lem:floor", "--source", ledger(), "--no-steps").exit_code == 0


def test_verify_fails_where_a_step_does(ledger):
    assert run("verify", "--source", ledger("lambda x: x")).exit_code == 1
    assert run("verify", "--source", ledger(), "--require", "kernel").exit_code == 1


def test_update_lock_pins_what_was_reached(ledger):
    folder = ledger()
    found = run("verify", "--source", folder, "--update-lock")
    assert found.exit_code == 0
    assert found.stdout.splitlines()[-1].startswith("lock written")
    assert run("verify", "--source", folder).exit_code == 0
    ledger("lambda x: x")
    assert run("verify", "--source", folder).exit_code == 1


# Bad usage: exit status 2, one line.
