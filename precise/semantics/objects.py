"""Namespaces whose elements are Python objects with their own arithmetic: the loops that they share."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Special
from precise.engines.carrier import object_array
from precise.errors import DomainError, UnsupportedError
from precise.rounding import exact_value
from precise.semantics.array import Array
from precise.semantics.namespace import Namespace

Table: TypeAlias = Mapping[str, Callable[..., Any]]  # elements are of the namespace's own kind
COMPARISONS = frozenset({"equal", "not_equal", "less", "less_equal"})


class ObjectNamespace(Namespace):
    """A namespace over a table of operations on single elements."""

    @property
    def table(self) -> Table:
        """The elementwise operations by name; a missing one is refused."""
        raise NotImplementedError

    def element(self, x: object) -> object:
        """Return an exact number as an element."""
        raise NotImplementedError

    def scope(self) -> AbstractContextManager[None]:
        """Return the context in which elements are computed."""
        return nullcontext()

    def ingest(self, x: NDArray[np.generic], *, constant: bool) -> Array:
        """Return numbers as elements, exactly."""
        if x.dtype == np.bool_:
            return Array(x, self)
        with self.scope():
            return Array(object_array((self.element(v) for v in x.ravel().tolist()), x.shape), self)

    def _function(self, op: str) -> Callable[..., Any]:
        """Return an operation of the table, or raise `UnsupportedError`."""
        if op not in self.table:
            raise UnsupportedError(f"{op}: operation must be one that {self.name} can express; it has no value there")
        return self.table[op]

    def elementwise(self, op: str, *operands: Array) -> Array:
        """Return an operation of the table on broadcast operands."""
        function = self._function(op)
        with self.scope():
            found = np.frompyfunc(function, len(operands), 1)(*(x.data for x in operands))
        out = np.asarray(found, dtype=np.bool_ if op in COMPARISONS else object)
        return Array(out.reshape(np.broadcast_shapes(*(x.shape for x in operands))), self)

    def reduce_last(self, op: str, x: Array) -> Array:
        """Return a reduction over the last axis, from the first element to the last."""
        function = self._function({"sum": "add", "prod": "multiply", "max": "maximum", "min": "minimum"}[op])
        rows = x.data.reshape(math.prod(x.shape[:-1]), x.shape[-1]).tolist()
        with self.scope():
            empty = self.element({"sum": 0, "prod": 1}.get(op, 0))
            found = (functools.reduce(function, row) if row else empty for row in rows)
            return Array(object_array(found, x.shape[:-1]), self)

    def cumulate_last(self, x: Array) -> Array:
        """Return running sums, from the first element to the last."""
        rows, add = x.data.reshape(math.prod(x.shape[:-1]), x.shape[-1]).tolist(), self._function("add")
        with self.scope():
            found = (v for row in rows for v in itertools.accumulate(row, add))
            return Array(object_array(found, x.shape), self)

    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return matrix products as sums of products."""
        products = self.elementwise("multiply", self._aligned(a, -1), self._aligned(b, -3))
        return self.reduce_last("sum", self.wrap(np.swapaxes(products.data, -1, -2), products))

    def _aligned(self, x: Array, axis: int) -> Array:
        """Return the operand of a matrix product with the axis of the other operand added."""
        return self.wrap(np.expand_dims(x.data, axis), x)


def finite(x: object, name: str) -> Any:
    """Return the Dyadic or Fraction that `x` is exactly; special data are refused."""
    value = exact_value(x)  # type: ignore[arg-type]
    if value is Special.NEG_ZERO:
        return exact_value(0)
    if isinstance(value, Special):
        raise DomainError(f"asarray: elements of {name} must be finite numbers; got {value}")
    return value
