"""The literal `//` fails at every precision: one pair for all p, and the least pair of each small p."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from precise.claims import Counterexample, Evidence, Further, Mutant, Statement, Step, Tier
from precise.errors import DomainError
from proofs._bit_evidence import (
    Model,
    Triple,
    addition_model,
    bound_model,
    comparison_model,
    least_pairs,
    order_at,
    room,
    sum_at,
)
from proofs._float_evidence import Outcome, both, exhausted
from proofs._literal_in_symbols import (
    error_for_all_p,
    no_error_before,
    no_order_before,
    no_sum_before,
    order_for_all_p,
    sum_for_all_p,
)
from proofs._slash_rules import literal

Show = Callable[[int, Triple], Counterexample]


def wrong_sum(p: int) -> Triple:
    """Return the least gap and significands with a wrong literal sum."""
    h = 2 ** (p - 1)
    return {2: (3, 2, -3), 3: (3, -4, 5), 4: (3, 8, 11)}.get(p, (3, h, -h - 3))


def large_error(p: int) -> Triple:
    """Return the least gap and significands with a literal sum off by more than 2^-p; p >= 3."""
    h = 2 ** (p - 1)
    return {3: (3, -4, -5), 4: (3, 8, 11)}.get(p, (3, h, h + 11))


def wrong_order(p: int) -> Triple:
    """Return the least gap and significands that the literal rule compares wrongly: zero and a negative float."""
    return (p + 2, 0, -(2 ** (p - 1)))


def show_sum(p: int, at: Triple) -> Counterexample:
    """Return the wrong sum, in fractions."""
    return sum_at(p, at, literal)


def show_error(p: int, at: Triple) -> Counterexample:
    """Return the sum that is off by too much, in fractions."""
    return sum_at(p, at, literal, bound=True)


def show_order(p: int, at: Triple) -> Counterexample:
    """Return the wrong comparison, in fractions."""
    return order_at(p, at, literal)


def listed(said: Callable[[int], Triple], show: Show, precisions: tuple[int, ...]) -> Evidence:
    """Evaluate the pairs of the listed precisions in fractions."""
    for p in precisions:
        show(p, said(p))  # raises where the pair is right after all
    return exhausted(len(precisions), len(precisions), precisions)


def for_every_p(in_symbols: Outcome, said: Callable[[int], Triple], show: Show, first: int) -> tuple[Outcome, ...]:
    """Return the certificate from p = 5 on beside the pairs of smaller p, evaluated."""
    return both(in_symbols, listed(said, show, tuple(range(first, 5))))


def shifted(said: Callable[[int], Triple], place: int, by: int) -> Callable[[int], Triple]:
    """Return a wrong table: one number of each triple changed."""

    def wrong(p: int) -> Triple:
        numbers = list(said(p))
        numbers[place] += by
        return numbers[0], numbers[1], numbers[2]

    return wrong


def in_order(p: int) -> Iterator[Triple]:
    """Yield all gaps up to p + 4 and pairs of significands, either of which may be 0, in the order of the search."""
    magnitudes = [0, *(s * m for m in range(2 ** (p - 1), 2**p) for s in (1, -1))]
    for k in range(room(p) + 1):
        for m1 in magnitudes:
            for m2 in magnitudes:
                yield k, m1, m2


def least_by_enumeration(said: Callable[[int], Triple], show: Show, precisions: tuple[int, ...]) -> Outcome:
    """Go through all pairs in order up to the first that is wrong, and compare it with the one said."""
    cases = expected = 0
    for p in precisions:
        for at in in_order(p):
            cases += 1
            if (at[1] or show is show_order) and is_wrong(p, at, show):
                break
        if at != said(p):
            return Counterexample(
                values={"p": p, "place_found": cases, "place_said": place(p, said(p)) + expected},
                refutes="place_found != place_said",
                lines=(f"p = {p}: the least pair (k, m1, m2) is {at}, said was {said(p)}",),
            )
        expected += place(p, said(p))
    note = "; ".join(f"p = {p}: gap {said(p)[0]}, m1 = {said(p)[1]}, m2 = {said(p)[2]}" for p in precisions)
    return exhausted(cases, expected, precisions, note=f"least pairs: {note}")


def place(p: int, at: Triple) -> int:
    """Return the number of a triple in the order, from 1, by formula."""
    k, *pair = at
    first, second = (0 if m == 0 else 1 + 2 * (abs(m) - (1 << p - 1)) + int(m < 0) for m in pair)
    size = 1 + (1 << p)
    return (k * size + first) * size + second + 1


def is_wrong(p: int, at: Triple, show: Show) -> bool:
    """Return whether exact arithmetic shows a failure at the triple."""
    try:
        show(p, at)
    except DomainError:
        return False
    return True


def least_step(
    id: str,
    says: str,
    formal: str,
    model: Model,
    said: Callable[[int], Triple],
    show: Show,
    first: int,
    in_symbols: Callable[[int], Outcome],
) -> Step:
    """Return the step that the pairs said are the least: in symbols, by enumeration for small p, by solvers to 11.

    `in_symbols` takes by how much more than it should it goes through.
    """
    few, many = tuple(range(first, 5)), range(first, 12)
    one_more, next_gap = shifted(said, 2, 1), shifted(said, 0, 1)
    return Step(
        id=id,
        says=says,
        formal=formal,
        check=lambda: both(in_symbols(0), least_by_enumeration(said, show, few)),
        mutants=(
            Mutant("one pair more, in symbols", lambda: in_symbols(1)),
            Mutant("m2 one larger", lambda: least_by_enumeration(one_more, show, few)),
            Mutant("gap one larger", lambda: least_by_enumeration(next_gap, show, few)),
        ),
        further=(
            Further(
                tier=Tier.FULL,
                check=lambda: least_pairs(model, said, show, many),
                mutants=(
                    Mutant("m2 one larger", lambda: least_pairs(model, one_more, show, many[:2])),
                    Mutant("gap one larger", lambda: least_pairs(model, next_gap, show, many[:2])),
                ),
            ),
        ),
    )


STATEMENT = Statement(
    label="def:slash@every-precision",
    title="The literal truncated division fails at every precision",
    mark="D",
    suspects=("S8",),
    tex=(
        r"With $h=2^{p-1}$ and the literal $/\!/$: for $p\ge2$ some sum is not $round_p$ of the exact one, for $p\ge5$ "
        r"$h-(h+3)/8$; for $p\ge3$ some sum is off by more than $2^{-p}$, for $p\ge5$ $h+(h+11)/8$; for $p\ge2$ a zero "
        r"with exponent $e+p+2$ counts as at most $-h2^e$."
    ),
    uses=("def:round",),
    steps=(
        Step(
            id="some-sum-is-wrong",
            says=(
                r"$h-(h+3)/8$ is $14j-\frac38$, $j=2^{p-5}$; halves are floats there, so it rounds to $14j-\frac12$. "
                r"The literal rule makes it the tie $14j-\frac14$, which goes to $14j$."
            ),
            formal="for all p >= 2 some m1, m2, k have a literal sum != round(m1 + m2/2^k); by formula for p >= 5",
            check=lambda: for_every_p(sum_for_all_p("1/8"), wrong_sum, show_sum, 2),
            mutants=(Mutant("a sixteenth for the eighth", lambda: sum_for_all_p("1/16")),),
        ),
        least_step(
            "least-wrong-sums",
            "These are the least pairs: by gap, then $|m_1|$, then $|m_2|$, positive first.",
            "for p >= 5, p in 2..4 listed, all k, m1, m2 before those of p: the literal rule gives round(m1 + m2/2^k)",
            addition_model,
            wrong_sum,
            show_sum,
            2,
            no_sum_before,
        ),
        Step(
            id="some-sum-is-off-by-more-than-the-bound",
            says=(
                r"$h+(h+11)/8$ is $18j+\frac{11}8$ and becomes the tie $18j+\frac32$, sent up to $18j+2$: off by "
                r"$\frac58$, which is more than $2^{-p}$ of it."
            ),
            formal="for all p >= 3 some m1, m2, k: |literal sum - exact| > 2^-p |exact|; by formula for p >= 5",
            check=lambda: for_every_p(error_for_all_p("1"), large_error, show_error, 3),
            mutants=(Mutant("9/8 of the bound", lambda: error_for_all_p("9/8")),),
        ),
        least_step(
            "least-sums-off-by-more-than-the-bound",
            "These are the least pairs that break the bound.",
            "for p >= 5, p in 3..4 listed, all k, m1, m2 before those of p: |result - exact| <= 2^-p |exact|",
            bound_model,
            large_error,
            show_error,
            3,
            no_error_before,
        ),
        Step(
            id="zero-is-said-to-be-at-most-a-negative",
            says=r"For gap $p+2$: $-h/2^{p+2}=-\frac18$, no multiple of $\frac14$, becomes 0, so $0\le-h2^e$ is said.",
            formal="for all p >= 2, h = 2^(p-1): -h/(8h) + 1/8 = 0 while -h/(8h) < 0",
            check=lambda: order_for_all_p("1/8"),
            mutants=(Mutant("a sixteenth for the eighth", lambda: order_for_all_p("1/16")),),
        ),
        least_step(
            "least-wrong-comparisons",
            "These are the least pairs, so only a zero with another exponent is compared wrongly so early.",
            "for p >= 2, all k, m1, m2 before (k, m1, m2) of p, 0 allowed: m1 <= m2//2^k iff m1 <= m2/2^k",
            comparison_model,
            wrong_order,
            show_order,
            2,
            no_order_before,
        ),
    ),
)
