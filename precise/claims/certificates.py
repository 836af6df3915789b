"""Certificates of kind R: inequalities and identities of rational functions that a stranger can re-check.

A claim is text, for example ``(1 + 1/t)**2 - 1 <= 2/t + 1/t**2`` for t >= 4. To speak about u = 2**-p for
all p >= 2, write u as 1/t with t >= 4. An inequality is certified by the shift x_i = l_i + y_i: if all
coefficients of numerator and denominator in y are nonnegative, and the denominator's constant one is
positive, the claim holds wherever all x_i >= l_i. The certificate stores both sides of that computation;
`proofs/recheck.py` repeats it in its own way.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

from precise.claims.expression import holds, names_in, parse
from precise.claims.jsontype import Json
from precise.claims.polynomials import Quotient, quotient
from precise.errors import DomainError, UndecidedError

OFFSETS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 64, 256, 4096)
"""Distances from the lower bounds at which a counterexample to an inequality is looked for."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A claim with the exact numbers that prove it; `data` is JSON and has the keys `kind` and `claim`."""

    data: Mapping[str, Json]

    def __post_init__(self) -> None:
        if not isinstance(self.data.get("kind"), str) or not isinstance(self.data.get("claim"), str):
            raise DomainError(f"Certificate: data must have a kind and a claim; got keys {sorted(self.data)}")

    @property
    def claim(self) -> str:
        """The claim in words of the expression language."""
        return str(self.data["claim"])


def comparison(claim: str) -> tuple[ast.expr, type[ast.cmpop], ast.expr]:
    """Return left side, comparison and right side of a claim."""
    match parse(claim):
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return left, type(op), right
    raise DomainError(f"certificate: a claim must be one comparison; got {claim!r}")


def nonnegative_by_shift(claim: str, lower: Mapping[str, int | Fraction]) -> Certificate:
    """Return a certificate of the inequality `claim` for all variables at or above their lower bounds.

    Parameters
    ----------
    claim
        ``a >= b``, ``a > b``, ``a <= b`` or ``a < b`` between rational functions of the variables.
    lower
        The lower bound of each variable that occurs.

    Returns
    -------
    Certificate
        Raises `UndecidedError` where a shifted coefficient has the wrong sign; that refutes nothing.

    Examples
    --------
    >>> nonnegative_by_shift("t**2 > 3*t", {"t": 4}).data["shifted"]["numerator"]
    [[[2], '1'], [[1], '5'], [[0], '4']]
    """
    left, op, right = comparison(claim)
    variables = tuple(sorted(lower))
    if unbounded := (set(names_in(left)) | set(names_in(right))) - set(variables):
        raise DomainError(f"nonnegative_by_shift: {min(unbounded)} must have a lower bound; got none")
    if op not in (ast.GtE, ast.Gt, ast.LtE, ast.Lt):
        raise DomainError(f"nonnegative_by_shift: claim must be an inequality; got {claim!r}")
    difference = quotient(left, variables) - quotient(right, variables)
    if op in (ast.LtE, ast.Lt):
        difference = -difference
    bounds = [Fraction(lower[v]) for v in variables]
    shifted = Quotient(difference.numerator.shifted(bounds), difference.denominator.shifted(bounds))
    if shifted.denominator.constant_term < 0:
        difference = Quotient(-difference.numerator, -difference.denominator)
        shifted = Quotient(-shifted.numerator, -shifted.denominator)
    negative = shifted.numerator.negative_term() or shifted.denominator.negative_term()
    strict = op in (ast.Gt, ast.Lt)
    if negative or not shifted.denominator.constant_term or (strict and not shifted.numerator.constant_term):
        got = negative or "constant term 0"
        raise UndecidedError(f"nonnegative_by_shift: shifted coefficients must be >= 0; got {got}")
    return Certificate(
        {
            "kind": "nonnegative",
            "claim": claim,
            "variables": list(variables),
            "lower": [str(b) for b in bounds],
            "difference": _json(difference),
            "shifted": _json(shifted),
        }
    )


def identity(claim: str) -> Certificate:
    """Return a certificate of ``a == b`` between rational functions, by normal form.

    Raises `UndecidedError` where the two differ as rational functions.

    Examples
    --------
    >>> identity("1/x - 1/(1 + x) == 1/(x*(1 + x))").data["kind"]
    'identity'
    """
    left, op, right = comparison(claim)
    if op is not ast.Eq:
        raise DomainError(f"identity: claim must be an equation; got {claim!r}")
    variables = tuple(sorted(set(names_in(left)) | set(names_in(right))))
    sides = quotient(left, variables), quotient(right, variables)
    if not sides[0].same_function(sides[1]):
        raise UndecidedError(f"identity: both sides must have one normal form; got {claim!r}")
    return Certificate(
        {
            "kind": "identity",
            "claim": claim,
            "variables": list(variables),
            "left": _json(sides[0]),
            "right": _json(sides[1]),
        }
    )


def violation(claim: str, lower: Mapping[str, int | Fraction]) -> dict[str, Fraction] | None:
    """Return the point of the search grid nearest to the lower bounds at which `claim` is false, or None."""
    for offsets in _offsets(len(lower)):
        point = {v: Fraction(lower[v]) + k for v, k in zip(sorted(lower), offsets, strict=True)}
        if not holds(claim, point):
            return point
    return None


def _offsets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield all tuples of offsets by their sum, then in lexicographic order."""
    start = (0,) * count
    waiting, seen = [(0, start, start)], {start}
    while waiting:
        _, offsets, places = heappop(waiting)
        yield offsets
        for i, place in enumerate(places):
            later = (*places[:i], place + 1, *places[i + 1 :])
            if place + 1 < len(OFFSETS) and later not in seen:
                seen.add(later)
                values = tuple(OFFSETS[k] for k in later)
                heappush(waiting, (sum(values), values, later))


def _json(function: Quotient) -> Json:
    """Return the function as plain JSON values."""
    return {
        "numerator": [[list(e), str(c)] for e, c in function.numerator.terms.items()],
        "denominator": [[list(e), str(c)] for e, c in function.denominator.terms.items()],
    }
