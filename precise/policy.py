"""Policies: the record of every choice that a rounded computation makes, because one p is not enough."""

from __future__ import annotations

from dataclasses import dataclass

from precise.accumulation import (
    Accumulate,
    BlockedSum,
    Kahan,
    Neumaier,
    Order,
    Pairwise,
    Products,
    Promoted,
    Sequential,
    SplitK,
    TensorCore,
    exact_products,
    exact_then_round,
)
from precise.accumulation_text import FORMS, parse_accumulate
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

__all__ = [
    "FORMS",
    "Accumulate",
    "BlockedSum",
    "Kahan",
    "Neumaier",
    "Order",
    "Pairwise",
    "Policy",
    "Products",
    "Promoted",
    "Sequential",
    "SplitK",
    "TensorCore",
    "exact_products",
    "exact_then_round",
    "make_policy",
    "parse_accumulate",
]


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
