"""All pairs of a small format and their exact results: odd integers, exponents of two, and rare special cases."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
from oracles.floats import as_float, as_value, as_values
from oracles.integers import (
    Spec,
    Value,
    exact_add,
    exact_divide,
    exact_multiply,
    members,
    negated,
    power_of_two,
    round_value,
)
from oracles.lanes import Exact, Floats, from_values, round_exact

OPERATIONS = ("add", "subtract", "multiply", "divide")
WINDOW = (-4, 4)  # exponents that an unbounded format is tried at
Integers = npt.NDArray[np.int64]


SLOW = 7_000  # up to so many distinct results the slow oracle rounds each of them


@dataclass(frozen=True, eq=False)
class Results:
    """The distinct exact results of all pairs, and which of them each pair has."""

    distinct: list[Value]
    where: Integers

    @cached_property
    def rows(self) -> Exact:
        """Return the distinct results as leading bits and sticky flags."""
        return from_values(self.distinct)

    def rounded(self, spec: Spec, mode: str) -> Floats:
        """Return the result of each pair, rounded once."""
        if len(self.distinct) > SLOW:
            return round_exact(self.rows, spec, mode)[self.where]
        return np.array([as_float(round_value(r, spec, mode)) for r in self.distinct])[self.where]


@cache
def operands(spec: Spec) -> Floats:
    """Return all members of both signs, a window of them where unbounded, and the specials of a bounded one."""
    window = WINDOW if spec.q_min is None else (None, None)
    positive = [as_float(v) for v in members(spec, *window) if v > 0]
    special = [0.0]
    if spec.q_min is not None:
        special += [-0.0] * spec.signed_zero + [np.inf, -np.inf] * spec.infinities + [np.nan] * spec.nan
    return np.array([*(-v for v in reversed(positive)), *positive, *special])


@cache
def all_pairs(spec: Spec, operation: str) -> tuple[Floats, Floats]:
    """Return all pairs; a format without infinity and NaN, or without bounds, leaves out division by zero."""
    x = operands(spec)
    a, b = (g.ravel() for g in np.meshgrid(x, x, indexing="ij"))
    total = operation != "divide" or (spec.infinities and spec.nan and spec.q_min is not None)
    return (a, b) if total else (a[b != 0], b[b != 0])


def exact(operation: str, x: Value, y: Value, mode: str) -> Value:
    """Return the result before rounding."""
    if operation == "multiply":
        return exact_multiply(x, y)
    if operation == "divide":
        return exact_divide(x, y)
    return exact_add(x, y if operation == "add" else negated(y), mode)


def odd_parts(x: Floats) -> tuple[Integers, Integers]:
    """Return odd integers c and exponents k with x = c * 2**k; (0, 0) for zeros and specials."""
    c, k = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
    for i, v in enumerate(as_values(x)):
        if isinstance(v, Fraction) and v != 0:
            twos = (v.numerator & -v.numerator).bit_length() - 1
            c[i], k[i] = v.numerator >> twos, twos - v.denominator.bit_length() + 1
    return c, k


def strip_twos(n: Integers, k: Integers) -> tuple[Integers, Integers]:
    """Return n * 2**k with n odd (n nonzero)."""
    twos = np.bitwise_count((n & -n) - 1).astype(np.int64)
    return n // (np.int64(1) << twos), k + twos


@cache
def exact_results(spec: Spec, operation: str, mode: str) -> Results:
    """Return the exact results of all pairs; the mode matters only for the sign of a zero sum (RTN or another)."""
    a, b = all_pairs(spec, operation)
    unique, inverse = np.unique(np.concatenate([a, b]).view(np.uint64), return_inverse=True)
    c, k = odd_parts(unique.view(np.float64))
    (c1, k1), (c2, k2) = ((c[i], k[i]) for i in np.split(inverse, 2))
    slow = (c1 == 0) | (c2 == 0)
    den = np.ones_like(c1)
    if operation == "multiply":
        num, exponent = c1 * c2, k1 + k2
    elif operation == "divide":
        divisor = np.gcd(c1, c2) + slow
        num, den, exponent = c1 // divisor * np.sign(c2), np.abs(c2) // divisor, k1 - k2
    else:
        low = int(k.min())
        assert int(k.max()) - low + spec_bits(spec) < 62
        total = (c1 << (k1 - low)) + (c2 << (k2 - low)) * (1 if operation == "add" else -1)
        slow |= total == 0
        num, exponent = strip_twos(np.where(slow, 1, total), np.full_like(total, low))
    rows = np.stack([num, den, exponent], axis=1)
    rows[slow] = 0
    distinct, where = np.unique(rows, axis=0, return_inverse=True)
    found: list[Value] = [Fraction(0) if d == 0 else Fraction(n, d) * power_of_two(e) for n, d, e in distinct.tolist()]
    index: dict[Value, int] = {}
    where = where.ravel().copy()
    for i in np.flatnonzero(slow):
        value = exact(operation, as_value(float(a[i])), as_value(float(b[i])), mode)
        if value not in index:
            index[value] = len(found)
            found.append(value)
        where[i] = index[value]
    return Results(found, where)


def spec_bits(spec: Spec) -> int:
    """Return the precision."""
    assert spec.p is not None
    return spec.p
