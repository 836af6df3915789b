"""Rounding to the paper's floats by search among all of them: exact rationals, no shifts."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np


@cache
def floats(p: int) -> tuple[tuple[Fraction, int], ...]:
    """Return all floats m * 2**e of the definition with their significands, ascending."""
    found = {Fraction(0): 0}
    for e in range(-(2**p), 2**p):
        for m in range(2 ** (p - 1), 2**p):
            found[m * Fraction(2) ** e] = m
            found[-m * Fraction(2) ** e] = m
    return tuple(sorted(found.items()))


@cache
def members(p: int) -> tuple[Fraction, ...]:
    """Return all floats, ascending."""
    return tuple(value for value, _ in floats(p))


def rounded_by_search(x: Fraction, p: int) -> Fraction:
    """Return the float nearest to x; in a tie that of even significand, or 0; beyond the range the nearest."""
    table, values = floats(p), members(p)
    place = bisect_left(values, x)
    if place == len(values) or values[place] == x or place == 0:
        return values[min(place, len(values) - 1)]
    below, above = table[place - 1], table[place]
    gap = (x - below[0]) - (above[0] - x)
    if gap:
        return below[0] if gap < 0 else above[0]
    if Fraction(0) in (below[0], above[0]):
        return Fraction(0)
    return below[0] if below[1] % 2 == 0 else above[0]


def fractions_of(array: Any) -> Any:
    """Return the elements of a rounded or exact array as an object ndarray of fractions."""
    out: Any = np.empty(array.shape, dtype=object)
    out.flat = [x if isinstance(x, Fraction) else x.to_fraction() for x in array.elements().ravel().tolist()]
    return out


def in_range(x: Fraction, p: int) -> bool:
    """Return whether x is 0 or between the least positive and the largest float in magnitude."""
    values = members(p)
    least = values[len(values) // 2 + 1]
    return x == 0 or least <= abs(x) <= values[-1]
