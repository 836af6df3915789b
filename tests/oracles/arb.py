"""A second opinion on functions: Arb enclosures through python-flint, turned into fractions."""

from __future__ import annotations

from fractions import Fraction

import flint
from oracles.integers import Spec, power_of_two, round_value

UNARY = ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh")


def enclosure(operation: str, x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return rational ends of an interval that contains f(x), for x a dyadic rational where f is defined."""
    (low, e), (high, f) = ends(operation, x, bits)
    return low * power_of_two(e), high * power_of_two(f)


def ends(operation: str, x: Fraction, bits: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the ends as (significand, exponent), for values of any size."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        ball = getattr(flint.arb(flint.fmpq(x.numerator, x.denominator)), operation)()
        return as_pair(ball.lower()), as_pair(ball.upper())
    finally:
        flint.ctx.prec = before


def as_pair(ball: flint.arb) -> tuple[int, int]:
    """Return an exact ball as significand and exponent."""
    m, e = ball.man_exp()
    return int(m), int(e)


def rounded_pair(operation: str, x: Fraction, p: int, mode: str) -> tuple[int, int]:
    """Return f(x), of any size, rounded to p bits: both ends of an enclosure must round alike."""
    (low, e), (high, f) = ends(operation, x, 4 * p + 400)
    base = min(e, f)
    spec = Spec("", p, None, None)
    results = {round_value(m * power_of_two(k - base), spec, mode) for m, k in ((low, e), (high, f))}
    assert len(results) == 1, "the enclosure is too wide"
    value = results.pop()
    assert isinstance(value, Fraction)
    c = value.numerator
    twos = (c & -c).bit_length() - 1
    return c >> twos, base + twos - value.denominator.bit_length() + 1
