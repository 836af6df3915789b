"""Policies: the record of every choice that a rounded computation makes, because one p is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from precise.errors import FormatError
from precise.formats import Format, parse_format
from precise.rounding import (
    Overflow,
    Rounder,
    Rounding,
    Underflow,
    default_overflow,
    parse_overflow,
    parse_rounding,
    parse_underflow,
)

Order = Literal["sequential", "pairwise", "exact"]
Products = Literal["rounded", "exact"]


@dataclass(frozen=True, slots=True)
class Accumulate:
    """How a sum or a matrix product is accumulated.

    Parameters
    ----------
    order : {"sequential", "pairwise", "exact"}
        Sequential: the first term, rounded to the accumulator, then one rounded addition a term, in index
        order. Pairwise: neighbours are added level by level, an odd last one passes up unchanged. Exact: the
        exact sum, rounded once, to the results' format; the accumulator then concerns rounded products only.
    products : {"rounded", "exact"}
        Whether the products of a matrix product are rounded before they are added. `exact` with sequential
        order is a chain of fused multiply-adds; `exact` with exact order is a fused dot product.
    format, rounding : Format, Rounding, optional
        Those of the accumulator, and of rounded products; None stands for those of the results. The total is
        rounded to the results' format at the end, which is a second rounding when the two differ.
    """

    order: Order
    products: Products = "rounded"
    format: Format | None = None
    rounding: Rounding | None = None

    def __post_init__(self) -> None:
        if self.order not in get_args(Order):
            raise FormatError(f"accumulate: order must be one of {', '.join(get_args(Order))}; got {self.order!r}")
        if self.products not in get_args(Products):
            raise FormatError(f"accumulate: products must be rounded or exact; got {self.products!r}")
        if not isinstance(self.format, Format | None) or not isinstance(self.rounding, Rounding | None):
            got = f"{self.format!r} and {self.rounding!r}"
            raise FormatError(f"accumulate: format must be a Format and rounding a Rounding, or None; got {got}")

    def rounder(self, results: Rounder) -> Rounder:
        """Return the accumulator's rounder, given that of the results."""
        rounding = self.rounding or results.rounding
        if self.format is None or self.format == results.format:
            return Rounder(results.format, rounding, results.overflow, results.underflow)
        return Rounder(self.format, rounding, default_overflow(self.format), results.underflow)

    def __str__(self) -> str:
        where = f" in {self.format}" if self.format else ""
        how = f" {self.rounding}" if self.rounding else ""
        return f"{self.order}, products {self.products}{where}{how}"


exact_then_round: Final = Accumulate("exact", "rounded")
exact_products: Final = Accumulate("exact", "exact")


def Sequential(format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return accumulation in index order, one rounded addition a term."""
    return Accumulate("sequential", products, None if format is None else parse_format(format))


def Pairwise(format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return accumulation by adding neighbours level by level."""
    return Accumulate("pairwise", products, None if format is None else parse_format(format))


def parse_accumulate(text: Accumulate | str) -> Accumulate:
    """Return the accumulation named `exact`, `exact-products`, `sequential`, `pairwise` or `fma`, or `text` itself."""
    if isinstance(text, Accumulate):
        return text
    named = {
        "exact": exact_then_round,
        "exact-products": exact_products,
        "sequential": Sequential(),
        "pairwise": Pairwise(),
        "fma": Sequential(products="exact"),
    }
    if not isinstance(text, str) or text not in named:
        raise FormatError(f"accumulate: order must be one of {', '.join(named)}; got {text!r}")
    return named[text]


@dataclass(frozen=True, slots=True)
class Policy:
    """All choices of a rounded namespace, by role.

    Parameters
    ----------
    results : Rounder
        Format, rounding, overflow and underflow of every operation's result.
    inputs : Format
        What `asarray` rounds to, with the rounding of the results.
    constants : Format or None
        What Python numbers beside an array are rounded to; None leaves them exact.
    accumulate : Accumulate
        Sums and matrix products.
    """

    results: Rounder
    inputs: Format
    constants: Format | None
    accumulate: Accumulate

    def input_rounder(self) -> Rounder:
        """Return the rounder of stored inputs."""
        return _like(self.results, self.inputs)

    def constant_rounder(self) -> Rounder | None:
        """Return the rounder of constants, or None where they stay exact."""
        return None if self.constants is None else _like(self.results, self.constants)

    def fold_in(self, number: int) -> Policy:
        """Return the policy with fresh random bits for stochastic rounding, a function of `number`."""
        r = self.results
        fresh = Rounder(r.format, r.rounding.fold_in(number), r.overflow, r.underflow)
        return Policy(fresh, self.inputs, self.constants, self.accumulate)

    def summary(self) -> str:
        """Return format and rounding, and the roles that differ from them, on one line."""
        r = self.results
        parts = [str(r.format), str(r.rounding)]
        if self.accumulate != exact_then_round:
            parts.append(str(self.accumulate))
        if r.overflow is not default_overflow(r.format) or r.underflow is not Underflow.ROUND:
            parts.append(f"overflow {r.overflow.value}, underflow {r.underflow.value}")
        if self.inputs != r.format or self.constants != r.format:
            parts.append(f"inputs {self.inputs}, constants {self.constants or 'exact'}")
        return ", ".join(parts)

    def describe(self) -> dict[str, str]:
        """Return the roles and their choices as text, for tables and JSON."""
        r = self.results
        return {
            "results": f"{r.format} {r.rounding}",
            "overflow": r.overflow.value,
            "underflow": r.underflow.value,
            "inputs": str(self.inputs),
            "constants": str(self.constants or "exact"),
            "accumulate": str(self.accumulate),
            "functions": "correctly rounded",
        }

    def __str__(self) -> str:
        return "\n".join(f"{role:<11}{choice}" for role, choice in self.describe().items())


def _like(results: Rounder, fmt: Format) -> Rounder:
    """Return a rounder to `fmt` with the mode of the results, and their policies where these exist in `fmt`."""
    if fmt == results.format:
        return results
    return Rounder(fmt, results.rounding, default_overflow(fmt), Underflow.ROUND)


def make_policy(
    format: Format | str,
    rounding: Rounding | str,
    accumulate: Accumulate | str = exact_then_round,
    inputs: Format | str | None = None,
    constants: Format | str | None = None,
    overflow: Overflow | str | None = None,
    underflow: Underflow | str = Underflow.ROUND,
) -> Policy:
    """Return a policy with the defaults filled in: inputs and constants like results, overflow as the format has it."""
    fmt = parse_format(format)
    beyond = default_overflow(fmt) if overflow is None else parse_overflow(overflow)
    results = Rounder(fmt, parse_rounding(rounding), beyond, parse_underflow(underflow))
    stored = fmt if inputs is None else parse_format(inputs)
    exempt = isinstance(constants, str) and constants == "exact"
    constant = None if exempt else stored if constants is None else parse_format(constants)
    return Policy(results, stored, constant, parse_accumulate(accumulate))
