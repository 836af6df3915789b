"""The operations of `precise` against exact fractions, rounded by search; special data by the rules of IEEE 754."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from precise.claims import Mutant, Statement, Step
from precise.dyadic import Dyadic
from precise.errors import DomainError
from precise.formats import Float, Format, paper_float
from precise.rounding import Overflow, Rounding, Underflow, parse_rounding
from precise.semantics import rounded
from precise.semantics.array import Array
from precise.semantics.rounded import Rounded
from proofs._float_evidence import Outcome, Row, Value, agreement
from proofs._package_accumulation import FAR_CELLS, LOW, ORDER_CELLS, far_sums, orders_of_addition
from proofs._package_rounding import Case, seen
from proofs._rounding_by_search import MODES, ieee_members, paper_members
from proofs._special_data import element, exact, extreme, negated, negative, related

RELATIONS = ("less", "less_equal", "equal", "not_equal", "greater", "greater_equal")
ARITHMETIC = ("add", "subtract", "multiply", "divide")
UNARY = ("negative", "abs", "square")
ENGINES = (None, "reference")


def array(xp: Rounded, data: Iterable[Value]) -> Array:
    """Return data as an array of the namespace; they are members, so nothing is rounded."""
    return xp.asarray([element(x) for x in data])


def right(case: Case, op: str, x: Value, y: Value, mode: str) -> Value:
    """Return the correctly rounded result in the case's format."""
    result = exact(op, x, y, mode)
    if isinstance(result, str):
        return Fraction(0) if result == "-0" and not case.format.signed_zero else result
    scaled = Fraction(result) * 2**case.members.scale
    return case.right(scaled.numerator, scaled.denominator, mode)


def operation_rows(case: Case, data: list[Value], mode: str, engine: str | None, twist: str) -> Iterator[Row]:
    """Yield all results of all pairs of `data` in one mode and engine; `twist` replaces the package's mode."""
    rounding: Rounding = parse_rounding(twist or mode)
    xp = rounded(case.format, rounding, overflow=case.overflow, underflow=case.underflow, engine=engine)
    xs = array(xp, data)
    column, row = xp.reshape(xs, (len(data), 1)), xp.reshape(xs, (1, len(data)))
    at = f"{case.format} {mode} {engine or 'automatic'}"
    for op in ARITHMETIC:
        divisors = [y for y in data if op != "divide" or y != 0 or case.format.infinities]
        second = row if len(divisors) == len(data) else xp.reshape(array(xp, divisors), (1, len(divisors)))
        found = getattr(xp, op)(column, second).elements()
        for i, x in enumerate(data):
            for j, y in enumerate(divisors):
                yield case.name, (at, op, x, y), seen(found[i, j]), right(case, op, x, y, mode)
    if twist or mode != "RNE":
        return
    yield from order_rows(case.name, at, xp, data)
    for op in UNARY:
        found = getattr(xp, op)(xs).elements()
        for i, x in enumerate(data):
            yield case.name, (at, op, x), seen(found[i]), unary(case, op, x, mode)


def order_rows(cell: str, at: str, xp: Rounded, data: list[Value]) -> Iterator[Row]:
    """Yield all comparisons and extrema of all pairs."""
    xs = array(xp, data)
    column, row = xp.reshape(xs, (len(data), 1)), xp.reshape(xs, (1, len(data)))
    for op in RELATIONS:
        truth = getattr(xp, op)(column, row).elements()
        for i, x in enumerate(data):
            for j, y in enumerate(data):
                yield cell, (at, op, x, y), str(bool(truth[i, j])), str(related(op, x, y))
    for op in ("maximum", "minimum"):
        found = getattr(xp, op)(column, row).elements()
        for i, x in enumerate(data):
            for j, y in enumerate(data):
                yield cell, (at, op, x, y), seen(found[i, j]), extreme(op, x, y)


def wide_order(change: Callable[[Value], Value] = lambda x: x) -> Outcome:
    """Compare order and extrema where no float64 holds the numbers; `change` is applied to what the package gives."""
    far = Fraction(2) ** 1400
    data: list[Value] = [
        Fraction(0),
        "-0",
        Fraction(1),
        Fraction(-1),
        far,
        -far,
        3 / far,
        -3 / far,
        "inf",
        "-inf",
        "nan",
    ]
    xp = rounded(Float(3, -1500, 1500))
    rows = (
        (cell, at, change(got), right) for cell, at, got, right in order_rows("wide", "float(3,-1500,1500)", xp, data)
    )
    return agreement(rows, 8 * len(data) ** 2, (), "all pairs of 11 listed data of Float(3,-1500,1500)")


