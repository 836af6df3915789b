"""The flags of IEEE 754-2019, clause 7, from exact rational results: definitions of the standard and nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from oracles.integers import NAN, NEG_ZERO, Spec, Value, bracket, choose, is_infinite

Row = tuple[int, int, int, int, int]  # inexact, overflow, underflow, invalid, divide by zero
NONE: Row = (0, 0, 0, 0, 0)


def unbounded_rounding(x: Fraction, spec: Spec, mode: str, draw: Fraction) -> Fraction:
    """Return x rounded to a grid without upper bound; SR goes up iff the draw is below the fraction."""
    if x == 0:
        return x
    a = abs(x)
    lo, hi, odd = bracket(a, spec)
    y = choose(a, lo, hi, odd, x < 0, "RTZ" if mode == "SR" else mode)
    if mode == "SR" and draw < (a - lo) / (hi - lo):
        y = hi
    return -y if x < 0 else y


def model(
    operands: tuple[Value, ...],
    exact: Value,
    result: Value,
    spec: Spec,
    mode: str,
    *,
    after: bool,
    draw: Fraction = Fraction(0),
) -> Row:
    """Return the flags of an operation with the given exact result, which is NaN where it is undefined.

    7.2: an operation without a usefully definable result is invalid. 7.3: an exact infinite result of finite operands
    is a division by zero. 7.4: what the result would have been, were the exponent range unbounded, exceeds the largest
    number. 7.5: tiny before rounding, or after rounding to p digits with unbounded exponents, and inexact. 7.6: the
    result differs from the exact one.
    """
    if NAN in operands:
        return NONE
    if exact == NAN:
        return (0, 0, 0, 1, 0)
    if is_infinite(exact):
        if not any(is_infinite(x) for x in operands):
            return (0, 0, 0, 0, 1)
        return NONE if spec.infinities else (0, 0, 0, 1, 0)
    x = Fraction(0) if exact == NEG_ZERO else Fraction(exact)
    y = Fraction(0) if result == NEG_ZERO else result
    if y == x:
        return NONE
    overflow = underflow = False
    if spec.largest is not None:
        rounded = unbounded_rounding(x, spec, mode, draw)
        overflow = not (-spec.largest if spec.least is None else spec.least) <= rounded <= spec.largest
    if spec.p is not None and spec.q_min is not None and x != 0:
        tested = x
        if after:
            tested = unbounded_rounding(x, replace(spec, q_min=None, subnormals=True), mode, draw)
        underflow = abs(tested) < spec.least_normal
    return (1, int(overflow), int(underflow), 0, 0)
