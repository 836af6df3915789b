"""The chain of circuit classes: what a family without uniformity decides, and the inclusions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from precise.claims import Control, Mutant, Scope, Statement, Step, cited, decide_identity
from proofs._clocked import diagonal_constant, machine_accepts
from proofs._kernel_hardness import ADDERS
from proofs._kernel_netlists import MAJORITY, SHALLOW
from proofs._majority_by_adders import Wire, carry, exceeds, majority, or_, xor
from proofs._words_evidence import Outcome, counted, differs

MACHINES, INPUTS = 64, 9
Family = Callable[[int], int]


def decided_by_a_machine(family: Family, listed: Sequence[int], expected: int) -> Outcome:
    """Search for lengths at which a family of constants differs from the machines, least machine first.

    Machine k has to differ at length k; one that does not is reported as one that may decide the family.
    """
    found: list[tuple[int, int]] = []
    for k in listed:
        if family(k) == int(machine_accepts(k, k)):
            return counted(1, expected, f"machine {k}, length {k}")
        found.append((k, next(n for n in range(1, k + 1) if family(n) != int(machine_accepts(k, n)))))
    k, n = found[0]
    return differs(
        "least machine, then least length",
        (
            f"machine {k} {'accepts' if machine_accepts(k, n) else 'rejects'} the word of length {n}, the circuit "
            f"for length {n} is the constant {family(n)}",
            f"and so on: each of the machines up to {len(listed)} differs at some length, machine k at length k at "
            "the latest",
        ),
        got=int(machine_accepts(k, n)),
        right=family(n),
        cases=len(listed),
        machine=k,
        length=n,
    )


def majority_is_right(limit: Callable[[int], int] = lambda n: n // 2) -> Outcome:
    """Check the circuit of fan-in two for MAJORITY on all inputs."""
    cases = 0
    for n in range(1, INPUTS + 1):
        for bits in product((0, 1), repeat=n):
            cases += 1
            got, right = majority(bits, limit(n)).bit, int(2 * sum(bits) > n)
            if got != right:
                return differs("least n, then input", (f"{bits}",), got=got, right=right, cases=cases, n=n)
    return counted(cases, 2 ** (INPUTS + 1) - 2, f"at most {INPUTS} inputs, all values")


def adders_keep_the_sum(add: Callable[[Wire, Wire, Wire], Wire] = lambda x, y, z: xor(xor(x, y), z)) -> Outcome:
    """Check one column of carry-save and of addition, x + y + z = sum + 2 carry, and one place of the comparison."""
    cases = 0
    for bits in product((0, 1), repeat=3):
        x, y, z = (Wire(bit, 0) for bit in bits)
        cases += 1
        got = add(x, y, z).bit + 2 * carry(x, y, z).bit
        if got != sum(bits):
            return differs("least bits", (f"{bits}: sum and carry give {got}",), got=got, right=sum(bits), cases=cases)
    for bit, limit, greater in product((0, 1), repeat=3):
        cases += 1
        below = [Wire(greater, 0), Wire(bit, 0)]
        got, right = exceeds(below, 2 * limit).bit, int(2 * bit + greater > 2 * limit)
        if got != right:
            return differs("least bits", (f"place {bit} against {limit}",), got=got, right=right, cases=cases)
    return counted(cases, 16, "")


def depth_is_logarithmic(slope: int) -> Outcome:
    """Check that the depth at n inputs is at most `slope` log n + 8, log rounded down."""
    cases = 0
    for n in (*range(1, 65), *(2**k for k in range(7, 11))):
        cases += 1
        wire: Wire = majority([0] * n)
        right = slope * (n.bit_length() - 1) + 8
        if wire.depth > right:
            return differs(
                "least n", (f"{n} inputs: depth {wire.depth}",), got=wire.depth, right=right, cases=cases, n=n
            )
    return counted(cases, 64 + 4, "1 to 64 inputs, and 128, 256, 512, 1024")


STATEMENTS = (
    Statement(
        label="fact:hierarchy@printed",
        title="The chain of classes inside P, without uniformity",
        mark="R",
        as_printed=True,
        suspects=("S2",),
        tex=(
            r"for all $i$: $NC^i\subseteq AC^i\subseteq TC^i\subseteq NC^{i+1}\subseteq P$, for families of "
            "circuits as defined"
        ),
        steps=(
            Step(
                id="families-of-constants-are-in-p",
                says=(
                    "A family of constants, which is $NC^0$ of size one, is decided by some machine with a clock. "
                    "The family that takes for length $n$ what machine $n$ does not say is decided by none."
                ),
                formal=f"for the family C_n = 1 - M_n(1^n): some clocked machine M_k, k <= {MACHINES}, decides it",
                expects="refuted",
                check=lambda: decided_by_a_machine(diagonal_constant, range(1, MACHINES + 1), 1),
                mutants=(
                    Control(
                        "the family that machine 42 decides",
                        lambda: decided_by_a_machine(lambda n: int(machine_accepts(42, n)), (42,), 1),
                    ),
                ),
            ),
            Step(
                id="the-diagonal-differs",
                says=(
                    "The list of machines is this file's own, but the argument is for every list: what machine $n$ "
                    "says of length $n$ is an $x$ with $x(x-1)=0$, and then $1-x$ is not $x$."
                ),
                formal="for all x: ((1 - x) - x)^2 = 1 + 4 x (x - 1), which is 1 where x (x - 1) = 0",
                check=lambda: decide_identity("((1 - x) - x)**2 == 1 + 4*x*(x - 1)", scope=Scope.without_p()),
                mutants=(
                    Mutant(
                        "x itself", lambda: decide_identity("(x - x)**2 == 1 + 4*x*(x - 1)", scope=Scope.without_p())
                    ),
                ),
            ),
        ),
    ),
    Statement(
        label="fact:hierarchy",
        title="The chain of circuit classes",
        mark="R, D",
        repairs="fact:hierarchy@printed",
        suspects=("S2",),
        tex=(
            r"$NC^i\subseteq AC^i\subseteq TC^i\subseteq NC^{i+1}$, with or without uniformity; $NC^i\subseteq P$ "
            "for uniform families"
        ),
        steps=(
            Step(
                id="adders-keep-the-sum",
                says=(
                    "In each column sum and carry keep the sum of three bits, and a place of the comparison passes "
                    "on which number is greater; so, column by column, circuits of any size are right."
                ),
                formal="for all bits x, y, z: x + y + z = sum + 2 carry; for all bits: greater is passed on",
                check=adders_keep_the_sum,
                mutants=(
                    Mutant("OR for the first XOR", lambda: adders_keep_the_sum(lambda x, y, z: xor(or_(x, y), z))),
                ),
                further=(
                    ADDERS.further(
                        ADDERS.mutant(
                            "carry for sum",
                            "sum_bit (fst (fst t))",
                            "carry_bit (fst (fst t))",
                            lambda: adders_keep_the_sum(carry),
                        )
                    ),
                ),
            ),
            Step(
                id="majority-by-small-gates",
                says=(
                    "A MAJORITY gate is a circuit of gates with at most two inputs: three numbers become two with "
                    "the same sum, until two are left; those are added and compared."
                ),
                formal="for all n >= 1, all n inputs: the circuit is 1 iff more than half are 1",
                check=majority_is_right,
                mutants=(Mutant("at least half", lambda: majority_is_right(lambda n: (n - 1) // 2)),),
                further=(
                    MAJORITY.further(
                        MAJORITY.mutant(
                            "at least half", "<? 2 *", "<=? 2 *", lambda: majority_is_right(lambda n: (n - 1) // 2)
                        )
                    ),
                ),
            ),
            Step(
                id="at-logarithmic-depth",
                says="Its depth at $n$ inputs is at most $14\\lfloor\\log_2n\\rfloor+8$, so $TC^i\\subseteq NC^{i+1}$.",
                formal="for all n >= 1, k = floor(log2 n): depth at n inputs <= 14 k + 8",
                check=lambda: depth_is_logarithmic(14),
                mutants=(Mutant("slope 10", lambda: depth_is_logarithmic(10)),),
                further=(
                    SHALLOW.further(SHALLOW.mutant("slope 10", "<= 14 *", "<= 10 *", lambda: depth_is_logarithmic(10))),
                ),
            ),
            cited(
                id="uniform-chain-and-p",
                says=(
                    "Gates of two inputs are gates of many, which gives the other inclusions; the chain holds for "
                    "uniform classes, and uniform families are written and evaluated in polynomial time."
                ),
                formal="for DLOGTIME-uniform families: NC^i <= AC^i <= TC^i <= NC^(i+1) <= P",
                source=(
                    "Vollmer, Introduction to Circuit Complexity, 1999, chapters 2 and 4; Barrington, Immerman and "
                    "Straubing, JCSS 41 (1990) 274-306"
                ),
            ),
        ),
    ),
)
