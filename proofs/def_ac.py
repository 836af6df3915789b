"""The class AC: AND and OR of any fan-in."""

from __future__ import annotations

from precise.circuits import build
from precise.claims import Mutant, Statement, Step
from proofs._classes import computes, lookahead, shape_holds

TYPES = ("AND", "OR")


def carry(word: list[int]) -> int:
    """Return the carry of x + y for a word that holds both."""
    half = len(word) // 2
    return sum((a + b) << i for i, (a, b) in enumerate(zip(word[:half], word[half:], strict=True))) >> half


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
                says="The carry of x + y has depth 3, at most $3n+1$ AND and OR gates, fan-in at most $n$.",
                formal="for n in 2..32: the carry circuit has AND, OR of fan-in <= n, depth <= 3, <= 3 n + 1 gates",
                check=lambda: shape_holds(lookahead, TYPES, lambda n: max(n, 2), lambda n: 3, lambda n: 3 * n + 1),
                mutants=(
                    Mutant(
                        "depth 2",
                        lambda: shape_holds(lookahead, TYPES, lambda n: max(n, 2), lambda n: 2, lambda n: 3 * n + 1),
                    ),
                    Mutant(
                        "counting gates",
                        lambda: shape_holds(
                            lambda n: build("parity", n), TYPES, lambda n: n, lambda n: 3, lambda n: 3 * n + 1
                        ),
                    ),
                ),
            ),
            Step(
                id="carry-is-computed",
                says="It computes the carry.",
                formal="for n in 2..6, all x, y of n bits: the circuit gives 1 iff x + y >= 2^n",
                check=lambda: computes(lookahead, 2, carry),
                mutants=(Mutant("the top sum bit instead", lambda: computes(lookahead, 2, lambda w: 1 - carry(w))),),
            ),
        ),
    ),
)
