"""Iterated sums: exact, then rounded once; for any exponents by clusters whose gap is 2p + ceil(log2 n) + 3."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

from precise.claims import Control, Counterexample, Further, Mutant, Statement, Step, Tier, cited, decide_identity
from precise.claims.scope import Scope
from precise.claims.sequences import decide_terms
from proofs._clusters import (
    CELLS,
    exact_sum,
    floats,
    least_failure,
    least_gap,
    least_gap_is_least,
    proved_gap,
    rounded,
    search,
    short_gap,
    structured,
)
from proofs._float_evidence import Outcome, all_of, both, exhausted, together

QUICK = ((2, 2, 11), (2, 3, 11))
FULL = ((2, 2, 20), (2, 3, 20), (2, 4, 11), (3, 2, 24), (3, 3, 13))
G = "(2*p + L + 3)"


def chains(order: str) -> Outcome:
    """Look for three floats of F_2 whose chain of rounded additions is not the exact sum, rounded once."""
    cases = 0
    for high in range(5):
        for terms in combinations_with_replacement(floats(2, 0, high), 3):
            if max(e for _, e in terms) != high:
                continue
            cases += 1
            exact, top = exact_sum(terms), high + 3
            first = rounded(exact_sum(terms[:2]), 2, top)
            last = terms[2][0] * Fraction(2) ** terms[2][1]
            got = rounded(first + last, 2, top) if order == "chain" else rounded(exact, 2, top)
            right = rounded(exact, 2, top)
            if got != right:
                words = " + ".join(f"({m})*2^{e}" for m, e in terms)
                return Counterexample(
                    values={"p": 2, "first": first, "last": last, "exact": exact, "chained": got, "once": right},
                    refutes="chained != once and abs(chained - exact) > abs(once - exact)",
                    lines=(
                        f"p = 2: {words}",
                        f"the first two make {first} when rounded, with the third and rounded again {got}",
                        f"the exact sum {exact} rounds to {right}",
                    ),
                    order="p = 2, three terms, least largest exponent (from 0), then the order of the floats",
                    cases=cases,
                )
    return exhausted(cases, sum(map(with_largest, range(5))), (2,), where="three terms with exponents 0..4")


def with_largest(high: int) -> int:
    """Return how many multisets of three floats of two bits have that largest exponent."""
    sizes = [4 * (h + 1) for h in (high - 1, high)]
    return sum(s * (s + 1) * (s + 2) // 6 * w for s, w in zip(sizes, (-1, 1), strict=True))


def common_exponent(clusters: bool) -> Outcome:
    """Look for the least p at which two terms shifted to one exponent need more bits than n g + 2p."""
    for cases, p in enumerate(range(2, 13), 1):
        bound = 2 * proved_gap(p, 2) + 2 * p
        bits = bound - 3 * p - 3 if clusters else 2 ** (p + 1) - 1 + p
        if bits > bound:
            return Counterexample(
                values={"p": p, "bits": bits, "bound": bound},
                refutes="bits > bound and bits == 2**(p + 1) - 1 + p",
                lines=(
                    f"p = {p}: exponents run from {-(2**p)} to {2**p - 1}, so the largest float is an integer of",
                    f"{bits} bits in units of the least exponent; n g + 2p is {bound} for two terms",
                ),
                order="least p, two terms",
                cases=cases,
            )
    return exhausted(11, 11, range(2, 13), where="two terms")


def exponential(base: int = 2) -> Outcome:
    """Certify p^c <= 2^p for c = 1..6 from 5c on, by induction over p."""
    return together(
        *(decide_terms(f"p**{c} <= {base}**p", "p", 5 * c, scope=Scope.all_p(30)) for c in range(1, 7)),
        note="p^c <= 2^p from p = 5c on, for c in 1..6",
    )


def one_constant(left: str) -> Outcome:
    """Compare the depth of a matrix product, s + P, with the one that a single constant for sums would give."""
    return decide_identity(f"{left} == s + P", scope=Scope.without_p())


PRINTED = Statement(
    label="lem:iterated-sum@printed",
    title="Iterated sum, as printed",
    mark="R, M",
    as_printed=True,
    suspects=("S10", "S11"),
    tex=(
        r"$n$ floats of $\mathbb F_p$ are added at the depth $d_{std}$ of one operation; whether in a chain of rounded "
        r"additions or exactly is not said; terms are shifted to a common exponent."
    ),
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="chain-is-one-rounding",
            says="The two readings agree: a chain of rounded additions is the exact sum, rounded once.",
            formal="for all p >= 2, x in F_p^3: round(round(x1 + x2) + x3) = round(x1 + x2 + x3)",
            check=lambda: chains("chain"),
            expects="refuted",
            mutants=(Control("exact sums on both sides", lambda: chains("once")),),
        ),
        Step(
            id="common-exponent-fits",
            says=r"Shifted to a common exponent the terms stay integers of $ng+2p$ bits.",
            formal="for all p >= 2: two floats of F_p in units of their least exponent have at most 2 g + 2p bits",
            check=lambda: common_exponent(clusters=False),
            expects="refuted",
            mutants=(Control("terms of one cluster", lambda: common_exponent(clusters=True)),),
        ),
        Step(
            id="exponents-outgrow-polynomials",
            says=r"A common exponent needs $2^{p+1}$ bits, more than $p^c$ for c up to 6 and large p.",
            formal="for c in 1..6, all p >= 5c: p^c <= 2^p",
            check=exponential,
            mutants=(Mutant("powers of 1", lambda: exponential(1)),),
        ),
        Step(
            id="one-depth-for-all",
            says=r"One constant serves: a matrix product, printed as $d_{std}+d_\oplus$, has depth $2d_{std}$.",
            formal="for all s, P: 2 s = s + P",
            check=lambda: one_constant("2*s"),
            expects="refuted",
            mutants=(Control("two constants", lambda: one_constant("P + s")),),
        ),
    ),
)

SHORT = Statement(
    label="lem:iterated-sum@short-gap",
    title="Iterated sum by clusters with too small a gap",
    mark="D",
    as_printed=True,
    suspects=("S11",),
    tex=r"Clusters with the gap $p+\lceil\log_2n\rceil$ give $round_p$ of the exact sum.",
    uses=("def:round",),
    steps=(
        Step(
            id="short-gap-suffices",
            says=r"A gap of $p+\lceil\log_2n\rceil$ is enough.",
            formal="for all p >= 2, n floats: the sum by clusters with gap p + ceil(log2 n), rounded, is round(sum)",
            check=lambda: least_failure(short_gap, ((2, 2, 8), (2, 3, 8), (2, 4, 6))),
            expects="refuted",
            mutants=(
                Control("gap 2p + ceil(log2 n)", lambda: least_failure(least_gap, ((2, 2, 8), (2, 3, 8), (2, 4, 5)))),
            ),
        ),
    ),
)


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
    hypotheses=("p >= 1", "n >= 1"),
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
                "for all p, n >= 1, x_1..x_n floats of p bits: round(clusters) = round(x_1 + ... + x_n); p = 2, "
                "n in {2, 3}, exponents 0..11"
            ),
            check=algorithm,
            cells=tuple(sorted(CELLS)),
            mutants=(
                Mutant("gap p + ceil(log2 n), structured", lambda: structured(short_gap)),
                Mutant("gap 1", lambda: search(lambda p, n: 1, QUICK)),
            ),
            further=(
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

STATEMENTS = (PRINTED, SHORT, VALUE, CIRCUIT)
