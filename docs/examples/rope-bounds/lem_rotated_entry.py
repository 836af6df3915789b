"""Error of one coordinate of a rotated vector: x c - y s with rounded products and one rounding of the sum."""

from fractions import Fraction
from functools import cache
from itertools import product

from precise import RNE, round_to, unbounded
from precise.claims import Control, Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step, decide_inequality

PRECISIONS = (2, 3)


@cache
def rounded(x, p):
    """Return the nearest number of p bits, exponents unbounded, ties to even."""
    return round_to(x, format=unbounded(p), rounding=RNE).to_fraction()


def numbers(p):
    """Return 0 and the numbers of p bits in [1, 2), both signs, by magnitude, positive first."""
    positive = [Fraction(m, 2 ** (p - 1)) for m in range(2 ** (p - 1), 2**p)]
    return [Fraction(0), *(sign * x for x in positive for sign in (1, -1))]


def within(bound):
    """Return evidence that |computed - exact| is at most `bound` for all x, c, y, s, or the least case beyond it."""
    cases = 0
    for p in PRECISIONS:
        for x, c, y, s in product(numbers(p), repeat=4):
            cases += 1
            exact = x * c - y * s
            computed = rounded(rounded(x * c, p) - rounded(y * s, p), p)
            error, allowed = abs(computed - exact), bound(Fraction(1, 2**p), x * c, y * s)
            if error > allowed:
                values = {"p": p, "x": x, "c": c, "y": y, "s": s, "computed": computed, "exact": exact}
                return Counterexample(
                    values=values | {"allowed": allowed},
                    refutes="abs(computed - exact) > allowed",
                    lines=(
                        f"p = {p}: {x} * {c} = {x * c} rounds to {rounded(x * c, p)}",
                        f"{y} * {s} = {y * s} rounds to {rounded(y * s, p)}",
                        f"their difference rounds to {computed}, and the exact one is {exact}",
                        f"the error is {error}, allowed is {allowed}",
                    ),
                    order="least p, then |x|, |c|, |y|, |s|, positive first",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(PRECISIONS, "x, c, y, s zero or of magnitude in [1, 2)"),
        cases=cases,
        expected=sum((2**p + 1) ** 4 for p in PRECISIONS),
        producer="precise-pbit",
    )


def one_rounding(u, product_, other):
    """Return what one rounding of the exact result would allow."""
    return u * abs(product_ - other)


def two_roundings(u, product_, other):
    """Return the bound of the repaired lemma."""
    return ((1 + u) ** 2 - 1) * (abs(product_) + abs(other))


def two_factors(power=2):
    """Return a certificate that two factors 1 + a and 1 + b with 0 <= a <= b <= u have a product of at most (1 + u)**2.

    Here b is a + g and u is a + g + h, so that a, g and h are any numbers that are not negative.
    """
    claim = f"(1 + a + g + h)**{power} >= (1 + a) * (1 + a + g)"
    return decide_inequality(claim, {"a": 0, "g": 0, "h": 0}, scope=Scope.all_p(2), sharpness="sharp: a = b = u")


ONE_ROUNDING = Statement(
    label="lem:rotated-entry@one-rounding",
    title="A rotated coordinate with the error of one rounding",
    mark="D",
    tex=r"$|round(round(xc)-round(ys))-(xc-ys)|\le2^{-p}|xc-ys|$",
    steps=(
        Step(
            id="error-of-one-rounding",
            says="Three roundings are as good as one.",
            formal="for p in 2, 3, all x, c, y, s of the grid: |computed - exact| <= 2^-p |exact|",
            check=lambda: within(one_rounding),
            expects="refuted",
            mutants=(Control("the bound of two roundings", lambda: within(two_roundings)),),
        ),
    ),
)

REPAIRED = Statement(
    label="lem:rotated-entry",
    title="Error of one rotated coordinate",
    mark="D",
    repairs=ONE_ROUNDING.label,
    tex=r"$|round(round(xc)-round(ys))-(xc-ys)|\le\big((1+u)^2-1\big)(|xc|+|ys|)$ with $u=2^{-p}$, without underflow",
    steps=(
        Step(
            id="two-factors-at-most-the-square",
            says=r"Each product takes part in two roundings, so it is multiplied by at most $(1+u)^2$.",
            formal="for all p >= 2, u = 2^-p, 0 <= a <= b <= u: (1 + a)(1 + b) <= (1 + u)^2",
            check=two_factors,
            hypotheses=("0 <= a", "a <= b", "b <= u"),
            witness={"a": 0, "b": Fraction(1, 8), "u": Fraction(1, 4)},
            mutants=(Mutant("one factor", lambda: two_factors(1)),),
        ),
        Step(
            id="bound-holds-on-the-grid",
            says="So it is for every case that was run through.",
            formal="for p in 2, 3, all x, c, y, s of the grid: |computed - exact| <= ((1 + u)^2 - 1) (|xc| + |ys|)",
            check=lambda: within(two_roundings),
            mutants=(
                Mutant("the error of one rounding", lambda: within(one_rounding)),
                Mutant("half the bound", lambda: within(lambda u, a, b: two_roundings(u, a, b) / 2)),
            ),
        ),
    ),
)

STATEMENTS = (ONE_ROUNDING, REPAIRED)
