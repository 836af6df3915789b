"""The one rounding site of `precise` against rounding by search, around every member, midpoint and boundary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from precise.claims import Mutant, Statement, Step
from precise.dyadic import Dyadic, Element, Special
from precise.errors import DomainError
from precise.formats import Fixed, Float, Format, float8_e4m3fn, paper_float, unbounded
from precise.rounding import Overflow, Rounding, Underflow, parse_rounding, round_to
from proofs._float_evidence import Outcome, Row, Value, agreement
from proofs._rounding_by_search import MODES, Members, ieee_members, paper_members

FAR = 2**200
# Places between neighbours a < b, as parts of b - a: at a, beside a, at thirds, beside and at the midpoint.
PLACES = (
    Fraction(0),
    Fraction(1, 2**70),
    Fraction(1, 3),
    Fraction(1, 2) - Fraction(1, 2**70),
    Fraction(1, 2),
    Fraction(1, 2) + Fraction(1, 3 * 2**70),
    Fraction(5, 6),
)


@dataclass(frozen=True)
class Case:
    """A format under its policies, its numbers, and what stands for a result beyond the largest."""

    name: str
    format: Format
    members: Members
    overflow: Overflow
    underflow: Underflow = Underflow.ROUND

    def right(self, n: int, d: int, mode: str) -> Value:
        """Return the right result at `n / d` units, as a fraction or a word."""
        members, negative = self.members, n < 0
        index = members.rounded(n, d, mode)
        if self.overflow is Overflow.ERROR and abs(n) >= d * members.values[-1]:
            return "error"  # in every mode, though some would stop at the largest number
        if abs(index) == len(members.values) - 1:
            if self.overflow is Overflow.INFINITY:
                return "-inf" if negative else "inf"
            if self.overflow is not Overflow.SATURATE:
                return "nan" if self.overflow is Overflow.NAN else "error"
        exact = d * members.values[abs(index)] == abs(n)
        if abs(n) < d * members.normal and not exact and self.underflow is Underflow.ERROR:
            return "error"
        value = members.value(index)
        if self.underflow is Underflow.FLUSH and abs(value) < members.normal:
            value = 0
        return "-0" if value == 0 and negative and self.format.signed_zero else members.fraction(value)


def seen(x: Element) -> Value:
    """Return a datum as a fraction or a word, without the package's own conversion."""
    return str(x) if isinstance(x, Special) else x.c * Fraction(2) ** x.q


def packaged(x: Fraction | Special, case: Case, mode: Rounding, underflow: Underflow) -> Value:
    """Return what the package rounds `x` to; dyadic numbers are handed over as such."""
    number: Fraction | Special | Dyadic = x
    if isinstance(x, Fraction) and x.denominator & (x.denominator - 1) == 0:
        number = Dyadic(x.numerator, 1 - x.denominator.bit_length())
    try:
        found = round_to(number, format=case.format, rounding=mode, overflow=case.overflow, underflow=underflow)
    except DomainError:
        return "error"
    return seen(found)


def places(members: Members) -> tuple[Fraction, ...]:
    """Return the places in each gap: all seven, or at, beside and beyond the midpoint where there are many gaps."""
    return PLACES if len(members.values) < 1000 else PLACES[3:6]


def points(members: Members) -> Iterator[tuple[int, int]]:
    """Yield the grid, as numerators and denominators in units: all gaps, then far beyond both ends."""
    for low, high in zip(members.values, members.values[1:], strict=False):
        for place in places(members):
            yield low * place.denominator + (high - low) * place.numerator, place.denominator
    yield from (
        (members.values[-1], 1),
        (3 * members.values[-1], 2),
        (FAR * members.values[-1], 3),
        (1, FAR),
        (1, 7),
    )


def grid_rows(case: Case, twist: dict[str, str]) -> Iterator[Row]:
    """Yield the result of every mode at every point of the grid, with both signs; `twist` makes mutants."""
    underflow = Underflow(twist.get("underflow", case.underflow.value))
    modes = {mode: parse_rounding(twist.get(mode, mode)) for mode in MODES}
    for n, d in points(case.members):
        for mode, rounding in modes.items():
            for m in (n, -n) if n else (n,):
                x = case.members.fraction(m, d)
                got = packaged(x, case, rounding, underflow)
                yield case.name, (case.format.name, mode, x), got, case.right(m, d, mode)
    yield from special_rows(case, underflow)


