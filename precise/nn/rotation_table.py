"""Cosines and sines of a range of integer positions, so that each is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from precise.errors import DomainError
from precise.nn.namespace import A, ensure, namespace_of


@dataclass(frozen=True, slots=True)
class RotationTable(Generic[A]):
    """Cosines and sines of the positions first, first + 1, ..., one row a position.

    Parameters
    ----------
    first : the position of row 0
    cos, sin : [m, d/2]

    Constraints
    -----------
    C1. `cos` and `sin` are matrices of one shape; otherwise `ShapeError`.
    """

    first: int
    cos: A
    sin: A

    def __post_init__(self) -> None:
        one_shape = len(self.cos.shape) == 2 and self.cos.shape == self.sin.shape
        ensure(one_shape, "RotationTable", "cos and sin must have one shape [m, d/2]", self.cos, self.sin)

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + self.cos.shape[0] - 1

    def at(self, start: int, count: int) -> tuple[A, A]:
        """Return the rows of the positions start, ..., start + count - 1, two arrays [count, d/2]."""
        if start < self.first or start + count - 1 > self.last:
            raise DomainError(
                f"RotationTable.at: positions must lie in {self.first}..{self.last}; got {start}..{start + count - 1}"
            )
        rows = slice(start - self.first, start - self.first + count)
        return self.cos[rows, :], self.sin[rows, :]

    def runs(self, starts: Sequence[Sequence[int]], count: int) -> tuple[A, A]:
        """Return, for each i, the rows of the runs of `count` positions that begin at starts[i], joined.

        Two arrays [len(starts), len(starts[i]) * count, d/2].
        """
        xp = namespace_of(self.cos, self.sin)
        pairs = [[self.at(start, count) for start in row] for row in starts]
        cos = xp.stack([xp.concat([c for c, _ in row], axis=0) for row in pairs], axis=0)
        sin = xp.stack([xp.concat([s for _, s in row], axis=0) for row in pairs], axis=0)
        return cos, sin


def rotation_table(theta: A, /, first: int, last: int) -> RotationTable[A]:
    r"""Return the table of the positions first, ..., last for the angles theta.

    .. math:: \cos(t\,\theta_l), \quad \sin(t\,\theta_l), \qquad t = \text{first}, \dots, \text{last}

    Parameters
    ----------
    theta : [d/2]
    first, last : integers; a position is a constant, which the namespace rounds as its policy says

    Returns
    -------
    RotationTable with arrays [last - first + 1, d/2]

    Rounding
    --------
    Two an entry, of the angle and of its cosine or sine; and that of the position, if it is not a number of
    the format.

    Constraints
    -----------
    C1. first <= last; otherwise `DomainError`.
    C2. `theta` is a vector; otherwise `ShapeError`.

    References
    ----------
    `def:rotation` and step 1 of `lem:rope-matrix` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> rotation_table(np.asarray([0.0]), -1, 1).cos
    array([[1.],
           [1.],
           [1.]])
    """
    if first > last:
        raise DomainError(f"rotation_table: first must not exceed last; got {first} and {last}")
    xp = namespace_of(theta)
    ensure(len(theta.shape) == 1, "rotation_table", "theta must be a vector [d/2]", theta)
    angles = xp.stack([xp.multiply(theta, t) for t in range(first, last + 1)], axis=0)
    return table_of_angles(angles, first)


def table_of_angles(angles: A, /, first: int) -> RotationTable[A]:
    """Return the table for angles that are tabulated themselves, row r for position first + r.

    Parameters
    ----------
    angles : [m, d/2]
    first : the position of row 0

    Returns
    -------
    RotationTable with arrays [m, d/2]

    Rounding
    --------
    One an entry, of the cosine or sine.

    Constraints
    -----------
    C1. `angles` is a matrix; otherwise `ShapeError`.

    References
    ----------
    `lem:rope-matrix` of arXiv:2412.18040, step 1 with tabulated angles.

    Examples
    --------
    >>> import numpy as np
    >>> table_of_angles(np.zeros((2, 1)), 5).last
    6
    """
    xp = namespace_of(angles)
    return RotationTable(first, xp.cos(angles), xp.sin(angles))


def table_for(op: str, theta: A | None, table: RotationTable[A] | None, first: int, last: int) -> RotationTable[A]:
    """Return `table`, or the table of first..last for `theta`; exactly one of the two must be given."""
    if table is not None and theta is None:
        return table
    if theta is not None and table is None:
        return rotation_table(theta, first, last)
    got = "both" if table is not None else "neither"
    raise DomainError(f"{op}: exactly one of theta and table must be given; got {got}")
