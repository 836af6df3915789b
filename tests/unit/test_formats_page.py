"""The page on formats and the command that shows them say what the code does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run

from precise.commands.formats_page import FIRST_LINE, LAST_LINE, with_tables
from precise.formats import NAMED, parse_format, width
from precise.formats.blocked import BLOCKED
from precise.formats.sources import SOURCES

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    assert PAGE.count(FIRST_LINE) == PAGE.count(LAST_LINE) == 1
    assert with_tables(PAGE) == PAGE, "run scripts/update_formats_page.py"
    assert with_tables(PAGE.replace("| 448 |", "| 447 |")) == PAGE


def test_every_named_format_has_a_source_and_a_line() -> None:
    assert set(SOURCES) == {*NAMED, *BLOCKED}
    for name in SOURCES:
        assert f"\n| {name} |" in PAGE


@pytest.mark.parametrize(
    "line",
    [
        # IEEE 754-2019, table 3.5; OCP OFP8 1.0, table 2; OCP MX 1.0, section 5; ml_dtypes' README, by hand
        "binary16 | 11 | -14 | 15 | 65504 | 2^-14 | 2^-24 | -0 ±inf nan | infinity | 16",
        "binary128 | 113 | -16382 | 16383 | 1.18973e+4932 | 2^-16382 | 2^-16494 | -0 ±inf nan | infinity | 128",
        "float8_e4m3fn | 4 | -6 | 8 | 448 | 2^-6 | 2^-9 | -0 nan | nan | 8",
        "float8_e5m2 | 3 | -14 | 15 | 57344 | 2^-14 | 2^-16 | -0 ±inf nan | infinity | 8",
        "float6_e3m2fn | 3 | -2 | 4 | 28 | 2^-2 | 2^-4 | -0 | saturate | 6",
        "float6_e2m3fn | 4 | 0 | 2 | 7.5 | 2^0 | 2^-3 | -0 | saturate | 6",
        "float4_e2m1fn | 2 | 0 | 2 | 6 | 2^0 | 2^-1 | -0 | saturate | 4",
        "float8_e4m3b11fnuz | 4 | -10 | 4 | 30 | 2^-10 | 2^-13 | nan | nan | 8",
        "int8 | - | - | 6 | 127 | - | 2^0 | none | saturate | 8",
        "mxfp4 | float4_e2m1fn | float8_e8m0fnu | 32 | 4.25 | floor",
        "nvfp4 | float4_e2m1fn | float8_e4m3fn, binary32 a tensor | 16 | 4.5 | quotient",
    ],
)
def test_lines_of_the_page_as_the_standards_have_them(line: str) -> None:
    assert f"| {line} | " in PAGE


def test_the_table_of_the_command_fits_and_has_all_formats() -> None:
    lines = run("formats").stdout.splitlines()
    assert max(map(len, lines)) <= 100
    first = [line.split()[0] for line in lines if line.strip()]
    for name in (*NAMED, *BLOCKED):
        assert first.count(name) == 1
    assert any(line.startswith("NAME-ftz") for line in lines)


def test_details_name_the_policies() -> None:
    for name, parts in {
        "e8m0": ("0 becomes NaN", "code 0xff", "to the least number", "become NaN"),
        "bf16-ftz": ("flushed", "+0 and -0", "2^-126"),
        "float8_e4m3fnuz": ("one class, code 0x80", "to NaN", "zero            one"),
        "uint4": ("saturate at 0", "raises DomainError"),
        "p=12": ("overflow        none", "one class"),
        "paper:9": ("to zero or the least number", "saturates"),
    }.items():
        text = run("formats", name).stdout
        for part in parts:
            assert part in text, (name, part)


def test_small_formats_show_their_codes() -> None:
    text = run("formats", "e2m1").stdout
    assert text.splitlines()[-2].split() == ["0x00", "0", "0.5", "1", "1.5", "2", "3", "4", "6"]
    assert text.splitlines()[-1].split() == ["0x08", "-0", "-0.5", "-1", "-1.5", "-2", "-3", "-4", "-6"]
    assert run("formats", "fixed(4,0,symmetric)").stdout.splitlines()[-1].split()[:3] == ["0x08", "-", "-7"]
    for fmt in NAMED.values():
        assert ("0x00 " in run("formats", fmt.name).stdout) == (width(fmt) <= 6)


@pytest.mark.parametrize("name", ["mxfp4:rceil", "nvfp4", "bfp(8,64)"])
def test_block_formats_are_shown(name: str, tmp_path: Path) -> None:
    found = run("formats", name, "--json", tmp_path / "f.json")
    assert found.exit_code == 0
    (record,) = json.loads((tmp_path / "f.json").read_text())["blocks"]
    assert record["name"] == name
    assert run("formats", name, "--values").exit_code == 2
    assert run("formats", "mxfp4:up").exit_code == 2


@pytest.mark.parametrize("name", ["paper:2000", "paper:20000", "binary40p1ue"])
def test_exponents_of_any_size_are_shown_short(name: str) -> None:
    assert parse_format(name).name == name
    for arguments in (["formats", name], ["formats", f"{name},p=4"], ["round", "0", "--format", name]):
        found = run(*arguments)
        assert found.exit_code == 0
        assert max(map(len, found.stdout.splitlines())) <= 200