def unary(case: Case, op: str, x: Value, mode: str) -> Value:
    """Return -x, |x| or x^2, rounded."""
    if op == "square":
        return right(case, "multiply", x, x, mode)
    result = negated(x) if op == "negative" or negative(x) else x
    return Fraction(0) if result == "-0" and not case.format.signed_zero else result


def paper_data(p: int) -> list[Value]:
    """Return all floats of F_p."""
    members = paper_members(p)
    return [members.fraction(v) for v in members.signed()]


def small_data() -> tuple[Case, list[Value]]:
    """Return a format of 19 data, zeros, infinities and NaN included."""
    members = ieee_members(2, -1, 1)
    case = Case("special data", Float(2, -1, 1), members, Overflow.INFINITY)
    return case, [*(members.fraction(v) for v in members.signed()), "-0", "inf", "-inf", "nan"]


def paper_case(p: int, shift: int = 0) -> Case:
    """Return F_p with saturation."""
    return Case(f"F_{p}", paper_float(p + shift), paper_members(p), Overflow.SATURATE)


def fast_rows(p: int, engines: tuple[str | None, ...], twist: str) -> Iterator[Row]:
    """Yield the arithmetic of all pairs of F_p to nearest, in units of the least quantum."""
    members, data = paper_members(p), list(paper_members(p).signed())
    one = 2**members.scale
    quotients = {y: (one, y) if y > 0 else (-one, -y) for y in data if y}
    exact = {
        "add": [(x + y, 1) for x in data for y in data],
        "subtract": [(x - y, 1) for x in data for y in data],
        "multiply": [(x * y, one) for x in data for y in data],
        "divide": [(x * quotients[y][0], quotients[y][1]) for x in data for y in data if y],
    }
    for op, results in exact.items():
        right = [members.value(members.rounded(n, d)) for n, d in results]
        for engine in engines:
            xp = rounded(paper_float(p), twist or "RNE", engine=engine)
            xs = xp.asarray([Dyadic(x, -members.scale) for x in data])
            ys = xp.asarray([Dyadic(y, -members.scale) for y in data if y or op != "divide"])
            found = getattr(xp, op)(xp.reshape(xs, (-1, 1)), xp.reshape(ys, (1, -1))).elements().ravel().tolist()
            for i, (x, r) in enumerate(zip(found, right, strict=True)):
                got = x.c << (x.q + members.scale) if x.q + members.scale >= 0 else str(x)
                yield f"F_{p}", (f"F_{p} {engine or 'automatic'} {op}, pair", i), got, r


def every_engine(twist: str = "") -> Outcome:
    """Compare the arithmetic of all pairs by every engine."""
    rows = (row for p in (2, 3) for row in fast_rows(p, ENGINES, twist))
    sizes = [2 ** (2 * p + 1) + 1 for p in (2, 3)]
    return agreement(rows, sum(len(ENGINES) * (4 * n * n - n) for n in sizes), (2, 3), "to nearest")


def paper_pairs(p: int, modes: tuple[str, ...], twist: str = "") -> Outcome:
    """Compare all pairs of floats of F_p by the reference engine."""
    data, case = paper_data(p), paper_case(p)
    rows = (row for mode in modes for row in operation_rows(case, data, mode, "reference", twist))
    n = len(data)
    extra = ("RNE" in modes and not twist) * (8 * n * n + 3 * n)
    return agreement(rows, len(modes) * (4 * n * n - n) + extra, (), f"all pairs of F_{p}, {len(modes)} modes")


def special_pairs(twist: str = "") -> Outcome:
    """Compare all pairs of a format with special data, in all modes, under gradual underflow and flushing."""
    case, data = small_data()
    flushed = Case("flushed", case.format, case.members, Overflow.INFINITY, Underflow.FLUSH)
    rows = (
        row
        for c, numbers in ((case, data), (flushed, normals(case, data)))
        for mode in MODES
        for engine in ENGINES
        for row in operation_rows(c, numbers, mode, engine, twist)
    )
    n, k = len(data), len(normals(case, data))
    expected = 7 * 4 * (n * n + k * k) + 8 * (n * n + k * k) + 3 * (n + k)
    return agreement(rows, len(ENGINES) * expected, (), "all pairs of the 19 data of Float(2,-1,1)")


def normals(case: Case, data: list[Value]) -> list[Value]:
    """Return the data without subnormal numbers, which flushing does not leave as they are."""
    least = case.members.fraction(case.members.normal)
    return [x for x in data if isinstance(x, str) or x == 0 or abs(Fraction(x)) >= least]


