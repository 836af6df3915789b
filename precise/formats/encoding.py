"""Codes: the bit patterns of a format, and nothing else knows them.

Floating point follows IEEE 754-2019, 3.4: sign, biased exponent, trailing significand; exponent field 0
holds zero and the subnormals, and the field of all ones holds infinities and NaN where the format has
infinities. A format with NaN and no infinities (E4M3FN) gives the code of all ones to NaN and the rest of
that binade to numbers. Fixed point is two's complement, or unsigned.
"""

from __future__ import annotations

from precise.dyadic import Dyadic, Element, Special, require_element
from precise.errors import DomainError, NotRepresentableError, UnsupportedError
from precise.formats.format import Format


def width(fmt: Format) -> int:
    """Return the number of bits of a code. Raises `UnsupportedError` for a format without a standard encoding."""
    if fmt.p is None:
        assert fmt.largest is not None and fmt.q_min is not None
        return fmt.largest.integer_at(fmt.q_min).bit_length() + fmt.signed
    return 1 + _exponent_width(fmt) + fmt.p - 1


def _exponent_width(fmt: Format) -> int:
    """Return the bits of the exponent field: the exponents, the field of zero, and that of infinity if there is one."""
    if fmt.emin is None or fmt.emax is None or not (fmt.subnormals and fmt.signed_zero):
        raise UnsupportedError(f"encoding: format must be an IEEE-like or fixed-point format; got {fmt.name}")
    fields = fmt.emax - fmt.emin + 2 + fmt.infinities
    if fields & (fields - 1) or not _fills_last_binade(fmt):
        raise UnsupportedError(f"encoding: the exponents of {fmt.name} must fill a field; got {fields} field values")
    return fields.bit_length() - 1


def _fills_last_binade(fmt: Format) -> bool:
    """Return whether the largest number is the one that the encoding rule leaves."""
    assert fmt.p is not None and fmt.largest is not None
    significand = fmt.largest.integer_at(fmt.quantum(fmt.largest.e))
    return significand == (1 << fmt.p) - 1 - (fmt.nan and not fmt.infinities)


def encode(x: Element, fmt: Format) -> int:
    """Return the code of the datum `x`; NaN gives the quiet NaN with positive sign and no payload.

    Raises `NotRepresentableError` unless `x` is a member.

    Examples
    --------
    >>> from precise.formats import bfloat16
    >>> hex(encode(Dyadic(1), bfloat16))
    '0x3f80'
    """
    require_element("encode", x)
    if x not in fmt:
        raise NotRepresentableError(f"encode: argument must be a member of {fmt.name}; got {x}")
    if fmt.p is None:
        assert isinstance(x, Dyadic) and fmt.q_min is not None
        return x.integer_at(fmt.q_min) % (1 << width(fmt))
    trailing, field = fmt.p - 1, _exponent_width(fmt)
    top = (1 << field) - 1
    sign_bit = 1 << (trailing + field)
    if isinstance(x, Special):
        infinity = top << trailing
        nan = infinity | (1 << (trailing - 1) if fmt.infinities else (1 << trailing) - 1)
        return {
            Special.NEG_ZERO: sign_bit,
            Special.POS_INF: infinity,
            Special.NEG_INF: sign_bit | infinity,
            Special.NAN: nan,
        }[x]
    if x.c == 0:
        return 0
    assert fmt.emin is not None
    significand = abs(x).integer_at(fmt.quantum(x.e))
    biased = max(x.e - fmt.emin, 0) << trailing  # a normal significand carries its leading bit into the field
    return (sign_bit if x.c < 0 else 0) | (biased + significand)


def decode(code: int, fmt: Format) -> Element:
    """Return the datum of a code. Raises `DomainError` unless `0 <= code < 2**width`.

    Examples
    --------
    >>> from precise.formats import float8_e4m3fn
    >>> decode(0x7E, float8_e4m3fn) == 448
    True
    """
    bits = width(fmt)
    if not isinstance(code, int):
        raise DomainError(f"decode: code must be an integer; got {code!r}")
    if not 0 <= code < 1 << bits:
        raise DomainError(f"decode: a code of {fmt.name} must lie in 0..{(1 << bits) - 1:#x}; got {code:#x}")
    if fmt.p is None:
        assert fmt.q_min is not None
        negative = fmt.signed and code >> (bits - 1)
        return Dyadic(code - (1 << bits) if negative else code, fmt.q_min)
    trailing, field = fmt.p - 1, _exponent_width(fmt)
    negative = bool(code >> (trailing + field))
    exponent, fraction = (code >> trailing) & ((1 << field) - 1), code & ((1 << trailing) - 1)
    if exponent == (1 << field) - 1:
        if fmt.infinities:
            return Special.NAN if fraction else (Special.NEG_INF if negative else Special.POS_INF)
        if fmt.nan and fraction == (1 << trailing) - 1:
            return Special.NAN
    assert fmt.q_min is not None
    significand = fraction | (1 << trailing) if exponent else fraction
    if significand == 0 and negative:
        return Special.NEG_ZERO
    return Dyadic(-significand if negative else significand, fmt.q_min + max(exponent - 1, 0))
