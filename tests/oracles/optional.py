"""Oracles that need not be installed: skipped aloud."""

from __future__ import annotations

from importlib import import_module, metadata
from types import ModuleType

import pytest
from oracles import tally

DISTRIBUTIONS = {"MPFR through gmpy2": "gmpy2", "Arb": "python-flint", "ml_dtypes": "ml_dtypes", "gfloat": "gfloat"}


def require(module: str) -> ModuleType:
    """Return a module, or skip the test and say so at the end of the run."""
    try:
        return import_module(module)
    except ImportError as error:
        tally.absent(module, str(error))
        pytest.skip(f"oracle absent: {error}")


def present() -> list[str]:
    """Return the oracles that are installed, with versions."""
    found = []
    for name, distribution in DISTRIBUTIONS.items():
        try:
            found.append(f"{name} {metadata.version(distribution)}")
        except metadata.PackageNotFoundError:
            continue
    return found
