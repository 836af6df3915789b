"""The oracles of single operations against one another: integers, MPFR, Arb, and values known by hand."""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import numpy as np
import pytest
from oracles import binaryops, bulk, functions, mpfr, orders, sums, tally, wide
from oracles.floats import as_values
from oracles.hardsums import hard_terms
from oracles.integers import MODES, NEG_ZERO, Spec, exact_add, exact_multiply, round_value
from oracles.lanes import Exact, Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, paper, small
from oracles.orders import Order
from oracles.randombits import GAMMA, splitmix64
from oracles.sums import Plan
from oracles.verdict import expect_equal

SEED = tally.seeded("oracles of operations", 20250113)
BITS = 800


def rows(exact: Exact) -> list[object]:
    """Return results before rounding as comparable tuples."""
    fixed = [str(v) for v in exact.fixed]
    cells = zip(exact.negative.tolist(), exact.m.tolist(), exact.e.tolist(), exact.sticky.tolist(), strict=True)
    return [f if known else row for f, known, row in zip(fixed, exact.is_fixed.tolist(), cells, strict=True)]


@pytest.mark.parametrize("operation", binaryops.ARITHMETIC)
@pytest.mark.parametrize("spec", [BFLOAT16, BINARY64, small(40, -200, 200)], ids=lambda s: s.name)
def test_integers_agree_with_mpfr(spec: Spec, operation: str) -> None:
    a, b = bulk.pairs(spec, SEED, 1500)
    for mode in ("RNE", "RTN"):
        ours = rows(binaryops.exact_binary(operation, a, b, mode))
        theirs = rows(mpfr.exact_binary(operation, mpfr.column(a), mpfr.column(b), mode))
        expect_equal("oracles", "MPFR", f"{operation} {mode}", ours, theirs, list(zip(a, b, strict=True)))


def test_remainders_agree_with_mpfr() -> None:
    a, b = bulk.pairs(BFLOAT16, SEED, 1500)
    ctx = gmpy2.context(precision=2000)
    near = [ctx.remainder(x, y) for x, y in zip(mpfr.column(a), mpfr.column(b), strict=True)]
    expect_equal(
        "oracles",
        "MPFR",
        "ieee_remainder",
        rows(binaryops.exact_binary("ieee_remainder", a, b)),
        rows(functions.from_parts(mpfr.parts(narrowed(near)))),
        list(zip(a, b, strict=True)),
    )
    finite = np.isfinite(a) & np.isfinite(b) & (b != 0) & (a != 0)
    a, b = a[finite], b[finite]
    found = [ctx.fmod(x, y) for x, y in zip(mpfr.column(a), mpfr.column(b), strict=True)]
    moved = [ctx.add(r, y) if r != 0 and (r < 0) != (y < 0) else r for r, y in zip(found, mpfr.column(b), strict=True)]
    moved = [gmpy2.copy_sign(r, y) if r == 0 else r for r, y in zip(moved, mpfr.column(b), strict=True)]
    expect_equal(
        "oracles",
        "MPFR",
        "remainder",
        rows(binaryops.exact_binary("remainder", a, b)),
        rows(functions.from_parts(mpfr.parts(narrowed(moved)))),
        list(zip(a, b, strict=True)),
    )


def narrowed(values: list[gmpy2.mpfr]) -> list[gmpy2.mpfr]:
    """Return 62 truncated bits, with the flag that says what was cut."""
    return mpfr.run("round", gmpy2.context(precision=62, round=gmpy2.RoundToZero), [values])


def by_composition(operation: str, v: float) -> gmpy2.mpfr:
    """Return a function from others of MPFR, in many more bits than are compared."""
    with gmpy2.context(precision=BITS):
        x = gmpy2.mpfr(v)
        if operation in ("sinpi", "cospi"):
            turn = gmpy2.fmod(x, 2) * gmpy2.const_pi()
            return gmpy2.sin(turn) if operation == "sinpi" else gmpy2.cos(turn)
        if operation == "gelu":
            return x * gmpy2.erfc(-x / gmpy2.sqrt(gmpy2.mpfr(2))) / 2
        return (x if operation == "silu" else 1) / (1 + gmpy2.exp(-x))


