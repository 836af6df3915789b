"""Scores of RoPE tensor attention: six ways to let the rotation depend on the query i and the pair (j, k)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from precise.errors import DomainError, UnsupportedError
from precise.nn.attention import check_rows
from precise.nn.namespace import A, ensure, namespace_of
from precise.nn.planes import Layout, join_planes, split_planes
from precise.nn.rope import RotationProduct, apply_rope
from precise.nn.rope_attention import rotate_queries, row_scores
from precise.nn.rotation_table import RotationTable, table_for
from precise.nn.tensor import khatri_rao

TripleVariant: TypeAlias = Literal["flat", "pair-sum", "first-key", "factors-absolute", "factors-relative", "complex"]
Evaluation: TypeAlias = Literal["direct", "split"]
TRIPLE_VARIANTS: tuple[TripleVariant, ...] = (
    "flat",
    "pair-sum",
    "first-key",
    "factors-absolute",
    "factors-relative",
    "complex",
)
EVALUATIONS: tuple[Evaluation, ...] = ("direct", "split")
ONE_ROTATION: tuple[TripleVariant, ...] = ("flat", "pair-sum", "first-key")
"""The variants of the printed shape Q R K^T with K = K1 ⊘ K2: one rotation by a difference of positions."""


def query_position(variant: TripleVariant, i: int) -> int:
    """Return the position by which query i enters the angle, with a minus sign."""
    return 2 * i if variant in ("pair-sum", "complex") else i


def pair_position(variant: TripleVariant, j: int, k: int, n: int) -> int:
    """Return the position by which the pair (j, k) enters the angle of a variant with one rotation."""
    return {"flat": j + (k - 1) * n, "pair-sum": j + k, "first-key": j}[variant]


def triple_position_range(n: int, *, variant: TripleVariant, evaluation: Evaluation = "direct") -> tuple[int, int]:
    """Return the least and the largest position whose rotation `rope_tensor_scores` uses for n tokens.

    Parameters
    ----------
    n : number of tokens
    variant, evaluation : as in `rope_tensor_scores`

    Returns
    -------
    two integers

    Constraints
    -----------
    C1. The named choices are among their names; otherwise `DomainError`.
    C2. "factors-relative" has no "split"; otherwise `UnsupportedError`.

    Examples
    --------
    >>> [triple_position_range(3, variant=variant) for variant in ("flat", "pair-sum", "first-key")]
    [(-2, 8), (-4, 4), (-2, 2)]
    """
    check_choices("triple_position_range", variant, evaluation)
    if variant in ONE_ROTATION:
        least, largest = pair_position(variant, 1, 1, n), pair_position(variant, n, n, n)
        if evaluation == "split":
            return min(least, query_position(variant, 1)), max(largest, query_position(variant, n))
        return least - query_position(variant, n), largest - query_position(variant, 1)
    return (1 - n, n - 1) if variant == "factors-relative" else (1, query_position(variant, n))


def rope_tensor_scores(
    q: A,
    k1: A,
    k2: A,
    /,
    *,
    variant: TripleVariant,
    theta: A | None = None,
    table: RotationTable[A] | None = None,
    evaluation: Evaluation = "direct",
    layout: Layout = "interleaved",
    product: RotationProduct = "matrix",
) -> A:
    r"""Return the unscaled scores of RoPE tensor attention, positions counted from 1 and J = j + (k - 1) n.

    With :math:`a_j`, :math:`b_k` the rows of `k1`, `k2` and ∘ the entrywise product, the score of (i, J) is

    .. math::
        \text{flat: } & q_i R_{J-i} (a_j \circ b_k)^\top \\
        \text{pair-sum: } & q_i R_{j+k-2i} (a_j \circ b_k)^\top \\
        \text{first-key: } & q_i R_{j-i} (a_j \circ b_k)^\top \\
        \text{factors-absolute: } & \langle R_i q_i, (R_j a_j) \circ (R_k b_k) \rangle \\
        \text{factors-relative: } & \langle q_i, (R_{j-i} a_j) \circ (R_{k-i} b_k) \rangle \\
        \text{complex: } & \Re \sum_l \overline{(R_{2i} q_i)_l} (R_j a_j)_l (R_k b_k)_l
            \text{ over the planes, read as complex numbers}

    Parameters
    ----------
    q, k1, k2 : [..., n, d]
    variant : one of the six names
    theta : [d/2]; the angles t theta_l are then computed
    table : or a table that holds the positions of `triple_position_range`
    evaluation : "direct" follows the formula; "split" multiplies query and pair by rotations of their own,
        before the triple loop. They differ for the first three; "factors-absolute" and "complex" are split as
        written
    layout, product : of the rotation, as in `apply_rope`

    Returns
    -------
    [..., n, n^2]

    Rounding
    --------
    First angle, cosine and sine (one each; none for a table). Then, in this order:
    "flat", "pair-sum", "first-key": the query times the rotation of (i, J) as in `apply_rope`, beside one product an
    entry of K1 ⊘ K2; then d products and a sum a score. With "split": K1 ⊘ K2, the rotations of query and pair, the
    inner product.
    "factors-absolute", "factors-relative": the rotations, one product an entry of the pairs, the inner product.
    "complex": the rotations, three an entry of the pairs (two products and their sum), the inner product.

    Constraints
    -----------
    C1. `q`, `k1` and `k2` have n rows and even width d, and their leading axes broadcast; otherwise
        `ShapeError`.
    C2. Exactly one of `theta` and `table` is given, and the table holds the positions; otherwise
        `DomainError`.
    C3. The named choices are among their names; otherwise `DomainError`.
    C4. "factors-relative" has no "split", since its factors depend on (i, j) and (i, k); otherwise
        `UnsupportedError`.

    References
    ----------
    `def:rope-tensor-attention` and `lem:rope-tensor-matrix` of arXiv:2412.18040. How the rotation depends on
    the triple is not pinned down there; the six are readings of it.

    Examples
    --------
    >>> import numpy as np
    >>> row = np.asarray([[2.0, 3.0]])
    >>> rope_tensor_scores(row, row, row, variant="pair-sum", theta=np.asarray([1.0]))
    array([[35.]])
    """
    op = "rope_tensor_scores"
    xp = namespace_of(q, k1, k2, theta)
    check_choices(op, variant, evaluation)
    check_rows(op, ("q", q), ("k1", k1), ("k2", k2))
    n = q.shape[-2]
    ensure(k1.shape[-2] == n == k2.shape[-2], op, "q, k1, k2 must have equally many rows", q, k1, k2)
    table = table_for(op, theta, table, *triple_position_range(n, variant=variant, evaluation=evaluation))
    if variant in ONE_ROTATION:
        scores = _direct_scores if evaluation == "direct" else _split_scores
        return scores(q, khatri_rao(k1, k2), table, variant, layout, product)
    if variant == "factors-relative":
        return _relative_factor_scores(q, k1, k2, table, layout, product)
    turned_q = _turn_queries(q, table, variant, layout, product)
    a, b = (apply_rope(k, *table.at(1, n), layout=layout, product=product) for k in (k1, k2))
    pairs = khatri_rao(a, b) if variant == "factors-absolute" else complex_khatri_rao(a, b, layout=layout)
    return xp.matmul(turned_q, xp.matrix_transpose(pairs))


def complex_khatri_rao(k1: A, k2: A, /, *, layout: Layout = "interleaved") -> A:
    r"""Return the column-wise product of two matrices whose planes are read as complex numbers.

    .. math:: (x, y), (x', y') \mapsto (x x' - y y',\; x y' + y x')
        \text{ in each plane of row } i_1 + (i_2 - 1) n_1

    Parameters
    ----------
    k1 : [..., n1, d]
    k2 : [..., n2, d]
    layout : "interleaved" or "half", as in `split_planes`

    Returns
    -------
    [..., n1 n2, d]

    Rounding
    --------
    Three an element, of the products x x' and (-y) y', or x y' and y x', and of their sum.

    Constraints
    -----------
    C1. The shapes fit as in `khatri_rao`, and d is even; otherwise `ShapeError`.

    References
    ----------
    The variant "complex" of `def:rope-tensor-attention` of arXiv:2412.18040.

    Examples
    --------
    >>> import numpy as np
    >>> complex_khatri_rao(np.asarray([[1, 2]]), np.asarray([[3, 4]]))
    array([[-5, 10]])
    """
    xp = namespace_of(k1, k2)
    (x1, y1), (x2, y2) = split_planes(k1, layout=layout), split_planes(k2, layout=layout)
    real = xp.add(khatri_rao(x1, x2), khatri_rao(xp.negative(y1), y2))
    imaginary = xp.add(khatri_rao(x1, y2), khatri_rao(y1, x2))
    return join_planes(real, imaginary, layout=layout)


def check_choices(op: str, variant: str, evaluation: str) -> None:
    """Check the two named choices and that they go together."""
    if variant not in TRIPLE_VARIANTS:
        raise DomainError(f"{op}: variant must be one of {', '.join(TRIPLE_VARIANTS)}; got {variant!r}")
    if evaluation not in EVALUATIONS:
        raise DomainError(f"{op}: evaluation must be one of {', '.join(EVALUATIONS)}; got {evaluation!r}")
    if variant == "factors-relative" and evaluation == "split":
        raise UnsupportedError(f"{op}: evaluation must be 'direct' for factors-relative; got 'split'")


def _direct_scores(
    q: A,
    pairs: A,
    table: RotationTable[A],
    variant: TripleVariant,
    layout: Layout,
    product: RotationProduct,
) -> A:
    """Return q_i R_t (a_j o b_k)^T with t the position of the pair less that of the query."""
    n = q.shape[-2]
    positions = range(1, n + 1)
    starts = [[pair_position(variant, 1, k, n) - query_position(variant, i) for k in positions] for i in positions]
    cos, sin = table.runs(starts, n)
    return row_scores(rotate_queries(q, cos, sin, layout=layout, product=product), pairs)


def _split_scores(
    q: A,
    pairs: A,
    table: RotationTable[A],
    variant: TripleVariant,
    layout: Layout,
    product: RotationProduct,
) -> A:
    """Return the inner products of rotated queries and rotated pairs."""
    n = q.shape[-2]
    cos, sin = table.runs([[pair_position(variant, 1, k, n) for k in range(1, n + 1)]], n)
    turned_pairs = apply_rope(pairs, cos[0, ...], sin[0, ...], layout=layout, product=product)
    turned_q = _turn_queries(q, table, variant, layout, product)
    xp = namespace_of(turned_q, turned_pairs)
    return xp.matmul(turned_q, xp.matrix_transpose(turned_pairs))


def _turn_queries(q: A, table: RotationTable[A], variant: TripleVariant, layout: Layout, product: RotationProduct) -> A:
    """Return every query rotated by its own position."""
    cos, sin = table.runs([[query_position(variant, i) for i in range(1, q.shape[-2] + 1)]], 1)
    return apply_rope(q, cos[0, ...], sin[0, ...], layout=layout, product=product)


def _relative_factor_scores(
    q: A,
    k1: A,
    k2: A,
    table: RotationTable[A],
    layout: Layout,
    product: RotationProduct,
) -> A:
    """Return <q_i, (R_{j-i} a_j) o (R_{k-i} b_k)>."""
    xp = namespace_of(q, k1, k2)
    n = q.shape[-2]
    cos, sin = table.runs([[1 - i] for i in range(1, n + 1)], n)
    a, b = (apply_rope(xp.expand_dims(k, axis=-3), cos, sin, layout=layout, product=product) for k in (k1, k2))
    scores = xp.matmul(xp.expand_dims(q, axis=-2), xp.matrix_transpose(khatri_rao(a, b)))  # [..., n, 1, n^2]
    return xp.reshape(scores, (*scores.shape[:-2], n * n))
