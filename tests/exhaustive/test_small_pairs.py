"""Every pair of every small format under + - * /, in every deterministic mode, against quotient and remainder."""

from __future__ import annotations

import numpy as np
import pytest
from matrix.subjects import Binary, binary
from oracles.floats import as_floats, as_values
from oracles.integers import MODES, Spec
from oracles.named import E4M3FN, E5M2, paper, small, unbounded
from oracles.tables import OPERATIONS, all_pairs, exact, exact_results, operands
from oracles.verdict import expect_equal, expect_same

FORMATS = (
    small(1, -2, 2),
    small(2, -2, 2),
    small(3, -2, 3),
    small(3, -1, 2, subnormals=False),
    small(4, -2, 2),
    small(5, 0, 1),
    small(5, -3, 3),
    paper(2),
    paper(3),
    paper(4),
    unbounded(3),
    E4M3FN,
    E5M2,
)


def check_all_pairs(subject: Binary, operation: str, spec: Spec, mode: str) -> None:
    """Compare an operation on all pairs of a format."""
    a, b = all_pairs(spec, operation)
    theirs = exact_results(spec, operation, "RTN" if mode == "RTN" else "RNE").rounded(spec, mode)
    ours = subject(operation, spec, mode, a, b)
    expect_same(operation, "integers, all pairs", f"{spec.name} {mode}", ours, theirs, a, b)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("spec", FORMATS, ids=lambda s: s.name + ("" if s.subnormals else " normal only"))
def test_every_pair(spec: Spec, operation: str) -> None:
    for mode in MODES:
        check_all_pairs(binary, operation, spec, mode)


@pytest.mark.parametrize("p", [2, 3, 4])
def test_paper_floats_are_as_many_as_the_definition_says(p: int) -> None:
    assert len(operands(paper(p))) == 2 ** (2 * p + 1) + 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_table_of_exact_results_is_right(operation: str) -> None:
    spec = small(3, -2, 3)
    a, b = all_pairs(spec, operation)
    for mode in ("RNE", "RTN"):
        slow = [exact(operation, x, y, mode) for x, y in zip(as_values(a), as_values(b), strict=True)]
        table = exact_results(spec, operation, mode)
        fast = [table.distinct[i] for i in table.where]
        expect_equal("oracles", "pair by pair", f"{operation} {mode}", fast, slow, list(zip(a, b, strict=True)))
    assert np.isfinite(as_floats([v for v in fast if isinstance(v, str)])).any() or operation == "multiply"
