"""Constants of polynomially many bits: series for ln 2, pi and ln 10 with tails and guard bits for every length."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from precise.claims import (
    Counterexample,
    Mutant,
    Statement,
    Step,
    Tier,
    cited,
    decide_identity,
    decide_inequality,
)
from precise.claims.scope import Scope
from precise.claims.sequences import decide_tail, decide_terms
from proofs._constants_hard_wired import HARD_WIRED
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._kernel_series import LOG_TWO_MUTANTS, LOG_TWO_TAIL, PI_MUTANTS, PI_TAIL
from proofs._taylor import log

ALL = Scope.without_p()
LENGTHS = (8, 16, 24, 32, 53, 64, 113, 128, 256)


def log_two(factor: str) -> Outcome:
    """Certify the tail of ln 2 = sum 1/(i 2^i): at most twice its first term, and at least 2n/(n + 1) times it."""
    return together(
        decide_tail("1/(i*2**i)", factor, "i", 1, "1/2", "upper", scope=ALL),
        decide_tail("1/(i*2**i)", "2*i/(i + 1)", "i", 1, "1/2", "lower", scope=ALL),
        decide_inequality("2*n/(n + 1) > 999/500", {"n": 1000}, scope=ALL, sharpness="sharp: from n = 1000 on"),
        note="tail of ln 2 from both sides, for every n",
    )


def machin(weight: int) -> Outcome:
    """Certify tan(4a - b) = 1, tan a = 1/5, tan b = 1/239, by doubling twice, and 0 < 4a - b < 4/5."""
    double, fourfold = "(2*(1/5)/(1 - (1/5)**2))", "(2*(5/12)/(1 - (5/12)**2))"
    return together(
        decide_identity(f"{double} == 5/12", scope=ALL),
        decide_identity(f"{fourfold} == 120/119", scope=ALL),
        decide_identity(f"(120/119 - 1/{weight})/(1 + (120/119)*(1/{weight})) == 1", scope=ALL),
        decide_inequality("4*(1/5 - (1/5)**3/3) - 1/239 > 0*i", {"i": 1}, scope=ALL),
        note="tan(4 atan(1/5) - atan(1/239)) = 1, and the angle is between 0 and 4/5",
    )


def arctangents(power: int) -> Outcome:
    """Certify the tails of atan(1/5) and atan(1/239), and that q terms leave less than 2^-q/4 of 16 and 4 of them."""
    return together(
        decide_tail("1/((2*i + 1)*5**(2*i + 1))", "1", "i", 0, "1/25", "alternating", scope=ALL),
        decide_tail("1/((2*i + 1)*239**(2*i + 1))", "1", "i", 0, "1/57121", "alternating", scope=ALL),
        decide_terms(f"8*16*2**q <= (2*q + 1)*5**({power}*q + 1)", "q", 2, scope=ALL),
        decide_terms("8*4*2**q <= (2*q + 1)*239**(2*q + 1)", "q", 2, scope=ALL),
        note="tails of both series, and q terms of each for q bits of pi",
    )


def log_ten(factor: str) -> Outcome:
    """Certify ln 10 = 3 ln 2 + 2 artanh(1/9), and the tail of 2 artanh(1/9)."""
    return together(
        decide_identity("2**3*(1 + 1/9)/(1 - 1/9) == 10", scope=ALL),
        decide_tail("2/((2*i + 1)*9**(2*i + 1))", factor, "i", 0, "1/81", "upper", scope=ALL),
        note="8 (1 + 1/9)/(1 - 1/9) = 10; tail of 2 artanh(1/9)",
    )


def enough_terms(terms: str) -> Outcome:
    """Certify that q terms leave at most 2^-q/4 of ln 2, q >= 3, and of ln 10 for three times that series."""
    return together(
        decide_terms(f"4*2**q <= ({terms})*2**q", "q", 3, scope=ALL),
        decide_terms("8*3*2**q <= (q + 13)*2**(q + 12)", "q", 3, scope=ALL),
        decide_terms("8*(81/80)*2*2**q <= (2*q + 1)*9**(2*q + 1)", "q", 3, scope=ALL),
        note="q terms for q bits of ln 2; q + 12 and q for ln 10",
    )


def guard_bits(share: str) -> Outcome:
    """Certify W 2^-(q+g) + 2^-q/4 < 2^-q for W cuts, each below one unit, if 2^g = 2 (W + a) >= 2 W; t = 2^q."""
    return all_of((f"W/({share}*(W + a)*t) + 1/(4*t) < 1/t", {"W": 1, "a": 0, "t": 2}), least=1)


def cut_sum(terms: list[tuple[int, int]], w: int) -> int:
    """Return the sum of floor(2^w a/b) over the terms a/b."""
    return sum((a << w) // b for a, b in terms)


def first_bits(name: str, q: int, guard: int) -> Fraction:
    """Return the constant to q bits: terms cut to q + guard bits, added, the sum cut to q bits."""
    w = q + guard
    two = [(1, i * 2**i) for i in range(1, q + 1)]
    if name == "ln 2":
        total = cut_sum(two, w)
    elif name == "pi":
        five = [((-1) ** i * 16, (2 * i + 1) * 5 ** (2 * i + 1)) for i in range(q)]
        total = cut_sum(five + [((-1) ** (i + 1) * 4, (2 * i + 1) * 239 ** (2 * i + 1)) for i in range(q)], w)
    else:
        three = [(3, i * 2**i) for i in range(1, q + 13)]
        total = cut_sum(three + [(2, (2 * i + 1) * 9 ** (2 * i + 1)) for i in range(q)], w)
    return Fraction(total, 1 << w)


def enclosure(name: str, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around the constant by another series: 2 artanh(1/3), arctangents of 1/2 and 1/3."""
    if name != "pi":
        return log(Fraction(2 if name == "ln 2" else 10), bits)
    w, ends = bits + 64, [0, 0]
    for x in (2, 3):  # pi = 4 atan(1/2) + 4 atan(1/3)
        power, i, total = (4 << w) // x, 0, 0
        while power:
            total += (power if i % 2 == 0 else -power) // (2 * i + 1)
            power, i = power // (x * x), i + 1
        ends = [ends[0] + total - 4 * i - 4, ends[1] + total + 4 * i + 4]
    return Fraction(ends[0], 1 << w), Fraction(ends[1], 1 << w)


