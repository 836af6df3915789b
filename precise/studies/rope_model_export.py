"""The report of the RoPE experiment as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
from typing import Final

from precise.studies.rope_model import RopeModelReport
from precise.studies.rope_model_table import cells, remark, title

_COLUMNS: Final = (
    "RoPE quantities",
    "table error",
    "bound",
    "worst",
    "perplexity",
    "change %",
    "top-1 %",
    "KL per token",
    "KL, last half",
    "not finite",
    "verdict",
)


def rope_model_csv(report: RopeModelReport, /) -> str:
    """Return the rows as CSV: the fields of the JSON rows, a record such as `worst` as a column for each of its own."""
    rows: list[dict[str, str]] = []
    for row in report.rows:
        fields: dict[str, str] = {}
        for name, value in row.to_json().items():
            parts = {f"{name}_{key}": v for key, v in value.items()} if isinstance(value, dict) else {name: value}
            fields |= {key: "" if v is None else str(v) for key, v in parts.items() if key != "seconds"}
        rows.append(fields)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def rope_model_markdown(report: RopeModelReport, /) -> str:
    """Return the table and the rule of its verdicts as Markdown."""
    lines = [f"**{title(report)}**", "", "| " + " | ".join(_COLUMNS) + " |", "|---" * len(_COLUMNS) + "|"]
    for row in report.rows:
        lines.append("| " + " | ".join((*cells(row), str(row.metrics.not_finite), row.verdict)) + " |")
    return "\n".join([*lines, "", f"- {remark(report)}"]) + "\n"
