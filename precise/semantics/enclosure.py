"""The enclosure semantics: every element is a ball that contains the true value, whatever was done to get there."""

from __future__ import annotations

import operator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

import flint
import numpy as np
from numpy.typing import NDArray

from precise.balls import (
    BINARY_FUNCTIONS,
    FUNCTIONS,
    INTEGRAL_FUNCTIONS,
    WIDEST_REFINEMENT,
    Interval,
    ball_of,
    interval_of,
    working_precision,
)
from precise.engines.carrier import object_array
from precise.errors import DomainError, FormatError, UndecidedError
from precise.semantics.array import Array
from precise.semantics.objects import ObjectNamespace, Table, finite


def _less(x: flint.arb, y: flint.arb) -> bool:
    """Return whether all of x lies below all of y; raise where the balls do not tell."""
    if x < y:
        return True
    if x >= y:
        return False
    raise UndecidedError(f"less: enclosures must not overlap; got {x} and {y} (use more bits)")


def _less_equal(x: flint.arb, y: flint.arb) -> bool:
    """Return whether x <= y; raise where the balls do not tell."""
    if x <= y:
        return True
    if x > y:
        return False
    raise UndecidedError(f"less_equal: enclosures must not overlap; got {x} and {y} (use more bits)")


def _equal(x: flint.arb, y: flint.arb) -> bool:
    """Return whether x == y; raise where the balls do not tell."""
    if x.is_exact() and y.is_exact():
        return bool(x == y)
    if x.overlaps(y):
        raise UndecidedError(f"equal: enclosures must not overlap; got {x} and {y} (use more bits)")
    return False


_TABLE: Final[Table] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "fma": lambda x, y, z: x * y + z,
    "negative": operator.neg,
    "abs": abs,
    "maximum": flint.arb.max,
    "minimum": flint.arb.min,
    "maximum_number": flint.arb.max,
    "minimum_number": flint.arb.min,
    "equal": _equal,
    "not_equal": lambda x, y: not _equal(x, y),
    "less": _less,
    "less_equal": _less_equal,
    **FUNCTIONS,
    **BINARY_FUNCTIONS,
    **INTEGRAL_FUNCTIONS,
}


@dataclass(frozen=True)
class Enclosure(ObjectNamespace):
    """The namespace of balls with a working precision; elements are `flint.arb`."""

    bits: int

    def __post_init__(self) -> None:
        if not isinstance(self.bits, int) or not 2 <= self.bits <= WIDEST_REFINEMENT:
            must = f"an integer from 2 to {WIDEST_REFINEMENT} bits"
            raise FormatError(f"enclosure: working precision must be {must}; got {self.bits}")

    @property
    def name(self) -> str:  # type: ignore[override]
        """`enclosure(bits)`."""
        return f"enclosure({self.bits})"

    @property
    def element_type(self) -> type:
        """`flint.arb`."""
        return flint.arb

    @property
    def table(self) -> Table:
        """All elementwise operations; comparisons raise `UndecidedError` where balls overlap."""
        return _TABLE

    def scope(self) -> AbstractContextManager[None]:
        """Return the context that sets Arb's precision."""
        return working_precision(self.bits)

    def element(self, x: object) -> flint.arb:
        """Return a ball that contains `x`: a number, a Fraction, an Interval or a ball."""
        if isinstance(x, flint.arb):
            return x
        if isinstance(x, Interval):
            return ball_of(x.lower).union(ball_of(x.upper))
        return ball_of(finite(x, self.name))

    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return matrix products through Arb's own."""
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        (n, k), m = a.shape[-2:], b.shape[-1]
        left, right = np.broadcast_to(a.data, (*batch, n, k)), np.broadcast_to(b.data, (*batch, k, m))
        out = np.empty((*batch, n, m), dtype=object)
        with self.scope():
            for where in np.ndindex(*batch):
                rows = flint.arb_mat(n, k, left[where].ravel().tolist())
                product = rows * flint.arb_mat(k, m, right[where].ravel().tolist())
                out[where] = np.array(product.entries(), dtype=object).reshape(n, m)
        return Array(out, self)

    def intervals(self, x: Array) -> NDArray[np.object_]:
        """Return the balls as `Interval` objects with exact ends; `DomainError` where one is unbounded."""
        own = self.numbers(x, "intervals")
        found = [interval_of(v) for v in own.data.ravel().tolist()]
        if any(v is None for v in found):
            raise DomainError("intervals: every enclosure must be bounded; one is not (division by 0, or too few bits)")
        return object_array(found, own.shape)


def enclosure(bits: int = 128) -> Enclosure:
    """Return the namespace of rigorous enclosures with `bits` of working precision.

    Examples
    --------
    >>> from fractions import Fraction
    >>> xp = enclosure(64)
    >>> Fraction(1, 3) in xp.intervals(xp.divide(xp.asarray(1), 3)).item()
    True
    """
    return Enclosure(bits)
