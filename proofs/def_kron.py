"""Kronecker product: the body is the index formula. The first index runs fastest, the reverse of `numpy.kron`."""

from precise.nn import kron
from proofs._kernel_steps import pure_theorem
from proofs._loops import kron_formula
from proofs._products import KRON_SHAPES, definition

STATEMENTS = definition(
    "def:kron",
    "Kronecker product",
    r"$(K_1\otimes K_2)_{i_1+(i_2-1)n_1,\,j_1+(j_2-1)d_1}=(K_1)_{i_1j_1}(K_2)_{i_2j_2}$",
    kron,
    kron_formula,
    KRON_SHAPES,
    pure_theorem(
        "tensor_products",
        "kron_entry",
        "forall (R : ring) (n1 d1 : nat) (K1 K2 : matrix R) (i1 i2 j1 j2 : nat), "
        "1 <= i1 <= n1 -> 1 <= i2 -> 1 <= j1 <= d1 -> 1 <= j2 -> "
        "kron n1 d1 K1 K2 (i1 + (i2 - 1) * n1) (j1 + (j2 - 1) * d1) = mul (K1 i1 j1) (K2 i2 j2)",
    ),
    ("mul (K1 i1 j1) (K2 i2 j2)", "mul (K2 i1 j1) (K1 i2 j2)"),
)
