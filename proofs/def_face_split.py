"""Row-wise product: the body is the index formula. The first index runs fastest, the reverse of `numpy.kron`."""

from precise.nn import face_splitting
from proofs._kernel_steps import pure_theorem
from proofs._loops import face_split_formula
from proofs._products import FACE_SPLIT_SHAPES, definition

STATEMENTS = definition(
    "def:face-split",
    "Row-wise product",
    r"$(K_1\ominus K_2)_{i,\,j_1+(j_2-1)d_1}=(K_1)_{ij_1}(K_2)_{ij_2}$",
    face_splitting,
    face_split_formula,
    FACE_SPLIT_SHAPES,
    pure_theorem(
        "tensor_products",
        "face_split_entry",
        "forall (R : ring) (d1 : nat) (K1 K2 : matrix R) (i j1 j2 : nat), 1 <= j1 <= d1 -> 1 <= j2 -> "
        "face_split d1 K1 K2 i (j1 + (j2 - 1) * d1) = mul (K1 i j1) (K2 i j2)",
    ),
    ("mul (K1 i j1) (K2 i j2)", "mul (K2 i j1) (K1 i j2)"),
)
