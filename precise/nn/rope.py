"""Rotation of the planes of a row by an angle per plane: as a matrix, or plane by plane."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.namespace import A, broadcastable, ensure, namespace_of
from precise.nn.planes import Layout, check_layout, join_planes, split_planes

RotationProduct: TypeAlias = Literal["planes", "matrix"]
ROTATION_PRODUCTS: tuple[RotationProduct, ...] = ("planes", "matrix")


def rope_angles(positions: A, theta: A, /) -> A:
    r"""Return the angle of every plane at every position.

    .. math:: \alpha_{t,l} = t\,\theta_l

    Parameters
    ----------
    positions : [...], as numbers of the namespace; an integer above 2**p need not be one
    theta : [d/2]

    Returns
    -------
    [..., d/2]

    Rounding
    --------
    One an element, of the product.

    Constraints
    -----------
    C1. `theta` is a vector; otherwise `ShapeError`.

    References
    ----------
    `def:rotation` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> rope_angles(np.asarray([1.0, 2.0]), np.asarray([0.5, 0.25]))
    array([[0.5 , 0.25],
           [1.  , 0.5 ]])
    """
    xp = namespace_of(positions, theta)
    ensure(len(theta.shape) == 1, "rope_angles", "theta must be a vector [d/2]", theta)
    return xp.multiply(xp.expand_dims(positions, axis=-1), theta)


def rotation_from_tables(cos: A, sin: A, /, *, layout: Layout = "interleaved") -> A:
    r"""Return the block-diagonal rotation matrices with the given cosines and sines.

    .. math:: R = \operatorname{diag}\left(
        \begin{pmatrix} c_1 & -s_1 \\ s_1 & c_1 \end{pmatrix}, \dots,
        \begin{pmatrix} c_{d/2} & -s_{d/2} \\ s_{d/2} & c_{d/2} \end{pmatrix}\right)

    Parameters
    ----------
    cos, sin : [..., d/2]
    layout : "interleaved" as in the formula; "half": plane l has the rows and columns l and l + d/2

    Returns
    -------
    [..., d, d]

    Rounding
    --------
    None.

    Constraints
    -----------
    C1. `cos` and `sin` have one shape with at least one axis; otherwise `ShapeError`.
    C2. `layout` is one of the two names; otherwise `DomainError`.

    References
    ----------
    `def:rotation` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> rotation_from_tables(np.asarray([3, 5]), np.asarray([4, 12]))
    array([[  3,  -4,   0,   0],
           [  4,   3,   0,   0],
           [  0,   0,   5, -12],
           [  0,   0,  12,   5]])
    """
    xp = namespace_of(cos, sin)
    check_layout("rotation_from_tables", layout)
    must = "cos and sin must have one shape [..., d/2]"
    ensure(len(cos.shape) >= 1 and cos.shape == sin.shape, "rotation_from_tables", must, cos, sin)
    planes = cos.shape[-1]
    diagonal = xp.asarray([[row == column for column in range(planes)] for row in range(planes)])
    c, s, minus_s = (
        xp.where(diagonal, xp.expand_dims(entries, axis=-2), 0) for entries in (cos, sin, xp.negative(sin))
    )
    if layout == "half":
        return xp.concat([xp.concat([c, minus_s], axis=-1), xp.concat([s, c], axis=-1)], axis=-2)
    blocks = xp.stack([xp.stack([c, minus_s], axis=-1), xp.stack([s, c], axis=-1)], axis=-3)
    return xp.reshape(blocks, (*cos.shape[:-1], 2 * planes, 2 * planes))


def rotation_matrix(t: A, theta: A, /, *, layout: Layout = "interleaved") -> A:
    r"""Return the rotation matrices of the positions `t`.

    .. math:: R_t = \operatorname{diag}(R(t\theta_1), \dots, R(t\theta_{d/2})), \qquad
        R(\alpha) = \begin{pmatrix} \cos\alpha & -\sin\alpha \\ \sin\alpha & \cos\alpha \end{pmatrix}

    Parameters
    ----------
    t : [...], as numbers of the namespace
    theta : [d/2]
    layout : "interleaved" or "half", as in `rotation_from_tables`

    Returns
    -------
    [..., d, d]

    Rounding
    --------
    Two an entry: of the angle and of its cosine or sine. Signs and zeros are exact.

    Constraints
    -----------
    C1. `theta` is a vector; otherwise `ShapeError`.
    C2. `layout` is one of the two names; otherwise `DomainError`.

    References
    ----------
    `def:rotation` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> rotation_matrix(np.asarray(0.0), np.asarray([1.0]))
    array([[ 1., -0.],
           [ 0.,  1.]])
    """
    xp = namespace_of(t, theta)
    angles = rope_angles(t, theta)
    return rotation_from_tables(xp.cos(angles), xp.sin(angles), layout=layout)


def apply_rope(x: A, cos: A, sin: A, /, *, layout: Layout = "interleaved", product: RotationProduct = "planes") -> A:
    r"""Return every row of `x`, read as a column, multiplied by its rotation matrix.

    .. math:: x_i \mapsto R_i x_i: \qquad (x, y) \mapsto (c x - s y,\; c y + s x) \text{ in each plane}

    The row product x R is this with the sines negated.

    Parameters
    ----------
    x : [..., n, d]
    cos, sin : [..., n, d/2], broadcast against the planes of `x`
    layout : "interleaved" or "half", as in `split_planes`
    product : "planes" computes the formula; "matrix" multiplies by the d x d matrix of `rotation_from_tables`

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    "planes": three an element, of the products c x and (-s) y, or c y and s x, and of their sum.
    "matrix": d products, of which d - 2 are zero, and their sum, as the namespace multiplies matrices; the same
    values as "planes", in every rounding mode, if products are rounded and the sum is exact then rounded.

    Constraints
    -----------
    C1. d is even, `cos` and `sin` have one shape [..., d/2] and broadcast against `x`; otherwise
        `ShapeError`.
    C2. `layout` and `product` are among their names; otherwise `DomainError`.

    References
    ----------
    `def:rotation` and `lem:rope-tensor-matrix` of arXiv:2412.18040; Su et al., *RoFormer*, arXiv:2104.09864,
    section 3.4.2.

    Examples
    --------
    >>> import numpy as np
    >>> x, cos, sin = np.asarray([[1, 2, 3, 4]]), np.asarray([[0, 1]]), np.asarray([[1, 0]])
    >>> apply_rope(x, cos, sin)
    array([[-2,  1,  3,  4]])
    >>> apply_rope(x, cos, sin, layout="half")
    array([[-3,  2,  1,  4]])
    """
    xp = namespace_of(x, cos, sin)
    if product not in ROTATION_PRODUCTS:
        names = ", ".join(ROTATION_PRODUCTS)
        raise DomainError(f"apply_rope: product must be one of {names}; got {product!r}")
    first, second = split_planes(x, layout=layout)
    one_shape = cos.shape == sin.shape and cos.shape[-1:] == first.shape[-1:]
    ensure(one_shape, "apply_rope", "cos and sin must have one shape [..., d/2] for x [..., d]", cos, sin, x)
    broadcasts = broadcastable(cos.shape, first.shape)
    ensure(broadcasts, "apply_rope", "cos and sin must broadcast against the planes of x", cos, first)
    if product == "matrix":
        column = xp.matmul(rotation_from_tables(cos, sin, layout=layout), xp.expand_dims(x, axis=-1))
        return xp.reshape(column, column.shape[:-1])
    rotated_first = xp.add(xp.multiply(first, cos), xp.multiply(second, xp.negative(sin)))
    rotated_second = xp.add(xp.multiply(second, cos), xp.multiply(first, sin))
    return join_planes(rotated_first, rotated_second, layout=layout)


def rope(x: A, positions: A, theta: A, /, *, layout: Layout = "interleaved") -> A:
    r"""Return every row of `x` rotated by its position.

    .. math:: x_i \mapsto R_{t_i} x_i

    Parameters
    ----------
    x : [..., n, d]
    positions : [n] or broadcasting against the rows of `x`, as numbers of the namespace
    theta : [d/2]
    layout : "interleaved" or "half", as in `split_planes`

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    Angle, cosine and sine (one each), then the three of `apply_rope`.

    Constraints
    -----------
    C1. The shapes fit as in `rope_angles` and `apply_rope`; otherwise `ShapeError`.
    C2. `layout` is one of the two names; otherwise `DomainError`.

    References
    ----------
    `def:rotation` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> rope(np.asarray([[1.0, 2.0]]), np.asarray([0.0]), np.asarray([1.0]))
    array([[1., 2.]])
    """
    xp = namespace_of(x, positions, theta)
    angles = rope_angles(positions, theta)
    return apply_rope(x, xp.cos(angles), xp.sin(angles), layout=layout)
