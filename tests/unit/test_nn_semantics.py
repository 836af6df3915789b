"""Every body in every namespace: one program, and the meanings agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from precise import bfloat16, binary32, enclosure, exact, rounded, symbolic
from precise.errors import NamespaceError
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
    rotation_table,
    silu,
    softmax,
    swiglu,
    tensor_attention,
    tensor_attention_layer,
    transformer,
)

RNG = np.random.default_rng(20241218)


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


@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_the_enclosure_is_narrow_and_contains_what_binary64_is_close_to(subject: Subject) -> None:
    xp, arrays = enclosure(160), inputs(subject)
    balls = xp.intervals(subject.call(*map(xp.asarray, arrays)))
    machine = subject.call(*arrays)
    assert balls.shape == machine.shape
    for index in np.ndindex(machine.shape):
        assert balls[index].width.to_fraction() < Fraction(1, 2**120)
        # inputs and all intermediate results lie below 2**10 (exponentials included), fewer than 2**10 roundings
        assert abs(balls[index].lower.to_fraction() - Fraction(float(machine[index]))) < Fraction(1, 2**33)


@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_rounding_to_many_bits_comes_close_to_the_enclosure(subject: Subject) -> None:
    arrays = inputs(subject)
    wide, balls = rounded("p=100"), enclosure(160)
    got = subject.call(*map(wide.asarray, arrays)).elements()
    reference = balls.intervals(subject.call(*map(balls.asarray, arrays)))
    for index in np.ndindex(got.shape):
        assert abs(got[index].to_fraction() - reference[index].lower.to_fraction()) < Fraction(1, 2**80)


@pytest.mark.parametrize("format", [bfloat16, binary32], ids=str)
@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_the_engines_of_the_rounded_namespace_take_every_body(subject: Subject, format: object) -> None:
    xp = rounded(format)
    got = subject.call(*map(xp.asarray, inputs(subject)))
    assert got.dtype == format
    assert got.shape == subject.call(*inputs(subject)).shape


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if s.closed], ids=[s.name for s in SUBJECTS if s.closed])
def test_closed_bodies_are_exact(subject: Subject) -> None:
    xp, arrays = exact(), inputs(subject)
    fractions = [np.frompyfunc(Fraction, 1, 1)(x) for x in arrays]
    assert np.array_equal(subject.call(*map(xp.asarray, arrays)).elements(), subject.call(*fractions))


@pytest.mark.parametrize(
    "name",
    ["softmax paper", "rms_norm", "affine", "silu", "kron", "khatri_rao", "face_splitting", "complex_khatri_rao",
     "rotation_matrix", "apply_rope planes", "apply_rope matrix", "attention", "rope_attention", "tensor_attention",
     *(f"rope_tensor_attention {v}" for v in TRIPLE_VARIANTS)],
)  # fmt: skip
def test_expressions_take_the_values_of_the_enclosure(name: str) -> None:
    subject = SUBJECTS[NAMES.index(name)]
    arrays, xp, balls = inputs(subject), symbolic(), enclosure(160)
    symbols = [xp.symbols(f"x{k}", a.shape) for k, a in enumerate(arrays)]
    values = {
        s: xp.element(float(v))
        for x, a in zip(symbols, arrays, strict=True)
        for s, v in zip(x.elements().ravel(), a.ravel(), strict=True)
    }
    got = subject.call(*symbols).elements()
    reference = balls.intervals(subject.call(*map(balls.asarray, arrays)))
    for index in np.ndindex(got.shape):
        number = got[index].subs(values).evalf(40)
        assert abs(Fraction(str(number)) - reference[index].lower.to_fraction()) < Fraction(1, 2**80)


def test_symbols_prove_the_split_of_a_rotation() -> None:
    xp = symbolic()
    q, k1, k2, theta = (xp.symbols(n, s) for n, s in (("q", (2, 2)), ("a", (2, 2)), ("b", (2, 2)), ("t", (1,))))
    for variant in ("flat", "pair-sum", "first-key"):
        direct = rope_tensor_scores(q, k1, k2, theta=theta, variant=variant)
        split = rope_tensor_scores(q, k1, k2, theta=theta, variant=variant, evaluation="split")
        for x, y in zip(direct.elements().ravel(), split.elements().ravel(), strict=True):
            assert (x - y).rewrite("exp").expand() == 0


def test_arrays_of_two_namespaces_do_not_mix() -> None:
    x = rounded(bfloat16).asarray([[1.0, 2.0]])
    for other in (np.ones((1, 2)), exact().asarray([[1.0, 2.0]]), rounded(binary32).asarray([[1.0, 2.0]])):
        with pytest.raises(NamespaceError, match="namespace_of: all arrays must have one namespace"):
            khatri_rao(x, other)


def test_a_table_of_another_arithmetic_is_brought_in_by_name() -> None:
    wide, narrow = rounded(binary32), rounded(bfloat16)
    table = rotation_table(wide.asarray([1.0, 0.01]), 0, 2)
    cos, sin = (narrow.asarray(x) for x in table.at(0, 3))
    x = narrow.asarray(np.ones((3, 4)))
    assert apply_rope(x, cos, sin).dtype == bfloat16
    with pytest.raises(NamespaceError):
        apply_rope(x, table.cos, table.sin)


@pytest.mark.parametrize("mode", ["RNE", "RTP", "RTN", "RTZ", "RAZ", "RTO"])
def test_planes_and_matrix_rotate_alike_in_every_mode(mode: str) -> None:
    xp = rounded("p=5", mode)
    x, cos, sin = (xp.asarray(RNG.uniform(-1, 1, shape)) for shape in ((40, 4), (40, 2), (40, 2)))
    by_planes, by_matrix = apply_rope(x, cos, sin), apply_rope(x, cos, sin, product="matrix")
    assert np.array_equal(by_planes.elements(), by_matrix.elements())
