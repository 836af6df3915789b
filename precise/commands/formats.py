"""`precise formats`: the named formats, one in detail, or every value of a small one."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import click
from rich import box
from rich.table import Table

from precise.commands.options import json_option, read_formats, reading
from precise.commands.output import check_outputs, console, write_json
from precise.commands.round_command import code_of, hex_of, print_fields
from precise.commands.texts import LONGEST_EXPONENT, between_powers, decimal_of, integer_text
from precise.dyadic import Dyadic, Special
from precise.errors import UnsupportedError
from precise.formats import ALIASES, NAMED, Format, all_values, width
from precise.studies.decimals import decimal_below

Record: TypeAlias = dict[str, str]

MOST_LISTED = 1 << 16
_COLUMNS = ("p", "emin", "emax", "q_min", "width", "u", "least positive", "least normal", "largest", "specials")


@click.command("formats")
@click.argument("formats", callback=reading(read_formats), required=False, metavar="[NAMES]")
@click.option("--values", is_flag=True, help="List every value of a format of at most 65536 values, in order.")
@json_option
def command(formats: list[Format] | None, values: bool, json_path: Path | None) -> None:
    """Show the formats, one in detail, or all values of a small one.

    NAMES is a list such as bfloat16,p=11..13,paper:6,float(11,-14,15),fixed(8,-7); without it the named formats are
    shown.
    """
    check_outputs({"--json": json_path})
    if values and not formats:
        raise click.UsageError("--values needs the name of a format", click.get_current_context())
    chosen = formats or list(NAMED.values())
    records = [record_of(fmt) for fmt in chosen]
    listed = {fmt.name: values_of(fmt) for fmt in chosen} if values else {}
    if formats is None or len(chosen) > 1:
        print_table(records)
    else:
        print_detail(chosen[0], records[0])
    for fmt in chosen if values else ():
        print_values(fmt, listed[fmt.name])
    write_json(json_path, lambda: {"schema": 1, "study": "formats", "formats": records, "values": listed})


def record_of(fmt: Format) -> Record:
    """Return the numbers that make a format, as text; powers of two as such, the largest number rounded down."""
    specials = [s for s in Special if s in fmt]
    try:
        bits = str(width(fmt))
    except UnsupportedError:
        bits = "-"
    return {
        "name": fmt.name,
        "p": text_of(fmt.p),
        "emin": text_of(fmt.emin),
        "emax": text_of(fmt.emax),
        "q_min": text_of(fmt.q_min),
        "width": bits,
        "u": "-" if fmt.p is None else f"2^-{fmt.p}",
        "least positive": power_of(fmt.smallest_positive),
        "least normal": power_of(fmt.smallest_normal),
        "largest": "-" if fmt.largest is None else short(fmt.largest),
        "specials": " ".join(str(s) for s in specials if s is not Special.NEG_INF).replace("inf", "±inf") or "none",
    }


def text_of(x: int | None) -> str:
    """Return an integer, or a dash for none."""
    return "-" if x is None else integer_text(x)


def power_of(x: Dyadic | None) -> str:
    """Return a power of two as such."""
    return "-" if x is None else between_powers(x)


def short(x: Dyadic) -> str:
    """Return a positive number in decimal, rounded down to 6 digits."""
    if abs(x.e) > LONGEST_EXPONENT:
        return between_powers(x)
    text = decimal_below(x.to_fraction(), 6)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def print_table(records: list[Record]) -> None:
    """Print one line a format."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("format", overflow="fold")
    for name in _COLUMNS:
        justify: Literal["left", "right"] = "left" if name == "specials" else "right"
        table.add_column(name.replace(" ", "\n"), justify=justify, overflow="fold")
    for record in records:
        table.add_row(*(record[name] for name in ("name", *_COLUMNS)))
    console().print(table)


def print_detail(fmt: Format, record: Record) -> None:
    """Print one format, a line a field."""
    aliases = ", ".join(alias for alias, name in ALIASES.items() if name == fmt.name)
    detail = record | {
        "largest": "-" if fmt.largest is None else f"{decimal_of(fmt.largest)} = {hex_of(fmt.largest)}",
        "least": "-" if fmt.least is None else f"{decimal_of(fmt.least)} = {hex_of(fmt.least)}",
        "subnormals": "yes" if fmt.subnormals else "no",
    }
    print_fields(detail | ({"aliases": aliases} if aliases else {}))


def values_of(fmt: Format) -> list[Record]:
    """Return every datum with its code, numbers in ascending order, then the special data."""
    try:
        bits = width(fmt)
    except UnsupportedError:
        bits = 0
    if bits > MOST_LISTED.bit_length() - 1:
        raise UnsupportedError(
            f"formats: --values must be used with at most {MOST_LISTED} values; {fmt} has {bits} bits"
        )
    found = list(all_values(fmt, specials=True))
    if len(found) > MOST_LISTED:
        raise UnsupportedError(f"formats: --values must be used with at most {MOST_LISTED} values; got {len(found)}")
    return [{"code": code_of(x, fmt) if bits else "-", "hex": hex_of(x), "decimal": decimal_of(x)} for x in found]


def print_values(fmt: Format, values: list[Record]) -> None:
    """Print the values, one a line."""
    click.echo(f"\n{fmt}: {len(values)} data")
    for record in values:
        click.echo(f"{record['code']:>8}  {record['hex']:>14}  {record['decimal']}")
