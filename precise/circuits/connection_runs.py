"""Runs of bits with weights: equal, doubling, or the signs of a number; their sums in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from precise.errors import UnsupportedError


class Law(Enum):
    """How weights go along a run: all equal, each twice the one before, or 1 and -1 as a number has bits 1 and 0."""

    EQUAL = 0
    DOUBLING = 1
    LITERALS = 2


@dataclass(frozen=True, slots=True)
class Run:
    """The bits `start .. stop - 1` of a word, each with a weight.

    Parameters
    ----------
    factor
        The weight of the first bit under `DOUBLING`, of all under `EQUAL`, of a 1 of `pattern` under `LITERALS`.
    pattern
        For `LITERALS`: bit `i - start` of this number, in two's complement, is the sign at place i.
    """

    start: int
    stop: int
    factor: int = 1
    law: Law = Law.EQUAL
    pattern: int = 0

    def at(self, i: int) -> int:
        """Return the weight of bit i."""
        if i < self.start or i >= self.stop:
            return 0
        if self.law is Law.DOUBLING:
            return self.factor << (i - self.start)
        if self.law is Law.LITERALS and not self.pattern >> (i - self.start) & 1:
            return -self.factor
        return self.factor

    def shifted(self, offset: int) -> Run:
        """Return the same weights, `offset` places further up."""
        return Run(self.start + offset, self.stop + offset, self.factor, self.law, self.pattern)

    def cut(self, low: int, high: int) -> Run:
        """Return the part of the run inside `low .. high - 1`."""
        start, stop = max(self.start, low), min(self.stop, high)
        if start >= stop or self.law is Law.EQUAL or start == self.start:
            return Run(start, stop, self.factor, self.law, self.pattern)
        if self.law is Law.DOUBLING:
            return Run(start, stop, self.factor << (start - self.start), self.law)
        return Run(start, stop, self.factor, self.law, self.pattern >> (start - self.start))

    def total(self) -> int:
        """Return the sum of all weights."""
        length = self.stop - self.start
        if length <= 0:
            return 0
        if length == 1:
            return self.at(self.start)
        if self.law is Law.DOUBLING:
            return (self.factor << length) - self.factor
        if self.law is Law.LITERALS:
            return self.factor * (2 * ones(self.pattern, length) - length)
        return self.factor * length


def point(i: int, factor: int = 1) -> Run:
    """Return the run of one bit."""
    return Run(i, i + 1, factor)


def ones(pattern: int, length: int) -> int:
    """Return how many of the `length` low bits of a number, in two's complement, are 1."""
    if pattern < 0:
        return length - ones(-1 - pattern, length)
    if pattern.bit_length() > length:
        pattern &= (1 << length) - 1
    return pattern.bit_count()


def bits_in_run(value: int, run: Run) -> int:
    """Return the sum of the weights of a run, equal or doubling, where a number, in two's complement, has a 1."""
    length = run.stop - run.start
    if length <= 0:
        return 0
    if length == 1:
        return run.at(run.start) if value >> run.start & 1 else 0
    if run.law is Law.LITERALS:
        raise UnsupportedError(f"connection: bits of numbers must be read with equal or doubling weights; got {run}")
    if run.law is Law.DOUBLING:
        return run.factor * (value >> run.start & (1 << length) - 1)
    return run.factor * ones(value >> run.start, length)
