"""Shapes, axes and selection: functions that move elements and compute nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from precise.errors import NamespaceError, ShapeError
from precise.semantics.array import Array, Operand
from precise.semantics.base import Base

Axes = int | tuple[int, ...] | None


class Shapes(Base):
    """The functions of a namespace that rearrange, join and select."""

    def getitem(self, x: Array, key: object) -> Array:
        """Return `x[key]` for integers, slices, None, Ellipsis and integer or boolean index arrays."""
        parts = key if isinstance(key, tuple) else (key,)
        plain = tuple(p.data if isinstance(p, Array) else p for p in parts)
        try:
            return self.wrap(np.asarray(x.data[plain]) if x.ndim else np.asarray(x.data)[plain], x)
        except IndexError as error:
            raise ShapeError(f"index: index must fit shape {list(x.shape)}; {error}") from None

    def reshape(self, x: Array, shape: tuple[int, ...]) -> Array:
        """Return the same elements in C order under another shape."""
        try:
            return self.wrap(np.reshape(x.data, shape), x)
        except ValueError:
            raise ShapeError(f"reshape: sizes must agree; got {list(x.shape)} to {list(shape)}") from None

    def permute_dims(self, x: Array, axes: tuple[int, ...]) -> Array:
        """Return the array with its axes permuted."""
        if sorted(a % x.ndim if x.ndim else a for a in axes) != list(range(x.ndim)):
            raise ShapeError(f"permute_dims: axes must permute {list(range(x.ndim))}; got {list(axes)}")
        return self.wrap(np.transpose(x.data, axes), x)

    def matrix_transpose(self, x: Array) -> Array:
        """Return the array with its last two axes exchanged."""
        if x.ndim < 2:
            raise ShapeError(f"matrix_transpose: array must have 2 axes or more; got shape {list(x.shape)}")
        return self.wrap(np.swapaxes(x.data, -1, -2), x)

    def expand_dims(self, x: Array, /, *, axis: int = 0) -> Array:
        """Return the array with a new axis of length 1."""
        return self.wrap(np.expand_dims(x.data, axis), x)

    def squeeze(self, x: Array, /, axis: int | tuple[int, ...]) -> Array:
        """Return the array without the given axes of length 1."""
        try:
            return self.wrap(np.squeeze(x.data, axis), x)
        except ValueError:
            raise ShapeError(f"squeeze: axis {axis} must have length 1; got shape {list(x.shape)}") from None

    def broadcast_to(self, x: Array, shape: tuple[int, ...]) -> Array:
        """Return the array repeated to a larger shape."""
        try:
            return self.wrap(np.broadcast_to(x.data, shape), x)
        except ValueError:
            raise ShapeError(f"broadcast_to: shape must extend {list(x.shape)}; got {list(shape)}") from None

    def concat(self, arrays: Sequence[Array], /, *, axis: int = 0) -> Array:
        """Return the arrays joined along an axis."""
        return self._join("concat", arrays, lambda parts: np.concatenate(parts, axis=axis))

    def stack(self, arrays: Sequence[Array], /, *, axis: int = 0) -> Array:
        """Return the arrays joined along a new axis."""
        return self._join("stack", arrays, lambda parts: np.stack(parts, axis=axis))

    def _join(
        self,
        op: str,
        arrays: Sequence[Array],
        join: Callable[[list[NDArray[np.generic]]], NDArray[np.generic]],
    ) -> Array:
        """Return the join of arrays, carried by objects if any of them is."""
        own = [self.own(a, op) for a in arrays]
        parts = [a.data for a in own]
        if len({p.dtype for p in parts}) > 1:
            parts = [a.elements() for a in own]
        try:
            return self.wrap(join(parts), *own)
        except ValueError:
            raise ShapeError(f"{op}: shapes must agree beside the axis; got {[list(a.shape) for a in own]}") from None

    def flip(self, x: Array, /, *, axis: Axes = None) -> Array:
        """Return the array with the order along the axes reversed."""
        return self.wrap(np.flip(x.data, axis), x)

    def take(self, x: Array, indices: object, /, *, axis: int = 0) -> Array:
        """Return the elements at integer indices along an axis."""
        index = np.asarray(indices.data if isinstance(indices, Array) else indices)
        try:
            return self.wrap(np.take(x.data, index.astype(np.int64), axis=axis), x)
        except IndexError as error:
            raise ShapeError(f"take: indices must lie within axis {axis} of {list(x.shape)}; {error}") from None

    def where(self, condition: Array | NDArray[np.bool_], x1: Operand, x2: Operand, /) -> Array:
        """Return the elements of `x1` where the condition holds, else of `x2`. Adds no rounding."""
        a, b = self.own(x1, "where"), self.own(x2, "where")
        mask = condition.data if isinstance(condition, Array) else np.asarray(condition)
        if mask.dtype != np.bool_:
            raise NamespaceError("where: condition must be a boolean array; got numbers")
        left, right = (a.data, b.data) if a.data.dtype == b.data.dtype else (a.elements(), b.elements())
        sources = [a, b] + ([condition] if isinstance(condition, Array) else [])
        try:
            return self.wrap(np.asarray(np.where(mask, left, right)), *sources)
        except ValueError:
            shapes = f"{list(mask.shape)}, {list(a.shape)} and {list(b.shape)}"
            raise ShapeError(f"where: shapes must broadcast; got {shapes}") from None
