"""Rounding to nearest, ties to even: where the printed rule does not decide or has no error bound, and the repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from precise.claims import Control, Counterexample, Mutant, Statement, Step, Tier
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._kernel_floats import PAPER_ROUNDING, PAPER_ROUNDING_MUTANTS
from proofs._package_rounding import PACKAGE
from proofs._package_stochastic import STOCHASTIC
from proofs._rounding_by_search import Members, paper_members
from proofs._two_roundings import STATEMENT as TWO_WAYS

Pair = tuple[int, int]
Neighbours = Iterator[tuple[int, Fraction, Fraction, int, int]]


def neighbours(precisions: tuple[int, ...], least: Callable[[int], Fraction]) -> Neighbours:
    """Yield p, neighbouring nonnegative floats from `least(p)` on and their significands, smallest first."""
    for p in precisions:
        named = {Fraction(0): 0}
        for e in range(-(2**p), 2**p):
            named |= {m * Fraction(2) ** e: m for m in range(2 ** (p - 1), 2**p)}
        floats = sorted(named)
        for low, high in pairwise(floats):
            if low >= least(p):
                yield p, low, high, named[low], named[high]


def search_ties(
    precisions: tuple[int, ...], least: Callable[[int], Fraction], evens: tuple[int, ...], expected: int
) -> Outcome:
    """Look for a midpoint whose neighbours have a number of even significands outside `evens`."""
    cases = 0
    for p, low, high, m1, m2 in neighbours(precisions, least):
        cases += 1
        even = (m1 % 2 == 0) + (m2 % 2 == 0)
        if even not in evens:
            return Counterexample(
                values={
                    "p": p,
                    "x": (low + high) / 2,
                    "low": low,
                    "high": high,
                    "m1": m1,
                    "m2": m2,
                    "even": even,
                },
                refutes=f"x - low == high - x and even == {even}",
                lines=(
                    f"p = {p}: x = {(low + high) / 2} is halfway between {low} and {high}",
                    f"their significands are {m1} and {m2}: {even} of them even, so the rule names "
                    f"{'no number' if even == 0 else 'two numbers'}",
                ),
                order="least p, then x",
                cases=cases,
            )
    return exhausted(cases, expected, precisions)


def nothing(p: int) -> Fraction:
    """Return 0, the least neighbour to look at."""
    return Fraction(0)


def smallest(p: int) -> Fraction:
    """Return the least positive float."""
    return Fraction(1 << p, 2 << 2**p)


def search_range(sums: bool, in_range: bool, precisions: tuple[int, ...]) -> Outcome:
    """Look for a sum or product of floats above the least one whose literal rounding is off by more than 2^-p."""
    cases = 0
    for p in precisions:
        members = paper_members(p)
        pairs = [(e, m) for e in range(-(2**p), 2**p) for m in range(2 ** (p - 1), 2**p)]
        for e1, m1 in pairs:
            for e2, m2 in pairs:
                if (e2, m2) < (e1, m1):
                    continue
                cases += 1
                x, y = m1 * Fraction(2) ** e1, m2 * Fraction(2) ** e2
                exact = x + y if sums else x * y
                if exact < smallest(p) or (in_range and exact > members.fraction(members.largest)):
                    continue
                got = members.nearest(exact)
                if abs(got - exact) > exact / 2**p:
                    sign = "+" if sums else "*"
                    return Counterexample(
                        values={"p": p, "exact": exact, "got": got},
                        refutes="abs(got - exact) > exact / 2**p",
                        lines=(
                            f"p = {p}: {m1}*2**{e1} {sign} {m2}*2**{e2} = {exact}",
                            f"the nearest float is the largest one, {got}",
                            f"off by {abs(got - exact) / exact} of the result; 2**-p is {Fraction(1, 2**p)}",
                        ),
                        order="least p, then e1, m1, e2, m2 with (e1, m1) <= (e2, m2)",
                        cases=cases,
                    )
    return exhausted(cases, sum(4**p * (4**p + 1) // 2 for p in precisions), precisions)


PRINTED = Statement(
    label="def:round@printed",
    title="Rounding to nearest, as printed",
    mark="R",
    as_printed=True,
    suspects=("S5", "S7"),
    tex=r"$round_p(x)$, $x\in\mathbb R$: the float nearest to $x$; of two nearest ones the one with even significand.",
    uses=("def:float",),
    steps=(
        Step(
            id="some-neighbour-of-a-tie-is-even",
            says="In a tie one of the two floats has an even significand.",
            formal="for all p >= 1, neighbouring floats a < b: the significand of a or that of b is even",
            check=lambda: search_ties((1, 2, 3), nothing, (1, 2), 0),
            expects="refuted",
            mutants=(Control("p >= 2", lambda: search_ties((2, 3, 4), nothing, (1, 2), 16 + 64 + 256)),),
        ),
        Step(
            id="only-one-neighbour-of-a-tie-is-even",
            says="In a tie only one of the two floats has an even significand.",
            formal="for all p >= 2, neighbouring floats a < b: not both significands are even",
            check=lambda: search_ties((2, 3), nothing, (0, 1), 0),
            expects="refuted",
            mutants=(
                Control(
                    "from the least positive float on",
                    lambda: search_ties((2, 3, 4), smallest, (0, 1), 15 + 63 + 255),
                ),
            ),
        ),
        Step(
            id="sums-have-the-relative-error",
            says=r"The float nearest to a sum of floats is within $2^{-p}$ of it, relatively.",
            formal="for all p >= 2, positive floats x, y: |round(x + y) - (x + y)| <= 2^-p (x + y)",
            check=lambda: search_range(True, False, (2,)),
            expects="refuted",
            mutants=(Control("sums up to the largest float", lambda: search_range(True, True, (2, 3))),),
        ),
        Step(
            id="products-have-the-relative-error",
            says=r"The float nearest to a product of floats is within $2^{-p}$ of it, relatively, if not too small.",
            formal="for all p >= 2, positive floats x, y with xy >= lambda: |round(xy) - xy| <= 2^-p xy",
            check=lambda: search_range(False, False, (2,)),
            expects="refuted",
            mutants=(Control("products up to the largest float", lambda: search_range(False, True, (2, 3))),),
        ),
    ),
)


def monotone_by_search(mode: str, change: Callable[[Members, Fraction, Fraction], Fraction]) -> Outcome:
    """Round ascending points around all floats and midpoints, check that the results ascend and are defined."""
    cases = 0
    for p in (2, 3, 4, 5):
        members = paper_members(p)
        last = -members.fraction(members.largest)
        points = [
            members.fraction(8 * a + j * (b - a), 8)
            for a, b in zip(members.values, members.values[1:], strict=False)
            for j in range(8)
        ]
        for x in [*(-x for x in reversed(points[1:])), *points]:
            cases += 1
            result = change(members, x, members.nearest(x, mode))
            if result < last:
                return Counterexample(
                    values={"p": p, "x": x, "before": last, "result": result}, refutes="result < before"
                )
            last = result
    return exhausted(cases, sum(16 * (2 ** (2 * p) + 1) - 1 for p in (2, 3, 4, 5)), (2, 3, 4, 5))


def crossing(weight: str) -> Outcome:
    """Certify that a point sent up and one sent down are in order: x = mid + a is above y = mid - b."""
    return all_of((f"(l + h)/2 + a >= {weight}*(l + h)/2 - b", {"l": 1, "h": 1, "a": 0, "b": 0}))


def parity(carried: str) -> Outcome:
    """Certify the significands at the end of a binade: 2^p - 1 is odd, and the carry 2^(p-1) even; h = 2^(p-2)."""
    return all_of(("4*h - 1 == 2*(2*h - 1) + 1", {}), (f"{carried} == 2*h", {}), ("(k + 1) - k == 1", {}))


def overflow_threshold(half: str) -> Outcome:
    """Certify the midpoint beyond the largest float: s = 2^(2^p - 1), t = 2^p."""
    return all_of((f"(t - 1)*s + {half}*s == (t - 1/2)*s", {}), note="the tie beyond the range is (2**p - 1/2) units")


REPAIRED = Statement(
    label="def:round",
    title="Rounding to nearest, ties to even",
    mark="R, D",
    repairs="def:round@printed",
    suspects=("S5", "S7"),
    tex=(
        r"For $p\ge2$: $round_p(x)$ is the float nearest to $x$, in a tie the one with even significand, and 0 at "
        r"$x=\pm\lambda/2$. Beyond $\Omega$ one named policy: saturate "
        r"($\pm\Omega$), range (a hypothesis excludes it), "
        r"or extended ($\pm\infty$ from $(2^p-\frac12)2^{2^p-1}$ on). It is total and monotone."
    ),
    uses=("def:float",),
    hypotheses=("p >= 2",),
    witness={"p": 2},
    steps=(
        Step(
            id="tie-rule-decides",
            says="Neighbours in a binade have consecutive significands; at its end $2^p-1$ is odd and $2^{p-1}$ even.",
            formal="for all p >= 2, neighbouring floats lambda <= a < b: exactly one of the two significands is even",
            check=lambda: both(parity("4*h/2"), search_ties((2, 3, 4, 5), smallest, (1,), 15 + 63 + 255 + 1023)),
            mutants=(
                Mutant("p = 1 too", lambda: search_ties((1, 2), nothing, (1,), 0)),
                Mutant("zero too", lambda: search_ties((2,), nothing, (1,), 0)),
                Mutant("carry to 2^p - 1", lambda: parity("4*h - 1")),
            ),
        ),
        Step(
            id="monotone-and-total",
            says="If $x$ goes up to $b$ and $y$ down to $a$, then $x\\ge(a+b)/2\\ge y$, so order is never reversed.",
            formal="for all p >= 2, reals y <= x: round(y) <= round(x); on eighths of all gaps for p in 2..5",
            check=lambda: both(crossing("1"), monotone_by_search("RNE", lambda members, x, r: r)),
            mutants=(
                Mutant("midpoint times 1001/1000", lambda: crossing("1001/1000")),
                Mutant(
                    "reflected just above zero",
                    lambda: monotone_by_search(
                        "RNE", lambda members, x, r: -r if 0 < x <= members.fraction(members.normal) else r
                    ),
                ),
            ),
        ),
        Step(
            id="one-value-in-range",
            says=r"At 0 and where $\lambda\le|x|\le\Omega$ the rule names one float: $x$ rounded to p bits.",
            formal="for all p >= 2, x = 0 or lambda <= |x| <= omega, r: r is nearest in F_p, even in a tie, "
            "if and only if r is x rounded to nearest even with p bits and unbounded exponent",
            check=PAPER_ROUNDING.proved,
            tier=Tier.KERNEL,
            mutants=PAPER_ROUNDING_MUTANTS,
        ),
        Step(
            id="overflow-starts-at-the-tie",
            says=r"The policy extended starts half a unit above $\Omega$.",
            formal="for all p >= 2, s = 2^(2^p - 1): omega + s/2 = (2^p - 1/2) s",
            check=lambda: overflow_threshold("1/2"),
            mutants=(Mutant("a whole unit", lambda: overflow_threshold("1")),),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, TWO_WAYS, PACKAGE, STOCHASTIC)
