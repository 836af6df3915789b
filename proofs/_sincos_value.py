"""Sine and cosine of the repaired lemma: pi to enough bits, series, one rounding; inequalities and runs for small p."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import factorial

from precise.claims import Counterexample
from precise.claims.scope import Scope
from precise.claims.sequences import decide_tail, decide_terms
from proofs._float_evidence import Outcome, all_of, exhausted, together
from proofs._rounding_by_search import Members, paper_members
from proofs._sincos_distance import bits_lost, whole_range
from proofs._sincos_table import half_pi, reduced, right
from proofs._taylor import cos, sin

BITS = 128
LISTED = (2, 3, 4, 5, 8, 11, 24, 53)
Width = Callable[[int], int]


def largest_exponent(p: int) -> int:
    """Return B = 2^p + p: every float is below 2^B."""
    return (1 << p) + p


def relative_width(p: int) -> int:
    """Return the bits of pi/2 after the point for relative accuracy on F_p: B + 2p + 6 + b, |x - k pi/2| >= 2^-b."""
    return largest_exponent(p) + 2 * p + 6 + bits_lost(whole_range(p))


def absolute_width(p: int) -> int:
    """Return the bits of pi/2 after the point for absolute accuracy on F_p: B + p + 4."""
    return largest_exponent(p) + p + 4


def terms_for(p: int) -> int:
    """Return the number of terms of each series, p + 2."""
    return p + 2


def least_terms(p: int) -> int:
    """Return the least N with (5/4)(16/25)^N/(2N+1)! and 2 (16/25)^N/(2N)! at most 2^(-2p-4)."""
    n, limit, q = 1, Fraction(1, 4 ** (p + 2)), Fraction(16, 25)
    while max(Fraction(5, 4) * q**n / factorial(2 * n + 1), 2 * q**n / factorial(2 * n)) > limit:
        n += 1
    return n


def computed(x: Fraction, w: int, terms: int) -> tuple[Fraction, Fraction]:
    """Return sin x and cos x by the table and truncated series, without a rounding."""
    k, keep, r = reduced(x, half_pi_of(w))
    sums = {
        "S": sum(((-1) ** i * r ** (2 * i + 1) / factorial(2 * i + 1) for i in range(terms)), Fraction(0)),
        "C": sum(((-1) ** i * r ** (2 * i) / factorial(2 * i) for i in range(terms)), Fraction(0)),
    }
    first, second = (-sums[c[-1]] if c[0] == "-" else sums[c[-1]] for c in right(k, keep))
    return first, second


@cache
def half_pi_of(w: int) -> Fraction:
    """Return pi/2 cut to w bits after the point."""
    return half_pi(w)


@cache
def true_values(p: int) -> list[tuple[Fraction, tuple[tuple[Fraction, Fraction], ...]]]:
    """Return all floats with ends around sine and cosine."""
    members = paper_members(p)
    return [(x, (sin(x, BITS), cos(x, BITS))) for x in map(members.fraction, members.signed())]


def search_values(width: Width, terms: Width, relative: bool, precisions: tuple[int, ...] = (2, 3)) -> Outcome:
    """Run all floats: results within 2^-p, relatively where |sin x|, |cos x| >= lambda, or absolutely everywhere."""
    cases, small = 0, 0
    for p in precisions:
        members, limit = paper_members(p), Fraction(1, 2**p)
        w, n, least = width(p), terms(p), members.fraction(members.values[1])
        for x, truth in true_values(p):
            for name, inner, ends in zip(("sin", "cos"), computed(x, w, n), truth, strict=True):
                cases += 1
                size = min(abs(ends[0]), abs(ends[1]))
                if relative and size < least:
                    small += 1
                    continue
                found = fault(members, inner, ends, limit * size if relative else limit)
                if found:
                    got, error = found
                    return Counterexample(
                        values={"p": p, "x": x, "bits": w, "terms": n, "got": got, "error": error, "size": size},
                        refutes="error > size/2**p" if relative else "error > 1/2**p",
                        lines=(f"p = {p}: {name} {x} with {w} bits of pi/2 and {n} terms gives {got}",),
                        order="least p, then x ascending",
                        cases=cases,
                    )
    note = f"{small} results below the least float left out" if relative else ""
    return exhausted(cases, sum(2 * (2 * 4**p + 1) for p in precisions), precisions, note=note)


def fault(
    members: Members, inner: Fraction, ends: tuple[Fraction, Fraction], limit: Fraction
) -> tuple[Fraction, Fraction] | None:
    """Return the rounded value and its error if that is above the limit."""
    got = members.nearest(inner)
    error = max(ends[0] - got, got - ends[1], Fraction(0))
    return (got, error) if error > limit else None


def listed_terms(limit: Width) -> Outcome:
    """List the least number of terms for each p and compare it with a limit."""
    words = []
    for p in LISTED:
        n = least_terms(p)
        if n > limit(p):
            return Counterexample(values={"p": p, "N": n, "limit": limit(p)}, refutes="N > limit")
        words.append(f"p = {p}: N = {n}")
    return exhausted(len(LISTED), len(LISTED), LISTED, note="least number of terms: " + ", ".join(words))


def quotient_fits(top: str) -> Outcome:
    """Certify |k'| <= 2^(B+1) = 2X for |x| <= X, X >= 2: |x|/H + 2 <= (2/3) X + 2 <= 2X, since H > 3/2."""
    return all_of((f"(2/3)*X + 2 <= {top}*X", {"X": 2}), least=1)


