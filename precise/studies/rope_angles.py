"""Stored RoPE angles: positions times frequencies, each of the three rounded to a format of its own or left exact.

An exact frequency is a rational number in rare cases (base 10000, d = 64: theta_8 = 1/10) and otherwise an irrational
algebraic one, which Arb encloses. Rational products are rounded as such, since they may lie on a boundary, where no
enclosure decides: 5/10 is a number of every format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias, cast

import flint
from gmpy2 import iroot

from precise.balls import Interval, ball_of, interval_of, power, refine, working_precision
from precise.dyadic import Dyadic, Element, Special
from precise.errors import DomainError
from precise.formats import Format
from precise.rounding import Rounder, Rounding, default_overflow
from precise.studies.rope_formats import RopeFormats

#: Working bits beyond the precision of a result with which a refinement starts.
GUARD: Final = 64

Rational: TypeAlias = Dyadic | Fraction

_STREAMS: Final = {"positions": 1, "frequencies": 2, "angles": 3, "cos": 4, "sin": 5}


@dataclass(frozen=True, slots=True)
class Spectrum:
    """The frequencies theta_k = base**(-2k/d), 0 <= k < d/2.

    Constraints
    -----------
    C1. `base` is positive and `d` is even and positive; otherwise `DomainError`.
    """

    base: Fraction
    d: int

    def __post_init__(self) -> None:
        if self.base <= 0:
            raise DomainError(f"rope frequencies: base must be positive; got {self.base}")
        if self.d < 2 or self.d % 2:
            raise DomainError(f"rope frequencies: d must be even and positive; got {self.d}")

    def exponent(self, k: int) -> Fraction:
        """Return -2k/d."""
        return Fraction(-2 * k, self.d)


@dataclass(frozen=True, slots=True)
class Angle:
    """The angle `factor * theta_k`, or `factor` itself where `k` is None; both are algebraic numbers."""

    factor: Dyadic
    k: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a table: the number that picks its random bits, and its angle, None where infinite or NaN."""

    index: int
    angle: Angle | None


def rope_frequency(
    base: Fraction | int, k: int, d: int, *, format: Format, rounding: Rounding, index: int = 0
) -> Element:
    """Return theta_k = base**(-2k/d) rounded once to `format`.

    A rational value is rounded as such. An irrational one is enclosed with more and more bits until both ends round
    alike, which ends, since the boundaries of a rounding are rational.

    Constraints
    -----------
    C1. `base` is positive and 0 <= k < d/2 for an even d; otherwise `DomainError`.

    Examples
    --------
    >>> from precise.formats import bfloat16
    >>> from precise.rounding import RNE
    >>> print(rope_frequency(10000, 1, 4, format=bfloat16, rounding=RNE))
    0x1.48p-7
    """
    spectrum = Spectrum(Fraction(base), d)
    if not 0 <= k < d // 2:
        raise DomainError(f"rope_frequency: k must lie in 0..{d // 2 - 1}; got {k}")
    rounder = rounder_for(format, rounding)
    value = rational_frequency(spectrum, k)
    if value is not None:
        return rounder(value, index)
    return round_enclosed(lambda bits: power(spectrum.base, spectrum.exponent(k), bits), rounder, index)


def rational_frequency(spectrum: Spectrum, k: int) -> Rational | None:
    """Return theta_k if it is rational, a Dyadic where it is dyadic; None otherwise.

    With -2k/d = a/b in lowest terms it is rational exactly if both parts of the base are perfect b-th powers.
    """
    exponent = spectrum.exponent(k)
    roots = [iroot(part, exponent.denominator) for part in (spectrum.base.numerator, spectrum.base.denominator)]
    if not all(exact for _, exact in roots):
        return None
    value = Fraction(int(roots[0][0]), int(roots[1][0])) ** exponent.numerator
    return Dyadic.from_fraction(value) if value.denominator & (value.denominator - 1) == 0 else value


