"""The exact semantics: rational numbers, nothing rounded. Operations that leave the rationals are refused."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.errors import DomainError, UnsupportedError
from precise.semantics.array import Array
from precise.semantics.objects import ObjectNamespace, Table, finite


def _divide(x: Fraction, y: Fraction) -> Fraction:
    """Return the quotient, or raise for a zero divisor."""
    if y == 0:
        raise DomainError(f"divide: divisor must not be zero; got {x} / 0")
    return x / y


def _root(x: Fraction) -> Fraction:
    """Return the square root of a perfect square, or refuse."""
    if x < 0:
        raise DomainError(f"sqrt: argument must not be negative; got {x}")
    root = Fraction(isqrt(x.numerator), isqrt(x.denominator))
    if root * root != x:
        raise UnsupportedError(f"sqrt: argument must be the square of a rational number in exact arithmetic; got {x}")
    return root


def _at(function: str, argument: int, value: int) -> Callable[[Fraction], Fraction]:
    """Return a function that has one rational argument with a rational value, and refuses all others."""

    def apply(x: Fraction) -> Fraction:
        if x != argument:
            raise UnsupportedError(f"{function}: argument must be {argument} in exact arithmetic; got {x}")
        return Fraction(value)

    return apply


_TABLE: Final[Table] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": _divide,
    "fma": lambda x, y, z: x * y + z,
    "sqrt": _root,
    **{f: _at(f, 0, 0) for f in ("sin", "tan", "tanh")},
    **{f: _at(f, 0, 1) for f in ("exp", "cos")},
    "log": _at("log", 1, 0),
    "negative": operator.neg,
    "abs": abs,
    "maximum": max,
    "minimum": min,
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
