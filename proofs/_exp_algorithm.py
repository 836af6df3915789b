"""The exponential of the repaired lemma, in exact rationals, and its checks against enclosures by series."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial, floor

from precise.claims import Counterexample
from proofs._float_evidence import Outcome, exhausted
from proofs._rounding_by_search import Members, paper_members
from proofs._taylor import exp, log

PRECISIONS = (2, 3, 4, 5)
LISTED = (2, 3, 4, 5, 8, 11, 24, 53)
BITS = 96


def floats(members: Members) -> list[Fraction]:
    """Return all floats, ascending."""
    return [members.fraction(v) for v in members.signed()]


def ends_of_exp(p: int, x: Fraction) -> tuple[Fraction, Fraction]:
    """Return ends around e^x; beyond |x| = 2^p around e^(+-2^p), which is out of range on the same side."""
    return exp(max(Fraction(-(2**p)), min(Fraction(2**p), x)), BITS)


def in_domain(members: Members, p: int, x: Fraction) -> bool:
    """Return whether lambda <= e^x <= omega, decided by the enclosure."""
    low, high = ends_of_exp(p, x)
    least, largest = members.fraction(members.values[1]), members.fraction(members.largest)
    inside = least <= low and high <= largest
    assert inside or high < least or low > largest or x == 0, "the enclosure must decide"
    return inside


def search_unreachable(sign: int, repaired: bool, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Look for x of one sign such that no float is within 2^-p of e^x; count them for each p."""
    cases, words = 0, []
    first: tuple[int, Fraction, Fraction, Fraction, Fraction] | None = None
    for p in precisions:
        members = paper_members(p)
        least, largest = members.fraction(members.values[1]), members.fraction(members.largest)
        bad = 0
        for v in members.values[1:-1]:
            x = sign * members.fraction(v)
            cases += 1
            if repaired and not in_domain(members, p, x):
                continue
            low, high = ends_of_exp(p, x)
            too_large = largest < low * (1 - Fraction(1, 2**p))
            too_small = least > high * (1 + Fraction(1, 2**p))
            if too_large or too_small:
                bad += 1
                first = first or (
                    p,
                    x,
                    Fraction(floor(low)) if sign > 0 else 1 / Fraction(floor(1 / high)),
                    least,
                    largest,
                )
        words.append(f"p = {p}: {bad} of the {4**p} {'positive' if sign > 0 else 'negative'} floats")
    if first is None:
        return exhausted(cases, sum(4**p for p in precisions), precisions)
    p, x, bound, least, largest = first
    above = f"e^{x} > {bound}" if sign > 0 else f"0 < e^{x} < {bound}"
    end = f"the largest float is {largest}" if sign > 0 else f"the least positive float is {least}"
    return Counterexample(
        values={"p": p, "x": x, "bound": bound, "end": largest if sign > 0 else least},
        refutes="end < bound*(1 - 2**(-p))" if sign > 0 else "end > bound*(1 + 2**(-p)) and bound > 0",
        lines=(f"p = {p}: {above}, and {end}: no float is within {Fraction(1, 2**p)} of it, relatively", *words),
        order="least p, then |x|",
        cases=cases,
    )


