"""All pairs of floats at once, in float64 used as an exact carrier, with rounding by search among midpoints.

Exact since p <= 5: floats have 5 bits and exponents in [-32, 32), values of the rules at most 8 + 5 bits, and
the exact sum of two floats is held as a pair high + low (Knuth's two-sum, which is exact without overflow).
A sum below a midpoint has a high part at most that midpoint, so searching by the high part and deciding
equality by the sign of the low part is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from precise.claims import Counterexample
from proofs._float_evidence import Outcome, exhausted
from proofs._rounding_by_search import paper_members
from proofs._slash_rules import Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Slash = Callable[[Integers, Integers], Floats]
"""Significands and gaps to the value of m // 2^gap."""

PRECISIONS = (2, 3, 4, 5)


def sticky_slash(m: Integers, gap: Integers) -> Floats:
    """Return m // 2^gap with two guard bits and a sticky bit."""
    quarters = np.ldexp(4.0 * m, -gap)
    below = np.floor(quarters)
    return np.asarray(np.where(quarters == below, quarters, below + 0.5) / 4)


def literal_slash(m: Integers, gap: Integers) -> Floats:
    """Return m // 2^gap as printed; exact here for p <= 3."""
    quarters = np.ldexp(4.0 * m, -gap)
    return np.asarray(np.where(quarters == np.floor(quarters), quarters, quarters + 0.5) / 4)


def slash_without_sticky(m: Integers, gap: Integers) -> Floats:
    """Return the multiple of 1/4 below: a wrong rule."""
    return np.asarray(np.floor(np.ldexp(4.0 * m, -gap)) / 4)


def slash_with_one_guard(m: Integers, gap: Integers) -> Floats:
    """Return the multiple of 1/2 below and a sticky quarter: a wrong rule."""
    halves = np.ldexp(2.0 * m, -gap)
    below = np.floor(halves)
    return np.asarray(np.where(halves == below, halves, below + 0.5) / 2)


class Table:
    """The floats of F_p, zero with a chosen exponent, sorted by value, and the midpoints between them."""

    def __init__(self, p: int, zero_exponent: int) -> None:
        pairs = [(s * m, e) for m in range(2 ** (p - 1), 2**p) for e in range(-(2**p), 2**p) for s in (1, -1)]
        pairs = sorted([*pairs, (0, zero_exponent)], key=lambda pair: pair[0] * Fraction(2) ** pair[1])
        self.m = np.array([m for m, _ in pairs], dtype=np.int64)
        self.e = np.array([e for _, e in pairs], dtype=np.int64)
        self.values = np.ldexp(self.m.astype(np.float64), self.e)
        self.middles = (self.values[:-1] + self.values[1:]) / 2  # one bit more: exact
        self.least, self.largest = self.values[self.values > 0].min(), self.values.max()

    def nearest(self, high: Floats, low: Floats) -> Integers:
        """Return the place of the float nearest to high + low; ties to even significands."""
        place = np.searchsorted(self.middles, high, side="left")
        at = self.middles[np.minimum(place, len(self.middles) - 1)] == high
        up = at & ((low > 0) | ((low == 0) & (self.m[place] % 2 != 0)))
        return np.asarray(place + up)


def two_sum(a: float, b: Floats) -> tuple[Floats, Floats]:
    """Return high + low = a + b exactly, high the float64 sum."""
    high = a + b
    part = high - a
    return high, (a - (high - part)) + (b - part)


RIGHT = {
    "sum": "right == nearest(p, m1*2**e1 + m2*2**e2)",
    "product": "right == nearest(p, m1*2**e1*m2*2**e2)",
    "comparison": "got + right == 1",
    "x + 0 before rounding": "right == m1*2**e1 and m2 == 0",
}


def counterexample(table: Table, p: int, i: int, j: int, got: float, right: float, what: str) -> Counterexample:
    """Return the instance of a wrong result, in which the right one can be computed again."""
    return Counterexample(
        values={
            "p": p, "m1": int(table.m[i]), "e1": int(table.e[i]), "m2": int(table.m[j]), "e2": int(table.e[j]),
            "got": Fraction(got), "right": Fraction(right),
        },
        refutes=f"got != right and {RIGHT[what]}",
        lines=(f"{what}: got {Fraction(got)}, right is {Fraction(right)}",),
        order="least p, then x, then y",
    )  # fmt: skip


