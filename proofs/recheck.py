"""Check the certificates and counterexamples of a ledger again, with nothing but the standard library.

Usage: python recheck.py LEDGER.json      (the file that `precise verify --json LEDGER.json` writes)

It shares no code with `precise` and reads no verdict. A sha256 that a certificate carries must be its own. It
prints one line for each certificate and counterexample and then `N passed, N failed`, and `N skipped` where a theorem
needs `coqc` and there is none. It exits 0 if nothing fails and something passes, 1 if not, 2 on bad usage. Beside it
lie `_recheck_algebra.py`, the arithmetic, `_recheck_kinds.py`, the kinds "distance" and "coq" and slow rounding for
replays, and `_recheck_words.py`, the kinds about words.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import math
import re
import sys
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path
from types import ModuleType
from typing import Any


def beside(name: str) -> ModuleType:
    """Return the module in the file of that name beside this one."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).resolve().with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALGEBRA: Any = beside("_recheck_algebra")
require, value, quotient, read, same = ALGEBRA.require, ALGEBRA.value, ALGEBRA.quotient, ALGEBRA.read, ALGEBRA.same
plus, times, unshift = ALGEBRA.plus, ALGEBRA.times, ALGEBRA.unshift
KINDS: Any = beside("_recheck_kinds")
WORDS: Any = beside("_recheck_words")

Poly = dict[tuple[int, ...], Fraction]
SLOW: dict[str, Any] = {"nearest": KINDS.nearest, "cluster": KINDS.cluster}


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
    truth = value(ast.parse(c["refutes"], mode="eval").body, {"nearest": KINDS.nearest} | names)
    require(truth is True, "the relation does not hold at the instance")


def ratio(node: ast.AST, v: str) -> tuple[Poly, Poly]:
    """Return term(v + 1)/term(v) of a product of powers, factorials and rational functions of v."""
    one: Poly = {(0,): Fraction(1)}
    match node:
        case ast.BinOp(left=a, op=ast.Mult() | ast.Div() as op, right=b):
            (n, d), (m, e) = ratio(a, v), ratio(b, v)
            m, e = (m, e) if isinstance(op, ast.Mult) else (e, m)
            return times(n, m), times(d, e)
        case ast.BinOp(left=a, op=ast.Pow(), right=b) if occurs(v, b):
            return {(0,): value(a, {}) ** slope(b, v)}, one
        case ast.Call(func=ast.Name(id="factorial"), args=[a]):
            n, d = quotient(a, [v])
            require(d == one, "a factorial of a fraction")
            result = one
            for j in range(1, slope(a, v) + 1):
                result = times(result, plus(n, {(0,): Fraction(j)}))
            return result, one
    n, d = quotient(node, [v])
    later = [unshift(x, [Fraction(-1)]) for x in (n, d)]
    return times(later[0], d), times(later[1], n)


def occurs(v: str, node: ast.AST) -> bool:
    """Return whether the variable occurs."""
    return any(isinstance(x, ast.Name) and x.id == v for x in ast.walk(node))


def slope(node: ast.AST, v: str) -> int:
    """Return a of a v + b, an integer that is not negative."""
    values = [value(node, {v: Fraction(k)}) for k in range(3)]
    require(values[2] - values[1] == values[1] - values[0], "an exponent is not linear")
    n, d = quotient(node, [v])
    require(d == {(0,): Fraction(1)} and set(n) <= {(0,), (1,)}, "an exponent is not linear")
    a = values[1] - values[0]
    require(a.denominator == 1 and a >= 0, "a slope is not a natural number")
    return int(a)


def part_holds(c: dict[str, Any], v: str, start: int, less: tuple[Poly, Poly], greater: tuple[Poly, Poly]) -> None:
    """Check a certificate of less <= greater, from `start` on, between these very functions."""
    require(c["kind"] == "nonnegative" and c["variables"] == [v] and c["lower"] == [str(start)], "another domain")
    check_nonnegative(c)
    claim: Any = ast.parse(c["claim"], mode="eval").body
    sides = [quotient(claim.left, [v]), quotient(claim.comparators[0], [v])]
    left, right = sides if isinstance(claim.ops[0], ast.LtE | ast.Lt) else sides[::-1]
    require(same(left, less) and same(right, greater), "a part is about other functions")


