"""The papers' floats with exponents of any size: exact integer arithmetic rounded once to nearest even, code by code.

Codes are those of `paperfloats`. Distant exponents are cut short by a sticky digit, nothing is taken from the package.
"""

from __future__ import annotations

from math import isqrt

import numpy as np


class FarFloats:
    """Operations on the codes of F_p."""

    def __init__(self, p: int) -> None:
        self.p, self.w = p, p + 1
        self.bias, self.fields = 1 << p, 2 << p
        self.sign = 1 << (2 * p + 1)

    def split(self, code: int) -> tuple[int, int]:
        """Return the signed significand and the field."""
        m = code & ((1 << self.p) - 1)
        return (-m if code & self.sign else m), code >> self.p & (self.fields - 1)

    def pack(self, n: int, field: int) -> int:
        """Return the code of n * 2**field in units of the least quantum, rounded to nearest even."""
        negative, n = n < 0, abs(n)
        if n == 0:
            return 0
        drop = n.bit_length() - self.p
        field += drop
        if drop <= 0:
            m, rest, half = n << -drop, 0, 1
        else:
            m, rest, half = n >> drop, n & ((1 << drop) - 1), 1 << (drop - 1)
        if field < 0:  # below the least number: it, or 0 up to and including its half
            above_half = field == -1 and (m > 1 << (self.p - 1) or rest)
            return (1 << (self.p - 1)) | (self.sign if negative else 0) if above_half else 0
        m += rest > half or (rest == half and drop > 0 and m & 1)
        if m >> self.p:
            m, field = m >> 1, field + 1
        if field >= self.fields:
            m, field = (1 << self.p) - 1, self.fields - 1
        return m | field << self.p | (self.sign if negative else 0)

    def add(self, a: int, b: int) -> int:
        """Return the code of the sum."""
        (m, e), (n, f) = self.split(a), self.split(b)
        if e < f:
            m, e, n, f = n, f, m, e
        if m and e - f > 2 * self.p + 6:
            n, f = (n > 0) - (n < 0), e - 2 * self.p - 6
        return self.pack((m << (e - f)) + n, f) if m else self.pack(n, f)

    def multiply(self, a: int, b: int) -> int:
        """Return the code of the product."""
        (m, e), (n, f) = self.split(a), self.split(b)
        return self.pack(m * n, e + f - self.bias)

    def divide(self, a: int, b: int) -> int:
        """Return the code of the quotient; 0 for a divisor 0."""
        (m, e), (n, f) = self.split(a), self.split(b)
        if n == 0:
            return 0
        quotient, rest = divmod(abs(m) << 2 * self.p + 4, abs(n))
        value = 2 * quotient + (rest != 0)
        return self.pack(-value if (m < 0) != (n < 0) else value, e - f + self.bias - 2 * self.p - 5)

    def less_equal(self, a: int, b: int) -> int:
        """Return 1 iff a <= b."""
        (m, e), (n, f) = self.split(a), self.split(b)
        if (m > 0) != (n > 0) or m == 0 or n == 0:
            return int((m > 0) - (m < 0) <= (n > 0) - (n < 0))
        return int((e, m) <= (f, n)) if m > 0 else int((e, -m) >= (f, -n))

    def sqrt(self, a: int) -> int:
        """Return the code of the square root; 0 for a negative number."""
        m, e = self.split(a)
        if m <= 0:
            return 0
        shift = 2 * self.p + 6 + (e - self.bias) % 2
        root = isqrt(m << shift)
        exact = root * root == m << shift
        return self.pack(2 * root + (not exact), (e - self.bias - shift) // 2 - 1 + self.bias)

    def total(self, terms: list[int]) -> int:
        """Return the code of the exact sum, rounded once."""
        pairs = [self.split(t) for t in terms]
        least = min(e for _, e in pairs)
        return self.pack(sum(m << (e - least) for m, e in pairs), least)

    def product(self, factors: list[int]) -> int:
        """Return the code of the exact product, rounded once."""
        pairs, value = [self.split(f) for f in factors], 1
        for m, _ in pairs:
            value *= m
        return self.pack(value, sum(e for _, e in pairs) - (len(factors) - 1) * self.bias)

    def adversarial(self, rng: np.random.Generator, count: int, lanes: int) -> np.ndarray:
        """Return codes [count, lanes]: special significands, near and far exponents, the ends of the range, zeros."""
        p, fields = self.p, self.fields
        low = 1 << (p - 1)
        special = np.array([low, low + 1, 2 * low - 1, 2 * low - 2, low + low // 2, low | 5])
        m = np.where(
            rng.random((count, lanes)) < 0.5,
            rng.choice(special, (count, lanes)),
            rng.integers(low, 2 * low, (count, lanes)),
        )
        start = rng.choice([0, p, fields // 2 - p, fields // 2, fields // 2 + p, fields - 1 - p, fields - 1], lanes)
        start = np.where(rng.random(lanes) < 0.5, start, rng.integers(0, fields, lanes))
        near = start + rng.integers(-p - 4, p + 5, (count, lanes))
        # Partners whose product or quotient lies at an end of the range.
        ends = np.stack([self.bias - p - start, fields + self.bias - p - start, start + self.bias, start - self.bias])
        opposite = ends[rng.integers(0, 4, lanes), np.arange(lanes)] + rng.integers(-2, 3, (count, lanes))
        opposite[0] = start
        kind = rng.random((count, lanes))
        field = np.where(kind < 0.55, near, np.where(kind < 0.8, opposite, rng.integers(0, fields, (count, lanes))))
        code = m | np.clip(field, 0, fields - 1) << p | rng.integers(0, 2, (count, lanes)) << (2 * p + 1)
        if count > 1:
            cancels = rng.random(lanes) < 0.1
            code[1] = np.where(cancels, code[0] ^ self.sign, code[1])
            code[1] = np.where(rng.random(lanes) < 0.1, (code[0] ^ self.sign) ^ 1, code[1])
        code[rng.random((count, lanes)) < 0.02] = 0
        return np.where(code & low, code, 0)
