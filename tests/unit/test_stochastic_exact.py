"""Stochastic rounding: the number of draws that go up is the fraction, also where the first words tie with it.

The model is `U < fraction` in rationals. Forced ties are fractions made from the words that an element draws.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import sqrt

import mpmath
import numpy as np
import pytest
from oracles.integers import Spec, power_of_two, stochastic
from oracles.named import BINARY16, E4M3FN, small

from precise import Dyadic, Special, rounded
from precise.commands.options import seeded
from precise.dyadic import Element
from precise.engines import dispatch
from precise.engines.carrier import object_array
from precise.engines.redraw import with_enough_words
from precise.errors import FormatError, UndecidedError
from precise.formats import bfloat16, binary16, parse_format
from precise.formats.format import Float, Format, paper_float
from precise.modes import MOST_WORDS, Rounding, parse_rounding
from precise.policy import Accumulate, exact_products
from precise.rounding import RNE, Overflow, Rounder, round_to
from precise.rounding import stochastic as stochastic_rounding
from precise.stochastic import UndecidedDrawError, random_bits, random_words, stream_key

EXACT = stochastic_rounding(seed=20261122, bits=None)
LONG = EXACT.widened().widened().widened()  # 8 words of the same U
UNIT = Fraction(1, 1 << 7)  # bfloat16 in [1, 2)

SMALL = Float(3, -2, 2)
PLAIN = Float(3, -2, 2, subnormals=False, infinities=False, nan=False, signed_zero=False)
SHAPES: list[tuple[Format, Spec]] = [
    (SMALL, small(3, -2, 2)),
    (PLAIN, Spec("plain", 3, -4, Fraction(7), subnormals=False, infinities=False, nan=False, signed_zero=False)),
    (paper_float(2), Spec("paper", 2, -4, Fraction(24), False, False, False, False)),
]


def drawn(index: int, mode: Rounding = LONG) -> Fraction:
    """Return the leading 512 bits of the random number of an element."""
    return Fraction(mode.random(index), 1 << mode.extra_bits)


def as_fraction(x: Element) -> Fraction | str:
    """Return a finite result as a fraction, an infinity or NaN as its name."""
    if isinstance(x, Special):
        return Fraction(0) if x is Special.NEG_ZERO else str(x)
    return x.to_fraction()


def places(spec: Spec) -> list[Fraction]:
    """Return points inside, below the least member, between the subnormals, and from the largest to beyond it."""
    assert spec.largest is not None and spec.q_min is not None and spec.p is not None
    least = power_of_two(spec.q_min)
    step = spec.largest / (2**spec.p - 1)
    parts = (Fraction(1, 3), Fraction(1, 2), Fraction(3, 8), Fraction(5, 7), Fraction(1, 1000), Fraction(999, 1000))
    return [
        base + part * unit
        for part in parts
        for base, unit in (
            (Fraction(1), power_of_two(1 - spec.p)),
            (Fraction(0), least),
            (2 * least, least),
            (spec.largest, step),
            (Fraction(0), spec.least_normal),
        )
    ]


def goes_up(y: Element, lo: Fraction, hi: Fraction, largest: Fraction, saturates: bool) -> bool:
    """Return whether a result is the upper neighbour, given that it must be one of the two."""
    found = as_fraction(y)
    if hi > largest:
        assert found in ((largest,) if saturates else (largest, "inf"))
        return found == "inf"
    assert found in (lo, hi)
    return found == hi


@pytest.mark.parametrize("bits", [1, 3, 8])
@pytest.mark.parametrize(("fmt", "spec"), SHAPES, ids=lambda s: getattr(s, "name", ""))
def test_counts_of_all_draws(fmt: Format, spec: Spec, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all 2**bits values of U, exactly ceil(fraction * 2**bits) go up: inside, below and at the end."""
    monkeypatch.setattr(Rounding, "random", lambda _, index: index)
    mode, counted = stochastic_rounding(bits=bits), 0
    assert spec.largest is not None
    saturates = not fmt.infinities
    for x in places(spec):
        lo, hi, ups = stochastic(x, spec, bits)
        found = [round_to(x, format=fmt, rounding=mode, index=u) for u in range(1 << bits)]
        moved = sum(goes_up(y, lo, hi, spec.largest, saturates) for y in found)
        assert moved == (0 if saturates and hi > spec.largest else ups), (x, moved, ups)
        counted += 1
    assert counted == 30


