"""Rigorous enclosures: Arb balls (Johansson 2017) through python-flint, and intervals with exact dyadic ends.

Arb's working precision is a global of the library, so it is set here only, under a lock, and restored. A
ball without a finite radius carries no information; it is never an exclusion.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

import flint

from precise.dyadic import Dyadic
from precise.errors import DomainError, UndecidedError, UnsupportedError

T = TypeVar("T")

_LOCK: Final = threading.RLock()

# Beyond this many working bits a refinement gives up; 2**26 bits are 8 MiB a number.
WIDEST_REFINEMENT: Final = 1 << 26


def _exp2(x: flint.arb) -> flint.arb:
    """Return `2**x`."""
    return (x * flint.arb.const_log2()).exp()


def _log2(x: flint.arb) -> flint.arb:
    """Return the binary logarithm."""
    return x.log() / flint.arb.const_log2()


def _sigmoid(x: flint.arb) -> flint.arb:
    """Return `1 / (1 + exp(-x))`."""
    return 1 / (1 + (-x).exp())


def _gelu(x: flint.arb) -> flint.arb:
    """Return `x * Phi(x)`, Phi the normal distribution: `x / 2 * erfc(-x / sqrt(2))`."""
    return x / 2 * (-x / flint.arb(2).sqrt()).erfc()


def _hypot(x: flint.arb, y: flint.arb) -> flint.arb:
    """Return `sqrt(x**2 + y**2)`; a sum of squares whose ball reaches below 0 is cut there."""
    total = x * x + y * y
    if total.is_exact() or total.lower() > 0:
        return total.sqrt()
    return flint.arb(0).union(total.upper().sqrt())


def integral(direction: str, x: Dyadic) -> Dyadic:
    """Return an integer beside `x`, exactly: `floor`, `ceil`, `trunc`, or the nearest with ties to even."""
    if x.q >= 0:
        return x
    if direction == "trunc":
        direction = "ceil" if x.c < 0 else "floor"
    shift = min(-x.q, x.c.bit_length() + 2)  # beyond it |x| < 1/4, where the shift no longer matters
    below = x.c >> shift
    twice = 2 * (x.c - (below << shift)) - (1 << shift)  # the sign of x - below - 1/2
    nearest_is_above = twice > 0 or (twice == 0 and below & 1 == 1)
    return Dyadic(below + (direction == "ceil" or (direction == "round_to_integral" and nearest_is_above)))


def _integral(direction: str) -> Callable[[flint.arb], flint.arb]:
    """Return the function of balls; it is monotone, so the ends decide."""

    def apply(x: flint.arb) -> flint.arb:
        if (found := interval_of(x)) is None:
            return flint.arb.nan()
        return ball_of(integral(direction, found.lower)).union(ball_of(integral(direction, found.upper)))

    return apply


# Elementary functions of one ball.
FUNCTIONS: Final[dict[str, Callable[[flint.arb], flint.arb]]] = {
    "sqrt": flint.arb.sqrt,
    "rsqrt": flint.arb.rsqrt,
    "exp": flint.arb.exp,
    "exp2": _exp2,
    "expm1": flint.arb.expm1,
    "log": flint.arb.log,
    "log2": _log2,
    "log1p": flint.arb.log1p,
    "sin": flint.arb.sin,
    "cos": flint.arb.cos,
    "tan": flint.arb.tan,
    "sinpi": flint.arb.sin_pi,
    "cospi": flint.arb.cos_pi,
    "sinh": flint.arb.sinh,
    "cosh": flint.arb.cosh,
    "tanh": flint.arb.tanh,
    "atan": flint.arb.atan,
    "erf": flint.arb.erf,
    "erfc": flint.arb.erfc,
    "sigmoid": _sigmoid,
    "silu": lambda x: x * _sigmoid(x),
    "gelu": _gelu,
}

# To an integer.
INTEGRAL_FUNCTIONS: Final[dict[str, Callable[[flint.arb], flint.arb]]] = {
    name: _integral(name) for name in ("floor", "ceil", "trunc", "round_to_integral")
}

# Functions of two balls.
BINARY_FUNCTIONS: Final[dict[str, Callable[[flint.arb, flint.arb], flint.arb]]] = {
    "pow": lambda x, y: x**y,
    "hypot": _hypot,
    "atan2": flint.arb.atan2,
    "remainder": lambda x, y: x - INTEGRAL_FUNCTIONS["floor"](x / y) * y,
    "ieee_remainder": lambda x, y: x - INTEGRAL_FUNCTIONS["round_to_integral"](x / y) * y,
}


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Set Arb's precision for the calls inside the block."""
    with _LOCK:
        before = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            yield
        finally:
            flint.ctx.prec = before


