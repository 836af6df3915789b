"""Elementary functions of the wide engine by the extension: tables for it, and what it returns.

The loops (`kernels/fixed_functions.h`) compute in fixed point with `GUARD` bits or more beyond the format's, and say
for which arguments every number within their error rounds to p bits alike. Their constants and tables are computed here
by MPFR, each cut to a multiple of 2**(-64 n). Numbers pass in gmpy2's binary form, whose layout is tested at first use.
"""

from __future__ import annotations

import itertools
import math
from functools import cache, lru_cache
from typing import Final

import gmpy2

from precise.engines import compiled
from precise.engines.wide_numbers import exact_context

#: The functions in the order of the extension, and the precision up to which they are faster there than elsewhere.
FIXED_TO: Final = {"exp": 3584, "log": 4400, "sin": 3584, "cos": 3584, "tanh": 3072}
GUARD: Final = 40

_FUNCTIONS: Final = tuple(FIXED_TO)
_ENTRIES: Final = 256
_LOG_BITS: Final = (8, 14, 20, 26)
_LONGEST: Final = 8  # terms of a group
_MANY: Final = 24  # words from which on longer groups, and one level more for angles, pay


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
def tables(op: str, n: int) -> tuple[int, int, int, int, bytes, bytes, bytes, bytes]:
    """Return n, how many groups a series has, terms a group and levels there are, and what `op` needs at n words.

    That is its constant, series, tables and factors.
    """
    context = exact_context(64 * n + 128)
    levels = len(_LOG_BITS) if op == "log" else 3 if op not in ("sin", "cos") or n >= _MANY else 2
    constant, factors = context.log(2), list[int]()
    if op in ("sin", "cos"):
        constant = context.div_2exp(context.const_pi(), 2)
        halves = [context.div_2exp(i, 8 * level + 1) for level in range(1, levels + 1) for i in range(_ENTRIES)]
        pairs = [(context.sin(context.add(h, h)), context.square(context.sin(h))) for h in halves]
        entries = [value for sine, square in pairs for value in (sine, context.add(square, square))]  # 1 - cos
    elif op == "log":
        scales = [1 << bits for bits in _LOG_BITS for _ in range(_ENTRIES)]
        factors = [-(-s * s // (s + j)) for s, j in zip(scales, 4 * tuple(range(_ENTRIES)), strict=True)]
        entries = [context.log(context.div(s, c)) for s, c in zip(scales, factors, strict=True)]
    else:
        steps = [context.div_2exp(i, 8 * level) for level in range(1, levels + 1) for i in range(_ENTRIES)]
        entries = list(map(context.expm1, steps))
    series, groups, length = _series(op, n, levels)
    table = b"".join(_cut(x, n, context) for x in entries)
    packed = b"".join(c.to_bytes(8, "little") for c in factors)
    return n, groups, length, levels, _cut(constant, n + 1, context) + bytes(8), series, table, packed


def _series(op: str, n: int, levels: int) -> tuple[bytes, int, int]:
    """Return the Taylor series after the first term in groups over common denominators, how many, and terms a group.

    Coefficient k of exp is 1 / (k + 2)!, of sin / x and 1 - cos 1 / (2 k + 3)! and 1 / (2 k + 2)!, of log 1 / (k + 2).
    """
    angles = op in ("sin", "cos")
    step, bits = (2, 16 * levels) if angles else (1, 24)
    length = 8 if n >= _MANY and not angles else 4  # denominators are below 2**64
    fall = bits * length
    count = 1
    while (math.factorial(2 + step * length * count) if op != "log" else 1) << fall * count < 1 << 64 * n:
        count += 1
    starts = (3, 2) if angles else (2,)
    return (
        b"".join(_group(j, step, least, length, op != "log") for least in starts for j in range(count)),
        count,
        length,
    )


def _group(j: int, step: int, least: int, length: int, chained: bool) -> bytes:
    """Return group j of the terms z**k / d(k), d(k) = least + step k, or its factorial if the groups are `chained`.

    These are the numerators over a common denominator, which then divides the following groups too, and that
    denominator as `divide_small` wants it.
    """
    first = least + step * length * j
    last = first + step * (length - 1)
    if chained:
        whole = math.perm(last, last - (first - step if j else 0))
        parts = [math.perm(last, last - first - step * i) for i in range(length)]
    else:
        whole = math.prod(range(first, last + 1))
        parts = [whole // (first + i) for i in range(length)]
    shift = 64 - whole.bit_length()
    divisor = whole << shift
    reciprocal = ((1 << 128) - 1) // divisor - (1 << 64)
    words = (*parts, *[0] * (_LONGEST - length), divisor, reciprocal, shift)
    return b"".join(x.to_bytes(8, "little") for x in words)


def _cut(x: gmpy2.mpfr, n: int, context: gmpy2.context) -> bytes:
    """Return the n words of a number in [0, 1), cut; of a larger one, which no argument asks for, its last ones."""
    return (int(context.floor(context.mul_2exp(x, 64 * n))) % (1 << 64 * n)).to_bytes(8 * n, "little")
