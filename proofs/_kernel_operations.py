"""Statements about the repaired operations, in the words of the Coq kernel, for all p, with their mutants."""

from __future__ import annotations

from fractions import Fraction

from precise.claims import Scope
from proofs._all_pairs import (
    additions,
    comparisons,
    divisions,
    slash_with_one_guard,
    slash_without_sticky,
    sticky_slash,
)
from proofs._kernel import Theorem
from proofs._kernel_searches import alike, sticky_value
from proofs._slash_rules import every_exponent, integer_floor, no_sticky, search_floor

ADDITION = Theorem(
    module="sticky",
    name="addition_correct",
    statement=(
        "forall (p m1 e1 m2 e2 : Z) (r : R), (2 <= p)%Z -> canonical_pair p m1 e1 -> canonical_pair p m2 e2 ->\n"
        "in_range p (IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2) ->\n"
        "(paper_round p (sum_handed m1 e1 m2 e2) r <->\n"
        "paper_round p (IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2) r)"
    ),
)
DIVISION = Theorem(
    module="sticky",
    name="division_correct",
    statement=(
        "forall (p m1 e1 m2 e2 : Z) (r : R), (2 <= p)%Z -> canonical_pair p m1 e1 -> canonical_pair p m2 e2 ->\n"
        "m2 <> 0%Z -> in_range p ((IZR m1 * bpow radix2 e1) / (IZR m2 * bpow radix2 e2)) ->\n"
        "(paper_round p (quotient_handed p m1 e1 m2 e2) r <->\n"
        "paper_round p ((IZR m1 * bpow radix2 e1) / (IZR m2 * bpow radix2 e2)) r)"
    ),
)
COMPARISON = Theorem(
    module="sticky",
    name="comparison_correct",
    statement=(
        "forall m1 e1 m2 e2 : Z,\n"
        "(if Z.leb e2 e1 then IZR m1 <= slash m2 (2 ^ (e1 - e2)) else slash m1 (2 ^ (e2 - e1)) <= IZR m2)\n"
        "<-> IZR m1 * bpow radix2 e1 <= IZR m2 * bpow radix2 e2"
    ),
    scope=Scope.all_p(1),
)
FLOOR = Theorem(
    module="sticky",
    name="floor_correct",
    statement=(
        "forall p m e : Z, (2 <= p)%Z -> (Z.abs m <= 2 ^ p - 1)%Z -> (e < 0)%Z ->\n"
        "(m / 2 ^ (- e))%Z = Zfloor (IZR m * bpow radix2 e) /\\ paper_float p (IZR (m / 2 ^ (- e)))"
    ),
)
SLASH = Theorem(
    module="sticky",
    name="slash_near",
    statement=(
        "forall a b : Z, b <> 0%Z -> slash a b = IZR a / IZR b \\/\n"
        "(IZR (4 * a / b) / 4 < slash a b < IZR (4 * a / b + 1) / 4 /\\\n"
        "IZR (4 * a / b) / 4 < IZR a / IZR b < IZR (4 * a / b + 1) / 4)"
    ),
    scope=Scope.without_p(),
)
ALIKE = Theorem(
    module="sticky",
    name="rounds_alike",
    statement=(
        "forall (p g k : Z) (x y : R), (1 <= p)%Z ->\n"
        "IZR k * bpow radix2 g < x < IZR (k + 1) * bpow radix2 g ->\n"
        "IZR k * bpow radix2 g < y < IZR (k + 1) * bpow radix2 g -> bpow radix2 (g + p) <= Rabs x ->\n"
        "round radix2 (FLX_exp p) ZnearestE x = round radix2 (FLX_exp p) ZnearestE y"
    ),
    scope=Scope.all_p(1),
)


def cut(a: str, b: str) -> str:
    """Return the truncated quotient without a sticky bit, in the words of the kernel."""
    return f"IZR (4 * {a} / {b}) / 4"


def one_guard(a: str, b: str) -> str:
    """Return the quotient with one guard bit and a sticky bit, in the words of the kernel."""
    return f"(IZR (2 * {a} / {b}) / 2 + (if Z.eqb ((2 * {a}) mod {b}) 0 then 0 else / 4))"


def lowest(p: int) -> int:
    """Return the exponent of the one zero."""
    return -(1 << p)


def sum_with(rule: str) -> str:
    """Return what addition hands to the rounding, with another rule for one of the quotients."""
    other = rule.replace("m2", "m1").replace("e1 - e2", "e2 - e1")
    return f"(if Z.leb e2 e1 then (IZR m1 + {rule}) * bpow radix2 e1 else (IZR m2 + {other}) * bpow radix2 e2)"


ADDITION_IN_KERNEL = ADDITION.further(
    ADDITION.mutant(
        "no sticky bit",
        "(sum_handed m1 e1 m2 e2)",
        sum_with(cut("m2", "2 ^ (e1 - e2)")),
        lambda: additions(slash_without_sticky, lowest, (2, 3)),
    ),
    ADDITION.mutant(
        "one guard bit",
        "(sum_handed m1 e1 m2 e2)",
        sum_with(one_guard("m2", "2 ^ (e1 - e2)")),
        lambda: additions(slash_with_one_guard, lowest, (2, 3)),
    ),
    ADDITION.mutant(
        "zero with another exponent",
        "canonical_pair p m1 e1 -> canonical_pair p m2 e2",
        "(m1 = 0 \\/ normal p m1)%Z -> (m2 = 0 \\/ normal p m2)%Z",
        lambda: additions(sticky_slash, lambda p: 0, (2, 3)),
    ),
)
SLASH_IN_KERNEL = SLASH.further(
    SLASH.mutant(
        "between halves",
        "(IZR (4 * a / b) / 4 < slash a b < IZR (4 * a / b + 1) / 4",
        "(IZR (4 * a / b) / 4 < slash a b < IZR (4 * a / b) / 4 + / 8",
        lambda: sticky_value(1, 3),
    ),
)
ALIKE_MUTANTS = (
    ALIKE.mutant(
        "a midpoint at the lower end",
        "IZR k * bpow radix2 g < x <",
        "IZR k * bpow radix2 g <= x <",
        lambda: alike(2, Fraction(5, 2), Fraction(21, 8), Fraction(1, 4)),
    ),
    ALIKE.mutant(
        "from half the size on",
        "bpow radix2 (g + p) <=",
        "bpow radix2 (g + p - 1) <=",
        lambda: alike(2, Fraction(9, 16), Fraction(11, 16), Fraction(1, 4)),
    ),
)
DIVISION_IN_KERNEL = DIVISION.further(
    DIVISION.mutant(
        "no sticky bit",
        "(quotient_handed p m1 e1 m2 e2)",
        f"({cut('(m1 * 2 ^ (p - 1))', 'm2')} * bpow radix2 (e1 - e2 - p + 1))",
        lambda: divisions(no_sticky),
    ),
)
COMPARISON_IN_KERNEL = COMPARISON.further(
    COMPARISON.mutant(
        "no sticky bit",
        "slash m2 (2 ^ (e1 - e2))",
        cut("m2", "2 ^ (e1 - e2)"),
        lambda: comparisons(slash_without_sticky, every_exponent, (2, 3)),
    ),
)
FLOOR_IN_KERNEL = FLOOR.further(
    FLOOR.mutant(
        "towards zero",
        "(m / 2 ^ (- e))%Z =",
        "(Z.quot m (2 ^ (- e)))%Z =",
        lambda: search_floor(lambda m, e: integer_floor(m, e) if m > 0 else -integer_floor(-m, e), (2, 3)),
    ),
)