def additions(slash: Slash, zero_exponent: Callable[[int], int], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Compare the rule with exact-then-round for all pairs whose exact sum is 0 or in range."""
    cases, outside = 0, 0
    for p in precisions:
        table = Table(p, zero_exponent(p))
        for i, (m, e) in enumerate(zip(table.m, table.e, strict=True)):
            high, low = two_sum(table.values[i], table.values)
            larger = table.e <= e  # the other operand is aligned to this one, or this one to it
            gap = np.abs(e - table.e)
            aligned = np.where(larger, m + slash(table.m, gap), table.m + slash(np.full_like(table.m, m), gap))
            rule = np.ldexp(aligned, np.maximum(e, table.e))
            got, right = table.nearest(rule, np.zeros_like(rule)), table.nearest(high, low)
            size = np.abs(high)
            inward = np.sign(high) * low
            inside = (high == 0) | (
                (size >= table.least) & ((size < table.largest) | ((size == table.largest) & (inward <= 0)))
            )
            wrong = np.flatnonzero(inside & (got != right))
            cases += len(table.m)
            outside += int((~inside).sum())
            if len(wrong):
                j = int(wrong[0])
                return counterexample(table, p, i, j, table.values[got[j]], table.values[right[j]], "sum")
    note = f"{outside} of these sums are out of range, where the statement says nothing"
    return exhausted(cases, sum((2 ** (2 * p + 1) + 1) ** 2 for p in precisions), precisions, note=note)


def zeros_change_nothing(zero_exponent: Callable[[int], int], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Check for all x that aligning x and zero and adding gives x itself, before any rounding."""
    cases = 0
    for p in precisions:
        table, zero = Table(p, zero_exponent(p)), zero_exponent(p)
        gap = np.abs(table.e - zero)
        aligned = np.where(
            table.e >= zero, table.m + sticky_slash(np.zeros_like(table.m), gap), sticky_slash(table.m, gap)
        )
        got = np.ldexp(aligned, np.maximum(table.e, zero))
        cases += len(table.m)
        if len(wrong := np.flatnonzero(got != table.values)):
            i, j = int(wrong[0]), int(np.flatnonzero(table.m == 0)[0])
            return counterexample(table, p, i, j, float(got[i]), float(table.values[i]), "x + 0 before rounding")
    return exhausted(cases, sum(2 ** (2 * p + 1) + 1 for p in precisions), precisions)


def whole_product(m: int, n: Integers, e: int, f: Integers) -> Floats:
    """Return m n 2^(e + f), of at most 2p bits: exact in float64."""
    return np.asarray(np.ldexp((m * n).astype(np.float64), e + f))


def short_product(m: int, n: Integers, e: int, f: Integers) -> Floats:
    """Return the product without its last bit: a wrong rule."""
    return np.asarray(np.ldexp(np.trunc(m * n / 2), e + f + 1))


def multiplications(
    rule: Callable[[int, Integers, int, Integers], Floats], precisions: tuple[int, ...] = PRECISIONS
) -> Outcome:
    """Compare the rule on significands and exponents with the product of the values, for all pairs.

    A product of two values has at most 10 bits and lies in [2^-64, 2^74): float64 holds it exactly.
    """
    cases, outside = 0, 0
    for p in precisions:
        table = Table(p, -(2**p))
        for i, (m, e, x) in enumerate(zip(table.m, table.e, table.values, strict=True)):
            exact, zero = x * table.values, np.zeros_like(table.values)
            got, right = table.nearest(rule(m, table.m, e, table.e), zero), table.nearest(exact, zero)
            size = np.abs(exact)
            inside = (exact == 0) | ((size >= table.least) & (size <= table.largest))
            wrong = np.flatnonzero(inside & (got != right))
            cases += len(table.m)
            outside += int((~inside).sum())
            if len(wrong):
                j = int(wrong[0])
                return counterexample(table, p, i, j, table.values[got[j]], table.values[right[j]], "product")
    note = f"{outside} of these products are out of range, where the statement says nothing"
    return exhausted(cases, sum((2 ** (2 * p + 1) + 1) ** 2 for p in precisions), precisions, note=note)


def comparisons(slash: Slash, zeros: Callable[[int], list[int]], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Compare the rule with exact comparison for all pairs, zero bearing each of the exponents in turn."""
    cases = 0
    for p in precisions:
        table = Table(p, -(2**p))
        place = int(np.flatnonzero(table.m == 0)[0])
        for zero in sorted({*zeros(p), -(2**p)}):
            table.e[place] = zero
            rows = range(len(table.m)) if zero == -(2**p) else (place,)
            for i in rows:  # with another exponent only pairs with zero are new: one row and one column
                m, e, x = table.m[i], table.e[i], table.values[i]
                gap, mine = np.abs(e - table.e), np.full_like(table.m, m)
                theirs = slash(table.m, gap)
                aligned = slash(mine, gap)
                ways = [(np.where(table.e <= e, m <= theirs, aligned <= table.m), x <= table.values)]
                if zero != -(2**p):
                    ways.append((np.where(table.e >= e, table.m <= aligned, theirs <= m), table.values <= x))
                for got, right in ways:
                    cases += len(table.m)
                    wrong = np.flatnonzero(got != right)
                    if len(wrong):
                        j = int(wrong[0])
                        return counterexample(table, p, i, j, float(got[j]), float(right[j]), "comparison")

    def expected(p: int) -> int:
        n = (2 << 2 * p) + 1
        return n * (n + 2 * len([z for z in zeros(p) if z != -(2**p)]))

    return exhausted(cases, sum(map(expected, precisions)), precisions)


def divisions(rule: Rule, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Compare the rule with exact-then-round for all significands, signs and differences of exponents.

    Rule and quotient depend on the exponents through d = e1 - e2 only, so this covers all pairs with x, y != 0.
    """
    cases = 0
    for p in precisions:
        members = paper_members(p)
        significands = range(2 ** (p - 1), 2**p)
        least, largest, shift = members.values[1], members.largest, 2 ** (p + 1)
        for m1 in [s * m for m in significands for s in (1, -1)]:
            for m2 in significands:
                handed = rule(m1 * 2 ** (p - 1), m2)
                for d in range(1 - shift, shift):
                    cases += 1
                    n, below = m1 << (d + shift), m2 << (shift - members.scale)
                    if not least * below <= abs(n) <= largest * below:
                        continue
                    a, b = (
                        handed.numerator << (d + shift),
                        handed.denominator << (shift - members.scale + p - 1),
                    )
                    got, right = (members.fraction(members.value(members.rounded(*v))) for v in ((a, b), (n, below)))
                    if got != right:
                        return Counterexample(
                            values={"p": p, "m1": m1, "m2": m2, "d": d, "got": got, "right": right},
                            refutes="got != right",
                        )
    return exhausted(cases, sum(2 * 4 ** (p - 1) * (2 ** (p + 2) - 1) for p in precisions), precisions)
