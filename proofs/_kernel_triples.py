"""Theorems of the kernel on the readings of RoPE tensor attention: relative, symmetric, split; all sizes and angles."""

from __future__ import annotations

from collections.abc import Callable
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


POSITIONS = {
    "pair-sum": pure_theorem(
        "rope_positions",
        "pair_sum_positions",
        "forall n t : Z, 1 <= n -> ((exists i j k, token n i /\\ token n j /\\ token n k /\\ t = j + k - 2 * i) "
        "<-> 2 - 2 * n <= t <= 2 * n - 2)",
    ),
    "first-key": pure_theorem(
        "rope_positions",
        "first_key_positions",
        "forall n t : Z, 1 <= n -> ((exists i j, token n i /\\ token n j /\\ t = j - i) <-> 1 - n <= t <= n - 1)",
    ),
    "flat": pure_theorem(
        "rope_positions",
        "flat_positions",
        "forall n t : Z, 1 <= n -> ((exists i j k, token n i /\\ token n j /\\ token n k /\\ "
        "t = j + (k - 1) * n - i) <-> 1 - n <= t <= n * n - 1)",
    ),
}
"""The positions whose rotation each reading with one rotation uses, for every number of tokens."""
LARGEST_POSITION: dict[str, Callable[[int], int]] = {
    "pair-sum": lambda n: 2 * n - 2,
    "first-key": lambda n: n - 1,
    "flat": lambda n: n * n - 1,
}
LARGEST_TEXT = {"pair-sum": "2 * n - 2", "first-key": "n - 1", "flat": "n * n - 1"}


def one_position_more(variant: str) -> Counterexample:
    """Return the least n and the position behind the range, which no triple of tokens has."""
    for n in range(1, 4):
        tokens = range(1, n + 1)
        found = {
            {"pair-sum": j + k - 2 * i, "first-key": j - i, "flat": j + (k - 1) * n - i}[variant]
            for i, j, k in cartesian(tokens, repeat=3)
        }
        t = LARGEST_POSITION[variant](n) + 1
        if t not in found:
            values = {"n": n, "t": t, "triples_with_t": 0, "claimed_at_least": 1}
            return Counterexample(values=values, refutes="triples_with_t < claimed_at_least", order="least n")
    raise UndecidedError("kernel: a position behind the range must not occur; got triples for all n")


def positions_further(variant: str) -> Further:
    """Return the theorem of a reading's positions as a further check."""
    theorem, largest = POSITIONS[variant], LARGEST_TEXT[variant]
    return theorem.further(
        theorem.mutant("one more", f"t <= {largest})", f"t <= {largest} + 1)", lambda: one_position_more(variant))
    )


def positions_step(variant: str) -> Step:
    """Return the step that a reading uses the positions of its range and no other."""
    theorem, largest = POSITIONS[variant], LARGEST_TEXT[variant]
    least = "2 - 2 * n" if variant == "pair-sum" else "1 - n"
    return kernel_step(
        theorem,
        theorem.mutant("one more", f"t <= {largest})", f"t <= {largest} + 1)", lambda: one_position_more(variant)),
        id=f"positions-of-{variant}",
        says=f"{variant}: the rotations are those of a range of positions, each of which occurs.",
        formal=f"for all n >= 1: the positions of {variant} over n tokens are the integers from {least} to {largest}",
    )


SPLITS_STEP: Step = kernel_step(
    SPLITS,
    SPLITS.mutant("query at j", "(query_position v i)", "(query_position v j)", wrong_query),
    id="splits",
    says="flat, pair-sum, first-key: the score is the inner product of a rotated query and a rotated pair.",
    formal="for all even d, all rows, angles, integer positions: q R_{s-r} (a o b) = <R_r q, R_s (a o b)>",
)
