"""The values of an entrywise product: each entry is the exact product, rounded once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from precise import paper_float, rounded
from precise.claims import Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted
from proofs._oracle import fractions_of, in_range, members, rounded_by_search

PRECISIONS = (2, 3)
WHERE = "F_3: 0 and magnitudes in [1/4, 4)"
Body = Callable[[Any, Any, Any], Any]
Value = Callable[[Fraction, Fraction, int], Fraction]


def multiply(xp: Any, a: Any, b: Any) -> Any:
    """Return the entrywise product."""
    return xp.multiply(a, b)


def rounded_once(a: Fraction, b: Fraction, p: int) -> Fraction:
    """Return the exact product, rounded."""
    return rounded_by_search(a * b, p)


def operands(p: int) -> list[Fraction]:
    """Return all of F_2, or the floats of F_3 that are 0 or lie in [1/4, 4) in magnitude."""
    return [x for x in members(p) if p == 2 or x == 0 or Fraction(1, 4) <= abs(x) < 4]


def number_of_pairs() -> int:
    """Return how many pairs that is: 33 floats each, in F_2 those of 8 exponents, in F_3 those of 4 binades."""
    return sum((2 * 2 ** (p - 1) * binades + 1) ** 2 for p, binades in ((2, 8), (3, 4)))


def entries(p: int, body: Body) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return all pairs of floats with their entry in one product of two square matrices that hold all pairs."""
    floats, xp = operands(p), rounded(paper_float(p))
    rows = xp.asarray([[x] * len(floats) for x in floats])
    columns = xp.asarray([floats] * len(floats))
    got = fractions_of(body(xp, rows, columns))
    return [(a, b, got[i, j]) for (i, a), (j, b) in product(enumerate(floats), repeat=2)]


def entries_are(value: Value, body: Body = multiply) -> Outcome:
    """Compare the body with a rule for the entries, for all pairs of floats."""
    cases = 0
    for p in PRECISIONS:
        for a, b, got in entries(p, body):
            cases += 1
            if got != (right := value(a, b, p)):
                return Counterexample(
                    values={"p": p, "a": a, "b": b, "got": got, "right": right}, refutes="got != right"
                )
    return exhausted(cases, number_of_pairs(), PRECISIONS, where=WHERE)


def exact_before_rounding(product: str) -> Outcome:
    """Certify that what an entry hands to the rounding is the exact product; s1 = 2^e1, s2 = 2^e2."""
    return all_of((f"(m1*s1)*(m2*s2) == {product}", {}))


def errors_within(factor: Fraction) -> Outcome:
    """Compare the error of every entry in range with u/(1+u) times a factor; p = 3 must reach the bound itself."""
    cases, reached = 0, False
    for p in PRECISIONS:
        u = Fraction(1, 1 << p)
        for a, b, got in entries(p, multiply):
            cases += 1
            if not in_range(a * b, p):
                continue
            off, bound = abs(got - a * b), factor * u / (1 + u) * abs(a * b)
            if off > bound:
                return Counterexample(
                    values={"p": p, "a": a, "b": b, "got": got, "bound": bound}, refutes="abs(got - a*b) > bound"
                )
            reached |= 0 < off == bound
    note = "bound reached" if reached else "bound not reached"
    return exhausted(cases, number_of_pairs(), PRECISIONS, where=WHERE, note=note)


def one_rounding(constant: str) -> Outcome:
    """Certify |c - ab| <= u/(1+u) |ab| above the first tie, and u/(1+u) < u: nothing depends on the shape."""
    return all_of((f"1/2 <= {constant}/(t + 1)*(t/2 + 1/2 + b)", {"t": 4, "b": 0}), ("(1/t)/(1 + 1/t) < 1/t", {"t": 4}))


STATEMENT = Statement(
    label="lem:hadamard@value",
    title="Entrywise product, the values",
    mark="D",
    tex=(
        r"For matrices over $\mathbb F_p$ of any shape, $(A\circ B)_{ij}=round_p(A_{ij}B_{ij})$; where the product is "
        r"in range, it is off by at most $\frac u{1+u}|A_{ij}B_{ij}|$."
    ),
    uses=("lem:ops-correct", "lem:round-rel-error"),
    hypotheses=("p >= 2",),
    witness={"p": 2},
    steps=(
        Step(
            id="entries-are-rounded-products",
            says="Each entry depends on two entries only and is their product, rounded once; all pairs listed.",
            formal=(
                "for all m1, m2, s1, s2: (m1 s1)(m2 s2) = (m1 m2)(s1 s2); "
                "for all a, b in F_2, and in F_3 if 0 or of magnitude in [1/4, 4): the entry is round(ab)"
            ),
            check=lambda: both(exact_before_rounding("(m1*m2)*(s1*s2)"), entries_are(rounded_once)),
            mutants=(
                Mutant("one exponent dropped", lambda: exact_before_rounding("(m1*m2)*s1")),
                Mutant("the sum", lambda: entries_are(lambda a, b, p: rounded_by_search(a + b, p))),
                Mutant("the exact product", lambda: entries_are(lambda a, b, p: a * b)),
                Mutant(
                    "one operand transposed",
                    lambda: entries_are(rounded_once, lambda xp, a, b: xp.multiply(a, xp.matrix_transpose(b))),
                ),
            ),
        ),
        Step(
            id="error-of-one-rounding",
            says="So the error is that of one rounding, for every shape.",
            formal="for all p >= 2, t = 2^p, b >= 0: 1/2 <= (t/2 + 1/2 + b)/(t + 1); the same pairs, in range",
            check=lambda: both(one_rounding("1"), errors_within(Fraction(1))),
            mutants=(
                Mutant("bound times 999/1000, in symbols", lambda: one_rounding("999/1000")),
                Mutant("bound times 999/1000", lambda: errors_within(Fraction(999, 1000))),
            ),
        ),
    ),
)
