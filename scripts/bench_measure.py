"""Measure contenders that do the same work: alternating runs in one process, medians, and a judge for the answers.

Ours and the limit are visited again later, so that a disturbance of a minute does not decide a row.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from statistics import median, quantiles

import numpy as np
from numpy.typing import NDArray

Work = Callable[[], object]
Inputs = tuple[object, ...]
Answer = NDArray[np.float64] | list[object]
Clock = Callable[[], float]

PATIENCE = 60  # ours and the limit may take so many times longer than peers before they get a smaller size
SHORTEST = 0.002  # seconds of one sample; shorter work is repeated within it
AGAIN = 0.25  # seconds: rows of a longer run are visited once


class NotOfferedError(Exception):
    """A contender lacks the operation, the format or the mode."""


@dataclass(frozen=True)
class Contender:
    """One way to do a row's work. `start` converts the inputs, outside the clock, and returns what is timed."""

    name: str
    kind: str  # ours, limit or peer
    start: Callable[[Inputs], Work]
    read: Callable[[object], Answer] | None = None  # None: the answer is another number, nothing to judge


@dataclass(frozen=True)
class Row:
    """One line of the benchmark: what is computed, by whom, on what, and what is right."""

    key: str
    contenders: Callable[[], Sequence[Contender]]
    inputs: Callable[[int], Inputs]
    sizes: tuple[int, ...]  # ascending; a contender that is too slow for the last takes a smaller one
    bar: float | None  # the goal for ours, in units of the limit
    judged: Callable[[], tuple[Inputs, Answer]] | None = None
    power: int = 1  # the work grows with size**power
    clock: Clock = time.process_time


@dataclass
class Result:
    """What one contender did in one row; times are seconds per element (or per multiplication and addition)."""

    name: str
    kind: str
    size: int = 0
    samples: list[float] = field(default_factory=list)
    judged: int = 0
    wrong: int | None = None  # None: not judged
    note: str = ""

    @property
    def ran(self) -> bool:
        """Return whether there is a time."""
        return bool(self.samples)

    @property
    def median(self) -> float:
        """Return the median time."""
        return median(self.samples)

    @property
    def spread(self) -> float:
        """Return half the distance of the quartiles over the median."""
        if len(self.samples) < 3:
            return 0.0
        low, _, high = quantiles(self.samples, n=4)
        return (high - low) / 2 / self.median


@dataclass(frozen=True)
class Effort:
    """How long to measure: `rounds` alternating runs, `seconds` for one run at most and for all runs of a contender."""

    rounds: int
    seconds: float
    visits: int = 1  # times that ours and the limit are measured, each of so many rounds
    largest: int | None = None  # cuts sizes, for quick runs


def sizes_within(row: Row, effort: Effort) -> tuple[int, ...]:
    """Return the row's sizes, cut for quick runs."""
    if effort.largest is None:
        return row.sizes
    limit = max(2, round(effort.largest ** (1 / row.power)))
    return tuple(s for s in row.sizes if s <= limit) or (min(limit, row.sizes[0]),)


def timed(clock: Clock, work: Work, repeats: int) -> float:
    """Return the time of one call, the mean of `repeats`."""
    begin = clock()
    for _ in range(repeats):
        work()
    return (clock() - begin) / repeats


class Runner:
    """A contender that is ready to run at the largest size of a ladder that it can do in time."""

    def __init__(
        self, contender: Contender, row: Row, effort: Effort, inputs: Callable[[int], Inputs], ladder: tuple[int, ...]
    ) -> None:
        self.result = Result(contender.name, contender.kind)
        self.contender, self.clock = contender, row.clock
        mine = contender.kind != "peer"
        patience = effort.seconds * (PATIENCE if mine else 1)
        for k, size in enumerate(ladder):
            self.work = contender.start(inputs(size))
            self.units = size**row.power
            self.result.size = size
            if k == 0:
                self.work()  # what is loaded, compiled or started at the first call is not counted
            first = timed(row.clock, self.work, 1)
            if k + 1 < len(ladder) and first * (ladder[k + 1] / size) ** row.power > patience:
                break
        self.repeats = max(1, round(SHORTEST / max(first, 1e-7)))
        self.rounds = min(effort.rounds, max(3, round(4 * effort.seconds * (8 if mine else 1) / max(first, 1e-7))))

    def sample(self) -> None:
        """Take one sample."""
        self.result.samples.append(timed(self.clock, self.work, self.repeats) / self.units)


