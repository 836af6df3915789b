"""Attention of rows to rows: scores, scale, mask, and the weighted average."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.namespace import A, broadcastable, constant, ensure, namespace_of
from precise.nn.softmax import Normalise, SoftmaxVariant, weighted_average

Scale: TypeAlias = Literal["d", "sqrt"] | None
SCALES: tuple[Scale, ...] = ("d", "sqrt", None)


def scaled(scores: A, /, d: int, scale: Scale) -> A:
    r"""Return the scores divided by the chosen scale.

    .. math:: s / d, \qquad s / \sqrt d, \qquad s

    Parameters
    ----------
    scores : [...]
    d : width of the rows that were multiplied
    scale : "d", "sqrt", or None for no division

    Returns
    -------
    [...]

    Rounding
    --------
    One an element, of the quotient; for "sqrt" also that of the root of d, and d itself is rounded by the
    namespace if it is not one of its numbers. None for None.

    Constraints
    -----------
    C1. `scale` is one of the three; otherwise `DomainError`.

    References
    ----------
    `def:tensor-attention` of arXiv:2412.18040, which divides by d.

    Examples
    --------
    >>> import numpy as np
    >>> [float(scaled(np.asarray(8.0), 4, scale)) for scale in ("d", "sqrt", None)]
    [2.0, 4.0, 8.0]
    """
    xp = namespace_of(scores)
    if scale not in SCALES:
        raise DomainError(f"scaled: scale must be 'd', 'sqrt' or None; got {scale!r}")
    if scale is None:
        return scores
    if scale == "d":
        return xp.divide(scores, d)
    return xp.divide(scores, xp.sqrt(constant(xp, d, scores)))


def causal_mask(like: A, /, n: int, m: int | None = None) -> A:
    """Return the boolean mask by which query i sees the keys up to its own position.

    Parameters
    ----------
    like : an array of the namespace in which the mask is made
    n : number of queries
    m : number of keys, at least n; the queries are the last n positions (n by default)

    Returns
    -------
    boolean [n, m]
        true where j <= i + m - n

    Rounding
    --------
    None.

    Constraints
    -----------
    C1. n <= m; otherwise `DomainError`.

    Examples
    --------
    >>> import numpy as np
    >>> causal_mask(np.zeros(1), 2, 3)
    array([[ True,  True, False],
           [ True,  True,  True]])
    """
    xp = namespace_of(like)
    keys = n if m is None else m
    if n > keys:
        raise DomainError(f"causal_mask: n must not exceed m; got {n} and {keys}")
    return xp.asarray([[j <= i + keys - n for j in range(keys)] for i in range(n)])


def attention(
    q: A,
    k: A,
    v: A,
    /,
    *,
    scale: Scale = "d",
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
) -> A:
    r"""Return the attention of the queries to the keys; leading axes are heads.

    .. math:: D^{-1} A V, \qquad A = \exp(Q K^\top / c), \quad D = \operatorname{diag}(A \mathbf 1)

    Parameters
    ----------
    q : [..., n, d]
    k : [..., m, d]
    v : [..., m, e]
    scale : the c of the formula: "d", "sqrt" for the root of d, or None for 1
    mask : boolean [..., n, m] or broadcasting to it; false takes a key away from a query
    softmax : "paper" subtracts no maximum, "shifted" subtracts it
    normalise : "output" divides the rows of A V by D; "weights" divides A by D first

    Returns
    -------
    [..., n, e]

    Rounding
    --------
    In this order: the product Q K^T (d products and a sum an element), the quotient by the scale, the
    exponentials as in `exponentials`, D, and A V with its quotient as in `weighted_average`.

    Constraints
    -----------
    C1. `q`, `k` and `v` are at least 2-dimensional; `q` and `k` agree in d, `k` and `v` in m; otherwise
        `ShapeError`.
    C2. The leading axes broadcast; otherwise `ShapeError`.
    C3. `scale`, `softmax` and `normalise` are among their names; otherwise `DomainError`.
    C4. Not checked, since it depends on values: a mask leaves every query at least one key.

    References
    ----------
    `def:softmax` and `lem:attention-output` of arXiv:2412.18040; Vaswani et al., arXiv:1706.03762, section
    3.2.1, with scale "sqrt".

    Examples
    --------
    >>> import numpy as np
    >>> q, k, v = np.zeros((1, 2)), np.ones((2, 2)), np.asarray([[1.0], [3.0]])
    >>> attention(q, k, v)
    array([[2.]])
    >>> attention(q, k, v, mask=np.asarray([[True, False]]))
    array([[1.]])
    """
    xp = namespace_of(q, k, v)
    check_rows("attention", ("q", q), ("k", k))
    must = "k [..., m, d] and v [..., m, e] must agree in m"
    ensure(len(v.shape) >= 2 and k.shape[-2] == v.shape[-2], "attention", must, k, v)
    leading = broadcastable(k.shape[:-2], v.shape[:-2])
    ensure(leading, "attention", "the leading axes of k and v must broadcast", k, v)
    scores = scaled(xp.matmul(q, xp.matrix_transpose(k)), q.shape[-1], scale)
    return weighted_average(scores, v, mask=mask, softmax=softmax, normalise=normalise)


def grouped_query_attention(
    q: A,
    k: A,
    v: A,
    /,
    *,
    scale: Scale = "sqrt",
    mask: A | None = None,
    softmax: SoftmaxVariant = "shifted",
    normalise: Normalise = "weights",
) -> A:
    r"""Return the attention of h query heads that share g key and value heads.

    .. math:: O_r = \operatorname{attention}(Q_r, K_{\lfloor r g / h \rfloor}, V_{\lfloor r g / h \rfloor}),
        \qquad r = 0, \dots, h - 1

    Parameters
    ----------
    q : [..., h, n, d]
    k : [..., g, m, d]
    v : [..., g, m, e]
    scale, softmax, normalise : as in `attention`; the defaults are those of the models in use
    mask : boolean, broadcasts to [..., h / g, n, m]

    Returns
    -------
    [..., h, n, e]

    Rounding
    --------
    That of `attention`.

    Constraints
    -----------
    C1. `q`, `k` and `v` are at least 3-dimensional, g divides h, and `v` has g heads; otherwise `ShapeError`.
    C2. Those of `attention`.

    References
    ----------
    Ainslie et al., *GQA*, arXiv:2305.13245, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> q, k, v = np.zeros((4, 1, 2)), np.zeros((2, 1, 2)), np.asarray([[[1.0]], [[2.0]]])
    >>> grouped_query_attention(q, k, v)[:, 0, 0]
    array([1., 1., 2., 2.])
    """
    xp = namespace_of(q, k, v)
    op = "grouped_query_attention"
    heads = all(len(x.shape) >= 3 for x in (q, k, v)) and k.shape[-3] == v.shape[-3]
    ensure(heads, op, "q [..., h, n, d], k [..., g, m, d] and v [..., g, m, e] must agree in g", q, k, v)
    groups = k.shape[-3]
    ensure(groups > 0 and q.shape[-3] % groups == 0, op, "the heads of k must divide those of q", q, k)
    grouped = xp.reshape(q, (*q.shape[:-3], groups, q.shape[-3] // groups, *q.shape[-2:]))
    shared_k, shared_v = xp.expand_dims(k, axis=-3), xp.expand_dims(v, axis=-3)
    out = attention(grouped, shared_k, shared_v, scale=scale, mask=mask, softmax=softmax, normalise=normalise)
    return xp.reshape(out, (*out.shape[:-4], q.shape[-3], *out.shape[-2:]))


def check_rows(op: str, *named: tuple[str, A]) -> None:
    """Check that the arrays are stacks of matrices with equally many columns whose leading axes broadcast."""
    names, arrays = ", ".join(name for name, _ in named), [x for _, x in named]
    ensure(all(len(x.shape) >= 2 for x in arrays), op, f"{names} must be at least 2-dimensional", *arrays)
    columns = {x.shape[-1] for x in arrays}
    ensure(len(columns) == 1, op, f"{names} must have equally many columns d", *arrays)
    pairs = [(x, y) for i, x in enumerate(arrays) for y in arrays[:i]]
    leading = all(broadcastable(x.shape[:-2], y.shape[:-2]) for x, y in pairs)
    ensure(leading, op, f"the leading axes of {names} must broadcast", *arrays)