def search_inner_accuracy(accuracy: Callable[[int], Fraction], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Look for x in the domain with e^x(1 + d), |d| at most the accuracy, rounded to a float off by more than 2^-p."""
    cases = 0
    for p in precisions:
        members = paper_members(p)
        for x in sorted(floats(members), key=lambda x: (abs(x), x < 0)):
            if not in_domain(members, p, x):
                continue
            low, high = ends_of_exp(p, x)
            for d in (accuracy(p), -accuracy(p)):
                cases += 1
                got = members.nearest(low * (1 + d))
                if got != members.nearest(high * (1 + d)):
                    continue
                if (got > high and got - high > high / 2**p) or (got < low and low - got > low / 2**p):
                    off = floor(1000 * min(abs(got - low), abs(got - high)) / high)
                    a, b = Fraction(floor(low * 2**20), 2**20), Fraction(floor(high * 2**20) + 1, 2**20)
                    relation = "got > high and got - high > high/2**p or got < low and low - got > low/2**p"
                    return Counterexample(
                        values={"p": p, "x": x, "d": d, "low": a, "high": b, "got": got},
                        refutes=relation,
                        lines=(
                            f"p = {p}, x = {x}: e^x lies between {a} and {b}",
                            f"off by {d} of it, the series' value rounds to {got}",
                            f"relative error at least {off}/1000; 2**-p is 1/{2**p}",
                        ),
                        order="least p, then |x|, positive first",
                        cases=cases,
                    )
    expected = sum(2 * number_in_domain(p) for p in precisions)
    return exhausted(cases, expected, precisions)


def number_in_domain(p: int) -> int:
    """Return how many floats lie between log lambda and log omega."""
    members = paper_members(p)
    lower = log(members.fraction(members.values[1]), BITS)[0]
    upper = log(members.fraction(members.largest), BITS)[0]
    return sum(lower <= x <= upper for x in floats(members))


def log_two(bits: int) -> Fraction:
    """Return log 2 cut to `bits` bits, from sum 1/(i 2^i), whose tail after N terms is below 2^-N."""
    total = sum((Fraction(1, i * 2**i) for i in range(1, bits + 20)), Fraction(0))
    return Fraction(floor(total * 2**bits), 2**bits)


def least_terms(p: int) -> int:
    """Return the least N with (7/10)^N / N! <= 2^(-2p-4)."""
    n = 1
    while Fraction(7, 10) ** n / factorial(n) > Fraction(1, 2 ** (2 * p + 4)):
        n += 1
    return n


def value(x: Fraction, constant: Fraction, terms: int) -> tuple[Fraction, int]:
    """Return 2^k sum_{i<N} r^i/i! with k = floor(x/constant) and r = x - k constant, and k."""
    k = floor(x / constant)
    r = x - k * constant
    return sum((r**i / factorial(i) for i in range(terms)), Fraction(0)) * Fraction(2) ** k, k


def algorithm(
    bits: Callable[[int], int], terms: Callable[[int], int], precisions: tuple[int, ...] = PRECISIONS
) -> Outcome:
    """Run the steps for all floats of the domain; the result must be within 2^-p, the inner value within 2^(-2p-2)."""
    cases, off_by_one = 0, 0
    for p in precisions:
        members, constant, n = paper_members(p), log_two(bits(p)), terms(p)
        for x in floats(members):
            if not in_domain(members, p, x):
                continue
            cases += 1
            inner, k = value(x, constant, n)
            low, high = ends_of_exp(p, x)
            got = members.nearest(inner)
            true_k = floor(x / log(Fraction(2), BITS)[0])
            off_by_one += k != true_k
            inner_error = max(abs(inner - low), abs(inner - high)) / low
            final_error = max(abs(got - low), abs(got - high)) / low
            if final_error > Fraction(1, 2**p) or inner_error > Fraction(1, 4 ** (p + 1)) or abs(k - true_k) > 1:
                return Counterexample(
                    values={"p": p, "x": x, "final": final_error, "inner": inner_error, "k": k, "floor": true_k},
                    refutes="final > 1/2**p or inner > 1/4**(p + 1) or abs(k - floor) > 1",
                )
    note = f"k differs from floor(x/log 2) for {off_by_one} arguments"
    return exhausted(cases, sum(map(number_in_domain, precisions)), precisions, note=note)


def truncation(terms: Callable[[int], int]) -> Outcome:
    """Check for the listed p that N terms have the remainder, and that one term less has not."""
    words = []
    for p in LISTED:
        n = terms(p)
        limit = Fraction(1, 2 ** (2 * p + 4))
        remainder, one_less = (Fraction(7, 10) ** k / factorial(k) for k in (n, n - 1))
        if not remainder <= limit < one_less:
            return Counterexample(
                values={"p": p, "N": n, "remainder": remainder, "one_less": one_less, "limit": limit},
                refutes="remainder > limit or one_less <= limit",
            )
        words.append(f"p = {p}: N = {n}")
    return exhausted(2 * len(LISTED), 16, LISTED, note="least number of terms: " + ", ".join(words))


def series_of_log_two(ratio: Fraction) -> Outcome:
    """Check sum_{i<=N} 1/(i 2^i) < log 2 < the same + ratio 2^-N/(N + 1) for N up to 64."""
    low, high = log(Fraction(2), 192)
    partial = Fraction(0)
    for n in range(1, 65):
        partial += Fraction(1, n * 2**n)
        top = partial + ratio / ((n + 1) * 2**n)
        if not (partial < low and high < top):
            return Counterexample(
                values={"N": n, "partial": partial, "top": top, "low": low}, refutes="partial >= low or top < low"
            )
    return exhausted(64, 64, (), where="N <= 64")
