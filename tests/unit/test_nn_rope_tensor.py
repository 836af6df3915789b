"""RoPE tensor attention: all six variants exactly, with rational rotations, against loops over triples.

The rotation of each plane is a Pythagorean one, so that R_t is a rational matrix with R_a R_b = R_{a+b}, and every
score is a fraction: equalities are exact, and the identities over the reals hold or fail without tolerance.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from precise.errors import DomainError, ShapeError, UnsupportedError
from precise.nn import (
    TRIPLE_VARIANTS,
    RotationTable,
    complex_khatri_rao,
    rope_tensor_attention,
    rope_tensor_attention_layer,
    rope_tensor_scores,
    triple_position_range,
)

RNG = np.random.default_rng(20241218)
N, D = 3, 4
UNITS = [(Fraction(3, 5), Fraction(4, 5)), (Fraction(5, 13), Fraction(-12, 13))]
SPLIT = [v for v in TRIPLE_VARIANTS if v != "factors-relative"]


@cache
def turn(plane: int, t: int) -> tuple[Fraction, Fraction]:
    """Return cosine and sine of position t in a plane, by multiplying t times."""
    c, s = UNITS[plane]
    x, y = Fraction(1), Fraction(0)
    for _ in range(abs(t)):
        x, y = x * c - y * s, x * s + y * c
    return x, y if t >= 0 else -y


def table_of(first: int, last: int) -> RotationTable[np.ndarray]:
    """Return the exact table of a range of positions."""
    rows = [[turn(plane, t) for plane in range(D // 2)] for t in range(first, last + 1)]
    both = np.asarray(rows, dtype=object)
    return RotationTable(first, both[..., 0], both[..., 1])


def coordinates(plane: int, layout: str) -> tuple[int, int]:
    """Return where the two coordinates of a plane stand."""
    return (2 * plane, 2 * plane + 1) if layout == "interleaved" else (plane, plane + D // 2)


def turned(t: int, row: np.ndarray, layout: str) -> list[Fraction]:
    """Return R_t times the row read as a column."""
    out = [Fraction(0)] * D
    for plane in range(D // 2):
        a, b = coordinates(plane, layout)
        c, s = turn(plane, t)
        out[a], out[b] = c * row[a] - s * row[b], s * row[a] + c * row[b]
    return out


def dot(x: list[Fraction], y: list[Fraction]) -> Fraction:
    """Return the inner product."""
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def score(variant: str, q: np.ndarray, a: np.ndarray, b: np.ndarray, i: int, j: int, k: int, layout: str) -> Fraction:
    """Return one score by its definition, positions counted from 1."""
    pair = [x * y for x, y in zip(a, b, strict=True)]
    if variant in ("flat", "pair-sum", "first-key"):
        t = {"flat": j + (k - 1) * N - i, "pair-sum": j + k - 2 * i, "first-key": j - i}[variant]
        return dot(list(q), turned(t, pair, layout))  # q R k^T is the inner product of q and R k
    if variant == "factors-absolute":
        product = [x * y for x, y in zip(turned(j, a, layout), turned(k, b, layout), strict=True)]
        return dot(turned(i, q, layout), product)
    if variant == "factors-relative":
        product = [x * y for x, y in zip(turned(j - i, a, layout), turned(k - i, b, layout), strict=True)]
        return dot(list(q), product)
    total = Fraction(0)
    tq, ta, tb = turned(2 * i, q, layout), turned(j, a, layout), turned(k, b, layout)
    for plane in range(D // 2):
        x, y = coordinates(plane, layout)
        real, imaginary = ta[x] * tb[x] - ta[y] * tb[y], ta[x] * tb[y] + ta[y] * tb[x]
        total += tq[x] * real + tq[y] * imaginary
    return total


def rows(*shape: int) -> np.ndarray:
    """Return random integers as fractions in an object array."""
    return np.frompyfunc(lambda v: Fraction(int(v)), 1, 1)(RNG.integers(-3, 4, shape))


def scores_of(variant: str, q: np.ndarray, k1: np.ndarray, k2: np.ndarray, **choices: str) -> np.ndarray:
    """Return the scores of the body with the exact table."""
    first, last = triple_position_range(N, variant=variant, evaluation=choices.get("evaluation", "direct"))
    return rope_tensor_scores(q, k1, k2, variant=variant, table=table_of(first, last), **choices)


@pytest.mark.parametrize("variant", TRIPLE_VARIANTS)
@pytest.mark.parametrize("layout", ["interleaved", "half"])
@pytest.mark.parametrize("product", ["matrix", "planes"])
def test_every_score_is_its_definition(variant: str, layout: str, product: str) -> None:
    q, k1, k2 = rows(2, N, D), rows(2, N, D), rows(2, N, D)
    got = scores_of(variant, q, k1, k2, layout=layout, product=product)
    assert got.shape == (2, N, N * N)
    for batch, i, j, k in np.ndindex(2, N, N, N):
        expected = score(variant, q[batch, i], k1[batch, j], k2[batch, k], i + 1, j + 1, k + 1, layout)
        assert got[batch, i, j + k * N] == expected


@pytest.mark.parametrize("variant", SPLIT)
@pytest.mark.parametrize("layout", ["interleaved", "half"])
def test_the_split_evaluation_is_the_same_real_function(variant: str, layout: str) -> None:
    q, k1, k2 = rows(N, D), rows(N, D), rows(N, D)
    split = scores_of(variant, q, k1, k2, layout=layout, evaluation="split")
    assert np.array_equal(split, scores_of(variant, q, k1, k2, layout=layout))


@pytest.mark.parametrize("variant", TRIPLE_VARIANTS)
def test_the_layouts_are_permutations_of_each_other(variant: str) -> None:
    q, k1, k2 = rows(N, D), rows(N, D), rows(N, D)
    order = [0, 2, 1, 3]
    half = scores_of(variant, *(x[:, order] for x in (q, k1, k2)), layout="half")
    assert np.array_equal(half, scores_of(variant, q, k1, k2, layout="interleaved"))


def test_which_variants_are_relative() -> None:
    relative = set()
    for variant in TRIPLE_VARIANTS:
        row = rows(N, D)
        same = np.broadcast_to(row[:1], (N, D))  # every token has one row, so only positions differ
        got = scores_of(variant, same, same, same).reshape(N, N, N)  # [i, k, j]
        if np.array_equal(got[:-1, :-1, :-1], got[1:, 1:, 1:]):
            relative.add(variant)
    assert relative == {"pair-sum", "first-key", "factors-relative", "complex"}


def test_which_variants_are_symmetric() -> None:
    symmetric = set()
    for variant in TRIPLE_VARIANTS:
        q, k1, k2 = rows(N, D), rows(N, D), rows(N, D)
        there = scores_of(variant, q, k1, k2).reshape(N, N, N)
        back = scores_of(variant, q, k2, k1).reshape(N, N, N)
        if np.array_equal(there, np.swapaxes(back, 1, 2)):
            symmetric.add(variant)
    assert symmetric == {"pair-sum", "factors-absolute", "factors-relative", "complex"}


@pytest.mark.parametrize("variant", TRIPLE_VARIANTS)
def test_the_position_range_is_exactly_what_is_used(variant: str) -> None:
    q, k1, k2 = rows(N, D), rows(N, D), rows(N, D)
    for evaluation in ("direct", "split") if variant in SPLIT else ("direct",):
        first, last = triple_position_range(N, variant=variant, evaluation=evaluation)
        for table in (table_of(first + 1, last), table_of(first, last - 1)):
            with pytest.raises(DomainError, match="positions must lie in"):
                rope_tensor_scores(q, k1, k2, variant=variant, table=table, evaluation=evaluation)


@pytest.mark.parametrize("variant", TRIPLE_VARIANTS)
@pytest.mark.parametrize("scale", ["d", None])
def test_attention_averages_the_values_of_the_pairs(variant: str, scale: str | None) -> None:
    q, k1, k2 = (RNG.uniform(-1, 1, (N, D)) for _ in range(3))
    v1, v2 = RNG.uniform(-1, 1, (N, 2)), RNG.uniform(-1, 1, (N, 2))
    theta = np.asarray([math.atan2(s, c) for c, s in UNITS])
    got = rope_tensor_attention(q, k1, k2, v1, v2, variant=variant, theta=theta, scale=scale)
    exact = [np.frompyfunc(Fraction, 1, 1)(x) for x in (q, k1, k2)]
    scores = scores_of(variant, *exact).astype(float) / (D if scale == "d" else 1)
    for i, c in np.ndindex(N, 2):
        weights = [math.exp(s) for s in scores[i]]
        total = math.fsum(w * v1[m % N, c] * v2[m // N, c] for m, w in enumerate(weights))
        # scores below 2**4, positions up to 9: fewer than 2**9 roundings of numbers below 2**4
        assert abs(got[i, c] - total / math.fsum(weights)) <= 2.0**-38


@pytest.mark.parametrize("variant", TRIPLE_VARIANTS)
def test_the_layer_projects_and_attends(variant: str) -> None:
    x, weights = RNG.uniform(-0.5, 0.5, (N, D)), [RNG.uniform(-1, 1, (D, D)) for _ in range(5)]
    theta = np.asarray([1.0, 0.1])
    got = rope_tensor_attention_layer(x, *weights, variant=variant, theta=theta)
    expected = rope_tensor_attention(*(x @ w for w in weights), variant=variant, theta=theta)
    assert np.array_equal(got, expected)


def test_complex_khatri_rao_multiplies_complex_numbers() -> None:
    k1, k2 = rows(2, 3, D), rows(2, D)
    for layout in ("interleaved", "half"):
        got = complex_khatri_rao(k1, k2, layout=layout)
        for batch, i1, i2, plane in np.ndindex(2, 3, 2, D // 2):
            a, b = coordinates(plane, layout)
            x1, y1, x2, y2 = k1[batch, i1, a], k1[batch, i1, b], k2[i2, a], k2[i2, b]
            assert got[batch, i1 + i2 * 3, a] == x1 * x2 - y1 * y2
            assert got[batch, i1 + i2 * 3, b] == x1 * y2 + y1 * x2


def test_c1_shapes() -> None:
    x, y, theta = np.zeros((3, 4)), np.zeros((2, 4)), np.zeros(2)
    with pytest.raises(ShapeError, match=r"rope_tensor_scores: q, k1, k2 must have equally many rows"):
        rope_tensor_scores(x, x, y, variant="flat", theta=theta)
    with pytest.raises(ShapeError, match="equally many columns"):
        rope_tensor_scores(x, x, np.zeros((3, 2)), variant="flat", theta=theta)
    with pytest.raises(ShapeError, match="even width"):
        rope_tensor_scores(*(np.zeros((3, 3)) for _ in range(3)), variant="complex", theta=np.zeros(1))


def test_c2_theta_or_table() -> None:
    x = np.zeros((3, 4))
    with pytest.raises(DomainError, match=r"rope_tensor_scores: exactly one of theta and table .* got neither"):
        rope_tensor_scores(x, x, x, variant="flat")


def test_c3_names() -> None:
    x, theta = np.zeros((3, 4)), np.zeros(2)
    with pytest.raises(DomainError, match=r"variant must be one of flat, pair-sum, .* got 'sum'"):
        rope_tensor_scores(x, x, x, variant="sum", theta=theta)
    with pytest.raises(DomainError, match="evaluation must be one of direct, split; got 'fast'"):
        rope_tensor_scores(x, x, x, variant="flat", theta=theta, evaluation="fast")


def test_c4_relative_factors_do_not_split() -> None:
    x, theta = np.zeros((3, 4)), np.zeros(2)
    with pytest.raises(UnsupportedError, match="evaluation must be 'direct' for factors-relative; got 'split'"):
        rope_tensor_scores(x, x, x, variant="factors-relative", theta=theta, evaluation="split")
