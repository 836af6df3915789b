"""Certificates of small exhaustive runs: a relation that `proofs/recheck.py` evaluates again at every case.

The cases are all multisets of nonzero floats with significands of p bits, both signs, and exponents in a range; the
relation may use ``nearest(p, x)``, rounding to p bits with unbounded exponents, and ``cluster(p, gap, x1, ...)``,
the sum by clusters. The re-checker has its own slow versions of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from precise.claims.certificates import Certificate
from precise.errors import DomainError


def number_of_floats(p: int, low: int, high: int) -> int:
    """Return how many floats m 2^e there are with 2^(p-1) <= |m| < 2^p and low <= e <= high."""
    return (high - low + 1) << p


def number_of_multisets(size: int, n: int) -> int:
    """Return how many multisets of n elements a set of that size has."""
    return comb(size + n - 1, n)


def replay(claim: str, names: Sequence[str], p: int, low: int, high: int) -> Certificate:
    """Return the certificate that the relation holds for all multisets of floats; the caller has checked it.

    Examples
    --------
    >>> replay("nearest(2, x + y) == nearest(2, y + x)", ["x", "y"], 2, 0, 3).data["cases"]
    136
    """
    if p < 1 or high < low or not names:
        raise DomainError(f"replay: p must be >= 1, the range not empty; got p = {p}, {low}..{high}, {list(names)}")
    return Certificate(
        {
            "kind": "replay",
            "claim": claim,
            "names": list(names),
            "p": p,
            "low": low,
            "high": high,
            "cases": number_of_multisets(number_of_floats(p, low, high), len(names)),
        }
    )
