"""The d/2 planes of a row of width d: where the two coordinates of each plane stand."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.namespace import A, ensure, namespace_of

Layout: TypeAlias = Literal["interleaved", "half"]
LAYOUTS: tuple[Layout, ...] = ("interleaved", "half")


def split_planes(x: A, /, *, layout: Layout = "interleaved") -> tuple[A, A]:
    """Return the first and the second coordinates of the planes of each row.

    Parameters
    ----------
    x : [..., d], d even
    layout : "interleaved": plane l has the entries 2l - 1 and 2l; "half": the entries l and l + d/2 (from 1)

    Returns
    -------
    two arrays [..., d/2]

    Rounding
    --------
    None.

    Constraints
    -----------
    C1. d is even; otherwise `ShapeError`.
    C2. `layout` is one of the two names; otherwise `DomainError`.

    Examples
    --------
    >>> import numpy as np
    >>> split_planes(np.asarray([1, 2, 3, 4]))
    (array([1, 3]), array([2, 4]))
    >>> split_planes(np.asarray([1, 2, 3, 4]), layout="half")
    (array([1, 2]), array([3, 4]))
    """
    xp = namespace_of(x)
    check_layout("split_planes", layout)
    ensure(len(x.shape) >= 1 and x.shape[-1] % 2 == 0, "split_planes", "x must have rows of even width d", x)
    planes = x.shape[-1] // 2
    if layout == "half":
        return x[..., :planes], x[..., planes:]
    pairs = xp.reshape(x, (*x.shape[:-1], planes, 2))
    return pairs[..., 0], pairs[..., 1]


def join_planes(first: A, second: A, /, *, layout: Layout = "interleaved") -> A:
    """Return the rows whose planes have the given coordinates; the inverse of `split_planes`.

    Parameters
    ----------
    first, second : [..., d/2]
    layout : "interleaved" or "half", as in `split_planes`

    Returns
    -------
    [..., d]

    Rounding
    --------
    None.

    Constraints
    -----------
    C1. Both arrays have one shape; otherwise `ShapeError`.
    C2. `layout` is one of the two names; otherwise `DomainError`.

    Examples
    --------
    >>> import numpy as np
    >>> join_planes(np.asarray([1, 3]), np.asarray([2, 4]))
    array([1, 2, 3, 4])
    """
    xp = namespace_of(first, second)
    check_layout("join_planes", layout)
    one_shape = len(first.shape) >= 1 and first.shape == second.shape
    ensure(one_shape, "join_planes", "first and second must have one shape [..., d/2]", first, second)
    if layout == "half":
        return xp.concat([first, second], axis=-1)
    pairs = xp.stack([first, second], axis=-1)
    return xp.reshape(pairs, (*first.shape[:-1], 2 * first.shape[-1]))


def check_layout(op: str, layout: str) -> None:
    """Raise `DomainError` unless `layout` names a layout."""
    if layout not in LAYOUTS:
        raise DomainError(f"{op}: layout must be one of {', '.join(LAYOUTS)}; got {layout!r}")
