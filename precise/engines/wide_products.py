"""Matrix products in the wide engine.

Exact products with the exact order: the rows of A and the columns of B are scaled to integers, `wide_residues` or FLINT
multiplies the integer matrices, and each integer of the result is rounded once. Where the exponents of a row or column
are far apart, or the matrices small, each entry is instead MPFR's exact sum of exact products (in a context of as many
bits as both factors have). Rounded products with the exact order are added up by the extension, see `wide_dots`. All
other kinds are chains of rounded operations: see `wide_sums` for orders and refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Final, TypeAlias

import flint
import gmpy2
import numpy as np

from precise.engines import wide_dots, wide_residues
from precise.engines.carrier import Data, Objects
from precise.engines.wide_numbers import ZERO, exact_context, mpfr_array
from precise.engines.wide_rounding import Function, Numbers
from precise.engines.wide_sums import Summation, rows_of
from precise.policy import Accumulate
from precise.rounding import Rounder

Dot: TypeAlias = Callable[[Numbers, Numbers], gmpy2.mpfr]
Scaled: TypeAlias = tuple[list[list[gmpy2.mpz]], list[int]]

#: Fewer multiplications than this are not worth the conversions to integer matrices.
FEWEST_PRODUCTS: Final = 1 << 12

ZERO_INTEGER: Final = gmpy2.mpz(0)


def matmul(a: Data, b: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the matrix products of `a: [..., n, k]` and `b: [..., k, m]`."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    left = np.broadcast_to(a, batch + a.shape[-2:])
    right = np.swapaxes(np.broadcast_to(b, batch + b.shape[-2:]), -1, -2)
    sums = Summation("matmul", how, results)
    found: Numbers = []
    for where in np.ndindex(*batch):
        found += _product(rows_of(left[where]), rows_of(right[where]), how, sums)
    return mpfr_array(sums.checked(found), (*batch, a.shape[-2], b.shape[-1]))


def _product(rows: list[Numbers], columns: list[Numbers], how: Accumulate, sums: Summation) -> Numbers:
    """Return the entries of one matrix product in C order."""
    length = len(rows[0]) if rows else 0
    if not length:
        return [ZERO] * (len(rows) * len(columns))
    dot = _dot(rows, columns, how, sums)
    if how.order != "exact" or len(rows) * len(columns) * length < FEWEST_PRODUCTS:
        return [dot(row, column) for row in rows for column in columns]
    if how.products == "rounded":
        rounder, last = sums.joined(how.product_rounder(sums.final.rounder)), sums.final.function("plus")
        found = wide_dots.sums_of_rounded(rows, columns, rounder)
        if found is not None:
            pairs = product(rows, columns)
            return [last(x) if x else dot(row, column) for x, (row, column) in zip(found, pairs, strict=True)]
    else:
        left, right = _scaled(rows, sums.final.p), _scaled(columns, sums.final.p)
        if left is not None and right is not None:
            return _by_integers(left, right, sums.final.function("mul_2exp"), lambda i, j: dot(rows[i], columns[j]))
    return [dot(row, column) for row in rows for column in columns]


def _dot(rows: list[Numbers], columns: list[Numbers], how: Accumulate, sums: Summation) -> Dot:
    """Return the function that gives one entry."""
    total = sums.total
    if how.products == "rounded":
        multiply = sums.joined(how.product_rounder(sums.final.rounder)).function("mul")
        return lambda row, column: total(list(map(multiply, row, column)))
    widths = [max((x.precision for numbers in side for x in numbers), default=1) for side in (rows, columns)]
    exact = exact_context(sum(widths)).mul
    if how.order != "sequential":
        return lambda row, column: total(list(map(exact, row, column)))
    return _fused(sums.inner.function("mul"), sums.inner.function("fma"), sums.final.function("plus"))


def _fused(multiply: Function, fma: Function, last: Function) -> Dot:
    """Return the chain of fused multiply-adds."""

    def dot(row: Numbers, column: Numbers) -> gmpy2.mpfr:
        """Return one entry."""
        pairs = zip(row, column, strict=True)
        running = multiply(*next(pairs))
        for x, y in pairs:
            running = fma(x, y, running)
        return last(running)

    return dot


def _scaled(rows: list[Numbers], p: int) -> Scaled | None:
    """Return rows as integers times powers of two, or None for specials and exponents too far apart to pay."""
    integers, exponents = [], []
    for row in rows:
        if not all(map(gmpy2.is_finite, row)):
            return None
        parts = [x.as_mantissa_exp() for x in row]
        present = [q for c, q in parts if c]
        least = int(min(present, default=0))
        if present and max(present) - least > 2 * p + 64:
            return None
        integers.append([c << (q - least) if c else ZERO_INTEGER for c, q in parts])
        exponents.append(least)
    return integers, exponents


def integer_product(rows: list[list[gmpy2.mpz]], columns: list[list[gmpy2.mpz]]) -> Iterable[int | gmpy2.mpz]:
    """Return the sums of products of every row with every column, row by row."""
    bits = max(1, *(x.bit_length() for side in (rows, columns) for numbers in side for x in numbers))
    if wide_residues.serves(len(rows), len(columns), len(rows[0]), bits):
        return wide_residues.product(rows, columns, bits)
    left, right = ([list(map(int, numbers)) for numbers in side] for side in (rows, columns))
    return map(int, (flint.fmpz_mat(left) * flint.fmpz_mat(right).transpose()).entries())


def _by_integers(left: Scaled, right: Scaled, scale: Function, dot: Callable[[int, int], gmpy2.mpfr]) -> Numbers:
    """Return the entries from one product of integer matrices; a zero gets its sign from the sum itself."""
    (rows, above), (columns, beside) = left, right
    entries = iter(integer_product(rows, columns))
    found: Numbers = []
    for i, p in enumerate(above):
        for j, q in enumerate(beside):
            c = next(entries)
            found.append(scale(c, p + q) if c else dot(i, j))
    return found
