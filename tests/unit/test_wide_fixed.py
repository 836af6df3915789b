"""The extension's functions to many bits against MPFR with more of them: errors, decisions, what is left to others."""

from __future__ import annotations

import random
from collections.abc import Iterator

import gmpy2
import pytest

from precise import RNE, Float, Rounding, rounded, unbounded
from precise.engines import compiled, wide_fixed
from precise.engines.wide_fixed import FIXED_TO, call_for, stand_ins, values, words_of
from precise.engines.wide_functions import LONGEST_EXPONENT, function_values
from precise.engines.wide_rounding import WideRounder
from precise.errors import UnsupportedError
from precise.rounding import Overflow, Rounder

pytestmark = pytest.mark.skipif(compiled.extension() is None, reason="the extension is not built")

SEED = 20250821
PRECISIONS = (2, 24, 53, 88, 89, 113, 152, 256, 340, 530, 1024, 1304, 1432, 1433, 2041, 3072, 4400, 6700, 7200, 12800)
MODES = (gmpy2.RoundToNearest, gmpy2.RoundToZero, gmpy2.RoundUp, gmpy2.RoundDown, gmpy2.RoundAwayZero)


def context(bits: int, mode: int = gmpy2.RoundToNearest) -> gmpy2.context:
    """Return a context of MPFR's whole range."""
    return gmpy2.context(precision=bits, round=mode, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max())


