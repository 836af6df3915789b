"""What a semantics defines: what an element is, and what the few primitive operations do with it."""

from __future__ import annotations

import abc
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.engines.carrier import object_array
from precise.errors import NamespaceError, ShapeError, UnsupportedError
from precise.semantics.array import Array, Operand

if TYPE_CHECKING:
    from precise.semantics.namespace import Namespace


class Base(abc.ABC):
    """The hooks of a namespace, and the checks of operands that all operations share."""

    name: str

    # What a semantics defines.

    @property
    @abc.abstractmethod
    def element_type(self) -> object:
        """What `dtype` says of a numeric array."""

    @abc.abstractmethod
    def ingest(self, x: NDArray[np.generic], *, constant: bool) -> Array:
        """Return an array of this namespace from an ndarray of Python or NumPy numbers, rounding as the policy says."""

    @abc.abstractmethod
    def elementwise(self, op: str, *operands: Array) -> Array:
        """Return an arithmetic operation or comparison on broadcast operands."""

    @abc.abstractmethod
    def reduce_last(self, op: str, x: Array) -> Array:
        """Return `sum`, `prod`, `max` or `min` over the last axis."""

    @abc.abstractmethod
    def cumulate_last(self, x: Array) -> Array:
        """Return the sums of the first 1, 2, ..., n elements of the last axis."""

    @abc.abstractmethod
    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return `a @ b` for `a: [..., n, k]`, `b: [..., k, m]`."""

    def elements_of(self, x: Array) -> NDArray[np.object_]:
        """Return the elements as objects."""
        return x.data.astype(object)

    def floats_of(self, x: Array) -> NDArray[np.float64]:
        """Return the elements as binary64, exactly."""
        raise UnsupportedError(f"to_float64: array must hold numbers of binary64; got one of {self.name}")

    def text_of(self, x: Array) -> str:
        """Return the elements as text."""
        return np.array2string(self.elements_of(x), formatter={"all": str}, threshold=40, separator=", ")

    def wrap(self, data: NDArray[np.generic], *sources: Array) -> Array:
        """Return `data`, rearranged from the sources without arithmetic, as an array."""
        return Array(data, cast("Namespace", self), sources[0].engine, sources[0].note)

    def reshaped(self, data: NDArray[np.generic], result: Array) -> Array:
        """Return the elements of a result in the shape in which its operation returns them, flags included."""
        array = self.wrap(data, result)
        array.flags = result.flags
        return array

    # Operands.

    def own(self, x: Operand, op: str) -> Array:
        """Return an operand as an array of this namespace, or raise `NamespaceError`."""
        if isinstance(x, Array):
            if x._xp is self or x._xp == self:
                return x
            raise NamespaceError(f"{op}: arrays must have one namespace; got {self.name} and {x._xp.name}")
        if isinstance(x, np.number):
            x = x.item()
        if isinstance(x, int | float | Fraction | Dyadic) and not isinstance(x, bool):
            return self.ingest(object_array((x,), ()), constant=True)
        raise NamespaceError(
            f"{op}: argument must be an array of {self.name} or a Python number; got {type(x).__name__}"
        )

    def numbers(self, x: Operand, op: str) -> Array:
        """Return an operand that holds numbers, or raise `NamespaceError`."""
        own = self.own(x, op)
        if own.is_boolean:
            raise NamespaceError(f"{op}: operands must be numbers; got truth values (see where)")
        return own

    def _apply(self, op: str, *operands: Operand) -> Array:
        """Return an elementwise operation after checking namespaces, kinds of elements and shapes."""
        arrays = [self.numbers(x, op) for x in operands]
        try:
            np.broadcast_shapes(*(a.shape for a in arrays))
        except ValueError:
            shapes = " and ".join(str(list(a.shape)) for a in arrays)
            raise ShapeError(f"{op}: shapes must broadcast; got {shapes}") from None
        return self.elementwise(op, *arrays)
