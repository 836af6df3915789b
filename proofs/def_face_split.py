"""Row-wise product: the body is the index formula. The first index runs fastest, the reverse of `numpy.kron`."""

from precise.nn import face_splitting
from proofs._loops import face_split_formula
from proofs._products import FACE_SPLIT_SHAPES, definition

STATEMENTS = definition(
    "def:face-split",
    "Row-wise product",
    r"$(K_1\ominus K_2)_{i,\,j_1+(j_2-1)d_1}=(K_1)_{ij_1}(K_2)_{ij_2}$",
    face_splitting,
    face_split_formula,
    FACE_SPLIT_SHAPES,
)