def points(op: str, p: int, rng: random.Random) -> Iterator[gmpy2.mpfr]:
    """Yield arguments of up to 2 p bits: of all sizes, beside multiples of log 2 and pi/4, beside 1, on entries."""
    fine, rounded = context(4 * p + 200), context(p)
    for _ in range(250):
        bits = rng.choice([p, p, 2 * p, 1, 5])
        m = rng.choice([rng.getrandbits(bits) | 1 << (bits - 1), (1 << bits) - 1, (1 << bits - 1) + 1])
        yield context(2 * p).mul_2exp(gmpy2.mpz(m), rng.choice([rng.randrange(-64, 21), rng.randrange(-4, 4)]) - bits)
    if op in ("erf", "erfc"):
        for i in range(1, 512, 2):  # of each second entry; erfc has values down to 2**-96
            yield context(p).div(i, 64)
            yield context(p).div(context(p).add(i, rng.random()), 64)
    for k in [*range(1, 20), *(rng.randrange(1, 10**6) for _ in range(40))]:
        step = fine.div_2exp(fine.const_pi(), 2) if op in ("sin", "cos", "tan") else fine.log(2)
        yield (context(p, gmpy2.RoundUp) if k % 2 else rounded).mul(k, step)
        yield rounded.div(k, 256)
        yield rounded.div_2exp(gmpy2.mpfr((1 << 16) + k), 16)
        beside = rounded.add(1, rounded.mul_2exp(gmpy2.mpfr((-1) ** k * k), -(p // 3)))
        yield beside


def may_be_negative(op: str, x: gmpy2.mpfr) -> bool:
    """Return whether `op` is defined at -x, for x > 0."""
    return op not in ("log", "log2") and (op != "log1p" or x < 1)


@pytest.mark.parametrize(("op", "p"), [(op, p) for op, most in FIXED_TO.items() for p in PRECISIONS if p <= most])
def test_stand_ins_lie_near_and_round_alike(op: str, p: int) -> None:
    rng = random.Random(f"{SEED} {op} {p}")
    arguments = [-x if rng.random() < 0.5 and may_be_negative(op, x) else x for x in points(op, p, rng)]
    unit, decided = context(53).mul_2exp(gmpy2.mpfr(1), 12 - 64 * words_of(p)), 0
    exact = context(64 * words_of(p) + 2 * p + 200)
    for x, y in zip(arguments, stand_ins(op, arguments, p), strict=True):
        if y is None:
            continue
        decided += 1
        right = getattr(exact, op)(x)
        size = max(0, gmpy2.get_exp(right)) * (2 if op == "tan" else 1)  # 1 / sin comes from a sine of fewer bits
        scale = exact.mul_2exp(gmpy2.mpfr(1), size)
        assert abs(exact.sub(y, right)) < exact.mul(unit, scale), (op, p, x)
        for mode in MODES:
            assert context(p, mode).plus(y) == getattr(context(p, mode), op)(x), (op, p, x, mode)
            assert context(max(2, p // 2), mode).plus(y) == getattr(context(max(2, p // 2), mode), op)(x)
    assert decided > len(arguments) / (3 if op in ("exp2", "log2", "log1p") else 2)  # exact values; 1 + x of many bits


def rounded_by_mpfr(op: str, x: gmpy2.mpfr, p: int, code: str) -> gmpy2.mpfr:
    """Return what MPFR has, in a mode of its own; for RTO, of the results of two, that of an odd significand."""
    if code == "RTO":
        either = [getattr(context(p, mode), op)(x) for mode in (gmpy2.RoundToZero, gmpy2.RoundAwayZero)]
        significands = [int(y.as_mantissa_exp()[0]) for y in either]
        (odd,) = (y for y, c in zip(either, significands, strict=True) if (c // (c & -c)).bit_length() == p)
        return odd
    modes = dict(zip(("RNE", "RTZ", "RTP", "RTN", "RAZ"), MODES, strict=True)) | {"RNA": MODES[0]}  # none is a tie
    return getattr(context(p, modes[code]), op)(x)


@pytest.mark.parametrize("p", [2, 63, 64, 65, 88, 113, 192, 256])
@pytest.mark.parametrize("op", FIXED_TO)
def test_values_are_rounded_as_mpfr_does(op: str, p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also such as carry into a further word or binade, which cosines beside 1 do."""
    monkeypatch.setattr(wide_fixed, "WORTH", dict.fromkeys(wide_fixed.WORTH, 0))
    rng = random.Random(f"{SEED} {op} {p} rounded")
    arguments = [-x if rng.random() < 0.5 and may_be_negative(op, x) else x for x in points(op, p, rng)]
    alone = stand_ins(op, arguments, p)
    for code in ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO"):
        found, left = values(op, arguments, p, code, -(1 << 40), 1 << 40)
        assert left == [i for i, y in enumerate(alone) if y is None] == [i for i, y in enumerate(found) if y is None]
        for x, y in zip(arguments, found, strict=True):
            if y is not None:
                assert y == rounded_by_mpfr(op, x, p, code) and y.precision == p, (op, p, x, code)


def test_values_outside_the_range_are_left_to_others() -> None:
    """A value below the least exponent that rounds to it, and one within the largest that rounds beyond."""
    p, exact, one = 50, context(200), gmpy2.mpfr(1)
    step = exact.mul_2exp(one, -60)
    below, above = exact.log(exact.sub(one, step)), exact.log(exact.add(one, step))  # of the exponents 0 and 1
    for x, code, least, largest, there in (
        (below, "RTP", 0, 1, True),
        (below, "RTP", 1, 1, False),
        (below, "RTP", 0, 0, False),
        (below, "RTN", 0, 0, True),
        (below, "RTN", 1, 1, False),
        (above, "RTN", 1, 1, True),
        (above, "RTN", 2, 2, False),
        (above, "RTN", 0, 0, False),
    ):
        (found,), _ = values("exp", [x], p, code, least, largest)
        assert (found is not None) == there, (code, least, largest)
        if found is not None:
            assert found == rounded_by_mpfr("exp", x, p, code)


@pytest.mark.parametrize("code", ["RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO"])
@pytest.mark.parametrize("subnormals", [True, False])
def test_values_at_both_ends_of_a_range_are_those_of_the_reference(
    subnormals: bool, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide_fixed, "WORTH", dict.fromkeys(wide_fixed.WORTH, 0))
    p, rng = 70, random.Random(f"{SEED} ends")
    fmt = Float(p, -9, 8, subnormals=subnormals, signed_zero=True, infinities=True, nan=True)
    wide, reference = (rounded(fmt, Rounding(code), engine=name) for name in ("wide", "reference"))
    ends = [k * 0.6931471805599453 for k in (-78, -77, -10, -9, -8, 8, 9, 10)]
    numbers = wide.asarray(ends + [rng.uniform(-10, 10) for _ in range(40)])
    tiny = wide.asarray([rng.uniform(-1, 1) * 2.0 ** -rng.randrange(5, 12) for _ in range(40)])
    for op, x in (("exp", numbers), ("expm1", tiny), ("sin", tiny), ("erfc", numbers), ("sinh", numbers)):
        found, wanted = getattr(wide, op)(x), getattr(reference, op)(reference.asarray(x.elements()))
        assert found.elements().tolist() == wanted.elements().tolist(), (op, code)


@pytest.mark.parametrize("op", [op for op, most in FIXED_TO.items() if most > 4050])
def test_products_by_vectors_and_by_columns_give_mpfrs_results(op: str, instruction_set: str) -> None:
    decided = 0
    for p in (1300, 2800, 4050, FIXED_TO[op]):
        arguments = list(points(op, p, random.Random(f"{SEED} {op} {p}")))[:120]
        for x, found in zip(arguments, stand_ins(op, arguments, p), strict=True):
            if found is not None:
                decided += 1
                assert context(p).plus(found) == getattr(context(p), op)(x), (instruction_set, p, x)
    assert decided > 120


def test_products_of_the_largest_digits(instruction_set: str) -> None:
    """log x (1 + c), where nearly all bits of log x and of the constant c are ones, so that columns are largest."""
    module = compiled.extension()
    assert module is not None
    n, exact = 202, context(64 * 202 + 200)
    _, groups, length, levels, _, *tables = wide_fixed.tables("log2", n)
    c = (1 << 64 * n) - 1
    constant = bytes(8) + c.to_bytes(8 * n, "little") + bytes(8)
    logarithm = (0xB0 << (64 * n - 8)) - 1 - (1 << (64 * n - 12200))  # a zero there lets 12000 bits be decided
    x = context(64 * n).exp(exact.mul_2exp(gmpy2.mpz(logarithm), -64 * n))
    log2 = list(FIXED_TO).index("log2")
    (found,) = module.fixed(log2, False, 12000, n, groups, length, levels, constant, *tables, [gmpy2.to_binary(x)])
    right = exact.mul(exact.log(x), exact.add(1, exact.mul_2exp(gmpy2.mpz(c), -64 * n)))
    error = exact.sub(gmpy2.from_binary(found), right)
    assert abs(error) < exact.mul_2exp(gmpy2.mpfr(1), 13 - 64 * n), instruction_set


@pytest.mark.parametrize("op", ["sin", "tan", "tanh", "sinh", "expm1", "log1p", "erf", "erfc"])
def test_many_small_values_are_served(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide_fixed, "_ASKED", {})
    p, rng = 216, random.Random(f"{SEED} {op}")  # with no bit more of the words than GUARD
    significands = [gmpy2.mpz(rng.getrandbits(p) | 1 << (p - 1)) for _ in range(2100)]
    small = [context(p).div_2exp(c, p + 30 + k % 30) for k, c in enumerate(significands)]
    if op == "erfc":
        small = [context(p).add(3.5, context(p).div_2exp(c, p - 1)) for c in significands]
        small[1000:] = [context(p).sub(4, context(p).div_2exp(c, p + 4)) for c in significands[1000:]]
    few, many = stand_ins(op, small[:100], p), stand_ins(op, small * (16 if "erf" in op else 1), p)
    assert few == [None] * 100 and None not in many
    for mode in MODES:
        for x, y in zip(small, many[:2100], strict=True):
            assert y is not None and context(p, mode).plus(y) == getattr(context(p, mode), op)(x)


def test_tables_are_made_when_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many elements at once, or few again and again; what was asked of one family and precision counts there."""
    monkeypatch.setattr(wide_fixed, "_ASKED", {})
    assert not call_for("sin", 300, 300)
    assert not call_for("sin", 900, 300) and not call_for("exp", 300, 300)
    assert call_for("cos", 301, 212) and call_for("tan", 300, 1)
    assert call_for("log2", 300, 2048)
    assert not call_for("erf", 300, 2048) and call_for("erfc", 300, 14336)
    assert not call_for("sin", 7000, 10**6) and not call_for("atan", 100, 10**6)


def test_gmpy2_writes_numbers_as_the_extension_reads_them() -> None:
    assert call_for("exp", 64, 1000)


@pytest.mark.parametrize("op", FIXED_TO)
def test_undecided_arguments_are_left_to_others(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact values, values beside members and midpoints, special data, and arguments too large or too small."""
    monkeypatch.setattr(wide_fixed, "_ASKED", {})  # no tables of more words have paid yet
    p = 100
    one = gmpy2.mpfr(1)
    hard = [gmpy2.mpfr(x) for x in ("nan", "inf", "-inf", "0", "-0")]
    tiny, huge = context(p).mul_2exp(one, -66), context(p).mul_2exp(one, 21)
    outside = {"log": [one, -one, -tiny], "log1p": [tiny, -tiny, -one, -huge, context(p).mul_2exp(one, 62)]}
    outside["log2"] = [one, -one, -tiny, huge, tiny]
    outside["erf"] = outside["erfc"] = [tiny, -tiny, 8 * one, -8 * one, 100 * one]
    hard += outside.get(op, [tiny, -tiny, huge, -huge])
    hard += [gmpy2.mpfr(x) for x in (1, 2, 3, -1, -5)] if op == "exp2" else []
    near_argument = op in ("sin", "tan", "tanh", "sinh", "expm1", "log1p")  # x - x**3 / 6 and the like
    hard += [context(p).mul_2exp(one, -60)] if near_argument else []
    hard += [gmpy2.mpfr(100)] if op == "tanh" else []
    hard += (
        [context(14000).sub(context(14000).mul_2exp(one, -14000), one)] if op == "log1p" else []
    )  # more than is kept
    assert stand_ins(op, hard, p) == [None] * len(hard)


def test_a_midpoint_within_the_error_decides_nothing() -> None:
    """exp(x) nearest to a midpoint of p bits, for x of many bits, agrees with it in more bits than the loops have."""
    p, fine, rng = 60, context(400), random.Random(SEED)
    for _ in range(20):
        midpoint = fine.mul_2exp(gmpy2.mpz((1 << p) + 2 * rng.getrandbits(p - 1) + 1), -p)
        x = context(300).log(midpoint)
        assert stand_ins("exp", [x], p) == [None]
        assert stand_ins("exp", [x], p - 10) != [None]


@pytest.mark.parametrize("change", ["to_binary", "from_binary"])
def test_another_layout_of_gmpy2_is_noticed(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"to_binary": lambda x: b"\\x04" + bytes(19), "from_binary": lambda x: gmpy2.mpfr(0)}
    wide_fixed.is_there.cache_clear()
    monkeypatch.setattr(gmpy2, change, found[change])
    assert not call_for("exp", 64, 1000)
    monkeypatch.undo()
    wide_fixed.is_there.cache_clear()
    assert call_for("exp", 64, 1000)


def test_wrong_tables_are_refused() -> None:
    module = compiled.extension()
    assert module is not None
    n, groups, length, levels, *parts = wide_fixed.tables("exp", 3)
    for k in range(4):
        wrong = [part + b"\\0" if i == k else part for i, part in enumerate(parts)]
        with pytest.raises(ValueError, match="tables must be those of the function"):
            module.fixed(0, False, 100, n, groups, length, levels, *wrong, [])
    for wrong_sizes in ((groups + 1, length, levels), (groups, 9, levels), (groups, 1, levels), (groups, length, 2)):
        with pytest.raises(ValueError, match="tables must be those of the function"):
            module.fixed(0, False, 100, n, *wrong_sizes, *parts, [])
    with pytest.raises(TypeError):
        module.fixed(0, False, 100, n, groups, length, levels, *parts, [1.5])
    for mode in (-2, compiled.MODES.index("SR")):
        with pytest.raises(ValueError, match="tables must be those of the function"):
            module.fixed(0, False, 100, n, groups, length, levels, *parts, [], mode, 0, 0)
    assert module.fixed(0, False, 100, n, groups, length, levels, *parts, [b"", b"\\x04" * 20]) == [None, None]


def test_wrong_tables_of_coefficients_are_refused() -> None:
    """Also where their size in all is right, but a coefficient has no words, more than others, or fewer than before."""
    module = compiled.extension()
    assert module is not None
    erf = list(FIXED_TO).index("erf")
    n, terms, _, _, _, _, table, packed = wide_fixed.tables("erf", 3)
    sizes = [int.from_bytes(packed[8 * k : 8 * k + 8], "little") for k in range(terms)]
    assert sizes[0] == sizes[1] == 1 and sizes[-2:] == [3, 3] and 2 in sizes
    at = sizes.index(2)
    disordered, empty, long = list(sizes), list(sizes), list(sizes)
    disordered[at - 1 : at + 1] = 2, 1
    empty[0], empty[at - 1], long[-1], long[at] = 0, 2, 4, 1
    large = [1 << 63, *sizes[1:-1], 3 + 1 - (1 << 63) & (1 << 64) - 1]

    def ask(terms: int, table: bytes, sizes: list[int]) -> object:
        """Return what the extension makes of tables."""
        text = b"".join(size.to_bytes(8, "little") for size in sizes)
        return module.fixed(erf, True, 100, n, terms, 1, 1, b"", b"", table, text, [gmpy2.to_binary(gmpy2.mpfr(1))])

    assert ask(terms, table, sizes) != [None]
    for wrong in (disordered, empty, large, long):
        assert sum(wrong) % (1 << 64) == sum(sizes)
        with pytest.raises(ValueError, match="tables must be those of the function"):
            ask(terms, table, wrong)
    short = [1] * terms
    assert ask(terms, bytes(8 * 512 * (n + terms)), short) == [None]  # of zeros
    for count, text, wrong in (
        (terms, table, [*sizes, 3]),
        (terms, table + bytes(8), sizes),
        (terms + 1, table, sizes),
        (0, bytes(8 * 512 * n), []),
        (1001, bytes(8 * 512 * (n + 1001)), [1] * 1001),
    ):
        with pytest.raises(ValueError, match="tables must be those of the function"):
            ask(count, text, wrong)


@pytest.mark.parametrize("op", ["sin", "cos"])
def test_arguments_whose_reduction_would_take_long_are_refused(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wide_fixed.WORTH, "sin", 0)
    wide = WideRounder(Rounder(unbounded(100), RNE, Overflow.INFINITY))
    large = context(100).mul_2exp(gmpy2.mpfr(1), LONGEST_EXPONENT - 1)
    (found,) = function_values(op, [[large]], wide)
    assert found == getattr(context(100), op)(large)
    with pytest.raises(UnsupportedError, match=f"{op}: argument must lie below"):
        list(function_values(op, [[gmpy2.mpfr(1), 2 * large]], wide))


@pytest.mark.parametrize("op", FIXED_TO)
def test_tables_do_not_depend_on_the_current_context_of_gmpy2(op: str) -> None:
    def make() -> list[object]:
        """Return tables that no earlier test has made."""
        wide_fixed._constant.cache_clear()
        wide_fixed._family.cache_clear()
        wide_fixed._erf.cache_clear()
        return [wide_fixed.tables(op, 3), wide_fixed.tables(op, 30)]

    wanted = make()
    before = gmpy2.get_context()
    strange = gmpy2.context(precision=3, emin=-4, emax=5, round=gmpy2.RoundUp, subnormalize=True, trap_inexact=True)
    gmpy2.set_context(strange)
    try:
        assert make() == wanted
    finally:
        gmpy2.set_context(before)
