#!/usr/bin/env python3
"""Renew the generated tables of docs/circuits.md; the largest circuit is built first, for its time and memory."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from precise.circuits import build, measure
from precise.commands.circuits_page import largest, with_tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "circuits.md"
P, N = 8, 64
UNIT = 2**30 if sys.platform == "darwin" else 2**20  # ru_maxrss is in bytes there, in KiB elsewhere


def sentence() -> str:
    """Return what the largest circuit costs: a sum of floats."""
    start = time.perf_counter()
    size = measure(build("sum", P, N))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT
    return largest(size, f"the sum of {N} floats with p = {P}", seconds, peak)


if __name__ == "__main__":
    last = sentence()
    print(last)
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), last), encoding="utf-8")
