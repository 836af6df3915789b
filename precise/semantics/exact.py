"""The exact semantics: rational numbers, nothing rounded. Operations that leave the rationals are refused."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.errors import DomainError
from precise.semantics.array import Array
from precise.semantics.exact_functions import EXACT_FUNCTIONS
from precise.semantics.objects import ObjectNamespace, Table, finite


def _divide(x: Fraction, y: Fraction) -> Fraction:
    """Return the quotient, or raise for a zero divisor."""
    if y == 0:
        raise DomainError(f"divide: divisor must not be zero; got {x} / 0")
    return x / y


_TABLE: Final[Table] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": _divide,
    "fma": lambda x, y, z: x * y + z,
    **EXACT_FUNCTIONS,
    "negative": operator.neg,
    "abs": abs,
    "maximum": max,
    "minimum": min,
    "maximum_number": max,
    "minimum_number": min,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
}


@dataclass(frozen=True)
class Exact(ObjectNamespace):
    """The namespace of rational arrays; elements are `fractions.Fraction`."""

    @property
    def name(self) -> str:  # type: ignore[override]
        """`exact`."""
        return "exact"

    @property
    def element_type(self) -> type:
        """`Fraction`."""
        return Fraction

    @property
    def table(self) -> Table:
        """Field operations, comparisons and extrema."""
        return _TABLE

    def element(self, x: object) -> Fraction:
        """Return `x` as a Fraction."""
        value = finite(x, "exact")
        return value.to_fraction() if isinstance(value, Dyadic) else value

    def floats_of(self, x: Array) -> NDArray[np.float64]:
        """Return the elements as binary64, exactly."""
        values = [Dyadic.from_fraction(v).to_float() for v in x.data.ravel().tolist()]
        return np.array(values, dtype=np.float64).reshape(x.shape)


def exact() -> Exact:
    """Return the namespace of exact rational arithmetic.

    Examples
    --------
    >>> xp = exact()
    >>> print(xp.divide(xp.asarray([1, 2]), 3).elements())
    [Fraction(1, 3) Fraction(2, 3)]
    """
    return Exact()
