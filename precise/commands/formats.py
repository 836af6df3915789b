"""`precise formats`: the named formats, one in detail, or every value of a small one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import click
from rich import box
from rich.table import Table

from precise.commands.format_records import Record, block_record_of, policies_of, record_of
from precise.commands.options import json_option, read_formats, reading
from precise.commands.output import check_outputs, console, write_json
from precise.commands.round_command import code_of, hex_of, print_fields
from precise.commands.texts import decimal_of
from precise.dyadic import Dyadic
from precise.errors import DomainError, UnsupportedError
from precise.formats import ALIASES, FAMILIES, NAMED, Format, all_values, decode, width
from precise.formats.blocked import BLOCKED, Blocked, parse_blocked

MOST_LISTED: Final = 1 << 16
#: The bits of the formats whose codes are shown without being asked for.
FEW_BITS: Final = 6
_A_ROW: Final = 8
_COLUMNS: Final = ("p", "emin", "emax", "width", "least positive", "least normal", "largest", "specials")
_BLOCK_COLUMNS: Final = ("element", "scale", "size", "bits", "scale rule")
_TEXTS: Final = ("specials", "element", "scale", "scale rule")
_LONGEST_HEX: Final = 60


def read_any(text: str) -> list[Format] | Blocked:
    """Return the formats of a list, or the one block format that the text names."""
    return parse_blocked(text) if text.strip().lower().startswith((*BLOCKED, "bfp(")) else read_formats(text)


@click.command("formats")
@click.argument("formats", callback=reading(read_any), required=False, metavar="[NAMES]")
@click.option("--values", is_flag=True, help="List every value of a format of at most 65536 values, in order.")
@json_option
def command(formats: list[Format] | Blocked | None, values: bool, json_path: Path | None) -> None:
    """Show the formats, one in detail, or all values of a small one.

    NAMES is a list such as bfloat16,p=11..13,paper:6,float(11,-14,15),fixed(8,-7),int8,binary8p3se,bf16-ftz, or one
    block format such as mxfp4, mxfp8_e4m3:rceil, nvfp4, bfp(8,64); without it the named formats are shown.
    """
    check_outputs({"--json": json_path})
    if values and not formats:
        raise click.UsageError("--values needs the name of a format", click.get_current_context())
    if isinstance(formats, Blocked):
        show_blocked(formats, values, json_path)
        return
    chosen = formats or list(NAMED.values())
    records = [record_of(fmt) for fmt in chosen]
    listed = {fmt.name: values_of(fmt) for fmt in chosen} if values else {}
    blocks: list[Record] = []
    if formats is None:
        blocks = [block_record_of(fmt) for fmt in BLOCKED.values()]
        print_table(records)
        print_columns(blocks, _BLOCK_COLUMNS)
        print_fields(FAMILIES)
    elif len(chosen) > 1:
        print_table(records)
    else:
        print_detail(chosen[0], records[0])
    for fmt in chosen if values else ():
        print_values(fmt, listed[fmt.name])
    found = {"schema": 1, "study": "formats", "formats": records, "values": listed}
    write_json(json_path, lambda: found | ({"blocks": blocks} if blocks else {}))


def show_blocked(fmt: Blocked, values: bool, json_path: Path | None) -> None:
    """Show one block format."""
    if values:
        raise click.UsageError(f"--values needs the name of a plain format; got {fmt}", click.get_current_context())
    record = block_record_of(fmt)
    print_fields(record)
    write_json(json_path, lambda: {"schema": 1, "study": "formats", "blocks": [record]})


def print_table(records: list[Record]) -> None:
    """Print one line a format."""
    print_columns(records, _COLUMNS)


def print_columns(records: list[Record], columns: Iterable[str]) -> None:
    """Print the named fields of records, one line each."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("format", overflow="fold", min_width=min(max(len(r["name"]) for r in records), 18))
    for name in columns:
        justify: Literal["left", "right"] = "left" if name in _TEXTS else "right"
        table.add_column(name.replace(" ", "\n"), justify=justify, overflow="fold")
    for record in records:
        table.add_row(*(record[name] for name in ("name", *columns)))
    console().print(table)


def print_detail(fmt: Format, record: Record) -> None:
    """Print one format, a line a field, and the codes of a small one."""
    aliases = ", ".join(alias for alias, name in ALIASES.items() if name == fmt.name)
    detail = record | {
        "largest": "-" if fmt.largest is None else f"{decimal_of(fmt.largest)} = {hexadecimal(fmt.largest)}",
        "least": "-" if fmt.least is None else f"{decimal_of(fmt.least)} = {hexadecimal(fmt.least)}",
        "subnormals": "yes" if fmt.subnormals and not fmt.flush else "no",
    }
    print_fields(detail | policies_of(fmt) | ({"aliases": aliases} if aliases else {}))
    if record["width"] != "-" and width(fmt) <= FEW_BITS:
        print_codes(fmt)


def hexadecimal(x: Dyadic) -> str:
    """Return a number in hexadecimal, its middle left out where it is long."""
    text = hex_of(x)
    digits, _, exponent = text.partition("p")
    return text if len(digits) <= _LONGEST_HEX else f"{digits[: _LONGEST_HEX // 2]}...{digits[-4:]}p{exponent}"


def print_codes(fmt: Format) -> None:
    """Print what the codes of a small format mean, eight a line."""
    texts = [meaning_of(code, fmt) for code in range(1 << width(fmt))]
    widest = max(map(len, texts))
    for first in range(0, len(texts), _A_ROW):
        row = "  ".join(f"{text:>{widest}}" for text in texts[first : first + _A_ROW])
        click.echo(f"0x{first:02x}  {row}")


def meaning_of(code: int, fmt: Format) -> str:
    """Return the datum of a code in decimal, a dash for none."""
    try:
        return decimal_of(decode(code, fmt))
    except DomainError:
        return "-"


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
