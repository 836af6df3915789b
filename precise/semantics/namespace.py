"""The array namespace that every semantics is: array-API names over a few hooks.

Names and signatures are those of the array API standard, 2024.12, plus `einsum`, `square` and `fma`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from precise.engines.carrier import object_array
from precise.errors import DomainError, UnsupportedError
from precise.semantics.array import Array
from precise.semantics.elementwise import Elementwise
from precise.semantics.reductions import Reductions
from precise.semantics.shapes import Shapes, check_shape


class Namespace(Shapes, Elementwise, Reductions):
    """An array namespace; see the package `precise.semantics` for the list of semantics."""

    def asarray(self, x: object, /) -> Array:
        """Return nested lists, a NumPy array or an array of any namespace with the elements that this one stores."""
        if isinstance(x, Array):
            if x._xp is self or x._xp == self:
                return x
            return self.ingest(x.elements() if not x.is_boolean else x.data, constant=False)
        return self.ingest(as_ndarray(x), constant=False)

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        """Return an array of zeros."""
        return self.full(shape, 0)

    def ones(self, shape: int | tuple[int, ...]) -> Array:
        """Return an array of ones."""
        return self.full(shape, 1)

    def full(self, shape: int | tuple[int, ...], fill_value: int | float | Fraction, *, dtype: object = None) -> Array:
        """Return an array filled with one number, stored like a constant; `dtype` must be the namespace's own."""
        if dtype not in (None, self.element_type):
            raise UnsupportedError(f"full: dtype must be {self.element_type}; got {dtype}")
        one = self.ingest(as_ndarray(fill_value), constant=True)
        return self.broadcast_to(one, check_shape("full", shape))

    def arange(self, start: int, stop: int | None = None, step: int = 1) -> Array:
        """Return the integers `start, start + step, ...` below `stop`, each stored as the policy says."""
        first, last = (0, start) if stop is None else (start, stop)
        if any(not isinstance(n, int | np.integer) for n in (first, last, step)) or step == 0:
            raise DomainError(f"arange: start, stop and step must be integers, step not 0; got {first}, {last}, {step}")
        return self.ingest(as_ndarray(np.arange(first, last, step)), constant=False)

    def eye(self, n_rows: int, n_cols: int | None = None) -> Array:
        """Return the identity matrix."""
        check_shape("eye", (n_rows,) if n_cols is None else (n_rows, n_cols))
        return self.ingest(np.eye(n_rows, n_cols), constant=True)


def as_ndarray(x: object) -> NDArray[np.generic]:
    """Return numbers as an ndarray of bool, float64 or objects, without changing any of them."""
    if isinstance(x, np.ma.MaskedArray):
        raise DomainError("asarray: array must not be masked; got a masked array (fill it first)")
    array = np.asarray(x) if isinstance(x, np.ndarray | np.generic) else _nested(x)
    kind = array.dtype.kind
    if kind in "bO":
        return array
    if kind == "f" and array.dtype.itemsize > 8:
        raise UnsupportedError(f"asarray: NumPy type must be float64 or narrower; got {array.dtype}")
    if kind in "iu":
        narrow = array.size == 0 or int(np.max(np.abs(array.astype(object)))) <= 1 << 53
        return array.astype(np.float64) if narrow else array.astype(object)
    if kind in "fV":
        try:
            return array.astype(np.float64, copy=False)
        except (TypeError, ValueError):
            pass
    if kind == "U":
        return array.astype(object)
    raise DomainError(f"asarray: elements must be real numbers; got NumPy type {array.dtype}")


def _nested(x: object) -> NDArray[np.generic]:
    """Return nested sequences as an array: bool, float64, or objects where a float could not hold an element."""
    try:
        array = np.array(x, dtype=object)
    except ValueError:
        raise DomainError("asarray: nested sequences must be rectangular; got a ragged one") from None
    elements = [v.item() if isinstance(v, np.generic) else v for v in array.ravel().tolist()]
    array = object_array(elements, array.shape)
    kinds = {type(v) for v in elements}
    if kinds <= {bool} and kinds:
        return array.astype(np.bool_)
    if any(issubclass(k, list | tuple) for k in kinds):
        raise DomainError("asarray: nested sequences must be rectangular; got a ragged one")
    if strange := sorted(k.__name__ for k in kinds if issubclass(k, dict | set | Array | type(None))):
        hint = " (see stack and concat)" if "Array" in strange else ""
        raise DomainError(f"asarray: elements must be numbers; got {', '.join(strange)}{hint}")
    return array.astype(np.float64) if kinds == {float} else array