def special_rows(case: Case, underflow: Underflow) -> Iterator[Row]:
    """Yield what becomes of infinities, NaN and -0: themselves, or what the policy says where they do not exist."""
    fmt, largest = case.format, case.members.fraction(case.members.largest)
    missing = "nan" if case.overflow is Overflow.NAN else "error" if case.overflow is Overflow.ERROR else ""
    right: dict[Special, Value] = {
        Special.POS_INF: "inf" if fmt.infinities else missing or largest,
        Special.NEG_INF: "-inf" if fmt.infinities else missing or -largest,
        Special.NAN: "nan" if fmt.nan else "error",
        Special.NEG_ZERO: "-0" if fmt.signed_zero else Fraction(0),
    }
    for mode in MODES:
        for x, value in right.items():
            got = packaged(x, case, parse_rounding(mode), underflow)
            yield case.name, (fmt.name, mode, str(x)), got, value


PAPER_GRID = "in each gap 7 listed places, for p = 5 only 3, and 5 numbers beyond, 7 modes"
FIXED_GRID = "Fixed(4,-2) at i/48, |i| <= 288; 3 bits without bounds at 96 numbers; 7 modes"
OTHER_GRID = "Float(3,-2,2), E4M3FN, F_2: in each gap 7 listed places, and 5 numbers beyond, 7 modes"


def grid_size(members: Members) -> int:
    """Return the number of rows: places of all gaps, 5 points beyond, two signs but at 0, 4 special data; 7 modes."""
    gaps = len(members.values) - 1
    return 7 * (2 * (len(places(members)) * gaps + 5) - (places(members) == PLACES) + 4)


def on_grids(cases: list[Case], precisions: tuple[int, ...], twist: dict[str, str] | None = None) -> Outcome:
    """Compare the package with the search on the grids of several formats."""
    rows = (row for case in cases for row in grid_rows(case, twist or {}))
    where = PAPER_GRID if precisions else OTHER_GRID
    return agreement(rows, sum(grid_size(c.members) for c in cases), precisions, where)


def paper_cases(last: int = 5, shift: int = 0) -> list[Case]:
    """Return the papers' formats under saturation."""
    return [Case(f"F_{p}", paper_float(p + shift), paper_members(p), Overflow.SATURATE) for p in range(2, last + 1)]


def other_cases() -> list[Case]:
    """Return IEEE-like formats under every policy that they can have."""
    small, members = Float(3, -2, 2), ieee_members(3, -2, 2)
    e4m3, e4m3_members = float8_e4m3fn, ieee_members(4, -6, 8, cut=1)
    paper, paper_numbers = paper_float(2), paper_members(2)
    return [
        Case("infinity", small, members, Overflow.INFINITY),
        Case("NaN", e4m3, e4m3_members, Overflow.NAN),
        Case("saturate", e4m3, e4m3_members, Overflow.SATURATE),
        Case("overflow error", small, members, Overflow.ERROR),
        Case("flush", small, members, Overflow.INFINITY, Underflow.FLUSH),
        Case("flush", paper, paper_numbers, Overflow.SATURATE, Underflow.FLUSH),
        Case("underflow error", small, members, Overflow.INFINITY, Underflow.ERROR),
        Case("underflow error", paper, paper_numbers, Overflow.SATURATE, Underflow.ERROR),
    ]


def fixed_right(x: Fraction, mode: str) -> int:
    """Return the integer next to `x` that the mode chooses."""
    low = x.numerator // x.denominator
    rest = x - low
    if rest == 0:
        return low
    nearest = low + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1))
    away = low + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and x > 0))
    towards = low if x > 0 else low + 1
    odd = low + (low % 2 == 0)
    others = {"RTP": low + 1, "RTN": low, "RTZ": towards, "RAZ": 2 * low + 1 - towards, "RTO": odd}
    return {"RNE": nearest, "RNA": away, **others}[mode]


