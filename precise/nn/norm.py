"""Layer norm and root-mean-square norm of the rows of an array."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError
from precise.nn.namespace import A, Namespace, Scalar, constant, ensure, namespace_of

Variance: TypeAlias = Literal["two-pass", "one-pass", "welford"]
VARIANCES: tuple[Variance, ...] = ("two-pass", "one-pass", "welford")


def layer_norm(
    x: A,
    /,
    *,
    gain: A | None = None,
    bias: A | None = None,
    epsilon: Scalar | None = None,
    variance: Variance = "two-pass",
) -> A:
    r"""Return the rows of `x` with mean 0 and variance 1, then scaled and shifted if asked.

    .. math:: g \circ \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + b, \qquad
        \mu = \frac1d \sum_j x_j, \qquad \sigma^2 = \frac1d \sum_j (x_j - \mu)^2

    Parameters
    ----------
    x : [..., d]
    gain : [d], or None for no multiplication
    bias : [d], or None for no addition
    epsilon : added to the variance, or None for no addition
    variance : "two-pass" as in the formula (the paper's); "one-pass" takes the mean of the squares less the
        square of the mean; "welford" updates mean and sum of squares entry by entry

    Returns
    -------
    [..., d]

    Rounding
    --------
    "two-pass": sum, /d, x - mu (one an entry), square (one an entry), sum, /d.
    "one-pass": sum, /d, squares (one an entry), sum, /d, square of mu, difference; and x - mu (one an entry).
    "welford": six an entry after the first, in the order of the row, then /d; and x - mu (one an entry).
    After that + epsilon (if given), sqrt, one quotient an entry, and one an entry for `gain` and `bias` if given.

    Constraints
    -----------
    C1. `x` has at least one axis and d >= 1; otherwise `ShapeError`.
    C2. `gain` and `bias` have shape [d]; otherwise `ShapeError`.
    C3. `variance` is one of the three names; otherwise `DomainError`.
    C4. Not checked, since it depends on values: without epsilon a row must not be constant. In p-bit
        arithmetic the rounded mean of a constant row may differ from its value, so that a wrong finite row
        comes out.

    References
    ----------
    `def:layer-norm` and `lem:layer-norm` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> layer_norm(np.asarray([1.0, 3.0, 1.0, 3.0]))
    array([-1.,  1., -1.,  1.])
    """
    xp = namespace_of(x, gain, bias)
    _check_row("layer_norm", x, gain=gain, bias=bias)
    if variance not in VARIANCES:
        raise DomainError(f"layer_norm: variance must be one of {', '.join(VARIANCES)}; got {variance!r}")
    if variance == "welford":
        mean, sigma2 = _welford(xp, x)
    else:
        mean = _mean(xp, x)
        sigma2 = _two_pass(xp, x, mean) if variance == "two-pass" else _one_pass(xp, x, mean)
    if epsilon is not None:
        sigma2 = xp.add(sigma2, constant(xp, epsilon, x))
    y = xp.divide(xp.subtract(x, mean), xp.sqrt(sigma2))
    if gain is not None:
        y = xp.multiply(y, gain)
    return y if bias is None else xp.add(y, bias)


def rms_norm(x: A, gain: A | None = None, epsilon: Scalar | None = None) -> A:
    r"""Return the rows of `x` divided by their root mean square, then scaled if asked.

    .. math:: g \circ \frac{x}{\sqrt{\frac1d \sum_j x_j^2 + \varepsilon}}

    Parameters
    ----------
    x : [..., d]
    gain : [d], or None for no multiplication
    epsilon : added to the mean square, or None for no addition

    Returns
    -------
    [..., d]

    Rounding
    --------
    In this order: squares (one an entry), sum, /d, + epsilon (if given), sqrt, one quotient an entry, and one
    product an entry for `gain` if given.

    Constraints
    -----------
    C1. `x` has at least one axis and d >= 1; otherwise `ShapeError`.
    C2. `gain` has shape [d]; otherwise `ShapeError`.
    C3. Not checked, since it depends on values: without epsilon a row must not be zero.

    References
    ----------
    Zhang and Sennrich, *Root Mean Square Layer Normalization*, arXiv:1910.07467, equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> rms_norm(np.asarray([2.0, -2.0]), np.asarray([1.0, 3.0]))
    array([ 1., -3.])
    """
    xp = namespace_of(x, gain)
    _check_row("rms_norm", x, gain=gain)
    mean_square = _mean(xp, xp.multiply(x, x))
    if epsilon is not None:
        mean_square = xp.add(mean_square, constant(xp, epsilon, x))
    y = xp.divide(x, xp.sqrt(mean_square))
    return y if gain is None else xp.multiply(y, gain)


def _check_row(op: str, x: A, **vectors: A | None) -> None:
    """Check that `x` has rows of length d >= 1 and that each vector has shape [d]."""
    ensure(len(x.shape) >= 1 and x.shape[-1] >= 1, op, "x must have rows [..., d] with d >= 1", x)
    for name, vector in vectors.items():
        if vector is not None:
            ensure(vector.shape == x.shape[-1:], op, f"{name} must have shape [d] for x [..., d]", vector, x)


def _mean(xp: Namespace[A], x: A) -> A:
    """Return the mean of each row: one sum, one quotient."""
    return xp.divide(xp.sum(x, axis=-1, keepdims=True), x.shape[-1])


def _two_pass(xp: Namespace[A], x: A, mean: A) -> A:
    """Return the mean of the squared differences from the mean."""
    centred = xp.subtract(x, mean)
    return _mean(xp, xp.multiply(centred, centred))


def _one_pass(xp: Namespace[A], x: A, mean: A) -> A:
    """Return the mean of the squares less the square of the mean."""
    return xp.subtract(_mean(xp, xp.multiply(x, x)), xp.multiply(mean, mean))


def _welford(xp: Namespace[A], x: A) -> tuple[A, A]:
    """Return mean and variance by Welford's updates, entry by entry."""
    mean = x[..., :1]
    squares = xp.subtract(mean, mean)
    for j in range(1, x.shape[-1]):
        entry = x[..., j : j + 1]
        difference = xp.subtract(entry, mean)
        mean = xp.add(mean, xp.divide(difference, j + 1))
        squares = xp.add(squares, xp.multiply(difference, xp.subtract(entry, mean)))
    return mean, xp.divide(squares, x.shape[-1])
