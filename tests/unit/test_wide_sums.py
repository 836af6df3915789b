"""Sums, products and matrix products of the wide engine: rationals for what is exact, the reference for every chain."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import reduce
from itertools import product

import pytest
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, Value, as_fraction, exact_add, round_value
from oracles.integers import exact_multiply as times
from oracles.verdict import expect_equal
from unit.wide_cases import KINDS, MODES, SEED, agrees, array, format_of, plain, points, spec_of, value

from precise.engines import wide, wide_products
from precise.engines.carrier import Objects, to_objects
from precise.engines.wide_sums import Summation
from precise.errors import UnsupportedError
from precise.formats.format import Float, unbounded
from precise.policy import Accumulate
from precise.rounding import RNE, RTP, SR, Overflow, Rounder

EXACT = Accumulate("exact", "exact")
ROUNDED = Accumulate("exact", "rounded")


def exact_total(terms: list[Value], mode: str) -> Value:
    """Return a sum before rounding, with the sign that IEEE 754 gives an exact zero."""
    if any(x in (NAN, POS_INF, NEG_INF) for x in terms):
        return reduce(lambda a, b: exact_add(a, b, mode), terms)
    total = sum(map(as_fraction, terms), Fraction(0))
    if total or not terms:
        return total
    signs = {x == NEG_ZERO for x in terms} if not any(map(as_fraction, terms)) else {True, False}
    return exact_add(NEG_ZERO if True in signs else Fraction(0), NEG_ZERO if False not in signs else Fraction(0), mode)


def hard_rows(spec: Spec, rng: random.Random, count: int, length: int) -> list[list[Value]]:
    """Return rows that cancel, that hold zeros of both signs, far terms, specials, and ordinary numbers."""
    assert spec.p is not None
    some = [x for x in points(spec, rng, 120) if not isinstance(x, str)]
    rows: list[list[Value]] = []
    for k in range(count):
        half = [rng.choice(some) for _ in range(length // 2)]
        row: list[Value] = [*half, *(-x for x in half)] + [Fraction(0)] * (length % 2)
        if k % 5 == 1:
            row = [rng.choice([Fraction(0), NEG_ZERO]) for _ in range(length)]
        if k % 5 == 2:
            row[:1] = [rng.choice((1, -1)) * Fraction(2) ** rng.choice((-3 * spec.p, 2 * spec.p, -spec.p - 1))]
        if k % 5 == 3:
            row = [rng.choice(points(spec, rng, 30)) for _ in range(length)]
        if k % 5 == 4:
            row = [NEG_ZERO] * length
        rng.shuffle(row)
        rows.append(row[:length])
    return rows


def matrix(rows: list[list[Value]], rng: random.Random) -> Objects:
    """Return rows as an array of mixed carriers."""
    return array([x for row in rows for x in row], rng).reshape(len(rows), len(rows[0]))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", [52, 53, 64, 113, 256, 1024])
def test_exact_sums_are_rounded_once(p: int, mode: str) -> None:
    rng = random.Random(f"{SEED} {p} {mode}")
    for spec in (spec_of(p, "IEEE"), spec_of(p, "no subnormals"), Spec("", p, None, None)):
        rows = hard_rows(spec, rng, 20, rng.choice((1, 2, 5, 8)))
        ours = wide.reduce_sum(matrix(rows, rng), EXACT, plain(format_of(spec), MODES[mode]))
        theirs = [round_value(exact_total(row, mode), spec, mode) for row in rows]
        expect_equal("sum", "rationals", f"{spec.name} {mode}", [value(x) for x in to_objects(ours)], theirs, rows)


@pytest.mark.parametrize("way", ["integer matrices", "exact dots"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", [53, 113, 256])
def test_exact_matrix_products_are_rounded_once(p: int, mode: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(f"{SEED} {p} {mode}")
    asked: list[object] = []
    integers = wide_products._by_integers
    monkeypatch.setattr(wide_products, "_by_integers", lambda *a: asked.append(a) or integers(*a))
    monkeypatch.setattr(wide_products, "FEWEST_PRODUCTS", 1 if way == "integer matrices" else 10**9)
    for spec, special in product((spec_of(p, "IEEE"), Spec("", p, None, None)), (False, True)):
        k = 6
        left, right = hard_rows(spec, rng, 6, k), hard_rows(spec, rng, 5, k)
        if not special:
            finite = [Fraction(rng.getrandbits(p) - 2 ** (p - 1), 2 ** rng.randrange(p)) for _ in range(40)]
            left, right = ([[rng.choice(finite) for _ in range(k)] for _ in range(n)] for n in (6, 4))
            a, b = finite[0], finite[1]
            left[0], right[0] = [a, b, a, b, a, b], [b, -a, b, -a, 2 * b, -2 * a]  # cancels
            left[1], left[2] = [Fraction(0)] * k, [NEG_ZERO] * k
        ours = wide.matmul(matrix(left, rng), matrix(right, rng).T, EXACT, plain(format_of(spec), MODES[mode]))
        entries = [(row, column) for row in left for column in right]
        theirs = [round_value(exact_total(list(map(times, *entry)), mode), spec, mode) for entry in entries]
        found = [value(x) for x in to_objects(ours).ravel().tolist()]
        expect_equal("matmul", "rationals", f"{spec.name} {mode} {way}", found, theirs, entries)
    assert bool(asked) == (way == "integer matrices")


ORDERS = [
    *(
        Accumulate(order, products)
        for order in ("sequential", "pairwise", "exact")
        for products in ("rounded", "exact")
    ),
    Accumulate("blocked", "rounded", size=3),
    Accumulate("split", "exact", size=2),
]


def accumulators(how: Accumulate, spec: Spec) -> list[Accumulate]:
    """Return the order in the results' format, a narrower and a wider one, and another mode."""
    assert spec.p is not None
    fields = {"signed_zero": spec.signed_zero}
    narrow = Float(spec.p - 4, -90, 90, **fields)
    kinds = [{}, {"format": narrow}, {"rounding": RTP}]
    if spec.signed_zero:
        kinds.append({"format": unbounded(spec.p + 7)})
    base = {"size": how.size} if how.size else {}
    found = [Accumulate(how.order, how.products, **base, **kind) for kind in kinds]  # type: ignore[arg-type]
    if how.products == "rounded":
        found.append(Accumulate(how.order, "rounded", product_format=narrow, **base))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ORDERS, ids=str)
