"""Codes: the bit patterns of a format, and nothing else knows them.

Fixed point is two's complement, or unsigned. Every floating-point format follows one rule. The magnitudes in ascending
order, zero first where there is one, have the codes 0, 1, 2, ...; then comes infinity, where there is one; the codes
that remain are NaN. A format with NaN that has negative numbers but no -0 gives NaN the code of -0 instead (FNUZ,
P3109). The sign is the bit above. For the IEEE formats this is the encoding of IEEE 754-2019, 3.4.

NaN is one class: every code of NaN decodes to the one datum, and it encodes to the quiet NaN with positive sign and no
payload where there is more than one code. A format that flushes has the codes of the one that does not; the codes of
its subnormals decode to zero of their sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from precise.dyadic import Dyadic, Element, Special, require_element
from precise.errors import DomainError, NotRepresentableError, UnsupportedError
from precise.formats.format import Format


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rule puts the data of a floating-point format.

    Parameters
    ----------
    bits : int
        Of a magnitude; the sign bit, where there is one, has the weight `2**bits`.
    numbers : int
        How many magnitudes there are: codes below it are numbers.
    infinity, nan : int or None
        The code of positive infinity, and the code that NaN encodes to.
    """

    bits: int
    numbers: int
    infinity: int | None
    nan: int | None


@lru_cache(maxsize=1024)
def layout(fmt: Format) -> Layout:
    """Return the layout of a floating-point format, or raise `UnsupportedError` where the rule gives none."""
    if fmt.p is None or fmt.emin is None or fmt.largest is None or (not fmt.subnormals and fmt.p > 1):
        raise UnsupportedError(f"encoding: format must be an IEEE-like or fixed-point format; got {fmt.name}")
    at_negative_zero = fmt.signed and not fmt.signed_zero
    if at_negative_zero and not fmt.nan:
        raise UnsupportedError(f"encoding: the code of -0 must have a meaning; got {fmt.name}, without -0 and NaN")
    numbers = magnitude_code(fmt.largest, fmt) + 1
    used = numbers + fmt.infinities
    high_nan = fmt.nan and not at_negative_zero
    bits = (used + high_nan - 1).bit_length()
    spare = (1 << bits) - used
    # One code, or the rest of infinity's binade, is NaN: the exponents fill their field.
    if spare > (max((1 << (fmt.p - 1)) - fmt.infinities, 1) if high_nan else 0):
        raise UnsupportedError(f"encoding: the exponents of {fmt.name} must fill a field; got {spare} codes to spare")
    infinity = numbers if fmt.infinities else None
    nan = None
    if at_negative_zero:
        nan = 1 << bits
    elif fmt.nan:
        quiet = fmt.infinities and spare == (1 << (fmt.p - 1)) - 1
        nan = numbers + (1 << (fmt.p - 2)) if quiet else (1 << bits) - 1
    return Layout(bits, numbers, infinity, nan)


def magnitude_code(x: Dyadic, fmt: Format) -> int:
    """Return how many magnitudes lie below the nonzero member `x` of a format with `p` and `q_min`."""
    assert fmt.p is not None and fmt.emin is not None
    significand = abs(x).integer_at(fmt.quantum(x.e))
    biased = max(x.e - fmt.emin, 0) << (fmt.p - 1)  # a normal significand carries its leading bit into the field
    return biased + significand - (not fmt.zero)


def width(fmt: Format) -> int:
    """Return the number of bits of a code. Raises `UnsupportedError` for a format without a standard encoding."""
    if fmt.p is None:
        assert fmt.largest is not None and fmt.q_min is not None
        return fmt.largest.integer_at(fmt.q_min).bit_length() + fmt.signed
    return layout(fmt).bits + fmt.signed


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
    where = layout(fmt)
    sign_bit = 1 << where.bits
    if x is Special.NAN:
        assert where.nan is not None
        return where.nan
    if isinstance(x, Special):
        magnitude = where.infinity if x is not Special.NEG_ZERO else 0
        assert magnitude is not None
        return magnitude | (0 if x is Special.POS_INF else sign_bit)
    if x.c == 0:
        return 0
    return magnitude_code(x, fmt) | (sign_bit if x.c < 0 else 0)


def decode(code: int, fmt: Format) -> Element:
    """Return the datum of a code. Raises `DomainError` unless `0 <= code < 2**width`, and for a code of no datum.

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
        assert fmt.q_min is not None and fmt.least is not None
        negative = fmt.signed and code >> (bits - 1)
        value = Dyadic(code - (1 << bits) if negative else code, fmt.q_min)
        if value < fmt.least:
            raise DomainError(f"decode: {code:#x} must be a code of {fmt.name}, which leaves it out; got {code:#x}")
        return value
    where = layout(fmt)
    negative, magnitude = bool(code >> where.bits), code & ((1 << where.bits) - 1)
    if magnitude >= numbers_and_infinity(where) or (negative and not magnitude and not fmt.signed_zero):
        return Special.NAN
    if magnitude == where.infinity:
        return Special.NEG_INF if negative else Special.POS_INF
    value = _magnitude(magnitude, fmt)
    if value.c == 0:
        return Special.NEG_ZERO if negative and fmt.signed_zero else value
    return -value if negative else value


def numbers_and_infinity(where: Layout) -> int:
    """Return how many codes of one sign are no NaN (that of -0 aside)."""
    return where.numbers + (where.infinity is not None)


def _magnitude(code: int, fmt: Format) -> Dyadic:
    """Return the number with `code` magnitudes below it, zero for a subnormal one that is flushed."""
    assert fmt.p is not None and fmt.q_min is not None
    position, trailing = code + (not fmt.zero), fmt.p - 1
    field, fraction = position >> trailing, position & ((1 << trailing) - 1)
    if not field:
        return Dyadic(0) if fmt.flush else Dyadic(fraction, fmt.q_min)
    return Dyadic(fraction | 1 << trailing, fmt.q_min + field - 1)
