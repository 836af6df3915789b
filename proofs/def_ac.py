"""The class AC: AND and OR of any fan-in."""

from __future__ import annotations

from collections.abc import Iterator

from precise.circuits import build
from precise.claims import Mutant, Statement, Step
from proofs._circuits import Instance, all_equal
from proofs._classes import LENGTHS, computes, lookahead, shape_holds
from proofs._float_evidence import Outcome
from proofs._gate_lists import carry_gates, is_list
from proofs._kernel_netlists import CARRY, CARRY_SHAPE
from proofs._words_evidence import all_of

TYPES = ("AND", "OR")


def carry(word: list[int]) -> int:
    """Return the carry of x + y for a word that holds both."""
    half = len(word) // 2
    return sum((a + b) << i for i, (a, b) in enumerate(zip(word[:half], word[half:], strict=True))) >> half


def has_the_shape(depth: int = 3) -> Outcome:
    """Check gate types, fan-in, depth and size, and that the circuit is the list of 3 n - 1 gates."""

    def rows() -> Iterator[Instance]:
        for n in LENGTHS:
            yield f"n = {n}: gates as written", is_list(lookahead(n), carry_gates(n)), 1

    where = f"n in {LENGTHS[0]}..{LENGTHS[-1]}"
    shape = shape_holds(lookahead, TYPES, lambda n: max(n, 2), lambda n: depth, lambda n: 3 * n - 1)
    return all_of((shape, all_equal(rows(), len(LENGTHS), where)))


def exceeds(word: list[int]) -> int:
    """Return whether x + y > 2^n, which a carry does not say."""
    half = len(word) // 2
    return int(sum((a + b) << i for i, (a, b) in enumerate(zip(word[:half], word[half:], strict=True))) > 1 << half)


STATEMENTS = (
    Statement(
        label="def:ac",
        title="The class AC",
        mark="R",
        tex=(
            r"$AC^i$: as $NC^i$ with AND and OR gates of unbounded fan-in. The carry of an addition is in $AC^0$: an "
            r"OR of ANDs over the place where it is born."
        ),
        steps=(
            Step(
                id="carry-has-the-shape",
                says="The carry of x + y has depth 3, $3n-1$ AND and OR gates, fan-in at most $n$, for $n\\ge2$.",
                formal=(
                    "for all n >= 1: the gates x_i AND y_i, x_i OR y_i for i > 0, the ANDs of x_j AND y_j with all "
                    "x_i OR y_i above, and the OR of these are 3 n - 1 gates AND and OR, of fan-in at most max(n, 2), "
                    "all of level at most 3"
                ),
                check=has_the_shape,
                mutants=(
                    Mutant("depth 2", lambda: has_the_shape(depth=2)),
                    Mutant(
                        "counting gates",
                        lambda: shape_holds(
                            lambda n: build("parity", n), TYPES, lambda n: n, lambda n: 3, lambda n: 3 * n - 1
                        ),
                    ),
                ),
                further=(
                    CARRY_SHAPE.further(
                        CARRY_SHAPE.mutant("depth 2", "l j <= 3", "l j <= 2", lambda: has_the_shape(depth=2))
                    ),
                ),
            ),
            Step(
                id="carry-is-computed",
                says="It computes the carry.",
                formal=(
                    "for all n >= 1, all x, y of n bits: exactly one assignment satisfies these gates, and the last "
                    "is 1 iff x + y >= 2^n"
                ),
                check=lambda: computes(lookahead, 2, carry),
                mutants=(Mutant("the top sum bit instead", lambda: computes(lookahead, 2, lambda w: 1 - carry(w))),),
                further=(
                    CARRY.further(
                        CARRY.mutant("x + y > 2^n", "(2 ^ n <=?", "(2 ^ n <?", lambda: computes(lookahead, 2, exceeds))
                    ),
                ),
            ),
        ),
    ),
)
