"""The matrix A of RoPE tensor attention: rotations beside projections, QR beside the product of keys."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._depths import WEIGHTS, WITH_ANGLES, Claimed, depth_steps

CLAIMED = Claimed(
    path="max(s+P, △)+3s+2P+E",
    in_sequence="5s+3P+E+△",
    sizes={
        "multiply": "3*n*d**2 + n**2*d + n**3*d**2 + n**3*d",
        "sum": "3*n*d + n**3*d + n**3",
        "terms of sum": "3*n*d**2 + n**3*d**2 + n**3*d",
        "divide": "n**3",
        "exp": "n**3",
        "cos": "(4*n-3)*d/2",
        "sin": "(4*n-3)*d/2",
        "negative": "n**3*d",
    },
)
OTHER = Claimed(path="4s+2P+E+△", in_sequence="4s+3P+E+△", sizes=CLAIMED.sizes)

STATEMENT = Statement(
    label="lem:rope-tensor-matrix",
    title="Matrix A of RoPE tensor attention, variant pair-sum",
    mark="D",
    tex=r"$A_{i,J}=\exp(Q_{i,*}R_{j+k-2i}K_{J,*}^\top/d)$ from $X$ in depth $\max(s+P,\triangle)+3s+2P+E$",
    uses=("def:rope-tensor-attention", "lem:matmul", "lem:tensor-ops", "lem:exp"),
    steps=(
        *depth_steps(
            "the matrix",
            runs.rope_tensor_matrix,
            CLAIMED,
            ("s+P", "△", "s", "s+P", "s+P", "s", "E"),
            OTHER,
            runs.rope_tensor_matrix_planes,
        ),
        WEIGHTS,
        WITH_ANGLES,
    ),
)
