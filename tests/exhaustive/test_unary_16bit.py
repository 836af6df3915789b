"""Every input of every function in binary16 and bfloat16, in every deterministic mode: 24 million cases.

The oracle is asked once per function and input, for 62 truncated bits and a flag; all modes follow from these.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from matrix.subjects import Unary, unary
from oracles import functions
from oracles.integers import MODES, Spec
from oracles.lanes import Exact, Floats, round_exact
from oracles.named import BFLOAT16, BINARY16
from oracles.verdict import expect_same


@lru_cache(maxsize=2)
def every_value(name: str) -> Floats:
    """Return the values of all 65,536 codes, one NaN among them, without asking the package."""
    codes = np.arange(2**16, dtype=np.uint16)
    if name == BINARY16.name:
        with np.errstate(invalid="ignore"):
            x = codes.view(np.float16).astype(np.float64)
    else:
        with np.errstate(invalid="ignore"):
            x = (codes.astype(np.uint32) << np.uint32(16)).view(np.float32).astype(np.float64)
    x[np.isnan(x)] = np.nan
    return x


@lru_cache(maxsize=2)
def truth(operation: str, name: str) -> Exact:
    """Return f of every value, truncated, with a flag that says whether anything was cut off."""
    return functions.exact_unary(operation, every_value(name))


def check_every_input(subject: Unary, operation: str, spec: Spec, mode: str) -> None:
    """Compare a function on all inputs of a 16-bit format."""
    x = every_value(spec.name)
    theirs = round_exact(truth(operation, spec.name), spec, mode)
    expect_same(operation, "all inputs", f"{spec.name} {mode}", subject(operation, spec, mode, x), theirs, x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", [BINARY16, BFLOAT16], ids=lambda s: s.name)
@pytest.mark.parametrize("operation", functions.UNARY)
def test_every_input(operation: str, spec: Spec, mode: str) -> None:
    check_every_input(unary, operation, spec, mode)
