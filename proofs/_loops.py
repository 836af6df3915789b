"""The definitions of products and layers as index formulas: explicit loops over indices counted from 1.

A matrix is a dictionary from (row, column) to an element with +, * and /. Nothing here uses `precise.nn`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np

Element: TypeAlias = Any
Matrix: TypeAlias = dict[tuple[int, int], Element]


def matrix(array: Any) -> Matrix:
    """Return the entries of a matrix of any namespace, indices from 1."""
    data = np.asarray(array.elements())
    return {(i + 1, j + 1): data[i, j] for i, j in np.ndindex(*data.shape)}


def rows(m: Matrix) -> range:
    """Return the row indices 1, ..., n."""
    return range(1, max(i for i, _ in m) + 1)


def columns(m: Matrix) -> range:
    """Return the column indices 1, ..., d."""
    return range(1, max(j for _, j in m) + 1)


def pair(i1: int, i2: int, n1: int) -> int:
    """Return the place of the pair (i1, i2): the first index runs fastest."""
    return i1 + (i2 - 1) * n1


def total(terms: Iterable[Element]) -> Element:
    """Return the sum of at least one term, from the first to the last."""
    first, *rest = terms
    for term in rest:
        first = first + term
    return first


def product(a: Matrix, b: Matrix) -> Matrix:
    """Return the matrix product."""
    return {(i, j): total(a[i, k] * b[k, j] for k in columns(a)) for i in rows(a) for j in columns(b)}


def transpose(a: Matrix) -> Matrix:
    """Return the transpose."""
    return {(j, i): x for (i, j), x in a.items()}


def kron_formula(k1: Matrix, k2: Matrix, place: Callable[[int, int, int], int] = pair) -> Matrix:
    """Return the Kronecker product of the definition."""
    n1, d1 = len(rows(k1)), len(columns(k1))
    return {(place(i1, i2, n1), place(j1, j2, d1)): x * y for (i1, j1), x in k1.items() for (i2, j2), y in k2.items()}


def khatri_rao_formula(k1: Matrix, k2: Matrix, place: Callable[[int, int, int], int] = pair) -> Matrix:
    """Return the column-wise product of the definition."""
    n1 = len(rows(k1))
    return {(place(i1, i2, n1), j): k1[i1, j] * k2[i2, j] for i1 in rows(k1) for i2 in rows(k2) for j in columns(k1)}


def face_split_formula(z1: Matrix, z2: Matrix, place: Callable[[int, int, int], int] = pair) -> Matrix:
    """Return the row-wise product of the definition."""
    d1 = len(columns(z1))
    return {(i, place(j1, j2, d1)): z1[i, j1] * z2[i, j2] for i in rows(z1) for j1 in columns(z1) for j2 in columns(z2)}


def attend(scores: Matrix, values: Matrix, exp: Callable[[Element], Element]) -> Matrix:
    """Return D^-1 A V with A = exp(scores)."""
    a = {place: exp(s) for place, s in scores.items()}
    d = {i: total(a[i, j] for j in columns(a)) for i in rows(a)}
    return {(i, c): total(a[i, j] * values[j, c] for j in columns(a)) / d[i] for i in rows(a) for c in columns(values)}


def scaled(scores: Matrix, d: int) -> Matrix:
    """Return the scores divided by d."""
    return {place: s / d for place, s in scores.items()}


def apply_matrix(m: Matrix, x: list[Element]) -> list[Element]:
    """Return the matrix times a column."""
    return [total(m[i, j] * x[j - 1] for j in columns(m)) for i in rows(m)]


def inner(x: list[Element], y: list[Element]) -> Element:
    """Return the inner product."""
    return total(a * b for a, b in zip(x, y, strict=True))


def row(m: Matrix, i: int) -> list[Element]:
    """Return row i."""
    return [m[i, j] for j in columns(m)]
