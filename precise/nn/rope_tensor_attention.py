"""Tensor attention with rotated scores."""

from __future__ import annotations

from precise.nn.attention import Scale, scaled
from precise.nn.namespace import A, namespace_of
from precise.nn.planes import Layout
from precise.nn.rope import RotationProduct
from precise.nn.rope_attention import check_projections
from precise.nn.rope_tensor_scores import Evaluation, TripleVariant, rope_tensor_scores
from precise.nn.rotation_table import RotationTable
from precise.nn.softmax import Normalise, SoftmaxVariant, weighted_average
from precise.nn.tensor import khatri_rao
from precise.nn.tensor_attention import check_tensor_rows


def rope_tensor_attention(
    q: A,
    k1: A,
    k2: A,
    v1: A,
    v2: A,
    /,
    *,
    variant: TripleVariant,
    theta: A | None = None,
    table: RotationTable[A] | None = None,
    evaluation: Evaluation = "direct",
    scale: Scale = "d",
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
    layout: Layout = "interleaved",
    product: RotationProduct = "matrix",
) -> A:
    r"""Return the RoPE tensor attention of n tokens, positions counted from 1.

    .. math:: D^{-1} A V, \qquad A_{i,J} = \exp(s_{i,J} / c), \quad V = V_1 \oslash V_2, \quad
        D = \operatorname{diag}(A \mathbf 1)

    Parameters
    ----------
    q, k1, k2 : [..., n, d]
    v1, v2 : [..., n, e]
    variant, theta, table, evaluation, layout, product : of the scores s, as in `rope_tensor_scores`
    scale, mask, softmax, normalise : as in `tensor_attention`

    Returns
    -------
    [..., n, e]

    Rounding
    --------
    The scores as in `rope_tensor_scores`, the quotient by the scale, exp; then D (a sum of n^2 terms) beside
    A V (n^2 products and a sum an element) with V = V1 ⊘ V2 (one product an element); one quotient an output
    element.

    Constraints
    -----------
    C1. The shapes fit as in `tensor_attention`, all with n rows, and d is even; otherwise `ShapeError`.
    C2. Those of `rope_tensor_scores`.
    C3. Not checked, since it depends on values: the exponentials and D are in range, and D is not rounded to
        0.

    References
    ----------
    `def:rope-tensor-attention`, `lem:rope-tensor-matrix` and `lem:rope-tensor-layer` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> q, k, v = np.zeros((2, 2)), np.ones((2, 2)), np.asarray([[1.0], [3.0]])
    >>> rope_tensor_attention(q, k, k, v, v, variant="pair-sum", theta=np.asarray([1.0]))
    array([[4.],
           [4.]])
    """
    check_tensor_rows("rope_tensor_attention", q, k1, k2, v1, v2)
    scores = rope_tensor_scores(
        q,
        k1,
        k2,
        variant=variant,
        theta=theta,
        table=table,
        evaluation=evaluation,
        layout=layout,
        product=product,
    )
    values = khatri_rao(v1, v2)
    return weighted_average(scaled(scores, q.shape[-1], scale), values, mask=mask, softmax=softmax, normalise=normalise)


def rope_tensor_attention_layer(
    x: A,
    wq: A,
    wk1: A,
    wk2: A,
    wv1: A,
    wv2: A,
    /,
    *,
    variant: TripleVariant,
    theta: A | None = None,
    table: RotationTable[A] | None = None,
    evaluation: Evaluation = "direct",
    scale: Scale = "d",
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
    layout: Layout = "interleaved",
    product: RotationProduct = "matrix",
) -> A:
    r"""Return one layer of RoPE tensor attention of the rows of `x`, positions counted from 1.

    .. math:: D^{-1} A V \text{ with } Q = X W_Q, \quad K_i = X W_{K_i}, \quad V_i = X W_{V_i}

    Parameters
    ----------
    x : [..., n, d]
    wq, wk1, wk2, wv1, wv2 : [d, d], which act on rows
    variant, theta, table, evaluation, layout, product : as in `rope_tensor_scores`
    scale, mask, softmax, normalise : as in `tensor_attention`

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    The projections (d products and a sum an element) beside the entries of the rotations, then those of
    `rope_tensor_attention`.

    Constraints
    -----------
    C1. `x` is at least 2-dimensional with an even width d, and the weights are d x d; otherwise `ShapeError`.
    C2. Those of `rope_tensor_scores`.
    C3. Not checked, since it depends on values: as C3 of `rope_tensor_attention`.

    References
    ----------
    `def:rope-tensor-attention` and `lem:rope-tensor-layer` of arXiv:2412.18040. The critical path of the
    variants flat, pair-sum and first-key, evaluated directly by matrix products, is max(s + P, triangle) + 5s
    + 3P + E with tabulated angles; computed angles add one s to the triangle.

    Examples
    --------
    >>> import numpy as np
    >>> eye = np.eye(2)
    >>> x, theta = np.asarray([[1.0, 2.0]]), np.asarray([1.0])
    >>> rope_tensor_attention_layer(x, eye, eye, eye, eye, eye, variant="flat", theta=theta)
    array([[1., 4.]])
    """
    xp = namespace_of(x, wq, wk1, wk2, wv1, wv2, theta)
    check_projections("rope_tensor_attention_layer", x, wq=wq, wk1=wk1, wk2=wk2, wv1=wv1, wv2=wv2)
    q, k1, k2, v1, v2 = (xp.matmul(x, w) for w in (wq, wk1, wk2, wv1, wv2))
    return rope_tensor_attention(
        q,
        k1,
        k2,
        v1,
        v2,
        variant=variant,
        theta=theta,
        table=table,
        evaluation=evaluation,
        scale=scale,
        mask=mask,
        softmax=softmax,
        normalise=normalise,
        layout=layout,
        product=product,
    )