def zero_divisor(fmt: Format, op: str = "divide") -> Outcome:
    """Check that a zero divisor is refused where the format has neither infinity nor NaN."""

    def rows() -> Iterator[Row]:
        xp = rounded(fmt)
        for x in (Fraction(1), Fraction(0), Fraction(-1)):
            try:
                getattr(xp, op)(array(xp, [x]), array(xp, [Fraction(0)]))
                got = "a result"
            except DomainError:
                got = "refused"
            yield "zero divisor", f"{op} {x}, 0", got, "refused"

    return agreement(rows(), 3, (), "1, 0, -1 in F_2")


PACKAGE = Statement(
    label="lem:ops-correct@package",
    of_code=True,
    title="The package's operations",
    mark="D",
    tex=(
        r"The package's $+,-,\times,\div$, comparisons and sums are the exact results, rounded "
        r"once as the policy says."
    ),
    uses=("lem:ops-correct", "def:round@package"),
    steps=(
        Step(
            id="all-pairs-in-every-mode",
            says=r"All pairs of $\mathbb F_2$, in seven modes: arithmetic, comparisons, extrema, negation.",
            formal="for all x, y in F_2, 7 modes, engine reference: the package's result is exact-then-round by search",
            check=lambda: paper_pairs(2, MODES),
            cells=("F_2",),
            mutants=(
                Mutant("ties away", lambda: paper_pairs(2, ("RNE",), "RNA")),
                Mutant("upwards for away", lambda: paper_pairs(2, ("RAZ",), "RTP")),
            ),
        ),
        Step(
            id="all-pairs-in-every-engine",
            says=(
                r"All pairs of $\mathbb F_2$ and $\mathbb F_3$ to nearest, by the reference engine and "
                r"by the engine chosen by itself."
            ),
            formal="for p in 2..3, x, y in F_p, RNE, engines reference and automatic: exact-then-round by search",
            check=lambda: every_engine(),
            cells=("F_2", "F_3"),
            mutants=(Mutant("towards zero", lambda: every_engine("RTZ")),),
        ),
        Step(
            id="special-data",
            says="Zeros of both signs, infinities and NaN follow IEEE 754-2019, with gradual underflow and flushing.",
            formal="for all pairs of Float(2,-1,1), 19 data, 7 modes: the result that clauses 6 and 7 name",
            check=special_pairs,
            cells=("special data", "flushed"),
            mutants=(Mutant("downwards for all modes", lambda: special_pairs("RTN")),),
        ),
        Step(
            id="order-of-wide-numbers",
            says="Comparisons and extrema are right where no machine number holds the operands, special data included.",
            formal="for all pairs of 11 data of Float(3,-1500,1500): six comparisons, maximum, minimum",
            check=wide_order,
            cells=("wide",),
            mutants=(
                Mutant("no signed zero", lambda: wide_order(lambda x: Fraction(0) if x == "-0" else x)),
                Mutant("everything ordered", lambda: wide_order(lambda x: "True" if x == "False" else x)),
            ),
        ),
        Step(
            id="zero-divisors-are-refused",
            says="A format without infinity and NaN refuses a zero divisor.",
            formal="for x in {1, 0, -1} in F_2: x / 0 raises an error",
            check=lambda: zero_divisor(paper_float(2)),
            cells=("zero divisor",),
            mutants=(
                Mutant("a product instead", lambda: zero_divisor(paper_float(2), "multiply")),
                Mutant("a format with infinities", lambda: zero_divisor(Float(2, -1, 1))),
            ),
        ),
        Step(
            id="far-terms-leave-their-sign",
            says="In sums of terms far apart the small ones act by their sign only, in every mode.",
            formal="for all listed sums of F_8, and beyond 2^(2^40), 7 modes: exact-then-round by search",
            check=far_sums,
            cells=FAR_CELLS,
            mutants=(
                Mutant(
                    "tiny terms dropped",
                    lambda: far_sums(lambda terms: tuple((0 if e == LOW else m, e) for m, e in terms)),
                ),
                Mutant(
                    "tiny terms negated",
                    lambda: far_sums(lambda terms: tuple((-m if e == LOW else m, e) for m, e in terms)),
                ),
            ),
        ),
        Step(
            id="sums-accumulate-as-declared",
            says="Sequential, pairwise and exact sums, products and inner products round where their policy says.",
            formal="for all 4-tuples of 5 numbers of F_2, 8 ways: each step rounded by search",
            check=orders_of_addition,
            cells=ORDER_CELLS,
            mutants=(Mutant("orders exchanged", lambda: orders_of_addition(True)),),
        ),
    ),
)
