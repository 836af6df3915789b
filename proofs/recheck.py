"""Check the certificates and counterexamples of a ledger again, with nothing but the standard library.

Usage: python recheck.py LEDGER.json      (the file that `precise verify --json LEDGER.json` writes)

It shares no code with `precise` and reads no verdict. A sha256 that a certificate carries must be its own. It
prints one line for each certificate and counterexample and then `N passed, N failed`. It exits 0 if all pass,
1 if one fails or there is none, 2 on bad usage.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import operator
import sys
from fractions import Fraction
from typing import Any

Poly = dict[tuple[int, ...], Fraction]
CALLS: dict[str, Any] = {"abs": abs, "min": min, "max": max, "floor": lambda x: Fraction(math.floor(x))}
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
            return CALLS[name](*[value(a, names) for a in arguments])
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
    n, d = ({tuple(e): Fraction(c) for e, c in function[k]} for k in ("numerator", "denominator"))
    require(all(len(e) == len(names) for e in {*n, *d}), "wrong number of exponents")
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


def check_nonnegative(c: dict[str, Any]) -> None:
    """Check an inequality: shifted coefficients belong to the claim and are nonnegative."""
    claim: Any = ast.parse(c["claim"], mode="eval").body
    names, lower, (op,) = c["variables"], [Fraction(b) for b in c["lower"]], claim.ops
    require(len(set(names)) == len(names) == len(lower), "each variable has one lower bound")
    require(isinstance(op, ast.GtE | ast.Gt | ast.LtE | ast.Lt), "the claim is not an inequality")
    left, right = claim.left, claim.comparators[0]
    greater, less = (left, right) if isinstance(op, ast.GtE | ast.Gt) else (right, left)
    difference, shifted = read(c["difference"], names), read(c["shifted"], names)
    claimed = quotient(ast.BinOp(left=greater, op=ast.Sub(), right=less), names)
    require(same(claimed, difference), "the difference is not that of the claim")
    require([unshift(p, lower) for p in shifted] == list(difference), "the shift is wrong")
    require(all(x > 0 for p in shifted for x in p.values()), "a shifted coefficient is negative or zero")
    zero = (0,) * len(names)
    require(zero in shifted[1], "the denominator may vanish")
    require(zero in shifted[0] or isinstance(op, ast.GtE | ast.LtE), "the inequality may not be strict")


def check_identity(c: dict[str, Any]) -> None:
    """Check an identity of rational functions by cross products in normal form."""
    claim: Any = ast.parse(c["claim"], mode="eval").body
    names, (op,) = c["variables"], claim.ops
    require(isinstance(op, ast.Eq) and len(set(names)) == len(names), "the claim is not an equation")
    left, right = read(c["left"], names), read(c["right"], names)
    require(same(quotient(claim.left, names), left), "the left side is not that of the claim")
    require(same(quotient(claim.comparators[0], names), right), "the right side is not that of the claim")
    require(same(left, right), "the two sides differ")


def check_counterexample(c: dict[str, Any]) -> None:
    """Check by evaluation that the instance refutes the claim."""
    names = {k: v["word"] if isinstance(v, dict) else Fraction(v) for k, v in c["values"].items()}
    truth = value(ast.parse(c["refutes"], mode="eval").body, names)
    require(truth is True, "the relation does not hold at the instance")


CHECKS: dict[str, Any] = {
    "nonnegative": check_nonnegative,
    "identity": check_identity,
    "counterexample": check_counterexample,
}


def check(certificate: dict[str, Any]) -> None:
    """Check a certificate or counterexample, and its fingerprint if it carries one."""
    if "sha256" in certificate:
        content = json.dumps({k: v for k, v in certificate.items() if k != "sha256"}, sort_keys=True)
        found = hashlib.sha256(content.encode()).hexdigest()
        require(certificate["sha256"] == found, "the sha256 is not that of the certificate")
    CHECKS[certificate["kind"]](certificate)


def obligations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return all that can be checked again, each with the id of its step."""
    steps = [step for record in document["records"] for step in record["steps"]]
    found = [(s["id"], c) for s in steps for e in s["evidence"] for c in e["certificates"]]
    return found + [(s["id"], s["counterexample"]) for s in steps if s["counterexample"]]


def main(arguments: list[str]) -> int:
    """Check the file and return the exit status."""
    if len(arguments) != 1:
        print("recheck: one argument must be given, the JSON file of a run", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            found = obligations(json.load(file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"recheck: the file must be the JSON of a run; got {error}", file=sys.stderr)
        return 2
    failed = 0
    for step, certificate in found:
        try:
            check(certificate)
            print(f"passed  {certificate['kind']:14}  {step}")
        except Exception as error:
            failed += 1
            print(f"FAILED  {certificate.get('kind')!s:14}  {step}: {type(error).__name__}: {error}")
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
