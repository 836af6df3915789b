"""Networks laid out as one circuit: the same gates and wires, at most the same depth, the same results."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import cycle, islice
from math import prod

import numpy as np

from precise import RNE, paper_float, rounded
from precise.circuits import Circuit, Layout, evaluate, measure
from precise.circuits.circuit import check
from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.dyadic import Dyadic
from precise.studies.flat import flat
from precise.studies.networks import BODIES
from proofs._circuit_networks import FIXED, Trial, built, outputs
from proofs._circuits import with_threshold
from proofs._float_evidence import PRODUCER, Outcome


@cache
def whole(body: str, p: int, n: int, d: int) -> tuple[Circuit, tuple[int, ...]]:
    """Return a body as one circuit that is well formed, and the codes of its constants."""
    circuit, constants = flat(BODIES[body], p, n, d)
    check(circuit)
    return circuit, tuple(constants)


def one_circuit(trials: Sequence[Trial], total: int, *, lower: bool = False) -> Outcome:
    """Check the one circuit of each trial: its size, its depth, and its results at all inputs.

    `lower` lowers the threshold of its first output.
    """
    cases = 0
    for trial in trials:
        circuit, constants = whole(trial.body, trial.p, trial.n, trial.d)
        if lower:
            circuit = with_threshold(circuit, int(circuit.output_sources[0]) - circuit.n_inputs, -1)
        size, network = measure(circuit), built(BODIES[trial.body], trial.p, trial.n, trial.d).size
        if (size.gates, size.wires) != (network.gates, network.wires) or size.depth > total:
            return Counterexample(
                values={"levels": size.depth, "gates": size.gates, "claimed": total, "of_network": network.gates},
                refutes="gates != of_network or levels > claimed",
                cases=cases + 1,
            )
        lanes = inputs_of(trial, circuit, constants)
        got = np.stack(evaluate(circuit, *lanes), axis=-1)
        right = results_of(trial)
        wrong = np.argwhere(got != right)
        if wrong.size:
            lane, entry = wrong[0].tolist()
            layout = Layout.paper(trial.p)
            found, expected = (layout.decode(int(codes[lane, entry])) for codes in (got, right))
            return Counterexample(
                values={"p": trial.p, "entry": entry, "got": found, "right": expected},
                refutes="got != right",
                lines=(f"{trial.body}, input {lane}",),
                order="the order of the trials, then of the grid",
                cases=cases + lane + 1,
            )
        cases += len(got)
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(sorted({t.p for t in trials}), *map(str, trials)),
        cases=cases,
        expected=sum(t.expected for t in trials),
        producer=PRODUCER,
    )


def inputs_of(
    trial: Trial, circuit: Circuit, constants: Sequence[int]
) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the codes of every port at all inputs of a trial."""
    layout, places = Layout.paper(trial.p), trial.places()
    grid = np.array([code(layout, x) for x in trial.grid])
    columns = [grid[places[:, i]] for i in range(trial.entries)]
    for shape in trial.shapes[trial.varied :]:
        columns += [np.full(len(places), code(layout, x)) for x in islice(cycle(FIXED), prod(shape))]
    given, fixed = iter(columns), iter(constants)
    return [next(given) if port.name.startswith("x") else np.full(len(places), next(fixed)) for port in circuit.inputs]


def results_of(trial: Trial) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the codes of the rounded results at all inputs of a trial, one row an input."""
    numbers, layout = rounded(paper_float(trial.p), RNE, overflow="saturate"), Layout.paper(trial.p)
    places = trial.places()
    right = outputs(trial, numbers.asarray(np.array(trial.grid, dtype=object)), places).to_float64()
    values, where = np.unique(right.reshape(len(places), -1), return_inverse=True)
    codes = np.array([layout.encode(Dyadic.from_float(float(v))) for v in values])
    return codes[where].reshape(len(places), -1)


def code(layout: Layout, x: Fraction) -> int:
    """Return the code of a number of the format."""
    return layout.encode(Dyadic(x.numerator, 1 - x.denominator.bit_length()))
