"""Uniform weights: a function of indices gives every bit of a weight; without it any set of lengths is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from precise import exact, paper_float, rounded
from precise.claims import Control, Mutant, Scope, Statement, Step, decide_identity
from precise.nn import affine
from proofs._clocked import diagonal_constant, machine_accepts
from proofs._kernel_encodings import WEIGHTS, WEIGHTS_TIME
from proofs._oracle import fractions_of
from proofs._words_evidence import Outcome, counted, differs, each_alone
from proofs.thm_tensor_attention import decides

LENGTHS = tuple(range(1, 17))
LIMIT = 12
Family = Callable[[int], int]


class Steps:
    """A count of word operations."""

    def __init__(self) -> None:
        self.taken = 0

    def tick(self, result: int) -> int:
        """Count one operation and pass its result on."""
        self.taken += 1
        return result


def sign_bit(i: int, j: int, steps: Steps) -> int:
    """Return the parity of the ones of i AND j, folded in halves: the sign bit of the weight (i, j)."""
    word, width = steps.tick(i & j), 1
    while word >> width:
        width = steps.tick(2 * width)
    while width > 1:
        width = steps.tick(width // 2)
        word = steps.tick(steps.tick(word ^ word >> width) & (1 << width) - 1)
    return word & 1


def bit_by_bit(i: int, j: int, steps: Steps) -> int:
    """Return the same parity by going through all numbers below i: time n, not log n."""
    return sum(steps.tick(i >> b & j >> b & 1) for b in range(max(i, 1))) % 2


def lowest_only(i: int, j: int, steps: Steps) -> int:
    """Return the parity of the lowest place alone."""
    return steps.tick(i & j) & 1


def opposite(i: int, j: int, steps: Steps) -> int:
    """Return the other bit."""
    return 1 - sign_bit(i, j, steps)


Rule = Callable[[int, int, Steps], int]


def bits_give_the_weights(rule: Rule = sign_bit) -> Outcome:
    """Compare +-1 weights made from their sign bits with products of rotations by half turns, in an affine map of F_2.

    The matrix of order 2n is the one of order n repeated, with a minus sign in the last quarter.
    """
    cases, table = 0, [[1]]
    while len(table) < LENGTHS[-1]:
        table = [row + row for row in table] + [row + [-x for x in row] for row in table]
    xp: Any = rounded(paper_float(2))
    for n in LENGTHS:
        made = xp.asarray([[1 - 2 * rule(i, j, Steps()) for j in range(n)] for i in range(n)])
        got = fractions_of(affine(xp.asarray([[int(k == 0) for k in range(n)]]), made))
        right = [Fraction(table[i][0]) for i in range(n)]
        stored = fractions_of(made)
        for i, j in product(range(n), repeat=2):
            cases += 1
            if stored[i, j] != table[i][j] or got[0, i] != right[i]:
                return differs(
                    "least n, then entry",
                    (f"n = {n}, entry ({i}, {j})",),
                    got=int(stored[i, j]),
                    right=table[i][j],
                    cases=cases,
                    n=n,
                )
    return counted(cases, sum(n * n for n in LENGTHS), "n <= 16, all entries")


def time_is_logarithmic(rule: Rule = sign_bit, most: int = 5) -> Outcome:
    """Check that a bit takes at most 4 log2 k + `most` operations where n = 2^k, log2 k rounded down."""
    cases = 0
    for k in range(1, LIMIT + 1):
        n = 2**k
        for i, j in ((n - 1, n - 1), (n - 1, n // 2), (n // 2, n - 1), (1, n - 1)):
            cases += 1
            steps = Steps()
            rule(i, j, steps)
            right = 4 * (k.bit_length() - 1) + most
            if steps.taken > right:
                return differs(
                    "least n",
                    (f"n = {n}: {steps.taken} operations",),
                    got=steps.taken,
                    right=right,
                    cases=cases,
                    n=n,
                )
    return counted(cases, 4 * LIMIT, f"n = 2^k, k <= {LIMIT}, four entries each")


def in_a_uniform_class(family: Family, listed: Sequence[int]) -> Outcome:
    """Search for machines with a clock that decide the model whose bias for length n is family(n)."""
    differing: list[tuple[int, int]] = []
    for k in listed:
        if decides(family(k)) == machine_accepts(k, k):
            return counted(1, 1, f"machine {k}, length {k}")
        differing.append((k, next(n for n in range(1, k + 1) if decides(family(n)) != machine_accepts(k, n))))
    k, n = differing[0]
    return differs(
        "least machine, then least length",
        (
            f"machine {k} {'accepts' if machine_accepts(k, n) else 'rejects'} length {n}; with bias {family(n)} the "
            f"model {'accepts' if decides(family(n)) else 'rejects'} it",
            f"each of the machines up to {len(listed)} differs from the model, machine k at length k at the latest",
        ),
        got=int(machine_accepts(k, n)),
        right=int(decides(family(n))),
        cases=len(listed),
        machine=k,
        length=n,
        bias=family(n),
    )


def any_set(sign: int = 1) -> Outcome:
    """Check that for every set of lengths 1..6 biases decide it, one model a length, run over the rationals."""
    cases, xp = 0, exact()
    for chosen in product((0, 1), repeat=6):
        for member in chosen:
            cases += 1
            output = affine(xp.asarray([[1]]), xp.asarray([[0]]), xp.asarray([sign * member])).elements()[0, 0]
            if bool(output > 0) != bool(member):
                return differs("least set", (f"set {chosen}",), got=int(output > 0), right=member, cases=cases)
    return counted(cases, 6 * 2**6, "all sets of lengths up to 6")


STATEMENTS = (
    Statement(
        label="hyp:weights@dropped",
        title="No hypothesis on the weights",
        mark="D",
        suspects=("S28",),
        tex="a family of models of depth one decides a language of a uniform class, whatever its weights are",
        steps=(
            Step(
                id="some-machine-decides-the-model",
                says=(
                    "A bias bit a length that is what machine $n$ does not say of length $n$: the family of models "
                    "is decided by one of the machines."
                ),
                formal=f"for biases b_n = 1 - M_n(1^n), run: some clocked machine M_k, k <= {LIMIT}, decides the model",
                expects="refuted",
                check=lambda: in_a_uniform_class(diagonal_constant, range(1, LIMIT + 1)),
                mutants=(
                    Control(
                        "biases that machine 9 computes",
                        lambda: in_a_uniform_class(lambda n: int(machine_accepts(9, n)), (9,)),
                    ),
                ),
            ),
        ),
    ),
    Statement(
        label="hyp:weights",
        title="Uniformity of weights",
        mark="D",
        repairs="hyp:weights@dropped",
        suspects=("S28",),
        tex=(
            r"a function computable in time $O(\log n)$ gives bit $b$ of entry $(i,j)$ of each parameter for length "
            "$n$; there are models that satisfy it, and without it any set of lengths is decided"
        ),
        steps=(
            Step(
                id="bits-give-the-weights",
                says=(
                    "Weights of signs $(-1)^{|i\\wedge j|}$ made from a function of the indices are the table made "
                    "by doubling."
                ),
                formal="for all k, all i, j < 2^k: 1 - 2 bit(i, j) = table[i][j] in the table of order 2^k",
                check=bits_give_the_weights,
                mutants=(Mutant("the lowest place alone", lambda: bits_give_the_weights(lowest_only)),),
                further=(
                    WEIGHTS.further(
                        WEIGHTS.mutant(
                            "signs exchanged", "-1 else 1", "1 else -1", lambda: bits_give_the_weights(opposite)
                        )
                    ),
                ),
            ),
            Step(
                id="time-is-logarithmic",
                says="The function takes at most $4\\log_2\\log_2n+5$ operations on words.",
                formal="for all n = 2^k >= 2, all entries i, j < n: operations <= 4 floor(log2 k) + 5",
                check=time_is_logarithmic,
                mutants=(Mutant("all places below i", lambda: time_is_logarithmic(bit_by_bit)),),
                further=(
                    WEIGHTS_TIME.further(
                        WEIGHTS_TIME.mutant("one less", "k + 5", "k + 4", lambda: time_is_logarithmic(most=4))
                    ),
                ),
            ),
            Step(
                id="without-it-any-set-is-decided",
                says="Without the hypothesis one bias a length decides any set of lengths, decidable or not.",
                formal=(
                    "for all x, b: 0 x + b = b, so with b = 1 iff n in L length n is accepted iff n in L, whatever L is"
                ),
                check=lambda: each_alone(
                    decide_identity("0*x + b == b", scope=Scope.without_p(), note="the output is the bias"), any_set()
                ),
                mutants=(
                    Mutant("the bias with its sign changed", lambda: any_set(sign=-1)),
                    Mutant("weight 1", lambda: decide_identity("1*x + b == b", scope=Scope.without_p())),
                ),
            ),
        ),
    ),
)
