"""Rotations: the two layouts, the two products, tables, and exact identities with rational rotations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.nn import (
    RotationTable,
    apply_rope,
    join_planes,
    rope,
    rope_angles,
    rotation_from_tables,
    rotation_matrix,
    rotation_table,
    split_planes,
    table_of_angles,
)

RNG = np.random.default_rng(20241218)
LAYOUTS = ["interleaved", "half"]
CLOSE = 2.0**-44  # numbers below 2**4, at most five roundings each


def columns_of(plane: int, planes: int, layout: str) -> tuple[int, int]:
    """Return where the two coordinates of a plane stand."""
    return (2 * plane, 2 * plane + 1) if layout == "interleaved" else (plane, plane + planes)


def integers(*shape: int) -> np.ndarray:
    """Return random integers as an object array, so that arithmetic is exact."""
    return RNG.integers(-9, 10, shape).astype(object)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_planes_stand_where_the_layout_says(layout: str) -> None:
    x = integers(3, 8)
    first, second = split_planes(x, layout=layout)
    for i, plane in np.ndindex(3, 4):
        a, b = columns_of(plane, 4, layout)
        assert first[i, plane] == x[i, a]
        assert second[i, plane] == x[i, b]
    assert np.array_equal(join_planes(first, second, layout=layout), x)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lead", [(), (3,), (2, 3)])
def test_the_matrix_has_its_blocks_and_zeros_elsewhere(layout: str, lead: tuple[int, ...]) -> None:
    cos, sin = integers(*lead, 3), integers(*lead, 3)
    got = rotation_from_tables(cos, sin, layout=layout)
    assert got.shape == (*lead, 6, 6)
    for index in np.ndindex(lead):
        expected = np.zeros((6, 6), dtype=object)
        for plane in range(3):
            a, b = columns_of(plane, 3, layout)
            c, s = cos[(*index, plane)], sin[(*index, plane)]
            expected[a, a], expected[a, b], expected[b, a], expected[b, b] = c, -s, s, c
        assert np.array_equal(got[index], expected)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("product", ["planes", "matrix"])
def test_rotating_a_row_is_the_matrix_times_the_column(layout: str, product: str) -> None:
    x, cos, sin = integers(2, 3, 6), integers(3, 3), integers(3, 3)
    got = apply_rope(x, cos, sin, layout=layout, product=product)
    for batch, i, plane in np.ndindex(2, 3, 3):
        a, b = columns_of(plane, 3, layout)
        c, s = cos[i, plane], sin[i, plane]
        assert got[batch, i, a] == c * x[batch, i, a] - s * x[batch, i, b]
        assert got[batch, i, b] == s * x[batch, i, a] + c * x[batch, i, b]


def test_the_layouts_are_permutations_of_each_other() -> None:
    x, cos, sin = integers(3, 8), integers(3, 4), integers(3, 4)
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    interleaved = apply_rope(x, cos, sin, layout="interleaved")
    assert np.array_equal(interleaved[:, order], apply_rope(x[:, order], cos, sin, layout="half"))
    matrix = rotation_from_tables(cos, sin, layout="interleaved")
    assert np.array_equal(matrix[:, order][:, :, order], rotation_from_tables(cos, sin, layout="half"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rotation_matrix_takes_cosines_and_sines_of_products(layout: str) -> None:
    t, theta = np.asarray([-2.0, 0.0, 7.0]), np.asarray([1.0, 0.01])
    got = rotation_matrix(t, theta, layout=layout)
    for i, plane in np.ndindex(3, 2):
        a, b = columns_of(plane, 2, layout)
        angle = t[i] * theta[plane]
        assert (got[i, a, a], got[i, b, b]) == (np.cos(angle), np.cos(angle))
        assert (got[i, b, a], got[i, a, b]) == (np.sin(angle), -np.sin(angle))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rope_rotates_by_positions(layout: str) -> None:
    x, positions, theta = RNG.uniform(-4, 4, (3, 4)), np.asarray([0.0, 5.0, 9.0]), np.asarray([1.0, 0.5])
    by_matrix = np.einsum("nij,nj->ni", rotation_matrix(positions, theta, layout=layout), x)
    assert np.max(np.abs(rope(x, positions, theta, layout=layout) - by_matrix)) <= CLOSE


def test_with_rational_rotations_only_the_difference_counts() -> None:
    powers = {t: (complex(3, 4) ** t) for t in range(4)}
    tables = [[(Fraction(int(powers[t].real)), Fraction(int(powers[t].imag)), 5**t) for t in range(4)]][0]
    turn = [
        rotation_from_tables(np.asarray([c / m], dtype=object), np.asarray([s / m], dtype=object)) for c, s, m in tables
    ]
    for a in range(4):
        for b in range(a, 4):
            assert np.array_equal(turn[a].T @ turn[b], turn[b - a])


def test_a_table_holds_every_position_once() -> None:
    theta = np.asarray([1.0, 0.25])
    table = rotation_table(theta, -3, 5)
    assert (table.first, table.last, table.cos.shape) == (-3, 5, (9, 2))
    for t in range(-3, 6):
        cos, sin = table.at(t, 1)
        assert np.array_equal(cos[0], np.cos(t * theta))
        assert np.array_equal(sin[0], np.sin(t * theta))


def test_runs_are_consecutive_positions() -> None:
    rows = np.arange(10)[:, None]
    cos, sin = RotationTable(-4, rows, rows + 100).runs([[0, -4], [3, 1]], 3)
    assert cos[..., 0].tolist() == [[4, 5, 6, 0, 1, 2], [7, 8, 9, 5, 6, 7]]
    assert np.array_equal(sin, cos + 100)


def test_tabulated_angles_are_not_multiplied() -> None:
    angles = RNG.uniform(-4, 4, (5, 3))
    table = table_of_angles(angles, 2)
    assert np.array_equal(table.cos, np.cos(angles))
    assert np.array_equal(table.sin, np.sin(angles))


def test_float32_stays_float32() -> None:
    theta = np.asarray([1.0, 0.25], dtype=np.float32)
    table = rotation_table(theta, 1, 3)
    x = np.ones((3, 4), dtype=np.float32)
    assert table.cos.dtype == np.float32
    for product in ("planes", "matrix"):
        assert apply_rope(x, table.cos, table.sin, product=product).dtype == np.float32


def test_rope_angles_c1_theta_is_a_vector() -> None:
    with pytest.raises(ShapeError, match=r"rope_angles: theta must be a vector \[d/2\]; got \[1, 2\]"):
        rope_angles(np.zeros(3), np.zeros((1, 2)))
    with pytest.raises(ShapeError, match=r"rotation_table: theta must be a vector \[d/2\]; got \[1, 2\]"):
        rotation_table(np.zeros((1, 2)), 0, 1)


def test_split_planes_c1_even_width() -> None:
    with pytest.raises(ShapeError, match=r"x must have rows of even width d; got \[2, 3\]"):
        split_planes(np.zeros((2, 3)))


def test_split_planes_c2_unknown_layout() -> None:
    for function in (split_planes, lambda x, layout: join_planes(x, x, layout=layout)):
        with pytest.raises(DomainError, match="layout must be one of interleaved, half; got 'split'"):
            function(np.zeros((2, 4)), layout="split")
    with pytest.raises(DomainError, match="rotation_from_tables: layout must be one of"):
        rotation_from_tables(np.zeros(2), np.zeros(2), layout="split")


def test_join_planes_c1_one_shape() -> None:
    with pytest.raises(ShapeError, match=r"join_planes: first and second must have one shape"):
        join_planes(np.zeros((2, 3)), np.zeros((2, 1)))


def test_apply_rope_c1_tables_of_another_width() -> None:
    with pytest.raises(ShapeError, match=r"cos and sin must have one shape \[..., d/2\] for x \[..., d\]"):
        apply_rope(np.zeros((2, 4)), np.zeros((2, 4)), np.zeros((2, 4)))
    with pytest.raises(ShapeError, match=r"cos and sin must broadcast against the planes of x"):
        apply_rope(np.zeros((2, 4)), np.zeros((3, 2)), np.zeros((3, 2)))


def test_apply_rope_c2_unknown_product() -> None:
    with pytest.raises(DomainError, match="product must be one of planes, matrix; got 'dense'"):
        apply_rope(np.zeros((2, 4)), np.zeros((2, 2)), np.zeros((2, 2)), product="dense")


def test_rotation_from_tables_c1_one_shape() -> None:
    with pytest.raises(ShapeError, match="rotation_from_tables: cos and sin must have one shape"):
        rotation_from_tables(np.zeros((2, 3)), np.zeros((3,)))


def test_rotation_table_c1_range() -> None:
    with pytest.raises(DomainError, match="rotation_table: first must not exceed last; got 3 and 2"):
        rotation_table(np.zeros(2), 3, 2)
    with pytest.raises(ShapeError, match="RotationTable: cos and sin must have one shape"):
        RotationTable(0, np.zeros((2, 2)), np.zeros((3, 2)))


@pytest.mark.parametrize(("start", "count"), [(0, 1), (1, 4), (4, 1)])
def test_a_table_refuses_positions_that_it_does_not_hold(start: int, count: int) -> None:
    with pytest.raises(DomainError, match=rf"positions must lie in 1..3; got {start}..{start + count - 1}"):
        rotation_table(np.zeros(2), 1, 3).at(start, count)