def stored_angles(
    formats: RopeFormats, spectrum: Spectrum, positions: Sequence[int], rounding: Rounding
) -> Iterator[Entry]:
    """Yield the stored angle of every position and frequency, row by row.

    Raises `DomainError` for a negative position.
    """
    negative = next((m for m in positions if m < 0), None)
    if negative is not None:
        raise DomainError(f"rope_tables: positions must be integers of at least 0; got {negative}")
    thetas = [_stored_frequency(formats, spectrum, k, rounding) for k in range(spectrum.d // 2)]
    to_position = role_rounder(formats.positions, rounding, "positions")
    to_angle = role_rounder(formats.angles, rounding, "angles")
    for m in positions:
        stored = Dyadic(m) if to_position is None else to_position(Dyadic(m), m)
        for k, theta in enumerate(thetas):
            index = m * len(thetas) + k
            if isinstance(stored, Special) or isinstance(theta, Special):
                yield Entry(index, None)
            elif to_angle is None:
                yield Entry(index, Angle(stored * theta) if isinstance(theta, Dyadic) else Angle(stored, k))
            else:
                yield Entry(index, _finite(_rounded_product(stored, theta, spectrum, k, to_angle, index)))


def _stored_frequency(
    formats: RopeFormats, spectrum: Spectrum, k: int, rounding: Rounding
) -> Element | Fraction | None:
    """Return the stored frequency k; None where it stays exact and is irrational."""
    if formats.frequencies is None:
        return rational_frequency(spectrum, k)
    chosen = rounding.fold_in(_STREAMS["frequencies"])
    return rope_frequency(spectrum.base, k, spectrum.d, format=formats.frequencies, rounding=chosen, index=k)


def _rounded_product(
    m: Dyadic, theta: Rational | None, spectrum: Spectrum, k: int, rounder: Rounder, index: int
) -> Element:
    """Return `m * theta` rounded once; None stands for the irrational theta_k."""
    if m.c == 0:
        return rounder(m, index)
    if isinstance(theta, Dyadic):
        return rounder(m * theta, index)
    if theta is not None:
        return rounder(m.to_fraction() * theta, index)

    def enclosure(bits: int) -> Interval | None:
        with working_precision(bits):
            return interval_of(angle_ball(Angle(m, k), spectrum, bits))

    return round_enclosed(enclosure, rounder, index)


def _finite(x: Element) -> Angle | None:
    """Return a stored angle, None where it is infinite or NaN."""
    if isinstance(x, Special):
        return Angle(Dyadic(0)) if x is Special.NEG_ZERO else None
    return Angle(x)


def angle_ball(angle: Angle, spectrum: Spectrum, bits: int) -> flint.arb:
    """Return a ball that contains `angle`, at the working precision `bits` that is in force."""
    factor = ball_of(angle.factor)
    return factor if angle.k is None else factor * _frequency_balls(spectrum, bits)[angle.k]


@lru_cache(maxsize=16)
def _frequency_balls(spectrum: Spectrum, bits: int) -> tuple[flint.arb, ...]:
    """Return balls that contain theta_0 ... theta_{d/2 - 1}."""
    intervals = [power(spectrum.base, spectrum.exponent(k), bits) for k in range(spectrum.d // 2)]
    return tuple(flint.arb(_parts(i.lower), _parts(i.width)) for i in intervals)  # middle and radius


def _parts(x: Dyadic) -> tuple[flint.fmpz, flint.fmpz]:
    """Return `x` as Arb reads exact numbers."""
    return flint.fmpz(x.c), flint.fmpz(x.q)


def round_enclosed(enclosure: Callable[[int], Interval | None], rounder: Rounder, index: int) -> Element:
    """Return the rounding of a number that `enclosure` encloses with any working precision.

    Ends when both ends of an enclosure round alike: at the latest when it is narrower than the distance of the number
    to the next boundary of the rounding. Precondition: the number lies on none.
    """

    def decide(interval: Interval) -> Element | None:
        lower = rounder(interval.lower, index)
        return lower if lower == rounder(interval.upper, index) else None

    return cast(Element, refine(enclosure, decide, (rounder.format.p or 0) + GUARD))


def rounder_for(format: Format, rounding: Rounding) -> Rounder:
    """Return the rounder of a format with its default policy for overflow."""
    return Rounder(format, rounding, default_overflow(format))


def role_rounder(format: Format | None, rounding: Rounding, role: str) -> Rounder | None:
    """Return the rounder of one of the five roles, with random bits of its own; None for no format."""
    return None if format is None else rounder_for(format, rounding.fold_in(_STREAMS[role]))
