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
from typing import Final, TypeAlias

import gmpy2

from precise.engines import compiled
from precise.engines.wide_numbers import ONE, ZERO, exact_context

Found: TypeAlias = tuple[list[gmpy2.mpfr | None], list[int]]  # numbers or None, and the places of None

_EXPONENTIALS: Final = ("exp", "exp2", "expm1", "sinh", "cosh", "tanh")
_LOGARITHMS: Final = ("log", "log1p", "log2")
_ANGLES: Final = ("sin", "cos", "tan")
_ERROR_FUNCTIONS: Final = ("erf", "erfc")
_FAMILIES: Final = (_EXPONENTIALS, _LOGARITHMS, _ANGLES, _ERROR_FUNCTIONS)
_FUNCTIONS: Final = tuple(itertools.chain(*_FAMILIES))  # in the order of the extension
_FAMILY: Final = {op: family[0] for family in _FAMILIES for op in family}
_NEAR_ARGUMENT: Final = frozenset({"expm1", "sinh", "tanh", "log1p", "sin", "tan", "erf"})  # at small arguments

# Exponents of arguments at which the value is small, so that more bits are needed.
_SMALL_VALUES: Final = {**dict.fromkeys(_NEAR_ARGUMENT, range(-63, 0)), "erfc": range(2, 4)}

#: The precision up to which the extension has room and is faster than others.
FIXED_TO: Final = {
    **dict.fromkeys(_FUNCTIONS, 6700),
    **dict.fromkeys(_LOGARITHMS, 12800),
    **dict.fromkeys(_ERROR_FUNCTIONS, 1100),
}
GUARD: Final = 40

_AT_ONCE: Final = 512  # numbers whose binary forms are there at a time, and stay in a cache
_ENTRIES: Final = 256
_LOG_BITS: Final = (8, 14, 20, 26)
_LONGEST: Final = 8  # terms of a group
_MANY: Final = 16  # words from which on longer groups, and one level more for angles, pay
_ERF_ENTRIES: Final = 512
_ERF_BITS: Final = 6  # an entry serves arguments of a width of 2**-6

#: Elements after which tables have paid; how many have been asked for, by family and words.
WORTH: Final = {"exp": 512, "log": 2048, "sin": 512, "erf": 16384}
_ASKED: Final[dict[tuple[str, int], int]] = {}


