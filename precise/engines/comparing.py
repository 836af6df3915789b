"""Comparisons and extrema: exact, so no engine is asked and no rounding added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic, Element, Special
from precise.engines.carrier import Data, to_objects
from precise.engines.wide_comparing import are_numbers, compare_numbers, extremum_of_numbers

_RANK: Final = {Special.NEG_INF: -1, Special.NEG_ZERO: 0, Special.POS_INF: 1}


def _below(x: Element, y: Element) -> bool:
    """Return whether `x < y`; false for NaN."""
    if x is Special.NAN or y is Special.NAN:
        return False
    if isinstance(x, Dyadic) and isinstance(y, Dyadic):
        return x < y
    if isinstance(x, Dyadic):
        return x.c < 0 if y is Special.NEG_ZERO else y is Special.POS_INF
    if isinstance(y, Dyadic):
        return y.c > 0 if x is Special.NEG_ZERO else x is Special.NEG_INF
    return _RANK[x] < _RANK[y]


def _same(x: Element, y: Element) -> bool:
    """Return whether `x == y`; false for NaN, true for the two zeros."""
    return x is not Special.NAN and y is not Special.NAN and not _below(x, y) and not _below(y, x)


_ON_OBJECTS: Final[dict[str, Callable[[Element, Element], bool]]] = {
    "less": _below,
    "less_equal": lambda x, y: _below(x, y) or _same(x, y),
    "equal": _same,
    "not_equal": lambda x, y: not _same(x, y),
}

COMPARISONS: Final = frozenset(_ON_OBJECTS)
EXTREMA: Final = frozenset({"maximum", "minimum", "maximum_number", "minimum_number"})


def compare(op: str, x: Data, y: Data) -> NDArray[np.bool_]:
    """Return a comparison of two arrays, element by element."""
    if x.dtype != object and y.dtype != object:
        return np.asarray(getattr(np, op)(x, y), dtype=np.bool_)
    if are_numbers(x, y):
        return compare_numbers(op, x, y)
    found = np.frompyfunc(_ON_OBJECTS[op], 2, 1)(to_objects(x), to_objects(y))
    return np.asarray(found, dtype=np.bool_)


def _larger(x: Element, y: Element) -> Element:
    """Return the maximum of IEEE 754-2019, 9.6: NaN wins, -0 is below +0."""
    if x is Special.NAN or y is Special.NAN:
        return Special.NAN
    if x is Special.NEG_ZERO and _same(x, y):
        return y
    return y if _below(x, y) else x


def _smaller(x: Element, y: Element) -> Element:
    """Return the minimum of IEEE 754-2019, 9.6."""
    if x is Special.NAN or y is Special.NAN:
        return Special.NAN
    if y is Special.NEG_ZERO and _same(x, y):
        return y
    return y if _below(y, x) else x


def extremum(op: str, x: Data, y: Data) -> Data:
    """Return an extremum of two arrays; the two whose names end in `number` prefer numbers to NaN."""
    if op.endswith("_number"):
        return _of_numbers(op.removesuffix("_number"), x, y)
    if x.dtype != object and y.dtype != object:
        with np.errstate(invalid="ignore", over="ignore"):  # sums are computed everywhere and used at zeros
            native = (np.maximum if op == "maximum" else np.minimum)(x, y)
            if (native != 0).all():  # only zeros differ from what is meant
                return np.asarray(native)
            zeros = (x == 0) & (y == 0)
            return np.where(zeros, x + y if op == "maximum" else -((-x) + (-y)), native)
    if are_numbers(x, y):
        return extremum_of_numbers(op, x, y)
    function = _larger if op == "maximum" else _smaller
    return np.asarray(np.frompyfunc(function, 2, 1)(to_objects(x), to_objects(y)), dtype=object)


def _of_numbers(op: str, x: Data, y: Data) -> Data:
    """Return `maximumNumber` or `minimumNumber` of IEEE 754-2019, 9.6: NaN only where both are."""
    no_number = (compare("not_equal", x, x), compare("not_equal", y, y))  # only NaN differs from itself
    return extremum(op, np.where(no_number[0], y, x), np.where(no_number[1], x, y))


def reduce_extremum(op: str, x: Data) -> Data:
    """Return `max` or `min` over the last axis, which is not empty."""
    pairwise = {"max": "maximum", "min": "minimum"}[op]
    while x.shape[-1] > 1:
        half = x.shape[-1] // 2
        folded = extremum(pairwise, x[..., :half], x[..., half : 2 * half])
        x = folded if x.shape[-1] % 2 == 0 else np.concatenate([folded, x[..., -1:]], axis=-1)
    return x[..., 0]
