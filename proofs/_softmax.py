"""Checks of the softmax: its formula, its range, and the instances at which the printed one breaks down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product as cartesian
from typing import Any

import sympy

from precise import paper_float, rounded
from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.errors import DomainError
from precise.nn import exponentials, softmax
from precise.nn.softmax import SoftmaxVariant
from precise.semantics.symbolic import symbolic
from proofs._exp import exp_bounds, exp_rounded
from proofs._layers_formulas import softmax as formula
from proofs._normal import compare
from proofs._oracle import fractions_of, members, rounded_by_search

PRECISIONS = (2, 3)


def equals_formula(divided: bool = True, shift: bool = True) -> Evidence | Counterexample:
    """Return evidence that both variants are exp(z_j - shift) over the sum, for up to 3 scores."""

    def cases() -> Iterable[tuple[str, Any, Any]]:
        xp = symbolic()
        for n in (1, 2, 3):
            z = xp.symbols("z", (n,))
            scores = list(z.elements())
            largest = sympy.Max(*scores)
            for variant in ("paper", "shifted"):
                moved = largest if variant == "shifted" and shift else sympy.Integer(0)
                right = formula(scores, moved) if divided else [sympy.exp(x - moved) for x in scores]
                body = softmax(z, variant=variant).elements()
                for j in range(n):
                    yield f"{variant}, N = {n}, entry {j + 1}", body[j], right[j]

    return compare(cases(), expected=12, cells=("symbols",), scope=Scope.without_p("N <= 3"))


def by_magnitude(p: int) -> list[Fraction]:
    """Return all floats, integers first by magnitude and then the others by magnitude; negative first."""
    return sorted(members(p), key=lambda x: (x.denominator != 1, abs(x), x))


Failure = Callable[[Any, list[Fraction], int], tuple[dict[str, Fraction], str, tuple[str, ...]] | None]


def least_failure(failure: Failure, allowed: Callable[[Fraction, int], bool]) -> Evidence | Counterexample:
    """Return the least p and score vector at which `failure` occurs, among the allowed scores of F_p."""
    cases = expected = 0
    for p, n in cartesian(PRECISIONS, (1, 2)):
        xp = rounded(paper_float(p))
        scores = [x for x in by_magnitude(p) if allowed(x, p)]
        if n == 2:
            scores = scores[:14]
        expected += len(scores) ** n
        for z in cartesian(scores, repeat=n):
            cases += 1
            found = failure(xp, list(z), p)
            if found:
                values, refutes, lines = found
                named = {f"z{k + 1}": x for k, x in enumerate(z)}
                return Counterexample(
                    values={"p": p, "N": n, **named, **values},
                    refutes=refutes,
                    lines=(f"p = {p}, z = ({', '.join(map(str, z))})", *lines),
                    order="least p, then N, then integers by magnitude and other floats by magnitude, minus first",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(PRECISIONS, "N = 1: all allowed scores; N = 2: pairs of the 14 first in the order"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
        confirmed_by="Arb through python-flint, rounding by search",
    )


def zero_over_zero(xp: Any, z: list[Fraction], p: int) -> tuple[dict[str, Fraction], str, tuple[str, ...]] | None:
    """Return the instance at which the sum of the exponentials is 0, and the body divides 0 by 0."""
    array = xp.asarray(z)
    d = fractions_of(xp.sum(exponentials(array), axis=-1)).item()
    try:
        softmax(array)
    except DomainError as error:
        high = max(exp_bounds(x)[1] for x in z)
        least = min(x for x in members(p) if x > 0)
        if d == 0 and high < least / 2:
            line = f"every exp is below {least / 2}, half of the least float, and rounds to 0: {error}"
            return {"D": d, "half": least / 2}, "D == 0", (line,)
    return None


def overflow(xp: Any, z: list[Fraction], p: int) -> tuple[dict[str, Fraction], str, tuple[str, ...]] | None:
    """Return the instance at which an exponential or their sum exceeds the largest float."""
    low = sum((exp_bounds(x)[0] for x in z), Fraction(0))
    largest = members(p)[-1]
    bound = Fraction(int(low))
    if bound > largest:
        d = fractions_of(xp.sum(exponentials(xp.asarray(z)), axis=-1)).item()
        line = f"the sum of the exponentials is above {bound}, the largest float is {largest}; computed {d}"
        return {"below": bound, "largest": largest, "D": d}, "below > largest", (line,)
    return None


def wrong_value(variant: SoftmaxVariant, body: SoftmaxVariant | None = None) -> Failure:
    """Return the failure of the body (of the same variant) to be the rounded quotient of rounded terms and sum."""

    def failure(xp: Any, z: list[Fraction], p: int) -> tuple[dict[str, Fraction], str, tuple[str, ...]] | None:
        got = fractions_of(softmax(xp.asarray(z), variant=body or variant))
        moved = [rounded_by_search(x - max(z), p) for x in z] if variant == "shifted" else z
        e = [exp_rounded(x, p) for x in moved]
        d = rounded_by_search(sum(e, Fraction(0)), p)
        for j, x in enumerate(e):
            want = rounded_by_search(x / d, p)
            if got[j] != want:
                return {"got": got[j], "want": want}, "got != want", (f"entry {j + 1}",)
        return None

    return failure


def in_range(x: Fraction, p: int) -> bool:
    """Return whether exp(x) is at least the least float and at most a sixth of the largest: room for N = 2 and e."""
    low, high = exp_bounds(x)
    least = min(y for y in members(p) if y > 0)
    return bool(low >= least and 6 * high <= members(p)[-1])


def anything(x: Fraction, p: int) -> bool:
    """Return True: no hypothesis."""
    return True


def small(x: Fraction, p: int) -> bool:
    """Return whether the magnitude is at most 2**p."""
    limit = Fraction(1 << p)
    return abs(x) <= limit


def shifted_sum_below_one(
    xp: Any, z: list[Fraction], p: int, factor: int = 1
) -> tuple[dict[str, Fraction], str, tuple[str, ...]] | None:
    """Return the instance at which the shifted exponentials sum to less than `factor`."""
    d = fractions_of(xp.sum(exponentials(xp.asarray(z), variant="shifted"), axis=-1)).item()
    return ({"D": d}, f"D < {factor}", ()) if d < factor else None
