"""Exact numbers as text: in decimal, and as powers of two where a decimal would be too long."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from precise.dyadic import Dyadic, Element, Special
from precise.rounding import floor_log2
from precise.studies.decimals import exact_text

#: Numbers whose leading bit lies beyond this exponent are not written in decimal.
LONGEST_EXPONENT: Final = 1 << 15


def decimal_of(x: Element) -> str:
    """Return a datum in decimal; beyond `LONGEST_EXPONENT` the powers of two that it lies between."""
    if isinstance(x, Special):
        return str(x)
    return scaled_text(Fraction(x.c), x.q)


def scaled_text(m: Fraction, q: int) -> str:
    """Return `m 2**q` in decimal; beyond `LONGEST_EXPONENT` the powers of two that it lies between."""
    if not m:
        return "0"
    e = floor_log2(abs(m.numerator), m.denominator)
    if abs(e + q) <= LONGEST_EXPONENT:
        return exact_text(m * (1 << q) if q >= 0 else m / (1 << -q))
    is_power = abs(m) == (Fraction(1 << e) if e >= 0 else Fraction(1, 1 << -e))
    return f"{'-' if m < 0 else ''}{power_text(e + q, exact=is_power)}"


def between_powers(x: Dyadic) -> str:
    """Return the power of two that a positive number is, or the one below it with dots."""
    return power_text(x.e, exact=x.c == 1)


def power_text(e: int, *, exact: bool) -> str:
    """Return `2^e`, with dots for a number that is not a power of two."""
    if e.bit_length() > 40:
        return f"2^({integer_text(e)})"
    return f"2^{e}{'' if exact else '...'}"


def integer_text(n: int) -> str:
    """Return an integer; where it has more than 40 bits, the power of two below its magnitude, marked with a tilde."""
    return str(n) if n.bit_length() <= 40 else f"~{'-' if n < 0 else ''}2^{n.bit_length() - 1}"
