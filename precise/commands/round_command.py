"""`precise round`: one number in some formats, with the exact error and the neighbours."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeAlias

import click

from precise.commands.options import json_option, read_formats, reading, rounding_option, seed_option, seeded
from precise.commands.output import check_outputs, write_json
from precise.commands.round_errors import errors_of
from precise.commands.texts import decimal_of, integer_text
from precise.dyadic import Dyadic, Element, Special
from precise.errors import DomainError, UnsupportedError
from precise.formats import Format, encode, next_down, next_up, width
from precise.rounding import Overflow, Rounding, exact_value, round_to
from precise.studies.decimals import fraction_of

Record: TypeAlias = dict[str, str]


#: Python reads no decimal integers of more than 4300 digits.
LONGEST_NUMBER: Final = 4000

_NEGATIVE: Final = re.compile(r"-(\d|\.\d|0x|inf|nan)", re.IGNORECASE)


class NegativeNumbers(click.Command):
    """A command whose arguments may be negative numbers, which are no options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line, with negative numbers that no option asks for moved behind the options."""
        asks = [False, *(a.startswith("--") and "=" not in a for a in args)]
        numbers = [a for a, asked in zip(args, asks, strict=False) if _NEGATIVE.match(a) and not asked]
        rest = [a for a, asked in zip(args, asks, strict=False) if not _NEGATIVE.match(a) or asked]
        return super().parse_args(ctx, [*rest, "--", *numbers] if numbers and "--" not in args else args)


@click.command("round", cls=NegativeNumbers)
@click.argument("number")
@click.option(
    "--format",
    "formats",
    callback=reading(read_formats),
    required=True,
    metavar="NAMES",
    help="As bfloat16, p=11, paper:6, fixed(8,-7).",
)
@rounding_option
@click.option(
    "--overflow",
    type=click.Choice([o.value for o in Overflow]),
    help="Default: infinity where the format has it, else NaN where it has that, else saturate.",
)
@seed_option
@json_option
def command(
    number: str, formats: list[Format], rounding: Rounding, overflow: str | None, seed: int, json_path: Path | None
) -> None:
    """Round a number and show the result, its error and its neighbours.

    NUMBER is taken exactly: a decimal, a hexadecimal literal such as 0x1.8p-3, a fraction such as 1/3, -0, inf or nan.
    """
    check_outputs({"--json": json_path})
    policy = None if overflow is None else Overflow(overflow)
    value = read_number(number)
    mode = seeded(rounding, seed)
    records = [round_record(number, value, fmt, mode, policy) for fmt in formats]
    for i, record in enumerate(records):
        if i:
            click.echo()
        print_fields(record)
    write_json(json_path, lambda: {"schema": 1, "study": "round", "results": records})


def print_fields(record: Record) -> None:
    """Print fields, one a line."""
    widest = max(map(len, record))
    for field, text in record.items():
        click.echo(f"{field:<{widest}}  {text}")


def read_number(text: str) -> Dyadic | Special | Fraction:
    """Return the number or special datum that a text names, exactly."""
    if len(text) > LONGEST_NUMBER:
        raise DomainError(f"number: argument must have at most {LONGEST_NUMBER} characters; got {len(text)}")
    numerator, slash, denominator = text.partition("/")
    if not slash:
        return exact_value(text)
    n, d = exact_value(numerator), exact_value(denominator)
    if isinstance(n, Special) or isinstance(d, Special) or d == 0:
        raise DomainError(f"number: a fraction must have a numerator and a denominator that is not 0; got {text!r}")
    return fraction_of(n) / fraction_of(d)


def round_record(
    text: str, value: Dyadic | Special | Fraction, fmt: Format, rounding: Rounding, overflow: Overflow | None
) -> Record:
    """Return the fields that are printed for one format."""
    result = round_to(value, format=fmt, rounding=rounding, overflow=overflow)
    record = {
        "number": text,
        "format": f"{fmt} ({describe(fmt)})",
        "rounding": str(rounding),
        "result": decimal_of(result),
        "hex": hex_of(result),
        "code": code_of(result, fmt),
    }
    return (
        record
        | errors_of(value, result, fmt)
        | {
            "below": neighbour(result, fmt, up=False),
            "above": neighbour(result, fmt, up=True),
        }
    )


def describe(fmt: Format) -> str:
    """Return precision and exponents in words."""
    if fmt.p is None:
        return f"fixed point, quantum 2^{fmt.q_min}"
    if fmt.emin is None:
        return f"p {fmt.p}, unbounded exponents"
    assert fmt.emax is not None
    return f"p {fmt.p}, emin {integer_text(fmt.emin)}, emax {integer_text(fmt.emax)}"


def hex_of(x: Element) -> str:
    """Return a datum in hexadecimal, the exponent in words where it is very long."""
    if isinstance(x, Special) or not x.c or abs(x.e).bit_length() <= 40:
        return str(x)
    return f"{str(x).partition('p')[0]}p({integer_text(x.e)})"


def code_of(x: Element, fmt: Format) -> str:
    """Return the code of a datum in hexadecimal, or none."""
    try:
        return f"0x{encode(x, fmt):0{-(-width(fmt) // 4)}x}"
    except UnsupportedError:
        return "none (the format has no standard encoding)"


def neighbour(x: Element, fmt: Format, *, up: bool) -> str:
    """Return the next member on one side, or none."""
    try:
        found = next_up(x, fmt) if up else next_down(x, fmt)
    except DomainError:
        return "none"
    return f"{decimal_of(found)} = {hex_of(found)}" if isinstance(found, Dyadic) else str(found)
