"""Exact sums of rounded products of many bits against rationals: each product rounded by the oracle, all added."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import gmpy2
import pytest
from oracles.integers import Spec, Value, round_value
from oracles.integers import exact_multiply as times
from oracles.verdict import expect_equal
from unit.test_wide_sums import ROUNDED, exact_total, hard_rows, matrix
from unit.wide_cases import MODES, format_of, plain, spec_of, value

from precise.dyadic import Dyadic
from precise.engines import compiled, wide, wide_dots, wide_products
from precise.engines.carrier import to_objects
from precise.engines.wide_numbers import mpfr_of
from precise.engines.wide_rounding import WideRounder
from precise.formats.format import Float, Format, unbounded
from precise.policy import Accumulate
from precise.rounding import RNE, Overflow, Rounder

pytestmark = pytest.mark.skipif(compiled.extension() is None, reason="the extension is not built")

SEED = 20250823
Rows = list[list[Fraction]]


def mpfr_rows(rows: Rows) -> list[list[gmpy2.mpfr]]:
    """Return rows as MPFR numbers of as many bits as each needs."""
    return [[mpfr_of(Dyadic.from_fraction(x), 2) for x in row] for row in rows]


def sums(rows: Rows, columns: Rows, fmt: Format, mode: str) -> list[Fraction] | None:
    """Return what the extension finds."""
    rounder = WideRounder(Rounder(fmt, MODES[mode], Overflow.INFINITY))
    found = wide_dots.sums_of_rounded(mpfr_rows(rows), mpfr_rows(columns), rounder)
    return None if found is None else [Fraction(*map(int, x.as_integer_ratio())) for x in found]


def expected(rows: Rows, columns: Rows, p: int, mode: str) -> list[Fraction]:
    """Return the same by rationals."""
    spec = Spec("", p, None, None)
    pairs = product(rows, columns)
    return [
        sum((Fraction(round_value(a * b, spec, mode)) for a, b in zip(*pair, strict=True)), Fraction(0))
        for pair in pairs
    ]


def numbers(p: int, width: int, rng: random.Random) -> list[Fraction]:
    """Return numbers of up to `width` bits: zeros, single bits, all ones, and factors of midpoints of p bits."""
    ones, tie = (1 << width) - 1, (1 << p) // 3 | 1  # 3 times an odd number of so many bits has p or p + 1
    some = [0, 1, 3, ones, ones - 1, (1 << width - 1) + 1, tie, tie + 2, tie * 2 + 1, rng.getrandbits(width) | 1]
    some += [3 << width >> 2 | 1]  # times 2**(width - 1) + 1: far below a midpoint's last bit, one bit more
    some += [rng.getrandbits(width) | 1 << width - 1 for _ in range(6)]
    cut = [c >> max(0, c.bit_length() - width) for c in some]
    return [rng.choice((1, -1)) * Fraction(c) / (1 << c.bit_length() + rng.randrange(-3, 4) + 3) for c in cut]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", [2, 11, 53, 62, 63, 64, 65, 113, 127, 128, 256, 320, 384, 385, 1024, 1280])
def test_products_are_rounded_and_added_exactly(p: int, mode: str) -> None:
    rng = random.Random(f"{SEED} {p} {mode}")
    for width in {p, min(p, 20), 64, max(2, p * 3 // 5), min(p + 65, wide_dots.TO)}:
        some = numbers(p, width, rng)
        rows, columns = ([[rng.choice(some) for _ in range(9)] for _ in range(n)] for n in (5, 4))
        rows[0] = [*rows[0][:4], *(-x for x in rows[0][:4]), Fraction(0)]
        columns[0] = [*columns[0][:4], *columns[0][:4], rng.choice(some)]  # cancels, unless a mode is of one direction
        found = sums(rows, columns, unbounded(p), mode)
        assert found is not None
        assert found == expected(rows, columns, p, mode), (p, width, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("n", [5, 6, 7, 20])
def test_one_bit_far_below_a_midpoint_or_a_member(n: int, mode: str) -> None:
    """Products of 64 n bits that the upper words do not tell from a midpoint, a member, or the next one."""
    p = 64 * n
    low, high = Fraction(1 << p - 1), Fraction((1 << p) - 1)
    rows = [[low + 1], [low + 2], [high], [high - 1]]
    columns = [[low + (low / 2) + 1], [low + (low / 2) - 1], [low + 1], [low - 1], [high], [high - 2]]
    assert sums(rows, columns, unbounded(p), mode) == expected(rows, columns, p, mode)


@pytest.mark.parametrize("mode", MODES)
def test_all_products_of_short_numbers(mode: str) -> None:
    """Every pair of integers below 2**7, alone, to 2 .. 6 bits: midpoints, carries into the next binade, exact ones."""
    integers = [[Fraction(c)] for c in range(-127, 128)]
    for p in (2, 3, 6):
        assert sums(integers, integers, unbounded(p), mode) == expected(integers, integers, p, mode)


@pytest.mark.parametrize("p", [113, 640])
def test_terms_far_apart_are_added_exactly(p: int) -> None:
    rng = random.Random(f"{SEED} {p} apart")
    for spread in (64, 640, 3000):
        rows, columns = (
            [
                [numbers(p, p, rng)[-1] * Fraction(2) ** rng.choice((-spread, 0, spread)) for _ in range(6)]
                for _ in range(3)
            ]
            for _ in range(2)
        )
        for mode in ("RNE", "RTP"):
            assert sums(rows, columns, unbounded(p), mode) == expected(rows, columns, p, mode), spread
    one = [[Fraction(1), Fraction(1, 1 << 13000)]]
    assert sums(one, one, unbounded(p), "RNE") is None


def test_long_carries() -> None:
    """A sum whose least bit carries through all of it, and one that is taken back."""
    big, least = Fraction((1 << 128) - 1), Fraction(1)
    for terms in (
        [big, least],
        [-big, -least],
        [big, least, -least],
        [big + 1, -least],
        [-big - 1, least],
        [big, -big],
    ):
        rows = [[*terms, *[Fraction(0)] * (3 - len(terms))]]
        assert sums(rows, [[Fraction(1)] * 3], unbounded(128), "RNE") == [sum(terms)]
    # Terms that round up to the next word, at a place where two of them fill it.
    assert sums([[big, big, big, least]], [[big] * 4], unbounded(2), "RNE") == [3 * (1 << 256) + (1 << 128)]
    many = [[Fraction((1 << 64) - 1)] * 300]
    assert sums(many, [[Fraction(1)] * 300], unbounded(64), "RNE") == [300 * Fraction((1 << 64) - 1)]


def test_products_that_may_leave_the_normal_numbers_are_left_to_others() -> None:
    fmt, least, most = Float(64, -100, 101), Fraction(1, 1 << 100), Fraction(1 << 101)
    for x, is_served in ((least * 2, True), (least * 3 / 2, True), (least, True), (least / 2, False)):
        assert (sums([[x]], [[Fraction(1)]], fmt, "RNE") is not None) == is_served, x
    # In the last binade a product of longer factors may round to 2**102.
    for x, is_served in ((most / 8, True), (most / 4, True), (most / 2, False), (most, False)):
        assert (sums([[x]], [[Fraction(1)]], fmt, "RNE") is not None) == is_served, x
    rounder = WideRounder(Rounder(unbounded(64), RNE, Overflow.INFINITY))
    for special in ("inf", "nan"):
        assert wide_dots.sums_of_rounded([[gmpy2.mpfr(special)]], [[gmpy2.mpfr(1)]], rounder) is None
    assert sums([[Fraction((1 << wide_dots.TO + 1) - 1)]], [[Fraction(1)]], unbounded(64), "RNE") is None
    assert sums([[Fraction(0)]], [[Fraction(0)]], fmt, "RNE") == [0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", [53, 113, 256])
def test_matrix_products_with_rounded_terms(p: int, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole path, with subnormal products, overflow, specials and zeros of both signs, which are left to MPFR."""
    rng = random.Random(f"{SEED} {p} {mode} whole")
    asked: list[bool] = []
    ask = wide_dots.sums_of_rounded

    def spy(*arguments: object) -> object:
        """Ask, and note whether it served."""
        found = ask(*arguments)  # type: ignore[arg-type]
        asked.append(found is not None)
        return found

    monkeypatch.setattr(wide_dots, "sums_of_rounded", spy)
    monkeypatch.setattr(wide_products, "FEWEST_PRODUCTS", 1)
    specs = [spec_of(p, "IEEE"), spec_of(p, "no subnormals"), Spec("", p, None, None)]
    for spec, inner, special in product(specs, (None, unbounded(p + 5), unbounded(p - 7)), (False, True)):
        product_spec = spec if inner is None else Spec("", inner.p, None, None)
        left, right = hard_rows(spec, rng, 6, 6), hard_rows(spec, rng, 5, 6)
        if not special:
            some: list[Value] = [Fraction(rng.getrandbits(p) - 2 ** (p - 1), 2 ** rng.randrange(p)) for _ in range(40)]
            left, right = ([[rng.choice(some) for _ in range(6)] for _ in range(n)] for n in (6, 4))
            left[1] = [Fraction(0)] * 6
        how = ROUNDED if inner is None else Accumulate("exact", "rounded", product_format=inner)
        ours = wide.matmul(matrix(left, rng), matrix(right, rng).T, how, plain(format_of(spec), MODES[mode]))
        entries = [(row, column) for row in left for column in right]
        terms = [[round_value(times(a, b), product_spec, mode) for a, b in zip(*e, strict=True)] for e in entries]
        theirs = [round_value(exact_total(row, mode), spec, mode) for row in terms]
        found = [value(x) for x in to_objects(ours).ravel().tolist()]
        expect_equal("matmul", "rationals", f"{spec.name} {mode} {special}", found, theirs, entries)
    assert asked.count(True) > 5 and asked.count(False) > 5


def test_the_call_refuses_what_does_not_fit() -> None:
    """Numbers of more words than said are left to others, and what contradicts itself is an error."""
    module = compiled.extension()
    assert module is not None
    long, short = (gmpy2.to_binary(mpfr_of(Dyadic(c, 0), 2)) for c in ((1 << 128) - 1, 3))
    bounds = (-1000, 1000)
    assert module.rounded_dots(64, 0, 1, *bounds, 1, [long], [short]) is None
    assert module.rounded_dots(64, 0, 1, *bounds, 1, [short], [long]) is None
    assert len(module.rounded_dots(64, 0, 2, *bounds, 1, [short], [long])) == 1
    for p, mode, n, length in (
        (127, 0, 1, 1),
        (64, 7, 1, 1),
        (64, -1, 1, 1),
        (0, 0, 1, 1),
        (64, 0, 0, 1),
        (64, 0, 1, 2),
    ):
        with pytest.raises(ValueError, match="must fit the numbers"):
            module.rounded_dots(p, mode, n, *bounds, length, [short], [short])
    with pytest.raises(TypeError):
        module.rounded_dots(64, 0, 1, *bounds, 1, [short], [3])
