"""Calls of every body on small arrays, shared by the tests that run all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from precise.nn import (
    TRIPLE_VARIANTS,
    Block,
    LlamaLayer,
    LlamaWeights,
    affine,
    apply_rope,
    attention,
    causal_mask,
    complex_khatri_rao,
    face_splitting,
    gelu,
    grouped_query_attention,
    khatri_rao,
    kron,
    layer_norm,
    llama_hidden,
    llama_logits,
    mlp,
    rms_norm,
    rope,
    rope_attention,
    rope_attention_layer,
    rope_tensor_attention,
    rope_tensor_scores,
    rotation_from_tables,
    rotation_matrix,
    silu,
    softmax,
    swiglu,
    tensor_attention,
    tensor_attention_layer,
    transformer,
)


@dataclass(frozen=True)
class Subject:
    """A call of a body on arrays of the given shapes; `closed` if it stays in the rationals."""

    name: str
    call: Callable
    shapes: tuple[tuple[int, ...], ...]
    closed: bool = False


def masked(q: object, k: object, v: object, **choices: str) -> object:
    """Return causal attention."""
    return attention(q, k, v, mask=causal_mask(q, 3), **choices)


def decoder(tokens: list[int]) -> Callable:
    """Return a call of a one-layer decoder on its weights."""

    def call(embedding: object, *rest: object) -> object:
        *layer, final, cos, sin = rest
        weights = LlamaWeights(embedding, (LlamaLayer(*layer),), final, 2, 1, Fraction(1, 1024))
        return llama_logits(weights, llama_hidden(weights, np.asarray(tokens), cos, sin))

    return call


ROW, SQUARE, THETA = (2, 2), (2, 2), (1,)
SUBJECTS = [
    Subject("softmax paper", softmax, ((2, 3),)),
    Subject("softmax shifted", lambda z: softmax(z, variant="shifted"), ((2, 3),)),
    Subject("layer_norm", lambda x, g, b: layer_norm(x, gain=g, bias=b, epsilon=Fraction(1, 8)), ((2, 3), (3,), (3,))),
    Subject("layer_norm one-pass", lambda x: layer_norm(x, epsilon=1, variance="one-pass"), ((2, 3),)),
    Subject("layer_norm welford", lambda x: layer_norm(x, epsilon=1, variance="welford"), ((2, 3),)),
    Subject("rms_norm", lambda x, g: rms_norm(x, g, 0.25), ((2, 3), (3,))),
    Subject("affine", affine, ((2, 3), (4, 3), (4,)), closed=True),
    Subject("silu", silu, ((3,),)),
    Subject("gelu", gelu, ((3,),)),
    Subject("mlp", lambda x, w1, w2: mlp(x, w1, w2, activation=silu), ((2, 3), (4, 3), (3, 4))),
    Subject("swiglu", swiglu, ((2, 3), (4, 3), (4, 3), (3, 4))),
    Subject("kron", kron, ((2, 3), (3, 2)), closed=True),
    Subject("khatri_rao", khatri_rao, ((2, 3), (3, 3)), closed=True),
    Subject("face_splitting", face_splitting, ((2, 3), (2, 2)), closed=True),
    Subject("complex_khatri_rao", complex_khatri_rao, ((2, 4), (3, 4)), closed=True),
    Subject("rotation_matrix", rotation_matrix, ((3,), (2,))),
    Subject(
        "rotation_from_tables half",
        lambda c, s: rotation_from_tables(c, s, layout="half"),
        ((3, 2), (3, 2)),
        closed=True,
    ),
    Subject("apply_rope planes", apply_rope, ((3, 4), (3, 2), (3, 2)), closed=True),
    Subject(
        "apply_rope matrix",
        lambda x, c, s: apply_rope(x, c, s, product="matrix"),
        ((3, 4), (3, 2), (3, 2)),
        closed=True,
    ),
    Subject("rope half", lambda x, t, theta: rope(x, t, theta, layout="half"), ((3, 4), (3,), (2,))),
    Subject("attention", attention, ((3, 2), (4, 2), (4, 2))),
    Subject("attention sqrt", lambda *a: attention(*a, scale="sqrt", normalise="weights"), ((3, 3), (4, 3), (4, 2))),
    Subject("attention causal", masked, ((3, 2), (3, 2), (3, 2))),
    Subject("attention causal shifted", lambda *a: masked(*a, softmax="shifted"), ((3, 2), (3, 2), (3, 2))),
    Subject(
        "grouped_query_attention",
        lambda *a: grouped_query_attention(*a, softmax="paper"),
        ((4, 2, 2), (2, 2, 2), (2, 2, 2)),
    ),
    Subject("rope_attention", lambda *a: rope_attention(*a[:3], theta=a[3]), (ROW, ROW, ROW, THETA)),
    Subject(
        "rope_attention rotated", lambda *a: rope_attention(*a[:3], theta=a[3], form="rotated"), (ROW, ROW, ROW, THETA)
    ),
    Subject("rope_attention_layer", lambda *a: rope_attention_layer(*a[:4], theta=a[4]), (ROW, *[SQUARE] * 3, THETA)),
    Subject(
        "rope_attention_layer left-to-right",
        lambda *a: rope_attention_layer(*a[:4], theta=a[4], order="left-to-right"),
        (ROW, *[SQUARE] * 3, THETA),
    ),
    Subject("tensor_attention", tensor_attention, (ROW,) * 5),
    Subject("tensor_attention_layer", tensor_attention_layer, (ROW, *[SQUARE] * 5)),
    Subject(
        "tensor_attention_layer kron-first",
        lambda *a: tensor_attention_layer(*a, order="kron-first"),
        (ROW, *[SQUARE] * 5),
    ),
    *(
        Subject(
            f"rope_tensor_attention {v}",
            lambda *a, v=v: rope_tensor_attention(*a[:5], theta=a[5], variant=v),
            (*[ROW] * 5, THETA),
        )
        for v in TRIPLE_VARIANTS
    ),
    *(
        Subject(
            f"rope_tensor_scores split {v}",
            lambda *a, v=v: rope_tensor_scores(*a[:3], theta=a[3], variant=v, evaluation="split"),
            (*[ROW] * 3, THETA),
        )
        for v in TRIPLE_VARIANTS
        if v != "factors-relative"
    ),
    Subject(
        "transformer",
        lambda x, w: transformer(
            x,
            lambda y: affine(y, w),
            [Block(lambda y: tensor_attention(y, y, y, y, y), lambda y: layer_norm(y, epsilon=1))],
        ),
        (ROW, SQUARE),
    ),
    Subject(
        "llama",
        decoder([2, 0]),
        ((3, 4), (4,), (4, 4), (2, 4), (2, 4), (4, 4), (4,), (3, 4), (3, 4), (4, 3), (4,), (2, 1), (2, 1)),
    ),
]
NAMES = [s.name for s in SUBJECTS]


def inputs(subject: Subject) -> list[np.ndarray]:
    """Return inputs that every format of this file holds: quarters in [-3/2, 3/2], none of them 0."""
    choices = np.asarray([k / 4 for k in range(-6, 7) if k])
    rng = np.random.default_rng(1 + NAMES.index(subject.name))
    return [rng.choice(choices, shape) for shape in subject.shapes]
