"""The five operations on floats: what fails as printed, each with its least pair, and that the repair is defined."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from precise.claims import Control, Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._oracle import floats
from proofs._rounding_by_search import paper_members
from proofs._slash_rules import (
    addition,
    canonical,
    division,
    every_exponent,
    integer_floor,
    literal,
    search_comparison,
    search_floor,
    search_operation,
    sticky,
)


def two_to_minus_p(p: int) -> Fraction:
    """Return 2^-p."""
    return Fraction(1, 2**p)


def as_printed(m: int, e: int) -> Fraction:
    """Return what the printed floor hands to the rounding: m 2^e itself."""
    return m * Fraction(2) ** e


PRINTED = Statement(
    label="def:ops@printed",
    title="The five operations on floats, as printed",
    mark="R",
    as_printed=True,
    suspects=("S6", "S8", "S9"),
    tex=(
        r"For $x=\langle m_1,e_1\rangle$, $y=\langle m_2,e_2\rangle$, $e_1\ge e_2$: "
        r"$x+y=round_p\langle m_1+m_2/\!/2^{e_1-e_2},e_1\rangle$; $xy=round_p\langle m_1m_2,e_1+e_2\rangle$; "
        r"$x/y=round_p\langle(m_12^{p-1})/\!/m_2,e_1-e_2-p+1\rangle$; $x\le y$ iff $m_1\le m_2/\!/2^{e_1-e_2}$; "
        r"$\lfloor x\rfloor=round\langle m_1/2^{-e_1},0\rangle$ for $e_1<0$; zero has every exponent. These are the "
        r"operations of real numbers, rounded once."
    ),
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="addition-is-correctly-rounded",
            says="Addition with the literal $/\\!/$ is the exact sum, rounded.",
            formal="for all p >= 2, x, y in F_p, exact sum 0 or in range: the literal rule gives round(x + y)",
            check=lambda: search_operation(addition, literal, (2, 3)),
            expects="refuted",
            mutants=(Control("sticky rule", lambda: search_operation(addition, sticky, (2,))),),
        ),
        Step(
            id="division-is-correctly-rounded",
            says="Division with the literal $/\\!/$ is the exact quotient, rounded.",
            formal="for all p >= 2, x, y != 0 in F_p, quotient 0 or in range: the literal rule gives round(x/y)",
            check=lambda: search_operation(division, literal, (2, 3)),
            expects="refuted",
            mutants=(Control("sticky rule", lambda: search_operation(division, sticky, (2,))),),
        ),
        Step(
            id="addition-has-the-error-bound",
            says=r"Addition with the literal $/\!/$ is at least within $2^{-p}$ of the sum, relatively.",
            formal="for all p >= 2, x, y in F_p, exact sum 0 or in range: |result - (x + y)| <= 2^-p |x + y|",
            check=lambda: search_operation(addition, literal, (2, 3), limit=two_to_minus_p),
            expects="refuted",
            mutants=(Control("sticky rule", lambda: search_operation(addition, sticky, (2, 3), limit=two_to_minus_p)),),
        ),
        Step(
            id="comparison-is-right",
            says="Comparison with the literal $/\\!/$ is the order of the numbers, also with zero.",
            formal="for all p >= 2, x, y in F_p, zero with any exponent: the literal rule says x <= y iff x <= y",
            check=lambda: search_comparison(literal, (2, 3), every_exponent),
            expects="refuted",
            mutants=(
                Control("sticky rule", lambda: search_comparison(sticky, (2,), every_exponent)),
                Control("literal rule, zero <0, -2^p> only", lambda: search_comparison(literal, (2,), canonical)),
            ),
        ),
        Step(
            id="any-zero-can-be-added",
            says="Adding a zero changes nothing, whichever exponent it bears.",
            formal="for all p >= 2, x, y in F_p, zero with any exponent: even the sticky rule gives round(x + y)",
            check=lambda: search_operation(addition, sticky, (2,), every_exponent),
            expects="refuted",
            mutants=(Control("zero <0, -2^p> only", lambda: search_operation(addition, sticky, (2,), canonical)),),
        ),
        Step(
            id="floor-is-the-floor",
            says="The printed floor is the greatest integer that is not above.",
            formal="for all p >= 2, x = <m, e> in F_p, e < 0: round(m / 2^-e) = floor(m 2^e)",
            check=lambda: search_floor(as_printed, (2, 3, 4, 5)),
            expects="refuted",
            mutants=(Control("integer quotient", lambda: search_floor(integer_floor, (2, 3, 4, 5))),),
        ),
    ),
)


def floor_has_p_bits(halved: str) -> Outcome:
    """Certify |floor(m / K)| <= 2^p - 1 for K = 2^-e >= 2, and the room for its exponent; t = 2^p = p + a."""
    return all_of(
        (f"(t - 1)/{halved} + 1 <= t - 1", {"t": 4, "K": 2}),
        ("-(p - 1) >= -(p + a)", {"p": 2, "a": 0}),
        note="an integer of at most p bits is a float: its quantum exponent is at least 1 - p",
    )


def floors_are_floats(floor: Callable[[int, int], Fraction]) -> Outcome:
    """Check for small p that every floor of a float is a float."""
    cases = 0
    for p in (2, 3, 4, 5):
        floats = set(paper_members(p).signed())
        for e in range(-(2**p), 2**p):
            for m in [s * m for m in range(2 ** (p - 1), 2**p) for s in (1, -1)]:
                cases += 1
                result = floor(m, e) * 2 ** (2**p)
                if result not in floats:
                    return Counterexample(
                        values={
                            "p": p,
                            "m": m,
                            "e": e,
                            "floor": floor(m, e),
                            "omega": (2**p - 1) * 2 ** (2**p - 1),
                        },
                        refutes="floor != m*2**e or floor > omega",
                    )
    return exhausted(cases, sum(2 * 4**p for p in (2, 3, 4, 5)), (2, 3, 4, 5))


def zero_significands(largest: int) -> Outcome:
    """Check that among all floats exactly zero has a significand of magnitude at most `largest`, 0 if it is right."""
    cases = 0
    for p in (2, 3, 4, 5):
        members = paper_members(p)
        for y, even in floats(p):
            cases += 1
            if (abs(even) <= largest) != (y == 0) or abs(y) > members.fraction(members.largest):
                return Counterexample(values={"p": p, "y": y, "m2": even}, refutes="y != 0")
    return exhausted(cases, sum(2 ** (2 * p + 1) + 1 for p in (2, 3, 4, 5)), (2, 3, 4, 5))


def divisor_is_not_zero(least: str) -> Outcome:
    """Certify |m2| >= 2^(p-1) >= 2 for a nonzero divisor: the omitted hypothesis suffices."""
    return all_of((f"{least} >= 2", {"t": 4}))


REPAIRED = Statement(
    label="def:ops",
    title="The five operations on floats",
    mark="R, D",
    repairs="def:ops@printed",
    suspects=("S6", "S8", "S9"),
    tex=(
        r"As printed, but with the one zero $\langle0,-2^p\rangle$, with $a/\!/b$ of two guard bits and a sticky bit, "
        r"with $y\ne0$ for division, and with $\lfloor x\rfloor=\lfloor m/2^{-e}\rfloor$, normalised, for $e<0$."
    ),
    uses=("def:float", "def:round", "def:slash"),
    hypotheses=("p >= 2",),
    witness={"p": 2},
    steps=(
        Step(
            id="divisors-are-not-zero",
            says=r"A float $y\ne0$ has $|m_2|\ge2^{p-1}$, so $(m_12^{p-1})/\!/m_2$ is defined.",
            formal="for all p >= 2, t = 2^p, |m2| >= t/2: |m2| >= 2; for p in 2..5, y in F_p: m2 = 0 iff y = 0",
            check=lambda: both(divisor_is_not_zero("t/2"), zero_significands(0)),
            mutants=(
                Mutant("a leading zero allowed", lambda: divisor_is_not_zero("t/4")),
                Mutant("significands of one unit count as 0", lambda: zero_significands(2)),
            ),
        ),
        Step(
            id="floors-are-floats",
            says=r"For $e<0$ the floor is an integer of at most p bits, hence a float; for $e\ge0$ it is $x$.",
            formal=(
                "for all p >= 2, K = 2^-e >= 2: |floor(m/K)| <= (2^p - 1)/K + 1 <= 2^p - 1; all floats for p in 2..5"
            ),
            check=lambda: both(floor_has_p_bits("K"), floors_are_floats(integer_floor)),
            mutants=(
                Mutant("no halving", lambda: floor_has_p_bits("1")),
                Mutant("floor of x/3", lambda: floors_are_floats(lambda m, e: integer_floor(m, e) / 3)),
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED)
