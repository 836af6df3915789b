"""The exponential of floats over the whole range: twenty-eight levels.

x is brought to fixed point with F = 2 p + 12 binary places; k is near x / ln 2, u = x - k ln 2 + 1/4 lies in [0, 1),
and exp(u - 1/4) comes from a table of polynomials, to 2 p + 10 places. The relative error before the one rounding is
below 2**(-2 p - 6), so the result is within 2**-p; it is the correctly rounded one unless exp(x) lies that close to a
midpoint, or in the other modes to a float. exp(0) = 1 is the one exact value; for the directed modes it is forced, and
a tiny x is replaced by 2**-(p + 6) with its sign.
"""

from __future__ import annotations

from functools import cache

from precise.circuits.addition import add_flat
from precise.circuits.builder import Builder
from precise.circuits.fixed_point import Fixed, signed_columns, to_fixed
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import ZERO, Form, Word, constant_word
from precise.circuits.pack import Magnitude, pack
from precise.circuits.remainders import Wanted, guard_columns, primes_beyond
from precise.circuits.roundup import NEAREST
from precise.circuits.series import Polynomials, evaluate_polynomials, one_hot
from precise.circuits.summing import add_columns
from precise.modes import RNE, Rounding

GUARD = 24
"""Bits of constants beyond those that are kept."""
NEAR = 6
"""Binary places of x and of 1 / ln 2, beyond the integer part of x, that decide k: its error is below 0.04."""


def exp_integer(numerator: int, denominator: int, places: int) -> int:
    """Return exp(numerator / denominator) * 2**places, within a unit; |numerator / denominator| is at most 1."""
    total_, term, i = 0, 1 << (places + GUARD), 0
    while term not in (0, -1):
        total_ += term
        i += 1
        term = term * numerator // (denominator * i)
    return total_ >> GUARD


def log_two(places: int) -> int:
    """Return ln 2 * 2**places, within a unit: sum of 1 / (i * 2**i)."""
    return sum((1 << (places + GUARD - i)) // i for i in range(1, places + GUARD + 1)) >> GUARD


@cache
def exp_polynomials(places: int) -> Polynomials:
    """Return Taylor polynomials of exp(u - 1/4) for u of `places` bits in [0, 1)."""
    select = max(2, (places - 1).bit_length() - 1)
    degree, scale, low = -(-(places + 4) // select), places + 6, places - select
    table = []
    for h in range(1 << select):
        value = exp_integer(4 * h - (1 << select), 4 << select, scale + GUARD)
        coefficients, factorial = [], 1
        for i in range(degree + 1):
            coefficients.append((value // factorial + (1 << (GUARD + select * i - 1))) >> (GUARD + select * i))
            factorial *= i + 1
        table.append(coefficients)
    return Polynomials(table, low, scale + low * degree + 2)


def float_exp(b: Builder, x: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return exp(x), rounded once."""
    p, w = layout.p, layout.w
    places = 2 * p + 12
    if rounding.code in NEAREST:
        fixed = to_fixed(b, x, layout, places, w, 1 - p - places)
    else:  # below 2**-(p + 6) in absolute value, only the sign of x counts
        fixed = to_fixed(b, x, layout, places, w, -2 * p - 5, nudge=p + 6)
    power = _power(b, fixed, w)
    rest = _rest(b, fixed, power)
    table = exp_polynomials(fixed.places)
    select = fixed.places - table.scale
    with b.stage("leading bits"):
        high = one_hot(b, rest[table.scale :])
    unit = table.bits - 2  # the place of 1
    keep = 2 * p + 10
    guard = guard_columns(len(primes_beyond(table.bits + 1)))
    wanted = Wanted(unit - keep, unit + 2, guard)
    series = evaluate_polynomials(b, high, rest[: fixed.places - select], table, wanted)
    bits = b.materialise(series if rounding.code in NEAREST else one_instead(series, keep, 1 - x.significand[-1]))
    with b.stage("exponent of the result"):
        # A leading one at place keep + 1 means the field k - (p - 1) + 1 + bias; beyond the range it is forced to
        # 2**w + 2 or -2**w + 2.
        plain = add_flat(b, power, constant_word(layout.bias - p + 2, w + 2), w + 2)
        low = [b.gate(bit + fixed.large * (1 if i == 1 else -1)) for i, bit in enumerate(plain[:w])]
        negative_large = b.all_of(fixed.large, x.sign)
        exponent = (
            *low,
            b.gate(plain[w] + fixed.large),
            b.gate(plain[w + 1] - fixed.large + negative_large * 2),
        )
    return pack(b, Magnitude(ZERO, bits, exponent, keep + 1), layout, rounding)


def one_instead(bits: Word, unit: int, where: Form) -> Word:
    """Return bits, or those of 1 = 2**unit under a condition, as forms of which [form >= 1] is the bit."""
    return tuple(bit + where if i == unit else bit - where for i, bit in enumerate(bits))


def _power(b: Builder, x: Fixed, w: int) -> Word:
    """Return k near x / ln 2, in two's complement with w + 2 bits."""
    places = w + NEAR
    scale = (1 << 2 * places) // log_two(places)  # 2**places / ln 2
    first = x.places - NEAR
    with b.stage("power of two"):
        width = w + 2 + NEAR + places
        columns = signed_columns(width, x, scale, first, -first, 0)
        return b.materialise(add_columns(b, columns)[NEAR + places :])


def _rest(b: Builder, x: Fixed, power: Word) -> Word:
    """Return x - k ln 2 + 1/4 modulo 1, with the places of x."""
    guard = len(power) + 2
    width = x.places + guard
    scale = log_two(width)
    with b.stage("rest"):
        columns = signed_columns(width, x, 1, 0, guard, 1 << (width - 2))
        for i, bit in enumerate(power):
            value = scale << i
            multiple = (value if i == len(power) - 1 else -value) % (1 << width)  # the last bit counts -2**i
            for place in range(width):
                if multiple >> place & 1:
                    columns[place].append(bit)
        return b.materialise(add_columns(b, columns)[guard:])
