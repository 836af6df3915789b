"""The mixed product rule of the Kronecker product."""

from precise.nn import kron, namespace_of
from proofs._identities import Identity, in_floats, true_identity

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
TERMS = ("a1*a2*(b1*b2)", "(a1*b1)*(a2*b2)", "(a1*b2)*(a1*b1)")

STATEMENTS = (
    true_identity(LABEL, TITLE, "M", TEX, ("def:kron",), IDENTITY, MUTANTS, TERMS),
    in_floats(LABEL, TITLE, TEX, IDENTITY, 6),
)
