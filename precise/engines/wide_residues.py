"""Exact products of integer matrices: modulo many small primes, each a product of doubles in which no rounding happens.

Where residues are at most h in magnitude and length * h**2 <= 2**53, every partial sum of a product of doubles is an
integer that doubles hold, in whatever order the machine's matrix product adds (Doliskani, Giorgi, Lebreton and Schost,
Simultaneous conversions with the residue number system using linear algebra, 2018). The changes between digits to the
base 2**16 and residues are matrix products of the same kind:

    residue_j = sum_i digit_i * (2**(16 i) mod q_j)                       then reduced modulo q_j
    C         = sum_j t_j * (M / q_j) - M * round(sum_j t_j / q_j)        t_j = C * (M / q_j)**-1 mod q_j

where M, the product of the primes, is more than four times the largest possible |C|: the sum of t_j / q_j is then
within 1/4 of the integer sought, and its rounding errors are far smaller than what is left to 1/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import gmpy2
import numpy as np
from numpy.typing import NDArray

Doubles: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = Sequence[gmpy2.mpz]

BASE: Final = 16  # bits of a digit
MOST_CELLS: Final = 1 << 25  # doubles of the residues of one matrix: 256 MiB
FEWEST_PRODUCTS: Final = 1 << 16  # with fewer, FLINT is quicker
LONGEST: Final = 1 << 15  # terms of an entry: primes then have 20 bits
MOST_DIGITS: Final = 1 << 9  # of an entry of the product; beyond, FLINT's conversions are quicker


class Moduli(NamedTuple):
    """Primes, and what the way back from residues needs: the digits [count, primes] of M / q, and those of M."""

    primes: list[float]
    inverses: list[float]
    parts: Doubles
    whole: list[float]


@lru_cache(maxsize=16)
def moduli(prime_bits: int, product_bits: int) -> Moduli:
    """Return primes below `2**prime_bits` whose product has more than `product_bits` bits."""
    primes, product, q = list[int](), 1, 1 << prime_bits
    while product.bit_length() <= product_bits:
        q -= 1
        if gmpy2.is_prime(q):
            primes.append(q)
            product *= q
    parts = [product // q for q in primes]
    inverses = [pow(part % q, -1, q) for part, q in zip(parts, primes, strict=True)]
    count = -(-product.bit_length() // BASE)
    return Moduli(
        list(map(float, primes)),
        [float(u if 2 * u < q else u - q) for u, q in zip(inverses, primes, strict=True)],
        digits(parts, count),
        digits([product], count)[:, 0].tolist(),
    )


def digits(integers: Integers, count: int) -> Doubles:
    """Return the digits [count, integers] of integers from 0 on, the least first."""
    together = b"".join([x.to_bytes(2 * count, "little") for x in integers])
    return np.frombuffer(together, dtype="<u2").reshape(-1, count).T.astype(np.float64, order="C")


def reduce(x: Doubles, q: float) -> None:
    """Replace integers of at most 2**52 by residues modulo q, at most q/2 + 2 in magnitude.

    The quotient is off by at most 2**52 / q * 2**-51 = 2 / q before it is rounded to an integer.
    """
    x -= q * np.rint(x * (1 / q))


@lru_cache(maxsize=16)
def powers(prime_bits: int, product_bits: int, count: int) -> Doubles:
    """Return the residues of the base's powers [primes, count]."""
    primes = map(int, moduli(prime_bits, product_bits).primes)
    return np.array([[float(pow(2, BASE * i, q)) for i in range(count)] for q in primes])


def residues(integers: Integers, powers: Doubles, primes: list[float]) -> Doubles:
    """Return the residues [primes, integers] of integers that have as many digits as there are powers."""
    found = powers @ digits(list(map(abs, integers)), powers.shape[1])
    signs = np.where([x < 0 for x in integers], -1.0, 1.0)
    for row, q in zip(found, primes, strict=True):
        reduce(row, q)
        row *= signs
    return found


def prime_bits_for(length: int) -> int:
    """Return the bits of primes with `length * (q/2 + 1)**2 <= 2**53`."""
    return (54 - length.bit_length()) // 2


def serves(rows: int, columns: int, length: int, bits: int) -> bool:
    """Return whether the product of so many rows and columns, of entries of `bits` bits, is quick and within memory."""
    if rows * columns * length < FEWEST_PRODUCTS:
        return False
    product_bits = 2 * bits + length.bit_length() + 3
    if not 0 < length <= LONGEST or product_bits > BASE * MOST_DIGITS:
        return False
    primes = product_bits // (prime_bits_for(length) - 1) + 1
    return primes * max(rows * length, columns * length, rows * columns) <= MOST_CELLS


def product(rows: Sequence[Integers], columns: Sequence[Integers], bits: int) -> list[gmpy2.mpz]:
    """Return the sums of products of every row with every column, row by row.

    Precondition: `serves(...)`; all rows and columns are equally long, and no entry has more than `bits` bits.
    """
    length = len(rows[0])
    sizes = prime_bits_for(length), 2 * bits + length.bit_length() + 3
    m, of_base = moduli(*sizes), powers(*sizes, -(-bits // BASE))
    left = residues([x for row in rows for x in row], of_base, m.primes).reshape(-1, len(rows), length)
    right = residues([x for column in columns for x in column], of_base, m.primes).reshape(-1, len(columns), length)
    t, wraps = np.matmul(left, right.transpose(0, 2, 1)).reshape(len(m.primes), -1), np.zeros(len(rows) * len(columns))
    for row, q, inverse in zip(t, m.primes, m.inverses, strict=True):
        reduce(row, q)
        row *= inverse
        reduce(row, q)
        wraps += row * (1 / q)
    return integers(m.parts @ t, np.rint(wraps), m.whole)


def integers(parts: Doubles, wraps: Doubles, whole: list[float]) -> list[gmpy2.mpz]:
    """Return the integers with the digits `parts - wraps * whole`, integers of any sign below 2**53."""
    count, size = parts.shape
    found, carry = np.empty((size, count + 4), dtype="<u2"), np.zeros(size, dtype=np.int64)
    for i in range(count + 4):
        if i < count:
            carry += (parts[i] - wraps * whole[i]).astype(np.int64)
        found[:, i] = carry & 0xFFFF
        carry >>= BASE
    together, width = found.tobytes(), 2 * (count + 4)
    read = gmpy2.mpz.from_bytes
    return [read(together[i : i + width], "little", signed=True) for i in range(0, len(together), width)]
