"""Boolean circuits: the netlists of the package are some."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from precise.circuits import OPERATIONS, Circuit, Request, measure
from precise.circuits.circuit import check
from precise.claims import Counterexample, Mutant, Statement, Step
from precise.errors import DomainError
from proofs._circuits import Instance, all_equal, all_words, consistent_values, longest_path, with_a_cycle
from proofs._float_evidence import Outcome

PRECISIONS = (2, 3, 4, 5, 6)
NAMES = ("less_equal", "add", "multiply", "divide", "floor", "sum", "prod", "sqrt", "integer_sum", "shift")
SMALL = (("parity", 3), ("parity", 4), ("integer_add", 2), ("integer_compare", 2))


@cache
def member(name: str, p: int) -> Circuit:
    """Return the circuit of an operation; four operands where their number is free."""
    return OPERATIONS[name].build(Request(p, 4 if OPERATIONS[name].operands == "n" and p < 4 else 2))


def are_acyclic(change: Callable[[Circuit], Circuit] = lambda c: c) -> Outcome:
    """Check that sources come before gates in every circuit of the table, and that depth is the longest path."""

    def rows() -> Iterator[Instance]:
        for name in NAMES:
            for p in PRECISIONS:
                circuit = change(member(name, p))
                try:
                    check(circuit)
                    verdict = "acyclic"
                except DomainError as error:
                    verdict = str(error)
                yield f"{name}, p = {p}: order", verdict, "acyclic"
                yield f"{name}, p = {p}: depth", measure(circuit).depth, longest_path(circuit)

    return all_equal(rows(), 2 * len(NAMES) * len(PRECISIONS), "ten operations", precisions=PRECISIONS)


def have_one_value(change: Callable[[Circuit], Circuit] = lambda c: c) -> Outcome:
    """Check that at every input exactly one assignment of bits to gates satisfies every gate."""
    expected = 0
    for name, p in SMALL:
        circuit = change(member(name, p))
        expected += 1 << circuit.n_inputs
    cases = 0
    for name, p in SMALL:
        circuit = change(member(name, p))
        for word in all_words(circuit.n_inputs).T.tolist():
            cases += 1
            count = consistent_values(circuit, word)
            if count != 1:
                return Counterexample(
                    values={"input": "".join(map(str, word)), "assignments": count},
                    refutes="assignments != 1",
                    lines=(f"{name}, p = {p}, input {word}: {count} assignments satisfy all gates",),
                    order="the order of the circuits, then of the inputs",
                    cases=cases,
                )
    return all_equal((("all", 1, 1) for _ in range(cases)), expected, "parity of 3 and 4 bits, sum and order of 2 bits")


STATEMENTS = (
    Statement(
        label="def:circuit",
        title="Boolean circuit",
        mark="R",
        tex=(
            r"A circuit on $n$ variables is a finite directed acyclic graph with one output that computes "
            r"$C_n:\{0,1\}^n\to\{0,1\}$. Nodes of in-degree 0 are inputs or constants, size is the number of nodes, "
            r"depth the longest path from an input. A netlist of the package is one for each of its outputs; it has no "
            r"constant nodes, since constants are folded into thresholds, and an output may itself be a constant."
        ),
        steps=(
            Step(
                id="netlists-are-acyclic",
                says="Every source of a gate comes before the gate, and the printed depth is the longest path.",
                formal="for ten operations, p in 2..6: sources precede gates, depth = longest path",
                check=are_acyclic,
                mutants=(Mutant("a wire from the last gate to the first", lambda: are_acyclic(with_a_cycle)),),
            ),
            Step(
                id="values-are-unique",
                says="So every input gives each gate exactly one value: the netlist computes a function.",
                formal="for parity, sum, order of few bits, all inputs: one assignment satisfies all gate equations",
                check=have_one_value,
                mutants=(Mutant("a wire from the last gate to the first", lambda: have_one_value(with_a_cycle)),),
            ),
        ),
    ),
)