def tails(limit: str) -> Outcome:
    """Certify that the tails of both series at r <= 4/5 alternate and are at most their first terms, for every N."""
    scope = Scope.without_p()
    return together(
        decide_tail("(4/5)*(16/25)**i/factorial(2*i + 1)", "1", "i", 0, limit, "alternating", scope=scope),
        decide_tail("(16/25)**i/factorial(2*i)", "1", "i", 0, "8/25", "alternating", scope=scope),
        note="tails of sine and cosine on [0, 4/5], for every N",
    )


def enough_terms(power: str) -> Outcome:
    """Certify that p + 2 terms leave at most 2^(-2p-4) of sin r >= (4/5) r and of cos r >= 1/2, for every p."""
    scope = Scope.all_p(1)
    return together(
        decide_terms(f"(5/4)*(16/25)**(p + 2)/factorial(2*p + 5) <= 1/{power}**(p + 2)", "p", 1, scope=scope),
        decide_terms(f"2*(16/25)**(p + 2)/factorial(2*p + 4) <= 1/{power}**(p + 2)", "p", 1, scope=scope),
        note="p + 2 terms for every p",
    )


def lower_ends(share: str) -> Outcome:
    """Certify sin r >= r - r^3/6 >= (4/5) r and cos r >= 1 - r^2/2 >= 1/2 for r = (4/5)/(1 + b)."""
    r = "((4/5)/(1 + b))"
    return all_of((f"1 - {r}**2/6 >= {share}", {"b": 0}), (f"1 - {r}**2/2 >= 1/2", {"b": 0}), least=1)


def error_of_argument(guard: str) -> Outcome:
    """Certify that 2^(B+1) cut errors of 2^-w, w = B + 2p + 6 + b, are at most 2^(-2p-4) of sin r and of cos r.

    X = 2^B, t = 2^p, D = 2^-b <= r: 2X/(64 X t^2/D) / ((4/5) D); and for the cosine the same over 1/2, with D <= 1.
    """
    distance = "(1/(1 + d))"
    return all_of(
        (f"(2*X*{distance}/({guard}*X*t**2))/((4/5)*{distance}) <= 1/(16*t**2)", {"X": 2, "t": 2, "d": 0}),
        ("(2*X*(1/(1 + d))/(64*X*t**2))/(1/2) <= 1/(16*t**2)", {"X": 2, "t": 2, "d": 0}),
        least=1,
    )


def inner_total(last: str) -> Outcome:
    """Certify (1 + e)^3 - 1 <= 1/(4 t^2), e = 1/(16 t^2): argument, truncation, one cut of the terms."""
    return all_of((f"(1 + 1/(16*t**2))**3 - 1 <= {last}", {"t": 4}))


def absolute_total(last: str) -> Outcome:
    """Certify argument 2X/(16 X t), truncation 1/(16 t^2), rounding 1/(2t) of numbers up to 1: at most 1/t."""
    return all_of((f"2*X/(16*X*t) + 1/(16*t**2) + 1/(2*t) <= {last}", {"t": 4, "X": 2}))


def bits_of_pi(total: str) -> Outcome:
    """Certify w = B + 2p + 6 + b with b = 42 (B + p + 2) + 1: the bits of pi that Mahler's bound asks for."""
    return all_of((f"B + 2*p + 6 + 42*(B + p + 2) + 1 == {total}", {}), least=1)
