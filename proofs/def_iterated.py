"""Iterated sums and products: which axes, and which of the readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from itertools import chain as flattened
from itertools import combinations
from itertools import product as cartesian
from math import prod
from operator import mul

from precise import Accumulate, Pairwise, Sequential, exact, exact_then_round, paper_float, rounded
from precise.claims import Control, Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step
from proofs._oracle import fractions_of, rounded_by_search

SHAPE = (2, 3, 4)
FOLDS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": sum,  # type: ignore[dict-item]
    "prod": lambda terms: reduce(mul, terms, Fraction(1)),
    "max": max,
    "min": min,
}
AXES = tuple(flattened.from_iterable(combinations(range(3), k) for k in range(4)))


def by_loops(values: dict[tuple[int, ...], Fraction], op: str, axes: tuple[int, ...]) -> list[Fraction]:
    """Return a reduction in C order of the axes that stay, term by term in C order of those that go."""
    kept = [a for a in range(3) if a not in axes]
    found = []
    for outer in cartesian(*(range(SHAPE[a]) for a in kept)):
        chosen = dict(zip(kept, outer, strict=True))
        fits = (i for i in cartesian(*map(range, SHAPE)) if all(i[a] == n for a, n in chosen.items()))
        found.append(FOLDS[op]([values[i] for i in fits]))
    return found


def axes_are_reduced(order: Callable[[list[int]], Iterable[int]] = list) -> Evidence | Counterexample:
    """Return evidence that reductions run over the axes named; `order` rearranges the loops' results."""
    xp, cases, expected = exact(), 0, 0
    indices = list(cartesian(*map(range, SHAPE)))
    values = {i: Fraction(2 * k**2 - 7 * k + 3, k + 2) for k, i in enumerate(indices)}
    array = xp.reshape(xp.asarray([values[i] for i in indices]), SHAPE)
    for op, axes, keepdims in cartesian(FOLDS, AXES, (False, True)):
        got = getattr(xp, op)(array, axis=axes, keepdims=keepdims)
        right = by_loops(values, op, axes)
        shape = tuple((1 if a in axes else n) for a, n in enumerate(SHAPE) if keepdims or a not in axes)
        expected += prod(n for a, n in enumerate(SHAPE) if a not in axes)
        for k, value in zip(order(list(range(len(right)))), got.elements().ravel().tolist(), strict=True):
            cases += 1
            if value != right[k] or got.shape != shape:
                return Counterexample(
                    values={"got": value, "right": right[k], "place": k, "shape_differs": int(got.shape != shape)},
                    refutes="got != right or shape_differs == 1",
                    lines=(f"{op} over axes {axes} of shape {SHAPE}",),
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("sum, prod, max, min over every set of axes of one array of shape 2, 3, 4"),
        cases=cases,
        expected=expected,
        producer="precise-pbit",
    )


def readings_agree(left: Accumulate, right: Accumulate) -> Evidence | Counterexample:
    """Search three positive floats of F_2 whose sums under two readings differ; confirmed without the package."""
    xps = [rounded(paper_float(2), accumulate=how) for how in (left, right)]
    positive = [Fraction(m) * Fraction(2) ** e for e in range(-4, 4) for m in (2, 3)]
    vectors = list(cartesian(positive, repeat=3))
    sums = [fractions_of(xp.sum(xp.asarray([list(v) for v in vectors]), axis=-1)) for xp in xps]
    for cases, (v, a, b) in enumerate(zip(vectors, *sums, strict=True), 1):
        if a != b:
            chained = rounded_by_search(rounded_by_search(v[0] + v[1], 2) + v[2], 2)
            once = rounded_by_search(sum(v, Fraction(0)), 2)
            return Counterexample(
                values={"p": 2, "x1": v[0], "x2": v[1], "x3": v[2], "chained": chained, "once": once},
                refutes="nearest(p, nearest(p, x1 + x2) + x3) == chained != once and once == nearest(p, x1 + x2 + x3)",
                lines=(
                    f"p = 2: {v[0]} + {v[1]} = {v[0] + v[1]} rounds to {rounded_by_search(v[0] + v[1], 2)}",
                    f"adding {v[2]} and rounding again gives {chained}",
                    f"the exact sum {sum(v)} rounds to {once}",
                ),
                order="least p, then the number of terms, then x1, x2, x3, positive terms",
                cases=cases,
            )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p((2,), "three positive floats"),
        cases=len(vectors),
        expected=len(positive) ** 3,
        producer="precise-pbit",
    )


READINGS = Statement(
    label="def:iterated@readings",
    title="Iterated sum, without saying which reading",
    mark="M",
    as_printed=True,
    suspects=("S11",),
    tex=r"The iterated sum of floats: a chain of rounded additions, or the exact sum rounded once.",
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="chain-is-the-exact-sum-rounded",
            says="A chain of rounded additions gives the exact sum rounded once.",
            formal="for all p >= 2, n >= 1, x in F_p^n: chain(x) = round(x_1 + ... + x_n)",
            check=lambda: readings_agree(Sequential(), exact_then_round),
            expects="refuted",
            mutants=(Control("exact sums on both sides", lambda: readings_agree(exact_then_round, exact_then_round)),),
        ),
        Step(
            id="tree-is-the-exact-sum-rounded",
            says="A tree of rounded additions gives the exact sum rounded once.",
            formal="for all p >= 2, n >= 1, x in F_p^n: tree(x) = round(x_1 + ... + x_n)",
            check=lambda: readings_agree(Pairwise(), exact_then_round),
            expects="refuted",
            mutants=(Control("exact sums on both sides", lambda: readings_agree(exact_then_round, exact_then_round)),),
        ),
    ),
)

REPAIRED = Statement(
    label="def:iterated",
    title="Iterated sum and product",
    mark="M",
    repairs="def:iterated@readings",
    suspects=("S11",),
    tex=(
        r"The iterated sum or product of floats is the exact sum or product, rounded once; over several axes of an "
        r"array its terms are those with the other indices fixed. Chains and trees of rounded operations are named "
        r"variants."
    ),
    uses=("def:round",),
    steps=(
        Step(
            id="axes-are-those-named",
            says="The package reduces over the axes that are named, and keeps the others in order.",
            formal="for one array of shape (2, 3, 4) over the rationals, every set of axes: each entry equals its fold",
            check=axes_are_reduced,
            mutants=(Mutant("entries in reverse order", lambda: axes_are_reduced(reversed)),),
        ),
    ),
)

STATEMENTS = (READINGS, REPAIRED)