def test_chains_are_those_of_the_reference(how: Accumulate, kind: str) -> None:
    rng, served = random.Random(f"{SEED} {how} {kind}"), 0
    spec = spec_of(56, kind)
    fmt = format_of(spec)
    for mode, variant in product(MODES.values(), accumulators(how, spec)):
        overflow = rng.choice([plain(fmt, mode).overflow, Overflow.SATURATE, Overflow.ERROR])
        results, length = Rounder(fmt, mode, overflow), rng.choice((0, 1, 2, 3, 7))
        rows = hard_rows(spec, rng, 6, length)
        if rng.random() < 0.6:
            rows = [[x for x in row if not isinstance(x, str)] for row in rows]
            rows = [row + [Fraction(1, 2**k) for k in range(length - len(row))] for row in rows]
        x = array([x for row in rows for x in row], rng).reshape(6, length)
        y = array([x for row in rows[:4] for x in row], rng).reshape(4, length)
        for request in ("reduce_sum", "reduce_prod", "cumulative_sum"):
            served += agrees(request, x, variant, results)
        served += agrees("matmul", x, y.T, variant, results)
    assert served >= 10


def test_batches_of_matrices_broadcast() -> None:
    rng, r = random.Random(SEED), plain(unbounded(64), RNE)
    x = array([Fraction(rng.getrandbits(60), 2**20) for _ in range(24)], rng).reshape(2, 1, 3, 4)
    y = array([Fraction(rng.getrandbits(60), 2**20) for _ in range(24)], rng).reshape(3, 4, 2)
    for how in (EXACT, ROUNDED, Accumulate("sequential", "exact")):
        assert agrees("matmul", x, y, how, r)
        assert agrees("matmul", x[:, :, :0], y, how, r)
        assert agrees("matmul", x[..., :0], y[:, :0], how, r)
    assert wide.matmul(x, y, EXACT, r).shape == (2, 3, 3, 2)


@pytest.mark.parametrize(
    ("request_name", "how", "results"),
    [
        ("reduce_sum", Accumulate("kahan", "rounded"), plain(unbounded(64), RNE)),
        ("reduce_sum", EXACT, plain(unbounded(64), SR)),
        ("reduce_prod", EXACT, plain(unbounded(64), RNE)),
        ("cumulative_sum", EXACT, plain(unbounded(64), RNE)),
        (
            "reduce_sum",
            Accumulate("sequential", "rounded", format_of(spec_of(64, "papers'"))),
            plain(unbounded(64), RNE),
        ),
    ],
)
def test_other_sums_are_refused(request_name: str, how: Accumulate, results: Rounder) -> None:
    x = array([Fraction(1)] * 6).reshape(2, 3)
    with pytest.raises(UnsupportedError):
        getattr(wide, request_name)(x, how, results)


def test_a_stack_of_products_shares_its_rounders() -> None:
    """What the policies of a rounder say of all sums is looked at once, however many matrices there are."""
    results, other = plain(Float(53, -1022, 1023), RNE), plain(Float(24, -126, 127), RNE)
    sums = Summation("matmul", Accumulate("exact", "rounded"), results)
    assert sums.joined(results) is sums.final
    assert sums.joined(other) is sums.joined(other)
    assert len(sums.rounders) == 2
