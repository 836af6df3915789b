"""Results of any precision and size: integers that are exact or cut with a sticky flag, and one rounding of them.

Values are pairs (odd significand, exponent of two), (0, 0), or a special string. Nothing here is a float.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import flint
import gmpy2
from oracles.functions import COMPOSED, FORMULAS, INTEGRAL
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, keeps_finite
from oracles.mpfr import METHOD, WIDEST, Pair, canonical, pairs_of

Row = tuple[bool, int, int, bool]
Number = tuple[int, int]  # significand, exponent; (0, 0) is zero
SPARE = 64  # bits beyond the precision


def round_row(row: Row, spec: Spec, mode: str) -> Pair:
    """Return (negative, m, e, sticky), m > 0, rounded once by quotient and remainder, IEEE overflow."""
    assert spec.p is not None
    negative, m, e, sticky = row
    q = e + m.bit_length() - spec.p
    q = q if spec.q_min is None else max(q, spec.q_min)
    shift = min(q - e, m.bit_length() + 2)
    assert shift >= 2 or not sticky, "too few bits to decide"
    n, rest = divmod(m, 2**shift) if shift > 0 else (m * 2**-shift, 0)
    twice, unit, odd = 2 * rest, 2 ** max(shift, 0), n % 2 == 1
    inexact = rest != 0 or sticky
    nearest = twice > unit or (twice == unit and (sticky or mode == "RNA" or odd))
    up = {
        "RNE": nearest,
        "RNA": nearest,
        "RTZ": False,
        "RAZ": inexact,
        "RTP": inexact and not negative,
        "RTN": inexact and negative,
        "RTO": inexact and not odd,
    }[mode]
    return bounded(negative, n + up, q, spec, mode)


def bounded(negative: bool, n: int, q: int, spec: Spec, mode: str) -> Pair:
    """Return a rounded magnitude with its sign, or its overflow; the format must have the specials of IEEE 754."""
    if n == 0:
        return NEG_ZERO if negative else (0, 0)
    if spec.largest is not None and q + n.bit_length() > end(spec.largest):
        if not keeps_finite(mode, negative):
            return NEG_INF if negative else POS_INF
        n, q = spec.largest.numerator, 1 - spec.largest.denominator.bit_length()
    return canonical(-n if negative else n, q)


def end(largest: Fraction) -> int:
    """Return the least exponent of a power of two above a dyadic number."""
    return largest.numerator.bit_length() - largest.denominator.bit_length() + 1


def cut(n: int, e: int, sticky: bool) -> Row:
    """Return a nonzero integer times a power of two as a row."""
    return n < 0, abs(n), e, sticky


def exact_pair(operation: str, x: Number, y: Number, p: int, mode: str) -> Row | Pair:
    """Return + - * / remainders of nonzero numbers: exact, or a quotient of p + SPARE bits."""
    if operation == "divide":
        extra = max(0, p + SPARE + y[0].bit_length() - x[0].bit_length())
        quotient, rest = divmod(abs(x[0]) << extra, abs(y[0]))
        return (x[0] < 0) != (y[0] < 0), quotient, x[1] - y[1] - extra, rest != 0
    if operation == "multiply":
        return cut(x[0] * y[0], x[1] + y[1], False)
    low = min(x[1], y[1])
    m, n = x[0] << (x[1] - low), y[0] << (y[1] - low)
    found = WHOLE[operation](m, n)
    if found:
        return cut(found, low, False)
    negative = {"remainder": n < 0, "ieee_remainder": m < 0}.get(operation, mode == "RTN")
    return NEG_ZERO if negative else (0, 0)


def centred(m: int, n: int) -> int:
    """Return m - k * n, k the integer nearest to m / n, even in a tie."""
    return m - round(Fraction(m, n)) * n


WHOLE: dict[str, Callable[[int, int], int]] = {
    "add": lambda m, n: m + n,
    "subtract": lambda m, n: m - n,
    "remainder": lambda m, n: m % n,
    "ieee_remainder": centred,
}


def exact_fma(x: Number, y: Number, z: Number, mode: str) -> Row | Pair:
    """Return x * y + z of nonzero numbers."""
    return exact_pair("add", (x[0] * y[0], x[1] + y[1]), z, 0, mode)


def by_mpfr(operation: str, p: int, *arguments: Number) -> Row | Pair:
    """Return a function by MPFR in p + SPARE truncated bits."""
    widest = max(p + SPARE, *(abs(c).bit_length() + 1 for c, _ in arguments))
    with gmpy2.context(precision=widest, **WIDEST):
        xs = [gmpy2.mul_2exp(gmpy2.mpfr(c), k) if k >= 0 else gmpy2.div_2exp(gmpy2.mpfr(c), -k) for c, k in arguments]
    ctx = gmpy2.context(precision=p + SPARE, round=gmpy2.RoundToZero, **WIDEST)
    name = {"rsqrt": "rec_sqrt"}.get(operation, METHOD.get(operation, operation))
    result = getattr(ctx, name)(*xs)
    found = pairs_of([result])[0]
    if isinstance(found, str) or found[0] == 0:
        assert result.rc == 0, "MPFR's own range"
        return found
    missing = p + SPARE - abs(found[0]).bit_length()
    return cut(found[0] << missing, found[1] - missing, result.rc != 0)


def by_arb(operation: str, p: int, x: Number) -> Row | Pair:
    """Return a function that MPFR lacks, from an enclosure of which both ends agree in p + SPARE bits."""
    value = Fraction(x[0]) * Fraction(2) ** x[1]
    if operation in ("sinpi", "cospi") and (2 * value).denominator == 1:
        return rational_sine(value if operation == "sinpi" else value + Fraction(1, 2), value, operation)
    bits = 2 * p + 2 * SPARE + abs(x[1])
    before = flint.ctx.prec
    try:
        while True:
            flint.ctx.prec = bits
            ball = FORMULAS[operation](flint.arb(x[0]) * flint.arb(2) ** x[1])
            low, high = (leading(*map(int, end.man_exp()), p + SPARE) for end in (ball.lower(), ball.upper()))
            if low is not None and low == high:
                return (*low, True)
            bits *= 2
    finally:
        flint.ctx.prec = before


def rational_sine(turn: Fraction, value: Fraction, operation: str) -> Row | Pair:
    """Return sin(pi * turn) for a multiple of one half; sinpi of an integer is a zero of its sign, cospi's is +0."""
    if turn.denominator == 1:
        return NEG_ZERO if operation == "sinpi" and value < 0 else (0, 0)
    return cut(1 if turn % 2 == Fraction(1, 2) else -1, 0, False)


