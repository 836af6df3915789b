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

FUNCTIONS: Final[dict[str, Callable[[flint.arb], flint.arb]]] = {
    "sqrt": flint.arb.sqrt,
    "exp": flint.arb.exp,
    "log": flint.arb.log,
    "sin": flint.arb.sin,
    "cos": flint.arb.cos,
    "tan": flint.arb.tan,
    "tanh": flint.arb.tanh,
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
    with working_precision(bits):
        return interval_of(FUNCTIONS[function](ball_of(x)))


def constant(name: str, bits: int) -> Interval:
    """Return an interval that contains pi or log 2."""
    with working_precision(bits):
        found = interval_of({"pi": flint.arb.pi, "log2": flint.arb.const_log2}[name]())
    assert found is not None
    return found


def refine(enclosure: Callable[[int], Interval | None], decide: Callable[[Interval], T | None], start: int) -> T:
    """Return the first decision of an enclosure computed with `start`, then twice, four times ... as many
    bits.

    Ends when `decide` does. Raises `UndecidedError` when 2**26 bits do not decide.
    """
    bits = start
    while bits <= WIDEST_REFINEMENT:
        found = enclosure(bits)
        if found is not None and (decision := decide(found)) is not None:
            return decision
        bits *= 2
    raise UndecidedError(f"refine: {WIDEST_REFINEMENT} working bits must decide the rounding; they do not")


def power(base: Fraction, exponent: Fraction, bits: int) -> Interval:
    """Return an interval that contains `base**exponent` for `base > 0`; of width 0 when the value is dyadic.

    Raises `DomainError` unless `base > 0`, `UnsupportedError` for a result beyond Arb's range.
    """
    if base <= 0:
        raise DomainError(f"power: base must be positive; got {base}")
    exact = _rational_power(base, exponent)
    if exact is not None and exact.denominator & (exact.denominator - 1) == 0:
        value = Dyadic.from_fraction(exact)
        return Interval(value, value)
    with working_precision(bits):
        found = interval_of((ball_of(base).log() * ball_of(exponent)).exp())
    if found is None:
        raise UnsupportedError(f"power: result must lie in Arb's range; got {base}**{exponent}")
    return found


def _rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return `base**exponent` if it is rational, else None: both parts of the base must be perfect powers."""
    a, b = exponent.numerator, exponent.denominator
    roots = [int(flint.fmpz(part).root(b)) for part in (base.numerator, base.denominator)]
    if any(root**b != part for root, part in zip(roots, (base.numerator, base.denominator), strict=True)):
        return None
    return Fraction(roots[0], roots[1]) ** a
