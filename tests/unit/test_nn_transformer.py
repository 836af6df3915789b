"""The composition of layers, and the decoder of the Llama architecture against loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from precise import rounded
from precise.errors import NamespaceError, ShapeError
from precise.nn import (
    Block,
    LlamaLayer,
    LlamaWeights,
    llama_hidden,
    llama_layer,
    llama_logits,
    rotation_table,
    transformer,
)

RNG = np.random.default_rng(20241218)
VOCABULARY, HEADS, GROUPS, WIDTH, FEED, TOKENS = 11, 4, 2, 4, 6, 5
D = HEADS * WIDTH
EPSILON = 2.0**-10
# Hidden entries below 2**3 after each norm; two layers of fewer than 2**9 roundings each.
CLOSE = 2.0**-36


def weights_of(layers: int, layout: str = "half", *, tied: bool = True) -> LlamaWeights[np.ndarray]:
    """Return small random weights."""

    def matrix(*shape: int) -> np.ndarray:
        return RNG.uniform(-0.5, 0.5, shape)

    def gain() -> np.ndarray:
        return RNG.uniform(0.5, 1.5, D)

    small = tuple(
        LlamaLayer(
            gain(),
            matrix(D, D),
            matrix(GROUPS * WIDTH, D),
            matrix(GROUPS * WIDTH, D),
            matrix(D, D),
            gain(),
            matrix(FEED, D),
            matrix(FEED, D),
            matrix(D, FEED),
        )
        for _ in range(layers)
    )
    output = None if tied else matrix(VOCABULARY, D)
    embedding = matrix(VOCABULARY, D)
    return LlamaWeights(embedding, small, gain(), HEADS, GROUPS, EPSILON, layout, output=output)


def rms_loops(row: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Return one normed row."""
    root = math.sqrt(math.fsum(x * x for x in row) / len(row) + EPSILON)
    return np.asarray([x / root * g for x, g in zip(row, gain, strict=True)])


