"""Sine and cosine: steps in p bits lose relative accuracy; repaired forms; what is open for all exponents."""

from __future__ import annotations

from fractions import Fraction

from precise.claims import Control, Mutant, Statement, Step, cited
from precise.claims.evidence import Evidence
from precise.errors import OpenQuestionError
from proofs._circuit_extrema import SINE_CIRCUIT as CIRCUITS_BUILT
from proofs._depths import listed_sum
from proofs._sincos_bounds import ABSOLUTE, LISTED, RELATIVE
from proofs._sincos_statements import (
    DISTANCE,
    DISTANCE_16,
    DISTANCE_32,
    DISTANCE_64,
    NEAREST,
    NEAREST_32,
    NEAREST_64,
    TABLE,
)
from proofs._sincos_steps import least_integers, least_widths, search_steps, widths_of_worst
from proofs._sincos_table import one_branch, right, search_table, toward_zero

INTEGERS = {2: 3, 3: 3, 4: 3, 5: 3, 6: 3, 7: 3, 8: 6, 9: 3, 10: 3, 11: 3, 12: 4, 13: 3, 16: 3, 20: 3, 24: 3}
"""The least positive integer at which the steps in p bits miss 2^-p."""
WIDTHS = {2: 7, 3: 16, 4: 25}
"""The least number of bits in which the steps are right for all floats of F_p."""


def scaled(nearest: tuple[int, int]) -> Fraction:
    """Return m 2^e."""
    return nearest[0] * Fraction(2) ** nearest[1]


WORST = {8: (scaled(NEAREST[8]), 58), 24: (scaled(NEAREST_32), 107), 53: (scaled(NEAREST_64), 849)}
"""The float nearest to a multiple of pi/2, and the least number of bits from which on the steps are right there."""


def shifted(stated: dict[int, int], by: int) -> dict[int, int]:
    """Return the stated numbers, the last one changed."""
    last = max(stated)
    return {**stated, last: stated[last] + by}


PRINTED = Statement(
    label="lem:sincos@printed",
    title="Sine and cosine of every float, in p-bit steps",
    mark="M",
    as_printed=True,
    suspects=("S17", "S18"),
    tex=(
        r"For every $x\in\mathbb F_p$: $q=x/(\pi/2)$, $k=\lfloor q\rfloor$, $r_0=x-k\pi/2$, the nearer of $r_0$ and "
        r"$(k+1)\pi/2-x$, each step rounded to p bits, and the series give $\sin x$, $\cos x$ to relative "
        r"error $2^{-p}$."
    ),
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="p-bit-steps-keep-relative-accuracy",
            says=r"The steps in p bits give $\sin x$ within $2^{-p}$, relatively.",
            formal="for all p >= 2, x > pi/4 in F_p: |steps in p bits - sin x| <= 2^-p |sin x|",
            check=lambda: search_steps(None, (2, 3, 4)),
            expects="refuted",
            mutants=(Control("steps in 40 bits", lambda: search_steps(40, (2, 3))),),
        ),
        Step(
            id="least-integer-position",
            says="It fails at small integer positions already: the least one for each p.",
            formal=f"for p: least t in {INTEGERS}: the steps in p bits miss 2^-p at t and at no smaller integer",
            check=lambda: least_integers(INTEGERS),
            mutants=(Mutant("another integer for p = 24", lambda: least_integers(shifted(INTEGERS, 1))),),
        ),
        Step(
            id="working-precision-for-all-floats",
            says=r"The least width of the steps that repairs all of $\mathbb F_p$.",
            formal=f"for p: least w in {WIDTHS}: steps in w bits, rounded to p, do for all x > pi/4 in F_p",
            check=lambda: least_widths(WIDTHS),
            mutants=(Mutant("one bit less for p = 4", lambda: least_widths(shifted(WIDTHS, -1))),),
        ),
        Step(
            id="working-precision-for-the-worst",
            says="The least width that repairs the float nearest to a multiple of $\\pi/2$, binary32 and binary64 too.",
            formal=f"for p = 8, 24, 53: w = {', '.join(str(w) for _, w in WORST.values())} bits do, one less does not",
            check=lambda: widths_of_worst(WORST),
            mutants=(
                Mutant("one bit more for p = 8", lambda: widths_of_worst({8: (WORST[8][0], WORST[8][1] + 1)})),
                Mutant("one bit less for p = 8", lambda: widths_of_worst({8: (WORST[8][0], WORST[8][1] - 1)})),
            ),
        ),
    ),
)

