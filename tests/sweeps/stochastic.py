"""Stochastic rounding element by element: the very bits of its definition, with r random bits or exact probability."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import gmpy2
import numpy as np
from matrix.subjects import format_of
from oracles import bulk, mpfr
from oracles.floats import as_float, as_value, as_values
from oracles.integers import Spec, Value, exact_add, exact_divide, exact_multiply, negated
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, E4M3FN, small
from oracles.narrowing import conversion_points
from oracles.randombits import drawn, round_up_or_down, stream_of
from oracles.smallformats import E4M3FNUZ, P3109
from sweeps.unit import Outcome, Suite, Unit

from precise import rounded
from precise.rounding import Rounding, stochastic

FORMATS = {s.name: s for s in (BINARY16, BFLOAT16, E4M3FN, E4M3FNUZ, P3109[2], BINARY32, small(40, -200, 200))}
OPERATIONS = ("round", "add", "subtract", "multiply", "divide", "fma", "sqrt", "exp")
BITS = (1, 2, 8, 20, 32, 53, 64, None)
LONG, LONG_BITS = 70_000, (8, None)  # more than one block of any engine
LANE = 53  # and the numbers of bits about which a binary64 lane stops holding the thresholds
SIZE = 1500
WIDE = 500  # bits of functions, far more than any comparison with 64 random bits needs


def irrational(operation: str) -> Callable[[Value], Value]:
    """Return a function as a rational that no comparison with a random number tells from the exact value."""
    ctx = gmpy2.context(precision=WIDE, round=gmpy2.RoundToZero)

    def value(x: Value) -> Value:
        result = getattr(ctx, operation)(mpfr.column(np.array([as_float(x)]))[0])
        if not gmpy2.is_finite(result) or result == 0:
            return as_value(float(result)) if result.rc == 0 or not gmpy2.is_finite(result) else Fraction(1, 2**9999)
        m, e = (int(v) for v in result.as_mantissa_exp())
        return (2 * m + (result.rc != 0)) * Fraction(2) ** (e - 1)

    return value


EXACT: dict[str, Callable[..., Value]] = {
    "round": lambda x: x,
    "add": lambda x, y: exact_add(x, y, "RNE"),
    "subtract": lambda x, y: exact_add(x, negated(y), "RNE"),
    "multiply": exact_multiply,
    "divide": exact_divide,
    "fma": lambda x, y, z: exact_add(exact_multiply(x, y), z, "RNE"),
    "sqrt": irrational("sqrt"),
    "exp": irrational("exp"),
}


def inputs(operation: str, spec: Spec, seed: int, size: int) -> tuple[Floats, ...]:
    """Return finite operands whose result is defined."""
    rng = np.random.default_rng(seed)
    if operation == "round":
        x = conversion_points(spec, seed)
        found: tuple[Floats, ...] = (rng.choice(x[np.isfinite(x)], size),)
    elif operation == "fma":
        found = bulk.triples(spec, seed, size)
    elif operation in ("sqrt", "exp"):
        x = bulk.arguments(spec, seed, size)
        found = (abs(x) if operation == "sqrt" else x[abs(x) < 2.0**12],)
    else:
        found = bulk.pairs(spec, seed, size)
    keep = np.all([np.isfinite(v) for v in found], axis=0)
    keep &= found[-1] != 0 if operation == "divide" else keep
    return tuple(v[keep][:size] for v in found)


def decide(x: Value, spec: Spec, seed: int, stream: int, index: int, bits: int | None) -> Value:
    """Return the stochastic rounding of x by its definition; exact probability reads U as far as 64 bits."""
    u = drawn(seed, stream, index, bits or 64)
    y = round_up_or_down(x, spec, u)
    if bits is None and u != 0:
        assert round_up_or_down(x, spec, u + Fraction(1, 2**64) - Fraction(1, 2**200)) == y, "64 bits do not decide"
    return y


def ours(operation: str, spec: Spec, rule: Rounding, x: tuple[Floats, ...]) -> Floats:
    """Return our results, flat."""
    xp = rounded(format_of(spec), rule)
    arrays = [xp.asarray(v) for v in x]
    return (arrays[0] if operation == "round" else getattr(xp, operation)(*arrays)).to_float64().ravel()


def run(unit: Unit, seed: int) -> Outcome:
    """Compare every element for several numbers of random bits, in two shapes."""
    spec, found, own = FORMATS[unit.format], Outcome(), unit.seed(seed)
    x = inputs(unit.operation, spec, own, LONG if unit.block else SIZE)
    exact = [EXACT[unit.operation](*row) for row in zip(*(as_values(v) for v in x), strict=True)]
    stream = 0 if unit.operation == "round" else stream_of(unit.operation)
    for bits in LONG_BITS if unit.block else (*BITS, *(LANE - (spec.p or 0) + k for k in (-1, 0, 1))):
        theirs = np.array([as_float(decide(v, spec, own, stream, i, bits)) for i, v in enumerate(exact)])

        rule, n = stochastic(seed=own, bits=bits), len(theirs) // 6 * 6
        cut = tuple(v[:n].reshape(3, -1, 2) for v in x)
        found.attempt(f"{rule}", lambda r=rule: ours(unit.operation, spec, r, x), theirs, *x)
        found.attempt(f"{rule}, 3 axes", lambda r=rule, v=cut: ours(unit.operation, spec, r, v), theirs[:n], *cut)
    return found


def units() -> Iterator[Unit]:
    """Yield every operation of every format."""
    for operation in OPERATIONS:
        for name in FORMATS:
            yield Unit("stochastic", operation, name)
    for operation in ("round", "add", "multiply"):
        yield Unit("stochastic", operation, BFLOAT16.name, 1)


STOCHASTIC = Suite("stochastic", "SR bit by bit, 1 to 64 random bits and exact", "SplitMix64, rationals", units, run)
