"""The matrix A of RoPE attention, in two orders of multiplication."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import ROPE_MATRIX as NETWORK
from proofs._depths import WEIGHTS, WITH_ANGLES, Claimed, depth_steps

ROTATIONS = {"cos": "(2*n-1)*d/2", "sin": "(2*n-1)*d/2", "negative": "n**2*d", "exp": "n**2"}
PRINTED = Claimed(
    path="max(s+P, △)+3s+3P+E",
    in_sequence="4s+4P+E+△",
    sizes={
        "multiply": "n*d**2 + 2*n**2*d**2 + n**2*d",
        "sum": "n*d + 2*n**2*d + n**2",
        "terms of sum": "n*d**2 + 2*n**2*d**2 + n**2*d",
        **ROTATIONS,
    },
    printed="4(s+P)+△+E",
)
KEYS_FIRST = Claimed(
    path="max(s+P, △)+2s+2P+E",
    in_sequence="3s+3P+E+△",
    sizes={
        "multiply": "2*n*d**2 + n**2*d**2 + n**2*d",
        "sum": "2*n*d + n**2*d + n**2",
        "terms of sum": "2*n*d**2 + n**2*d**2 + n**2*d",
        **ROTATIONS,
    },
)
TEX = r"$A_{ij}=\exp(X_{i,*}W_QR_{j-i}W_K^\top X_{j,*}^\top)$"

STATEMENTS = (
    Statement(
        label="lem:rope-matrix",
        title="Matrix A of RoPE attention, multiplied from left to right, angles tabulated",
        mark="M",
        tex=TEX + r" in depth $4(s+P)+\triangle+E$ when the steps are added",
        uses=("lem:matmul", "lem:exp"),
        suspects=("S21", "X3"),
        steps=(
            *depth_steps(
                "the matrix",
                runs.rope_matrix,
                PRINTED,
                ("△", "s+P", "s+P", "s+P", "s+P", "E"),
                KEYS_FIRST,
                runs.rope_matrix_keys_first,
            ),
            WEIGHTS,
            WITH_ANGLES,
        ),
    ),
    Statement(
        label="lem:rope-matrix@keys-first",
        title="Matrix A of RoPE attention, keys projected beside the queries",
        mark="D",
        tex=TEX + r" in depth $\max(s+P,\triangle)+2(s+P)+E$",
        uses=("lem:matmul", "lem:exp"),
        steps=(
            *depth_steps(
                "the matrix",
                runs.rope_matrix_keys_first,
                KEYS_FIRST,
                ("△", "s+P", "s+P", "s+P", "E"),
                PRINTED,
                runs.rope_matrix,
            ),
            WEIGHTS,
            WITH_ANGLES,
        ),
    ),
    NETWORK,
)
