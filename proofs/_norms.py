"""Checks of layer norm: its formula, and constant rows in exact and in p-bit arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product as cartesian
from typing import Any

import sympy

from precise import paper_float, rounded
from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.errors import DomainError
from precise.nn import layer_norm
from precise.semantics.symbolic import symbolic
from proofs._bodies import Pair, inputs
from proofs._layers_formulas import layer_norm as formula
from proofs._loops import Matrix
from proofs._oracle import fractions_of, members, rounded_by_search

WIDTHS = (2, 3)
VARIANCES = ("two-pass", "one-pass", "welford")


def against_formula(power: int = 1, variances: Sequence[str] = VARIANCES) -> Any:
    """Return the comparison of the three variances with the definition; `power` is that of the quotient."""

    def generate(xp: Any) -> Iterable[Pair]:
        for d, variance in cartesian(WIDTHS, variances):
            (x,), (x0,) = inputs(xp, "x", (2, d))
            right: Matrix = {place: y**power for place, y in formula(x0).items()}
            yield f"d = {d}, {variance}", layer_norm(x, variance=variance), right  # type: ignore[arg-type]

    return generate


def constant_row_is_normed(
    largest: int, constant: bool = True, epsilon: int | None = None
) -> Evidence | Counterexample:
    """Return the least d and value at which layer norm has no value in exact arithmetic; rows (x, ..., x) or not.

    With `epsilon` the row of a constant must have the norm 0.
    """
    xp, cases = symbolic(), 0
    for d, x in cartesian(range(1 if constant else 2, largest + 1), (0, 1, 2)):
        cases += 1
        row = [x] * d if constant else [x + j for j in range(d)]
        mean = Fraction(sum(row), d)
        variance = sum(((y - mean) ** 2 for y in row), Fraction(0)) / d
        try:
            got = layer_norm(xp.asarray(row), epsilon=epsilon).elements()
            undefined = any(y is sympy.nan or y.has(sympy.zoo) for y in got)
        except DomainError:
            undefined = True
        if undefined:
            return Counterexample(
                values={"d": d, "x": x, "variance": variance, "epsilon": epsilon or 0},
                refutes="variance + epsilon == 0",
                lines=(f"row of {d} entries {x}: mean {mean}, variance {variance}", "the quotient is 0/0"),
                order="least d, then least value",
                cases=cases,
            )
        if epsilon is not None and any(y != 0 for y in got):
            return Counterexample(
                values={"d": d, "x": x, "norm": str(got[0]), "expected": "0"}, refutes="norm != expected", cases=cases
            )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p(f"d <= {largest}, rows from x in {{0, 1, 2}}"),
        cases=cases,
        expected=3 * (largest if constant else largest - 1),
        producer="sympy",
    )


def constant_row_in_floats(p: int, largest: int, values: Sequence[Fraction]) -> Evidence | Counterexample:
    """Return the least d and value at which a constant row has a definite wrong norm in F_p."""
    xp, cases = rounded(paper_float(p)), 0
    for d, x in cartesian(range(1, largest + 1), values):
        cases += 1
        row = xp.asarray([x] * d)
        try:
            got = fractions_of(layer_norm(row))[0]
        except DomainError:
            continue
        mean = fractions_of(xp.divide(xp.sum(row), d)).item()
        if got != 0:
            total = fractions_of(xp.sum(row)).item()
            width = fractions_of(xp.full((), d)).item()
            return Counterexample(
                values={"p": p, "d": d, "x": x, "mean": mean, "entry": got},
                refutes="entry != 0 and mean != x",
                lines=(
                    f"row of {d} entries {x} in F_{p}: sum {d * x} rounds to {total}, the width {d} to {width}",
                    f"mean {mean} instead of {x}; every entry becomes {got} instead of 0/0",
                ),
                order=f"p = {p}, least d, then least value in [1, 2)",
                cases=cases,
            )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p([p], f"d <= {largest}, values {', '.join(map(str, values))}"),
        cases=cases,
        expected=largest * len(values),
        producer="precise-pbit",
    )


def root_by_search(y: Fraction, p: int) -> Fraction:
    """Return the square root of y >= 0 rounded to F_p, by comparing squares."""
    below = max(x for x in members(p) if x >= 0 and x * x <= y)
    above = min((x for x in members(p) if x > below), default=below)
    middle = (below + above) / 2
    if middle * middle == y:
        return rounded_by_search(middle, p)
    return below if y < middle * middle else above


def normed_by_search(row: Sequence[Fraction], p: int, width: Fraction) -> list[Fraction] | None:
    """Return the norm with each operation rounded once, in the order of the definition; None for a zero divisor."""

    def r(x: Fraction) -> Fraction:
        return rounded_by_search(x, p)

    mean = r(r(sum(row, Fraction(0))) / width)
    centred = [r(x - mean) for x in row]
    variance = r(r(sum((r(c * c) for c in centred), Fraction(0))) / width)
    root = root_by_search(variance, p)
    return [r(c / root) for c in centred] if root else None


def rounds_each_operation(width_rounded: bool = True) -> Evidence | Counterexample:
    """Return evidence that in F_p layer norm rounds each of its operations once, and its width like a constant."""
    cases = expected = 0
    for p, d in cartesian((2, 3), (2, 3, 5)):
        xp = rounded(paper_float(p))
        values = [x for x in members(p) if 1 <= x < 2] + [Fraction(-3), Fraction(0)]
        rows = [(*head, *[Fraction(1)] * (d - 2)) for head in cartesian(values, repeat=2)]
        expected += len(rows)
        for row in rows:
            cases += 1
            width = rounded_by_search(Fraction(d), p) if width_rounded else Fraction(d)
            want = normed_by_search(row, p, width)
            try:
                got = list(fractions_of(layer_norm(xp.asarray(list(row)))))
            except DomainError:
                got = None
            if got != want:
                entries = {f"x{k + 1}": x for k, x in enumerate(row)}
                return Counterexample(
                    values={"p": p, **entries, "got": str(got), "want": str(want)}, refutes="got != want", cases=cases
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2, 3), "d in {2, 3, 5}, two entries among 0, -3 and the floats in [1, 2), the others 1"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
        confirmed_by="rounding by search over fractions",
    )
