"""Softmax, and the weighted average that every attention ends with."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.namespace import A, broadcastable, ensure, namespace_of

SoftmaxVariant: TypeAlias = Literal["paper", "shifted"]
Normalise: TypeAlias = Literal["output", "weights"]

SOFTMAX_VARIANTS: tuple[SoftmaxVariant, ...] = ("paper", "shifted")
NORMALISE: tuple[Normalise, ...] = ("output", "weights")


def exponentials(z: A, /, *, axis: int = -1, variant: SoftmaxVariant = "paper", mask: A | None = None) -> A:
    r"""Return the numerators of the softmax of `z` along `axis`.

    .. math:: e_j = \exp z_j \quad\text{(paper)}, \qquad e_j = \exp(z_j - \max_i z_i) \quad\text{(shifted)}

    Parameters
    ----------
    z : [..., N, ...]
    axis : the axis of length N
    variant : "paper" subtracts no maximum; "shifted" subtracts the largest entry that is not masked
    mask : boolean, broadcasts against `z`; where it is false the numerator is 0

    Returns
    -------
    [..., N, ...]
        like `z`

    Rounding
    --------
    `paper`: one an entry, of exp. `shifted`: two an entry, of the difference and of exp. Maximum and masking
    add none; a masked score reaches neither the maximum nor exp, so it cannot overflow, and no infinity is
    used.

    Constraints
    -----------
    C1. `variant` is one of the two names; otherwise `DomainError`.
    C2. `mask` broadcasts against `z`; otherwise `ShapeError`.

    References
    ----------
    `def:softmax` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> exponentials(np.asarray([0.0, 5.0]), variant="shifted", mask=np.asarray([True, False]))
    array([1., 0.])
    """
    xp = namespace_of(z)
    if variant not in SOFTMAX_VARIANTS:
        raise DomainError(f"exponentials: variant must be one of {', '.join(SOFTMAX_VARIANTS)}; got {variant!r}")
    if mask is None:
        if variant == "paper":
            return xp.exp(z)
        return xp.exp(xp.subtract(z, xp.max(z, axis=axis, keepdims=True)))
    ensure(broadcastable(mask.shape, z.shape), "exponentials", "mask must broadcast against z", mask, z)
    if variant == "paper":
        return xp.where(mask, xp.exp(xp.where(mask, z, 0)), 0)
    least = xp.min(z, axis=axis, keepdims=True)
    largest = xp.max(xp.where(mask, z, least), axis=axis, keepdims=True)
    shifted = xp.subtract(xp.where(mask, z, largest), largest)
    return xp.where(mask, xp.exp(shifted), 0)


def softmax(z: A, /, *, axis: int = -1, variant: SoftmaxVariant = "paper", mask: A | None = None) -> A:
    r"""Return the softmax of `z` along `axis`.

    .. math:: w_j = e_j / D, \qquad D = \sum_i e_i, \qquad e_j = \exp z_j \text{ or } \exp(z_j - \max_i z_i)

    Parameters
    ----------
    z : [..., N, ...]
    axis : the axis of length N
    variant : "paper" subtracts no maximum; "shifted" subtracts the largest entry that is not masked
    mask : boolean, broadcasts against `z`; where it is false the weight is 0

    Returns
    -------
    [..., N, ...]
        nonnegative weights that sum to 1 up to rounding

    Rounding
    --------
    In this order: the difference (`shifted` only, one an entry), exp (one an entry), the sum D (as the
    namespace accumulates; one if it is exact then rounded), the quotient (one an entry).

    Constraints
    -----------
    C1. `variant` is one of the two names; otherwise `DomainError`.
    C2. `mask` broadcasts against `z`; otherwise `ShapeError`.
    C3. Not checked, since it depends on values: for `paper`, the exponentials and their sum are in range and
        at least one exponential is not rounded to 0. `shifted` has one that is exactly 1, if the mask leaves
        one.

    References
    ----------
    `def:softmax` and `lem:softmax-entry` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.asarray([[0.0, 0.0], [3.0, 3.0]]), variant="shifted")
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    xp = namespace_of(z)
    e = exponentials(z, axis=axis, variant=variant, mask=mask)
    return xp.divide(e, xp.sum(e, axis=axis, keepdims=True))


def weighted_average(
    scores: A,
    values: A,
    /,
    *,
    mask: A | None = None,
    softmax: SoftmaxVariant = "paper",
    normalise: Normalise = "output",
) -> A:
    r"""Return the average of the rows of `values` with the softmax of each row of `scores` as weights.

    .. math:: D^{-1} A V, \qquad A = \exp(\text{scores}), \quad D = \operatorname{diag}(A \mathbf 1)

    Parameters
    ----------
    scores : [..., n, N]
    values : [..., N, d]
    mask : boolean, broadcasts against `scores`; where it is false the weight is 0
    softmax : variant of the softmax, "paper" or "shifted"
    normalise : "output" multiplies by V first and divides the n rows of AV by D; "weights" divides A by D
        first

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    The exponentials as in `exponentials`; then for "output": D (one sum), A V (a product and a sum an entry,
    as the namespace multiplies matrices), one quotient an output element. For "weights": D, one quotient a
    weight, then the matrix product. On the critical path that is 2s + P after exp for "output" and 2s + 2P
    for "weights".

    Constraints
    -----------
    C1. `scores` and `values` are at least 2-dimensional and agree in N; otherwise `ShapeError`.
    C2. `softmax` and `normalise` are among their names; otherwise `DomainError`.
    C3. `mask` broadcasts against `scores`; otherwise `ShapeError`.

    References
    ----------
    `def:tensor-attention`, `lem:tensor-layer` and `lem:attention-output` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_average(np.zeros((1, 4)), np.asarray([[1.0], [2.0], [3.0], [6.0]]))
    array([[3.]])
    """
    xp = namespace_of(scores, values)
    if normalise not in NORMALISE:
        names = ", ".join(NORMALISE)
        raise DomainError(f"weighted_average: normalise must be one of {names}; got {normalise!r}")
    matrices = len(scores.shape) >= 2 and len(values.shape) >= 2
    must = "scores [..., n, N] and values [..., N, d] must agree in N"
    ensure(matrices and scores.shape[-1] == values.shape[-2], "weighted_average", must, scores, values)
    a = exponentials(scores, variant=softmax, mask=mask)
    total = xp.sum(a, axis=-1, keepdims=True)
    if normalise == "weights":
        return xp.matmul(xp.divide(a, total), values)
    return xp.divide(xp.matmul(a, values), total)
