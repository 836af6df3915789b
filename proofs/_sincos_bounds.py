"""The values of sine and cosine: absolute error for every p, relative error for listed p and, assuming, for every p."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from precise.claims import Further, Hypothesis, Mutant, Scope, Statement, Step, Tier, cited
from precise.claims.expression import Exact
from proofs._float_evidence import Outcome, all_of, both, together
from proofs._kernel_series import COS_MUTANTS, COS_REMAINDER, SIN_MUTANTS, SIN_REMAINDER
from proofs._sincos_value import (
    Width,
    absolute_total,
    absolute_width,
    bits_of_pi,
    enough_terms,
    error_of_argument,
    inner_total,
    largest_exponent,
    listed_terms,
    lower_ends,
    quotient_fits,
    relative_width,
    search_values,
    tails,
    terms_for,
)
from proofs._taylor import cos, sin


def common() -> Outcome:
    """Certify what absolute and relative accuracy share."""
    return together(quotient_fits("2"), tails("8/75"), lower_ends("4/5"), enough_terms("4"))


def further(width: Width, relative: bool) -> Further:
    """Return the run for all floats of p = 4 and 5, in the full tier."""
    return Further(
        tier=Tier.FULL,
        check=lambda: search_values(width, terms_for, relative, (4, 5)),
        mutants=(Mutant("one term", lambda: search_values(width, lambda p: 1, relative, (4,))),),
    )


COMMON = (
    Step(
        id="quotient-fits",
        says=r"$|k|+1\le2^{B+1}$ for $|x|\le2^B$.",
        formal="for all X = 2^B >= 2: (2/3) X + 2 <= 2 X",
        check=lambda: quotient_fits("2"),
        mutants=(Mutant("2^B", lambda: quotient_fits("1")),),
    ),
    Step(
        id="tails-of-the-series",
        says=r"On $[0,\frac45]$, which contains $[0,\pi/4]$, the tails alternate and are at most their first terms.",
        formal="for all N >= 0, r = 4/5: |tail of sin| <= r^(2N+1)/(2N+1)!, |tail of cos| <= r^(2N)/(2N)!",
        check=lambda: tails("8/75"),
        mutants=(Mutant("ratio 1/100", lambda: tails("1/100")),),
    ),
    Step(
        id="results-are-not-small",
        says=r"$\sin r\ge\frac45r$ and $\cos r\ge\frac12$ there.",
        formal="for all r = (4/5)/(1 + b): 1 - r^2/6 >= 4/5, 1 - r^2/2 >= 1/2",
        check=lambda: lower_ends("4/5"),
        mutants=(Mutant("nine tenths", lambda: lower_ends("9/10")),),
    ),
    Step(
        id="number-of-terms",
        says=r"$N=p+2$ terms leave at most $2^{-2p-4}$, relatively; least $N$ per p.",
        formal=(
            "for all p >= 1: (5/4) r^(2p+4)/(2p+5)! <= 2^(-2p-4), 2 r^(2p+4)/(2p+4)! <= 2^(-2p-4), r = 4/5; least N "
            "for p in 2, 3, 4, 5, 8, 11, 24, 53"
        ),
        check=lambda: both(enough_terms("4"), listed_terms(terms_for)),
        mutants=(
            Mutant("powers of 10000", lambda: enough_terms("10000")),
            Mutant("p/2 terms", lambda: listed_terms(lambda p: p // 2)),
        ),
    ),
)

ABSOLUTE = Statement(
    label="lem:sincos@absolute",
    title="Sine and cosine to absolute accuracy, the value",
    mark="M, D",
    suspects=("S16", "S17"),
    tex=(
        r"For $p\ge2$, $B\ge1$ and $x\in\mathbb F_p$ with $|x|\le2^B$: with $\pi/2$ to $B+p+4$ bits after the "
        r"point, the case table and $p+2$ terms, $\sin x$ and $\cos x$ are within $2^{-p}$, absolutely. No bound on "
        r"the distance to multiples of $\pi/2$ is needed."
    ),
    uses=("def:float", "def:round", "lem:sincos@table", "lem:constants@value"),
    hypotheses=("p >= 2", "B >= 1", "abs(x) <= 2**B"),
    witness={"p": 2, "B": 5, "x": 24},
    steps=(
        *COMMON,
        Step(
            id="sine-by-its-series",
            says=r"$\sin x$ and $n+1$ terms of its series on $[0,\pi/4]$, for every $n$, as one theorem.",
            formal="for all n, 0 <= x <= pi/4: |sin x - sum_{i<=n} (-1)^i x^(2i+1)/(2i+1)!| <= x^(2n+3)/(2n+3)!",
            check=SIN_REMAINDER.proved,
            mutants=SIN_MUTANTS,
            tier=Tier.KERNEL,
        ),
        Step(
            id="cosine-by-its-series",
            says=r"The same for $\cos x$.",
            formal="for all n, 0 <= x <= pi/4: |cos x - sum_{i<=n} (-1)^i x^(2i)/(2i)!| <= x^(2n+2)/(2n+2)!",
            check=COS_REMAINDER.proved,
            mutants=COS_MUTANTS,
            tier=Tier.KERNEL,
        ),
        Step(
            id="total-error",
            says=r"Argument $2^{-p-3}$, truncation $2^{-2p-4}$, and half a unit, $2^{-p-1}$, for the one rounding.",
            formal="for all t = 2^p >= 4, X = 2^B >= 2: 2X/(16 X t) + 1/(16 t^2) + 1/(2t) <= 1/t",
            check=lambda: absolute_total("1/t"),
            mutants=(Mutant("half of it", lambda: absolute_total("1/(2*t)")),),
        ),
        Step(
            id="algorithm-within-two-to-minus-p",
            says="The steps together; run for all floats of small p.",
            formal="for all p >= 2, |x| <= 2^B: |result - sin x| <= 2^-p, the same for cos; all x in F_p for p in 2..3",
            check=lambda: both(
                together(common(), absolute_total("1/t")), search_values(absolute_width, terms_for, False)
            ),
            mutants=(
                Mutant("B - 2 bits", lambda: search_values(lambda p: largest_exponent(p) - 2, terms_for, False)),
                Mutant("p/2 terms", lambda: search_values(absolute_width, lambda p: p // 2, False)),
            ),
            further=(further(absolute_width, relative=False),),
        ),
    ),
)


def in_range(w: Mapping[str, Exact]) -> bool:
    """Return whether sin x and cos x are at least lambda in magnitude, at the witness."""
    p, x = int(Fraction(w["p"])), Fraction(w["x"])
    least = Fraction(2) ** (p - 1 - 2**p)
    return all(min(abs(end) for end in f(x, 64)) >= least for f in (sin, cos))


IN_RANGE = Hypothesis("λ <= |sin x| and λ <= |cos x|, or x = 0", in_range)
FINAL = (
    Step(
        id="error-of-the-argument",
        says=r"If $|x-k\pi/2|\ge2^{-b}$, $\pi/2$ to $w=B+2p+6+b$ bits moves $\sin r$, $\cos r$ by at most $2^{-2p-4}$.",
        formal="for all X = 2^B, t = 2^p, D = 2^-b = 1/(1 + d) <= r: (2X D/(64 X t^2))/((4/5) D) <= 1/(16 t^2)",
        check=lambda: error_of_argument("64"),
        mutants=(Mutant("one bit less", lambda: error_of_argument("32")),),
    ),
    Step(
        id="inner-error-below-r3",
        says=r"Argument, truncation and one cut of the terms together stay within $2^{-2p-2}$.",
        formal="for all p >= 2, t = 2^p: (1 + 1/(16 t^2))^3 - 1 <= 1/(4 t^2)",
        check=lambda: inner_total("1/(4*t**2)"),
        mutants=(Mutant("within 2^(-2p-3)", lambda: inner_total("1/(8*t**2)")),),
    ),
)


def relative() -> tuple[Outcome, ...]:
    """Return the certificates of relative accuracy and the run for small p."""
    certified = together(common(), error_of_argument("64"), inner_total("1/(4*t**2)"))
    return both(certified, search_values(relative_width, terms_for, True))


LISTED = Statement(
    label="lem:sincos@relative-listed",
    title="Sine and cosine to relative accuracy, listed p, the value",
    mark="D",
    suspects=("S16", "S17", "S13"),
    tex=(
        r"For $p=2,3,4,5,8,11$ and every $x\in\mathbb F_p$ whose sine and cosine are in range: with "
        r"$B=2^p+p$, $b$ of `lem:sincos@distance`, $\pi/2$ to $B+2p+6+b$ bits and $p+2$ terms, the result "
        r"rounded once is within $2^{-p}$, relatively."
    ),
    uses=("lem:sincos@table", "lem:sincos@distance", "lem:working-precision", "lem:constants@value"),
    hypotheses=("p >= 2", IN_RANGE),
    witness={"p": 2, "x": 3},
    steps=(
        *COMMON,
        *FINAL,
        Step(
            id="algorithm-within-two-to-minus-p",
            says="By `lem:working-precision`, with the certified distances; run for all floats of small p.",
            formal="for all x in F_p, p listed, in range: |result - sin x| <= 2^-p |sin x|, same for cos; p in 2, 3",
            check=relative,
            mutants=(
                Mutant("B bits of pi/2", lambda: search_values(largest_exponent, terms_for, True)),
                Mutant("p/2 terms", lambda: search_values(relative_width, lambda p: p // 2, True)),
            ),
            further=(further(relative_width, relative=True),),
        ),
    ),
)

RELATIVE = Statement(
    label="lem:sincos@relative",
    title="Sine and cosine to relative accuracy for every p, from an irrationality measure of pi",
    mark="M, D",
    suspects=("S16", "S17"),
    tex=(
        r"For $p\ge2$ and $x\in\mathbb F_p$ with $|x|\le2^B$ whose sine and cosine are in range, $43B+44p+91$ bits of "
        r"$\pi/2$ and $p+2$ terms give $\sin x$, $\cos x$ to relative error $2^{-p}$. If $p=O(\log n)$, all of "
        r"$\mathbb F_p$ has $B=2^p+p\le poly(n)$."
    ),
    uses=("lem:sincos@table", "lem:working-precision", "lem:constants@value"),
    hypotheses=("p >= 2", "abs(x) <= 2**B", IN_RANGE),
    witness={"p": 2, "B": 2, "x": 3},
    steps=(
        *COMMON,
        *FINAL,
        cited(
            id="irrationality-of-pi",
            says=r"$|\pi-a/b|>b^{-42}$ for all integers $a$, $b\ge2$, so $|x-k\pi/2|\ge2^{-42(B+p+2)-1}$.",
            formal="for all integers a, b >= 2: |pi - a/b| > b^-42",
            source="K. Mahler, On the approximation of pi, Indagationes Mathematicae 15 (1953) 30-42, theorem 1",
            scope=Scope.all_p(2),
        ),
        Step(
            id="bits-of-pi",
            says=r"With $2x/k=a/b$, $b\le2^{B+p+2}$: $w=B+2p+6+42(B+p+2)+1=43B+44p+91$, linear in $B$ and $p$.",
            formal="for all B, p: B + 2p + 6 + 42 (B + p + 2) + 1 = 43 B + 44 p + 91",
            check=lambda: bits_of_pi("43*B + 44*p + 91"),
            mutants=(Mutant("one bit less", lambda: bits_of_pi("43*B + 44*p + 90")),),
        ),
        Step(
            id="short-precision-reaches-all-floats",
            says=r"For all of $\mathbb F_p$, $|x|<2^{2^p+p}$: the largest float is below $2^p\cdot2^{2^p-1}$.",
            formal="for all t = 2^p >= 2, W = 2^t: (t - 1) W/2 < t W",
            check=lambda: all_of(("(t - 1)*W/2 < t*W", {"t": 2, "W": 4}), least=1),
            mutants=(Mutant("a quarter", lambda: all_of(("(t - 1)*W/2 < t*W/4", {"t": 2, "W": 4}))),),
        ),
    ),
)
