"""Iterated sums: exact, then rounded once; for any exponents by clusters whose gap is 2p + ceil(log2 n) + 3."""

from __future__ import annotations

from precise.claims import Counterexample, Further, Mutant, Statement, Step, Tier, cited
from proofs._circuit_statements import SUM_CIRCUIT
from proofs._clusters import CELLS, least_gap_is_least, proved_gap, search, short_gap, structured
from proofs._float_evidence import Outcome, all_of, both, together
from proofs._kernel_clusters import ALL_BELOW_IN_KERNEL, CLUSTERS_IN_KERNEL
from proofs._sums_printed import PRINTED, SHORT

QUICK = ((2, 2, 11), (2, 3, 11))
FULL = ((2, 2, 20), (2, 3, 20), (2, 4, 11), (3, 2, 24), (3, 3, 13))
G = "(2*p + L + 3)"


def rest_is_small(share: str) -> Outcome:
    """Certify n 2^p 2^(-g-1) <= 2^(-p-4), with t = 2^p, 2^ceil(log2 n) = n + a."""
    return all_of((f"n*t/(16*t**2*(n + a)) <= 1/({share}*t)", {"n": 1, "t": 2, "a": 0}), least=1)


def bits_of_cluster(bound: str) -> Outcome:
    """Certify p + L + (n - 1) g <= bound, L = ceil(log2 n): n terms below 2^p, shifted by at most (n - 1) g."""
    return all_of((f"p + L + (n - 1)*{G} <= {bound}", {"n": 1, "p": 1, "L": 0}), least=1)


def boundaries(rest: str) -> Outcome:
    """Certify that the rest moves S >= 2^(b-1) = s over no boundary: at least s/(2t) away, or all integers."""
    return all_of(
        (f"{rest} < s/(2*t)", {"s": 1, "t": 2}),
        (f"{rest} < 1", {"t": 2}),
        least=1,
    )


def sign_of_rest(rest: str) -> Outcome:
    """Certify that a nonzero cluster of at least one unit outweighs all below it."""
    return all_of((f"1 - {rest} > 0", {"t": 2}), least=1)


def smaller_gap(share: str) -> Outcome:
    """Certify the gap 2p + log2 n: all below is less than 1/(2t); and for n = L >= 8 a power of two one less fails."""
    return all_of(
        ("n*(t - 1)/(2*t**2*(n + a)) < 1/(2*t)", {"n": 1, "t": 2, "a": 0}),
        (f"(L - 2)*(t - 1) > {share}*L*t", {"L": 8, "t": 4}),
        sharpness="sharp: the gap 2p + ceil(log2 n) - 1 fails for n = 2^k >= 8 and every p >= 2",
    )


def pairs_of_positions(square: str) -> Outcome:
    """Certify ceil(log2 n^2) <= 2 ceil(log2 n): n <= L gives n^2 <= L^2, L = n + a."""
    return all_of((f"n**2 <= {square}", {"n": 1, "a": 0}), least=1)


def in_symbols() -> Outcome:
    """Certify all inequalities of the steps."""
    return together(
        rest_is_small("16"), bits_of_cluster(f"n*{G} + 2*p"), boundaries("1/(16*t)"), sign_of_rest("1/(16*t)")
    )


def algorithm() -> tuple[Outcome, ...]:
    """Return the certificates, the run over small multisets, and the structured cases."""
    found = (in_symbols(), search(proved_gap, QUICK), structured())
    refuted = [o for o in found if isinstance(o, Counterexample)]
    return (refuted[0],) if refuted else found


