"""Elementary functions of the wide engine by the extension: tables for it, and what it returns.

The loops (`kernels/fixed_functions.h`) compute in fixed point with `GUARD` bits or more beyond the format's, and say
for which arguments every number within their error rounds to p bits alike. Their constants and tables are computed here
by MPFR, each cut to a multiple of 2**(-64 n). Numbers pass in gmpy2's binary form, whose layout is tested at first use.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

import gmpy2

from precise.engines import compiled
from precise.engines.wide_numbers import exact_context

#: The functions in the order of the extension, and the precision up to which they are faster there than elsewhere.
FIXED_TO: Final = {"exp": 4096, "log": 4096, "sin": 4096, "cos": 4096, "tanh": 4096}
GUARD: Final = 40

_FUNCTIONS: Final = tuple(FIXED_TO)
_ENTRIES: Final = 256
_LOG_BITS: Final = (8, 14, 20, 26)
_GROUP: Final = 4  # terms of a series


def words_of(p: int) -> int:
    """Return how many words of 64 bits serve results of p bits."""
    return max(2, -(-(p + GUARD) // 64))


def serves(op: str, p: int) -> bool:
    """Return whether the extension is there and is the one to ask for a function to p bits."""
    return p <= FIXED_TO.get(op, 0) and _is_there()


@cache
def _is_there() -> bool:
    """Return whether the extension is there and gmpy2 writes MPFR numbers as it reads them."""
    if compiled.extension() is None:
        return False
    for c, q in itertools.product((1, -1, 3, -(1 << 127) - 1, (1 << 130) + 5), (-300, -3, 0, 7, 1 << 20)):
        x = exact_context(192).mul_2exp(gmpy2.mpz(c), q)
        if gmpy2.to_binary(x) != _binary(c, q, 3) or gmpy2.from_binary(_binary(c, q, 3)) != x:
            return False
    return True


def _binary(c: int, q: int, words: int) -> bytes:
    """Return c * 2**q with 64 * words bits as gmpy2 writes it."""
    bits = abs(c).bit_length()
    flags = 65 + 2 * (c < 0) + 32 * (q + bits < 0)
    head = bytes((4, flags, 0, 0)) + (64 * words).to_bytes(4, "little") + abs(q + bits).to_bytes(4, "little")
    return head + (abs(c) << (64 * words - bits)).to_bytes(8 * words, "little")


def stand_ins(op: str, numbers: list[gmpy2.mpfr], p: int) -> list[bytes | None]:
    """Return for each MPFR number the binary form of one that rounds to p bits or fewer as `op` there does, or None.

    That holds in every mode.
    Precondition: `serves(op, p)`. None where the loops do not decide, which are exact values, special data, arguments
    below 2**-64 or, but for log, above 2**20, and one argument in 2**(GUARD - 13) or fewer.
    """
    module = compiled.extension()
    assert module is not None
    arguments = tables(op, words_of(p))
    found: list[bytes | None] = module.fixed(_FUNCTIONS.index(op), p, *arguments, list(map(gmpy2.to_binary, numbers)))
    return found


@lru_cache(maxsize=32)
def tables(op: str, n: int) -> tuple[int, int, bytes, bytes, bytes, bytes]:
    """Return n, the number of groups, and for `op` the constant, series, tables and factors of n words an entry."""
    context = exact_context(64 * n + 128)
    constant, factors = context.log(2), list[int]()
    if op in ("sin", "cos"):
        constant = context.div_2exp(context.const_pi(), 2)
        halves = [context.div_2exp(gmpy2.mpfr(i), 8 * level + 1) for level in (1, 2) for i in range(_ENTRIES)]
        pairs = [(context.sin(context.add(h, h)), context.square(context.sin(h))) for h in halves]
        entries = [value for sine, square in pairs for value in (sine, context.add(square, square))]  # 1 - cos
    elif op == "log":
        scales = [1 << bits for bits in _LOG_BITS for _ in range(_ENTRIES)]
        factors = [-(-s * s // (s + j)) for s, j in zip(scales, 4 * tuple(range(_ENTRIES)), strict=True)]
        entries = [context.log(context.div(s, c)) for s, c in zip(scales, factors, strict=True)]
    else:
        steps = [context.div_2exp(gmpy2.mpfr(i), 8 * level) for level in (1, 2, 3) for i in range(_ENTRIES)]
        entries = list(map(context.expm1, steps))
    series, groups = _series(op, n)
    table = b"".join(_cut(x, n, context) for x in entries)
    packed = b"".join(c.to_bytes(8, "little") for c in factors)
    return n, groups, _cut(constant, n + 1, context) + bytes(8), series, table, packed


def _series(op: str, n: int) -> tuple[bytes, int]:
    """Return the Taylor series after the first term, in groups of terms over a common denominator, and how many.

    Coefficient k of exp is 1 / (k + 2)!, of sin / x and 1 - cos 1 / (2 k + 3)! and 1 / (2 k + 2)!, of log 1 / (k + 2).
    """
    angles = op in ("sin", "cos")
    bits, step = (32, 2) if angles else (24, 1)
    groups = [b"".join(_groups(n, bits, step, least, op != "log")) for least in ((3, 2) if angles else (2,))]
    count = max(map(len, groups)) // (8 * (_GROUP + 3))
    groups = [b"".join(_groups(n, bits, step, least, op != "log", count)) for least in ((3, 2) if angles else (2,))]
    return b"".join(groups), count


def _groups(n: int, bits: int, step: int, least: int, chained: bool, count: int = 0) -> Iterator[bytes]:
    """Yield groups of terms z**k / d(k), d(k) = least + step k or its factorial, until they vanish for z < 2**-bits.

    Each has its numerators over a common denominator, which divides the following groups too if they are `chained`, and
    that denominator as `divide_small` wants it. At least `count` groups.
    """
    j = 0
    while j < count or (math.factorial(least + step * _GROUP * j) if chained else 1) << bits * _GROUP * j < 1 << 64 * n:
        first = least + step * _GROUP * j
        last = first + step * (_GROUP - 1)
        if chained:
            whole = math.perm(last, last - (first - step if j else 0))
            parts = [math.perm(last, last - first - step * i) for i in range(_GROUP)]
        else:
            whole = math.prod(range(first, last + 1))
            parts = [whole // (first + i) for i in range(_GROUP)]
        shift = 64 - whole.bit_length()
        divisor = whole << shift
        reciprocal = ((1 << 128) - 1) // divisor - (1 << 64)
        yield b"".join(x.to_bytes(8, "little") for x in (*parts, divisor, reciprocal, shift))
        j += 1


def _cut(x: gmpy2.mpfr, n: int, context: gmpy2.context) -> bytes:
    """Return the n words of a number in [0, 1), cut; of a larger one, which no argument asks for, its last ones."""
    return (int(context.floor(context.mul_2exp(x, 64 * n))) % (1 << 64 * n)).to_bytes(8 * n, "little")
