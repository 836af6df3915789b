"""Attention, its masks and its grouped form against loops over indices."""

from __future__ import annotations

import math

import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.nn import attention, causal_mask, grouped_query_attention, scaled

RNG = np.random.default_rng(20241218)
# Scores below 2**4 and at most 16 terms: every result is within 2**8 roundings of numbers below 2**4, and exp
# multiplies the error of a score by at most e**16 / e**-16 in a weight; the averages are of weights below 1.
CLOSE = 2.0**-40
DIVISOR = {"d": lambda d: d, "sqrt": math.sqrt, None: lambda d: 1}


def attention_loops(q: np.ndarray, k: np.ndarray, v: np.ndarray, divisor: float, mask: np.ndarray) -> np.ndarray:
    """Return the formula, one query and one output column at a time."""
    out = np.zeros((q.shape[0], v.shape[1]))
    for i in range(q.shape[0]):
        kept = [j for j in range(k.shape[0]) if mask[i, j]]
        a = {j: math.exp(sum(q[i, c] * k[j, c] for c in range(q.shape[1])) / divisor) for j in kept}
        total = math.fsum(a.values())
        for c in range(v.shape[1]):
            out[i, c] = math.fsum(a[j] * v[j, c] for j in kept) / total
    return out


@pytest.mark.parametrize("scale", ["d", "sqrt", None])
@pytest.mark.parametrize("softmax", ["paper", "shifted"])
@pytest.mark.parametrize("normalise", ["output", "weights"])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_the_formula(scale: str | None, softmax: str, normalise: str, masked: bool) -> None:
    q, k, v = RNG.uniform(-1, 1, (4, 3)), RNG.uniform(-1, 1, (6, 3)), RNG.uniform(-1, 1, (6, 2))
    mask = RNG.integers(0, 2, (4, 6)).astype(bool) if masked else np.ones((4, 6), dtype=bool)
    mask[:, 2] = True
    got = attention(q, k, v, scale=scale, softmax=softmax, normalise=normalise, mask=mask if masked else None)
    expected = attention_loops(q, k, v, DIVISOR[scale](3), mask)
    assert np.max(np.abs(got - expected)) <= CLOSE


def test_leading_axes_are_heads() -> None:
    q, k, v = RNG.uniform(-1, 1, (2, 3, 4, 5)), RNG.uniform(-1, 1, (3, 6, 5)), RNG.uniform(-1, 1, (3, 6, 2))
    got = attention(q, k, v)
    for b, h in np.ndindex(2, 3):
        assert np.max(np.abs(got[b, h] - attention(q[b, h], k[h], v[h]))) <= CLOSE


def test_the_causal_mask_lets_a_query_see_its_past() -> None:
    for n, m in [(1, 1), (4, 4), (2, 5)]:
        mask = causal_mask(np.zeros(1), n, m)
        assert mask.dtype == bool
        for i, j in np.ndindex(n, m):
            assert mask[i, j] == (j <= i + m - n)


def test_causal_attention_of_a_prefix_is_a_prefix() -> None:
    q, k, v = (RNG.uniform(-1, 1, (5, 3)) for _ in range(3))
    full = attention(q, k, v, mask=causal_mask(q, 5))
    for n in range(1, 5):
        part = attention(q[:n], k[:n], v[:n], mask=causal_mask(q, n))
        assert np.max(np.abs(full[:n] - part)) <= CLOSE


@pytest.mark.parametrize(("heads", "groups"), [(4, 4), (4, 2), (6, 2), (3, 1)])
def test_grouped_heads_share_keys_and_values(heads: int, groups: int) -> None:
    q = RNG.uniform(-1, 1, (2, heads, 4, 3))
    k, v = RNG.uniform(-1, 1, (2, groups, 5, 3)), RNG.uniform(-1, 1, (2, groups, 5, 2))
    got = grouped_query_attention(q, k, v, scale="d")
    assert got.shape == (2, heads, 4, 2)
    everything = np.ones((4, 5), dtype=bool)
    for b, head in np.ndindex(2, heads):
        group = head // (heads // groups)
        expected = attention_loops(q[b, head], k[b, group], v[b, group], 3, everything)
        assert np.max(np.abs(got[b, head] - expected)) <= CLOSE


def test_float32_stays_float32() -> None:
    x = np.ones((2, 4, 4), dtype=np.float32)
    for scale in ("d", "sqrt", None):
        assert attention(x, x, x, scale=scale, mask=causal_mask(x, 4)).dtype == np.float32
    assert grouped_query_attention(x, x, x).dtype == np.float32


def test_scaled_c1_unknown_scale() -> None:
    with pytest.raises(DomainError, match="scaled: scale must be 'd', 'sqrt' or None; got 'n'"):
        scaled(np.zeros(3), 3, "n")


def test_causal_mask_c1_more_queries_than_keys() -> None:
    with pytest.raises(DomainError, match="causal_mask: n must not exceed m; got 3 and 2"):
        causal_mask(np.zeros(1), 3, 2)


def test_c1_widths_and_lengths() -> None:
    with pytest.raises(
        ShapeError, match=r"attention: q, k must have equally many columns d; got \[2, 3\] and \[4, 2\]"
    ):
        attention(np.zeros((2, 3)), np.zeros((4, 2)), np.zeros((4, 2)))
    with pytest.raises(ShapeError, match=r"attention: k .* and v .* must agree in m; got \[4, 3\] and \[5, 3\]"):
        attention(np.zeros((2, 3)), np.zeros((4, 3)), np.zeros((5, 3)))
    with pytest.raises(ShapeError, match="attention: q, k must be at least 2-dimensional"):
        attention(np.zeros(3), np.zeros((4, 3)), np.zeros((4, 3)))


def test_c2_leading_axes() -> None:
    x = np.zeros((2, 4, 3))
    with pytest.raises(ShapeError, match="attention: the leading axes of q, k must broadcast"):
        attention(x, np.zeros((3, 4, 3)), x)
    with pytest.raises(ShapeError, match="attention: the leading axes of k and v must broadcast"):
        attention(x, x, np.zeros((3, 4, 3)))


def test_grouped_c1_heads() -> None:
    with pytest.raises(ShapeError, match="the heads of k must divide those of q"):
        grouped_query_attention(np.zeros((3, 1, 2)), np.zeros((2, 1, 2)), np.zeros((2, 1, 2)))
    with pytest.raises(ShapeError, match="must agree in g"):
        grouped_query_attention(np.zeros((4, 1, 2)), np.zeros((2, 1, 2)), np.zeros((4, 1, 2)))
