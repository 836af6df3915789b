"""The RoPE experiment on a tiny random model: rows, verdicts, report and errors."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from precise.errors import DomainError
from precise.formats import bfloat16, float8_e4m3fn
from precise.rounding import RTZ
from precise.studies.perplexity import PredictionMetrics
from precise.studies.rope_formats import RopeFormats, RopeVariant
from precise.studies.rope_model import (
    RopeModelReport,
    float_above,
    measure_variants,
    rope_model_study,
    rule,
    table_error,
    verdict,
)
from precise.studies.rope_model_export import rope_model_csv, rope_model_markdown
from precise.studies.rope_model_table import rope_model_table
from precise.studies.rope_tables import RopeTables
from precise.studies.smollm2 import Architecture, LanguageModel, build_weights

SMALL = Architecture(2, 2, 1, 8, 16, 24, 64, 1024, Fraction(10000), 2.0**-17)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    """A random model of two layers whose tokens are the characters modulo 64."""
    draw = np.random.default_rng(11).standard_normal
    shapes = {"token_embd.weight": (64, 16), "output_norm.weight": (16,)}
    for i in range(2):
        block = {"attn_norm": (16,), "attn_q": (16, 16), "attn_k": (8, 16), "attn_v": (8, 16), "attn_output": (16, 16)}
        block |= {"ffn_norm": (16,), "ffn_gate": (24, 16), "ffn_up": (24, 16), "ffn_down": (16, 24)}
        shapes |= {f"blk.{i}.{name}.weight": shape for name, shape in block.items()}
    tensors = {name: (draw(shape) / 2).astype(np.float32) for name, shape in shapes.items()}
    return LanguageModel("random", SMALL, build_weights(SMALL, tensors), lambda text: [ord(c) % 64 for c in text])


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text of 900 characters."""
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text("".join(chr(32 + (i * i + 7 * i) % 90) for i in range(900)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def report(model: LanguageModel, text: Path) -> RopeModelReport:
    """The flagship rows on 300 tokens."""
    return rope_model_study(text, tokens=300, model=model)


def test_the_reference_agrees_with_itself(report: RopeModelReport) -> None:
    first = report.rows[0]
    assert first.variant.formats == RopeFormats()
    assert (first.metrics.agreement, first.metrics.kl_mean, first.perplexity_change) == (1.0, 0.0, 0.0)
    assert first.error.value <= 2.0**-25
    assert first.verdict == "harmless"


def test_every_error_lies_below_its_bound(report: RopeModelReport) -> None:
    assert len(report.rows) == 9
    for row in report.rows:
        assert row.bound is not None
        assert 0 < Fraction(row.error.value) <= row.bound.table


def test_coarser_formats_move_the_predictions_more(report: RopeModelReport) -> None:
    moved = {row.variant.name: row.metrics.kl_mean for row in report.rows}
    assert 0 < moved["all in binary32"] < moved["all in p=16"] < moved["all in p=11"] < moved["all in p=8"]


def test_each_format_gives_five_rows(model: LanguageModel, text: Path) -> None:
    lines: list[str] = []
    found = rope_model_study(
        text, tokens=40, formats=[bfloat16], rounding=RTZ, tolerance=Fraction(0), model=model, progress=lines.append
    )
    assert [row.variant.name for row in found.rows[1:]] == [
        "positions in bfloat16",
        "frequencies in bfloat16",
        "angles in bfloat16",
        "cos/sin in bfloat16",
        "all in bfloat16",
    ]
    assert lines[0] == "exact (1 of 6)"
    assert len(lines) == 6
    assert [row.verdict for row in found.rows] == ["harmless", "harmless", "harmful", "harmful", "harmful", "harmful"]
    assert not found.all_harmless


def test_positions_beyond_a_format_break_the_model(model: LanguageModel, text: Path) -> None:
    found = rope_model_study(text, tokens=500, formats=[float8_e4m3fn], model=model)
    positions = found.rows[1]
    assert positions.bound is None
    assert positions.table_not_finite == (500 - 465) * 4 * 2
    assert positions.metrics.not_finite >= 499 - 465
    assert positions.verdict == "broken"
    assert (positions.error.position, positions.error.feature) == (465, 0)
    shown = printed(found)
    assert shown.count("broken") == 3 + 1  # and the rule
    assert shown.count("harmful") == 1 + 1
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("late", "not_finite", "word"),
    [(0.0, 0, "harmless"), (0.25, 0, "harmless"), (0.26, 0, "harmful"), (math.inf, 0, "broken"), (0.0, 1, "broken")],
)
def test_the_verdict_follows_the_rule(late: float, not_finite: int, word: str) -> None:
    metrics = PredictionMetrics(9, 2.0, 1.0, 0.0, late, not_finite)
    assert verdict(metrics, Fraction(1, 4)) == word
    assert "harmless: mean KL in the last half <= 0.25" in rule(Fraction(1, 4))
    assert "at most 35 %" in rule(Fraction(1, 4))


def test_the_worst_entry_is_where_it_was_put() -> None:
    exact = np.zeros((4, 3)), np.ones((4, 3))
    cos, sin = (x.astype(np.float32) for x in exact)
    sin[2, 1] += 0.5
    tables = RopeTables(RopeFormats(), (5, 6, 7, 9), cos, sin)
    found = table_error(tables, exact)
    assert (found.value, found.position, found.feature, found.function) == (0.5 + 2.0**-52, 7, 1, "sin")
    cos[3, 0] = np.nan
    found = table_error(tables, exact)
    assert math.isnan(found.value)
    assert (found.position, found.feature, found.function) == (9, 0, "cos")


def test_float_above_is_above_and_close() -> None:
    for x in (Fraction(1, 3), Fraction(2, 3), Fraction(1, 2), Fraction(0), Fraction(1, 10**30)):
        assert x <= Fraction(float_above(x)) <= x * (1 + Fraction(1, 2**51))


def printed(report: RopeModelReport) -> str:
    """Return the table as a terminal of 100 columns shows it."""
    out = io.StringIO()
    Console(file=out, width=100, no_color=True).print(rope_model_table(report))
    return out.getvalue()


def test_the_table_fits_and_shows_every_row(report: RopeModelReport) -> None:
    shown = printed(report)
    assert max(map(len, shown.splitlines())) <= 100
    for row in report.rows:
        assert row.variant.name in shown
    assert shown.count("harmless") + shown.count("harmful") == len(report.rows) + 2  # and the rule


def test_the_json_holds_what_the_table_shows(report: RopeModelReport) -> None:
    data = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert [row["name"] for row in data["rows"]] == [row.variant.name for row in report.rows]
    last = data["rows"][-1]
    assert last["formats"]["angles"] == "p=8"
    assert Fraction(last["table_error_bound_exact"]) <= Fraction(last["table_error_bound"])
    assert last["kl_per_token_last_half"] == report.rows[-1].metrics.kl_last_half


def test_csv_and_markdown_hold_what_the_json_holds(report: RopeModelReport) -> None:
    rows = list(csv.DictReader(io.StringIO(rope_model_csv(report))))
    assert len(rows) == len(report.rows) > 1
    for found, row in zip(rows, report.rows, strict=True):
        data = row.to_json()
        assert {found[name] for name in ("name", "verdict")} == {data["name"], data["verdict"]}
        assert found["kl_per_token"] == str(data["kl_per_token"])
        assert found["worst_position"] == str(row.error.position)
        assert None not in found
    lines = rope_model_markdown(report).splitlines()
    body = [line for line in lines if line.startswith("| ")][1:]
    assert [line.split(" | ")[0] for line in body] == [f"| {row.variant.name}" for row in report.rows]
    assert {line.count(" | ") for line in body} == {lines[2].count(" | ")}


def test_two_runs_give_the_same_numbers(model: LanguageModel, report: RopeModelReport, text: Path) -> None:
    tokens = model.encode(text.read_text(encoding="utf-8"))[:300]
    variant = RopeVariant("all in p=8", report.rows[-1].variant.formats)
    again = measure_variants(model, tokens, [variant], report.rounding, report.tolerance)[1]
    assert replace(again, seconds=0.0) == replace(report.rows[-1], seconds=0.0)


def test_c1_the_text_is_long_enough_and_readable(model: LanguageModel, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"readable UTF-8 file; .*absent.txt: No such file"):
        rope_model_study(tmp_path / "absent.txt", model=model)
    short = tmp_path / "short.txt"
    short.write_text("abcdef", encoding="utf-8")
    with pytest.raises(DomainError, match=r"at least 7 tokens; short.txt has 6"):
        rope_model_study(short, tokens=7, model=model)
    short.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DomainError, match="is not UTF-8 text"):
        rope_model_study(short, tokens=7, model=model)


@pytest.mark.parametrize("tokens", [3, 1025])
def test_c2_tokens_fit_the_context(model: LanguageModel, text: Path, tokens: int) -> None:
    with pytest.raises(DomainError, match=rf"tokens must lie in 4..1024; got {tokens}"):
        rope_model_study(text, tokens=tokens, model=model)


def test_c3_tolerance_is_not_negative(model: LanguageModel, text: Path) -> None:
    with pytest.raises(DomainError, match="tolerance must not be negative; got -1"):
        rope_model_study(text, model=model, tolerance=Fraction(-1))
