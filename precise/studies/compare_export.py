"""A comparison as JSON, CSV and Markdown: the numbers of the table and those that it has no room for."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Final, TypeAlias

from precise.claims.versions import DISTRIBUTION, version_of
from precise.dyadic import Dyadic
from precise.studies.compare import Comparison, Row
from precise.studies.compare_table import cells, remarks, title
from precise.studies.decimals import decimal_above, decimal_below, fraction_of
from precise.studies.lemma_bound import LemmaBound

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

SCHEMA: Final = 1
_DIGITS: Final = 17
_COLUMNS: Final = (
    "max error",
    "bound",
    "error/bound",
    "max rel error",
    "max ulps",
    "mean ulps",
    "good bits",
    "NaN, inf",
    "worst entry",
)


def compare_json(comparison: Comparison, /, *, seconds: bool = True) -> dict[str, JSON]:
    """Return a comparison as JSON values; errors are decimal text of 17 digits, rounded up.

    Without `seconds` two runs give the same document.
    """
    shapes: dict[str, JSON] = {name: list(shape) for name, shape in comparison.shapes.items()}
    found: dict[str, JSON] = {
        "schema": SCHEMA,
        "package": {"name": DISTRIBUTION, "version": version_of(DISTRIBUTION)},
        "study": "compare",
        "operation": comparison.operation.name,
        "variant": comparison.variant,
        "source": comparison.source,
        "seed": comparison.seed,
        "shapes": shapes,
        "rounding": str(comparison.rounding),
        "accumulate": str(comparison.accumulate),
        "include_input_error": comparison.include_input_error,
        "bounds_hold": comparison.bounds_hold,
        "rows": [row_json(row, seconds) for row in comparison.rows],
    }
    return found | {"seconds": f"{comparison.seconds:.3f}"} if seconds else found


def row_json(row: Row, seconds: bool) -> dict[str, JSON]:
    """Return one row as JSON values."""
    policy: dict[str, JSON] = dict(row.policy.describe())
    found: dict[str, JSON] = {
        "format": row.format.name,
        "p": row.format.p,
        "policy": policy,
        "engine": row.engine,
        "enclosure_bits": row.bits,
        "refused": row.failure,
    }
    m, bound = row.measurement, row.bound
    if m is not None and bound is not None:
        found |= {
            "max_error": above(m.absolute),
            "max_error_exact": None if m.absolute is None else m.absolute.to_hex(),
            "mean_error": above(m.mean_absolute),
            "max_relative_error": above(m.relative),
            "max_ulps": above(m.ulps),
            "mean_ulps": above(m.mean_ulps),
            "bias_ulps": None if m.bias is None else [signed(m.bias[0], up=False), signed(m.bias[1], up=True)],
            "good_bits": None if m.good_bits is None else decimal_text(m.good_bits),
            "worst_entry": None if m.worst is None else list(m.worst),
            "worst_entry_ulps": None if m.worst_ulps is None else list(m.worst_ulps),
            "bound": above(bound.absolute),
            "bound_relative": above(bound.relative),
            "error_over_bound": above(bound.tightest),
            "bound_holds": bound.holds,
            "bound_absent": bound.reason,
            "lemma": None if row.lemma is None else lemma_json(row.lemma),
            "entries": m.count,
            "measured": m.measured,
            "nan": m.not_a_number,
            "infinite": m.infinite,
            "true_value_undefined": m.undefined,
            "without_relative_error": m.without_relative,
            "without_ulps": m.without_ulps,
            "enclosure_stays_wide": m.unsettled,
        }
    return found | {"seconds": f"{row.seconds:.3f}"} if seconds else found


def lemma_json(lemma: LemmaBound) -> dict[str, JSON]:
    """Return the bound of a lemma as JSON values."""
    return {
        "label": lemma.label,
        "constant": None if lemma.constant is None else str(lemma.constant),
        "scale": lemma.scale,
        "greatest_scale": above(lemma.greatest_scale),
        "hypotheses": list(lemma.hypotheses),
        "bound": above(lemma.greatest),
        "bound_absent": lemma.reason,
    }


def above(x: Dyadic | Fraction | None) -> str | None:
    """Return a nonnegative number in decimal, rounded up."""
    return None if x is None else decimal_above(fraction_of(x), _DIGITS)


def signed(x: Fraction, *, up: bool) -> str:
    """Return a number in decimal, rounded up or down."""
    if x < 0:
        return "-" + signed(-x, up=not up)
    return (decimal_above if up else decimal_below)(x, _DIGITS)


def decimal_text(tenths: Fraction) -> str:
    """Return a multiple of a tenth in decimal."""
    n = tenths.numerator * 10 // tenths.denominator
    return f"{'-' if n < 0 else ''}{abs(n) // 10}.{abs(n) % 10}"


def compare_csv(comparison: Comparison, /) -> str:
    """Return the rows as CSV: the fields of the JSON rows that hold one value, policies and lemmas left out."""
    rows = [row_json(row, seconds=False) for row in comparison.rows]
    names = list(dict.fromkeys(key for row in rows for key in row if key not in ("policy", "lemma")))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["operation", "variant", "rounding", *names])
    for row in rows:
        fields = [_field(row.get(name)) for name in names]
        writer.writerow([comparison.operation.name, comparison.variant, str(comparison.rounding), *fields])
    return out.getvalue()


def _field(value: JSON) -> str:
    """Return one field of a CSV row."""
    if isinstance(value, list):
        return " ".join(str(v) for v in value)
    return "" if value is None else str(value)


def compare_markdown(comparison: Comparison, /) -> str:
    """Return the table and its remarks as Markdown."""
    heading = title(comparison).replace("\n", "; ")
    lines = [f"**{heading}**", "", "| format | p | " + " | ".join(_COLUMNS) + " |", "|---" * (2 + len(_COLUMNS)) + "|"]
    for row in comparison.rows:
        texts = [row.format.name, str(row.format.p or "-"), *cells(row)]
        lines.append("| " + " | ".join(text.replace("*", r"\*") for text in texts) + " |")
    lines += ["", *(f"- {line}" for line in remarks(comparison))]
    return "\n".join(lines) + "\n"
