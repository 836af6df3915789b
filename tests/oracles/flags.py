"""The five flags of IEEE 754-2019, clause 7, of every result, from exact results and integer rounding."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from oracles.integers import Spec
from oracles.lanes import WIDTH, Exact, Floats, round_exact

Mask = npt.NDArray[np.bool_]
NAMES = ("inexact", "overflow", "underflow", "invalid", "divide_by_zero")


@dataclass(frozen=True)
class Raised:
    """Which results raise which flag."""

    inexact: Mask
    overflow: Mask
    underflow: Mask
    invalid: Mask
    divide_by_zero: Mask

    def counts(self, part: slice) -> list[int]:
        """Return how many of a part raise each flag."""
        return [int(getattr(self, name)[part].sum()) for name in NAMES]


def raised(exact: Exact, spec: Spec, mode: str, tininess: str, *operands: Floats) -> Raised:
    """Return the flags of results before rounding, for a format with a precision and bounds."""
    assert spec.p is not None
    assert spec.q_min is not None
    assert spec.largest is not None
    free = replace(spec, largest=None, least=None, infinities=True)
    rounds = ~exact.is_fixed
    inner, outer, nearest = (abs(round_exact(exact, free, m, "infinity")) for m in ("RTZ", "RAZ", mode))
    overflow = rounds & (nearest > float(spec.largest))
    inexact = rounds & ((inner != outer) | overflow)
    emin = spec.q_min + spec.p - 1
    if tininess == "before":
        tiny = exact.e + WIDTH - 1 < emin
    else:
        tiny = abs(round_exact(exact, replace(free, q_min=None), mode, "infinity")) < 2.0**emin
    fixed, any_nan = exact.fixed, np.any([np.isnan(v) for v in operands], axis=0)
    finite = np.all([np.isfinite(v) for v in operands], axis=0)
    invalid = exact.is_fixed & np.isnan(fixed) & ~any_nan
    return Raised(inexact, overflow, inexact & tiny, invalid, exact.is_fixed & np.isinf(fixed) & finite)
