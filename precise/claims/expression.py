"""Exact expressions: the small language of hypotheses, counterexamples and certificates.

An expression is arithmetic over integers and named exact values: ``abs(got - right) > right / 2**p``.
It has no decimals and no floats; ``0.999`` is written ``999/1000``. ``nearest(p, x)`` is x rounded to p bits, to
nearest even, whatever the exponent, so that an instance may be computed again: ``nearest(p, x + y) != x + y``.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Protocol, Self, TypeVar

from precise.errors import DomainError

Exact = int | Fraction | str
"""A value that an expression may name: a rational number, or a word that is only compared."""

LARGEST_EXPONENT = 100_000


class Number(Protocol):
    """What arithmetic needs of a value: rationals and rational functions have it."""

    def __add__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: Self, /) -> Self: ...
    def __truediv__(self, other: Self, /) -> Self: ...
    def __neg__(self) -> Self: ...
    def __pow__(self, exponent: int, /) -> Self: ...


N = TypeVar("N", bound=Number)


def nearest(p: Fraction, x: Fraction) -> Fraction:
    """Return x rounded to p bits, to nearest even."""
    if p < 1 or p.denominator != 1:
        raise DomainError(f"expression: nearest must have a precision of 1, 2, ... bits; got {p}")
    if not x:
        return x
    e = abs(x.numerator).bit_length() - x.denominator.bit_length() - int(p)  # 2**(p - 1) < |x| / 2**e < 2**(p + 1)
    unit = Fraction(2) ** (e + (abs(x) >= Fraction(2) ** (e + int(p))))
    return round(x / unit) * unit


FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {
    "abs": abs,
    "max": max,
    "min": min,
    "floor": lambda x: Fraction(math.floor(x)),
    "nearest": nearest,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Fraction | str, Fraction | str], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def parse(text: str) -> ast.expr:
    """Return the syntax tree of one expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise DomainError(f"expression: text must be one expression; got {text!r}") from error


def names_in(node: ast.expr) -> tuple[str, ...]:
    """Return the names of values in `node`, sorted; function names are left out."""
    called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    return tuple(sorted({n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in called}))


def arithmetic(
    node: ast.expr,
    names: Mapping[str, N],
    constant: Callable[[int], N],
    *,
    functions: Mapping[str, Callable[..., N]],
    exponent: Callable[[ast.expr], int],
) -> N:
    """Return the value of the arithmetic expression `node` in any number system."""

    def walk(node: ast.expr) -> N:
        match node:
            case ast.Constant(value=int(value)) if not isinstance(value, bool):
                return constant(value)
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -walk(operand)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return walk(left) ** exponent(right)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return walk(left) + walk(right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return walk(left) - walk(right)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return walk(left) * walk(right)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return walk(left) / walk(right)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in functions:
                return functions[name](*map(walk, args))
        raise DomainError(f"expression: terms must be exact arithmetic on known names; got {ast.unparse(node)!r}")

    return walk(node)


def rational(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    """Return the exact value of an arithmetic expression over the rationals."""

    def exponent(node: ast.expr) -> int:
        power = rational(node, values)
        if power.denominator != 1 or abs(power) > LARGEST_EXPONENT:
            raise DomainError(f"expression: an exponent must be a small integer; got {power}")
        return int(power)

    try:
        return arithmetic(node, values, Fraction, functions=FUNCTIONS, exponent=exponent)
    except ZeroDivisionError as error:
        raise DomainError(f"expression: divisors must not be 0; got {ast.unparse(node)!r}") from error


def holds(text: str, values: Mapping[str, Exact]) -> bool:
    """Return whether the relation `text` is true of the named exact values.

    Examples
    --------
    >>> holds("abs(x - 3/4) <= 2**(-p) and p >= 2", {"p": 2, "x": Fraction(5, 8)})
    True
    """
    numbers = {name: Fraction(v) for name, v in values.items() if not isinstance(v, str)}
    words = {name: v for name, v in values.items() if isinstance(v, str)}

    def term(node: ast.expr) -> Fraction | str:
        match node:
            case ast.Constant(value=str(word)):
                return word
            case ast.Name(id=name) if name in words:
                return words[name]
        return rational(node, numbers)

    def truth(node: ast.expr) -> bool:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(truth(part) for part in parts)
            case ast.BoolOp(op=ast.Or(), values=parts):
                return any(truth(part) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not truth(operand)
            case ast.Compare(left=left, ops=ops, comparators=rest):
                terms = [term(left), *map(term, rest)]
                mixed = len({isinstance(t, str) for t in terms}) > 1
                if mixed or not all(type(op) in COMPARISONS for op in ops):
                    raise refusal(node)
                return all(COMPARISONS[type(op)](terms[i], terms[i + 1]) for i, op in enumerate(ops))
        raise refusal(node)

    def refusal(node: ast.expr) -> DomainError:
        got = ast.unparse(node)
        return DomainError(f"expression: a relation must compare numbers or words; got {got!r}")

    return truth(parse(text))
