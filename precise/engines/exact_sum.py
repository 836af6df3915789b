"""Exact sums of dyadic numbers with exponents of any size, without ever filling a wide gap with zeros.

The result is a *stand-in*: a dyadic number that every format of at most the given precision rounds as it
rounds the exact sum, in every mode. It is the exact sum itself unless far smaller terms were left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from precise.dyadic import Dyadic


def sum_stand_in(terms: Iterable[Dyadic], precision: int) -> Dyadic:
    """Return a stand-in for the sum of `terms` under rounding to at most `precision` bits.

    Terms are added from the largest down. Let the partial sum be `m * 2**q`, nonzero, with leading exponent
    below `T`, and let the r terms that remain be smaller than `2**t` each, so that the rest is smaller than
    `2**R`, R = t + ceil(log2 r). Once `R <= min(q, T - precision - 2)` the rest cannot reach the next
    multiple of `2**min(q, T - precision - 2)`. The partial sum, all numbers of `precision` bits near it and
    the midpoints between those are such multiples, so only the sign of the rest matters; it enters as one
    unit far below.
    """
    ordered = sorted((t for t in terms if t.c), key=lambda t: t.e, reverse=True)
    total = Dyadic(0)
    for i, term in enumerate(ordered):
        if total.c:
            rest_exponent = term.e + 1 + (len(ordered) - i - 1).bit_length()
            top = total.e + 1
            if rest_exponent <= min(total.q, top - precision - 2):
                sign = sign_of_sum(ordered[i:])
                return total + Dyadic(sign, min(total.q - 1, top - precision - 3))
        total = total + term
    return total


def sign_of_sum(descending: list[Dyadic]) -> int:
    """Return the sign of the sum of nonzero terms in descending order of exponent."""
    total = Dyadic(0)
    for i, term in enumerate(descending):
        if total.c and term.e + 1 + (len(descending) - i - 1).bit_length() <= total.q:
            break  # the rest is smaller than 2**total.q <= |total|
        total = total + term
    return total.sign
