"""Which rotations of a triple are relative and which are symmetric: on symbols, and by least instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product as cartesian
from typing import Any, Literal, TypeAlias

from precise import exact
from precise.claims import Control, Counterexample, Evidence, Kind, Mutant, Scope, Step
from precise.nn import TRIPLE_VARIANTS, RotationTable, rope_tensor_scores
from precise.semantics.symbolic import symbolic
from proofs._kernel_triples import law_theorem
from proofs._loops import pair
from proofs._normal import compare

Law: TypeAlias = Literal["relative", "symmetric"]
HOLDS: dict[Law, tuple[str, ...]] = {
    "relative": ("pair-sum", "first-key", "factors-relative", "complex"),
    "symmetric": ("pair-sum", "factors-absolute", "factors-relative", "complex"),
}
LARGEST = 3
WORDS = {
    "relative": "unchanged when i, j, k all grow by one",
    "symmetric": "unchanged when (a, j) and (b, k) change places",
}
QUARTER_TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Cosine and sine of 0, 1, 2, 3 quarter turns."""


def scores_by(xp: Any, variant: str, rows: tuple[Any, Any, Any], n: int, **angles: Any) -> Any:
    """Return the scores of n tokens that all have the same query row, first key row and second key row."""
    stacks = [xp.stack([row] * n, axis=0) for row in rows]
    return rope_tensor_scores(*stacks, variant=variant, **angles).elements()  # type: ignore[arg-type]


def sides(law: Law, forward: Any, exchanged: Any, n: int) -> Iterator[tuple[tuple[int, int, int], Any, Any]]:
    """Yield the triples at which the law says something, with both of its sides."""
    for i, j, k in cartesian(range(1, n + 1), repeat=3):
        left = forward[i - 1, pair(j, k, n) - 1]
        if law == "symmetric":
            yield (i, j, k), left, exchanged[i - 1, pair(k, j, n) - 1]
        elif max(i, j, k) < n:
            yield (i, j, k), left, forward[i, pair(j + 1, k + 1, n) - 1]


def law_holds(law: Law, variants: Iterable[str]) -> Evidence | Counterexample:
    """Return evidence that the variants obey the law for all rows and angles, for up to 3 tokens."""
    listed = tuple(variants)

    def cases() -> Any:
        xp = symbolic()
        theta = xp.symbols("theta", (1,))
        q, a, b = (xp.symbols(name, (2,)) for name in ("q", "a", "b"))
        for variant, n in cartesian(listed, (2, LARGEST)):
            forward, exchanged = (scores_by(xp, variant, rows, n, theta=theta) for rows in ((q, a, b), (q, b, a)))
            for triple, left, right in sides(law, forward, exchanged, n):
                yield f"{variant}, n = {n}, (i, j, k) = {triple}", left, right

    triples = 8 + LARGEST**3 if law == "symmetric" else 1 + (LARGEST - 1) ** 3
    return compare(
        cases(),
        expected=len(listed) * triples,
        cells=("symbols",),
        scope=Scope.without_p("d = 2, n in 2..3"),
        note=", ".join(listed),
    )


def least_failure(law: Law, variant: str, entries: tuple[int, ...] = (0, 1)) -> Evidence | Counterexample:
    """Return the least instance at which the variant breaks the law, with theta a quarter turn."""
    xp, cases = exact(), 0
    turns = [QUARTER_TURNS[t % 4] for t in range(-10, 11)]
    table: Any = RotationTable(-10, *(xp.asarray([[turn[part]] for turn in turns]) for part in (0, 1)))
    instances = sorted(cartesian(entries, repeat=6), key=lambda t: (sum(t), tuple(-x for x in t)))
    for n, flat in cartesian((2, LARGEST), instances):
        q, a, b = (xp.asarray(list(flat[s : s + 2])) for s in (0, 2, 4))
        forward, exchanged = (scores_by(xp, variant, rows, n, table=table) for rows in ((q, a, b), (q, b, a)))
        for triple, left, right in sides(law, forward, exchanged, n):
            cases += 1
            if left != right:
                names = dict(zip(("q1", "q2", "a1", "a2", "b1", "b2"), flat, strict=True))
                i, j, k = triple
                return Counterexample(
                    values={"n": n, "i": i, "j": j, "k": k, **names, "left": left, "right": right},
                    refutes="left != right",
                    lines=(
                        f"n = {n}, theta a quarter turn, q = {flat[:2]}, a = {flat[2:4]}, b = {flat[4:]}",
                        f"score at (i, j, k) = {triple} is {left}",
                        f"{WORDS[law]} it should stay, but it becomes {right}",
                    ),
                    order="least n, least sum of entries 0 and 1, leading ones first, then (i, j, k)",
                    cases=cases,
                )
    triples = 8 + LARGEST**3 if law == "symmetric" else 1 + (LARGEST - 1) ** 3
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("theta a quarter turn, d = 2, n in 2..3, entries 0 and 1"),
        cases=cases,
        expected=len(instances) * triples,
        producer="precise-pbit",
    )


def yes_step(law: Law) -> Step:
    """Return the step that four variants obey the law."""
    return Step(
        id=law,
        says=f"{', '.join(HOLDS[law])}: the score is {WORDS[law]}.",
        formal=f"for all even d, all rows, angles, integer (i, j, k): {', '.join(HOLDS[law])} are {law}",
        check=lambda: law_holds(law, HOLDS[law]),
        cells=("symbols",),
        mutants=tuple(wrong_variant(law, v) for v in TRIPLE_VARIANTS if v not in HOLDS[law]),
        further=(law_theorem(law, wrong_variant(law, "flat")),),
    )


def wrong_variant(law: Law, variant: str) -> Mutant:
    """Return the mutant that claims the law for one more variant."""
    return Mutant(f"also {variant}", lambda: law_holds(law, [variant]))


def no_step(law: Law, variant: str) -> Step:
    """Return the step that refutes the law for a variant by its least instance."""
    return Step(
        id=f"{variant}-is-{law}",
        says=f"The variant {variant} is {law}: its score is {WORDS[law]}.",
        formal=f"for theta a quarter turn, n in 2..3, rows over 0 and 1, all (i, j, k): {variant} is {law}",
        check=lambda: least_failure(law, variant),
        expects="refuted",
        mutants=(
            Control("the variant pair-sum", lambda: least_failure(law, "pair-sum")),
            Control("rows of zeros", lambda: least_failure(law, variant, entries=(0,))),
        ),
    )
