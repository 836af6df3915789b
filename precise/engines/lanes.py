"""Rounding float64 lanes to a narrower format: every mode, both policies, no branch an element.

Adding `c = 2**(g + 52)` to a magnitude and subtracting it again rounds to the grid of multiples of `2**g`, ties to
even, because the lanes between `c` and `2 c` are spaced by `2**g`. The low bit of the sum is the parity on the
grid, and one more or one less in its bit pattern is the neighbour on the grid, which gives the other modes. The
bits dropped here are those that the reference drops; this module states when that is so and refuses everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.engines.carrier import Lanes, element_of
from precise.engines.lanes_normal import round_normal
from precise.errors import UnsupportedError
from precise.formats.format import Format
from precise.rounding import Overflow, Rounder, Underflow
from precise.stochastic import random_array

Mask: TypeAlias = NDArray[np.bool_]

BLOCK: Final = 1 << 16  # values a block: its temporaries stay in the second-level cache
WINDOW: Final = 900  # exponents of results, on either side of zero, for formats without bounds in lanes
LARGEST_INSIDE: Final = float(np.nextafter(2.0**WINDOW, 0))
LEAST_QUANTUM: Final = -880  # formats with bounds in lanes have q_min >= this
LARGEST_EXPONENT: Final = 900  # and emax <= this
# Smaller in magnitude than every number, midpoint or SR threshold of a served format: -880 - 64 > -961.
SPECK: Final = 2.0**-961
# Beyond twice the largest number of every served format.
HUGE: Final = 2.0**961

_SIGN: Final = np.int64(-(1 << 63))
_EXPONENT: Final = np.int64(0x7FF << 52)
_BIAS: Final = 1023
_NEAREST: Final = ("RNE", "RNA")
# SR with exact probability is served where a lane has at least this many leading bits of the fraction.
LEAST_KNOWN: Final = 8


def blocks(size: int, step: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of at most `step` that cover `range(size)`."""
    for first in range(0, size, step):
        yield first, min(first + step, size)


