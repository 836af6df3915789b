"""The logarithm of the sibling paper: too few terms on [1, 2) and a cancelling term; an interval about 1 repairs it."""

from __future__ import annotations

from fractions import Fraction

from precise.claims import Control, Further, Mutant, Statement, Step, Tier, cited
from precise.claims.scope import Scope
from precise.claims.sequences import decide_terms
from proofs._float_evidence import Outcome, all_of, both, together
from proofs._log_algorithm import bits_for, cancelling, repaired, right_end, search_log, search_terms, terms_for

LISTED = tuple(range(2, 11))
FACTORS = (1, 2, 4, 8)


def middle(p: int) -> Fraction:
    """Return y = 1/2, the end of the repaired interval, for every p."""
    return Fraction(p, 2 * p)


def exponential_terms(share: str) -> Outcome:
    """Certify that M - 1 terms do not do at y = 1 - 2/t while t > 4M, with M = N + 1 and t = 2^p.

    The remainder is the integral of s^N/(1 + s) over [0, y], at least y^M/(2M); y^M >= 1 - 2M/t by induction over M.
    """
    return all_of(
        ("(1 - 2/t)*(1 - 2*M/t) >= 1 - 2*(M + 1)/t", {"M": 0, "t": 2}),
        (f"(1 - 2*M/({share}*M + 1 + a))/(2*M) > 1/({share}*M + 1 + a)", {"M": 1, "a": 0}),
    )


PRINTED = Statement(
    label="lem:log@printed",
    title="Logarithm, as printed in the sibling paper",
    mark="R",
    as_printed=True,
    suspects=("S15",),
    tex=(
        r"For $x=r2^k>0$ with $r\in[1,2)$: $O(p)$ terms of $\log r=\sum(-1)^{i+1}(r-1)^i/i$, since $|r-1|<1$, and "
        r"$k\ln2$, all in p bits, give $\log x$ to relative error $2^{-p}$."
    ),
    uses=("def:float", "def:round"),
    steps=(
        *(
            Step(
                id=f"{factor}-p-terms-suffice",
                says=rf"${'' if factor == 1 else factor}p$ terms suffice at the right end of $[1,2)$.",
                formal=f"for all p >= 2, r = 2 - 2^(1-p): |log r - sum of {factor} p terms| <= 2^-p log r",
                check=lambda factor=factor: search_terms(factor, right_end, LISTED),  # type: ignore[misc]
                expects="refuted",
                mutants=(Control("r = 3/2", lambda factor=factor: search_terms(factor, middle, LISTED)),),  # type: ignore[misc]
            )
            for factor in FACTORS
        ),
        Step(
            id="number-of-terms-is-exponential",
            says=r"At $r=2-2^{1-p}$ fewer than $2^p/4-1$ terms leave more than $2^{-p}$, for every p.",
            formal="for all M >= 0, t >= 2: (1 - 2/t)(1 - 2M/t) >= 1 - 2(M + 1)/t; for t > 4M: (1 - 2M/t)/(2M) > 1/t",
            check=lambda: exponential_terms("4"),
            mutants=(Mutant("t > 3M", lambda: exponential_terms("3")),),
        ),
        Step(
            id="term-does-not-cancel",
            says=r"$\log r+k\ln2$, each rounded to p bits, keeps relative accuracy near $x=1$.",
            formal="for all p >= 2, x > 0 in F_p: |round(round(log r) + round(k round(ln 2))) - log x| <= 2^-p |log x|",
            check=lambda: search_log(cancelling),
            expects="refuted",
            mutants=(
                Control(
                    "the repaired form", lambda: search_log(lambda x, p: repaired(x, p, terms_for(p), bits_for(p)))
                ),
            ),
        ),
    ),
)


