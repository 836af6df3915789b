"""Between float64 and exact values, without loss."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Value
from oracles.lanes import Floats

FLOATS = {NEG_ZERO: -0.0, POS_INF: np.inf, NEG_INF: -np.inf, NAN: np.nan}


def as_value(x: float) -> Value:
    """Return a float as a fraction or special string."""
    if x != x:
        return NAN
    if x - x != 0:
        return POS_INF if x > 0 else NEG_INF
    return NEG_ZERO if x == 0 and np.signbit(x) else Fraction(x)


def as_float(value: Value) -> float:
    """Return a value that float64 can hold as a float; anything else is an error."""
    if isinstance(value, str):
        return FLOATS[value]
    x = float(value)
    assert Fraction(x) == value
    return x


def as_values(x: Floats) -> list[Value]:
    """Return an array as a flat list of exact values."""
    return [as_value(v) for v in np.asarray(x, dtype=np.float64).ravel().tolist()]


def as_floats(values: list[Value]) -> Floats:
    """Return exact values as a flat array."""
    return np.array([as_float(v) for v in values], dtype=np.float64)
