"""The truncated series of exp and of the root: their largest relative remainders on a box, by two enclosure codes.

The tails are written as series of positive terms, so nothing cancels and doubles suffice; Sollya bounds the
difference of polynomial and function itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial

from precise.claims import Counterexample, Evidence, Further, Kind, Mutant, Scope, Statement, Step, Tier
from precise.claims.enclosing import Code, Formula, Number, arb, cover, exactly, intervals, sollya_version, sup_norm
from precise.errors import UndecidedError
from proofs._float_evidence import Outcome

LISTED = (2, 3, 4, 5, 8, 11, 24, 53)
MORE = 24


@dataclass(frozen=True, slots=True)
class Series:
    """A truncated series: its remainder on a box, its last point of interest, and its text for Sollya.

    Parameters
    ----------
    function, low, high
        The function in Sollya's language and the box of its argument.
    remainder
        Code, argument and number of terms to the relative remainder, from above; without its end, from below.
    worst
        The end of the box at which the remainder is largest: each term, relative to the function, grows towards it.
    polynomial
        Number of terms to the truncated series in Sollya's language.
    """

    function: str
    low: Fraction
    high: Fraction
    remainder: Callable[[Code, Number, int, bool], Number]
    worst: Fraction
    polynomial: Callable[[int], str]


def tail_of_exp(code: Code, r: Number, terms: int, closed: bool = True) -> Number:
    """Return e^-r sum_{i >= N} r^i/i!, the end of the sum bounded by a geometric series, or left out."""
    total = term = r**terms / exactly(code, factorial(terms))
    for i in range(terms + 1, terms + MORE):
        term = term * r / i
        total = total + term
    end = term * r / (terms + MORE) / (1 - r / (terms + MORE + 1))
    return (total + end if closed else total) * code.function("exp", -r)


def coefficient(i: int) -> Fraction:
    """Return binom(1/2, i)."""
    result = Fraction(1)
    for j in range(i):
        result *= (Fraction(1, 2) - j) / (j + 1)
    return result


def tail_of_root(code: Code, r: Number, terms: int, closed: bool = True) -> Number:
    """Return sum_{i >= N} |binom(1/2, i)| z^i / sqrt r, z = 1 - r: from i = 1 on all terms have one sign."""
    z = 1 - r
    total = term = z**terms * exactly(code, abs(coefficient(terms)))
    for i in range(terms, terms + MORE):
        term = term * z * (2 * i - 1) / (2 * i + 2)
        total = total + term
    return (total + term * z / (1 - z) if closed else total) / code.function("sqrt", r)


EXP = Series(
    "exp(x)", Fraction(0), Fraction(7, 10), tail_of_exp, Fraction(7, 10),
    lambda terms: "+".join(f"x^{i}/{factorial(i)}" for i in range(terms)),
)  # fmt: skip
ROOT = Series(
    "sqrt(x)", Fraction(1, 4), Fraction(1), tail_of_root, Fraction(1, 4),
    lambda terms: "+".join(
        f"({coefficient(i).numerator}/{coefficient(i).denominator})*(x-1)^{i}" for i in range(terms)
    ),
)  # fmt: skip


def limit(p: int) -> Fraction:
    """Return 2^(-2p-4)."""
    return Fraction(1, 4 ** (p + 2))


def least_terms(series: Series, p: int) -> int:
    """Return the least N at which the relative remainder at the worst end is within the limit, by Arb."""
    code, end = arb(256), (series.worst, series.worst)
    terms = 2
    while code.ends(series.remainder(code, code.number(end), terms, True))[1] > limit(p):
        terms += 1
    return terms


def upper(series: Series, terms: int) -> Formula:
    """Return the remainder of that many terms, from above."""

    def formula(code: Code, x: Number) -> Number:
        return series.remainder(code, x, terms, True)

    return formula


def enclosed(series: Series, more: int = 0, share: Fraction = Fraction(1)) -> Outcome:
    """Enclose the remainder of N terms on the whole box by both codes; N - 1 terms leave more at the worst end."""
    codes, words, cases = (arb(256), intervals()), [], 0
    for p in LISTED:
        terms = least_terms(series, p) + more
        for code in codes:
            cells, against = cover(code, upper(series, terms), (series.low, series.high), share * limit(p))
            cases += cells + 1
            end = exactly(code, series.worst)
            one_less = code.ends(series.remainder(code, end, terms - 1, False))[0]
            if against is not None or one_less <= limit(p):
                at, bad = (series.worst, 0) if against is None else (against[0], 1)
                return Counterexample(
                    values={"p": p, "N": terms, "x": at, "one_less": one_less, "limit": limit(p), "bad": bad},
                    refutes="bad == 1 or one_less <= limit",
                    lines=(f"p = {p}: {terms} terms leave more than {share} of the limit, or one less is enough",),
                )
        words.append(f"p = {p}: N = {terms}")
    return evidence(cases, codes[0], codes[1], LISTED, "least number of terms: " + ", ".join(words))


def by_sup_norm(series: Series, precisions: tuple[int, ...], more: int = 0) -> Outcome:
    """Bound the relative remainder of the same numbers of terms by Sollya's certified sup norm."""
    words = []
    for p in precisions:
        terms = least_terms(series, p) + more
        low, high = sup_norm(series.polynomial(terms), series.function, series.low, series.high, 4 * p + 400)
        if low > limit(p):
            return Counterexample(
                values={"p": p, "N": terms, "norm": low, "limit": limit(p)}, refutes="norm > limit",
                lines=(f"p = {p}: the remainder of {terms} terms reaches more than {limit(p)}",),
            )  # fmt: skip
        if high > limit(p):
            raise UndecidedError(f"sollya: the sup norm must be decided at p = {p}; got [{low}, {high}]")
        words.append(f"p = {p}: {int(1000 * high / limit(p))}/1000")
    note = "sup norm as a share of the limit: " + ", ".join(words)
    return replace(
        evidence(len(precisions), arb(256), arb(256), precisions, note), producer="Sollya", version=sollya_version()
    )


