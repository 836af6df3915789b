"""Elementwise functions, by their array-API names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from precise.errors import NamespaceError, ShapeError
from precise.semantics.array import Array, Operand
from precise.semantics.elementary import Elementary
from precise.semantics.integers import Integers
from precise.semantics.trigonometry import Trigonometry


class Elementwise(Elementary, Trigonometry, Integers):
    """The elementwise functions of a namespace; each adds one rounding unless it says that it adds none."""

    def add(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1 + x2`."""
        return self._apply("add", x1, x2)

    def subtract(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1 - x2`."""
        return self._apply("subtract", x1, x2)

    def multiply(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1 * x2`."""
        return self._apply("multiply", x1, x2)

    def divide(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1 / x2`."""
        return self._apply("divide", x1, x2)

    def fma(self, x1: Operand, x2: Operand, x3: Operand, /) -> Array:
        """Return `x1 * x2 + x3` with one rounding."""
        return self._apply("fma", x1, x2, x3)

    def negative(self, x: Operand, /) -> Array:
        """Return `-x`."""
        return self._apply("negative", x)

    def abs(self, x: Operand, /) -> Array:
        """Return `|x|`."""
        return self._apply("abs", x)

    def square(self, x: Operand, /) -> Array:
        """Return `x * x`."""
        return self._apply("multiply", x, x)

    def maximum(self, x1: Operand, x2: Operand, /) -> Array:
        """Return the larger element; NaN wins, and +0 exceeds -0 (IEEE 754-2019, 9.6). Adds no rounding."""
        return self._apply("maximum", x1, x2)

    def minimum(self, x1: Operand, x2: Operand, /) -> Array:
        """Return the smaller element; NaN wins, and -0 is below +0. Adds no rounding."""
        return self._apply("minimum", x1, x2)

    def maximum_number(self, x1: Operand, x2: Operand, /) -> Array:
        """Return the larger element; a number wins over NaN (IEEE 754-2019, 9.6: maximumNumber). Adds no rounding."""
        return self._apply("maximum_number", x1, x2)

    def minimum_number(self, x1: Operand, x2: Operand, /) -> Array:
        """Return the smaller element; a number wins over NaN (IEEE 754-2019, 9.6: minimumNumber). Adds no rounding."""
        return self._apply("minimum_number", x1, x2)

    def logical_not(self, x: Array, /) -> Array:
        """Return the negation of truth values."""
        return self._logical("logical_not", np.logical_not, x)

    def logical_and(self, x1: Array, x2: Array, /) -> Array:
        """Return whether both truth values hold."""
        return self._logical("logical_and", np.logical_and, x1, x2)

    def logical_or(self, x1: Array, x2: Array, /) -> Array:
        """Return whether one of the truth values holds."""
        return self._logical("logical_or", np.logical_or, x1, x2)

    def any(self, x: Array, /) -> bool:
        """Return whether one of the truth values holds."""
        return bool(np.any(self._logical("any", np.asarray, x).data))

    def all(self, x: Array, /) -> bool:
        """Return whether all truth values hold."""
        return bool(np.all(self._logical("all", np.asarray, x).data))

    def _logical(self, op: str, function: Callable[..., NDArray[np.bool_]], *operands: Array) -> Array:
        """Return a function of truth values."""
        arrays = [self.own(x, op) for x in operands]
        if not all(a.is_boolean for a in arrays):
            raise NamespaceError(f"{op}: operands must be truth values; got numbers")
        try:
            return self.wrap(np.asarray(function(*(a.data for a in arrays))), *arrays)
        except ValueError:
            shapes = " and ".join(str(list(a.shape)) for a in arrays)
            raise ShapeError(f"{op}: shapes must broadcast; got {shapes}") from None

    def equal(self, x1: Operand, x2: Operand, /) -> Array:
        """Return whether `x1 == x2`."""
        return self._apply("equal", x1, x2)

    def not_equal(self, x1: Operand, x2: Operand, /) -> Array:
        """Return whether `x1 != x2`."""
        return self._apply("not_equal", x1, x2)

    def less(self, x1: Operand, x2: Operand, /) -> Array:
        """Return whether `x1 < x2`."""
        return self._apply("less", x1, x2)

    def less_equal(self, x1: Operand, x2: Operand, /) -> Array:
        """Return whether `x1 <= x2`."""
        return self._apply("less_equal", x1, x2)

    def greater(self, x1: Operand, x2: Operand, /) -> Array:
        """Return whether `x1 > x2`."""
        return self._apply("less", x2, x1)

    def greater_equal(self, x1: Operand, x2: Operand, /) -> Array:
        """Return whether `x1 >= x2`."""
        return self._apply("less_equal", x2, x1)
