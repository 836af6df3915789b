"""Formats, policies and points for tests of the narrow engine, and a comparison with the reference in every bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from precise.engines.carrier import float_of, to_lanes
from precise.engines.lanes import LARGEST_EXPONENT, LEAST_QUANTUM
from precise.errors import DomainError, FormatError
from precise.formats import (
    bfloat16,
    binary16,
    binary32,
    float8_e4m3fn,
    float8_e5m2,
    tf32,
)
from precise.formats.format import Fixed, Float, Format, paper_float, unbounded
from precise.rounding import DETERMINISTIC, Overflow, Rounder, Rounding, Underflow, default_overflow, stochastic

Floats = NDArray[np.float64]

FORMATS: list[Format] = [
    binary16,
    bfloat16,
    tf32,
    binary32,
    float8_e4m3fn,
    float8_e5m2,
    *(paper_float(p) for p in range(2, 10)),
    Fixed(8, -3),
    Fixed(6, 1, signed=False),
    unbounded(11),
    Float(3, -2, 2),
    Float(4, -5, 5, subnormals=False),
    Float(5, -3, 4, infinities=False, nan=False, signed_zero=False),
    Float(25, -100, 100),
    Float(26, -100, 100),
    Float(40, -126, 127),
    Float(51, -400, 400),
    Float(24, -1022, 1023),
    Float(12, -950, 1000, subnormals=False, signed_zero=False),
]
RANDOM: list[Rounding] = [stochastic(seed=3, bits=1), stochastic(seed=5, bits=12)]
MODES: list[Rounding] = [*DETERMINISTIC, *RANDOM]


def plain(fmt: Format, mode: Rounding) -> Rounder:
    """Return the rounder with the format's own overflow policy."""
    return Rounder(fmt, mode, default_overflow(fmt))


def rounders(fmt: Format, mode: Rounding) -> Iterator[Rounder]:
    """Yield the rounders with every policy that exists for the format, wrap excepted."""
    for overflow in Overflow:
        for underflow in Underflow:
            if overflow is Overflow.WRAP:
                continue
            try:
                yield Rounder(fmt, mode, overflow, underflow)
            except FormatError:
                continue


def can_nudge(fmt: Format, mode: Rounding, p: int | None = None) -> bool:
    """Return whether inexact results are served: thresholds at most 52 bits apart."""
    width = fmt.p or p or 8
    return width + (mode.bits if mode.code == "SR" else 1) <= 52


def points(fmt: Format, rng: np.random.Generator, count: int) -> Floats:
    """Return members, ties, quarters and lane neighbours near both ends, near one, and anywhere; and specials."""
    p = fmt.p or 8
    low = -60 if fmt.q_min is None or fmt.q_min < LEAST_QUANTUM else fmt.q_min
    high = 60 if fmt.emax is None or fmt.emax > LARGEST_EXPONENT else fmt.emax
    exponents = np.concatenate(
        [
            rng.integers(low - 3, low + p + 3, count // 4),
            rng.integers(high - 2, high + 4, count // 4),
            rng.integers(low - 70, high + 80, count // 8),
            rng.integers(max(low, -p - 3), max(min(high, p + 3), low + 1) + 1, count // 4 + count // 8),
        ]
    )
    size = exponents.size
    spread = rng.integers(2 ** (p - 1), 2**p, size) * 2.0 ** (1 - p)
    significands = np.choose(rng.integers(0, 3, size), [spread, np.ones(size), np.full(size, 2 - 2.0 ** (1 - p))])
    inside = rng.choice([0, 0.5, 0.25, 0.75, 1, 0], size) * 2.0 ** (1 - p)
    x = np.ldexp(significands + inside, exponents)
    x = np.where(rng.random(size) < 0.4, np.nextafter(x, rng.choice([0, np.inf], size)), x)
    top = 1.0 if fmt.largest is None or high < fmt.largest.e else float_of(fmt.largest)
    x = np.concatenate([x, [0.0, -0.0, np.inf, np.nan, top, 1.0, 3.0]])
    return rng.permutation(x * rng.choice([-1.0, 1.0], x.size))


def same_bits(ours: Floats, theirs: Floats) -> NDArray[np.bool_]:
    """Return where two arrays agree bit for bit, all NaN being one value."""
    return (ours.view(np.int64) == theirs.view(np.int64)) | (np.isnan(ours) & np.isnan(theirs))


def outcome(function: Callable[..., object], *arguments: object) -> object:
    """Return the result, or the `DomainError` that was raised."""
    try:
        return function(*arguments)
    except DomainError as error:
        return error


def compare(ours: Callable[..., object], theirs: Callable[..., object], *arguments: object, text: bool = True) -> int:
    """Return the number of values compared after asserting that both agree in every bit, or raise alike."""
    found, wanted = outcome(ours, *arguments), outcome(theirs, *arguments)
    if isinstance(wanted, DomainError) or isinstance(found, DomainError):
        assert type(found) is type(wanted), (arguments, found, wanted)
        assert not text or str(found) == str(wanted)
        return 1
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float64
    expected = to_lanes(wanted)  # type: ignore[arg-type]
    assert found.shape == expected.shape
    wrong = np.flatnonzero(~same_bits(found.reshape(-1), expected.reshape(-1)))
    if wrong.size:
        i = int(wrong[0])
        cells = [a.ravel()[i] if isinstance(a, np.ndarray) and a.size == found.size else a for a in arguments]
        raise AssertionError(
            f"{wrong.size} wrong, first {found.ravel()[i].hex()} not {expected.ravel()[i].hex()}: {cells}"
        )
    return found.size