def fixed_rows(modulus: int) -> Iterator[Row]:
    """Yield four-bit fixed point with wrapping and saturation, and three bits without bounds on the exponent."""
    fixed, free = Fixed(4, -2), unbounded(3)
    for mode in MODES:
        rounding = parse_rounding(mode)
        for i in range(-288, 289):
            n = fixed_right(Fraction(i, 12), mode)
            right = Fraction((n + 8) % modulus - 8, 4)
            found = round_to(Fraction(i, 48), format=fixed, rounding=rounding, overflow=Overflow.WRAP)
            yield "wrap", f"{fixed} {mode} {i}/48", seen(found), right
            found = round_to(Fraction(i, 48), format=fixed, rounding=rounding)
            yield "fixed saturates", f"{fixed} {mode} {i}/48", seen(found), Fraction(max(-8, min(7, n)), 4)
        for i in range(48, 96):  # 4 <= i/12 < 8: three bits before the point
            right, far = Fraction(fixed_right(Fraction(i, 12), mode)), 10**6
            got = seen(round_to(Fraction(i, 12), format=free, rounding=rounding))
            yield "unbounded", f"{free} {mode} {i}/12", got, right
            moved = round_to(Dyadic(i, far), format=free, rounding=rounding)
            n = fixed_right(Fraction(i, 16), mode) if i >= 64 else fixed_right(Fraction(i, 8), mode)
            assert isinstance(moved, Dyadic)
            scaled = moved.c * 2 ** (moved.q - far)
            yield "unbounded", f"{free} {mode} {i} 2^{far}", scaled, n * (16 if i >= 64 else 8)


def fixed_and_unbounded(modulus: int = 16) -> Outcome:
    """Compare fixed point and unbounded exponents with integer rounding."""
    return agreement(
        fixed_rows(modulus),
        7 * (2 * 577 + 2 * 48),
        (),
        FIXED_GRID,
    )


PACKAGE = Statement(
    label="def:round@package",
    of_code=True,
    title="The package's rounding",
    mark="D",
    tex=(
        r"The package's rounding to $\mathbb F_p$ and to other formats is rounding as defined, "
        r"in every mode and policy."
    ),
    uses=("def:round", "def:float@package"),
    steps=(
        Step(
            id="paper-floats-round-as-defined",
            says=(
                r"On a grid around every float, midpoint and end of $\mathbb F_p$ all seven modes "
                r"agree with a search."
            ),
            formal=(
                "for p in 2..5, 7 modes, 3 to 7 places a gap, both signs: the package's result is the searched one"
            ),
            check=lambda: on_grids(paper_cases(), (2, 3, 4, 5)),
            cells=tuple(f"F_{p}" for p in (2, 3, 4, 5)),
            mutants=(
                Mutant("p - 1 for p", lambda: on_grids(paper_cases(2, -1), (2,))),
                Mutant("ties away for ties to even", lambda: on_grids(paper_cases(2), (2,), {"RNE": "RNA"})),
                Mutant("towards zero for downwards", lambda: on_grids(paper_cases(2), (2,), {"RTN": "RTZ"})),
                Mutant("away for odd", lambda: on_grids(paper_cases(2), (2,), {"RTO": "RAZ"})),
            ),
        ),
        Step(
            id="policies-do-as-defined",
            says="IEEE-like formats agree too, under every policy for overflow and underflow.",
            formal="for Float(3,-2,2), E4M3FN, F_2, their policies, 7 modes, the same grid: as searched",
            check=lambda: on_grids(other_cases(), ()),
            cells=("infinity", "NaN", "saturate", "overflow error", "flush", "underflow error"),
            mutants=(
                Mutant("nothing is flushed", lambda: on_grids(other_cases()[4:5], (), {"underflow": "round"})),
                Mutant("ties to even for ties away", lambda: on_grids(other_cases()[:2], (), {"RNA": "RNE"})),
            ),
        ),
        Step(
            id="fixed-point-and-unbounded-round-as-defined",
            says="Fixed point, wrapped or saturated, and formats without bounds agree with integer rounding.",
            formal="for Fixed(4,-2) at all i/48, |i| <= 288, and p=3 at 48 points of a binade, near 1 and 2^(10^6)",
            check=fixed_and_unbounded,
            cells=("wrap", "fixed saturates", "unbounded"),
            mutants=(Mutant("wrap modulo 15", lambda: fixed_and_unbounded(15)),),
        ),
    ),
)
