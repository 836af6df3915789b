"""Operands stored in a wider format than results: binary64 numbers anywhere, or about the range of the results."""

from __future__ import annotations

from collections.abc import Iterator

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
SIZE = 6000


def operands(unit: Unit, seed: int) -> tuple[Floats, ...]:
    """Return binary64 numbers: of any size in even blocks, else within 60 binades of the results' range."""
    low, high = exponents(RESULTS[unit.format])
    source = small(53, max(low - 60, -1022), min(high + 60, 1023)) if unit.block % 2 else BINARY64
    if unit.operation == "fma":
        return bulk.triples(source, seed, SIZE)
    return (bulk.arguments(source, seed, SIZE),) if unit.operation in FUNCTIONS else bulk.pairs(source, seed, SIZE)


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
            for block in range(2):
                yield Unit("inputs", operation, name, block)


INPUTS = Suite("inputs", "binary64 operands, narrower results", "integers, MPFR, Arb", units, run)
