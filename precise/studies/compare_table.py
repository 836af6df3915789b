"""A comparison as a table of at most 100 columns with remarks; errors and bounds are rounded up, good bits down."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from precise.dyadic import Dyadic
from precise.studies.compare import Comparison, ErrorBound, Row
from precise.studies.decimals import decimal_above, fraction_of
from precise.studies.lemma_bound import LemmaBound

WIDEST: Final = 100

_HEADINGS: Final = (
    "max\nerror",
    "\nbound",
    "error/\nbound",
    "max rel\nerror",
    "max\nulps",
    "mean\nulps",
    "good\nbits",
    "NaN,\ninf",
    "worst\nentry",
)


def print_comparison(comparison: Comparison, console: Console, /) -> None:
    """Print title, table and remarks, 100 columns wide."""
    console.print(Text(title(comparison), "bold"), width=WIDEST)
    console.print(compare_table(comparison), width=WIDEST)
    for line in remarks(comparison):
        console.print(Text(line, "dim"), width=WIDEST)


def compare_table(comparison: Comparison, /) -> Table:
    """Return the table of a comparison, one row a format."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("format", min_width=10, max_width=20, overflow="fold")
    table.add_column("p", justify="right", no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in comparison.rows:
        table.add_row(row.format.name, str(row.format.p or "-"), *cells(row))
    return table


def cells(row: Row) -> list[str]:
    """Return the texts of a row after format and p; a star marks maxima from which NaN and infinities are left out."""
    m, bound = row.measurement, row.bound
    if m is None:
        return ["refused"] + [""] * (len(_HEADINGS) - 1)
    star = "*" if m.not_finite or m.undefined else ""
    limit = bound.absolute if bound else None
    return [
        above(m.absolute, "-") + star,
        above(limit, "none"),
        above(bound.tightest if bound and limit is not None else None, ""),
        above(m.relative, "-") + star,
        above(m.ulps, "-") + star,
        above(m.mean_ulps, "-") + star,
        good_bits_text(row) + star,
        str(m.not_finite),
        "-" if m.worst is None else ",".join(map(str, m.worst)),
    ]


def above(x: Dyadic | Fraction | None, absent: str) -> str:
    """Return a number rounded up to three digits, or a word where there is none."""
    return absent if x is None else decimal_above(fraction_of(x))


def good_bits_text(row: Row) -> str:
    """Return the good bits with one decimal; `all` for no error."""
    m = row.measurement
    if m is None or m.relative is None:
        return "-"
    if m.good_bits is None:
        return "all"
    tenths = m.good_bits * 10
    return f"{'-' if tenths < 0 else ''}{abs(tenths.numerator) // 10}.{abs(tenths.numerator) % 10}"


def title(comparison: Comparison) -> str:
    """Return what was compared, in one or two lines."""
    variant = f" ({comparison.variant})" if comparison.variant else ""
    shapes = ", ".join(f"{name} {list(shape)}" for name, shape in comparison.shapes.items())
    how = f"{comparison.rounding}, sums {comparison.accumulate}"
    return f"{comparison.operation.name}{variant}: {shapes}\n{comparison.source}; {how}"


def remarks(comparison: Comparison) -> list[str]:
    """Return what stands below a table: the meaning of the true value, engines, bits, and what is missing and why."""
    engines = sorted({row.engine for row in comparison.rows if row.engine})
    bits = max((row.bits for row in comparison.rows), default=0)
    inputs = "the inputs as given" if comparison.include_input_error else "the inputs rounded to the format"
    lines = [
        f"True values: enclosures ({bits} bits) for {inputs}. Errors are upper ends, rounded up. "
        f"Engine: {', '.join(engines) or 'none'}.",
        "bound: holds for all results, from format and inputs alone; error/bound: greatest over the entries. "
        f"worst entry: {comparison.operation.output}.",
    ]
    for row in comparison.rows:
        lines += [f"{row.format}: {text}" for text in row_remarks(row)]
    return lines


def row_remarks(row: Row) -> list[str]:
    """Return what a reader must know of one row, a line each."""
    m, bound = row.measurement, row.bound
    if m is None or bound is None:
        return [f"refused: {row.failure}"]
    lines = [] if row.lemma is None else lemma_remarks(row.lemma, bound)
    if m.not_finite:
        lines.append(f"* without {m.not_a_number} NaN and {m.infinite} infinite results of {m.count}")
    if m.undefined:
        lines.append(f"* without {m.undefined} of {m.count} entries whose true value is undefined or unbounded")
    if bound.absolute is None and m.measured:
        lines.append(f"no bound: {bound.reason}")
    if not bound.holds:
        lines.append("AN ERROR EXCEEDS ITS BOUND; please report this")
    if m.unsettled:
        lines.append(
            f"enclosures of {m.unsettled} entries stay wide at {row.bits} bits; their errors are upper ends only"
        )
    if m.without_relative:
        lines.append(f"{m.without_relative} entries have true value 0 and an error: no relative error")
    if m.without_ulps:
        lines.append(f"{m.without_ulps} entries have true value 0, where the format has no ulp")
    return lines


def lemma_remarks(lemma: LemmaBound, bound: ErrorBound) -> list[str]:
    """Return the bound of a lemma as a product, and how the column of the table compares; nothing where it has none."""
    if lemma.greatest is None or lemma.constant is None:
        return []
    factors = f"constant {above(lemma.constant, '')} * max {lemma.scale} {above(lemma.greatest_scale, '')}"
    tighter = "tighter " if bound.absolute is not None and bound.absolute < lemma.greatest else ""
    return [
        f"{lemma.label} gives error <= {above(lemma.greatest, '')} = {factors}; "
        f"the bound column is the {tighter}running bound"
    ]
