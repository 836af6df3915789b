"""Options that several subcommands share, with the functions that read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import click

from precise.dyadic import exact_decimal
from precise.errors import DomainError, PreciseError
from precise.formats import Format, parse_formats
from precise.rounding import Rounding, parse_rounding

T = TypeVar("T")

FILE = click.Path(path_type=Path)


def reading(read: Callable[[str], T]) -> Callable[[click.Context, click.Parameter, str | None], T | None]:
    """Return a callback that reads the text of an option and reports what is wrong with it as bad usage."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> T | None:
        try:
            return None if value is None else read(value)
        except PreciseError as error:
            raise click.BadParameter(str(error), ctx, param) from None

    return callback


def read_formats(text: str) -> list[Format]:
    """Return the formats of a list, each once."""
    return list(dict.fromkeys(parse_formats(text)))


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of at least 0 as it was written, and exactly."""

    text: str
    value: Fraction


def read_limit(text: str) -> Limit:
    """Return a number of at least 0."""
    number = exact_decimal(text)
    if number < 0:
        raise DomainError(f"number must be at least 0; got {text}")
    return Limit(text.strip(), number)


json_option = click.option("--json", "json_path", type=FILE, metavar="FILE", help="Write the same numbers as JSON.")
rounding_option = click.option(
    "--rounding",
    callback=reading(parse_rounding),
    default="RNE",
    show_default=True,
    help="RNE RNA RTZ RTP RTN RAZ RTO SR, or an IEEE name; SR(seed=1, bits=8), SR(seed=1, exact).",
)
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of built-in inputs and of SR."
)


def seeded(rounding: Rounding, seed: int) -> Rounding:
    """Return the mode with the seed where it is stochastic and names none (or 0) itself."""
    return replace(rounding, seed=rounding.seed or seed) if rounding.code == "SR" else rounding
