"""The division `//` of the float operations: the literal rule refuted, the sticky rule proved."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from precise.claims import Control, Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._literal_rule import STATEMENT as EVERY_PRECISION
from proofs._slash_rules import Rule, literal, no_sticky, one_guard, sticky

LARGEST_DIVISOR, LARGEST_DIVIDEND = 24, 96


def to_even(x: Fraction) -> int:
    """Return the integer nearest to x, the even one in a tie."""
    low = x.numerator // x.denominator
    twice = 2 * (x - low)
    return low + int(twice > 1 or (twice == 1 and low % 2 == 1))


def up(x: Fraction) -> int:
    """Return the least integer that is not below x."""
    return -(-x.numerator // x.denominator)


def down(x: Fraction) -> int:
    """Return the greatest integer that is not above x."""
    return x.numerator // x.denominator


Rounding = Callable[[Fraction], int]
ROUNDINGS: dict[str, Rounding] = {"to even": to_even, "up": up, "down": down}


def search_quotients(rule: Rule, unit: Fraction) -> Outcome:
    """Look for a//b that rounds to another multiple of `unit` than a/b: least b, then |a|, positive first."""
    cases = 0
    for b in range(1, LARGEST_DIVISOR + 1):
        for a in [s * n for n in range(1, LARGEST_DIVIDEND + 1) for s in (1, -1)]:
            for name, rounding in ROUNDINGS.items():
                cases += 1
                got, right = rounding(rule(a, b) / unit) * unit, rounding(Fraction(a, b) / unit) * unit
                if got != right:
                    return Counterexample(
                        values={"a": a, "b": b, "slash": rule(a, b), "got": got, "right": right},
                        refutes="got != right",
                        lines=(
                            f"{a}/{b} rounds {name} to {right}",
                            f"{a}//{b} = {rule(a, b)} rounds {name} to {got}",
                        ),
                        order="least b, then |a|, positive first",
                        cases=cases,
                    )
    return exhausted(cases, 3 * 2 * LARGEST_DIVIDEND * LARGEST_DIVISOR, (), where="|a| <= 96, b <= 24")


PRINTED = Statement(
    label="def:slash@printed",
    title="Truncated division, as printed",
    mark="R",
    as_printed=True,
    suspects=("S8",),
    tex=(
        r"$a/\!/b=a/b$ if $a/b$ is a multiple of $\frac14$, else $a/b+\frac18$. It is there so that a rounding to "
        r"integers gives the same for $a/\!/b$ as for $a/b$."
    ),
    steps=(
        Step(
            id="rounds-as-the-quotient",
            says="A rounding to integers takes $a/\\!/b$ where it takes $a/b$.",
            formal="for all integers a, b != 0, roundings to even, up, down: round(a//b) = round(a/b)",
            check=lambda: search_quotients(literal, Fraction(1)),
            expects="refuted",
            mutants=(Control("cut to a multiple of 1/4 first", lambda: search_quotients(sticky, Fraction(1))),),
        ),
    ),
)


def open_interval(eighth: str, quarter: str) -> Outcome:
    """Certify f/4 < f/4 + 1/8 < (f + 1)/4: one open interval between multiples of 1/4, f >= 0 or f <= 0."""
    return all_of(
        (f"f/4 + {eighth} > f/4", {"f": 0}),
        (f"f/4 + {eighth} < (f + 1)/{quarter}", {"f": 0}),
        (f"-f/4 + {eighth} < (-f + 1)/4", {"f": 0}),
        least=1,
    )


def apart_from_multiples(eighth: str) -> Outcome:
    """Certify that a multiple j = f/4 - a lies below the value and j = (f + 1)/4 + a above, whatever a >= 0."""
    return all_of(
        (f"f/4 - a < f/4 + {eighth}", {"f": 0, "a": 0}),
        (f"(f + 1)/4 + a > f/4 + {eighth}", {"f": 0, "a": 0}),
        least=1,
    )


REPAIRED = Statement(
    label="def:slash",
    title="Truncated division with a sticky bit",
    mark="R, D",
    repairs="def:slash@printed",
    suspects=("S8",),
    tex=(
        r"$a/\!/b=a/b$ if $a/b$ is a multiple of $\frac14$, else $\frac14\lfloor4a/b\rfloor+\frac18$. A rounding whose "
        r"results and midpoints are multiples of $\frac14$ takes $a/\!/b$ where it takes $a/b$."
    ),
    hypotheses=("b > 0",),
    witness={"a": 2, "b": 5},
    steps=(
        Step(
            id="same-open-interval",
            says=r"With $f=\lfloor4a/b\rfloor$ both $a/b$ and $a/\!/b$ lie strictly between $f/4$ and $(f+1)/4$.",
            formal="for all integers f: f/4 < f/4 + 1/8 < (f + 1)/4",
            check=lambda: open_interval("1/8", "4"),
            mutants=(
                Mutant("no sticky bit", lambda: open_interval("0", "4")),
                Mutant("a quarter for the sticky bit", lambda: open_interval("1/4", "4")),
            ),
        ),
        Step(
            id="multiples-of-a-quarter-do-not-separate",
            says="No multiple of 1/4 lies between the two, so no result and no midpoint does.",
            formal="for all f, a >= 0: f/4 - a < f/4 + 1/8 < (f + 1)/4 + a",
            check=lambda: apart_from_multiples("1/8"),
            mutants=(Mutant("a quarter for the sticky bit", lambda: apart_from_multiples("1/4")),),
        ),
        Step(
            id="rounds-as-the-quotient",
            says="So roundings to integers and to halves, to even, up and down, agree; run through for small numbers.",
            formal="for all a, b > 0, roundings to multiples of 1/2: round(a//b) = round(a/b); |a| <= 96, b <= 24",
            check=lambda: both(apart_from_multiples("1/8"), search_quotients(sticky, Fraction(1, 2))),
            mutants=(
                Mutant("no sticky bit", lambda: search_quotients(no_sticky, Fraction(1, 2))),
                Mutant("one guard bit", lambda: search_quotients(one_guard, Fraction(1, 2))),
                Mutant("literal", lambda: search_quotients(literal, Fraction(1, 2))),
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, EVERY_PRECISION, REPAIRED)
