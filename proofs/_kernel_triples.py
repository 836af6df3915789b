"""Theorems of the kernel on the readings of RoPE tensor attention: relative, symmetric, split; all sizes and angles."""

from __future__ import annotations

from itertools import product as cartesian

from precise.claims import Counterexample, Further, Mutant, Step
from precise.errors import UndecidedError
from proofs._kernel_steps import kernel_step, pure_theorem

ROWS = (
    "forall (h : nat) (tokens : Z) (theta : nat -> R) (v : variant) (i j k{shift} : Z) (q a b : nat -> R), "
    "{hypothesis} -> score h tokens theta v {left} = "
)
RELATIVE = pure_theorem(
    "rope_triples",
    "triple_relative",
    ROWS.format(shift=" t", hypothesis="relative v", left="(i + t) (j + t) (k + t) q a b")
    + "score h tokens theta v i j k q a b",
)
SYMMETRIC = pure_theorem(
    "rope_triples",
    "triple_symmetric",
    ROWS.format(shift="", hypothesis="symmetric v", left="i j k q a b") + "score h tokens theta v i k j q b a",
)
SPLITS = pure_theorem(
    "rope_triples",
    "triple_splits",
    ROWS.format(shift="", hypothesis="one_rotation v", left="i j k q a b")
    + "inner h (rotated h theta (query_position v i) q) (rotated h theta (pair_position tokens v j k) (both a b))",
)
TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Cosine and sine of 0, 1, 2, 3 quarter turns."""


def turned(t: int, x: tuple[int, ...]) -> tuple[int, int]:
    """Return a plane after t quarter turns."""
    cos, sin = TURNS[t % 4]
    return cos * x[0] - sin * x[1], sin * x[0] + cos * x[1]


def wrong_query() -> Counterexample:
    """Return the least instance at which first-key does not split with the query at position j."""
    bits = tuple(cartesian((0, 1), repeat=2))
    for i, j, q, pair in cartesian((0, 1), (0, 1), bits, bits):
        left = sum(x * y for x, y in zip(q, turned(j - i, pair), strict=True))
        right = sum(x * y for x, y in zip(turned(j, q), turned(j, pair), strict=True))
        if left != right:
            values = {
                "i": i,
                "j": j,
                "q1": q[0],
                "q2": q[1],
                "x1": pair[0],
                "x2": pair[1],
                "left": left,
                "right": right,
            }
            return Counterexample(values=values, refutes="left != right", order="least i, j, then entries")
    raise UndecidedError("kernel: the query at position j must fail for quarter turns; got no instance")


def law_theorem(law: str, failure: Mutant) -> Further:
    """Return the theorem of a law as a further check; `failure` is the law for one more variant."""
    theorem = {"relative": RELATIVE, "symmetric": SYMMETRIC}[law]

    def search() -> Counterexample:
        outcome = failure.check()
        if not isinstance(outcome, Counterexample):
            raise UndecidedError(f"kernel: a variant that is not {law} must be refuted; got evidence")
        return outcome

    return theorem.further(theorem.mutant("every variant", f"{law} v ->", "", search))


SPLITS_STEP: Step = kernel_step(
    SPLITS,
    SPLITS.mutant("query at j", "(query_position v i)", "(query_position v j)", wrong_query),
    id="splits",
    says="flat, pair-sum, first-key: the score is the inner product of a rotated query and a rotated pair.",
    formal="for all even d, all rows, angles, integer positions: q R_{s-r} (a o b) = <R_r q, R_s (a o b)>",
)
