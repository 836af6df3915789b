"""Products of many and quotients of fixed-point numbers, rounded once: by magnitudes, with Chinese remainders.

A quotient x / y: |y| is moved up until its leading bit is the highest, where the integer division of the floats
serves; its quotient and whether it is inexact, moved back, are rounded like every other result.
"""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.addition import negate_where
from precise.circuits.builder import Builder
from precise.circuits.fixed_layout import FixedLayout, Policy, narrow
from precise.circuits.float_divide import divide_integers
from precise.circuits.float_product import integer_product
from precise.circuits.form import ZERO, Form, Word, constant_word
from precise.circuits.shifting import leading_one, shift_right
from precise.circuits.symmetric import parity


def magnitude(b: Builder, word: Word, layout: FixedLayout) -> Word:
    """Return |x| with k bits: three levels."""
    if not layout.signed:
        return word
    with b.stage("magnitudes"):
        return b.materialise(negate_where(b, word, word[-1]))


def with_sign(b: Builder, bits: Word, words: Sequence[Word], layout: FixedLayout) -> Word:
    """Return a magnitude with the sign of the product of several numbers, in two's complement."""
    if not layout.signed:
        return (*bits, ZERO)
    with b.stage("sign"):
        sign = b.gate(parity(b, [word[-1] for word in words]))
        return b.materialise(negate_where(b, (*bits, ZERO), sign))


def fixed_prod(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return the exact product of all words, rounded once and brought into the range."""
    layout = policy.layout
    product = integer_product(b, [magnitude(b, word, layout) for word in words])
    # n numbers of quantum 2**q have a product of quantum 2**(n q).
    more = (len(words) - 1) * layout.q
    exact = (*constant_word(0, max(more, 0)), *with_sign(b, product, words, layout))
    return narrow(b, exact, max(-more, 0), layout, policy.rounding, policy.overflow)


def fixed_divide(b: Builder, words: Sequence[Word], policy: Policy) -> Word:
    """Return x / y, rounded once and brought into the range; 0 where y is 0."""
    layout = policy.layout
    x, y = (magnitude(b, word, layout) for word in words)
    width = max(layout.k, layout.k - 1 - layout.q)  # so long that half a quantum is above the unit of the quotient
    more = width - layout.k
    with b.stage("normalise"):
        hot = leading_one(b, y)
        normalised = b.materialise(shift_right(b, y, {j - width + 1: bit for j, bit in enumerate(hot)}, width))
    quotient, inexact = divide_integers(b, (*constant_word(0, more), *x), normalised)
    # The leading bit of y at j: x / y is the quotient times 2**(-2 - j - more), and quanta of 2**q are wanted.
    places = max(0, layout.k + 1 + more + layout.q)  # of the fraction
    with b.stage("move back"):
        ups = {j - places + 2 + more + layout.q: bit for j, bit in enumerate(hot)}
        moved = shift_right(b, quotient, ups, len(quotient) - min(ups))
        bits: tuple[Form, ...] = b.materialise((inexact, *moved))
    exact = with_sign(b, bits, words, layout)
    return narrow(b, exact, places + 1, layout, policy.rounding, policy.overflow)
