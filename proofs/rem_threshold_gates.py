"""Which gates may replace MAJORITY: threshold gates may, modular gates may not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as cartesian

from precise.circuits.majority import MajorityGate, as_majority, as_threshold
from precise.claims import Control, Counterexample, Mutant, Statement, Step, cited
from proofs._circuits import Instance, all_equal, all_words
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._kernel_gates import MAJORITY_STEPS

PRIMES = (2, 3, 5, 7, 11, 13)
WIDEST = 12
WEIGHT, FAN_IN = 3, 3


def modular_gate_exists(fan_in: int, primes: tuple[int, ...] = PRIMES) -> Outcome:
    """Look for a gate `[c + sum of a_i x_i = 0 mod m]` that is MAJORITY of `fan_in` inputs."""
    words = list(cartesian((0, 1), repeat=fan_in))
    majority = [int(2 * sum(word) > fan_in) for word in words]
    cases, closest = 0, len(words)
    best: tuple[int, tuple[int, ...], int] = (0, (), 0)
    for m in primes:
        for weights in cartesian(range(m), repeat=fan_in):
            sums = [sum(a * x for a, x in zip(weights, word, strict=True)) for word in words]
            for c in range(m):
                cases += 1
                wrong = sum(int((c + s) % m == 0) != right for s, right in zip(sums, majority, strict=True))
                if wrong < closest:
                    closest, best = wrong, (m, weights, c)
    if closest:
        m, weights, c = best
        return Counterexample(
            values={"fan_in": fan_in, "modulus": m, "wrong_inputs_of_the_best_gate": closest},
            refutes="wrong_inputs_of_the_best_gate > 0",
            lines=(
                f"the best of {cases} gates modulo a prime up to {primes[-1]}: [{c} + {weights} x = 0 mod {m}]",
                f"it differs from MAJORITY of {fan_in} at {closest} of {len(words)} inputs",
                "for every modulus: x = 110, 101, 011, 111 must give one residue, so all three weights are 0",
            ),
            order="least modulus, then weights",
            cases=cases,
        )
    return exhausted(cases, sum(m ** (fan_in + 1) for m in primes), (), where=f"MAJORITY of {fan_in} inputs")


def from_threshold(padded: bool = True) -> Outcome:
    """Check the MAJORITY gate of every small threshold gate on all inputs."""

    def rows() -> Iterator[Instance]:
        for fan_in in range(1, FAN_IN + 1):
            for weights in cartesian(range(-WEIGHT, WEIGHT + 1), repeat=fan_in):
                for t in range(-WEIGHT * fan_in, WEIGHT * fan_in + 2):
                    gate = as_majority(weights, t)
                    gate = gate if padded else MajorityGate(gate.literals, gate.zeros, 0)
                    for word in cartesian((0, 1), repeat=fan_in):
                        right = sum(w * x for w, x in zip(weights, word, strict=True)) >= t
                        yield f"weights {weights}, t = {t}, x = {word}", gate.value(word), int(right)

    expected = sum((2 * WEIGHT + 1) ** k * (2 * WEIGHT * k + 2) * 2**k for k in range(1, FAN_IN + 1))
    return all_equal(rows(), expected, f"fan-in 1..{FAN_IN}, |weights| <= {WEIGHT}")


def padding_is_right(zeros: str) -> Outcome:
    """Certify the two paddings: s literals of which at least t must be 1, on both sides of t."""
    # Few literals: zeros fill up to 2 t - 1. Many: o ones are added, s = 2 t - 1 + o.
    return all_of(
        (f"2*(t + a) > (t + b) + ({zeros} - b)", {"t": 1, "a": 0, "b": 0}),
        (f"2*(t - 1 - a) <= (t + b) + ({zeros} - b)", {"t": 1, "a": 0, "b": 0}),
        ("2*(t + a + o) > (2*t - 1 + o) + o", {"t": 1, "a": 0, "o": 0}),
        ("2*(t - 1 - a + o) <= (2*t - 1 + o) + o", {"t": 1, "a": 0, "o": 0}),
        least=1,
    )


def from_majority(offset: int = 1) -> Outcome:
    """Check the threshold gate of MAJORITY at every fan-in up to a limit."""

    def rows() -> Iterator[Instance]:
        for fan_in in range(1, WIDEST + 1):
            weights, threshold = as_threshold(fan_in)
            for word in all_words(fan_in).T.tolist():
                got = sum(w * x for w, x in zip(weights, word, strict=True)) >= threshold - 1 + offset
                yield f"{word}", int(got), int(2 * sum(word) > fan_in)

    return all_equal(rows(), 2 ** (WIDEST + 1) - 2, f"fan-in 1..{WIDEST}")


def half(threshold: str) -> Outcome:
    """Certify that `ones >= s // 2 + 1` is `2 ones > s`, for s = 2 k and s = 2 k + 1."""
    return all_of(
        (f"2*({threshold} + a) > 2*k + 1", {"k": 0, "a": 0}),
        (f"2*({threshold} - 1 - a) <= 2*k", {"k": 0, "a": 0}),
        least=1,
    )


def inputs_added(factor: str) -> Outcome:
    """Certify that a gate of s literals has at most 2 s + 1 inputs as MAJORITY; t <= s + 1 in a gate that matters."""
    return all_of(
        (f"2*t - 1 <= {factor}*(t - 1 + a) + 1", {"t": 1, "a": 0}),
        (f"(2*t - 1 + o) + o <= {factor}*(2*t - 1 + o) + 1", {"t": 0, "o": 1}),
        least=1,
    )


PRINTED = Statement(
    label="rem:threshold-gates@printed",
    title="Gates that may replace majority, as printed",
    mark="R",
    as_printed=True,
    suspects=("S1",),
    tex="In $TC^i$, MAJORITY gates may be replaced by THRESHOLD gates or by MOD gates for prime moduli.",
    steps=(
        Step(
            id="modular-gate-for-majority",
            says="Some MOD gate with a prime modulus is MAJORITY of three inputs.",
            formal="exists prime m <= 13, a in (Z/m)^3, c in Z/m, for all x in {0,1}^3: [c + a x = 0 mod m] = MAJ(x)",
            check=lambda: modular_gate_exists(3),
            expects="refuted",
            mutants=(Control("MAJORITY of two inputs, which is AND", lambda: modular_gate_exists(2)),),
        ),
        cited(
            id="no-modular-circuit",
            says=(
                "Nor is it a matter of one gate: constant-depth circuits of polynomial size from AND, OR and MOD $q$ "
                "gates for one prime $q$ do not compute MAJORITY."
            ),
            formal="for every prime q: MAJORITY is not in AC0[q]",
            source="Razborov, Mathematical Notes 41 (1987) 333-338; Smolensky, STOC 1987, 77-82",
        ),
    ),
)

REPAIRED = Statement(
    label="rem:threshold-gates",
    title="Threshold gates may replace majority",
    mark="R, D",
    repairs="rem:threshold-gates@printed",
    suspects=("S1",),
    tex=(
        r"A gate $[\sum w_ix_i\ge t]$ with $s=\sum|w_i|$ is a MAJORITY gate of at most $2s+1$ literals and constants: "
        r"repeat, negate, pad. MAJORITY of $s$ inputs is $[\sum x_i\ge\lfloor s/2\rfloor+1]$. Depth stays, and with "
        r"weights of polynomial size so does polynomial size. MOD gates do not replace MAJORITY."
    ),
    steps=(
        Step(
            id="threshold-by-majority",
            says=(
                r"Let $t$ of the $s$ literals have to be 1. If $2t-1\ge s$, add $2t-1-s$ zeros, else $s-2t+1$ ones: "
                r"then more than half are 1 iff at least $t$ literals are."
            ),
            formal=(
                "for all t >= 1, a, b, o >= 0: padded to 2 t - 1 by zeros, t + a ones are more than half, "
                "t - 1 - a are not; the same with o ones beside 2 t - 1 + o literals; "
                "and every gate with fan-in <= 3, |w| <= 3"
            ),
            check=lambda: both(padding_is_right("(t - 1)"), from_threshold()),
            mutants=(
                Mutant("two zeros more", lambda: padding_is_right("(t + 1)")),
                Mutant("no ones added", lambda: from_threshold(padded=False)),
            ),
        ),
        Step(
            id="majority-by-threshold",
            says=r"MAJORITY of $s$ inputs is the threshold gate with weights 1 and $t=\lfloor s/2\rfloor+1$.",
            formal="for all k, a >= 0, s = 2 k, 2 k + 1: [ones >= k + 1] = [2 ones > s]; all inputs for s in 1..12",
            check=lambda: both(half("(k + 1)"), from_majority()),
            mutants=(
                Mutant("threshold one lower", lambda: from_majority(0)),
                Mutant("threshold two higher", lambda: half("(k + 3)")),
            ),
        ),
        Step(
            id="size-stays-polynomial",
            says=r"The MAJORITY gate has at most $2s+1$ inputs, so wires grow by the largest row sum at most.",
            formal="for all s >= t - 1, t >= 1: 2 t - 1 <= 2 s + 1; for s = 2 t - 1 + o, o >= 1: s + o <= 2 s + 1",
            check=lambda: inputs_added("2"),
            mutants=(Mutant("at most s + 1", lambda: inputs_added("1")),),
        ),
        *MAJORITY_STEPS,
    ),
)

STATEMENTS = (PRINTED, REPAIRED)
