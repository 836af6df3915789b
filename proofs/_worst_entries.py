"""The worst softmax entries of two scores at each small p: found among all pairs of a grid, evaluated by enclosures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from precise.claims import Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step, Tier
from precise.errors import UndecidedError
from proofs._bit_evidence import nearest
from proofs._exp import exp_bounds
from proofs._float_evidence import Outcome
from proofs._taylor import exp

PRECISIONS = tuple(range(3, 12))
Floats = NDArray[np.float64]
Enclosure = Callable[[Fraction], tuple[Fraction, Fraction]]
WHERE = "two scores, multiples of 2^(2-p) below 4 in magnitude"


def grid(p: int) -> list[Fraction]:
    """Return the scores: all multiples of 2^(2-p) below 4 in magnitude; they are floats."""
    return [Fraction(i, 1 << (p - 2)) for i in range(1 - (1 << p), 1 << p)]


def to_bits(x: Floats, p: int) -> Floats:
    """Return doubles rounded to p bits; the search for candidates only, which are evaluated exactly afterwards."""
    significand, exponent = np.frexp(x)
    return np.asarray(np.ldexp(np.rint(np.ldexp(significand, p)), exponent - p))


def candidate(p: int) -> tuple[int, Fraction, Fraction]:
    """Return the number of pairs and the scores of the one whose first entry looks worst."""
    scores = grid(p)
    exact = np.exp(np.array([float(z) for z in scores]))
    rounded = to_bits(exact, p)
    worst, at = -1.0, (0, 0)
    for i in range(len(scores)):
        entry = to_bits(rounded[i] / to_bits(rounded[i] + rounded, p), p)
        right = exact[i] / (exact[i] + exact)
        off = np.abs(entry - right) / right
        j = int(np.argmax(off))
        if off[j] > worst:
            worst, at = float(off[j]), (i, j)
    return len(scores) ** 2, scores[at[0]], scores[at[1]]


def by_series(x: Fraction) -> tuple[Fraction, Fraction]:
    """Return ends around e^x by the series in integers."""
    return exp(x, 128)


def factor(p: int, z1: Fraction, z2: Fraction) -> tuple[Fraction, Fraction]:
    """Return the computed entry and a lower bound on its relative error, in units of u, by two codes for exp."""
    found = [factor_by(enclose, p, z1, z2) for enclose in (exp_bounds, by_series)]
    if found[0][0] != found[1][0]:
        raise UndecidedError(f"exp: two codes must give one entry at p = {p}; got {found[0][0]} and {found[1][0]}")
    return found[0][0], min(off for _, off in found)


def factor_by(enclose: Enclosure, p: int, z1: Fraction, z2: Fraction) -> tuple[Fraction, Fraction]:
    """Return entry and error by one code; both ends of an enclosure must be rounded alike."""
    (l1, h1), (l2, h2) = (enclose(z) for z in (z1, z2))
    terms = {(nearest(x, p), nearest(y, p)) for x, y in ((l1, l2), (h1, h2))}
    if len(terms) > 1:
        raise UndecidedError(f"exp: the enclosure must decide the roundings at {z1}, {z2}; got {terms}")
    a1, a2 = terms.pop()
    got = nearest(a1 / nearest(a1 + a2, p), p)
    off = max(Fraction(0), got / (h1 / (h1 + l2)) - 1, 1 - got / (l1 / (l1 + h2)))
    return got, off * (1 << p)


def worst_factors(at_least: Fraction, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Evaluate the worst candidate of each p: off by at least so many u, and by no more than 4u + 4u^2."""
    pairs, words = 0, []
    for p in precisions:
        number, z1, z2 = candidate(p)
        pairs += number
        got, off = factor(p, z1, z2)
        if not at_least <= off <= 4 + Fraction(4, 1 << p):
            return Counterexample(
                values={"p": p, "z1": z1, "z2": z2, "got": got, "off": off, "said": at_least},
                refutes="off < said or off > 4 + 4/2**p",
                lines=(f"p = {p}: z = ({z1}, {z2}): the entry is {got}, off by about {floor(1000 * off)}/1000 u",),
            )
        words.append(f"p = {p}: {floor(1000 * off)}/1000 u at z = ({z1}, {z2})")
    return Evidence(
        kind=Kind.ENCLOSURE,
        scope=Scope.listed_p(precisions, WHERE),
        cases=len(precisions),
        expected=len(precisions),
        producer="python-flint",
        confirmed_by="exp by series in integers, rounding in fractions",
        note=f"worst of {pairs} pairs: " + "; ".join(words),
    )


STATEMENT = Statement(
    label="lem:softmax-entry@worst",
    title="How large the error of a softmax entry becomes",
    mark="D",
    suspects=("X2",),
    tex=(
        r"With exp correctly rounded, for each listed p some entry $\hat w_1$ of two scores in $\mathbb F_p$ is off "
        r"by more than $\frac32u$, relatively: one softmax entry is not within $2^{-p}$, at any of these p."
    ),
    uses=("lem:softmax-entry",),
    steps=(
        Step(
            id="off-by-more-than-one-and-a-half-units",
            says=r"The worst pair of a grid is off by more than $\frac32u$, by no more than $4u+4u^2$.",
            formal="for p in 3..11, some z1, z2 multiples of 2^(2-p) below 4: 3/2 u w <= |w^ - w| <= (4u + 4u^2) w",
            tier=Tier.FULL,
            check=lambda: worst_factors(Fraction(3, 2)),
            mutants=(
                Mutant("4u is exceeded", lambda: worst_factors(Fraction(4), (5,))),
                Mutant("7/2 u is exceeded", lambda: worst_factors(Fraction(7, 2), (4,))),
            ),
        ),
    ),
)
