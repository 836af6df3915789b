"""Networks of circuits as subjects of the ledger: what they compute, and how deep they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import cycle, islice
from itertools import product as cartesian
from math import prod

import numpy as np
from numpy.typing import NDArray

from precise import RNE, paper_float, rounded
from precise.circuits import OPERATIONS, Circuit, Layout
from precise.circuits.network import Network
from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.dyadic import Dyadic
from precise.semantics import cost, critical_path, sequential
from precise.semantics.array import Array
from precise.semantics.netlist import Netlist, netlist, network, sketch
from precise.studies.networks import BODIES, CONSTANTS, Body, Sketched, coarse, cost_of_body, sketched
from proofs._circuits import Instance, all_equal, with_threshold
from proofs._float_evidence import PRODUCER, Outcome

FIXED = tuple(Fraction(k, 4) for k in (4, -2, 3, 1, -4, 2, -3, -1))
"""The entries of inputs that do not run through the grid, in turn."""
SHAPES = tuple(cartesian((2, 3, 4), (2, 4, 6)))
DEPTHS = {name: line.depth for name, line in OPERATIONS.items()}
"""The depth of every family of circuits."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Inputs of a body: the first `varied` ones run through all arrays over the grid, the others are fixed.

    `unequal` leaves out the first input where all its entries are equal.
    """

    body: str
    p: int
    n: int
    d: int
    grid: tuple[Fraction, ...]
    varied: int = 1
    unequal: bool = False

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The shapes of all inputs."""
        xp, found = sketch(self.p), list[tuple[int, ...]]()

        def given(*shape: int) -> Array:
            found.append(shape)
            return xp.empty(shape)

        BODIES[self.body].run(given, self.n, self.d)
        return found

    @property
    def entries(self) -> int:
        """How many entries run through the grid."""
        return sum(prod(shape) for shape in self.shapes[: self.varied])

    @property
    def expected(self) -> int:
        """How many inputs there are."""
        return int(len(self.grid) ** self.entries) - len(self.grid) * self.unequal

    def places(self) -> NDArray[np.int64]:
        """Return the places in the grid of all entries, one row an input."""
        every = cartesian(range(len(self.grid)), repeat=self.entries)
        return np.array([row for row in every if not self.unequal or len(set(row)) > 1], dtype=np.int64)

    def __str__(self) -> str:
        values = ", ".join(map(str, self.grid)) if len(self.grid) < 8 else f"{len(self.grid)} values"
        inputs = "input" if self.varied == 1 else f"{self.varied} inputs"
        unequal = ", not all equal" if self.unequal else ""
        return f"{self.body} at p = {self.p}, n = {self.n}, d = {self.d}, {inputs} over {values}{unequal}"


class Faulty(Netlist):
    """The semantics of circuits with one circuit that has a wrong threshold."""

    def __init__(self, p: int, wrong: str) -> None:
        super().__init__(Layout.paper(p), RNE)
        self.wrong = wrong

    def circuit(self, name: str, n: int) -> Circuit:
        """Return a circuit; of the wrong operation, with the threshold of its last bit lowered."""
        found = super().circuit(name, n)
        return with_threshold(found, int(found.output_sources[0]) - found.n_inputs, -1) if name == self.wrong else found


def outputs(trial: Trial, grid: Array, places: NDArray[np.int64]) -> Array:
    """Return the results of a body for all inputs of a trial; `grid` holds the grid in the namespace."""
    xp, lanes = grid.__array_namespace__(), len(places)
    shapes, start = iter(range(len(trial.shapes))), 0

    def given(*shape: int) -> Array:
        nonlocal start
        if next(shapes) < trial.varied:
            columns = places[:, start : start + prod(shape)]
            start += prod(shape)
            return xp.wrap(grid.data[columns].reshape(lanes, *shape), grid)
        return xp.asarray(np.array(list(islice(cycle(FIXED), prod(shape))), dtype=object).reshape(shape))

    return BODIES[trial.body].run(given, trial.n, trial.d)


def agree(trials: Sequence[Trial], wrong: str = "") -> Outcome:
    """Compare networks with rounded arithmetic at all inputs of the trials."""
    cases = 0
    for trial in trials:
        wires = Faulty(trial.p, wrong) if wrong else netlist(trial.p)
        numbers = rounded(paper_float(trial.p), RNE, overflow="saturate")
        places, grid = trial.places(), np.array(trial.grid, dtype=object)
        got = outputs(trial, wires.asarray(grid), places).data
        right = outputs(trial, numbers.asarray(grid), places).to_float64()
        values, where = np.unique(right, return_inverse=True)
        codes = np.array([wires.layout.encode(Dyadic.from_float(float(v))) for v in values])
        differ = np.argwhere(codes[where].reshape(right.shape) != got)
        if differ.size:
            lane, *at = differ[0].tolist()
            found = wires.layout.decode(int(got[(lane, *at)]))
            return Counterexample(
                values={"p": trial.p, "got": found, "right": Fraction(float(right[(lane, *at)]))},
                refutes="got != right",
                lines=(f"{trial.body} at {[str(grid[i]) for i in places[lane]]}, entry {at}",),
                order="the order of the trials, then of the grid",
                cases=cases + lane + 1,
            )
        cases += len(places)
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(sorted({t.p for t in trials}), *(f"{t}" for t in trials)),
        cases=cases,
        expected=sum(t.expected for t in trials),
        producer=PRODUCER,
    )


@cache
def sketch_of(body: Body, n: int, d: int) -> Network:
    """Return the network of a body; its circuits are not built."""
    xp = sketch(4)
    return network(body.run(lambda *shape: xp.empty(shape), n, d))


@dataclass(frozen=True, slots=True)
class Deep:
    """A body with its depth as an expression in the depths of operations."""

    body: str
    path: str


def depth_is_composed(claims: Sequence[Deep], total: int) -> Outcome:
    """Check the path of every body at all shapes, its value, and that it is the papers' formula in their constants."""

    def rows() -> Iterator[Instance]:
        for claim in claims:
            for n, d in SHAPES:
                found, at = sketch_of(BODIES[claim.body], n, d).path, f"{claim.body}, n = {n}, d = {d}"
                costs = cost_of_body(cost(), BODIES[claim.body], n, d)
                yield f"{at}: depth", str(found), claim.path
                yield f"{at}: levels", found.evaluate(DEPTHS), total
                yield f"{at}: in the papers' constants", str(coarse(found)), str(critical_path(costs))
                added = sequential(costs).evaluate(CONSTANTS)
                yield f"{at}: at most one after the other", max(total, added), added

    return all_equal(rows(), 4 * len(claims) * len(SHAPES), "n in 2..4, d in {2, 4, 6}")


Sizes = tuple[tuple[int, int, int], ...]
"""Triples (p, n, d)."""


@cache
def built(body: Body, p: int, n: int, d: int) -> Sketched:
    """Return the network of a body, its circuits built."""
    return sketched(body, p, n, d)


def depth_as_built(claims: Sequence[Deep], sizes: Sizes, total: int, settled: int) -> Outcome:
    """Check that built networks are as deep as the path says, and no deeper than the total, equal from `settled` on."""

    def rows() -> Iterator[Instance]:
        for claim in claims:
            for p, n, d in sizes:
                levels = built(BODIES[claim.body], p, n, d).size.depth
                right = total if p >= settled else min(levels, total)
                yield f"{claim.body}, p = {p}, n = {n}, d = {d}: levels", levels, right

    precisions = sorted({p for p, _, _ in sizes})
    return all_equal(rows(), len(claims) * len(sizes), f"(p, n, d) in {sizes}", precisions=precisions)
