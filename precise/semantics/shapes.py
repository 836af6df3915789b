"""Shapes, axes and selection: functions that move elements and compute nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from precise.errors import DomainError, NamespaceError, ShapeError
from precise.semantics.array import Array, Operand
from precise.semantics.base import Base

Axes = int | tuple[int, ...] | None


def check_shape(op: str, shape: object, *, least: int = 0) -> tuple[int, ...]:
    """Return a shape, given as an integer or a tuple of integers, each at least `least`."""
    lengths = shape if isinstance(shape, tuple | list) else (shape,)
    if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= least for n in lengths):
        raise ShapeError(f"{op}: shape must consist of integers of at least {least}; got {shape!r}")
    return tuple(int(n) for n in lengths)


class Shapes(Base):
    """The functions of a namespace that rearrange, join and select."""

    def getitem(self, x: Array, key: object) -> Array:
        """Return `x[key]` for integers, slices, None, Ellipsis and integer or boolean index arrays."""
        parts = key if isinstance(key, tuple) else (key,)
        plain = tuple(p.data if isinstance(p, Array) else p for p in parts)
        return self._moved("index", f"index must fit shape {list(x.shape)}", x, lambda data: data[plain])

    def reshape(self, x: Array, shape: tuple[int, ...]) -> Array:
        """Return the same elements in C order under another shape."""
        lengths = check_shape("reshape", shape, least=-1)
        must = f"sizes must agree; got {list(x.shape)} to {list(lengths)}"
        return self._moved("reshape", must, x, lambda data: np.reshape(data, lengths))

    def permute_dims(self, x: Array, axes: tuple[int, ...]) -> Array:
        """Return the array with its axes permuted."""
        must = f"axes must permute {list(range(x.ndim))}; got {axes}"
        return self._moved("permute_dims", must, x, lambda data: np.transpose(data, axes))

    def matrix_transpose(self, x: Array) -> Array:
        """Return the array with its last two axes exchanged."""
        if x.ndim < 2:
            raise ShapeError(f"matrix_transpose: array must have 2 axes or more; got shape {list(x.shape)}")
        return self.wrap(np.swapaxes(x.data, -1, -2), x)

    def expand_dims(self, x: Array, /, *, axis: int = 0) -> Array:
        """Return the array with a new axis of length 1."""
        must = f"axis must lie within {-x.ndim - 1}..{x.ndim}; got {axis}"
        return self._moved("expand_dims", must, x, lambda data: np.expand_dims(data, axis))

    def squeeze(self, x: Array, /, axis: int | tuple[int, ...]) -> Array:
        """Return the array without the given axes of length 1."""
        must = f"axis {axis} must have length 1; got shape {list(x.shape)}"
        return self._moved("squeeze", must, x, lambda data: np.squeeze(data, axis))

    def broadcast_to(self, x: Array, shape: tuple[int, ...]) -> Array:
        """Return the array repeated to a larger shape."""
        lengths = check_shape("broadcast_to", shape)
        must = f"shape must extend {list(x.shape)}; got {list(lengths)}"
        return self._moved("broadcast_to", must, x, lambda data: np.broadcast_to(data, lengths))

    def concat(self, arrays: Sequence[Array], /, *, axis: int = 0) -> Array:
        """Return the arrays joined along an axis."""
        return self._join("concat", arrays, lambda parts: np.concatenate(parts, axis=axis))

    def stack(self, arrays: Sequence[Array], /, *, axis: int = 0) -> Array:
        """Return the arrays joined along a new axis."""
        return self._join("stack", arrays, lambda parts: np.stack(parts, axis=axis))

    def _moved(self, op: str, must: str, x: Array, move: Callable[[NDArray[np.generic]], NDArray[np.generic]]) -> Array:
        """Return the array with its elements rearranged, or raise `ShapeError`."""
        own = self.own(x, op)
        try:
            return self.wrap(np.asarray(move(own.data)), own)
        except (ValueError, IndexError, TypeError):
            raise ShapeError(f"{op}: {must}") from None

    def _join(
        self,
        op: str,
        arrays: Sequence[Array],
        join: Callable[[list[NDArray[np.generic]]], NDArray[np.generic]],
    ) -> Array:
        """Return the join of arrays, carried by objects if any of them is."""
        own = [self.own(a, op) for a in arrays]
        if len({a.is_boolean for a in own}) > 1:
            raise NamespaceError(f"{op}: arrays must all hold numbers or all hold truth values; got both")
        parts = [a.data for a in own]
        if len({p.dtype for p in parts}) > 1:
            parts = [a.elements() for a in own]
        try:
            return self.wrap(join(parts), *own)
        except (ValueError, TypeError):
            shapes = [list(a.shape) for a in own]
            raise ShapeError(f"{op}: axis must exist and shapes must agree beside it; got {shapes}") from None

    def flip(self, x: Array, /, *, axis: Axes = None) -> Array:
        """Return the array with the order along the axes reversed."""
        must = f"axes must be distinct axes of shape {list(x.shape)}; got {axis}"
        return self._moved("flip", must, x, lambda data: np.flip(data, axis))

    def take(self, x: Array, indices: object, /, *, axis: int = 0) -> Array:
        """Return the elements at integer indices along an axis."""
        index = np.asarray(indices)
        if index.size and index.dtype.kind not in "iu":
            raise DomainError(f"take: indices must be integers; got NumPy type {index.dtype}")
        must = f"indices must lie within axis {axis} of {list(x.shape)}"
        return self._moved("take", must, x, lambda data: np.take(data, index.astype(np.int64), axis=axis))

    def where(self, condition: Array | NDArray[np.bool_], x1: Operand, x2: Operand, /) -> Array:
        """Return the elements of `x1` where the condition holds, else of `x2`. Adds no rounding."""
        a, b = self.own(x1, "where"), self.own(x2, "where")
        mask = condition.data if isinstance(condition, Array) else np.asarray(condition)
        if mask.dtype != np.bool_:
            raise NamespaceError("where: condition must be a boolean array; got numbers")
        if a.is_boolean != b.is_boolean:
            raise NamespaceError("where: x1 and x2 must both hold numbers or both hold truth values; got one of each")
        left, right = (a.data, b.data) if a.data.dtype == b.data.dtype else (a.elements(), b.elements())
        sources = [a, b] + ([condition] if isinstance(condition, Array) else [])
        try:
            return self.wrap(np.asarray(np.where(mask, left, right)), *sources)
        except ValueError:
            shapes = f"{list(mask.shape)}, {list(a.shape)} and {list(b.shape)}"
            raise ShapeError(f"where: shapes must broadcast; got {shapes}") from None
