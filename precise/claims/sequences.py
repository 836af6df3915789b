"""Certificates about sequences, for every index: inequalities of terms by induction, and bounds on tails of series.

An inequality ``left <= right`` of two terms (see `precise.claims.terms`) from n0 on follows from its first case
and from ratio(left) <= ratio(right). A bound B(n) = factor(n) term(n) on the tail of a series with positive terms
follows from B(n) - B(n+1) >= term(n), summed up, if B tends to 0; the same with <= gives a lower bound. Where
signs alternate and the ratio is at most q < 1, the tail is at most its first term. All conditions are inequalities
of rational functions, and each carries its own certificate; `proofs/recheck.py` derives the ratios by itself.
"""

from __future__ import annotations

import ast
from fractions import Fraction

from precise.claims.certificates import Certificate, comparison, nonnegative_by_shift
from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.expression import holds, parse
from precise.claims.polynomials import Polynomial, Quotient, quotient
from precise.claims.scope import Scope
from precise.claims.terms import ratio, value_at, written
from precise.errors import DomainError, UndecidedError

SEARCHED = 400
"""How many indices are looked at for a counterexample."""


def induction(claim: str, variable: str, start: int) -> Certificate:
    """Return the certificate of ``left <= right``, two terms, for all integers from `start` on.

    Examples
    --------
    >>> induction("2**n <= factorial(n)", "n", 4).data["base"]
    ['16', '24']
    """
    left, op, right = comparison(claim)
    if op is not ast.LtE:
        raise DomainError(f"induction: claim must be left <= right; got {claim!r}")
    base = [value_at(side, variable, start) for side in (left, right)]
    if not 0 <= base[0] <= base[1]:
        raise UndecidedError(f"induction: the first case must hold; got {base[0]} and {base[1]}")
    lower, ratios = {variable: start}, [written(ratio(side, variable)) for side in (left, right)]
    return Certificate(
        {
            "kind": "induction",
            "claim": claim,
            "variable": variable,
            "start": start,
            "base": [str(x) for x in base],
            "positive": dict(nonnegative_by_shift(f"{ratios[0]} >= 0", lower).data),
            "step": dict(nonnegative_by_shift(f"{ratios[0]} <= {ratios[1]}", lower).data),
        }
    )


def decide_terms(
    claim: str, variable: str, start: int, *, scope: Scope, sharpness: str = "", note: str = ""
) -> Evidence | Counterexample:
    """Return the certificate of an inequality of terms from `start` on, or the least index at which it is false."""
    left, _, right = comparison(claim)
    for n in range(start, start + SEARCHED):
        values = {"left": value_at(left, variable, n), "right": value_at(right, variable, n)}
        if values["left"] > values["right"]:
            return Counterexample(
                values={variable: n, **values},
                refutes="left > right",
                lines=(f"{claim} is false at {variable} = {n}",),
                order=f"least {variable}",
                cases=n - start + 1,
            )
    return _certified(induction(claim, variable, start), scope, sharpness, note)


def tail_of_series(term: str, factor: str, variable: str, start: int, limit: str, sense: str) -> Certificate:
    """Return the certificate of a bound on sum(term(i), i >= n) for all n from `start` on.

    Parameters
    ----------
    term, factor
        The positive term, and the bound as a multiple of the first term of the tail, both in `variable`.
    limit
        A rational q < 1 that bounds the ratio of neighbouring bounds (for "alternating": of terms).
    sense
        "upper", "lower", or "alternating" for the sum of (-1)**i term(i), whose bound is its first term.

    Examples
    --------
    >>> tail_of_series("1/(i*2**i)", "2", "i", 1, "1/2", "upper").claim
    '0 <= sum(1/(i*2**i), i >= n) <= (2)*(1/(n*2**n)) for all n >= 1'
    """
    if sense not in ("upper", "lower", "alternating") or (sense == "alternating" and factor != "1"):
        raise DomainError(f"tail_of_series: sense must be upper, lower, or alternating with factor 1; got {sense!r}")
    if not holds(f"0 < {limit} and {limit} < 1", {}):
        raise DomainError(f"tail_of_series: limit must be between 0 and 1; got {limit!r}")
    if value_at(parse(term), variable, start) <= 0:
        raise UndecidedError(f"tail_of_series: terms must be positive; got {term!r} at {start}")
    terms, factors = ratio(parse(term), variable), quotient(parse(factor), [variable])
    step = [Fraction(1)]
    later = Quotient(factors.numerator.shifted(step), factors.denominator.shifted(step)) * terms
    lower = {variable: start}
    one = Polynomial.constant(Fraction(1), [variable])
    drop, comparison_sign = factors - later, "<=" if sense == "lower" else ">="
    parts = {
        "positive": nonnegative_by_shift(f"{written(terms)} >= 0", lower),
        "bounded": nonnegative_by_shift(f"{written(factors)} >= 0", lower),
        "decay": nonnegative_by_shift(f"{written(later)} <= {limit}*{written(factors)}", lower),
    }
    if sense != "alternating":
        parts["telescope"] = nonnegative_by_shift(
            f"{written(drop)} {comparison_sign} {written(Quotient(one, one))}", lower
        )
    return Certificate(
        {
            "kind": "series",
            "claim": series_claim(term, factor, variable, start, sense),
            "term": term,
            "factor": factor,
            "variable": variable,
            "start": start,
            "limit": limit,
            "sense": sense,
            **{name: dict(part.data) for name, part in parts.items()},
        }
    )


