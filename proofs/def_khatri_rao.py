"""Column-wise product: the body is the index formula. The first index runs fastest, the reverse of `numpy.kron`."""

from precise.nn import khatri_rao
from proofs._loops import khatri_rao_formula
from proofs._products import KHATRI_RAO_SHAPES, definition

STATEMENTS = definition(
    "def:khatri-rao",
    "Column-wise product",
    r"$(K_1\oslash K_2)_{i_1+(i_2-1)n_1,\,j}=(K_1)_{i_1j}(K_2)_{i_2j}$",
    khatri_rao,
    khatri_rao_formula,
    KHATRI_RAO_SHAPES,
)
