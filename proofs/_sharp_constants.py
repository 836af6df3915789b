"""Sharp constants of addition, multiplication, division and the square root for every p; exhaustive to p = 11."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from precise.claims import Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._rounding_by_search import paper_members
from proofs._sharp_pairs import (
    attained_when_composite,
    first_tie,
    is_composite,
    of_quotients,
    products,
    quotients,
    roots,
)

PRECISIONS = tuple(range(2, 12))
QUARTER_MORE = "(1 + (1/4)/(1 + c))"
"""a = (1 + 2u)^(1/2), which is above 1 and below 5/4 as u <= 1/4."""


def tie_by_addition(part: str) -> Outcome:
    """Certify that 2^(p-1) + 1/2 is a sum of two floats with the error u/(1+u); 1/2 is (t/2) 2^-p."""
    return all_of((f"(t/2)*(1/t) == {part}", {}), (f"{part}/(t/2 + {part}) == (1/t)/(1 + 1/t)", {}))


def sums_attain(bound: Fraction) -> Outcome:
    """Check that the sum of 2^(p-1) and 1/2 is off by exactly a multiple of u/(1+u), for small p."""
    for p in (2, 3, 4, 5):
        members, x = paper_members(p), Fraction(1 << (p - 1)) + Fraction(1, 2)
        got, limit = members.nearest(x), bound * first_tie(Fraction(1, 1 << p))
        if abs(got - x) != limit * x:
            return Counterexample(
                values={"p": p, "x": x, "got": got, "limit": limit}, refutes="abs(got - x) != limit*x"
            )
    return exhausted(4, 4, (2, 3, 4, 5))


def only_the_first_tie(half: str) -> Outcome:
    """Certify the distance of the error from the bound: b/(t + 1) above the tie, a multiple of 1/2 - y below it."""
    return all_of(
        (f"(t/2 + 1/2 + b)/(t + 1) - {half} == b/(t + 1)", {}),
        (f"(1/t)/(1 + 1/t) - y/(t/2 + y) == t*({half} - y)/((t + 1)*(t/2 + y))", {}),
        note="the error is u/(1+u) of x only at x = 2**(p-1) + 1/2, up to a power of two: significand 2**p + 1",
    )


def divisors_fit(least: str) -> Outcome:
    """Certify that a divisor d >= 2 of t + 1 leaves (t + 1)/d < t, and significands stay below t + 1."""
    return all_of((f"(t + 1)/({least} + a) < t", {"t": 4, "a": 0}), ("t - 1 - a < t + 1", {"t": 4, "a": 0}))


def odd_powers(sign: str) -> Outcome:
    """Certify that x + 1 divides x^3 + 1, and x^(k+2) + 1 if it divides x^k + 1 = y + 1."""
    return all_of(
        (f"(x + 1)*(x**2 {sign} x + 1) == x**3 + 1", {}),
        ("x**2*(y + 1) - (x - 1)*(x + 1) == x**2*y + 1", {}),
        note="p = j k with k odd, k >= 3: 2**j + 1 divides 2**p + 1",
    )


def primes_among(said: tuple[int, ...]) -> Outcome:
    """Compare the p in 2..64 with 2^p + 1 prime with those said; the least divisor is found by trial."""
    words = []
    for p in range(2, 65):
        n = (1 << p) + 1
        divisor = next((d for d in range(2, min(isqrt(n), 1 << 20) + 1) if n % d == 0), n)
        if divisor == n and n > 1 << 40:
            return Counterexample(values={"p": p, "tried": 1 << 20}, refutes="tried < 2**p")
        if (divisor == n) != (p in said):
            return Counterexample(values={"p": p, "divisor": divisor, "n": n}, refutes="n == 2**p + 1")
        words += [f"2**{p} + 1 = {divisor} * {n // divisor}"] if p in (11, 24, 32, 53) else []
    return exhausted(63, 63, range(2, 65), note="; ".join(words))


def just_above_one(top: str) -> Outcome:
    """Certify for a quotient n/m > 1, m = t - 1 - a, that it is at least (m + 1)/m > 1 + u, and its error.

    It rounds to 1 + 2u or farther up; up to 1 + 2u the error is (1 + 2u)m/n - 1, at n = m + 1 the largest.
    """
    t = "(m + a + 1)"
    return all_of(
        (f"(m + 1)/m > 1 + 1/{t}", {"m": 1, "a": 0}),
        (f"(1 + 2/{t})*m/(m + 1 + b) - 1 <= 1/{t} - {top}/{t}**2", {"m": 2, "a": 0, "b": 0}),
    )


def farther_up(least: str) -> Outcome:
    """Certify that from 1 + 2u on, 1/(mt) or more away from a midpoint, m <= t - 1, the error is below the bound.

    n/m is no midpoint M/t, M odd: n t = M m would make the power of two t divide m < t.
    """
    return all_of(
        ("1/t - 1/(m*t) <= 1/t - 1/(m + a)/t", {"t": 4, "m": 1, "a": 0}),
        (f"(1/t - {least}/t**2)/(1 + 2/t) <= 1/t - 2/t**2", {"t": 4}),
    )


def quotient_attains(error: str) -> Outcome:
    """Certify that t/(t - 1), which lies above 1 + u, rounds to 1 + 2u with exactly the error u - 2u^2."""
    return all_of(
        ("t/(t - 1) > 1 + 1/t", {"t": 4}),
        ("t/(t - 1) < 1 + 2/t", {"t": 4}),
        (f"(1 + 2/t)*(t - 1)/t - 1 == 1/t - {error}/t**2", {}),
        sharpness="sharp: attained at 1/(1 - u)",
    )


def roots_near_one(bound: str) -> Outcome:
    """Certify 1 + 2u < (1 + u)^2 < 1 + 4u: below 1 + u only the roots of 1 and 1 + 2u; error 1 - 1/a, a^2 = 1 + 2u."""
    return all_of(
        ("(1 + 1/t)**2 < 1 + 4/t", {"t": 4}),
        (f"(1 + 1/t)**2 > {bound}", {"t": 4}),
        ("(a - 1)/a == 1 - 1/a", {}),
        sharpness="sharp: attained at the root of 1 + 2u",
    )


def roots_farther_up(share: str) -> Outcome:
    """Certify u/(1 + 4u)^(1/2) <= 1 - 1/a, squared, for a^2 = 1 + 2u, so u = (a^2 - 1)/2 and 1 + 4u = 2a^2 - 1."""
    a = QUARTER_MORE
    return all_of(
        (f"(({a}**2 - 1)/2)**2*{a}**2 <= {share}*({a} - 1)**2*(2*{a}**2 - 1)", {"c": 0}),
        ("1 + 2/t <= (5/4)**2", {"t": 4}),
    )


STATEMENT = Statement(
    label="lem:round-rel-error@sharp",
    title="Sharp relative errors of the four operations",
    mark="M, D",
    tex=(
        r"In range, with $u=2^{-p}$, $p\ge2$, the largest relative error of one operation is: addition "
        r"$\frac u{1+u}$; multiplication $\frac u{1+u}$ if $2^p+1$ is composite and less if it is prime; division "
        r"$u-2u^2$; square root $1-(1+2u)^{-1/2}$. Products reach $\frac u{1+u}$ unless $p$ is a power of two; they do "
        r"not for $p=2,4,8,16$."
    ),
    uses=("def:round", "lem:round-rel-error"),
    hypotheses=("p >= 2",),
    witness={"p": 2},
    steps=(
        Step(
            id="addition-attains-the-bound",
            says=r"$2^{p-1}$ and $\frac12=2^{p-1}2^{-p}$ are floats; their sum is the tie with error $u/(1+u)$.",
            formal="for all p >= 2, t = 2^p: (t/2)(1/t) = 1/2 and (1/2)/(t/2 + 1/2) = u/(1+u); by search for p in 2..5",
            check=lambda: both(tie_by_addition("1/2"), sums_attain(Fraction(1))),
            mutants=(
                Mutant("a quarter", lambda: tie_by_addition("1/4")),
                Mutant("bound times 999/1000", lambda: sums_attain(Fraction(999, 1000))),
            ),
        ),
        Step(
            id="only-one-significand-attains-it",
            says=r"Away from the tie, above by $b$ or below, the error stays below $u/(1+u)$ of $x$ by these amounts.",
            formal=(
                "for all p >= 2, t = 2^p: (t/2 + 1/2 + b)/(t + 1) - 1/2 = b/(t + 1), "
                "u/(1+u) - y/(t/2 + y) = t(1/2 - y)/((t + 1)(t/2 + y))"
            ),
            check=lambda: only_the_first_tie("1/2"),
            mutants=(Mutant("a quarter for the half", lambda: only_the_first_tie("1/4")),),
        ),
        Step(
            id="products-attain-it-iff-composite",
            says=(
                r"So $m_1m_2=2^j(2^p+1)$ is needed. If $2^p+1=ab$ with $a,b\ge2$, both are below $2^p$ and give "
                r"such significands; if it is prime it would divide $m_1$ or $m_2$, both smaller. All pairs, small p."
            ),
            formal=(
                "for all p >= 2, t = 2^p, a >= 0: (t + 1)/(2 + a) < t and t - 1 - a < t + 1; "
                "for p in 2..11, all m1, m2: error <= u/(1+u), with equality for some pair iff 2^p + 1 is composite"
            ),
            check=lambda: both(divisors_fit("2"), attained_when_composite(PRECISIONS)),
            mutants=(
                Mutant("divisor 1", lambda: divisors_fit("1")),
                Mutant(
                    "bound times 999/1000", lambda: products(lambda u: first_tie(u) * Fraction(999, 1000), bool, (5,))
                ),
                Mutant("at every p", lambda: products(first_tie, bool, (3, 4))),
                Mutant("iff prime", lambda: products(first_tie, lambda p: not is_composite((1 << p) + 1), (3,))),
            ),
        ),
        Step(
            id="composite-unless-p-is-a-power-of-two",
            says=r"If $k\ge3$ is an odd divisor of $p=jk$, then $2^j+1$ divides $2^p+1$; to 64 2, 4, 8, 16 remain.",
            formal=(
                "for all x, y: (x + 1)(x^2 - x + 1) = x^3 + 1, x^2 (y + 1) - (x - 1)(x + 1) = x^2 y + 1; "
                "for p in 2..64: 2^p + 1 is prime iff p in {2, 4, 8, 16}"
            ),
            check=lambda: both(odd_powers("-"), primes_among((2, 4, 8, 16))),
            mutants=(
                Mutant("the other sign", lambda: odd_powers("+")),
                Mutant("32 too", lambda: primes_among((2, 4, 8, 16, 32))),
            ),
        ),
        Step(
            id="quotients-just-above-one",
            says=r"A quotient $n/m>1$ is at least $(m+1)/m>1+u$. Rounded to $1+2u$ it is off by at most $u-2u^2$.",
            formal=(
                "for all m >= 2, a, b >= 0, t = m + a + 1: (m + 1)/m > 1 + 1/t, "
                "(1 + 2/t) m/(m + 1 + b) - 1 <= 1/t - 2/t^2"
            ),
            check=lambda: just_above_one("2"),
            mutants=(Mutant("u - 3u^2", lambda: just_above_one("3")),),
        ),
        Step(
            id="quotients-farther-up",
            says=(
                r"No quotient is a midpoint: it is at least $1/(mt)$ away, $t=2^p$, so off by at most $u-u^2$; from "
                r"$1+2u$ on that is at most $u-2u^2$, relatively."
            ),
            formal="for all t >= 4: (1/t - 1/t^2)/(1 + 2/t) <= 1/t - 2/t^2",
            check=lambda: farther_up("1"),
            mutants=(Mutant("a midpoint allowed", lambda: farther_up("0")),),
        ),
        Step(
            id="division-attains-its-bound",
            says=r"$1/(1-u)$ rounds to $1+2u$ with relative error $u-2u^2$. All pairs of significands for small p.",
            formal=(
                "for all t >= 4: 1 + 1/t < t/(t - 1) < 1 + 2/t, (1 + 2/t)(t - 1)/t - 1 = 1/t - 2/t^2; "
                "for p in 2..11, all m1, m2: error <= u - 2u^2, with equality for some pair"
            ),
            check=lambda: both(quotient_attains("2"), quotients(of_quotients, PRECISIONS)),
            mutants=(
                Mutant("u - u^2", lambda: quotient_attains("1")),
                Mutant(
                    "bound times 999/1000",
                    lambda: quotients(lambda u: of_quotients(u) * Fraction(999, 1000), (5,)),
                ),
                Mutant("u/(1+u), which is not reached", lambda: quotients(first_tie, (5,))),
            ),
        ),
        Step(
            id="roots-near-one",
            says=r"With $s<1+u$ only $s^2=1$ and $s^2=1+2u$ are floats; the second is off by $1-(1+2u)^{-1/2}$.",
            formal="for all t >= 4: 1 + 2/t < (1 + 1/t)^2 < 1 + 4/t; for all a: (a - 1)/a = 1 - 1/a",
            check=lambda: roots_near_one("1 + 2/t"),
            mutants=(Mutant("1 + 3u", lambda: roots_near_one("1 + 3/t")),),
        ),
        Step(
            id="square-root-attains-its-bound",
            says=r"From $s^2=1+4u$ on the error is at most $u/s$, which is less. All significands, small p.",
            formal=(
                "for all 1 < a <= 5/4, u = (a^2 - 1)/2: u^2 a^2 <= (a - 1)^2 (1 + 4u); "
                "for p in 2..11, all m, both parities: error <= 1 - (1 + 2u)^(-1/2), with equality for some root"
            ),
            check=lambda: both(roots_farther_up("1"), roots(lambda u: 1 + 2 * u, PRECISIONS)),
            mutants=(
                Mutant("half of it", lambda: roots_farther_up("1/2")),
                Mutant("bound times 999/1000", lambda: roots(lambda u: 1 + 2 * u * Fraction(999, 1000), (5,))),
                Mutant("1 - (1 + 3u)^(-1/2), which is not reached", lambda: roots(lambda u: 1 + 3 * u, (5,))),
            ),
        ),
    ),
)
