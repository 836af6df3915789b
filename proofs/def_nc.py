"""The class NC: fan-in at most 2."""

from __future__ import annotations

from precise.circuits import build
from precise.claims import Mutant, Statement, Step
from proofs._classes import ceil_log2, computes, parity_tree, shape_holds

TYPES = ("AND", "OR")

STATEMENTS = (
    Statement(
        label="def:nc",
        title="The class NC",
        mark="R",
        tex=(
            r"$NC^i$: languages with circuits of size $poly(n)$ and depth $O(\log^in)$ from AND, OR and NOT gates of "
            r"fan-in at most 2. Here, unless said otherwise, $NC^1$ is the DLOGTIME-uniform class."
        ),
        steps=(
            Step(
                id="parity-tree-has-the-shape",
                says=r"A tree puts parity into $NC^1$: depth $2\lceil\log_2n\rceil$, $3(n-1)$ gates of fan-in 2.",
                formal="for n in 2..32: the tree has AND, OR of fan-in <= 2, depth <= 2 lg n, at most 3 (n - 1) gates",
                check=lambda: shape_holds(
                    parity_tree, TYPES, lambda n: 2, lambda n: 2 * ceil_log2(n), lambda n: 3 * (n - 1)
                ),
                mutants=(
                    Mutant(
                        "depth 2 lg n - 1",
                        lambda: shape_holds(
                            parity_tree, TYPES, lambda n: 2, lambda n: 2 * ceil_log2(n) - 1, lambda n: 3 * (n - 1)
                        ),
                    ),
                    Mutant(
                        "threshold gates of any fan-in",
                        lambda: shape_holds(
                            lambda n: build("parity", n),
                            TYPES,
                            lambda n: 2,
                            lambda n: 2 * ceil_log2(n),
                            lambda n: 3 * n,
                        ),
                    ),
                ),
            ),
            Step(
                id="parity-tree-computes-parity",
                says="It computes parity.",
                formal="for n in 2..12, all words: the tree gives the number of ones modulo 2",
                check=lambda: computes(parity_tree, 1, lambda w: sum(w) % 2),
                mutants=(Mutant("the OR instead", lambda: computes(parity_tree, 1, lambda w: int(any(w)))),),
            ),
        ),
    ),
)
