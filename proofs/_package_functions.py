"""The elementary functions of `precise` against enclosures by series and, for sqrt, against squares of integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from precise.balls import enclose
from precise.claims import Mutant, Statement, Step
from precise.dyadic import Dyadic, Special
from precise.formats import Float, Format, paper_float
from precise.rounding import RNE, Overflow, Rounding, parse_rounding
from precise.semantics import rounded
from proofs import _taylor
from proofs._float_evidence import Outcome, Row, Value, agreement
from proofs._rounding_by_search import MODES, Members, ieee_members, paper_members

ENCLOSURES: dict[str, _taylor.Enclosure] = {
    "exp": _taylor.exp,
    "log": _taylor.log,
    "sin": _taylor.sin,
    "cos": _taylor.cos,
    "tan": _taylor.tan,
    "tanh": _taylor.tanh,
}
KNOWN = {"exp": (0, 1), "log": (1, 0), "sin": (0, 0), "cos": (0, 1), "tan": (0, 0), "tanh": (0, 0)}
"""The one rational argument at which the value is rational, and the value."""


def right_index(name: str, members: Members, p: int, x: Fraction, mode: str) -> int:
    """Return the signed index of the value of a function at `x`, correctly rounded."""
    one = 1 << members.scale
    at, known = KNOWN[name]
    if x == at:
        return members.rounded(known * one, 1, mode)
    if name == "exp":  # beyond +-2^p the value is out of range on the same side as there
        x = max(Fraction(-(2**p)), min(Fraction(2**p), x))
    if name == "tanh":  # beyond 2p + 4 the value is nearer to 1 than any midpoint
        x = max(Fraction(-2 * p - 4), min(Fraction(2 * p + 4), x))
    return _taylor.correctly_rounded(members, ENCLOSURES[name], x, mode)


def arguments(name: str, members: Members, every: int) -> list[int]:
    """Return every so many floats in the function's domain, in units."""
    return [v for v in members.signed() if v > 0 or name != "log"][::every]


def package_values(name: str, fmt: Format, mode: Rounding, members: Members, units: Iterable[int]) -> Iterator[Value]:
    """Yield the package's values at the arguments, in units or as a word; two engines must agree."""
    data = [Dyadic(v, -members.scale) for v in units]
    chosen, reference = (rounded(fmt, mode, overflow=Overflow.SATURATE, engine=e) for e in (None, "reference"))
    found = getattr(reference, name)(reference.asarray(data)).elements().tolist()
    others = getattr(chosen, name)(chosen.asarray(data)).elements().tolist()
    for x, other in zip(found, others, strict=True):
        if x != other:
            yield f"{x} by the reference engine, {other} by the chosen one"
            continue
        fits = isinstance(x, Dyadic) and x.q + members.scale >= 0
        yield x.c << (x.q + members.scale) if fits else str(x)


def rows(name: str, p: int, modes: tuple[str, ...], every: int, twist: str, shift: int) -> Iterator[Row]:
    """Yield the function at all chosen floats in the modes."""
    members = paper_members(p)
    units = arguments(name, members, every)
    for mode in modes:
        found = package_values(name, paper_float(p + shift), parse_rounding(twist or mode), members, units)
        for v, got in zip(units, found, strict=True):
            x = members.fraction(v)
            yield name, (f"F_{p} {mode} {name}", x), got, members.value(right_index(name, members, p, x, mode))


Plan = tuple[tuple[int, tuple[str, ...], int], ...]
"""Precisions with their modes, and every how manieth float."""
THOROUGH: Plan = ((2, MODES, 1), (3, MODES, 1), (4, MODES, 1), (5, ("RNE",), 1))
THOROUGHLY = "7 modes, for p = 5 to nearest only"
BRIEF: Plan = ((2, MODES, 1), (3, MODES, 1), (4, ("RNE", "RTO"), 5))

BRIEFLY = "all x of F_2 and F_3 in 7 modes, every fifth x of F_4 in RNE and RTO"


