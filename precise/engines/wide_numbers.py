"""MPFR numbers as carriers of data: exact conversions, and the exponents inside which MPFR may be trusted.

gmpy2 computes inside MPFR's default range of exponents, about +-2**30, whatever a context says. Elements are kept to
`SPAN`, so that the product of two of them is inside too. No function here reads or changes gmpy2's current context.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias
from weakref import WeakValueDictionary

import gmpy2
import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic, Element, Special
from precise.errors import UnsupportedError

MPFR: Final = type(gmpy2.mpfr(0))

#: No element held as an MPFR number has a bit above 2**SPAN or below 2**-SPAN; MPFR itself ends at 2**(2**30 - 1).
SPAN: Final = (1 << 29) - (1 << 22)

_WHOLE_RANGE: Final = {"emin": gmpy2.get_emin_min(), "emax": gmpy2.get_emax_max()}
_EXACT_53: Final = gmpy2.context(precision=53, **_WHOLE_RANGE)

ZERO: Final = _EXACT_53.plus(0.0)
ONE: Final = _EXACT_53.plus(1.0)
_SPECIAL: Final = {
    Special.NEG_ZERO: _EXACT_53.plus(-0.0),
    Special.POS_INF: _EXACT_53.plus(math.inf),
    Special.NEG_INF: _EXACT_53.plus(-math.inf),
    Special.NAN: _EXACT_53.plus(math.nan),
}


@lru_cache(maxsize=256)
def exact_context(bits: int) -> gmpy2.context:
    """Return a context for operations whose results have at most `bits` bits; its flags mean nothing."""
    return gmpy2.context(precision=bits, **_WHOLE_RANGE)


def element_of_mpfr(x: gmpy2.mpfr) -> Element:
    """Return the datum that an MPFR number is."""
    if x.is_finite():
        if x.is_zero():
            return Special.NEG_ZERO if gmpy2.is_signed(x) else Dyadic(0)
        c, q = x.as_mantissa_exp()
        return Dyadic(int(c), int(q))
    if x.is_nan():
        return Special.NAN
    return Special.NEG_INF if gmpy2.is_signed(x) else Special.POS_INF


def fits_mpfr(x: Element) -> bool:
    """Return whether a datum may be held as an MPFR number."""
    return isinstance(x, Special) or x.c == 0 or (x.q >= -SPAN and x.e < SPAN)


def mpfr_of(x: Element | gmpy2.mpfr, p: int = 64) -> gmpy2.mpfr:
    """Return a datum as an MPFR number, exactly; `UnsupportedError` where its exponent is out of range.

    It gets `p` bits where these hold it: MPFR is quickest where operands are as long as results.
    """
    if type(x) is MPFR:
        return x
    if isinstance(x, Special):
        return _SPECIAL[x]
    if not isinstance(x, Dyadic):
        raise UnsupportedError(f"wide: elements must be dyadic; got {type(x).__name__}")
    if x.c == 0:
        return ZERO
    if not fits_mpfr(x):
        raise UnsupportedError(f"wide: exponents must lie within 2**29 - 2**22 of 0; got 2**{x.e}")
    bits = p if x.c.bit_length() <= p else -(-x.c.bit_length() // 64) * 64
    return exact_context(bits).mul_2exp(gmpy2.mpz(x.c), x.q)


def floats_of_mpfr(values: list[gmpy2.mpfr]) -> list[float] | None:
    """Return MPFR numbers as Python floats, or None unless binary64 has them all."""
    binary64 = gmpy2.context(precision=53, emin=-1073, emax=1024, subnormalize=True)
    rounded = list(map(binary64.plus, values))
    return None if binary64.inexact or binary64.overflow or binary64.underflow else list(map(float, rounded))


_Arrays: TypeAlias = WeakValueDictionary[int, NDArray[np.generic]]

# Arrays made by `mpfr_array`, by identity: what is known of them, and of their views, need not be looked up again.
_MADE: Final[_Arrays] = WeakValueDictionary()

# Of these the ones of which it is known that all elements are finite, or whether all are and none is zero.
_FINITE: Final[_Arrays] = WeakValueDictionary()
_REGULAR: Final[dict[bool, _Arrays]] = {regular: WeakValueDictionary() for regular in (True, False)}


def mpfr_array(values: Iterable[gmpy2.mpfr], shape: tuple[int, ...]) -> NDArray[np.object_]:
    """Return an object array of the given shape from MPFR numbers in C order, read-only."""
    made = np.fromiter(values, dtype=object, count=math.prod(shape))
    made.flags.writeable = False
    _MADE[id(made)] = made
    return made.reshape(shape)


def _owner(data: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return the array that holds the elements of one that may be a view of it."""
    return data if data.base is None else data.base


def is_made(data: NDArray[np.generic]) -> bool:
    """Return whether an array was made by `mpfr_array`, or is a view of such a one."""
    owner = _owner(data)
    return _MADE.get(id(owner)) is owner


def are_regular(data: NDArray[np.generic]) -> bool:
    """Return whether an array was made by `mpfr_array` and its elements, or those it views, are finite and not zero.

    They are looked at once; the answer is then known of the array and its views.
    """
    owner = _owner(data)
    if not is_made(owner):
        return False
    for regular, arrays in _REGULAR.items():
        if arrays.get(id(owner)) is owner:
            return regular
    return _know_regular(
        owner, all(owner.flat if _FINITE.get(id(owner)) is owner else map(MPFR.is_regular, owner.flat))
    )


def know_finite(data: NDArray[np.generic], nonzero: bool) -> None:
    """Note that the elements of an array made by `mpfr_array` are finite, and perhaps that none is zero."""
    owner = _owner(data)
    _FINITE[id(owner)] = owner
    if nonzero:
        _know_regular(owner, True)


def _know_regular(owner: NDArray[np.generic], regular: bool) -> bool:
    """Note, and return, whether the elements of an array are finite and not zero."""
    _REGULAR[regular][id(owner)] = owner
    return regular


def holds_mpfr(data: NDArray[np.generic], flat: Sequence[object] | None = None) -> bool:
    """Return whether all elements are MPFR numbers; `flat` are the elements, where the caller has them already."""
    if data.dtype != object:
        return False
    if is_made(data):
        return True
    flat = data.ravel().tolist() if flat is None else flat
    return list(map(type, flat)).count(MPFR) == len(flat)
