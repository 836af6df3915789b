"""The bodies as networks of circuits: products of matrices, MLP, softmax, layer norm, attention of every kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from precise.circuits import Layout
from proofs import _runs as runs
from proofs._circuit_growth import Grows
from proofs._circuit_networks import Trial
from proofs._circuit_steps import Subject

ALL_TWO: Final = tuple(Layout.paper(2).decode(code).to_fraction() for code in Layout.paper(2).codes())
"""All 33 numbers of F_2."""
FROM_MINUS_TWO: Final = tuple(x for x in ALL_TWO if x >= -2)
"""Those whose exponential is not rounded to 0."""
INTEGERS: Final = tuple(Fraction(k) for k in (-3, -2, -1, 1, 2, 3))
QUARTERS: Final = tuple(Fraction(k, 4) for k in range(-8, 9))
THREE: Final = (Fraction(-3, 2), Fraction(0), Fraction(1, 2))
HALVES: Final = (Fraction(-1, 2), Fraction(0), Fraction(1, 2))
FIVE: Final = tuple(Fraction(k, 2) for k in (-2, -1, 0, 1, 2))
SMALL: Final = ((2, 2, 2), (3, 2, 4), (4, 3, 2))
MORE: Final = (*SMALL, (2, 4, 2), (4, 4, 4), (5, 2, 6), (6, 3, 4), (8, 4, 2))
ANGLES: Final = ((2, 2, 2), (2, 3, 2), (2, 2, 4))
MORE_ANGLES: Final = (*ANGLES, (3, 3, 2), (4, 2, 4), (4, 4, 2), (5, 3, 2), (6, 3, 2))
ROTATED: Final = "max(2 negative + sin, cos, multiply + sum)"
"""The rotations beside the projection of the queries."""

PRODUCTS = Subject(
    what="Each of the three products of matrices as a network",
    grows=(
        Grows("kron", {"multiply": "n**2*d**2"}, "n**2*d**2*p**2", "n**2*d**2*p**3"),
        Grows("khatri_rao", {"multiply": "n**2*d"}, "n**2*d*p**2", "n**2*d*p**3"),
        Grows("face_splitting", {"multiply": "n*d**2"}, "n*d**2*p**2", "n*d**2*p**3"),
    ),
    path="multiply",
    total=11,
    settled=3,
    quick=tuple(Trial(name, 3, 2, 2, THREE, 2) for name in ("kron", "khatri_rao", "face_splitting")),
    full=(Trial("kron", 2, 1, 1, ALL_TWO, 2), Trial("khatri_rao", 6, 2, 2, THREE, 2)),
    wrong="multiply",
    sizes=SMALL,
    more=MORE,
    flat=tuple(Trial(name, 3, 1, 2, THREE, 2) for name in ("kron", "khatri_rao", "face_splitting")),
    more_flat=(Trial("kron", 4, 2, 2, (Fraction(-3, 2), Fraction(1, 2)), 2),),
    run=runs.three_products,
)
MATMUL = Subject(
    what="The matrix product, a layer of products and one of sums,",
    grows=(Grows("matmul", {"multiply": "n**2*d", "sum:d": "n**2"}, "n**2*d**2*p**2", "n**2*d**3*p**3"),),
    path="multiply + sum",
    total=38,
    settled=3,
    quick=(Trial("matmul", 2, 1, 1, ALL_TWO, 2), Trial("matmul", 3, 1, 3, THREE, 2)),
    full=(Trial("matmul", 3, 2, 2, THREE, 2), Trial("matmul", 6, 1, 2, FIVE, 2)),
    wrong="multiply",
    sizes=SMALL,
    more=MORE,
    flat=tuple(Trial("matmul", p, 1, 2, FIVE, 2) for p in (2, 3)),
    more_flat=(Trial("matmul", 4, 1, 3, THREE, 2),),
    run=runs.matrix_product,
)
MLP = Subject(
    what="The affine map as a network",
    grows=(Grows("mlp", {"multiply": "n*d**2", "sum:d": "n*d", "add": "n*d"}, "n*d**3*p**2", "n*d**4*p**3"),),
    path="add + multiply + sum",
    total=50,
    settled=3,
    quick=tuple(Trial("mlp", p, 2, 2, THREE) for p in (2, 3)),
    full=(Trial("mlp", 2, 1, 2, ALL_TWO), Trial("mlp", 6, 2, 2, FIVE)),
    wrong="add",
    sizes=SMALL,
    more=MORE,
    flat=tuple(Trial("mlp", p, 1, 2, FIVE) for p in (2, 3)),
    more_flat=(Trial("mlp", 4, 2, 2, HALVES),),
    run=runs.affine_map,
)
SOFTMAX = Subject(
    what="The softmax as a network",
    grows=(Grows("softmax", {"exp": "n*d", "sum:d": "n", "divide": "n*d"}, "n*d**2*p**2", "n*d**3*p**3"),),
    path="divide + exp + sum",
    total=83,
    settled=4,
    quick=(Trial("softmax", 2, 1, 2, FROM_MINUS_TWO), Trial("softmax", 3, 1, 2, QUARTERS)),
    full=(Trial("softmax", 3, 1, 3, QUARTERS), Trial("softmax", 6, 1, 3, QUARTERS)),
    wrong="divide",
    sizes=SMALL,
    more=MORE,
    flat=(Trial("softmax", 2, 1, 2, FROM_MINUS_TWO),),
    more_flat=(Trial("softmax", 4, 1, 3, FIVE),),
)
NORM = Subject(
    what="Layer norm as a network",
    grows=(
        Grows(
            "layer_norm",
            {
                "sum:d": "2*n",
                "divide": "2*n + n*d",
                "subtract": "2*n*d",
                "multiply": "n*d",
                "sqrt": "n",
            },
            "n*d**2*p**2",
            "n*d**3*p**3",
        ),
    ),
    path="3 divide + multiply + sqrt + subtract + 2 sum",
    total=185,
    settled=5,
    quick=tuple(Trial("layer_norm", p, 1, 3, INTEGERS, unequal=True) for p in (2, 3)),
    full=tuple(Trial("layer_norm", p, 1, 3, INTEGERS, unequal=True) for p in (4, 5, 6)),
    wrong="divide",
    sizes=(*SMALL, (5, 3, 2)),
    more=MORE,
    flat=tuple(Trial("layer_norm", p, 1, 3, INTEGERS, unequal=True) for p in (2, 3)),
    more_flat=(Trial("layer_norm", 5, 1, 3, INTEGERS, unequal=True),),
    run=runs.norm,
)
ROPE_MATRIX = Subject(
    what="The matrix A of RoPE attention as a network",
    grows=(
        Grows(
            "rope_matrix",
            {
                "multiply": "n*d**2 + 2*n**2*d**2 + n**2*d",
                "sum:d": "n*d + 2*n**2*d + n**2",
                "cos": "(2*n-1)*d/2",
                "sin": "(2*n-1)*d/2",
                "negative": "n**2*d",
                "exp": "n**2",
            },
            "n**2*d**3*p**2",
            "n**2*d**4*p**3",
        ),
    ),
    path=f"{ROTATED} + exp + 3 multiply + 3 sum",
    total=180,
    settled=3,
    quick=(Trial("rope_matrix", 2, 2, 2, HALVES),),
    full=(Trial("rope_matrix", 3, 2, 2, FIVE), Trial("rope_matrix", 6, 2, 2, HALVES)),
    wrong="exp",
    sizes=ANGLES,
    more=MORE_ANGLES,
    flat=(),
    more_flat=tuple(Trial("rope_matrix", p, 2, 2, HALVES) for p in (2, 3)),
    run=runs.rope_matrix,
)
ATTENTION = Subject(
    what="Attention with its projections as a network",
    grows=(
        Grows(
            "attention",
            {
                "multiply": "3*n*d**2 + 2*n**2*d",
                "sum:d": "3*n*d + n**2",
                "sum:n": "n + n*d",
                "divide": "n**2 + n*d",
                "exp": "n**2",
            },
            "n**3*d**3*p**2",
            "n**4*d**4*p**3",
        ),
    ),
    path="2 divide + exp + 3 multiply + 3 sum",
    total=198,
    settled=4,
    quick=(Trial("attention", 2, 2, 2, HALVES),),
    full=(Trial("attention", 3, 2, 2, HALVES), Trial("attention", 6, 2, 2, FIVE)),
    wrong="divide",
    sizes=SMALL,
    more=MORE,
    flat=(Trial("attention", 2, 2, 2, HALVES),),
    more_flat=(Trial("attention", 4, 2, 2, HALVES),),
)
ROPE_LAYER = Subject(
    what="A layer of RoPE attention as a network",
    grows=(
        Grows(
            "rope_attention",
            {
                "multiply": "2*n*d**2 + 2*n**2*d**2 + 2*n**2*d",
                "sum:d": "2*n*d + 2*n**2*d + n**2",
                "sum:n": "n + n*d",
                "cos": "(2*n-1)*d/2",
                "sin": "(2*n-1)*d/2",
                "negative": "n**2*d",
                "exp": "n**2",
                "divide": "n*d",
            },
            "n**3*d**3*p**2",
            "n**4*d**4*p**3",
        ),
    ),
    path=f"{ROTATED} + divide + exp + 4 multiply + 4 sum",
    total=246,
    settled=4,
    quick=(Trial("rope_attention", 2, 2, 2, HALVES),),
    full=(Trial("rope_attention", 3, 2, 2, HALVES), Trial("rope_attention", 6, 2, 2, HALVES)),
    wrong="divide",
    sizes=ANGLES,
    more=MORE_ANGLES,
    flat=(),
    more_flat=tuple(Trial("rope_attention", p, 2, 2, HALVES) for p in (2, 3)),
    run=runs.rope_layer,
)
TENSOR_LAYER = Subject(
    what="A layer of tensor attention as a network",
    grows=(
        Grows(
            "tensor_attention",
            {
                "multiply": "5*n*d**2 + 2*n**2*d + 2*n**3*d",
                "sum:d": "5*n*d + n**3",
                "sum:n**2": "n + n*d",
                "divide": "n**3 + n*d",
                "exp": "n**3",
            },
            "n**5*d**3*p**2",
            "n**7*d**4*p**3",
        ),
    ),
    path="2 divide + exp + 4 multiply + 3 sum",
    total=209,
    settled=4,
    quick=(Trial("tensor_attention", 2, 2, 2, HALVES),),
    full=(Trial("tensor_attention", 3, 2, 2, HALVES), Trial("tensor_attention", 6, 2, 2, HALVES)),
    wrong="divide",
    sizes=SMALL,
    more=MORE,
    flat=(),
    more_flat=tuple(Trial("tensor_attention", p, 2, 2, HALVES) for p in (2, 4)),
    run=runs.tensor_layer,
)
ROPE_TENSOR_LAYER = Subject(
    what="A layer of RoPE tensor attention, variant pair-sum, as a network",
    grows=(
        Grows(
            "rope_tensor_attention",
            {
                "multiply": "5*n*d**2 + 2*n**2*d + n**3*d**2 + 2*n**3*d",
                "sum:d": "5*n*d + n**3*d + n**3",
                "sum:n**2": "n + n*d",
                "cos": "(4*n-3)*d/2",
                "sin": "(4*n-3)*d/2",
                "negative": "n**3*d",
                "divide": "n**3 + n*d",
                "exp": "n**3",
            },
            "n**5*d**3*p**2",
            "n**7*d**4*p**3",
        ),
    ),
    path=f"{ROTATED} + 2 divide + exp + 3 multiply + 3 sum",
    total=236,
    settled=4,
    quick=(Trial("rope_tensor_attention", 2, 2, 2, HALVES),),
    full=(Trial("rope_tensor_attention", 3, 2, 2, HALVES), Trial("rope_tensor_attention", 6, 2, 2, HALVES)),
    wrong="divide",
    sizes=ANGLES,
    more=MORE_ANGLES,
    flat=(),
    more_flat=(Trial("rope_tensor_attention", 2, 2, 2, HALVES),),
    run=runs.rope_tensor_layer,
)
