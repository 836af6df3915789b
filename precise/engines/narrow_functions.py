"""Functions of float64 lanes: the host's value with a margin, and MPFR or the reference for what that leaves open.

The host library is assumed to err by at most `2**-47` of the value for the functions of `narrow_functions_hosts`. This
is an assumption, not a theorem: it is tested against Arb enclosures at hard arguments on first use, and every request
is refused if it fails. The margin of `2**-46` then holds the exact value; if both ends round alike, so does the value.
Known strict bounds (|sin x| < |x|, exp x > 1 for x > 0, ...) replace the margin on one side near arguments where
the value hugs a lane.

Near the zeros and poles of sin, cos and tan at large arguments the assumption is false: glibc 2.36 errs by 2**-35 of
cos(0x1.69eab0985179bp+246). Beyond 2**26 only values in 2**-20..2**20 are taken from the host, since its error in the
reduced argument is absolute there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Final

import flint
import numpy as np

from precise.balls import BINARY_FUNCTIONS, FUNCTIONS, ball_of, evaluate
from precise.dyadic import Dyadic
from precise.engines.carrier import Lanes, element_of, lane_of
from precise.engines.compiled_functions import round_enclosed
from precise.engines.functions_operations import FUNCTION_OPERATIONS
from precise.engines.lanes import HUGE, SPECK, WINDOW, LaneRounder, Mask
from precise.engines.narrow_functions_hosts import HOSTS, Host
from precise.engines.narrow_functions_open import decide_open
from precise.engines.residuals import HIGH, LOW
from precise.errors import UnsupportedError
from precise.rounding import Rounder

HOST: Final[dict[str, Callable[..., Lanes]]] = {op: host.value for op, host in HOSTS.items()}
MARGIN: Final = 2.0**-46
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
    "0x1.7p-40",
    "0x1.b504f333f9de6p-500",
    "0x1.0000000000001p+1",
    "0x1.ffffffffffffep+51",
    "0x1.8p+1",
    "0x1.9p+4",
    "0x1.aaaaaaaaaaaabp+2",
    "0x1.555p+8",
)
#: One result in so many may lie outside the window before the engine refuses: the reference takes that much longer.
FEW: Final = 32

_FORMULAS: Final[dict[str, Callable[..., flint.arb]]] = {**FUNCTIONS, **BINARY_FUNCTIONS}


def rounded_function_lanes(op: str, x: Lanes, lanes: LaneRounder, first: int) -> Lanes:
    """Return `op` at one-dimensional lanes, correctly rounded. Raises what the reference raises."""
    return rounded_lanes(op, (x,), lanes, first)


def rounded_lanes(op: str, operands: tuple[Lanes, ...], lanes: LaneRounder, first: int) -> Lanes:
    """Return a function of one or two one-dimensional operands, correctly rounded. Raises what the reference raises."""
    if lanes.p > LARGEST_PRECISION:
        name = lanes.rounder.format.name
        raise UnsupportedError(
            f"{op}: precision must be at most {LARGEST_PRECISION} bits in lanes; got {lanes.p} ({name})"
        )
    if not host_is_accurate(op):
        raise UnsupportedError(f"{op}: host library must err by at most 2**-47 of the value; got more")
    fmt, poles = lanes.rounder.format, HOSTS[op].poles
    if poles is not None and not (fmt.infinities or fmt.nan) and poles(*operands).any():
        must = "arguments must not be zero" if len(operands) == 1 and op != "log1p" else "arguments must be no pole"
        raise UnsupportedError(f"{op}: {must} in lanes of {fmt}; got one")
    y, undecided = _round_enclosed(op, operands[0], lanes, first, *operands[1:])
    decide_open(op, operands, lanes, y, undecided)
    for i in np.flatnonzero(undecided).tolist():
        y[i] = _one(op, [float(a[i]) for a in operands], lanes.rounder, first + i)
    return y


def _round_enclosed(op: str, x: Lanes, lanes: LaneRounder, first: int, *more: Lanes) -> tuple[Lanes, Mask]:
    """Return what both ends of the enclosures round to, and where they differ or nothing is known."""
    with np.errstate(all="ignore"):
        v = HOST[op](x, *more)
        found = None if more else round_enclosed(op, x, v, MARGIN, lanes, first)
        if found is not None:
            if lanes.windowed and _many_leave_the_window(v, found[1]) and lanes.rounder.rounding.code != "SR":
                raise lanes.outside_window()
            return found
        enclosed = _enclosure(op, (x, *more), v, lanes.depends_on <= 52)
    return _decided(enclosed, lanes, first)


def _many_leave_the_window(v: Lanes, undecided: Mask) -> bool:
    """Return whether so many undecided results lie outside the window that the wide engine is quicker than single ones.

    `v` are the host's values.
    """
    mag = np.abs(v[undecided])
    outside = ~((mag >= 2.0**-WINDOW) & (mag < 2.0**WINDOW) | np.isnan(mag))
    return FEW * int(np.count_nonzero(outside)) > v.size


def _decided(enclosed: tuple[Lanes, Lanes, Mask | None], lanes: LaneRounder, first: int) -> tuple[Lanes, Mask]:
    """Return the lower ends rounded, and where the upper ends round otherwise or the reference must decide."""
    lower, upper, unknown = enclosed
    y, refused = lanes.try_round(lower, first)
    z, also = lanes.try_round(upper, first)
    undecided = y.view(np.int64) != z.view(np.int64)
    undecided &= ~(np.isnan(y) & np.isnan(z))
    for mask in (refused, also, unknown):
        if mask is not None:
            undecided |= mask
    return y, undecided


def _one(op: str, row: list[float], rounder: Rounder, index: int) -> float:
    """Return the reference's value at one place for which the margin decides nothing."""
    return lane_of(FUNCTION_OPERATIONS[op](*map(element_of, row), rounder, index))


