"""Codes of whole arrays: the rule of `precise.formats.encoding` on lanes, and one element at a time elsewhere.

Nothing is rounded here: an array of codes is compared with what it decodes to, so an element that is no member raises.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.engines.carrier import Data, Lanes, Objects, element_of, fits_lanes, object_array, stored, to_objects
from precise.errors import DomainError
from precise.formats import Format, decode, encode, width
from precise.formats.encoding import layout, numbers_and_infinity

Codes: TypeAlias = NDArray[np.uint64]

_WIDEST_CODE = 64


def encode_array(data: Data, fmt: Format) -> Codes | Objects:
    """Return the codes of the members `data`, Python integers where a code has more than 64 bits.

    Raises `NotRepresentableError` where an element is no member.
    """
    if width(fmt) > _WIDEST_CODE or not fits_lanes(fmt) or data.dtype == object:
        found = object_array((encode(x, fmt) for x in to_objects(data).ravel().tolist()), data.shape)
        return found if width(fmt) > _WIDEST_CODE else found.astype(np.uint64)
    x: Lanes = data.ravel()  # type: ignore[assignment]
    codes = _encode_fixed(x, fmt) if fmt.p is None else _encode_float(x, fmt)
    back = _decode_lanes(codes, fmt)
    same = (back == x) & (np.signbit(back) == np.signbit(x)) | (np.isnan(back) & np.isnan(x))
    if not same.all():
        encode(element_of(float(x[int(np.argmin(same))])), fmt)
        raise AssertionError("a member and its code disagree")
    return codes.reshape(data.shape)


def decode_array(codes: NDArray[np.generic], fmt: Format) -> Data:
    """Return the data that an array of integer codes means; `DomainError` where a code means nothing."""
    flat = codes.ravel()
    if flat.dtype.kind not in "iuO" or (flat.dtype.kind == "O" and not all(isinstance(c, int) for c in flat.tolist())):
        raise DomainError(f"from_codes: codes must be integers; got NumPy type {codes.dtype}")
    bits = width(fmt)
    if bits > _WIDEST_CODE or not fits_lanes(fmt) or flat.dtype.kind == "O":
        return stored(object_array((decode(int(c), fmt) for c in flat.tolist()), codes.shape), fmt)
    if flat.size:
        for extreme in (int(flat.min()), int(flat.max())):
            if not 0 <= extreme < 1 << bits:
                decode(extreme, fmt)
    y = _decode_lanes(flat.astype(np.uint64), fmt)
    if fmt.p is None and fmt.least is not None and (y < fmt.least.to_float()).any():
        decode(int(flat[int(np.argmin(y))]), fmt)
    return y.reshape(codes.shape)


def _encode_fixed(x: Lanes, fmt: Format) -> Codes:
    """Return the low bits of the integers `x / 2**q_min`."""
    assert fmt.q_min is not None
    with np.errstate(all="ignore"):
        units = np.where(np.isfinite(x), np.ldexp(x, -fmt.q_min), 0.0)
        integers = np.clip(units, -(2.0**53), 2.0**53).astype(np.int64)
    codes: Codes = integers.astype(np.uint64) & np.uint64((1 << width(fmt)) - 1)  # modulo 2**64, so two's complement
    return codes


def _encode_float(x: Lanes, fmt: Format) -> Codes:
    """Return the number of magnitudes below each number, the codes of the specials, and signs."""
    assert fmt.p is not None and fmt.emin is not None and fmt.emax is not None
    where, a = layout(fmt), np.abs(x)
    nan, infinite = np.isnan(a), a == np.inf
    a = np.where(nan | infinite, 0.0, a)
    e = np.clip(np.where(a > 0, np.frexp(a)[1] - 1, fmt.emin), fmt.emin, fmt.emax)
    with np.errstate(all="ignore"):
        significand = np.minimum(np.ldexp(a, fmt.p - 1 - e), 2.0**53).astype(np.int64)
    position = significand + ((e.astype(np.int64) - fmt.emin) << (fmt.p - 1)) - (not fmt.zero)
    codes: Codes = np.maximum(position, 0).astype(np.uint64)
    if where.infinity is not None:
        codes[infinite] = where.infinity
    codes[np.signbit(x) & fmt.signed] |= np.uint64(1 << where.bits)
    if where.nan is not None:
        codes[nan] = where.nan
    return codes


def _decode_lanes(codes: Codes, fmt: Format) -> Lanes:
    """Return what codes below `2**width` mean."""
    assert fmt.q_min is not None
    if fmt.p is None:
        signed = codes.astype(np.int64)
        signed[codes >> np.uint64(width(fmt) - fmt.signed) != 0] -= (1 << width(fmt)) * fmt.signed
        numbers: Lanes = np.ldexp(signed.astype(np.float64), fmt.q_min)
        return numbers
    where, trailing = layout(fmt), fmt.p - 1
    magnitude = codes & np.uint64((1 << where.bits) - 1)
    negative = codes >> np.uint64(where.bits) != 0
    position = magnitude.astype(np.int64) + (not fmt.zero)
    field, fraction = position >> trailing, position & ((1 << trailing) - 1)
    significand = np.where(field > 0, fraction | 1 << trailing, 0 if fmt.flush else fraction)
    with np.errstate(over="ignore"):  # at the code of infinity
        y: Lanes = np.ldexp(significand.astype(np.float64), fmt.q_min + np.maximum(field - 1, 0))
    if where.infinity is not None:
        y[magnitude == where.infinity] = np.inf
    y = np.where(negative & (fmt.signed_zero | (y != 0)), -y, y)
    nan = magnitude >= numbers_and_infinity(where)
    if not fmt.signed_zero:
        nan |= negative & (magnitude == 0)
    y[nan] = np.nan
    return y