def series_claim(term: str, factor: str, variable: str, start: int, sense: str) -> str:
    """Return the words of a claim on tails, made from its fields."""
    first = f"({renamed(factor, variable)})*({renamed(term, variable)})"
    rows = {
        "upper": f"0 <= sum({term}, {variable} >= n) <= {first}",
        "lower": f"sum({term}, {variable} >= n) >= {first}",
        "alternating": f"abs(sum((-1)**{variable}*({term}), {variable} >= n)) <= {first}",
    }
    return f"{rows[sense]} for all n >= {start}"


def renamed(text: str, variable: str) -> str:
    """Return the expression with the index called n; a name is a whole word."""
    return "".join("n" if piece == variable else piece for piece in words_of(text))


def words_of(text: str) -> list[str]:
    """Return the text in pieces: names and numbers whole, other characters one by one."""
    pieces: list[str] = []
    for character in text:
        inside = character.isalnum() or character == "_"
        if inside and pieces and (pieces[-1][-1].isalnum() or pieces[-1][-1] == "_"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def decide_tail(
    term: str,
    factor: str,
    variable: str,
    start: int,
    limit: str,
    sense: str,
    *,
    scope: Scope,
    sharpness: str = "",
    note: str = "",
) -> Evidence | Counterexample:
    """Return the certificate of a bound on tails, or the least index at which partial sums refute it."""
    try:
        certificate = tail_of_series(term, factor, variable, start, limit, sense)
    except UndecidedError as undecided:
        found = _refuted_tail(term, factor, variable, start, sense, limit)
        if found is None:
            raise UndecidedError(f"{undecided}; no violation among the first indices") from None
        return found
    return _certified(certificate, scope, sharpness, note)


def _refuted_tail(term: str, factor: str, variable: str, start: int, sense: str, limit: str) -> Counterexample | None:
    """Return the least index at which 64 terms exceed an upper bound, or with twice the last one miss a lower one.

    Where signs alternate, the least index at which the ratio of neighbours exceeds the limit.
    """
    for n in range(start, start + SEARCHED):
        values = [value_at(parse(term), variable, i) for i in range(n, n + 64)]
        bound = value_at(parse(factor), variable, n) * values[0]
        part, rest = sum(values), 2 * values[-1]
        if sense == "alternating" and values[1] > Fraction(limit) * values[0]:
            return Counterexample(
                values={"n": n, "first": values[0], "next": values[1], "limit": Fraction(limit)},
                refutes="next > limit*first",
                lines=(f"terms do not fall by the factor {limit} at n = {n}",),
                order="least n",
                cases=n - start + 1,
            )
        if sense == "upper" and part > bound:
            return Counterexample(
                values={"n": n, "part": part, "bound": bound},
                refutes="part > bound",
                lines=(f"64 terms from n = {n} on exceed the bound on the whole tail",),
                order="least n",
                cases=n - start + 1,
            )
        if sense == "lower" and part + rest < bound and values[-1] <= values[-2] / 2:
            return Counterexample(
                values={"n": n, "part": part, "rest": rest, "bound": bound},
                refutes="part + rest < bound",
                lines=(f"64 terms from n = {n} on and a bound on the rest miss the bound",),
                order="least n",
                cases=n - start + 1,
            )
    return None


def _certified(certificate: Certificate, scope: Scope, sharpness: str, note: str) -> Evidence:
    """Return the evidence of one certificate."""
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=scope,
        cases=1,
        producer="precise-pbit",
        certificates=(certificate,),
        sharpness=sharpness,
        note=note or certificate.claim,
    )
