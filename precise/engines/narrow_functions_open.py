"""What the host's margin leaves open, by MPFR: the value rounded to odd at 53 bits.

MPFR cuts the value to 53 bits and says whether that was exact; an inexact lane is made odd. Where rounding depends on
at most 52 bits, such a lane rounds as the value does (`LaneRounder.depends_on`). Of SR, the draw belongs to a place,
and lanes that lie apart have none in common: the reference serves it, as all that MPFR lacks.
"""

from __future__ import annotations

from typing import Final

import gmpy2
import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.lanes import WINDOW, LaneRounder, Mask
from precise.engines.wide_functions import METHODS

_CUTTING: Final = gmpy2.context(precision=53, round=gmpy2.RoundToZero)


def decide_open(op: str, operands: tuple[Lanes, ...], lanes: LaneRounder, y: Lanes, undecided: Mask) -> None:
    """Round in place the undecided values of a function, and clear the mask where that was done."""
    at = np.flatnonzero(undecided)
    if at.size == 0 or op not in METHODS or lanes.depends_on > 52 or lanes.rounder.rounding.code == "SR":
        return
    found, refused = lanes.try_round(_rounded_to_odd(op, [a[at] for a in operands]))
    decided = ~np.isnan(found) if refused is None else ~(np.isnan(found) | refused)
    y[at[decided]] = found[decided]
    undecided[at[decided]] = False


def _rounded_to_odd(op: str, operands: list[Lanes]) -> Lanes:
    """Return a function's values rounded to odd, and NaN for those outside the window of exponents."""
    method = getattr(_CUTTING, METHODS[op])
    found = [method(*row) for row in zip(*(a.tolist() for a in operands), strict=True)]
    cut = np.array([float(v) for v in found])
    bits = cut.view(np.int64) | np.array([v.rc != 0 for v in found])
    mag = np.abs(cut)
    lanes: Lanes = np.where((mag >= 2.0**-WINDOW) & (mag < 2.0**WINDOW), bits.view(np.float64), np.nan)
    return lanes
