"""What the arrays of `rounded` say about codes of circuits, where both are defined."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from oracles.mpfrcodes import Codes

from precise import paper_float, rounded
from precise.dyadic import Dyadic
from precise.modes import parse_rounding
from precise.semantics.array import Array
from precise.semantics.rounded import Rounded

NARROW = 8
"""The largest precision whose members are binary64 numbers with room for their products."""
BOUND = 3


def by_rounded(
    operation: str, p: int, n: int, columns: list[Codes], mode: str = "RNE"
) -> tuple[Codes, NDArray[np.bool_]]:
    """Return the codes of the results, and where the operation is defined: 0 stands elsewhere."""
    xp = rounded(paper_float(p), parse_rounding(mode), overflow="saturate")
    inside = defined(operation, p, columns)
    kept = [c[inside] for c in columns]
    if not inside.any():
        return np.zeros(len(inside), dtype=np.int64), inside
    if operation in ("max", "min", "sum", "prod"):
        result = getattr(xp, operation)(array(xp, np.stack(kept, axis=1), p), axis=-1)
    elif operation == "dot":
        x, y = (array(xp, np.stack(half, axis=1), p) for half in (kept[:n], kept[n:]))
        result = xp.sum(xp.multiply(x, y), axis=-1)  # what a matrix product is, and faster for short rows
    else:
        result = getattr(xp, operation)(*(array(xp, c, p) for c in kept))
    codes = np.zeros(len(inside), dtype=np.int64)
    codes[inside] = np.asarray(result.data, dtype=np.int64) if operation == "less_equal" else codes_of(result, p)
    return codes, inside


def defined(operation: str, p: int, columns: list[Codes]) -> NDArray[np.bool_]:
    """Return where the package defines the operation, and the circuit is built for it."""
    magnitude = columns[0] & (1 << (2 * p + 1)) - 1
    if operation == "divide":
        return columns[1] != 0
    if operation == "sqrt":
        return columns[0] == magnitude
    if operation in ("sin", "cos"):
        return (magnitude >> p) + p <= BOUND + (1 << p)
    return np.ones(len(columns[0]), dtype=bool)


def array(xp: Rounded, codes: Codes, p: int) -> Array:
    """Return codes as an array."""
    significand = (codes & ((1 << p) - 1)) * np.where(codes >> (2 * p + 1) & 1, -1, 1)
    quantum = ((codes >> p) & ((2 << p) - 1)) - (1 << p)
    if p <= NARROW:
        return xp.asarray(np.ldexp(significand.astype(np.float64), quantum.astype(np.int32)))
    numbers = np.empty(codes.size, dtype=object)
    pairs = zip(significand.ravel().tolist(), quantum.ravel().tolist(), strict=True)
    numbers[:] = [Dyadic(m, q) for m, q in pairs]
    return xp.asarray(numbers.reshape(codes.shape))


def codes_of(result: Array, p: int) -> Codes:
    """Return the codes of an array of members."""
    if p <= NARROW:
        values = result.to_float64()
        mantissa, exponent = np.frexp(np.abs(values))
        m, quantum = np.ldexp(mantissa, p).astype(np.int64), exponent.astype(np.int64) - p
        negative = values < 0
    else:
        elements = result.elements()
        odd = np.array([x.c for x in elements], dtype=np.int64)
        power = np.array([x.q for x in elements], dtype=np.int64)
        negative = odd < 0
        drop = p - np.frexp(np.abs(odd).astype(np.float64))[1].astype(np.int64)
        m, quantum = np.abs(odd) << np.maximum(drop, 0), power - drop
    code = m | (quantum + (1 << p)) << p | negative.astype(np.int64) << (2 * p + 1)
    return np.where(m == 0, 0, code)