def leading(n: int, e: int, bits: int) -> tuple[bool, int, int] | None:
    """Return the leading bits of n * 2**e, or None for zero."""
    if n == 0:
        return None
    shift = abs(n).bit_length() - bits
    return n < 0, abs(n) >> shift if shift > 0 else abs(n) << -shift, e + shift


def to_integer(operation: str, x: Number) -> Row | Pair:
    """Return floor, ceil, trunc or round; a zero has the sign of the argument."""
    if x[1] >= 0:
        return cut(*x, False)
    n = INTEGRAL[operation](Fraction(x[0], 2 ** -x[1]))
    return cut(n, 0, False) if n else (NEG_ZERO if x[0] < 0 else (0, 0))


def exact_unary(operation: str, p: int, x: Number) -> Row | Pair:
    """Return a function of a nonzero number before rounding."""
    if operation in INTEGRAL:
        return to_integer(operation, x)
    return by_arb(operation, p, x) if operation in COMPOSED else by_mpfr(operation, p, x)


def rounded(rows: Sequence[Row | Pair], spec: Spec, mode: str) -> list[Pair]:
    """Return each row rounded, what is fixed already as it is."""
    return [round_row(r, spec, mode) if isinstance(r, tuple) and len(r) == 4 else r for r in rows]


def is_defined(found: Row | Pair) -> bool:
    """Return whether a result is a number."""
    return found not in (NAN, POS_INF, NEG_INF)
