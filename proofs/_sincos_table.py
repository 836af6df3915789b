"""The case table of sine and cosine: which of S = sin r, C = cos r, with which sign, for every integer k."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

from precise.claims import Counterexample, decide_identity
from precise.claims.scope import Scope
from proofs._float_evidence import Outcome, exhausted, together
from proofs._rounding_by_search import paper_members
from proofs._taylor import cos, sin

Choice = tuple[str, str]
"""What sin x and cos x are, in terms of S and C."""
Rule = Callable[[int, bool], Choice]
"""From k and whether r = x - k pi/2 (the keep branch; else r = (k + 1) pi/2 - x) to the choice."""

KEEP = (("S", "C"), ("C", "-S"), ("-S", "-C"), ("-C", "S"))
OTHER = (("C", "S"), ("S", "-C"), ("-C", "-S"), ("-S", "C"))
QUARTERS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""cos and sin of k pi/2 for k mod 4."""
BITS = 96
PRECISIONS = (2, 3)


def right(k: int, keep: bool) -> Choice:
    """Return the choice of the table, k taken mod 4 in 0..3."""
    return (KEEP if keep else OTHER)[k % 4]


def one_branch(k: int, keep: bool) -> Choice:
    """Return the choice by k alone: the branch is forgotten."""
    return KEEP[k % 4]


def toward_zero(k: int, keep: bool) -> Choice:
    """Return the choice for the remainder of |k|: a table for x >= 0 used for negative x."""
    return (KEEP if keep else OTHER)[abs(k) % 4]


def half_pi(bits: int) -> Fraction:
    """Return pi/2 cut to that many bits after the point: 8 atan(1/5) - 2 atan(1/239)."""
    w, total = bits + 32, 0
    for weight, x in ((8, 5), (-2, 239)):
        power, i = (weight << w) // x, 0
        while abs(power) > 1:
            total += (power if i % 2 == 0 else -power) // (2 * i + 1)
            power, i = power // (x * x), i + 1
    return Fraction(total >> 32, 1 << bits)


def reduced(x: Fraction, half: Fraction) -> tuple[int, bool, Fraction]:
    """Return k, the branch and r in [0, pi/4]."""
    k = floor(x / half)
    r = x - k * half
    return (k, True, r) if 2 * r <= half else (k, False, half - r)


def value(choice: str, r: Fraction) -> tuple[Fraction, Fraction]:
    """Return ends around +-S or +-C."""
    ends = (sin if choice[-1] == "S" else cos)(r, BITS)
    return (-ends[1], -ends[0]) if choice[0] == "-" else ends


def search_table(rule: Rule, signs: tuple[int, ...] = (1, -1)) -> Outcome:
    """Look for a float at which the rule gives another number than sin x or cos x: least p, then |x|."""
    cases = 0
    for p in PRECISIONS:
        members = paper_members(p)
        half = half_pi(BITS + 2**p + p)
        for v in members.values[1:-1]:
            for s in signs:
                x = s * members.fraction(v)
                k, keep, r = reduced(x, half)
                for name, choice, function in zip(("sin", "cos"), rule(k, keep), (sin, cos), strict=True):
                    cases += 1
                    got, ends = value(choice, r), function(x, BITS)
                    if got[0] > ends[1] + Fraction(1, 2**64) or got[1] < ends[0] - Fraction(1, 2**64):
                        at, is_at = (Fraction(floor(z * 2**20), 2**20) for z in (got[0], ends[0]))
                        branch = f"r = x - {k} pi/2" if keep else f"r = {k + 1} pi/2 - x"
                        return Counterexample(
                            values={"p": p, "x": x, "k": k, "got": at, "right": is_at},
                            refutes="abs(got - right) > 1/2**18",
                            lines=(
                                f"p = {p}: x = {x}, k = {k}, {branch} = about {floor(1000 * r)}/1000",
                                f"the rule gives {name} x = {choice}, about {floor(1000 * at)}/1000; "
                                f"right is about {floor(1000 * is_at)}/1000 (cut to 20 bits above)",
                            ),
                            order="least p, then |x|, positive first",
                            cases=cases,
                        )
    return exhausted(cases, sum(2 * 4**p * len(signs) for p in PRECISIONS), PRECISIONS)


def in_symbols(keep: tuple[Choice, ...] = KEEP, other: tuple[Choice, ...] = OTHER) -> Outcome:
    """Certify all sixteen entries from the addition theorem, with cos and sin of k pi/2 for k mod 4."""
    scope, parts = Scope.without_p(), []
    for k, (c, s) in enumerate(QUARTERS):
        d, t = QUARTERS[(k + 1) % 4]
        parts += [
            decide_identity(f"S*({c}) + C*({s}) == {keep[k][0]}", scope=scope),
            decide_identity(f"C*({c}) - S*({s}) == {keep[k][1]}", scope=scope),
            decide_identity(f"C*({t}) - S*({d}) == {other[k][0]}", scope=scope),
            decide_identity(f"C*({d}) + S*({t}) == {other[k][1]}", scope=scope),
        ]
    return together(*parts, note="sin, cos of k pi/2 + r and (k + 1) pi/2 - r, for each k mod 4")


def quarter_turns(sign: str = "-") -> Outcome:
    """Certify that four quarter turns (c, s) -> (-s, c) are none, so that k mod 4 decides for all integers k.

    And the addition theorem by z = exp(i a), w = exp(i b), as in `def:rotation`.
    """
    scope = Scope.without_p()
    return together(
        decide_identity(f"{sign}({sign}c) == c", scope=scope),
        decide_identity(f"{sign}({sign}s) == s", scope=scope),
        decide_identity("(z - 1/z)*(w + 1/w)/4 + (z + 1/z)*(w - 1/w)/4 == (z*w - 1/(z*w))/2", scope=scope),
        decide_identity(
            f"(z + 1/z)*(w + 1/w)/4 {'+' if sign == '-' else '-'} (z - 1/z)*(w - 1/w)/4 == (z*w + 1/(z*w))/2",
            scope=scope,
        ),
        note="two quarter turns change both signs, four none; addition theorem",
    )
