"""Comparisons and extrema of arrays of MPFR numbers: exact, and the same as of their data one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import gmpy2
import numpy as np
from numpy.typing import NDArray

from precise.engines.wide_numbers import holds_mpfr


def are_numbers(*arrays: NDArray[np.generic]) -> bool:
    """Return whether all arrays hold MPFR numbers only, and no NaN, which MPFR's comparisons would report."""
    return all(holds_mpfr(a) and not any(map(gmpy2.is_nan, a.ravel().tolist())) for a in arrays)


def compare_numbers(op: str, x: NDArray[np.generic], y: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Return `less`, `less_equal`, `equal` or `not_equal` of arrays for which `are_numbers` holds."""
    return np.asarray(getattr(np, op)(x, y), dtype=np.bool_)


def _larger(x: gmpy2.mpfr, y: gmpy2.mpfr) -> gmpy2.mpfr:
    """Return the larger number; -0 is below +0."""
    return y if x < y or (not x and not y and gmpy2.is_signed(x)) else x


def _smaller(x: gmpy2.mpfr, y: gmpy2.mpfr) -> gmpy2.mpfr:
    """Return the smaller number; -0 is below +0."""
    return y if y < x or (not x and not y and gmpy2.is_signed(y)) else x


_EXTREMA: Final[dict[str, Callable[[gmpy2.mpfr, gmpy2.mpfr], gmpy2.mpfr]]] = {"maximum": _larger, "minimum": _smaller}


def extremum_of_numbers(op: str, x: NDArray[np.generic], y: NDArray[np.generic]) -> NDArray[np.object_]:
    """Return `maximum` or `minimum` of arrays for which `are_numbers` holds."""
    return np.asarray(np.frompyfunc(_EXTREMA[op], 2, 1)(x, y), dtype=object)
