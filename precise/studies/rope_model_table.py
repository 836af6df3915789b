"""The report of the RoPE experiment as a table of at most 100 columns."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from rich import box
from rich.table import Table

from precise.studies.rope_model import RopeModelReport, RopeRow, float_above, rule

_STYLE: Final = {"harmless": "green", "harmful": "red", "broken": "bold red"}


def rope_model_table(report: RopeModelReport, /) -> Table:
    """Return the table of a report: one row a variant, the reference first, the rule of the verdicts below it.

    Errors and bounds are rounded upwards to three digits, so a printed error stays below its printed bound.
    """
    broken = any(row.metrics.not_finite or row.table_not_finite for row in report.rows)
    table = Table(
        title=title(report),
        caption=remark(report),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=0,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("RoPE quantities", min_width=16 if broken else 23, overflow="fold")
    for heading in (
        "table\nerror",
        "\nbound",
        "\nworst",
        "perplex-\nity",
        "change\n%",
        "top-1\n%",
        "KL per\ntoken",
        "\nhalf",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    if broken:
        table.add_column("not\nfinite", justify="right", no_wrap=True)
    table.add_column("\nverdict", no_wrap=True)
    for row in report.rows:
        texts = cells(row)
        if broken:
            texts.append(str(row.metrics.not_finite))
        table.add_row(*texts, f"[{_STYLE[row.verdict]}]{row.verdict}[/]")
    return table


def title(report: RopeModelReport) -> str:
    """Return what was measured."""
    return (
        f"{report.model}: {report.tokens} tokens of {report.text}; RoPE base {report.base}, "
        f"d = {report.head_dim}, {report.rounding}; all but the tables in binary32"
    )


def remark(report: RopeModelReport) -> str:
    """Return the rule of the verdicts and the meaning of the columns."""
    return f"{rule(report.tolerance)}. worst: position, feature. half: last half of the text."


def cells(row: RopeRow) -> list[str]:
    """Return the texts of a row up to the mean divergence in the last half."""
    metrics = row.metrics
    return [
        row.variant.name,
        _above(row.error.value),
        "none" if row.bound is None else _above(float_above(row.bound.table)),
        f"{row.error.position},{row.error.feature}",
        _short(metrics.perplexity, 4),
        _signed(row.perplexity_change),
        f"{100 * metrics.agreement:.2f}",
        _short(metrics.kl_mean, 2),
        _short(metrics.kl_last_half, 2),
    ]


def _above(x: float) -> str:
    """Return `x >= 0` with three significant digits, rounded upwards; NaN as it is."""
    if not math.isfinite(x) or x == 0:
        return f"{x:.0f}"
    scale = Fraction(10) ** (math.floor(math.log10(x)) - 2)
    return _short(float(math.ceil(Fraction(x) / scale) * scale), 3)


def _short(x: float, digits: int) -> str:
    """Return `x` with so many significant digits, small numbers as 1.7e-10 and 2.1e-4."""
    if x == 0 or not math.isfinite(x):
        return f"{x:.0f}"
    if 1e-2 <= abs(x) < 1e5:
        return f"{x:#.{digits}g}".rstrip(".")
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _signed(x: float) -> str:
    """Return a percentage with its sign and at most three decimals."""
    return f"{x:+.3f}" if abs(x) < 10 or not math.isfinite(x) else f"{'+' if x > 0 else ''}{_short(x, 4)}"
