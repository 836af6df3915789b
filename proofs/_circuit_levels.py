"""Levels of networks at every shape: bodies over symbolic shapes, each operation charged the depth of its family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from precise.circuits import OPERATIONS
from precise.claims import Counterexample, Evidence
from precise.claims.certificates import Certificate, identity
from precise.errors import UndecidedError
from precise.semantics.cost import COSTS
from precise.semantics.depth import Depth, depth
from proofs._general_depths import MORE, ONE, Run, certified, cost_of_result, lengths, written
from proofs._lifting import lifted
from proofs._runs import model
from proofs._sizes import Length
from proofs._symbolic_shapes import SymbolicShapes

NAMED: Final = ("add", "subtract", "multiply", "divide", "negative", "sqrt", "exp", "sin", "cos", "sum", "max")
CHARGED: Final = ", ".join(f"{name} {OPERATIONS[name].depth}" for name in NAMED)
"""What each operation is charged."""


def charges(deeper: str = "") -> Mapping[str, Depth]:
    """Return the levels of each operation as a depth; `deeper` is charged one level more."""
    levels = {name: OPERATIONS[name].depth + (name == deeper) for name in NAMED}
    levels["matmul"] = levels["multiply"] + levels["sum"]
    return {op: depth(s=levels[op]) for op in COSTS if op in levels}


@cache
def levels_of(run: Run, case: str, deeper: str) -> Length:
    """Return the levels of a body over symbolic shapes."""
    facts, n, d = lengths(case)
    return the_levels(lifted(run)(SymbolicShapes(facts, charges(deeper)), n, d))


@cache
def levels_of_models(attention: Callable[..., Any], case: str, deeper: str) -> Length:
    """Return the levels of a model of m layers over symbolic shapes, a polynomial in m."""
    facts, n, d = lengths(case)
    m = facts.number("m", 1)
    return the_levels(lifted(model)(lifted(attention), m)(SymbolicShapes(facts, charges(deeper)), n, d))


def the_levels(result: Any) -> Length:
    """Return the number of levels of a result."""
    found = cost_of_result(result).path
    if len(found.sums) != 1:
        raise UndecidedError(f"levels: one path must be the longest always; got {found}")
    (only,) = found.sums
    levels: Length = only[0]
    return levels


def levels_in_general(run: Run, total: str, deeper: str = "") -> Evidence | Counterexample:
    """Return certificates that a body has so many levels, for all shapes."""
    return settled(lambda case: levels_of(run, case, deeper), total)


def levels_of_models_in_general(
    attention: Callable[..., Any], total: str, deeper: str = ""
) -> Evidence | Counterexample:
    """Return certificates that models of m layers have so many levels, for all shapes and all m."""
    return settled(lambda case: levels_of_models(attention, case, deeper), total)


def settled(levels: Callable[[str], Length], total: str) -> Evidence | Counterexample:
    """Return certificates that the levels are the total, for one row and for more."""
    certificates: list[Certificate] = []
    for case in (ONE, MORE):
        found = written(levels(case))
        try:
            certificates.append(identity(f"{total} == {found}"))
        except UndecidedError:
            return Counterexample(
                values={"shapes": case, "recomputed": found, "claimed": total}, refutes="recomputed != claimed"
            )
    return certified(certificates, f"operations charged {CHARGED}")
