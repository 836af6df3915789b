"""Native results of short operands, which compiled loops take as they are: cases on the edge, in exact arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from precise import unbounded
from precise.engines import compiled
from precise.engines.lanes import lane_rounder
from precise.rounding import RAZ, RNA, RNE, RTN, RTO, RTP, RTZ, Overflow, Rounder, Rounding

EXTENSION = compiled.extension()
pytestmark = pytest.mark.skipif(EXTENSION is None, reason="the extension is not built: NumPy gives the same bits")
MODES = (RNE, RNA, RTZ, RTP, RTN, RAZ, RTO)
Floats = NDArray[np.float64]


def chosen(low: int, high: int, odd: bool, below: int, mode: str) -> int:
    """Return one of two neighbours in units; the exact value is at `below` quarters: 0 the lower, 2 the middle."""
    if below == 0:
        return low
    negative = high <= 0
    nearer = low if below == 1 else high
    rules = {
        "RTN": low,
        "RTP": high,
        "RTZ": high if negative else low,
        "RAZ": low if negative else high,
        "RTO": low if odd else high,
        "RNE": nearer if below != 2 else high if odd else low,
        "RNA": nearer if below != 2 else low if negative else high,
    }
    return rules[mode]


def rounded_exactly(op: str, a: float, b: float, p: int, mode: str) -> float:
    """Return an exact result that is not zero, rounded to p bits, by comparisons of rationals."""
    x, y = Fraction(a), Fraction(b)
    square = op == "sqrt"  # then the result is compared by its square
    exact = {"add": x + y, "subtract": x - y, "multiply": x * y, "divide": x / y, "sqrt": x}[op]
    size = math.isqrt(int(exact * 4**200)) * Fraction(1, 2**200) if square else abs(exact)  # to find the exponent
    e = math.floor(size).bit_length() - 1 if size >= 1 else -((1 / size).__ceil__() - 1).bit_length()
    unit = Fraction(2) ** (e - p + 1)
    low = math.floor((size if square else exact) / unit)
    place = (2 * low + 1) * unit / 2

    def compare(point: Fraction) -> int:
        """Return the sign of the exact value less a point."""
        other = point * point if square else point
        return (exact > other) - (exact < other)

    assert compare(low * unit) >= 0 > compare((low + 1) * unit)
    quarters = 0 if compare(low * unit) == 0 else 2 + compare(place)
    return float(chosen(low, low + 1, low % 2 == 1, quarters, mode) * unit)


def computed(op: str, operands: tuple[Floats, ...], p: int, mode: Rounding) -> Floats:
    """Return what the compiled loops give."""
    out = np.empty(operands[0].size)
    rounder = Rounder(unbounded(p), mode, Overflow.INFINITY)
    assert compiled.elementwise(op, operands, lane_rounder(rounder), out)
    return out


def check(op: str, a: Floats, b: Floats, p: int, mode: Rounding) -> None:
    """Compare the loops with exact arithmetic."""
    found = computed(op, (a,) if op == "sqrt" else (a, b), p, mode)
    right = [rounded_exactly(op, x, y, p, mode.code) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    wrong = np.flatnonzero(found != np.array(right))
    assert not wrong.size, [(a[i].hex(), b[i].hex(), found[i].hex(), right[i].hex()) for i in wrong[:3]]


def significands(p: int, rng: np.random.Generator, size: int) -> NDArray[np.int64]:
    """Return integers of exactly p bits, those at both ends among them."""
    some = rng.integers(1 << (p - 1), 1 << p, size)
    ends = [1 << (p - 1), (1 << (p - 1)) + 1, (1 << p) - 1, (1 << p) - 2]
    some[: 3 * len(ends)] = np.repeat(ends, 3)[:size]
    return rng.permutation(some)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.code)
@pytest.mark.parametrize("p", [2, 8, 11, 23, 24, 25, 26, 27, 28, 51])
def test_sums_whose_terms_lie_far_apart(p: int, mode: Rounding, instruction_set: str) -> None:
    rng = np.random.default_rng(p)
    a, b = (significands(p, rng, 600).astype(np.float64) for _ in range(2))
    b = np.ldexp(b, rng.choice([-p - 1, -p, 1 - p, -2 * p, -52, -53, -54, -60, 53 - p - p, -80, 0, -1], 600))
    b *= rng.choice([-1, 1], 600)
    a[::5] *= -1
    keep = a + b != 0
    check("add", a[keep], b[keep], p, mode)
    check("subtract", a[keep], -b[keep], p, mode)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.code)
@pytest.mark.parametrize("p", [2, 8, 11, 24, 25, 26, 27, 51])
def test_products_of_26_and_27_bits(p: int, mode: Rounding, instruction_set: str) -> None:
    """Of 27 bits some end in a tie at bit 28 and one more unit, which a native product of 54 bits loses."""
    rng = np.random.default_rng(p)
    short = [significands(26, rng, 300) for _ in range(2)]
    long = significands(27, rng, 600) | 1
    others = np.array([((1 << 27) + 1) * pow(int(x), -1, 1 << 28) % (1 << 28) for x in long])
    fits = (others < 1 << 27) & (others * 1.0 * long >= 2.0**53)
    assert fits.sum() > 50
    for a, b in (short, (long[fits], others[fits])):
        check("multiply", a.astype(np.float64), -b.astype(np.float64), p, mode)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.code)
@pytest.mark.parametrize("p", [2, 8, 11, 23, 24, 25, 26, 27, 51])
def test_quotients_and_roots_beside_ties(p: int, mode: Rounding, instruction_set: str) -> None:
    rng = np.random.default_rng(p)
    b = significands(p, rng, 400)
    ties = (2 * significands(p, rng, 400) + 1).tolist()
    quotients = [
        (t * x + d) >> (p + 1) for t, x, d in zip(ties, b.tolist(), rng.integers(-3, 4, 400).tolist(), strict=True)
    ]
    a = np.array(quotients) | (1 << (p - 1))
    a = np.where(a < 1 << p, a, (1 << p) - 1)
    check("divide", a.astype(np.float64), b.astype(np.float64), p, mode)
    # The square of the tie 2**(p + 1) - 1 is one more than 2**(p + 2) * (2**p - 1).
    near = np.concatenate([[(1 << p) - 1], [t * t >> (p + 2) for t in ties]])
    near = near[near < 1 << p].astype(np.float64)
    check(
        "sqrt", np.concatenate([near, 2 * near, near * 2.0**p, near * 2.0 ** (p + 1)]), np.ones(4 * near.size), p, mode
    )


@pytest.mark.parametrize("at", [0, 5, 1023, 1024, 1300])
def test_one_long_operand_anywhere(at: int, instruction_set: str) -> None:
    rng = np.random.default_rng(at)
    a, b = (significands(24, rng, 1400).astype(np.float64) for _ in range(2))
    b[a == b] = 3.0  # no exact zeros: the oracle has none
    a[at], b[at] = 1 + 2.0**-24, 2.0**-50  # a tie and a hair, which a native sum keeps; the next is rounded twice
    a[-1 - at // 2], b[-1 - at // 2] = 1 + 2.0**-23 + 2.0**-24, 2.0**-60
    for op in ("add", "subtract", "multiply", "divide", "sqrt"):
        check(op, a, b, 24, RNE)
        check(op, b, a, 24, RNE)