@pytest.mark.parametrize("operation", functions.COMPOSED)
def test_enclosures_agree_with_compositions_of_mpfr(operation: str) -> None:
    x = bulk.arguments(BINARY32, SEED, 800)
    x = x[np.isfinite(x) & (abs(x) > 2.0**-100) & (abs(x) < 24) & (2 * x != np.trunc(2 * x))]
    ours = functions.exact_unary(operation, x)
    theirs = functions.from_parts(mpfr.parts(narrowed([by_composition(operation, v) for v in x.tolist()])))
    expect_equal("oracles", "MPFR compositions", operation, rows(ours), rows(theirs), x.tolist())


KNOWN = [
    *(("sinpi", v, w) for v, w in ((1.0, 0.0), (-1.0, -0.0), (0.5, 1.0), (1.5, -1.0), (2.5, 1.0), (-0.5, -1.0))),
    *(("cospi", v, w) for v, w in ((1.0, -1.0), (0.5, 0.0), (-1.5, 0.0), (2.0**60, 1.0), (3.0, -1.0), (-0.0, 1.0))),
    *(("sinpi", v, w) for v, w in ((-0.0, -0.0), (2.0**60, 0.0), (np.inf, np.nan))),
    *(("rsqrt", v, w) for v, w in ((-0.0, -np.inf), (0.0, np.inf), (np.inf, 0.0), (-1.0, np.nan), (0.25, 2.0))),
    *(("sigmoid", v, w) for v, w in ((0.0, 0.5), (-np.inf, 0.0), (np.inf, 1.0))),
    *((f, v, w) for f in ("silu", "gelu") for v, w in ((-0.0, -0.0), (-np.inf, -0.0), (np.inf, np.inf))),
    *(("round", v, w) for v, w in ((0.5, 0.0), (-0.5, -0.0), (1.5, 2.0), (2.5, 2.0), (-2.5, -2.0))),
    *(("ceil", v, w) for v, w in ((-0.5, -0.0), (0.25, 1.0), (-1.5, -1.0))),
    *(("floor", v, w) for v, w in ((-0.5, -1.0), (0.25, 0.0), (-0.0, -0.0))),
]


def plain(exact: Exact) -> list[float]:
    """Return exact results as floats."""
    assert not exact.sticky.any()
    value = np.ldexp(exact.m.astype(np.float64), exact.e.astype(np.int32)) * np.where(exact.negative, -1, 1)
    return np.where(exact.is_fixed, exact.fixed, value).tolist()


def test_values_known_by_hand() -> None:
    found = [plain(functions.exact_unary(f, np.array([v])))[0].hex() for f, v, _ in KNOWN]
    expect_equal("oracles", "by hand", "functions", found, [float(w).hex() for *_, w in KNOWN], KNOWN)


PAIRS = [
    *(("remainder", 5.0, -3.0, -1.0), ("remainder", -6.0, 3.0, 0.0), ("remainder", 6.0, -3.0, -0.0)),
    *(("remainder", 1.0, -np.inf, -np.inf), ("remainder", -1.0, np.inf, np.inf), ("remainder", -0.0, 2.0, 0.0)),
    *(("ieee_remainder", 5.0, 3.0, -1.0), ("ieee_remainder", 6.0, 4.0, -2.0), ("ieee_remainder", -6.0, 3.0, -0.0)),
    *(("ieee_remainder", 2.0, 4.0, 2.0), ("ieee_remainder", 1.0, -np.inf, 1.0), ("ieee_remainder", 1.0, 0.0, np.nan)),
    *(("maximum", -0.0, 0.0, 0.0), ("minimum", 0.0, -0.0, -0.0), ("maximum", 1.0, np.nan, np.nan)),
    *(("maximum_number", np.nan, 1.0, 1.0), ("minimum_number", -0.0, np.nan, -0.0), ("minimum", 1.0, 2.0, 1.0)),
    *(
        ("pow", -1.0, np.inf, 1.0),
        ("pow", np.nan, 0.0, 1.0),
        ("pow", -0.0, -3.0, -np.inf),
        ("pow", -8.0, 1 / 3, np.nan),
    ),
    *(("hypot", np.inf, np.nan, np.inf), ("hypot", -3.0, 4.0, 5.0), ("atan2", -0.0, 1.0, -0.0)),
]


def test_pairs_known_by_hand() -> None:
    found = [plain(binaryops.exact_binary(f, np.array([a]), np.array([b])))[0].hex() for f, a, b, _ in PAIRS]
    expect_equal("oracles", "by hand", "pairs", found, [float(w).hex() for *_, w in PAIRS], PAIRS)


