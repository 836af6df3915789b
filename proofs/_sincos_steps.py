"""The printed steps for sine and cosine with every step rounded to w bits, and where they lose relative accuracy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import count
from math import floor

from precise import RNE, Dyadic, round_to, unbounded
from precise.claims import Counterexample
from precise.errors import UndecidedError
from proofs._float_evidence import Outcome, exhausted
from proofs._rounding_by_search import paper_members
from proofs._sincos_table import half_pi, right
from proofs._taylor import cos, sin

BITS = 160
ORDER = "least p, then least x; positive floats above pi/4"


def cut(x: Fraction, w: int) -> Fraction:
    """Return x rounded to w bits, with unbounded exponents."""
    got = round_to(x, format=unbounded(w), rounding=RNE)
    return got.to_fraction() if isinstance(got, Dyadic) else Fraction(0)


@cache
def constant(w: int) -> Fraction:
    """Return pi/2 rounded to w bits."""
    return cut(half_pi(2 * w + 64), w)


def by_steps(x: Fraction, w: int) -> tuple[Fraction, int]:
    """Return sin x by the printed steps in w bits, and k; S and C of the reduced argument are rounded correctly."""
    half = constant(w)
    k = floor(cut(x / half, w))
    r = cut(x - cut(k * half, w), w)
    keep = r <= cut(half / 2, w)
    if not keep:
        r = cut(cut((k + 1) * half, w) - x, w)
    choice = right(k, keep)[0]
    size = function_of(choice[-1], r, w)
    return (-size if choice[0] == "-" else size), k


def function_of(name: str, r: Fraction, w: int) -> Fraction:
    """Return sin r (S) or cos r (C) rounded to w bits; both ends of the enclosure decide it alike."""
    if not r:
        return Fraction(name == "C")
    low, high = (cut(end, w) for end in (sin if name == "S" else cos)(r, BITS + w))
    if low != high:
        raise UndecidedError(f"sincos: an enclosure must decide the rounding at {r}; got two values")
    return low


@cache
def sine(x: Fraction) -> tuple[Fraction, Fraction]:
    """Return ends around sin x."""
    return sin(x, BITS)


def error_of(x: Fraction, p: int, w: int) -> Fraction:
    """Return a lower bound on the relative error of the steps in w bits, rounded to p bits."""
    got, ends = cut(by_steps(x, w)[0], p), sine(x)
    return max(ends[0] - got, got - ends[1], Fraction(0)) / max(abs(ends[0]), abs(ends[1]))


def arguments(p: int) -> list[Fraction]:
    """Return the floats that need a reduction: above pi/4, ascending."""
    members = paper_members(p)
    quarter = half_pi(64) / 2
    return [x for x in map(members.fraction, members.values[1:-1]) if x > quarter]


def number_of_arguments(p: int) -> int:
    """Return how many floats are above pi/4 = 0.78..: 2^(p-1) in each binade from 1 on, and those in [pi/4, 1)."""
    in_first = (1 << p) - 1 - floor((1 << p) * half_pi(64) / 2)
    return in_first + (1 << (p - 1)) * ((1 << p) + p - 1)


def search_steps(width: int | None, precisions: Iterable[int]) -> Outcome:
    """Look for a float at which the steps, in p bits (or `width`), are off by more than 2^-p; list the worst per p."""
    first: Counterexample | None = None
    cases, expected, worst, listed = 0, 0, [], tuple(precisions)
    for p in listed:
        w, errors = width or p, []
        for x in arguments(p):
            cases += 1
            errors.append((error_of(x, p, w), -x))
            if errors[-1][0] > Fraction(1, 2**p) and first is None:
                first = instance(x, p, w, cases)
        expected += number_of_arguments(p)
        error, x = max(errors)
        failing = sum(e > Fraction(1, 2**p) for e, _ in errors)
        worst.append(f"p = {p}: {failing} of {len(errors)} fail, worst x = {-x}, error {floor(1000 * error)}/1000")
    if first is None:
        return exhausted(cases, expected, listed, note="; ".join(worst))
    return Counterexample(
        values=first.exact,
        refutes=first.refutes,
        lines=(*first.lines, *worst),
        order=ORDER,
        cases=first.cases,
    )


def instance(x: Fraction, p: int, w: int, cases: int) -> Counterexample:
    """Return the counterexample at x, worked out."""
    (got, k), ends = by_steps(x, w), sine(x)
    half = constant(w)
    low = Fraction(floor(ends[0] * 2**24), 2**24)
    return Counterexample(
        values={"p": p, "x": x, "got": cut(got, p), "sine": low},
        refutes="abs(got - sine) - 1/2**24 > (abs(sine) + 1/2**24)/2**p",
        lines=(
            f"p = {p}: pi/2 rounds to {half}; x = {x}: k = {k}, k pi/2 rounds to {cut(k * half, w)}",
            f"the difference is {cut(x - cut(k * half, w), w)}; in the end sin x = {cut(got, p)}",
            f"sin {x} = {low}, cut to 24 bits: off by at least {floor(1000 * error_of(x, p, w))}/1000 of it",
        ),
        order=ORDER,
        cases=cases,
    )


def integers(p: int) -> Iterator[int]:
    """Yield the positive integers that are floats of p bits, ascending."""
    return (t for t in count(1) if t // (t & -t) < 2**p)


def least_integers(found: dict[int, int]) -> Outcome:
    """Find for each p the least positive integer float that fails in p bits, and compare with those stated."""
    words = []
    for cases, (p, stated) in enumerate(found.items(), 1):
        least = next(t for t in integers(p) if error_of(Fraction(t), p, p) > Fraction(1, 2**p))
        if least != stated:
            return Counterexample(
                values={"p": p, "least": least, "stated": stated}, refutes="least != stated", cases=cases
            )
        words.append(f"p = {p}: {least}")
    return exhausted(len(found), len(found), found, note="least integer position that fails: " + ", ".join(words))


def least_widths(stated: dict[int, int]) -> Outcome:
    """Find for each p the least w at which the steps in w bits are right for all floats; compare with those stated."""
    words = []
    for p, wanted in stated.items():
        xs = sorted(arguments(p), key=lambda x: -error_of(x, p, p))
        w = next(w for w in range(p, 4 * 2**p) if all(error_of(x, p, w) <= Fraction(1, 2**p) for x in xs))
        if w != wanted:
            return Counterexample(values={"p": p, "width": w, "stated": wanted}, refutes="width != stated")
        words.append(f"p = {p}: {w} bits")
    return exhausted(len(stated), len(stated), stated, note="least working precision: " + ", ".join(words))


def widths_of_worst(stated: dict[int, tuple[Fraction, int]]) -> Outcome:
    """Check that the worst argument of each p fails in one bit less than stated, and in no width from there on."""
    words, cases, more = [], 0, 16
    for p, (x, least) in stated.items():
        for w in range(least - 1, least + more):
            cases += 1
            fails = error_of(x, p, w) > Fraction(1, 2**p)
            if fails != (w == least - 1):
                return Counterexample(
                    values={"p": p, "x": x, "width": w, "fails": int(fails), "least": least},
                    refutes="fails == 1 and width >= least or fails == 0 and width < least",
                )
        words.append(f"p = {p}: {least} bits")
    where = f"{more} widths from the least on"
    return exhausted(cases, len(stated) * (more + 1), stated, note="least width: " + ", ".join(words), where=where)
