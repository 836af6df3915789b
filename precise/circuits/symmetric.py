"""Symmetric functions of bits, one level each: counts, parity, decoding, selection. Every result is an exact form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from precise.circuits.builder import Builder
from precise.circuits.form import Form, Word, total, weighted_sum
from precise.errors import DomainError


def function_of(b: Builder, number: Form, values: Sequence[int]) -> Form:
    """Return f(number) for a number in `0..len(values) - 1`, from one threshold for each change of f."""
    changes = [(k, values[k] - values[k - 1]) for k in range(1, len(values)) if values[k] != values[k - 1]]
    bits = b.gates(number, (k for k, _ in changes))
    return weighted_sum(((change, bit) for (_, change), bit in zip(changes, bits, strict=True)), values[0])


def symmetric(b: Builder, bits: Sequence[Form], rule: Callable[[int], int]) -> Form:
    """Return `rule(how many bits are 1)`."""
    return function_of(b, total(bits), [rule(k) for k in range(len(bits) + 1)])


def parity(b: Builder, bits: Sequence[Form]) -> Form:
    """Return the sum of the bits modulo 2."""
    return symmetric(b, bits, lambda k: k & 1)


def bits_of(b: Builder, number: Form, maximum: int) -> Word:
    """Return the bits of a number that lies in `0..maximum`."""
    return telescoped(b.gates(number, range(1, maximum + 1)))


def telescoped(thresholds: Sequence[Form]) -> Word:
    """Return the bits of the number of ones among `[x >= 1], [x >= 2], ...`.

    Bit j is the sum of `sigma(k, j) * [x >= k]`: with z trailing zeros of k, sigma is -1 below z, 1 at z, 0 above,
    which is how bit j changes from k - 1 to k.
    """
    width = len(thresholds).bit_length()
    parts: list[list[tuple[int, Form]]] = [[] for _ in range(width)]
    for k, bit in enumerate(thresholds, 1):
        zeros = (k & -k).bit_length() - 1
        for j in range(zeros):
            parts[j].append((-1, bit))
        parts[zeros].append((1, bit))
    return tuple(weighted_sum(p) for p in parts)


def exclusive_or(b: Builder, x: Form, y: Form) -> Form:
    """Return x xor y."""
    one, two = b.gates(x + y, (1, 2))
    return one - two


def where(b: Builder, condition: Form, x: Form, y: Form) -> Form:
    """Return x where the condition holds, else y."""
    return b.all_of(condition, x) + b.all_of(1 - condition, y)


def where_word(b: Builder, condition: Form, x: Word, y: Word) -> Word:
    """Return one of two words of the same length."""
    return tuple(where(b, condition, i, j) for i, j in zip(x, y, strict=True))


def choose(b: Builder, cases: Sequence[tuple[Form, Form]]) -> Form:
    """Return the bit of the case that applies, 0 where none does; at most one condition holds."""
    return total(b.all_of(condition, bit) for condition, bit in cases)


def equals(b: Builder, word: Word, value: int, also: Sequence[Form] = ()) -> Form:
    """Return whether a word has a constant value, and all of `also` hold: one gate."""
    if not 0 <= value < 1 << len(word):
        raise DomainError(f"equals: value must fit {len(word)} bits; got {value}")
    literals = [bit if value >> i & 1 else 1 - bit for i, bit in enumerate(word)]
    return b.all_of(*literals, *also)
