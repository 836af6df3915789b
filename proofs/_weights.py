"""Checks of the error bounds of softmax entries and of attention outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import product as cartesian
from typing import Any

import sympy

from precise import paper_float, rounded
from precise.bounds import (
    attention_output_bound,
    attention_output_constant,
    nearest_constant,
    softmax_entry_bound,
    softmax_entry_constant,
)
from precise.claims import (
    Counterexample,
    Evidence,
    Kind,
    Scope,
    chain,
    decide_identity,
    decide_inequality,
)
from precise.nn import softmax, weighted_average
from proofs._exp import exp_bounds
from proofs._oracle import fractions_of, in_range, members, rounded_by_search

U: Any = 1 / sympy.Symbol("t")
V: Any = nearest_constant(U)
ALL = Scope.all_p(2)
PRECISIONS = (2, 3, 4)


def joined(*parts: Evidence | Counterexample) -> Evidence | Counterexample:
    """Return the first refutation, or the evidence of all parts together."""
    refuted = [x for x in parts if isinstance(x, Counterexample)]
    return refuted[0] if refuted else chain(*(x for x in parts if isinstance(x, Evidence)))


def mean_error_is_an_error(factor: str = "1") -> Evidence | Counterexample:
    """Return the certificate that a sum of two nonnegative terms has the relative error of its terms at most.

    The errors are u/(1 + x) and u/(1 + y), of either sign; induction over the terms gives any number of them.
    """
    claim = f"A*u/(1 + x) + B*u/(1 + y) <= {factor}*u*(A + B)"
    return decide_inequality(claim, {"A": 0, "B": 0, "u": 0, "x": 0, "y": 0}, scope=Scope.without_p())


def extremes_are_at_the_ends(sense: str = "<=") -> Evidence | Counterexample:
    """Return certificates that a quotient of products of factors is extreme where every factor is.

    Factors above are N/(1 + x) at most N, factors below D (1 + y) at least D; for the least value the converse.
    """
    lower = {"N": 0, "x": 0, "y": 0}
    return joined(
        decide_inequality(f"N/((1 + x)*(1 + y)) {sense} N", lower, scope=Scope.without_p()),
        decide_inequality(f"N <= {'1' if sense == '<=' else '1/2'}*N*(1 + x)*(1 + y)", lower, scope=Scope.without_p()),
    )


def factors_give(
    upper: Any, lower: Any, constant: Any, *, exactly: bool, factor: str = "1"
) -> Evidence | Counterexample:
    """Return certificates that 1 - c <= lower and upper <= 1 + c, in t = 1/u for all p >= 2."""
    bound = {"t": 4}
    parts = [
        decide_inequality(f"{upper} - 1 <= {factor}*({constant})", bound, scope=ALL),
        decide_inequality(f"1 - ({lower}) <= {factor}*({constant})", bound, scope=ALL),
    ]
    if exactly and factor == "1":
        parts.append(decide_identity(f"{upper} - 1 == {constant}", scope=ALL))
    return joined(*parts)


def entry_for_all_p(factor: str = "1") -> Evidence | Counterexample:
    """Return certificates of both constants of a softmax entry, exact at the upper end."""
    exp_within_u = factors_give(
        (1 + U) * (1 + V) / ((1 - U) * (1 - V)),
        (1 - U) * (1 - V) / ((1 + U) * (1 + V)),
        softmax_entry_constant(U),
        exactly=True,
        factor=factor,
    )
    exp_rounded = factors_give(
        (1 + V) ** 2 / (1 - V) ** 2,
        (1 - V) ** 2 / (1 + V) ** 2,
        softmax_entry_constant(U, exp_correctly_rounded=True),
        exactly=True,
        factor=factor,
    )
    return joined(exp_within_u, exp_rounded)


def output_for_all_p(factor: str = "1") -> Evidence | Counterexample:
    """Return certificates of the constant of an output: exp, product, sum and quotient above; mean and sum below."""
    return factors_give(
        (1 + U) * (1 + V) ** 3 / ((1 - U) * (1 - V)),
        (1 - U) * (1 - V) ** 3 / ((1 + U) * (1 + V)),
        attention_output_constant(U),
        exactly=False,
        factor=factor,
    )


@cache
def score_vectors(p: int, n: int) -> tuple[tuple[Fraction, ...], ...]:
    """Return score vectors by the sum of magnitudes: multiples of 1/2 up to 3, of exponentials in range."""
    near = [x for x in members(p) if abs(x) <= 3 and (2 * x).denominator == 1]
    values = [x for x in near if in_range(exp_bounds(x)[0], p)]
    return tuple(sorted(cartesian(values, repeat=n), key=lambda z: (sum(map(abs, z)), tuple(-x for x in z))))


Term = tuple[Fraction, Fraction]


def quotient_bounds(weights: Sequence[Term], values: Sequence[Fraction]) -> Term:
    """Return rationals below and above sum w v / sum w for enclosed positive w."""
    low = sum((w[0] * v if v >= 0 else w[1] * v for w, v in zip(weights, values, strict=True)), Fraction(0))
    high = sum((w[1] * v if v >= 0 else w[0] * v for w, v in zip(weights, values, strict=True)), Fraction(0))
    total = sum((w[0] for w in weights), Fraction(0)), sum((w[1] for w in weights), Fraction(0))
    return low / (total[1] if low >= 0 else total[0]), high / (total[0] if high >= 0 else total[1])


Instance = tuple[int, tuple[Fraction, ...], tuple[Fraction, ...], Fraction, Term, Term]
"""p, scores, values, computed result, enclosure of the exact one, enclosure of its scale."""


def entry_instances(precisions: Sequence[int], lengths: Sequence[int]) -> Iterator[Instance]:
    """Yield softmax entries in range: least p, N, sum of magnitudes."""
    for p, n in cartesian(precisions, lengths):
        xp = rounded(paper_float(p))
        vectors = score_vectors(p, n)
        results = fractions_of(softmax(xp.asarray([list(z) for z in vectors])))
        for z, row in zip(vectors, results, strict=True):
            weights = [exp_bounds(x) for x in z]
            for j in range(n):
                value = quotient_bounds(weights, [Fraction(int(k == j)) for k in range(n)])
                if all(in_range(w[0], p) for w in weights) and in_range(value[0], p):
                    yield p, z, (Fraction(j + 1),), row[j], value, value


def output_instances(
    precisions: Sequence[int], lengths: Sequence[int], nonnegative: bool = False
) -> Iterator[Instance]:
    """Yield outputs of attention in range for values near 1, of both signs or nonnegative."""
    for p, n in cartesian(precisions, lengths):
        xp = rounded(paper_float(p))
        near = [x for x in members(p) if 1 <= abs(x) < 2 and (x > 0 or not nonnegative)]
        columns = sorted(cartesian(near, repeat=n), key=lambda v: (sum(map(abs, v)), tuple(-x for x in v)))
        vectors = [z for z in score_vectors(p, n) if max(map(abs, z)) <= 2][:24]
        values = [list(row) for row in zip(*columns, strict=True)]
        results = fractions_of(weighted_average(xp.asarray([list(z) for z in vectors]), xp.asarray(values)))
        for z, row in zip(vectors, results, strict=True):
            weights = [exp_bounds(x) for x in z]
            for v, got in zip(columns, row, strict=True):
                value = quotient_bounds(weights, v)
                scale = quotient_bounds(weights, [abs(x) for x in v])
                terms = [w[0] * x for w, x in zip(weights, v, strict=True)]
                if all(in_range(t, p) for t in [*terms, sum(terms), value[0], got]) and got:
                    yield p, z, v, got, value, scale


Rule = Callable[[int, Term, Term], Fraction]


def entry_rule(p: int, value: Term, scale: Term) -> Fraction:
    """Return the bound of the package on the error of an entry, from below."""
    return softmax_entry_bound(rounded(paper_float(p)).policy).constant * scale[0]


def output_rule(p: int, value: Term, scale: Term) -> Fraction:
    """Return the bound of the package on the error of an output, from below."""
    return attention_output_bound(rounded(paper_float(p)).policy).constant * scale[0]


def one_unit(p: int, value: Term, scale: Term) -> Fraction:
    """Return 2**-p times the value, from above: what a single rounding would give."""
    return Fraction(1, 1 << p) * max(abs(value[0]), abs(value[1]))


def relative_to_output(p: int, value: Term, scale: Term) -> Fraction:
    """Return the constant of an output times the magnitude of the output, from above."""
    constant = attention_output_bound(rounded(paper_float(p)).policy).constant
    return constant * max(abs(value[0]), abs(value[1]))


def all_within(
    instances: Iterator[Instance],
    rule: Rule,
    scope: Scope,
    part: Fraction = Fraction(1),
    *,
    refute: bool = False,
) -> Evidence | Counterexample:
    """Return evidence that every computed result is within the rule; the worst share of the bound is noted.

    The error is bounded from above, unless the rule is to be refuted: then from below.
    """
    cases, worst = 0, Fraction(0)
    for p, z, v, got, value, scale in instances:
        cases += 1
        ends = [abs(got - x) for x in value]
        inside = value[0] <= got <= value[1]
        error = (Fraction(0) if inside else min(ends)) if refute else max(ends)
        bound = part * rule(p, value, scale)
        worst = max(worst, error / bound)
        if error > bound:
            return failure(p, z, v, got, error, bound, cases)
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=scope,
        cases=cases,
        expected=cases,
        producer="precise-pbit",
        confirmed_by="Arb through python-flint",
        sharpness=f"the worst instance has {int(1000 * worst)}/1000 of the bound; sharpness unknown",
    )


def failure(
    p: int,
    z: Sequence[Fraction],
    v: Sequence[Fraction],
    got: Fraction,
    error: Fraction,
    bound: Fraction,
    cases: int,
) -> Counterexample:
    """Return the counterexample of one instance, error rounded down and bound rounded up to 40 binary places."""
    unit = Fraction(1, 1 << 40)
    low, high = error // unit * unit, -(-bound // unit) * unit
    of_what = f"entry {v[0]}" if len(v) == 1 else f"v = ({', '.join(map(str, v))})"
    named = {f"z{k + 1}": x for k, x in enumerate(z)} | {f"v{k + 1}": x for k, x in enumerate(v)}
    return Counterexample(
        values={"p": p, **named, "computed": got, "error": low, "bound": high},
        refutes="error > bound",
        lines=(
            f"p = {p}, z = ({', '.join(map(str, z))}), {of_what}, computed {got}",
            *by_hand(p, z),
            f"error is at least {int(low * 10000)}/10000, bound at most {int(high * 10000) + 1}/10000",
        ),
        order="least p, then N, then least sum of magnitudes of z, larger first; then of v",
        cases=cases,
    )


def by_hand(p: int, z: Sequence[Fraction]) -> tuple[str, ...]:
    """Return the exponentials and their sum with their roundings, in words to follow with a pencil."""
    powers = [exp_bounds(x)[0] for x in z]
    terms = [rounded_by_search(e, p) for e in powers]
    total = sum(terms, Fraction(0))
    decimals = [f"{int(e * 10000) // 10000}.{int(e * 10000) % 10000:04d}" for e in powers]
    words = [f"exp({x}) = {d}... rounds to {a}" for x, d, a in zip(z, decimals, terms, strict=True)]
    return ("; ".join(words), f"their sum {total} rounds to {rounded_by_search(total, p)}, by which is divided")
