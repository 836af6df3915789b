"""Enclosures of elementary functions by series in integers, rounded outwards; no library function is called.

An enclosure is a pair of integers (low, high) in units of 2^-w. Every product is cut downwards in `low` and
upwards in `high`; every series adds a bound on its tail to `high`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from proofs._rounding_by_search import Members

Ends = tuple[int, int]
Enclosure = Callable[[Fraction, int], tuple[Fraction, Fraction]]


def ceil_div(a: int, b: int) -> int:
    """Return the least integer that is not below a / b."""
    return -(-a // b)


def times(a: Ends, b: Ends, w: int) -> Ends:
    """Return an enclosure of the product."""
    corners = [x * y for x in a for y in b]
    return min(corners) >> w, ceil_div(max(corners), 1 << w)


def widened(x: Fraction, w: int) -> Ends:
    """Return an enclosure of a fraction."""
    scaled = x * (1 << w)
    return scaled.numerator // scaled.denominator, ceil_div(scaled.numerator, scaled.denominator)


def halvings(x: Fraction) -> int:
    """Return the least j >= 0 with |x| / 2^j <= 1/2."""
    j = 0
    while 2 * abs(x) > 1 << j:
        j += 1
    return j


def series(first: Ends, square: Ends, factors: Callable[[int], int], sign: int, w: int) -> Ends:
    """Return the sum of first * (sign * square)^i / (factors(1) ... factors(i)), for 0 <= square <= 1/2 units."""
    term, low, high, i = first, first[0], first[1], 0
    while term[1] > 1:
        i += 1
        product = times(term, square, w)
        term = product[0] // factors(i), ceil_div(product[1], factors(i))
        low, high = (low + term[0], high + term[1]) if sign > 0 or i % 2 == 0 else (low - term[1], high - term[0])
    return low - 4, high + 4  # the tail is below twice the last term, which is at most one unit


def exp(x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around e^x."""
    if x < 0:
        low, high = exp(-x, bits)
        return 1 / high, 1 / low
    j = halvings(x)
    w = bits + 4 * j + 64
    found = series((1 << w, 1 << w), widened(x / (1 << j), w), lambda i: i, 1, w)
    for _ in range(j):
        found = times(found, found, w)
    return Fraction(found[0], 1 << w), Fraction(found[1], 1 << w)


def circle(x: Fraction, bits: int) -> tuple[Ends, Ends, int]:
    """Return ends around cos x and sin x, by doubling the angle, and their unit."""
    j = halvings(x)
    w = bits + 3 * j + 64
    one, r = 1 << w, widened(abs(x) / (1 << j), w)
    square = times(r, r, w)
    cosine = series((one, one), square, lambda i: (2 * i - 1) * (2 * i), -1, w)
    sine = series(r, square, lambda i: 2 * i * (2 * i + 1), -1, w)
    for _ in range(j):
        product = times(sine, cosine, w)
        sine = 2 * product[0], 2 * product[1]
        power = times(cosine, cosine, w)
        cosine = 2 * power[0] - one, 2 * power[1] - one
    return cosine, (sine if x >= 0 else (-sine[1], -sine[0])), w


def cos(x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around cos x."""
    cosine, _, w = circle(x, bits)
    return Fraction(cosine[0], 1 << w), Fraction(cosine[1], 1 << w)


def sin(x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around sin x."""
    _, sine, w = circle(x, bits)
    return Fraction(sine[0], 1 << w), Fraction(sine[1], 1 << w)


def tan(x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around tan x; wide where the cosine is not told from 0."""
    cosine, sine, _ = circle(x, bits)
    if cosine[0] <= 0 <= cosine[1]:
        return Fraction(-(2**bits)), Fraction(2**bits)
    corners = [Fraction(s, c) for s in sine for c in cosine]
    return min(corners), max(corners)


def tanh(x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around tanh x = 1 - 2/(e^2x + 1)."""
    low, high = exp(2 * x, bits)
    return 1 - 2 / (low + 1), 1 - 2 / (high + 1)


def area_tangent(z: Fraction, w: int) -> Ends:
    """Return an enclosure of 2 artanh z = 2 (z + z^3/3 + ...), 0 <= z <= 1/3."""
    power, square = widened(2 * z, w), widened(z * z, w)
    low, high, i = power[0], power[1], 1
    while power[1] > 1:
        power, i = times(power, square, w), i + 2
        low, high = low + power[0] // i, high + ceil_div(power[1], i)
    return low - 4, high + 4


def log(x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends around log x = k log 2 + 2 artanh((m - 1)/(m + 1)), x = m 2^k, 1 <= m < 2; x > 0."""
    k = 0
    while x >= Fraction(2) ** (k + 1):
        k += 1
    while x < Fraction(2) ** k:
        k -= 1
    w, m = bits + 64, x / Fraction(2) ** k
    two, rest = area_tangent(Fraction(1, 3), w), area_tangent((m - 1) / (m + 1), w)
    ends = (k * two[0], k * two[1]) if k >= 0 else (k * two[1], k * two[0])
    return Fraction(ends[0] + rest[0], 1 << w), Fraction(ends[1] + rest[1], 1 << w)


def correctly_rounded(members: Members, function: Enclosure, x: Fraction, mode: str) -> int:
    """Return the signed index of the rounded value at `x`, where the value is no number or midpoint of the format."""
    bits = 64
    while True:
        ends = [end * (1 << members.scale) for end in function(x, bits)]
        low, high = (members.rounded(end.numerator, end.denominator, mode) for end in ends)
        if low == high and (ends[0] > 0) == (ends[1] > 0):
            return low
        bits *= 2
