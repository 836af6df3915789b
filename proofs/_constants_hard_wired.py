"""Constants that a machine would have to write into the circuit: too many bits for its time."""

from __future__ import annotations

from collections.abc import Callable

from precise.claims import Control, Counterexample, Mutant, Statement, Step
from precise.claims.scope import Scope
from precise.claims.sequences import decide_terms
from proofs._float_evidence import Outcome, exhausted

ALL = Scope.without_p()


def printed_bits(length: Callable[[int], int]) -> Outcome:
    """Look for c and n at which a machine with c ceil(log2 (n + 1)) steps cannot write that many bits."""
    found = {}
    for c in (1, 2, 4, 8, 16, 64):
        n = next((n for n in range(1, 4096) if length(n) > c * n.bit_length()), 0)
        if n:
            found[c] = n
    if found:
        c, n = next(iter(found.items()))
        return Counterexample(
            values={"c": c, "n": n, "bits": length(n), "steps": c * n.bit_length()},
            refutes="bits > steps",
            lines=(
                f"n = {n}: {length(n)} bits are to be written in {c * n.bit_length()} steps, c = {c}",
                "least n for other c: " + ", ".join(f"c = {c}: {n}" for c, n in found.items()),
            ),
            order="least c, then n; one bit a step",
            cases=n,
        )
    return exhausted(6, 6, (), where="c in {1, 2, 4, 8, 16, 64}, n < 4096")


def for_every_factor(bits: str) -> Outcome:
    """Certify that n = 4^c bits are more than c ceil(log2 (n + 1)) = c (2c + 1) steps, for every c."""
    return decide_terms(f"2*c**2 + c + 1 <= {bits}", "c", 1, scope=ALL)


HARD_WIRED = Statement(
    label="lem:constants@hard-wired",
    title="Constants, hard-wired by a machine that writes the circuit",
    mark="D",
    suspects=("X3",),
    tex=(
        r"By the printed definition of uniformity, where a machine writes $C_n$ in time $O(\log n)$, a family may "
        r"contain the first $n$ bits of $\pi$, $\ln2$, $\ln10$ as constants. (By the direct connection language it is "
        r"not known whether single bits are found in that time; `lem:constants` sums the series in the circuit.)"
    ),
    steps=(
        Step(
            id="bits-are-written",
            says=r"A machine writes $n$ bits in $c\lceil\log_2(n+1)\rceil$ steps.",
            formal="for some c, for all n >= 1: n <= c ceil(log2(n + 1))",
            check=lambda: printed_bits(lambda n: n),
            expects="refuted",
            mutants=(Control("as many bits as n has", lambda: printed_bits(int.bit_length)),),
        ),
        Step(
            id="no-factor-helps",
            says=r"For every $c$ there is such an $n$, namely $4^c$.",
            formal="for all c >= 1: 2 c^2 + c + 1 <= 4^c",
            check=lambda: for_every_factor("4**c"),
            mutants=(Mutant("2^c bits", lambda: for_every_factor("2**c")),),
        ),
    ),
)
