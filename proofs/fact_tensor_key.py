"""The key of tensor attention: both ways to make it, and the scores as trilinear forms."""

from typing import Any

from precise.claims import Counterexample, Evidence, Mutant, Scope, Statement, Step
from precise.nn import khatri_rao, kron, namespace_of
from precise.semantics.symbolic import symbolic
from proofs._identities import Identity, in_floats
from proofs._kernel_steps import kernel_step, pure_theorem
from proofs._loops import columns, matrix, pair, rows, total
from proofs._normal import compare, entries
from proofs._ring_identities import TENSOR, KernelIdentity, true_identity

LABEL, TITLE = "fact:tensor-key", "Key of tensor attention"
TEX = (
    r"$(XW_1)\oslash(XW_2)=(X\otimes X)(W_1\oslash W_2)$, "
    r"$\big(Q(K_1\oslash K_2)^\top\big)_{i,j+(k-1)n}=\sum_lQ_{il}(K_1)_{jl}(K_2)_{kl}$"
)
IDENTITY = Identity(
    {"x": ("n", "d"), "v": ("d", "e"), "w": ("d", "e")},
    lambda x, v, w: khatri_rao(namespace_of(x).matmul(x, v), namespace_of(x).matmul(x, w)),
    lambda x, v, w: namespace_of(x).matmul(kron(x, x), khatri_rao(v, w)),
    ("nn", "e"),
)
MUTANTS = {"weights exchanged": lambda x, v, w: IDENTITY.right(x, w, v)}
THEOREM = KernelIdentity(
    "tensor_key",
    "forall (R : ring) (n d : nat) (X W1 W2 : matrix R) (i j : nat), "
    "khatri_rao n (times d X W1) (times d X W2) i j = times (d * d) (kron n d X X) (khatri_rao d W1 W2) i j",
    "(khatri_rao d W1 W2)",
    "(khatri_rao d W2 W1)",
    MUTANTS["weights exchanged"],
)
TERMS = ("(a1*b1)*(a2*b2)", "a1*a2*(b1*b2)", "a1*a1*(b1*b2)")


def scores(exchanged: bool = False) -> Evidence | Counterexample:
    """Return evidence that the scores are the trilinear forms, for n, d up to 3."""

    def cases() -> Any:
        xp = symbolic()
        for n in (1, 2, 3):
            for d in (1, 2, 3):
                q, k1, k2 = (xp.symbols(name, (n, d)) for name in ("q", "a", "b"))
                left = matrix(xp.matmul(q, xp.matrix_transpose(khatri_rao(k1, k2))))
                q0, a, b = (matrix(k) for k in (q, k1, k2))
                right = {
                    (i, pair(*((k, j) if exchanged else (j, k)), n)): total(
                        q0[i, m] * a[j, m] * b[k, m] for m in columns(q0)
                    )
                    for i in rows(q0)
                    for j in rows(q0)
                    for k in rows(q0)
                }
                yield from entries(f"n = {n}, d = {d}", left, right)

    return compare(cases(), expected=3 * (1 + 8 + 27), cells=("symbols",), scope=Scope.without_p("all shapes up to 3"))


RINGS, BODIES = true_identity(LABEL, TITLE, "D", TEX, ("def:kron", "def:khatri-rao"), IDENTITY, MUTANTS, THEOREM, TERMS)
SCORES = pure_theorem(
    TENSOR,
    "trilinear_scores",
    "forall (R : ring) (n d : nat) (Q K1 K2 : matrix R) (i j k : nat), 1 <= j <= n -> 1 <= k -> "
    "times d Q (transpose (khatri_rao n K1 K2)) i (j + (k - 1) * n) "
    "= total d (fun l => mul (mul (Q i l) (K1 j l)) (K2 k l))",
)
EVERY_TRILINEAR = kernel_step(
    SCORES,
    SCORES.mutant("j and k exchanged", "(j + (k - 1) * n)", "(k + (j - 1) * n)", lambda: scores(exchanged=True)),
    id="scores-are-trilinear-for-all-shapes",
    says="The score of (i, j, k) is the trilinear form of row i of Q, row j of $K_1$ and row k of $K_2$.",
    formal="for all commutative rings, all n, d >= 0, all i, all j, k >= 1 with j <= n: "
    "(Q (K1 o K2)^T)_{i, j+(k-1)n} = sum_l Q_il K1_jl K2_kl",
)
TRILINEAR = Step(
    id="scores-are-trilinear",
    says="The scores that the bodies compute are the trilinear forms.",
    formal="for all n, d up to 3, for all i, j, k: (Q (K1 o K2)^T)_{i, j+(k-1)n} = sum_l Q_il K1_jl K2_kl",
    check=scores,
    cells=("symbols",),
    mutants=(Mutant("j and k exchanged", lambda: scores(exchanged=True)),),
)
STATEMENTS = (
    Statement(label=LABEL, title=TITLE, mark="D", tex=TEX, uses=RINGS.uses, steps=(*RINGS.steps, EVERY_TRILINEAR)),
    Statement(
        label=BODIES.label,
        title=BODIES.title,
        mark="D",
        tex=TEX,
        uses=BODIES.uses,
        steps=(*BODIES.steps, TRILINEAR),
    ),
    in_floats(LABEL, TITLE, TEX.split(",")[0], IDENTITY, 6),
)
