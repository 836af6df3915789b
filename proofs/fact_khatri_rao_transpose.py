"""The transpose of a column-wise product; the one identity of the five that also holds in p-bit floats."""

from fractions import Fraction

from precise import paper_float, rounded
from precise.claims import Mutant, Scope, Statement, Step, decide_identity
from precise.nn import face_splitting, khatri_rao, namespace_of
from proofs._identities import VALUES, Identity, search, with_right
from proofs._ring_identities import KernelIdentity, true_identity

LABEL, TITLE = "fact:khatri-rao-transpose", "Transpose of a column-wise product"
TEX = r"$(A_1\oslash A_2)^\top=A_1^\top\ominus A_2^\top$"
IDENTITY = Identity(
    {"a1": ("n", "d"), "a2": ("k", "d")},
    lambda a1, a2: namespace_of(a1).matrix_transpose(khatri_rao(a1, a2)),
    lambda a1, a2: face_splitting(namespace_of(a1).matrix_transpose(a1), namespace_of(a1).matrix_transpose(a2)),
    ("d", "nk"),
)


def exchanged(a1, a2):  # type: ignore[no-untyped-def]
    """Return the right side with its factors exchanged."""
    return IDENTITY.right(a2, a1)


THEOREM = KernelIdentity(
    "khatri_rao_transpose",
    "forall (R : ring) (n1 : nat) (A1 A2 : matrix R) (i j : nat), "
    "transpose (khatri_rao n1 A1 A2) i j = face_split n1 (transpose A1) (transpose A2) i j",
    "(transpose A1) (transpose A2)",
    "(transpose A2) (transpose A1)",
    exchanged,
)
XP = rounded(paper_float(2))
SIGNED = (*VALUES, Fraction(-3, 2), Fraction(1, 8))
IN_FLOATS = Statement(
    label=f"{LABEL}@floats",
    title=f"{TITLE}, in p-bit floats",
    mark="D",
    tex=TEX,
    uses=(LABEL,),
    steps=(
        Step(
            id="same-product-at-each-place",
            says="Both sides round the same product once at each place, so they agree under every rounding.",
            formal="for all a, b of a commutative ring: the entry a*b of the left is the entry of the right",
            check=lambda: decide_identity("a*b == b*a", scope=Scope.without_p()),
            mutants=(Mutant("other operand", lambda: decide_identity("a*b == a*a", scope=Scope.without_p())),),
        ),
        Step(
            id="equal-in-2-bits",
            says=r"In $\mathbb F_2$ both sides are equal on all small matrices, underflow included.",
            formal="for all operands with at most 4 entries among 1, 3/2, -3/2, 1/8: left = right in F_2",
            check=lambda: search(IDENTITY, XP, SIGNED, 2, 4),
            mutants=(Mutant("factors exchanged", lambda: search(with_right(IDENTITY, exchanged), XP, SIGNED, 2, 4)),),
        ),
    ),
)
STATEMENTS = (
    *true_identity(
        LABEL,
        TITLE,
        "M",
        TEX,
        ("def:khatri-rao", "def:face-split"),
        IDENTITY,
        {"factors exchanged": exchanged},
        THEOREM,
    ),
    IN_FLOATS,
)
