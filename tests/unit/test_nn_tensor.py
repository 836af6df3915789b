"""The three products against their index formulas, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from precise.errors import ShapeError
from precise.nn import face_splitting, khatri_rao, kron

RNG = np.random.default_rng(20241218)
SIZES = [(1, 1, 1, 1), (2, 3, 4, 5), (3, 2, 1, 4), (4, 4, 2, 2)]


def fractions(*shape: int) -> np.ndarray:
    """Return random fractions as an object array, so that arithmetic is exact."""
    numerators, denominators = RNG.integers(-9, 10, shape), RNG.integers(1, 9, shape)
    return np.frompyfunc(lambda a, b: Fraction(int(a), int(b)), 2, 1)(numerators, denominators)


@pytest.mark.parametrize(("n1", "n2", "d1", "d2"), SIZES)
def test_kron_is_the_formula(n1: int, n2: int, d1: int, d2: int) -> None:
    k1, k2 = fractions(n1, d1), fractions(n2, d2)
    got = kron(k1, k2)
    assert got.shape == (n1 * n2, d1 * d2)
    for i1, i2, j1, j2 in np.ndindex(n1, n2, d1, d2):
        assert got[i1 + i2 * n1, j1 + j2 * d1] == k1[i1, j1] * k2[i2, j2]


@pytest.mark.parametrize(("n1", "n2", "d1", "d2"), SIZES)
def test_kron_is_the_reverse_of_numpy(n1: int, n2: int, d1: int, d2: int) -> None:
    k1, k2 = fractions(n1, d1), fractions(n2, d2)
    assert np.array_equal(kron(k1, k2), np.kron(k2, k1))


@pytest.mark.parametrize(("n1", "n2", "d", "_"), SIZES)
def test_khatri_rao_is_the_formula(n1: int, n2: int, d: int, _: int) -> None:
    k1, k2 = fractions(n1, d), fractions(n2, d)
    got = khatri_rao(k1, k2)
    assert got.shape == (n1 * n2, d)
    for i1, i2, j in np.ndindex(n1, n2, d):
        assert got[i1 + i2 * n1, j] == k1[i1, j] * k2[i2, j]


@pytest.mark.parametrize(("n", "_", "d1", "d2"), SIZES)
def test_face_splitting_is_the_formula(n: int, _: int, d1: int, d2: int) -> None:
    z1, z2 = fractions(n, d1), fractions(n, d2)
    got = face_splitting(z1, z2)
    assert got.shape == (n, d1 * d2)
    for i, j1, j2 in np.ndindex(n, d1, d2):
        assert got[i, j1 + j2 * d1] == z1[i, j1] * z2[i, j2]


@pytest.mark.parametrize("product", [kron, khatri_rao, face_splitting])
def test_leading_axes_are_a_batch_and_broadcast(product: object) -> None:
    x1, x2 = fractions(2, 1, 3, 4), fractions(5, 3, 4)
    got = product(x1, x2)
    for b, c in np.ndindex(2, 5):
        assert np.array_equal(got[b, c], product(x1[b, 0], x2[c]))


def test_the_ring_identities_hold_exactly() -> None:
    p1, p2, q1, q2 = fractions(2, 3), fractions(4, 2), fractions(3, 2), fractions(2, 3)
    assert np.array_equal(kron(p1, p2) @ kron(q1, q2), kron(p1 @ q1, p2 @ q2))
    a1, a2 = fractions(3, 4), fractions(2, 4)
    assert np.array_equal(kron(p1, p2) @ khatri_rao(a1, a2), khatri_rao(p1 @ a1, p2 @ a2))
    assert np.array_equal(khatri_rao(a1, a2).T, face_splitting(a1.T, a2.T))
    z1, z2 = fractions(5, 2), fractions(5, 4)
    assert np.array_equal(face_splitting(z1, z2) @ kron(p1, p2), face_splitting(z1 @ p1, z2 @ p2))


def test_the_product_on_the_right_is_not_an_identity() -> None:
    a, w = np.asarray([[1, 1]]), np.asarray([[1], [1]])
    assert not np.array_equal(khatri_rao(a, a) @ w, khatri_rao(a @ w, a @ w))


@pytest.mark.parametrize(
    ("product", "names"), [(kron, "k1 and k2"), (khatri_rao, "k1 and k2"), (face_splitting, "z1 and z2")]
)
def test_c1_matrices_with_fitting_leading_axes(product: object, names: str) -> None:
    with pytest.raises(ShapeError, match=rf"{names} must be at least 2-dimensional; got \[3\] and \[3, 3\]"):
        product(np.zeros(3), np.zeros((3, 3)))
    with pytest.raises(ShapeError, match=rf"the leading axes of {names} must broadcast"):
        product(np.zeros((2, 3, 3)), np.zeros((4, 3, 3)))


def test_c2_columns_or_rows_must_agree() -> None:
    with pytest.raises(ShapeError, match=r"khatri_rao: .* equally many columns; got \[3, 2\] and \[3, 4\]"):
        khatri_rao(np.zeros((3, 2)), np.zeros((3, 4)))
    with pytest.raises(ShapeError, match=r"face_splitting: .* equally many rows; got \[2, 3\] and \[4, 3\]"):
        face_splitting(np.zeros((2, 3)), np.zeros((4, 3)))
