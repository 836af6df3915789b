"""The error of accumulating a sum, for every order that a policy has."""

from __future__ import annotations

from fractions import Fraction

import flint

from precise.balls import ball_of
from precise.formats import Format
from precise.policy import Policy
from precise.studies.rounding_model import NO_BOUND, NOTHING, RoundingModel


def accumulation_error(
    policy: Policy,
    true: flint.arb,
    inherited: flint.arb,
    size: flint.arb,
    count: int,
    length: int,
    grid: Format | None,
) -> flint.arb:
    r"""Return a bound on the error that accumulation adds to a sum of terms.

    Parameters
    ----------
    true, inherited
        The true sum, and a bound on the distance from it to the exact sum of the computed terms.
    size
        A bound on the sum of the magnitudes of the computed terms.
    count, length
        How many terms are not exactly zero, and how many there are.
    grid
        The format that all terms are members of, if there is one.

    Notes
    -----
    Exact: one rounding, none of a single member. Otherwise each term passes at most h roundings of the accumulator,
    h = count - 1 in sequence and at most ceil(log2 length) in pairs (one more where terms are not its members; adding
    zero is exact), so that the error is at most `((1 + v)**h - 1) * size`, and the additions that may underflow add
    the absolute part of the model times `(1 + v)**h`. Then comes the rounding to the results' format where that is
    another one.

    References
    ----------
    Higham 2002, section 4.2; with v = u / (1 + u) for u: Jeannerod and Rump 2018.
    """
    if count == 0:
        return NOTHING
    how, results = policy.accumulate, RoundingModel(policy.results)
    if how.order == "exact":
        members = grid is not None and grid == results.format
        if count == 1 and members:
            return NOTHING
        return results.local(true.abs_upper() + inherited, sum_of_members=members)
    inner = RoundingModel(how.rounder(policy.results))
    members = grid is not None and grid == inner.format
    levels = (length - 1).bit_length() if how.order == "pairwise" else count - 1
    depth = min(levels, count - 1) + (not members)
    growth = ball_of((1 + inner.relative) ** depth) if depth else ball_of(Fraction(1))
    if not inner.holds(size * growth + count * ball_of(inner.absolute) * growth):
        return NO_BOUND
    added = (growth - 1) * size
    if depth and not (members and inner.sums_need_no_absolute):
        added += (count + (not members) * count) * ball_of(inner.absolute) * growth
    if inner.rounder == results.rounder:
        return added
    return added + results.local(true.abs_upper() + inherited + added)
