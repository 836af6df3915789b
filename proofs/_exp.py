"""The exponential of a float in rational bounds and rounded by search; ends of Arb balls, no float casts."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import flint

from precise.errors import UndecidedError
from proofs._oracle import rounded_by_search

BITS = 128


def dyadic(man: int, exp: int) -> Fraction:
    """Return man * 2**exp."""
    return Fraction(man) * Fraction(2) ** exp


@cache
def exp_bounds(x: Fraction) -> tuple[Fraction, Fraction]:
    """Return rationals below and above exp(x)."""
    previous, flint.ctx.prec = flint.ctx.prec, BITS
    try:
        ball = flint.arb(flint.fmpq(x.numerator, x.denominator)).exp()
        middle, radius = (dyadic(*(int(k) for k in part.man_exp())) for part in (ball.mid(), ball.rad()))
    finally:
        flint.ctx.prec = previous
    return middle - radius, middle + radius


@cache
def exp_rounded(x: Fraction, p: int) -> Fraction:
    """Return exp(x) rounded to F_p; both ends of the enclosure decide it alike."""
    low, high = (rounded_by_search(end, p) for end in exp_bounds(x))
    if low != high:
        raise UndecidedError(f"exp: {BITS} bits must decide the rounding at {x}")
    return low
