"""Sums and products over an axis in the wide engine.

The exact order is MPFR's exact sum, rounded once: it never expands a gap of exponents, and its zeros have the signs of
IEEE 754-2019, 6.3. The other orders are chains of rounded additions, as the reference has them. Refused are the orders
that are not in `CHAINS`; intermediate results that are infinite or NaN under a policy or in a format that does not take
them as they are; and accumulators, products and results of which some have -0 and some have not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import accumulate, islice
from math import prod
from typing import Final, TypeAlias

import gmpy2
import numpy as np
from numpy.typing import NDArray

from precise.engines.accumulate import cuts
from precise.engines.carrier import Data, Objects
from precise.engines.wide_numbers import ONE, ZERO, mpfr_array
from precise.engines.wide_rounding import Numbers, WideRounder, numbers_of
from precise.errors import UnsupportedError
from precise.policy import Accumulate
from precise.rounding import Rounder

Total: TypeAlias = Callable[[Numbers], gmpy2.mpfr]


def sequential(inner: WideRounder, how: Accumulate) -> Total:
    """Return the sum in index order."""
    add, first = inner.function("add"), inner.function("plus")
    return lambda terms: reduce(add, islice(terms, 1, None), first(terms[0]))


def pairwise(inner: WideRounder, how: Accumulate) -> Total:
    """Return the sum by levels of neighbours; an odd last term passes up unchanged."""
    first = inner.function("plus")

    def total(terms: Numbers) -> gmpy2.mpfr:
        """Return the sum of one row."""
        if len(terms) == 1:
            return first(terms[0])
        while len(terms) > 1:
            pairs = list(inner.map("add", terms[:-1:2], terms[1::2]))
            terms = pairs + terms[-1:] if len(terms) % 2 else pairs
        return terms[0]

    return total


def blocked(inner: WideRounder, how: Accumulate) -> Total:
    """Return the sum with one rounding a block, of the accumulator and the block together."""
    exact = inner.function("fsum")

    def total(terms: Numbers) -> gmpy2.mpfr:
        """Return the sum of one row."""
        running: Numbers = []
        for first, last in cuts(len(terms), how):
            running = [exact(running + terms[first:last])]
        return running[0]

    return total


def split(inner: WideRounder, how: Accumulate) -> Total:
    """Return the sum, in sequence, of the sums of consecutive parts, each in sequence."""
    part, add = sequential(inner, how), inner.function("add")
    return lambda terms: reduce(add, [part(terms[first:last]) for first, last in cuts(len(terms), how)])


CHAINS: Final[dict[str, Callable[[WideRounder, Accumulate], Total]]] = {
    "sequential": sequential,
    "pairwise": pairwise,
    "blocked": blocked,
    "split": split,
}


class Summation:
    """The sums of one request: the order in the accumulator, and the rounding to the results."""

    def __init__(self, op: str, how: Accumulate, results: Rounder) -> None:
        if how.order != "exact" and how.order not in CHAINS:
            raise UnsupportedError(f"{op}: order must be exact or one of {', '.join(CHAINS)}; got {how.order}")
        self.op, self.final = op, WideRounder(results)
        self.rounders = [self.final]
        if how.order == "exact":
            self.total: Total = self.final.function("fsum")
            return
        inner = how.rounder(results)
        self.inner = self.joined(inner)
        chain, last = CHAINS[how.order](self.inner, how), self.final.function("plus")
        self.total = chain if inner == results else lambda terms: last(chain(terms))

    def joined(self, rounder: Rounder) -> WideRounder:
        """Return the rounder whose results go into the sums as well, one for all requests of the same."""
        if rounder.format.signed_zero != self.final.rounder.format.signed_zero:
            raise UnsupportedError(f"{self.op}: accumulator, products and results must all have -0 or none")
        for known in self.rounders:
            if known.rounder == rounder:
                return known
        self.rounders.append(WideRounder(rounder))
        return self.rounders[-1]

    def checked(self, sums: Numbers) -> Numbers:
        """Return the sums, which the policies of every rounder must leave as they are."""
        for wide in self.rounders:
            sums = wide.strict(self.op, sums)
        return sums


def rows_of(x: NDArray[np.generic]) -> list[Numbers]:
    """Return the elements as one list a row of the last axis."""
    numbers, count = numbers_of(x), x.shape[-1]
    return [numbers[i * count : (i + 1) * count] for i in range(prod(x.shape[:-1]))]


def reduce_sum(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the sums over the last axis."""
    sums, rows = Summation("sum", how, results), rows_of(x)
    found = [sums.total(row) if row else ZERO for row in rows]
    return mpfr_array(sums.checked(found), x.shape[:-1])


def cumulative_sum(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the sums of the first 1, 2, ..., n terms of the last axis; in sequence, by one running accumulator."""
    if how.order != "sequential":
        raise UnsupportedError(f"cumulative_sum: order must be sequential; got {how.order}")
    sums = Summation("cumulative_sum", how, results)
    add, first, last = sums.inner.function("add"), sums.inner.function("plus"), sums.final.function("plus")
    found: Numbers = []
    for row in rows_of(x):
        if row:
            found += map(last, accumulate(islice(row, 1, None), add, initial=first(row[0])))
    return mpfr_array(sums.checked(found), x.shape)


def reduce_prod(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the products over the last axis: a chain in index order, or one rounding of at most two factors."""
    if how.order == "exact" and x.shape[-1] > 2:
        raise UnsupportedError(f"prod: exact products must have at most 2 factors; got {x.shape[-1]}")
    final = WideRounder(results)
    inner = final if how.order == "exact" else WideRounder(how.rounder(results))
    if inner.rounder.format.signed_zero != results.format.signed_zero:
        raise UnsupportedError("prod: accumulator and results must both have -0 or neither")
    multiply, first, last = inner.function("mul"), inner.function("plus"), final.function("plus")
    if how.order == "exact":
        found = [multiply(*row) if len(row) == 2 else last(row[0] if row else ONE) for row in rows_of(x)]
    else:
        chains = [reduce(multiply, islice(row, 1, None), first(row[0])) if row else ONE for row in rows_of(x)]
        found = list(map(last, chains))
    return mpfr_array(final.strict("prod", inner.strict("prod", found)), x.shape[:-1])
