"""Functions of one argument as 62 truncated bits and a sticky flag: every mode and format of p <= 53 follows.

Where MPFR has the function, it truncates and says what it cut off. The others are Arb enclosures, refined until both
ends have the same 62 leading bits; their exact cases are known, so that what is left is irrational.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, isfinite, trunc

import flint
import gmpy2
import numpy as np
from oracles import mpfr
from oracles.floats import as_value
from oracles.integers import as_fraction
from oracles.lanes import FAR, WIDTH, Exact, Floats, from_parts

Row = tuple[bool, int, int, bool] | float

DIRECT = (
    *("sqrt", "rsqrt", "exp", "exp2", "expm1", "log", "log2", "log1p", "sin", "cos", "tan"),
    *("sinh", "cosh", "tanh", "atan", "erf", "erfc"),
)
COMPOSED = ("sinpi", "cospi", "sigmoid", "silu", "gelu")
INTEGRAL: dict[str, Callable[[Fraction], int]] = {"floor": floor, "ceil": ceil, "trunc": trunc, "round": round}
UNARY = (*DIRECT, *COMPOSED, *INTEGRAL)
CERTAIN = 128  # from here on sigmoid, silu and gelu differ from 1 or x by less than 2**-180 of themselves
LOST = 4096  # below -4096 they are nearer to zero than 2**-5900


def exact_unary(operation: str, x: Floats) -> Exact:
    """Return f of every value before rounding."""
    if operation in DIRECT:
        return by_mpfr(operation, x)
    row = integral(operation) if operation in INTEGRAL else lambda v: composed(operation, v)
    return from_parts([row(v) for v in x.tolist()])


def by_mpfr(operation: str, x: Floats) -> Exact:
    """Return a function that MPFR has; 1 / sqrt(-0) is -infinity (IEEE 754-2019, 9.2.1), where MPFR says +infinity."""
    ctx = gmpy2.context(precision=WIDTH, round=gmpy2.RoundToZero)
    rows = mpfr.parts(list(map(getattr(ctx, {"rsqrt": "rec_sqrt"}.get(operation, operation)), mpfr.column(x))))
    if operation == "rsqrt":
        rows = [-np.inf if v == 0 and np.signbit(v) else r for v, r in zip(x.tolist(), rows, strict=True)]
    return from_parts(rows)


def integral(operation: str) -> Callable[[float], Row]:
    """Return the integer beside a value; a zero has the sign of the argument (IEEE 754-2019, 5.9)."""
    to_integer = INTEGRAL[operation]

    def row(v: float) -> Row:
        if v == 0 or not isfinite(v):
            return v
        n = to_integer(as_fraction(as_value(v)))
        return leading(n, 0) if n else float(np.copysign(0.0, v))

    return row


def leading(n: int, e: int, sticky: bool = False) -> tuple[bool, int, int, bool]:
    """Return n * 2**e, n nonzero, as 62 bits, exponent, and whether something was cut off."""
    magnitude = abs(n)
    shift = magnitude.bit_length() - WIDTH
    if shift <= 0:
        return n < 0, magnitude << -shift, e + shift, sticky
    kept = magnitude >> shift
    return n < 0, kept, e + shift, sticky or kept << shift != magnitude


def composed(operation: str, v: float) -> Row:
    """Return one value of a function that MPFR lacks."""
    special = EXACT[operation](v)
    if special is not None:  # what is neither zero nor special may not be a member, so it is rounded too
        return (
            leading(*mantissa(special)) if isinstance(special, float) and np.isfinite(special) and special else special
        )
    bits = 96
    while True:
        ends = enclosure(operation, v, bits)
        low, high = (leading(m, e) if m else None for m, e in ends)
        if low is not None and high is not None and low[:3] == high[:3]:
            return (*low[:3], True)
        bits *= 2
        assert bits < 2**16, (operation, v)


def enclosure(operation: str, v: float, bits: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return both ends of an Arb enclosure as significand and exponent."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        ball = FORMULAS[operation](flint.arb(v))
        low, high = ball.lower().man_exp(), ball.upper().man_exp()
        return (int(low[0]), int(low[1])), (int(high[0]), int(high[1]))
    finally:
        flint.ctx.prec = before


def gelu(x: flint.arb) -> flint.arb:
    """Return x * Phi(x), Phi the normal distribution function, without cancellation."""
    return x * (-x / flint.arb(2).sqrt()).erfc() / 2


FORMULAS: dict[str, Callable[[flint.arb], flint.arb]] = {
    "sinpi": lambda x: x.sin_pi(),
    "cospi": lambda x: x.cos_pi(),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "silu": lambda x: x / (1 + (-x).exp()),
    "gelu": gelu,
}


def just_below(v: float) -> Row:
    """Return a number below v > 0 by less than any 62 bits show."""
    _, m, e, _ = leading(*mantissa(v))
    return (False, m - 1, e, True) if m > 2 ** (WIDTH - 1) else (False, 2**WIDTH - 1, e - 1, True)


def mantissa(v: float) -> tuple[int, int]:
    """Return integers with v = n * 2**e."""
    n, d = v.as_integer_ratio()
    return n, 1 - d.bit_length()


def exact_sinpi(v: float) -> Row | None:
    """Return sin(pi v) where it is rational: by Niven's theorem only where 2 v is an integer."""
    if not isfinite(v):
        return np.nan
    if v == trunc(v):
        return float(np.copysign(0.0, v))
    return (1.0 if (v - 0.5) % 2 == 0 else -1.0) if 2 * v == trunc(2 * v) else None


def exact_cospi(v: float) -> Row | None:
    """Return cos(pi v) where it is rational."""
    if not isfinite(v):
        return np.nan
    if v == trunc(v):
        return 1.0 if v % 2 == 0 else -1.0
    return 0.0 if 2 * v == trunc(2 * v) else None


def exact_sigmoid(v: float) -> Row | None:
    """Return 1 / (1 + exp(-v)) at zero and far out."""
    if v != v or v == np.inf:
        return v if v != v else 1.0
    if v == -np.inf or v == 0:
        return 0.5 if v == 0 else 0.0
    if v > CERTAIN:
        return just_below(1.0)
    return (False, 1, -FAR, True) if v < -LOST else None


def exact_gate(v: float) -> Row | None:
    """Return v times a distribution function at zero and far out; the limit at -infinity is -0."""
    if v != v or v == np.inf or v == 0:
        return v
    if v == -np.inf:
        return -0.0
    if v > CERTAIN:
        return just_below(v)
    return (True, 1, -FAR, True) if v < -LOST else None


EXACT: dict[str, Callable[[float], Row | None]] = {
    "sinpi": exact_sinpi,
    "cospi": exact_cospi,
    "sigmoid": exact_sigmoid,
    "silu": exact_gate,
    "gelu": exact_gate,
}
