"""Circuits and depth of networks over symbolic shapes: against a count of the bodies entry by entry."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from unit.counting_numbers import Counting

from precise.circuits import OPERATIONS
from precise.claims import Counterexample, Evidence
from precise.errors import UndecidedError
from precise.studies.networks import BODIES
from proofs import _general_circuits as general
from proofs._sizes import Size, value_at

NAMES = [name for name in BODIES if "transformer" not in name]
LEVELS = {name: line.depth for name, line in OPERATIONS.items()}
PRIMES = dict(zip(sorted(LEVELS), (101, 10007, 1009, 7, 53, 100003, 11, 499, 70001, 13) * 9, strict=False))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("n", "d"), [(2, 2), (3, 2), (2, 4)])
def test_circuits_are_counted_by_operation_and_length(name: str, n: int, d: int) -> None:
    xp = Counting(LEVELS)
    BODIES[name].run(lambda *shape: xp.empty(shape), n, d)
    there = {kind: count for kind, count in xp.counts.items() if kind not in ("sum", "terms of sum")}
    there |= {f"sum {length}": count for length, count in xp.lengths.items() if count}
    found: dict[str, int] = {}
    for kind, count in general.circuits_of(name).items():
        operation, _, terms = kind.partition(" ")
        length = next(x for x in lengths_of(name) if str(x) == terms) if terms else 0
        key = f"{operation} {value_at(length, {'n': n, 'k': d // 2})}" if terms else operation
        found[key] = found.get(key, 0) + value_at(count, {"n": n, "k": d // 2})
    assert found == there


def lengths_of(name: str) -> list[Size]:
    """Return the numbers of terms that sums of the bodies have: d, n and n^2."""
    _, n, d = general.lengths(general.MORE)
    return [d, n, n * n]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("charges", [LEVELS, PRIMES])
def test_depth_in_operations_is_that_of_the_deepest_entry(name: str, charges: dict[str, int]) -> None:
    path, _ = general.path_of(name)
    for n, d in ((2, 2), (3, 2), (2, 4)):
        xp = Counting(charges)
        result = BODIES[name].run(lambda *shape, xp=xp: xp.empty(shape), n, d)
        assert path.evaluate(charges) == max(wire.level for wire in result.data.flat)


def test_other_claims_are_refuted() -> None:
    right = {"multiply": "n**2*d", "sum:d": "n**2"}
    assert isinstance(general.circuits_in_general("matmul", right), Evidence)
    for wrong in (
        right | {"sum:d": "n*d"},
        right | {"add": "(n-2)*(n-3)*(n-4)"},
        {"multiply": "n**2*d", "sum:n": "n**2"},
        {"multiply": "n**2*d"},
    ):
        assert isinstance(general.circuits_in_general("matmul", wrong), Counterexample)
    assert isinstance(general.depth_in_operations("matmul", "multiply + sum", 38), Evidence)
    for text, total in (("multiply + sum", 39), ("multiply + 2 sum", 38), ("sum", 38)):
        assert isinstance(general.depth_in_operations("matmul", text, total), Counterexample)


def test_sums_along_other_axes_have_no_length_here() -> None:
    facts, n, d = general.lengths(general.MORE)
    xp = general.ByLength(facts)
    assert general.symbolic_size(xp.sum(xp.empty((n, d)), axis=-1).cost) == {"sum 2*k": n}
    with pytest.raises(UndecidedError, match="axis must be the last"):
        xp.sum(xp.empty((n, d)), axis=0)


WRITTEN = """
import json
from proofs._circuit_bodies import ROPE_LAYER, ROPE_MATRIX, ROPE_TENSOR_LAYER
from proofs._general_circuits import circuits_in_general, depth_in_operations

for s in (ROPE_MATRIX, ROPE_LAYER, ROPE_TENSOR_LAYER):
    for body in s.grows:
        for found in (depth_in_operations(body.body, s.path, s.total), circuits_in_general(body.body, body.counts)):
            print(json.dumps([certificate.data for certificate in found.certificates]))
"""


def test_certificates_do_not_depend_on_hashes() -> None:
    """The order of sets of words differs from process to process; that of certificates must not."""
    written = [
        subprocess.run(
            [sys.executable, "-c", WRITTEN], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True
        )
        for seed in ("1", "2", "3")
    ]
    assert [run.returncode for run in written] == [0, 0, 0], written[0].stderr
    assert len({run.stdout for run in written}) == 1
    assert len(written[0].stdout.splitlines()) == 6
