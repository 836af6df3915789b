"""Theorems of the kernel on threshold gates: as MAJORITY gates, as carries, and as sums of columns and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as cartesian

from precise.claims import Counterexample, Statement, Step
from precise.claims.expression import Exact
from precise.errors import UndecidedError
from proofs._kernel_steps import kernel_step, pure_theorem

Bits = tuple[int, ...]
Instance = tuple[dict[str, Exact], int, int]
"""An instance by name, and what a wrong statement claims to be equal."""

BY_MAJORITY = pure_theorem(
    "threshold_gates",
    "threshold_by_majority",
    "forall (gate : list (Z * bool)) (t : Z), majority (padded t gate) = threshold t gate",
)
OF_MAJORITY = pure_theorem(
    "threshold_gates",
    "majority_is_threshold",
    "forall l : list bool, majority l = threshold (Z.of_nat (length l) / 2 + 1) (map (fun x => (1, x)) l)",
)
WIRES = pure_theorem(
    "threshold_gates",
    "majority_wires",
    "forall (gate : list (Z * bool)) (t : Z), 0 <= raised t gate <= size gate + 1 -> "
    "Z.of_nat (length (padded t gate)) <= 2 * size gate + 1",
)
SYMMETRIC = pure_theorem(
    "threshold_gates",
    "symmetric_function",
    "forall (f : Z -> Z) (l : list bool), f (ones l) = f 0 + "
    "total (length l) (fun k => (f k - f (k - 1)) * bit (threshold k (map (fun x => (1, x)) l)))",
)
CARRY = pure_theorem(
    "binary_addition",
    "carry_by_gates",
    "forall (a b : nat -> bool) (c0 : bool) (i : nat), bit (carry a b c0 (S i)) "
    "= bit (generate a b i) + sum i (fun j => bit (survives a b j i)) + bit (came_in a b c0 i)",
)
SUM = pure_theorem(
    "binary_addition",
    "sum_by_carries",
    "forall (a b : nat -> bool) (c0 : bool) (n : nat), (forall i, sum_bit a b c0 i <= 1) /\\ "
    "sum n (fun i => 2 ^ i * sum_bit a b c0 i) + 2 ^ n * bit (carry a b c0 n) = number n a + number n b + bit c0",
)
COLUMNS = pure_theorem(
    "binary_addition",
    "columns_keep_sum",
    "forall (n w : nat) (x : nat -> nat -> bool), sum n (fun k => number w (x k)) "
    "= sum w (fun i => 2 ^ i * sum n (fun k => bit (x k i)))",
)
BLOCKS = pure_theorem(
    "binary_addition",
    "block_save",
    "forall (h L Q : nat) (height : nat -> nat), (forall i, height i <= h) -> h * (2 ^ L - 1) < 2 ^ (2 * L) -> "
    "(forall q, block L height q < 2 ^ (2 * L)) /\\ sum (2 * Q * L) (fun i => 2 ^ i * height i) "
    "= sum Q (fun r => 2 ^ (2 * L * r) * block L height (2 * r)) "
    "+ 2 ^ L * sum Q (fun r => 2 ^ (2 * L * r) * block L height (2 * r + 1))",
)


def least(instances: Iterator[Instance]) -> Counterexample:
    """Return the first instance at which the two numbers differ."""
    for cases, (values, left, right) in enumerate(instances, 1):
        if left != right:
            return Counterexample(values={**values, "left": left, "right": right}, refutes="left != right", cases=cases)
    raise UndecidedError("kernel: a wrong variant must fail at a small instance; got none")


def small_gates() -> Iterator[tuple[Bits, Bits, int]]:
    """Yield weights, inputs and threshold of the gates with at most two inputs and weights up to 2."""
    for fan_in in range(3):
        for weights in cartesian((0, 1, -1, 2, -2), repeat=fan_in):
            for inputs in cartesian((0, 1), repeat=fan_in):
                for t in range(-4, 6):
                    yield weights, inputs, t


def unpadded() -> Iterator[Instance]:
    """Yield a gate's value and the majority of its literals without constants."""
    for weights, inputs, t in small_gates():
        literals = [x if w >= 0 else 1 - x for w, x in zip(weights, inputs, strict=True) for _ in range(abs(w))]
        value = sum(w * x for w, x in zip(weights, inputs, strict=True))
        yield (
            {"weights": str(weights), "x": str(inputs), "t": t},
            int(2 * sum(literals) > len(literals)),
            int(value >= t),
        )


