"""Checks of an identity between products of matrices: symbols for small shapes, sums of pairs, p-bit floats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as cartesian
from typing import Any, TypeAlias

import numpy as np

from precise import paper_float, rounded
from precise.claims import (
    Control,
    Counterexample,
    Evidence,
    Kind,
    Scope,
    Statement,
    Step,
)
from precise.semantics.symbolic import symbolic
from proofs._loops import matrix
from proofs._normal import compare, entries
from proofs._oracle import fractions_of

Side: TypeAlias = Callable[..., Any]
Letters: TypeAlias = tuple[str, str]
VALUES = (Fraction(1), Fraction(3, 2))
"""Entries of the search in floats, in its order; every positive float of F_2 is one of them times a power of 2."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity of matrices: names and shapes (in letters) of the operands, and both sides as bodies."""

    operands: Mapping[str, Letters]
    left: Side
    right: Side
    result: tuple[str, str]

    @property
    def letters(self) -> tuple[str, ...]:
        """The lengths that occur."""
        return tuple(dict.fromkeys(letter for shape in self.operands.values() for letter in shape))

    def shapes(self, sizes: Mapping[str, int]) -> list[tuple[int, int]]:
        """Return the shapes of the operands."""
        return [(sizes[a], sizes[b]) for a, b in self.operands.values()]

    def entry_count(self, largest: int) -> int:
        """Return how many entries the results of all shapes up to `largest` have together."""
        count = 0
        for lengths in cartesian(range(1, largest + 1), repeat=len(self.letters)):
            sizes = dict(zip(self.letters, lengths, strict=True))
            one, other = (int(np.prod([sizes[letter] for letter in side])) for side in self.result)
            count += one * other
        return count


def holds_in_rings(identity: Identity, largest: int = 2) -> Evidence | Counterexample:
    """Return evidence that both sides agree on matrices of distinct symbols, for all shapes up to `largest`."""
    xp = symbolic()

    def cases() -> Iterable[tuple[str, Any, Any]]:
        for lengths in cartesian(range(1, largest + 1), repeat=len(identity.letters)):
            sizes = dict(zip(identity.letters, lengths, strict=True))
            named = zip(identity.operands, identity.shapes(sizes), strict=True)
            arrays = [xp.symbols(name, shape) for name, shape in named]
            words = ", ".join(f"{k} = {v}" for k, v in sizes.items())
            yield from entries(words, matrix(identity.left(*arrays)), matrix(identity.right(*arrays)))

    words = ", ".join(f"{k} = {largest}" for k in identity.letters)
    return compare(
        cases(),
        expected=identity.entry_count(largest),
        cells=("symbols",),
        scope=Scope.without_p(f"all shapes up to {largest}"),
        certified=[f"{words}, entry (1, 1)"],
    )


def sizes_in_order(identity: Identity, largest: int) -> list[dict[str, int]]:
    """Return the lengths up to `largest`, by the number of entries of all operands, then by the lengths."""

    def key(sizes: dict[str, int]) -> tuple[int, tuple[int, ...]]:
        return sum(a * b for a, b in identity.shapes(sizes)), tuple(sizes.values())

    every = cartesian(range(1, largest + 1), repeat=len(identity.letters))
    return sorted((dict(zip(identity.letters, lengths, strict=True)) for lengths in every), key=key)


def search(
    identity: Identity,
    xp: Any,
    values: Sequence[Fraction],
    largest: int,
    most: int,
    bound: Fraction | None = None,
) -> Evidence | Counterexample:
    """Return the least instance at which the two sides differ in the namespace, or the count of all instances.

    Order: fewest entries in all operands (at most `most`), then lengths, then least sum of magnitudes, then
    the order of `values`. Instances with a result of magnitude `bound` or more are left out.
    """
    cases, domain, left_out = 0, 0, 0
    for sizes in sizes_in_order(identity, largest):
        shapes = identity.shapes(sizes)
        places = sum(a * b for a, b in shapes)
        if places > most:
            break
        domain += len(values) ** places
        instances = sorted(
            cartesian(range(len(values)), repeat=places), key=lambda t: (sum(abs(values[i]) for i in t), t)
        )
        for start in range(0, len(instances), 512):
            block = [[values[i] for i in t] for t in instances[start : start + 512]]
            sides = [fractions_of(side(*stacked(xp, block, shapes))) for side in (identity.left, identity.right)]
            for row, left, right in zip(block, *sides, strict=True):
                if bound is not None and any(abs(x) >= bound for x in [*left.flat, *right.flat]):
                    left_out += 1
                    continue
                cases += 1
                if (left != right).any():
                    return instance(identity, shapes, row, left, right, cases)
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p(f"at most {most} entries among {', '.join(map(str, values))}"),
        cases=cases,
        expected=domain - left_out,
        producer="precise-pbit",
    )


def stacked(xp: Any, block: Sequence[Sequence[Fraction]], shapes: Sequence[tuple[int, int]]) -> list[Any]:
    """Return the operands of many instances as stacks of matrices."""
    data, arrays, begin = np.array(block, dtype=object), [], 0
    for n, d in shapes:
        arrays.append(xp.asarray(data[:, begin : begin + n * d].reshape(-1, n, d)))
        begin += n * d
    return arrays


def instance(
    identity: Identity,
    shapes: Sequence[tuple[int, int]],
    row: Sequence[Fraction],
    left: Any,
    right: Any,
    cases: int,
) -> Counterexample:
    """Return the counterexample of one instance, its operands written as rows."""
    i, j = (int(k) for k in np.argwhere(left != right)[0])
    entry = iter(row)
    operands = {
        name: [[next(entry) for _ in range(d)] for _ in range(n)]
        for name, (n, d) in zip(identity.operands, shapes, strict=True)
    }
    values = {
        f"{name}_{a + 1}_{b + 1}": operands[name][a][b]
        for name, (n, d) in zip(identity.operands, shapes, strict=True)
        for a, b in np.ndindex(n, d)
    }

    def text(m: Any) -> str:
        return "[" + "; ".join(" ".join(str(x) for x in line) for line in m) + "]"

    return Counterexample(
        values={**values, "left": left[i, j], "right": right[i, j]},
        refutes="left != right",
        lines=(
            ", ".join(f"{name.upper()} = {text(m)}" for name, m in operands.items()),
            f"left side  = {text(left)}",
            f"right side = {text(right)}",
        ),
        order="fewest entries, then shapes in the order of the letters, then least sum of magnitudes, then entries",
        cases=cases,
    )


def with_right(identity: Identity, right: Side) -> Identity:
    """Return the identity with another right side."""
    return Identity(identity.operands, identity.left, right, identity.result)


def in_floats(label: str, title: str, tex: str, identity: Identity, most: int) -> Statement:
    """Return the statement that the identity holds in F_2, refuted by the least instance."""
    xp = rounded(paper_float(2))
    powers = (Fraction(1), Fraction(2))
    return Statement(
        label=f"{label}@floats",
        title=f"{title}, claimed for p-bit floats",
        mark="D",
        tex=tex,
        uses=(),
        steps=(
            Step(
                id="equal-in-2-bits",
                says=r"The identity holds in $\mathbb F_2$ where nothing overflows.",
                formal=f"for all operands with at most {most} entries among 1 and 3/2, results below 24: left = right",
                check=lambda: search(identity, xp, VALUES, 2, most, Fraction(24)),
                expects="refuted",
                mutants=(
                    Control(
                        "entries 1 and 2, whose products are exact",
                        lambda: search(identity, xp, powers, 1, most, Fraction(24)),
                    ),
                ),
            ),
        ),
    )
