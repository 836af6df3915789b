"""Terms of a sequence: products of rational functions, powers and factorials of one variable, and their ratios.

A term such as ``(16/25)**n/factorial(2*n + 1)`` has a ratio of neighbours that is a rational function of n, here
``(16/25)/((2*n + 2)*(2*n + 3))``. So an inequality between two terms for all n is one value and one inequality
of rational functions; `precise.claims.sequences` makes certificates of it.
"""

from __future__ import annotations

import ast
import math
from fractions import Fraction

from precise.claims.expression import FUNCTIONS, arithmetic, names_in, rational
from precise.claims.polynomials import Polynomial, Quotient, quotient
from precise.errors import DomainError


def value_at(node: ast.expr, variable: str, n: int) -> Fraction:
    """Return the exact value of the term at n."""
    names = {variable: Fraction(n)}

    def factorial(x: Fraction) -> Fraction:
        if x.denominator != 1 or x < 0:
            raise DomainError(f"term: a factorial must be of an integer >= 0; got {x}")
        return Fraction(math.factorial(int(x)))

    return arithmetic(
        node,
        names,
        Fraction,
        functions={**FUNCTIONS, "factorial": factorial},
        exponent=lambda power: int(rational(power, names)),
    )


def ratio(node: ast.expr, variable: str) -> Quotient:
    """Return term(n + 1)/term(n) as a rational function of n."""
    one = Polynomial.constant(Fraction(1), [variable])
    if variable not in names_in(node):
        return Quotient(one, one)
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return ratio(left, variable) * ratio(right, variable)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return ratio(left, variable) / ratio(right, variable)
        case ast.BinOp(left=base, op=ast.Pow(), right=power) if variable in names_in(power):
            number = Polynomial.constant(rational(base, {}), [variable])
            return Quotient(number, one) ** slope(power, variable)
        case ast.BinOp(left=base, op=ast.Pow(), right=power):
            return ratio(base, variable) ** int(rational(power, {}))
        case ast.Call(func=ast.Name(id="factorial"), args=[inner]):
            start = quotient(inner, [variable])
            product = Quotient(one, one)
            for j in range(1, slope(inner, variable) + 1):
                product = product * (start + Quotient(Polynomial.constant(Fraction(j), [variable]), one))
            return product
    function = quotient(node, [variable])
    step = [Fraction(1)]
    return Quotient(function.numerator.shifted(step), function.denominator.shifted(step)) / function


def slope(node: ast.expr, variable: str) -> int:
    """Return a of an expression a n + b with an integer a >= 0."""
    function = quotient(node, [variable])
    whole = function.denominator.terms == {(0,): Fraction(1)} and set(function.numerator.terms) <= {(0,), (1,)}
    found = function.numerator.terms.get((1,), Fraction(0))
    if not whole or found.denominator != 1 or found < 0:
        raise DomainError(f"term: an exponent must be a*{variable} + b, a integer >= 0; got {ast.unparse(node)!r}")
    return int(found)


def written(function: Quotient) -> str:
    """Return the rational function as an expression."""
    return f"({function.numerator})/({function.denominator})"
