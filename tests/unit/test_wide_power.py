"""Powers by the extension against MPFR's: values in every mode, exact ones, midpoints, what is left to MPFR."""

from __future__ import annotations

import random

import gmpy2
import pytest

from precise import RAZ, RNA, RNE, RTN, RTO, RTP, RTZ, unbounded
from precise.engines import compiled
from precise.engines.wide_power import call_for_powers, powers
from precise.engines.wide_rounding import WideRounder
from precise.rounding import Overflow, Rounder, Rounding

pytestmark = pytest.mark.skipif(compiled.extension() is None, reason="the extension is not built")

SEED = 20250822
MODES = {
    RNE: gmpy2.RoundToNearest,
    RTZ: gmpy2.RoundToZero,
    RTP: gmpy2.RoundUp,
    RTN: gmpy2.RoundDown,
    RAZ: gmpy2.RoundAwayZero,
}


def context(bits: int, mode: int = gmpy2.RoundToNearest) -> gmpy2.context:
    """Return a context of MPFR's whole range."""
    return gmpy2.context(precision=bits, round=mode, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max())


def found_by(p: int, mode: Rounding, bases: list[gmpy2.mpfr], exponents: list[gmpy2.mpfr]) -> list[gmpy2.mpfr | None]:
    """Return the powers, None where they are left to others."""
    wide = WideRounder(Rounder(unbounded(p), mode, Overflow.INFINITY))
    return powers(bases, exponents, wide, lambda i, x, y: None)


def number(rng: random.Random, bits: int, least: int, most: int) -> gmpy2.mpfr:
    """Return a random number of so many bits between powers of two."""
    c = gmpy2.mpz(rng.getrandbits(bits) | 1 << (bits - 1) | 1)
    return context(bits).mul_2exp(c, rng.randrange(least, most) - bits)


@pytest.mark.parametrize("p", [2, 24, 113, 256, 1024, 2100])
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_powers_are_those_of_mpfr(p: int, mode: Rounding) -> None:
    assert call_for_powers(p, 10**4)
    rng = random.Random(f"{SEED} {p} {mode}")
    ranges = ((-3, 4), (-1, 2), (-900, 900))
    bases = [number(rng, rng.choice((1, 3, p, 2 * p)), *rng.choice(ranges)) for _ in range(300)]
    exponents = [rng.choice((1, -1)) * number(rng, rng.choice((1, 2, p, 2 * p)), -40, 9) for _ in bases]
    exact = [context(3 * p).square(number(rng, p // 2 + 1, -9, 9)) for _ in range(20)]  # whose half powers are exact
    bases, exponents = bases + exact, exponents + [gmpy2.mpfr(0.5)] * len(exact)
    found = found_by(p, mode, bases, exponents)
    wanted = list(map(context(p, MODES[mode]).pow, bases, exponents))
    decided = [i for i, y in enumerate(found) if y is not None]
    assert [found[i] for i in decided] == [wanted[i] for i in decided]
    assert len(decided) > (0.6 if p > 2 else 0.3) * len(found)  # of few bits, many are exact


def test_huge_powers_ask_for_as_many_bits_of_the_logarithm() -> None:
    """An error of y log x near 2**20 is 2**20 times the logarithm's, with none to spare beside 1."""
    p, rng = 150, random.Random(SEED)
    bases = [context(p).add(1, number(rng, p, -22, -18)) for _ in range(2000)]
    exponents = [context(p).div(rng.uniform(0.9, 0.999) * 2**20, context(p).log(x)) for x in bases]
    for mode in (RTZ, RTP):
        found = found_by(p, mode, bases, exponents)
        wanted = list(map(context(p, MODES[mode]).pow, bases, exponents))
        assert sum(x is not None for x in found) > 1900
        assert all(x in (None, y) for x, y in zip(found, wanted, strict=True))


@pytest.mark.parametrize("p", [24, 113])
@pytest.mark.parametrize("mode", [RNA, RTO], ids=str)
def test_the_modes_that_mpfr_lacks(p: int, mode: Rounding) -> None:
    rng = random.Random(f"{SEED} {p} {mode}")
    bases, exponents = ([number(rng, p, -3, 4) for _ in range(200)] for _ in "12")
    below, above, longer = (context(p, gmpy2.RoundDown), context(p, gmpy2.RoundUp), context(p + 60))
    for x, y, found in zip(bases, exponents, found_by(p, mode, bases, exponents), strict=True):
        low, high, near = below.pow(x, y), above.pow(x, y), longer.pow(x, y)
        if mode is RTO:
            wanted = low if int(context(p).mul_2exp(low, p - gmpy2.get_exp(low))) % 2 else high
        else:
            wanted = low if longer.sub(near, low) < longer.sub(high, near) else high
        assert found in (wanted, None), (x, y)


def test_exact_powers_are_left_open() -> None:
    """Half powers of squares, of as many bits as members and as midpoints have."""
    p, rng = 40, random.Random(SEED)
    for bits in (p, p + 1):
        roots = [number(rng, bits, -5, 5) for _ in range(100)]
        squares, halves = [context(300).square(x) for x in roots], [gmpy2.mpfr(0.5)] * len(roots)
        for mode in (RNE, RTZ):
            assert found_by(p, mode, squares, halves) == [None] * len(roots)


def test_powers_beside_a_midpoint_within_the_error_are_left_open() -> None:
    """x = m**2 (1 + 2**-k): its half power lies 2**-(k + 1) m beside the midpoint m."""
    p, rng = 50, random.Random(SEED)
    for _ in range(40):
        midpoint = gmpy2.mpz(rng.getrandbits(p) | 1 | 1 << p)
        for k, decides in ((p + 30, False), (p + 10, True)):
            x = context(400).mul_2exp(midpoint * midpoint * ((1 << k) + 1), -k)
            (found,) = found_by(p, RNE, [x], [gmpy2.mpfr(0.5)])
            assert (found is not None) == decides
            assert found in (None, context(p).sqrt(x))


def test_what_is_left_to_others() -> None:
    p = 60
    one, tiny = gmpy2.mpfr(1), context(p).mul_2exp(gmpy2.mpz(1), -90)
    strange = [gmpy2.mpfr(x) for x in ("nan", "inf", "-inf", "0", "-0")]
    pairs = [(-one, one), (one, one + 1), (one, tiny), (gmpy2.mpfr(3), tiny), (gmpy2.mpfr(3), context(p).div(1, tiny))]
    pairs += [(x, gmpy2.mpfr(3)) for x in strange] + [(gmpy2.mpfr(3), x) for x in strange]
    bases, exponents = map(list, zip(*pairs, strict=True))
    assert found_by(p, RNE, bases, exponents) == [None] * len(pairs)
    assert not call_for_powers(10**5, 10**4)
