"""DLOGTIME uniformity: not the writing of the circuit, but the direct connection language."""

from __future__ import annotations

from dataclasses import dataclass

from precise.circuits import build, measure
from precise.circuits.connection import CARRY, AdderFamily, Fields
from precise.claims import Control, Counterexample, Mutant, Statement, Step, cited
from proofs._connections import assembled_adds, assembled_sums, queries_are_cheap
from proofs._float_evidence import Outcome, all_of, exhausted

CONSTANT = 16
LONGEST = 256
SIZES = (8, 32, 1024)
OPERATIONS, WORDS = 70, 2


def fits_into_time(written: str) -> Outcome:
    """Look for the least n at which c log2(2 n) symbols do not hold what has to be written, c = 16."""
    for n in range(1, LONGEST + 1):
        time = CONSTANT * (1 + n.bit_length())
        symbols = measure(build("parity", n)).gates if written == "circuit" else 3 + 2 * Fields(n.bit_length()).bits
        if symbols > time:
            return Counterexample(
                values={"n": n, "constant": CONSTANT, "time": time, "gates": symbols},
                refutes="gates > time",
                lines=(
                    f"parity of n = {n} bits has {symbols} gates, each of which takes a symbol to write",
                    f"time {CONSTANT} * (1 + bits of n) = {time} writes {time} symbols at most",
                ),
                order=f"least n, constant {CONSTANT}",
                cases=n,
            )
    return exhausted(LONGEST, LONGEST, (), where=f"n in 1..{LONGEST}, constant {CONSTANT}")


def every_constant(least: str) -> Outcome:
    """Certify that n = 2**k gates exceed c (k + 1) at k = 2 c + 1, with 2**k >= 1 + k + k (k - 1)/2."""
    return all_of(
        (f"1 + (2*c + 1) + (2*c + 1)*(2*c)/2 > {least}*c*(2*c + 2)", {"c": 0}),
        ("2*(1 + k + k*(k - 1)/2) >= 1 + (k + 1) + (k + 1)*k/2", {"k": 1}),
        least=1,
        note="induction on k for the bound of 2**k; it starts at 2**0 = 1",
    )


PRINTED = Statement(
    label="def:dlogtime-uniform@printed",
    title="DLOGTIME uniformity, as printed",
    mark="R",
    as_printed=True,
    suspects=("S3",),
    tex=r"A family is DLOGTIME-uniform iff a Turing machine maps $1^n$ to $C_n$ in time $O(\log n)$.",
    steps=(
        Step(
            id="circuit-is-written-in-time",
            says=r"Time $16\log_2(2n)$ is enough to write the parity circuit.",
            formal="for all n: gates of parity of n bits <= 16 (1 + bits of n)",
            check=lambda: fits_into_time("circuit"),
            expects="refuted",
            mutants=(Control("one address instead of the circuit", lambda: fits_into_time("address")),),
        ),
        Step(
            id="no-constant-is-enough",
            says=r"No constant helps: $2^k$ gates are more than $c(k+1)$ at $k=2c+1$.",
            formal="for all c >= 0, k = 2 c + 1: 2^k >= 1 + k + k (k - 1)/2 > c (k + 1)",
            check=lambda: every_constant("1"),
            mutants=(Mutant("twice as much time", lambda: every_constant("2")),),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ShortLived(AdderFamily):
    """A wrong adder: a carry dies after one place."""

    def weight(self, h: int, g: int) -> int:
        """Return the weight, but 0 for what is far."""
        source, a, b = self.fields.split(h)
        return 0 if source == CARRY and a > b + 1 else AdderFamily.weight(self, h, g)


REPAIRED = Statement(
    label="def:dlogtime-uniform",
    title="DLOGTIME uniformity by the direct connection language",
    mark="R, P MS23L",
    repairs="def:dlogtime-uniform@printed",
    suspects=("S3",),
    tex=(
        r"A family is DLOGTIME-uniform iff its direct connection language (which gate of $C_n$ has which type, which "
        r"signal feeds it with which weight) is decided in time $O(\log n)$, measured in the length of the padded "
        r"query. Such families exist: addition and iterated addition with the connection functions of the package."
    ),
    steps=(
        Step(
            id="adder-from-its-connections",
            says="The circuit that the connection function of addition gives, and nothing else, adds in depth 3.",
            formal="for widths 1..5, all x, y: circuit assembled from weight(h, g) over all pairs gives x + y",
            check=lambda: assembled_adds((1, 2, 3, 4, 5)),
            mutants=(Mutant("carries that die after one place", lambda: assembled_adds((1, 2, 3, 4, 5), ShortLived)),),
        ),
        Step(
            id="sum-from-its-connections",
            says="The same for iterated addition, in depth 5.",
            formal="for (n, p) in the list, all inputs: circuit assembled from weight(h, g) gives the sum, depth <= 5",
            check=lambda: assembled_sums(((2, 3), (3, 2), (4, 2), (4, 3), (5, 2), (8, 1))),
            mutants=(Mutant("depth 4", lambda: assembled_sums(((4, 3),), depth=4)),),
        ),
        Step(
            id="queries-take-few-word-operations",
            says=(
                r"A query for $n$ numbers of $n$ bits takes at most 70 additions, comparisons, shifts and masks of "
                r"words of at most $2\log_2n$ bits, for $n$ up to $2^{1024}$."
            ),
            formal="n = 2^8, 2^32, 2^1024, corner addresses: at most 70 operations, words <= 2 log2 n bits",
            check=lambda: queries_are_cheap(OPERATIONS, WORDS, SIZES),
            mutants=(
                Mutant("at most 20 operations", lambda: queries_are_cheap(20, WORDS, SIZES)),
                Mutant("words of half the length", lambda: queries_are_cheap(OPERATIONS, 1, SIZES)),
            ),
        ),
    ),
)

LOGIC = Statement(
    label="def:dlogtime-uniform@logic",
    title="DLOGTIME uniformity and first-order logic",
    mark="M, P MS23L",
    tex=r"DLOGTIME-uniform $TC^0$ is what first-order logic with majority quantifiers and BIT defines.",
    steps=(
        cited(
            id="same-as-first-order-with-majority",
            says=r"DLOGTIME-uniform $TC^0$ is what first-order logic with majority quantifiers and BIT defines.",
            formal="DLOGTIME-uniform TC0 = FO(M, BIT)",
            source="Barrington, Immerman and Straubing, JCSS 41 (1990) 274-306",
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, LOGIC)
