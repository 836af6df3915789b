"""A rigorous bound on the error of a rounded RoPE table, as a rational number computed from the formats alone.

One rounding to a format moves a number y with |y| <= x by at most `rounding_error(x)`: half a unit in the last place of
the binade that holds the numbers just below x (a whole unit in a directed mode), which is at most u x in the normal
range. With e_m, e_f, e_a, e_t for positions, frequencies, angles and tables and M the largest position,

    |m^ theta^ - m theta| <= (M + e_m) e_f + e_m theta                (stored factors against exact ones)
    |angle error|         <= that + e_a                               (their product rounded)
    |table error|         <= min(2, that) + e_t                       (cos and sin have slope at most 1)

If every e is at most u times its quantity, the angle error is at most ((1 + u)^3 - 1) M theta. An e is 0 where nothing
is rounded: integers up to 2**p, frequencies that belong to the format, and their products with 1. Frequencies enter
through rational upper ends of enclosures, so every number here is an upper bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from precise.balls import power
from precise.dyadic import Dyadic
from precise.formats import Format
from precise.rounding import Rounding, floor_log2
from precise.studies.rope_formats import RopeFormats

_BITS: Final = 128


@dataclass(frozen=True, slots=True)
class RopeBound:
    """The greatest bound over the features of a table, and the feature that has it.

    Parameters
    ----------
    feature : int
        The k of theta_k where the bound is greatest.
    angle, table : Fraction
        Bounds on the errors of stored angles and of table entries.
    """

    feature: int
    angle: Fraction
    table: Fraction


def rounding_error(x: Fraction, format: Format | None, rounding: Rounding) -> Fraction | None:
    """Return a bound on |round(y) - y| for all |y| <= x, or None where such a y may overflow.

    0 for no format. The bound is half (in directed and stochastic modes all) of the greatest gap between neighbouring
    members of [-x, x], subnormal numbers and the gap around zero included.
    """
    if format is None or x == 0:
        return Fraction(0)
    if format.largest is not None and format.least is not None and not format.least <= -x <= x <= format.largest:
        return None
    nearest = Fraction(1, 2) if rounding.code in ("RNE", "RNA") else Fraction(1)
    e = floor_log2(x.numerator, x.denominator)
    if x == _power_of_two(e):
        e -= 1  # the numbers below a power of two are a binade lower, and it is a member itself or too small to matter
    gap = _power_of_two(format.quantum(e))
    if format.smallest_positive is None:
        return nearest * gap
    least = format.smallest_positive.to_fraction()
    return max(nearest * gap, least if format.flush else nearest * least)  # what is flushed loses all of itself


def feature_error_bound(
    formats: RopeFormats, *, base: Fraction | int, head_dim: int, last_position: int, feature: int, rounding: Rounding
) -> RopeBound | None:
    """Return the bound for one feature and all positions up to `last_position`; None where a rounding may overflow."""
    interval = power(Fraction(base), Fraction(-2 * feature, head_dim), _BITS)
    m, theta = Fraction(last_position), interval.upper.to_fraction()
    exact_theta = formats.frequencies is None or (interval.width == 0 and interval.lower in formats.frequencies)
    e_m = rounding_error(m, None if holds_integers(last_position, formats.positions) else formats.positions, rounding)
    e_f = rounding_error(theta, None if exact_theta else formats.frequencies, rounding)
    e_t = rounding_error(Fraction(1), formats.tables, rounding)
    if e_m is None or e_f is None or e_t is None:
        return None
    # At theta = 1 an angle is a stored position: an integer, and a number of the positions' format.
    same = formats.angles == formats.positions or holds_integers(int(m + e_m), formats.angles)
    kept = exact_theta and interval.width == 0 and theta == 1 and same
    e_a = rounding_error((m + e_m) * (theta + e_f), None if kept else formats.angles, rounding)
    if e_a is None:
        return None
    angle = (m + e_m) * e_f + e_m * theta + e_a
    table = min(Fraction(2), angle) + e_t + _storing_error(formats.tables)
    if formats.tables is None or Dyadic(1) in formats.tables:
        table = min(Fraction(2), table)  # rounding is monotone, so no entry leaves [-1, 1]
    return RopeBound(feature, angle, table)


def rope_error_bound(
    formats: RopeFormats, *, base: Fraction | int, head_dim: int, last_position: int, rounding: Rounding
) -> RopeBound | None:
    """Return the greatest of the bounds of all features; None where a rounding may overflow.

    Examples
    --------
    >>> from precise.formats import bfloat16
    >>> from precise.rounding import RNE
    >>> found = rope_error_bound(RopeFormats(tables=bfloat16), base=10000, head_dim=4, last_position=9, rounding=RNE)
    >>> found.table == Fraction(1, 2**9)
    True
    """
    found = [
        feature_error_bound(
            formats, base=base, head_dim=head_dim, last_position=last_position, feature=k, rounding=rounding
        )
        for k in range(head_dim // 2)
    ]
    bounds = [b for b in found if b is not None]
    return max(bounds, key=lambda b: b.table) if len(bounds) == len(found) else None


def holds_integers(last: int, format: Format | None) -> bool:
    """Return whether every integer of 0..last is a member: 1 is, no bound is passed, and `last <= 2**p`."""
    if format is None:
        return True
    inside = format.largest is None or format.largest >= last
    return inside and Dyadic(1) in format and (format.p is None or last <= 1 << format.p)


def _storing_error(tables: Format | None) -> Fraction:
    """Return a bound on the error of storing an entry of [-1, 1] in binary32, to nearest."""
    if tables is not None and tables.p is not None and tables.p <= 24:
        return Fraction(0) if tables.q_min is not None and tables.q_min >= -149 else _power_of_two(-150)
    if tables is not None and tables.p is None and tables.q_min is not None and tables.q_min >= -24:
        return Fraction(0)
    return _power_of_two(-25)


def _power_of_two(e: int) -> Fraction:
    """Return 2**e exactly."""
    return Dyadic(1, e).to_fraction()
