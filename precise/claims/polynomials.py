"""Exact multivariate polynomials and their quotients, just enough for certificates."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from precise.claims.expression import arithmetic, rational
from precise.errors import DomainError

Terms = Mapping[tuple[int, ...], Fraction]
"""Exponents of the variables, in order, to the coefficient."""


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A polynomial in the named variables with nonzero rational coefficients.

    Examples
    --------
    >>> x = Polynomial.variable("x", ("x",))
    >>> str((x + Polynomial.constant(Fraction(1), ("x",))) ** 2)
    'x**2 + 2*x + 1'
    """

    variables: tuple[str, ...]
    terms: Terms

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", {e: c for e, c in sorted(self.terms.items(), reverse=True) if c})

    @classmethod
    def constant(cls, value: Fraction, variables: Sequence[str]) -> Polynomial:
        """Return the constant polynomial."""
        return cls(tuple(variables), {(0,) * len(variables): value})

    @classmethod
    def variable(cls, name: str, variables: Sequence[str]) -> Polynomial:
        """Return the polynomial `name`."""
        return cls(tuple(variables), {tuple(int(v == name) for v in variables): Fraction(1)})

    def __add__(self, other: Polynomial) -> Polynomial:
        terms = dict(self.terms)
        for exponents, c in other.terms.items():
            terms[exponents] = terms.get(exponents, Fraction(0)) + c
        return Polynomial(self.variables, terms)

    def __neg__(self) -> Polynomial:
        return Polynomial(self.variables, {e: -c for e, c in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        terms: dict[tuple[int, ...], Fraction] = {}
        for e1, c1 in self.terms.items():
            for e2, c2 in other.terms.items():
                exponents = tuple(a + b for a, b in zip(e1, e2, strict=True))
                terms[exponents] = terms.get(exponents, Fraction(0)) + c1 * c2
        return Polynomial(self.variables, terms)

    def __pow__(self, exponent: int) -> Polynomial:
        result = Polynomial.constant(Fraction(1), self.variables)
        for _ in range(exponent):
            result = result * self
        return result

    def shifted(self, lower: Sequence[Fraction]) -> Polynomial:
        """Return the polynomial in y with x_i = lower_i + y_i, by the binomial theorem."""
        terms = dict(self.terms)
        for i, bound in enumerate(lower):
            moved: dict[tuple[int, ...], Fraction] = {}
            for exponents, c in terms.items():
                for k in range(exponents[i] + 1):
                    target = (*exponents[:i], k, *exponents[i + 1 :])
                    part = c * comb(exponents[i], k) * bound ** (exponents[i] - k)
                    moved[target] = moved.get(target, Fraction(0)) + part
            terms = moved
        return Polynomial(self.variables, terms)

    def negative_term(self) -> str:
        """Return the first term with a negative coefficient, or nothing."""
        return next((self._term(e, c) for e, c in self.terms.items() if c < 0), "")

    @property
    def constant_term(self) -> Fraction:
        """The value at zero."""
        return self.terms.get((0,) * len(self.variables), Fraction(0))

    def _term(self, exponents: tuple[int, ...], c: Fraction) -> str:
        """Return one term as an expression."""
        powers = [v if e == 1 else f"{v}**{e}" for v, e in zip(self.variables, exponents, strict=True) if e]
        return "*".join([str(c), *powers] if c != 1 or not powers else powers)

    def __str__(self) -> str:
        return " + ".join(self._term(e, c) for e, c in self.terms.items()) or "0"


@dataclass(frozen=True, slots=True)
class Quotient:
    """A quotient of two polynomials; equal denominators are kept, nothing is cancelled."""

    numerator: Polynomial
    denominator: Polynomial

    def __add__(self, other: Quotient) -> Quotient:
        if self.denominator == other.denominator:
            return Quotient(self.numerator + other.numerator, self.denominator)
        cross = self.numerator * other.denominator + other.numerator * self.denominator
        return Quotient(cross, self.denominator * other.denominator)

    def __neg__(self) -> Quotient:
        return Quotient(-self.numerator, self.denominator)

    def __sub__(self, other: Quotient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient) -> Quotient:
        return Quotient(self.numerator * other.numerator, self.denominator * other.denominator)

    def __truediv__(self, other: Quotient) -> Quotient:
        if not other.numerator.terms:
            raise DomainError("Quotient: a divisor must not be the zero polynomial; got 0")
        return Quotient(self.numerator * other.denominator, self.denominator * other.numerator)

    def __pow__(self, exponent: int) -> Quotient:
        if exponent < 0:
            one = Polynomial.constant(Fraction(1), self.numerator.variables)
            return Quotient(one, one) / self**-exponent
        return Quotient(self.numerator**exponent, self.denominator**exponent)

    def same_function(self, other: Quotient) -> bool:
        """Return whether the two are equal as rational functions: cross products in normal form."""
        return self.numerator * other.denominator == other.numerator * self.denominator


def quotient(node: ast.expr, variables: Sequence[str]) -> Quotient:
    """Return the rational function that an expression in the variables denotes."""
    one = Polynomial.constant(Fraction(1), variables)
    names = {v: Quotient(Polynomial.variable(v, variables), one) for v in variables}

    def constant(value: int) -> Quotient:
        return Quotient(Polynomial.constant(Fraction(value), variables), one)

    def exponent(node: ast.expr) -> int:
        power = rational(node, {})
        if power.denominator != 1 or abs(power) > 64:
            raise DomainError(f"quotient: an exponent must be an integer up to 64; got {power}")
        return int(power)

    return arithmetic(node, names, constant, functions={}, exponent=exponent)
