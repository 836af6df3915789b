"""Round exact rationals to a format given by plain numbers: by quotient and remainder, never by shifts.

This is an oracle. It imports nothing from the package under test and works on `Fraction`, or on one of the four
strings for what no fraction can say. It is slow and meant to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, isqrt

NEG_ZERO, POS_INF, NEG_INF, NAN = "-0", "+inf", "-inf", "nan"
Value = Fraction | str

MODES = ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO")
POLICIES = ("infinity", "nan", "saturate")
ZERO = Fraction(0)


@dataclass(frozen=True)
class Spec:
    """A format in plain numbers: `p` None is fixed point, `q_min` None and `largest` None are unbounded."""

    name: str
    p: int | None
    q_min: int | None
    largest: Fraction | None
    subnormals: bool = True
    infinities: bool = True
    nan: bool = True
    signed_zero: bool = True
    least: Fraction | None = None  # most negative value, where that is not -largest

    @property
    def least_normal(self) -> Fraction:
        """Return the smallest normal value; the format must have a least quantum and a precision."""
        assert self.p is not None
        assert self.q_min is not None
        return power_of_two(self.q_min + self.p - 1)

    @property
    def overflow(self) -> str:
        """Return the policy that the format's own specials suggest."""
        if self.infinities:
            return "infinity"
        return "nan" if self.nan else "saturate"


@lru_cache(maxsize=2**14)
def power_of_two(k: int) -> Fraction:
    """Return 2**k exactly."""
    return Fraction(2) ** k


def binade(a: Fraction) -> int:
    """Return e with 2**e <= a < 2**(e+1), for a > 0, by search."""
    e = a.numerator.bit_length() - a.denominator.bit_length()
    while power_of_two(e) > a:
        e -= 1
    while power_of_two(e + 1) <= a:
        e += 1
    return e


def quantum_exponent(a: Fraction, spec: Spec) -> int:
    """Return the quantum exponent at magnitude a > 0."""
    if spec.p is None:
        assert spec.q_min is not None
        return spec.q_min
    q = binade(a) - spec.p + 1
    return q if spec.q_min is None else max(q, spec.q_min)


def bracket(a: Fraction, spec: Spec) -> tuple[Fraction, Fraction, bool]:
    """Return the neighbours lo <= a < hi of a > 0, without upper bound, and whether lo has an odd significand."""
    if not spec.subnormals and spec.q_min is not None and spec.p is not None and a < spec.least_normal:
        return ZERO, spec.least_normal, False
    quantum = power_of_two(quantum_exponent(a, spec))
    count = a // quantum
    return count * quantum, (count + 1) * quantum, count % 2 == 1


def choose(a: Fraction, lo: Fraction, hi: Fraction, lo_odd: bool, negative: bool, mode: str) -> Fraction:
    """Return lo or hi for lo <= a < hi in one deterministic mode."""
    if a == lo:
        return lo
    if mode in ("RNE", "RNA"):
        middle = (lo + hi) / 2
        if a != middle:
            return lo if a < middle else hi
        return hi if mode == "RNA" or lo_odd else lo
    if mode == "RTO":
        return lo if lo_odd else hi
    away = {"RTZ": False, "RAZ": True, "RTP": not negative, "RTN": negative}[mode]
    return hi if away else lo


def keeps_finite(mode: str, negative: bool) -> bool:
    """Return whether an overflow in this mode and sign stops at the largest finite value."""
    return mode in ("RTZ", "RTO") or (mode == "RTP" and negative) or (mode == "RTN" and not negative)


def bound(negative: bool, spec: Spec) -> Fraction:
    """Return the signed value at the end of the range."""
    assert spec.largest is not None
    if negative:
        return -spec.largest if spec.least is None else spec.least
    return spec.largest


def overflowed(negative: bool, spec: Spec, mode: str, overflow: str) -> Value:
    """Return the result of an overflow."""
    if overflow == "saturate" or keeps_finite(mode, negative):
        return bound(negative, spec)
    if overflow == "nan":
        return NAN
    return NEG_INF if negative else POS_INF


def signed(negative: bool, magnitude: Fraction, spec: Spec) -> Value:
    """Return the magnitude with its sign, where zero may keep it."""
    if magnitude == 0:
        return NEG_ZERO if negative and spec.signed_zero else ZERO
    return -magnitude if negative else magnitude


def finish(negative: bool, magnitude: Fraction, spec: Spec, mode: str, overflow: str) -> Value:
    """Return a rounded magnitude with its sign, or the overflow."""
    if spec.largest is not None and magnitude > abs(bound(negative, spec)):
        return overflowed(negative, spec, mode, overflow)
    return signed(negative, magnitude, spec)


def round_value(x: Value, spec: Spec, mode: str, overflow: str | None = None) -> Value:
    """Return the exact value x, or a special, rounded once."""
    overflow = spec.overflow if overflow is None else overflow
    if isinstance(x, str):
        return round_special(x, spec, overflow)
    if x == 0:
        return ZERO
    negative, a = x < 0, abs(x)
    lo, hi, lo_odd = bracket(a, spec)
    return finish(negative, choose(a, lo, hi, lo_odd, negative, mode), spec, mode, overflow)


def round_special(x: str, spec: Spec, overflow: str) -> Value:
    """Return a special in a format that may lack it."""
    if x == NEG_ZERO:
        return NEG_ZERO if spec.signed_zero else ZERO
    if x == NAN or spec.infinities:
        return x
    return bound(x == NEG_INF, spec) if overflow == "saturate" else NAN


