"""Short names for the evidence that the files on floats return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from precise.claims import Counterexample, Evidence, Kind, Scope, chain, decide_identity, decide_inequality

Outcome = Evidence | Counterexample
PRODUCER = "precise-pbit"


def exhausted(
    cases: int,
    expected: int,
    precisions: Iterable[int],
    cells: Iterable[str] = (),
    note: str = "",
    where: str = "",
) -> Evidence:
    """Return the evidence of a finite domain that was run through; `expected` comes from a formula.

    Without precisions the statement is not about p.
    """
    listed = tuple(precisions)
    limits = (where,) if where else ()
    scope = Scope.listed_p(listed, *limits) if listed else Scope.without_p(*limits)
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=scope,
        cases=cases,
        expected=expected,
        cells=tuple(cells),
        producer=PRODUCER,
        confirmed_by="rounding by search",
        note=note,
    )


def all_of(
    *claims: tuple[str, Mapping[str, int | Fraction]], least: int = 2, sharpness: str = "", note: str = ""
) -> Outcome:
    """Return the certificate of all inequalities and identities (those without bounds), for all p >= `least`."""
    scope, parts = Scope.all_p(least), []
    for claim, lower in claims:
        outcome = (
            decide_inequality(claim, lower, scope=scope, sharpness=sharpness)
            if lower
            else decide_identity(claim, scope=scope)
        )
        if isinstance(outcome, Counterexample):
            return outcome
        parts.append(outcome)
    return chain(*parts, note=note or "; ".join(c for c, _ in claims))


def sampled(outcome: Outcome, seed: int) -> Outcome:
    """Return the evidence of cases that depend on a seed: they prove nothing."""
    return outcome if isinstance(outcome, Counterexample) else replace(outcome, kind=Kind.SAMPLED, seed=seed)


TOGETHER = "the displayed inequalities of the steps above; that they imply the claim is the argument in the text"


def together(
    *outcomes: Outcome,
    note: str = TOGETHER,
) -> Outcome:
    """Return the evidence of parts that are needed together, or the first counterexample among them."""
    parts: list[Evidence] = []
    for outcome in outcomes:
        if isinstance(outcome, Counterexample):
            return outcome
        parts.append(outcome)
    return chain(*parts, note=note)


def both(certified: Outcome, counted: Outcome) -> tuple[Outcome, ...]:
    """Return a proof for all p beside the count for small p; a counterexample in one silences the other."""
    found = [o for o in (certified, counted) if isinstance(o, Counterexample)]
    return (found[0],) if found else (certified, counted)


Value = Fraction | int | str
Row = tuple[str, str | tuple[Value, ...], Value, Value]
"""The cell reached, the instance (words, put together only when they are needed), what was got, what is right."""


def agreement(rows: Iterable[Row], expected: int, precisions: Iterable[int], where: str = "") -> Outcome:
    """Return the evidence that got and right agree in every row, or the first row in which they differ."""
    cases, cells = 0, dict[str, None]()
    for cell, instance, got, right in rows:
        cases += 1
        cells[cell] = None
        if got != right:
            at = instance if isinstance(instance, str) else " ".join(map(str, instance))
            words = isinstance(got, str) or isinstance(right, str)
            values: dict[str, Value] = {
                "at": at,
                "got": str(got) if words else got,
                "right": str(right) if words else right,
            }
            return Counterexample(
                values=values,
                refutes="got != right",
                lines=(f"{at}: got {got}, right is {right}",),
                order="the order of the domain",
                cases=cases,
            )
    return exhausted(cases, expected, precisions, cells, where=where)
