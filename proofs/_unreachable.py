"""How many floats have no float near their exponential: counted from one logarithm, enclosed by two codes."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from precise.claims import Counterexample, Evidence, Further, Kind, Mutant, Scope, Statement, Step, Tier
from precise.claims.enclosing import Code, Number, arb, exactly, intervals
from precise.errors import UndecidedError
from proofs._exp_algorithm import search_unreachable
from proofs._float_evidence import Outcome, all_of, both, exhausted

LISTED = (*range(2, 17), 24, 32)
SMALL = (2, 3, 4, 5)
SIGNS = {1: "positive", -1: "negative"}


def threshold(code: Code, p: int, sign: int) -> Number:
    """Return log(omega/(1 - u)), or -log(lambda/(1 + u)): beyond it no float is within u of e^x, e^-x."""
    two, u = exactly(code, 2), Fraction(1, 1 << p)
    if sign > 0:
        return code.function("log", two) * ((1 << p) - 1) + code.function(
            "log", exactly(code, ((1 << p) - 1) / (1 - u))
        )
    return code.function("log", two) * ((1 << p) + 1 - p) + code.function("log", exactly(code, 1 + u))


def beyond(p: int, bound: Fraction) -> tuple[int, Fraction]:
    """Return how many floats exceed the bound, which lies between 1 and 2^(2p), and the least of them.

    With 2^(p-1+e) <= bound < 2^(p+e) and m the integer part of bound 2^-e, those are the significands after m at e,
    and all of them at the larger exponents.
    """
    e = -p
    while bound >= Fraction(2) ** (p + e):
        e += 1
    m = floor(bound / Fraction(2) ** e)
    first = (m + 1) * Fraction(2) ** e
    return (2**p - 1 - m) + 2 ** (p - 1) * (2**p - 1 - e), first


def counted(code: Code, p: int, sign: int, factor: Fraction = Fraction(1)) -> tuple[int, Fraction]:
    """Return count and least magnitude; both ends of the enclosure of the threshold must agree."""
    ends = code.ends(threshold(code, p, sign))
    found = {beyond(p, factor * end) for end in ends}
    if len(found) > 1:
        raise UndecidedError(f"{code.name}: the threshold must be decided at p = {p}; got {found}")
    return found.pop()


def counted_step(sign: int, word: str) -> Step:
    """Return the step of one sign."""
    return Step(
        id=f"{word}-arguments-counted",
        says=f"The {word} floats beyond the threshold, and the least one in magnitude.",
        formal=(
            f"for listed p: the number of {word} x in F_p without a float within 2^-p of e^x, and the least |x|, "
            "are those of the floats beyond the threshold"
        ),
        check=lambda: by_search(sign),
        mutants=(Mutant("half the threshold", lambda: by_search(sign, Fraction(1, 2))),),
        further=(
            Further(
                tier=Tier.FULL,
                check=lambda: by_two_codes(sign),
                mutants=(Mutant("9/8 of the threshold", lambda: by_two_codes(sign, Fraction(9, 8))),),
            ),
        ),
    )


def by_two_codes(sign: int, factor: Fraction = Fraction(1)) -> Outcome:
    """Count by Arb and by intervals of doubles, whose threshold is multiplied by a factor, for every listed p."""
    first, second = arb(256), intervals()
    words = []
    for p in LISTED:
        (count, least), (again, other) = counted(first, p, sign), counted(second, p, sign, factor)
        if (count, least) != (again, other):
            return Counterexample(
                values={"p": p, "count": count, "again": again, "least": least, "other": other},
                refutes="count != again or least != other",
            )
        words.append(f"p = {p}: {count} of {2 ** (2 * p)}, from {sign * least} on")
    return Evidence(
        kind=Kind.ENCLOSURE,
        scope=Scope.listed_p(LISTED),
        cases=len(LISTED),
        expected=len(LISTED),
        producer=first.name,
        version=first.version,
        confirmed_by=f"{second.name} {second.version}",
        note="; ".join(words),
    )


def by_search(sign: int, factor: Fraction = Fraction(1)) -> Outcome:
    """Compare the counts from the threshold with the search through all floats of small p."""
    for p in SMALL:
        found = search_unreachable(sign, False, (p,))
        if not isinstance(found, Counterexample):
            return Counterexample(values={"p": p, "found": 0}, refutes="found == 0")
        count, least = counted(arb(256), p, sign, factor)
        words = f"p = {p}: {count} of the {4**p} {SIGNS[sign]} floats"
        if found.exact["x"] != sign * least or words not in found.lines:
            return Counterexample(
                values={
                    "p": p,
                    "x": found.exact["x"],
                    "said": sign * least,
                    "searched": found.lines[-1],
                    "words": words,
                },
                refutes="x != said or searched != words",
                lines=(f"the search: {found.lines[-1]}, from {found.exact['x']} on; the threshold: {words}",),
            )
    cases = sum(4**p for p in SMALL)
    return exhausted(cases, cases, SMALL)


def half_in_symbols(base: str) -> Outcome:
    """Certify that from t = 2^p on e^x exceeds omega/(1 - u) = t 2^(t-1), and e^-x is below lambda/(1 + u).

    With e > 27/10 that is (27/20)^t >= t/2, by induction from t = 4, and (27/20)^t > 1 >= 2 (t + 1)/t^2.
    """
    return all_of(
        ("1 + 1 + 1/2 + 1/6 + 1/24 > 27/10 + 0*t", {"t": 4}),
        ("(t - 1)/(1 - 1/t) == t", {}),
        (f"({base})**4 >= 4/2 + 0*t", {"t": 4}),
        (f"{base} >= (t + 1)/t", {"t": 4}),
        ("(t/2)/(1 + 1/t) == t**2/(2*(t + 1))", {}),
        ("1 >= 2*(t + 1)/t**2", {"t": 4}),
        ("(t/2)*(t - 1) == t**2*(1/2 - 1/(2*t))", {}),
        note="the floats from 2**p on are 2**(p-1) (2**p - 1) of 2**(2p), and all are lost, of either sign",
    )


def half_by_search(share: Fraction) -> Outcome:
    """Compare the counts of small p with a share of 2^(p-1) (2^p - 1): at least so many are lost, of each sign."""
    for p in SMALL:
        for sign in SIGNS:
            count, _ = counted(arb(256), p, sign)
            least = share * (2 ** (p - 1) * (2**p - 1))
            if count < least:
                return Counterexample(values={"p": p, "count": count, "least": least}, refutes="count < least")
    return exhausted(2 * len(SMALL), 8, SMALL)


NEARLY_HALF = Step(
    id="nearly-half-is-lost-at-every-precision",
    says=(
        r"From $x=2^p=t$ on $e^x>t2^{t-1}=\Omega/(1-2^{-p})$, since $(e/2)^t\ge t/2$; below $-t$ likewise. Those are "
        r"$2^{p-1}(2^p-1)$ of the $2^{2p}$ floats of each sign."
    ),
    formal=(
        "for all t >= 4: (27/20)^4 >= 4/2, 27/20 >= (t + 1)/t, 1 >= 2 (t + 1)/t^2; "
        "for p in 2..5: at least 2^(p-1) (2^p - 1) floats of each sign are lost"
    ),
    check=lambda: both(half_in_symbols("27/20"), half_by_search(Fraction(1))),
    mutants=(
        Mutant("9/8 for e/2", lambda: half_in_symbols("9/8")),
        Mutant("three halves of that number", lambda: half_by_search(Fraction(3, 2))),
    ),
)


STATEMENT = Statement(
    label="lem:exp@unreachable",
    title="Floats whose exponential no float comes near",
    mark="D",
    suspects=("S12",),
    tex=(
        r"No float is within $2^{-p}$ of $e^x$, relatively, iff $x>\ln\Omega-\ln(1-2^{-p})$ or "
        r"$x<\ln\lambda-\ln(1+2^{-p})$. At every p that is nearly half of all floats."
    ),
    uses=("def:float",),
    steps=(NEARLY_HALF, *(counted_step(sign, word) for sign, word in SIGNS.items())),
)
