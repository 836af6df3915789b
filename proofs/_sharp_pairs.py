"""Worst relative errors of products, quotients and roots, over all significands of small p, in 64-bit integers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

import numpy as np

from precise.claims import Counterexample
from proofs._float_evidence import Outcome, exhausted
from proofs._significand_pairs import floats_from_zero, midpoints

Bound = Callable[[Fraction], Fraction]
"""Unit roundoff to the bound on the relative error."""


def first_tie(u: Fraction) -> Fraction:
    """Return u/(1+u)."""
    return u / (1 + u)


def of_quotients(u: Fraction) -> Fraction:
    """Return u - 2 u^2."""
    return u - 2 * u * u


def is_composite(n: int) -> bool:
    """Return whether n has a divisor other than 1 and n, by trial."""
    return any(n % d == 0 for d in range(2, isqrt(n) + 1))


def products(bound: Bound, reached: Callable[[int], bool], precisions: tuple[int, ...]) -> Outcome:
    """Compare the error of every product of significands with the bound, which must be reached where it is said."""
    cases, words = 0, []
    for p in precisions:
        limit = bound(Fraction(1, 1 << p))
        values = np.array([v for v, _ in floats_from_zero(p, 2 * p + 1)], dtype=np.int64)
        bounds = np.add(*midpoints(p, 2 * p + 1))
        m = np.arange(1 << (p - 1), 1 << p, dtype=np.int64)
        equal = 0
        for m1 in map(int, m):
            cases += len(m)
            exact = m1 * m
            off = np.abs(values[np.searchsorted(bounds, 4 * exact)] - exact) * limit.denominator
            allowed = exact * limit.numerator
            equal += int((off == allowed).sum())
            if len(wrong := np.flatnonzero(off > allowed)):
                n = int(m[wrong[0]])
                return Counterexample(
                    values={"p": p, "m1": m1, "m2": n, "off": Fraction(int(off[wrong[0]]), limit.denominator)},
                    refutes=f"off > m1*m2*{limit}",
                )
        if (equal > 0) != reached(p):
            return Counterexample(
                values={"p": p, "pairs": equal, "said": int(reached(p))},
                refutes="pairs == 0 and said == 1 or pairs > 0 and said == 0",
                lines=(f"p = {p}: {equal} pairs have exactly the relative error {limit}",),
            )
        words.append(f"p = {p}: {equal}")
    note = "pairs that reach the bound: " + ", ".join(words)
    return exhausted(cases, sum(4 ** (p - 1) for p in precisions), precisions, note=note)


def quotients(bound: Bound, precisions: tuple[int, ...]) -> Outcome:
    """Compare the error of every quotient of significands with the bound, which must be reached.

    The quotient m1 2^(p+1) / m2 is in units that make floats integers; it lies between 2^p and 2^(p+2).
    """
    cases, words = 0, []
    for p in precisions:
        limit = bound(Fraction(1, 1 << p))
        values = np.array([v for v, _ in floats_from_zero(p, p + 3)], dtype=np.int64)
        middles, ties = midpoints(p, p + 3)
        m1 = np.arange(1 << (p - 1), 1 << p, dtype=np.int64)
        equal = 0
        for m2 in map(int, m1):
            cases += len(m1)
            n = m1 << (p + 1)
            off = np.abs(values[np.searchsorted(middles * m2 + ties, 4 * n)] * m2 - n) * limit.denominator
            equal += int((off == n * limit.numerator).sum())
            if len(wrong := np.flatnonzero(off > n * limit.numerator)):
                m, over = int(m1[wrong[0]]), int(off[wrong[0]])
                return Counterexample(
                    values={"p": p, "m1": m, "m2": m2, "error": Fraction(over, limit.denominator * (m << p + 1))},
                    refutes=f"error > {limit}",
                )
        if not equal:
            return Counterexample(values={"p": p, "pairs": equal}, refutes="pairs == 0")
        words.append(f"p = {p}: {equal}")
    note = "pairs that reach the bound: " + ", ".join(words)
    return exhausted(cases, sum(4 ** (p - 1) for p in precisions), precisions, note=note)


def roots(last: Callable[[Fraction], Fraction], precisions: tuple[int, ...]) -> Outcome:
    """Compare roots of all significands, both parities of the exponent, with the bound 1 - last(u)^(-1/2).

    With root s, result R and x = s^2 the error is at most the bound B iff (1 - B)^2 x <= R^2 <= (1 + B)^2 x. The
    left side is x/last(u), exactly; on the right B is replaced by a rational number below it. Equality on the left
    must occur.
    """
    cases = 0
    for p in precisions:
        top, equal = last(Fraction(1, 1 << p)), 0
        unit = 1 << (2 * p + 20)
        below = 1 - Fraction(isqrt(unit * unit * top.denominator // top.numerator) + 1, unit)
        for j in (2 * p, 2 * p + 1):  # m 2^j has a root of at least p + 1 bits
            for m in range(1 << (p - 1), 1 << p):
                cases += 1
                x = m << j
                result = nearest_root(x, p)
                square = result * result
                equal += square * top == x
                if square * top < x or square > (1 + below) ** 2 * x:
                    return Counterexample(
                        values={"p": p, "m": m, "j": j, "result": result, "last": top, "above": (1 + below) ** 2},
                        refutes="result**2*last < m*2**j or result**2 > above*m*2**j",
                    )
        if not equal:
            return Counterexample(values={"p": p, "equal": equal}, refutes="equal == 0")
    return exhausted(cases, sum(1 << p for p in precisions), precisions)


def nearest_root(x: int, p: int) -> int:
    """Return the p-bit number nearest to the root of x = m 2^j, m of p bits: such a root is never a midpoint."""
    unit = 1
    while unit * unit << 2 * p <= x:
        unit *= 2
    low = 0
    for bit in reversed(range(p + 1)):
        if ((low + (1 << bit)) * unit) ** 2 <= x:
            low += 1 << bit
    up = (2 * low + 1) ** 2 * unit * unit < 4 * x
    return (low + up) * unit


def attained_when_composite(precisions: tuple[int, ...]) -> Outcome:
    """Compare the products that reach u/(1+u) with the divisors of 2^p + 1."""
    return products(first_tie, lambda p: is_composite((1 << p) + 1), precisions)
