"""The p-bit floats: the printed range of significands refuted, the repaired set proved and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from precise.claims import Control, Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._package_members import PACKAGE

Range = Callable[[int], list[int]]
Pair = tuple[int, int]


def printed_significands(p: int) -> list[int]:
    """Return the printed significands, least magnitude first, positive before negative: open at -2^(p-1)."""
    return ordered(m for m in range(-(2**p) + 1, 2**p) if m == 0 or m >= 2 ** (p - 1) or m < -(2 ** (p - 1)))


def closed_significands(p: int) -> list[int]:
    """Return the repaired significands: closed at -2^(p-1)."""
    return ordered(m for m in range(-(2**p) + 1, 2**p) if m == 0 or abs(m) >= 2 ** (p - 1))


def ordered(significands: Iterable[int]) -> list[int]:
    """Return significands in the order of magnitude, positive first."""
    return sorted(significands, key=lambda m: (abs(m), m < 0))


def exponents(p: int) -> range:
    """Return the quantum exponents."""
    return range(-(2**p), 2**p)


def value(m: int, e: int) -> Fraction:
    """Return m 2^e."""
    return m * Fraction(2) ** e


def search_negatives(significands: Range) -> Outcome:
    """Look for a float without a negative: least p, then e, then |m|."""
    cases = 0
    for p in (1, 2, 3, 4):
        have = {value(m, e) for e in exponents(p) for m in significands(p)}
        for e in exponents(p):
            for m in significands(p):
                cases += 1
                if -value(m, e) not in have:
                    return Counterexample(
                        values={"p": p, "m": m, "e": e, "open_end": -(2 ** (p - 1))},
                        refutes="-m == open_end and m == 2**(p - 1)",
                        lines=(
                            f"p = {p}: the significands are {', '.join(map(str, sorted(significands(p))))}",
                            f"{m} * 2**{e} = {value(m, e)} is a float",
                            f"its negative needs the significand {-m}, which the open end leaves out",
                        ),
                        order="least p, then e, then |m|",
                        cases=cases,
                    )
    return exhausted(cases, sum(2 ** (p + 1) * (2**p + 1) for p in (1, 2, 3, 4)), (1, 2, 3, 4))


def search_names(pairs: Callable[[int], list[Pair]], expected: Callable[[int], int]) -> Outcome:
    """Look for a number with two names: least p, then the exponents, then |m|."""
    cases = 0
    for p in (1, 2, 3, 4, 5):
        names: dict[Fraction, Pair] = {}
        for m, e in pairs(p):
            cases += 1
            if value(m, e) in names:
                m0, e0 = names[value(m, e)]
                return Counterexample(
                    values={"p": p, "m1": m0, "e1": e0, "m2": m, "e2": e},
                    refutes="m1 * 2**e1 == m2 * 2**e2 and e1 != e2",
                    lines=(
                        f"<{m0}, {e0}> and <{m}, {e}> are two pairs",
                        f"both are the number {value(m, e)}",
                    ),
                    order="least p, then e, then |m|",
                    cases=cases,
                )
            names[value(m, e)] = (m, e)
    return exhausted(cases, sum(map(expected, (1, 2, 3, 4, 5))), (1, 2, 3, 4, 5))


def all_pairs(p: int) -> list[Pair]:
    """Return the printed pairs; every exponent gives zero a name."""
    return [(m, e) for e in exponents(p) for m in closed_significands(p)]


def pairs_with_one_zero(p: int) -> list[Pair]:
    """Return the repaired pairs: zero is <0, -2^p> only."""
    return [(m, e) for m, e in all_pairs(p) if m or e == -(2**p)]


def pairs_one_bit_short(p: int) -> list[Pair]:
    """Return a mutant: significands with a leading zero allowed, so that numbers have several names."""
    return [(m, e) for e in exponents(p) for m in range(2 ** (p - 2) if p > 1 else 1, 2**p)]


def minus_one_rounds_to(below: str) -> Outcome:
    """Certify which neighbour of -1 is nearest in the printed set; t = 2^p."""
    return all_of(
        ("1 - (t - 1)/t == 1/t", {}),
        ("(t/2 + 1)*(2/t) - 1 == 2/t", {}),
        (f"1 - {below} <= 2/t - 1/t", {"t": 4}),
        note="-1 lies 2**-p from -(2**p - 1) 2**-p and 2**(1-p) from the next printed float below it",
    )


def minus_one_by_search(printed: Range, answer: Callable[[int], Fraction]) -> Outcome:
    """Round -1 by search among the floats of a range for small p."""
    for p in (2, 3, 4, 5):
        floats = {value(m, e) for e in exponents(p) for m in printed(p)}
        nearest = min(floats, key=lambda x: abs(x + 1))
        if nearest != answer(p):
            return Counterexample(
                values={"p": p, "nearest": nearest, "said": answer(p)},
                refutes="abs(nearest + 1) < abs(said + 1)",
            )
    return exhausted(4, 4, (2, 3, 4, 5))


def set_by_enumeration(range_of: Range, omega: Callable[[int], Fraction], size: Callable[[int], int]) -> Outcome:
    """Check size, symmetry, largest and least positive number of the enumerated set."""
    counted = 0
    for p in (2, 3, 4, 5, 6):
        floats = {value(m, e) for e in exponents(p) for m in range_of(p)}
        counted += len(floats)
        least = min(x for x in floats if x > 0)
        facts = {
            "size": (Fraction(len(floats)), Fraction(size(p))),
            "largest": (max(floats), omega(p)),
            "least": (least, Fraction(2) ** (p - 1 - 2**p)),
            "symmetry": (Fraction(len(floats & {-x for x in floats})), Fraction(len(floats))),
        }
        for name, (got, said) in facts.items():
            if got != said:
                return Counterexample(values={"p": p, "fact": name, "got": got, "said": said}, refutes="got != said")
    return exhausted(counted, sum(2 ** (2 * p + 1) + 1 for p in (2, 3, 4, 5, 6)), (2, 3, 4, 5, 6))


def true_size(p: int) -> int:
    """Return 2^(2p+1) + 1."""
    return (1 << 2 * p + 1) + 1


def true_omega(p: int) -> Fraction:
    """Return (2^p - 1) 2^(2^p - 1)."""
    return Fraction((2**p - 1) * 2 ** (2**p - 1))


PRINTED = Statement(
    label="def:float@printed",
    title="Floats with p bits, as printed",
    mark="R, P CHI",
    as_printed=True,
    suspects=("S4", "S6"),
    tex=(
        r"$\mathbb F_p$: the pairs $\langle m,e\rangle$ of integers with $m=0$, $2^{p-1}\le m<2^p$ or "
        r"$-2^p<m<-2^{p-1}$, and $-2^p\le e<2^p$; the pair stands for $m2^e$."
    ),
    steps=(
        Step(
            id="closed-under-negation",
            says="With every float its negative is a float.",
            formal="for all p >= 1, for all pairs (m, e) of the printed set: -m 2^e is the value of a printed pair",
            check=lambda: search_negatives(printed_significands),
            expects="refuted",
            mutants=(Control("range closed at -2^(p-1)", lambda: search_negatives(closed_significands)),),
        ),
        Step(
            id="minus-one-rounds-to-one-ulp-above",
            says=r"So $-1$ is no float, and its nearest printed float is $-(2^p-1)2^{-p}$, off by $2^{-p}$.",
            formal="for all p >= 2: the printed float nearest to -1 is -(1 - 2^-p)",
            check=lambda: both(
                minus_one_rounds_to("(t - 1)/t"),
                minus_one_by_search(printed_significands, lambda p: Fraction(1, 2**p) - 1),
            ),
            mutants=(
                Mutant(
                    "range closed at -2^(p-1)",
                    lambda: minus_one_by_search(closed_significands, lambda p: Fraction(1, 2**p) - 1),
                ),
                Mutant("three units off", lambda: minus_one_rounds_to("(t - 3)/t")),
            ),
        ),
        Step(
            id="pairs-are-unique",
            says="Different pairs are different numbers.",
            formal="for all p >= 1, for all printed pairs: (m1, e1) != (m2, e2) implies m1 2^e1 != m2 2^e2",
            check=lambda: search_names(all_pairs, lambda p: 0),
            expects="refuted",
            mutants=(Control("zero is the one pair <0, -2^p>", lambda: search_names(pairs_with_one_zero, true_size)),),
        ),
    ),
)

DISTINCT = (
    "g*t/2 > t - 1",
    {"g": 2, "t": 2},
)  # |m1| 2^(e1-e2) >= g t/2 with g = 2^(e1-e2) >= 2, and |m2| <= t - 1
ABOVE_LAMBDA = ("(t/2 + a)*(l + b) >= t*l/2", {"t": 2, "a": 0, "l": 0, "b": 0})
BELOW_OMEGA = ("m*s <= (m + a)*(s + b)", {"m": 0, "a": 0, "s": 0, "b": 0})

REPAIRED = Statement(
    label="def:float",
    title="Floats with p bits",
    mark="R, P CHI, D",
    repairs="def:float@printed",
    suspects=("S4", "S6"),
    tex=(
        r"$\mathbb F_p$: the numbers $m2^e$ with $m=0$ or $2^{p-1}\le|m|\le2^p-1$, and $-2^p\le e\le2^p-1$; "
        r"zero is the one pair $\langle0,-2^p\rangle$. Then nonzero pairs are unique, $\mathbb F_p=-\mathbb F_p$, the "
        r"least positive float is $\lambda=2^{p-1-2^p}$, the largest is $\Omega=(2^p-1)2^{2^p-1}$, and "
        r"$|\mathbb F_p|=2^{2p+1}+1$."
    ),
    hypotheses=("p >= 1", "2**(p - 1) <= m", "m <= 2**p - 1", "-2**p <= e", "e <= 2**p - 1"),
    witness={"p": 2, "m": 3, "e": -4},
    steps=(
        Step(
            id="pairs-are-unique",
            says=r"A larger exponent at least doubles, and $2\cdot2^{p-1}>2^p-1$, so no number has two names.",
            formal="for all p >= 1, for all repaired pairs: (m1, e1) != (m2, e2) implies m1 2^e1 != m2 2^e2",
            check=lambda: both(all_of(DISTINCT, least=1), search_names(pairs_with_one_zero, true_size)),
            mutants=(
                Mutant("zero at every exponent", lambda: search_names(all_pairs, lambda p: 0)),
                Mutant("leading zero allowed", lambda: search_names(pairs_one_bit_short, lambda p: 0)),
                Mutant("significand 2^p allowed", lambda: all_of(("g*t/2 > t", {"g": 2, "t": 2}), least=1)),
            ),
        ),
        Step(
            id="nothing-between-zero-and-least",
            says=r"A nonzero float has $|m|\ge2^{p-1}$ and $2^e\ge2^{-2^p}$, so it is at least $\lambda$.",
            formal="for all p >= 1, t = 2^p, l = 2^-2^p, m = t/2 + a, 2^e = l + b, a, b >= 0: m 2^e >= t l/2",
            check=lambda: all_of(ABOVE_LAMBDA, least=1),
            mutants=(
                Mutant(
                    "least times 1001/1000",
                    lambda: all_of(("(t/2 + a)*(l + b) >= 1001/1000*t*l/2", {"t": 2, "a": 0, "l": 1, "b": 0}), least=1),
                ),
            ),
        ),
        Step(
            id="omega-is-the-largest",
            says=r"$|m|\le2^p-1$ and $e\le2^p-1$, so no float exceeds $\Omega$.",
            formal="for all m, s, a, b >= 0 with m + a = 2^p - 1, s = 2^e, s + b = 2^(2^p-1): m s <= (m + a)(s + b)",
            check=lambda: all_of(BELOW_OMEGA, least=1),
            mutants=(
                Mutant(
                    "largest times 999/1000",
                    lambda: all_of(("m*s <= 999/1000*(m + a)*(s + b)", {"m": 1, "a": 0, "s": 1, "b": 0}), least=1),
                ),
            ),
        ),
        Step(
            id="number-of-floats",
            says=(
                r"Two signs, $2^{p-1}$ significands and $2^{p+1}$ exponents, and one zero; largest and "
                r"least as above."
            ),
            formal="for all p >= 1: |F_p| = 2 * 2^(p-1) * 2^(p+1) + 1 = 2^(2p+1) + 1; counted with ends for p in 2..6",
            check=lambda: both(
                all_of(("2*(t/2)*(2*t) + 1 == 2*t**2 + 1", {}), least=1),
                set_by_enumeration(closed_significands, true_omega, true_size),
            ),
            mutants=(
                Mutant("printed range", lambda: set_by_enumeration(printed_significands, true_omega, true_size)),
                Mutant(
                    "one float more",
                    lambda: set_by_enumeration(closed_significands, true_omega, lambda p: true_size(p) + 1),
                ),
                Mutant(
                    "omega one unit less",
                    lambda: set_by_enumeration(
                        closed_significands, lambda p: true_omega(p) - 2 ** (2**p - 1), true_size
                    ),
                ),
                Mutant(
                    "two zeros in the formula",
                    lambda: all_of(("2*(t/2)*(2*t) + 2 == 2*t**2 + 1", {}), least=1),
                ),
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, PACKAGE)
