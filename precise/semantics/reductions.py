"""Reductions, matrix products and einsum, in terms of the last axis and of `a @ b`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from precise.errors import DomainError, ShapeError
from precise.semantics.array import Array, Operand
from precise.semantics.base import Base

Axes = int | tuple[int, ...] | None

_SUBSCRIPTS: Final = re.compile(r"[a-zA-Z]*(,[a-zA-Z]*)*(->[a-zA-Z]*)?")


class Reductions(Base):
    """Sums, products, extrema, matrix products; the order and format of accumulation are the namespace's policy."""

    def sum(self, x: Array, /, *, axis: Axes = None, keepdims: bool = False) -> Array:
        """Return sums over the axes, accumulated in C order of the reduced axes."""
        return self._reduce("sum", x, axis, keepdims)

    def prod(self, x: Array, /, *, axis: Axes = None, keepdims: bool = False) -> Array:
        """Return products over the axes."""
        return self._reduce("prod", x, axis, keepdims)

    def max(self, x: Array, /, *, axis: Axes = None, keepdims: bool = False) -> Array:
        """Return the largest element over the axes; adds no rounding."""
        return self._reduce("max", x, axis, keepdims)

    def min(self, x: Array, /, *, axis: Axes = None, keepdims: bool = False) -> Array:
        """Return the smallest element over the axes; adds no rounding."""
        return self._reduce("min", x, axis, keepdims)

    def cumulative_sum(self, x: Array, /, *, axis: int | None = None, include_initial: bool = False) -> Array:
        """Return the sums of the first 1, 2, ..., n elements along an axis, or of the first 0, 1, ..., n.

        Each is what `sum` of those elements returns, in every order of accumulation and rounding mode. In sequence, by
        Kahan or by Neumaier it is one running sum; in the other orders the work is that of n sums.

        Parameters
        ----------
        x : Array
            `[..., n, ...]`.
        axis : int, optional
            May be left out for one axis only.
        include_initial : bool
            Whether the empty sum, +0, comes first.

        Returns
        -------
        Array
            The shape of `x`, with n + 1 for n where the empty sum is included.
        """
        own = self.numbers(x, "cumulative_sum")
        if axis is None and own.ndim != 1:
            raise ShapeError(f"cumulative_sum: axis must be given unless there is one; got shape {list(own.shape)}")
        (place,) = self._axes("cumulative_sum", own, 0 if axis is None else (axis,))
        result = self.cumulate_last(self.wrap(np.moveaxis(own.data, place, -1), own))
        data = result.data
        if include_initial:
            first = self.reduce_last("sum", self.wrap(own.data.reshape(-1)[:0].reshape(*data.shape[:-1], 0), own))
            data = np.concatenate([first.data[..., None], data], axis=-1)
        return self.reshaped(np.moveaxis(data, -1, place), result)

    def mean(self, x: Array, /, *, axis: Axes = None, keepdims: bool = False) -> Array:
        """Return the sum divided by the count: the rounding of the sum, then one of the quotient."""
        total = self.sum(x, axis=axis, keepdims=keepdims)
        return self._apply("divide", total, math.prod(x.shape[a] for a in self._axes("mean", x, axis)))

    def _axes(self, op: str, x: Array, axis: Axes) -> tuple[int, ...]:
        """Return the axes as distinct nonnegative integers, ascending."""
        asked = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        if any(not isinstance(a, int) or isinstance(a, bool) for a in asked):
            raise ShapeError(f"{op}: axis must be an integer or a tuple of integers; got {axis!r}")
        found = tuple(sorted(a + x.ndim if a < 0 else a for a in asked))
        if len(set(found)) != len(found) or any(not 0 <= a < x.ndim for a in found):
            raise ShapeError(f"{op}: axes must be distinct axes of shape {list(x.shape)}; got {axis}")
        return found

    def _reduce(self, op: str, x: Operand, axis: Axes, keepdims: bool) -> Array:
        """Return a reduction over any axes, by moving them to the end."""
        own = self.numbers(x, op)
        axes = self._axes(op, own, axis)
        kept = [a for a in range(own.ndim) if a not in axes]
        moved = np.transpose(own.data, (*kept, *axes)).reshape(*(own.shape[a] for a in kept), -1) if own.size else None
        if moved is None:
            sizes = [own.shape[a] for a in kept]
            moved = np.empty((*sizes, math.prod(own.shape[a] for a in axes)), dtype=own.data.dtype)
        if moved.shape[-1] == 0 and op in ("max", "min"):
            raise DomainError(f"{op}: reduction must cover an element; got shape {list(own.shape)} over {list(axes)}")
        result = self.reduce_last(op, self.wrap(moved, own))
        if not keepdims:
            return result
        return self.reshaped(result.data.reshape([1 if a in axes else n for a, n in enumerate(own.shape)]), result)

    def matmul(self, x1: Array, x2: Array, /) -> Array:
        """Return the matrix product of `[..., n, k]` and `[..., k, m]`; one axis stands for a row or a column."""
        a, b = self.numbers(x1, "matmul"), self.numbers(x2, "matmul")
        if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
            raise ShapeError(
                f"matmul: shapes must be [..., n, k] and [..., k, m]; got {list(a.shape)}, {list(b.shape)}"
            )
        left = self.wrap(a.data[None, :], a) if a.ndim == 1 else a
        right = self.wrap(b.data[:, None], b) if b.ndim == 1 else b
        try:
            np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
        except ValueError:
            raise ShapeError(f"matmul: batch axes must broadcast; got {list(a.shape)}, {list(b.shape)}") from None
        result = self.multiply_matrices(left, right)
        dropped = (-2,) * (a.ndim == 1) + (-1,) * (b.ndim == 1)
        return self.reshaped(np.squeeze(result.data, axis=dropped), result) if dropped else result

    def vecdot(self, x1: Array, x2: Array, /, *, axis: int = -1) -> Array:
        """Return the dot products along an axis of both arrays, whose other axes broadcast, as `matmul` does."""
        a, b = self.numbers(x1, "vecdot"), self.numbers(x2, "vecdot")
        shapes = f"{list(a.shape)}, {list(b.shape)}"
        whole = isinstance(axis, int) and not isinstance(axis, bool)
        if not whole or not all(-min(a.ndim, b.ndim) <= axis < x.ndim for x in (a, b)):
            raise ShapeError(f"vecdot: axis must be an axis of both arrays; got {axis!r} for {shapes}")
        left, right = np.moveaxis(a.data, axis, -1), np.moveaxis(b.data, axis, -1)
        if left.shape[-1] != right.shape[-1]:
            raise ShapeError(f"vecdot: the axis must have one length in both arrays; got {axis} of {shapes}")
        product = self.matmul(self.wrap(left[..., None, :], a), self.wrap(right[..., None], b))
        return self.reshaped(product.data[..., 0, 0], product)

    def tensordot(self, x1: Array, x2: Array, /, *, axes: int | tuple[Sequence[int], Sequence[int]] = 2) -> Array:
        """Return the contraction of `axes` as one matrix product, the contracted axes in the order given.

        An integer N stands for the last N axes of `x1` and the first N of `x2`.
        """
        a, b = self.numbers(x1, "tensordot"), self.numbers(x2, "tensordot")
        pair = (range(a.ndim - axes, a.ndim), range(axes)) if isinstance(axes, int) else axes
        if len(pair) != 2:
            raise ShapeError(f"tensordot: axes must be a number or two sequences of axes; got {axes!r}")
        chosen = [[n + x.ndim if n < 0 else n for n in which] for x, which in zip((a, b), pair, strict=True)]
        for x, which in zip((a, b), chosen, strict=True):
            if len(set(which)) != len(which) or not all(0 <= n < x.ndim for n in which):
                raise ShapeError(f"tensordot: axes must be distinct axes of {list(x.shape)}; got {axes!r}")
        lengths = [[x.shape[n] for n in which] for x, which in zip((a, b), chosen, strict=True)]
        if lengths[0] != lengths[1]:
            raise ShapeError(f"tensordot: contracted axes must have equal lengths; got {lengths[0]}, {lengths[1]}")
        kept = [[n for n in range(x.ndim) if n not in which] for x, which in zip((a, b), chosen, strict=True)]
        outer = [[x.shape[n] for n in which] for x, which in zip((a, b), kept, strict=True)]
        count = math.prod(lengths[0])
        left = np.transpose(a.data, kept[0] + chosen[0]).reshape(math.prod(outer[0]), count)
        right = np.transpose(b.data, chosen[1] + kept[1]).reshape(count, math.prod(outer[1]))
        product = self.multiply_matrices(self.wrap(left, a), self.wrap(right, b))
        return self.reshaped(product.data.reshape(outer[0] + outer[1]), product)

    def einsum(self, subscripts: str, /, *operands: Array) -> Array:
        """Return an Einstein sum.

        Two operands are a (batched) matrix product. One, or three and more, are products taken from left to
        right, then one sum over the letters that the result lacks, in the order of their first appearance.
        """
        text = str(subscripts).replace(" ", "")
        if not _SUBSCRIPTS.fullmatch(text):
            raise ShapeError(f"einsum: subscripts must look like ij,jk->ik; got {subscripts!r}")
        inputs = text.split("->")[0].split(",")
        arrays = [self.numbers(x, "einsum") for x in operands]
        if len(inputs) != len(arrays) or any(len(t) != a.ndim for t, a in zip(inputs, arrays, strict=False)):
            shapes = ", ".join(str(list(a.shape)) for a in arrays)
            raise ShapeError(f"einsum: subscripts {subscripts!r} must name every axis; got shapes {shapes}")
        letters = "".join(inputs)
        output = text.split("->")[1] if "->" in text else "".join(sorted(c for c in letters if letters.count(c) == 1))
        if len(set(output)) != len(output) or not set(output) <= set(letters):
            raise ShapeError(f"einsum: the result must name letters of the operands once each; got {subscripts!r}")
        sizes: dict[str, int] = {}
        for term, array in zip(inputs, arrays, strict=True):
            for letter, n in zip(term, array.shape, strict=True):
                if sizes.setdefault(letter, n) != n:
                    raise ShapeError(f"einsum: letter {letter} must have one length; got {sizes[letter]} and {n}")
        diagonals = [self._diagonal(a, t) for a, t in zip(arrays, inputs, strict=True)]
        inputs = ["".join(dict.fromkeys(t)) for t in inputs]
        if len(arrays) == 2:
            return self._contract(diagonals, inputs, output, sizes)
        return self._multiply_and_sum(diagonals, inputs, output)

    def _diagonal(self, x: Array, term: str) -> Array:
        """Return the diagonal over repeated letters of one operand, without arithmetic."""
        data, letters = x.data, list(term)
        for letter in dict.fromkeys(term):
            while letters.count(letter) > 1:
                first = letters.index(letter)
                second = letters.index(letter, first + 1)
                data = np.moveaxis(np.diagonal(data, axis1=first, axis2=second), -1, first)
                del letters[second]
        return x if data is x.data else self.wrap(data, x)

    def _contract(self, arrays: list[Array], inputs: list[str], output: str, sizes: dict[str, int]) -> Array:
        """Return a sum over two operands as a batched matrix product."""
        a, b = inputs
        both = [c for c in a if c in b]
        batch, shared = [c for c in both if c in output], [c for c in both if c not in output]
        alone = [[c for c in t if c not in both and c in output] for t in inputs]
        if any(c not in both and c not in output for c in a + b):
            return self._multiply_and_sum(arrays, inputs, output)

        def arranged(x: Array, term: str, *groups: list[str]) -> Array:
            """Return the operand with its axes ordered by the groups, those after the batch merged."""
            axes = [term.index(c) for group in groups for c in group]
            shape = [sizes[c] for c in groups[0]] + [math.prod(sizes[c] for c in group) for group in groups[1:]]
            return self.wrap(np.transpose(x.data, axes).reshape(shape), x)

        left = arranged(arrays[0], a, batch, alone[0], shared)
        right = arranged(arrays[1], b, batch, shared, alone[1])
        product = self.multiply_matrices(left, right)
        order = batch + alone[0] + alone[1]
        data = product.data.reshape([sizes[c] for c in order])
        return self.reshaped(np.transpose(data, [order.index(c) for c in output]), product)

    def _multiply_and_sum(self, arrays: list[Array], inputs: list[str], output: str) -> Array:
        """Return products from left to right over all letters, then one sum."""
        summed = [c for c in dict.fromkeys("".join(inputs)) if c not in output]
        letters = list(output) + summed

        def spread(x: Array, term: str) -> Array:
            """Return the operand with one axis a letter, of length 1 where it lacks the letter."""
            data = np.transpose(x.data, [term.index(c) for c in letters if c in term])
            return self.wrap(np.expand_dims(data, [i for i, c in enumerate(letters) if c not in term]), x)

        result = spread(arrays[0], inputs[0])
        for x, term in zip(arrays[1:], inputs[1:], strict=True):
            result = self._apply("multiply", result, spread(x, term))
        axes = tuple(range(len(output), len(letters)))
        return self._reduce("sum", result, axes, False) if axes else result