def check_induction(c: dict[str, Any]) -> None:
    """Check an inequality of terms: its first case, and that the ratio of the left is at most that of the right."""
    claim: Any = ast.parse(c["claim"], mode="eval").body
    v, start, (op,) = c["variable"], c["start"], claim.ops
    require(isinstance(op, ast.LtE), "the claim is not left <= right")
    base = [value(side, {v: Fraction(start)}) for side in (claim.left, claim.comparators[0])]
    require([str(x) for x in base] == c["base"] and 0 <= base[0] <= base[1], "the first case is wrong")
    left, right = ratio(claim.left, v), ratio(claim.comparators[0], v)
    part_holds(c["positive"], v, start, ({}, {(0,): Fraction(1)}), left)
    part_holds(c["step"], v, start, left, right)


def check_series(c: dict[str, Any]) -> None:
    """Check a bound on tails: it telescopes against the terms and tends to 0, or terms alternate and fall."""
    v, start, sense, term, factor = (c[k] for k in ("variable", "start", "sense", "term", "factor"))
    first = "({})*({})".format(*(re.sub(rf"\b{v}\b", "n", x) for x in (factor, term)))
    stated = {
        "upper": f"0 <= sum({term}, {v} >= n) <= {first}",
        "lower": f"sum({term}, {v} >= n) >= {first}",
        "alternating": f"abs(sum((-1)**{v}*({term}), {v} >= n)) <= {first}",
    }
    require(c["claim"] == f"{stated[sense]} for all n >= {start}", "the claim is not that of the fields")
    one: Poly = {(0,): Fraction(1)}
    zero, limit = (0,), Fraction(c["limit"])
    require(0 < limit < 1 and (sense != "alternating" or factor == "1"), "no limit below 1")
    require(value(ast.parse(term, mode="eval").body, {v: Fraction(start)}) > 0, "the first term is not positive")
    a, f = ratio(ast.parse(term, mode="eval").body, v), quotient(ast.parse(factor, mode="eval").body, [v])
    later = [unshift(x, [Fraction(-1)]) for x in f]
    next_bound = times(later[0], a[0]), times(later[1], a[1])
    drop = plus(times(f[0], next_bound[1]), times({zero: Fraction(-1)}, times(next_bound[0], f[1])))
    telescope = drop, times(f[1], next_bound[1])
    part_holds(c["positive"], v, start, ({}, one), a)
    part_holds(c["bounded"], v, start, ({}, one), f)
    part_holds(c["decay"], v, start, next_bound, (times({zero: limit}, f[0]), f[1]))
    if sense != "alternating":
        ends = [(one, one), telescope] if sense == "upper" else [telescope, (one, one)]
        part_holds(c["telescope"], v, start, *ends)


def check_replay(c: dict[str, Any]) -> None:
    """Check a relation at all multisets of p-bit floats with exponents in the range, with slow arithmetic."""
    p, low, high, names = c["p"], c["low"], c["high"], c["names"]
    claim = ast.parse(c["claim"], mode="eval").body
    require(names and len(set(names)) == len(names), "no names")
    known = {*ALGEBRA.CALLS, *SLOW}
    require({x.id for x in ast.walk(claim) if isinstance(x, ast.Name)} - known == {*names}, "other names")
    sizes = [m * Fraction(2) ** e for e in range(low, high + 1) for m in range(2 ** (p - 1), 2**p)]
    count = 0
    for point in combinations_with_replacement([*sizes, *(-x for x in sizes)], len(names)):
        count += 1
        require(value(claim, SLOW | dict(zip(names, point, strict=True))) is True, f"the relation fails at {point}")
    require(0 < count == c["cases"] == math.comb(2 * len(sizes) + len(names) - 1, len(names)), "other cases")


CHECKS: dict[str, Any] = {
    "nonnegative": check_nonnegative,
    "identity": check_identity,
    "counterexample": check_counterexample,
    "induction": check_induction,
    "series": check_series,
    "replay": check_replay,
    **KINDS.CHECKS,
    **WORDS.CHECKS,
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
    failed = skipped = 0
    for step, certificate in found:
        try:
            check(certificate)
            print(f"passed  {certificate['kind']:14}  {step}")
        except KINDS.SkippedError as reason:
            skipped += 1
            print(f"skipped {certificate['kind']:14}  {step}: {reason}")
        except Exception as error:
            failed += 1
            print(f"FAILED  {certificate.get('kind')!s:14}  {step}: {type(error).__name__}: {error}")
    passed = len(found) - failed - skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
