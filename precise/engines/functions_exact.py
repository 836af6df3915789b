"""Arguments at which an elementary function is an exact number, decided by arithmetic and never by a refinement.

Everywhere else the refinement ends, because the value is no dyadic number: it is transcendental for exp, expm1, log,
log1p, sin, cos, tan, sinh, cosh, tanh, atan, sigmoid and silu at nonzero rational arguments (Lindemann and
Weierstrass; log and log1p away from their zeros), irrational for exp2 at fractions and log2 at other numbers than
powers of two (unique factorisation), and for sinpi and cospi at dyadic numbers that are no multiples of 1/2 (Niven).
Of erf, erfc and gelu nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from precise.dyadic import Dyadic, Element, Special
from precise.engines.exact_operations import ZERO

Exactly: TypeAlias = Callable[[Dyadic], Element | None]


ONE: Final = Dyadic(1)


def is_odd(x: Dyadic) -> bool:
    """Return whether a number is an odd integer."""
    return x.q == 0 and x.c != 0


def signed_zero(negative: bool) -> Element:
    """Return the zero with the given sign."""
    return Special.NEG_ZERO if negative else ZERO


def nowhere(x: Dyadic) -> Element | None:
    """Return None: at nonzero numbers no value is exact."""
    return None


def _exp2(x: Dyadic) -> Element | None:
    """Powers of two at integers."""
    return Dyadic(1, int(x)) if x.q >= 0 else None


def _log(x: Dyadic) -> Element | None:
    """0 at 1."""
    return ZERO if x == ONE else None


def _log2(x: Dyadic) -> Element | None:
    """The exponent of a power of two."""
    return Dyadic(x.q) if x.c == 1 else None


def _sinpi(x: Dyadic) -> Element | None:
    """Zeros with the sign of x at integers, 1 and -1 at the odd multiples of 1/2 (IEEE 754-2019, 9.2.1)."""
    if x.q >= 0:
        return signed_zero(x.c < 0)
    return Dyadic(2 - x.c % 4) if x.q == -1 else None


def _cospi(x: Dyadic) -> Element | None:
    """1 and -1 at integers, +0 at the odd multiples of 1/2 (IEEE 754-2019, 9.2.1)."""
    if x.q >= 0:
        return Dyadic(-1) if x.q == 0 else ONE
    return ZERO if x.q == -1 else None


EXACT: Final[dict[str, Exactly]] = {
    "exp2": _exp2,
    "log": _log,
    "log2": _log2,
    "sinpi": _sinpi,
    "cospi": _cospi,
}
