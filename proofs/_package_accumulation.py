"""Sums of `precise`: far exponents, where only a sign is left of small terms, and the orders of accumulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product

from precise.dyadic import Dyadic, Element
from precise.formats import paper_float, unbounded
from precise.policy import Accumulate, Pairwise, Sequential, exact_products, exact_then_round
from precise.rounding import RTZ, parse_rounding
from precise.semantics import rounded
from precise.semantics.array import Array
from proofs._float_evidence import Outcome, Row, agreement
from proofs._package_rounding import fixed_right, seen
from proofs._rounding_by_search import MODES, Members, paper_members

FAR_CELLS = ("sum", "addition", "fma", "beyond fractions")
ORDER_CELLS = (
    "sequential",
    "pairwise",
    "exact",
    "wide accumulator",
    "wide pairwise",
    "accumulator towards zero",
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


def elements(x: Array) -> list[Element]:
    """Return the elements of an array in order."""
    found: list[Element] = x.elements().ravel().tolist()
    return found


def total(terms: Terms) -> Fraction:
    """Return the exact sum."""
    return sum((m * Fraction(2) ** e for m, e in terms), Fraction(0))


def far_rows(change: Callable[[Terms], Terms]) -> Iterator[Row]:
    """Yield sums in F_8 of terms far apart, in all modes; `change` is applied to what the package gets."""
    members, groups = eight_bits(), dict[int, list[Terms]]()
    for terms in far_terms():
        groups.setdefault(len(terms), []).append(terms)
    for mode, engine in (*((mode, "reference") for mode in MODES), ("RNE", None)):
        xp = rounded(paper_float(8), parse_rounding(mode), engine=engine)
        for n, lists in groups.items():
            given = [[Dyadic(m, e) for m, e in change(terms)] for terms in lists]
            columns = [xp.asarray([row[i] for row in given]) for i in range(n)]
            right = [members.nearest(total(terms), mode) for terms in lists]
            for terms, x, r in zip(lists, elements(xp.sum(xp.asarray(given), axis=-1)), right, strict=True):
                yield "sum", (mode, "sum of", str(terms)), seen(x), r
            if n == 2:
                for terms, x, r in zip(lists, elements(xp.add(*columns)), right, strict=True):
                    yield "addition", (mode, "addition of", str(terms)), seen(x), r
            elif n == 3:  # the products have up to 16 bits
                fused = elements(xp.fma(columns[1], xp.asarray(Dyadic(FACTOR)), columns[2]))
                for terms, x in zip(lists, fused, strict=True):
                    r = members.nearest(FACTOR * total(terms[1:2]) + total(terms[2:]), mode)
                    yield "fma", (mode, FACTOR, "times, plus", str(terms[1:])), seen(x), r
        yield from beyond_rows(mode, engine)


def beyond_rows(mode: str, engine: str | None) -> Iterator[Row]:
    """Yield sums whose exponents are too far apart to fill with zeros, in a format without bounds."""
    xp, far = rounded(unbounded(8), parse_rounding(mode), engine=engine), 2**40
    for m, s, t in product((128, 129, 255), (1, -1), (1, -1)):
        for terms in ([Dyadic(m, far), Dyadic(s)], [Dyadic(m, far), Dyadic(s), Dyadic(5 * t, -far)]):
            for sign in (1, -1):
                (found,) = elements(xp.sum(xp.asarray([Dyadic(sign * x.c, x.q) for x in terms])))
                x = sign * (2 * m + 2 * s * Fraction(1, 2**90))
                right = fixed_right(x, mode) if m == 128 and s < 0 else 2 * fixed_right(x / 2, mode)
                got = found.c * Fraction(2) ** (found.q - far + 1) if isinstance(found, Dyadic) else str(found)
                yield "beyond fractions", f"{mode} sign {sign} of {terms}", got, Fraction(right)


def far_sums(change: Callable[[Terms], Terms] = lambda terms: terms) -> Outcome:
    """Compare far sums with exact fractions rounded by search."""
    lists = list(far_terms())
    extra = sum(len(terms) in (2, 3) for terms in lists)
    return agreement(
        far_rows(change),
        (len(MODES) + 1) * (len(lists) + extra + 48),
        (),
        where=f"{len(lists)} listed sums in F_8 and 24 of 8 bits with unbounded exponents, both signs, 7 modes",
    )


def order_rows(swap: bool, engine: str | None) -> Iterator[Row]:
    """Yield sums, products and inner products of four numbers of F_2 in every order; `swap` exchanges two orders."""
    narrow, wide = paper_members(2), paper_members(3)
    names = ["sequential", "pairwise"]
    sequential, pairwise = (Pairwise(), Sequential()) if swap else (Sequential(), Pairwise())
    ways: dict[str, Accumulate] = {names[0]: sequential, names[1]: pairwise, "exact": exact_then_round}
    ways["wide accumulator"] = Sequential(paper_float(3))
    ways["wide pairwise"] = Pairwise(paper_float(3))
    ways["accumulator towards zero"] = Accumulate("sequential", "rounded", paper_float(3), RTZ)
    spaces = {name: rounded(paper_float(2), accumulate=how, engine=engine) for name, how in ways.items()}
    fused = rounded(paper_float(2), accumulate=exact_products, engine=engine)
    fma_chain = rounded(paper_float(2), accumulate=Sequential(products="exact"), engine=engine)
    data = (Fraction(3, 8), Fraction(-1, 2), Fraction(2), Fraction(-3), Fraction(12))
    tuples = list(product(data, repeat=4))
    given = [[Dyadic(x.numerator, 1 - x.denominator.bit_length()) for x in terms] for terms in tuples]
    found = {name: elements(xp.sum(xp.asarray(given), axis=-1)) for name, xp in spaces.items()}
    found["product"] = elements(spaces["exact"].prod(spaces["exact"].asarray(given), axis=-1))
    for name, xp in {"dot": spaces["exact"], "fused dot": fused, "chain of fma": fma_chain}.items():
        rows = xp.asarray([[row[:2]] for row in given])
        columns = xp.asarray([[[row[2]], [row[3]]] for row in given])
        found[name] = elements(xp.matmul(rows, columns))
    r, w = narrow.nearest, wide.nearest

    def cut(x: Fraction) -> Fraction:
        return wide.nearest(x, "RTZ")

    for i, (a, b, c, d) in enumerate(tuples):
        right = {
            "sequential": r(r(r(a + b) + c) + d),
            "pairwise": r(r(a + b) + r(c + d)),
            "exact": r(a + b + c + d),
            "wide accumulator": r(w(w(w(a + b) + c) + d)),
            "wide pairwise": r(w(w(a + b) + w(c + d))),
            "accumulator towards zero": r(cut(cut(cut(cut(a) + b) + c) + d)),
            "product": r(a * b * c * d),
            "dot": r(r(a * c) + r(b * d)),
            "fused dot": r(a * c + b * d),
            "chain of fma": r(r(a * c) + b * d),
        }
        for name, value in right.items():
            yield name, (f"{engine or 'automatic'} {name} of", a, b, c, d), seen(found[name][i]), value


def orders_of_addition(swap: bool = False) -> Outcome:
    """Compare accumulation in every order with the definition, each step rounded by search."""
    rows = (row for engine in ("reference", None) for row in order_rows(swap, engine))
    return agreement(rows, 2 * 5**4 * 10, (), "all 4-tuples of 3/8, -1/2, 2, -3, 12 in F_2, ten ways")