def same_numbers(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where two arrays have the same number; NaN is one value, and signs of zero are not compared."""
    return (left == right) | (np.isnan(left) & np.isnan(right))


def count_wrong(answer: Answer, right: Answer) -> tuple[int, int]:
    """Return how many elements differ from the right ones, and how many there are."""
    if isinstance(right, list):
        if len(answer) != len(right):
            raise ValueError(f"{len(answer)} elements in place of {len(right)}")
        return sum(a != b for a, b in zip(answer, right, strict=True)), len(right)
    found = np.asarray(answer, dtype=np.float64)
    if found.shape != right.shape:
        raise ValueError(f"shape {found.shape} in place of {right.shape}")
    return int(np.count_nonzero(~same_numbers(found, right))), right.size


def judge(contender: Contender, result: Result, inputs: Inputs, right: Answer) -> None:
    """Fill in how many elements of the contender's answer to hard inputs are wrong."""
    if contender.read is None:
        return
    try:
        result.wrong, result.judged = count_wrong(contender.read(contender.start(inputs)()), right)
    except Exception as error:
        result.note = f"on hard inputs: {reason_of(error)}"


def reason_of(error: Exception) -> str:
    """Return the kind and the first line of an error."""
    first = (str(error).splitlines() or [""])[0]
    return first if isinstance(error, NotOfferedError) else f"{type(error).__name__}: {first[:90]}"


def measure(row: Row, effort: Effort) -> list[Result]:
    """Return the results of all contenders of a row; one that cannot run says why and does not stop the others."""
    inputs, ladder = cache(row.inputs), sizes_within(row, effort)
    results: list[Result] = []
    runners: list[Runner] = []
    with silence():
        hard = row.judged() if row.judged else None
        for contender in row.contenders():
            try:
                runner = Runner(contender, row, effort, inputs, ladder)
            except Exception as error:
                results.append(Result(contender.name, contender.kind, note=f"not available: {reason_of(error)}"))
                continue
            runners.append(runner)
            results.append(runner.result)
            if hard is not None:
                judge(contender, runner.result, *hard)
        alternate(runners, effort)
    return results


def measure_again(row: Row, results: Sequence[Result], effort: Effort) -> None:
    """Add as many samples of ours and of the limit, taken now, where one takes less than AGAIN seconds."""
    earlier = {(r.kind, r.name): r for r in results if r.kind != "peer" and r.ran}
    if any(r.median * r.size**row.power > AGAIN for r in earlier.values()):
        return
    inputs, runners = cache(row.inputs), list[Runner]()
    with silence():
        for contender in row.contenders():
            if (found := earlier.get((contender.kind, contender.name))) is not None:
                runners.append(Runner(contender, row, effort, inputs, (found.size,)))
        alternate(runners, effort)
    for runner in runners:
        earlier[runner.contender.kind, runner.contender.name].samples += runner.result.samples


@contextmanager
def silence() -> Iterator[None]:
    """Let no warning through: hard inputs overflow, and peers warn of it."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def alternate(runners: Sequence[Runner], effort: Effort) -> None:
    """Take samples in turn, each round beginning with another runner and every other one backwards.

    So ours runs after the limit as often as the limit runs after ours: who finds the result's memory in a cache, since
    the one before has just released it, takes less time.
    """
    for turn in range(effort.rounds):
        for k in range(len(runners))[:: -1 if turn % 2 else 1]:
            runner = runners[(turn // 2 + k) % len(runners)]
            if turn < runner.rounds:
                runner.sample()
