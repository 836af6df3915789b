"""The three products of matrices that tensor attention is made of.

Index convention: the first index runs fastest, so the pair (i1, i2), counted from 1, stands at i1 + (i2 - 1)
n1. This is the reverse of `numpy.kron`: `kron(k1, k2)` here is `numpy.kron(k2, k1)`.
"""

from __future__ import annotations

from precise.nn.namespace import A, broadcastable, ensure, namespace_of


def kron(k1: A, k2: A, /) -> A:
    r"""Return the Kronecker product of two matrices, first index fastest.

    .. math:: (K_1 \otimes K_2)_{i_1 + (i_2 - 1) n_1,\; j_1 + (j_2 - 1) d_1} = (K_1)_{i_1 j_1} (K_2)_{i_2 j_2}

    Parameters
    ----------
    k1 : [..., n1, d1]
    k2 : [..., n2, d2]

    Returns
    -------
    [..., n1 n2, d1 d2]

    Rounding
    --------
    One an element, of the product.

    Constraints
    -----------
    C1. Both are at least 2-dimensional and the leading axes broadcast; otherwise `ShapeError`.

    References
    ----------
    `def:kron` and `lem:tensor-ops` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> kron(np.asarray([[1, 2]]), np.asarray([[1, 10]]))
    array([[ 1,  2, 10, 20]])
    """
    xp = namespace_of(k1, k2)
    _check_matrices("kron", "k1", "k2", k1, k2)
    fast = xp.expand_dims(xp.expand_dims(k1, axis=-2), axis=-4)  # [..., 1, n1, 1, d1]
    slow = xp.expand_dims(xp.expand_dims(k2, axis=-1), axis=-3)  # [..., n2, 1, d2, 1]
    product = xp.multiply(fast, slow)
    n2, n1, d2, d1 = product.shape[-4:]
    return xp.reshape(product, (*product.shape[:-4], n2 * n1, d2 * d1))


def khatri_rao(k1: A, k2: A, /) -> A:
    r"""Return the column-wise product of two matrices, first row index fastest.

    .. math:: (K_1 \oslash K_2)_{i_1 + (i_2 - 1) n_1,\; j} = (K_1)_{i_1 j} (K_2)_{i_2 j}

    Parameters
    ----------
    k1 : [..., n1, d]
    k2 : [..., n2, d]

    Returns
    -------
    [..., n1 n2, d]

    Rounding
    --------
    One an element, of the product.

    Constraints
    -----------
    C1. Both are at least 2-dimensional and the leading axes broadcast; otherwise `ShapeError`.
    C2. Both have d columns; otherwise `ShapeError`.

    References
    ----------
    `def:khatri-rao` and `lem:tensor-ops` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> khatri_rao(np.asarray([[1, 2], [3, 4]]), np.asarray([[1, 1], [10, 100]]))
    array([[  1,   2],
           [  3,   4],
           [ 10, 200],
           [ 30, 400]])
    """
    xp = namespace_of(k1, k2)
    _check_matrices("khatri_rao", "k1", "k2", k1, k2)
    ensure(k1.shape[-1] == k2.shape[-1], "khatri_rao", "k1 and k2 must have equally many columns", k1, k2)
    product = xp.multiply(xp.expand_dims(k1, axis=-3), xp.expand_dims(k2, axis=-2))  # [..., n2, n1, d]
    n2, n1, d = product.shape[-3:]
    return xp.reshape(product, (*product.shape[:-3], n2 * n1, d))


def face_splitting(z1: A, z2: A, /) -> A:
    r"""Return the row-wise product of two matrices, first column index fastest.

    .. math:: (Z_1 \ominus Z_2)_{i,\; j_1 + (j_2 - 1) d_1} = (Z_1)_{i j_1} (Z_2)_{i j_2}

    Parameters
    ----------
    z1 : [..., n, d1]
    z2 : [..., n, d2]

    Returns
    -------
    [..., n, d1 d2]

    Rounding
    --------
    One an element, of the product.

    Constraints
    -----------
    C1. Both are at least 2-dimensional and the leading axes broadcast; otherwise `ShapeError`.
    C2. Both have n rows; otherwise `ShapeError`.

    References
    ----------
    `def:face-split` and `lem:tensor-ops` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> face_splitting(np.asarray([[1, 2]]), np.asarray([[1, 10, 100]]))
    array([[  1,   2,  10,  20, 100, 200]])
    """
    xp = namespace_of(z1, z2)
    _check_matrices("face_splitting", "z1", "z2", z1, z2)
    ensure(z1.shape[-2] == z2.shape[-2], "face_splitting", "z1 and z2 must have equally many rows", z1, z2)
    product = xp.multiply(xp.expand_dims(z1, axis=-2), xp.expand_dims(z2, axis=-1))  # [..., n, d2, d1]
    d2, d1 = product.shape[-2:]
    return xp.reshape(product, (*product.shape[:-2], d2 * d1))


def _check_matrices(op: str, name1: str, name2: str, x1: A, x2: A) -> None:
    """Check that both arguments are stacks of matrices whose leading axes broadcast."""
    both = f"{name1} and {name2}"
    matrices = len(x1.shape) >= 2 and len(x2.shape) >= 2
    ensure(matrices, op, f"{both} must be at least 2-dimensional", x1, x2)
    leading = broadcastable(x1.shape[:-2], x2.shape[:-2])
    ensure(leading, op, f"the leading axes of {both} must broadcast", x1, x2)
