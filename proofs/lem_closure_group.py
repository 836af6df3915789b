"""The closure problem for a group F that contains the identity of A, and why it must contain it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from precise.claims import Control, Counterexample, Mutant, Statement, Step
from proofs._all_words import spelled
from proofs._block_words import Closure
from proofs._free_words import free_identities
from proofs._kernel_words import CLOSURE_GROUP
from proofs._semigroups import PUBLISHED_MONOIDS, Table, groups_in, monoids
from proofs._words_evidence import Outcome, counted, differs, written

LONGEST = 5
ORDER = "least number of elements, then table, then F by size, then r, then least word"
Instance = tuple[Table, tuple[int, ...]]


def instances(orders: Sequence[int], with_identity: bool) -> Iterator[Instance]:
    """Yield all monoids of the orders with all their groups F that contain the identity, or that do not."""
    for n in orders:
        for table in monoids(n):
            for group in groups_in(table):
                if (0 in group) is with_identity:
                    yield table, group


def criterion_holds(found: Iterator[Instance], expected: int, where: str, shift: int = 0) -> Outcome:
    """Compare the criterion with the definition for words of every length, r up to a limit.

    The criterion is taken at r + shift.
    """
    cases = 0
    for table, group in found:
        for r in range(1, LONGEST + 1):
            cases += 1
            closure = Closure(table, frozenset(group), r)
            wrong = closure.first_difference(Closure(table, frozenset(group), r + shift))
            if wrong is not None:
                return refutation(table, group, r, wrong, cases)
    return counted(cases, LONGEST * expected, f"{where}, r <= {LONGEST}; words of every length")


def refutation(table: Table, group: tuple[int, ...], r: int, word: tuple[int, ...], cases: int) -> Counterexample:
    """Return the counterexample of a word at which criterion and definition differ."""
    closure = Closure(table, frozenset(group), r)
    inside = closure.contains(word)
    values = [closure.begin[0][0]]
    for letter in word:
        values.append(table[values[-1]][letter])
    return differs(
        ORDER,
        (
            f"monoid with rows {written(table)}, identity 0, F = {{{', '.join(map(str, group))}}}, r = {r}",
            f"word {spelled(word)}: prefix values {' '.join(map(str, values))}",
            f"by the criterion {'out' if inside else 'in'}, by the definition {'in' if inside else 'out'}",
        ),
        got=int(not inside),
        right=int(inside),
        cases=cases,
        elements=len(table),
        table=written(table),
        F=spelled(group),
        r=r,
        word=spelled(word),
    )


def subgroups_of_units(orders: Sequence[int]) -> int:
    """Return the number of groups that contain the identity: the subgroups of the units, counted by order.

    A group of order 1 has one subgroup, one of order 2 or 3 two, one of order 4 two and its involutions.
    """
    total = 0
    for n in orders:
        for table in monoids(n):
            units = [a for a in range(n) if any(table[a][b] == 0 == table[b][a] for b in range(n))]
            involutions = sum(table[a][a] == 0 for a in units if a)
            total += 1 if len(units) == 1 else 2 + (involutions if len(units) == 4 else 0)
    return total


def holds(orders: Sequence[int], shift: int = 0) -> Outcome:
    """Return the comparison for groups with the identity."""
    where = f"all {sum(PUBLISHED_MONOIDS[n][0] for n in orders)} monoids on {', '.join(map(str, orders))} elements"
    return criterion_holds(instances(orders, True), subgroups_of_units(orders), f"{where}, F with the identity", shift)


def fails(with_identity: bool) -> Outcome:
    """Search for a difference among all groups without the identity, or as a control with it."""
    orders = (1, 2, 3)
    expected = sum(1 for _ in instances(orders, with_identity))
    return criterion_holds(instances(orders, with_identity), expected, "all monoids on at most 3 elements")


STATEMENTS = (
    Statement(
        label="lem:closure-group@any-identity",
        title="The criterion for any group in A",
        mark="D",
        suspects=("S31",),
        tex=(
            r"$F\subseteq A$ any group: $w\in(A_{F,r})^*$ iff $v(w)\in F$ and the positions with prefix value in "
            "$F$, with position 0, are at most $r$ apart"
        ),
        steps=(
            Step(
                id="criterion-is-the-definition",
                says="The criterion holds also where the identity of $F$ is not that of $A$.",
                formal="for all monoids A, groups F in A, r, words w: criterion iff w in (A_F,r)*",
                expects="refuted",
                check=lambda: fails(with_identity=False),
                mutants=(Control("F contains the identity of A", lambda: fails(with_identity=True)),),
            ),
        ),
    ),
    Statement(
        label="lem:closure-group",
        title="The closure problem for a group with the identity of A",
        mark="D",
        repairs="lem:closure-group@any-identity",
        suspects=("S31",),
        tex=(
            r"$F\subseteq A$ a group that contains $1_A$: $w\in(A_{F,r})^*$ iff $v(w)\in F$ and consecutive "
            "positions with prefix value in $F$ are at most $r$ apart"
        ),
        steps=(
            Step(
                id="block-between-positions",
                says=(
                    "A block $f$ from prefix value $q\\in F$ to $q'=qf\\in F$ has the value $f=q^{-1}q'$, which is "
                    "in $F$: here $q^{-1}q=1_A$ is used. Blocks with value in $F$ keep the prefix value in $F$, "
                    "which is closed."
                ),
                formal="in every monoid in which q is a unit: q^-1 q f = f",
                check=lambda: free_identities("q^-1 q f = f"),
                mutants=(Mutant("q^-1 from the right", lambda: free_identities("q f q^-1 = f")),),
            ),
            Step(
                id="criterion-is-the-definition",
                says="So cuts can be put at all positions with prefix value in $F$, and nowhere else.",
                formal="for all monoids A, all groups F in A with A's 1, all r, all words: criterion iff in (A_F,r)*",
                check=lambda: holds((1, 2, 3, 4)),
                mutants=(
                    Mutant("gaps up to r + 1", lambda: holds((1, 2, 3, 4), shift=1)),
                    Mutant("F without the identity", lambda: fails(with_identity=False)),
                ),
                further=(
                    CLOSURE_GROUP.further(
                        CLOSURE_GROUP.mutant(
                            "gaps up to r + 1",
                            "gaps_at_most F r w",
                            "gaps_at_most F (r + 1) w",
                            lambda: holds((1, 2), 1),
                        ),
                        CLOSURE_GROUP.mutant(
                            "F without the identity", "group_with_unit F ->", "", lambda: fails(with_identity=False)
                        ),
                    ),
                ),
            ),
        ),
    ),
)