ONE_BRANCH = Statement(
    label="lem:sincos@one-branch",
    title="Case split without the second branch, for positive x",
    mark="M",
    as_printed=True,
    suspects=("S18",),
    tex=r"$\sin x$ is $\pm\sin r$ or $\pm\cos r$ by $k\bmod4$ alone, one table for both branches and signs.",
    uses=("def:float",),
    steps=(
        Step(
            id="branch-does-not-matter",
            says="The table of the first branch serves both.",
            formal="for all p >= 2, x > 0 in F_p: sin x, cos x are the entries of the keep branch at k mod 4",
            check=lambda: search_table(one_branch, (1,)),
            expects="refuted",
            mutants=(Control("both branches", lambda: search_table(right, (1,))),),
        ),
        Step(
            id="sign-of-the-quotient-does-not-matter",
            says=r"For negative $x$ the entry at $|k|\bmod4$ serves.",
            formal="for all p >= 2, x in F_p: sin x, cos x are the entries at |k| mod 4",
            check=lambda: search_table(toward_zero),
            expects="refuted",
            mutants=(Control("k mod 4 in 0..3", lambda: search_table(right)),),
        ),
    ),
)


def unknown() -> Evidence:
    """Say why the claim is open, and what would settle it."""
    raise OpenQuestionError(
        "reducing m 2^e modulo pi/2 for p = poly(n) and unrestricted e asks for bits of 2/pi at positions near"
        " 2^p; under TC0 reductions that is 2^y mod pi for binary y, known only in the counting hierarchy (E. Jerabek,"
        " Theoretical Computer Science Stack Exchange, 2015). Settled by a uniform TC0 algorithm for such bits, or by"
        " a hardness proof; relative accuracy needs a lower bound on |x - k pi/2| besides"
    )


EVERY_EXPONENT = Statement(
    label="lem:sincos@every-exponent",
    title="Sine and cosine of every float for p = poly(n)",
    mark="M",
    suspects=("S16",),
    tex=r"For $p\le poly(n)$ and every $x\in\mathbb F_p$, $\sin x$ and $\cos x$ are in uniform $TC^0$.",
    steps=(
        Step(
            id="unrestricted-exponents",
            says=r"Exponents up to $2^p$ with $p=poly(n)$.",
            formal="for all p <= poly(n), x in F_p: sin x and cos x to 2^-p are in DLOGTIME-uniform TC0",
            check=unknown,
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:sincos",
    title="Sine and cosine",
    mark="M, D",
    repairs="lem:sincos@printed",
    suspects=("S16", "S17", "S18"),
    tex=(
        r"For $p\le poly(n)$ and $|x|\le2^{poly(n)}$, $x\in\mathbb F_p$: $\sin x$, $\cos x$ to absolute error "
        r"$2^{-p}$, and where in range to relative error $2^{-p}$, are in DLOGTIME-uniform $TC^0$, depth $\triangle$ "
        r"after the bits of $\pi$. RoPE needs $|x|\le n^2\theta$ only."
    ),
    uses=("lem:sincos@absolute", "lem:sincos@relative"),
    steps=(
        listed_sum(
            "the proof (quotient, floor, multiple, difference, branch, powers, terms, sum, $k$ mod 4, choice)",
            ("s", "s", "s", "s", "s", "T", "s", "P", "s", "s"),
            "8s+P+T",
            printed="8s+P+T",
        ),
        cited(
            id="steps-are-circuits",
            says=r"The steps behind the values are uniform $TC^0$ families.",
            formal="for p, B <= poly(n): the steps of lem:sincos@absolute and @relative are in uniform TC0",
            source="Hesse, Allender and Barrington, JCSS 65 (2002) 695-716: iterated product, division in uniform TC0",
            stands_for=(
                "def:tc",
                "def:dlogtime-uniform",
                "lem:basic-ops",
                "lem:iterated-product",
                "lem:iterated-sum",
                "lem:constants",
            ),
        ),
    ),
)

STATEMENTS = (
    PRINTED,
    ONE_BRANCH,
    TABLE,
    DISTANCE,
    DISTANCE_16,
    DISTANCE_32,
    DISTANCE_64,
    ABSOLUTE,
    LISTED,
    RELATIVE,
    EVERY_EXPONENT,
    CIRCUIT,
    CIRCUITS_BUILT,
)
