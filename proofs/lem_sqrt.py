"""The square root: what the printed form omits, and the steps of its repair."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from precise.claims import Control, Counterexample, Further, Mutant, Statement, Step, Tier, cited
from proofs._circuit_statements import ROOT_CIRCUIT
from proofs._depths import listed_sum
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._kernel_functions import SQRT_IN_KERNEL
from proofs._kernel_series import SQRT_REMAINDER, SQRT_REMAINDER_MUTANTS, SQRT_TERMS, SQRT_TERMS_MUTANTS
from proofs._rounding_by_search import paper_members
from proofs._truncation import SQUARE_ROOT

PRECISIONS = (2, 3, 4, 5)
LISTED = (2, 3, 4, 5, 8, 11, 24, 53)
Split = Callable[[int, int], int]
"""Precision and exponent to k; the root of <m, e> is that of m 2^(e-k), times 2^(k/2)."""


def even_sum(p: int, e: int) -> int:
    """Return e + p or e + p + 1, the even one."""
    return e + p + (e + p) % 2


def even_exponent(p: int, e: int) -> int:
    """Return e + p for even e and e + p + 1 for odd e: a split that is wrong for odd p."""
    return e + p + e % 2


def search_split(split: Split) -> Outcome:
    """Look for a float whose k is odd or whose reduced argument leaves [1/4, 1): least p, then e, then m."""
    cases = 0
    for p in PRECISIONS:
        for e in range(-(2**p), 2**p):
            for m in range(2 ** (p - 1), 2**p):
                cases += 1
                k = split(p, e)
                r = m * Fraction(2) ** (e - k)
                if k % 2 or not Fraction(1, 4) <= r < 1:
                    return Counterexample(
                        values={"p": p, "m": m, "e": e, "k": k, "r": r},
                        refutes="floor(k/2)*2 != k or r < 1/4 or r >= 1",
                        lines=(
                            f"p = {p}: x = <{m}, {e}> has k = {k} and r = {r}",
                            f"k/2 = {Fraction(k, 2)} must be an integer",
                        ),
                        order="least p, then e, then m",
                        cases=cases,
                    )
    return exhausted(cases, sum(4**p for p in PRECISIONS), PRECISIONS)


def search_negative(signs: tuple[int, ...]) -> Outcome:
    """Look for a float that is no square of a real number."""
    cases = 0
    for p in PRECISIONS:
        members = paper_members(p)
        for v in members.values[1:-1]:
            for s in signs:
                cases += 1
                x = s * members.fraction(v)
                if x < 0:
                    return Counterexample(
                        values={"p": p, "x": x},
                        refutes="x < 0",
                        lines=(f"p = {p}: x = {x} is a float; squares are not negative, so it has no root",),
                        order="least p, then |x|, positive first",
                        cases=cases,
                    )
    return exhausted(cases, sum(4**p * len(signs) for p in PRECISIONS), PRECISIONS)


PRINTED = Statement(
    label="lem:sqrt@printed",
    title="Square root, as printed",
    mark="R, M",
    as_printed=True,
    suspects=("S14", "S15"),
    tex=(
        r"Every $x=\langle m,e\rangle\in\mathbb F_p$ has a root, taken as $2^{k/2}\sqrt r$ "
        r"with the split on the parity of e."
    ),
    uses=("def:float",),
    steps=(
        Step(
            id="every-float-has-a-root",
            says="The statement omits that $x$ is not negative.",
            formal="for all p >= 2, x in F_p: x is the square of a real number",
            check=lambda: search_negative((1, -1)),
            expects="refuted",
            mutants=(Control("positive floats", lambda: search_negative((1,))),),
        ),
        Step(
            id="parity-of-the-exponent-decides",
            says="With $k=e+p$ for even $e$ and $e+p+1$ for odd $e$, $k$ is even.",
            formal="for all p >= 2, <m, e> in F_p, m > 0: k is even and m 2^(e-k) is in [1/4, 1)",
            check=lambda: search_split(even_exponent),
            expects="refuted",
            mutants=(Control("parity of e + p", lambda: search_split(even_sum)),),
        ),
    ),
)


def reduced(quarter: str) -> Outcome:
    """Certify 1/2 <= m/t < 1 and 1/4 <= m/(2t) < 1/2 for m = t/2 + a and m = t - 1 - a; odd + 1 is even."""
    return all_of(
        ("(t/2 + a)/t >= 1/2", {"t": 4, "a": 0}),
        ("(t - 1 - a)/t < 1", {"t": 4, "a": 0}),
        (f"(t/2 + a)/(2*t) >= {quarter}", {"t": 4, "a": 0}),
        ("(t - 1 - a)/(2*t) < 1/2", {"t": 4, "a": 0}),
        ("(2*j + 1) + 1 == 2*(j + 1)", {}),
    )


def coefficients_fall(bound: str) -> Outcome:
    """Certify |binom(1/2, i+1)/binom(1/2, i)| = (i - 1/2)/(i + 1) <= 1 for i >= 1; the first is 1/2."""
    return all_of((f"(i - 1/2)/(i + 1) <= {bound}", {"i": 1}), ("(1/2)/(1 - 3/4) == 2", {}), least=1)


def enough_terms(power: int) -> Outcome:
    """Certify (3/4)^5 <= 1/4, so 5(p + 3) terms leave at most 4 * 4^-(p+3) = 2^(-2p-4)."""
    return all_of((f"(3/4)**{power} + 0*i <= 1/4", {"i": 1}), ("4*(1/(64*t**2)) == 1/(16*t**2)", {}))


def stays_in_range(power: int) -> Outcome:
    """Certify lambda^2 <= lambda = 1/(1 + b) and omega <= omega^2: roots of floats lie between the two."""
    return all_of((f"(1/(1 + b))**2 <= (1/(1 + b))**{power}", {"b": 0}), ("w <= w**2", {"w": 1}))


def coefficient(i: int) -> Fraction:
    """Return binom(1/2, i)."""
    result = Fraction(1)
    for j in range(i):
        result *= (Fraction(1, 2) - j) / (j + 1)
    return result


def least_terms(p: int) -> int:
    """Return the least N with 4 (3/4)^N <= 2^(-2p-4)."""
    n = 1
    while 4 * Fraction(3, 4) ** n > Fraction(1, 2 ** (2 * p + 4)):
        n += 1
    return n


def terms_listed(limit: Callable[[int], int]) -> Outcome:
    """List the least N for each p and compare it with a limit."""
    words = []
    for p in LISTED:
        n = least_terms(p)
        if n > limit(p):
            return Counterexample(values={"p": p, "N": n, "limit": limit(p)}, refutes="N > limit")
        words.append(f"p = {p}: N = {n}")
    return exhausted(len(LISTED), 8, LISTED, note="least number of terms: " + ", ".join(words))


def algorithm(terms: Callable[[int], int], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Run the steps for all positive floats of small p; the result must be within 2^-p, by comparing squares."""
    cases = 0
    for p in precisions:
        members, weights = paper_members(p), [coefficient(i) for i in range(terms(p))]
        roots: dict[Fraction, Fraction] = {}
        for e in range(-(2**p), 2**p):
            for m in range(2 ** (p - 1), 2**p):
                cases += 1
                k = even_sum(p, e)
                x, r = m * Fraction(2) ** e, m * Fraction(2) ** (e - k)
                if r not in roots:
                    roots[r] = sum((c * (r - 1) ** i for i, c in enumerate(weights)), Fraction(0))
                got = members.nearest(roots[r] * Fraction(2) ** (k // 2))
                if not (1 - Fraction(1, 2**p)) ** 2 * x <= got * got <= (1 + Fraction(1, 2**p)) ** 2 * x:
                    return Counterexample(
                        values={"p": p, "x": x, "got": got},
                        refutes="got**2 < (1 - 2**(-p))**2*x or got**2 > (1 + 2**(-p))**2*x",
                    )
    return exhausted(cases, sum(4**p for p in precisions), precisions)


def in_symbols() -> Outcome:
    """Certify all inequalities of the steps, and that the inner error is below that of `lem:working-precision`."""
    below = all_of(("1/(16*t**2) <= 1/(4*t**2)", {"t": 4}))
    return together(reduced("1/4"), coefficients_fall("1"), enough_terms(5), stays_in_range(1), below)


REPAIRED = Statement(
    label="lem:sqrt@value",
    title="Square root, the value",
    mark="R, M, D",
    suspects=("S13", "S14", "S15"),
    tex=(
        r"For $p\ge2$ and $0\le x=\langle m,e\rangle\in\mathbb F_p$: let $k$ be the even one of $e+p$, $e+p+1$ and "
        r"$r=x2^{-k}\in[\frac14,1)$. Then "
        r"$round_p\big(2^{k/2}\sum_{i<N}\binom{1/2}i(r-1)^i\big)$ is within $2^{-p}$ of "
        r"$\sqrt x$, relatively, for some $N\le5p+15$; it is in range."
    ),
    uses=("def:float", "def:round", "lem:working-precision"),
    hypotheses=("p >= 2", "m >= 0"),
    witness={"p": 2, "m": 3},
    steps=(
        Step(
            id="reduced-argument",
            says=r"$k$ is even in both cases and $r\in[\frac14,1)$, for even and odd p.",
            formal=(
                "for all p >= 2, t = 2^p, t/2 <= m <= t - 1: m/t in [1/2, 1), m/(2t) in [1/4, 1/2); "
                "all floats for p in 2..5"
            ),
            check=lambda: both(reduced("1/4"), search_split(even_sum)),
            mutants=(
                Mutant("at least 1/3", lambda: reduced("1/3")),
                Mutant("parity of e", lambda: search_split(even_exponent)),
            ),
        ),
        Step(
            id="remainder-of-the-series",
            says=(
                r"The coefficients after the first fall from 1/2, so the remainder is at most "
                r"$2(3/4)^N\le4(3/4)^N\sqrt r$."
            ),
            formal="for all i >= 1: |binom(1/2, i+1)| <= |binom(1/2, i)|; (1/2)/(1 - 3/4) = 2",
            check=lambda: coefficients_fall("1"),
            mutants=(Mutant("halved each time", lambda: coefficients_fall("1/2")),),
        ),
        Step(
            id="number-of-terms",
            says=r"$(3/4)^5\le\frac14$, so $N=5(p+3)$ gives $2^{-2p-4}$; least $N$ per p.",
            formal="for all p >= 2: 4 (3/4)^(5(p+3)) <= 2^(-2p-4); least N for p in 2, 3, 4, 5, 8, 11, 24, 53",
            check=lambda: both(enough_terms(5), terms_listed(lambda p: 5 * p + 15)),
            mutants=(
                Mutant("(3/4)^4", lambda: enough_terms(4)),
                Mutant("4p terms", lambda: terms_listed(lambda p: 4 * p)),
            ),
        ),
        Step(
            id="remainder-for-every-n",
            says=r"The first $N\ge1$ terms are within $4|r-1|^N\sqrt r$ of the root.",
            formal="for all N >= 1, |r-1| <= 3/4: |sum_(i < N) binom(1/2, i) (r-1)^i - sqrt r| <= 4 |r-1|^N sqrt r",
            check=SQRT_REMAINDER.proved,
            tier=Tier.KERNEL,
            mutants=SQRT_REMAINDER_MUTANTS,
        ),
        Step(
            id="truncation-for-every-p",
            says=r"$5(p+3)$ terms leave at most $2^{-2p-4}$, relatively, for every p and every reduced argument.",
            formal="for all p >= 0, 1/4 <= r < 1: |sum_(i < 5p+15) binom(1/2, i) (r-1)^i - sqrt r| <= 2^(-2p-4) sqrt r",
            check=SQRT_TERMS.proved,
            tier=Tier.KERNEL,
            mutants=SQRT_TERMS_MUTANTS,
        ),
        Step(
            id="root-is-in-range",
            says=r"$\lambda\le1\le\Omega$, so $\lambda\le\sqrt\lambda\le\sqrt x\le\sqrt\Omega\le\Omega$.",
            formal="for all b >= 0, w >= 1: (1/(1 + b))^2 <= 1/(1 + b) and w <= w^2",
            check=lambda: stays_in_range(1),
            mutants=(Mutant("cube of lambda", lambda: stays_in_range(3)),),
        ),
        Step(
            id="algorithm-within-two-to-minus-p",
            says="By `lem:working-precision` the rounded result is within $2^{-p}$; all positive floats for small p.",
            formal=(
                "for all p >= 2, x > 0 in F_p: (1 - u)^2 x <= result^2 <= (1 + u)^2 x, u = 2^-p; all x for p in 2..5"
            ),
            check=lambda: both(in_symbols(), algorithm(lambda p: 5 * p + 15)),
            mutants=(Mutant("p terms", lambda: algorithm(lambda p: p)),),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: algorithm(lambda p: 5 * p + 15, (6, 7, 8)),
                    mutants=(Mutant("p terms", lambda: algorithm(lambda p: p, (6,))),),
                ),
                SQRT_IN_KERNEL,
            ),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:sqrt",
    title="Square root",
    mark="R, M",
    repairs="lem:sqrt@printed",
    suspects=("S13", "S14", "S15"),
    tex=(
        r"For $p\le poly(n)$ and $0\le x\in\mathbb F_p$, $\sqrt x$ is computed to relative error $2^{-p}$ by a "
        r"DLOGTIME-uniform $TC^0$ family of depth $d_{sqrt}$."
    ),
    uses=("lem:sqrt@value",),
    steps=(
        listed_sum("the proof (split, powers, terms, sum, scaling)", ("s", "T", "s", "P", "s"), "3s+P+T"),
        cited(
            id="steps-are-circuits",
            says=r"The steps behind the value are uniform $TC^0$ families.",
            formal="for p <= poly(n): the steps of lem:sqrt@value are in uniform TC0, depth d_sqrt",
            source="Hesse, Allender and Barrington, JCSS 65 (2002) 695-716: iterated product, division in uniform TC0",
            stands_for=("def:tc", "def:dlogtime-uniform", "lem:basic-ops", "lem:iterated-product", "lem:iterated-sum"),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, SQUARE_ROOT, CIRCUIT, ROOT_CIRCUIT)
