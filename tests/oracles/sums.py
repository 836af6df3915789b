"""Sums and products of matrices in rational arithmetic, term by term in the order that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracles.integers import (
    NAN,
    NEG_ZERO,
    Spec,
    Value,
    as_fraction,
    exact_add,
    exact_multiply,
    is_infinite,
    round_value,
)


@dataclass(frozen=True)
class Plan:
    """How a sum is accumulated: order, whether products are rounded, and the accumulator (None: as the results)."""

    order: str  # "sequential", "pairwise" or "exact"
    products: str = "rounded"
    accumulator: Spec | None = None
    mode: str | None = None


def exact_sum(terms: Sequence[Value], mode: str) -> Value:
    """Return the sum without rounding; a zero sum is -0 if all terms are -0, or if it cancels in RTN."""
    if not terms:
        return Fraction(0)
    special = {t for t in terms if t == NAN or is_infinite(t)}
    if special:
        return next(iter(special)) if len(special) == 1 else NAN
    total = sum((as_fraction(t) for t in terms), Fraction(0))
    if total != 0:
        return total
    if all(t == terms[0] for t in terms) and terms[0] in (NEG_ZERO, 0):
        return terms[0]
    return NEG_ZERO if mode == "RTN" else Fraction(0)


def accumulate(terms: Sequence[Value], plan: Plan, results: Spec, mode: str) -> Value:
    """Return the accumulated terms, in the accumulator's format unless the order is exact."""
    spec, rounding = plan.accumulator or results, plan.mode or mode
    if plan.order == "exact":
        return exact_sum(terms, mode)
    level = list(terms)
    if not level:
        return Fraction(0)
    if plan.order == "sequential":
        total = round_value(level[0], spec, rounding)  # the first term enters the accumulator, as 0 + x would
        for term in level[1:]:
            total = round_value(exact_add(total, term, rounding), spec, rounding)
        return total
    while len(level) > 1:
        paired = [
            round_value(exact_add(level[i], level[i + 1], rounding), spec, rounding)
            for i in range(0, len(level) - 1, 2)
        ]
        level = paired + level[len(level) - len(level) % 2 :]
    return round_value(level[0], spec, rounding)


def total(terms: Sequence[Value], plan: Plan, results: Spec, mode: str) -> Value:
    """Return a sum of members in the results' format."""
    return round_value(accumulate(terms, plan, results, mode), results, mode)


def dot(row: Sequence[Value], col: Sequence[Value], plan: Plan, results: Spec, mode: str) -> Value:
    """Return an entry of a matrix product in the results' format."""
    spec, rounding = plan.accumulator or results, plan.mode or mode
    products = [exact_multiply(a, b) for a, b in zip(row, col, strict=True)]
    if plan.products == "rounded":
        products = [round_value(t, spec, rounding) for t in products]
    return round_value(accumulate(products, plan, results, mode), results, mode)
