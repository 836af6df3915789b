"""Rounded sums of single Python floats, for long sums of few rows, where an array a step costs more than its work.

The formulas are those of `lanes` and `residuals`, one element at a time. Whatever is rare goes the long way, through
an array of one element: results near the ends of the range, and policies that may raise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np

from precise.engines.accumulate import step_rounder
from precise.engines.lanes import WINDOW, LaneRounder, lane_rounder
from precise.engines.narrow_steps import add_step
from precise.formats.named import binary64
from precise.rounding import Rounder, Rounding, Underflow
from precise.stochastic import random_bits

#: Add two floats as rounding number `number` of a reduction.
Add: TypeAlias = Callable[[float, float, int], float]
#: Move a rounded magnitude: the magnitude, the magnitude on the grid (RNE), `2**52` units, sign, number.
_Redirect: TypeAlias = Callable[[float, float, float, bool, int], float]

_OFFSET: Final = 1074  # frexp's exponents of finite floats are -1073 ... 1024


def scalar_add(rounder: Rounder, index: int) -> Add:
    """Return the rounded addition for element `index`; refuses the formats that lanes refuse."""

    def long_way(a: float, b: float, number: int) -> float:
        """Return the sum by an array of one element."""
        with np.errstate(all="ignore"):
            return float(add_step(np.array([a]), np.array([b]), step_rounder(rounder, number), index)[0])

    fmt = rounder.format
    if (fmt.p, fmt.q_min, fmt.largest) == (53, -1074, binary64.largest):
        long_way(1.0, 1.0, 0)  # refuses what the hardware's addition is not
        return lambda a, b, number: a + b
    place, towards_minus = _placing(lane_rounder(rounder), index), rounder.rounding.code == "RTN"
    specials = fmt.infinities and fmt.nan

    def add(a: float, b: float, number: int) -> float:
        """Return `a + b` rounded."""
        s = a + b
        t = s - a
        y = place(s, (a - (s - t)) + (b - t), number)
        if y is not None:
            return y
        if s == 0.0 and fmt.signed_zero:
            both = (a, math.copysign(1.0, a), b, math.copysign(1.0, b)) == (0.0, 1.0, 0.0, 1.0)
            return -0.0 if towards_minus and not both else s
        if specials and not (math.isfinite(a) and math.isfinite(b)):
            return s
        return long_way(a, b, number)

    return add


def scalar_sum(rounder: Rounder, index: int) -> Callable[[list[float]], float | None]:
    """Return the exact sum, rounded once, for element `index`; it answers None where it does not serve.

    `math.fsum` rounds the exact sum r correctly, to s; the sum of the terms and of -s then has the sign of r - s.
    """
    place = _placing(lane_rounder(rounder), index)

    def exact(terms: list[float]) -> float | None:
        """Return the sum of the terms rounded."""
        try:
            s = math.fsum(terms)
            return place(s, math.fsum([*terms, -s]), 0)
        except (OverflowError, ValueError):  # beyond the lanes, or infinities of both signs
            return None

    return exact


def include(partials: list[float], x: float) -> None:
    """Add a float to a sum that is held exactly, as floats without common bits, the least first (Shewchuk 1997)."""
    kept = 0
    for y in partials:
        high = x + y
        low = y - (high - x) if abs(x) >= abs(y) else x - (high - y)
        if low:
            partials[kept] = low
            kept += 1
        x = high
    partials[kept:] = [x]


def _placing(lanes: LaneRounder, index: int) -> Callable[[float, float, int], float | None]:
    """Return the rounding of a float s that misses `err` of an exact number, less than a unit; None for what is rare.

    If err is not 0 and s is even, s moves one unit to the side of err (`residuals.nudge`); then `(s + c) - c` with `c`
    = 2**52 units of the format rounds to nearest even, and other modes move by one unit.
    """
    if lanes.rounder.rounding.is_exact:
        return lambda s, err, number: None
    floor, ceiling = _plain_range(lanes)
    constants = _constants(lanes.p, lanes.low, lanes.high)
    redirect = _redirection(lanes.rounder.rounding, index)
    few_bits, frexp = lanes.depends_on <= 52, math.frexp

    def place(s: float, err: float, number: int) -> float | None:
        """Return s + err rounded."""
        m = abs(s)
        if not floor <= m <= ceiling:
            return None
        if err:
            if not few_bits:
                return None
            fraction, _ = frexp(m)
            if not int(fraction * 9007199254740992.0) & 1:
                m = math.nextafter(m, math.inf if (err > 0) == (s > 0) else 0.0)
        c = constants[frexp(m)[1] + _OFFSET]
        y = (m + c) - c
        if y != m and redirect is not None:
            y = redirect(m, y, c, s < 0, number)
        if not floor <= y <= ceiling:
            return None
        return y if s > 0 else -y

    return place


def _plain_range(lanes: LaneRounder) -> tuple[float, float]:
    """Return the magnitudes between which no policy has a say; members of the format, or the window of lanes."""
    fmt = lanes.rounder.format
    if lanes.windowed:
        return 2.0**-WINDOW, math.nextafter(2.0**WINDOW, 0.0)
    assert fmt.q_min is not None
    floor = 2.0**fmt.q_min
    if lanes.least_normal and not (fmt.subnormals and lanes.rounder.underflow is Underflow.ROUND):
        floor = lanes.least_normal
    return floor, min(lanes.top, lanes.bottom)


@lru_cache(maxsize=64)
def _constants(p: int, low: int, high: int) -> tuple[float, ...]:
    """Return `2**52` units of the grid by frexp's exponent; see `LaneRounder`."""
    exponents = (min(max(e - 1, low), high) for e in range(-_OFFSET, 1025))
    return tuple(2.0 ** (e - p + 53) for e in exponents)


def _redirection(mode: Rounding, index: int) -> _Redirect | None:
    """Return how a mode differs from RNE, for an inexact magnitude on either side of its grid point."""
    if mode.code == "RNE":
        return None
    if mode.code == "RNA":
        return lambda m, y, c, negative, number: y + c * 2.0**-52 if m - y == c * 2.0**-53 else y
    if mode.code == "RTO":
        return _to_odd
    if mode.code == "SR":
        return _stochastic(mode, index)
    up = {"RTZ": (False, False), "RAZ": (True, True), "RTP": (True, False), "RTN": (False, True)}[mode.code]
    return lambda m, y, c, negative, number: _upwards(m, y, c) if up[negative] else _downwards(m, y, c)


def _upwards(m: float, y: float, c: float) -> float:
    """Return the grid point above."""
    return y + c * 2.0**-52 if y < m else y


def _downwards(m: float, y: float, c: float) -> float:
    """Return the grid point below."""
    return y - c * 2.0**-52 if y > m else y


def _to_odd(m: float, y: float, c: float, negative: bool, number: int) -> float:
    """Return the odd one of the grid points around."""
    unit = c * 2.0**-52
    if int(y / unit) & 1:
        return y
    return y + unit if y < m else y - unit


def _stochastic(mode: Rounding, index: int) -> _Redirect:
    """Return the stochastic choice; `U < ceil(fraction * 2**bits)` as in `LaneRounder`."""
    assert mode.bits is not None
    bits, scale = mode.bits, 2.0**mode.bits

    def move(m: float, y: float, c: float, negative: bool, number: int) -> float:
        """Return the grid point below or above."""
        y, unit = _downwards(m, y, c), c * 2.0**-52
        stream = mode.fold_in(number).stream if number else mode.stream
        threshold = max(math.ceil((m - y) / unit * scale), 1)
        return y + unit if random_bits(mode.seed, stream, index, bits) < threshold else y

    return move
