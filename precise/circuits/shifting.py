"""Shifts by a one-hot amount, and the leading one of a word."""

from __future__ import annotations

from collections.abc import Mapping

from precise.circuits.builder import Builder
from precise.circuits.form import ZERO, Form, Word, total, weighted_sum


def shift_right(b: Builder, word: Word, amounts: Mapping[int, Form], width: int) -> Word:
    """Return `word >> d` for the one amount d whose bit is 1, 0 where none is; d < 0 shifts left: one level."""
    return tuple(
        total(b.all_of(hot, word[i + d]) for d, hot in amounts.items() if 0 <= i + d < len(word)) for i in range(width)
    )


def leading_one(b: Builder, word: Word) -> Word:
    """Return the one-hot place of the highest 1, all zeros for 0: one level."""
    width = len(word)
    above = ZERO
    hot = [ZERO] * width
    for k in range(width - 1, -1, -1):
        hot[k] = b.gate(word[k] - above)
        above = above + word[k]
    b.exact(total(hot), "one leading one at most")
    return tuple(hot)


def position_bits(one_hot: Mapping[int, Form], width: int) -> Word:
    """Return the bits, in two's complement, of the number whose bit is 1; 0 where none is. No level."""
    return tuple(weighted_sum((1, hot) for k, hot in one_hot.items() if k >> i & 1) for i in range(width))
