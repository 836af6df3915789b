"""Depths of the bodies in the cost namespace: critical path, and the steps of the proofs added up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from precise import cost
from precise.nn import (
    Block,
    affine,
    apply_rope,
    face_splitting,
    khatri_rao,
    kron,
    layer_norm,
    rope_attention_layer,
    rope_tensor_attention_layer,
    softmax,
    table_of_angles,
    tensor_attention,
    tensor_attention_layer,
    transformer,
    triple_position_range,
)
from precise.semantics import critical_path, sequential


def depths(call: Callable, *shapes: tuple[int, ...]) -> tuple[str, str]:
    """Return the critical path and the sequential depth of a call on inputs of the given shapes."""
    xp = cost()
    result = call(*(xp.empty(s) for s in shapes))
    return str(critical_path(result)), str(sequential(result))


N, D = 3, 4
X, W = (N, D), (D, D)


@pytest.mark.parametrize(
    ("call", "shapes", "path", "steps"),
    [
        (kron, (X, X), "s", "s"),
        (khatri_rao, (X, X), "s", "s"),
        (face_splitting, (X, X), "s", "s"),
        (affine, (X, W, (D,)), "2s+P", "2s+P"),
        (layer_norm, (X,), "5s+2P+R", "5s+2P+R"),
        (softmax, (X,), "s+P+E", "s+P+E"),
        (tensor_attention, (X,) * 5, "5s+2P+E", "5s+3P+E"),
        (tensor_attention_layer, (X, *[W] * 5), "6s+3P+E", "6s+4P+E"),
        (lambda x, c, s: apply_rope(x, c, s), (X, (N, 2), (N, 2)), "2s", "2s"),
        (lambda x, c, s: apply_rope(x, c, s, product="matrix"), (X, (N, 2), (N, 2)), "s+P", "s+P"),
    ],
)  # fmt: skip
def test_depths_of_the_parts(call: Callable, shapes: tuple[tuple[int, ...], ...], path: str, steps: str) -> None:
    assert depths(call, *shapes) == (path, steps)


@pytest.mark.parametrize("variant", ["flat", "pair-sum", "first-key"])
def test_depths_of_the_rope_tensor_layer(variant: str) -> None:
    first, last = triple_position_range(N, variant=variant)

    def tabulated(x: object, *rest: object) -> object:
        *weights, angles = rest
        table = table_of_angles(angles, first)
        return rope_tensor_attention_layer(x, *weights, table=table, variant=variant)

    def computed(x: object, *rest: object) -> object:
        *weights, theta = rest
        return rope_tensor_attention_layer(x, *weights, theta=theta, variant=variant)

    shapes = (X, *[W] * 5)
    assert depths(tabulated, *shapes, (last - first + 1, 2)) == ("max(s+P, △)+5s+3P+E", "7s+5P+E+△")
    assert depths(computed, *shapes, (2,)) == ("max(P, △)+6s+3P+E", "8s+5P+E+△")


def test_depths_of_the_rope_layer() -> None:
    def layer(order: str) -> Callable:
        def call(x: object, wq: object, wk: object, wv: object, angles: object) -> object:
            return rope_attention_layer(x, wq, wk, wv, table=table_of_angles(angles, 1 - N), order=order)

        return call

    shapes = (X, W, W, W, (2 * N - 1, 2))
    assert depths(layer("keys-first"), *shapes)[0] == "max(s+P, △)+4s+3P+E"
    assert depths(layer("left-to-right"), *shapes)[0] == "max(s+P, △)+5s+4P+E"


@pytest.mark.parametrize("m", [1, 2, 3])
def test_depths_of_layers_add_up(m: int) -> None:
    def call(x: object, w: object) -> object:
        def attend(y: object) -> object:
            return tensor_attention_layer(y, w, w, w, w, w)

        return transformer(x, layer_norm, [Block(attend, layer_norm)] * m)

    layers, maps = (6, 3), (5, 2)  # s and P of a layer and of a layer norm
    s, p = (m * layers[k] + (m + 1) * maps[k] for k in (0, 1))
    assert depths(call, X, W)[0] == f"{s}s+{p}P+{'' if m == 1 else m}E+{m + 1}R"
