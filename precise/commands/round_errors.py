"""The errors of one rounding as text; exponents may be of any size."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from precise.commands.texts import scaled_text
from precise.dyadic import Dyadic, Element, Special
from precise.formats import Format, ulp
from precise.rounding import floor_log2

#: Where the exponents of two numbers differ by more, the smaller one is negligible in every digit that is printed:
#: literals have at most 4000 characters and exponents of 7 digits, and formats at most 2**20 bits.
FARTHEST: Final = 1 << 25


def errors_of(value: Dyadic | Special | Fraction, result: Element, fmt: Format) -> dict[str, str]:
    """Return the errors of a finite result of a finite number, as fields."""
    held = Dyadic(0) if result is Special.NEG_ZERO else result
    given = Dyadic(0) if value is Special.NEG_ZERO else value
    if isinstance(held, Special) or isinstance(given, Special):
        same = result is value or Special.NAN in (result, value)
        return {"error": "none" if same else "infinite"}
    if given == 0:
        return {"error": scaled_text(*parts(held))}
    spacing = ulp(Dyadic(1, exponent_of(given)), fmt).q
    (m, q), (n, k) = difference(held, given), parts(given)
    return {
        "error": scaled_text(m, q),
        "relative error": scaled_text(m / abs(n), q - k),
        "ulps": scaled_text(m, q - spacing),
    }


def difference(held: Dyadic, given: Dyadic | Fraction) -> tuple[Fraction, int]:
    """Return `m, q` with held - given = m 2**q, or what prints alike where the exponents are very far apart."""
    if not held.c or abs(held.e - exponent_of(given)) <= FARTHEST:
        return parts(held - given if isinstance(given, Dyadic) else held.to_fraction() - given)
    larger, sign = (held, 1) if held.e > exponent_of(given) else (given, -1)
    m, q = parts(larger)
    negligible = Fraction(1, 1 << (m.numerator.bit_length() + m.denominator.bit_length() + 200))
    return sign * m * (1 - negligible if (held > 0) == (given > 0) else 1 + negligible), q


def exponent_of(x: Dyadic | Fraction) -> int:
    """Return floor(log2 |x|) for `x != 0`."""
    return x.e if isinstance(x, Dyadic) else floor_log2(abs(x.numerator), x.denominator)


def parts(x: Dyadic | Fraction) -> tuple[Fraction, int]:
    """Return `m, q` with x = m 2**q."""
    return (Fraction(x.c), x.q) if isinstance(x, Dyadic) else (x, 0)
