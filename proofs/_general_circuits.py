"""Networks of bodies for all n >= 2 and even d >= 2: circuits of each operation, and depth in depths of operations.

Sums are counted by the number of their terms. A sum of one term is no circuit, so one row is another case.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from precise.circuits import OPERATIONS
from precise.circuits.paths import Path, longest, path
from precise.claims import Counterexample, Evidence
from precise.claims.certificates import Certificate, identity
from precise.errors import UndecidedError
from precise.semantics.cost import COSTS
from precise.semantics.depth import SYMBOLS, Depth
from precise.studies import networks
from precise.studies.networks import CONSTANTS
from proofs._general_depths import (
    MORE,
    certified,
    claimed_length,
    cost_of_result,
    differing,
    lengths,
    one_to_one,
    same,
    written,
)
from proofs._lifting import lifted_module, lifted_modules, redirect
from proofs._sizes import Length
from proofs._symbolic_costs import Cost, symbolic_sequential, symbolic_size
from proofs._symbolic_shapes import Shape, ShapedArray, SymbolicShapes

FROM_TWO_ROWS: Final = "all n >= 2, even d >= 2"
LEVELS: Final = {name: line.depth for name, line in OPERATIONS.items()}


class ByLength(SymbolicShapes):
    """Symbolic shapes with each sum named after the number of its terms."""

    def spend(self, op: str, shape: Shape, counts: Mapping[str, Length], *operands: ShapedArray) -> ShapedArray:
        """Return the result of an operation, a sum of k terms counted as ``sum k``."""
        named = {kind: n for kind, n in counts.items() if kind not in ("sum", "terms of sum")}
        if "sum" in counts:
            named[sum_of(operands[0].shape[-1])] = counts["sum"]
        return super().spend(op, shape, named, *operands)

    def reduced(self, op: str, x: ShapedArray, axis: int, keepdims: bool) -> ShapedArray:
        """Return an iterated sum or extremum along the last axis."""
        if axis % len(x.shape) != len(x.shape) - 1:
            raise UndecidedError(f"{op}: axis must be the last; got {axis}")
        return super().reduced(op, x, axis, keepdims)


def sum_of(terms: Length) -> str:
    """Return the name of a sum of so many terms."""
    return f"sum {terms}"


def run_of(body: str, kind: type[SymbolicShapes], charges: Mapping[str, Depth] = COSTS) -> Cost:
    """Return the cost of a body over symbolic shapes of two rows and more."""
    facts, *sizes = lengths(MORE)
    n, d = (cast("Any", size) for size in sizes)
    xp = kind(facts, charges)

    def given(*shape: Length) -> Any:
        return xp.empty(shape)

    return cost_of_result(lifted_networks()[body].run(given, n, d))


@cache
def circuits_of(body: str) -> Mapping[str, Length]:
    """Return how many circuits of each operation a body has."""
    return symbolic_size(run_of(body, ByLength))


@cache
def path_of(body: str) -> tuple[Path, tuple[str, ...]]:
    """Return the depth of a body in depths of operations, and for each sum of it a chain of operations as a sum.

    Each operation is charged a depth constant of its own.
    """
    used = sorted({kind.split()[0] for kind in circuits_of(body)})
    if len(used) > len(SYMBOLS):
        raise UndecidedError(f"path: a body must have at most {len(SYMBOLS)} operations; got {', '.join(used)}")
    units = {
        name: Depth(frozenset({tuple(int(place == i) for i in range(len(SYMBOLS)))})) for place, name in enumerate(used)
    }
    if {"multiply", "sum"} <= units.keys():
        units["matmul"] = units["multiply"] + units["sum"]
    cost = run_of(body, SymbolicShapes, units)
    sums = [path(**{name: int(k) for name, k in zip(used, one, strict=False)}) for one in cost.path.sums]
    chains = [" + ".join(op.replace("matmul", "multiply + sum") for op in chain) for _, chain in cost.chains]
    return longest(sums), tuple(sorted(chains))


@cache
def lifted_networks() -> Mapping[str, networks.Body]:
    """Return the bodies that are built as networks, their sources lifted."""
    copy = lifted_module(networks.__name__, inspect.getfile(networks))
    redirect(copy, lifted_modules())
    found: Mapping[str, networks.Body] = copy.BODIES
    return found


def circuits_in_general(body: str, counts: Mapping[str, str]) -> Evidence | Counterexample:
    """Return certificates that a body has so many circuits of each operation, ``sum:k`` those of sums of k terms."""
    _, n, d = lengths(MORE)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for kind, text in counts.items():
        name, _, terms = kind.partition(":")
        texts[sum_of(claimed_length(terms, n, d)) if terms else name].append(f"({text})")
    counted = circuits_of(body)
    certificates: list[Certificate] = []
    for kind in sorted({*counted, *texts}):
        text, got = " + ".join(texts.get(kind, ["0"])), counted.get(kind, 0)
        if not same(got, claimed_length(text, n, d)):
            return differing(kind, text, got, MORE)
        certificates.append(identity(f"{text} == {written(got)}"))
    return certified(certificates)


def depth_in_operations(body: str, claimed: str, total: int) -> Evidence | Counterexample:
    """Return certificates of the depth in depths of operations: for each sum a chain of operations adds up to it.

    With the levels of the families it must be the total, in the papers' constants the critical path, and with our
    values of these at most the sum of all steps.
    """
    found, chains = path_of(body)
    costs = run_of(body, SymbolicShapes)
    added = int(symbolic_sequential(costs).evaluate(CONSTANTS))
    for what, got, right in (
        ("depth", str(found), claimed),
        ("levels", str(found.evaluate(LEVELS)), str(total)),
        ("in the papers' constants", str(networks.coarse(found)), str(costs.path)),
        ("at most one after the other", str(max(total, added)), str(added)),
    ):
        if got != right:
            return Counterexample(
                values={"body": body, "what": what, "recomputed": got, "claimed": right},
                refutes="recomputed != claimed",
            )
    sums = sorted(" + ".join(f"{count}*{name}" for name, count in sorted(counts)) for counts in found.sums)
    certificates = one_to_one(sums, list(chains))
    if not certificates:
        raise UndecidedError(f"depth: each sum must be that of a chain; got {found}")
    return certified(certificates)
