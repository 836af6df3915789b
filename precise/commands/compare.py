"""`precise compare`: formats side by side on one operation, or on a real model's RoPE tables."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path
from typing import Any

import click

from precise.commands.options import (
    FILE,
    Limit,
    json_option,
    read_formats,
    read_limit,
    reading,
    rounding_option,
    seed_option,
    seeded,
)
from precise.commands.output import Progress, check_outputs, console, write_json, write_text
from precise.engines import ENGINES
from precise.errors import DomainError
from precise.formats import Format, parse_format, parse_formats
from precise.policy import FORMS, Accumulate, parse_accumulate
from precise.rounding import Rounding
from precise.studies.compare import FIRST_BITS, MOST_BITS, Comparison, compare, row_within
from precise.studies.compare_export import compare_csv, compare_json, compare_markdown
from precise.studies.compare_table import print_comparison
from precise.studies.input_files import read_inputs
from precise.studies.operations import OPERATIONS, find_operation

DEFAULT_FORMATS = "binary32,binary16,bfloat16,float8_e4m3fn"
MODELS = ("smollm2",)
_ONLY_MODEL = ("text", "tokens")
_NOT_MODEL = (
    "input_path",
    "variant",
    "accumulate",
    "accumulator",
    "engine",
    "size",
    "bits",
    "tol_of",
    "include_input_error",
)


_VARIANTS = "; ".join(f"{o.name}: {', '.join(o.variants)}" for o in OPERATIONS.values() if o.variants)
_SIZES = ", ".join(f"{o.name} {o.size} {o.size_means}" for o in OPERATIONS.values())
_EPILOG = f"OP is one of {', '.join(OPERATIONS)}. Variants, the default first: {_VARIANTS}. Default sizes: {_SIZES}."


@click.command("compare", epilog=_EPILOG)
@click.argument("operation", type=click.Choice(list(OPERATIONS)), metavar="OP")
@click.option(
    "--formats",
    callback=reading(read_formats),
    metavar="NAMES",
    help=f"Default: {DEFAULT_FORMATS}. Ranges as p=11..24.",
)
@rounding_option
@click.option(
    "--accumulate",
    default="exact",
    show_default=True,
    help=f"{FORMS}; optionally in FORMAT, and a rounding.",
)
@click.option(
    "--accumulator",
    callback=reading(parse_format),
    metavar="FORMAT",
    help="The accumulator's format; default: that of the results.",
)
@click.option("--variant", help="Of the operation; see below.")
@click.option("--engine", type=click.Choice(list(ENGINES)), help="Default: the first that serves the request.")
@click.option("--input", "input_path", type=FILE, metavar="FILE", help="A .npy, .npz or .safetensors file.")
@click.option("--size", type=click.IntRange(1, 1 << 20), help="Of built-in inputs; see below.")
@seed_option
@click.option(
    "--include-input-error", is_flag=True, help="Compare with the inputs as given, not as rounded to the format."
)
@click.option(
    "--bits", type=click.IntRange(2, MOST_BITS), default=FIRST_BITS, show_default=True, help="First enclosure bits."
)
@click.option(
    "--tol",
    callback=reading(read_limit),
    metavar="X",
    help="Exit with 1 where a format exceeds it; with --model: nats per token.",
)
@click.option(
    "--tol-of", type=click.Choice(["abs", "rel", "ulp"]), default="abs", show_default=True, help="What --tol limits."
)
@click.option("--model", type=click.Choice(MODELS), help="rope only: run this model with the formats' tables.")
@click.option("--text", type=FILE, metavar="FILE", help="With --model: a text to read.")
@click.option("--tokens", type=click.IntRange(4), default=2048, show_default=True, help="With --model: how many.")
@json_option
@click.option("--md", "md_path", type=FILE, metavar="FILE", help="Write the table as Markdown.")
@click.option("--csv", "csv_path", type=FILE, metavar="FILE", help="Write the rows as CSV.")
@click.pass_context
def command(
    ctx: click.Context,
    operation: str,
    formats: list[Format] | None,
    rounding: Rounding,
    accumulate: str,
    accumulator: Format | None,
    variant: str | None,
    engine: str | None,
    input_path: Path | None,
    size: int | None,
    seed: int,
    include_input_error: bool,
    bits: int,
    tol: Limit | None,
    tol_of: str,
    model: str | None,
    text: Path | None,
    tokens: int,
    json_path: Path | None,
    md_path: Path | None,
    csv_path: Path | None,
) -> int:
    """Compare formats on an operation: true errors beside a rigorous bound.

    The true values are rigorous enclosures. Exit status 1: --tol is exceeded, or an error exceeds its bound.
    """
    check_model_options(ctx, operation, model)
    outputs = {"--json": json_path, "--md": md_path, "--csv": csv_path}
    check_outputs(outputs, inputs={"--input": input_path, "--text": text})
    mode = seeded(rounding, seed)
    if model is not None:
        assert text is not None
        return run_model(text, tokens, formats, mode, tol, json_path, md_path, csv_path)
    how = read_accumulate(accumulate, accumulator)
    chosen = find_operation(operation)
    chosen.choose(variant)
    if input_path is not None and given(ctx, "size"):
        raise click.UsageError("--size is for built-in inputs; leave it out with --input", ctx)
    progress = Progress()
    try:
        comparison = compare(
            operation,
            parse_formats(DEFAULT_FORMATS) if formats is None else formats,
            rounding=mode,
            accumulate=how,
            variant=variant,
            engine=engine,
            seed=seed,
            size=size,
            arrays=None if input_path is None else read_inputs(input_path, chosen),
            source="" if input_path is None else str(input_path),
            include_input_error=include_input_error,
            bits=bits,
            progress=progress,
        )
    finally:
        progress.done()
    print_comparison(comparison, console())
    write_json(json_path, lambda: compare_json(comparison))
    write_text(md_path, lambda: compare_markdown(comparison))
    write_text(csv_path, lambda: compare_csv(comparison))
    return verdict(comparison, tol, tol_of)


def verdict(comparison: Comparison, tolerance: Limit | None, of: str) -> int:
    """Return the exit status, after naming the formats that exceed the tolerance and those that were refused."""
    status = 0 if comparison.bounds_hold else 1
    if tolerance is None:
        return status
    outside = [row for row in comparison.rows if not row_within(row, tolerance.value, of)]
    exceeded = [row.format.name for row in outside if row.measurement is not None]
    refused = [row.format.name for row in outside if row.measurement is None]
    for word, names in (("exceeded", exceeded), ("not checked, refused", refused)):
        if names:
            click.echo(f"tolerance {word} ({of} <= {tolerance.text}): {', '.join(names)}")
    return 1 if outside else status


def read_accumulate(order: str, accumulator: Format | None) -> Accumulate:
    """Return the accumulation of the two options."""
    how = parse_accumulate(order)
    if accumulator is None:
        return how
    if how.order == "exact":
        must = "an order that rounds its steps, such as sequential, pairwise or fma"
        raise DomainError(f"accumulator: --accumulate must be {must}; got {order}")
    if how.format is not None:
        raise DomainError(f"accumulator: --accumulate must not name a format beside it; got {order}")
    return dataclasses.replace(how, format=accumulator)


def given(ctx: click.Context, name: str) -> bool:
    """Return whether an option was written on the command line."""
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def check_model_options(ctx: click.Context, operation: str, model: str | None) -> None:
    """Refuse options that do not go together, or raise `UsageError`."""
    flags = {p.name: p.opts[0] for p in ctx.command.params if isinstance(p, click.Option)}
    if model is None:
        wrong = [flags[name] for name in _ONLY_MODEL if given(ctx, name)]
        if wrong:
            raise click.UsageError(f"{wrong[0]} needs --model", ctx)
        return
    if operation != "rope":
        raise click.UsageError(f"--model is for the operation rope; got {operation}", ctx)
    if not given(ctx, "text"):
        raise click.UsageError("--model needs --text FILE", ctx)
    wrong = [flags[name] for name in _NOT_MODEL if given(ctx, name)]
    if wrong:
        raise click.UsageError(f"{wrong[0]} does not go with --model", ctx)


def run_model(
    text: Path,
    tokens: int,
    formats: list[Format] | None,
    rounding: Rounding,
    tolerance: Limit | None,
    json_path: Path | None,
    md_path: Path | None,
    csv_path: Path | None,
) -> int:
    """Run the study of a model's RoPE tables; 1 where a tolerance is given and a row is not harmless."""
    study: Any = importlib.import_module("precise.studies.rope_model")  # loads the model's libraries only here
    table: Any = importlib.import_module("precise.studies.rope_model_table")
    export: Any = importlib.import_module("precise.studies.rope_model_export")
    progress = Progress()
    limit = {} if tolerance is None else {"tolerance": tolerance.value}
    progress("reading the model")
    try:
        report = study.rope_model_study(
            text, tokens=tokens, formats=formats, rounding=rounding, progress=progress, **limit
        )
    finally:
        progress.done()
    console().print(table.rope_model_table(report))
    write_json(json_path, report.to_json)
    write_text(md_path, lambda: export.rope_model_markdown(report))
    write_text(csv_path, lambda: export.rope_model_csv(report))
    return 1 if tolerance is not None and not report.all_harmless else 0
