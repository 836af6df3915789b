"""Kronecker product: the body is the index formula. The first index runs fastest, the reverse of `numpy.kron`."""

from precise.nn import kron
from proofs._loops import kron_formula
from proofs._products import KRON_SHAPES, definition

STATEMENTS = definition(
    "def:kron",
    "Kronecker product",
    r"$(K_1\otimes K_2)_{i_1+(i_2-1)n_1,\,j_1+(j_2-1)d_1}=(K_1)_{i_1j_1}(K_2)_{i_2j_2}$",
    kron,
    kron_formula,
    KRON_SHAPES,
)
