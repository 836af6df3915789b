"""Depths of networks as expressions in the depths of operations: maxima of sums, in normal form.

A network of circuits is as deep as the longest of its paths, and a path is as deep as the operations on it together. So
the depth is a maximum of sums such as `max(multiply + sum, sin) + 2 divide`; a sum that another one dominates in every
operation is dropped. Two networks with equal normal forms are equally deep, whatever the operations cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Counts: TypeAlias = frozenset[tuple[str, int]]
"""How often each operation lies on a path."""


@dataclass(frozen=True, slots=True)
class Path:
    """A maximum of sums of the depths of operations; make one with `path`, combine with `+` and `longest`."""

    sums: frozenset[Counts]

    def __add__(self, other: Path) -> Path:
        return _normal(frozenset((Counter(dict(a)) + Counter(dict(b))).items()) for a in self.sums for b in other.sums)

    def evaluate(self, depths: Mapping[str, int]) -> int:
        """Return the depth for given depths of the operations."""
        return max(sum(count * depths[name] for name, count in a) for a in self.sums)

    def operations(self) -> set[str]:
        """Return the operations that occur."""
        return {name for a in self.sums for name, _ in a}

    def __str__(self) -> str:
        tables = [Counter(dict(a)) for a in self.sums]
        common = tables[0].copy()
        for table in tables[1:]:
            common &= table
        rest = sorted(_written(table - common) for table in tables)
        tail = _written(common)
        if len(rest) == 1:
            return tail or "0"
        head = f"max({', '.join(text or '0' for text in rest)})"
        return f"{head} + {tail}" if tail else head


def path(**counts: int) -> Path:
    """Return the sum of the depths of operations.

    Examples
    --------
    >>> print(longest([path(multiply=1, sum=1), path(sin=1)]) + path(divide=2))
    max(multiply + sum, sin) + 2 divide
    """
    return Path(frozenset({frozenset((name, count) for name, count in counts.items() if count)}))


def longest(paths: Iterable[Path]) -> Path:
    """Return the maximum of depths, for all depths of the operations; 0 of none."""
    return _normal(a for one in paths for a in one.sums)


def _normal(sums: Iterable[Counts]) -> Path:
    """Return the maximum without the sums that another one dominates."""
    tables = {a: dict(a) for a in sums}
    kept = frozenset(a for a, x in tables.items() if not any(a != b and _dominates(y, x) for b, y in tables.items()))
    return Path(kept or frozenset({frozenset()}))


def _dominates(larger: Mapping[str, int], smaller: Mapping[str, int]) -> bool:
    """Return whether every operation lies on the one path at least as often as on the other."""
    return all(larger.get(name, 0) >= count for name, count in smaller.items())


def _written(counts: Mapping[str, int]) -> str:
    """Return one sum as text."""
    return " + ".join(f"{count} {name}" if count > 1 else name for name, count in sorted(counts.items()))
