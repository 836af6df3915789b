"""Checks of the bounds of sums: orders, rounding modes, accumulators of another format, and gamma."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product as cartesian
from typing import Any, TypeAlias

import sympy

from precise import RNE, RTP, RTZ, Accumulate, Pairwise, Sequential, exact_then_round, paper_float, rounded
from precise.bounds import gamma_constant, sum_bound
from precise.claims import Counterexample, Evidence, Kind, Scope, chain, decide_identity, decide_inequality
from proofs._matmul import ENGINES, near_one
from proofs._oracle import fractions_of, rounded_by_search

WIDE = paper_float(4)
"""The format of an accumulator wider than results of 2 and 3 bits."""
ORDERS: tuple[Accumulate, ...] = (
    exact_then_round,
    Sequential(),
    Pairwise(),
    Sequential(WIDE),
    Pairwise(WIDE),
    Accumulate("exact", "rounded", WIDE),
)
MODES = (RNE, RTZ, RTP)
LENGTHS = (1, 2, 3, 4)
NAMED_LENGTHS = (1, 2, 3, 4, 5, 7)
LONGEST = 6


TERMS = "first term in [1, 2), then two in [1/2, 1), then 1, the last of either sign"


def terms(p: int, n: int) -> list[tuple[Fraction, ...]]:
    """Return vectors of n positive floats: one in [1, 2), the others in [1/2, 1); then with the last one negated."""
    first, others = near_one(p, 0, 0), near_one(p, -1, -1)
    positive = cartesian(
        [x for x in first if x > 0], *([[x for x in others if x > 0]] * min(n - 1, 2)), *([[Fraction(1)]] * (n - 3))
    )
    vectors = [v for v in positive if len(v) == n]
    return vectors + [(*v[:-1], -v[-1]) for v in vectors if n > 1]


def sums_within(factor: Fraction = Fraction(1)) -> Evidence | Counterexample:
    """Return evidence that every sum is within `factor` times the bound of the package."""
    cases = expected = 0
    for p, n, how, mode in cartesian((2, 3), LENGTHS, ORDERS, MODES):
        xp = rounded(paper_float(p), mode, accumulate=how)
        bound = factor * sum_bound(xp.policy, n).constant
        vectors = terms(p, n)
        expected += len(vectors)
        got = fractions_of(xp.sum(xp.asarray([list(v) for v in vectors]), axis=-1))
        for v, value in zip(vectors, got, strict=True):
            cases += 1
            error, scale = abs(value - sum(v)), sum(map(abs, v))
            if error > bound * scale:
                return Counterexample(
                    values={"p": p, "n": n, "error": error, "scale": scale, "bound": bound},
                    refutes="error > bound * scale",
                    lines=(f"{how}, {mode}: {', '.join(map(str, v))}",),
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2, 3), f"n <= {LENGTHS[-1]}, {TERMS}, six accumulators, three rounding modes"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
        sharpness="within a factor 2: half the bound is refuted",
    )


def gamma_bounds_chains(factor: str = "1") -> Evidence | Counterexample:
    """Return certificates that (1 + u)**n - 1 <= n u/(1 - n u) where n u < 1, by induction over n.

    With t = 1/u: if (1 + u)**n <= 1/(1 - n u), then (1 + u)**(n + 1) <= (1 + u)/(1 - n u) <= 1/(1 - (n + 1) u), for
    1/u = n + 1 + a, a >= 1.
    """
    scope, t = Scope.all_p(2), "(n + 1 + a)"
    base = decide_inequality(f"(1 + 1/t) - 1 <= {factor}*(1/t)/(1 - 1/t)", {"t": 2}, scope=scope)
    grows = f"(1 + 1/{t})/(1 - n/{t}) <= 1/(1 - (n + 1)/{t})"
    step = decide_inequality(grows, {"n": 1, "a": 1}, scope=scope)
    if isinstance(base, Counterexample) or isinstance(step, Counterexample):
        return base if isinstance(base, Counterexample) else step
    return chain(base, step)


def package_gamma(divisor: str = "1 - {n}/t") -> Evidence | Counterexample:
    """Return certificates that the constants of the package are those of the bound, for each n of the list."""
    u: Any = 1 / sympy.Symbol("t")
    parts = []
    for n in range(1, LONGEST + 1):
        claim = f"{gamma_constant(n, u)} == ({n}/t)/({divisor.format(n=n)})"
        part = decide_identity(claim, scope=Scope.without_p(f"n in 1..{LONGEST}"))
        if isinstance(part, Counterexample):
            return part
        parts.append(part)
    return chain(*parts)


def chain_value(v: Sequence[Fraction], p: int) -> Fraction:
    """Return the chain of rounded additions in index order."""
    return reduce(lambda a, b: rounded_by_search(a + b, p), v)


def tree_value(v: Sequence[Fraction], p: int) -> Fraction:
    """Return the tree of rounded additions of neighbours; an odd last one passes up unchanged."""
    level = list(v)
    while len(level) > 1:
        level = [rounded_by_search(sum(level[i : i + 2], Fraction(0)), p) for i in range(0, len(level), 2)]
    return level[0]


def exact_value(v: Sequence[Fraction], p: int) -> Fraction:
    """Return the exact sum, rounded once."""
    return rounded_by_search(sum(v, Fraction(0)), p)


Rule: TypeAlias = Callable[[Sequence[Fraction], int], Fraction]
VALUES: tuple[tuple[Accumulate, Rule], ...] = (
    (exact_then_round, exact_value),
    (Sequential(), chain_value),
    (Pairwise(), tree_value),
)


def sums_are_the_named_ones(rules: Sequence[tuple[Accumulate, Rule]] = VALUES) -> Evidence | Counterexample:
    """Return evidence that a sum is the one its order names, by an independent rounding."""
    cases = expected = 0
    for p, n, (how, rule), engine in cartesian((2, 3), NAMED_LENGTHS, rules, ENGINES):
        vectors = terms(p, n)
        expected += len(vectors)
        xp = rounded(paper_float(p), accumulate=how, engine=engine)
        for v, got in zip(vectors, fractions_of(xp.sum(xp.asarray([list(v) for v in vectors]), axis=-1)), strict=True):
            cases += 1
            want = rule(v, p)
            if got != want:
                named = {f"x{k + 1}": x for k, x in enumerate(v)}
                return Counterexample(
                    values={"p": p, **named, "got": got, "want": want}, refutes="got != want", cases=cases
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2, 3), f"n in {{1, 2, 3, 4, 5, 7}}, {TERMS}, three orders, two engines"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
        confirmed_by="rounding by search over fractions",
    )
