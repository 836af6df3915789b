"""The operations are correctly rounded with one zero and the sticky rule: for all p, and all pairs for p <= 5."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

from precise.claims import Hypothesis, Mutant, Statement, Step, Tier
from precise.claims.expression import Exact
from proofs._all_pairs import (
    PRECISIONS,
    additions,
    comparisons,
    divisions,
    literal_slash,
    multiplications,
    short_product,
    slash_with_one_guard,
    slash_without_sticky,
    sticky_slash,
    whole_product,
    zeros_change_nothing,
)
from proofs._float_evidence import Outcome, all_of, both, together
from proofs._kernel_operations import (
    ADDITION_IN_KERNEL,
    ALIKE,
    ALIKE_MUTANTS,
    COMPARISON_IN_KERNEL,
    DIVISION_IN_KERNEL,
    FLOOR_IN_KERNEL,
    SLASH_IN_KERNEL,
)
from proofs._operations_in_full import FLOORS, ORDERS, PRODUCTS, QUOTIENTS, SUMS
from proofs._oracle import in_range
from proofs._package_operations import PACKAGE
from proofs._slash_rules import canonical, every_exponent, literal, no_sticky, one_guard, search_floor, sticky
from proofs._slash_rules import integer_floor as floor_rule
from proofs.def_ops import floor_has_p_bits
from proofs.lem_floor import between


def lowest(p: int) -> int:
    """Return the exponent of the one zero."""
    return -(1 << p)


def small_gaps(last: str) -> Outcome:
    """Certify that m/2^k is a multiple of 1/4 for k = 0, 1, 2: four times it is an integer multiple of m."""
    return all_of(("4*(m/1) == 4*m", {}), ("4*(m/2) == 2*m", {}), (f"4*(m/{last}) == 1*m", {}))


def sum_stays_large(least: str, divisor: int = 8) -> Outcome:
    """Certify |m1 + m2/K| > 2^(p-2) for |m1| >= t/2, |m2| <= t - 1, K = 2^k >= 8; t = 2^p."""
    return all_of((f"t/2 + a - (t - 1)/K > {least}", {"t": 4, "K": divisor, "a": 0}))


def grid_of_quarters(binade: str) -> Outcome:
    """Certify that from 2^(p-2) on floats are multiples of 1/2 and midpoints of 1/4.

    In the binade from 2^(p-2) there are 2^(p-1) floats, so their spacing is 2^(p-2)/2^(p-1); it doubles (g >= 1)
    from binade to binade.
    """
    return all_of(
        (f"({binade})/(t/2) == 1/2", {}),
        ("(1/2)/2 == 1/4", {}),
        ("2*g/4 >= g/4", {"g": 1}),
    )


def same_interval(bit: str) -> Outcome:
    """Certify that m1 + f/4 + bit lies with m1 + m2/K between m1 + f/4 and m1 + (f + 1)/4, with r = 4 m2/K - f."""
    return all_of(
        (f"m + f/4 + {bit} > m + f/4", {"m": 0, "f": 0}),
        (f"m + f/4 + {bit} < m + (f + 1)/4", {"m": 0, "f": 0}),
        (
            "m + (f + r/(r + s))/4 > m + f/4",
            {"m": 0, "f": 0, "r": Fraction(1, 10**9), "s": Fraction(1, 10**9)},
        ),
        (
            "m + (f + r/(r + s))/4 < m + (f + 1)/4",
            {"m": 0, "f": 0, "r": Fraction(1, 10**9), "s": Fraction(1, 10**9)},
        ),
    )


def quotient_range(low: str, high: str) -> Outcome:
    """Certify 2^(p-2) < |m1| 2^(p-1)/|m2| < 2^p: least numerator over largest divisor, and the reverse."""
    return all_of(
        (f"(t/2 + a)*(t/2)/(t - 1) > {low}", {"t": 4, "a": 0}),
        (f"(t - 1)*(t/2)/(t/2 + a) < {high}", {"t": 4, "a": 0}),
    )


def integers_do_not_separate(bit: str) -> Outcome:
    """Certify that an integer 4j <= f stays below f/4 + bit, and 4j >= f + 1 above: j = (f - a)/4 or (f + 1 + a)/4."""
    return all_of(
        (f"(f - a)/4 < f/4 + {bit}", {"f": 0, "a": 0}),
        (f"(f + 1 + a)/4 > f/4 + {bit}", {"f": 0, "a": 0}),
    )


def zero_is_aligned(exponent: str) -> Outcome:
    """Certify that zero's exponent -t is at most any e = -t + g, g >= 0, and that it then adds 0//K = 0."""
    return all_of((f"-t + g >= {exponent}", {"t": 4, "g": 0}), ("m + 0/K == m", {}))


