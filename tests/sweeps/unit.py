"""Units of work: a block of cases that is compared as a whole, and what a comparison found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from oracles.lanes import Floats, same

SHOWN = 3


@dataclass(frozen=True)
class Unit:
    """One operation of one format on one block of inputs, in every mode of its suite."""

    suite: str
    operation: str
    format: str
    block: int = 0

    @property
    def key(self) -> str:
        """Return the name under which the result is kept."""
        return f"{self.suite}:{self.operation}:{self.format}:{self.block}"

    def seed(self, seed: int) -> int:
        """Return a seed of this unit's own, the same in every process."""
        return (seed * 1_000_003 + sum(ord(c) * 31**i for i, c in enumerate(self.key))) % 2**63


@dataclass
class Outcome:
    """What a unit compared, how much of it was wrong, and the least wrong inputs with both opinions."""

    cases: int = 0
    wrong: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, cases: int, wrong: list[str]) -> None:
        """Add a comparison."""
        self.cases += cases
        self.wrong += len(wrong)
        self.first = (self.first + wrong)[:SHOWN]

    def judge(self, where: str, ours: Floats, theirs: Floats, *inputs: Floats) -> None:
        """Compare two float64 arrays bit for bit, all NaN being one value; the least inputs first."""
        ours, theirs = np.asarray(ours, dtype=np.float64).ravel(), np.asarray(theirs, dtype=np.float64).ravel()
        assert len(theirs), f"{where}: nothing to compare"
        bad = np.flatnonzero(~same(ours, theirs))
        self.cases += len(theirs)
        self.wrong += len(bad)
        if len(bad):
            shown = sorted(bad.tolist(), key=lambda i: [abs(float(x.ravel()[i])) for x in inputs])[:SHOWN]
            lines = [
                f"{where} ({', '.join(float(x.ravel()[i]).hex() for x in inputs)}): "
                f"{float(ours[i]).hex()}, right is {float(theirs[i]).hex()}"
                for i in shown
            ]
            self.first = (self.first + lines)[:SHOWN]

    def attempt(self, where: str, ask: Callable[[], Floats], theirs: Floats, *inputs: Floats) -> None:
        """Compare what `ask` returns; an exception is as many wrong cases as were asked for."""
        try:
            ours = ask()
        except Exception as error:
            self.cases += len(theirs)
            self.wrong += len(theirs)
            self.first = [*self.first, f"{where}: {type(error).__name__}: {error}"][:SHOWN]
            return
        self.judge(where, ours, theirs, *inputs)


@dataclass(frozen=True)
class Suite:
    """A kind of work: its oracle, its units, and how one is run with a seed."""

    name: str
    says: str
    oracle: str
    units: Callable[[], Iterator[Unit]]
    run: Callable[[Unit, int], Outcome]
