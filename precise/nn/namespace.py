"""The namespace of the arguments: the only way in which a body reaches arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from types import EllipsisType
from typing import Any, Protocol, Self, TypeAlias, TypeVar

from precise.errors import NamespaceError, ShapeError

Scalar: TypeAlias = int | float | Fraction
"""A constant of a body; the namespace rounds it as its policy says."""

Index: TypeAlias = int | slice | EllipsisType | None
"""One entry of a basic index."""

Shape: TypeAlias = tuple[int, ...]


class Array(Protocol):
    """What a body needs to know of an array besides its namespace."""

    @property
    def shape(self) -> Shape: ...
    @property
    def dtype(self) -> Any: ...
    def __getitem__(self, key: Any, /) -> Self: ...


A = TypeVar("A", bound=Array)


class Namespace(Protocol[A]):
    """The array-API functions that the bodies call."""

    def asarray(self, obj: Any, /) -> A: ...
    def full(self, shape: Shape, fill_value: Scalar, *, dtype: Any = None) -> A: ...
    def reshape(self, x: A, /, shape: Shape) -> A: ...
    def expand_dims(self, x: A, /, *, axis: int) -> A: ...
    def matrix_transpose(self, x: A, /) -> A: ...
    def concat(self, arrays: Sequence[A], /, *, axis: int = 0) -> A: ...
    def stack(self, arrays: Sequence[A], /, *, axis: int = 0) -> A: ...
    def take(self, x: A, indices: Any, /, *, axis: int) -> A: ...
    def where(self, condition: A, x1: A, x2: A | int, /) -> A: ...
    def negative(self, x: A, /) -> A: ...
    def add(self, x1: A, x2: A | int, /) -> A: ...
    def subtract(self, x1: A, x2: A | int, /) -> A: ...
    def multiply(self, x1: A, x2: A | int, /) -> A: ...
    def divide(self, x1: A, x2: A | int, /) -> A: ...
    def sqrt(self, x: A, /) -> A: ...
    def exp(self, x: A, /) -> A: ...
    def cos(self, x: A, /) -> A: ...
    def sin(self, x: A, /) -> A: ...
    def tanh(self, x: A, /) -> A: ...
    def sum(self, x: A, /, *, axis: int, keepdims: bool = False) -> A: ...
    def max(self, x: A, /, *, axis: int, keepdims: bool = False) -> A: ...
    def min(self, x: A, /, *, axis: int, keepdims: bool = False) -> A: ...
    def matmul(self, x1: A, x2: A, /) -> A: ...


def namespace_of(*arrays: A | None) -> Namespace[A]:
    """Return the one namespace that all the arrays belong to.

    Parameters
    ----------
    *arrays : arrays, or None for an optional argument that was left out

    Returns
    -------
    Namespace
        what `x.__array_namespace__()` gives; for an array without that method, what array-api-compat gives
        if it is installed (torch tensors, for example)

    Constraints
    -----------
    C1. There is at least one array, and each has a namespace; otherwise `NamespaceError`.
    C2. All namespaces are equal; otherwise `NamespaceError`.

    Examples
    --------
    >>> import numpy as np
    >>> namespace_of(np.zeros(3), None, np.ones((2, 2))) is np
    True
    """
    found = [_namespace(x) for x in arrays if x is not None]
    if not found:
        raise NamespaceError("namespace_of: at least one argument must be an array; got none")
    for other in found[1:]:
        if other is not found[0] and other != found[0]:
            raise NamespaceError(
                f"namespace_of: all arrays must have one namespace; got {_name(found[0])} and {_name(other)}"
            )
    first: Namespace[A] = found[0]
    return first


def _namespace(x: Array) -> Any:
    """Return the namespace of one array."""
    method = getattr(x, "__array_namespace__", None)
    if method is not None:
        return method()
    try:
        from array_api_compat import array_namespace
    except ImportError:
        raise NamespaceError(f"namespace_of: an argument must be an array; got {type(x).__name__}") from None
    try:
        return array_namespace(x)
    except TypeError:
        raise NamespaceError(f"namespace_of: an argument must be an array; got {type(x).__name__}") from None


def _name(namespace: object) -> str:
    """Return how a message names a namespace: the name of a module, or the namespace's own."""
    return str(getattr(namespace, "__name__", getattr(namespace, "name", namespace)))


def constant(xp: Namespace[A], value: Scalar, like: A) -> A:
    """Return `value` as a 0-dimensional array of the data type of `like`.

    Integers are passed to the functions of a namespace as they are; this is for the other constants.

    Parameters
    ----------
    xp : the namespace of `like`
    value : integer, float or fraction; the namespace rounds it as its policy for constants says
    like : array

    Returns
    -------
    array of shape []

    Examples
    --------
    >>> import numpy as np
    >>> constant(np, 3, np.zeros(2, dtype=np.float32)).dtype
    dtype('float32')
    """
    return xp.full((), value, dtype=like.dtype)


def ensure(holds: bool, op: str, must: str, *arrays: Array) -> None:
    """Raise `ShapeError` with the line "op: must; got shapes" unless `holds`.

    Parameters
    ----------
    holds : a condition on shapes
    op : name of the function that checks
    must : what must hold, with the names of the arguments
    *arrays : the arrays whose shapes the message shows

    Examples
    --------
    >>> import numpy as np
    >>> ensure(False, "kron", "k1 must be a matrix", np.zeros(3))
    Traceback (most recent call last):
    precise.errors.ShapeError: kron: k1 must be a matrix; got [3]
    """
    if not holds:
        raise ShapeError(f"{op}: {must}; got {' and '.join(str(list(x.shape)) for x in arrays)}")


def broadcastable(shape1: Shape, shape2: Shape) -> bool:
    """Return whether two shapes broadcast against each other.

    Examples
    --------
    >>> broadcastable((4, 1, 3), (2, 3)), broadcastable((4, 3), (2, 3))
    (True, False)
    """
    pairs = zip(reversed(shape1), reversed(shape2), strict=False)
    return all(m == n or 1 in (m, n) for m, n in pairs)
