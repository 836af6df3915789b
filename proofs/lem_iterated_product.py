"""Iterated products: one rounding of the exact product; n roundings, and products out of range, differ."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, prod

from precise.claims import Control, Counterexample, Hypothesis, Mutant, Statement, Step, cited, decide_identity
from precise.claims.scope import Scope
from proofs._circuit_statements import PRODUCT_CIRCUIT
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._oracle import in_range, members, rounded_by_search

LARGEST = "(2**p - 1)*2**(2**p - 1)"
ORDER = "p = 2, then least number of factors, then factors {}; positive ones"


def positive(p: int) -> list[Fraction]:
    """Return the positive floats, ascending."""
    return [x for x in members(p) if x > 0]


def near_one_first(p: int) -> list[Fraction]:
    """Return the positive floats by the distance of their exponents from that of 1, then ascending."""
    return sorted(positive(p), key=lambda x: (abs(parts(x, p)[1] + p - 1), x))


def chained(factors: tuple[Fraction, ...], p: int) -> tuple[list[Fraction], Fraction]:
    """Return the products of two rounded numbers in a chain, before they are rounded, and its result."""
    got, met = factors[0], []
    for x in factors[1:]:
        met.append(got * x)
        got = rounded_by_search(got * x, p)
    return met, got


def readings(chain: bool, ranged: bool) -> Outcome:
    """Look for factors whose product by a chain is not the exact one, rounded once.

    If `ranged`, products in the chain are in range, so only roundings differ; else one of them is not.
    """
    cases, expected, p = 0, 0, 2
    ordered = near_one_first(p) if ranged else positive(p)[::-1]
    for n in (2, 3, 4):
        expected += comb(4**p + n - 1, n)
        for factors in combinations_with_replacement(ordered, n):
            cases += 1
            exact = prod(factors, start=Fraction(1))
            met, got = chained(factors, p)
            if not in_range(exact, p) or ranged != all(in_range(x, p) for x in met):
                continue
            right = rounded_by_search(exact, p)
            if chain and got != right:
                names = {f"x{i + 1}": x for i, x in enumerate(factors)}
                product = "x1"
                for name in list(names)[1:]:
                    within = f"{product}*{name}" if ranged else f"min({product}*{name}, {LARGEST})"
                    product = f"nearest(p, {within})"
                steps = ", ".join(f"{x} rounds to {rounded_by_search(x, p)}" for x in met)
                return Counterexample(
                    values={"p": p, **names, "exact": exact, "chained": got, "once": right},
                    refutes=f"chained == {product} and once == nearest(p, {'*'.join(names)}) != chained",
                    lines=(
                        f"p = {p}: {' * '.join(map(str, factors))} = {exact} rounds to {right}",
                        f"in a chain {steps}",
                    ),
                    order=ORDER.format("with exponents near that of 1 first" if ranged else "largest first"),
                    cases=cases,
                )
    return exhausted(cases, expected, (2,), where="two to four positive factors")


def unreachable(hypothesis: bool) -> Outcome:
    """Look for two floats whose product has no float within 2^-p of it, relatively."""
    cases = 0
    for p in (2, 3):
        for x, y in combinations_with_replacement(positive(p), 2):
            cases += 1
            exact, got = x * y, rounded_by_search(x * y, p)
            if hypothesis and not in_range(exact, p):
                continue
            if abs(got - exact) > exact / 2**p:
                return Counterexample(
                    values={"p": p, "x": x, "y": y, "exact": exact, "got": got},
                    refutes="abs(got - exact) > exact/2**p",
                    lines=(
                        f"p = {p}: {x} * {y} = {exact}; the nearest float is {got}, off by {abs(got - exact) / exact}",
                        f"floats of that precision lie between {positive(p)[0]} and {positive(p)[-1]}",
                    ),
                    order="least p, then least x, then least y",
                    cases=cases,
                )
    return exhausted(cases, sum(comb(4**p + 1, 2) for p in (2, 3)), (2, 3))


def one_constant(left: str) -> Outcome:
    """Compare T + s + P with the sum that one constant would give, at the least depths 0 < s < P = T."""
    found = decide_identity(f"{left} == T + s + P", scope=Scope.without_p())
    if not isinstance(found, Counterexample):
        return found
    return Counterexample(
        values={"s": 1, "P": 2, "T": 2},
        refutes="3*s != T + s + P and 0 < s and s < P and s < T",
        lines=("s = 1, P = T = 2: powers, a quotient and a sum have depth T + s + P = 5; with one constant 3s = 3",),
        order="least s > 0, then least P > s and T > s",
    )


PRINTED = Statement(
    label="lem:iterated-product@printed",
    title="Iterated product, as printed",
    mark="R",
    as_printed=True,
    suspects=("S10", "S5"),
    tex=(
        r"$n$ floats of $\mathbb F_p$ are multiplied to relative error $2^{-p}$ at the depth $d_{std}$ of one "
        r"operation, with no hypothesis on the range; a chain of rounded products will do."
    ),
    uses=("def:float", "def:round"),
    steps=(
        Step(
            id="chain-is-one-rounding",
            says="A chain of rounded products is the exact product, rounded once.",
            formal="for all p >= 2, x_i > 0 in F_p, products in range: chain(x) = round(x_1 ... x_n)",
            check=lambda: readings(chain=True, ranged=True),
            expects="refuted",
            mutants=(Control("exact products on both sides", lambda: readings(chain=False, ranged=True)),),
        ),
        Step(
            id="order-of-factors-is-free",
            says="Where the exact product is in range, so is each product of a chain.",
            formal="for all p >= 2, x_i > 0 in F_p, x_1 ... x_n in range: chain(x) = round(x_1 ... x_n)",
            check=lambda: readings(chain=True, ranged=False),
            expects="refuted",
            mutants=(Control("exact products on both sides", lambda: readings(chain=False, ranged=False)),),
        ),
        Step(
            id="product-is-in-range",
            says="Each product has a float within $2^{-p}$ of it.",
            formal="for all p >= 2, x, y > 0 in F_p: |round(x y) - x y| <= 2^-p x y",
            check=lambda: unreachable(hypothesis=False),
            expects="refuted",
            mutants=(Control("products in range", lambda: unreachable(hypothesis=True)),),
        ),
        Step(
            id="one-depth-for-all",
            says=r"One constant serves: depths printed as $d_\otimes+d_{std}+d_\oplus$ are $3d_{std}$.",
            formal="for all s, T, P: 3 s = T + s + P",
            check=lambda: one_constant("3*s"),
            expects="refuted",
            mutants=(Control("three constants", lambda: one_constant("P + T + s")),),
        ),
    ),
)


def significands(top: str) -> Outcome:
    """Certify by induction 2^(n(p-1)) <= M < 2^(np): h^n <= M <= (t - 1)^n, t = 2^p = 2h; one more factor m = h + a.

    A = h^n <= M = A + b, and M <= B = (t - 1)^n for the other side with B = M + c.
    """
    return all_of(
        ("(A + b)*(h + a) >= A*h", {"A": 1, "b": 0, "h": 1, "a": 0}),
        (f"M*(h + a) <= (M + c)*(h + a + d{top})", {"M": 1, "c": 0, "h": 1, "a": 0, "d": 0}),
        least=1,
    )


def exponents(factor: str) -> Outcome:
    """Certify |e_1 + ... + e_n| <= n 2^p by one more term of at most t = 2^p."""
    return all_of((f"n*t + t <= {factor}*(n + 1)*t", {"n": 0, "t": 2}), least=1)


def bits_of_exponent(top: str) -> Outcome:
    """Certify that sums of exponents fit p + ceil(log2 n) + 1 bits and a sign: n t < 2 t (n + a)."""
    return all_of((f"n*t < {top}*t*(n + a)", {"n": 1, "t": 2, "a": 0}), least=1)


def one_rounding(bound: str) -> Outcome:
    """Certify that one rounding is off by at most u/(1 + u) < u, u = 1/t, and two of them could be off by more.

    The second: (1 + u/(1 + u))^2 - 1 > u/(1+u) + u/2, so a bound for one rounding is none for two.
    """
    return all_of(
        (f"(1/t)/(1 + 1/t) < {bound}", {"t": 2}),
        ("(1 + (1/t)/(1 + 1/t))**2 - 1 > 1/t", {"t": 2}),
        least=1,
    )


def exact_parts(rounding: int) -> Outcome:
    """Run the steps for all positive factors of F_2: integers M and sum of exponents, then one rounding."""
    cases, expected, p = 0, 0, 2
    for n in (1, 2, 3):
        expected += comb(4**p + n - 1, n)
        for factors in combinations_with_replacement(positive(p), n):
            cases += 1
            pairs = [parts(x, p) for x in factors]
            product, exponent = prod(m for m, _ in pairs), sum(e for _, e in pairs)
            got = rounded_by_search(Fraction(product) * Fraction(2) ** (exponent + rounding), p)
            right = rounded_by_search(prod(factors, start=Fraction(1)), p)
            fits = 2 ** (n * (p - 1)) <= product < 2 ** (n * p) and abs(exponent) <= n * 2**p
            if got != right or not fits:
                return Counterexample(
                    values={"p": p, "M": product, "e": exponent, "got": got, "right": right, "fits": int(fits)},
                    refutes="got != right or fits == 0",
                )
    return exhausted(cases, expected, (2,), where="up to three positive factors")


def parts(x: Fraction, p: int) -> tuple[int, int]:
    """Return m and e with x = m 2^e, 2^(p-1) <= m < 2^p, by search."""
    e = -(2**p)
    while x >= Fraction(2) ** (e + p):
        e += 1
    return int(x / Fraction(2) ** e), e


VALUE = Statement(
    label="lem:iterated-product@value",
    title="Iterated product, the value",
    mark="R, D",
    suspects=("S10",),
    tex=(
        r"For $n$ nonzero floats $\langle m_i,e_i\rangle$: $round_p\big(\prod m_i\cdot2^{\sum e_i}\big)$, rounded "
        r"once, is within $\frac u{1+u}$ of the product, relatively, if $\lambda\le|\prod x_i|\le\Omega$; products "
        r"in between need not be in range."
    ),
    uses=("def:float", "def:round", "lem:round-rel-error"),
    hypotheses=("p >= 2", Hypothesis("λ <= |x_1 ... x_n| <= Ω", lambda w: in_range(Fraction(w["x"]), int(w["p"])))),
    witness={"p": 2, "x": Fraction(9, 8)},
    steps=(
        Step(
            id="significands-multiply-exactly",
            says=r"$2^{n(p-1)}\le\prod|m_i|<2^{np}$: one more factor, by induction over n; the product has $np$ bits.",
            formal="for all M = A + b >= A, m = h + a >= h: M m >= A h; for all M <= B, m <= t - 1: M m <= B (t - 1)",
            check=lambda: significands(""),
            mutants=(Mutant("top below m", lambda: significands(" - 1")),),
        ),
        Step(
            id="exponents-add",
            says=r"$|\sum e_i|\le n2^p$: one more exponent, by induction over n.",
            formal="for all n >= 0, t = 2^p: n t + t <= (n + 1) t",
            check=lambda: exponents("1"),
            mutants=(Mutant("a tenth less", lambda: exponents("(9/10)")),),
        ),
        Step(
            id="exponent-is-short",
            says=r"The sum of exponents has $p+\lceil\log_2n\rceil+1$ bits and a sign.",
            formal="for all n >= 1, t = 2^p, 2^ceil(log2 n) = n + a: n t < 2 t (n + a)",
            check=lambda: bits_of_exponent("2"),
            mutants=(Mutant("one bit less", lambda: bits_of_exponent("1")),),
        ),
        Step(
            id="one-rounding-not-n",
            says=r"One rounding is off by at most $u/(1+u)$; two may be off by more than $u$.",
            formal="for all t = 1/u >= 2: u/(1 + u) < u and (1 + u/(1 + u))^2 - 1 > u",
            check=lambda: one_rounding("1/t"),
            mutants=(Mutant("half of it", lambda: one_rounding("1/(2*t)")),),
        ),
        Step(
            id="parts-give-the-product",
            says="The steps together; run for up to three factors of two bits.",
            formal=(
                "for all p >= 2, n >= 1, x_i in F_p: round(prod m_i 2^(sum e_i)) = round(prod x_i); all positive x_i "
                "for p = 2, n <= 3"
            ),
            check=lambda: both(
                together(significands(""), exponents("1"), bits_of_exponent("2"), one_rounding("1/t")), exact_parts(0)
            ),
            mutants=(Mutant("exponent off by one", lambda: exact_parts(1)),),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:iterated-product",
    title="Iterated product",
    mark="R, D",
    repairs="lem:iterated-product@printed",
    suspects=("S10",),
    tex=(
        r"For $p\le poly(n)$, $round_p$ of the exact product of $n$ floats is computed by a DLOGTIME-uniform $TC^0$ "
        r"family of depth $T$, a constant of its own."
    ),
    uses=("lem:iterated-product@value",),
    steps=(
        cited(
            id="steps-are-circuits",
            says=r"Iterated integer multiplication and addition, and one rounding, are uniform $TC^0$ families.",
            formal="for p <= poly(n): the steps of lem:iterated-product@value are in uniform TC0, depth T",
            source="Hesse, ICALP 2001; Hesse, Allender and Barrington, JCSS 65 (2002) 695-716: iterated integer "
            "multiplication in uniform TC0",
            stands_for=("def:tc", "def:dlogtime-uniform", "thm:uniform-composition"),
        ),
    ),
)

STATEMENTS = (PRINTED, VALUE, CIRCUIT, PRODUCT_CIRCUIT)
