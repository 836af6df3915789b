"""One step of a reduction in float64 lanes: its rounder, a rounding, a rounded addition."""

from __future__ import annotations

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.narrow_elements import kernel
from precise.rounding import Rounder


def step_rounder(rounder: Rounder, k: int) -> Rounder:
    """Return the rounder of step `k`: fresh random bits for SR, the same rounder otherwise."""
    if rounder.rounding.code != "SR":
        return rounder
    return Rounder(rounder.format, rounder.rounding.fold_in(k), rounder.overflow, rounder.underflow)


def add_step(a: Lanes, b: Lanes, rounder: Rounder, first: int) -> Lanes:
    """Return `a + b` rounded; both one-dimensional."""
    return kernel("add", rounder)((np.ascontiguousarray(a), np.ascontiguousarray(b)), first)


def round_step(x: Lanes, rounder: Rounder, first: int) -> Lanes:
    """Return `x` rounded; one-dimensional."""
    return kernel("round", rounder)((np.ascontiguousarray(x),), first)
