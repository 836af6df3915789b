"""RoPE attention against loops over indices, in both forms and both orders."""

from __future__ import annotations

import math

import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.nn import (
    causal_mask,
    rope_attention,
    rope_attention_layer,
    rope_position_range,
    rotation_table,
)

RNG = np.random.default_rng(20241218)
THETA = np.asarray([1.0, 0.25])
N, D = 4, 4
# Scores below 2**4; fewer than 2**9 roundings; exp amplifies relative to weights that are averaged.
CLOSE = 2.0**-38


def rotation_loops(t: int, layout: str) -> np.ndarray:
    """Return the rotation matrix of position t, entry by entry."""
    matrix = np.zeros((D, D))
    for plane in range(D // 2):
        a, b = (2 * plane, 2 * plane + 1) if layout == "interleaved" else (plane, plane + D // 2)
        angle = t * THETA[plane]
        matrix[a, a] = matrix[b, b] = math.cos(angle)
        matrix[a, b], matrix[b, a] = -math.sin(angle), math.sin(angle)
    return matrix


def rope_loops(q: np.ndarray, k: np.ndarray, v: np.ndarray, divisor: float, layout: str) -> np.ndarray:
    """Return D^-1 A V with A_ij = exp(q_i R_{j-i} k_j^T / divisor)."""
    out = np.zeros_like(v)
    for i in range(N):
        a = []
        for j in range(N):
            turn = rotation_loops(j - i, layout)
            score = sum(q[i, x] * turn[x, y] * k[j, y] for x in range(D) for y in range(D))
            a.append(math.exp(score / divisor))
        for c in range(v.shape[1]):
            out[i, c] = math.fsum(a[j] * v[j, c] for j in range(N)) / math.fsum(a)
    return out


@pytest.mark.parametrize("layout", ["interleaved", "half"])
@pytest.mark.parametrize("product", ["matrix", "planes"])
@pytest.mark.parametrize("form", ["relative", "rotated"])
@pytest.mark.parametrize(("scale", "divisor"), [(None, 1), ("d", D), ("sqrt", 2)])
def test_rope_attention_is_the_formula(layout: str, product: str, form: str, scale: str | None, divisor: float) -> None:
    q, k, v = (RNG.uniform(-1, 1, (2, N, D)) for _ in range(3))
    got = rope_attention(q, k, v, theta=THETA, layout=layout, product=product, form=form, scale=scale)
    for b in range(2):
        assert np.max(np.abs(got[b] - rope_loops(q[b], k[b], v[b], divisor, layout))) <= CLOSE


@pytest.mark.parametrize("order", ["keys-first", "left-to-right"])
@pytest.mark.parametrize("layout", ["interleaved", "half"])
def test_the_layer_is_the_formula_in_both_orders(order: str, layout: str) -> None:
    x, wq, wk, wv = (RNG.uniform(-0.5, 0.5, (N, D)) for _ in range(4))
    got = rope_attention_layer(x, wq, wk, wv, theta=THETA, order=order, layout=layout)
    assert np.max(np.abs(got - rope_loops(x @ wq, x @ wk, x @ wv, 1, layout))) <= CLOSE


def test_a_table_replaces_theta() -> None:
    q, k, v = (RNG.uniform(-1, 1, (N, D)) for _ in range(3))
    for form in ("relative", "rotated"):
        table = rotation_table(THETA, *rope_position_range(N, form=form))
        from_table = rope_attention(q, k, v, table=table, form=form)
        assert np.array_equal(from_table, rope_attention(q, k, v, theta=THETA, form=form))


def test_a_mask_hides_the_future() -> None:
    q, k, v = (RNG.uniform(-1, 1, (N, D)) for _ in range(3))
    got = rope_attention(q, k, v, theta=THETA, mask=causal_mask(q, N))
    assert np.max(np.abs(got[0] - v[0])) <= CLOSE


def test_c1_shapes() -> None:
    x, y = np.zeros((3, 4)), np.zeros((2, 4))
    with pytest.raises(ShapeError, match=r"rope_attention: q and k must have equally many rows"):
        rope_attention(x, y, y, theta=THETA)
    with pytest.raises(ShapeError, match=r"wk must have shape \[d, d\] for x \[..., n, d\]; got \[3, 4\]"):
        rope_attention_layer(x, np.eye(4), x, np.eye(4), theta=THETA)
    with pytest.raises(ShapeError, match="even width"):
        rope_attention(np.zeros((3, 3)), np.zeros((3, 3)), np.zeros((3, 3)), theta=np.zeros(1))


def test_c2_theta_or_table() -> None:
    x, table = np.zeros((3, 4)), rotation_table(THETA, -1, 1)
    with pytest.raises(DomainError, match=r"rope_attention: exactly one of theta and table .* got neither"):
        rope_attention(x, x, x)
    with pytest.raises(DomainError, match=r"rope_attention: exactly one of theta and table .* got both"):
        rope_attention(x, x, x, theta=THETA, table=table)
    with pytest.raises(DomainError, match=r"positions must lie in -1\.\.1"):
        rope_attention(x, x, x, table=table)


def test_c3_names() -> None:
    x = np.zeros((3, 4))
    with pytest.raises(DomainError, match="form must be one of relative, rotated; got 'flat'"):
        rope_attention(x, x, x, theta=THETA, form="flat")
    with pytest.raises(DomainError, match="order must be one of keys-first, left-to-right; got 'any'"):
        rope_attention_layer(x, np.eye(4), np.eye(4), np.eye(4), theta=THETA, order="any")
