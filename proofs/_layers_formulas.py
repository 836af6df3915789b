"""The layers of the papers as index formulas with explicit loops; positions and indices from 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sympy

from proofs._loops import (
    Element,
    Matrix,
    apply_matrix,
    attend,
    columns,
    inner,
    khatri_rao_formula,
    pair,
    product,
    row,
    rows,
    scaled,
)

Angles: TypeAlias = Sequence[Any]


def rotation(t: int, theta: Angles) -> Matrix:
    """Return R_t: a block (cos -sin; sin cos) of t theta_l for every plane l, zeros elsewhere."""
    d = 2 * len(theta)
    r: Matrix = {(i, j): sympy.Integer(0) for i in range(1, d + 1) for j in range(1, d + 1)}
    for k, angle in enumerate(theta):
        first, second = 2 * k + 1, 2 * k + 2
        r[first, first] = r[second, second] = sympy.cos(t * angle)
        r[first, second] = -sympy.sin(t * angle)
        r[second, first] = sympy.sin(t * angle)
    return r


def softmax(z: Sequence[Element], shift: Element = 0) -> list[Element]:
    """Return exp(z_j - shift) over the sum of all."""
    terms = [sympy.exp(x - shift) for x in z]
    return [t / sum(terms[1:], terms[0]) for t in terms]


def tensor_attention(q: Matrix, k1: Matrix, k2: Matrix, v1: Matrix, v2: Matrix, *, c: Element) -> Matrix:
    """Return D^-1 A V with A = exp(Q K^T / c), K and V column-wise products."""
    keys, values = khatri_rao_formula(k1, k2), khatri_rao_formula(v1, v2)
    scores = {(i, j): inner(row(q, i), row(keys, j)) for i in rows(q) for j in rows(keys)}
    return attend(scaled(scores, c), values, sympy.exp)


def rope_scores(q: Matrix, k: Matrix, theta: Angles, sign: int = 1) -> Matrix:
    """Return q_i R_{j-i} k_j^T."""
    return {
        (i, j): inner(row(q, i), apply_matrix(rotation(sign * (j - i), theta), row(k, j)))
        for i in rows(q)
        for j in rows(k)
    }


def rope_attention(q: Matrix, k: Matrix, v: Matrix, *, theta: Angles, sign: int = 1) -> Matrix:
    """Return D^-1 A V with A = exp of the rotated scores."""
    return attend(rope_scores(q, k, theta, sign), v, sympy.exp)


def entrywise(a: Sequence[Element], b: Sequence[Element]) -> list[Element]:
    """Return the entrywise product of two rows."""
    return [x * y for x, y in zip(a, b, strict=True)]


def one_rotation(position: Callable[[int, int, int, int], int]) -> Callable[..., Element]:
    """Return the score q_i R_t (a_j o b_k)^T with t a function of i, j, k and n."""

    def score(i: int, j: int, k: int, n: int, q: Any, a: Any, b: Any, theta: Angles) -> Element:
        return inner(q, apply_matrix(rotation(position(i, j, k, n), theta), entrywise(a, b)))

    return score


def absolute(i: int, j: int, k: int, n: int, q: Any, a: Any, b: Any, theta: Angles) -> Element:
    """Return <R_i q_i, (R_j a_j) o (R_k b_k)>."""
    turned = (apply_matrix(rotation(t, theta), x) for t, x in ((i, q), (j, a), (k, b)))
    first, second, third = turned
    return inner(first, entrywise(second, third))


def relative(i: int, j: int, k: int, n: int, q: Any, a: Any, b: Any, theta: Angles) -> Element:
    """Return <q_i, (R_{j-i} a_j) o (R_{k-i} b_k)>."""
    return inner(q, entrywise(apply_matrix(rotation(j - i, theta), a), apply_matrix(rotation(k - i, theta), b)))


def complex_product(i: int, j: int, k: int, n: int, q: Any, a: Any, b: Any, theta: Angles) -> Element:
    """Return the real part of the sum of conj(R_2i q) (R_j a) (R_k b) over the planes."""
    x, y, z = (apply_matrix(rotation(t, theta), v) for t, v in ((2 * i, q), (j, a), (k, b)))
    total: Element = sympy.Integer(0)
    for m in range(0, len(x), 2):
        real, imaginary = y[m] * z[m] - y[m + 1] * z[m + 1], y[m] * z[m + 1] + y[m + 1] * z[m]
        total = total + x[m] * real + x[m + 1] * imaginary
    return total


SCORES: dict[str, Callable[..., Element]] = {
    "flat": one_rotation(lambda i, j, k, n: pair(j, k, n) - i),
    "pair-sum": one_rotation(lambda i, j, k, n: j + k - 2 * i),
    "first-key": one_rotation(lambda i, j, k, n: j - i),
    "factors-absolute": absolute,
    "factors-relative": relative,
    "complex": complex_product,
}


def triple_scores(variant: str, q: Matrix, k1: Matrix, k2: Matrix, *, theta: Angles) -> Matrix:
    """Return the scores of a variant, the triple (i, j, k) at row i and column j + (k - 1) n."""
    n = len(rows(q))
    return {
        (i, pair(j, k, n)): SCORES[variant](i, j, k, n, row(q, i), row(k1, j), row(k2, k), theta)
        for i in rows(q)
        for j in rows(q)
        for k in rows(q)
    }


def rope_tensor_attention(
    variant: str, q: Matrix, k1: Matrix, k2: Matrix, v1: Matrix, v2: Matrix, *, theta: Angles
) -> Matrix:
    """Return D^-1 A V with A = exp(scores / d) and V the column-wise product."""
    scores = scaled(triple_scores(variant, q, k1, k2, theta=theta), len(columns(q)))
    return attend(scores, khatri_rao_formula(v1, v2), sympy.exp)


def affine(x: Matrix, w: Matrix, b: Sequence[Element]) -> Matrix:
    """Return W x_i + b for every row x_i."""
    return {(i, e): inner(row(w, e), row(x, i)) + b[e - 1] for i in rows(x) for e in rows(w)}


def layer_norm(x: Matrix) -> Matrix:
    """Return (x_ij - mu_i) / sqrt(sigma_i^2)."""
    out: Matrix = {}
    d = len(columns(x))
    for i in rows(x):
        mu = sum(row(x, i), sympy.Integer(0)) / d
        variance = sum(((y - mu) ** 2 for y in row(x, i)), sympy.Integer(0)) / d
        out |= {(i, j): (x[i, j] - mu) / sympy.sqrt(variance) for j in columns(x)}
    return out


def projected(x: Matrix, *weights: Matrix) -> list[Matrix]:
    """Return X W for every W."""
    return [product(x, w) for w in weights]
