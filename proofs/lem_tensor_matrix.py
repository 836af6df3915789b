"""The n x n^2 matrix A of tensor attention."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._depths import SIMULATED, WEIGHTS, Claimed, depth_steps

CLAIMED = Claimed(
    path="4s+2P+E",
    in_sequence="4s+2P+E",
    sizes={
        "multiply": "3*n*d**2 + n**2*d + n**3*d",
        "sum": "3*n*d + n**3",
        "terms of sum": "3*n*d**2 + n**3*d",
        "divide": "n**3",
        "exp": "n**3",
    },
)
OTHER = Claimed(path="3s+P+E", in_sequence="3s+P+E", sizes=CLAIMED.sizes)

STATEMENT = Statement(
    label="lem:tensor-matrix",
    title="Matrix A of tensor attention",
    mark="D",
    tex=r"$A=\exp(Q(K_1\oslash K_2)^\top/d)$ from $X$ in depth $4s+2P+E$",
    uses=("def:tensor-attention", "lem:matmul", "lem:tensor-ops", "lem:exp"),
    steps=(
        *depth_steps(
            "the matrix",
            runs.tensor_matrix,
            CLAIMED,
            ("s+P", "s", "s+P", "s", "E"),
            OTHER,
            runs.tensor_matrix_given,
        ),
        WEIGHTS,
        SIMULATED,
    ),
)
