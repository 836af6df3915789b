"""All pairs of significands times gaps of exponents at once, in 64-bit integers; rounding by search among bounds.

A float m 2^j is listed from its definition, in units that make it an integer; between neighbours lies one bound,
their midpoint moved by a quarter of a unit to the side from which a tie is taken away. A value is rounded by
counting the bounds below it. Nothing here exceeds 2^40.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from precise.claims import Counterexample
from proofs._float_evidence import Outcome, exhausted

Integers = NDArray[np.int64]
RULES = ("sticky", "no sticky bit", "one guard bit")


def floats_from_zero(p: int, bits: int) -> list[tuple[int, int]]:
    """Return value and significand of the p-bit floats that are integers below 2^bits, and of all integers below."""
    small = [(m, m) for m in range(1 << p)]
    return small + [(m << j, m) for j in range(1, bits - p + 1) for m in range(1 << (p - 1), 1 << p)]


def midpoints(p: int, bits: int) -> tuple[Integers, Integers]:
    """Return four times each midpoint, and where a tie goes: -1 for up, +1 for down."""
    pairs = list(pairwise(floats_from_zero(p, bits)))
    fours = np.array([2 * (a + b) for (a, _), (b, _) in pairs], dtype=np.int64)
    return fours, np.array([-1 if m % 2 else 1 for (_, m), _ in pairs], dtype=np.int64)


def place(bounds: Integers, x: Integers) -> Integers:
    """Return the signed place of the float nearest to integers x."""
    return np.asarray(np.sign(x) * np.searchsorted(bounds, 4 * np.abs(x)), dtype=np.int64)


def eighths(dividend: Integers, divisor: int | Integers, rule: str) -> Integers:
    """Return dividend // divisor in eighths by one of the rules that cut."""
    bits = 1 if rule == "one guard bit" else 2
    scaled = dividend << bits
    cut = scaled // divisor
    last = {"sticky": 1, "no sticky bit": 0, "one guard bit": 2}[rule]
    return np.asarray((cut << (3 - bits)) + last * (cut * divisor != scaled), dtype=np.int64)


def sums(rule: str, precisions: tuple[int, ...]) -> Outcome:
    """Compare addition by the rule with exact-then-round: x > 0, y of both signs or 0, gaps up to p + 3."""
    cases = 0
    for p in precisions:
        positive = np.arange(1 << (p - 1), 1 << p, dtype=np.int64)
        other = np.concatenate([-positive[::-1], np.zeros(1, np.int64), positive])
        bounds = np.add(*midpoints(p, 2 * p + 8))
        for k in range(p + 4):
            given = eighths(other, 1 << k, rule)
            for m1 in positive:
                cases += len(other)
                got = place(bounds, ((m1 << 3) + given) << k)
                right = place(bounds, ((m1 << k) + other) << 3)
                if len(wrong := np.flatnonzero(got != right)):
                    return wrong_pair(p, k, int(m1), int(other[wrong[0]]), rule)
    expected = sum((p + 4) * (1 << p - 1) * ((1 << p) + 1) for p in precisions)
    return exhausted(cases, expected, precisions, where="x > 0, exponents unbounded, gaps up to p + 3")


def wrong_pair(p: int, k: int, m1: int, m2: int, rule: str) -> Counterexample:
    """Return the instance of a wrong sum."""
    given = m1 + Fraction(int(eighths(np.array([m2]), 1 << k, rule)[0]), 8)
    return Counterexample(
        values={"p": p, "k": k, "m1": m1, "m2": m2, "given": given, "exact": m1 + Fraction(m2, 1 << k)},
        refutes="given != exact",
        lines=(f"p = {p}: {m1} + {m2}/2**{k} is handed over as {given} and rounds to another float",),
        order="least p, then gap, then m1, then m2",
    )


def quotients(rule: str, precisions: tuple[int, ...]) -> Outcome:
    """Compare division by the rule with the float nearest to N/m2, N = m1 2^(p-1): all pairs of significands.

    The exact quotient is placed by comparing 8 N with the midpoints times m2.
    """
    cases = 0
    for p in precisions:
        m1 = np.arange(1 << (p - 1), 1 << p, dtype=np.int64)
        middles, ties = midpoints(p, p + 4)
        for m2 in map(int, m1):
            cases += len(m1)
            got = place(middles + ties, eighths(m1 << (p - 1), m2, rule))
            right = np.searchsorted(middles * m2 + ties, 4 * 8 * (m1 << (p - 1)))
            if len(wrong := np.flatnonzero(got != right)):
                n, exact = int(m1[wrong[0]]), Fraction(int(m1[wrong[0]]) << (p - 1), m2)
                given = Fraction(int(eighths(np.array([n << (p - 1)]), m2, rule)[0]), 8)
                return Counterexample(
                    values={"p": p, "m1": n, "m2": m2, "given": given, "exact": exact},
                    refutes="given != exact",
                    lines=(f"p = {p}: {n} 2**{p - 1} // {m2} = {given} rounds to another float than {exact}",),
                    order="least p, then m2, then m1",
                )
    return exhausted(cases, sum(4 ** (p - 1) for p in precisions), precisions, where="exponents unbounded")
