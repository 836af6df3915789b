"""Decimal text of exact rational numbers, rounded in a stated direction: an upper bound never prints below itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from precise.dyadic import Dyadic

_LONGEST: Final = 40


def decimal_above(x: Fraction, digits: int = 3) -> str:
    """Return `x >= 0` in decimal with so many significant digits, rounded up.

    Examples
    --------
    >>> decimal_above(Fraction(1, 3)), decimal_above(Fraction(1, 2**30)), decimal_above(Fraction(2))
    ('0.334', '9.32e-10', '2.00')
    """
    return _significant(x, digits, up=True)


def decimal_below(x: Fraction, digits: int = 3) -> str:
    """Return `x >= 0` in decimal with so many significant digits, rounded down."""
    return _significant(x, digits, up=False)


def exact_text(x: Fraction) -> str:
    """Return `x` in decimal: exactly where 40 digits suffice, otherwise towards zero to 17 digits with `...` behind.

    Examples
    --------
    >>> exact_text(Fraction(-5, 8)), exact_text(Fraction(1, 3))
    ('-0.625', '0.33333333333333333...')
    """
    sign, x = "-" if x < 0 else "", abs(x)
    places = _places(x.denominator)
    if places is not None and x < 10**_LONGEST:
        whole = x.numerator * 10**places // x.denominator
        text = str(whole).rjust(places + 1, "0")
        plain = f"{text[:-places]}.{text[-places:]}" if places else text
        if len(plain) <= _LONGEST:
            return sign + plain
    text, _, power = _significant(x, 17, up=False).partition("e")
    return f"{sign}{text}...{'e' + power if power else ''}"


def _places(denominator: int) -> int | None:
    """Return the decimal places that a fraction needs, or None where it needs more than 40."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0 and fives <= _LONGEST:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return places if rest == 1 and places <= _LONGEST else None


def _significant(x: Fraction, digits: int, *, up: bool) -> str:
    """Return `x >= 0` with so many digits: plain from 0.0001 to 10**(digits + 2), with an exponent elsewhere."""
    if x == 0:
        return "0"
    k = _floor_log10(x)
    m = _at_scale(x, k - digits + 1, up)
    if m == 10**digits:
        m, k = 10 ** (digits - 1), k + 1
    if -4 <= k < digits + 2:
        point = digits - 1 - k
        if point <= 0:
            return str(m * 10**-point)
        text = str(m).rjust(point + 1, "0")
        return f"{text[:-point]}.{text[-point:]}"
    text = str(m)
    mantissa = f"{text[0]}.{text[1:]}" if digits > 1 else text
    return f"{mantissa}e{k:+03d}"


def _at_scale(x: Fraction, k: int, up: bool) -> int:
    """Return `x / 10**k` as an integer, rounded up or down."""
    n, d = (x.numerator, x.denominator * 10**k) if k >= 0 else (x.numerator * 10**-k, x.denominator)
    return -(-n // d) if up else n // d


def _floor_log10(x: Fraction) -> int:
    """Return floor(log10 x) for `x > 0`."""
    k = (x.numerator.bit_length() - x.denominator.bit_length()) * 30103 // 100000  # log10(2) = 0.30103 - 5e-9
    while x < _ten(k):
        k -= 1
    while x >= _ten(k + 1):
        k += 1
    return k


def _ten(k: int) -> Fraction:
    """Return 10**k."""
    return Fraction(10**k) if k >= 0 else Fraction(1, 10**-k)


def fraction_of(x: Dyadic | Fraction) -> Fraction:
    """Return either kind of exact number as a Fraction."""
    return x.to_fraction() if isinstance(x, Dyadic) else x
