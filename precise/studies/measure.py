"""Error statistics of rounded results against enclosures of the true values, without a single rounded difference.

A result is an exact number and a true value lies in an interval with exact ends, so the error of an entry lies
between two exact numbers. Every statistic here is an upper end: the true error is at most that, and it is larger
than it by at most the width of the enclosure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.balls import Interval, ball_of, interval_of, working_precision
from precise.dyadic import Dyadic, Element, Special
from precise.errors import ShapeError
from precise.formats import Format, ulp
from precise.studies.decimals import fraction_of

ZERO: Final = Dyadic(0)

#: An enclosure is negligible when it is at most 2**-20 ulp wide, or at most 2**-10 of the least error it allows.
_ULP_SHARE: Final = -20
_ERROR_SHARE: Final = -10


@dataclass(frozen=True, slots=True)
class EntryError:
    """The error of one finite result: upper ends, and None where the quantity has no meaning.

    Parameters
    ----------
    absolute : Dyadic
        `|computed - true|`.
    relative : Fraction or None
        `|computed - true| / |true|`; None where the enclosure of the true value contains 0 and the error is not 0.
    ulps : Dyadic or None
        The absolute error in ulps of the format at the true value; None at 0 in a format without a least quantum.
    bias : Interval or None
        Encloses `(computed - true) / ulp`.
    settled : bool
        Whether the width of the enclosure is negligible.
    least_true : Dyadic
        The least magnitude in the enclosure of the true value.
    """

    absolute: Dyadic
    relative: Fraction | None
    ulps: Dyadic | None
    bias: Interval | None
    settled: bool
    least_true: Dyadic


@dataclass(frozen=True, slots=True)
class Measurement:
    """The errors of an array: maxima and means over the entries where both values are finite numbers.

    Parameters
    ----------
    count : int
        All entries. `measured` of them are finite in both; `not_a_number` and `infinite` count results that are NaN
        or an infinity where the true value is finite; `undefined` counts entries without a bounded true value.
    absolute, relative, ulps : the greatest; None where no entry has one
    mean_ulps : the mean of the upper ends
    bias : encloses the mean of the signed errors in ulps
    good_bits : a lower end of -log2 of the greatest relative error, to a tenth; None where that error is 0 or absent
    without_relative : measured entries that have no relative error
    without_ulps : measured entries that have no ulp
    unsettled : measured entries whose enclosure is not negligibly wide
    worst, worst_ulps : where the greatest absolute error and the greatest error in ulps stand
    """

    count: int
    measured: int
    not_a_number: int
    infinite: int
    undefined: int
    absolute: Dyadic | None
    mean_absolute: Fraction | None
    relative: Fraction | None
    ulps: Dyadic | None
    mean_ulps: Fraction | None
    bias: tuple[Fraction, Fraction] | None
    good_bits: Fraction | None
    without_relative: int
    without_ulps: int
    unsettled: int
    worst: tuple[int, ...] | None
    worst_ulps: tuple[int, ...] | None

    @property
    def not_finite(self) -> int:
        """How many results are NaN or infinite where the true value is finite."""
        return self.not_a_number + self.infinite


def entry_error(computed: Dyadic, true: Interval, fmt: Format) -> EntryError:
    """Return the error of one result against an enclosure of its true value.

    Examples
    --------
    >>> from precise.formats import binary16
    >>> error = entry_error(Dyadic(1), Interval(Dyadic(1023, -10), Dyadic(1023, -10)), binary16)
    >>> error.ulps, error.relative
    (Dyadic(1, 1), Fraction(1, 1023))
    """
    low, high = computed - true.upper, computed - true.lower
    absolute = max(abs(low), abs(high))
    straddles = true.lower <= 0 <= true.upper
    least_error = ZERO if low <= 0 <= high else min(abs(low), abs(high))
    least_true = ZERO if straddles else min(abs(true.lower), abs(true.upper))
    if least_true.c:
        relative: Fraction | None = fraction_of(absolute) / fraction_of(least_true)
    else:
        relative = Fraction(0) if absolute.c == 0 else None
    width = true.width
    small = width.c == 0 or width <= least_error.scaled(_ERROR_SHARE)
    if least_true.c == 0 and fmt.q_min is None:
        settled = width.c == 0 or (small and not straddles)
        return EntryError(absolute, relative, ZERO if absolute.c == 0 else None, None, settled, least_true)
    q = ulp(least_true, fmt).q
    bias = Interval(low.scaled(-q), high.scaled(-q))
    settled = small or width.scaled(-q) <= Dyadic(1, _ULP_SHARE)
    return EntryError(absolute, relative, absolute.scaled(-q), bias, settled, least_true)


def measure(
    computed: NDArray[np.object_], true: NDArray[np.object_], fmt: Format
) -> tuple[Measurement, list[EntryError | None]]:
    """Return the statistics of an array, and the error of each entry in C order (None where it is not measured).

    Parameters
    ----------
    computed : [...] of Dyadic or Special
    true : [...] of Interval, or None where there is no bounded enclosure
    """
    if computed.shape != true.shape:
        raise ShapeError(
            f"measure: results and true values must have one shape; got {list(computed.shape)} and {list(true.shape)}"
        )
    values: list[Element] = computed.ravel().tolist()
    enclosures: list[Interval | None] = true.ravel().tolist()
    errors = [_error_or_none(x, t, fmt) for x, t in zip(values, enclosures, strict=True)]
    bounded = [x for x, t in zip(values, enclosures, strict=True) if t is not None]
    found = [(i, e) for i, e in enumerate(errors) if e is not None]
    ulps = [(i, e.ulps) for i, e in found if e.ulps is not None]
    relatives = [e.relative for _, e in found if e.relative is not None]
    worst = max(found, key=lambda pair: pair[1].absolute, default=None)
    worst_ulps = max(ulps, key=lambda pair: pair[1], default=None)
    greatest_relative = max(relatives, default=None)
    measurement = Measurement(
        count=len(values),
        measured=len(found),
        not_a_number=sum(x is Special.NAN for x in bounded),
        infinite=sum(x is Special.POS_INF or x is Special.NEG_INF for x in bounded),
        undefined=enclosures.count(None),
        absolute=worst[1].absolute if worst else None,
        mean_absolute=_mean([e.absolute for _, e in found]),
        relative=greatest_relative,
        ulps=worst_ulps[1] if worst_ulps else None,
        mean_ulps=_mean([u for _, u in ulps]),
        bias=_mean_bias([e.bias for _, e in found if e.bias is not None]),
        good_bits=good_bits(greatest_relative) if greatest_relative else None,
        without_relative=sum(e.relative is None for _, e in found),
        without_ulps=len(found) - len(ulps),
        unsettled=sum(not e.settled for _, e in found),
        worst=_place(worst[0], computed.shape) if worst else None,
        worst_ulps=_place(worst_ulps[0], computed.shape) if worst_ulps else None,
    )
    return measurement, errors


def good_bits(relative: Fraction) -> Fraction:
    """Return `-log2(relative)` for `relative > 0`, rounded down to a tenth.

    Examples
    --------
    >>> good_bits(Fraction(1, 256)), good_bits(Fraction(3, 2))
    (Fraction(8, 1), Fraction(-3, 5))
    """
    exact = _exact_log2(relative)
    if exact is not None:
        return Fraction(-exact)
    with working_precision(64 + relative.numerator.bit_length() + relative.denominator.bit_length()):
        tenths = interval_of(ball_of(-10) * ball_of(relative).log() / ball_of(2).log())
    assert tenths is not None
    low = tenths.lower.to_fraction()
    return Fraction(low.numerator // low.denominator, 10)


def _exact_log2(x: Fraction) -> int | None:
    """Return log2 of a power of two, None for other numbers."""
    if x.numerator & (x.numerator - 1) or x.denominator & (x.denominator - 1):
        return None
    return x.numerator.bit_length() - x.denominator.bit_length()


def _error_or_none(x: Element, true: Interval | None, fmt: Format) -> EntryError | None:
    """Return the error of an entry, None where one of the two values is not a finite number."""
    if true is None:
        return None
    if isinstance(x, Special):
        return entry_error(ZERO, true, fmt) if x is Special.NEG_ZERO else None
    return entry_error(x, true, fmt)


def _mean(values: Sequence[Dyadic]) -> Fraction | None:
    """Return the mean, exactly; None of nothing."""
    return sum(values, ZERO).to_fraction() / len(values) if values else None


def _mean_bias(biases: Sequence[Interval]) -> tuple[Fraction, Fraction] | None:
    """Return the ends of an enclosure of the mean of enclosed numbers."""
    lower, upper = _mean([b.lower for b in biases]), _mean([b.upper for b in biases])
    return None if lower is None or upper is None else (lower, upper)


def _place(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the index of an entry from its place in C order."""
    return tuple(int(i) for i in np.unravel_index(flat, shape))
