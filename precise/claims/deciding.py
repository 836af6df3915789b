"""Checks in one line: decide an inequality or identity of rational functions, and return the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from precise.claims.certificates import comparison, identity, nonnegative_by_shift, violation
from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.expression import names_in
from precise.claims.scope import Scope
from precise.errors import UndecidedError

SEARCH_ORDER = "least sum of distances from the lower bounds, on the search grid"


def decide_inequality(
    claim: str, lower: Mapping[str, int | Fraction], *, scope: Scope, sharpness: str = "", note: str = ""
) -> Evidence | Counterexample:
    """Return a certificate of the inequality above the lower bounds, or a point at which it is false.

    Raises `UndecidedError` (verdict: inconclusive) where neither is found.

    Examples
    --------
    >>> decide_inequality("2*t >= t + 4", {"t": 4}, scope=Scope.all_p(2)).kind.word
    'certificate'
    >>> str(decide_inequality("999/1000*2*t >= t + 4", {"t": 4}, scope=Scope.all_p(2)))
    't = 4'
    """
    try:
        certificate = nonnegative_by_shift(claim, lower)
    except UndecidedError as undecided:
        point = violation(claim, lower)
        if point is None:
            raise UndecidedError(f"{undecided}; no violation on the search grid") from None
        return _refutation(claim, point)
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=scope,
        cases=1,
        producer="precise-pbit",
        certificates=(certificate,),
        sharpness=sharpness,
        note=note or certificate.claim,
    )


def decide_identity(claim: str, *, scope: Scope, note: str = "") -> Evidence | Counterexample:
    """Return a certificate of the identity of rational functions, or a point at which its sides differ."""
    try:
        certificate = identity(claim)
    except UndecidedError:
        left, _, right = comparison(claim)
        names = sorted({*names_in(left), *names_in(right)})
        point = violation(claim, dict.fromkeys(names, 2))
        if point is None:
            raise
        return _refutation(claim, point)
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=scope,
        cases=1,
        producer="precise-pbit",
        certificates=(certificate,),
        note=note or certificate.claim,
    )


def _refutation(claim: str, point: Mapping[str, Fraction]) -> Counterexample:
    """Return the counterexample of a claim that is false at `point`."""
    return Counterexample(
        values=dict(point),
        refutes=f"not ({claim})",
        lines=(f"{claim} is false at this point",),
        order=SEARCH_ORDER,
    )