VALUE = Statement(
    label="lem:iterated-sum@value",
    title="Iterated sum by clusters, the value",
    mark="D",
    repairs="lem:iterated-sum@short-gap",
    suspects=("S11",),
    tex=(
        r"Sort $n\ge1$ floats by exponent and cut where neighbours differ by more than "
        r"$g=2p+\lceil\log_2n\rceil+3$. Let $S$ be the first nonzero cluster sum, an integer in units of its last "
        r"place. Then $round_p$ of the exact sum is $round_p$ of $S$ with the sign of the next nonzero cluster sum "
        r"appended $p+4$ places below."
    ),
    uses=("def:float", "def:round"),
    hypotheses=("p >= 2", "n >= 1"),
    witness={"p": 2, "n": 3},
    steps=(
        Step(
            id="cluster-is-a-short-integer",
            says=r"Each cluster sum is an integer of at most $ng+2p$ bits.",
            formal="for all n, p >= 1, L = ceil(log2 n) >= 0, g = 2p + L + 3: p + L + (n - 1) g <= n g + 2p",
            check=lambda: bits_of_cluster(f"n*{G} + 2*p"),
            mutants=(Mutant("n g - p - 4 bits", lambda: bits_of_cluster(f"n*{G} - p - 4")),),
        ),
        Step(
            id="all-below-is-tiny",
            says=r"All below a cluster is less than $n2^p2^{-g-1}\le2^{-p-4}$ units of its last place.",
            formal="for all p, n >= 1, t = 2^p, 2^ceil(log2 n) = n + a: n t / (16 t^2 (n + a)) <= 1/(16 t)",
            check=lambda: rest_is_small("16"),
            mutants=(Mutant("a seventeenth", lambda: rest_is_small("17")),),
            further=(ALL_BELOW_IN_KERNEL,),
        ),
        Step(
            id="no-boundary-is-crossed",
            says=(
                r"A nonzero $S$ of $b\le p$ bits is a float, at least $2^{b-1}/2^{p+1}$ away from the next midpoint; "
                r"with more bits floats and midpoints near $S$ are integers. The rest and $2^{-p-4}$ cross neither."
            ),
            formal="for all t = 2^p >= 2, s = 2^(b-1) >= 1: 1/(16 t) < s/(2 t) and 1/(16 t) < 1",
            check=lambda: boundaries("1/(16*t)"),
            mutants=(Mutant("2^(-p-1)", lambda: boundaries("1/(2*t)")),),
        ),
        Step(
            id="sign-of-the-next-cluster",
            says="The next nonzero cluster is at least one of its units, so it decides the sign of all that is below.",
            formal="for all t = 2^p >= 2: 1 - 1/(16 t) > 0",
            check=lambda: sign_of_rest("1/(16*t)"),
            mutants=(Mutant("rest of one unit", lambda: sign_of_rest("1*t/t")),),
        ),
        Step(
            id="sum-by-clusters-is-the-sum",
            says="The steps together; run for all small multisets and structured hard cases.",
            formal=(
                "for all p >= 2, n >= 1, x_1..x_n floats of p bits: round(clusters) = round(x_1 + ... + x_n); p = 2, "
                "n in {2, 3}, exponents 0..11"
            ),
            check=algorithm,
            cells=tuple(sorted(CELLS)),
            mutants=(
                Mutant("gap p + ceil(log2 n), structured", lambda: structured(short_gap)),
                Mutant("gap 1", lambda: search(lambda p, n: 1, QUICK)),
            ),
            further=(
                CLUSTERS_IN_KERNEL,
                Further(
                    tier=Tier.FULL,
                    check=lambda: search(proved_gap, FULL),
                    mutants=(Mutant("gap 2", lambda: search(lambda p, n: 2, FULL)),),
                ),
            ),
        ),
        Step(
            id="least-gap",
            says=r"The gap $2p+\lceil\log_2n\rceil$ is enough; for $n=2^k\ge8$ one less is not.",
            formal=(
                "for all p >= 2, t = 2^p: n (t - 1)/(2 t^2 (n + a)) < 1/(2 t); for L = n >= 8: (L - 2)(t - 1) > L t/2, "
                "so 2p + log2 n - 1 fails at one unit above n - 2 largest floats; run for n in {8, 16, 32}"
            ),
            check=lambda: both(smaller_gap("(1/2)"), least_gap_is_least()),
            mutants=(
                Mutant("two thirds", lambda: smaller_gap("(2/3)")),
                Mutant("the gap itself", lambda: least_gap_is_least(slack=0)),
            ),
        ),
        Step(
            id="sums-over-pairs",
            says=r"For the $n^2$ terms of tensor attention $\lceil\log_2n^2\rceil\le2\lceil\log_2n\rceil$.",
            formal="for all n >= 1, 2^ceil(log2 n) = n + a: n^2 <= (n + a)^2",
            check=lambda: pairs_of_positions("(n + a)**2"),
            mutants=(Mutant("n^2 <= n + a", lambda: pairs_of_positions("n + a")),),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:iterated-sum",
    title="Iterated sum",
    mark="R, M, D",
    repairs="lem:iterated-sum@printed",
    suspects=("S10", "S11"),
    tex=(
        r"For $p\le poly(n)$ and any exponents, $round_p$ of the exact sum of poly(n) floats is computed by a "
        r"DLOGTIME-uniform $TC^0$ family of depth $P$, a constant of its own."
    ),
    uses=("lem:iterated-sum@value",),
    steps=(
        cited(
            id="steps-are-circuits",
            says=r"Ranks by counting, sums of integers of poly(n) bits, and one rounding are uniform $TC^0$ families.",
            formal="for p <= poly(n): the steps of lem:iterated-sum@value are in uniform TC0, depth P",
            source="Hesse, Allender and Barrington, JCSS 65 (2002) 695-716: iterated integer addition in uniform TC0",
            stands_for=("def:tc", "def:dlogtime-uniform", "thm:uniform-composition"),
        ),
    ),
)

STATEMENTS = (PRINTED, SHORT, VALUE, CIRCUIT, SUM_CIRCUIT)
