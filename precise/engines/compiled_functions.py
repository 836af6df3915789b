"""Elementary functions by the extension: the interval around the host's value, rounded at both ends in one pass."""

from __future__ import annotations

from typing import Final

import numpy as np

from precise.engines import compiled
from precise.engines.carrier import Lanes
from precise.engines.lanes import LaneRounder, Mask

# What is known of a function besides the host's value and its margin, in the order of `intervals.h`.
KINDS: Final = ("", "log", "sin", "tanh", "tan", "cos", "exp")


def round_enclosed(
    op: str, x: Lanes, v: Lanes, margin: float, lanes: LaneRounder, first: int
) -> tuple[Lanes, Mask] | None:
    """Return what both ends around the host's values `v` of `op` at `x` round to, and a mask of undecided elements.

    None where the extension does not serve; the enclosure is that of `narrow_functions`.
    """
    module = compiled.extension()
    params = compiled.packed(lanes)
    if module is None or params is None or op not in KINDS:
        return None
    mode = compiled.MODES.index(lanes.rounder.rounding.code)
    y, undecided = np.empty(x.shape), np.empty(x.shape, dtype=np.bool_)
    specks = lanes.depends_on <= 52
    module.decide(KINDS.index(op), params, mode, x, v, margin, specks, y, undecided, x.size, first)
    return y, undecided
