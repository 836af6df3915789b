"""Tensor attention against loops over queries and pairs of keys."""

from __future__ import annotations

import math

import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.nn import tensor_attention, tensor_attention_layer

RNG = np.random.default_rng(20241218)
DIVISOR = {"d": lambda d: d, "sqrt": math.sqrt, None: lambda d: 1}
# Scores below 2**2, at most 20 pairs, fewer than 2**8 roundings of numbers below 2**5.
CLOSE = 2.0**-38


def tensor_loops(
    q: np.ndarray, k1: np.ndarray, k2: np.ndarray, v1: np.ndarray, v2: np.ndarray, divisor: float
) -> np.ndarray:
    """Return D^-1 A V, one query, one pair (j, k) and one column at a time."""
    out = np.zeros((q.shape[0], v1.shape[1]))
    for i in range(q.shape[0]):
        a = {}
        for j in range(k1.shape[0]):
            for k in range(k2.shape[0]):
                score = sum(q[i, c] * k1[j, c] * k2[k, c] for c in range(q.shape[1]))
                a[j, k] = math.exp(score / divisor)
        for c in range(v1.shape[1]):
            out[i, c] = math.fsum(w * v1[j, c] * v2[k, c] for (j, k), w in a.items()) / math.fsum(a.values())
    return out


@pytest.mark.parametrize("scale", ["d", "sqrt", None])
@pytest.mark.parametrize("softmax", ["paper", "shifted"])
@pytest.mark.parametrize("normalise", ["output", "weights"])
def test_tensor_attention_is_the_formula(scale: str | None, softmax: str, normalise: str) -> None:
    shapes = [(3, 4), (5, 4), (2, 4), (5, 3), (2, 3)]
    q, k1, k2, v1, v2 = (RNG.uniform(-1, 1, s) for s in shapes)
    got = tensor_attention(q, k1, k2, v1, v2, scale=scale, softmax=softmax, normalise=normalise)
    assert np.max(np.abs(got - tensor_loops(q, k1, k2, v1, v2, DIVISOR[scale](4)))) <= CLOSE


def test_the_pair_stands_at_its_index_in_the_mask() -> None:
    q, k1, k2, v1, v2 = (RNG.uniform(-1, 1, (s, 2)) for s in (1, 3, 4, 3, 4))
    for j, k in np.ndindex(3, 4):
        mask = np.zeros((1, 12), dtype=bool)
        mask[0, j + k * 3] = True
        got = tensor_attention(q, k1, k2, v1, v2, mask=mask)
        assert np.max(np.abs(got[0] - v1[j] * v2[k])) <= CLOSE


def test_leading_axes_are_a_batch() -> None:
    arrays = [RNG.uniform(-1, 1, (2, 3, 4)) for _ in range(5)]
    got = tensor_attention(*arrays)
    for b in range(2):
        assert np.max(np.abs(got[b] - tensor_attention(*(x[b] for x in arrays)))) <= CLOSE


@pytest.mark.parametrize("order", ["project-first", "kron-first"])
def test_the_layer_is_the_formula_in_both_orders(order: str) -> None:
    x, *weights = RNG.uniform(-0.5, 0.5, (4, 3)), *(RNG.uniform(-1, 1, (3, 3)) for _ in range(5))
    got = tensor_attention_layer(x, *weights, order=order)
    assert np.max(np.abs(got - tensor_loops(*(x @ w for w in weights), 3))) <= CLOSE


def test_float32_stays_float32() -> None:
    x = np.ones((3, 4), dtype=np.float32)
    w = np.eye(4, dtype=np.float32)
    for order in ("project-first", "kron-first"):
        assert tensor_attention_layer(x, w, w, w, w, w, order=order, scale="sqrt").dtype == np.float32


def test_c1_widths() -> None:
    x, y = np.zeros((3, 4)), np.zeros((3, 2))
    with pytest.raises(ShapeError, match="tensor_attention: q, k1, k2 must have equally many columns d"):
        tensor_attention(x, x, y, x, x)
    with pytest.raises(ShapeError, match="tensor_attention: v1, v2 must have equally many columns d"):
        tensor_attention(x, x, x, x, y)
    with pytest.raises(ShapeError, match=r"wv2 must have shape \[d, d\]"):
        tensor_attention_layer(x, *(np.eye(4) for _ in range(4)), np.eye(3))


def test_c2_rows() -> None:
    x, y = np.zeros((3, 4)), np.zeros((2, 4))
    with pytest.raises(ShapeError, match=r"k1 and v1 must have equally many rows; got \[3, 4\] and \[2, 4\]"):
        tensor_attention(x, x, x, y, x)
    with pytest.raises(ShapeError, match=r"k2 and v2 must have equally many rows; got \[3, 4\] and \[2, 4\]"):
        tensor_attention(x, x, x, x, y)


def test_c3_names() -> None:
    x = np.zeros((3, 3))
    with pytest.raises(DomainError, match="order must be one of project-first, kron-first; got 'any'"):
        tensor_attention_layer(x, x, x, x, x, x, order="any")
    with pytest.raises(DomainError, match="scale must be"):
        tensor_attention(x, x, x, x, x, scale="n")
