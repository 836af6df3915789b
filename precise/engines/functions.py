"""Elementary functions of one dyadic number, correctly rounded in every format and mode.

Exact cases first, then arguments so small or large that the value is a known number plus an unknown speck,
then an Arb enclosure that is refined until both ends round alike. At every other dyadic argument the value
of exp, log, sin, cos, tan and tanh is transcendental (Lindemann), never a number or midpoint of a format, so
the refinement ends; the bound on its width is memory, and exceeding it raises `UndecidedError`.
"""

from __future__ import annotations

from math import isqrt
from typing import Final, cast

from precise.balls import Interval, enclose, refine
from precise.dyadic import Dyadic, Element
from precise.errors import DomainError, UnsupportedError
from precise.rounding import Overflow, Rounder

# Functions with f(0) = 0 and those with f(0) = 1; log has its exact case at 1.
ZERO_AT_ZERO: Final = frozenset({"sin", "tan", "tanh"})
ONE_AT_ZERO: Final = frozenset({"exp", "cos"})
PERIODIC: Final = frozenset({"sin", "cos", "tan"})

# exp of an argument beyond this many bits has an exponent that no computation can use.
LARGEST_EXP_ARGUMENT: Final = 1 << 16


def rounded_function(name: str, x: Dyadic, rounder: Rounder, index: int = 0) -> Element:
    """Return the function `name` at `x`, correctly rounded. Preconditions: `x > 0` for log, `x >= 0` for sqrt."""
    if name == "sqrt":
        return rounder(sqrt_stand_in(x, _precision(rounder, x.e // 2 if x.c else 0)), index)
    if x.c == 0:
        return rounder(Dyadic(int(name in ONE_AT_ZERO)), index)
    if name == "log" and x == 1:
        return Dyadic(0)
    stand_in = _speck(name, x, rounder)
    if stand_in is not None:
        return rounder(stand_in, index)

    def decide(found: Interval) -> Element | None:
        low, high = (_attempt(rounder, end, index) for end in (found.lower, found.upper))
        if isinstance(low, DomainError) and isinstance(high, DomainError) and same_binade(found):
            raise low  # the policy `error` refuses all that lies between
        return low if low == high and not isinstance(low, DomainError) else None

    start = _precision(rounder, x.e if name in ZERO_AT_ZERO else 0) + 16
    start += max(x.e, 0) if name in PERIODIC else 0
    return cast(Element, refine(lambda bits: enclose(name, x, bits), decide, start))


def _attempt(rounder: Rounder, x: Dyadic, index: int) -> Element | DomainError:
    """Return an end of an enclosure rounded, or the refusal of the policy `error`."""
    try:
        return rounder(x, index)
    except DomainError as refusal:
        return refusal


def same_binade(found: Interval) -> bool:
    """Return whether both ends have one sign and one exponent."""
    return found.lower.sign == found.upper.sign != 0 and found.lower.e == found.upper.e


def sqrt_stand_in(x: Dyadic, precision: int) -> Dyadic:
    """Return sqrt(x) if it is dyadic with few bits, else a number in the same open interval between
    multiples.

    The integer root s of `m = x * 4**k` has more than `precision + 2` bits; where `s**2 < m < (s+1)**2`
    every number and midpoint of `precision` bits is an integer in these units, so `s + 1/2` rounds as the
    root does.
    """
    if x.c == 0:
        return x
    k = max(0, precision + 4 - x.c.bit_length() // 2)
    q = x.q - (x.q & 1)  # even, so that the root of 2**q is a power of two
    m = (x.c << (x.q - q)) << (2 * k)
    s = isqrt(m)
    return Dyadic(2 * s + (s * s != m), q // 2 - k - 1)


def _precision(rounder: Rounder, e: int) -> int:
    """Return the bits on which rounding a value of exponent `e` may depend."""
    fmt = rounder.format
    own = fmt.p if fmt.p is not None else max(1, e - fmt.quantum(e) + 1)
    return own + rounder.rounding.extra_bits


def _speck(name: str, x: Dyadic, rounder: Rounder) -> Dyadic | None:
    """Return a stand-in where the value is `b * (1 + t)` with a known `b` and `0 < |t| < 2**-k` of known
    sign.

    `k` exceeds the bits of `b` and those on which the rounding depends by 4, so no number or midpoint lies
    strictly between `b` and `b * (1 + t)`, and `b * (1 + t')` rounds alike for every such t' of the same
    sign.
    """
    if name == "exp":
        return _speck_of_exp(x, rounder)
    if name == "log":
        return None
    base = x if name in ZERO_AT_ZERO else Dyadic(1)
    k = max(_precision(rounder, base.e), base.c.bit_length()) + 4
    # For |x| < 1/2: sin x = x(1 - t), t < x^2/6; tan x = x(1 + t), t < x^2/2; tanh x = x(1 - t), t < x^2/3;
    # cos x = 1 - t, t <= x^2/2. Each t is below 2**(2 e + 2) / 2.
    if 2 * x.e + 1 <= -k:
        return base + (base if name == "tan" else -base).scaled(-k)
    # |tanh x| = 1 - t with t < 2 exp(-2|x|) < 2**(1 - 2|x|).
    k_one = _precision(rounder, 0) + 4
    if name == "tanh" and abs(x) > k_one:
        one = Dyadic(x.sign)
        return one - one.scaled(-k_one)
    return None


def _speck_of_exp(x: Dyadic, rounder: Rounder) -> Dyadic | None:
    """Return a stand-in for exp near 0, and beyond the range of the format."""
    fmt = rounder.format
    k = _precision(rounder, 0) + 4
    if x.e + 2 <= -k:  # |exp x - 1| < 2|x| < 2**(e + 2)
        return Dyadic(1) + Dyadic(x.sign, -k)
    beyond = fmt.largest is not None and x >= fmt.largest.e + 2  # exp x > 2**x
    if beyond and fmt.largest is not None and rounder.overflow is not Overflow.WRAP:
        return Dyadic(1, fmt.largest.e + 2)
    if x.c < 0 and fmt.q_min is not None and x <= fmt.q_min - k:  # exp x < 2**x
        return Dyadic(1, fmt.q_min - k)
    if x.e > LARGEST_EXP_ARGUMENT:
        raise UnsupportedError(f"exp: argument must lie below 2**{LARGEST_EXP_ARGUMENT}; got a value of exponent {x.e}")
    return None
