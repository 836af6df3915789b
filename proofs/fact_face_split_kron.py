"""A row-wise product times a Kronecker product."""

from precise.nn import face_splitting, kron, namespace_of
from proofs._identities import Identity, in_floats, true_identity

LABEL, TITLE = "fact:face-split-kron", "Row-wise times Kronecker product"
TEX = r"$(Z_1\ominus Z_2)(V_1\otimes V_2)=(Z_1V_1)\ominus(Z_2V_2)$"
IDENTITY = Identity(
    {"z1": ("n", "m"), "z2": ("n", "l"), "v1": ("m", "d"), "v2": ("l", "e")},
    lambda z1, z2, v1, v2: namespace_of(z1).matmul(face_splitting(z1, z2), kron(v1, v2)),
    lambda z1, z2, v1, v2: face_splitting(namespace_of(z1).matmul(z1, v1), namespace_of(z1).matmul(z2, v2)),
    ("n", "de"),
)
MUTANTS = {
    "factors exchanged": lambda z1, z2, v1, v2: face_splitting(
        namespace_of(z1).matmul(z2, v2), namespace_of(z1).matmul(z1, v1)
    ),
}
TERMS = ("a1*a2*(b1*b2)", "(a1*b1)*(a2*b2)", "(a1*b1)*(a2*b1)")

STATEMENTS = (
    true_identity(LABEL, TITLE, "M", TEX, ("def:face-split", "def:kron"), IDENTITY, MUTANTS, TERMS),
    in_floats(LABEL, TITLE, TEX, IDENTITY, 6),
)
