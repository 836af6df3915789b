"""Operands stored in a wider format than results: binary64 numbers anywhere, or about the range of the results."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matrix.subjects import ROUNDING, format_of
from oracles import bulk, functions
from oracles.binaryops import ARITHMETIC, exact_binary, exact_fma
from oracles.integers import MODES, Spec
from oracles.lanes import Exact, Floats, round_exact
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, small
from oracles.points import exponents
from sweeps.unit import Outcome, Suite, Unit

from precise import rounded

RESULTS = {s.name: s for s in (BFLOAT16, BINARY16, BINARY32, small(40, -200, 200), small(24, -857, 900))}
FUNCTIONS = ("sqrt", "rsqrt", "exp", "log", "sin", "tanh", "atan", "sigmoid", "floor")
OPERATIONS = (*ARITHMETIC, "fma", *FUNCTIONS)
ENDED = (*ARITHMETIC, "fma", "sqrt")
SIZE = 6000


def operands(unit: Unit, seed: int) -> tuple[Floats, ...]:
    """Return binary64 numbers of one kind, as an engine may refuse an array for the sake of one number.

    Block 0: of any size. Block 1: within 60 binades of the results' range. Blocks 2 and 3: moderate operands whose
    results lie about the least or the largest numbers of binary64 lanes.
    """
    if unit.block >= 2:
        return ends(unit.operation, seed, *((-1040, -860) if unit.block == 2 else (850, 985)))
    low, high = exponents(RESULTS[unit.format])
    source = small(53, max(low - 60, -1022), min(high + 60, 1023)) if unit.block else BINARY64
    if unit.operation == "fma":
        return bulk.triples(source, seed, SIZE)
    return (bulk.arguments(source, seed, SIZE),) if unit.operation in FUNCTIONS else bulk.pairs(source, seed, SIZE)


def ends(operation: str, seed: int, low: int, high: int) -> tuple[Floats, ...]:
    """Return operands whose product, quotient, sum or own exponent lies in a range; addends have the other sign.

    Half of the significands are short, so that results are exact or a hair beside a short number; quotients of tiny
    operands by tiny ones are among them, and squares for the root.
    """
    rng = np.random.default_rng(seed)
    target, other = rng.integers(low, high, SIZE), rng.integers(-90, 90, SIZE)
    short = rng.random(SIZE) < 0.5
    a, b, c = np.where(short, rng.integers(2**11, 2**12, (3, SIZE)) << 41, rng.integers(2**52, 2**53, (3, SIZE)))
    a, b, c = (np.ldexp(v.astype(np.float64), -52) * rng.choice([-1.0, 1.0], SIZE) for v in (a, b, c))
    if operation == "sqrt":
        root = np.trunc(np.ldexp(abs(a), 11))
        return (np.ldexp(np.where(short, root * root, abs(a)), target - 24 * short),)
    if operation in ("add", "subtract"):
        return np.ldexp(a, np.minimum(target, 990)), np.ldexp(b, np.clip(target + other, -1060, 990))
    half = target // 2 + other
    if operation == "divide":
        both = rng.random(SIZE) < 0.5  # quotients near one of operands at the end of the range
        full = np.ldexp(rng.integers(2**52, 2**53, SIZE).astype(np.float64), -52)
        b = np.where(both, full, b)
        beside = np.where(short, a * b, a)  # next to, or at, a short multiple of the divisor
        return np.ldexp(beside, np.where(both, target, half)), np.ldexp(b, np.where(both, target + 3, half - target))
    near = np.where(rng.random(SIZE) < 0.5, target + rng.integers(-4, 12, SIZE), rng.integers(low, high, SIZE))
    factors = np.ldexp(a, half), np.ldexp(b, target - half)
    return (*factors, np.ldexp(-abs(c) * np.sign(a * b), near)) if operation == "fma" else factors


def exact(operation: str, mode: str, x: tuple[Floats, ...]) -> Exact:
    """Return results before rounding."""
    if operation == "fma":
        return exact_fma(*x, mode)
    return functions.exact_unary(operation, *x) if operation in FUNCTIONS else exact_binary(operation, *x, mode)


def ours(operation: str, spec: Spec, mode: str, x: tuple[Floats, ...]) -> Floats:
    """Return our results."""
    xp = rounded(format_of(spec), ROUNDING[mode], inputs="binary64")
    return getattr(xp, operation)(*map(xp.asarray, x)).to_float64()


def run(unit: Unit, seed: int) -> Outcome:
    """Compare an operation in every mode."""
    spec, found = RESULTS[unit.format], Outcome()
    x = operands(unit, unit.seed(seed))
    plain, down = (exact(unit.operation, mode, x) for mode in ("RNE", "RTN"))
    for mode in MODES:
        theirs = round_exact(down if mode == "RTN" else plain, spec, mode)
        found.attempt(mode, lambda m=mode: ours(unit.operation, spec, m, x), theirs, *x)
    return found


def units() -> Iterator[Unit]:
    """Yield every operation with every format of results."""
    for operation in OPERATIONS:
        for name in RESULTS:
            for block in range(4 if operation in ENDED else 2):
                yield Unit("inputs", operation, name, block)


INPUTS = Suite("inputs", "binary64 operands, narrower results", "integers, MPFR, Arb", units, run)
