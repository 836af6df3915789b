"""Elementary functions of float64 lanes: the host's value with a margin, and the reference for what that leaves open.

The host library is assumed to err by at most `2**-47` of the value for the functions below. This is an
assumption, not a theorem: it is tested against Arb enclosures at hard arguments on first use, and every request is
refused if it fails. The margin of `2**-46` then holds the exact value; if both ends round alike, so does the value.
Known strict bounds (|sin x| < |x|, exp x > 1 for x > 0, ...) replace the margin on one side near arguments where
the value hugs a lane.

Near the zeros and poles of sin, cos and tan at large arguments the assumption is false: glibc 2.36 errs by 2**-35 of
cos(0x1.69eab0985179bp+246). Beyond 2**26 only values in 2**-20..2**20 are taken from the host, since its error in the
reduced argument is absolute there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from precise.balls import enclose
from precise.dyadic import Dyadic
from precise.engines.carrier import Lanes, element_of, float_of
from precise.engines.compiled_functions import round_enclosed
from precise.engines.functions import PERIODIC, rounded_function
from precise.engines.lanes import HUGE, SPECK, LaneRounder, Mask
from precise.engines.residuals import HIGH, LOW
from precise.errors import UnsupportedError
from precise.rounding import Rounder

HOST: Final[dict[str, Callable[[Lanes], Lanes]]] = {
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
}
MARGIN: Final = 2.0**-46
LARGE_ARGUMENT: Final = 2.0**26
LARGEST_PRECISION: Final = 40  # beyond it, more than one value in 50 would be left open

# Arguments near zeros and poles, near the ends of the range, and where argument reduction is hard.
_HARD: Final = (
    "0x1.921fb54442d18p+0",
    "0x1.921fb54442d18p+1",
    "0x1.6ac5b262ca1ffp+849",
    "0x1.6ac5b262ca1ffp+1",
    "0x1.2d97c7f3321d2p+2",
    "0x1.8fe9e2d2dd9f7p+12",
    "0x1.45f306dc9c882p+600",
    "0x1.fffffffffffffp+1023",
    "0x1.921fb54442d17p+5",
    "0x1.3p+70",
    "0x1.0000000000001p+0",
    "0x1.fffffffffffffp-1",
    "0x1.62e42fefa39efp-1",
    "0x1.0001p+0",
    "0x1.ffp-1",
    "0x1.8p+9",
    "0x1.4p-3",
    "0x1.0p-26",
    "0x1.6p-13",
    "0x1.fp+3",
    "0x1.1p+4",
    "0x1.2d97c7f3321d2p+40",
    "0x1.ac5b262ca1ffp+300",
    "0x1.e9131abf0b767p-1",
)


def rounded_function_lanes(op: str, x: Lanes, lanes: LaneRounder, first: int) -> Lanes:
    """Return `op` at one-dimensional lanes, correctly rounded. Raises what the reference raises."""
    if lanes.p > LARGEST_PRECISION:
        name = lanes.rounder.format.name
        raise UnsupportedError(
            f"{op}: precision must be at most {LARGEST_PRECISION} bits in lanes; got {lanes.p} ({name})"
        )
    if not host_is_accurate(op):
        raise UnsupportedError(f"{op}: host library must err by at most 2**-47 of the value; got more")
    fmt = lanes.rounder.format
    if op == "log" and not (fmt.infinities or fmt.nan) and (x == 0).any():
        raise UnsupportedError(f"log: arguments must not be zero in lanes of {fmt}; got 0")
    y, undecided = _round_enclosed(op, x, lanes, first)
    for i in np.flatnonzero(undecided).tolist():
        y[i] = _one(op, float(x[i]), lanes.rounder, first + i)
    return y


def _round_enclosed(op: str, x: Lanes, lanes: LaneRounder, first: int) -> tuple[Lanes, Mask]:
    """Return what both ends of the enclosures round to, and where they differ or nothing is known."""
    with np.errstate(all="ignore"):
        v = HOST[op](x)
        found = round_enclosed(op, x, v, MARGIN, lanes, first)
        if found is not None:
            return found
        lower, upper, unknown = _enclosure(op, x, v, lanes.depends_on <= 52)
    y, refused = lanes.try_round(lower, first)
    z, also = lanes.try_round(upper, first)
    undecided = y.view(np.int64) != z.view(np.int64)
    undecided &= ~(np.isnan(y) & np.isnan(z))
    for mask in (refused, also, unknown):
        if mask is not None:
            undecided |= mask
    return y, undecided


def _one(op: str, x: float, rounder: Rounder, index: int) -> float:
    """Return the reference's value at one argument for which the margin decides nothing."""
    element = element_of(x)
    if isinstance(element, Dyadic) and element.c and (op != "log" or element.c > 0):
        return float_of(rounded_function(op, element, rounder, index))
    with np.errstate(all="ignore"):
        return float_of(rounder(element_of(float(HOST[op](np.array([x]))[0])), index))


