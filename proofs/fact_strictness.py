"""Which inclusions of the chain are known to be strict: cited, and what is elementary in it executed."""

from __future__ import annotations

from itertools import product

from precise.claims import Mutant, Scope, Statement, Step, cited, decide_identity, decide_inequality
from proofs._kernel_hardness import AND_SEES_ALL
from proofs._words_evidence import Outcome, counted, differs, each_alone

INPUTS = 10


def reach(factor: str) -> Outcome:
    """Certify that a gate of two inputs sees at most twice as many variables as the one that sees more."""
    lower = {"m": 1, "a": 0, "b": 0}
    return decide_inequality(
        f"(m - a) + (m - b) <= {factor}*m", lower, scope=Scope.without_p(), sharpness="sharp: a = b"
    )


def and_depends_on(left_out: int = 0) -> Outcome:
    """Check that AND of n inputs depends on each of them; with `left_out` it has that many inputs fewer."""
    cases = 0
    for n in range(1, INPUTS + 1):
        for i in range(n):
            cases += 1
            ones = [1] * n
            flipped = [int(k != i) for k in range(n)]
            if all(ones[: n - left_out]) == all(flipped[: n - left_out]):
                return differs("least n, then input", (f"n = {n}, input {i}",), got=0, right=1, cases=cases, n=n, i=i)
    return counted(cases, INPUTS * (INPUTS + 1) // 2, f"at most {INPUTS} inputs")


def alternating_sum(next_term: str = "y") -> Outcome:
    """Certify the step of the induction: with y = (-1)^s, (1 - y)/2 + y = (1 + y)/2; at s = 0 it is 0."""
    return decide_identity(f"(1 - y)/2 + {next_term} == (1 - (-y))/2", scope=Scope.without_p())


def parity_by_thresholds(last: int = 0) -> Outcome:
    """Check that parity is 1 iff the alternating sum of the gates "at least k" is 1; `last` gates are left out."""
    cases = 0
    for n in range(1, INPUTS + 1):
        for bits in product((0, 1), repeat=n):
            cases += 1
            gates = [int(sum(bits) >= k) for k in range(1, n + 1 - last)]
            got = int(sum(gate * (1 if k % 2 == 0 else -1) for k, gate in enumerate(gates)) >= 1)
            if got != sum(bits) % 2:
                return differs("least n, then input", (f"{bits}",), got=got, right=sum(bits) % 2, cases=cases, n=n)
    return counted(cases, 2 ** (INPUTS + 1) - 2, f"at most {INPUTS} inputs, all values")


STATEMENT = Statement(
    label="fact:strictness",
    title="Which inclusions are strict",
    mark="R, M",
    tex=(
        r"$NC^0\subsetneq AC^0\subsetneq TC^0\subseteq NC^1$; whether $TC^0=NC^1$ is open, and so is whether "
        r"$\bigcup_iNC^i=P$"
    ),
    uses=("fact:hierarchy",),
    steps=(
        Step(
            id="small-gates-see-few-inputs",
            says=(
                "A gate with two inputs sees at most twice what one of them sees, so depth $d$ sees at most $2^d$ "
                "inputs."
            ),
            formal="for all m >= 1, a, b >= 0: (m - a) + (m - b) <= 2 m",
            check=lambda: reach("2"),
            mutants=(Mutant("999/1000 of 2", lambda: reach("999/1000*2")),),
        ),
        Step(
            id="and-sees-all-inputs",
            says="AND of $n$ inputs depends on all of them, so it is in $AC^0$ and not in $NC^0$.",
            formal=f"for n <= {INPUTS}, each input i: AND changes when input i of 1...1 is flipped",
            check=and_depends_on,
            mutants=(Mutant("AND of all but one", lambda: and_depends_on(left_out=1)),),
            further=(
                AND_SEES_ALL.further(
                    AND_SEES_ALL.mutant("not seen", "= false", "= true", lambda: and_depends_on(left_out=1))
                ),
            ),
        ),
        Step(
            id="parity-by-thresholds",
            says=(
                'Parity is a threshold of the gates "at least k", so it is in $TC^0$ at depth two: with $s$ ones the '
                "alternating sum of the gates is $(1-(-1)^s)/2$, by induction on $s$."
            ),
            formal="for all n, all inputs with s ones: sum over k <= s of (-1)^(k+1) = (1 - (-1)^s)/2 = parity",
            check=lambda: each_alone(alternating_sum(), parity_by_thresholds()),
            mutants=(
                Mutant("one gate left out", lambda: parity_by_thresholds(last=1)),
                Mutant("all terms positive", lambda: alternating_sum(next_term="1")),
            ),
        ),
        cited(
            id="parity-is-not-in-ac0",
            says="Parity is not in $AC^0$, even without uniformity.",
            formal="parity is not in non-uniform AC0",
            source=(
                "Furst, Saxe and Sipser, Mathematical Systems Theory 17 (1984) 13-27; Ajtai, Annals of Pure and "
                "Applied Logic 24 (1983) 1-48"
            ),
        ),
    ),
)