def _enclosure(op: str, operands: tuple[Lanes, ...], v: Lanes, specks_decide: bool) -> tuple[Lanes, Lanes, Mask | None]:
    """Return lanes that round like numbers at or below, and at or above, the exact values, and where there are none.

    `v` are the host's values. With `specks_decide` a lane with an odd significand stands for the open interval between
    its neighbours.
    """
    host = HOSTS[op]
    negative, mag = np.signbit(v), np.abs(v)
    exact = np.isnan(v) | host.exact(*operands, v)
    # Beyond the window the host's relative error may be large, and only the side matters; no threshold of a served
    # format lies there. An inexact value is never 0 or infinite, whatever the host makes of it.
    inside = (mag >= LOW) & (mag <= HIGH) & ~exact
    if not inside.all():
        mag = np.where(exact | inside, mag, np.where(mag > 1, HUGE, SPECK))
    margin = np.where(inside, mag * MARGIN, 0.0)
    low, high = mag - margin, mag + margin
    below, above = host.bounds(*operands)
    if above is not None:
        high = np.where(inside, np.minimum(high, _beside(above, -1, specks_decide)), high)
    if below is not None:
        low = np.where(inside, np.maximum(low, _beside(below, 1, specks_decide)), low)
    unknown = None if host.escapes is None else host.escapes(*operands, v)
    return np.where(negative, -high, low), np.where(negative, -low, high), unknown


def _beside(bound: Lanes | float, step: int, specks_decide: bool) -> Lanes:
    """Return the odd lane that stands for what lies just below (-1) or above (+1) a bound, where that is sound."""
    lane = np.asarray(bound, dtype=np.float64)
    if not specks_decide:
        return lane
    bits = lane.view(np.int64)
    moves = ((bits & 1) == 0) & (lane > 0) & (lane < np.inf)
    moved: Lanes = (bits + step * moves).view(np.float64)
    return moved


@cache
def host_is_accurate(op: str) -> bool:
    """Return whether the host's function errs by less than 2**-47 of the value at hard arguments, by Arb enclosures.

    All arguments go in at once, so that the vectorised branches of the library are the ones tested.
    """
    host, rows = HOSTS[op], hard_rows(op)
    columns = tuple(np.array(column) for column in zip(*rows, strict=True))
    with np.errstate(all="ignore"):
        found = HOST[op](*columns)
        skipped = _not_assumed(host, columns, found).tolist()
    return all(out or _is_near(op, row, v) for row, v, out in zip(rows, found.tolist(), skipped, strict=True))


def hard_rows(op: str) -> list[tuple[float, ...]]:
    """Return the arguments at which a host function is tested."""
    positive = [float.fromhex(h) for h in _HARD]
    both = positive + [-x for x in positive]
    if op in BINARY_FUNCTIONS:
        ordinary = [x for x in both if 2.0**-500 < abs(x) < 2.0**500]
        return list(product((positive if op == "pow" else ordinary)[::2], ordinary[1::2]))
    low, high = HOSTS[op].limits
    return [(x,) for x in both if low < x < high]


def _not_assumed(host: Host, columns: tuple[Lanes, ...], v: Lanes) -> Mask:
    """Return where nothing is assumed of the host: exact values, results beyond the window, and its known weakness."""
    mag = np.abs(v)
    out: Mask = host.exact(*columns, v) | (mag < LOW) | (mag > HIGH)
    return out if host.escapes is None else out | host.escapes(*columns, v)


def _is_near(op: str, row: tuple[float, ...], v: float) -> bool:
    """Return whether `v` is within 2**-47 of the exact value, relative to `v`."""
    balls = [ball_of(Dyadic.from_float(x)) for x in row]
    found = evaluate(lambda: _FORMULAS[op](*balls), 300 if HOSTS[op].escapes is None else 1400)
    if found is None or not np.isfinite(v):
        return False
    value = Dyadic.from_float(v)
    allowed = abs(value).scaled(-47)
    return value - allowed <= found.lower and found.upper <= value + allowed