def _escapes_host(op: str, x: Lanes, v: Lanes) -> Mask:
    """Return where the assumption about the host is not made: large arguments near zeros and poles."""
    if op not in PERIODIC:
        return np.zeros(x.shape, dtype=np.bool_)
    mag = np.abs(v)
    return (np.abs(x) > LARGE_ARGUMENT) & ((mag < 2.0**-20) | (mag > 2.0**20))


def _enclosure(op: str, x: Lanes, v: Lanes, specks_decide: bool) -> tuple[Lanes, Lanes, Mask]:
    """Return lanes that round like numbers at or below, and at or above, the exact values, and where there are none.

    With `specks_decide` a lane with an odd significand stands for the open interval between its neighbours.
    """
    sign, mag = np.copysign(1.0, v), np.abs(v)
    exact = ~np.isfinite(x) | np.isnan(v) | (x == 0) | (v == 0 if op == "log" else False)
    if op == "exp":  # finite arguments never give 0 or infinity; nothing served has a threshold beyond these
        mag = np.where(exact, mag, np.clip(mag, SPECK, HUGE))
    # Beyond the window the host's relative error may be large, and only the side matters.
    inside = (mag >= LOW) & (mag <= HIGH) & ~exact
    mag = np.where(exact | inside, mag, np.where(mag > 1, HUGE, SPECK))
    margin = np.where(inside, mag * MARGIN, 0.0)
    low, high = mag - margin, mag + margin
    below: Lanes | None = None  # strict bounds on the magnitude
    above: Lanes | None = None
    near, one = np.abs(x), np.ones_like(x)
    if op in ("sin", "tanh"):
        above = np.minimum(near, one)
    elif op == "tan":
        below = np.where(near < 1.5, near, 0.0)  # 1.5 < pi/2
    elif op == "cos":
        above = one
    elif op == "exp":
        below, above = np.where(x > 0, one, 0.0), np.where(x < 0, one, np.inf)
    if above is not None:
        high = np.where(inside, np.minimum(high, _beside(above, -1, specks_decide)), high)
    if below is not None:
        low = np.where(inside, np.maximum(low, _beside(below, 1, specks_decide)), low)
    negative = sign < 0
    return np.where(negative, -high, low), np.where(negative, -low, high), _escapes_host(op, x, v)


def _beside(bound: Lanes, step: int, specks_decide: bool) -> Lanes:
    """Return the odd lane that stands for what lies just below (-1) or above (+1) a bound, where that is sound."""
    if not specks_decide:
        return bound
    bits = bound.view(np.int64)
    moves = ((bits & 1) == 0) & (bound > 0) & (bound < np.inf)
    moved: Lanes = (bits + step * moves).view(np.float64)
    return moved


@cache
def host_is_accurate(op: str) -> bool:
    """Return whether the host's function errs by less than 2**-47 of the value at hard arguments, by Arb enclosures.

    All arguments go in at once, so that the vectorised branches of the library are the ones tested.
    """
    chosen = [float.fromhex(h) for h in _HARD]
    if op != "log":
        chosen = chosen + [-x for x in chosen]
    if op == "exp":
        chosen = [x for x in chosen if abs(x) < 600]
    with np.errstate(all="ignore"):
        found = HOST[op](np.array(chosen)).tolist()
        escapes = _escapes_host(op, np.array(chosen), np.array(found)).tolist()
    return all(out or _is_near(op, x, v) for x, v, out in zip(chosen, found, escapes, strict=True))


def _is_near(op: str, x: float, v: float) -> bool:
    """Return whether `v` is within 2**-47 of the exact value, relative to `v`."""
    ball = enclose(op, Dyadic.from_float(x), 1400)
    if ball is None or not np.isfinite(v):
        return False
    value = Dyadic.from_float(v)
    allowed = abs(value).scaled(-47)
    return value - allowed <= ball.lower and ball.upper <= value + allowed
