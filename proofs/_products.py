"""Checks of the three products of matrices: bodies against index formulas, for small shapes and all shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations
from itertools import product as cartesian
from typing import Any, TypeAlias

from precise import exact, paper_float, rounded
from precise.claims import (
    Counterexample,
    Evidence,
    Kind,
    Mutant,
    Scope,
    Statement,
    Step,
    chain,
    decide_inequality,
)
from precise.semantics.symbolic import symbolic
from proofs._kernel import Theorem
from proofs._kernel_steps import kernel_step, pure_theorem
from proofs._loops import Matrix, matrix, pair
from proofs._normal import Case, compare, entries
from proofs._oracle import fractions_of, rounded_by_search

Body: TypeAlias = Callable[[Any, Any], Any]
Formula: TypeAlias = Callable[..., Matrix]
Shapes: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
Place: TypeAlias = Callable[[int, int, int], int]

SMALL = Scope.without_p("all shapes up to 3")


def second_fastest(i1: int, i2: int, n1: int) -> int:
    """Return the place of a pair under a wrong convention, for two of each index."""
    return i2 + (i1 - 1) * 2


def formula_cases(body: Body, formula: Formula, shapes: list[Shapes], place: Place) -> Iterator[Case]:
    """Yield the entries of body and formula on matrices of distinct symbols."""
    xp = symbolic()
    for first, second in shapes:
        k1, k2 = xp.symbols("a", first), xp.symbols("b", second)
        right = formula(matrix(k1), matrix(k2), place)
        yield from entries(f"shapes {first} and {second}", matrix(body(k1, k2)), right)


def equals_formula(
    body: Body, formula: Formula, shapes: list[Shapes], expected: int, place: Place = pair
) -> Evidence | Counterexample:
    """Return evidence that the body is the formula entry by entry."""
    cases = formula_cases(body, formula, shapes, place)
    return compare(cases, expected=expected, cells=("symbols",), scope=SMALL)


def numbers(shape: tuple[int, int], start: int, p: int) -> list[list[Fraction]]:
    """Return a matrix of floats of many significands and both signs."""
    n, d = shape
    half = 1 << (p - 1)
    flat = [(-1) ** k * Fraction(half + (start + 3 * k) % half, half) for k in range(n * d)]
    return [flat[i * d : (i + 1) * d] for i in range(n)]


def rounds_once(body: Body, formula: Formula, shapes: list[Shapes]) -> Evidence | Counterexample:
    """Return evidence that in F_p each entry is the exact product rounded once, and in `exact()` not at all."""
    done, inexact = 0, 0
    for first, second in shapes:
        for p in PRECISIONS:
            start = p
            lists = numbers(first, start, p), numbers(second, start + 1, p)
            right = formula(*(matrix(exact().asarray(x)) for x in lists))
            for xp in (exact(), rounded(paper_float(p))):
                got = fractions_of(body(*(xp.asarray(x) for x in lists)))
                for (i, j), value in right.items():
                    done += 1
                    want = value if xp.name == "exact" else rounded_by_search(value, p)
                    inexact += want != value
                    if got[i - 1, j - 1] != want:
                        return Counterexample(
                            values={"got": got[i - 1, j - 1], "want": want, "row": i, "column": j},
                            refutes="got != want",
                            cases=done,
                        )
    cells = ("exact", "inexact") if inexact else ("exact",)
    expected = sum(2 * len(PRECISIONS) * len(formula_places(formula, s)) for s in shapes)
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(PRECISIONS, "all shapes up to 3, one listed pair of matrices a shape"),
        cases=done,
        expected=expected,
        cells=cells,
        producer="precise-pbit",
        confirmed_by="rounding by search over fractions",
    )


def formula_places(formula: Formula, shapes: Shapes) -> Matrix:
    """Return the formula on matrices of ones, for its places."""
    ones = (dict.fromkeys(cartesian(range(1, n + 1), range(1, d + 1)), 1) for n, d in shapes)
    return formula(*ones)


def places_of_pairs(gap: int = 1) -> Evidence | Counterexample:
    """Return certificates that (i1, i2) -> i1 + (i2 - 1) n1 is one to one into 1, ..., n1 n2, for all shapes.

    Write i1 = n1 - s with s >= 0. A pair (j1, j2) with j2 = i2 + k, k >= `gap`, stands j1 - i1 + k n1 >= 1
    places further; the last place is n1 n2, since i2 = n2 - r with r >= 0.
    """
    scope = Scope.without_p()
    apart = decide_inequality(
        "j1 + k*n1 - (n1 - s) >= 1",
        {"j1": 1, "k": gap, "n1": 1, "s": 0},
        scope=scope,
    )
    last = decide_inequality(
        "n1*n2 - ((n1 - s) + (n2 - r - 1)*n1) >= 0", {"n1": 1, "n2": 1, "s": 0, "r": 0}, scope=scope
    )
    if isinstance(apart, Counterexample) or isinstance(last, Counterexample):
        return apart if isinstance(apart, Counterexample) else last
    return chain(apart, last)


PLACES = pure_theorem(
    "tensor_products",
    "place_one_to_one",
    "forall n1 n2 i1 i2 j1 j2 : nat, 1 <= i1 <= n1 -> 1 <= i2 <= n2 -> 1 <= j1 <= n1 -> 1 <= j2 <= n2 -> "
    "1 <= place n1 i1 i2 <= n1 * n2 /\\ (place n1 i1 i2 = place n1 j1 j2 -> i1 = j1 /\\ i2 = j2)",
)


def places_that_meet() -> Counterexample:
    """Return the least n1, n2 and two pairs with one place, where the length of the other index is used."""
    lengths = sorted(cartesian(range(1, 4), repeat=2), key=lambda n: (sum(n), n))
    i1, i2, j1, j2, n1, n2 = next(
        (*pair1, *pair2, n1, n2)
        for n1, n2 in lengths
        for pair1, pair2 in combinations(cartesian(range(1, n1 + 1), range(1, n2 + 1)), 2)
        if pair1[0] + (pair1[1] - 1) * n2 == pair2[0] + (pair2[1] - 1) * n2
    )
    values = {"n1": n1, "n2": n2, "i1": i1, "i2": i2, "j1": j1, "j2": j2}
    return Counterexample(values=values, refutes="i1 + (i2 - 1)*n2 == j1 + (j2 - 1)*n2 and i1 != j1")


def definition(
    label: str,
    title: str,
    tex: str,
    body: Body,
    formula: Formula,
    shapes: list[Shapes],
    entry: Theorem,
    exchange: tuple[str, str],
) -> tuple[Statement, Statement, Statement]:
    """Return the definition over any commutative ring, what its body computes there, and what it computes in F_p.

    `entry` is the theorem that gives an entry; `exchange` is the text that is changed to exchange its operands.
    """
    expected = sum(len(formula_places(formula, s)) for s in shapes)
    wrong = [((2, 2), (2, 2))]

    def swapped(a: Any, b: Any) -> Any:
        return body(b, a)

    index_formula = Step(
        id="body-equals-formula",
        says="The body has at every place the entry of the index formula.",
        formal=f"for all shapes up to 3, for all entries: body = formula ({expected} entries)",
        check=lambda: equals_formula(body, formula, shapes, expected),
        cells=("symbols",),
        mutants=(
            Mutant("operands exchanged", lambda: equals_formula(swapped, formula, shapes, expected)),
            Mutant("last index fastest", lambda: equals_formula(body, formula, wrong, 16, second_fastest)),
        ),
    )
    one_to_one = PLACES.mutant(
        "n2 for n1 in the place",
        "place n1 i1 i2 = place n1 j1 j2",
        "place n2 i1 i2 = place n2 j1 j2",
        places_that_meet,
    )
    places = Step(
        id="pairs-have-places-of-their-own",
        says="The place of a pair determines it, for all shapes.",
        formal="for all n1, n2 >= 1: (i1, i2) -> i1 + (i2 - 1) n1 maps [n1] x [n2] one to one into [n1 n2]",
        check=places_of_pairs,
        mutants=(Mutant("also for i2 = j2", lambda: places_of_pairs(gap=0)),),
        further=(PLACES.further(one_to_one),),
    )
    every = kernel_step(
        entry,
        entry.mutant("operands exchanged", *exchange, lambda: equals_formula(swapped, formula, shapes, expected)),
        id="entries-at-all-places",
        says="The product written with quotient and remainder of the place has the entry of the definition.",
        formal="for all commutative rings, all shapes, all i1 in [n1], j1 in [d1], all i2, j2 >= 1: the entry",
    )
    one_rounding = Step(
        id="one-rounding-an-entry",
        says=r"In $\mathbb F_p$ an entry is the exact product, rounded once.",
        formal="for p in 2..4, all shapes up to 3, a pair of matrices of p-bit floats: entry = round_p(formula entry)",
        check=lambda: rounds_once(body, formula, shapes),
        cells=("exact", "inexact"),
        mutants=(
            Mutant("operands exchanged", lambda: rounds_once(swapped, formula, shapes)),
            Mutant("entries an eighth too large", lambda: rounds_once(body, enlarged(formula), shapes)),
        ),
    )
    ring = Statement(label=label, title=title, mark="M", tex=tex, steps=(places, every))
    bodies = Statement(
        label=f"{label}@bodies",
        of_code=True,
        title=f"{title}, in the package",
        mark="D",
        tex=tex,
        uses=(label,),
        steps=(index_formula,),
    )
    floats = Statement(
        label=f"{label}@floats",
        of_code=True,
        title=f"{title} of p-bit matrices",
        mark="D",
        tex=tex.rstrip("$") + r"\text{ rounded once}$",
        uses=(label,),
        steps=(one_rounding,),
    )
    return ring, bodies, floats


def enlarged(formula: Formula) -> Formula:
    """Return the formula with every entry enlarged by one part in 8."""
    return lambda a, b: {place: x * Fraction(9, 8) for place, x in formula(a, b).items()}


PRECISIONS = (2, 3, 4)
SIZES = (1, 2, 3)
KRON_SHAPES: list[Shapes] = [((a, b), (c, d)) for a, b, c, d in cartesian(SIZES, repeat=4)]
KHATRI_RAO_SHAPES: list[Shapes] = [((a, d), (c, d)) for a, c, d in cartesian(SIZES, repeat=3)]
FACE_SPLIT_SHAPES: list[Shapes] = [((n, a), (n, b)) for n, a, b in cartesian(SIZES, repeat=3)]