def stochastic(x: Fraction, spec: Spec, bits: int) -> tuple[Fraction, Fraction, int]:
    """Return both neighbours of x > 0 and how many of the 2**bits random numbers U go up: U < fraction * 2**bits."""
    lo, hi, _ = bracket(x, spec)
    return lo, hi, ceil((x - lo) / (hi - lo) * 2**bits)


def members(spec: Spec, e_from: int | None = None, e_to: int | None = None) -> list[Fraction]:
    """Return the non-negative members, ascending, by enumeration; a window e_from..e_to where unbounded."""
    assert spec.p is not None
    found = {ZERO}
    if spec.q_min is not None and spec.subnormals:
        found |= {c * power_of_two(spec.q_min) for c in range(2 ** (spec.p - 1))}
    first = spec.q_min + spec.p - 1 if e_from is None and spec.q_min is not None else e_from
    last = binade(spec.largest) if e_to is None and spec.largest is not None else e_to
    assert first is not None
    assert last is not None
    for e in range(first, last + 1):
        found |= {c * power_of_two(e - spec.p + 1) for c in range(2 ** (spec.p - 1), 2**spec.p)}
    return sorted(v for v in found if spec.largest is None or v <= spec.largest)


def round_by_bisection(x: Fraction, ascending: list[Fraction], mode: str, *, subnormals: bool) -> Fraction:
    """Return x > 0 rounded into a sorted list of members that starts at 0: a second way to the same answer.

    Parity is the index, since neighbours alternate; without subnormals 0 and the member after it are both even.
    The value must not exceed the last member.
    """
    low, high = 0, len(ascending) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if ascending[middle] <= x:
            low = middle
        else:
            high = middle
    if ascending[high] == x:
        return x
    low_odd = low % 2 == 1 if subnormals else low > 0 and low % 2 == 0
    return choose(x, ascending[low], ascending[high], low_odd, False, mode)


def is_negative(x: Value) -> bool:
    """Return the sign of a value or special that is not NaN."""
    return x in (NEG_ZERO, NEG_INF) if isinstance(x, str) else x < 0


def is_zero(x: Value) -> bool:
    """Return whether x is a zero of either sign."""
    return x == NEG_ZERO or x == 0


def is_infinite(x: Value) -> bool:
    """Return whether x is an infinity."""
    return x in (POS_INF, NEG_INF)


def negated(x: Value) -> Value:
    """Return -x with the signs of zero and infinity."""
    if isinstance(x, str):
        return {NEG_ZERO: ZERO, POS_INF: NEG_INF, NEG_INF: POS_INF, NAN: NAN}[x]
    return NEG_ZERO if x == 0 else -x


def as_fraction(x: Value) -> Fraction:
    """Return a finite value as a fraction."""
    return ZERO if x == NEG_ZERO else Fraction(x)


def exact_add(x: Value, y: Value, mode: str) -> Value:
    """Return x + y before rounding, with the sign that a zero sum has in this mode (IEEE 754-2019, 6.3)."""
    if not isinstance(x, str) and not isinstance(y, str) and (x != 0 or y != 0):
        total = x + y
        return NEG_ZERO if total == 0 and mode == "RTN" else total
    if NAN in (x, y):
        return NAN
    if is_infinite(x) or is_infinite(y):
        if is_infinite(x) and is_infinite(y):
            return x if x == y else NAN
        return x if is_infinite(x) else y
    total = as_fraction(x) + as_fraction(y)
    if total != 0:
        return total
    if is_zero(x) and is_zero(y) and is_negative(x) == is_negative(y):
        return x
    return NEG_ZERO if mode == "RTN" else ZERO


def exact_multiply(x: Value, y: Value) -> Value:
    """Return x * y before rounding."""
    if not isinstance(x, str) and not isinstance(y, str) and x != 0 and y != 0:
        return x * y
    if NAN in (x, y):
        return NAN
    negative = is_negative(x) != is_negative(y)
    if is_infinite(x) or is_infinite(y):
        if is_zero(x) or is_zero(y):
            return NAN
        return NEG_INF if negative else POS_INF
    product = as_fraction(x) * as_fraction(y)
    return product if product != 0 else (NEG_ZERO if negative else ZERO)


def exact_divide(x: Value, y: Value) -> Value:
    """Return x / y before rounding; a nonzero number over zero is an infinity."""
    if NAN in (x, y) or (is_zero(x) and is_zero(y)) or (is_infinite(x) and is_infinite(y)):
        return NAN
    negative = is_negative(x) != is_negative(y)
    if is_infinite(x) or is_zero(y):
        return NEG_INF if negative else POS_INF
    if is_infinite(y) or is_zero(x):
        return NEG_ZERO if negative else ZERO
    return as_fraction(x) / as_fraction(y)


def root_with_sticky(x: Fraction, p: int) -> Fraction:
    """Return sqrt(x), x > 0, or a number strictly between the same two multiples of a quantum far below p bits."""
    scale = 4 ** (4 * p + 64 + x.denominator.bit_length())
    scaled = x * scale
    floor = isqrt(scaled.numerator // scaled.denominator)
    exact = scaled.denominator == 1 and floor * floor == scaled.numerator
    twice = 2 * floor if exact else 2 * floor + 1
    return Fraction(twice, 2 * isqrt(scale))


def exact_sqrt(x: Value, p: int) -> Value:
    """Return sqrt(x) before rounding, or a stand-in that rounds to p bits as the root does."""
    if x in (NAN, NEG_ZERO, POS_INF):
        return x
    if is_negative(x):
        return NAN
    root = as_fraction(x)
    return root if root == 0 else root_with_sticky(root, p)
