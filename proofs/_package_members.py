"""The sets of numbers of `precise` against sets listed from their definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from precise.claims import Mutant, Statement, Step
from precise.dyadic import Dyadic, Element, Special
from precise.formats import (
    Fixed,
    Float,
    Format,
    all_values,
    decode,
    encode,
    float8_e4m3fn,
    next_down,
    next_up,
    paper_float,
    parse_format,
    ulp,
    unbounded,
)
from proofs._float_evidence import Outcome, Row, Value, agreement
from proofs._package_dyadics import CELLS as DYADIC_CELLS
from proofs._package_dyadics import dyadics_are_exact
from proofs._rounding_by_search import Members, ieee_members, paper_members

PAPER = (2, 3, 4, 5, 6)
Family = Callable[[int], Format]


def seen(x: Element) -> Value:
    """Return a datum as a fraction or a word, without the package's own conversion."""
    return str(x) if isinstance(x, Special) else x.c * Fraction(2) ** x.q


def dyadic(members: Members, value: int) -> Dyadic:
    """Return the member as a number of the package."""
    return Dyadic(value, -members.scale)


def member_rows(name: str, fmt: Format, members: Members, neighbours: bool = True) -> Iterator[Row]:
    """Yield the list of all numbers, then each with its neighbours, its unit and its place in the set."""
    listed = [members.fraction(v) for v in members.signed()]
    found = list(all_values(fmt))
    yield name, f"{fmt}: number of numbers", len(found), len(listed)
    yield name, f"{fmt}: largest", seen(fmt.largest or Special.NAN), members.fraction(members.largest)
    yield name, f"{fmt}: least", seen(fmt.least or Special.NAN), -members.fraction(members.largest)
    yield (
        name,
        f"{fmt}: least positive",
        seen(fmt.smallest_positive or Special.NAN),
        members.fraction(members.values[1]),
    )
    yield (
        name,
        f"{fmt}: least normal",
        seen(fmt.smallest_normal or Special.NAN),
        members.fraction(members.normal),
    )
    yield name, f"{fmt}: unit roundoff", fmt.unit_roundoff * 2 ** (fmt.p or 0), 1
    zero: Value = "-0" if fmt.signed_zero else Fraction(0)
    for i, x in enumerate(found):
        a = listed[i]
        yield name, (fmt.name, "number", i), seen(x), a
        yield name, (a, "in", fmt.name), str(x in fmt), "True"
        if neighbours and 0 < i < len(listed) - 1:
            above: Value = zero if listed[i + 1] == 0 else listed[i + 1]
            yield name, (fmt.name, "above", a), seen(next_up(x, fmt)), above
            yield name, (fmt.name, "below", a), seen(next_down(x, fmt)), listed[i - 1]
            gap = (a - listed[i - 1] if a < 0 else listed[i + 1] - a) if a else members.fraction(1)
            yield (
                name,
                (fmt.name, "unit of", a),
                seen(ulp(dyadic(members, int(a * 2**members.scale)), fmt)),
                gap,
            )
    for i, low in enumerate(members.values[:-1]):
        between = Dyadic(low + members.values[i + 1], -members.scale - 1)
        yield name, f"midpoint {seen(between)} in {fmt}", f"{between in fmt} {-between in fmt}", "False False"
    beyond = dyadic(members, members.values[-1])
    yield name, f"{fmt}: one number too far", f"{beyond in fmt} {-beyond in fmt}", "False False"
    for special, there in {
        Special.NEG_ZERO: fmt.signed_zero,
        Special.POS_INF: fmt.infinities,
        Special.NEG_INF: fmt.infinities,
        Special.NAN: fmt.nan,
    }.items():
        yield name, f"{special} in {fmt}", str(special in fmt), str(there)


def rows_in(members: Members, neighbours: bool = True) -> int:
    """Return how many rows `member_rows` has: k positive numbers make 2k + 1, all but the ends with neighbours."""
    k = len(members.values) - 2
    return 6 + 2 * (2 * k + 1) + neighbours * 3 * (2 * k - 1) + (k + 1) + 1 + 4


PAPER_SETS = "neighbours and ulp for p < 6"
OTHER_SETS = "Float(3,-2,2), E4M3FN, Fixed(4,-2), 12 numbers of 3 bits without bounds"


def paper_sets(family: Family = paper_float, precisions: Iterable[int] = PAPER) -> Outcome:
    """Compare the package's F_p with the definition."""
    sets = {p: paper_members(p) for p in precisions}
    rows = (row for p, found in sets.items() for row in member_rows(f"F_{p}", family(p), found, p < 6))
    return agreement(rows, sum(rows_in(found, p < 6) for p, found in sets.items()), sets, PAPER_SETS)


