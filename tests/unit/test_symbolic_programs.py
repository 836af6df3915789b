"""Programs of operations picked at random: their cost over symbolic shapes is what a count entry by entry finds."""

from __future__ import annotations

import random
from typing import Any

import pytest
from unit.counting_numbers import CONSTANTS, Counting, charges

from precise import cost
from precise.semantics import critical_path, sequential
from proofs._sizes import Facts, value_at
from proofs._symbolic_costs import symbolic_sequential, symbolic_size
from proofs._symbolic_shapes import SymbolicShapes

POINTS = ((2, 2), (3, 2), (2, 4))
OPERATIONS = 9


def one_operation(xp: Any, n: Any, d: Any, pool: list[Any], pick: random.Random) -> Any:
    """Return the result of an operation on arrays [n, d] of the pool, brought back to that shape."""
    a, b = pick.choice(pool), pick.choice(pool)
    return pick.choice(
        [
            lambda: xp.add(a, b),
            lambda: xp.subtract(a, 1),
            lambda: xp.multiply(a, xp.expand_dims(b[0, :], axis=0)),
            lambda: xp.divide(a, xp.sum(b, axis=-1, keepdims=True)),
            lambda: xp.divide(a, d),
            lambda: xp.exp(xp.subtract(a, xp.max(b, axis=-1, keepdims=True))),
            lambda: xp.matmul(a, xp.matmul(xp.matrix_transpose(b), a)),
            lambda: xp.matmul(xp.matmul(a, xp.matrix_transpose(b)), b),
            lambda: xp.sqrt(xp.concat([a[:1, ...], b[1:, ...]], axis=0)),
            lambda: xp.reshape(xp.cos(xp.reshape(a, (n * d, 1))), (n, d)),
            lambda: xp.sum(xp.stack([a, b, xp.sin(a)], axis=1), axis=1),
            lambda: xp.negative(xp.concat([a, b], axis=-1)[:, d : 2 * d]),
            lambda: xp.sum(xp.multiply(xp.expand_dims(a, axis=1), b), axis=0),
            lambda: xp.where(xp.asarray([[True]]), a, 0),
            lambda: xp.add(a, xp.matrix_transpose(xp.expand_dims(xp.sum(b, axis=-1), axis=0))),
        ]
    )()


def program(xp: Any, n: Any, d: Any, seed: int) -> Any:
    """Return the sum of all arrays of a program."""
    pick = random.Random(seed)
    total = xp.empty((n, d))
    pool = [total, xp.empty((n, d))]
    for _ in range(OPERATIONS):
        pool.append(one_operation(xp, n, d, pool, pick))
        total = xp.add(total, pool[-1])
    return total


@pytest.mark.parametrize("seed", range(40))
def test_a_program_costs_what_counting_finds(seed: int) -> None:
    facts = Facts()
    n, d = facts.number("n", 2), 2 * facts.number("k", 1)
    found = program(SymbolicShapes(facts), n, d, seed)
    assert found.shape == (n, d)
    for rows, columns in POINTS:
        here = {
            kind: value_at(count, {"n": rows, "k": columns // 2}) for kind, count in symbolic_size(found.cost).items()
        }
        for constants in CONSTANTS:
            xp = Counting(charges(constants))
            entries = program(xp, rows, columns, seed).data.flat
            assert here == xp.counts
            # the path of an array is that of its deepest entry, also where a part of it is taken
            assert found.cost.path.evaluate(constants) >= max(entry.level for entry in entries)
        array = program(cost(), rows, columns, seed)
        assert found.cost.path == critical_path(array)
        assert symbolic_sequential(found.cost) == sequential(array)
