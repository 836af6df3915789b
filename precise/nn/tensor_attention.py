"""Tensor attention: every query attends to all pairs of tokens."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.attention import Scale, check_rows, scaled
from precise.nn.namespace import A, ensure, namespace_of
from precise.nn.rope_attention import check_projections
from precise.nn.softmax import Normalise, SoftmaxVariant, weighted_average
from precise.nn.tensor import khatri_rao, kron

PairOrder: TypeAlias = Literal["project-first", "kron-first"]
PAIR_ORDERS: tuple[PairOrder, ...] = ("project-first", "kron-first")


def tensor_attention(
    q: A,
    k1: A,
    k2: A,
    v1: A,
    v2: A,
    /,
    *,
    scale: Scale = "d",
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
) -> A:
    r"""Return the tensor attention of the queries to the pairs of keys.

    .. math:: D^{-1} A V, \qquad A = \exp(Q (K_1 \oslash K_2)^\top / c), \quad V = V_1 \oslash V_2, \quad
        D = \operatorname{diag}(A \mathbf 1)

    Parameters
    ----------
    q : [..., n, d]
    k1, v1 : [..., n1, d], [..., n1, e]
    k2, v2 : [..., n2, d], [..., n2, e]
    scale : the c of the formula: "d" (the paper), "sqrt" for the root of d, or None for 1
    mask : boolean [..., n, n1 n2] or broadcasting to it, the pair (j, k) at j + (k - 1) n1
    softmax : "paper" subtracts no maximum, "shifted" subtracts it
    normalise : "output" divides the rows of A V by D (the paper); "weights" divides A by D first

    Returns
    -------
    [..., n, e]

    Rounding
    --------
    In this order: K = K1 ⊘ K2 (one product an element), Q K^T (d products and a sum an element), the quotient
    by the scale, exp; then D (a sum of n1 n2 terms) beside A V (n1 n2 products and a sum an element) with V =
    V1 ⊘ V2 (one product an element); one quotient an output element.

    Constraints
    -----------
    C1. All arrays are at least 2-dimensional; `q`, `k1`, `k2` agree in d, `v1` and `v2` in e; otherwise
        `ShapeError`.
    C2. `k1` and `v1` have equally many rows, `k2` and `v2` too; otherwise `ShapeError`.
    C3. The named choices are among their names; otherwise `DomainError`.
    C4. Not checked, since it depends on values: the exponentials and D are in range, and D is not rounded to
        0.

    References
    ----------
    `def:tensor-attention`, `lem:tensor-matrix` and `lem:tensor-layer` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> q, k, v = np.zeros((1, 2)), np.ones((2, 2)), np.asarray([[1.0], [3.0]])
    >>> tensor_attention(q, k, k, v, v)
    array([[4.]])
    """
    xp = namespace_of(q, k1, k2, v1, v2)
    check_tensor_rows("tensor_attention", q, k1, k2, v1, v2)
    keys, values = khatri_rao(k1, k2), khatri_rao(v1, v2)
    scores = scaled(xp.matmul(q, xp.matrix_transpose(keys)), q.shape[-1], scale)
    return weighted_average(scores, values, mask=mask, softmax=softmax, normalise=normalise)


def tensor_attention_layer(
    x: A,
    wq: A,
    wk1: A,
    wk2: A,
    wv1: A,
    wv2: A,
    /,
    *,
    order: PairOrder = "project-first",
    scale: Scale = "d",
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
) -> A:
    r"""Return one layer of tensor attention of the rows of `x`.

    .. math:: D^{-1} A V \text{ with } Q = X W_Q, \quad K_i = X W_{K_i}, \quad V_i = X W_{V_i}

    Parameters
    ----------
    x : [..., n, d]
    wq, wk1, wk2, wv1, wv2 : [d, d], which act on rows
    order : how K and V are made: "project-first" as (X W1) ⊘ (X W2); "kron-first" as (X ⊗ X)(W1 ⊘ W2), where
        X ⊗ X has shape [n^2, d^2]. One real function, two roundings
    scale, mask, softmax, normalise : as in `tensor_attention`

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    The projections (d products and a sum an element), then those of `tensor_attention`. For "kron-first" an
    element of K or V has one product each in X ⊗ X and in W1 ⊘ W2, and then d^2 products and a sum.

    Constraints
    -----------
    C1. `x` is at least 2-dimensional and the weights are d x d; otherwise `ShapeError`.
    C2. The named choices are among their names; otherwise `DomainError`.
    C3. Not checked, since it depends on values: as C4 of `tensor_attention`.

    References
    ----------
    `def:tensor-attention`, `fact:tensor-key` and `lem:tensor-layer` of arXiv:2412.18040. The critical path of
    "project-first" is 6s + 3P + E.

    Examples
    --------
    >>> import numpy as np
    >>> eye = np.eye(2)
    >>> tensor_attention_layer(np.asarray([[1.0, 2.0]]), eye, eye, eye, eye, eye)
    array([[1., 4.]])
    """
    xp = namespace_of(x, wq, wk1, wk2, wv1, wv2)
    op = "tensor_attention_layer"
    check_projections(op, x, wq=wq, wk1=wk1, wk2=wk2, wv1=wv1, wv2=wv2)
    if order not in PAIR_ORDERS:
        raise DomainError(f"{op}: order must be one of {', '.join(PAIR_ORDERS)}; got {order!r}")
    q = xp.matmul(x, wq)
    if order == "project-first":
        projected = [xp.matmul(x, w) for w in (wk1, wk2, wv1, wv2)]
        return tensor_attention(q, *projected, scale=scale, mask=mask, softmax=softmax, normalise=normalise)
    square = kron(x, x)
    keys, values = xp.matmul(square, khatri_rao(wk1, wk2)), xp.matmul(square, khatri_rao(wv1, wv2))
    scores = scaled(xp.matmul(q, xp.matrix_transpose(keys)), q.shape[-1], scale)
    return weighted_average(scores, values, mask=mask, softmax=softmax, normalise=normalise)


def check_tensor_rows(op: str, q: A, k1: A, k2: A, v1: A, v2: A) -> None:
    """Check the shapes of queries, keys and values of tensor attention."""
    check_rows(op, ("q", q), ("k1", k1), ("k2", k2))
    check_rows(op, ("v1", v1), ("v2", v2))
    ensure(k1.shape[-2] == v1.shape[-2], op, "k1 and v1 must have equally many rows", k1, v1)
    ensure(k2.shape[-2] == v2.shape[-2], op, "k2 and v2 must have equally many rows", k2, v2)
