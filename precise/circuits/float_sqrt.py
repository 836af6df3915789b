"""Square root of floats: twenty-four levels, correctly rounded.

x = c m 2**q with c in {1, 2} and q - p - 1 even, so the root is that of N = c m 2**(p + 1) < 2**(2 p + 2), with p + 1
bits and a remainder. A table of polynomials gives y with f - 2**(-p - 2) < y <= f for f = sqrt(c m / 2**(p - 1)),
hence Q0 = floor(y 2**p) is Q = floor(sqrt N) or one less; D = N - Q0**2 is below 4 Q < 2**(p + 3) and decides which.
"""

from __future__ import annotations

from functools import cache
from math import isqrt

from precise.circuits.addition import add_flat, at_least, increment
from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import ONE, ZERO, Form, Word, constant_word, extended, total
from precise.circuits.pack import Magnitude, pack
from precise.circuits.remainders import Wanted, guard_columns, primes_beyond
from precise.circuits.series import Polynomials, evaluate_polynomials, one_hot
from precise.circuits.summing import add_columns, columns_of
from precise.modes import RNE, Rounding

EXTRA = 40
"""Bits of the integer square roots beyond those that the coefficients keep."""


def high_bits(places: int) -> int:
    """Return how many leading bits of an argument select its polynomial: 2, or log2 of their number."""
    return min(places, max(2, (places - 1).bit_length()))


@cache
def root_polynomials(p: int) -> Polynomials:
    """Return polynomials for `sqrt(c (1 + X / 2**(p - 1))) - 3 / 2**(p + 4)`, c by the highest of the high bits."""
    select = high_bits(p - 1)
    places = p - 1 - select
    degree = -(-(p + 6) // select)
    scale = p + 12
    table = []
    for index in range(2 << select):
        factor, high = 1 + (index >> select), index & ((1 << select) - 1)
        argument = factor * ((1 << select) + high)  # times 2**select
        root = isqrt(argument << (2 * (scale + EXTRA) + select)) >> select  # sqrt(argument / 2**select)
        coefficients, numerator, denominator = [], root, 1
        for i in range(degree + 1):  # binomial(1/2, i) c**i f0**(1 - 2 i)
            coefficients.append(round_quotient(numerator, denominator << EXTRA))
            numerator *= (1 - 2 * i) * factor
            denominator *= 2 * (i + 1) * argument
        coefficients[0] -= 3 << (scale - p - 4)
        table.append(coefficients)
    return Polynomials(table, places, scale + places * degree + 1)


def round_quotient(n: int, d: int) -> int:
    """Return the integer next to n / d."""
    return (2 * n + d) // (2 * d)


def integer_root(b: Builder, m: Word, double: Form, admissible: Form) -> tuple[Word, Form]:
    """Return floor(sqrt(c m 2**(p + 1))), c = 1 + double, and whether it is inexact; 0 where not admissible.

    m has p bits of which the leading one is taken to be 1.
    """
    p = len(m)
    select = high_bits(p - 1)
    table = root_polynomials(p)
    places = table.bits - 1  # of the fraction
    with b.stage("leading bits"):
        high = one_hot(b, (*m[p - 1 - select : p - 1], double))
    guard = guard_columns(len(primes_beyond(table.bits + 1)))
    root = evaluate_polynomials(b, high, m[: p - 1 - select], table, Wanted(places - p - 5, places + 1, guard))
    with b.stage("root"):
        guess = tuple(b.all_of(bit, admissible) for bit in root[5:])
    with b.stage("remainder"):
        width = p + 3
        negated = []
        for i in range(p + 1):
            for j in range(i, p + 1):
                place = 2 * i if i == j else i + j + 1
                if place < width:
                    bit = guess[i] if i == j else b.all_of(guess[i], guess[j])
                    negated.append((*[ZERO] * place, 1 - bit))
        constant = -sum(1 << (len(word) - 1) for word in negated)
        low = b.all_of(m[0], 1 - double, admissible)
        high_bit = b.all_of(double, m[0], admissible) + b.all_of(1 - double, m[1], admissible)
        words = [*negated, (*[ZERO] * (p + 1), low, high_bit), constant_word(constant, width)]
        rest = b.materialise(add_columns(b, columns_of(words, width)))
    with b.stage("correction"):
        twice = extended((ONE, *guess), width)
        above, below = at_least(b, rest, twice), at_least(b, twice, rest)
        inexact = b.gate(b.gate(total(rest)) - above - below + 1)
        return increment(b, guess, above).bits, inexact


def float_sqrt(b: Builder, x: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return the square root of x, rounded once; 0 where x is negative."""
    p, w = layout.p, layout.w
    double = x.field[0] if p % 2 else 1 - x.field[0]
    admissible = b.all_of(x.significand[-1], 1 - x.sign)
    root, inexact = integer_root(b, x.significand, double, admissible)
    with b.stage("exponents"):
        exponent = b.materialise(add_flat(b, x.field, constant_word(layout.bias - p + 1, w + 1), w + 1))[1:]
    return pack(b, Magnitude(ZERO, (inexact, *root), extended(exponent, w + 2), p + 1), layout, rounding)
