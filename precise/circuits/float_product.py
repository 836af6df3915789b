"""The product of n floats, exact and rounded once: twenty levels.

Residues modulo small primes multiply by adding discrete logarithms; Chinese remainders give the product of the
significands back. The tables of logarithms are wired in.
"""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.builder import Builder
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import Form, Word, constant_word, extended, total, value_of, weighted_sum
from precise.circuits.pack import Magnitude, pack
from precise.circuits.remainders import OneHot, Wanted, primes_beyond, reconstruct, residue_of_word
from precise.circuits.summing import add_columns, columns_of
from precise.circuits.symmetric import parity
from precise.modes import RNE, Rounding


def primitive_root(modulus: int) -> int:
    """Return the least generator of the units modulo a prime."""
    return next(g for g in range(1, modulus) if len({pow(g, k, modulus) for k in range(modulus - 1)}) == modulus - 1)


def integer_product(b: Builder, factors: Sequence[Word]) -> Word:
    """Return the product of several words: exact forms of level 11, materialised."""
    width = sum(len(word) for word in factors)
    residues: dict[int, OneHot] = {}
    with b.stage("residues"):
        for modulus in primes_beyond(width + 1):
            residues[modulus] = product_residue(b, [residue_of_word(b, word, modulus) for word in factors], modulus)
    return b.materialise(reconstruct(b, residues, Wanted(0, width), blocks=True))


def product_residue(b: Builder, factors: Sequence[OneHot], modulus: int) -> OneHot:
    """Return the one-hot residue of a product from those of its factors: three levels."""
    order, root = modulus - 1, primitive_root(modulus)
    power = [pow(root, k, modulus) for k in range(order)]
    logarithm = {r: k for k, r in enumerate(power)}
    logarithms: list[Form] = []
    for hot in factors:
        digits = [
            b.gate(total(hot[r] for r in range(1, modulus) if logarithm[r] >> j & 1))
            for j in range((order - 1).bit_length())
        ]
        logarithms.append(value_of(digits))
    zero = b.any_of(*(b.gate(hot[0]) for hot in factors))
    most = len(factors) * (order - 1)
    reached = [Form({}, 1), *b.gates(total(logarithms), range(1, most + 1)), Form({})]
    parts: list[list[tuple[int, Form]]] = [[] for _ in range(modulus)]
    for v in range(most + 1):
        parts[power[v % order]] += [(1, reached[v]), (-1, reached[v + 1])]
    return (zero, *(b.gate(weighted_sum(parts[r]) - zero) for r in range(1, modulus)))


def float_product(b: Builder, factors: Sequence[FloatWires], layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return the exact product of the factors, rounded once."""
    p, count = layout.p, len(factors)
    bits = integer_product(b, [factor.significand for factor in factors])
    with b.stage("exponents"):
        width = layout.w + (count - 1).bit_length() + 2
        # A leading one at n p - 1 means the quantum exponent (sum of the factors' ones) + n p - p.
        constant = constant_word((1 - count) * layout.bias + (count - 1) * p, width)
        words = [*(extended(factor.field, width) for factor in factors), constant]
        exponent = b.materialise(add_columns(b, columns_of(words, width)))
        sign = b.gate(parity(b, [factor.sign for factor in factors]))
    return pack(b, Magnitude(sign, bits, exponent, len(bits) - 1), layout, rounding, wide=True)
