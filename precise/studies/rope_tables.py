"""Tables of cos(m theta_k) and sin(m theta_k) in which each quantity is correctly rounded to a format of its own.

Four quantities are rounded, each once, from the exact value that the stored ones before it give: positions m,
frequencies theta_k = base**(-2k/d), angles (stored position times stored frequency), and cos and sin of the stored
angle. None in place of a format leaves a quantity exact; an exact angle is then an enclosure that is refined until both
ends round alike. The finished tables are stored in binary32, which is exact for every format that is contained in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.balls import Interval, interval_of, working_precision
from precise.dyadic import Dyadic, Element
from precise.engines.carrier import Lanes, float_of
from precise.engines.lanes import lane_rounder
from precise.errors import UndecidedError, UnsupportedError
from precise.formats import binary32
from precise.rounding import RNE, Rounder, Rounding
from precise.studies.rope_angles import (
    Angle,
    Entry,
    Spectrum,
    angle_ball,
    role_rounder,
    rope_frequency,
    round_enclosed,
    rounder_for,
    stored_angles,
)
from precise.studies.rope_formats import RopeFormats

__all__ = ["RopeTables", "exact_tables", "rope_frequency", "rope_tables"]

# Working bits of the first attempt at a whole table, and the good bits of a value that it must give.
_BITS: Final = 128
_GOOD_BITS: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class RopeTables:
    """Tables of a model with head dimension d, one row a position.

    Parameters
    ----------
    formats : RopeFormats
        What the quantities were rounded to.
    positions : [n]
    cos, sin : [n, d/2] in binary32; NaN where the stored angle is infinite or NaN.
    """

    formats: RopeFormats
    positions: tuple[int, ...]
    cos: NDArray[np.float32]
    sin: NDArray[np.float32]

    @property
    def not_finite(self) -> int:
        """How many entries of both tables are NaN or infinite."""
        return int(np.count_nonzero(~np.isfinite(self.cos)) + np.count_nonzero(~np.isfinite(self.sin)))


def rope_tables(
    formats: RopeFormats, *, base: Fraction | int, head_dim: int, positions: Sequence[int], rounding: Rounding
) -> RopeTables:
    """Return the tables of the given positions, every quantity correctly rounded to its format.

    Parameters
    ----------
    formats : RopeFormats
    base, head_dim : the b and d of theta_k = b**(-2k/d)
    positions : [n], integers of at least 0
    rounding : Rounding
        How each of the four quantities is rounded. Storing in binary32 is RNE.

    Returns
    -------
    RopeTables
        Each entry correctly rounded from the stored angle; one more rounding where `formats.tables` has numbers that
        binary32 lacks.

    Constraints
    -----------
    C1. `base` is positive and `head_dim` even and positive; otherwise `DomainError`.
    C2. Positions are integers of at least 0; otherwise `DomainError`.

    Examples
    --------
    >>> from precise.formats import bfloat16
    >>> rope_tables(RopeFormats.everywhere(bfloat16), base=4, head_dim=4, positions=[0, 2], rounding=RNE).cos
    array([[ 1.        ,  1.        ],
           [-0.41601562,  0.5390625 ]], dtype=float32)
    """
    spectrum = Spectrum(Fraction(base), head_dim)
    entries = list(stored_angles(formats, spectrum, positions, rounding))
    near = _near_values(entries, spectrum)
    columns = []
    for which in ("cos", "sin"):
        rounder = role_rounder(formats.tables, rounding, which) or rounder_for(binary32, RNE)
        columns.append(_rounded_column(which, near[which], entries, spectrum, rounder))
    shape = (len(positions), head_dim // 2)
    return RopeTables(formats, tuple(positions), columns[0].reshape(shape), columns[1].reshape(shape))


def exact_tables(
    *, base: Fraction | int, head_dim: int, positions: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cos and sin of the exact angles `[n, d/2]` in binary64, within 2**-53 of the true values.

    Raises `UndecidedError` where 128 working bits do not suffice: an angle beyond 2**60.
    """
    spectrum = Spectrum(Fraction(base), head_dim)
    entries = list(stored_angles(RopeFormats(), spectrum, positions, RNE))
    near = _near_values(entries, spectrum)
    zero = [entry.angle is not None and entry.angle.factor.c == 0 for entry in entries]
    near["cos"][zero], near["sin"][zero] = 1.0, 0.0
    if any(np.isnan(column).any() for column in near.values()):
        raise UndecidedError(f"exact_tables: {_BITS} working bits must suffice; they do not")
    shape = (len(positions), head_dim // 2)
    return near["cos"].reshape(shape), near["sin"].reshape(shape)


def _near_values(entries: Sequence[Entry], spectrum: Spectrum) -> dict[str, Lanes]:
    """Return cos and sin of every angle but 0, less than one unit in the last place of binary64 away; NaN if unknown.

    At 60 good bits the radius of a ball is below 2**-6 units, and its middle is converted to nearest.
    """
    found = {"cos": np.full(len(entries), nan), "sin": np.full(len(entries), nan)}
    with working_precision(_BITS):
        for i, entry in enumerate(entries):
            if entry.angle is None or entry.angle.factor.c == 0:
                continue
            sine, cosine = angle_ball(entry.angle, spectrum, _BITS).sin_cos()
            for which, ball in (("cos", cosine), ("sin", sine)):
                if ball.rel_accuracy_bits() >= _GOOD_BITS:
                    found[which][i] = float(ball)
    return found


def _rounded_column(
    which: str, near: Lanes, entries: Sequence[Entry], spectrum: Spectrum, rounder: Rounder
) -> NDArray[np.float32]:
    """Return cos or sin of every angle, correctly rounded and then stored in binary32.

    Rounding is monotone, so the lanes on both sides of `near` decide where they round alike; the others go one by one.
    """
    to_binary32 = rounder_for(binary32, RNE)
    decided = _decided_lanes(near, rounder)
    out = lane_rounder(to_binary32)(decided).astype(np.float32)
    for i in np.flatnonzero(np.isnan(decided)).tolist():
        entry = entries[i]
        if entry.angle is not None:
            out[i] = float_of(to_binary32(_round_function(which, entry.angle, spectrum, rounder, entry.index)))
    return out


def _decided_lanes(near: Lanes, rounder: Rounder) -> Lanes:
    """Return what both neighbours of every lane round to; NaN where they differ, where unknown, and for SR."""
    undecided = np.full(near.size, nan)
    if rounder.rounding.code == "SR":
        return undecided  # its random bits go by position, those of lanes by place in the array
    known = ~np.isnan(near)
    start = np.where(known, near, 1.0)
    try:
        lanes = lane_rounder(rounder)
        low, high = (lanes.try_round(np.nextafter(start, end))[0] for end in (-inf, inf))
    except UnsupportedError:
        return undecided
    return np.where(known & (low.view(np.int64) == high.view(np.int64)), low, nan)


def _round_function(which: str, angle: Angle, spectrum: Spectrum, rounder: Rounder, index: int) -> Element:
    """Return cos or sin of `angle` rounded once.

    Ends: an algebraic angle other than 0 has a transcendental cosine and sine (Lindemann), so no boundary of a rounding
    is met; at 0 they are 1 and 0.
    """
    if angle.factor.c == 0:
        return rounder(Dyadic(int(which == "cos")), index)

    def enclosure(bits: int) -> Interval | None:
        with working_precision(bits):
            ball = angle_ball(angle, spectrum, bits)
            return interval_of(ball.cos() if which == "cos" else ball.sin())

    return round_enclosed(enclosure, rounder, index)
