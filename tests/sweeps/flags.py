"""The counts of the five flags, over all pairs of small formats, all values of functions, and boundary-heavy pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from matrix.subjects import ROUNDING, format_of
from oracles import bulk, functions
from oracles.binaryops import ARITHMETIC, exact_binary, exact_fma
from oracles.flags import NAMES, raised
from oracles.integers import MODES, Spec
from oracles.lanes import Exact, Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, E4M3FN, E5M2, small
from oracles.smallformats import E3M4, E4M3FNUZ, P3109
from sweeps.small import pairs, values
from sweeps.unit import Outcome, Suite, Unit

from precise import rounded

SMALL = (E4M3FN, E5M2, E3M4, E4M3FNUZ, P3109[3])
LARGE = (BINARY16, BFLOAT16, BINARY32, small(40, -200, 200))
FORMATS = {s.name: s for s in (*SMALL, *LARGE)}
FUNCTIONS = ("sqrt", "rsqrt", "exp", "log", "expm1", "tanh", "sinpi", "sigmoid", "gelu", "floor")
OPERATIONS = (*ARITHMETIC, "fma", *FUNCTIONS)
PART = 256


def inputs(unit: Unit, spec: Spec, seed: int) -> tuple[Floats, ...]:
    """Return operands: everything in small formats, else points where rounding is decided by little."""
    if unit.operation == "fma":
        return bulk.triples(spec, seed, 4096)
    if unit.operation in FUNCTIONS:
        return (values(spec) if spec in SMALL else bulk.arguments(spec, seed, 800),)
    a, b = pairs(spec) if spec in SMALL else bulk.pairs(spec, seed, 4096)
    kept = np.random.default_rng(seed).permutation(len(a))[:8192]
    return a[kept], b[kept]


def exact(operation: str, mode: str, x: tuple[Floats, ...]) -> Exact:
    """Return results before rounding."""
    if operation == "fma":
        return exact_fma(*x, mode)
    return functions.exact_unary(operation, *x) if operation in FUNCTIONS else exact_binary(operation, *x, mode)


def ours(operation: str, spec: Spec, mode: str, tininess: str, x: tuple[Floats, ...]) -> Floats:
    """Return our counts, part by part."""
    xp = rounded(format_of(spec), ROUNDING[mode], flags=tininess)
    found = []
    for start in range(0, len(x[0]), PART):
        flags = getattr(xp, operation)(*(xp.asarray(v[start : start + PART]) for v in x)).flags
        found += [getattr(flags, name) for name in NAMES]
    return np.array(found, dtype=np.float64)


def run(unit: Unit, seed: int) -> Outcome:
    """Compare the counts of every part; a case is one result with its five flags."""
    spec, found = FORMATS[unit.format], Outcome()
    x = inputs(unit, spec, unit.seed(seed))
    for mode in MODES:
        before = exact(unit.operation, mode, x)
        for tininess in ("before", "after"):
            flags = raised(before, spec, mode, tininess, *x)
            parts = [slice(k, k + PART) for k in range(0, len(x[0]), PART)]
            theirs = np.array([flags.counts(part) for part in parts], dtype=np.float64).ravel()
            ask: Callable[[], Floats] = lambda m=mode, t=tininess: ours(unit.operation, spec, m, t, x)  # noqa: E731
            found.attempt(f"{mode} {tininess}", ask, theirs, np.arange(len(theirs)) // len(NAMES) * 1.0)
            found.cases += len(x[0]) - len(theirs)
    return found


def units() -> Iterator[Unit]:
    """Yield every operation of every format."""
    for operation in OPERATIONS:
        for name in FORMATS:
            yield Unit("flags", operation, name)


FLAGS = Suite("flags", "counts of the five flags, tiny before and after rounding", "integers, MPFR, Arb", units, run)
