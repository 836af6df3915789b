"""Identities of matrices over any commutative ring, for all shapes, and the bodies of the package that satisfy them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from precise.claims import Counterexample, Evidence, Mutant, Scope, Statement, Step, chain, decide_identity
from proofs._identities import Identity, Side, holds_in_rings, with_right
from proofs._kernel_steps import kernel_step, pure_theorem

TENSOR = "tensor_products"
"""The proof script of the products of matrices."""


@dataclass(frozen=True, slots=True)
class KernelIdentity:
    """The theorem of an identity for all shapes, in Coq's language; `new` for `old` makes its right side wrong."""

    name: str
    statement: str
    old: str
    new: str
    wrong_right: Side


def sums_over_pairs(left: str = "a1*a2*(b1*b2)", right: str = "(a1*b1)*(a2*b2)") -> Evidence | Counterexample:
    """Return certificates for all shapes that a sum over pairs of products is the product of two sums.

    The term of a pair is the product of its two terms. By induction on the two lengths: with A, B the sums so
    far and a, b the next terms, the sum over pairs grows from A B to A B + a B, and from A B to A B + A b.
    """
    scope = Scope.without_p()
    parts = [
        decide_identity(claim, scope=scope)
        for claim in (f"{left} == {right}", "0*B == 0", "A*B + a*B == (A + a)*B", "A*B + A*b == A*(B + b)")
    ]
    refuted = [x for x in parts if isinstance(x, Counterexample)]
    return refuted[0] if refuted else chain(*(x for x in parts if isinstance(x, Evidence)))


def sum_left_out() -> Counterexample:
    """Return the least lengths at which, for entries 1, the sum over pairs is not the first sum alone."""
    for m2 in range(1, 3):
        for m1 in range(1, 3):
            left, right = sum(1 for _ in range(m1) for _ in range(m2)), sum(1 for _ in range(m1))
            if left != right:
                values = {"m1": m1, "m2": m2, "left": left, "right": right}
                return Counterexample(values=values, refutes="left != right", cases=2 * (m2 - 1) + m1)
    raise AssertionError("two pairs and one term")


SUMS_OVER_PAIRS = pure_theorem(
    TENSOR,
    "total_product_of",
    "forall (R : ring) (m1 m2 : nat) (a1 a2 b1 b2 : nat -> R), total (m1 * m2) (fun k => "
    "mul (mul (a1 (first m1 k)) (a2 (second m1 k))) (mul (b1 (first m1 k)) (b2 (second m1 k)))) = "
    "mul (total m1 (fun k => mul (a1 k) (b1 k))) (total m2 (fun k => mul (a2 k) (b2 k)))",
)
"""The sum over pairs as the product of two sums, for every commutative ring and all lengths."""


def true_identity(
    label: str,
    title: str,
    mark: str,
    tex: str,
    uses: tuple[str, ...],
    identity: Identity,
    mutants: Mapping[str, Side],
    theorem: KernelIdentity,
    terms: tuple[str, str, str] | None = None,
) -> tuple[Statement, Statement]:
    """Return the statement of an identity over any commutative ring, and that the bodies of the package satisfy it.

    `terms` are the term of a pair on the left, the product of the two terms on the right, and a wrong one; they
    add the step that a sum over pairs is a product of sums. Such an identity fails in p-bit floats, which `in_floats`
    shows, and the statement over rings is the repair.
    """
    small = Step(
        id="equal-for-small-shapes",
        says="Both sides, computed by the bodies, are equal polynomials in the entries.",
        formal=f"for all shapes up to 2, for all entries: left = right ({identity.entry_count(2)} entries)",
        check=lambda: holds_in_rings(identity),
        cells=("symbols",),
        mutants=tuple(wrong_right_side(name, with_right(identity, side)) for name, side in mutants.items()),
    )
    proof = pure_theorem(TENSOR, theorem.name, theorem.statement)
    wrong = with_right(identity, theorem.wrong_right)
    every = kernel_step(
        proof,
        proof.mutant(f"{theorem.new} for {theorem.old}", theorem.old, theorem.new, lambda: holds_in_rings(wrong)),
        id="equal-for-all-shapes",
        says="Both sides, defined by the index formulas, have the same entry at every place.",
        formal="for all commutative rings, all shapes, all entries, all places: left = right",
    )
    steps = (all_shapes_step(*terms), every) if terms else (every,)
    return (
        Statement(
            label=label,
            title=title,
            mark=mark,
            tex=tex,
            uses=uses,
            steps=steps,
            repairs=f"{label}@floats" if terms else "",
        ),
        Statement(
            label=f"{label}@bodies",
            of_code=True,
            title=f"{title}, in the package",
            mark="D",
            tex=tex,
            uses=(label,),
            steps=(small,),
        ),
    )


def wrong_right_side(name: str, identity: Identity) -> Mutant:
    """Return the mutant that claims another right side."""
    return Mutant(name, lambda: holds_in_rings(identity))


def all_shapes_step(left: str, right: str, wrong: str) -> Step:
    """Return the step that carries an identity of sums over pairs from small shapes to all shapes."""
    return Step(
        id="sums-over-pairs-factor",
        says="An entry of the left side is, by definition of the products, a sum over pairs; for all lengths such a "
        "sum is the product of two sums. That the entries are these sums is part of the step on all shapes.",
        formal=f"for all lengths: the sum over pairs of {left} = (sum of a1*b1) (sum of a2*b2), by induction",
        check=lambda: sums_over_pairs(left, right),
        mutants=(Mutant("wrong index", lambda: sums_over_pairs(left, wrong)),),
        further=(
            SUMS_OVER_PAIRS.further(
                SUMS_OVER_PAIRS.mutant(
                    "second sum left out", "(total m2 (fun k => mul (a2 k) (b2 k)))", "one", sum_left_out
                )
            ),
        ),
    )
