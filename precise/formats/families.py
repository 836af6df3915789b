"""Families of formats: IEEE P3109's, integers, and formats that flush to zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from precise.dyadic import Dyadic
from precise.errors import FormatError
from precise.formats.format import Fixed, Format, check_bits

#: What the name of a format that flushes ends in.
FLUSH_SUFFIX: Final = "-ftz"


def p3109(k: int, p: int, *, signed: bool = True, extended: bool = True) -> Format:
    """Return the IEEE P3109 format of `k` bits with precision `p`, named like `binary8p3se`.

    Magnitudes take the codes 0, 1, 2, ... in ascending order. Extended formats have infinity, at the last code of its
    sign. There is one zero and one NaN: in signed formats NaN has the code of -0, in unsigned ones the last code. The
    exponent bias is `2**(k-p-1)`, or `2**(k-p)` for unsigned formats.

    Parameters
    ----------
    k : int
        Width in bits, at least 3.
    p : int
        Precision: `1 <= p < k` for signed formats, `1 <= p <= k` for unsigned ones.
    signed, extended : bool
        Whether negative numbers, and infinities, exist (`s` or `u`, `e` or `f` in the name).

    Special cases
    -------------
    For p = 1 no significand is even: ties go to the larger magnitude (IEEE 754-2019, 4.3.1), where the P3109 draft
    picks the even code.

    References
    ----------
    IEEE P3109 working group, interim report on binary floating-point formats for machine learning.

    Examples
    --------
    >>> p3109(8, 3).largest == 49152, p3109(8, 3).smallest_positive
    (True, Dyadic(1, -17))
    """
    check_bits("p3109: width k", k, 3)
    check_bits("p3109: precision p", p, 1)
    if p > k - signed:
        raise FormatError(f"p3109: precision p must be at most {k - signed} for k={k}; got {p}")
    name = f"binary{k}p{p}{'s' if signed else 'u'}{'e' if extended else 'f'}"
    emin = 1 - (1 << (k - p - signed))
    magnitudes = 1 << (k - signed)
    top = magnitudes - 1 - extended - (not signed)  # the code of the largest number
    field, fraction = top >> (p - 1), top & ((1 << (p - 1)) - 1)
    q_min = emin - p + 1
    largest = Dyadic(fraction + (1 << (p - 1)), q_min + field - 1)
    least = -largest if signed else Dyadic(0)
    return Format(name, p, q_min, largest, least, True, signed_zero=False, infinities=extended, nan=True)


def integer(k: int, *, signed: bool = True) -> Format:
    """Return the integers of `k` bits, `int8` or `uint8`: fixed point with quantum 1.

    Examples
    --------
    >>> integer(4).least == -8, integer(4, signed=False).largest == 15
    (True, True)
    """
    return Fixed(k, 0, signed=signed, name=f"{'int' if signed else 'uint'}{k}")


def flushing(fmt: Format) -> Format:
    """Return the format that flushes subnormal results to zero, named like `bfloat16-ftz`.

    Results are rounded as if the subnormals existed; what then lies below the least normal number becomes zero of the
    same sign, as under `Underflow.FLUSH`. Inputs that are rounded to the format are flushed alike, and a code of a
    subnormal is read as zero. This is what hardware in its flush-to-zero and denormals-are-zero modes does, but for
    results within half a quantum below the least normal number, where some hardware decides before the rounding.

    Examples
    --------
    >>> from precise.formats import binary16
    >>> flushing(binary16).smallest_positive
    Dyadic(1, -14)
    """
    return fmt if fmt.flush else replace(fmt, name=fmt.name + FLUSH_SUFFIX, flush=True)
