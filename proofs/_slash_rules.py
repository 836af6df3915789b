"""The division `//` of the float operations: the literal rule, the repaired one, and wrong ones; exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import floor

from precise.claims import Counterexample
from proofs._float_evidence import Outcome, exhausted
from proofs._rounding_by_search import Members, paper_members

Rule = Callable[[int, int], Fraction]
Operation = Callable[[int, int, int, int, int, Rule], tuple[Fraction, Fraction] | None]
"""(p, m1, e1, m2, e2, rule) to the value handed to the rounding and the exact result; None where undefined."""
Zeros = Callable[[int], list[int]]

EIGHTH = Fraction(1, 8)


def literal(a: int, b: int) -> Fraction:
    """Return a/b if it is a multiple of 1/4, else a/b + 1/8, as printed."""
    return Fraction(a, b) + (0 if 4 * a % b == 0 else EIGHTH)


def sticky(a: int, b: int) -> Fraction:
    """Return a/b if it is a multiple of 1/4, else the multiple below and 1/8: two guard bits and a sticky bit."""
    return Fraction(4 * a // b, 4) + (0 if 4 * a % b == 0 else EIGHTH)


def no_sticky(a: int, b: int) -> Fraction:
    """Return the multiple of 1/4 below: a wrong rule."""
    return Fraction(4 * a // b, 4)


def one_guard(a: int, b: int) -> Fraction:
    """Return the multiple of 1/2 below and a sticky quarter: a wrong rule."""
    return Fraction(2 * a // b, 2) + (0 if 2 * a % b == 0 else Fraction(1, 4))


def addition(p: int, m1: int, e1: int, m2: int, e2: int, rule: Rule) -> tuple[Fraction, Fraction]:
    """Return the sum by the rule, aligned to the larger exponent, and the exact one."""
    if e1 < e2:
        m1, e1, m2, e2 = m2, e2, m1, e1
    aligned = m1 + rule(m2, 2 ** (e1 - e2))
    return aligned * Fraction(2) ** e1, m1 * Fraction(2) ** e1 + m2 * Fraction(2) ** e2


def division(p: int, m1: int, e1: int, m2: int, e2: int, rule: Rule) -> tuple[Fraction, Fraction] | None:
    """Return the quotient by the rule and the exact one; None for a zero divisor."""
    if m2 == 0:
        return None
    quotient = rule(m1 * 2 ** (p - 1), m2)
    return quotient * Fraction(2) ** (e1 - e2 - p + 1), Fraction(m1, m2) * Fraction(2) ** (e1 - e2)


def value(m: int, e: int) -> Fraction:
    """Return m 2^e."""
    return m * Fraction(2) ** e


def at_most(m1: int, e1: int, m2: int, e2: int, rule: Rule) -> bool:
    """Return x <= y by the rule."""
    if e1 >= e2:
        return m1 <= rule(m2, 2 ** (e1 - e2))
    return rule(m1, 2 ** (e2 - e1)) <= m2


def canonical(p: int) -> list[int]:
    """Return the one exponent of zero."""
    return [-(2**p)]


def every_exponent(p: int) -> list[int]:
    """Return the printed exponents of zero: all of them."""
    return list(range(-(2**p), 2**p))


def pairs_in_order(p: int, zeros: Zeros) -> Iterator[tuple[int, int, int, int]]:
    """Yield (m1, e1, m2, e2): least e1, then e2, then |m1|, then |m2|, positive before negative."""
    positive = range(2 ** (p - 1), 2**p)
    significands = [s * m for m in positive for s in (1, -1)]
    with_zero = [0, *significands]
    named = set(zeros(p))
    for e1 in range(-(2**p), 2**p):
        for e2 in range(-(2**p), 2**p):
            for m1 in with_zero if e1 in named else significands:
                for m2 in with_zero if e2 in named else significands:
                    yield m1, e1, m2, e2


def number_of_pairs(p: int, zeros: Zeros) -> int:
    """Return how many pairs that is."""
    return int((2 ** (2 * p + 1) + len(zeros(p))) ** 2)


def in_range(members: Members, x: Fraction) -> bool:
    """Return whether x is 0 or between the least and the largest float."""
    return x == 0 or members.fraction(members.values[1]) <= abs(x) <= members.fraction(members.largest)


def search_operation(
    operation: Operation,
    rule: Rule,
    precisions: tuple[int, ...],
    zeros: Zeros = canonical,
    limit: Callable[[int], Fraction] | None = None,
) -> Outcome:
    """Look for a wrong result in range; with a limit only for one whose relative error exceeds it."""
    cases = 0
    for p in precisions:
        members = paper_members(p)
        for m1, e1, m2, e2 in pairs_in_order(p, zeros):
            cases += 1
            values = operation(p, m1, e1, m2, e2, rule)
            if values is None or not in_range(members, values[1]):
                continue
            got, right = members.nearest(values[0]), members.nearest(values[1])
            exact = values[1]
            wrong = got != right if limit is None else abs(got - exact) > limit(p) * abs(exact)
            if wrong:
                fails = "got != right" if limit is None else f"abs(got - exact) > abs(exact)*{limit(p)}"
                refutes = f"right == nearest(p, exact) and {fails}"
                error = "" if exact == 0 else f"; relative error {abs(got - exact) / abs(exact)}, 2**-p is 1/{2**p}"
                return Counterexample(
                    values={
                        "p": p,
                        "m1": m1,
                        "e1": e1,
                        "m2": m2,
                        "e2": e2,
                        "got": got,
                        "right": right,
                        "exact": exact,
                    },
                    refutes=refutes,
                    lines=(
                        f"p = {p}: x = <{m1}, {e1}> = {value(m1, e1)}, y = <{m2}, {e2}> = {value(m2, e2)}",
                        f"the rule hands {values[0]} to the rounding and gets {got}",
                        f"the exact result {exact} rounds to {right}{error}",
                    ),
                    order="least p, then e1, e2, |m1|, |m2|, positive first",
                    cases=cases,
                )
    return exhausted(cases, sum(number_of_pairs(p, zeros) for p in precisions), precisions)


def search_comparison(rule: Rule, precisions: tuple[int, ...], zeros: Zeros) -> Outcome:
    """Look for a wrong comparison."""
    cases = 0
    for p in precisions:
        for m1, e1, m2, e2 in pairs_in_order(p, zeros):
            cases += 1
            x, y = m1 * Fraction(2) ** e1, m2 * Fraction(2) ** e2
            got = at_most(m1, e1, m2, e2, rule)
            if got != (x <= y):
                shown = rule(m2, 2 ** (e1 - e2)) if e1 >= e2 else rule(m1, 2 ** (e2 - e1))
                return Counterexample(
                    values={
                        "p": p,
                        "m1": m1,
                        "e1": e1,
                        "m2": m2,
                        "e2": e2,
                        "got": str(got),
                        "right": str(x <= y),
                    },
                    refutes="got != right",
                    lines=(
                        f"p = {p}: x = <{m1}, {e1}> = {x}, y = <{m2}, {e2}> = {y}",
                        f"the rule compares {m1} with {shown}: x <= y is {got}"
                        if e1 >= e2
                        else f"the rule compares {shown} with {m2}: x <= y is {got}",
                        f"x <= y is {x <= y}",
                    ),
                    order="least p, then e1, e2, |m1|, |m2|, positive first",
                    cases=cases,
                )
    return exhausted(cases, sum(number_of_pairs(p, zeros) for p in precisions), precisions)


def integer_floor(m: int, e: int) -> Fraction:
    """Return floor(m 2^e) by integer division where e < 0, as repaired."""
    return Fraction(m) * 2**e if e >= 0 else Fraction(m // 2**-e)


def search_floor(rule: Callable[[int, int], Fraction], precisions: tuple[int, ...]) -> Outcome:
    """Look for a wrong floor: least p, then e, then |m|; the count covers all floats, right ones noted."""
    cases, words = 0, []
    first: tuple[int, int, int, Fraction, Fraction, Fraction] | None = None
    for p in precisions:
        members, good, broken = paper_members(p), 0, 0
        for e in range(-(2**p), 2**p):
            for m in [s * m for m in range(2 ** (p - 1), 2**p) for s in (1, -1)]:
                cases += 1
                x = m * Fraction(2) ** e
                got, right = members.nearest(rule(m, e)), Fraction(floor(x))
                if x != right:
                    broken += 1
                    good += got == right
                if got != right and first is None:
                    first = (p, m, e, x, got, right)
        words.append(f"p = {p}: right for {good} of {broken} non-integers")
    if first is None:
        return exhausted(cases, sum(4**p * 2 for p in precisions), precisions, note="; ".join(words))
    p, m, e, x, got, right = first
    return Counterexample(
        values={"p": p, "m": m, "e": e, "got": got, "right": right},
        refutes="got != right and floor(m*2**e) == right",
        lines=(f"p = {p}: x = <{m}, {e}> = {x}; the rule gives {got}, the floor is {right}", *words),
        order="least p, then e, then |m|, positive first",
        cases=cases,
    )
