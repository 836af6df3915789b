"""Short names for the evidence that the files on words, groups and formulas return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from precise.claims import (
    Certificate,
    Counterexample,
    Evidence,
    Further,
    Kind,
    Mutant,
    Scope,
    Step,
    Tier,
    chain,
)
from precise.claims.expression import Exact

Outcome = Evidence | Counterexample
PRODUCER = "precise-pbit"
LETTERS = "letter by letter"


def counted(
    cases: int,
    expected: int,
    where: str,
    note: str = "",
    sharpness: str = "",
    certificates: Sequence[Certificate] = (),
) -> Evidence:
    """Return the evidence of a finite domain that was run through; `expected` comes from a formula."""
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p(*([where] if where else [])),
        cases=cases,
        expected=expected,
        producer=PRODUCER,
        note=note,
        sharpness=sharpness,
        certificates=tuple(certificates),
    )


def all_of(outcomes: Iterable[Outcome], note: str = "") -> Outcome:
    """Return the evidence of parts that are needed together, or the first counterexample among them."""
    parts: list[Evidence] = []
    for outcome in outcomes:
        if isinstance(outcome, Counterexample):
            return outcome
        parts.append(outcome)
    return chain(*parts, note=note)


def each_alone(*outcomes: Outcome) -> tuple[Outcome, ...]:
    """Return evidence of which each settles the step; a counterexample in one silences the others."""
    found = tuple(o for o in outcomes if isinstance(o, Counterexample))
    return found[:1] or outcomes


def executed(step: Step, check: Callable[[], Outcome], *mutants: Mutant, more: Further | None = None) -> Step:
    """Return a step of the kernel tier with a finite check beside it that always runs, and perhaps a larger one."""
    kernel = Further(tier=Tier.KERNEL, check=step.check, mutants=step.mutants)
    return replace(
        step, check=check, mutants=mutants, tier=Tier.QUICK, further=(*((more,) if more else ()), kernel, *step.further)
    )


def differs(
    order: str, lines: Sequence[str], *, got: int | str, right: int | str, cases: int = 1, **named: Exact
) -> Counterexample:
    """Return the counterexample of an instance at which something is `got` where `right` is due."""
    values: dict[str, Exact] = {**named, "got": got, "right": right}
    return Counterexample(values=values, refutes="got != right", lines=tuple(lines), order=order, cases=cases)


def written(table: Sequence[Sequence[int]]) -> str:
    """Return a multiplication table in one line: row after row."""
    return " | ".join(" ".join(map(str, row)) for row in table)
