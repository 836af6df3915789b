"""Affine maps of rows, activations, and the two-layer and gated MLP."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from precise.nn.namespace import A, constant, ensure, namespace_of

SQRT_TWO_OVER_PI = Fraction("0.79788456080286535587989211986876373695171726232986931533185")
"""sqrt(2 / pi) with an absolute error below 10**-58."""


def affine(x: A, w: A, b: A | None = None) -> A:
    r"""Return the rows of `x` mapped by `w`, plus `b`.

    .. math:: X W^\top + \mathbf 1 b^\top, \qquad
        x_i \mapsto W x_i + b \text{ for each row } x_i \text{ read as a column}

    Parameters
    ----------
    x : [..., n, d]
    w : [e, d], which acts on columns: row r of `w` gives output entry r
    b : [e], or None for no addition

    Returns
    -------
    [..., n, e]

    Rounding
    --------
    An output element has d products and their sum, as the namespace multiplies matrices, then one addition of
    `b`.

    Constraints
    -----------
    C1. `x` is at least 2-dimensional, `w` is a matrix, and both have d columns; otherwise `ShapeError`.
    C2. `b` has shape [e]; otherwise `ShapeError`.

    References
    ----------
    `def:mlp` and `lem:mlp` of arXiv:2412.18040: the paper's MLP is this map, without activation.

    Examples
    --------
    >>> import numpy as np
    >>> affine(np.asarray([[1, 10]]), np.asarray([[1, 0], [0, 1], [1, 1]]), np.asarray([0, 0, 5]))
    array([[ 1, 10, 16]])
    """
    xp = namespace_of(x, w, b)
    fits = len(x.shape) >= 2 and len(w.shape) == 2 and x.shape[-1] == w.shape[-1]
    ensure(fits, "affine", "x [..., n, d] and w [e, d] must agree in d", x, w)
    y = xp.matmul(x, xp.matrix_transpose(w))
    if b is None:
        return y
    ensure(b.shape == w.shape[:1], "affine", "b must have shape [e] for w [e, d]", b, w)
    return xp.add(y, b)


def silu(x: A, /) -> A:
    r"""Return x times the logistic function of x, entrywise.

    .. math:: \frac{x}{1 + \exp(-x)}

    Parameters
    ----------
    x : [...]

    Returns
    -------
    [...]

    Rounding
    --------
    Three an entry: exp, 1 + exp(-x), quotient. The negation adds none.

    References
    ----------
    Elfwing, Uchibe and Doya, *Sigmoid-Weighted Linear Units*, arXiv:1702.03118.

    Examples
    --------
    >>> import numpy as np
    >>> silu(np.asarray([0.0, 1000.0]))
    array([   0., 1000.])
    """
    xp = namespace_of(x)
    return xp.divide(x, xp.add(xp.exp(xp.negative(x)), 1))


def gelu(x: A, /) -> A:
    r"""Return the tanh form of the Gaussian error linear unit, entrywise.

    .. math:: \tfrac12 x\,\bigl(1 + \tanh(\sqrt{2/\pi}\,(x + 0.044715\,x^3))\bigr)

    Parameters
    ----------
    x : [...]

    Returns
    -------
    [...]

    Rounding
    --------
    Nine an entry, in this order: x x, (x x) x, times 0.044715, x + that, times sqrt(2 / pi), tanh, 1 + that,
    x / 2, their product. The two constants are rounded once by the namespace.

    References
    ----------
    Hendrycks and Gimpel, *Gaussian Error Linear Units*, arXiv:1606.08415, section 2.

    Examples
    --------
    >>> import numpy as np
    >>> gelu(np.asarray([0.0, 20.0]))
    array([ 0., 20.])
    """
    xp = namespace_of(x)
    cube = xp.multiply(xp.multiply(x, x), x)
    inner = xp.add(x, xp.multiply(cube, constant(xp, Fraction("0.044715"), x)))
    gate = xp.add(xp.tanh(xp.multiply(inner, constant(xp, SQRT_TWO_OVER_PI, x))), 1)
    return xp.multiply(xp.divide(x, 2), gate)


def mlp(
    x: A,
    w1: A,
    w2: A,
    /,
    *,
    b1: A | None = None,
    b2: A | None = None,
    activation: Callable[[A], A] = gelu,
) -> A:
    r"""Return the rows of `x` mapped by two affine maps with an activation between them.

    .. math:: x_i \mapsto W_2\,\varphi(W_1 x_i + b_1) + b_2

    Parameters
    ----------
    x : [..., n, d]
    w1 : [f, d]
    w2 : [e, f]
    b1 : [f], or None
    b2 : [e], or None
    activation : an entrywise body such as `gelu` or `silu`

    Returns
    -------
    [..., n, e]

    Rounding
    --------
    Those of `affine`, the activation and `affine`, in this order.

    Constraints
    -----------
    C1. The shapes fit as in `affine`; otherwise `ShapeError`.

    References
    ----------
    A variant of `def:mlp` of arXiv:2412.18040, which has no activation.

    Examples
    --------
    >>> import numpy as np
    >>> mlp(np.asarray([[40.0, -40.0]]), np.eye(2), np.ones((1, 2)), activation=silu)
    array([[40.]])
    """
    return affine(activation(affine(x, w1, b1)), w2, b2)


def swiglu(x: A, w_gate: A, w_up: A, w_down: A, /) -> A:
    r"""Return the gated MLP of the Llama architecture.

    .. math:: x_i \mapsto W_d\,\bigl(\operatorname{silu}(W_g x_i) \circ W_u x_i\bigr)

    Parameters
    ----------
    x : [..., n, d]
    w_gate : [f, d]
    w_up : [f, d]
    w_down : [d, f]

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    The two products with `w_gate` and `w_up`, the three of `silu`, one product an entry, the product with
    `w_down`.

    Constraints
    -----------
    C1. The shapes fit as in `affine`, and `w_gate` and `w_up` have one shape; otherwise `ShapeError`.

    References
    ----------
    Shazeer, *GLU Variants Improve Transformer*, arXiv:2002.05202, equation 6.

    Examples
    --------
    >>> import numpy as np
    >>> swiglu(np.asarray([[1000.0]]), np.ones((2, 1)), np.asarray([[1.0], [2.0]]), np.ones((1, 2)))
    array([[3000000.]])
    """
    xp = namespace_of(x, w_gate, w_up, w_down)
    ensure(w_gate.shape == w_up.shape, "swiglu", "w_gate and w_up must have one shape", w_gate, w_up)
    return affine(xp.multiply(silu(affine(x, w_gate)), affine(x, w_up)), w_down)