def products(exact: str) -> Outcome:
    """Certify that the product handed to the rounding is exact; s1 = 2^e1, s2 = 2^e2."""
    return all_of((f"(m1*s1)*(m2*s2) == {exact}", {}))


def floor_in_symbols(top: str) -> Outcome:
    """Certify that the quotient with remainder is the floor, has p bits, and keeps its value when it is normalised."""
    return together(between(top), floor_has_p_bits("K"), all_of(("(j*s)*(1/s) == j", {})), note="")


def in_range_or_zero(name: str, operation: Callable[[Fraction, Fraction], Fraction]) -> Hypothesis:
    """Return the hypothesis that the exact result is 0 or in range; its test is at the witness."""

    def test(w: Mapping[str, Exact]) -> bool:
        return in_range(operation(Fraction(w["x"]), Fraction(w["y"])), int(Fraction(w["p"])))

    return Hypothesis(f"{name} = 0 or λ <= |{name}| <= Ω, the least and the largest positive float", test)


def sums_in_symbols() -> Outcome:
    """Certify all inequalities that the argument for addition uses."""
    return together(
        small_gaps("4"),
        sum_stays_large("t/4"),
        grid_of_quarters("t/4"),
        same_interval("1/8"),
        zero_is_aligned("-t"),
    )


def quotients_in_symbols() -> Outcome:
    """Certify all inequalities that the argument for division uses."""
    return together(quotient_range("t/4", "t"), grid_of_quarters("t/4"), same_interval("1/8"))


