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
from click.testing import CliRunner

from precise import cli
from precise.dyadic import Dyadic
from precise.errors import DomainError

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


def run(*arguments, env=None):
    """Return the result of a command line."""
    return CliRunner().invoke(cli.main, [str(a) for a in arguments], env=env, catch_exceptions=False)


def process(*arguments, **extra):
    """Return the result of a command line in a process of its own."""
    command = [sys.executable, "-m", "precise.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **extra)


def assert_one_line(result, match=""):
    """Check exit status 2, one line on the error stream, nothing else, and what the line says."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("precise")
    assert "Traceback" not in result.stderr
    assert re.search(match, result.stderr), result.stderr


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
    assert "RTZ, sums sequential, products rounded in binary32" in " ".join(found.stdout.split())
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

BAD = {
    "unknown command": (["comapre"], "did you mean compare"),
    "unknown option": (["--fast"], "fast"),
    "unknown format": (["round", "1", "--format", "bf17"], "did you mean bf16"),
    "p = 0": (["round", "1", "--format", "p=0"], "from 1 to"),
    "endless precision": (["round", "1", "--format", "p=99999999999"], "to 1048576"),
    "endless fixed point": (["formats", "fixed(99999999999, 0)"], "to 1048576"),
    "endless accumulator": (["compare", "matmul", "--accumulate", "fma", "--accumulator", "paper:9999999"], "1048576"),
    "endless digits": (["round", "1" * 5000, "--format", "p=5"], "4000 characters"),
    "emin above emax": (["formats", "float(3,5,1)"], "emin must not exceed emax"),
    "float of two numbers": (["formats", "float(3,5)"], r"write float\(p,emin,emax\)"),
    "fixed of no width": (["formats", "fixed(0,0)"], "width"),
    "empty formats": (["compare", "matmul", "--formats", ""], "between commas"),
    "formats with a gap": (["compare", "matmul", "--formats", "bf16,,fp16"], "between commas"),
    "falling range": (["compare", "matmul", "--formats", "p=9..3"], "ascend"),
    "endless range": (["compare", "matmul", "--formats", "p=1..9999"], "at most 256"),
    "no format": (["round", "1"], "Missing option '--format'"),
    "no number": (["round", "--format", "bf16"], "NUMBER"),
    "no such number": (["round", "one", "--format", "bf16"], "decimal"),
    "division by zero": (["round", "1/0", "--format", "bf16"], "denominator"),
    "fraction of nan": (["round", "nan/2", "--format", "bf16"], "denominator"),
    "huge exponent": (["round", "1e99999999", "--format", "bf16"], "decimal"),
    "nan where none exists": (["round", "nan", "--format", "paper:6"], "no nan"),
    "overflow as an error": (["round", "1e9", "--format", "fp16", "--overflow", "error"], "within"),
    "infinity that is not there": (["round", "1", "--format", "e4m3", "--overflow", "infinity"], "lacks"),
    "unknown overflow": (["round", "1", "--format", "e4m3", "--overflow", "clip"], "clip"),
    "unknown rounding": (["round", "1", "--format", "bf16", "--rounding", "RTX"], "RNE RNA"),
    "misspelt option of round": (["round", "--fromat", "bf16", "1"], "fromat"),
    "extra argument": (["round", "1", "2", "--format", "bf16"], "2"),
    "too many values": (["formats", "binary32", "--values"], "65536"),
    "values of nothing bounded": (["formats", "p=3", "--values"], "bounded"),
    "values without a name": (["formats", "--values"], "name of a format"),
    "unknown operation": (["compare", "conv"], "conv"),
    "no operation": (["compare"], "Missing argument"),
    "unknown variant": (["compare", "softmax", "--variant", "fast"], "paper, shifted"),
    "unknown accumulate": (["compare", "matmul", "--accumulate", "tree"], "pairwise"),
    "accumulator of exact sums": (["compare", "matmul", "--accumulator", "fp32"], "sequential, pairwise"),
    "unknown accumulator": (["compare", "matmul", "--accumulate", "fma", "--accumulator", "x"], "unknown name 'x'"),
    "unknown engine": (["compare", "matmul", "--engine", "gpu"], "gpu"),
    "negative seed": (["compare", "matmul", "--seed", "-1"], "x>=0"),
    "seed in words": (["compare", "matmul", "--seed", "one"], "integer"),
    "size 0": (["compare", "matmul", "--size", "0"], "size"),
    "bits 0": (["compare", "matmul", "--bits", "0"], "bits"),
    "negative tolerance": (["compare", "matmul", "--tol", "-1"], "at least 0"),
    "tolerance in words": (["compare", "matmul", "--tol", "small"], "decimal"),
    "unknown model": (["compare", "rope", "--model", "gpt5"], "smollm2"),
    "model without text": (["compare", "rope", "--model", "smollm2"], "--text"),
    "model on another operation": (["compare", "matmul", "--model", "smollm2", "--text", "x"], "rope"),
    "text without a model": (["compare", "rope", "--text", "x"], "--model"),
    "tokens without a model": (["compare", "rope", "--tokens", "8"], "--model"),
    "tokens 0": (["compare", "rope", "--model", "smollm2", "--text", "x", "--tokens", "0"], "tokens"),
    "variant with a model": (["compare", "rope", "--model", "smollm2", "--text", "x", "--size", "3"], "--size"),
    "missing text": (["compare", "rope", "--model", "smollm2", "--text", "MISSING"], "MISSING|install"),
    "missing input": (["compare", "softmax", "--input", "MISSING.npy"], "must exist"),
    "wrong suffix": (["compare", "softmax", "--input", "TEXT.txt"], ".safetensors"),
    "directory as input": (["compare", "softmax", "--input", "FOLDER.npy"], "directory"),
    "corrupt archive": (["compare", "matmul", "--input", "CORRUPT.npz"], "valid .npz"),
    "python objects": (["compare", "softmax", "--input", "OBJECTS.npy"], "allow_pickle"),
    "wrong names": (["compare", "attention", "--input", "NAMES.npz"], "named q, k, v"),
    "wrong shape": (["compare", "softmax", "--input", "SCALAR.npy"], "shape"),
    "input and size": (["compare", "softmax", "--input", "GOOD.npy", "--size", "3"], "built-in"),
    "output in no folder": (["formats", "--json", "NOWHERE/x.json"], "folder must exist"),
    "output is a folder": (["compare", "matmul", "--csv", "FOLDER.npy"], "directory"),
    "output is a device": (["formats", "bf16", "--json", os.devnull], "plain file"),
    "output of a long name": (["formats", "bf16", "--json", "x" * 300], "too long"),
    "output nobody can make": (["formats", "bf16", "--json", "/proc/x"], r"output: (path|folder) must"),
    "one file for two outputs": (["compare", "matmul", "--csv", "o", "--md", "./o"], "--md and --csv .* different"),
    "one file for two reports": (["verify", "--json", "o", "--html", "o"], "--json and --html .* different"),
    "output over the input": (["compare", "softmax", "--input", "GOOD.npy", "--csv", "GOOD.npy"], "--input and --csv"),
    "report over the text": (
        ["compare", "rope", "--model", "smollm2", "--text", "TEXT.txt", "--md", "TEXT.txt"],
        "--text and --md",
    ),
    "option without a value": (["verify", "--html"], "requires an argument; try 'precise verify --help'"),
    "empty ledger": (["verify", "--source", "FOLDER.npy"], "must hold a statement; found none in 'FOLDER.npy'"),
    "open parenthesis": (["formats", "float(4,-6,8"], "each parenthesis must have its partner"),
    "unknown label": (["verify", "lem:nope"], "lem:nope"),
    "unknown kind": (["verify", "--require", "faith"], "kernel"),
    "no ledger": (["verify", "--source", "MISSING"], "folder"),
    "lock of a selection": (["verify", "lem:matmul", "--update-lock"], "without labels"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_usage_is_one_line(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FOLDER.npy").mkdir()
    (tmp_path / "TEXT.txt").write_text("1")
    (tmp_path / "CORRUPT.npz").write_bytes(b"PK\x03\x04")
    np.save(tmp_path / "OBJECTS.npy", np.array([None]), allow_pickle=True)
    np.save(tmp_path / "SCALAR.npy", np.float64(1))
    np.save(tmp_path / "GOOD.npy", np.ones(3))
    np.savez(tmp_path / "NAMES.npz", q=np.ones((2, 2)), k=np.ones((2, 2)), w=np.ones((2, 2)))
    before = sorted(tmp_path.iterdir())
    arguments, match = BAD[case]
    assert_one_line(run(*arguments), match)
    assert sorted(tmp_path.iterdir()) == before


def test_bad_usage_in_a_process_of_its_own():
    for arguments in (["round", "nan", "--format", "paper:6"], ["compare", "nope"], ["nope"]):
        found = process(*arguments)
        assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)


# Failures.


def test_an_unwritable_folder_is_reported_and_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert_one_line(run("formats", "--json", tmp_path / "f.json"), "writable")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    from precise.commands import formats

    path = tmp_path / "f.json"
    path.write_text("old")
    monkeypatch.setattr(formats, "write_json", failing_write(formats.write_json))
    found = run("formats", "--json", path)
    assert found.exit_code == 2
    assert re.fullmatch(r"precise: \S+: No space left on device\n", found.stderr)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["f.json"]


def failing_write(write_json):
    """Return `write_json` with a disk that is full after the first half."""

    def write(path, value):
        from precise.commands.output import write_through

        def half(temporary):
            temporary.write_text(json.dumps(value())[:20])
            raise OSError(28, "No space left on device", str(temporary))

        write_through(path, half)

    return write


@pytest.mark.parametrize(
    ("error", "status", "match"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (ValueError("odd\nthing"), 70, "internal error, ValueError: odd thing"),
        (DomainError("x: must\nhold"), 2, "x: must hold"),
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: Permission denied"),
        (RecursionError("deep"), 70, "RecursionError"),
    ],
)
def test_every_error_is_one_line(error, status, match, monkeypatch):
    from precise.commands import formats

    def fail(records):
        raise error

    monkeypatch.setattr(formats, "print_table", fail)
    found = run("formats")
    assert found.exit_code == status
    assert "Traceback" not in found.output
    assert match in found.stderr
    assert found.stderr.strip().count("\n") == 0


def test_a_reader_that_leaves_gets_no_message():
    command = f"{sys.executable} -m precise.cli formats bf16 --values | head -n 1"
    found = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert found.stderr == ""
    assert found.returncode == cli.READER_LEFT
