"""Exact values of expressions and normal forms of rational functions, for `recheck.py`; nothing of `precise`."""

from __future__ import annotations

import ast
import math
import operator
from fractions import Fraction
from typing import Any

Poly = dict[tuple[int, ...], Fraction]
CALLS: dict[str, Any] = {"abs": abs, "min": min, "max": max, "floor": lambda x: Fraction(math.floor(x))}
CALLS["factorial"] = lambda x: Fraction(math.factorial(int(x)))
RELATIONS: dict[Any, Any] = {ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt}
RELATIONS |= {ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}
ARITHMETIC: dict[Any, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
ARITHMETIC |= {ast.Div: operator.truediv}


def require(condition: object, what: str) -> None:
    """Reject the certificate unless the condition is true."""
    if not condition:
        raise ValueError(what)


def value(node: ast.AST, names: dict[str, Any]) -> Any:
    """Return the exact value, or truth value, of an expression at a point."""
    match node:
        case ast.Constant(value=int() as number):
            return Fraction(number)
        case ast.Constant(value=str() as word):
            return word
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=a):
            return -value(a, names)
        case ast.UnaryOp(op=ast.Not(), operand=a):
            return not value(a, names)
        case ast.BoolOp(op=op, values=parts):
            return (all if isinstance(op, ast.And) else any)(value(a, names) for a in parts)
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            power = value(b, names)
            require(power.denominator == 1, "an exponent is not an integer")
            return value(a, names) ** int(power)
        case ast.BinOp(left=a, op=op, right=b):
            return ARITHMETIC[type(op)](value(a, names), value(b, names))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return (CALLS.get(name) or names[name])(*[value(a, names) for a in arguments])
        case ast.Compare(left=a, ops=ops, comparators=rest):
            terms = [value(b, names) for b in (a, *rest)]
            return all(RELATIONS[type(o)](x, y) for o, x, y in zip(ops, terms, terms[1:], strict=False))
    raise ValueError(f"unreadable: {ast.dump(node)}")


def plus(a: Poly, b: Poly) -> Poly:
    """Return a + b without zero terms."""
    total = {e: a.get(e, Fraction(0)) + b.get(e, Fraction(0)) for e in {*a, *b}}
    return {e: c for e, c in total.items() if c}


def times(a: Poly, b: Poly) -> Poly:
    """Return a * b."""
    product: Poly = {}
    for e, c in a.items():
        product = plus(product, {tuple(map(operator.add, e, f)): c * d for f, d in b.items()})
    return product


def quotient(node: ast.AST, names: list[str]) -> tuple[Poly, Poly]:
    """Return numerator and denominator of a rational expression in the variables."""
    one: Poly = {(0,) * len(names): Fraction(1)}
    match node:
        case ast.Constant(value=int() as number):
            return times(one, {(0,) * len(names): Fraction(number)}) if number else {}, one
        case ast.Name(id=name):
            require(name in names, f"{name} is not a variable")
            return {tuple(int(v == name) for v in names): Fraction(1)}, one
        case ast.UnaryOp(op=ast.USub(), operand=a):
            n, d = quotient(a, names)
            return {e: -c for e, c in n.items()}, d
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            (n, d), power, result = quotient(a, names), int(value(b, {})), (one, one)
            n, d = (n, d) if power >= 0 else (d, n)
            for _ in range(abs(power)):
                result = times(result[0], n), times(result[1], d)
            return result
        case ast.BinOp(left=a, op=op, right=b):
            (n, d), (m, e) = quotient(a, names), quotient(b, names)
            if isinstance(op, ast.Mult | ast.Div):
                m, e = (m, e) if isinstance(op, ast.Mult) else (e, m)
                return times(n, m), times(d, e)
            sign = {(0,) * len(names): Fraction(-1 if isinstance(op, ast.Sub) else 1)}
            return plus(times(n, e), times(sign, times(m, d))), times(d, e)
    raise ValueError(f"unreadable: {ast.dump(node)}")


def read(function: dict[str, Any], names: list[str]) -> tuple[Poly, Poly]:
    """Return the stored numerator and denominator."""
    require(set(function) == {"numerator", "denominator"}, "no quotient")
    n, d = ({tuple(e): Fraction(c) for e, c in function[k]} for k in ("numerator", "denominator"))
    require(all(len(e) == len(names) and all(type(k) is int and k >= 0 for k in e) for e in {*n, *d}), "no exponents")
    require(len(n) == len(function["numerator"]) and len(d) == len(function["denominator"]), "a repeated term")
    return n, d


def same(a: tuple[Poly, Poly], b: tuple[Poly, Poly]) -> bool:
    """Return whether two quotients are one rational function."""
    return bool(a[1] and b[1]) and times(a[0], b[1]) == times(b[0], a[1])


def unshift(p: Poly, lower: list[Fraction]) -> Poly:
    """Return p at y_i = x_i - lower_i."""
    total: Poly = {}
    for exponents, c in p.items():
        term: Poly = {(0,) * len(lower): c}
        for i, power in enumerate(exponents):
            x = tuple(int(i == j) for j in range(len(lower)))
            for _ in range(power):
                term = times(term, plus({x: Fraction(1)}, {(0,) * len(lower): -lower[i]}))
        total = plus(total, term)
    return total
