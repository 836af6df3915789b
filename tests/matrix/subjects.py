"""What the tests judge, behind plain functions of numbers: specs in, float64 or fractions out.

A check takes one of these functions, so that a mutant of it can be given to the same check.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, Value
from oracles.lanes import Floats

from precise import rounded
from precise.dyadic import Element, Special
from precise.formats import NAMED, Fixed, Float, Format, paper_float, parse_format, unbounded
from precise.rounding import RAZ, RNA, RNE, RTN, RTO, RTP, RTZ, Overflow, Rounding, round_to

ROUNDING: dict[str, Rounding] = {
    "RNE": RNE,
    "RNA": RNA,
    "RTZ": RTZ,
    "RTP": RTP,
    "RTN": RTN,
    "RAZ": RAZ,
    "RTO": RTO,
}
OVERFLOW = {"infinity": Overflow.INFINITY, "nan": Overflow.NAN, "saturate": Overflow.SATURATE}
SPECIALS = {NEG_ZERO: Special.NEG_ZERO, POS_INF: Special.POS_INF, NEG_INF: Special.NEG_INF, NAN: Special.NAN}
STRINGS = {special: text for text, special in SPECIALS.items()}

RoundScalar = Callable[[Value, Spec, str, str | None], Value]
RoundArray = Callable[[Spec, str, Floats], Floats]
Binary = Callable[[str, Spec, str, Floats, Floats], Floats]
Ternary = Callable[[Spec, str, Floats, Floats, Floats], Floats]
Unary = Callable[[str, Spec, str, Floats], Floats]


def format_of(spec: Spec) -> Format:
    """Return the package's format that the plain numbers describe; named ones by name, so that both are compared."""
    if spec.name in NAMED or spec.name.startswith("binary8p"):
        return parse_format(spec.name)
    if spec.name.startswith("paper:"):
        return paper_float(int(spec.name.removeprefix("paper:")))
    if spec.p is None:
        assert spec.q_min is not None
        assert spec.largest is not None
        assert spec.least is not None
        units = spec.largest / Fraction(2) ** spec.q_min
        return Fixed(int(units + 1).bit_length() - (spec.least == 0), spec.q_min, signed=spec.least < 0)
    if spec.q_min is None:
        return unbounded(spec.p)
    assert spec.largest is not None
    emin = spec.q_min + spec.p - 1
    emax = next(e for e in range(emin, 10**5) if Fraction(2) ** (e + 1) > spec.largest)
    specials = {"infinities": spec.infinities, "nan": spec.nan, "signed_zero": spec.signed_zero}
    return Float(spec.p, emin, emax, subnormals=spec.subnormals, **specials)


def value_of(x: Element) -> Value:
    """Return an element as a fraction or special string."""
    return STRINGS[x] if isinstance(x, Special) else x.to_fraction()


def pair_of(x: Element) -> tuple[int, int] | str:
    """Return an element of any size as (odd significand, exponent), (0, 0), or a special string."""
    return STRINGS[x] if isinstance(x, Special) else (x.c, x.q)


def element_of(x: Value) -> Element | Fraction:
    """Return a fraction or special string as something that can be rounded."""
    return SPECIALS[x] if isinstance(x, str) else x


def round_scalar(x: Value, spec: Spec, mode: str, overflow: str | None) -> Value:
    """Return x rounded by the one rounding function."""
    policy = None if overflow is None else OVERFLOW[overflow]
    return value_of(round_to(element_of(x), format=format_of(spec), rounding=ROUNDING[mode], overflow=policy))


def round_array(spec: Spec, mode: str, x: Floats) -> Floats:
    """Return an array rounded on entry."""
    return rounded(format_of(spec), ROUNDING[mode]).asarray(x).to_float64()


def binary(operation: str, spec: Spec, mode: str, x1: Floats, x2: Floats, *, engine: str | None = None) -> Floats:
    """Return an array operation of two arrays of members."""
    xp = rounded(format_of(spec), ROUNDING[mode], engine=engine)
    return getattr(xp, operation)(xp.asarray(x1), xp.asarray(x2)).to_float64()


def fma(spec: Spec, mode: str, x1: Floats, x2: Floats, x3: Floats) -> Floats:
    """Return x1 * x2 + x3 with one rounding."""
    xp = rounded(format_of(spec), ROUNDING[mode])
    return xp.fma(xp.asarray(x1), xp.asarray(x2), xp.asarray(x3)).to_float64()


def unary(operation: str, spec: Spec, mode: str, x: Floats, *, engine: str | None = None) -> Floats:
    """Return an array function of an array of members."""
    xp = rounded(format_of(spec), ROUNDING[mode], engine=engine)
    return getattr(xp, operation)(xp.asarray(x)).to_float64()
