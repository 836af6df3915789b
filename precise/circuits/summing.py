"""Adding many numbers in constant depth, and multiplying two.

Each column of bits is replaced by the bits of its count, so columns become h = O(log n) high. Blocks of L columns,
with `h * (2**L - 1) < 2**(2 * L)`, then add up to numbers of two blocks' width: those of even blocks make one number,
those of odd blocks another, and two numbers are added (Hofmeister, Hohberg and Koehling 1991).
"""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.addition import add
from precise.circuits.builder import Builder
from precise.circuits.form import ZERO, Form, Word, total, value_of, weighted_sum
from precise.circuits.symmetric import bits_of


def columns_of(words: Sequence[Word], width: int) -> list[list[Form]]:
    """Return the bits of several words by place, those beyond `width` left out."""
    columns: list[list[Form]] = [[] for _ in range(width)]
    for word in words:
        for place, bit in enumerate(word[:width]):
            if bit.terms or bit.constant:
                columns[place].append(bit)
    return columns


def count_columns(b: Builder, columns: Sequence[Sequence[Form]]) -> list[list[Form]]:
    """Return columns with the bits of every column's count in place of its bits: one level."""
    counted: list[list[Form]] = [[] for _ in columns]
    for place, column in enumerate(columns):
        for j, bit in enumerate(bits_of(b, total(column), len(column))):
            if place + j < len(columns):
                counted[place + j].append(bit)
    return counted


def block_length(height: int) -> int:
    """Return the least power of two L with `height * (2**L - 1) < 2**(2 * L)`."""
    length = 1
    while height * ((1 << length) - 1) >= 1 << 2 * length:
        length *= 2
    return length


def largest_in_block(counts: Sequence[int], start: int, length: int) -> int:
    """Return the largest value of a block of columns that hold the bits of numbers up to `counts`, by place."""
    value = 0
    for place, count in enumerate(counts):
        first, stop = max(start - place, 0), start + length - place
        if stop > 0 and count >> first:  # the bits first .. stop - 1 of the count of this place
            value += min(count >> first, (1 << (stop - first)) - 1) << (place + first - start)
    return value


def block_save(
    b: Builder, columns: Sequence[Sequence[Form]], height: int, counted: Sequence[int] = ()
) -> tuple[Word, Word]:
    """Return two words that add up to the columns, each at most `height` bits high: one level.

    `counted`: the columns hold the bits of counts, and these are the largest counts by place.
    """
    width, length = len(columns), block_length(height)
    words = [[ZERO] * width, [ZERO] * width]
    for q, start in enumerate(range(0, width, length)):
        block = columns[start : start + length]
        weights = [(1 << v, bit) for v, column in enumerate(block) for bit in column]
        most = largest_in_block(counted, start, length) if counted else sum(weight for weight, _ in weights)
        for j, bit in enumerate(bits_of(b, weighted_sum(weights), most)):
            if start + j < width:
                words[q & 1][start + j] = bit
    return tuple(words[0]), tuple(words[1])


def add_columns(b: Builder, columns: Sequence[Sequence[Form]], *, counted: bool = True, blocks: bool = False) -> Word:
    """Return the sum of columns of bits modulo 2**(their number).

    `counted`: replace columns by their counts first, one level more and far fewer wires for many numbers. `blocks`:
    the final addition by blocks, two levels more and fewer wires for wide words. Exact forms of level 3 above the
    input, one more for each of the two choices' levels.
    """
    most = max((len(c) for c in columns), default=0)
    height = most.bit_length() if counted else most
    if counted:
        low, high = block_save(b, count_columns(b, columns), height, [len(c) for c in columns])
    else:
        low, high = block_save(b, columns, height)
    if b.contracts is not None:
        rest = weighted_sum([(1 << v, bit) for v, column in enumerate(columns) for bit in column])
        saved = value_of(low) + value_of(high)
        if len(columns) < 40 and sum(len(c) << v for v, c in enumerate(columns)) < 1 << len(columns):
            b.exact(saved - rest, "block save keeps the sum", 0, 0)
    return add(b, low, high, blocks=blocks).bits


def multiply(b: Builder, x: Word, y: Word, *, blocks: bool = False) -> Word:
    """Return the product of two words: exact forms of level 5."""
    columns: list[list[Form]] = [[] for _ in range(len(x) + len(y))]
    for i, s in enumerate(x):
        for j, t in enumerate(y):
            columns[i + j].append(b.all_of(s, t))
    return add_columns(b, columns, blocks=blocks)