def half_is_not_more() -> Iterator[Instance]:
    """Yield majority and the gate with threshold n/2, rounded down."""
    for n in range(4):
        for x in cartesian((0, 1), repeat=n):
            yield {"x": str(x)}, int(2 * sum(x) > n), int(sum(x) >= n // 2)


def wires_below_twice() -> Iterator[Instance]:
    """Yield whether the padded gate has at most 2 s inputs, and that it should."""
    for weights, _, t in small_gates():
        s, raised = sum(map(abs, weights)), t + sum(-w for w in weights if w < 0)
        if 0 <= raised <= s + 1:
            yield {"weights": str(weights), "t": t}, int(s + abs(s - 2 * raised + 1) <= 2 * s), 1


def first_difference_left_out() -> Iterator[Instance]:
    """Yield f of the number of ones for f(k) = k + 1, and the sum without f(0)."""
    for n in range(3):
        for x in cartesian((0, 1), repeat=n):
            yield {"x": str(x)}, sum(x) + 1, sum(int(sum(x) >= k) for k in range(1, n + 1))


def carry_without_input() -> Iterator[Instance]:
    """Yield the carry out of place 0, and the gates without the one for the carry that came in."""
    for a, b, c in cartesian((0, 1), repeat=3):
        yield {"a": a, "b": b, "c0": c}, int(a + b + c >= 2), int(a + b >= 2)


def sum_without_input() -> Iterator[Instance]:
    """Yield for width 0 the carry, which is all that is written, and the sum of the two numbers alone."""
    for c in (0, 1):
        yield {"n": 0, "c0": c}, c, 0


def columns_by_index() -> Iterator[Instance]:
    """Yield a one-bit number, and its column times twice the index of the column."""
    for x in (0, 1):
        yield {"n": 1, "w": 1, "x": x}, x, 2 * 0 * x


def blocks_too_high() -> Iterator[Instance]:
    """Yield whether a block of L columns of height h is below 2^(2L), and that it should be."""
    for width, h in cartesian(range(1, 3), range(1, 6)):
        yield {"L": width, "h": h}, int(sum(2**v * h for v in range(width)) < 2 ** (2 * width)), 1


MAJORITY_STEPS: tuple[Step, ...] = (
    kernel_step(
        BY_MAJORITY,
        BY_MAJORITY.mutant("no padding", "padded t gate", "flat_map copies gate", lambda: least(unpadded())),
        id="every-threshold-gate-is-a-majority-gate",
        says="Literals repeated and padded by constants: more than half are 1 iff the weighted sum reaches $t$.",
        formal="for every fan-in, all integer weights, thresholds t, inputs: MAJORITY of the padded literals = [w x "
        ">= t]",
    ),
    kernel_step(
        OF_MAJORITY,
        OF_MAJORITY.mutant("threshold one lower", "/ 2 + 1)", "/ 2)", lambda: least(half_is_not_more())),
        id="every-majority-gate-is-a-threshold-gate",
        says="MAJORITY has weights 1 and the threshold half the fan-in, rounded down, plus 1.",
        formal="for every fan-in n, all inputs: [2 ones > n] = [ones >= n // 2 + 1]",
    ),
    kernel_step(
        WIRES,
        WIRES.mutant("at most 2 s", "2 * size gate + 1", "2 * size gate", lambda: least(wires_below_twice())),
        id="padded-gate-has-few-inputs",
        says="The padded gate has at most $2s+1$ inputs unless the gate is constant.",
        formal="for every fan-in, all weights with s = sum of |w|, 0 <= t' <= s + 1: at most 2 s + 1 inputs",
    ),
)
COUNT_STEP: Step = kernel_step(
    SYMMETRIC,
    SYMMETRIC.mutant("f(0) left out", "f 0 + ", "", lambda: least(first_difference_left_out())),
    id="symmetric-functions-telescope",
    says="A function of the number of ones is a telescopic sum of threshold gates on one row.",
    formal="for all f from Z to Z, all bits x_1, ..., x_n: f(ones) = f(0) + sum_k (f(k) - f(k-1)) [ones >= k]",
)
ADDITION_STEPS: tuple[Step, ...] = (
    kernel_step(
        CARRY,
        CARRY.mutant("no carry in", " + bit (came_in a b c0 i)", "", lambda: least(carry_without_input())),
        id="carry-is-a-sum-of-gates",
        says="A carry is born at a place and survives to the next ones; the gates for its births exclude each other.",
        formal="for all bits a, b, c_0, all i: c_{i+1} = g_i + sum_j [g_j + x_{j+1} + ... + x_i >= i-j+1] + [c_0 + "
        "...]",
    ),
    kernel_step(
        SUM,
        SUM.mutant("no carry in", "number n b + bit c0", "number n b", lambda: least(sum_without_input())),
        id="sum-is-written-by-carries",
        says="The bits $a_i+b_i+c_i-2c_{i+1}$ are 0 or 1 and write the sum of the two numbers and the carry in.",
        formal="for all widths n, bits a, b, c_0: sum of 2^i s_i + 2^n c_n = A + B + c_0, and s_i <= 1",
    ),
    kernel_step(
        COLUMNS,
        COLUMNS.mutant("2 i for 2^i", "2 ^ i * sum n", "2 * i * sum n", lambda: least(columns_by_index())),
        id="columns-keep-the-sum",
        says="Many numbers may be added column by column.",
        formal="for all n, w and n numbers of w bits: their sum is the sum over the columns of 2^i times the height",
    ),
    kernel_step(
        BLOCKS,
        BLOCKS.mutant("any height", "h * (2 ^ L - 1) < 2 ^ (2 * L) ->", "", lambda: least(blocks_too_high())),
        id="blocks-do-not-overlap",
        says="Blocks of $L$ columns of height at most $h$ fit in $2L$ bits; even and odd blocks write two numbers.",
        formal="for all h, L with h (2^L - 1) < 2^(2L), all heights <= h: block < 2^(2L), and total = even + 2^L odd",
    ),
)
ADDITION = Statement(
    label="lem:basic-ops@addition",
    title="Addition by threshold gates, for every width",
    mark="D",
    tex=(
        r"$c_{i+1}=g_i+\sum_{j<i}[g_j+x_{j+1}+\dots+x_i\ge i-j+1]+[c_0+x_0+\dots+x_i\ge i+2]$; the bits "
        r"$a_i+b_i+c_i-2c_{i+1}$ write $A+B+c_0$; functions of a count are telescopic sums of gates; columns "
        r"and blocks of columns keep the sum of many numbers"
    ),
    uses=("rem:threshold-gates",),
    steps=(*ADDITION_STEPS, COUNT_STEP),
)
