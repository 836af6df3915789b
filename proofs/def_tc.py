"""The class TC: MAJORITY gates of any fan-in."""

from __future__ import annotations

from collections.abc import Iterator

from precise.circuits import build, measure
from precise.circuits.majority import MajorityGate, as_threshold
from precise.claims import Mutant, Statement, Step
from proofs._circuits import Instance, all_equal, all_words
from proofs._float_evidence import Outcome, all_of, both
from proofs._gate_lists import is_list, parity_gates
from proofs._kernel_netlists import PARITY_SHAPE

WIDEST = 12
LENGTHS = tuple(range(2, 65))


def majority_is_more_than_half(strict: bool = True) -> Outcome:
    """Check the threshold of MAJORITY at every fan-in up to a limit, on all inputs."""

    def rows() -> Iterator[Instance]:
        for fan_in in range(1, WIDEST + 1):
            weights, threshold = as_threshold(fan_in)
            gate = MajorityGate(tuple((i, False) for i in range(fan_in)), 0, 0)
            for word in all_words(fan_in).T.tolist():
                ones = sum(word)
                right = 2 * ones > fan_in if strict else 2 * ones >= fan_in
                got = sum(w * x for w, x in zip(weights, word, strict=True)) >= threshold
                yield f"{word}, threshold", int(got), int(right)
                yield f"{word}, gate", gate.value(word), int(right)

    return all_equal(rows(), 2 * (2 ** (WIDEST + 1) - 2), f"fan-in 1..{WIDEST}")


def parity_has_constant_depth(gates: int = 1) -> Outcome:
    """Check that parity of n bits is the list of n + 1 gates, of depth 2 and with weights 1 and -1."""

    def rows() -> Iterator[Instance]:
        for n in LENGTHS:
            circuit = build("parity", n)
            cost = measure(circuit)
            yield f"n = {n}: gates as written", is_list(circuit, parity_gates(n)), 1
            yield f"n = {n}: depth", cost.depth, 2
            yield f"n = {n}: gates", cost.gates, n + gates
            yield f"n = {n}: largest weight", cost.largest_weight, 1

    return all_equal(rows(), 4 * len(LENGTHS), f"n in {LENGTHS[0]}..{LENGTHS[-1]}")


def more_than_half(threshold: str) -> Outcome:
    """Certify `ones >= k + 1` against `2 ones > s` for s = 2 k and s = 2 k + 1, on both sides of the threshold."""
    return all_of(
        (f"2*({threshold} + a) > 2*k", {"k": 0, "a": 0}),
        (f"2*({threshold} + a) > 2*k + 1", {"k": 0, "a": 0}),
        (f"2*({threshold} - 1 - a) <= 2*k", {"k": 0, "a": 0}),
        (f"2*({threshold} - 1 - a) <= 2*k + 1", {"k": 0, "a": 0}),
        least=1,
    )


STATEMENTS = (
    Statement(
        label="def:tc",
        title="The class TC",
        mark="R",
        tex=(
            r"$TC^i$: as $AC^i$ with MAJORITY gates of unbounded fan-in beside AND, OR and NOT. MAJORITY is 1 iff "
            r"more than half of its inputs are 1. Here, unless said otherwise, $TC^0$ is the DLOGTIME-uniform class."
        ),
        steps=(
            Step(
                id="majority-is-more-than-half",
                says=r"MAJORITY of $s$ inputs is the threshold $\lfloor s/2\rfloor+1$.",
                formal=(
                    "for all k, a >= 0: ones = k + 1 + a gives 2 ones > 2 k + 1, ones = k - a gives 2 ones <= 2 k; "
                    "for s in 1..12, all inputs: [ones >= s // 2 + 1] = [2 ones > s]"
                ),
                check=lambda: both(more_than_half("k + 1"), majority_is_more_than_half()),
                mutants=(
                    Mutant("half is enough", lambda: majority_is_more_than_half(strict=False)),
                    Mutant("threshold one lower", lambda: more_than_half("k")),
                ),
            ),
            Step(
                id="parity-has-constant-depth",
                says="Parity of $n$ bits, which is not in $AC^0$, has depth 2 and $n+1$ gates with weights 1 and -1.",
                formal=(
                    "for all n >= 1: the gates [ones >= k], k = 1..n, and [g_1 - g_2 + g_3 - ... >= 1] are n + 1, "
                    "have weights 1 and -1, and the level of the last is 2"
                ),
                check=parity_has_constant_depth,
                mutants=(Mutant("one gate fewer", lambda: parity_has_constant_depth(0)),),
                further=(
                    PARITY_SHAPE.further(
                        PARITY_SHAPE.mutant(
                            "one gate fewer",
                            "(parity_gates n) = n + 1",
                            "(parity_gates n) = n",
                            lambda: parity_has_constant_depth(0),
                        )
                    ),
                ),
            ),
        ),
    ),
)