def reduced(low: str) -> Outcome:
    """Certify that 2m/t is in [1, 3/2) for t/2 <= m < 3t/4, and m/t in [3/4, 1) for 3t/4 <= m < t; t = 2^p."""
    return all_of(
        ("2*(t/2 + a)/t >= 1", {"t": 4, "a": 0}),
        ("2*(3*t/4 - 1/4 - a)/t < 3/2", {"t": 4, "a": 0}),
        (f"(3*t/4 + a)/t >= {low}", {"t": 4, "a": 0}),
        ("(t - 1 - a)/t < 1", {"t": 4, "a": 0}),
    )


def exponent_fits(top: str) -> Outcome:
    """Certify |k| <= 2t from |e| <= t and -1 <= k - e - p <= 0, with t = 2^p = p + a."""
    return all_of((f"(p + a) + p <= {top}*(p + a)", {"p": 2, "a": 0}))


def remainder(power: str) -> Outcome:
    """Certify that N = 2p + 6 terms leave at most 2^(-2p-4) of log(1 + y), -1/4 <= y <= 1/2.

    The remainder is at most |y|^(N+1)/((N+1)(1 - 1/4)), as terms alternate for y > 0; |log(1 + y)| >= |y|/(1 + 1/2).
    """
    return decide_terms(f"(4/3)*(3/2)/((2*p + 7)*{power}**(2*p + 6)) <= 1/4**(p + 2)", "p", 2, scope=Scope.all_p(2))


def away_from_one(least: str) -> Outcome:
    """Certify |log x| > 1/4 where k is not 0: log z >= 2(z - 1)/(z + 1) at z = 4/3 and 3/2."""
    return all_of(
        (f"2*(4/3 - 1)/(4/3 + 1) > {least} + 0*i", {"i": 1}), (f"2*(3/2 - 1)/(3/2 + 1) > {least} + 0*i", {"i": 1})
    )


def inner_total(bits: str) -> Outcome:
    """Certify that constant and remainder together are within 1/(4 t^2) of |log x|, t = 2^p, where k is not 0.

    The constant is off by at most 2t/(bits t^3); the remainder by 1/(16 t^2) of log r, and log r is at most 1/2.
    """
    return all_of(
        (f"4*(2*t/({bits}*t**3) + (1/2)*1/(16*t**2)) <= 1/(4*t**2)", {"t": 4}), ("1/16 <= 1/4 + 0*i", {"i": 1})
    )


def in_range(power: str) -> Outcome:
    """Certify lambda <= 2^-p <= |log x| for x other than 1: 2p - 1 <= 2^p; above 1: (2/3) 2^(1-p) >= 2^-p."""
    return together(
        decide_terms(f"2*p - 1 <= {power}**p", "p", 2, scope=Scope.all_p(2)), all_of(("(2/3)*2/t >= 1/t", {"t": 4}))
    )


def in_symbols() -> Outcome:
    """Certify all steps."""
    return together(
        reduced("3/4"), exponent_fits("2"), remainder("2"), away_from_one("1/4"), inner_total("128"), in_range("2")
    )