@dataclass(frozen=True, slots=True)
class LaneRounder:
    """A `Rounder` for float64 lanes; build it with `lane_rounder`, which checks that the format is served.

    Parameters
    ----------
    rounder : Rounder
        What is meant.
    p, low, high : int
        The grid of a magnitude with exponent `e` is `2**(E - p + 1)`, E = min(max(e, low), high). For fixed point,
        p is the width and `low` the exponent of the largest magnitude. At `high` and above everything overflows, so
        the coarser grid there changes nothing.
    least_normal : float
        `2**emin`, or 0 where there is none.
    top, bottom : float
        The magnitudes of the largest and the least number.
    windowed : bool
        Whether the format has all exponents of the window and more, so that results outside are left to other engines,
        with what its bounds and its underflow mean. Then `least_normal` is 0, and `top` and `bottom` are infinite.
    """

    rounder: Rounder
    p: int
    low: int
    high: int
    least_normal: float
    top: float
    bottom: float
    windowed: bool

    @property
    def depends_on(self) -> int:
        """The bits that separate the thresholds of the rounding: numbers, midpoints, SR's multiples of `2**-bits`
        units.

        If at most 52, every threshold is a lane with an even significand, so a value rounded to odd at 53 bits
        rounds as the exact value does (Boldo and Melquiond 2008, theorem 3).
        """
        mode = self.rounder.rounding
        if mode.is_exact:
            return self.p + self.known_bits
        return self.p + (1 if mode.code in _NEAREST else mode.extra_bits)

    @property
    def known_bits(self) -> int:
        """The leading bits of the fraction that a lane rounded to odd at 53 bits has, for SR with exact probability.

        A draw that differs from the fraction within them is decided by them; the others are left to the reference.
        """
        return max(52 - self.p, LEAST_KNOWN)

    @property
    def least_plain(self) -> float:
        """The least magnitude from which on the grid follows the value and no policy for underflow speaks."""
        return max(2.0**self.low, 2.0**-WINDOW)

    @property
    def largest_plain(self) -> float:
        """The largest magnitude that no policy for overflow concerns."""
        return min(self.top, self.bottom, LARGEST_INSIDE)

    def __call__(self, x: Lanes, first: int = 0, exactly: Callable[[int], float] | None = None) -> Lanes:
        """Return the lanes rounded; `first` is the index of the first one. Raises what the reference raises.

        `exactly` gives the reference's result of one lane, where SR with exact probability needs more than the lane
        has; without it such lanes are refused.
        """
        y, refused = self.try_round(x, first)
        if refused is not None and refused.any():
            if self.rounder.rounding.is_exact:
                return self._completed(y, refused, exactly)
            i = int(np.argmax(refused))
            self.rounder(element_of(float(x[i])), first + i)
            raise AssertionError("the reference rounds a value that the lanes refuse")
        return y

    def _completed(self, y: Lanes, open_lanes: Mask, exactly: Callable[[int], float] | None) -> Lanes:
        """Return the lanes with the open ones filled in by the reference, which raises where it must."""
        if exactly is None:
            raise UnsupportedError(f"round: SR must decide within {self.known_bits} bits of U in lanes; got a tie")
        for i in np.flatnonzero(open_lanes).tolist():
            y[i] = exactly(i)
        return y

    def try_round(self, x: Lanes, first: int = 0) -> tuple[Lanes, Mask | None]:
        """Return the lanes rounded, and a mask of those for which the reference raises `DomainError` or must decide.

        `x` is one-dimensional and contiguous; NaN payloads and signs are arbitrary.
        """
        plain = round_normal(x, self.rounder.rounding.code, self.p, self.least_plain, self.largest_plain)
        if plain is not None:
            return plain if self.rounder.format.signed_zero else np.add(plain, 0.0, out=plain), None
        with np.errstate(all="ignore"):
            a = np.abs(x)
            if self.windowed:
                self._check_window(a)
            c = self._constant(a)
            z = a + c
            y = z - c
            undecided: Mask | None = None
            if self.rounder.rounding.is_exact:
                y, undecided = self._drawn(a, c, z, y, first)
            elif self.rounder.rounding.code != "RNE":
                y = self._redirected(x, a, c, z, y, first)
            y, refused = self._within_policies(x, a, y)
            if undecided is not None:
                refused = undecided if refused is None else refused | undecided
            bits = y.view(np.int64)
            np.bitwise_or(bits, x.view(np.int64) & _SIGN, out=bits)
            if not self.rounder.format.signed_zero:
                np.add(y, 0.0, out=y)  # -0 + 0 = +0
        return y, refused

    def _check_window(self, a: Lanes) -> None:
        """Refuse nonzero magnitudes outside the window of exponents, infinite ones if the format has none."""
        inside = (a >= 2.0**-WINDOW) & (a < 2.0**WINDOW)
        if not inside.all() and (~inside & (a > 0) & ((a < np.inf) | (not self.rounder.format.infinities))).any():
            raise self.outside_window()

    def outside_window(self) -> UnsupportedError:
        """Return the error that refuses results outside the window of exponents."""
        name = self.rounder.format.name
        return UnsupportedError(f"round: exponents of {name} must lie within +-{WINDOW} in lanes; got one outside")

    def _constant(self, a: Lanes) -> Lanes:
        """Return `2**(g + 52)` for the grid `2**g` of each magnitude."""
        bits = a.view(np.int64) & _EXPONENT
        np.maximum(bits, (self.low + _BIAS) << 52, out=bits)
        np.minimum(bits, (self.high + _BIAS) << 52, out=bits)
        if not self.rounder.format.subnormals:
            bits += (a < self.least_normal) * np.int64((self.p - 1) << 52)  # there the grid is {0, 2**emin}
        bits += (53 - self.p) << 52
        return bits.view(np.float64)

    def _redirected(self, x: Lanes, a: Lanes, c: Lanes, z: Lanes, y: Lanes, first: int) -> Lanes:
        """Return the magnitudes on the grid for a mode other than RNE; `z = a + c`, `y = z - c`. Overwrites `z`."""
        code, bits = self.rounder.rounding.code, z.view(np.int64)
        if code == "RNA":
            bits += (a - y) == c * 2.0**-53  # a tie that went down; differences on the grid are exact
        elif code == "RTZ":
            bits -= y > a
        elif code == "RAZ":
            bits += y < a
        elif code in ("RTP", "RTN"):
            inwards = np.signbit(x) if code == "RTP" else ~np.signbit(x)
            bits -= (y > a) & inwards
            bits += (y < a) & ~inwards
        elif code == "RTO":
            even = (bits & 1) == 0
            step = (y < a).astype(np.int64) - (y > a)
            bits += step * even
        else:
            bits -= y > a
            bits += self._moves_up(a - (z - c), c, first)
        return z - c

    def _drawn(self, a: Lanes, c: Lanes, z: Lanes, y: Lanes, first: int) -> tuple[Lanes, Mask]:
        """Return the magnitudes that SR with exact probability draws, and where `known_bits` of U do not decide.

        With T the fraction times `2**known_bits` and W the leading bits of U as an integer, U lies in `[W, W + 1)` on
        the scale of T: up if `T >= W + 1`, down if `T <= W`. A lane rounded to odd keeps floor(T) and whether T is an
        integer, since integers T are lanes with even significands. Overwrites `z`.
        """
        mode, bits = self.rounder.rounding, z.view(np.int64)
        if self.p + LEAST_KNOWN > 52:
            raise UnsupportedError(f"round: precision must be at most {52 - LEAST_KNOWN} for {mode}; got {self.p}")
        bits -= y > a
        below = z - c
        t = (a - below) / (c * 2.0**-52) * 2.0**self.known_bits
        index = np.arange(first, first + a.size, dtype=np.uint64)
        drawn = random_array(mode.seed, mode.stream, index, self.known_bits).astype(np.float64)
        up = t >= drawn + 1
        bits += up
        return z - c, (t > drawn) & ~up

    def _moves_up(self, rest: Lanes, c: Lanes, first: int) -> Mask:
        """Return whether SR moves up from the grid point `rest` below; exact for any number of random bits.

        `U < t` holds for an integer U exactly if `U < ceil(t)`, t = rest / quantum * 2**bits. The quotient by a
        power of two is exact, or so small that only its being positive matters.
        """
        mode = self.rounder.rounding
        assert mode.bits is not None
        t = np.ceil(rest / (c * 2.0**-52) * 2.0**mode.bits)
        t = np.where(rest > 0, np.maximum(t, 1.0), 0.0)
        index = np.arange(first, first + rest.size, dtype=np.uint64)
        drawn = random_array(mode.seed, mode.stream, index, mode.bits)
        return (drawn < t.astype(np.uint64)) | (t >= 2.0**64)

    def _within_policies(self, x: Lanes, a: Lanes, y: Lanes) -> tuple[Lanes, Mask | None]:
        """Return the magnitudes with overflow, underflow and missing specials settled, and what must raise."""
        fmt = self.rounder.format
        refused: Mask | None = None
        if (y > min(self.top, self.bottom)).any():
            y, refused = self._overflowed(x, a, y)
        if not fmt.nan:
            nan = np.isnan(x)
            if nan.any():
                refused = nan if refused is None else refused | nan
        if self.least_normal and self.rounder.underflow is Underflow.FLUSH:
            y *= y >= self.least_normal
        elif self.least_normal and self.rounder.underflow is Underflow.ERROR:
            inexact = (a < self.least_normal) & (y != a)
            refused = inexact if refused is None else refused | inexact
        return y, refused

    def _overflowed(self, x: Lanes, a: Lanes, y: Lanes) -> tuple[Lanes, Mask | None]:
        """Return the magnitudes with those beyond the bounds replaced, and a mask of those that must raise."""
        fmt, policy, negative = self.rounder.format, self.rounder.overflow, np.signbit(x)
        bound = np.where(negative, self.bottom, self.top)
        infinite = a == np.inf
        over = (y > bound) & ~infinite
        if policy is Overflow.ERROR:
            return y, over if fmt.infinities else over | infinite
        always = np.ones_like(negative)
        at_bound = {"RTZ": always, "RTO": always, "RTP": negative, "RTN": ~negative}
        stops = at_bound.get(self.rounder.rounding.code, ~always)
        inside = policy is Overflow.SATURATE
        beyond = np.nan if policy is Overflow.NAN else np.inf
        y = np.where(over, np.where(np.logical_or(stops, inside), bound, beyond), y)
        if not fmt.infinities:
            y = np.where(infinite, bound if inside else beyond, y)
        return y, None


