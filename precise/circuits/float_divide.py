"""Division of floats: twenty-eight levels, correctly rounded.

For significands A and B >= 2**(p - 1): a reciprocal y of 2**p / B, as a geometric series in Z = 2**p - B through
Chinese remainders; Q0 = floor(2 A y); the remainder D = A * 2**(p + 1) - Q0 * B, and one correction. The series stops
at K = p + 5, an error below 2**(-p - 5); y is cut to p + 4 binary places and may lose one unit to columns that are
left out, below 2**(-p - 3). Together that is less than 1 / (2 A), and y never exceeds 2**p / B: so Q0 is the quotient
Q = floor(A * 2**(p + 1) / B) or one less, and 0 <= D < 2 B.
"""

from __future__ import annotations

from precise.circuits.addition import at_least, increment
from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import ONE, Form, Word, complement, constant_word, extended, total
from precise.circuits.pack import Magnitude, pack
from precise.circuits.remainders import Wanted, guard_columns, primes_beyond, reconstruct, residue_of_word
from precise.circuits.summing import add_columns, columns_of, multiply
from precise.circuits.symmetric import exclusive_or
from precise.modes import RNE, Rounding


def reciprocal(b: Builder, word: Word) -> Word:
    """Return y = 2**p / B with p + 4 binary places, from below, for p bits B whose leading bit is taken to be 1."""
    p = len(word)
    terms, places = p + 5, p + 4
    series = p * terms  # y * 2**series is an integer
    moduli = primes_beyond(series + 2)
    leading: Word = (*word[:-1], ONE)
    residues: dict[int, tuple[Form, ...]] = {}
    with b.stage("residues"):
        for m in moduli:
            hot = residue_of_word(b, leading, m)
            values = [series_residue(r, p, terms, m) for r in range(m)]
            residues[m] = b.materialise(total(hot[r] for r in range(m) if values[r] == v) for v in range(m))
    wanted = Wanted(series - places, series + 2, guard_columns(len(moduli)))
    return b.materialise(reconstruct(b, residues, wanted))


def series_residue(divisor: int, p: int, terms: int, modulus: int) -> int:
    """Return the sum of `Z**i * 2**(p * (terms - i))`, i = 0 .. terms, modulo a prime, for Z = 2**p - divisor."""
    z, scale = ((1 << p) - divisor) % modulus, (1 << p) % modulus
    value = 0
    for i in range(terms + 1):
        value = (value * scale + pow(z, i, modulus)) % modulus
    return value


def divide_integers(b: Builder, x: Word, y: Word) -> tuple[Word, Form]:
    """Return floor(x * 2**(p + 1) / y) with p + 2 bits, and whether it is inexact; x = 0 where y = 0 gives 0.

    The leading bit of y is 1, or y is 0.
    """
    p = len(x)
    nonzero = y[-1]
    with b.stage("operands"):
        dividend = tuple(b.all_of(bit, nonzero) for bit in x)
        divisor = (b.gate(y[0] - nonzero + 1), *y[1:])  # 1 instead of 0
    inverse = reciprocal(b, y)
    with b.stage("quotient"):
        guess = b.materialise(multiply(b, dividend, inverse)[p + 3 : 2 * p + 5])
    with b.stage("remainder"):
        width = p + 2  # the remainder is below 2**(p + 1)
        negated = [
            (*constant_word(0, i + j), 1 - b.all_of(s, t))
            for i, s in enumerate(guess)
            for j, t in enumerate(divisor)
            if i + j < width
        ]
        places = sum(1 << (len(word) - 1) for word in negated)
        words = [*negated, (*constant_word(0, p + 1), dividend[0]), constant_word(-places, width)]
        rest = b.materialise(add_columns(b, columns_of(words, width)))
    with b.stage("correction"):
        above, below = at_least(b, rest, extended(divisor, width)), at_least(b, extended(divisor, width), rest)
        b.exact(above + below, "rest compared with the divisor", 1, 2)
        inexact = b.gate(b.gate(total(rest)) - above - below + 1)
        return increment(b, guess, above).bits, inexact


def float_divide(b: Builder, x: FloatWires, y: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return x / y, rounded once; 0 where y is 0."""
    p, w = layout.p, layout.w
    quotient, inexact = divide_integers(b, x.significand, y.significand)
    with b.stage("exponents"):
        # E_x - E_y + bias - (p - 1), and -E_y is its complement plus 1 modulo 2**(w + 2)
        words = (
            extended(x.field, w + 2),
            complement(extended(y.field, w + 2)),
            constant_word(layout.bias - p + 2, w + 2),
        )
        exponent = b.materialise(add_columns(b, columns_of(words, w + 2), counted=False))
        sign = exclusive_or(b, x.sign, y.sign)
    return pack(b, Magnitude(sign, (inexact, *quotient), exponent, p + 2), layout, rounding)