REPAIRED = Statement(
    label="lem:ops-correct",
    title="The operations are correctly rounded",
    mark="D",
    tex=(
        r"For all $p\ge2$ and $x,y\in\mathbb F_p$, with zero "
        r"$\langle0,-2^p\rangle$ and the sticky rule: $+,\times,\div$ "
        r"give $round_p$ of the exact result whenever that is 0 or lies in $[\lambda,\Omega]$ in absolute value; "
        r"$\le$ and floor are exact."
    ),
    suspects=("S6", "S8", "S9"),
    uses=("def:ops", "def:slash", "def:round", "lem:floor@value"),
    hypotheses=("p >= 2",),
    witness={"p": 2, "x": Fraction(3, 2), "y": Fraction(1, 2), "m2": 2},
    steps=(
        Step(
            id="small-gaps-are-exact",
            says=r"For a gap $k=e_1-e_2\le2$ the aligned $m_2/2^k$ is a multiple of 1/4, so $/\!/$ is exact.",
            formal="for all integers m, k in 0..2: 4 m / 2^k is an integer",
            check=lambda: small_gaps("4"),
            mutants=(Mutant("k = 3 too", lambda: small_gaps("8")),),
        ),
        Step(
            id="sums-stay-above-a-quarter-binade",
            says=r"For $k\ge3$: $|m_1+m_2/2^k|>2^{p-2}$.",
            formal="for all p >= 2, t = 2^p, K = 2^k >= 8, |m1| >= t/2, |m2| <= t - 1: |m1| - |m2|/K > t/4",
            check=lambda: sum_stays_large("t/4"),
            mutants=(
                Mutant("above 2^(p-1)", lambda: sum_stays_large("t/2")),
                Mutant("gap 1 too", lambda: sum_stays_large("t/4", 2)),
            ),
        ),
        Step(
            id="midpoints-are-multiples-of-a-quarter",
            says="From $2^{p-2}$ on floats are multiples of 1/2, and midpoints of 1/4.",
            formal="for all p >= 2, t = 2^p: spacing (t/4)/(t/2) = 1/2 from t/4 on, doubling; midpoints at half of it",
            check=lambda: grid_of_quarters("t/4"),
            mutants=(Mutant("from 2^(p-3) on", lambda: grid_of_quarters("t/8")),),
        ),
        Step(
            id="sticky-value-shares-the-interval",
            says=(
                "The sticky value and the true one lie in one open interval between multiples of 1/4: they round alike."
            ),
            formal=(
                "for all m1, f = floor(4 m2/K), 0 < r/(r+s) < 1: both m1 + f/4 + 1/8 and m1 + (f + r/(r+s))/4 are in it"
            ),
            check=lambda: same_interval("1/8"),
            mutants=(
                Mutant("no sticky bit", lambda: same_interval("0")),
                Mutant("one guard bit: a quarter", lambda: same_interval("1/4")),
            ),
            further=(SLASH_IN_KERNEL,),
        ),
        Step(
            id="alike-within-an-interval",
            says=r"Between consecutive multiples of $2^g$ all numbers of magnitude $2^{g+p}$ or more round alike.",
            formal="for all p >= 1, g, k, x, y in (k 2^g, (k+1) 2^g), |x| >= 2^(g+p): RNE of p bits gives one value",
            check=ALIKE.proved,
            tier=Tier.KERNEL,
            mutants=ALIKE_MUTANTS,
        ),
        Step(
            id="sums-of-all-pairs",
            says="Addition equals exact-then-round; all pairs for small p, by search.",
            formal="for all p >= 2, x, y in F_p, sum 0 or in range: x + y = round(exact); all pairs for p in 2..5",
            hypotheses=(in_range_or_zero("x + y", operator.add),),
            check=lambda: both(sums_in_symbols(), additions(sticky_slash, lowest)),
            mutants=(
                Mutant("no sticky bit", lambda: additions(slash_without_sticky, lowest)),
                Mutant("one guard bit", lambda: additions(slash_with_one_guard, lowest)),
                Mutant("literal rule", lambda: additions(literal_slash, lowest, (2, 3))),
                Mutant("zero with another exponent", lambda: additions(sticky_slash, lambda p: 0)),
            ),
            further=(*SUMS, ADDITION_IN_KERNEL),
        ),
        Step(
            id="products-are-exact-before-rounding",
            says="A product needs no $/\\!/$: what is handed to the rounding is exact.",
            formal="for all m1, m2, s1, s2: (m1 s1)(m2 s2) = (m1 m2)(s1 s2)",
            check=lambda: products("(m1*m2)*(s1*s2)"),
            mutants=(Mutant("one exponent dropped", lambda: products("(m1*m2)*s1")),),
        ),
        Step(
            id="products-of-all-pairs",
            says="Multiplication equals exact-then-round; all pairs for small p, zeros included, by search.",
            formal="for all p >= 2, x, y in F_p, product 0 or in range: x y = round(exact); all pairs for p in 2..5",
            hypotheses=(in_range_or_zero("x y", operator.mul),),
            check=lambda: both(products("(m1*m2)*(s1*s2)"), multiplications(whole_product)),
            mutants=(
                Mutant("one bit of the product dropped", lambda: multiplications(short_product)),
                Mutant("exponent of y dropped", lambda: multiplications(lambda m, n, e, f: np.ldexp(1.0 * m * n, e))),
            ),
            further=PRODUCTS,
        ),
        Step(
            id="quotients-lie-in-two-binades",
            says=r"The quotient handed to $/\!/$ lies in $(2^{p-2},2^p)$, so the same argument applies.",
            formal="for all p >= 2, t = 2^p, t/2 <= |m1|, |m2| <= t - 1: t/4 < |m1| (t/2)/|m2| < t",
            hypotheses=("m2 != 0",),
            check=lambda: quotient_range("t/4", "t"),
            mutants=(
                Mutant("above 2^(p-1)", lambda: quotient_range("t/2", "t")),
                Mutant("below 2^(p-1)", lambda: quotient_range("t/4", "t/2")),
            ),
        ),
        Step(
            id="quotients-of-all-pairs",
            says="Division equals exact-then-round; all significands, signs and differences of exponents for small p.",
            formal="for all p >= 2, x, y != 0 in F_p, quotient in range: x / y = round(exact); all pairs for p in 2..5",
            hypotheses=("y != 0", in_range_or_zero("x/y", operator.truediv)),
            check=lambda: both(quotients_in_symbols(), divisions(sticky)),
            mutants=(
                Mutant("no sticky bit", lambda: divisions(no_sticky)),
                Mutant("one guard bit", lambda: divisions(one_guard)),
                Mutant("literal rule", lambda: divisions(literal)),
            ),
            further=(*QUOTIENTS, DIVISION_IN_KERNEL),
        ),
        Step(
            id="comparison-crosses-no-integer",
            says=(
                "An integer is a multiple of 1/4, so it lies on the same side of the sticky value and of the true one."
            ),
            formal=(
                "for all f, a >= 0: (f - a)/4 < f/4 + 1/8 < (f + 1 + a)/4; all pairs and names of zero for p in 2..5"
            ),
            check=lambda: both(integers_do_not_separate("1/8"), comparisons(sticky_slash, every_exponent)),
            mutants=(
                Mutant("no sticky bit, in symbols", lambda: integers_do_not_separate("0")),
                Mutant("no sticky bit, any zero", lambda: comparisons(slash_without_sticky, every_exponent)),
                Mutant("literal rule, any zero", lambda: comparisons(literal_slash, every_exponent, (2, 3))),
                Mutant("gap ignored", lambda: comparisons(lambda m, gap: m.astype(float), canonical)),
            ),
            further=(*ORDERS, COMPARISON_IN_KERNEL),
        ),
        Step(
            id="zero-is-aligned-to-the-other",
            says=r"Zero has the least exponent, so it is aligned to the other operand and adds $0/\!/2^k=0$.",
            formal=(
                "for all p >= 2, t = 2^p, e = -t + g, g >= 0: e >= -t, and m + 0/K = m; "
                "for p in 2..5, x in F_p: x + 0 = x before rounding"
            ),
            check=lambda: both(zero_is_aligned("-t"), zeros_change_nothing(lowest)),
            mutants=(
                Mutant("zero with exponent 1 - 2^p", lambda: zero_is_aligned("1 - t")),
                Mutant("zero with exponent 0, by search", lambda: zeros_change_nothing(lambda p: 0)),
            ),
        ),
        Step(
            id="floor-is-exact",
            says=(
                "The quotient with remainder is the floor; it has at most p bits, and normalised to p bits, with an "
                "exponent that exists, it is the same number: a float. All floats for small p."
            ),
            formal=(
                "for all p >= 2, x = j + r/K, K = 2^-e >= 2, 0 <= r < K, |x| <= (t - 1)/K: j <= x < j + 1, "
                "|j| <= t - 1, (j s)(1/s) = j, 1 - p >= -t; all floats for p in 2..5"
            ),
            check=lambda: both(floor_in_symbols("1"), search_floor(floor_rule, PRECISIONS)),
            mutants=(
                Mutant("remainder up to K", lambda: floor_in_symbols("0")),
                Mutant("the argument itself", lambda: search_floor(lambda m, e: m * Fraction(2) ** e, PRECISIONS)),
            ),
            further=(*FLOORS, FLOOR_IN_KERNEL),
        ),
    ),
)

STATEMENTS = (REPAIRED, PACKAGE)
