"""Counts of what the checks really compared, by operation and oracle; the run prints them at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

cases: Counter[tuple[str, str]] = Counter()
missing: dict[str, str] = {}
seeds: dict[str, int] = {}


def count(operation: str, oracle: str, number: int) -> None:
    """Add compared cases."""
    cases[operation, oracle] += number


def absent(oracle: str, reason: str) -> None:
    """Note an oracle that could not be asked."""
    missing[oracle] = reason


def seeded(what: str, seed: int) -> int:
    """Note a seed and return it."""
    seeds[what] = seed
    return seed


@contextmanager
def paused() -> Iterator[None]:
    """Count nothing inside: what a mutant was compared on is no evidence."""
    before = cases.copy()
    try:
        yield
    finally:
        cases.clear()
        cases.update(before)
