"""Exact integer matrix products by residues, against Python's integers."""

from __future__ import annotations

import random

import gmpy2
import numpy as np
import pytest

from precise.engines import wide_products, wide_residues

Matrix = list[list[int]]


def by_integers(rows: Matrix, columns: Matrix) -> list[int]:
    """Return the sums of products."""
    return [sum(x * y for x, y in zip(row, column, strict=True)) for row in rows for column in columns]


def by_residues(rows: Matrix, columns: Matrix, bits: int) -> list[int]:
    """Return what the residues give."""
    left, right = ([list(map(gmpy2.mpz, numbers)) for numbers in side] for side in (rows, columns))
    return list(map(int, wide_residues.product(left, right, bits)))


def random_matrix(draw: random.Random, rows: int, length: int, bits: int) -> Matrix:
    """Return integers of every length up to `bits`, of both signs."""
    return [
        [draw.getrandbits(draw.randint(0, bits)) * draw.choice((-1, 1)) for _ in range(length)] for _ in range(rows)
    ]


@pytest.mark.parametrize("bits", [1, 2, 15, 16, 17, 64, 113, 240, 1030, 2500])
@pytest.mark.parametrize(("rows", "columns", "length"), [(1, 1, 1), (3, 5, 7), (6, 2, 64), (4, 4, 129)])
def test_products(rows: int, columns: int, length: int, bits: int) -> None:
    draw = random.Random(f"{rows} {columns} {length} {bits}")
    a, b = random_matrix(draw, rows, length, bits), random_matrix(draw, columns, length, bits)
    assert by_residues(a, b, bits) == by_integers(a, b)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 63, 64, 65, 1023, 1024])
@pytest.mark.parametrize("bits", [1, 16, 33, 500, 4080])
def test_the_largest_sums(length: int, bits: int) -> None:
    largest = 2**bits - 1
    a, b = [[largest] * length, [-largest] * length, [0] * length], [[largest] * length, [-largest] * length]
    assert by_residues(a, b, bits) == by_integers(a, b)


def test_the_longest_rows() -> None:
    length = wide_residues.LONGEST
    draw = random.Random(5)
    row = [draw.choice((-1, 1)) * (2**40 - 1) for _ in range(length)]
    assert by_residues([row], [row, [2**40 - 1] * length], 40) == by_integers([row], [row, [2**40 - 1] * length])


@pytest.mark.parametrize("length", [1, 2, 7, 8, 1000, 1 << 15])
def test_partial_sums_of_residues_are_exact(length: int) -> None:
    bits = wide_residues.prime_bits_for(length)
    primes = wide_residues.moduli(bits, 1000).primes
    assert all(gmpy2.is_prime(int(q)) for q in primes)
    assert len(set(primes)) == len(primes)
    assert all(length * (int(q) // 2 + 3) ** 2 <= 2**53 for q in primes)
    assert len(primes) * (max(primes) / 2 + 2) * 2**wide_residues.BASE < 2**52


@pytest.mark.parametrize("q", [524287.0, 1048573.0, 8388593.0, 67108859.0])
def test_residues_stay_within_their_bound(q: float) -> None:
    rng = np.random.default_rng(1)
    near_ties = np.rint((rng.integers(0, int(2**52 / q) - 1, 100_000) + 0.5) * q) + rng.integers(-2, 3, 100_000)
    for sign in (1.0, -1.0):
        x = sign * np.concatenate([near_ties, [0.0, 1.0, q, 2.0**52, 2.0**52 - 1]])
        found = x.copy()
        wide_residues.reduce(found, q)
        assert np.abs(found).max() <= q / 2 + 2
        assert ((x.astype(np.int64) - found.astype(np.int64)) % int(q) == 0).all()


def test_digits_of_both_signs() -> None:
    rng = np.random.default_rng(2)
    parts = rng.integers(-(2**50), 2**50, (7, 500)).astype(float)
    wraps, whole = rng.integers(-400, 400, 500).astype(float), [65535.0, 0.0, 1.0, 77.0, 65535.0, 3.0, 40000.0]
    wanted = [
        sum((int(p) - int(k) * int(w)) << (16 * i) for i, (p, w) in enumerate(zip(column, whole, strict=True)))
        for column, k in zip(parts.T, wraps, strict=True)
    ]
    assert list(map(int, wide_residues.integers(parts, wraps, whole))) == wanted


def test_what_is_served() -> None:
    assert wide_residues.serves(128, 128, 128, 1030)
    assert not wide_residues.serves(8, 8, 8, 1030)  # FLINT is quicker
    assert not wide_residues.serves(128, 128, 128, 5000)
    assert not wide_residues.serves(1024, 1024, 1024, 1030)  # memory
    assert not wide_residues.serves(1, 4, wide_residues.LONGEST + 1, 64)


@pytest.mark.parametrize("served", [False, True])
def test_either_way_gives_the_same_products(served: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def serves(*sizes: int) -> bool:
        asked.append(sizes)
        return served

    monkeypatch.setattr(wide_residues, "serves", serves)
    draw = random.Random(3)
    for bits in (0, 1, 70, 300):
        a, b = random_matrix(draw, 5, 6, bits), random_matrix(draw, 4, 6, bits)
        left, right = ([list(map(gmpy2.mpz, numbers)) for numbers in side] for side in (a, b))
        assert list(map(int, wide_products.integer_product(left, right))) == by_integers(a, b)
    assert [sizes[:3] for sizes in asked] == [(5, 4, 6)] * 4
