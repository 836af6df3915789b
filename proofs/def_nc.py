"""The class NC: fan-in at most 2."""

from __future__ import annotations

from precise.circuits import build
from precise.claims import Mutant, Statement, Step
from proofs._classes import ceil_log2, computes, parity_tree, shape_holds
from proofs._float_evidence import Outcome, all_of, both

TYPES = ("AND", "OR")


def one_level(gates: str) -> Outcome:
    """Certify the count of gates and levels from one level of the tree to the next."""
    return all_of((f"{gates}*f + 3*(n - f - 1) == 3*(n - 1)", {}), ("2 + 2*k == 2*(k + 1)", {}), least=1)


def signs_multiply(both_ones: str) -> Outcome:
    """Certify that the sign (-1)^x of x = OR - AND of two bits is the product of their signs; AND is a b."""
    return all_of(
        (f"(a + b - a*b) - {both_ones} == a + b - 2*a*b", {}),
        ("1 - 2*(a + b - 2*a*b) == (1 - 2*a)*(1 - 2*b)", {}),
        least=1,
    )


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
                formal=(
                    "for all n, f, k: a level with f pairs takes 3 f gates in two levels and leaves n - f bits, so "
                    "3 f + 3 (n - f - 1) = 3 (n - 1) and 2 + 2 k = 2 (k + 1); "
                    "for n in 2..32: the tree has AND, OR of fan-in <= 2, depth <= 2 lg n, at most 3 (n - 1) gates"
                ),
                check=lambda: both(
                    one_level("3"),
                    shape_holds(parity_tree, TYPES, lambda n: 2, lambda n: 2 * ceil_log2(n), lambda n: 3 * (n - 1)),
                ),
                mutants=(
                    Mutant("two gates a pair", lambda: one_level("2")),
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
                formal=(
                    "for all bits a, b: OR - AND = a + b - 2 a b =: x, and 1 - 2 x = (1 - 2 a)(1 - 2 b), so the "
                    "signs of the inputs multiply up the tree; for n in 2..12, all words: the tree gives the ones "
                    "modulo 2"
                ),
                check=lambda: both(signs_multiply("a*b"), computes(parity_tree, 1, lambda w: sum(w) % 2)),
                mutants=(
                    Mutant("the OR instead, by search", lambda: computes(parity_tree, 1, lambda w: int(any(w)))),
                    Mutant("the OR instead", lambda: signs_multiply("0")),
                ),
            ),
        ),
    ),
)
