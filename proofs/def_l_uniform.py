"""Logspace uniformity: a generator that writes a circuit with three counters, whose bits are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from precise.claims import Mutant, Statement, Step
from proofs._kernel_encodings import HEAP
from proofs._kernel_hardness import COUNTERS
from proofs._words_evidence import Outcome, counted, differs

LARGEST, SIMULATED = 256, 8
Line = tuple[int, str, int, int]
"""A gate: its number, its type, and the numbers of what it reads (0 for nothing)."""


class Counters:
    """Work space of a generator: named counters, and the greatest number of bits that they ever had together."""

    def __init__(self) -> None:
        self.now: dict[str, int] = {}
        self.most = 0

    def put(self, name: str, value: int) -> int:
        """Set a counter and return its value."""
        self.now[name] = value
        self.most = max(self.most, sum(v.bit_length() for v in self.now.values()))
        return value


def generator(n: int, work: Counters) -> Iterator[Line]:
    """Write the AND of n inputs as a tree: gate i reads 2 i and 2 i + 1, the last n numbers are the inputs."""
    for i in range(1, 2 * n):
        work.put("gate", i)
        if work.put("left", 2 * i) < 2 * n:
            yield i, "and", 2 * i, work.put("right", 2 * i + 1)
        else:
            yield i, "input", 0, 0


def remembering(n: int, work: Counters) -> Iterator[Line]:
    """Write the same and remember in one counter which gates have been written: linear space."""
    for line in generator(n, work):
        work.put("written", work.now.get("written", 0) | 1 << line[0])
        yield line


def crossed(n: int, work: Counters) -> Iterator[Line]:
    """Write a tree in which the last gate reads its left input twice."""
    for i, kind, left, right in generator(n, work):
        yield i, kind, left, left if kind == "and" and right == 2 * n - 1 else right


Generator = Callable[[int, Counters], Iterator[Line]]


def space_is_logarithmic(write: Generator = generator, slope: int = 3) -> Outcome:
    """Check that the counters never have more than `slope` (bits of n) + 4 bits together."""
    for n in range(1, LARGEST + 1):
        work = Counters()
        lines = sum(1 for _ in write(n, work))
        most = slope * n.bit_length() + 4
        if work.most > most or lines != 2 * n - 1:
            return differs(
                "least n",
                (f"n = {n}: {work.most} bits of work space, {lines} lines",),
                got=work.most,
                right=most,
                cases=n,
                n=n,
            )
    return counted(LARGEST, LARGEST, f"n <= {LARGEST}")


def circuit_is_right(write: Generator = generator, wanted: Callable[[Sequence[int]], bool] = all) -> Outcome:
    """Check that the written circuit is acyclic and computes AND, or another function, for all inputs."""
    cases = 0
    for n in range(1, SIMULATED + 1):
        lines = list(write(n, Counters()))
        for bits in product((0, 1), repeat=n):
            cases += 1
            values = {i: bits[i - n] for i, kind, _, _ in lines if kind == "input"}
            for i, kind, left, right in reversed(lines):
                if kind == "and":
                    values[i] = values[left] & values[right]
            if values[1] != int(wanted(bits)):
                return differs(
                    "least n, then input", (f"{bits}",), got=values[1], right=int(wanted(bits)), cases=cases, n=n
                )
    return counted(cases, 2 ** (SIMULATED + 1) - 2, f"n <= {SIMULATED}, all inputs")


STATEMENT = Statement(
    label="def:l-uniform",
    title="Logspace uniformity",
    mark="R",
    tex=r"a family is L-uniform iff a deterministic machine maps $1^n$ to a description of $C_n$ in space $O(\log n)$",
    steps=(
        Step(
            id="written-circuit-is-right",
            says="A generator writes the AND of $n$ inputs as a tree, gate by gate, and the circuit computes AND.",
            formal=(
                "for all n >= 1, all inputs: the lines i = AND of 2 i and 2 i + 1 for i < n, i = input i - n for n <= "
                "i < 2 n have a solution, and in every solution the value of gate 1 is AND"
            ),
            check=circuit_is_right,
            mutants=(Mutant("one input is not read", lambda: circuit_is_right(crossed)),),
            further=(HEAP.further(HEAP.mutant("OR", "forallb x", "existsb x", lambda: circuit_is_right(wanted=any))),),
        ),
        Step(
            id="work-space-is-logarithmic",
            says=(
                "Its three counters never have more than $3\\lceil\\log_2(n+1)\\rceil+4$ bits together, so the "
                "family is L-uniform."
            ),
            formal="for all n, 1 <= i, j < 2 n: bits(i) + bits(2 i) + bits(j) <= 3 bits(n) + 4",
            check=space_is_logarithmic,
            mutants=(
                Mutant("written gates are remembered", lambda: space_is_logarithmic(remembering)),
                Mutant("two counters' worth", lambda: space_is_logarithmic(slope=2)),
            ),
            further=(
                COUNTERS.further(
                    COUNTERS.mutant("two counters' worth", "<= 3 *", "<= 2 *", lambda: space_is_logarithmic(slope=2))
                ),
            ),
        ),
    ),
)