def other_rows(small: Format) -> Iterator[Row]:
    """Yield the numbers of two IEEE-like formats, their codes, fixed point, and formats without bounds."""
    yield from member_rows("IEEE-like", small, ieee_members(3, -2, 2))
    e4m3 = ieee_members(4, -6, 8, cut=1)
    yield from member_rows("E4M3FN", parse_format("e4m3"), e4m3)
    for code in range(256):
        sign, field, trailing = code // 128, code // 8 % 16, code % 8
        magnitude = (8 * (field > 0) + trailing) * Fraction(2) ** (max(field, 1) - 7 - 3)
        right: Value = "nan" if code % 128 == 127 else "-0" if code == 128 else (-1) ** sign * magnitude
        x = decode(code, float8_e4m3fn)
        yield "codes", f"E4M3FN code {code}", seen(x), right
        yield "codes", f"code of {right}", encode(x, float8_e4m3fn), 127 if right == "nan" else code
    fixed = Fixed(4, -2)
    listed = [Fraction(n, 4) for n in range(-8, 8)]
    for a, x in zip(listed, all_values(fixed), strict=True):
        yield "fixed", f"{a}", seen(x), a
        yield "fixed", f"unit of {a}", seen(ulp(x, fixed)) if isinstance(x, Dyadic) else "", Fraction(1, 4)
    free = unbounded(3)
    for e in (-1000, 0, 1000):
        for m in range(4, 8):
            x = Dyadic(m, e)
            yield "unbounded", f"{m} 2^{e}", str(x in free), "True"
            yield "unbounded", f"above {m} 2^{e}", seen(next_up(x, free)), (m + 1) * Fraction(2) ** e
            yield "unbounded", f"{2 * m + 1} 2^{e}", str(Dyadic(2 * m + 1, e) in free), "False"


def other_sets(small: Format | None = None) -> Outcome:
    """Compare the other formats with their definitions."""
    expected = rows_in(ieee_members(3, -2, 2)) + rows_in(ieee_members(4, -6, 8, cut=1)) + 512 + 32 + 36
    return agreement(
        other_rows(small or Float(3, -2, 2)),
        expected,
        (),
        OTHER_SETS,
    )


PACKAGE = Statement(
    label="def:float@package",
    of_code=True,
    title="The package's numbers and formats",
    mark="D",
    tex=(
        r"The package's $\mathbb F_p$, its IEEE-like and fixed-point formats and its exact "
        r"numbers are the defined ones."
    ),
    uses=("def:float",),
    steps=(
        Step(
            id="exact-numbers-are-exact",
            says="Sums, differences, products, order, hashes and texts of dyadic numbers agree with fractions.",
            formal="for all pairs of c 2^q, c in a list of 11, q in a list of 6: the package's results are exact",
            check=dyadics_are_exact,
            cells=DYADIC_CELLS,
            mutants=(
                Mutant(
                    "sum one unit off",
                    lambda: dyadics_are_exact(lambda x, y: Dyadic((x + y).c + 1, (x + y).q)),
                ),
                Mutant("difference for sum", lambda: dyadics_are_exact(lambda x, y: x - y)),
            ),
        ),
        Step(
            id="paper-floats-are-listed",
            says=r"The package lists $\mathbb F_p$, each number with its neighbours and unit, as the definition does.",
            formal=(
                "for p in 2..6, for all x in F_p: list, membership, ends, and for p < 6 neighbours "
                "and ulp, are the defined ones"
            ),
            check=paper_sets,
            cells=tuple(f"F_{p}" for p in PAPER),
            mutants=(
                Mutant("p - 1 for p", lambda: paper_sets(lambda p: paper_float(p - 1))),
                Mutant(
                    "with subnormals",
                    lambda: paper_sets(
                        lambda p: Float(p, p - 1 - 2**p, 2**p + p - 2, signed_zero=False, infinities=False, nan=False)
                    ),
                ),
            ),
        ),
        Step(
            id="other-formats-are-listed",
            says="So do its IEEE-like formats with all codes, fixed point, and formats without bounds.",
            formal="for Float(3,-2,2), E4M3FN with its 256 codes, Fixed(4,-2), p=3 unbounded: all values as defined",
            check=other_sets,
            cells=("IEEE-like", "E4M3FN", "codes", "fixed", "unbounded"),
            mutants=(
                Mutant("one exponent less", lambda: other_sets(Float(3, -2, 1))),
                Mutant("no subnormals", lambda: other_sets(Float(3, -2, 2, subnormals=False))),
            ),
        ),
    ),
)
