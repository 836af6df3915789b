"""Attention whose scores depend on the difference of positions: relative form and model form."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.attention import Scale, check_rows, scaled
from precise.nn.namespace import A, ensure, namespace_of
from precise.nn.planes import Layout
from precise.nn.rope import RotationProduct, apply_rope
from precise.nn.rotation_table import RotationTable, table_for
from precise.nn.softmax import Normalise, SoftmaxVariant, weighted_average

RopeForm: TypeAlias = Literal["relative", "rotated"]
Order: TypeAlias = Literal["keys-first", "left-to-right"]
ROPE_FORMS: tuple[RopeForm, ...] = ("relative", "rotated")
ORDERS: tuple[Order, ...] = ("keys-first", "left-to-right")


def rope_position_range(n: int, *, form: RopeForm = "relative") -> tuple[int, int]:
    """Return the least and the largest position whose rotation `rope_attention` uses for n tokens.

    Examples
    --------
    >>> rope_position_range(4), rope_position_range(4, form="rotated")
    ((-3, 3), (1, 4))
    """
    if form not in ROPE_FORMS:
        raise DomainError(f"rope_position_range: form must be one of {', '.join(ROPE_FORMS)}; got {form!r}")
    return (1 - n, n - 1) if form == "relative" else (1, n)


def rotate_queries(
    q: A, cos: A, sin: A, /, *, layout: Layout = "interleaved", product: RotationProduct = "matrix"
) -> A:
    r"""Return the row product of every query with each of its rotation matrices.

    .. math:: (i, J) \mapsto Q_{i,*} R_{i,J}

    Parameters
    ----------
    q : [..., n, d]
    cos, sin : [n, N, d/2], of the rotation of the pair (i, J)
    layout, product : as in `apply_rope`; a row times R is R transposed times a column, so the sines change
        sign

    Returns
    -------
    [..., n, N, d]

    Rounding
    --------
    That of `apply_rope`; negation adds none.

    References
    ----------
    Step 4 of `lem:rope-tensor-matrix` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> rotate_queries(np.asarray([[1.0, 2.0]]), np.zeros((1, 1, 1)), np.ones((1, 1, 1)))
    array([[[ 2., -1.]]])
    """
    xp = namespace_of(q, cos, sin)
    return apply_rope(xp.expand_dims(q, axis=-2), cos, xp.negative(sin), layout=layout, product=product)


def row_scores(rotated: A, keys: A, /) -> A:
    r"""Return the inner products of row J of each block with row J of the keys.

    .. math:: s_{i,J} = \sum_l \text{rotated}_{i,J,l}\, K_{J,l}

    Parameters
    ----------
    rotated : [..., n, N, d]
    keys : [..., N, d]

    Returns
    -------
    [..., n, N]

    Rounding
    --------
    d products and their sum an element, as the namespace multiplies matrices.

    References
    ----------
    Step 5 of `lem:rope-tensor-matrix` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> row_scores(np.asarray([[[1, 2], [3, 4]]]), np.asarray([[1, 1], [10, 0]]))
    array([[ 3, 30]])
    """
    xp = namespace_of(rotated, keys)
    columns = xp.expand_dims(xp.expand_dims(keys, axis=-1), axis=-4)  # [..., 1, N, d, 1]
    scores = xp.matmul(xp.expand_dims(rotated, axis=-2), columns)  # [..., n, N, 1, 1]
    return xp.reshape(scores, scores.shape[:-2])


def rope_attention(
    q: A,
    k: A,
    v: A,
    /,
    *,
    theta: A | None = None,
    table: RotationTable[A] | None = None,
    form: RopeForm = "relative",
    scale: Scale = None,
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
    layout: Layout = "interleaved",
    product: RotationProduct = "matrix",
) -> A:
    r"""Return the attention of n tokens with rotated scores, positions counted from 1.

    .. math:: D^{-1} A V, \qquad A_{ij} = \exp(Q_{i,*} R_{j-i} K_{j,*}^\top / c)

    Parameters
    ----------
    q, k : [..., n, d]
    v : [..., n, e]
    theta : [d/2]; the angles t theta_l are then computed
    table : or a table that holds the positions of `rope_position_range`
    form : "relative" rotates the query by j - i for each pair, n * n * d entries; "rotated" rotates query i
        and key j by their own positions, as the models do. One real function, two roundings
    scale, mask, softmax, normalise : as in `attention`; the paper divides by nothing here
    layout, product : of the rotation, as in `apply_rope`

    Returns
    -------
    [..., n, e]

    Rounding
    --------
    relative: angle, cosine and sine; the product of the query with the rotation; the product with the key.
    rotated: angle, cosine and sine; the products of query and key with their rotations; their inner product.
    Then the scale and the rest as in `attention`.

    Constraints
    -----------
    C1. `q` and `k` have one shape, d is even, `v` has n rows; otherwise `ShapeError`.
    C2. Exactly one of `theta` and `table` is given, and the table holds the positions; otherwise
        `DomainError`.
    C3. The named choices are among their names; otherwise `DomainError`.

    References
    ----------
    `def:rope-attention`, `lem:rope-matrix` and `lem:rope-layer` of arXiv:2412.18040, taken there from
    arXiv:2411.07602.

    Examples
    --------
    >>> import numpy as np
    >>> rope_attention(np.zeros((2, 2)), np.ones((2, 2)), np.asarray([[1.0], [3.0]]), theta=np.ones(1))
    array([[2.],
           [2.]])
    """
    xp = namespace_of(q, k, v, theta)
    check_rows("rope_attention", ("q", q), ("k", k))
    ensure(q.shape[-2] == k.shape[-2], "rope_attention", "q and k must have equally many rows", q, k)
    n = q.shape[-2]
    table = table_for("rope_attention", theta, table, *rope_position_range(n, form=form))
    if form == "relative":
        cos, sin = table.runs([[1 - i] for i in range(1, n + 1)], n)
        rotated = rotate_queries(q, cos, sin, layout=layout, product=product)
        scores = row_scores(rotated, k)
    else:
        cos, sin = table.at(1, n)
        turned_q = apply_rope(q, cos, sin, layout=layout, product=product)
        turned_k = apply_rope(k, cos, sin, layout=layout, product=product)
        scores = xp.matmul(turned_q, xp.matrix_transpose(turned_k))
    scores = scaled(scores, q.shape[-1], scale)
    return weighted_average(scores, v, mask=mask, softmax=softmax, normalise=normalise)


def rope_attention_layer(
    x: A,
    wq: A,
    wk: A,
    wv: A,
    /,
    *,
    theta: A | None = None,
    table: RotationTable[A] | None = None,
    order: Order = "keys-first",
    scale: Scale = None,
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
    layout: Layout = "interleaved",
    product: RotationProduct = "matrix",
) -> A:
    r"""Return one layer of RoPE attention of the rows of `x`, positions counted from 1.

    .. math:: D^{-1} A X W_V, \qquad A_{ij} = \exp(X_{i,*} W_Q R_{j-i} W_K^\top X_{j,*}^\top / c)

    Parameters
    ----------
    x : [..., n, d]
    wq, wk, wv : [d, d], which act on rows: Q = X W_Q
    theta, table : as in `rope_attention`
    order : "keys-first" computes K = X W_K beside X W_Q and then (Q R) K^T; "left-to-right" multiplies
        ((X W_Q) R) W_K^T for every pair and then by X^T. One real function, two roundings and two depths
    scale, mask, softmax, normalise, layout, product : as in `rope_attention`

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    X W_Q and X W_V beside the entries of R; Q R; then (with X W_K beside) the product with K^T, or the
    products with W_K^T and X^T; scale, exp, D beside A V, and the quotient, all as in `rope_attention`.

    Constraints
    -----------
    C1. `x` is at least 2-dimensional with an even width d, and the weights are d x d; otherwise `ShapeError`.
    C2. Those of `rope_attention`.

    References
    ----------
    `def:rope-attention`, `lem:rope-matrix` and `lem:rope-layer` of arXiv:2412.18040. With a tabulated angle
    the critical path is max(s + P, triangle) + 4s + 3P + E for "keys-first" and one s + P more for
    "left-to-right".

    Examples
    --------
    >>> import numpy as np
    >>> eye = np.eye(2)
    >>> rope_attention_layer(np.ones((2, 2)), 0 * eye, eye, eye, theta=np.ones(1))
    array([[1., 1.],
           [1., 1.]])
    """
    xp = namespace_of(x, wq, wk, wv, theta)
    op = "rope_attention_layer"
    check_projections(op, x, wq=wq, wk=wk, wv=wv)
    if order not in ORDERS:
        raise DomainError(f"{op}: order must be one of {', '.join(ORDERS)}; got {order!r}")
    n, d = x.shape[-2:]
    table = table_for(op, theta, table, *rope_position_range(n))
    cos, sin = table.runs([[1 - i] for i in range(1, n + 1)], n)
    rotated = rotate_queries(xp.matmul(x, wq), cos, sin, layout=layout, product=product)
    if order == "keys-first":
        scores = row_scores(rotated, xp.matmul(x, wk))
    else:
        scores = row_scores(xp.matmul(rotated, xp.matrix_transpose(wk)), x)
    values = xp.matmul(x, wv)
    return weighted_average(scaled(scores, d, scale), values, mask=mask, softmax=softmax, normalise=normalise)


def check_projections(op: str, x: A, **weights: A) -> None:
    """Check that `x` is [..., n, d] and that every weight is [d, d]."""
    ensure(len(x.shape) >= 2, op, "x must be at least 2-dimensional [..., n, d]", x)
    for name, w in weights.items():
        ensure(w.shape == (x.shape[-1],) * 2, op, f"{name} must have shape [d, d] for x [..., n, d]", w, x)