def test_fused_multiply_add_agrees_with_rationals() -> None:
    a, b, c = bulk.triples(BINARY16, SEED, 1200)
    for mode in ("RNE", "RTN"):
        slow = [exact_add(exact_multiply(x, y), z, mode) for x, y, z in zip(*map(as_values, (a, b, c)), strict=True)]
        ours = rows(binaryops.exact_fma(a, b, c, mode))
        expect_equal(
            "oracles",
            "rationals",
            f"fma {mode}",
            ours,
            rows(functions.from_parts(map(binaryops.as_row, slow))),
            list(zip(a, b, c, strict=True)),
        )


@pytest.mark.parametrize("mode", MODES)
def test_wide_rounding_agrees_with_quotient_and_remainder(mode: str) -> None:
    spec = small(5, -3, 3)
    numbers = [(c, k) for c in range(1, 400) for k in (-14, -9, -8, -4)] + [(255, -4), (1, 4), (31, -1), (63, -2)]
    for sign in (1, -1):
        ours = [wide.round_row((sign < 0, c, k, False), spec, mode) for c, k in numbers]
        theirs = [round_value(sign * c * Fraction(2) ** k, spec, mode) for c, k in numbers]
        back = [v if isinstance(v, str) else Fraction(v[0]) * Fraction(2) ** v[1] for v in ours]
        expect_equal("oracles", "integers", f"wide {mode}", back, theirs, numbers)
        sticky = [wide.round_row((sign < 0, c << 8, k - 8, True), spec, mode) for c, k in numbers]
        above = [round_value(sign * (c + Fraction(1, 1000)) * Fraction(2) ** k, spec, mode) for c, k in numbers]
        back = [v if isinstance(v, str) else Fraction(v[0]) * Fraction(2) ** v[1] for v in sticky]
        expect_equal("oracles", "integers", f"wide sticky {mode}", back, above, numbers)


def test_splitmix_gives_its_published_numbers() -> None:
    state, found = 1234567, []
    for _ in range(3):
        found.append(splitmix64(state))
        state = (state + GAMMA) % 2**64
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    expect_equal("oracles", "published", "SplitMix64", found, published, [1, 2, 3])
    assert splitmix64(0) == 0xE220A8397B1DCDAF


@pytest.mark.parametrize("kind", ["sequential", "pairwise", "exact"])
@pytest.mark.parametrize("accumulator", [None, BINARY32], ids=str)
def test_orders_agree_with_the_older_oracle(kind: str, accumulator: Spec | None) -> None:
    terms = [as_values(row) for n in (1, 4, 7) for row in hard_terms(BFLOAT16, SEED, 60, n)]
    for mode in MODES:
        ours = [orders.total(row, Order(kind, accumulator=accumulator), BFLOAT16, mode) for row in terms]
        theirs = [sums.total(row, Plan(kind, accumulator=accumulator), BFLOAT16, mode) for row in terms]
        expect_equal("oracles", "second oracle", f"{kind} {mode}", ours, theirs, terms)


def doubled(order: Order, x: Floats) -> object:
    """Return a sum in binary64."""
    return orders.total(as_values(x), order, BINARY64, "RNE")


def test_orders_known_by_hand() -> None:
    x = np.array([1.0, 1e100, 1.0, -1e100])
    assert [doubled(Order(k), x) for k in ("sequential", "kahan", "neumaier", "exact")] == [0, 0, 2, 2]
    y = np.array([1.0, *[2.0**-53] * 8])
    assert doubled(Order("sequential"), y) == 1
    assert doubled(Order("kahan"), y) == doubled(Order("exact"), y) == 1 + Fraction(1, 2**50)
    assert doubled(Order("blocked", size=3), y) == 1 + Fraction(1, 2**50)
    assert doubled(Order("split", size=3), y) == 1 + Fraction(1, 2**50)
    z = np.array([4096.0, 0.25, -4096.0, 0.25])
    assert doubled(Order("tensor-core", size=4, bits=14), z) == 0
    assert doubled(Order("tensor-core", size=4, bits=15), z) == Fraction(1, 2)
    assert doubled(Order("promoted", size=2, inner=Order("tensor-core", size=2, bits=14)), z) == 0
    assert doubled(Order("tensor-core", size=1, bits=2, align="RAZ"), np.array([1.25])) == Fraction(3, 2)
    assert orders.total(["-0", "-0"], Order("blocked", size=1), BINARY64, "RNE") == NEG_ZERO
    assert orders.total([Fraction(5), Fraction(-5)], Order("tensor-core", size=2, bits=8), paper(3), "RTZ") == 0
    tally.count("oracles", "by hand", 16)
