"""Floor: the printed formula returns its argument; the integer quotient is right."""

from __future__ import annotations

from precise.claims import Control, Mutant, Statement, Step, cited
from proofs._circuit_statements import FLOOR_CIRCUIT
from proofs._float_evidence import Outcome, all_of, both
from proofs._kernel_operations import FLOOR_IN_KERNEL
from proofs._operations_in_full import FLOORS
from proofs._slash_rules import integer_floor, search_floor, sticky
from proofs.def_ops import as_printed

PRECISIONS = (2, 3, 4, 5)


def by_slash() -> Outcome:
    """Search the reading of the printed floor in which the quotient is the truncated one."""
    return search_floor(lambda m, e: sticky(m * 2 ** max(e, 0), 2 ** max(-e, 0)), PRECISIONS)


def between(top: str) -> Outcome:
    """Certify j <= x < j + 1 for x = j + r/K, 0 <= r <= K - 1, the quotient with remainder: r = K - 1 - a."""
    return all_of(
        ("j + (K - 1 - a)/K >= j - (a + 1)/K", {"j": 0, "K": 2, "a": 0}),
        (f"j + (K - {top} - a)/K < j + 1", {"j": 0, "K": 2, "a": 0}),
    )


PRINTED = Statement(
    label="lem:floor@printed",
    title="Floor, as printed",
    mark="R",
    as_printed=True,
    suspects=("S9",),
    tex=r"For $x=\langle m,e\rangle$ with $e<0$: $\lfloor x\rfloor=round\langle m/2^{-e},0\rangle$.",
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="quotient-as-a-fraction",
            says="With $/$ read as division the formula is the floor.",
            formal="for all p >= 2, x in F_p: round(m / 2^-e) = floor(m 2^e)",
            check=lambda: search_floor(as_printed, PRECISIONS),
            expects="refuted",
            mutants=(Control("integer quotient", lambda: search_floor(integer_floor, PRECISIONS)),),
        ),
        Step(
            id="quotient-as-a-slash",
            says="With $/$ read as the truncated $/\\!/$ the formula is the floor.",
            formal="for all p >= 2, x in F_p: round(m // 2^-e) = floor(m 2^e)",
            check=by_slash,
            expects="refuted",
            mutants=(Control("integer quotient", lambda: search_floor(integer_floor, PRECISIONS)),),
        ),
    ),
)

REPAIRED = Statement(
    label="lem:floor@value",
    title="Floor, the value",
    mark="R, D",
    suspects=("S9",),
    tex=(
        r"For $x=\langle m,e\rangle\in\mathbb F_p$: the floor is $x$ for $e\ge0$ and the integer quotient "
        r"$\lfloor m/2^{-e}\rfloor$ for $e<0$; it is exact."
    ),
    uses=("def:ops",),
    hypotheses=("p >= 2",),
    witness={"p": 2},
    steps=(
        Step(
            id="quotient-with-remainder-is-the-floor",
            says=r"With $m=jK+r$, $0\le r<K=2^{-e}$: $j\le m/K<j+1$.",
            formal="for all p >= 2, j, K >= 2, r = K - 1 - a >= 0: j <= j + r/K < j + 1; all floats for p in 2..5",
            check=lambda: both(between("1"), search_floor(integer_floor, PRECISIONS)),
            mutants=(
                Mutant("remainder up to K", lambda: between("0")),
                Mutant(
                    "towards zero",
                    lambda: search_floor(
                        lambda m, e: integer_floor(m, e) if m > 0 else -integer_floor(-m, e), PRECISIONS
                    ),
                ),
            ),
            further=(*FLOORS, FLOOR_IN_KERNEL),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:floor",
    title="Floor",
    mark="R",
    repairs="lem:floor@printed",
    suspects=("S9",),
    tex=(
        r"For $p\le poly(n)$ the floor on $\mathbb F_p$ is computed by a "
        r"DLOGTIME-uniform $TC^0$ family of depth $s$."
    ),
    uses=("lem:floor@value",),
    steps=(
        cited(
            id="steps-are-circuits",
            says=r"The steps behind the value are uniform $TC^0$ families.",
            formal="for p <= poly(n): floor on F_p is in uniform TC0, depth s",
            source="Chiang, arXiv:2409.13629: operations on floats with poly(n) bits in uniform TC0",
            stands_for=("def:tc", "def:dlogtime-uniform", "lem:basic-ops"),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, CIRCUIT, FLOOR_CIRCUIT)
