"""Compare bits and say where they differ: signs of zero count, all NaN are one value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from oracles import tally
from oracles.lanes import Floats, same

SHOWN = 5


def expect_same(operation: str, oracle: str, where: str, ours: Floats, theirs: Floats, *inputs: Floats) -> None:
    """Assert that two float64 arrays agree bit for bit, and count the cases."""
    ours, theirs = np.asarray(ours, dtype=np.float64).ravel(), np.asarray(theirs, dtype=np.float64).ravel()
    assert len(theirs) > 0, f"{operation} {where}: nothing to compare"
    wrong = np.flatnonzero(~same(ours, theirs))
    if len(wrong):
        lines = [
            f"({', '.join(float(x.ravel()[i]).hex() for x in inputs)}) gives {float(ours[i]).hex()}, "
            f"right is {float(theirs[i]).hex()}"
            for i in wrong[:SHOWN]
        ]
        raise AssertionError(
            f"{operation} {where}: {len(wrong)} of {len(theirs)} differ from {oracle}\n" + "\n".join(lines)
        )
    tally.count(operation, oracle, len(theirs))


def expect_equal(
    operation: str, oracle: str, where: str, ours: Sequence[object], theirs: Sequence[object], inputs: Sequence[object]
) -> None:
    """Assert that two lists of exact values are equal, and count the cases."""
    assert len(ours) == len(theirs) == len(inputs) > 0, f"{operation} {where}: nothing to compare"
    wrong = [i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b]
    if wrong:
        lines = [f"{inputs[i]} gives {ours[i]}, right is {theirs[i]}" for i in wrong[:SHOWN]]
        raise AssertionError(
            f"{operation} {where}: {len(wrong)} of {len(theirs)} differ from {oracle}\n" + "\n".join(lines)
        )
    tally.count(operation, oracle, len(theirs))
