"""The error of accumulating a sum, for every order that a policy has."""

from __future__ import annotations

from fractions import Fraction

import flint

from precise.balls import ball_of
from precise.errors import UnsupportedError
from precise.formats import Format
from precise.policy import Accumulate, Policy
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
    Exact: one rounding, none of a single member. Otherwise the terms pass stages; a stage multiplies the sum of their
    magnitudes by at most a growth g, so that it adds at most `(g - 1) * size`, and roundings that may underflow add
    the absolute part of the model, each times g at most. Each term passes at most h roundings of the accumulator, g =
    (1 + v)**h: h = count - 1 in sequence, at most ceil(log2 length) in pairs, at most the longest part and the other
    parts for `split` (one more where terms are not members; adding zero is exact), one a block for `blocked`.

    `promoted`: the stage of the inner order, then that of its sums in sequence. `tensor-core`: a step drops from each
    of its m terms less than :math:`2^{1-bits}` times the largest of them, so h steps have g = ((1 + v)(1 + d))**h with
    :math:`d = m 2^{1-bits}`, half of that for nearest alignment. `kahan` and `neumaier` have no
    bound: they raise `UnsupportedError`.

    Then comes the rounding to the results' format where that is another one.

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
    if not is_bounded(how):
        raise UnsupportedError(f"bounding: order of accumulation must be one with an error bound; got {how.sum_text()}")
    inner = RoundingModel(how.rounder(policy.results))
    added = _stage_error(how, inner, size, count, length, grid)
    if inner.rounder == results.rounder or not added.is_finite():
        return added
    return added + results.local(true.abs_upper() + inherited + added)


def is_bounded(how: Accumulate) -> bool:
    """Return whether the order has a bound here."""
    return how.order not in ("kahan", "neumaier") and (how.inner is None or is_bounded(how.inner))


def keeps_single_terms(policy: Policy) -> bool:
    """Return whether the sum of one member of the results' format is that member, whatever zeros stand beside it."""
    how = policy.accumulate
    return how.order not in ("promoted", "tensor-core") and how.format in (None, policy.results.format)


def _stage_error(
    how: Accumulate, inner: RoundingModel, size: flint.arb, count: int, length: int, grid: Format | None
) -> flint.arb:
    """Return a bound on the error of the total in the accumulator `inner`."""
    if how.order == "promoted" and how.inner is not None and how.size is not None:
        block = RoundingModel(how.inner.rounder(inner.rounder))
        blocks = -(-length // how.size)
        within = _stage_error(how.inner, block, size, count, min(how.size, length), grid)
        if not within.is_finite():
            return NO_BOUND
        chain = Accumulate("sequential")
        return within + _stage_error(chain, inner, size + within, min(blocks, count), blocks, block.format)
    members = grid is not None and grid == inner.format
    step, depth = _roundings(how, inner, count, length, members)
    growth = ball_of(step**depth)
    if not inner.holds(size * growth + count * ball_of(inner.absolute) * growth):
        return NO_BOUND
    added = (growth - 1) * size
    if depth and not (members and inner.sums_need_no_absolute):
        added += (count + (not members) * count) * ball_of(inner.absolute) * growth
    return added


def _roundings(how: Accumulate, inner: RoundingModel, count: int, length: int, members: bool) -> tuple[Fraction, int]:
    """Return the growth of one rounded step, and how many of them a term passes at most."""
    step, depth = 1 + inner.relative, min(_levels(how, count, length), count - 1) + (not members)
    if how.order == "exact":
        return step, 1
    if how.order == "blocked" and how.size is not None and how.size > 1:
        return step, min(-(-length // how.size), count)
    if how.order == "tensor-core" and how.size is not None and how.bits is not None and how.align is not None:
        dropped = Fraction(min(how.size, length) + 1, 1 << (how.bits - 1))
        half = how.align.code in ("RNE", "RNA")
        # A step of zeros may drop bits of the accumulator too, but a second one in a row drops none.
        return step * (1 + (dropped / 2 if half else dropped)), min(-(-length // how.size), 2 * count)
    return step, depth


def _levels(how: Accumulate, count: int, length: int) -> int:
    """Return the most additions that a term passes, for orders that add two numbers at a time."""
    if how.order == "pairwise":
        return (length - 1).bit_length()
    if how.order == "split" and how.size is not None:
        parts = min(how.size, length)
        return -(-length // parts) - 1 + parts - 1
    return count - 1
