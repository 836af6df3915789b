"""Checks of the p-bit matrix product: its value by another rounding, and its error bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product as cartesian
from typing import Any, TypeAlias

import sympy

from precise import Pairwise, Sequential, exact_then_round, paper_float, rounded
from precise.bounds import after_roundings, matmul_bound, nearest_constant
from precise.claims import (
    Counterexample,
    Evidence,
    Kind,
    Scope,
    chain,
    decide_identity,
    decide_inequality,
)
from precise.policy import Accumulate
from proofs._oracle import fractions_of, in_range, members, rounded_by_search

Vector: TypeAlias = tuple[Fraction, ...]
Rule: TypeAlias = Callable[[Sequence[Fraction], int], Fraction]
Grid: TypeAlias = tuple[int, list[Vector], list[Vector]]
ENGINES = (None, "reference")
"""The engine that serves by default, and the reference; they must agree in every bit."""


def near_one(p: int, least: int, most: int) -> list[Fraction]:
    """Return 0 and the floats of exponent `least` to `most`, both signs, by magnitude, positive first."""
    inside = [x for x in members(p) if x == 0 or Fraction(2) ** least <= abs(x) < Fraction(2) ** (most + 1)]
    return sorted(inside, key=lambda x: (abs(x), x < 0))


def grids() -> Iterator[Grid]:
    """Yield the domains of the exhaustive check: precision, left rows, right columns."""
    every: list[Vector] = [(x,) for x in members(2)]
    yield 2, every, every
    signed, positive = near_one(2, -1, 0), [x for x in near_one(2, -1, 0) if x >= 0]
    yield 2, list(cartesian(positive, signed)), list(cartesian(signed, positive))
    edges: list[Vector] = [(x, y) for x in (members(2)[-1], members(2)[17]) for y in (members(2)[0], members(2)[16])]
    yield 2, edges, list(cartesian(members(2)[16:], repeat=2))
    quarters = [x for x in near_one(3, 0, 0) if x > 0]
    left: list[Vector] = [(a, b, Fraction(1)) for a in quarters for b in near_one(3, -3, -3)]
    right: list[Vector] = [(a, Fraction(1), b) for a in quarters for b in near_one(3, -1, -1)]
    yield 3, left, right


def sum_of_rounded_products(terms: Sequence[Fraction], p: int) -> Fraction:
    """Return the exact sum of rounded products, rounded once: the statement."""
    return rounded_by_search(sum((rounded_by_search(t, p) for t in terms), Fraction(0)), p)


def fused(terms: Sequence[Fraction], p: int) -> Fraction:
    """Return the exact sum of exact products, rounded once: a wrong reading."""
    return rounded_by_search(sum(terms, Fraction(0)), p)


def chained(terms: Sequence[Fraction], p: int) -> Fraction:
    """Return the chain of rounded additions: another wrong reading."""
    value = Fraction(0)
    for t in terms:
        value = rounded_by_search(value + rounded_by_search(t, p), p)
    return value


ENTRIES = (
    "d = 1: all pairs of F_2; d = 2: F_2, 0 or in [1/2, 2) in magnitude, and pairs at the ends of the range; "
    "d = 3: F_3, entries 1 and from the binades of 1/8, 1/2 and 1"
)


def entries_are(rule: Rule) -> Evidence | Counterexample:
    """Return evidence that every entry of `xp.matmul` is what the rule gives, on all grids."""
    cases, expected, cells = 0, 0, set()
    for (p, left, right), engine in cartesian(grids(), ENGINES):
        xp = rounded(paper_float(p), accumulate=exact_then_round, engine=engine)
        columns = [[v[k] for v in right] for k in range(len(right[0]))]
        got = fractions_of(xp.matmul(xp.asarray([list(v) for v in left]), xp.asarray(columns)))
        expected += len(left) * len(right)
        for (i, a), (j, b) in cartesian(enumerate(left), enumerate(right)):
            cases += 1
            terms = [x * y for x, y in zip(a, b, strict=True)]
            want = rule(terms, p)
            cells.add(cell_of(terms, p))
            if got[i, j] != want:
                values = {f"a{k + 1}": x for k, x in enumerate(a)} | {f"b{k + 1}": x for k, x in enumerate(b)}
                return Counterexample(
                    values={"p": p, **values, "got": got[i, j], "want": want},
                    refutes="got != want",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2, 3), ENTRIES, "two engines"),
        cases=cases,
        expected=expected,
        cells=tuple(c for c in CELLS if c in cells),
        producer="precise-pbit",
        confirmed_by="rounding by search over fractions",
    )


CELLS = ("exact", "inexact", "cancelling", "underflow", "overflow")


def cell_of(terms: Sequence[Fraction], p: int) -> str:
    """Return which kind of case the terms of an entry are."""
    total = sum(terms, Fraction(0))
    if any(abs(t) > members(p)[-1] for t in [*terms, total]):
        return "overflow"
    if not all(in_range(t, p) for t in [*terms, total]):
        return "underflow"
    if total == 0 or abs(total) < max(abs(t) for t in terms):
        return "cancelling"
    return "exact" if rounded_by_search(total, p) == total else "inexact"


def constant_text(count: int) -> str:
    """Return the constant of the package for `count` roundings, in t = 1/u, as text."""
    v: Any = nearest_constant(1 / sympy.Symbol("t"))
    return str(after_roundings(v, count))


def bound_for_all_p(factor: str = "1") -> Evidence | Counterexample:
    """Return certificates of the bound for all p and d, from that of one rounding.

    Let S = sum |a||b|, C = |c| <= S and E = |sum of the errors of products| <= v S, the triangle inequality with
    v = u / (1 + u). The total error is at most E + v (C + E). E and C are written v S/(1 + x) and S/(1 + y), x,
    y >= 0, which reaches all values but 0; at 0 the claim is weaker.
    """
    scope = Scope.all_p(2)
    v = "(1/t)/(1 + 1/t)"
    error = f"{v}*S/(1 + x) + {v}*(S/(1 + y) + {v}*S/(1 + x))"
    claim = f"{error} <= {factor}*({constant_text(2)})*S"
    bound = decide_inequality(claim, {"t": 4, "x": 0, "y": 0, "S": 0}, scope=scope, sharpness=SHARPNESS)
    same = decide_identity(f"{constant_text(2)} == (1 + {v})**2 - 1", scope=scope)
    if isinstance(bound, Counterexample) or isinstance(same, Counterexample):
        return bound if isinstance(bound, Counterexample) else same
    return chain(bound, same)


def sums_near_the_least(in_range_only: bool) -> Evidence | Counterexample:
    """Search the differences of small floats for an error above the bound: least p, then the terms."""
    cases = expected = 0
    for p in (2, 3, 4):
        xp, constant = rounded(paper_float(p)), (1 + Fraction(1, 2**p + 1)) ** 2 - 1
        small = [x for x in members(p) if x > 0][: 2**p]
        pairs = [(x, -y) for x in small for y in small]
        expected += len(pairs)
        got = fractions_of(xp.matmul(xp.asarray([list(v) for v in pairs]), xp.asarray([[1], [1]]))).ravel()
        for (x, y), found in zip(pairs, got, strict=True):
            cases += 1
            bound, error = constant * (x - y), abs(found - (x + y))
            if error > bound and (in_range(x + y, p) or not in_range_only):
                return Counterexample(
                    values={"p": p, "a1": x, "a2": y, "got": found, "bound": bound},
                    refutes="abs(got - (a1 + a2)) > bound",
                    lines=(
                        f"p = {p}, b1 = b2 = 1: the products {x} and {y} are floats, their sum is {x + y}",
                        f"the least positive float is {small[0]}; the result is {found}",
                        f"off by {error}; the bound is {bound}",
                    ),
                    order="least p, then a1, then |a2|",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2, 3, 4), "d = 2, the two lowest binades"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
    )


SHARPNESS = "within 1 - v: two terms attain 2v - v**2 where 2**p + 1 is a product of two floats, as at p = 11"


def one_more_rounding(factor: str = "1") -> Evidence | Counterexample:
    """Return the certificate that a rounded addition turns the factor G = (1 + v)**k into G (1 + v), for all p.

    The sum so far has error at most (G - 1) S, the new term X in magnitude an error of at most (G - 1) X; the
    rounding adds v times the magnitude of the computed sum, at most G (S + X).
    """
    v = "(1/t)/(1 + 1/t)"
    claim = f"(G - 1)*(S + X) + {v}*(S + X + (G - 1)*(S + X)) <= {factor}*(G*(1 + {v}) - 1)*(S + X)"
    return decide_inequality(claim, {"t": 4, "G": 1, "S": 0, "X": 0}, scope=Scope.all_p(2))


ORDERS: tuple[Accumulate, ...] = (
    exact_then_round,
    Sequential(),
    Pairwise(),
    Accumulate("exact", "exact"),
    Sequential(products="exact"),
    Pairwise(products="exact"),
    Sequential(paper_float(4)),
    Accumulate("exact", "rounded", paper_float(4)),
)


def instances() -> Iterator[Grid]:
    """Yield the domains on which the bound is evaluated: small p in full, and the two worst terms at p = 11."""
    halves = [x for x in near_one(2, -1, 0) if x > 0]
    signed = [x for x in near_one(2, -1, 0) if x]
    yield 2, list(cartesian(halves, signed)), list(cartesian(halves, repeat=2))
    quarters = [x for x in near_one(3, 0, 0) if x > 0]
    triples: list[Vector] = [(a, b / 8, Fraction(1, 8)) for a in quarters for b in quarters]
    yield 3, triples, [(a, b, Fraction(-1)) for a in quarters for b in quarters]
    yield 11, [(Fraction(3), Fraction(3, 2048))], [(Fraction(683), Fraction(683))]


INSTANCES = (
    "d = 2: F_2 in [1/2, 2) in magnitude; d = 3: F_3, entries -1, 1/8 and from the binades of 1/8 and 1; "
    "p = 11: 3*683 + (3/2048)*683"
)


def bound_on_instances(
    factor: Fraction = Fraction(1), orders: Sequence[Accumulate] = ORDERS
) -> Evidence | Counterexample:
    """Return evidence that the bound of `precise.bounds` holds for every order of accumulation, on all instances."""
    cases, expected = 0, 0
    for p, left, right in instances():
        for how in orders:
            xp = rounded(paper_float(p), accumulate=how)
            bound = factor * matmul_bound(xp.policy, len(left[0])).constant
            columns = [[v[k] for v in right] for k in range(len(right[0]))]
            got = fractions_of(xp.matmul(xp.asarray([list(v) for v in left]), xp.asarray(columns)))
            expected += len(left) * len(right)
            for (i, a), (j, b) in cartesian(enumerate(left), enumerate(right)):
                cases += 1
                terms = [x * y for x, y in zip(a, b, strict=True)]
                scale, error = sum(map(abs, terms)), abs(got[i, j] - sum(terms))
                if error > bound * scale:
                    return Counterexample(
                        values={"p": p, "error": error, "scale": scale, "bound": bound},
                        refutes="error > bound * scale",
                        lines=(f"order {how}", f"a = {', '.join(map(str, a))}; b = {', '.join(map(str, b))}"),
                        cases=cases,
                    )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2, 3, 11), INSTANCES, "eight orders of accumulation"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
        sharpness=SHARPNESS,
    )
