"""Where a rounding may change, and numbers that round like values known only to lie beside such places.

A *threshold* is a number at which the result may change: a number of the format, a midpoint, a multiple of `2**-r`
units for SR with r bits. All thresholds of exponent e are multiples of `2**(e - bits(e))`. A *speck* is the unknown
rest of a value `b + t`, `0 < |t| < 2**size`, of known sign. Where no threshold lies strictly between `b` and `b + t`,
all numbers there round alike and one of them stands in for the value. Thresholds are symmetric about 0, so the
negative of a stand-in stands in for the negative of a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from precise.dyadic import Dyadic
from precise.errors import UnsupportedError
from precise.rounding import Overflow, Rounder

# The longest result that is computed in fixed point to keep its low bits.
LONGEST_RESULT: Final = 1 << 18


def quoted(n: int) -> str:
    """Return an integer as text, or its size where it is long."""
    return str(n) if n.bit_length() <= 128 else f"about 2**{n.bit_length()}"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds of a rounder."""

    rounder: Rounder

    def bits(self, e: int) -> int:
        """Return the bits of a value of exponent `e` on which its rounding may depend.

        Raises `UnsupportedError` in fixed point without bounds, where that is more than 2**18.
        """
        fmt, extra = self.rounder.format, self.rounder.rounding.extra_bits
        if fmt.p is not None:
            return fmt.p + extra
        if fmt.largest is not None and self.rounder.overflow is not Overflow.WRAP:
            e = min(e, fmt.largest.e + 2)  # no thresholds from there on
        own = max(1, e - fmt.quantum(e) + 1)
        if own > LONGEST_RESULT:
            must = f"have at most {LONGEST_RESULT} bits to wrap around"
            raise UnsupportedError(f"function: result must {must} in {fmt.name}; got {quoted(own)}")
        return own + extra

    def width(self) -> int:
        """Return the bits on which the rounding of any value in range may depend."""
        fmt = self.rounder.format
        if fmt.p is not None or fmt.largest is None:
            return self.bits(0)
        return self.bits(fmt.largest.e + 1)

    def beside(self, base: Dyadic, side: int, size: int) -> Dyadic | None:
        """Return a stand-in for a value strictly between `base` and `base + side * 2**size`, or None.

        Near `base`, on either side of it, thresholds have exponent `base.e - 1` at least, so they and `base` are
        multiples of `2**step`. If `size <= step` the next one is not reached.
        """
        if size >= base.e - 1:
            return None
        step = min(base.q, base.e - 1 - self.bits(base.e))
        return base + Dyadic(side, step - 2) if size <= step else None

    def vanishes(self, sign: int, size: int) -> Dyadic | None:
        """Return a stand-in for a value of the given sign below `2**size` in magnitude, if all those round alike."""
        fmt = self.rounder.format
        if fmt.q_min is None:
            return None
        least = fmt.q_min - self.rounder.rounding.extra_bits - 4  # below a fourth of the least threshold
        return Dyadic(sign, least) if size <= least else None

    def overflows(self, sign: int, size: int) -> Dyadic | None:
        """Return a stand-in for a value of at least `2**size` in magnitude, if all those round alike."""
        largest = self.rounder.format.largest
        if largest is None or self.rounder.overflow is Overflow.WRAP or size < largest.e + 2:
            return None
        return Dyadic(sign, largest.e + 2)
