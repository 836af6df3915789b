"""Sums of `precise`: far exponents, where only a sign is left of small terms, and the orders of accumulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product

from precise.dyadic import Dyadic, Element
from precise.formats import paper_float, unbounded
from precise.policy import Accumulate, Pairwise, Sequential, exact_products, exact_then_round
from precise.rounding import parse_rounding
from precise.semantics import rounded
from precise.semantics.array import Array
from proofs._float_evidence import Outcome, Row, Value, agreement
from proofs._package_rounding import fixed_right, seen
from proofs._rounding_by_search import MODES, Members, paper_members

FAR_CELLS = ("sum", "addition", "fma", "beyond fractions")
ORDER_CELLS = (
    "sequential",
    "pairwise",
    "exact",
    "wide accumulator",
    "wide pairwise",
    "dot",
    "fused dot",
    "chain of fma",
    "product",
)
HIGH, LOW, FACTOR = 100, -200, 129
Terms = tuple[tuple[int, int], ...]
"""Pairs (m, e), each m 2^e."""


@cache
def eight_bits() -> Members:
    """Return the numbers of F_8."""
    return paper_members(8)


def far_terms() -> Iterator[Terms]:
    """Yield a large term, one from 0 to 12 places below it, and nothing, one or three tiny terms."""
    for m1, m2, sign, gap in product((128, 129, 255), (128, 129, 255), (1, -1), range(13)):
        for tiny in ((), (1,), (-1,), (1, -1, -1)):
            yield ((m1, HIGH), (sign * m2, HIGH - gap), *((128 * s, LOW) for s in tiny))
    for m, sign in product((128, 129, 255), (1, -1)):  # the largest cancel; what is left decides
        yield ((m, HIGH), (-m, HIGH), (sign * m, 0), (128, LOW), (-129, LOW))
        yield ((m, HIGH), (128, 0), (-m, HIGH), (-128, 0), (sign * m, LOW))
        yield ((m, HIGH), *(((128, HIGH - 10),) * 3), (sign * 129, HIGH - 9), (sign * 128, LOW))
        yield ((m, HIGH), *(((sign * 129, HIGH - 11),) * 7))
        for third in ((128, HIGH - 15), (129, HIGH - 15), (255, HIGH - 16)):  # takes a little more than a tie back
            yield ((m, HIGH), (sign * 129, HIGH - 8), (-sign * third[0], third[1]))


def only(x: Array) -> Element:
    """Return the element of an array that has one."""
    found: list[Element] = x.elements().ravel().tolist()
    return found[0]


def total(terms: Terms) -> Fraction:
    """Return the exact sum."""
    return sum((m * Fraction(2) ** e for m, e in terms), Fraction(0))


def far_rows(change: Callable[[Terms], Terms]) -> Iterator[Row]:
    """Yield sums in F_8 of terms far apart, in all modes; `change` is applied to what the package gets."""
    fmt, members = paper_float(8), eight_bits()
    lists = list(far_terms())
    for mode, engine in (*((mode, "reference") for mode in MODES), ("RNE", None)):
        xp = rounded(fmt, parse_rounding(mode), engine=engine)
        for terms in lists:
            given = [Dyadic(m, e) for m, e in change(terms)]
            right = members.nearest(total(terms), mode)
            yield "sum", f"{mode} sum of {terms}", seen(only(xp.sum(xp.asarray(given)))), right
            if len(terms) == 2:
                found = xp.add(xp.asarray(given[0]), xp.asarray(given[1]))
                yield "addition", f"{mode} {terms[0]} + {terms[1]}", seen(only(found)), right
            elif len(terms) == 3:
                (m, e), last = terms[1:]  # the product has up to 16 bits
                found = xp.fma(xp.asarray(given[1]), xp.asarray(Dyadic(FACTOR)), xp.asarray(given[2]))
                right = members.nearest(total(((FACTOR * m, e), last)), mode)
                yield "fma", f"{mode} {FACTOR} times {(m, e)} + {last}", seen(only(found)), right
        yield from beyond_rows(mode, engine)


def beyond_rows(mode: str, engine: str | None) -> Iterator[Row]:
    """Yield sums whose exponents are too far apart to fill with zeros, in a format without bounds."""
    xp, far = rounded(unbounded(8), parse_rounding(mode), engine=engine), 2**40
    for m, s, t in product((128, 129, 255), (1, -1), (1, -1)):
        for terms in ([Dyadic(m, far), Dyadic(s)], [Dyadic(m, far), Dyadic(s), Dyadic(5 * t, -far)]):
            for sign in (1, -1):
                found = only(xp.sum(xp.asarray([Dyadic(sign * x.c, x.q) for x in terms])))
                x = sign * (2 * m + 2 * s * Fraction(1, 2**90))
                right = fixed_right(x, mode) if m == 128 and s < 0 else 2 * fixed_right(x / 2, mode)
                got = found.c * Fraction(2) ** (found.q - far + 1) if isinstance(found, Dyadic) else str(found)
                yield "beyond fractions", f"{mode} sign {sign} of {terms}", got, Fraction(right)


def far_sums(change: Callable[[Terms], Terms] = lambda terms: terms) -> Outcome:
    """Compare far sums with exact fractions rounded by search."""
    lists = list(far_terms())
    extra = sum(len(terms) in (2, 3) for terms in lists)
    return agreement(
        far_rows(change), (len(MODES) + 1) * (len(lists) + extra + 48), (), "sums in F_8 and without bounds"
    )


def order_rows(swap: bool, engine: str | None) -> Iterator[Row]:
    """Yield sums, products and inner products of four numbers of F_2 in every order; `swap` exchanges two orders."""
    narrow, wide = paper_members(2), paper_members(3)
    names = ["sequential", "pairwise"]
    sequential, pairwise = (Pairwise(), Sequential()) if swap else (Sequential(), Pairwise())
    ways: dict[str, Accumulate] = {names[0]: sequential, names[1]: pairwise, "exact": exact_then_round}
    ways["wide accumulator"] = Sequential(paper_float(3))
    ways["wide pairwise"] = Pairwise(paper_float(3))
    spaces = {name: rounded(paper_float(2), accumulate=how, engine=engine) for name, how in ways.items()}
    fused = rounded(paper_float(2), accumulate=exact_products, engine=engine)
    fma_chain = rounded(paper_float(2), accumulate=Sequential(products="exact"), engine=engine)
    data = (Fraction(3, 8), Fraction(-1, 2), Fraction(2), Fraction(-3), Fraction(12))
    for terms in product(data, repeat=4):
        a, b, c, d = terms
        given = [Dyadic(x.numerator, 1 - x.denominator.bit_length()) for x in terms]
        r, w = narrow.nearest, wide.nearest
        right: dict[str, Value] = {
            "sequential": r(r(r(a + b) + c) + d),
            "pairwise": r(r(a + b) + r(c + d)),
            "exact": r(a + b + c + d),
            "wide accumulator": r(w(w(w(a + b) + c) + d)),
            "wide pairwise": r(w(w(a + b) + w(c + d))),
        }
        for name, xp in spaces.items():
            yield name, f"{name} sum of {terms}", seen(only(xp.sum(xp.asarray(given)))), right[name]
        xp = spaces["exact"]
        yield (
            "product",
            f"exact product of {terms}",
            seen(only(xp.prod(xp.asarray(given)))),
            r(a * b * c * d),
        )
        for name, space, dot in (
            ("dot", xp, r(r(a * c) + r(b * d))),
            ("fused dot", fused, r(a * c + b * d)),
            ("chain of fma", fma_chain, r(r(a * c) + b * d)),
        ):
            left, right_factor = space.asarray([given[:2]]), space.asarray([[given[2]], [given[3]]])
            found = only(space.matmul(left, right_factor))
            yield name, f"{name} of {terms[:2]}, {terms[2:]}", seen(found), dot


def orders_of_addition(swap: bool = False) -> Outcome:
    """Compare accumulation in every order with the definition, each step rounded by search."""
    rows = (row for engine in ("reference", None) for row in order_rows(swap, engine))
    return agreement(rows, 2 * 5**4 * 9, (), "four terms of F_2")
