"""Hypotheses on the range of intermediate results, in words, each with a test at the numbers of a witness."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from precise.claims import Hypothesis
from precise.claims.expression import Exact
from proofs._exp import exp_bounds
from proofs._oracle import in_range, rounded_by_search

Witness = Mapping[str, Exact]
RANGE = r"with $\lambda=2^{p-1-2^p}$ the least and $\Omega=(2^p-1)2^{2^p-1}$ the largest positive float, $u=2^{-p}$: "
"""The symbols of the hypotheses, in TeX."""


def number(w: Witness, name: str) -> Fraction:
    """Return a number of the witness."""
    return Fraction(w[name])


def listed(w: Witness, name: str) -> list[Fraction]:
    """Return the numbers name1, name2, ... of the witness."""
    return [number(w, f"{name}{k}") for k in range(1, 1 + sum(key[:-1] == name for key in w))]


def lies(x: Fraction, w: Witness) -> bool:
    """Return whether x is 0 or in range at the precision of the witness."""
    return in_range(x, int(number(w, "p")))


def rounded(x: Fraction, w: Witness) -> Fraction:
    """Return x rounded to the precision of the witness."""
    return rounded_by_search(x, int(number(w, "p")))


def products(w: Witness) -> list[Fraction]:
    """Return the exact products a_k b_k."""
    return [a * b for a, b in zip(listed(w, "a"), listed(w, "b"), strict=True)]


def sum_of_rounded(w: Witness) -> Fraction:
    """Return the exact sum of the rounded products."""
    return sum((rounded(x, w) for x in products(w)), Fraction(0))


def within_u(w: Witness) -> bool:
    """Return whether each a_j is positive and within u of exp z_j."""
    ends = [(exp_bounds(z), a) for z, a in zip(listed(w, "z"), listed(w, "a"), strict=True)]
    u = Fraction(1, 2 ** int(number(w, "p")))
    return all(a > 0 and e[1] * (1 - u) <= a <= e[0] * (1 + u) for e, a in ends)


def total(w: Witness) -> Fraction:
    """Return the exact sum of the a_j."""
    return sum(listed(w, "a"), Fraction(0))


def products_lie(w: Witness) -> bool:
    """Return whether each product is 0 or in range."""
    return all(lies(x, w) for x in products(w))


PRODUCTS = Hypothesis("each product a_k b_k is 0 or has λ <= |a_k b_k| <= Ω", products_lie)
SUM = Hypothesis(
    "the exact sum S of the rounded products is 0 or has λ <= |S| <= Ω", lambda w: lies(sum_of_rounded(w), w)
)
PARTIAL_SUMS = Hypothesis(
    "each sum of two terms, before it is rounded, is 0 or lies in [λ, Ω] in magnitude",
    lambda w: lies(sum_of_rounded(w), w),
)
EXPONENTIALS = Hypothesis("each a_j is a float with |a_j - exp z_j| <= u exp z_j", within_u)
TOTAL = Hypothesis("the exact sum of the a_j is at most Ω", lambda w: lies(total(w), w))
QUOTIENT = Hypothesis(
    "each quotient a_j/D has λ <= a_j/D <= Ω, where D is the sum of the a_j, rounded",
    lambda w: all(lies(a / rounded(total(w), w), w) for a in listed(w, "a")),
)
OUTPUT = Hypothesis(
    "the quotient N/D is 0 or has λ <= |N/D| <= Ω, where N is S rounded and D the sum of the a_k, rounded",
    lambda w: lies(rounded(sum_of_rounded(w), w) / rounded(total(w), w), w),
)