def turned(row: np.ndarray, t: int, theta: np.ndarray, layout: str) -> np.ndarray:
    """Return one head's row rotated by position t."""
    out = np.zeros_like(row)
    for plane, angle in enumerate(t * theta):
        a, b = (2 * plane, 2 * plane + 1) if layout == "interleaved" else (plane, plane + WIDTH // 2)
        out[a] = math.cos(angle) * row[a] - math.sin(angle) * row[b]
        out[b] = math.sin(angle) * row[a] + math.cos(angle) * row[b]
    return out


def decoder_loops(weights: LlamaWeights[np.ndarray], tokens: list[int], theta: np.ndarray) -> np.ndarray:
    """Return the last hidden rows, one token, one head and one key at a time."""
    x = np.asarray([weights.embedding[t] for t in tokens])
    for layer in weights.layers:
        normed = [rms_loops(row, layer.attention_norm) for row in x]
        y = np.zeros_like(x)
        for i in range(len(tokens)):
            heads = []
            for head in range(HEADS):
                group = head // (HEADS // GROUPS)
                own, shared = slice(head * WIDTH, (head + 1) * WIDTH), slice(group * WIDTH, (group + 1) * WIDTH)
                q = turned(layer.wq[own] @ normed[i], i, theta, weights.layout)
                e, values = [], []
                for j in range(i + 1):
                    k = turned(layer.wk[shared] @ normed[j], j, theta, weights.layout)
                    e.append(math.exp(float(q @ k) / math.sqrt(WIDTH)))
                    values.append(layer.wv[shared] @ normed[j])
                heads.append(sum(w * v for w, v in zip(e, values, strict=True)) / math.fsum(e))
            y[i] = x[i] + layer.wo @ np.concatenate(heads)
            z = rms_loops(y[i], layer.mlp_norm)
            gate, up = layer.w_gate @ z, layer.w_up @ z
            y[i] = y[i] + layer.w_down @ np.asarray([g / (1 + math.exp(-g)) * u for g, u in zip(gate, up, strict=True)])
        x = y
    return np.asarray([rms_loops(row, weights.final_norm) for row in x])


@pytest.mark.parametrize("layout", ["half", "interleaved"])
@pytest.mark.parametrize("layers", [0, 1, 2])
def test_the_decoder_is_the_formula(layout: str, layers: int) -> None:
    weights, theta = weights_of(layers, layout), np.asarray([1.0, 0.01])
    tokens = RNG.integers(0, VOCABULARY, TOKENS)
    cos, sin = rotation_table(theta, 0, TOKENS - 1).at(0, TOKENS)
    got = llama_hidden(weights, tokens, cos, sin)
    assert got.shape == (TOKENS, D)
    assert np.max(np.abs(got - decoder_loops(weights, list(tokens), theta))) <= CLOSE


@pytest.mark.parametrize("tied", [True, False])
def test_logits_may_be_taken_in_chunks(tied: bool) -> None:
    weights, hidden = weights_of(0, tied=tied), RNG.uniform(-1, 1, (5, D))
    logits = llama_logits(weights, hidden)
    head = weights.embedding if tied else weights.output
    for i, token in np.ndindex(5, VOCABULARY):
        assert abs(logits[i, token] - math.fsum(hidden[i] * head[token])) <= CLOSE
    chunks = np.concatenate([llama_logits(weights, hidden[a : a + 2]) for a in (0, 2, 4)])
    assert np.max(np.abs(chunks - logits)) <= CLOSE


@pytest.mark.parametrize("block", [1, 2, 3, TOKENS, TOKENS + 5])
def test_blocks_of_queries_change_no_bit_of_exact_sums(block: int) -> None:
    xp = rounded("binary16")
    weights, theta = weights_of(1), np.asarray([1.0, 0.01])
    cos, sin = (xp.asarray(t) for t in rotation_table(theta, 0, TOKENS - 1).at(0, TOKENS))
    layer = LlamaLayer(*(xp.asarray(getattr(weights.layers[0], name)) for name in LlamaLayer.__slots__))
    whole = LlamaWeights(xp.asarray(weights.embedding), (layer,), xp.ones(D), HEADS, GROUPS, EPSILON)
    tokens = np.arange(TOKENS) % VOCABULARY
    here = llama_hidden(whole, tokens, cos, sin)
    there = llama_hidden(replace(whole, block=block), tokens, cos, sin)
    assert np.array_equal(xp.to_codes(here), xp.to_codes(there))


def test_weights_c1_block() -> None:
    with pytest.raises(ShapeError, match="LlamaWeights: block must be positive; got 0"):
        replace(weights_of(0), block=0)


def test_the_decoder_is_causal() -> None:
    weights, theta = weights_of(2), np.asarray([1.0, 0.01])
    cos, sin = rotation_table(theta, 0, TOKENS - 1).at(0, TOKENS)
    tokens = RNG.integers(0, VOCABULARY, TOKENS)
    other = tokens.copy()
    other[-1] = (other[-1] + 1) % VOCABULARY
    here, there = llama_hidden(weights, tokens, cos, sin), llama_hidden(weights, other, cos, sin)
    assert np.array_equal(here[:-1], there[:-1])
    assert not np.array_equal(here[-1], there[-1])


def test_the_decoder_stays_in_float32() -> None:
    weights = weights_of(1)
    narrow = LlamaWeights(
        weights.embedding.astype(np.float32),
        tuple(
            LlamaLayer(*(getattr(layer, name).astype(np.float32) for name in LlamaLayer.__slots__))
            for layer in weights.layers
        ),
        weights.final_norm.astype(np.float32),
        HEADS,
        GROUPS,
        EPSILON,
    )
    theta = np.asarray([1.0, 0.01], dtype=np.float32)
    cos, sin = rotation_table(theta, 0, 2).at(0, 3)
    assert llama_hidden(narrow, np.asarray([1, 2, 3]), cos, sin).dtype == np.float32


def test_weights_c1_heads() -> None:
    with pytest.raises(ShapeError, match="LlamaWeights: kv_heads must divide heads; got 2 and 3"):
        LlamaWeights(np.zeros((2, 2)), (), np.zeros(2), 3, 2, 0)


def test_hidden_c1_tables() -> None:
    weights = weights_of(0)
    with pytest.raises(ShapeError, match=r"llama_hidden: tokens \[T\], cos and sin .* must agree in T"):
        llama_hidden(weights, np.asarray([1, 2]), np.ones((3, 2)), np.zeros((3, 2)))


def test_layer_c1_heads_of_one_width() -> None:
    weights = weights_of(1)
    layer = weights.layers[0]
    wrong = LlamaLayer(layer.attention_norm, layer.wq, layer.wq, layer.wq, *([layer.wo] * 5))
    with pytest.raises(ShapeError, match="llama_attention: wq, wk, wv must have 4, 2, 2 heads of one width"):
        llama_layer(weights, wrong, np.ones((1, D)), np.ones((1, 2)), np.zeros((1, 2)), (np.ones((1, 1), bool),))


def test_the_order_of_the_transformer() -> None:
    calls = []

    def named(name: str) -> object:
        def call(x: np.ndarray) -> np.ndarray:
            calls.append(name)
            return 2 * x + len(calls)

        return call

    blocks = [Block(named(f"attention {m}"), named(f"f {m}")) for m in (1, 2)]
    assert transformer(np.asarray([0]), named("f 0"), blocks) == 1 * 16 + 2 * 8 + 3 * 4 + 4 * 2 + 5
    assert calls == ["f 0", "attention 1", "f 1", "attention 2", "f 2"]


def test_no_block_is_the_first_map() -> None:
    assert np.array_equal(transformer(np.asarray([3.0]), np.negative, []), [-3.0])


def test_transformer_c1_no_array() -> None:
    with pytest.raises(NamespaceError, match="must be an array; got list"):
        transformer([1.0], np.negative, [])
