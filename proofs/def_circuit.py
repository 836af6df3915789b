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
from proofs._kernel_netlists import LONGEST_PATH, STORING, VALUES
from proofs._storing import downwards, is_stored_so

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
                says=(
                    "Where every source of a gate comes before the gate, no path returns to its beginning, and a "
                    "gate's level, one more than the greatest level of its sources, is the longest path to it."
                ),
                formal=(
                    "for all n, all lists of gates with a source or more, each source an input or an earlier gate: a "
                    "path from i to i has length 0; level(j) is the length of some path from an input to j, and of "
                    "none to j is more"
                ),
                check=are_acyclic,
                mutants=(Mutant("a wire from the last gate to the first", lambda: are_acyclic(with_a_cycle)),),
                further=(
                    LONGEST_PATH.further(
                        LONGEST_PATH.mutant(
                            "sources in any order", "ordered n gates -> ", "", lambda: are_acyclic(with_a_cycle)
                        )
                    ),
                ),
            ),
            Step(
                id="values-are-unique",
                says="So every input gives each gate exactly one value: the netlist computes a function.",
                formal=(
                    "for all n, all lists of gates, each source an input or an earlier gate, all inputs: exactly one "
                    "assignment of bits satisfies all gate equations"
                ),
                check=have_one_value,
                mutants=(Mutant("a wire from the last gate to the first", lambda: have_one_value(with_a_cycle)),),
                further=(
                    VALUES.further(
                        VALUES.mutant(
                            "sources in any order", "ordered n gates -> ", "", lambda: have_one_value(with_a_cycle)
                        )
                    ),
                ),
            ),
            Step(
                id="storing-keeps-the-circuit",
                says=(
                    "Gates sorted by level and renumbered, those that are not needed left out, are the same circuit: "
                    "sources still come before their gates, and every gate that is kept has the value that it had."
                ),
                formal=(
                    "for all n, all lists of gates with levels, all orders of some of them, by level, that hold the "
                    "sources of what they hold: the renumbered gates have earlier sources, and at every input the "
                    "value of each is that of the gate it was"
                ),
                check=is_stored_so,
                mutants=(Mutant("the highest level first", lambda: is_stored_so(downwards)),),
                further=(
                    STORING.further(
                        STORING.mutant("any order", "storable n gates l order -> ", "", lambda: is_stored_so(downwards))
                    ),
                ),
            ),
        ),
    ),
)
