"""What the entries of an array have in common: how far their magnitudes reach and how long their significands are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from precise.engines import compiled
from precise.engines.carrier import Lanes
from precise.engines.lanes import blocks


@dataclass(frozen=True, slots=True)
class Extent:
    """The reach of the entries of an array, found in one pass.

    `bits` is the length of the longest significand, of a normal number from its leading bit to its last set one, 1 if
    there is nothing but zeros; `least` the least nonzero magnitude, infinity if there is none; `most` the largest
    finite one, 0 if there is none; `finite` says that there are no infinities and no NaN.
    """

    bits: int
    least: float
    most: float
    finite: bool

    @classmethod
    def of(cls, x: Lanes) -> Extent:
        """Return the extent of `x`, of any shape."""
        module = compiled.extension()
        if module is not None and x.flags.c_contiguous:
            fractions, least, most, finite = module.extent(x)
        else:
            fractions, least, most, finite = _extent(x)
        return cls(53 - _trailing_zeros(fractions), least, most, finite)


def _trailing_zeros(fractions: int) -> int:
    """Return the zeros that end all fraction fields of 52 bits, whose bits are united."""
    field = (fractions & ((1 << 52) - 1)) | (1 << 52)
    return (field & -field).bit_length() - 1


def _extent(x: Lanes) -> tuple[int, float, float, bool]:
    """Return the united bits, both ends of the finite nonzero magnitudes, and whether all are finite."""
    fractions, least, most, finite = 0, np.inf, 0.0, True
    flat = x.reshape(-1) if x.flags.c_contiguous else x.flat
    for first, last in blocks(x.size, 1 << 17):  # no copy is as long as the array
        a = np.abs(flat[first:last])
        fractions |= int(np.bitwise_or.reduce(a.view(np.int64)))
        largest, smallest = float(np.max(a)), float(np.min(a))
        if not largest < np.inf:
            finite = False
            largest = float(np.max(a, initial=0.0, where=np.isfinite(a)))
        if not 0 < smallest < np.inf:
            smallest = float(np.min(a, initial=np.inf, where=a > 0))
        least, most = min(least, smallest), max(most, largest)
    return fractions, least, most, finite
