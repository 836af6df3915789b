"""A transformer: attention layers and row maps in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from precise.nn.namespace import A, namespace_of


@dataclass(frozen=True, slots=True)
class Block(Generic[A]):
    """One attention layer and the map that follows it, both from [..., n, d] to [..., n, d].

    Parameters
    ----------
    attention : for example a `tensor_attention_layer` with its weights bound
    after : for example a `layer_norm`, an `affine`, or their composition
    """

    attention: Callable[[A], A]
    after: Callable[[A], A]


def transformer(x: A, first: Callable[[A], A], blocks: Sequence[Block[A]], /) -> A:
    r"""Return the transformer with the given layers, applied to `x`.

    .. math:: f_m \circ \mathrm{Attn}_m \circ \dots \circ f_1 \circ \mathrm{Attn}_1 \circ f_0

    Parameters
    ----------
    x : [..., n, d]
    first : the map f_0
    blocks : m blocks, of Attn_l and f_l; none is allowed

    Returns
    -------
    [..., n, d]

    Rounding
    --------
    Those of f_0, Attn_1, f_1, ..., Attn_m, f_m, in this order; none of its own. There is no residual
    connection unless a map holds one.

    Constraints
    -----------
    C1. `x` is an array of a namespace; otherwise `NamespaceError`.

    References
    ----------
    `def:transformer`, `lem:multilayer` and `lem:tensor-multilayer` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> def double(x):
    ...     return np.multiply(x, 2)
    >>> def increment(x):
    ...     return np.add(x, 1)
    >>> transformer(np.asarray([1]), increment, [Block(double, increment), Block(double, increment)])
    array([11])
    """
    namespace_of(x)
    y = first(x)
    for block in blocks:
        y = block.after(block.attention(y))
    return y
