"""Bodies run on empty arrays of the cost namespace: what the lemmas on depth are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from precise.nn import (
    Block,
    affine,
    exponentials,
    face_splitting,
    khatri_rao,
    kron,
    layer_norm,
    rope_attention_layer,
    rope_tensor_attention_layer,
    rope_tensor_scores,
    scaled,
    table_of_angles,
    tensor_attention_layer,
    transformer,
)
from precise.nn.rope import RotationProduct
from precise.nn.rope_attention import Order, rotate_queries, row_scores

VARIANT: Final = "pair-sum"
Attention = Callable[[Any, Any, int, int], Any]


def weights(xp: Any, count: int, d: int) -> list[Any]:
    """Return empty d x d matrices."""
    return [xp.empty((d, d)) for _ in range(count)]


def angles(xp: Any, first: int, last: int, d: int) -> Any:
    """Return the table of cosines and sines of tabulated angles."""
    return table_of_angles(xp.empty((last - first + 1, d // 2)), first)


def triple_angles(xp: Any, n: int, d: int) -> Any:
    """Return the table for the positions j + k - 2 i."""
    return angles(xp, 2 - 2 * n, 2 * n - 2, d)


def matrix_product(xp: Any, n: int, d: int) -> Any:
    """Return the product of an n x d and a d x n matrix."""
    return xp.matmul(xp.empty((n, d)), xp.empty((d, n)))


def entrywise_product(xp: Any, n: int, d: int) -> Any:
    """Return the entrywise product of two n x d matrices."""
    return xp.multiply(xp.empty((n, d)), xp.empty((n, d)))


def three_products(xp: Any, n: int, d: int) -> Any:
    """Return the three products of two n x d matrices, side by side."""
    a, b = xp.empty((n, d)), xp.empty((n, d))
    return xp.concat([xp.reshape(f(a, b), (-1,)) for f in (kron, khatri_rao, face_splitting)])


def affine_map(xp: Any, n: int, d: int) -> Any:
    """Return the MLP of the papers: product with W, bias."""
    return affine(xp.empty((n, d)), xp.empty((d, d)), xp.empty((d,)))


def norm(xp: Any, n: int, d: int) -> Any:
    """Return the layer norm of n rows."""
    return layer_norm(xp.empty((n, d)))


def rope_matrix(xp: Any, n: int, d: int) -> Any:
    """Return exp(X W_Q R W_K^T X^T), multiplied from left to right."""
    x, (wq, wk) = xp.empty((n, d)), weights(xp, 2, d)
    cos, sin = angles(xp, 1 - n, n - 1, d).runs([[1 - i] for i in range(1, n + 1)], n)
    rotated = rotate_queries(xp.matmul(x, wq), cos, sin)
    return exponentials(row_scores(xp.matmul(rotated, xp.matrix_transpose(wk)), x))


def rope_matrix_keys_first(xp: Any, n: int, d: int) -> Any:
    """Return exp((X W_Q R) (X W_K)^T)."""
    x, (wq, wk) = xp.empty((n, d)), weights(xp, 2, d)
    cos, sin = angles(xp, 1 - n, n - 1, d).runs([[1 - i] for i in range(1, n + 1)], n)
    return exponentials(row_scores(rotate_queries(xp.matmul(x, wq), cos, sin), xp.matmul(x, wk)))


def rope_layer_of(xp: Any, x: Any, n: int, d: int, order: Order = "left-to-right") -> Any:
    """Return one layer of RoPE attention of `x`."""
    return rope_attention_layer(x, *weights(xp, 3, d), order=order, table=angles(xp, 1 - n, n - 1, d))


def rope_layer(xp: Any, n: int, d: int) -> Any:
    """Return one layer of RoPE attention, scores multiplied from left to right."""
    return rope_layer_of(xp, xp.empty((n, d)), n, d)


def rope_layer_keys_first(xp: Any, n: int, d: int) -> Any:
    """Return one layer of RoPE attention, keys projected beside the queries."""
    return rope_layer_of(xp, xp.empty((n, d)), n, d, "keys-first")


def tensor_matrix(xp: Any, n: int, d: int) -> Any:
    """Return the matrix A of tensor attention from X."""
    x, w = xp.empty((n, d)), weights(xp, 3, d)
    return tensor_matrix_of(xp, *(xp.matmul(x, m) for m in w))


def tensor_matrix_given(xp: Any, n: int, d: int) -> Any:
    """Return the matrix A of tensor attention from given Q, K1, K2."""
    return tensor_matrix_of(xp, *(xp.empty((n, d)) for _ in range(3)))


def tensor_matrix_of(xp: Any, q: Any, k1: Any, k2: Any) -> Any:
    """Return exp(Q (K1 o K2)^T / d)."""
    return exponentials(scaled(xp.matmul(q, xp.matrix_transpose(khatri_rao(k1, k2))), q.shape[-1], "d"))


def tensor_layer_of(xp: Any, x: Any, n: int, d: int, **choices: Any) -> Any:
    """Return one layer of tensor attention of `x`."""
    return tensor_attention_layer(x, *weights(xp, 5, d), **choices)


def tensor_layer(xp: Any, n: int, d: int) -> Any:
    """Return one layer of tensor attention."""
    return tensor_layer_of(xp, xp.empty((n, d)), n, d)


def tensor_layer_weights(xp: Any, n: int, d: int) -> Any:
    """Return the layer that divides the weights before it averages: another order of operations."""
    return tensor_layer_of(xp, xp.empty((n, d)), n, d, normalise="weights")


def rope_tensor_matrix(xp: Any, n: int, d: int) -> Any:
    """Return the matrix A of RoPE tensor attention from X."""
    return rope_tensor_matrix_by(xp, n, d, "matrix")


def rope_tensor_matrix_planes(xp: Any, n: int, d: int) -> Any:
    """Return the matrix A with rotations plane by plane."""
    return rope_tensor_matrix_by(xp, n, d, "planes")


def rope_tensor_matrix_by(xp: Any, n: int, d: int, product: RotationProduct) -> Any:
    """Return the matrix A with the chosen product by rotations."""
    x = xp.empty((n, d))
    q, k1, k2 = (xp.matmul(x, w) for w in weights(xp, 3, d))
    table: Any = triple_angles(xp, n, d)
    scores = rope_tensor_scores(q, k1, k2, variant=VARIANT, table=table, product=product)
    return exponentials(scaled(scores, d, "d"))


def rope_tensor_layer_of(xp: Any, x: Any, n: int, d: int, **choices: Any) -> Any:
    """Return one layer of RoPE tensor attention of `x`."""
    table = triple_angles(xp, n, d)
    return rope_tensor_attention_layer(x, *weights(xp, 5, d), variant=VARIANT, table=table, **choices)


def rope_tensor_layer(xp: Any, n: int, d: int) -> Any:
    """Return one layer of RoPE tensor attention."""
    return rope_tensor_layer_of(xp, xp.empty((n, d)), n, d)


def rope_tensor_layer_weights(xp: Any, n: int, d: int) -> Any:
    """Return the layer that divides the weights before it averages."""
    return rope_tensor_layer_of(xp, xp.empty((n, d)), n, d, normalise="weights")


def model(attention: Attention, m: int) -> Callable[[Any, int, int], Any]:
    """Return a transformer of m layers; each f_i is an affine map and then a layer norm."""

    def run(xp: Any, n: int, d: int) -> Any:
        def f(x: Any) -> Any:
            return layer_norm(affine(x, xp.empty((d, d)), xp.empty((d,))))

        blocks = [Block(lambda x: attention(xp, x, n, d), f) for _ in range(m)]
        return transformer(xp.empty((n, d)), f, blocks)

    return run
