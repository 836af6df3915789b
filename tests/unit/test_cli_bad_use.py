"""Bad use of the command line: one line, the right exit status, nothing half-written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from command_line import assert_one_line, process, run

from precise import cli
from precise.errors import DomainError

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
    "unknown tier": (["verify", "--tier", "slow"], "quick.*full.*kernel"),
    "journal that is none": (["verify", "FOLDER.npy", "--state", "TEXT.txt"], "must be a journal of precise verify"),
    "journal and report": (["verify", "--state", "o", "--junit", "o"], "--junit and --state .* different"),
    "cluster and processes": (["verify", "--dask", "h:1", "--workers", "2"], "--dask and --workers must not"),
    "story of no label": (["verify", "--explain", "lem:nope"], "lem:nope"),
    "lock of a story": (["verify", "--explain", "lem:matmul", "--update-lock"], "without labels"),
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
