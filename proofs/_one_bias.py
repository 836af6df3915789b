"""A model without layers whose one bias is its output, for all widths and lengths.

It is run on arrays of symbolic shape whose entries are all one number, in exact arithmetic: a sum of d equal entries is
d times the entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from precise.claims import Counterexample, Evidence, Scope, chain, decide_identity
from precise.errors import ShapeError
from precise.nn import affine, transformer
from proofs._general_depths import written
from proofs._sizes import Facts
from proofs._symbolic_shapes import Shape, broadcast


@dataclass(frozen=True, slots=True)
class Even:
    """An array whose entries all have the value that the expression denotes."""

    xp: EqualEntries
    shape: Shape
    value: str

    def __array_namespace__(self, *, api_version: str | None = None) -> EqualEntries:
        """Return the namespace of the array."""
        return self.xp

    @property
    def dtype(self) -> type:
        """What an element is."""
        return str


class EqualEntries:
    """The namespace of arrays with equal entries."""

    def full(self, shape: Shape, fill_value: int | str, *, dtype: object = None) -> Even:
        """Return an array of one number, given as an expression."""
        return Even(self, tuple(shape), str(fill_value))

    def add(self, x1: Even, x2: Even, /) -> Even:
        """Return `x1 + x2`."""
        return Even(self, broadcast(x1.shape, x2.shape), f"({x1.value}) + ({x2.value})")

    def matrix_transpose(self, x: Even, /) -> Even:
        """Return the array with its last two axes exchanged."""
        return Even(self, (*x.shape[:-2], x.shape[-1], x.shape[-2]), x.value)

    def matmul(self, x1: Even, x2: Even, /) -> Even:
        """Return a matrix product."""
        if not bool(x1.shape[-1] == x2.shape[-2]):
            raise ShapeError(f"matmul: got {list(x1.shape)} and {list(x2.shape)}")
        shape = (*broadcast(x1.shape[:-2], x2.shape[:-2]), x1.shape[-2], x2.shape[-1])
        return Even(self, shape, f"({written(x1.shape[-1])})*(({x1.value})*({x2.value}))")


def lengths_are_decided(accepts: int = 1) -> Evidence | Counterexample:
    """Return certificates that a model without layers has the bias for its output, for 1 and for 0.

    The word is one of n letters, each a row of d numbers x; the model has the weights 0 and the bias `accepts` where
    n is in the set, else 0.
    """
    facts = Facts()
    n, d = facts.number("n", 1), facts.number("d", 1)
    claims: list[str] = []
    for member in (1, 0):
        xp = EqualEntries()
        word: Any = xp.full((n, d), "x")
        weight: Any = xp.full((1, d), 0)
        bias: Any = xp.full((1,), accepts * member)
        y = transformer(word, partial(affine, w=weight, b=bias), [])
        claims.append(f"{y.value} == {member}")
    return together(*claims)


def together(*claims: str) -> Evidence | Counterexample:
    """Return certificates of all identities, or a point at which one is false."""
    found: list[Evidence] = []
    for claim in claims:
        outcome = decide_identity(claim, scope=Scope.without_p())
        if isinstance(outcome, Counterexample):
            return outcome
        found.append(outcome)
    return chain(*found)
