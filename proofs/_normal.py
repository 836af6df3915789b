"""Normal forms of symbolic entries: rational functions whose generators are symbols and function values.

exp, square root and Max become generators, named by the normal form of their argument; cosine and sine of an
integer multiple of an angle become Laurent polynomials in turn = exp(i angle). Two entries are equal if the cross
product of their numerators and denominators expands to 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import count
from typing import Any, TypeAlias

import sympy

from precise.claims import Counterexample, Evidence, Kind, Scope, identity
from precise.errors import UndecidedError

Expression: TypeAlias = Any
Atoms: TypeAlias = dict[tuple[str, Expression], Expression]
Case: TypeAlias = tuple[str, Expression, Expression]
ROTATION_POINTS = (sympy.I, sympy.Rational(3, 5) + sympy.I * sympy.Rational(4, 5))
PLAIN = re.compile(r"[a-z0-9_+\-*/() ]*")


def generated(expr: Expression, atoms: Atoms) -> Expression:
    """Return the expression as a rational function of symbols and of generators recorded in `atoms`."""
    if expr.is_Symbol or expr.is_Number:
        return expr
    if isinstance(expr, sympy.cos | sympy.sin):
        return _trigonometric(expr)
    if isinstance(expr, sympy.exp | sympy.Max):
        key = (type(expr).__name__, _canonical(expr, atoms))
        return atoms.setdefault(key, sympy.Symbol(f"{key[0].lower()}_{len(atoms)}"))
    if expr.is_Pow and not expr.exp.is_Integer:
        half = sympy.Rational(1, 2)
        if abs(expr.exp) != half:
            raise UndecidedError(f"normal form: powers must be integers or square roots; got {expr}")
        content, rest = sympy.expand(generated(expr.base, atoms)).as_content_primitive()
        root = sympy.sqrt(content)
        if rest != 1:
            root *= atoms.setdefault(("sqrt", rest), sympy.Symbol(f"sqrt_{len(atoms)}"))
        return root if expr.exp == half else 1 / root
    if expr.is_Add or expr.is_Mul or expr.is_Pow:
        return expr.func(*(generated(a, atoms) for a in expr.args))
    raise UndecidedError(f"normal form: an entry must be built from known functions; got {expr.func}")


def _canonical(expr: Expression, atoms: Atoms) -> Expression:
    """Return the normal form of the arguments of exp or Max."""
    parts = [sympy.expand(generated(a, atoms)) for a in expr.args]
    return sympy.Tuple(*sorted(parts, key=sympy.default_sort_key))


def _trigonometric(expr: Expression) -> Expression:
    """Return cos or sin of t times an angle as a Laurent polynomial in turn."""
    t, angle = expr.args[0].as_coeff_Mul()
    if not (t.is_Integer and angle.is_Symbol):
        raise UndecidedError(f"normal form: an angle must be an integer times a symbol; got {expr}")
    turn = sympy.Symbol(f"turn_{angle.name}")
    if isinstance(expr, sympy.cos):
        return (turn**t + turn**-t) / 2
    return (turn**t - turn**-t) / (2 * sympy.I)


def differ(left: Expression, right: Expression, atoms: Atoms) -> Expression:
    """Return the expanded cross product; 0 if and only if the two are one rational function."""
    sides = [generated(sympy.sympify(x), atoms) for x in (left, right)]
    difference = sympy.expand(sides[0] - sides[1])
    if difference == 0:
        return difference
    (n1, d1), (n2, d2) = (sympy.fraction(sympy.together(x)) for x in sides)
    return sympy.expand(n1 * d2 - n2 * d1)


def compare(
    cases: Iterable[Case],
    *,
    expected: int,
    cells: tuple[str, ...],
    scope: Scope,
    certified: Iterable[str] = (),
    note: str = "",
) -> Evidence | Counterexample:
    """Return evidence of kind Y that both sides of all cases have one normal form, or the first that differs.

    The entries whose names are in `certified` carry a certificate for the re-checker.
    """
    done, atoms, wanted, certificates = 0, Atoms(), set(certified), []
    for place, left, right in cases:
        done += 1
        if differ(left, right, atoms) != 0:
            return counterexample(place, left, right, done)
        if place in wanted:
            certificates.append(identity(f"{left} == {right}"))
    if done != expected:
        return Counterexample(
            values={"compared": done, "entries": expected}, refutes="compared != entries", cases=max(done, 1)
        )
    return Evidence(
        kind=Kind.IDENTITY,
        scope=scope,
        cases=done,
        expected=expected,
        cells=cells,
        producer="sympy",
        certificates=tuple(certificates),
        note=note,
    )


def entries(name: str, left: Mapping[Any, Expression], right: Mapping[Any, Expression]) -> Iterable[Case]:
    """Yield the entries of two matrices as cases; a place that one lacks counts as a difference."""
    for place in sorted({*left, *right}):
        one, other = left.get(place), right.get(place)
        label = f"{name}, entry {place}"
        if one is None or other is None:
            yield label, sympy.Integer(one is not None), sympy.Integer(other is not None)
        else:
            yield label, one, other


def counterexample(place: str, left: Expression, right: Expression, cases: int) -> Counterexample:
    """Return a point at which the two sides differ: generators at small primes, in the order of their names."""
    atoms: Atoms = {}
    sides = [generated(sympy.sympify(x), atoms) for x in (left, right)]
    names = sorted(set().union(*(s.free_symbols for s in sides)), key=str)
    for attempt in count():
        point = {
            s: ROTATION_POINTS[attempt % 2]
            if s.name.startswith("turn_")
            else sympy.Integer(sympy.prime(k + 1 + attempt))
            for k, s in enumerate(names)
        }
        values = [sympy.expand(s.subs(point)) for s in sides]
        if values[0] != values[1]:
            break
        if attempt > 8:
            raise UndecidedError(f"normal form: no point found at which both sides of {place} differ")
    got, right_value = (Fraction(int(v.p), int(v.q)) if v.is_Rational else str(v) for v in values)
    if isinstance(got, str) or isinstance(right_value, str):
        got, right_value = str(got), str(right_value)
    plain = all(PLAIN.fullmatch(str(s)) for s in sides) and not atoms
    shown = {s.name: Fraction(int(v.p), int(v.q)) for s, v in point.items() if v.is_Rational}
    return Counterexample(
        values={**shown, "left": got, "right": right_value},
        refutes=f"({sides[0]}) != ({sides[1]})" if plain and shown else "left != right",
        lines=(place, f"left side  = {sides[0]} = {got}", f"right side = {sides[1]} = {right_value}"),
        order="first entry in the order of shapes, then of places",
        cases=cases,
    )
