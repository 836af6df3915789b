"""The array object of every namespace: data, a namespace, and operators that call it.

Data is an ndarray whose elements the namespace understands. Nothing leaves silently: `__array__` raises, and
NumPy functions and arrays of other namespaces are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.engines.flags import Flags
from precise.errors import NamespaceError, ShapeError

if TYPE_CHECKING:
    from precise.semantics.namespace import Namespace

Scalar: TypeAlias = int | float | Fraction | Dyadic
Operand: TypeAlias = "Array | int | float | Fraction | Dyadic"


class Array:
    """An n-dimensional array of one namespace; create one with `xp.asarray(...)`.

    Attributes
    ----------
    data : numpy.ndarray
        The elements as the namespace holds them; read it with the namespace's own conversions.
    engine : str
        For rounded arrays: the engine that computed it.
    note : object
        What the namespace keeps beside the data (the `cost` namespace: depths).
    flags : Flags or None
        For rounded arrays of a namespace that counts flags: how many results of the operation that made the array,
        the last one where it is composed of several, raised which. None where nothing was rounded or counted:
        comparisons, extrema, rearranged arrays.
    """

    __slots__ = ("_xp", "data", "engine", "flags", "note")
    __array_ufunc__ = None

    def __init__(
        self,
        data: NDArray[np.generic],
        xp: Namespace,
        engine: str = "",
        note: object = None,
        flags: Flags | None = None,
    ) -> None:
        view = data.view()
        view.flags.writeable = False  # arrays do not change
        self.data, self._xp, self.engine, self.note, self.flags = view, xp, engine, note, flags

    def __array_namespace__(self, *, api_version: str | None = None) -> Namespace:
        """Return the namespace of the array (array API standard)."""
        return self._xp

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise NamespaceError(
            f"array: conversion must be explicit; NumPy asked for an array of {self._xp.name} (use .to_float64())"
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.data.size

    @property
    def dtype(self) -> object:
        """What an element is: `bool`, or the namespace's element type (a `Format` for rounded arrays)."""
        return bool if self.is_boolean else self._xp.element_type

    @property
    def is_boolean(self) -> bool:
        """Whether the elements are truth values."""
        return self.data.dtype == np.bool_

    @property
    def T(self) -> Array:
        """The transpose of a matrix."""
        if self.ndim != 2:
            raise ShapeError(f"T: array must have 2 axes; got shape {list(self.shape)}")
        return self._xp.permute_dims(self, (1, 0))

    @property
    def mT(self) -> Array:
        """The transpose of the last two axes."""
        return self._xp.matrix_transpose(self)

    # Conversion out.

    def elements(self) -> NDArray[np.object_]:
        """Return the elements as an object array of the namespace's own scalars."""
        return self._xp.elements_of(self)

    def to_float64(self) -> NDArray[np.float64]:
        """Return the elements as binary64, exactly; raises `NotRepresentableError` where one does not fit."""
        return self._xp.floats_of(self).copy()

    def item(self) -> object:
        """Return the only element."""
        if self.size != 1:
            raise ShapeError(f"item: array must have one element; got shape {list(self.shape)}")
        return self.elements().reshape(1)[0]

    def __bool__(self) -> bool:
        if self.size == 1 and self.is_boolean:
            return bool(self.data.reshape(1)[0])
        raise NamespaceError(f"array: truth value must be that of one boolean element; got shape {list(self.shape)}")

    def __len__(self) -> int:
        if not self.ndim:
            raise ShapeError("len: array must have an axis; got a 0-d array")
        return self.shape[0]

    def __repr__(self) -> str:
        values = self._xp.text_of(self)
        engine = f", engine={self.engine}" if self.engine else ""
        return f"Array({values}, {self._xp.name}{engine})"

    # Operators.

    def __iter__(self) -> Iterator[Array]:
        for i in range(len(self)):
            yield self[i]

    def __invert__(self) -> Array:
        return self._xp.logical_not(self)

    def __and__(self, other: Array) -> Array:
        return self._xp.logical_and(self, other)

    def __or__(self, other: Array) -> Array:
        return self._xp.logical_or(self, other)

    def __getitem__(self, key: object) -> Array:
        return self._xp.getitem(self, key)

    def __add__(self, other: Operand) -> Array:
        return self._xp.add(self, other)

    def __radd__(self, other: Scalar) -> Array:
        return self._xp.add(other, self)

    def __sub__(self, other: Operand) -> Array:
        return self._xp.subtract(self, other)

    def __rsub__(self, other: Scalar) -> Array:
        return self._xp.subtract(other, self)

    def __mul__(self, other: Operand) -> Array:
        return self._xp.multiply(self, other)

    def __rmul__(self, other: Scalar) -> Array:
        return self._xp.multiply(other, self)

    def __truediv__(self, other: Operand) -> Array:
        return self._xp.divide(self, other)

    def __rtruediv__(self, other: Scalar) -> Array:
        return self._xp.divide(other, self)

    def __matmul__(self, other: Array) -> Array:
        return self._xp.matmul(self, other)

    def __neg__(self) -> Array:
        return self._xp.negative(self)

    def __abs__(self) -> Array:
        return self._xp.abs(self)

    def __lt__(self, other: Operand) -> Array:
        return self._xp.less(self, other)

    def __le__(self, other: Operand) -> Array:
        return self._xp.less_equal(self, other)

    def __gt__(self, other: Operand) -> Array:
        return self._xp.greater(self, other)

    def __ge__(self, other: Operand) -> Array:
        return self._xp.greater_equal(self, other)

    def __eq__(self, other: Operand) -> Array:  # type: ignore[override]
        return self._xp.equal(self, other)

    def __ne__(self, other: Operand) -> Array:  # type: ignore[override]
        return self._xp.not_equal(self, other)

    __hash__ = None  # type: ignore[assignment]