def functions(names: tuple[str, ...], plan: Plan, twist: str = "", shift: int = 0) -> Outcome:
    """Compare functions of the package with enclosures."""
    chosen = (row for name in names for p, modes, every in plan for row in rows(name, p, modes, every, twist, shift))

    def count(name: str, p: int, every: int) -> int:
        return -(-(1 << 2 * p if name == "log" else (2 << 2 * p) + 1) // every)

    expected = sum(len(modes) * count(name, p, every) for name in names for p, modes, every in plan)
    whole = [p for p, _, every in plan if every == 1]
    return agreement(chosen, expected, whole if plan == THOROUGH else (), THOROUGHLY if plan == THOROUGH else BRIEFLY)


def right_root(members: Members, v: int, mode: str) -> int:
    """Return the root of v units, rounded, by comparing squares; a quarter of the gap stands for an inexact root."""
    square = v << members.scale  # the root in units is the root of this integer
    low = max(i for i, w in enumerate(members.values) if w * w <= square)
    a, b = members.values[low], members.values[low + 1]
    if a * a == square:
        return a
    if 4 * square == (a + b) ** 2:
        return members.value(members.rounded(a + b, 2, mode))
    beside = (3 * a + b, 4) if 4 * square < (a + b) ** 2 else (a + 3 * b, 4)
    return members.value(members.rounded(*beside, mode))


def root_rows(p: int, modes: tuple[str, ...], twist: str) -> Iterator[Row]:
    """Yield the roots of all floats that are not negative."""
    members = paper_members(p)
    units = list(members.values[:-1])
    right = {mode: [right_root(members, v, mode) for v in units] for mode in modes}
    for mode in modes:
        found = package_values("sqrt", paper_float(p), parse_rounding(twist or mode), members, units)
        for v, got, root in zip(units, found, right[mode], strict=True):
            yield "sqrt", (f"F_{p} {mode} sqrt", members.fraction(v)), got, root


def roots(twist: str = "") -> Outcome:
    """Compare square roots with squares of integers."""
    plan = ((2, MODES), (3, MODES), (4, MODES), (5, ("RNE",)))
    chosen = (row for p, modes in plan for row in root_rows(p, modes, twist))
    return agreement(chosen, sum(len(modes) * 4**p + len(modes) for p, modes in plan), (2, 3, 4, 5), THOROUGHLY)


def special_rows(fmt: Format, change: Callable[[str], str]) -> Iterator[Row]:
    """Yield all functions at zeros, infinities, NaN, and outside their domain."""
    table = {  # -0, -inf, inf, nan, -1
        "sqrt": ("-0", "nan", "inf", "nan", "nan"),
        "exp": ("0x1p+0", "0x0p+0", "inf", "nan", "0x1p-2"),
        "log": ("-inf", "nan", "inf", "nan", "nan"),
        "sin": ("-0", "nan", "nan", "nan", "-0x1.8p-1"),
        "cos": ("0x1p+0", "nan", "nan", "nan", "0x1p-1"),
        "tan": ("-0", "nan", "nan", "nan", "-0x1.8p+0"),
        "tanh": ("-0", "-0x1p+0", "0x1p+0", "nan", "-0x1.8p-1"),
    }
    xp = rounded(fmt, RNE, engine="reference")
    data = xp.asarray([Special.NEG_ZERO, Special.NEG_INF, Special.POS_INF, Special.NAN, Dyadic(-1)])
    for name, right in table.items():
        found = getattr(xp, name)(data).elements().tolist()
        for at, got, word in zip(("-0", "-inf", "inf", "nan", "-1"), found, right, strict=True):
            yield "special data", f"{name}({at})", str(got), change(word)


def special_functions(change: Callable[[str], str] = str) -> Outcome:
    """Compare the functions at special data with IEEE 754-2019, 9.2.1."""
    return agreement(special_rows(Float(2, -1, 1), change), 35, (), "Float(2,-1,1) at -0, -inf, inf, nan, -1")


def tiny_rows(twist: str) -> Iterator[Row]:
    """Yield functions at arguments so small or large that the value is a number and a speck, in a wider format."""
    members, fmt = ieee_members(4, -20, 5), Float(4, -20, 5)
    one = 1 << members.scale
    for name in ("exp", "log", "sin", "cos", "tan", "tanh"):
        for mode in MODES:
            units = [s * m << k for k in range(4, members.scale + 1, 3) for m in (1, 9, 15) for s in (1, -1)]
            units = [v for v in units if (v > 0 or name != "log") and (v != one or name != "log")]
            found = package_values(name, fmt, parse_rounding(twist or mode), members, units)
            for v, got in zip(units, found, strict=True):
                index = _taylor.correctly_rounded(members, ENCLOSURES[name], members.fraction(v), mode)
                yield "specks", (f"{fmt} {mode} {name}", members.fraction(v)), got, members.value(index)


SPECKS = "Float(4,-20,5) at m 2^k, |m| in 1, 9, 15, k in -19, -16, ..., -1; 7 modes"


def specks(twist: str = "") -> Outcome:
    """Compare functions near 0 in a format with many exponents."""
    each = len(range(4, 24, 3)) * 3
    return agreement(
        tiny_rows(twist),
        7 * (5 * 2 * each + each),
        (),
        SPECKS,
    )


def contained_rows(shrink: Fraction) -> Iterator[Row]:
    """Yield whether the package's enclosure, its width times `shrink`, contains that by series."""
    for name, function in ENCLOSURES.items():
        for x in (Fraction(1, 64), Fraction(5, 8), Fraction(3), Fraction(23, 2), Fraction(-7, 4)):
            if x > 0 or name != "log":
                low, high = function(x, 400)
                for bits in (8, 20, 53, 200):
                    found = enclose(name, Dyadic(x.numerator, 1 - x.denominator.bit_length()), bits)
                    ends = [v.c * Fraction(2) ** v.q for v in (found.lower, found.upper)] if found else [high, low]
                    middle, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2 * shrink
                    inside = middle - half <= low and high <= middle + half
                    yield "enclosures", (name, x, bits), str(inside), "True"


def enclosures_contain(shrink: Fraction = Fraction(1)) -> Outcome:
    """Check the containment of all functions."""
    return agreement(contained_rows(shrink), (6 * 5 - 1) * 4, (), "1/64, 5/8, 3, 23/2, -7/4 with 8, 20, 53, 200 bits")


PACKAGE = Statement(
    label="lem:exp@package",
    of_code=True,
    title="The package's elementary functions",
    mark="D",
    tex=(
        r"The package's exp, sqrt, log, sin, cos, tan and tanh are the real "
        r"values, rounded once, in every mode; beyond "
        r"the range exp saturates at $\Omega$ and goes to 0 or $\lambda$."
    ),
    uses=("def:round@package",),
    steps=(
        Step(
            id="exp-is-correctly-rounded",
            says="The exponential of every float, in the domain and outside it, agrees with an enclosure by series.",
            formal="for p in 2..4 in 7 modes and p = 5 to nearest, all x in F_p: exp(x) = round(e^x)",
            check=lambda: functions(("exp",), THOROUGH),
            cells=("exp",),
            mutants=(
                Mutant("ties away and down for all modes", lambda: functions(("exp",), THOROUGH, "RTN")),
                Mutant("one bit more", lambda: functions(("exp",), THOROUGH, "", 1)),
            ),
        ),
        Step(
            id="sqrt-is-correctly-rounded",
            says="The root of every float that is not negative agrees with comparisons of squares.",
            formal="for p in 2..4 in 7 modes and p = 5 to nearest, all x >= 0 in F_p: sqrt(x) = round(root of x)",
            check=roots,
            cells=("sqrt",),
            mutants=(Mutant("towards zero", lambda: roots("RTZ")),),
        ),
        Step(
            id="other-functions-are-correctly-rounded",
            says="So do log, sin, cos, tan and tanh.",
            formal="for p in 2..3 in 7 modes and every fifth x for p = 4, log sin cos tan tanh: as enclosed by series",
            check=lambda: functions(("log", "sin", "cos", "tan", "tanh"), BRIEF),
            cells=("log", "sin", "cos", "tan", "tanh"),
            mutants=(Mutant("upwards for all modes", lambda: functions(("cos",), BRIEF, "RTP")),),
        ),
        Step(
            id="specks-round-as-values",
            says="Near 0, where the value is a known number and a speck, they agree as well.",
            formal=(
                "for float(4,-20,5), 7 modes, arguments m 2^k down to the least normal numbers: as enclosed by series"
            ),
            check=specks,
            cells=("specks",),
            mutants=(Mutant("to nearest for all modes", lambda: specks("RNE")),),
        ),
        Step(
            id="enclosures-contain-the-value",
            says="The enclosures from which functions are rounded contain the value, also with few bits.",
            formal="for 6 functions at 5 arguments with 8, 20, 53, 200 bits: the enclosure contains that by series",
            check=enclosures_contain,
            cells=("enclosures",),
            mutants=(
                Mutant("no radius", lambda: enclosures_contain(Fraction(0))),
                Mutant("a thousandth of the radius", lambda: enclosures_contain(Fraction(1, 1000))),
            ),
        ),
        Step(
            id="special-data-of-functions",
            says="At zeros, infinities, NaN and outside their domains they follow IEEE 754-2019, 9.2.1.",
            formal="for 7 functions at -0, -inf, inf, nan, -1 in Float(2,-1,1): the listed datum",
            check=special_functions,
            cells=("special data",),
            mutants=(Mutant("no signed zero", lambda: special_functions(lambda w: w.replace("-0", "0x0p+0"))),),
        ),
    ),
)
