"""The exponential: false for every float, true where the result is in range; the steps of the repair."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from precise.claims import Control, Further, Hypothesis, Mutant, Statement, Step, Tier, cited
from precise.claims.expression import Exact
from proofs._circuit_statements import EXPONENTIAL_CIRCUIT
from proofs._depths import listed_sum
from proofs._exp import exp_bounds
from proofs._exp_algorithm import (
    algorithm,
    least_terms,
    search_inner_accuracy,
    search_unreachable,
    series_of_log_two,
    truncation,
)
from proofs._float_evidence import Outcome, all_of, both, together
from proofs._kernel_functions import EXP_IN_KERNEL
from proofs._kernel_series import EXP_REDUCTION, EXP_REDUCTION_MUTANTS, EXP_TERMS, EXP_TERMS_MUTANTS
from proofs._oracle import in_range
from proofs._package_functions import PACKAGE
from proofs._truncation import EXPONENTIAL
from proofs._unreachable import STATEMENT as UNREACHABLE

PRINTED = Statement(
    label="lem:exp@printed",
    title="Exponential of every float",
    mark="R",
    as_printed=True,
    suspects=("S12", "S13"),
    tex=(
        r"For every $x\in\mathbb F_p$ there is a float within $2^{-p}$ of $\exp x$, relatively; a series with relative "
        r"error $2^{-p}$, rounded, is one. (The circuit is not claimed here.)"
    ),
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="large-arguments-have-a-float",
            says=r"For $x>0$ some float is within $2^{-p}$ of $e^x$.",
            formal="for all p >= 2, x > 0 in F_p: some f in F_p has |f - e^x| <= 2^-p e^x",
            check=lambda: search_unreachable(1, False),
            expects="refuted",
            mutants=(Control("arguments up to log omega", lambda: search_unreachable(1, True)),),
        ),
        Step(
            id="small-arguments-have-a-float",
            says=r"For $x<0$ some float is within $2^{-p}$ of $e^x$.",
            formal="for all p >= 2, x < 0 in F_p: some f in F_p has |f - e^x| <= 2^-p e^x",
            check=lambda: search_unreachable(-1, False),
            expects="refuted",
            mutants=(Control("arguments from log lambda on", lambda: search_unreachable(-1, True)),),
        ),
        Step(
            id="rounded-series-keeps-the-bound",
            says="In the range, a series with relative error $2^{-p}$ keeps that bound when it is rounded.",
            formal="for all p >= 2, x in F_p, e^x in range, |d| <= 2^-p: |round(e^x (1 + d)) - e^x| <= 2^-p e^x",
            check=lambda: search_inner_accuracy(lambda p: Fraction(1, 2**p)),
            expects="refuted",
            mutants=(
                Control("inner accuracy 2^(-2p-2)", lambda: search_inner_accuracy(lambda p: Fraction(1, 4 ** (p + 1)))),
            ),
        ),
    ),
)


def exponent_fits(top: str) -> Outcome:
    """Certify |k| <= 2^(p+1) from p - 1 - 2^p <= x/log 2 <= 2^p + p - 1, with t = 2^p = p + a."""
    return all_of(
        (f"(p + a) + p - 1 <= {top}*(p + a)", {"p": 2, "a": 0}),
        (f"-({top}*(p + a)) <= p - 1 - (p + a)", {"p": 2, "a": 0}),
    )


def constant_error(bits: str) -> Outcome:
    """Certify |k| |L - log 2| <= 2t/(32 t^3) = 1/(16 t^2) for L of 3p + 5 bits; t = 2^p."""
    return all_of((f"2*t*(1/({bits}*t**3)) <= 1/(16*t**2)", {"t": 4}))


def one_off(distance: str) -> Outcome:
    """Certify that the error of x/L is below 1: r = x - kL stays in [0, L), k is floor(x/log 2) or one beside it."""
    return all_of((f"{distance}/(1/2) < 1", {"t": 4}))


def tail_halves(ratio: str) -> Outcome:
    """Certify that the terms 1/(i 2^i) at least halve, so the tail after N is below 1/((N + 1) 2^N)."""
    return all_of((f"(1/((i + 1)*2))/(1/i) <= {ratio}", {"i": 1}), least=1)


def linear_terms(step: str) -> Outcome:
    """Certify N! >= (7/5)^N for N >= 2 by its first case and its step; so N = 2p + 4 terms suffice."""
    return all_of(("2 >= (7/5)**2 + 0*n", {"n": 2}), (f"n + 1 >= {step}", {"n": 2}), ("(7/10)/(7/5) == 1/2", {}))


def inner_total(last: str) -> Outcome:
    """Certify (1 + e)(1 + e + e^2)(1 + e) - 1 <= 1/(4 t^2), e = 1/(16 t^2): constant, truncation, cutting of terms."""
    e = "(1/(16*t**2))"
    return all_of((f"(1 + {e})*(1 + {e} + {e}**2)*(1 + {e}) - 1 <= {last}", {"t": 4}))


def exponential_of_small(weight: str) -> Outcome:
    """Certify |e^h - 1| <= h + h^2 for 0 <= h <= 1: the tail h^2/2 + h^3/6 + ... is below (h^2/2)/(1 - h/3)."""
    return all_of((f"(1/2)/(1 - (1/(1 + b))/3) <= {weight}", {"b": 0}), least=1)


def half_the_terms(p: int) -> int:
    """Return half of the least number of terms: too few."""
    return least_terms(p) // 2


def in_symbols() -> Outcome:
    """Certify all inequalities of the steps."""
    return together(
        exponent_fits("2"),
        tail_halves("1/2"),
        constant_error("32"),
        exponential_of_small("1"),
        one_off("(1/(16*t**2))"),
        linear_terms("7/5"),
        inner_total("1/(4*t**2)"),
    )


def value_in_range(w: Mapping[str, Exact]) -> bool:
    """Return whether both ends of an enclosure of e^x are in range, at the witness."""
    return all(in_range(end, int(Fraction(w["p"]))) for end in exp_bounds(Fraction(w["x"])))


DOMAIN = Hypothesis("(p - 1 - 2^p) ln 2 <= x <= ln Ω, that is λ <= e^x <= Ω", value_in_range)


REPAIRED = Statement(
    label="lem:exp@value",
    title="Exponential, the value",
    mark="R, M, D",
    suspects=("S12", "S13"),
    tex=(
        r"For $p\ge2$ and $x\in\mathbb F_p$ with $(p-1-2^p)\ln2\le x\le\ln\Omega$, equivalently "
        r"$\lambda\le e^x\le\Omega$: let $L$ be $\ln2$ cut to $3p+5$ bits, $k=\lfloor x/L\rfloor$, $r=x-kL$. Then "
        r"$round_p\big(2^k\sum_{i<N}r^i/i!\big)$ is within $2^{-p}$ of $e^x$, relatively, for some $N\le2p+4$."
    ),
    uses=("def:float", "def:round", "lem:working-precision"),
    hypotheses=("p >= 2", DOMAIN),
    witness={"p": 2, "x": Fraction(3, 2)},
    steps=(
        Step(
            id="exponent-fits",
            says=r"In the domain $p-1-2^p\le x/\ln2<2^p+p-1$, so $|k|\le2^{p+1}$.",
            formal="for all p >= 2, t = 2^p = p + a, a >= 0: t + p - 1 <= 2t and -2t <= p - 1 - t",
            check=lambda: exponent_fits("2"),
            mutants=(Mutant("|k| <= 2^p", lambda: exponent_fits("1")),),
        ),
        Step(
            id="series-of-log-two",
            says=r"$\ln2=\sum1/(i2^i)$; the terms at least halve, so the tail after $N$ is below $1/((N+1)2^N)$.",
            formal="for all i >= 1: (1/((i + 1) 2)) / (1/i) <= 1/2; both ends against another series for N <= 64",
            check=lambda: both(tail_halves("1/2"), series_of_log_two(Fraction(1))),
            mutants=(
                Mutant("ratio 1/3", lambda: tail_halves("1/3")),
                Mutant("half the tail", lambda: series_of_log_two(Fraction(1, 2))),
            ),
        ),
        Step(
            id="error-of-the-constant",
            says=r"With $3p+5$ bits of $\ln2$ the exponent is off by at most $|k|2^{-3p-5}\le2^{-2p-4}$.",
            formal="for all p >= 2, t = 2^p: 2t / (32 t^3) <= 1/(16 t^2)",
            check=lambda: constant_error("32"),
            mutants=(Mutant("3p + 4 bits", lambda: constant_error("16")),),
        ),
        Step(
            id="small-change-of-the-exponent",
            says=r"A change $h$ of the exponent, $0\le h\le1$, changes $e^x$ by at most $h+h^2$, relatively.",
            formal="for all 0 < h = 1/(1 + b) <= 1: (1/2)/(1 - h/3) <= 1",
            check=lambda: exponential_of_small("1"),
            mutants=(Mutant("h + h^2/2", lambda: exponential_of_small("1/2")),),
        ),
        Step(
            id="quotient-off-by-at-most-one",
            says=(
                r"$r=x-kL$ is in $[0,L)$ by definition, and $x/L$ is off by less than 1, so $k$ is off "
                r"by at most one."
            ),
            formal="for all p >= 2, t = 2^p: (1/(16 t^2)) / (1/2) < 1",
            check=lambda: one_off("(1/(16*t**2))"),
            mutants=(Mutant("half a unit", lambda: one_off("(1/2)")),),
        ),
        Step(
            id="least-number-of-terms",
            says=r"By Lagrange the remainder is at most $e^rr^N/N!$, $r<\frac7{10}$; least $N$ for $2^{-2p-4}$ per p.",
            formal="for all p >= 2: N = 2p + 4 has (7/10)^N / N! <= 2^-N; least N for p in 2, 3, 4, 5, 8, 11, 24, 53",
            check=lambda: both(linear_terms("7/5"), truncation(least_terms)),
            mutants=(
                Mutant("factor 4 for 7/5", lambda: linear_terms("4")),
                Mutant("one term less", lambda: truncation(lambda p: least_terms(p) - 1)),
                Mutant("one term more", lambda: truncation(lambda p: least_terms(p) + 1)),
            ),
        ),
        Step(
            id="truncation-for-every-p",
            says=r"$2p+4$ terms leave at most $2^{-2p-4}$, relatively, for every p and every reduced argument.",
            formal="for all p >= 0, 0 <= r <= ln 2: |e^r - sum_(i < 2p+4) r^i/i!| <= 2^(-2p-4) e^r",
            check=EXP_TERMS.proved,
            tier=Tier.KERNEL,
            mutants=EXP_TERMS_MUTANTS,
        ),
        Step(
            id="power-of-two-comes-off",
            says=r"$e^x=2^ke^{x-k\ln2}$ for every integer $k$.",
            formal="for all integers k, real x: e^x = 2^k e^(x - k ln 2)",
            check=EXP_REDUCTION.proved,
            tier=Tier.KERNEL,
            mutants=EXP_REDUCTION_MUTANTS,
        ),
        Step(
            id="inner-error-below-r3",
            says=r"Constant, truncation and one cut of the terms together stay within $2^{-2p-2}$.",
            formal="for all p >= 2, e = 1/(16 t^2), t = 2^p: (1 + e)(1 + e + e^2)(1 + e) - 1 <= 1/(4 t^2)",
            check=lambda: inner_total("1/(4*t**2)"),
            mutants=(Mutant("within 2^(-2p-3)", lambda: inner_total("1/(8*t**2)")),),
        ),
        Step(
            id="algorithm-within-two-to-minus-p",
            says="By `lem:working-precision` the rounded result is within $2^{-p}$; run through for small p.",
            formal="for all p >= 2, x in F_p with e^x in range: |result - e^x| <= 2^-p e^x; all x for p in 2..5",
            check=lambda: both(in_symbols(), algorithm(lambda p: 3 * p + 5, least_terms)),
            mutants=(
                Mutant("log 2 with p + 1 bits", lambda: algorithm(lambda p: p + 1, least_terms)),
                Mutant("half the terms", lambda: algorithm(lambda p: 3 * p + 5, half_the_terms)),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: algorithm(lambda p: 3 * p + 5, least_terms, (6, 7)),
                    mutants=(
                        Mutant("log 2 with p + 1 bits", lambda: algorithm(lambda p: p + 1, least_terms, (6,))),
                        Mutant("half the terms", lambda: algorithm(lambda p: 3 * p + 5, half_the_terms, (6,))),
                    ),
                ),
                EXP_IN_KERNEL,
            ),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:exp",
    title="Exponential",
    mark="R, D",
    repairs="lem:exp@printed",
    suspects=("S12", "S13"),
    tex=(
        r"For $p\le poly(n)$ and $x$ in the repaired domain there is, for $e^x$ to relative error $2^{-p}$, a "
        r"DLOGTIME-uniform $TC^0$ family of depth $E$."
    ),
    uses=("lem:exp@value",),
    steps=(
        listed_sum(
            "the proof (quotient and floor, $r$, powers, terms, sum, scaling)",
            ("2s", "2s", "T", "s", "P", "s"),
            "6s+P+T",
        ),
        cited(
            id="steps-are-circuits",
            says=r"The steps behind the value are uniform $TC^0$ families.",
            formal="for p <= poly(n): the steps of lem:exp@value are in uniform TC0, depth E",
            source="Hesse, Allender and Barrington, JCSS 65 (2002) 695-716: iterated product, division in uniform TC0",
            stands_for=(
                "def:tc",
                "def:dlogtime-uniform",
                "lem:basic-ops",
                "lem:iterated-product",
                "lem:constants",
                "lem:iterated-sum",
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, UNREACHABLE, REPAIRED, EXPONENTIAL, PACKAGE, CIRCUIT, EXPONENTIAL_CIRCUIT)