@dataclass(frozen=True, slots=True)
class Interval:
    """The closed interval `[lower, upper]` with exact ends."""

    lower: Dyadic
    upper: Dyadic

    def __contains__(self, x: Dyadic | Fraction | int) -> bool:
        return self.lower <= x <= self.upper

    @property
    def width(self) -> Dyadic:
        """The length of the interval, exactly."""
        return self.upper - self.lower


def ball_of(x: Dyadic | Fraction | int) -> flint.arb:
    """Return a ball that contains `x`; exact for dyadic numbers, whatever the precision."""
    if isinstance(x, Fraction):
        return flint.arb(flint.fmpq(x.numerator, x.denominator))
    if isinstance(x, int):
        x = Dyadic(x)
    return flint.arb((flint.fmpz(x.c), flint.fmpz(x.q)))


def interval_of(ball: flint.arb) -> Interval | None:
    """Return the exact ends of a ball, or None where it is not bounded."""
    if not ball.is_finite():
        return None
    c, q = ball.mid().man_exp()
    r, s = ball.rad().man_exp()
    middle, radius = Dyadic(int(c), int(q)), Dyadic(int(r), int(s))
    return Interval(middle - radius, middle + radius)


def enclose(function: str, x: Dyadic, bits: int) -> Interval | None:
    """Return an interval that contains the value of an elementary function at `x`, or None where Arb has no bound."""
    return evaluate(lambda: FUNCTIONS[function](ball_of(x)), bits)


def evaluate(formula: Callable[[], flint.arb], bits: int) -> Interval | None:
    """Return an interval that contains the value of a formula in balls, or None where not even its sign is known.

    A radius beyond `2 * bits` bits below the value is widened to that, so that no wide gap is filled with zeros.
    """
    with working_precision(bits):
        ball = formula()
    if not ball.is_finite():
        return None
    middle = Dyadic(*map(int, ball.mid().man_exp()))
    radius = Dyadic(*map(int, ball.rad().man_exp()))
    if radius.c == 0:
        return Interval(middle, middle)
    if middle.c == 0 or radius.e >= middle.e - 1:
        return None
    radius = max(radius, Dyadic(1, middle.e - 2 * bits))
    return Interval(middle - radius, middle + radius)


def constant(name: str, bits: int) -> Interval:
    """Return an interval that contains pi or log 2."""
    with working_precision(bits):
        found = interval_of({"pi": flint.arb.pi, "log2": flint.arb.const_log2}[name]())
    assert found is not None
    return found


def refine(
    enclosure: Callable[[int], Interval | None],
    decide: Callable[[Interval], T | None],
    start: int,
    end: int = WIDEST_REFINEMENT,
) -> T:
    """Return the first decision of an enclosure computed with `start`, then twice, four times ... as many
    bits.

    Ends when `decide` does. Raises `UndecidedError` when `end` bits do not decide.
    """
    bits = start
    while bits <= end:
        found = enclosure(bits)
        if found is not None and (decision := decide(found)) is not None:
            return decision
        bits *= 2
    raise UndecidedError(f"refine: {end} working bits must decide the rounding; they do not")


def power(base: Fraction, exponent: Fraction, bits: int) -> Interval:
    """Return an interval that contains `base**exponent` for `base > 0`; of width 0 when the value is dyadic.

    Raises `DomainError` unless `base > 0`, `UnsupportedError` for a result beyond Arb's range.
    """
    if base <= 0:
        raise DomainError(f"power: base must be positive; got {base}")
    exact = rational_power(base, exponent)
    if exact is not None and exact.denominator & (exact.denominator - 1) == 0:
        value = Dyadic.from_fraction(exact)
        return Interval(value, value)
    with working_precision(bits):
        found = interval_of((ball_of(base).log() * ball_of(exponent)).exp())
    if found is None:
        raise UnsupportedError(f"power: result must lie in Arb's range; got {base}**{exponent}")
    return found


def rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return `base**exponent`, `base > 0`, if rational, else None: both parts of the base must be perfect powers."""
    a, b = exponent.numerator, exponent.denominator
    parts = (base.numerator, base.denominator)
    if b > max(part.bit_length() for part in parts):  # no root but 1 is so small
        return Fraction(1) if base == 1 else None
    roots = [int(flint.fmpz(part).root(b)) for part in parts]
    if any(root**b != part for root, part in zip(roots, parts, strict=True)):
        return None
    return Fraction(roots[0], roots[1]) ** a
