"""Host functions of two operands, and masks of lanes: where powers, roots and angles are exact, and their bounds."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.lanes import Mask
from precise.engines.residuals import product_error, two_sum

Bound: TypeAlias = Lanes | float | None

_FRACTION: Final = np.int64((1 << 52) - 1)


def ends(x: Lanes) -> Mask:
    """Return where the argument is a zero or an infinity, at which the values are exact."""
    mask: Mask = (x == 0) | np.isinf(x)
    return mask


def is_power_of_two(x: Lanes) -> Mask:
    """Return where a normal number is a power of two."""
    mask: Mask = ((x.view(np.int64) & _FRACTION) == 0) & (np.abs(x) >= 2.0**-1022) & np.isfinite(x)
    return mask


def hypot_exact(x: Lanes, y: Lanes, v: Lanes) -> Mask:
    """Return where the root is certainly exact: an infinity or zero among the operands, or `v**2 = x**2 + y**2`.

    The squares are `(a, b)`, `(c, d)` and `(e, f)` as unevaluated sums, exact inside the window; the first components
    of `x**2 + y**2` and of `v**2` agree where both are equal, and sums of the rests are compared only where exact.
    """
    a, c, e = x * x, y * y, v * v
    rests = (product_error(x, x, a), product_error(y, y, c), product_error(v, v, e))
    s, rest = two_sum(a, c)
    inside = (e > 2.0**-900) & (e < 2.0**900) & (np.minimum(a, c) > 2.0**-900)
    equal = (rests[0] == 0) & (rests[1] == 0) & (s - e == rests[2] - rest) & ((rest == 0) | (rests[2] == 0))
    ends = (x == 0) | (y == 0) | np.isinf(x) | np.isinf(y)
    mask: Mask = ends | (inside & equal)
    return mask


def hypot_bounds(x: Lanes, y: Lanes) -> tuple[Bound, Bound]:
    """hypot exceeds both operands, unless one is 0."""
    return np.maximum(np.abs(x), np.abs(y)), None


def atan2_exact(y: Lanes, x: Lanes, v: Lanes) -> Mask:
    """Return the zeros of the angle."""
    mask: Mask = (v == 0) & ((y == 0) | np.isinf(x))
    return mask


def atan2_bounds(y: Lanes, x: Lanes) -> tuple[Bound, Bound]:
    """The angle lies below y / x, which is exact if x is a power of two; results beyond the window are never used."""
    return None, np.where((x > 0) & is_power_of_two(x), np.abs(y / x), np.inf)


def _short_powers(x: Lanes, y: Lanes) -> tuple[Lanes, Mask]:
    """Return the first to fourth powers of x that are lanes, and where they are: every product is exact."""
    power, exact, mask = x, np.ones(x.shape, dtype=np.bool_), y == 1
    v = np.where(mask, x, 0.0)
    for k in (2, 3, 4):
        if not (y >= k).any():
            break
        longer = power * x
        inside = (np.abs(longer) > 2.0**-900) & (np.abs(longer) < 2.0**900)
        exact = exact & inside & (product_error(power, x, longer) == 0)
        power = longer
        mask = mask | (exact & (y == k))
        v = np.where(exact & (y == k), power, v)
    return v, mask


def pow_exact(x: Lanes, y: Lanes, v: Lanes) -> Mask:
    """Return special data, the bases 1 and -1, and short powers."""
    mask: Mask = ends(x) | ends(y) | (np.abs(x) == 1) | _short_powers(x, y)[1]
    return mask


def power(x: Lanes, y: Lanes) -> Lanes:
    """Return x**y."""
    v, short = _short_powers(x, y)
    return np.where(short, v, np.power(x, y))


def pow_bounds(x: Lanes, y: Lanes) -> tuple[Bound, Bound]:
    """|x|**y exceeds 1 if |x| > 1 and y > 0, or if both are the other way round."""
    grows = (np.abs(x) > 1) == (y > 0)
    return np.where(grows, 1.0, 0.0), np.where(grows, np.inf, 1.0)