VALUE = Statement(
    label="lem:log@value",
    title="Logarithm, the value",
    mark="D",
    suspects=("S15",),
    tex=(
        r"For $p\ge2$ and $0<x\in\mathbb F_p$: let $x=r2^k$ with $r\in[\frac34,\frac32)$, $L$ be $\ln2$ cut to "
        r"$3p+7$ bits and $N=2p+6$. Then $round_p\big(\sum_{i\le N}(-1)^{i+1}(r-1)^i/i+kL\big)$ is within $2^{-p}$ of "
        r"$\log x$, relatively; near $x=1$, $k=0$ and nothing cancels."
    ),
    uses=("def:float", "def:round", "lem:working-precision", "lem:constants@value"),
    hypotheses=("p >= 2", "x > 0"),
    witness={"p": 2, "x": Fraction(3, 4)},
    steps=(
        Step(
            id="reduced-argument",
            says=r"$r=2m/2^p\in[1,\frac32)$ or $m/2^p\in[\frac34,1)$.",
            formal="for all p >= 2, t = 2^p: 2m/t in [1, 3/2) for t/2 <= m < 3t/4, m/t in [3/4, 1) for 3t/4 <= m < t",
            check=lambda: reduced("3/4"),
            mutants=(Mutant("at least 4/5", lambda: reduced("4/5")),),
        ),
        Step(
            id="exponent-fits",
            says=r"$|k|\le2^p+p\le2^{p+1}$.",
            formal="for all p >= 2, t = 2^p = p + a: t + p <= 2t",
            check=lambda: exponent_fits("2"),
            mutants=(Mutant("|k| <= 2^p", lambda: exponent_fits("1")),),
        ),
        Step(
            id="remainder-of-the-series",
            says=r"$N=2p+6$ terms leave at most $2^{-2p-4}$ of $\log r$, since $|\log(1+y)|\ge\frac23|y|$.",
            formal="for all p >= 2: (4/3)(3/2) / ((2p + 7) 2^(2p+6)) <= 2^(-2p-4)",
            check=lambda: remainder("2"),
            mutants=(Mutant("powers of 3/2", lambda: remainder("(3/2)")),),
        ),
        Step(
            id="away-from-one",
            says=r"Where $k\ne0$, $|\log x|\ge\ln\frac43>\frac14$.",
            formal="2 (z - 1)/(z + 1) > 1/4 at z = 4/3, 3/2",
            check=lambda: away_from_one("1/4"),
            mutants=(Mutant("above 1/3", lambda: away_from_one("1/3")),),
        ),
        Step(
            id="inner-error-below-r3",
            says=r"Constant and remainder together stay within $2^{-2p-2}$ of $\log x$.",
            formal="for all p >= 2, t = 2^p: 4 (2t/(128 t^3) + 1/(32 t^2)) <= 1/(4 t^2)",
            check=lambda: inner_total("128"),
            mutants=(Mutant("3p + 5 bits", lambda: inner_total("32")),),
        ),
        Step(
            id="result-is-in-range",
            says=r"$|\log x|\ge2^{-p}\ge\lambda$ for $x\ne1$; $\log1=0$ is exact.",
            formal="for all p >= 2: 2p - 1 <= 2^p; for all t: (2/3)(2/t) >= 1/t",
            check=lambda: in_range("2"),
            mutants=(Mutant("2p - 1 <= 1", lambda: in_range("1")),),
        ),
        Step(
            id="algorithm-within-two-to-minus-p",
            says="By `lem:working-precision` the rounded result is within $2^{-p}$; all positive floats for small p.",
            formal="for all p >= 2, x > 0 in F_p: |result - log x| <= 2^-p |log x|; all x for p in 2..4",
            check=lambda: both(in_symbols(), search_log(lambda x, p: repaired(x, p, terms_for(p), bits_for(p)))),
            mutants=(
                Mutant("p/2 terms", lambda: search_log(lambda x, p: repaired(x, p, p // 2, bits_for(p)))),
                Mutant("ln 2 with p bits", lambda: search_log(lambda x, p: repaired(x, p, terms_for(p), p))),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: search_log(lambda x, p: repaired(x, p, terms_for(p), bits_for(p)), (5, 6)),
                    mutants=(
                        Mutant("p/2 terms", lambda: search_log(lambda x, p: repaired(x, p, p // 2, bits_for(p)), (5,))),
                    ),
                ),
            ),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:log",
    title="Logarithm",
    mark="R, D",
    repairs="lem:log@printed",
    suspects=("S15",),
    tex=(
        r"For $p\le poly(n)$ and $0<x\in\mathbb F_p$, $\log x$ is computed to relative error $2^{-p}$ by a "
        r"DLOGTIME-uniform $TC^0$ family; not needed by the subject paper."
    ),
    uses=("lem:log@value",),
    steps=(
        cited(
            id="steps-are-circuits",
            says=r"The steps behind the value are uniform $TC^0$ families.",
            formal="for p <= poly(n): the steps of lem:log@value are in uniform TC0",
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

STATEMENTS = (PRINTED, VALUE, CIRCUIT)
