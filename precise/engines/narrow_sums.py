"""Sums in float64 lanes: in pairs by rounded steps, and exact ones with one rounding.

A block is a range of consecutive results; each term is an array over the block. Exact sums are kept as `s + e` with
a bound on what both miss: adding a term is error-free in s, the errors are added error-free in e, and the errors of
that are only bounded. If the bound is 0, `s + e` is exact; otherwise both ends of the remaining interval are
rounded, and a result is taken where they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from precise.engines.accumulate import step_rounder
from precise.engines.carrier import Lanes
from precise.engines.lanes import LaneRounder, Mask
from precise.engines.narrow_steps import add_step, round_step
from precise.engines.residuals import HIGH, LOW, nudge, require_spare_bits, two_sum
from precise.errors import UnsupportedError
from precise.rounding import Rounder

_OUTWARDS: Final = 1 + 2.0**-20  # covers the rounding of a sum of up to 2**30 bounds


def pairwise_sum(terms: Lanes, inner: Rounder, first: int) -> Lanes:
    """Return the sums of `terms: [count, block]`, count >= 1, in the accumulator, neighbours added level by level."""
    if len(terms) == 1:
        return round_step(terms[0], inner, first)
    k = 0
    while len(terms) > 1:
        half = len(terms) // 2
        sums = np.empty((half + len(terms) % 2, terms.shape[1]))
        if inner.rounding.code == "SR":
            for i in range(half):
                sums[i] = add_step(terms[2 * i], terms[2 * i + 1], step_rounder(inner, k + i + 1), first)
        else:
            left, right = (np.ascontiguousarray(terms[i : 2 * half : 2]) for i in (0, 1))
            sums[:half] = add_step(left.reshape(-1), right.reshape(-1), inner, first).reshape(half, -1)
        if len(terms) % 2:
            sums[half] = terms[-1]
        k += half
        terms = sums
    return np.ascontiguousarray(terms[0])


@dataclass(slots=True)
class ExactSum:
    """Running exact sums over a block: `s + e` plus at most `bound`; s alone holds infinities, NaN and zeros' signs.

    `positive_zeros` marks sums all of whose terms are +0. Preconditions: the magnitudes of all finite terms
    together stay below 2**960, so that nothing finite overflows.
    """

    s: Lanes
    e: Lanes
    bound: Lanes
    positive_zeros: Mask

    @classmethod
    def of(cls, terms: Lanes) -> ExactSum:
        """Return the sums that consist of one term each."""
        return cls(terms, np.zeros_like(terms), np.zeros_like(terms), terms.view(np.int64) == 0)

    def part(self, first: int, last: int) -> ExactSum:
        """Return the sums `first..last` of a block."""
        at = slice(first, last)
        return ExactSum(self.s[at], self.e[at], self.bound[at], self.positive_zeros[at])

    def plus(self, other: ExactSum) -> ExactSum:
        """Return the sums of both."""
        s, missed = two_sum(self.s, other.s)
        t, f = two_sum(self.e, other.e)
        e, g = two_sum(t, missed)
        bound = self.bound + other.bound + (np.abs(f) + np.abs(g))
        return ExactSum(s, e, bound, self.positive_zeros & other.positive_zeros)

    def include(self, term: Lanes, low: Lanes | None = None) -> None:
        """Add one term to each sum, or a term `term + low` of which `term` alone has specials and signed zeros."""
        self.s, missed = two_sum(self.s, term)
        self.e, f = two_sum(self.e, missed)
        self.bound += np.abs(f)
        self.positive_zeros &= term.view(np.int64) == 0
        if low is not None:
            self.e, f = two_sum(self.e, low)
            self.bound += np.abs(f)

    def rounded(self, op: str, lanes: LaneRounder, first: int) -> tuple[Lanes, Mask]:
        """Return the sums rounded once, and a mask of undecided ones, the reference's errors included."""
        finite = np.isfinite(self.s)
        s, e = two_sum(self.s, self.e)
        s = np.where(finite & ((s != 0) | (self.s != 0)), s, self.s)
        bound = np.where(finite, self.bound * _OUTWARDS, 0.0)
        e = np.where(finite, e, 0.0)
        zero = (s == 0) & (bound == 0)
        if lanes.rounder.rounding.code == "RTN":
            s = np.where(zero & ~self.positive_zeros, -0.0, s)
        vague = bound > 0
        # |e| is at most half of the lesser unit beside s and the bound is at most an eighth, so the sum is within a
        # unit.
        undecided = vague & ~((bound <= np.abs(s) * 2.0**-56) & (np.abs(s) >= LOW) & (np.abs(s) <= HIGH))
        low, high = e - bound, e + bound
        require_spare_bits(op, lanes.rounder, lanes.depends_on, bool(((low != 0) | (high != 0)).any()))
        y, refused = lanes.try_round(nudge(s, low), first)
        if refused is not None:
            undecided |= refused
        if vague.any():
            z, refused = lanes.try_round(nudge(s, high), first)
            undecided |= (y.view(np.int64) != z.view(np.int64)) & vague
            if refused is not None:
                undecided |= refused
        return y, undecided


def tree_sum(terms: Lanes) -> ExactSum:
    """Return the exact sums of `terms: [count, block]`, count >= 1, in a tree of depth log2(count).

    Odd levels are filled with -0, which changes no sum and no sign of zero.
    """
    level = ExactSum.of(terms)
    while (count := level.s.shape[0]) > 1:
        if count % 2:
            pad = np.full((1, terms.shape[1]), -0.0)
            level = _joined(level, ExactSum(pad, -pad, -pad, np.ones(pad.shape, dtype=np.bool_)))
        level = _part(level, 0).plus(_part(level, 1))
    return ExactSum(level.s[0], level.e[0], level.bound[0], level.positive_zeros[0])


def _joined(a: ExactSum, b: ExactSum) -> ExactSum:
    """Return the rows of both."""
    return ExactSum(
        np.concatenate([a.s, b.s]),
        np.concatenate([a.e, b.e]),
        np.concatenate([a.bound, b.bound]),
        np.concatenate([a.positive_zeros, b.positive_zeros]),
    )


def _part(a: ExactSum, start: int) -> ExactSum:
    """Return every second row."""
    return ExactSum(a.s[start::2], a.e[start::2], a.bound[start::2], a.positive_zeros[start::2])


def require_no_overflow(op: str, largest: float, count: int) -> None:
    """Refuse terms whose exact sums could leave the window."""
    if not largest * max(count, 1) < HIGH:
        raise UnsupportedError(
            f"{op}: exact sums must stay below 2**960 in lanes; got {count} terms up to {largest:.3g}"
        )