def words_of(p: int) -> int:
    """Return how many words of 64 bits serve results of p bits."""
    return max(2, -(-(p + GUARD) // 64))


def call_for(op: str, p: int, count: int) -> bool:
    """Return whether the extension is there and is the one to ask for a function of `count` elements to p bits.

    It is not before its tables pay, where they take longer than all elements called for so far, which it counts.
    """
    if p > FIXED_TO.get(op, 0) or not is_there():
        return False
    family, n = _FAMILY[op], words_of(p)
    asked = _ASKED[family, n] = _ASKED.get((family, n), 0) + count
    return asked >= WORTH[family]


@cache
def is_there() -> bool:
    """Return whether the extension is there and gmpy2 writes MPFR numbers as it reads them."""
    if compiled.extension() is None:
        return False
    significands, exponents = (1, -1, 3, -(1 << 127) - 1, (1 << 130) + 5), (-300, -3, 0, 7, 1 << 20)
    for c, q, p in itertools.product(significands, exponents, (131, 192)):
        x = exact_context(p).mul_2exp(gmpy2.mpz(c), q)
        if gmpy2.to_binary(x) != _binary(c, q, p) or gmpy2.from_binary(_binary(c, q, p)) != x:
            return False
    return True


def _binary(c: int, q: int, p: int) -> bytes:
    """Return c * 2**q with p bits as gmpy2 writes it."""
    bits, words = abs(c).bit_length(), -(-p // 64)
    flags = 65 + 2 * (c < 0) + 32 * (q + bits < 0)
    head = bytes((4, flags, 0, 0)) + p.to_bytes(4, "little") + abs(q + bits).to_bytes(4, "little")
    return head + (abs(c) << (64 * words - bits)).to_bytes(8 * words, "little")


def values(op: str, numbers: list[gmpy2.mpfr], p: int, code: str, least: int, largest: int) -> Found:
    """Return `op` at MPFR numbers, rounded to p bits in a deterministic mode, or None, and the places of None.

    That is where `stand_ins` has None, and where a value lies below 2**(least - 1) or rounds to 2**largest or more.
    Precondition: `call_for(op, p, len(numbers))`.
    """
    return _found(op, numbers, p, (compiled.MODES.index(code), least, largest))


def stand_ins(op: str, numbers: list[gmpy2.mpfr], p: int) -> list[gmpy2.mpfr | None]:
    """Return for each MPFR number one that rounds to p bits or fewer as `op` there does, or None.

    That holds in every mode.
    Precondition: `call_for(op, p, len(numbers))`. None where the loops do not decide, which are exact values, special
    data, arguments below 2**-64 or above 2**20 (of log and log2 none, of log1p 2**62, of erf and erfc 8), and one
    argument in 2**(GUARD - 13) or fewer. Small values need as many bits more as they are below 1: where they are few,
    they are left open too.
    """
    return _found(op, numbers, p, ())[0]


def _found(op: str, numbers: list[gmpy2.mpfr], p: int, rounding: tuple[int, ...]) -> Found:
    """Return what the loops find, with more words where small values ask for them."""
    found, left = _ask(op, numbers, p, words_of(p), rounding)
    at = _SMALL_VALUES.get(op, ())
    small = [i for i in left if numbers[i].is_regular() and gmpy2.get_exp(numbers[i]) in at]
    if small and call_for(op, p + 64, len(small)):
        again, _ = _ask(op, [numbers[i] for i in small], p, words_of(p + 64), rounding)
        for i, y in zip(small, again, strict=True):
            found[i] = y
        left = [i for i in left if found[i] is None]
    return found, left


def _ask(op: str, numbers: list[gmpy2.mpfr], p: int, n: int, rounding: tuple[int, ...]) -> Found:
    """Return what the loops of n words find."""
    module = compiled.extension()
    assert module is not None
    request = (_FUNCTIONS.index(op), op in _NEAR_ARGUMENT, p, *tables(op, n))
    found: list[gmpy2.mpfr | None] = []
    left: list[int] = []
    for first in range(0, len(numbers), _AT_ONCE):
        texts = list(map(gmpy2.to_binary, numbers[first : first + _AT_ONCE]))
        results: list[bytes | None] = module.fixed(*request, texts, *rounding)
        if None in results:
            left += [first + i for i, text in enumerate(results) if text is None]
            found += [None if text is None else gmpy2.from_binary(text) for text in results]
        else:
            found += map(gmpy2.from_binary, results)
    return found, left


def tables(op: str, n: int) -> tuple[int, int, int, int, bytes, bytes, bytes, bytes]:
    """Return n, how many groups a series has, terms a group and levels there are, and what `op` needs at n words.

    That is its constant, series, tables and factors; of erf and erfc only tables, and how many words each coefficient
    has, in place of factors.
    """
    family = _FAMILY[op]
    if family == "erf":
        sizes, table = _erf(n)
        return n, len(sizes) // 8, 1, 1, b"", b"", table, sizes
    groups, length, levels, series, table, factors = _family(family, n)
    return n, groups, length, levels, _constant("log2" if op == "log2" else family, n), series, table, factors


@cache
def _constant(op: str, n: int) -> bytes:
    """Return n + 1 words of log 2, pi / 4 or 1 / log 2 - 1, and a zero."""
    context = _context(n)
    if op == "sin":
        constant = context.div_2exp(context.const_pi(), 2)
    elif op == "log2":
        constant = context.sub(context.div(1, context.log(2)), 1)
    else:
        constant = context.log(2)
    return _cut(constant, n + 1, context) + bytes(8)


def _context(n: int) -> gmpy2.context:
    """Return the context in which numbers of n words are computed before they are cut."""
    return exact_context(64 * n + 128)


@lru_cache(maxsize=32)
def _family(family: str, n: int) -> tuple[int, int, int, bytes, bytes, bytes]:
    """Return what the functions of sin, log or exp need at n words, but for the constant."""
    context = _context(n)
    levels = len(_LOG_BITS) if family == "log" else 3 if family == "exp" or n >= _MANY else 2
    factors = list[int]()
    if family == "log":
        scales = [1 << bits for bits in _LOG_BITS for _ in range(_ENTRIES)]
        factors = [-(-s * s // (s + j)) for s, j in zip(scales, 4 * tuple(range(_ENTRIES)), strict=True)]
        entries = [context.log(context.div(s, c)) for s, c in zip(scales, factors, strict=True)]
    else:
        steps = [context.div_2exp(ONE, 8 * level) for level in range(1, levels + 1)]
        entries = list(
            itertools.chain.from_iterable((_angles if family == "sin" else _exponentials)(x, context) for x in steps)
        )
    series, groups, length = _series(family, n, levels)
    table = b"".join(_cut(x, n, context) for x in entries)
    return groups, length, levels, series, table, b"".join(c.to_bytes(8, "little") for c in factors)


@lru_cache(maxsize=4)
def _erf(n: int) -> tuple[bytes, bytes]:
    """Return how many words Taylor coefficients have, the last first, but for the first; and those of each entry.

    That of h**k in erf(x + h), x = i / 64, is 2 / sqrt(pi) exp(-x**2) H / k!, where H, the Hermite polynomial of degree
    k - 1 at -x, is an integer over 32**(k - 1). The coefficients here are those of (64 h)**k. By Cramer's inequality,
    |H| exp(-x**2 / 2) < 1.09 sqrt(2**(k - 1) (k - 1)!), those left out are below a unit in all.
    """
    context = _context(n)
    terms = next(
        k for k in itertools.count(2) if 2 ** (_ERF_BITS * k - k // 2) * math.isqrt(math.factorial(k)) >> 64 * n
    )
    scales = [context.mul_2exp(ONE, 64 * n + 5 - (_ERF_BITS + 5) * k) for k in range(terms + 1)]
    for k in range(2, terms + 1):
        scales[k] = context.div(scales[k], math.factorial(k))
    slope = context.div(2, context.sqrt(context.const_pi()))
    entries = []
    for i in range(_ERF_ENTRIES):
        x = context.div_2exp(gmpy2.mpz(i), _ERF_BITS)
        factor = context.mul(slope, context.exp(context.minus(context.square(x))))
        before, hermite = gmpy2.mpz(0), gmpy2.mpz(1)
        entry = [int(context.floor(context.mul_2exp(context.erf(x), 64 * n)))]
        for k in range(1, terms + 1):
            entry.append(int(context.floor(context.mul(context.mul(factor, scales[k]), hermite))))
            before, hermite = hermite, -i * hermite - 2048 * (k - 1) * before
        entries.append(entry)
    sizes, most = list[int](), 0
    for k in range(terms, 0, -1):  # the sum from k on, with what its products lose, and a sign
        most += max(abs(entry[k]) for entry in entries) + 4
        sizes.append(-(-(most.bit_length() + 1) // 64))
    table = (
        (c % (1 << 64 * size)).to_bytes(8 * size, "little")
        for entry in entries
        for c, size in zip(reversed(entry), (*sizes, n), strict=True)
    )
    return b"".join(size.to_bytes(8, "little") for size in sizes), b"".join(table)


def _exponentials(step: gmpy2.mpfr, context: gmpy2.context) -> Iterator[gmpy2.mpfr]:
    """Yield exp(i step) - 1; products of so few factors lose a few of the bits that are cut."""
    factor, power = context.exp(step), ONE
    for _ in range(_ENTRIES):
        yield context.sub(power, ONE)
        power = context.mul(power, factor)


def _angles(step: gmpy2.mpfr, context: gmpy2.context) -> Iterator[gmpy2.mpfr]:
    """Yield in turn sin(i step) and 1 - cos(i step), by addition."""
    s, c = context.sin(step), context.cos(step)
    sine, cosine = ZERO, ONE
    for _ in range(_ENTRIES):
        yield from (sine, context.sub(ONE, cosine))
        sine, cosine = (
            context.add(context.mul(sine, c), context.mul(cosine, s)),
            context.sub(context.mul(cosine, c), context.mul(sine, s)),
        )


def _series(family: str, n: int, levels: int) -> tuple[bytes, int, int]:
    """Return the Taylor series after the first term in groups over common denominators, how many, and terms a group.

    Coefficient k of exp is 1 / (k + 2)!, of sin / x 1 / (2 k + 3)!, of 1 - cos 1 / (2 k + 2)!, and of
    atanh(x) / x, for logarithms, 1 / (2 k + 3).
    """
    angles = family == "sin"
    step, bits = (2, 16 * levels) if angles else (2, 50) if family == "log" else (1, 24)
    length = 4 if angles or n < _MANY else 8 if family == "exp" else 6  # even; denominators are below 2**64
    fall = bits * length
    count = 1
    while (math.factorial(2 + step * length * count) if family != "log" else 1) << fall * count < 1 << 64 * n:
        count += 1
    starts = (3, 2) if angles else (3,) if family == "log" else (2,)
    return (
        b"".join(_group(j, step, least, length, family != "log") for least in starts for j in range(count)),
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
        whole = math.prod(range(first, last + 1, step))
        parts = [whole // (first + step * i) for i in range(length)]
    shift = 64 - whole.bit_length()
    divisor = whole << shift
    reciprocal = ((1 << 128) - 1) // divisor - (1 << 64)
    words = (*parts, *[0] * (_LONGEST - length), divisor, reciprocal, shift)
    return b"".join(x.to_bytes(8, "little") for x in words)


def _cut(x: gmpy2.mpfr, n: int, context: gmpy2.context) -> bytes:
    """Return the n words of a number in [0, 1), cut; of a larger one, which no argument asks for, its last ones."""
    return (int(context.floor(context.mul_2exp(x, 64 * n))) % (1 << 64 * n)).to_bytes(8 * n, "little")
