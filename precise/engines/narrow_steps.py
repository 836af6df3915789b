"""One step of a reduction in float64 lanes: a rounding, a rounded addition."""

from __future__ import annotations

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.narrow_elements import kernel
from precise.rounding import Rounder


def add_step(a: Lanes, b: Lanes, rounder: Rounder, first: int) -> Lanes:
    """Return `a + b` rounded; both one-dimensional."""
    return kernel("add", rounder)((np.ascontiguousarray(a), np.ascontiguousarray(b)), first)


def round_step(x: Lanes, rounder: Rounder, first: int) -> Lanes:
    """Return `x` rounded; one-dimensional."""
    return kernel("round", rounder)((np.ascontiguousarray(x),), first)
