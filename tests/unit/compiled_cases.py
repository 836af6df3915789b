"""The same work by the compiled loops and by the NumPy code, and whether they agree."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from precise.engines import compiled, narrow
from precise.engines.lanes import lane_rounder
from precise.errors import DomainError, UnsupportedError
from precise.rounding import Rounder


def by_numpy(op: str, operands: tuple[NDArray[np.float64], ...], rounder: Rounder) -> NDArray[np.float64] | type:
    """Return the NumPy result, or the kind of error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "serves", lambda op, lanes: False)
        try:
            return narrow.elementwise(op, operands, rounder)
        except (DomainError, UnsupportedError) as error:
            return type(error)


def same_bits(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """Return whether two arrays agree in every bit; all NaN are one value."""
    nan = np.isnan(x) & np.isnan(y)
    return bool(((x.view(np.int64) == y.view(np.int64)) | nan).all())


def served(op: str, operands: tuple[NDArray[np.float64], ...], rounder: Rounder) -> NDArray[np.float64] | None:
    """Return what the extension computes, or None."""
    shape = np.broadcast_shapes(*(a.shape for a in operands))
    out = np.full(shape, -1.5)
    spread = tuple(np.broadcast_to(a, shape) for a in operands)
    return out if compiled.elementwise(op, spread, lane_rounder(rounder), out) else None
