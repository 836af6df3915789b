"""The mixed product rule of the Kronecker product."""

from precise.nn import kron, namespace_of
from proofs._identities import Identity, in_floats
from proofs._ring_identities import KernelIdentity, true_identity

LABEL, TITLE = "fact:kron-mixed", "Mixed product rule"
TEX = r"$(P_1\otimes P_2)(Q_1\otimes Q_2)=(P_1Q_1)\otimes(P_2Q_2)$"
IDENTITY = Identity(
    {"p1": ("n", "m"), "p2": ("k", "l"), "q1": ("m", "d"), "q2": ("l", "e")},
    lambda p1, p2, q1, q2: namespace_of(p1).matmul(kron(p1, p2), kron(q1, q2)),
    lambda p1, p2, q1, q2: kron(namespace_of(p1).matmul(p1, q1), namespace_of(p1).matmul(p2, q2)),
    ("nk", "de"),
)
MUTANTS = {
    "factors exchanged": lambda p1, p2, q1, q2: kron(namespace_of(p1).matmul(p2, q2), namespace_of(p1).matmul(p1, q1)),
}
THEOREM = KernelIdentity(
    "kron_mixed",
    "forall (R : ring) (n1 m1 m2 d1 : nat) (P1 P2 Q1 Q2 : matrix R) (i j : nat), times (m1 * m2) "
    "(kron n1 m1 P1 P2) (kron m1 d1 Q1 Q2) i j = kron n1 d1 (times m1 P1 Q1) (times m2 P2 Q2) i j",
    "(times m1 P1 Q1) (times m2 P2 Q2)",
    "(times m2 P2 Q2) (times m1 P1 Q1)",
    MUTANTS["factors exchanged"],
)
TERMS = ("a1*a2*(b1*b2)", "(a1*b1)*(a2*b2)", "(a1*b2)*(a1*b1)")

STATEMENTS = (
    *true_identity(LABEL, TITLE, "M", TEX, ("def:kron",), IDENTITY, MUTANTS, THEOREM, TERMS),
    in_floats(LABEL, TITLE, TEX, IDENTITY, 6),
)
