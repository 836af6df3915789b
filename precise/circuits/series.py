"""Functions on an interval by tables of polynomials: nine levels, with Chinese remainders.

An argument hi | lo selects a polynomial by its high bits: `V = sum of A_i(hi) * lo**i * 2**(P * (K - i))` for
integers A_i and lo of P bits, so `V / 2**(P * K)` is a polynomial in lo / 2**P. Modulo a prime, V is a table of hi
and lo modulo the prime. This integer V is the model of the function: the circuit gives its bits, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from precise.circuits.builder import Builder
from precise.circuits.form import Form, Word, total
from precise.circuits.remainders import OneHot, Wanted, primes_beyond, reconstruct, residue_of_word


@dataclass(frozen=True, slots=True)
class Polynomials:
    """A polynomial with integer coefficients for every value of the high bits.

    `scale` is P; the value is at least 0 and below 2**bits.
    """

    coefficients: Sequence[Sequence[int]]
    scale: int
    bits: int

    @property
    def degree(self) -> int:
        """The degree K."""
        return len(self.coefficients[0]) - 1

    def value(self, high: int, low: int) -> int:
        """Return V."""
        top = self.degree
        return sum(c * low**i << self.scale * (top - i) for i, c in enumerate(self.coefficients[high]))


def evaluate_polynomials(
    b: Builder, high: OneHot, low: Word, table: Polynomials, wanted: Wanted, *, blocks: bool = False
) -> Word:
    """Return the wanted bits of V: exact forms of level 8 above the one-hot `high`, 10 with `blocks`."""
    residues: dict[int, OneHot] = {}
    with b.stage("residues of V"):
        for modulus in primes_beyond(table.bits + 1):
            lows = b.materialise(residue_of_word(b, low, modulus))
            buckets: list[list[Form]] = [[] for _ in range(modulus)]
            for h, hot in enumerate(high):
                scaled = [
                    c * pow(2, table.scale * (table.degree - i), modulus) for i, c in enumerate(table.coefficients[h])
                ]
                for r in range(min(modulus, 1 << len(low))):
                    value = sum(c * pow(r, i, modulus) for i, c in enumerate(scaled)) % modulus
                    buckets[value].append(b.all_of(hot, lows[r]))
            residues[modulus] = b.materialise(total(bucket) for bucket in buckets)
    return reconstruct(b, residues, wanted, blocks=blocks)


def one_hot(b: Builder, word: Word) -> tuple[Form, ...]:
    """Return the one-hot form of a word: one level."""
    literals = [(1 - bit, bit) for bit in word]
    return tuple(b.all_of(*(literals[i][value >> i & 1] for i in range(len(word)))) for value in range(1 << len(word)))
