"""The logarithm by series about 1: number of terms on [1, 2), the cancelling term, and the repaired interval."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import floor, lcm

from precise.claims import Counterexample
from proofs._exp_algorithm import log_two
from proofs._float_evidence import Outcome, exhausted
from proofs._oracle import floats, rounded_by_search
from proofs._taylor import log

BITS = 96
PRECISIONS = (2, 3, 4)


@cache
def ends(x: Fraction) -> tuple[Fraction, Fraction]:
    """Return ends around log x."""
    return log(x, BITS)


def series(y: Fraction, terms: int) -> Fraction:
    """Return y - y^2/2 + ... with that many terms."""
    n, d = y.numerator, y.denominator  # over one denominator, without reducing each term
    whole = lcm(*range(1, terms + 1)) if terms else 1
    total = sum((-1) ** (i + 1) * (whole // i) * n**i * d ** (terms - i) for i in range(1, terms + 1))
    return Fraction(total, whole * d**terms)


def terms_needed(y: Fraction, limit: Fraction, bits: int) -> int:
    """Return the least N with |log(1 + y) - sum_{i<=N}| <= limit (1 + y is below 2, and log 2 below 1).

    Sums are cut to 2^-bits; the enclosure of the logarithm and the cuts must not hide the answer.
    """
    low, high = (floor(end * 2**bits) for end in log(1 + y, bits))
    bound, unit, power, total, n = floor(limit * 2**bits), y, floor(y * 2**bits), 0, 0
    while True:
        n += 1
        total += power // n if n % 2 else -(power // n)
        power = power * unit.numerator // unit.denominator
        if max(abs(total - low), abs(total - high)) <= bound - 2 * n - 4:
            return n


def right_end(p: int) -> Fraction:
    """Return y = 1 - 2^(1-p), for the float below 2."""
    return 1 - Fraction(2, 2**p)


def search_terms(factor: int, interval: Callable[[int], Fraction], precisions: tuple[int, ...]) -> Outcome:
    """Look for the least p at which `factor` times p terms do not give 2^-p at the end of the interval."""
    found = {p: terms_needed(interval(p), Fraction(1, 2**p), 64 + 4 * p) for p in precisions}
    words = "least number of terms: " + ", ".join(f"p = {p}: {n}" for p, n in found.items())
    for cases, (p, n) in enumerate(found.items(), 1):
        if n > factor * p:
            y, last = interval(p), factor * p
            low = ends(1 + y)[0]
            got, at = (Fraction(floor(z * 2**30), 2**30) for z in (series(y, last), low))
            return Counterexample(
                values={"p": p, "r": 1 + y, "terms": last, "got": got, "log_r": at},
                refutes="abs(got - log_r) - 1/2**29 > log_r/2**p",  # both are cut to 30 bits
                lines=(f"p = {p}: at r = {1 + y} {n} terms are needed, not {last}", words),
                order=f"least p with more than {factor} p terms, at the end of the interval",
                cases=cases,
            )
    return exhausted(len(found), len(precisions), precisions, note=words)


def cancelling(x: Fraction, p: int) -> Fraction:
    """Return log x as round(round(log r) + round(k round(ln 2))), x = r 2^k, r in [1, 2)."""
    k = 0
    while x >= Fraction(2) ** (k + 1):
        k += 1
    while x < Fraction(2) ** k:
        k -= 1
    parts = [rounded_by_search(ends(z)[0], p) for z in (x / Fraction(2) ** k, Fraction(2))]
    return rounded_by_search(parts[0] + rounded_by_search(k * parts[1], p), p)


def repaired(x: Fraction, p: int, terms: int, bits: int) -> Fraction:
    """Return log x: x = r 2^k with r in [3/4, 3/2), series about 1, k times ln 2 to that many bits, one rounding."""
    k = 0
    while x >= Fraction(3, 2) * Fraction(2) ** k:
        k += 1
    while x < Fraction(3, 4) * Fraction(2) ** k:
        k -= 1
    return rounded_by_search(series(x / Fraction(2) ** k - 1, terms) + k * log_two(bits), p)


def terms_for(p: int) -> int:
    """Return the number of terms of the repaired form, 2p + 6."""
    return 2 * p + 6


def bits_for(p: int) -> int:
    """Return the number of bits of ln 2 in the repaired form, 3p + 7."""
    return 3 * p + 7


def search_log(value: Callable[[Fraction, int], Fraction], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Look for a positive float whose computed logarithm is off by more than 2^-p, relatively; worst ones per p."""
    cases, worst = 0, []
    first: Counterexample | None = None
    for p in precisions:
        largest, at = Fraction(0), Fraction(1)
        for x in sorted((x for x, _ in floats(p) if x > 0), key=lambda x: (abs(x - 1), x)):
            cases += 1
            got, (low, high) = value(x, p), ends(x)
            if x == 1:
                if got:
                    return Counterexample(values={"p": p, "got": got}, refutes="got != 0")
                continue
            size = min(abs(low), abs(high))
            error = max(low - got, got - high, Fraction(0)) / size
            if error > largest:
                largest, at = error, x
            if error > Fraction(1, 2**p) and first is None:
                a, b = Fraction(floor(low * 2**30), 2**30), Fraction(floor(high * 2**30) + 1, 2**30)
                first = Counterexample(
                    values={"p": p, "x": x, "got": got, "low": a, "high": b},
                    refutes="max(low - got, got - high) > max(abs(low), abs(high))/2**p",
                    lines=(
                        f"p = {p}: log {x} is between {a} and {b}; computed: {got}",
                        f"off by more than {floor(1000 * error)}/1000 of it; 2^-p is {Fraction(1, 2**p)}",
                    ),
                    order="least p, then the distance of x from 1",
                    cases=cases,
                )
        worst.append(f"p = {p}: x = {at}, off by {floor(1000 * 2**p * largest)}/1000 of 2^-p")
    if first is not None:
        return Counterexample(
            values=first.exact,
            refutes=first.refutes,
            lines=(*first.lines, "worst: " + "; ".join(worst)),
            order=first.order,
            cases=first.cases,
        )
    return exhausted(cases, sum(4**p for p in precisions), precisions, note="; ".join(worst))
