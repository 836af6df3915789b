"""A Kronecker product times a column-wise product."""

from precise.nn import khatri_rao, kron, namespace_of
from proofs._identities import Identity, in_floats
from proofs._ring_identities import KernelIdentity, true_identity

LABEL, TITLE = "fact:kron-khatri-rao", "Kronecker times column-wise product"
TEX = r"$(W_1\otimes W_2)(A_1\oslash A_2)=(W_1A_1)\oslash(W_2A_2)$"
IDENTITY = Identity(
    {"w1": ("n", "m"), "w2": ("k", "l"), "a1": ("m", "d"), "a2": ("l", "d")},
    lambda w1, w2, a1, a2: namespace_of(w1).matmul(kron(w1, w2), khatri_rao(a1, a2)),
    lambda w1, w2, a1, a2: khatri_rao(namespace_of(w1).matmul(w1, a1), namespace_of(w1).matmul(w2, a2)),
    ("nk", "d"),
)
MUTANTS = {
    "factors exchanged": lambda w1, w2, a1, a2: khatri_rao(
        namespace_of(w1).matmul(w2, a2), namespace_of(w1).matmul(w1, a1)
    ),
}
THEOREM = KernelIdentity(
    "kron_khatri_rao",
    "forall (R : ring) (n1 m1 m2 : nat) (W1 W2 A1 A2 : matrix R) (i j : nat), times (m1 * m2) "
    "(kron n1 m1 W1 W2) (khatri_rao m1 A1 A2) i j = khatri_rao n1 (times m1 W1 A1) (times m2 W2 A2) i j",
    "(times m1 W1 A1) (times m2 W2 A2)",
    "(times m2 W2 A2) (times m1 W1 A1)",
    MUTANTS["factors exchanged"],
)
TERMS = ("b1*b2*(a1*a2)", "(a1*b1)*(a2*b2)", "(a1*b1)*(a1*b2)")

STATEMENTS = (
    *true_identity(LABEL, TITLE, "M", TEX, ("def:kron", "def:khatri-rao"), IDENTITY, MUTANTS, THEOREM, TERMS),
    in_floats(LABEL, TITLE, TEX, IDENTITY, 6),
)
