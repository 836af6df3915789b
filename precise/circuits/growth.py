"""Growth of sizes: the exponent of the power law that fits best, with its residual and its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from precise.errors import DomainError


@dataclass(frozen=True, slots=True)
class Fit:
    """`size ~ factor * x**exponent` by least squares on logarithms.

    `residual` is the largest relative distance of a size from the law; it carries the lower-order terms, so the
    exponent is that of the range, and no bound.
    """

    factor: float
    exponent: float
    residual: float


def fitted(places: Sequence[int], sizes: Sequence[int]) -> Fit:
    """Return the power law through sizes at several places.

    Examples
    --------
    >>> fit = fitted([2, 4, 8], [12, 48, 192])
    >>> round(fit.factor, 6), round(fit.exponent, 6), round(fit.residual, 6)
    (3.0, 2.0, 0.0)
    """
    if len(set(places)) < 2 or len(places) != len(sizes) or min([*places, *sizes]) < 1:
        raise DomainError(f"fitted: places and sizes must be positive, two places at least; got {places}, {sizes}")
    x, y = [log(p) for p in places], [log(s) for s in sizes]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)
    start = level - slope * middle
    residual = max(abs(exp(b - start - slope * a) - 1) for a, b in zip(x, y, strict=True))
    return Fit(exp(start), slope, residual)
