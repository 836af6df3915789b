"""Adversarial arguments of circuits, as codes: ties and their neighbours, cancellation, clipped gaps, range ends.

Every generator returns columns of codes of F_p, one column an operand. Half of the lanes of every operation are the
general ones of `FarFloats.adversarial`: special and random significands, near, far and opposite exponents, the ends of
the range, zeros, pairs that cancel.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from oracles.farfloats import FarFloats

Codes = NDArray[np.int64]
Columns = list[Codes]
Generator = np.random.Generator


class Inputs:
    """Generators of arguments for one precision, from one stream of random numbers."""

    def __init__(self, p: int, rng: Generator) -> None:
        self.p, self.rng, self.far = p, rng, FarFloats(p)
        self.low, self.bias, self.fields = 1 << (p - 1), 1 << p, 2 << p

    def code(self, significand: Codes, field: Codes, negative: Codes | int = 0) -> Codes:
        """Return codes; fields beyond the range are brought back into it."""
        assert ((significand >> (self.p - 1)) == 1).all()
        return significand | np.clip(field, 0, self.fields - 1) << self.p | negative << (2 * self.p + 1)

    def signs(self, lanes: int) -> Codes:
        """Return random signs."""
        return self.rng.integers(0, 2, lanes)

    def field(self, lanes: int) -> Codes:
        """Return exponent fields: half anywhere, the others near the ends, near 1 and near the quantum 1."""
        places = self.rng.choice([0, 2 * self.p, self.bias - self.p, self.bias, self.fields - self.p], lanes)
        near = places + self.rng.integers(-self.p - 2, self.p + 3, lanes)
        return np.where(self.rng.random(lanes) < 0.5, near, self.rng.integers(0, self.fields, lanes)).astype(np.int64)

    def significand(self, lanes: int) -> Codes:
        """Return significands: random ones, and those next to powers of two."""
        m = self.rng.integers(self.low, 2 * self.low, lanes)
        special = self.rng.choice([self.low, self.low + 1, 2 * self.low - 1, 2 * self.low - 2], lanes)
        return np.where(self.rng.random(lanes) < 0.2, special, m)

    def short(self, bits: Codes) -> Codes:
        """Return significands of which only so many leading bits are not 0, the last of them 1."""
        m = self.rng.integers(self.low, 2 * self.low, len(bits))
        drop = self.p - np.clip(bits, 1, self.p)
        return (m >> drop | 1) << drop

    def beside(self, significand: Codes) -> Codes:
        """Return significands, half of them moved by a unit that stays in the binade."""
        moved = significand + self.rng.integers(-1, 2, len(significand))
        keeps = (moved >> (self.p - 1) == 1) & (self.rng.random(len(significand)) < 0.5)
        return np.where(keeps, moved, significand)

    def of_floats(self, values: NDArray[np.float64]) -> Codes:
        """Return codes next to binary64 numbers that are not 0, half of them a unit away."""
        mantissa, exponent = np.frexp(np.abs(values))
        m = np.clip(np.rint(np.ldexp(mantissa, self.p)).astype(np.int64), self.low, 2 * self.low - 1)
        return self.code(self.beside(m), exponent - self.p + self.bias, (values < 0).astype(np.int64))

    def general(self, count: int, lanes: int) -> Columns:
        """Return the general arguments."""
        return list(self.far.adversarial(self.rng, count, lanes).astype(np.int64))

    def added(self, lanes: int) -> Columns:
        """Return pairs whose sum or difference is a tie or next to one, at every distance of the exponents."""
        distance = self.rng.integers(1, self.p + 3, lanes)
        field = np.maximum(self.field(lanes), distance)
        m = self.rng.integers(self.low, 2 * self.low, lanes)
        half = np.minimum(distance - 1, self.p - 1)
        tie = np.where(distance > self.p, self.low, (m >> half | 1) << half)
        x = self.code(self.significand(lanes), field, self.signs(lanes))
        return [x, self.code(self.beside(tie), field - distance, self.signs(lanes))]

    def multiplied(self, lanes: int) -> Columns:
        """Return pairs whose product has about p + 1 bits, so that it is a tie or next to one."""
        bits = self.rng.integers(1, self.p + 1, lanes)
        x, y = self.short(bits), self.beside(self.short(self.p + 1 - bits + self.rng.integers(0, 2, lanes)))
        return self._opposite([x, y])

    def _opposite(self, significands: Columns) -> Columns:
        """Return floats whose fields add up to about 1, to the ends of the range, or to anything."""
        lanes, count = len(significands[0]), len(significands)
        fields = [self.field(lanes) for _ in significands]
        target = self.rng.choice([0, self.bias - count * self.p, self.fields - 1], lanes)
        target = target + (count - 1) * (self.bias - self.p) + self.rng.integers(-3, 4, lanes)
        last = target - sum(fields[1:])
        kept = self.rng.random(lanes) < 0.15
        fields[0] = np.where(kept, fields[0], last)
        return [self.code(m, f, self.signs(lanes)) for m, f in zip(significands, fields, strict=True)]

    def divided(self, lanes: int) -> Columns:
        """Return pairs whose quotient is next to a midpoint, or exact."""
        quotient = self.rng.integers(self.low, 2 * self.low, lanes) * 2 + self.rng.integers(0, 2, lanes)
        divisor = self.short(self.rng.integers(1, self.p + 1, lanes))
        divisor = np.where(self.signs(lanes) == 1, divisor, self.significand(lanes))
        wide = quotient * divisor  # 2p or 2p + 1 bits
        length = np.frexp(wide.astype(np.float64))[1].astype(np.int64)
        m = np.clip((wide + (1 << (length - self.p - 1))) >> (length - self.p), self.low, 2 * self.low - 1)
        y = self.field(lanes)
        target = self.rng.choice([-self.p, self.bias - self.p, self.fields - self.p], lanes)
        x = target + y - self.bias + self.p + self.rng.integers(-3, 4, lanes)
        return [self.code(m, x, self.signs(lanes)), self.code(divisor, y, self.signs(lanes))]

    def rooted(self, lanes: int) -> Columns:
        """Return numbers whose square root is next to a midpoint or exact; some are negative."""
        root = 2 * self.rng.integers(self.low, 2 * self.low, lanes) + self.rng.integers(0, 2, lanes)
        square = root * root  # 2p + 1 or 2p + 2 bits
        length = np.frexp(square.astype(np.float64))[1].astype(np.int64)
        drop = length - self.p
        m = np.clip(square + (1 << (drop - 1)) >> drop, self.low, 2 * self.low - 1)
        field = self.field(lanes)
        field += (field - self.bias - drop) % 2
        return [self.code(self.beside(m), field, (self.rng.random(lanes) < 0.02).astype(np.int64))]

    def raised(self, lanes: int) -> Columns:
        """Return arguments of exp: next to logarithms of midpoints, at the ends of the range, tiny."""
        middle = (self.rng.integers(self.low, 2 * self.low, lanes) + 0.5) / self.low
        top = self.bias + self.p
        power = self.rng.integers(-3, 4, lanes) + self.rng.choice([0, 1, top, -self.bias], lanes)
        power = np.where(self.rng.random(lanes) < 0.3, self.rng.integers(-top, top, lanes), power)
        value = np.log(middle) + power * np.log(2.0)
        tiny = np.ldexp(middle * self.rng.choice([-1, 1], lanes), self.rng.integers(-2 * self.p - 14, 2, lanes))
        return [self.of_floats(np.where(self.rng.random(lanes) < 0.7, value, tiny))]

    def turned(self, lanes: int) -> Columns:
        """Return angles: next to multiples of pi / 4, next to arcs of midpoints, tiny ones, and a few beyond 8."""
        turns = np.pi / 4 * self.rng.integers(1, 12, lanes)
        middle = (self.rng.integers(self.low, 2 * self.low, lanes) + 0.5) / (2 * self.low)
        scaled = np.ldexp(middle, self.rng.integers(-self.p, 1, lanes))
        arcs = np.arcsin(scaled) + self.rng.choice([0, 0.5, 1, 1.5, 2], lanes) * np.pi
        small = np.ldexp(middle, self.rng.integers(-2 * self.p - 4, 5, lanes))
        kind = self.rng.random(lanes)
        value = np.where(kind < 0.2, turns, np.where(kind < 0.6, arcs, small))
        return [self.of_floats(value * self.rng.choice([-1, 1], lanes))]

    def whole(self, lanes: int) -> Columns:
        """Return numbers with fraction bits, integers and their neighbours."""
        m = np.where(
            self.signs(lanes) == 1, self.short(self.rng.integers(1, self.p + 1, lanes)), self.significand(lanes)
        )
        field = self.bias - self.p + self.rng.integers(-2, self.p + 4, lanes)
        return [self.code(self.beside(m), field, self.signs(lanes))]

    def compared(self, count: int, lanes: int) -> Columns:
        """Return numbers that differ in nothing, in a sign, a unit, a field, or in much."""
        first = self.code(self.significand(lanes), self.field(lanes), self.signs(lanes))
        columns = [first]
        for _ in range(count - 1):
            kind = self.rng.integers(0, 6, lanes)
            other = self.code(self.significand(lanes), self.field(lanes), self.signs(lanes))
            flips = [first, first ^ self.far.sign, first ^ 1, first ^ 1 << self.p, other, np.zeros_like(first)]
            columns.append(np.select([kind == k for k in range(6)], flips))
        return self._shuffled(columns)

    def summed(self, count: int, lanes: int) -> Columns:
        """Return terms of which the leading two cancel or make a tie, the others follow at about the clipped gap."""
        gap = 2 * self.p + (count - 1).bit_length() + 1
        field = np.where(self.rng.random(lanes) < 0.7, self.field(lanes), self.fields - 1)
        columns = self.added(lanes)
        cancels = self.code(self.significand(lanes), field, self.signs(lanes))
        kind = self.rng.random(lanes)
        columns[0] = np.where(kind < 0.6, cancels, columns[0])
        moved = np.where(self.signs(lanes) == 1, 0, self.rng.choice([1, 1 << self.p, self.low >> 1], lanes))
        columns[1] = np.where(kind < 0.6, cancels ^ self.far.sign ^ moved, columns[1])
        place = (columns[0] >> self.p) & (self.fields - 1)
        for _ in range(count - 2):
            step = self.rng.choice([0, 1, self.p, gap - 1, gap, gap + 1, 3 * gap, self.fields // 8], lanes)
            place = place - step
            columns.append(self.code(self.significand(lanes), place, self.signs(lanes)))
        large = self.rng.random(lanes) < 0.1  # beyond the largest number, or just below it
        top = [self.code(self.significand(lanes), np.full(lanes, self.fields - 1) - k // 2) for k in range(count)]
        return self._shuffled([np.where(large, t, c) for t, c in zip(top, columns, strict=True)])

    def factors(self, count: int, lanes: int) -> Columns:
        """Return factors with few bits each, whose exponents add up to 1 or to an end of the range; some are 0."""
        bits = self.rng.multinomial(self.p - 1 + self.rng.integers(0, 2, lanes), [1 / count] * count).T + 1
        columns = self._opposite([self.beside(self.short(b)) for b in bits.astype(np.int64)])
        columns[-1] = np.where(self.rng.random(lanes) < 0.02, 0, columns[-1])
        return self._shuffled(columns)

    def _shuffled(self, columns: Columns) -> Columns:
        """Return columns whose lanes are permuted, each on its own."""
        return list(self.rng.permuted(np.stack(columns), axis=0))


def arguments(operation: str, p: int, n: int, lanes: int, rng: Generator) -> Columns:
    """Return adversarial arguments of an operation, half of them made for it."""
    make = Inputs(p, rng)
    half = lanes // 2
    special: dict[str, Callable[[], Columns]] = {
        "add": lambda: make.added(half),
        "subtract": lambda: make.added(half),
        "multiply": lambda: make.multiplied(half),
        "divide": lambda: make.divided(half),
        "less_equal": lambda: make.compared(2, half),
        "max": lambda: make.compared(n, half),
        "min": lambda: make.compared(n, half),
        "floor": lambda: make.whole(half),
        "sqrt": lambda: make.rooted(half),
        "exp": lambda: make.raised(half),
        "sin": lambda: make.turned(half),
        "cos": lambda: make.turned(half),
        "sum": lambda: make.summed(n, half),
        "prod": lambda: make.factors(n, half),
        "dot": lambda: [*make.summed(n, half), *make.compared(n, half)],
    }
    columns = special[operation]()
    general = make.general(len(columns), lanes - half)
    columns = [np.concatenate(both) for both in zip(columns, general, strict=True)]
    return [np.where(c >> (p - 1) & 1, c, 0) for c in columns]  # a flipped leading bit leaves the canonical zero
