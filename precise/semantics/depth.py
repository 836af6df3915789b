"""Depths of circuits as expressions in the papers' constants: maxima of sums, in normal form.

A depth is a maximum of sums with natural coefficients, such as `max(s+P, tri)+3s+2P+E`. A sum that another
one dominates in every coefficient is dropped, so two depths are equal as functions of the constants if their
normal forms are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# One binary operation, iterated sum, iterated product, exp, square root, sine or cosine, logarithm.
SYMBOLS: Final = ("s", "P", "T", "E", "R", "△", "L")
MEANING: Final[dict[str, str]] = {
    "s": "d_std: one operation on two floats",
    "P": "d_⊕: one iterated sum",
    "T": "d_⊗: one iterated product",
    "E": "d_exp: one exponential",
    "R": "d_sqrt: one square root",
    "△": "d_△: one sine or cosine",
    "L": "d_log: one logarithm",
}
Sum = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Depth:
    """A maximum of sums of depth constants; build with `depth(s=2, P=1)`, combine with `+` and `max_with`."""

    sums: frozenset[Sum]

    def __add__(self, other: Depth) -> Depth:
        return Depth.normal({tuple(x + y for x, y in zip(a, b, strict=True)) for a in self.sums for b in other.sums})

    def __mul__(self, n: int) -> Depth:
        result = depth()
        for _ in range(n):
            result = result + self
        return result

    __rmul__ = __mul__

    def max_with(self, other: Depth) -> Depth:
        """Return the larger of two depths, for all values of the constants."""
        return Depth.normal(self.sums | other.sums)

    @staticmethod
    def normal(sums: frozenset[Sum] | set[Sum]) -> Depth:
        """Return the maximum of sums without those that another one dominates."""
        kept = {a for a in sums if not any(a != b and all(x <= y for x, y in zip(a, b, strict=True)) for b in sums)}
        return Depth(frozenset(kept))

    def evaluate(self, constants: Mapping[str, int]) -> int:
        """Return the depth for given values of the constants."""
        return max(sum(k * constants[name] for k, name in zip(a, SYMBOLS, strict=True)) for a in self.sums)

    def __str__(self) -> str:
        common = tuple(min(column) for column in zip(*self.sums, strict=True))
        rest = sorted((tuple(x - y for x, y in zip(a, common, strict=True)) for a in self.sums), reverse=True)
        tail = _written(common)
        if len(rest) == 1:
            return tail or "0"
        head = f"max({', '.join(_written(a) or '0' for a in rest)})"
        return f"{head}+{tail}" if tail else head


def _written(a: Sum) -> str:
    """Return one sum as text, such as `3s+2P+E`."""
    terms = [f"{k if k > 1 else ''}{name}" for k, name in zip(a, SYMBOLS, strict=True) if k]
    return "+".join(terms)


def depth(**constants: int) -> Depth:
    """Return a sum of depth constants; `tri` stands for △.

    Examples
    --------
    >>> print(depth(s=1, P=1).max_with(depth(tri=1)) + depth(E=1))
    max(s+P, △)+E
    """
    named = {("△" if key == "tri" else key): value for key, value in constants.items()}
    return Depth(frozenset({tuple(named.get(name, 0) for name in SYMBOLS)}))