def bits_are_right(guard: Callable[[int], int]) -> Outcome:
    """Compute q bits of each constant; the result must be within 2^-q of it, by another series."""
    cases = 0
    for name in ("ln 2", "pi", "ln 10"):
        for q in LENGTHS:
            cases += 1
            got, (low, high) = first_bits(name, q, guard(q)), enclosure(name, 2 * q + 32)
            error, limit = max(abs(got - low), abs(high - got)), Fraction(1, 2**q)
            if error >= limit:
                return Counterexample(
                    values={"constant": name, "q": q, "got": got, "error": error, "limit": limit},
                    refutes="error >= limit",
                    lines=(f"{name}, q = {q}: {got}",),
                    order="the order of the list",
                    cases=cases,
                )
    return exhausted(cases, 3 * len(LENGTHS), (), where=f"q in {{{', '.join(map(str, LENGTHS))}}}")


def enough(q: int) -> int:
    """Return g with 2^g >= 2 W, for the at most 2q + 12 cuts."""
    return (2 * (2 * q + 12) - 1).bit_length()


def in_symbols() -> Outcome:
    """Certify all steps."""
    return together(log_two("2"), machin(239), arctangents(2), log_ten("81/80"), enough_terms("q + 1"), guard_bits("2"))


VALUE = Statement(
    label="lem:constants@value",
    title="Constants with any number of bits, the value",
    mark="R, D",
    suspects=("X3",),
    tex=(
        r"$\ln2=\sum_{i\ge1}\frac1{i2^i}$, $\pi=16\arctan\frac15-4\arctan\frac1{239}$, "
        r"$\ln10=3\ln2+2\operatorname{artanh}\frac19$. For every $q\ge3$, $O(q)$ terms, each cut to $q+g$ bits with "
        r"$2^g$ at least twice their number, give the constant up to $2^{-q}$."
    ),
    steps=(
        Step(
            id="tail-of-log-two",
            says=r"The tail of $\sum1/(i2^i)$ from $n$ on lies between $\frac{2n}{n+1}$ and 2 times its first term.",
            formal="for all n >= 1: 2n/(n + 1) a_n <= sum(a_i, i >= n) <= 2 a_n, a_i = 1/(i 2^i); 2n/(n+1) > 1.998",
            check=lambda: log_two("2"),
            mutants=(Mutant("nine tenths of it", lambda: log_two("9/5")),),
        ),
        Step(
            id="machin-formula",
            says=r"$4\arctan\frac15-\arctan\frac1{239}$ has tangent 1 and lies between 0 and $\frac45$: it is $\pi/4$.",
            formal="tan(2a) = 5/12, tan(4a) = 120/119, tan(4a - b) = 1 for tan a = 1/5, tan b = 1/239; 4a - b > 0",
            check=lambda: machin(239),
            mutants=(Mutant("240 for 239", lambda: machin(240)),),
        ),
        Step(
            id="tails-of-arctangents",
            says=r"The tails alternate and are at most their first terms; $q$ terms leave $2^{-q}/8$ of each part.",
            formal="for all n >= 0: |tail| <= x^(2n+1)/(2n+1), x = 1/5, 1/239; for q >= 2: 16, 4 times it <= 2^-q/8",
            check=lambda: arctangents(2),
            mutants=(Mutant("powers of 5^0", lambda: arctangents(0)),),
        ),
        Step(
            id="pi-from-machin",
            says=r"Machin's formula with both series cut after $n+1$ terms, as one theorem.",
            formal="for all n: |pi - 4 (4 A(1/5) - A(1/239))| <= (16/5^(2n+3) + 4/239^(2n+3))/(2n+3), n + 1 terms in A",
            check=PI_TAIL.proved,
            mutants=PI_MUTANTS,
            tier=Tier.KERNEL,
        ),
        Step(
            id="log-two-in-the-kernel",
            says=r"The series of $\ln2$ converges to it, with the tail above, as one theorem.",
            formal="for all n: |ln 2 - sum_{i<=n} 1/((i+1) 2^(i+1))| <= 1/((n+2) 2^(n+1))",
            check=LOG_TWO_TAIL.proved,
            mutants=LOG_TWO_MUTANTS,
            tier=Tier.KERNEL,
        ),
        Step(
            id="log-ten",
            says=r"$10=2^3\frac{1+1/9}{1-1/9}$; the second tail is at most $\frac{81}{80}$ of its first term.",
            formal="8 (1 + 1/9)/(1 - 1/9) = 10; for all n >= 0: sum(2/((2i+1) 9^(2i+1)), i >= n) <= 81/80 a_n",
            check=lambda: log_ten("81/80"),
            mutants=(Mutant("its first term alone", lambda: log_ten("1")),),
        ),
        Step(
            id="number-of-terms",
            says=r"$q$ terms leave at most $2^{-q}/4$ of $\ln2$; $q+12$ and $q$ terms at most $2^{-q}/4$ of $\ln10$.",
            formal=(
                "for all q >= 3: 1/((q + 1) 2^q) <= 2^-q/4, and 3/((q + 13) 2^(q+12)) and "
                "(81/40)/((2q+1) 9^(2q+1)) <= 2^-q/8"
            ),
            check=lambda: enough_terms("q + 1"),
            mutants=(Mutant("without the factor q + 1", lambda: enough_terms("3")),),
        ),
        Step(
            id="guard-bits",
            says=r"With $W$ terms cut to $q+g$ bits, $2^g\ge2W$, all errors together stay below $2^{-q}$.",
            formal="for all W >= 1, 2^g = 2 (W + a), t = 2^q: W/(2 (W + a) t) + 1/(4t) < 1/t",
            check=lambda: guard_bits("2"),
            mutants=(Mutant("one guard bit less", lambda: guard_bits("1")),),
        ),
        Step(
            id="first-bits",
            says="The steps together, and bits computed for some lengths compared with other series.",
            formal="for all q >= 3: |computed - c| < 2^-q for c = ln 2, pi, ln 10; run for nine lengths up to 256",
            check=lambda: both(in_symbols(), bits_are_right(enough)),
            mutants=(Mutant("no guard bits", lambda: bits_are_right(lambda q: 0)),),
        ),
    ),
)

CIRCUIT = Statement(
    label="lem:constants",
    title="Constants of polynomially many bits",
    mark="D",
    repairs="lem:constants@hard-wired",
    suspects=("X3",),
    tex=(
        r"The first $q(n)\le poly(n)$ bits of $\pi$, $\ln2$, $\ln10$, up to $2^{-q}$, are computed by a "
        r"DLOGTIME-uniform $TC^0$ family that sums the series, in depth $T+s+P+s$."
    ),
    uses=("lem:constants@value",),
    steps=(
        cited(
            id="steps-are-circuits",
            says=r"Powers, quotients of integers and sums of poly(n) integers are uniform $TC^0$ families.",
            formal="for q <= poly(n): the steps of lem:constants@value are in uniform TC0",
            source="Hesse, Allender and Barrington, JCSS 65 (2002) 695-716: division, iterated product in uniform TC0",
            stands_for=("def:tc", "def:dlogtime-uniform", "thm:uniform-composition"),
        ),
    ),
)

STATEMENTS = (HARD_WIRED, VALUE, CIRCUIT)