@lru_cache(maxsize=256)
def lane_rounder(rounder: Rounder) -> LaneRounder:
    """Return the rounder for lanes, or refuse.

    Served: p <= 52 (a fixed-point width counts as p), any mode, any policy but wrap; q_min >= -880 and emax <= 900, or
    all exponents from -900 to 900, with results inside these. Then `c <= 2**(emax + 54 - p)` is finite, the least grid
    is far from the lane's least number, and the adding of `c` is valid.
    """
    fmt = rounder.format
    if rounder.overflow is Overflow.WRAP:
        raise UnsupportedError(f"round: overflow policy must not be wrap in lanes; got wrap ({fmt.name})")
    if fmt.p is not None and not fmt.signed:
        raise UnsupportedError(f"round: floating-point format must be signed in lanes; got {fmt.name}")
    windowed = _has_the_window(fmt)
    if windowed:
        p, low, high, top, bottom = fmt.p, -WINDOW, WINDOW, np.inf, np.inf
    else:
        if fmt.largest is None or fmt.least is None or fmt.q_min is None:
            raise UnsupportedError(f"round: format must have bounds or no least quantum; got {fmt.name}")
        high = max(fmt.largest.e, fmt.least.e if fmt.least.c else fmt.largest.e)
        p = high - fmt.q_min + 1 if fmt.p is None else fmt.p
        low = high if fmt.emin is None else fmt.emin
        if p <= 52:
            _check_range(fmt.name, fmt.q_min, high)
            top, bottom = fmt.largest.to_float(), (-fmt.least).to_float()
        high += 1
    assert p is not None
    if p > 52:
        raise UnsupportedError(f"round: precision must be at most 52 bits in lanes; got {p} ({fmt.name})")
    normal = Dyadic(0) if windowed else fmt.smallest_normal or Dyadic(0)
    return LaneRounder(rounder, p, low, high, normal.to_float(), float(top), float(bottom), windowed)


def _has_the_window(fmt: Format) -> bool:
    """Return whether all numbers of p bits inside the window are members, and the format has no end in lanes."""
    if fmt.q_min is None:
        return True
    if fmt.emin is None or fmt.largest is None or fmt.least is None:
        return False
    return fmt.emin <= -WINDOW and min(fmt.largest.e, fmt.least.e) >= WINDOW


def _check_range(name: str, q_min: int, emax: int) -> None:
    """Refuse a format too close to the ends of the lane."""
    if q_min < LEAST_QUANTUM or emax > LARGEST_EXPONENT:
        raise UnsupportedError(
            f"round: format must have q_min >= {LEAST_QUANTUM} and emax <= {LARGEST_EXPONENT} in lanes; "
            f"got {q_min}, {emax} ({name})"
        )
