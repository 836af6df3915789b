"""Carriers: how the elements of an array are held.

Float64 lanes where binary64 has every element exactly. Objects otherwise: `gmpy2.mpfr` numbers where the format has
a precision and all exponents are within MPFR's range, else `Dyadic` and `Special`. An array of objects may mix
both kinds; `to_objects` gives the second to every reader that does not know the first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic, Element, Special
from precise.engines.wide_numbers import (
    MPFR,
    element_of_mpfr,
    fits_mpfr,
    floats_of_mpfr,
    holds_mpfr,
    mpfr_array,
    mpfr_of,
)
from precise.errors import NotRepresentableError, UnsupportedError
from precise.formats.format import Format

Lanes: TypeAlias = NDArray[np.float64]
Objects: TypeAlias = NDArray[np.object_]
Data: TypeAlias = Lanes | Objects

_TO_FLOAT = {
    Special.NEG_ZERO: -0.0,
    Special.POS_INF: math.inf,
    Special.NEG_INF: -math.inf,
    Special.NAN: math.nan,
}


def object_array(values: Iterable[object], shape: tuple[int, ...]) -> Objects:
    """Return an object array of the given shape from its elements in C order."""
    return np.fromiter(values, dtype=object, count=math.prod(shape)).reshape(shape)


def fits_lanes(fmt: Format) -> bool:
    """Return whether binary64 has every member of the format."""
    if fmt.p is None:
        return fmt.largest is not None and fmt.least is not None and _fits(fmt.largest) and _fits(fmt.least)
    if fmt.q_min is None or fmt.emax is None:
        return False
    return fmt.p <= 53 and fmt.q_min >= -1074 and fmt.emax <= 1023


def _fits(x: Dyadic) -> bool:
    """Return whether binary64 has every multiple of the quantum up to `x`; the width decides."""
    return x.c == 0 or (x.c.bit_length() <= 53 and x.q >= -1074 and x.e <= 1023)


def element_of(x: float) -> Element:
    """Return the datum that a Python float holds."""
    if math.isfinite(x):
        if x == 0:
            return Special.NEG_ZERO if math.copysign(1.0, x) < 0 else Dyadic(0)
        return Dyadic.from_float(x)
    if math.isnan(x):
        return Special.NAN
    return Special.POS_INF if x > 0 else Special.NEG_INF


def float_of(x: Element) -> float:
    """Return the Python float that holds a datum exactly; `NotRepresentableError` where there is none."""
    return _TO_FLOAT[x] if isinstance(x, Special) else x.to_float()


def lane_of(x: Element) -> float:
    """Return the float64 lane that holds a result of the reference; `UnsupportedError` where none does."""
    try:
        return float_of(x)
    except NotRepresentableError:
        raise UnsupportedError(f"lanes: results must be binary64 numbers; got {x}") from None


def to_objects(data: Data) -> Objects:
    """Return the elements of an array as an object array of `Dyadic` and `Special`."""
    if data.dtype == object:
        flat = data.ravel().tolist()
        if MPFR not in set(map(type, flat)):
            return data  # type: ignore[return-value]
        return object_array((element_of_mpfr(x) if type(x) is MPFR else x for x in flat), data.shape)
    return object_array((element_of(x) for x in data.ravel().tolist()), data.shape)


def to_lanes(data: Data) -> Lanes:
    """Return the elements of an array as float64; `NotRepresentableError` where one does not fit."""
    if data.dtype != object:
        return data  # type: ignore[return-value]
    flat = data.ravel().tolist()
    found = floats_of_mpfr(flat) if holds_mpfr(data, flat) else None
    if found is None:
        found = [float_of(x) for x in to_objects(data).ravel().tolist()]
    return np.array(found, dtype=np.float64).reshape(data.shape)


def stored(data: Data, fmt: Format) -> Data:
    """Return the carrier for elements of `fmt`: lanes or MPFR numbers where the format, or else every element, fits."""
    if data.dtype != object or fits_lanes(fmt):
        return to_lanes(data)
    if fmt.p is None:
        return data
    if fmt.p <= 53:
        try:
            return to_lanes(data)
        except NotRepresentableError:
            pass
    return _as_mpfr(data, fmt.p)


def _as_mpfr(data: Data, p: int) -> Data:
    """Return an object array with its elements as MPFR numbers of `p` bits where these hold them, or as it is where one
    of them does not fit."""
    if holds_mpfr(data):
        return data
    flat = data.ravel().tolist()
    if not all(type(x) is MPFR or (isinstance(x, Element) and fits_mpfr(x)) for x in flat):
        return data
    return mpfr_array((mpfr_of(x, p) for x in flat), data.shape)
