"""The printed form of `lem:iterated-sum`, and the one with too small a gap: what refutes them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

from precise.claims import Control, Counterexample, Mutant, Statement, Step, decide_identity
from precise.claims.scope import Scope
from precise.claims.sequences import decide_terms
from proofs._clusters import exact_sum, floats, least_failure, least_gap, proved_gap, rounded, short_gap
from proofs._float_evidence import Outcome, exhausted, together


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
                    refutes=(
                        f"chained == nearest(p, {'first + last' if order == 'chain' else 'exact'}) "
                        "and once == nearest(p, exact) != chained"
                    ),
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
                    f"p = {p}: exponents run from {-(2**p)} to {2**p - 1}",
                    f"in units of the least one the largest float has {bits} bits; n g + 2p is {bound} for two terms",
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


def one_constant(single: bool) -> Outcome:
    """Compare the depth of a matrix product, s + P, with 2s, or with s + P, at the least depths 0 < s < P."""
    found = decide_identity("2*s == s + P" if single else "P + s == s + P", scope=Scope.without_p())
    if not isinstance(found, Counterexample):
        return found
    return Counterexample(
        values={"s": 1, "P": 2},
        refutes="2*s != s + P and 0 < s and s < P",
        lines=("s = 1, P = 2: a matrix product has depth s + P = 3; with one constant for both it would be 2s = 2",),
        order="least s > 0, then least P > s",
    )


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
            says=r"Shifted to a common exponent the terms need no more than the $ng+2p$ bits of the clusters.",
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
            check=lambda: one_constant(single=True),
            expects="refuted",
            mutants=(Control("two constants", lambda: one_constant(single=False)),),
        ),
    ),
)

SHORT = Statement(
    label="lem:iterated-sum@short-gap",
    title="Iterated sum by clusters with too small a gap",
    mark="D",
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
