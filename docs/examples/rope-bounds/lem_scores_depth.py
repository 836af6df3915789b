"""Depth of the attention matrix A_ij = exp(X_i W_Q R_(j-i) W_K^T X_j^T)."""

from itertools import product

from precise import cost
from precise.claims import Control, Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step, decide_identity
from precise.semantics import critical_path

NAMES = ("s", "P", "E", "△")
SHAPES = tuple(product((1, 2, 3), (2, 4)))
DEPTHS = tuple(product((1, 2, 5), repeat=len(NAMES)))


def matrix(xp, n, d):
    """Return A for a sequence of n tokens of width d; each entry of each rotation is one cos."""
    x = xp.empty((n, d))
    rotations = xp.cos(xp.empty((n, n, d, d)))
    queries = xp.reshape(xp.matmul(x, xp.empty((d, d))), (n, 1, 1, d))
    keys = xp.matmul(xp.matmul(queries, rotations), xp.empty((d, d)))
    return xp.exp(xp.matmul(keys, xp.reshape(x, (1, n, d, 1))))


def longest_path_is(claim):
    """Return evidence that the longest path through A has the claimed length, or the least case where it has not."""
    cases = 0
    for n, d in SHAPES:
        path = critical_path(matrix(cost(), n, d))
        for depths in DEPTHS:
            cases += 1
            named = dict(zip(NAMES, depths, strict=True))
            length, claimed = path.evaluate(named | {"T": 0, "R": 0, "L": 0}), claim(*depths)
            if length != claimed:
                return Counterexample(
                    values={"n": n, "d": d, "length": length, "claimed": claimed},
                    refutes="length != claimed",
                    lines=(
                        f"n = {n}, d = {d}, and every step of depth 1: the claim is {claimed}",
                        "the entries of the rotations are ready when the first product is",
                        f"so the longest path has length {length}",
                    ),
                    order="least n, then d, then the depths of the steps",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("n <= 3, d in {2, 4}, depths of steps in {1, 2, 5}"),
        cases=cases,
        expected=len(SHAPES) * len(DEPTHS),
        producer="precise-pbit",
    )


def printed(s, P, E, cosine):
    """Return the depth as remembered: four products, then the angles, then exp."""
    return 4 * (s + P) + cosine + E


def side_by_side(s, P, E, cosine):
    """Return the depth with the rotations beside the first product."""
    return max(s + P, cosine) + 3 * (s + P) + E


def steps_add_up(products):
    """Return a certificate that the steps of the proof, one after the other, have the remembered sum."""
    steps = " + ".join(["D", *["(s + P)"] * products, "X"])
    return decide_identity(f"{steps} == 4*(s + P) + D + X", scope=Scope.without_p())


PRINTED = Statement(
    label="lem:scores-depth@printed",
    title="The remembered sum, read as the length of the longest path",
    mark="M",
    as_printed=True,
    tex=r"The longest path through $A$ has length $4(s+P)+\triangle+E$.",
    where="arXiv:2411.07602, the lemma on the matrix $A$",
    steps=(
        Step(
            id="longest-path-is-the-sum",
            says="No two steps of the proof can run side by side.",
            formal="for n <= 3, d in 2, 4, depths in 1, 2, 5: longest path = 4 (s + P) + D + E",
            check=lambda: longest_path_is(printed),
            expects="refuted",
            mutants=(Control("rotations beside the first product", lambda: longest_path_is(side_by_side)),),
        ),
    ),
)

REPAIRED = Statement(
    label="lem:scores-depth",
    title="Depth of the attention matrix",
    mark="M, D",
    repairs=PRINTED.label,
    tex=r"The steps of $A$ add up to $4(s+P)+\triangle+E$; the longest path is $\max(s+P,\triangle)+3(s+P)+E$.",
    steps=(
        Step(
            id="steps-add-up",
            says=r"One after the other the steps have depth $4(s+P)+\triangle+E$.",
            formal="D + 4 (s + P) + E, step by step",
            check=lambda: steps_add_up(4),
            mutants=(Mutant("three products", lambda: steps_add_up(3)),),
        ),
        Step(
            id="longest-path",
            says=r"The longest path has length $\max(s+P,\triangle)+3(s+P)+E$.",
            formal="for n <= 3, d in 2, 4, depths in 1, 2, 5: longest path = max(s + P, D) + 3 (s + P) + E",
            check=lambda: longest_path_is(side_by_side),
            mutants=(
                Mutant("the remembered sum", lambda: longest_path_is(printed)),
                Mutant("without the angles", lambda: longest_path_is(lambda s, P, E, c: 4 * (s + P) + E)),
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED)
