"""The forward pass of a decoder of the Llama architecture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from precise.errors import ShapeError
from precise.nn.affine import affine, swiglu
from precise.nn.attention import attention, causal_mask
from precise.nn.namespace import A, Scalar, ensure, namespace_of
from precise.nn.norm import rms_norm
from precise.nn.planes import Layout
from precise.nn.rope import apply_rope
from precise.nn.softmax import SoftmaxVariant


@dataclass(frozen=True, slots=True)
class LlamaLayer(Generic[A]):
    """Weights of one decoder layer, each acting on columns as in `affine`.

    Parameters
    ----------
    attention_norm, mlp_norm : [d]
    wq : [h e, d] for h query heads of width e
    wk, wv : [g e, d] for g key and value heads
    wo : [d, h e]
    w_gate, w_up : [f, d]
    w_down : [d, f]
    """

    attention_norm: A
    wq: A
    wk: A
    wv: A
    wo: A
    mlp_norm: A
    w_gate: A
    w_up: A
    w_down: A


@dataclass(frozen=True, slots=True)
class LlamaWeights(Generic[A]):
    """Weights and shape of a decoder.

    Parameters
    ----------
    embedding : [vocabulary, d]
    layers : in the order in which they are applied
    final_norm : [d]
    heads, kv_heads : h and g; g divides h
    epsilon : of the root-mean-square norms
    layout : where the planes of a head stand; "half" for published checkpoints, "interleaved" for GGUF files
        of this architecture, whose query and key rows are permuted
    softmax : variant of the softmax
    block : how many queries are scored at a time against the keys up to theirs; all of them if None. The result
        depends on it only through the order of sums: masked weights are exact zeros
    output : [vocabulary, d], or None if the embedding is used again

    Constraints
    -----------
    C1. `kv_heads` is positive and divides `heads`, and `block` is positive; otherwise `ShapeError`.
    """

    embedding: A
    layers: tuple[LlamaLayer[A], ...]
    final_norm: A
    heads: int
    kv_heads: int
    epsilon: Scalar
    layout: Layout = "half"
    softmax: SoftmaxVariant = "shifted"
    block: int | None = None
    output: A | None = None

    def __post_init__(self) -> None:
        if self.kv_heads < 1 or self.heads < 1 or self.heads % self.kv_heads:
            raise ShapeError(f"LlamaWeights: kv_heads must divide heads; got {self.kv_heads} and {self.heads}")
        if self.block is not None and self.block < 1:
            raise ShapeError(f"LlamaWeights: block must be positive; got {self.block}")


def llama_hidden(weights: LlamaWeights[A], tokens: A, cos: A, sin: A, /) -> A:
    r"""Return the last hidden rows of a decoder, after the final norm.

    .. math:: x \leftarrow x + \mathrm{Attn}(\mathrm{rms}(x)), \quad
        x \leftarrow x + \mathrm{MLP}(\mathrm{rms}(x)) \quad \text{for every layer}

    Parameters
    ----------
    weights : of the model
    tokens : [T], integers from 0; whatever `take` of the namespace accepts
    cos, sin : [T, e/2], row r for position r, so that the tables may come from another arithmetic

    Returns
    -------
    [T, d]
        rows for `llama_logits`. One head and block is computed at a time, so scores take block * T entries

    Rounding
    --------
    Those of `llama_layer` for each layer, then `rms_norm`. Taking rows of the embedding adds none.

    Constraints
    -----------
    C1. `cos` and `sin` have one row a token; otherwise `ShapeError`.
    C2. Those of `llama_layer`.

    References
    ----------
    Touvron et al., *LLaMA*, arXiv:2302.13971, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> weights = LlamaWeights(np.asarray([[3.0, -3.0], [5.0, 5.0]]), (), np.ones(2), 1, 1, 0)
    >>> llama_hidden(weights, np.asarray([1, 0]), np.ones((2, 1)), np.zeros((2, 1)))
    array([[ 1.,  1.],
           [ 1., -1.]])
    """
    xp = namespace_of(weights.embedding, cos, sin)
    rows = len(tokens.shape) == 1 and cos.shape[:1] == sin.shape[:1] == tokens.shape
    ensure(rows, "llama_hidden", "tokens [T], cos and sin [T, e/2] must agree in T", tokens, cos, sin)
    x = xp.take(weights.embedding, tokens, axis=0)
    masks = block_masks(x, x.shape[0], weights.block)
    for layer in weights.layers:
        x = llama_layer(weights, layer, x, cos, sin, masks)
    return rms_norm(x, weights.final_norm, weights.epsilon)


def block_masks(like: A, /, n: int, block: int | None) -> tuple[A, ...]:
    """Return the causal masks `[rows, keys]` of consecutive blocks of n queries, each against the keys up to its end.

    Examples
    --------
    >>> import numpy as np
    >>> [mask.shape for mask in block_masks(np.zeros(1), 5, 2)]
    [(2, 2), (2, 4), (1, 5)]
    """
    step = n if block is None else block
    ends = [min(start + step, n) for start in range(0, n, step)]
    return tuple(causal_mask(like, end - start, end) for start, end in zip([0, *ends], ends, strict=False))


def llama_layer(weights: LlamaWeights[A], layer: LlamaLayer[A], x: A, cos: A, sin: A, masks: tuple[A, ...], /) -> A:
    r"""Return the rows after one decoder layer.

    .. math:: y = x + \mathrm{Attn}(\mathrm{rms}(x)), \qquad y + \mathrm{MLP}(\mathrm{rms}(y))

    Parameters
    ----------
    weights : of the model, for its heads, epsilon, layout and softmax
    layer : one of its layers
    x : [T, d]
    cos, sin : [T, e/2]
    masks : boolean, the `block_masks` of T queries

    Returns
    -------
    [T, d]

    Rounding
    --------
    In this order: `rms_norm`, the attention of `llama_attention`, the first addition, `rms_norm`, `swiglu`,
    the second addition.

    Constraints
    -----------
    C1. The shapes fit as in `rms_norm`, `llama_attention` and `swiglu`; otherwise `ShapeError`.

    References
    ----------
    Touvron et al., *LLaMA*, arXiv:2302.13971, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> eye, zero = np.eye(2), np.zeros((2, 2))
    >>> layer = LlamaLayer(np.ones(2), eye, eye, eye, eye, np.ones(2), zero, zero, zero)
    >>> weights = LlamaWeights(eye, (layer,), np.ones(2), 1, 1, 0)
    >>> x, cos, sin, mask = np.asarray([[2.0, -2.0]]), np.ones((1, 1)), np.zeros((1, 1)), np.ones((1, 1), bool)
    >>> llama_layer(weights, layer, x, cos, sin, (mask,))
    array([[ 3., -3.]])
    """
    xp = namespace_of(x, cos, sin)
    normed = rms_norm(x, layer.attention_norm, weights.epsilon)
    y = xp.add(x, llama_attention(weights, layer, normed, cos, sin, masks))
    normed = rms_norm(y, layer.mlp_norm, weights.epsilon)
    return xp.add(y, swiglu(normed, layer.w_gate, layer.w_up, layer.w_down))


def llama_attention(weights: LlamaWeights[A], layer: LlamaLayer[A], x: A, cos: A, sin: A, masks: tuple[A, ...], /) -> A:
    r"""Return the masked grouped-query attention of one decoder layer, head by head.

    .. math:: [O_0, \dots, O_{h-1}] W_o^\top, \qquad r' = \lfloor r g / h \rfloor, \quad
        O_r = \operatorname{softmax}\bigl(R Q_r (R K_{r'})^\top / \sqrt e\bigr) V_{r'}

    Parameters
    ----------
    weights, layer, cos, sin, masks : as in `llama_layer`
    x : [T, d], already normed

    Returns
    -------
    [T, d]

    Rounding
    --------
    In this order: the three projections, the rotation of queries and keys plane by plane as in `apply_rope`,
    then `attention` with scale "sqrt" and weights normalised before the product with V, then the product with
    `wo`.

    Constraints
    -----------
    C1. `heads` divides the rows of `wq`, and `wk` and `wv` have `kv_heads` heads of the same width; otherwise
        `ShapeError`.

    References
    ----------
    Ainslie et al., *GQA*, arXiv:2305.13245, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> eye, one = np.eye(2), np.ones(2)
    >>> layer = LlamaLayer(one, eye, eye, 2 * eye, eye, one, eye, eye, eye)
    >>> weights = LlamaWeights(eye, (layer,), one, 1, 1, 0)
    >>> x, cos, sin, mask = np.asarray([[3.0, 4.0]]), np.ones((1, 1)), np.zeros((1, 1)), np.ones((1, 1), bool)
    >>> llama_attention(weights, layer, x, cos, sin, (mask,))
    array([[6., 8.]])
    """
    xp = namespace_of(x, cos, sin)
    fits = layer.wq.shape[0] % weights.heads == 0 and layer.wk.shape == layer.wv.shape
    fits = fits and layer.wk.shape[0] * weights.heads == layer.wq.shape[0] * weights.kv_heads
    must = f"wq, wk, wv must have {weights.heads}, {weights.kv_heads}, {weights.kv_heads} heads of one width"
    ensure(fits, "llama_attention", must, layer.wq, layer.wk, layer.wv)
    width = layer.wq.shape[0] // weights.heads
    q, k, v = affine(x, layer.wq), affine(x, layer.wk), affine(x, layer.wv)
    shared = weights.heads // weights.kv_heads
    outputs = []
    for group in range(weights.kv_heads):
        columns = slice(group * width, (group + 1) * width)
        key, value = apply_rope(k[:, columns], cos, sin, layout=weights.layout), v[:, columns]
        for head in range(group * shared, (group + 1) * shared):
            query = apply_rope(q[:, head * width : (head + 1) * width], cos, sin, layout=weights.layout)
            outputs.append(xp.concat(_blocks(weights, query, key, value, masks), axis=0))
    return affine(xp.concat(outputs, axis=-1), layer.wo)


def _blocks(weights: LlamaWeights[A], query: A, key: A, value: A, masks: tuple[A, ...]) -> list[A]:
    """Return the attention of one head, a block of queries for each mask."""
    outputs, start = [], 0
    for mask in masks:
        rows, keys = mask.shape
        block = attention(
            query[start : start + rows, :],
            key[:keys, :],
            value[:keys, :],
            scale="sqrt",
            mask=mask,
            softmax=weights.softmax,
            normalise="weights",
        )
        outputs.append(block)
        start += rows
    return outputs


def llama_logits(weights: LlamaWeights[A], hidden: A, /) -> A:
    r"""Return the logits of hidden rows; call it on chunks of rows where all logits would not fit in memory.

    .. math:: H W^\top

    Parameters
    ----------
    weights : of the model
    hidden : [t, d], rows of `llama_hidden`

    Returns
    -------
    [t, vocabulary]

    Rounding
    --------
    d products and their sum an element, as the namespace multiplies matrices.

    Constraints
    -----------
    C1. `hidden` has d columns; otherwise `ShapeError`.

    References
    ----------
    Touvron et al., *LLaMA*, arXiv:2302.13971, section 2.2; tied embeddings if `output` is None.

    Examples
    --------
    >>> import numpy as np
    >>> weights = LlamaWeights(np.asarray([[3.0, -3.0], [5.0, 5.0]]), (), np.ones(2), 1, 1, 0)
    >>> llama_logits(weights, np.asarray([[1.0, 1.0]]))
    array([[ 0., 10.]])
    """
    return affine(hidden, weights.embedding if weights.output is None else weights.output)
