"""Linear forms: an integer constant plus integer multiples of signals.

A form that is known to take the values 0 and 1 only stands for a bit without costing a gate: the telescopic sums of
Minnick (1961). It may enter a gate as it is. Words are tuples of such forms, least significant bit first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias


class Form:
    """An immutable linear form `constant + sum of weight * signal`; no weight is 0."""

    __slots__ = ("constant", "terms")

    terms: Mapping[int, int]
    constant: int

    def __init__(self, terms: Mapping[int, int], constant: int = 0) -> None:
        self.terms = terms
        self.constant = constant

    def __add__(self, other: Form | int) -> Form:
        """Return the sum of two forms, or of a form and an integer."""
        if isinstance(other, int):
            return Form(self.terms, self.constant + other)
        return weighted_sum(((1, self), (1, other)))

    __radd__ = __add__

    def __sub__(self, other: Form | int) -> Form:
        """Return the difference."""
        if isinstance(other, int):
            return Form(self.terms, self.constant - other)
        return weighted_sum(((1, self), (-1, other)))

    def __rsub__(self, other: int) -> Form:
        """Return an integer minus the form; `1 - x` is the negation of a bit."""
        return Form({s: -w for s, w in self.terms.items()}, other - self.constant)

    def __mul__(self, factor: int) -> Form:
        """Return an integer multiple."""
        return Form({s: factor * w for s, w in self.terms.items()} if factor else {}, factor * self.constant)

    __rmul__ = __mul__

    def __repr__(self) -> str:
        """Return the form as text."""
        return " ".join([str(self.constant), *(f"{w:+d}*s{s}" for s, w in self.terms.items())])

    @property
    def is_constant(self) -> bool:
        """Whether no signal occurs."""
        return not self.terms

    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest value, were all signals independent."""
        weights = self.terms.values()
        low = sum(w for w in weights if w < 0)
        return self.constant + low, self.constant + sum(weights) - low


Word: TypeAlias = tuple[Form, ...]
"""Bits, least significant first."""

ZERO: Final = Form({})
ONE: Final = Form({}, 1)


def weighted_sum(parts: Iterable[tuple[int, Form]], constant: int = 0) -> Form:
    """Return the constant plus all `weight * form`."""
    terms: dict[int, int] = {}
    for factor, form in parts:
        constant += factor * form.constant
        for source, weight in form.terms.items():
            new = terms.get(source, 0) + factor * weight
            if new:
                terms[source] = new
            else:
                terms.pop(source, None)
    return Form(terms, constant)


def total(forms: Iterable[Form], constant: int = 0) -> Form:
    """Return the sum of forms and a constant."""
    return weighted_sum(((1, form) for form in forms), constant)


def value_of(word: Iterable[Form]) -> Form:
    """Return the number that a word stands for, as one form."""
    return weighted_sum((1 << i, bit) for i, bit in enumerate(word))


def constant_word(value: int, width: int) -> Word:
    """Return the low bits of an integer, of either sign, as constants."""
    return tuple(ONE if value >> i & 1 else ZERO for i in range(width))


def complement(word: Iterable[Form]) -> Word:
    """Return every bit negated."""
    return tuple(1 - bit for bit in word)


def extended(word: Word, width: int) -> Word:
    """Return the low `width` bits of a word, filled up with zeros."""
    return (*word[:width], *[ZERO] * (width - len(word)))