@pytest.mark.parametrize(("fmt", "spec"), SHAPES, ids=lambda s: getattr(s, "name", ""))
def test_exact_probability_at_all_draws_of_eight_bits(fmt: Format, spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    """With U = k / 256 for k = 0..255 the exact mode goes up iff U < fraction, also at U = fraction."""
    monkeypatch.setattr("precise.modes.random_words", lambda _s, _t, index, words: index << 64 * words - 8)
    assert spec.largest is not None
    ties = 0
    for x in places(spec):
        lo, hi, _ = stochastic(x, spec, 1)
        for u in range(256):
            up = goes_up(round_to(x, format=fmt, rounding=EXACT, index=u), lo, hi, spec.largest, not fmt.infinities)
            wanted = Fraction(u, 256) < (x - lo) / (hi - lo)
            assert up == (wanted and (hi <= spec.largest or fmt.infinities)), (x, u)
            ties += Fraction(u, 256) == (x - lo) / (hi - lo)
    assert ties > 5


def forced(index: int) -> list[Fraction]:
    """Return fractions that agree with the draw of an element in its first word, and in its first three."""
    u, first = drawn(index), Fraction(EXACT.random(index), 1 << 64)
    far = Fraction(1, 1 << 200)
    return [first, first + far, u - far, u + far, first + Fraction(1, 1 << 64) - far, Fraction(2, 3) * far + first]


def test_forced_ties_in_scalars() -> None:
    checked = ups = 0
    for index in range(100):
        for part in forced(index):
            y = round_to(1 + part * UNIT, format=bfloat16, rounding=EXACT, index=index)
            assert as_fraction(y) == (1 + UNIT if drawn(index) < part else 1), (index, part)
            checked, ups = checked + 1, ups + (drawn(index) < part)
    assert checked == 600 and 200 <= ups <= 400


def dyadic(x: Fraction) -> Dyadic:
    """Return a fraction with a power of two below as a dyadic number."""
    return Dyadic.from_fraction(x)


ROUNDER = Rounder(bfloat16, EXACT, Overflow.INFINITY)
ONE = Dyadic(1)


def sums(part: Fraction) -> tuple[str, tuple[object, ...]]:
    """Return the addition of one and a part of a unit; the stand-in must not lose where it ends."""
    return "elementwise", ("add", (row(ONE), row(dyadic(part * UNIT))))


def products(part: Fraction) -> tuple[str, tuple[object, ...]]:
    """Return a product `1 * x`."""
    return "elementwise", ("multiply", (row(ONE), row(dyadic(1 + part * UNIT))))


def totals(part: Fraction) -> tuple[str, tuple[object, ...]]:
    """Return an exact sum of three terms."""
    terms = object_array([ONE, dyadic(part * UNIT), Dyadic(1, -800)], (1, 3))
    return "reduce_sum", (terms, Accumulate("exact"))


def dots(part: Fraction) -> tuple[str, tuple[object, ...]]:
    """Return a dot product."""
    left, right = object_array([ONE, dyadic(part)], (1, 2)), object_array([ONE, dyadic(UNIT)], (2, 1))
    return "matmul", (left, right, exact_products)


def row(x: Dyadic) -> object:
    """Return an array of one element."""
    return object_array([x], (1,))


@pytest.mark.parametrize("request_of", [sums, products, totals, dots])
def test_forced_ties_in_stand_ins(request_of: Callable[[Fraction], tuple[str, tuple[object, ...]]]) -> None:
    """Element 0 of many seeds: the exact result ties with the first word, or the first three, of the draw."""
    checked = ups = 0
    for seed in range(60):
        mode = stochastic_rounding(seed=seed, bits=None)
        u = drawn(0, mode.widened().widened().widened())
        first = Fraction(mode.random(0), 1 << 64)
        for part in (first + Fraction(1, 1 << 300), u - Fraction(1, 1 << 200), u + Fraction(1, 1 << 200)):
            request, arguments = request_of(part)
            rounder = Rounder(bfloat16, mode, Overflow.INFINITY)
            data, _ = dispatch("reference", request, (*arguments, rounder), bfloat16)
            assert Fraction(float(data.ravel()[0])) == (1 + UNIT if u < part else 1)
            checked, ups = checked + 1, ups + (u < part)
    assert checked == 180 and 30 < ups < 150


def test_forced_ties_in_functions_and_quotients() -> None:
    """Arguments x with exp x, and with 1 / x, closer to the draw than any 64 bits see."""
    ups = 0
    for seed in range(40):
        mode = stochastic_rounding(seed=seed, bits=None)
        u = drawn(0, mode.widened().widened().widened())
        for side in (-1, 1):
            target = 1 + (u + side * Fraction(1, 1 << 150)) * UNIT
            with mpmath.workprec(600):
                value = mpmath.mpf(target.numerator) / target.denominator
                logarithm, inverse = mpmath.log(value), 1 / value
            rounder = Rounder(bfloat16, mode, Overflow.INFINITY)
            for op, operands in (("exp", (logarithm,)), ("divide", (mpmath.mpf(1), inverse))):
                arrays = tuple(row(Dyadic(int(m.man) * (-1) ** m._mpf_[0], m.exp)) for m in operands)
                data, _ = dispatch("reference", "elementwise", (op, arrays, rounder), bfloat16)
                assert Fraction(float(data[0])) == (1 + UNIT if side > 0 else 1), (seed, op, side)
                ups += side
    assert ups == 0


def test_the_accumulator_has_ties_of_its_own() -> None:
    """An exact-probability accumulator under a deterministic result is widened too."""
    for seed in range(30):
        mode = stochastic_rounding(seed=seed, bits=None)
        # Step 1 of a sequential sum draws from stream 1 of the accumulator.
        u = drawn(0, mode.fold_in(1).widened().widened().widened())
        for side in (-1, 1):
            part = u + side * Fraction(1, 1 << 200)
            terms = object_array([ONE, dyadic(part * UNIT)], (1, 2))
            how = Accumulate("sequential", rounding=mode)
            data, _ = dispatch(
                "reference", "reduce_sum", (terms, how, Rounder(bfloat16, RNE, Overflow.INFINITY)), bfloat16
            )
            assert Fraction(float(data[0])) == (1 + UNIT if side > 0 else 1)


def test_a_rounder_says_that_it_needs_more_words() -> None:
    part = forced(0)[1]
    with pytest.raises(UndecidedDrawError, match="more than 1 words"):
        ROUNDER(1 + part * UNIT, 0)
    assert as_fraction(ROUNDER.widened().widened()(1 + part * UNIT, 0)) in (1, 1 + UNIT)
    with pytest.raises(UndecidedError, match=f"within {MOST_WORDS} words"):
        Rounding("SR", bits=None, words=MOST_WORDS).widened()
    assert RNE.widened() is RNE

    def never(_: object) -> None:
        """Ask for words that no argument draws."""
        raise UndecidedDrawError("more words")

    with pytest.raises(UndecidedDrawError, match="more words"):
        with_enough_words(never, Rounder(bfloat16, RNE, Overflow.INFINITY))


def test_a_draw_that_is_the_fraction_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    third = "01" * 32  # 1/3 in binary
    monkeypatch.setattr("precise.modes.random_words", lambda _s, _t, _i, words: int(third * words, 2))
    with pytest.raises(UndecidedError, match="SR must decide within"):
        round_to(1 + UNIT / 3, format=bfloat16, rounding=EXACT)


def test_words_extend_the_word_that_bits_are_taken_from() -> None:
    for index in (0, 1, 1 << 40):
        long = random_words(3, 9, index, 4)
        assert long >> 192 == random_bits(3, 9, index, 64)
        assert long >> 224 == random_bits(3, 9, index, 32)
        words = {long >> 64 * j & (1 << 64) - 1 for j in range(4)} | {random_words(3, 9, index + 1, 2) & (1 << 64) - 1}
        assert len(words) == 5
    # Two elements of different seeds with the same first word go on differently: the words do not chain.
    same = stream_key(3, 9) ^ stream_key(4, 9) ^ 17
    assert random_bits(3, 9, 17, 64) == random_bits(4, 9, same, 64)
    assert random_words(3, 9, 17, 2) != random_words(4, 9, same, 2)
    later = [random_words(seed, 0, 0, 2) & (1 << 64) - 1 for seed in range(4096)]
    for bit in range(64):  # second words are balanced over seeds: |z| <= 5 for 64 bits
        assert abs(sum(w >> bit & 1 for w in later) - 2048) <= 5 * 32


@pytest.mark.parametrize("spec", [BINARY16, E4M3FN], ids=lambda s: s.name)
@pytest.mark.parametrize("part", [Fraction(1, 3), Fraction(1, 1000), Fraction(9, 16)])
def test_frequencies(spec: Spec, part: Fraction) -> None:
    """|z| <= 4: inside, below the least subnormal, between subnormals, beyond the largest."""
    assert spec.largest is not None and spec.q_min is not None and spec.p is not None
    n, least = 1 << 14, power_of_two(spec.q_min)
    step = Fraction(32)  # the last one of both formats
    fmt = binary16 if spec is BINARY16 else parse_format("float8_e4m3fn")
    for x in (1 + part * power_of_two(1 - spec.p), part * least, (3 + part) * least, spec.largest + part * step):
        lane = Fraction(float(x))  # the nearest double is what is rounded
        lo, hi, _ = stochastic(lane, spec, 1)
        share = float((lane - lo) / (hi - lo))
        y = rounded(fmt, EXACT).asarray(np.full(n, float(x))).to_float64()
        up = int((~(y == float(lo))).sum())
        assert abs(up - n * share) <= 4 * sqrt(n * share * (1 - share)), (x, up)


def test_words() -> None:
    assert str(stochastic_rounding(bits=None)) == "SR(seed=0, exact)"
    assert str(EXACT.widened()) == str(EXACT)
    folded = EXACT.fold_in(5)
    assert folded.is_exact and folded.seed == EXACT.seed and folded.stream not in (0, EXACT.fold_in(6).stream)
    for mode in (EXACT, EXACT.fold_in(3), stochastic_rounding(seed=-4, bits=64), stochastic_rounding().fold_in(2)):
        assert parse_rounding(str(mode)) == mode
        assert parse_rounding(str(mode).upper()) == mode
    assert parse_rounding("SR(seed=0, exact)") == stochastic_rounding(bits=None)
    assert parse_rounding("SR") == stochastic_rounding()
    assert seeded(parse_rounding("SR"), 4) == stochastic_rounding(seed=4)
    assert seeded(EXACT, 4) == EXACT and seeded(stochastic_rounding(bits=None), 4).bits is None
    assert seeded(RNE, 4) is RNE
    for wrong in ("SR(exact)", "SR(seed=1, bits=65)", "SR(seed=1, bits=0)", "SR(seed=1)"):
        with pytest.raises(FormatError):
            parse_rounding(wrong)
    for bits in (0, 65, 1.5, "exact"):
        with pytest.raises(FormatError):
            stochastic_rounding(bits=bits)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match="words of SR must be at least 1"):
        Rounding("SR", words=0)
