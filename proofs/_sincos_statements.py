"""The case table of sine and cosine, and the floats nearest to multiples of pi/2."""

from __future__ import annotations

from precise.claims import Counterexample, Evidence, Mutant, Statement, Step, Tier, case_split
from proofs._float_evidence import Outcome, both, together
from proofs._kernel_rotation import CASE_TABLE_IN_KERNEL
from proofs._sincos_distance import BINARY32, BINARY64, Range, whole_range, within, worst_is
from proofs._sincos_table import KEEP, OTHER, in_symbols, one_branch, quarter_turns, right, search_table, toward_zero

NEAREST = {2: (3, -1), 3: (4, 6), 4: (11, 0), 5: (28, 19), 8: (189, 51), 11: (1644, 1701)}
"""For each listed p the float m 2^e of F_p that is nearest to a nonzero multiple of pi/2."""
LOST = {2: 5, 3: 6, 4: 9, 5: 9, 8: 14, 11: 21}
"""For each listed p the least b for which the certificate gives a distance of at least 2^-b."""
NEAREST_16 = (63606, 48997)
NEAREST_32, NEAREST_64 = (16367173, 72), (6381956970095103, 797)


def nearest_listed(shift: int = 0) -> Outcome:
    """Certify the nearest float for each listed p; `shift` moves the last one stated."""
    return split([worst_is(whole_range(p), m + (shift if p == 11 else 0), e) for p, (m, e) in NEAREST.items()])


def bounds_listed(less: int = 0) -> Outcome:
    """Certify |x - k pi/2| >= 2^-b for each listed p, with b smaller by `less`."""
    return split([within(whole_range(p), b - less) for p, b in LOST.items()])


def split(parts: list[Evidence | Counterexample]) -> Outcome:
    """Return the evidence of a case split over p, or the first counterexample."""
    held: list[Evidence] = []
    for part in parts:
        if isinstance(part, Counterexample):
            return part
        held.append(part)
    return case_split(*held)


TABLE = Statement(
    label="lem:sincos@table",
    title="Case table of sine and cosine",
    mark="D",
    repairs="lem:sincos@one-branch",
    suspects=("S18",),
    tex=(
        r"Let $S=\sin r$, $C=\cos r$. For every integer $k$, negative too: if $x=k\pi/2+r$, $\sin x=S,C,-S,-C$ and "
        r"$\cos x=C,-S,-C,S$ for $k\bmod4=0,1,2,3$; if $x=(k+1)\pi/2-r$, $\sin x=C,S,-C,-S$ and $\cos x=S,-C,-S,C$."
    ),
    steps=(
        Step(
            id="quarter-turns",
            says=r"$k\bmod4$ decides: two quarter turns $(c,s)\mapsto(-s,c)$ change both signs, four none.",
            formal="for all c, s: -(-c) = c, -(-s) = s; addition theorem by z = exp(i a), w = exp(i b)",
            check=quarter_turns,
            mutants=(Mutant("turns without a sign, another theorem", lambda: quarter_turns("")),),
        ),
        Step(
            id="sixteen-entries",
            says="Each entry follows from the addition theorem.",
            formal="for all S, C, k mod 4 in 0..3: sin, cos of k pi/2 + r and of (k + 1) pi/2 - r are the entries",
            check=in_symbols,
            mutants=(
                Mutant("both branches alike", lambda: in_symbols(other=KEEP)),
                Mutant("branches exchanged", lambda: in_symbols(keep=OTHER, other=KEEP)),
            ),
            further=(CASE_TABLE_IN_KERNEL,),
        ),
        Step(
            id="table-gives-sine-and-cosine",
            says="The table that is run, against enclosures of sine and cosine at all floats of small p.",
            formal="for all integers k: the table is right; run for all x other than 0 in F_p, p in 2..3, both signs",
            check=lambda: both(together(quarter_turns(), in_symbols()), search_table(right)),
            mutants=(
                Mutant("the branch forgotten", lambda: search_table(one_branch)),
                Mutant("remainder of |k|", lambda: search_table(toward_zero)),
            ),
        ),
    ),
)

DISTANCE = Statement(
    label="lem:sincos@distance",
    title="Distance of floats to multiples of pi/2",
    mark="D",
    suspects=("S16", "S17"),
    tex=(
        r"For $p=2,3,4,5,8,11$ the float of $\mathbb F_p$ nearest to a nonzero multiple of $\pi/2$ is "
        r"$3\cdot2^{-1}$, $4\cdot2^6$, $11$, $28\cdot2^{19}$, $189\cdot2^{51}$, $1644\cdot2^{1701}$, and "
        r"$|x-k\pi/2|\ge2^{-b}$ with $b=5,6,9,9,14,21$ for all $x\in\mathbb F_p$, $k\ne0$."
    ),
    steps=(
        Step(
            id="nearest-floats",
            says="Neighbouring fractions around $2^e\\cdot2/\\pi$, one pair an exponent, leave no nearer float.",
            formal=f"for p, (m, e) in {NEAREST}: min over F_p, k != 0 of |x 2/pi - k| is attained at m 2^e",
            check=nearest_listed,
            mutants=(Mutant("another float for p = 11", lambda: nearest_listed(1)),),
        ),
        Step(
            id="bits-lost",
            says=r"The least distance is at least $2^{-b}$.",
            formal=f"for p: b in {LOST}: for all x in F_p, k != 0: |x - k pi/2| >= 2^-b",
            check=bounds_listed,
            mutants=(Mutant("two bits less", lambda: bounds_listed(2)),),
        ),
    ),
)


def one_distance(label: str, title: str, where: Range, nearest: tuple[int, int], tier: Tier) -> Statement:
    """Return the statement about the nearest float of one range of exponents."""
    p, first, last = where
    m, e = nearest
    return Statement(
        label=label,
        title=title,
        mark="D",
        suspects=("S17",),
        tex=(
            rf"Of the floats with $p={p}$ and exponents ${first}..{last}$ the one nearest to a nonzero multiple of "
            rf"$\pi/2$ is ${m}\cdot2^{{{e}}}$."
        ),
        steps=(
            Step(
                id="nearest-float",
                says="Neighbouring fractions, one pair an exponent.",
                formal=f"p = {p}, {first} <= e <= {last}: min of |x 2/pi - k| over k != 0 is attained at {m} * 2^{e}",
                check=lambda: worst_is(where, m, e),
                mutants=(Mutant("the float above it", lambda: worst_is(where, m + 1, e)),),
                tier=tier,
            ),
        ),
    )


DISTANCE_16 = one_distance(
    "lem:sincos@distance-16", "Nearest to a multiple of pi/2, p = 16", whole_range(16), NEAREST_16, Tier.FULL
)
DISTANCE_32 = one_distance(
    "lem:sincos@distance-binary32", "Nearest to a multiple of pi/2, binary32", BINARY32, NEAREST_32, Tier.QUICK
)
DISTANCE_64 = one_distance(
    "lem:sincos@distance-binary64", "Nearest to a multiple of pi/2, binary64", BINARY64, NEAREST_64, Tier.QUICK
)
