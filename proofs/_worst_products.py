"""The worst error of a two-term entry of a matrix product: all significands, gaps and signs, in 64-bit integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from precise.claims import Counterexample, Further, Mutant, Statement, Step, Tier
from proofs._float_evidence import Outcome, exhausted
from proofs._significand_pairs import floats_from_zero, midpoints, place

PRECISIONS = (2, 3, 4, 5)
Integers = NDArray[np.int64]


class Rounding:
    """Rounding to p bits of integers below 2^bits, by search among bounds."""

    def __init__(self, p: int, bits: int) -> None:
        self.values = np.array([v for v, _ in floats_from_zero(p, bits)], dtype=np.int64)
        self.bounds = np.add(*midpoints(p, bits))

    def __call__(self, x: Integers) -> Integers:
        """Return the p-bit numbers nearest to x, ties to even."""
        at = place(self.bounds, x)
        return np.asarray(np.sign(at) * self.values[np.abs(at)], dtype=np.int64)


def two_terms(factor: Fraction, precisions: tuple[int, ...] = PRECISIONS, *, product_rounded: bool = True) -> Outcome:
    """Compare |round(round(ab) + round(cd)) - ab - cd| with ((1 + v)^2 - 1)(|ab| + |cd|) times a factor; v = u/(1+u).

    The products of significands are listed once; gaps of the exponents of the products go up to p + 2.
    """
    cases, expected, words = 0, 0, []
    for p in precisions:
        t = 1 << p
        rounded = Rounding(p, 3 * p + 4)
        m = np.arange(t // 2, t, dtype=np.int64)
        exact = np.outer(m, m).ravel()
        terms = rounded(exact) if product_rounded else exact
        bound = factor * Fraction(2 * t + 3, (t + 1) ** 2)
        worst = Fraction(0)
        expected += (p + 3) * 2 * 2 ** (4 * (p - 1))
        for k in range(p + 3):
            for first, rounded_first in zip(exact.tolist(), terms.tolist(), strict=True):
                for sign in (1, -1):
                    cases += len(exact)
                    off = np.abs(rounded((rounded_first << k) + sign * terms) - ((first << k) + sign * exact))
                    scale = (first << k) + exact
                    excess = off * bound.denominator - scale * bound.numerator
                    i = int(np.argmax(off / scale))
                    worst = max(worst, Fraction(int(off[i]), int(scale[i])))
                    if (excess > 0).any():
                        j = int(np.argmax(excess))
                        ab, cd = first << k, sign * int(exact[j])
                        return Counterexample(
                            values={"p": p, "k": k, "ab": ab, "cd": cd, "off": int(off[j]), "bound": bound},
                            refutes="off > bound*(abs(ab) + abs(cd))",
                        )
        share = int(1000 * worst * (t + 1) ** 2 / (2 * t + 3))
        words.append(f"p = {p}: {share}/1000")
    note = "worst share of the bound: " + ", ".join(words)
    return exhausted(cases, expected, precisions, where="two terms, gaps up to p + 2, exponents unbounded", note=note)


STATEMENT = Statement(
    label="lem:matmul@worst",
    title="The worst entry of a product with two terms",
    mark="D",
    tex=(
        r"For two terms in range, $|\hat c-c|\le\big((1+\frac u{1+u})^2-1\big)(|a_1b_1|+|a_2b_2|)$: all significands "
        r"and signs, gaps up to $p+2$ between the products, for listed p; how near the worst one comes is printed."
    ),
    steps=(
        Step(
            id="worst-of-two-terms",
            says="All entries of two terms are within the bound.",
            formal="for p in 2..5 (6 in full), all significands, signs, gaps up to p + 2: |error| <= bound",
            check=lambda: two_terms(Fraction(1)),
            mutants=(Mutant("nine tenths of the bound", lambda: two_terms(Fraction(9, 10), (5,))),),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: two_terms(Fraction(1), (6,)),
                    mutants=(Mutant("98 hundredths of the bound", lambda: two_terms(Fraction(98, 100), (6,))),),
                ),
            ),
        ),
    ),
)
