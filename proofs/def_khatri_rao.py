"""Column-wise product: the body is the index formula. The first index runs fastest, the reverse of `numpy.kron`."""

from precise.nn import khatri_rao
from proofs._kernel_steps import pure_theorem
from proofs._loops import khatri_rao_formula
from proofs._products import KHATRI_RAO_SHAPES, definition

STATEMENTS = definition(
    "def:khatri-rao",
    "Column-wise product",
    r"$(K_1\oslash K_2)_{i_1+(i_2-1)n_1,\,j}=(K_1)_{i_1j}(K_2)_{i_2j}$",
    khatri_rao,
    khatri_rao_formula,
    KHATRI_RAO_SHAPES,
    pure_theorem(
        "tensor_products",
        "khatri_rao_entry",
        "forall (R : ring) (n1 : nat) (K1 K2 : matrix R) (i1 i2 j : nat), 1 <= i1 <= n1 -> 1 <= i2 -> "
        "khatri_rao n1 K1 K2 (i1 + (i2 - 1) * n1) j = mul (K1 i1 j) (K2 i2 j)",
    ),
    ("mul (K1 i1 j) (K2 i2 j)", "mul (K2 i1 j) (K1 i2 j)"),
)
