"""Lengths that are polynomials in named whole numbers, and what known bounds decide about them.

A length such as n d stands for every value at once. A comparison has an answer only where the bounds give the same one
for all values; where they do not, asking for it is an error, so a run that ends has taken no branch for some values
only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn, TypeAlias

from precise.claims.polynomials import Polynomial
from precise.errors import UndecidedError

Monomial: TypeAlias = tuple[str, ...]
"""Names in alphabetic order, each as often as its exponent says."""


@dataclass(slots=True)
class Facts:
    """What is known of the names: a least value, or a first and last one for the index of a loop.

    `open` holds the numbers of passes of the loops that are being run through, outermost first.
    """

    least: dict[str, int] = field(default_factory=dict)
    ranges: dict[str, tuple[Length, Length]] = field(default_factory=dict)
    open: list[Length] = field(default_factory=list)

    def number(self, name: str, least: int) -> Size:
        """Return a number of which only its least value is known."""
        self.least[name] = least
        return Size({(name,): 1}, self)

    def index(self, first: Length, last: Length) -> Size:
        """Return a number of which only its first and last value are known."""
        name = f"i{len(self.ranges)}"
        self.ranges[name] = (first, last)
        return Size({(name,): 1}, self)

    def at_least(self, size: Length, bound: int) -> bool:
        """Return whether the bounds show that the number is at least `bound`, at all values of the names."""
        if isinstance(size, int):
            return size >= bound
        for name in reversed(self.ranges):
            degree = max(m.count(name) for m in size.terms)
            if degree > 1:
                return False
            if degree:  # linear in this index: the extremes are at the ends of its range
                return all(self.at_least(size.with_value(name, end), bound) for end in self.ranges[name])
        names = sorted({name for m in size.terms for name in m})
        powers = {tuple(m.count(name) for name in names): Fraction(c) for m, c in size.terms.items()}
        difference = Polynomial(tuple(names), powers) - Polynomial.constant(Fraction(bound), names)
        return not difference.shifted([Fraction(self.least[name]) for name in names]).negative_term()


@dataclass(frozen=True, eq=False, slots=True)
class Size:
    """A polynomial with integer coefficients that is no constant; constants are plain integers."""

    terms: Mapping[Monomial, int]
    facts: Facts

    def __add__(self, other: Length) -> Length:
        terms = dict(self.terms)
        for monomial, c in terms_of(other).items():
            terms[monomial] = terms.get(monomial, 0) + c
        return self._simple(terms)

    def __mul__(self, other: Length) -> Length:
        terms: dict[Monomial, int] = {}
        for left, c in self.terms.items():
            for right, e in terms_of(other).items():
                monomial = tuple(sorted(left + right))
                terms[monomial] = terms.get(monomial, 0) + c * e
        return self._simple(terms)

    def __neg__(self) -> Length:
        return self * -1

    def __sub__(self, other: Length) -> Length:
        return self + other * -1

    def __rsub__(self, other: int) -> Length:
        return self * -1 + other

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Length:
        result: Length = 1
        for _ in range(exponent):
            result = self * result
        return result

    def __floordiv__(self, divisor: int) -> Length:
        if any(c % divisor for c in self.terms.values()):
            raise UndecidedError(f"size: {self} must be a multiple of {divisor} in every coefficient")
        return self._simple({m: c // divisor for m, c in self.terms.items()})

    __truediv__ = __floordiv__

    def __mod__(self, divisor: int) -> int:
        rest = {c % divisor for m, c in self.terms.items() if m}
        if rest != {0}:
            raise UndecidedError(f"size: the remainder of {self} by {divisor} must be one number")
        return self.terms.get((), 0) % divisor

    def __eq__(self, other: object) -> Relation:  # type: ignore[override]
        return Relation("==", self - other, self.facts) if isinstance(other, int | Size) else NotImplemented

    def __ne__(self, other: object) -> Relation:  # type: ignore[override]
        return Relation("!=", self - other, self.facts) if isinstance(other, int | Size) else NotImplemented

    def __lt__(self, other: Length) -> Relation:
        return Relation("<", other - self, self.facts)

    def __le__(self, other: Length) -> Relation:
        return Relation("<=", other - self, self.facts)

    def __gt__(self, other: Length) -> Relation:
        return Relation("<", self - other, self.facts)

    def __ge__(self, other: Length) -> Relation:
        return Relation("<=", self - other, self.facts)

    def __hash__(self) -> int:
        return 0  # one for all, so that a set asks whether two lengths are equal

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __index__(self) -> NoReturn:
        raise UndecidedError(f"size: a Python integer must have one value; got {self}")

    def with_value(self, name: str, value: Length) -> Length:
        """Return the length with a length for a name."""
        total: Length = 0
        for monomial, c in self.terms.items():
            kept = self._simple({tuple(x for x in monomial if x != name): c})
            total = total + kept * power(value, monomial.count(name))
        return total

    def _simple(self, terms: Mapping[Monomial, int]) -> Length:
        """Return a polynomial, as an integer if it is constant."""
        kept = {m: c for m, c in sorted(terms.items()) if c}
        return Size(kept, self.facts) if any(kept) else kept.get((), 0)

    def __str__(self) -> str:
        return " + ".join("*".join([str(c), *m] if c != 1 or not m else m) for m, c in self.terms.items())

    __repr__ = __str__


Length: TypeAlias = int | Size


@dataclass(frozen=True, slots=True)
class Relation:
    """A comparison of two lengths: data in a table of truth values, decided only where a branch asks for it.

    `difference` is the one side less the other, so that ``<`` says that it is at least 1 and ``<=`` at least 0.
    """

    relation: str
    difference: Length
    facts: Facts

    def __bool__(self) -> bool:
        positive, negative = (self.facts.at_least(self.difference * sign, 1) for sign in (1, -1))
        if self.relation in ("==", "!="):
            equal = isinstance(self.difference, int) and self.difference == 0
            if equal or positive or negative:
                return equal == (self.relation == "==")
        elif self.relation == "<" and (positive or self.facts.at_least(self.difference * -1, 0)):
            return positive
        elif self.relation == "<=" and (negative or self.facts.at_least(self.difference, 0)):
            return not negative
        raise UndecidedError(f"size: a comparison must have one answer for all values; got {self}")

    def __str__(self) -> str:
        return f"{self.difference} {self.relation.replace('<', '>')} 0"


def terms_of(size: Length) -> Mapping[Monomial, int]:
    """Return the terms of a length, constant or not."""
    return size.terms if isinstance(size, Size) else {(): size}


def power(size: Length, exponent: int) -> Length:
    """Return a power of a length."""
    return size**exponent if isinstance(size, Size) else int(size**exponent)


def names_of(size: Length) -> frozenset[str]:
    """Return the names that occur in a length."""
    return frozenset(name for monomial in terms_of(size) for name in monomial)


def value_at(size: Length, values: Mapping[str, int]) -> int:
    """Return the value of a length."""
    total = 0
    for monomial, c in terms_of(size).items():
        for name in monomial:
            c *= values[name]
        total += c
    return total
