"""Bodies of the architecture run on symbols, against the index formulas of their definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from precise.claims import Counterexample, Evidence, Mutant, Scope, Step
from precise.semantics.symbolic import Symbolic, symbolic
from proofs._loops import Matrix, matrix
from proofs._normal import Case, compare, entries

Pair: TypeAlias = tuple[str, Any, Matrix]
"""What is compared: a name, the array of the body, the formula."""
Pairs: TypeAlias = Callable[[Symbolic], Iterable[Pair]]


def agrees(pairs: Pairs, expected: int, where: str) -> Evidence | Counterexample:
    """Return evidence that every body has the entries of its formula."""

    def cases() -> Iterable[Case]:
        for name, body, formula in pairs(symbolic()):
            yield from entries(name, matrix(body), formula)

    return compare(cases(), expected=expected, cells=("symbols",), scope=Scope.without_p(where))


def body_step(says: str, pairs: Pairs, expected: int, where: str, wrong: Mapping[str, Pairs]) -> Step:
    """Return the step that a body is its definition; `wrong` are variants that differ."""
    return Step(
        id="body-equals-formula",
        says=says,
        formal=f"for {where}, for all entries, as rational functions: body = formula ({expected} entries)",
        check=lambda: agrees(pairs, expected, where),
        cells=("symbols",),
        mutants=tuple(wrong_body(name, variant, expected, where) for name, variant in wrong.items()),
    )


def wrong_body(name: str, pairs: Pairs, expected: int, where: str) -> Mutant:
    """Return the mutant that compares other bodies or formulas."""
    return Mutant(name, lambda: agrees(pairs, expected, where))


def inputs(xp: Symbolic, names: str, shape: tuple[int, int]) -> tuple[list[Any], list[Matrix]]:
    """Return arrays of symbols with the given one-word names, and the same as matrices."""
    arrays = [xp.symbols(name, shape) for name in names.split()]
    return arrays, [matrix(a) for a in arrays]
