"""Every input of every function in the 16-bit formats and in the 19 bits of TensorFloat-32."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matrix.subjects import unary
from oracles import functions
from oracles.integers import MODES, Spec
from oracles.lanes import Floats, round_exact
from oracles.named import BFLOAT16, BINARY16, NAMED, TF32
from sweeps.unit import Outcome, Suite, Unit

SLICE = 1 << 16  # inputs a unit
BLOCKS = {BINARY16.name: 1, BFLOAT16.name: 1, TF32.name: 8}


def every_value(spec: Spec, block: int) -> Floats:
    """Return one block of a format's numbers, which lie on the grid of binary32 with its low bits zero."""
    if spec is BINARY16:
        with np.errstate(invalid="ignore"):
            x = np.arange(SLICE, dtype=np.uint16).view(np.float16).astype(np.float64)
    else:
        dropped = 32 - (16 if spec is BFLOAT16 else 19)
        codes = np.arange(block * SLICE, (block + 1) * SLICE, dtype=np.uint64) << np.uint64(dropped)
        with np.errstate(invalid="ignore"):
            x = codes.astype(np.uint32).view(np.float32).astype(np.float64)
    x[np.isnan(x)] = np.nan
    return x


def run(unit: Unit, seed: int) -> Outcome:
    """Compare a function on a block of all values in every mode."""
    spec, found = NAMED[unit.format], Outcome()
    x = every_value(spec, unit.block)
    exact = functions.exact_unary(unit.operation, x)
    for mode in MODES:
        theirs = round_exact(exact, spec, mode)
        found.attempt(mode, lambda m=mode: unary(unit.operation, spec, m, x), theirs, x)
    return found


def units() -> Iterator[Unit]:
    """Yield every function, the shortest formats first."""
    for name, blocks in BLOCKS.items():
        for operation in functions.UNARY:
            for block in range(blocks):
                yield Unit("whole", operation, name, block)


WHOLE = Suite("whole", "every input of 16-bit formats and tf32", "MPFR, Arb, integers", units, run)
