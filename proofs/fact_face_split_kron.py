"""A row-wise product times a Kronecker product."""

from precise.nn import face_splitting, kron, namespace_of
from proofs._identities import Identity, in_floats
from proofs._ring_identities import KernelIdentity, true_identity

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
THEOREM = KernelIdentity(
    "face_split_kron",
    "forall (R : ring) (m1 m2 d1 : nat) (Z1 Z2 V1 V2 : matrix R) (i j : nat), times (m1 * m2) "
    "(face_split m1 Z1 Z2) (kron m1 d1 V1 V2) i j = face_split d1 (times m1 Z1 V1) (times m2 Z2 V2) i j",
    "(times m1 Z1 V1) (times m2 Z2 V2)",
    "(times m2 Z2 V2) (times m1 Z1 V1)",
    MUTANTS["factors exchanged"],
)
TERMS = ("a1*a2*(b1*b2)", "(a1*b1)*(a2*b2)", "(a1*b1)*(a2*b1)")

STATEMENTS = (
    *true_identity(LABEL, TITLE, "M", TEX, ("def:face-split", "def:kron"), IDENTITY, MUTANTS, THEOREM, TERMS),
    in_floats(LABEL, TITLE, TEX, IDENTITY, 6),
)
