"""Angles of rotations: odd widths, positions that are no floats, and the product of position and frequency."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from precise import exact
from precise.claims import Control, Counterexample, Mutant, Statement, Step
from precise.nn import rotation_matrix
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._oracle import members, rounded_by_search


def width_of(d: int) -> int:
    """Return how many rows the body's rotation has with d//2 planes; at position 0, where it is the identity."""
    xp = exact()
    return int(rotation_matrix(xp.asarray(0), xp.asarray([1] * (d // 2))).shape[-1])


def widths(candidates: Iterable[int]) -> Outcome:
    """Look for the least width d that planes of two coordinates do not fill."""
    listed = tuple(candidates)
    for cases, d in enumerate(listed, 1):
        rows = width_of(d)
        if rows != d:
            return Counterexample(
                values={"d": d, "rows": rows},
                refutes="rows != d",
                lines=(f"d = {d}: {d // 2} planes of two coordinates make a rotation with {rows} rows",),
                order="least d, from 2 on",
                cases=cases,
            )
    return exhausted(len(listed), len(listed), (), where=f"d in {listed[0]}..{listed[-1]}")


def positions(above: bool, precisions: tuple[int, ...] = (2, 3)) -> Outcome:
    """Look for an integer position that is no float, up to 2^p or, if `above`, up to twice that."""
    cases, expected = 0, 0
    for p in precisions:
        floats = set(members(p))
        top = 2**p * (2 if above else 1)
        expected += top
        for t in range(1, top + 1):
            cases += 1
            if t not in floats:
                got = rounded_by_search(Fraction(t), p)
                return Counterexample(
                    values={"p": p, "t": t, "got": got},
                    refutes="got == nearest(p, t) != t",
                    lines=(f"p = {p}: position {t} has no float; the nearest is {got}",),
                    order="least p, then t",
                    cases=cases,
                )
    return exhausted(cases, expected, precisions, where="positions up to 2^p")


def products(free: bool) -> Outcome:
    """Look for a position and a frequency, both floats, whose product is no float; `free` asks for theta = 1 only."""
    cases, expected = 0, 0
    for p in (2, 3):
        thetas = [Fraction(1)] if free else [x for x in members(p) if 1 <= x < 2]
        expected += 2**p * len(thetas)
        for t in range(1, 2**p + 1):
            for theta in thetas:
                cases += 1
                got = rounded_by_search(t * theta, p)
                if got != t * theta:
                    return Counterexample(
                        values={"p": p, "t": t, "theta": theta, "got": got},
                        refutes="got == nearest(p, t*theta) != t*theta",
                        lines=(f"p = {p}: {t} * {theta} = {t * theta} rounds to {got}",),
                        order="least p, then t, then theta in [1, 2)",
                        cases=cases,
                    )
    return exhausted(cases, expected, (2, 3), where="positions up to 2^p, theta = 1")


PRINTED = Statement(
    label="def:rotation@angles",
    title="Rotations of any width, with angles that cost nothing",
    mark="M, V",
    as_printed=True,
    suspects=("S19", "X3"),
    tex=(
        r"$R_t=diag(R(t\theta_1),\dots,R(t\theta_{d/2}))$ for every width $d$; positions $t$, angles $t\theta_k$ "
        r"are taken for floats that need no operation."
    ),
    steps=(
        Step(
            id="every-width-has-planes",
            says="Planes of two coordinates fill every width.",
            formal="for all d >= 2: floor(d/2) planes make a rotation with d rows",
            check=lambda: widths(range(2, 8)),
            expects="refuted",
            mutants=(Control("even widths", lambda: widths(range(2, 10, 2))),),
        ),
        Step(
            id="positions-are-floats",
            says="Every integer position is a float.",
            formal="for all p >= 2, integers t >= 1: t is in F_p",
            check=lambda: positions(above=True),
            expects="refuted",
            mutants=(Control("positions up to 2^p", lambda: positions(above=False)),),
        ),
        Step(
            id="angles-are-free",
            says=r"The product $t\theta$ needs no rounding.",
            formal="for all p >= 2, t <= 2^p, theta in F_p: t theta is in F_p",
            check=lambda: products(free=False),
            expects="refuted",
            mutants=(Control("theta = 1", lambda: products(free=True)),),
        ),
    ),
)


def scaled(top: str) -> Outcome:
    """Certify that h <= m < 2h for m = h + a, 2h = h + a + 1 + b, survives a scale s: t = m 2^-j is a float."""
    return all_of(
        ("s*(h + a) >= s*h", {"s": 1, "h": 1, "a": 0}),
        (f"s*(h + a) < s*(h + a + {top} + b)", {"s": 1, "h": 1, "a": 0, "b": 0}),
    )


def two_roundings(bound: str) -> Outcome:
    """Certify (1 + u)^2 - 1 = 2u + u^2 and (1 - u)^2 >= 1 - 2u, u = 1/t."""
    return all_of((f"(1 + 1/t)**2 - 1 <= {bound}", {"t": 4}), ("(1 - 1/t)**2 - 1 >= -2/t", {"t": 4}))


def largest_angle(square: str) -> Outcome:
    """Certify that angles up to n^2 theta with theta <= 1 are at most 2^(2L), n <= 2^L = n + a."""
    return all_of((f"n**2/(1 + b) <= {square}", {"n": 1, "a": 0, "b": 0}), least=1)


COMPUTED = Statement(
    label="def:rotation@computed-angles",
    title="Angles that are computed",
    mark="D",
    repairs="def:rotation@angles",
    suspects=("S19", "X3"),
    tex=(
        r"$d$ even. Positions up to $2^p$ are floats, so $t\theta$ costs one product, within $2^{-p}$; above that the "
        r"position is rounded too and the angle is within $2u+u^2$. Angles of $n^2$ positions are at most $2^{2L}$, "
        r"$L=\lceil\log_2n\rceil$, where `lem:sincos@absolute` has $B=2L$."
    ),
    uses=("lem:round-rel-error", "lem:sincos@absolute"),
    hypotheses=("d >= 2", "floor(d/2)*2 == d", "p >= 2"),
    witness={"d": 4, "p": 2},
    steps=(
        Step(
            id="short-positions-are-floats",
            says=r"An integer of at most $p$ bits, and $2^p$, is a float: shifted to $p$ bits it is a significand.",
            formal="for all s = 2^(p-j), h = 2^(j-1), h <= m < 2h: s h <= s m < 2 s h; all t up to 2^p for p in 2..4",
            check=lambda: both(scaled("1"), positions(False, (2, 3, 4))),
            mutants=(
                Mutant("up to 2^(p+1)", lambda: positions(True, (2, 3, 4))),
                Mutant("no room above", lambda: scaled("0")),
            ),
        ),
        Step(
            id="two-roundings-of-the-angle",
            says=r"Two roundings change the angle by at most $2u+u^2$, relatively.",
            formal="for all p >= 2, u = 1/t: (1 + u)^2 - 1 <= 2u + u^2 and (1 - u)^2 - 1 >= -2u",
            check=lambda: two_roundings("2/t + 1/t**2"),
            mutants=(Mutant("2u", lambda: two_roundings("2/t")),),
        ),
        Step(
            id="largest-angle",
            says=r"$n^2\theta\le2^{2L}$ for $\theta\le1$.",
            formal="for all n >= 1, 2^L = n + a, theta = 1/(1 + b): n^2 theta <= (n + a)^2",
            check=lambda: together(largest_angle("(n + a)**2")),
            mutants=(Mutant("2^L", lambda: largest_angle("n + a")),),
        ),
    ),
)
