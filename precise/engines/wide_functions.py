"""Elementary functions of the wide engine: the extension, MPFR or Arb, whichever is fastest, correctly rounded.

MPFR rounds each of its functions correctly, subnormal and overflowing results included, and has the special values of
the reference, but for 1 / sqrt(-0), which is refused.

Arb gives a ball, `|f(x) - m| <= r`, at `GUARD` bits more than the format has. Let u be half a unit in the last place of
p bits at m. If no multiple of u lies within r of m, then f(x) and m lie between the same two neighbours among the
numbers and midpoints of p bits, hence among those of the format, and m is a stand-in that rounds as f(x) does. That
fails for about one argument in 2**(GUARD - 3), for exact values, for special data and where Arb loses bits; MPFR serves
these, or the reference where MPFR has no such function. The extension has such stand-ins too, and rounds them itself
(`wide_fixed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import flint
import gmpy2

from precise.balls import BINARY_FUNCTIONS, FUNCTIONS, working_precision
from precise.engines import reference
from precise.engines.wide_fixed import call_for, values
from precise.engines.wide_numbers import SPAN, element_of_mpfr, mpfr_of
from precise.engines.wide_power import call_for_powers, powers
from precise.engines.wide_rounding import Function, Numbers, WideRounder
from precise.errors import DomainError, UnsupportedError

#: The methods of a gmpy2 context that are the functions.
METHODS: Final = {
    **{name: name for name in ("exp", "exp2", "expm1", "log", "log2", "log1p", "sin", "cos", "tan", "sinh", "cosh")},
    **{name: name for name in ("tanh", "atan", "erf", "erfc", "hypot", "pow")},
    "rsqrt": "rec_sqrt",
}

#: From this precision on Arb, with all conversions, is faster than MPFR. It serves what MPFR lacks at any precision.
ARB_FROM: Final = {
    "erf": 128,
    "erfc": 128,
    "atan": 160,
    "log1p": 512,
    "log": 640,
    **dict.fromkeys(("exp2", "log2"), 2048),
    **dict.fromkeys(("exp", "expm1", "sinh", "cosh", "tanh"), 1024),
    **dict.fromkeys(("sin", "cos", "tan"), 2048),
    **dict.fromkeys(("sinpi", "cospi", "sigmoid", "silu", "gelu", "atan2"), 0),
}
GUARD: Final = 32

ARB: Final[dict[str, Callable[..., flint.arb]]] = {**FUNCTIONS, **BINARY_FUNCTIONS}
FUNCTION_NAMES: Final = METHODS.keys() | ARB_FROM.keys()

PERIODIC: Final = frozenset({"sin", "cos", "tan"})
LONGEST_EXPONENT: Final = 1 << 16  # reducing a larger number to a period takes as many bits of pi


def function_values(op: str, rows: list[Iterable[gmpy2.mpfr]], wide: WideRounder) -> Iterable[gmpy2.mpfr]:
    """Return a function at MPFR numbers, rounded once."""
    numbers = [list(row) for row in rows]
    if op == "rsqrt" and not all(numbers[0]) and any(gmpy2.is_signed(x) for x in numbers[0] if not x):
        raise UnsupportedError("rsqrt: argument must not be -0, where MPFR has +infinity")
    if call_for(op, wide.p, len(numbers[0])):
        return _by_extension(op, numbers[0], wide)
    if op == "pow" and call_for_powers(wide.p, len(numbers[0])):
        return powers(numbers[0], numbers[1], wide, _direct(op, wide))
    if op in PERIODIC:
        _require_reducible(op, numbers[0])
    if op in METHODS and wide.p < ARB_FROM.get(op, wide.p + 1):
        return wide.map(METHODS[op], *numbers)
    return _by_arb(op, numbers, wide)


def _by_extension(op: str, numbers: Numbers, wide: WideRounder) -> Numbers:
    """Return a function at MPFR numbers by the extension, and by MPFR where that decides nothing."""
    found, left = values(op, numbers, wide.p, wide.code, *wide.normal)
    if op in PERIODIC:  # larger arguments are among those that are left open
        _require_reducible(op, [numbers[i] for i in left])
    direct = _direct(op, wide)
    for i in left:
        found[i] = direct(0, numbers[i])
    return found


def _require_reducible(op: str, numbers: Numbers) -> None:
    """Refuse numbers so large that their reduction to a period would take long."""
    if max(map(gmpy2.get_exp, numbers), default=0) > LONGEST_EXPONENT:
        raise UnsupportedError(f"{op}: argument must lie below 2**{LONGEST_EXPONENT}; got a larger one")


def _by_arb(op: str, rows: list[Numbers], wide: WideRounder) -> Numbers:
    """Return a function at MPFR numbers by stand-ins from balls, and by `_direct` where a ball decides nothing."""
    scale, direct, p = wide.function("mul_2exp"), _direct(op, wide), wide.p
    found: Numbers = []
    with working_precision(p + GUARD):
        for i, ball in enumerate(map(ARB[op], *map(_balls, rows))):
            pair = _stand_in(ball, p)
            found.append(scale(*pair) if pair else direct(i, *(row[i] for row in rows)))
    return found


def _balls(numbers: Numbers) -> list[flint.arb]:
    """Return balls around numbers, exact for those of no more bits than Arb works with.

    For zeros, infinities, NaN and numbers so large or small that Arb might work long, the ball is undefined.
    """
    undefined, powers = flint.arb.nan(), dict[int, flint.arb]()
    found = []
    for x in numbers:
        ball = undefined
        if x.is_regular():
            c, q = x.as_mantissa_exp()
            power = powers.get(q)
            if power is None:
                near = abs(gmpy2.get_exp(x)) <= LONGEST_EXPONENT
                power = powers[q] = flint.arb((1, int(q))) if near else undefined
            ball = flint.arb(flint.fmpz(int(c))) * power
        found.append(ball)
    return found


def _stand_in(ball: flint.arb, p: int) -> tuple[int, int] | None:
    """Return (c, q), where c * 2**q rounds to p bits as all numbers of the ball do; None where it does not tell."""
    accuracy = ball.rel_accuracy_bits()
    if accuracy < p + 4:
        return None
    middle, q = ball.mid().man_exp()
    c = int(middle)
    bits = c.bit_length()
    free = bits - p - 1  # half a unit in the last place of p bits is 2**free, in units of 2**q
    if free <= 0 or abs(q) > SPAN:
        return None
    radius = 1 << (bits - accuracy if bits > accuracy else 0)  # the ball's is below 2**(bits - accuracy - 1) units
    above = c & ((1 << free) - 1)  # the distance from the multiple of 2**free below c
    return (c, int(q)) if radius <= above <= (1 << free) - radius else None


def _direct(op: str, wide: WideRounder) -> Callable[..., gmpy2.mpfr]:
    """Return the function of an index and arguments that MPFR, or else the reference, computes."""
    if op in METHODS:
        method: Function = wide.function(METHODS[op])
        return lambda i, *row: method(*row)

    def ask(i: int, *row: gmpy2.mpfr) -> gmpy2.mpfr:
        """Return one element as the reference has it."""
        try:
            return mpfr_of(reference.OPERATIONS[op](*map(element_of_mpfr, row), wide.rounder, i), wide.p)
        except DomainError as error:
            raise UnsupportedError(str(error)) from error

    return ask
