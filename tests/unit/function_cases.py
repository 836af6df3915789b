"""What the elementary functions must give: MPFR at 400 bits with its ternary flag, rounded as exact rationals.

A truncated 400-bit number and the flag say on which side of every shorter number the value lies, so half a unit more
stands in for it. What MPFR lacks is composed at 1600 bits, and a value too near to a 400-bit number is refused.
"""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import numpy as np
from gmpy2 import mpfr
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, Value

from precise.dyadic import Dyadic, Element, Special
from precise.formats import Format

BITS, MORE = 400, 1600
WIDEST = {"emin": gmpy2.get_emin_min(), "emax": gmpy2.get_emax_max()}
TRUNCATE = gmpy2.context(precision=BITS, round=gmpy2.RoundToZero, **WIDEST)
FINE = gmpy2.context(precision=MORE, **WIDEST)
DIRECT = {
    **{f: f for f in ("sqrt", "exp", "exp2", "expm1", "log", "log2", "log1p", "sin", "cos", "tan", "sinh", "cosh")},
    **{f: f for f in ("tanh", "atan", "erf", "erfc", "pow", "hypot", "atan2")},
    "rsqrt": "rec_sqrt",
}
COMPOSED = ("sinpi", "cospi", "sigmoid", "silu", "gelu")
UNARY = tuple(f for f in DIRECT if f not in ("pow", "hypot", "atan2")) + COMPOSED
BINARY = ("pow", "hypot", "atan2")
SPECIALS = {NEG_ZERO: Special.NEG_ZERO, POS_INF: Special.POS_INF, NEG_INF: Special.NEG_INF, NAN: Special.NAN}


def spec_of(fmt: Format) -> Spec:
    """Return the format as the oracle's plain numbers."""
    largest = None if fmt.largest is None else fmt.largest.to_fraction()
    least = None if fmt.least is None else fmt.least.to_fraction()
    flags = (fmt.subnormals, fmt.infinities, fmt.nan, fmt.signed_zero)
    return Spec(fmt.name, fmt.p, fmt.q_min, largest, *flags, least=least)


def value_of(x: Element) -> Value:
    """Return a datum as the oracle writes it."""
    if isinstance(x, Special):
        return {v: k for k, v in SPECIALS.items()}[x]
    return x.to_fraction()


def as_mpfr(x: Element) -> mpfr:
    """Return a datum exactly."""
    with FINE:
        if isinstance(x, Special):
            return mpfr(str(x))
        return gmpy2.mul_2exp(mpfr(x.c), x.q) if x.q >= 0 else gmpy2.div_2exp(mpfr(x.c), -x.q)


def truth(op: str, *arguments: Element) -> Value:
    """Return the value of a function, or a number strictly between the same two neighbours of 400 bits."""
    columns = [as_mpfr(x) for x in arguments]
    if op in COMPOSED:
        return composed(op, columns[0], arguments[0])
    with TRUNCATE:
        found = getattr(TRUNCATE, DIRECT[op])(*columns)
    if not gmpy2.is_finite(found) or (found == 0 and found.rc == 0):
        return special(found)
    m, e = map(int, found.as_mantissa_exp())
    return between(m, e, exact=found.rc == 0)


def special(x: mpfr) -> Value:
    """Return a zero, an infinity or NaN of MPFR."""
    if gmpy2.is_nan(x):
        return NAN
    if gmpy2.is_infinite(x):
        return POS_INF if x > 0 else NEG_INF
    return NEG_ZERO if gmpy2.is_signed(x) else Fraction(0)


def between(m: int, e: int, *, exact: bool) -> Fraction:
    """Return `m * 2**e`, or the middle between it and the next number of 400 bits away from zero."""
    if exact:
        return Fraction(m) * Fraction(2) ** e
    shift = BITS - abs(m).bit_length()
    m, e = m << shift, e - shift
    return Fraction(2 * m + (1 if m > 0 else -1)) * Fraction(2) ** (e - 1)


def composed(op: str, x: mpfr, argument: Element) -> Value:
    """Return a function that MPFR lacks, from those it has, with 1600 bits."""
    limits = {
        "sinpi": (NAN, NAN),
        "cospi": (NAN, NAN),
        "sigmoid": (Fraction(0), Fraction(1)),
        "silu": (NEG_ZERO, POS_INF),
        "gelu": (NEG_ZERO, POS_INF),
    }
    if gmpy2.is_nan(x):
        return NAN
    if gmpy2.is_infinite(x):
        return limits[op][x > 0]
    if x == 0:
        return {"sigmoid": Fraction(1, 2), "cospi": Fraction(1)}.get(op, special(x))
    if op in ("sinpi", "cospi"):
        assert isinstance(argument, Dyadic)
        turns = argument.to_fraction() % 2
        if (2 * turns).denominator == 1:  # 0, 1/2, 1, 3/2
            k = int(2 * turns)
            if op == "cospi":
                return Fraction((1, 0, -1, 0)[k])
            return Fraction((0, 1, 0, -1)[k]) if k % 2 else Fraction(0) if x > 0 else NEG_ZERO
        with FINE:
            angle = gmpy2.const_pi() * (turns.numerator if turns <= 1 else turns.numerator - 2 * turns.denominator)
            angle /= turns.denominator
            return settled(gmpy2.sin(angle) if op == "sinpi" else gmpy2.cos(angle))
    with FINE:
        if op == "gelu":
            return settled(x / 2 * gmpy2.erfc(-x / gmpy2.sqrt(mpfr(2))))
        return settled((1 if op == "sigmoid" else x) / (1 + gmpy2.exp(-x)))


def settled(y: mpfr) -> Fraction:
    """Return the middle of the interval of 400-bit numbers around a value known to 1500 bits."""
    m, e = map(int, y.as_mantissa_exp())
    shift = abs(m).bit_length() - BITS
    rest = (abs(m) >> (abs(m).bit_length() - 1500)) & ((1 << (1500 - BITS)) - 1)
    assert shift > 0
    assert 2**40 < rest < (1 << (1500 - BITS)) - 2**40, "too near to a 400-bit number to tell"
    kept = abs(m) >> shift
    return between(kept if m > 0 else -kept, e + shift, exact=False)


def boundary_points(fmt: Format, rng: np.random.Generator, count: int) -> list[Element]:
    """Return numbers at the ends of a format, near 0 and 1, integers, halves, and numbers anywhere, of both signs."""
    p = 8 if fmt.p is None else fmt.p
    low = -40 if fmt.q_min is None else fmt.q_min
    high = 40 if fmt.largest is None else fmt.largest.e
    found: list[Dyadic] = []
    for e in (low, low + 1, low + p, high - 1, high, -p, -p // 2, -p // 3, -2, -1, 0, 1, 2, 3, p // 2, p):
        m = int(rng.integers(1 << 40, 1 << 41)) | 1
        found += [Dyadic(1, e), Dyadic((1 << p) - 1, e - p + 1), Dyadic((1 << p) + 1, e - p), Dyadic(m, e - 40)]
    found += [Dyadic(2 * k + 1, -1) for k in range(4)] + [Dyadic(k) for k in (1, 2, 3, 5, 10, 64)]
    for _ in range(count):
        e = int(rng.integers(max(low - 3, -80), min(high + 3, 80)))
        found.append(Dyadic(int(rng.integers(1, 1 << min(p, 60))), e - min(p, 60)))
    return [x for v in found for x in (v, -v)]
