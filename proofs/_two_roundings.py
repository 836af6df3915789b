"""Two implementations of the rounding of the definition agree: by search among all floats, and by arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from precise.claims import Counterexample, Further, Mutant, Statement, Step, Tier
from proofs._float_evidence import Outcome, exhausted
from proofs._rounding_by_search import Members, paper_members

PRECISIONS = (2, 3, 4)
PARTS = 12
Rounding = Callable[[Fraction, int], Fraction]


def to_bits(x: Fraction, p: int) -> Fraction:
    """Return positive x rounded to p bits, exponents unbounded, ties to even: by lengths and one division."""
    e = x.numerator.bit_length() - x.denominator.bit_length() - p
    n, d = (x.numerator << -e, x.denominator) if e < 0 else (x.numerator, x.denominator << e)
    if n >= d << p:
        e, d = e + 1, 2 * d
    c, rest = divmod(n, d)
    c += 2 * rest > d or (2 * rest == d and c % 2 == 1)
    return Fraction(c << e) if e >= 0 else Fraction(c, 1 << -e)


def by_arithmetic(x: Fraction, p: int) -> Fraction:
    """Return x rounded without a list of floats: to p bits, then 0 up to half of lambda, lambda below, omega above."""
    least, largest = Fraction(1, 1 << (2**p + 1 - p)), Fraction(((1 << p) - 1) << (2**p - 1))
    sign = -1 if x < 0 else 1
    if 2 * abs(x) <= least:
        return Fraction(0)
    return sign * min(max(to_bits(abs(x), p), least), largest)


def points(members: Members) -> Iterator[Fraction]:
    """Yield twelfths of every gap, from 0 to one gap beyond the largest float, and points just beside the midpoints."""
    for low, high in pairwise(members.values):
        for part in range(PARTS):
            yield members.fraction(PARTS * low + part * (high - low), PARTS)
        for sign in (-1, 1):
            yield members.fraction((low + high) * 2**40 + sign * (high - low), 2**41)


def agree(rounding: Rounding, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Compare the rounding with the search, at all points of both signs."""
    cases = 0
    for p in precisions:
        members = paper_members(p)
        for x in points(members):
            for y in (x, -x):
                cases += 1
                if (got := rounding(y, p)) != (right := members.nearest(y)):
                    return Counterexample(
                        values={"p": p, "x": y, "got": got, "right": right}, refutes="got != right",
                        lines=(f"p = {p}: {y} is rounded to {got}, by search to {right}",),
                    )  # fmt: skip
    return exhausted(cases, sum(2 * (PARTS + 2) * (4**p + 1) for p in precisions), precisions)


def without_tie_at_zero(x: Fraction, p: int) -> Fraction:
    """Return a wrong rounding: the tie between 0 and lambda goes to lambda."""
    return x * 2 if 2 * abs(x) == Fraction(1, 1 << (2**p + 1 - p)) else by_arithmetic(x, p)


def without_saturation(x: Fraction, p: int) -> Fraction:
    """Return a wrong rounding: exponents unbounded above."""
    return to_bits(x, p) if x > 1 else by_arithmetic(x, p)


def ties_away(x: Fraction, p: int) -> Fraction:
    """Return a wrong rounding: ties move up by a speck."""
    return by_arithmetic(x * (1 + Fraction(1, 2**60)), p)


STATEMENT = Statement(
    label="def:round@two-ways",
    title="Rounding, implemented twice",
    mark="D",
    tex=r"Search among all floats and arithmetic on numerators give the same $round_p(x)$, with saturation.",
    uses=("def:round",),
    steps=(
        Step(
            id="two-implementations-agree",
            says=(
                "Search among all floats and arithmetic agree around every float and midpoint, at 0, below the least "
                "float and above the largest."
            ),
            formal="for p in 2..4, 5..6 in full: both agree on twelfths of all gaps and beside midpoints, both signs",
            check=lambda: agree(by_arithmetic),
            mutants=(
                Mutant("ties away from zero", lambda: agree(ties_away, (2,))),
                Mutant("the tie at lambda/2 goes to lambda", lambda: agree(without_tie_at_zero, (2,))),
                Mutant("no saturation", lambda: agree(without_saturation, (2,))),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: agree(by_arithmetic, (5, 6)),
                    mutants=(Mutant("ties away from zero", lambda: agree(ties_away, (6,))),),
                ),
            ),
        ),
    ),
)
