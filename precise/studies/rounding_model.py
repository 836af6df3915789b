"""The error of one rounding, as a bound that holds for every number up to a given size."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import flint

from precise.balls import ball_of, interval_of
from precise.dyadic import Dyadic
from precise.formats import Format
from precise.rounding import Rounder

NOTHING: Final = flint.arb(0)
NO_BOUND: Final = flint.arb.pos_inf()


@dataclass(frozen=True, slots=True)
class RoundingModel:
    r"""The model `|round(y) - y| <= relative * |y| + absolute` of a format and a mode, in range.

    To nearest `relative = u / (1 + u)`, in other modes `2 u`; 0 for fixed point. The absolute part is for results
    below the least normal number: half of the gap around zero to nearest, else all of it.

    References
    ----------
    Higham 2002, Theorem 2.2 and (2.8); Jeannerod and Rump 2018, for u / (1 + u).
    """

    rounder: Rounder

    @property
    def format(self) -> Format:
        """The format that is rounded to."""
        return self.rounder.format

    @property
    def nearest(self) -> bool:
        """Whether the mode rounds to a nearest number."""
        return self.rounder.rounding.code in ("RNE", "RNA")

    @property
    def relative(self) -> Fraction:
        """The bound on the relative error of a result that is 0 or at least the least normal number."""
        if self.format.p is None:
            return Fraction(0)
        u = self.format.unit_roundoff
        return u / (1 + u) if self.nearest else 2 * u

    @property
    def absolute(self) -> Dyadic:
        """The bound on the error of a result below the least normal number; 0 where exponents are unbounded."""
        least = self.format.smallest_positive
        return Dyadic(0) if least is None else self._share(least)

    @property
    def sums_need_no_absolute(self) -> bool:
        """Whether sums of members stay on the grid below the least normal number, so that they are exact there."""
        return self.format.q_min is None or self.format.subnormals

    def _share(self, gap: Dyadic) -> Dyadic:
        """Return the part of a gap between neighbours that a rounding may cross."""
        return gap.scaled(-1) if self.nearest else gap

    def holds(self, magnitude: flint.arb) -> bool:
        """Return whether no number up to `magnitude` overflows."""
        found = interval_of(magnitude)
        return found is not None and (self.format.largest is None or found.upper <= self.format.largest)

    def local(self, magnitude: flint.arb, *, sum_of_members: bool = False) -> flint.arb:
        """Return a bound on the error of rounding any y with |y| <= `magnitude`; infinite where it may overflow.

        The smaller of the relative bound and of the gap in the binade of the numbers just below `magnitude` (a power
        of two is a member, so the binade below counts), but not less than the absolute part.
        """
        found = interval_of(magnitude)
        if found is None or (self.format.largest is not None and found.upper > self.format.largest):
            return NO_BOUND
        size = found.upper
        if size <= 0:
            return NOTHING
        gap = ball_of(self._share(Dyadic(1, self.format.quantum(size.e - (size.c == 1)))))
        if self.format.p is None:
            return gap
        bound = gap.min(ball_of(self.relative) * ball_of(size))
        return bound if sum_of_members and self.sums_need_no_absolute else bound.max(ball_of(self.absolute))