def evidence(cases: int, first: Code, second: Code, precisions: tuple[int, ...], note: str) -> Evidence:
    """Return the evidence of enclosed cases."""
    return Evidence(
        kind=Kind.ENCLOSURE,
        scope=Scope.listed_p(precisions),
        cases=cases,
        producer=first.name,
        version=first.version,
        confirmed_by=f"{second.name} {second.version}",
        note=note,
    )


def truncation(label: str, title: str, tex: str, box: str, series: Series, sup_norms: tuple[int, ...]) -> Statement:
    """Return the statement about the least number of terms of a series."""
    return Statement(
        label=label,
        title=title,
        mark="D",
        tex=tex,
        steps=(
            Step(
                id="least-number-of-terms",
                says="N terms keep the remainder within the limit on the box; N - 1 terms leave more at its end.",
                formal=f"for listed p, {box}: relative remainder of N terms <= 2^(-2p-4), N - 1 terms: > at an end",
                tier=Tier.FULL,
                check=lambda: enclosed(series),
                mutants=(
                    Mutant("one term less", lambda: enclosed(series, -1)),
                    Mutant("one term more", lambda: enclosed(series, 1)),
                    Mutant("a hundredth of the limit", lambda: enclosed(series, 0, Fraction(1, 100))),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: by_sup_norm(series, sup_norms),
                        mutants=(Mutant("one term less", lambda: by_sup_norm(series, sup_norms[:2], -1)),),
                    ),
                ),
            ),
        ),
    )


EXPONENTIAL = truncation(
    "lem:exp@truncation",
    "Terms of the exponential series, exactly",
    r"For $r\in[0,\frac7{10}]$ and listed p the least $N$ with $e^r-\sum_{i<N}r^i/i!\le2^{-2p-4}e^r$.",
    "r in [0, 7/10]",
    EXP,
    LISTED,
)
SQUARE_ROOT = truncation(
    "lem:sqrt@truncation",
    "Terms of the binomial series, exactly",
    r"For $r\in[\frac14,1]$ and listed p the least $N$ with "
    r"$|\sqrt r-\sum_{i<N}\binom{1/2}i(r-1)^i|\le2^{-2p-4}\sqrt r$.",
    "r in [1/4, 1]",
    ROOT,
    (2, 3, 4, 5, 8, 11),
)
