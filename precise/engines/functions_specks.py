"""Values that are a known number plus a speck: tiny arguments, saturation, and results beyond the range.

Each function returns a stand-in for the value at a nonzero number inside the domain, or None where an enclosure
must decide. With `e` the exponent of x, `2**e <= |x| < 2**(e + 1)`; each bound on the speck is in the comment above
its line, and holds strictly.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Final, TypeAlias

from precise.dyadic import Dyadic
from precise.engines.functions_exact import ONE
from precise.engines.functions_thresholds import Thresholds

Speck: TypeAlias = Callable[[Dyadic, Thresholds], Dyadic | None]

HALF: Final = Dyadic(1, -1)
TWO: Final = Dyadic(2)
# Exponents of the formats have at most a few more bits than 2**20, the largest precision; larger whole parts are cut.
_LONGEST_WHOLE: Final = 1 << 21


def whole(x: Dyadic) -> int:
    """Return floor(|x|), or `2**(2**21)` where that is less."""
    if x.e < 0:
        return 0
    if x.e > _LONGEST_WHOLE:
        return 1 << _LONGEST_WHOLE
    return abs(x.c) << x.q if x.q >= 0 else abs(x.c) >> -x.q


def whole_square(x: Dyadic) -> int:
    """Return floor(x**2), or a lower bound where that is long."""
    return whole(x) ** 2 if x.e > 64 else whole(x * x)


def none(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """Return None: an enclosure decides at every argument."""
    return None


def _sqrt(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """Return the square root if it is dyadic with few bits, else a number in the same open interval between
    multiples.

    The integer root s of `m = x * 4**k` has more than `bits + 2` bits; where `s**2 < m < (s + 1)**2` every threshold
    is an integer in these units, so `s + 1/2` rounds as the root does.
    """
    k = max(0, near.bits(x.e // 2) + 4 - x.c.bit_length() // 2)
    q = x.q - (x.q & 1)  # even, so that the root of 2**q is a power of two
    m = (x.c << (x.q - q)) << (2 * k)
    s = isqrt(m)
    return Dyadic(2 * s + (s * s != m), q // 2 - k - 1)


def _rsqrt(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """Return the reciprocal root likewise: `s = floor(2**k / sqrt(m))` is the integer root of `4**k // m`."""
    q = x.q - (x.q & 1)
    m = x.c << (x.q - q)
    k = near.bits(-(x.e // 2)) + 4 + m.bit_length()
    s = isqrt((1 << (2 * k)) // m)
    return Dyadic(2 * s + (s * s * m != 1 << (2 * k)), -(q // 2) - k - 1)


def _sin(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """sin x is x less a speck of its sign."""
    # |x - sin x| < |x|**3 / 6 < 2**(3 e + 3 - 2)
    return near.beside(x, -x.sign, 3 * x.e + 1)


def _cos(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """cos x is 1 less a speck."""
    # 0 < 1 - cos x <= x**2 / 2 < 2**(2 e + 1)
    return near.beside(ONE, -1, 2 * x.e + 1)


def _tan(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """tan x is x and a speck of its sign."""
    # |tan x - x| < |x|**3 / 2 for |x| < 1/2, since tan(1/2) - 1/2 < 1/16 and (tan x - x) / x**3 grows
    return near.beside(x, x.sign, 3 * x.e + 2) if x.e <= -2 else None


def _tanh(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """tanh x is x less a speck near 0, and 1 or -1 less a speck far away."""
    # |x - tanh x| < |x|**3 / 3 < 2**(3 e + 3 - 1)
    tiny = near.beside(x, -x.sign, 3 * x.e + 2)
    # 1 - |tanh x| = 2 / (exp(2 |x|) + 1) < 2**(1 - 2 |x|)
    return tiny or near.beside(Dyadic(x.sign), -x.sign, 1 - 2 * whole(x))


def _exp(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """exp x is 1 and a speck near 0; beyond the range of the format far away."""
    # |exp x - 1| < 2 |x| for |x| < 1
    tiny = near.beside(ONE, x.sign, x.e + 2) if x.e < 0 else None
    # exp x > 2**x for x > 0, exp x < 2**x for x < 0
    return tiny or (near.overflows(1, whole(x)) if x.c > 0 else near.vanishes(1, -whole(x)))


def exp2(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """2**x is 1 and a speck near 0; beyond the range of the format far away."""
    # |2**x - 1| < |x| for |x| < 1
    tiny = near.beside(ONE, x.sign, x.e + 1) if x.e < 0 else None
    return tiny or (near.overflows(1, whole(x)) if x.c > 0 else near.vanishes(1, 1 - whole(x)))


def _expm1(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """expm1 x is x and a positive speck near 0, and -1 and a speck far below."""
    # 0 < exp x - 1 - x < x**2 for |x| < 1, since e - 2 < 1
    tiny = near.beside(x, 1, 2 * x.e + 2) if x.e < 0 else None
    # exp x < 2**x for x < 0; exp x - 1 > 2**x - 1 >= 2**(x - 1) for x >= 1
    return tiny or (near.beside(-ONE, 1, -whole(x)) if x.c < 0 else near.overflows(1, whole(x) - 1))


def _log1p(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """log1p x is x less a speck."""
    # 0 < x - log(1 + x) < x**2 for |x| < 1/2, since the series of |x|**k / k is at most x**2 (1/2 + 1/6 + 1/16 + ...)
    return near.beside(x, -1, 2 * x.e + 2) if x.e <= -2 else None


def _sinh(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """sinh x is x and a speck of its sign near 0."""
    # |sinh x - x| < |x|**3 / 5 < 2**(3 e + 3 - 2) for |x| < 1, since sinh 1 - 1 < 1/5
    tiny = near.beside(x, x.sign, 3 * x.e + 1) if x.e < 0 else None
    # |sinh x| > exp|x| / 4 > 2**(|x| - 2) for |x| >= 1
    return tiny or near.overflows(x.sign, whole(x) - 2)


def _cosh(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """cosh x is 1 and a speck near 0."""
    # 0 < cosh x - 1 < x**2 < 2**(2 e + 2) for |x| < 1
    tiny = near.beside(ONE, 1, 2 * x.e + 2) if x.e < 0 else None
    # cosh x > exp|x| / 2 > 2**(|x| - 1)
    return tiny or near.overflows(1, whole(x) - 1)


def _atan(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """atan x is x less a speck of its sign."""
    # |x - atan x| < |x|**3 / 3 < 2**(3 e + 3 - 1)
    return near.beside(x, -x.sign, 3 * x.e + 2)


def _cospi(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """cos(pi x) is 1 less a speck."""
    # 0 < 1 - cos(pi x) <= pi**2 x**2 / 2 < 8 x**2 < 2**(2 e + 5) for |x| < 2
    return near.beside(ONE, -1, 2 * x.e + 5) if x.e < 0 else None


def _erf(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """erf x is 1 or -1 less a speck far away. (Near 0 it is x times an irrational number.)"""
    # 1 - erf|x| < exp(-x**2) < 2**(-x**2)
    return near.beside(Dyadic(x.sign), -x.sign, -whole_square(x))


def _erfc(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """erfc x is 1 and a speck near 0, 2 less a speck far below, and 0 and a speck far above."""
    # |erfc x - 1| < 2 |x| < 2**(e + 2), since 2 / sqrt(pi) < 2
    tiny = near.beside(ONE, -x.sign, x.e + 2)
    # 2 - erfc x = erfc(-x), and erfc x < exp(-x**2) < 2**(-x**2) for x > 0
    size = -whole_square(x)
    return tiny or (near.beside(TWO, -1, size) if x.c < 0 else near.vanishes(1, size))


def _sigmoid(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """sigmoid x is 1/2 and a speck near 0, and 1 or 0 and a speck far away."""
    # |sigmoid x - 1/2| = tanh(|x| / 2) / 2 < |x| / 4 < 2**(e - 1)
    tiny = near.beside(HALF, x.sign, x.e - 1)
    # 1 - sigmoid x < exp(-x) < 2**(-x) for x > 0, and sigmoid x < exp x < 2**x for x < 0
    return tiny or (near.vanishes(1, -whole(x)) if x.c < 0 else near.beside(ONE, -1, -whole(x)))


def _silu(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """x sigmoid(x) is x / 2 and a positive speck near 0, x less a speck far above, and -0 far below."""
    # 0 < silu x - x / 2 = x tanh(x / 2) / 2 < x**2 / 4 < 2**(2 e)
    tiny = near.beside(x.scaled(-1), 1, 2 * x.e)
    if x.c > 0:  # x - silu x < x exp(-x) < 2**(e + 1 - x)
        return tiny or near.beside(x, -1, x.e + 1 - whole(x))
    # |silu x| < |x| exp x < 2**x for x <= -8, since 8 (2 / e)**8 < 1 and |x| (2 / e)**|x| falls
    return tiny or (near.vanishes(-1, -whole(x)) if x.e >= 3 else None)


def _gelu(x: Dyadic, near: Thresholds) -> Dyadic | None:
    """x Phi(x) is x / 2 and a positive speck near 0, x less a speck far above, and -0 far below."""
    # 0 < gelu x - x / 2 = x erf(x / sqrt 2) / 2 <= x**2 / sqrt(2 pi) < x**2 / 2 < 2**(2 e + 1)
    tiny = near.beside(x.scaled(-1), 1, 2 * x.e + 1)
    size = -(whole_square(x) // 2)
    if x.c > 0:  # x - gelu x = x Q(x), and Q(x) < exp(-x**2 / 2) / 2 < 2**(-x**2 / 2 - 1)
        return tiny or near.beside(x, -1, x.e + 1 + size)
    # |x| Q(|x|) < 2**(-x**2 / 2) for x <= -4, since 4 (2 / e)**8 < 2 and |x| (2 / e)**(x**2 / 2) falls
    return tiny or (near.vanishes(-1, size) if x.e >= 2 else None)


SPECKS: Final[dict[str, Speck]] = {
    "sqrt": _sqrt,
    "rsqrt": _rsqrt,
    "exp": _exp,
    "exp2": exp2,
    "expm1": _expm1,
    "log": none,
    "log2": none,
    "log1p": _log1p,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "sinpi": none,
    "cospi": _cospi,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "atan": _atan,
    "erf": _erf,
    "erfc": _erfc,
    "sigmoid": _sigmoid,
    "silu": _silu,
    "gelu": _gelu,
}
