"""The closure problem over a group with F = {1}: the word problem with padding between the letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from precise.claims import Further, Mutant, Scope, Statement, Step, Tier, decide_inequality
from proofs._all_words import Word, spelled
from proofs._barrington import Program, assignments, program_of, word_of
from proofs._block_words import Closure, padding
from proofs._formulas import formulas, number_of_formulas
from proofs._free_words import free_identities
from proofs._groups import Group, alternating, non_solvable_groups, small_groups, symmetric
from proofs._kernel_barrington import IN_CLOSURE_FURTHER
from proofs._kernel_words import GAPS_STEP, HARD_FURTHER, REACHED_STEP
from proofs._word_certificates import certified_words
from proofs._words_evidence import Outcome, all_of, counted, differs

Length = Callable[[int], int]
Order = Callable[[int], Sequence[int]]


def identity_first(n: int) -> Sequence[int]:
    """Return the elements 0, 1, ..., the identity first."""
    return range(n)


def identity_inside(n: int) -> Sequence[int]:
    """Return the elements with the identity in the second place, if there are three or more behind the identity."""
    return [*range(1, min(n, 2)), 0, *range(2, n)]


def stated(n: int) -> int:
    """Return 4 |G| + 1."""
    return 4 * n + 1


def without(n: int) -> Word:
    """Return no padding at all, a wrong choice of sigma."""
    return ()


def difference(group: Group, longest: int, order: Order, bare: bool = False) -> Word | None:
    """Return the least g_1..g_k at which the padded word is wrongly in or out of the closure, for all k."""
    sigma = () if bare else padding(group.table, group.inverses, order(group.order))
    closure = Closure(group.table, frozenset({0}), longest)
    return closure.first_difference_of_map(lambda g: (g, *sigma), lambda product: product == 0)


def map_is_right(groups: Sequence[Group], longest: Length, where: str, bare: bool = False) -> Outcome:
    """Check that the padded word is in the closure iff the product is 1, for all groups, two orders and every k."""
    cases = 0
    for group in groups:
        for order in (identity_first, identity_inside):
            cases += 1
            word = difference(group, longest(group.order), order, bare)
            if word is not None:
                product = group.value(word)
                return differs(
                    "least group of the list, then order of sigma, then least word",
                    (
                        f"{group.name}, r = {longest(group.order)}, word {spelled(word)} of value {product}",
                        f"the padded word is {'out of' if product == 0 else 'in'} the closure",
                    ),
                    got=int(product != 0),
                    right=int(product == 0),
                    cases=cases,
                    group=group.name,
                    r=longest(group.order),
                    word=spelled(word),
                )
    return counted(cases, 2 * len(groups), f"{where}; identity first in sigma and second; words of every length")


def least_length(first: Length, inside: Length) -> Outcome:
    """Find for all groups of order at most 8 the least r for which the map is right, for both orders of sigma."""
    cases = 0
    for group in small_groups():
        for order, claimed in ((identity_first, first), (identity_inside, inside)):
            cases += 1
            found = next(r for r in range(1, stated(group.order) + 1) if difference(group, r, order) is None)
            if found != claimed(group.order):
                return differs(
                    "least group of the list, then order of sigma",
                    (f"{group.name}, sigma over {spelled(order(group.order))}: the least r is {found}",),
                    got=found,
                    right=claimed(group.order),
                    cases=cases,
                    group=group.name,
                )
    note = "least r: 4|G| - 3 with the identity first in sigma, 4|G| - 1 with it second and |G| >= 3"
    return counted(cases, 2 * len(small_groups()), "groups of order at most 8", note=note)


def gap(most: str) -> Outcome:
    """Certify the gaps: from pair 1 + a of one sigma to pair n - b of the next, and from the start."""
    scope, lower = Scope.without_p(), {"n": 1, "a": 0, "b": 0}
    sharp = "sharp: attained by a = b = 0"
    return all_of(
        (
            decide_inequality(f"(2*n + 1) + 2*((n - b) - (1 + a)) <= {most}", lower, scope=scope, sharpness=sharp),
            decide_inequality(f"2*(n - b) <= {most}", {"n": 1, "b": 0}, scope=scope),
            decide_inequality(f"{most} <= 4*n + 1", {"n": 1}, scope=scope),
        )
    )


def certified_padding(early: int = 0) -> Outcome:
    """Return certificates that q with sigma up to q^-1 is 1, and q sigma is q; `early` cuts sooner."""
    return all_of(
        certified_words(
            group,
            [pair for q in range(group.order) for pair in words_of_padding(group, q, early)],
            f"q sigma over {group.name}: value q at the end, and 1 where q^-1 is reached",
        )
        for group in (symmetric(3), alternating(4))
    )


def words_of_padding(group: Group, q: int, early: int) -> list[tuple[Word, int]]:
    """Return q with sigma up to the first letter q^-1 of a pair, value 1, and q sigma, value q."""
    sigma = padding(group.table, group.inverses, range(group.order))
    reached = 2 * group.inverses[q] + 1 - early
    return [((q, *sigma[:reached]), 0), ((q, *sigma), q)]


def formulas_become_words(
    variables: int, connectives: int, wrong: Callable[[Program], Program] | None = None
) -> Outcome:
    """Check that the padded word of a formula over A_5 is in the closure iff the formula is false, all inputs."""
    group, cases = alternating(5), 0
    sigma = padding(group.table, group.inverses, range(group.order))
    closure = Closure(group.table, frozenset({0}), stated(group.order))
    for number in range(connectives + 1):
        for formula in formulas(tuple(range(variables)), number):
            program = program_of(group, formula, 1)
            program = wrong(program) if wrong else program
            for bits in assignments(variables):
                cases += 1
                word = [letter for g in word_of(program, bits) for letter in (g, *sigma)]
                if closure.contains(word) != (not formula.value(bits)):
                    return differs(
                        "least number of connectives, then formula, then input",
                        (f"{formula} at {bits}: {len(word)} letters",),
                        got=formula.value(bits),
                        right=1 - formula.value(bits),
                        cases=cases,
                        formula=str(formula),
                        bits=str(bits),
                    )
    expected = 2**variables * sum(number_of_formulas(variables, c) for c in range(connectives + 1))
    return counted(cases, expected, f"A_5; formulas with at most {connectives} connectives over {variables} variables")


def middle() -> tuple[Group, ...]:
    """Return the groups of the quick check."""
    return *small_groups(), alternating(4)


def large() -> tuple[Group, ...]:
    """Return the groups of the full tier."""
    return symmetric(4), *non_solvable_groups()


QUICK, FULL = "A_4 and groups of order at most 8", "S_4 and the non-solvable groups of order at most 120"

STATEMENTS = (
    Statement(
        label="lem:closure-hard@equivalence",
        title="The closure problem over a group is its word problem, padded",
        mark="D",
        suspects=("S29",),
        tex=(
            r"$A=G$ a finite group, $F=\{1\}$, $r=4|G|+1$, $\sigma=\prod_{h\in G}hh^{-1}$: $g_1\sigma "
            r"g_2\sigma\cdots g_k\sigma\in(A_{F,r})^*$ iff $g_1\cdots g_k=1$"
        ),
        steps=(
            Step(
                id="cuts-are-positions",
                says=(
                    "A block $b$ behind prefix value $q$ is $q^{-1}(qb)$: it has value 1 iff both its ends have the "
                    "same."
                ),
                formal="in every group: q^-1 q b = b, q^-1 q = 1",
                check=lambda: free_identities("q^-1 q b = b", "q^-1 q = 1"),
                mutants=(Mutant("inverse on the other side", lambda: free_identities("q b q^-1 = b")),),
            ),
            Step(
                id="value-one-occurs-in-sigma",
                says=(
                    r"Inside $\sigma$ behind prefix value $q$ the pairs cancel, so the prefixes are $qh$ for all "
                    r"$h$; $h=q^{-1}$ gives 1, and behind $\sigma$ the value is $q$ again."
                ),
                formal="in every group: q f f^-1 h = q h, q q^-1 = 1, q h h^-1 = q",
                check=lambda: free_identities("q f f^-1 h = q h", "q q^-1 = 1", "q h h^-1 = q"),
                mutants=(Mutant("sigma of single letters", lambda: free_identities("q f h = q h")),),
            ),
            Step(
                id="stored-words",
                says="The words $q\\sigma$ over $S_3$ and $A_4$ are stored, for a stranger to multiply.",
                formal="S_3, A_4, all q: q sigma up to q^-1 has the value 1, q sigma the value q",
                check=certified_padding,
                mutants=(Mutant("cut one letter early", lambda: certified_padding(early=1)),),
            ),
            Step(
                id="gaps-are-short",
                says=(
                    "Positions of value 1 in neighbouring paddings are at most $4|G|-1$ apart, and so is the first "
                    "from 0."
                ),
                formal="for all n >= 1, places 1 + a and n - b: 2n + 1 + 2(n - b - 1 - a) <= 4n - 1 <= 4n + 1",
                check=lambda: gap("(4*n - 1)"),
                mutants=(
                    Mutant("4n - 2", lambda: gap("(4*n - 2)")),
                    Mutant("999/1000 of 4n - 1", lambda: gap("999/1000*(4*n - 1)")),
                ),
            ),
            Step(
                id="map-is-right",
                says="So the padded word is in the closure iff the last prefix value, which is the product, is 1.",
                formal="for all finite groups, all orders of sigma, all words, r = 4 |G| + 1: in iff product 1",
                check=lambda: map_is_right(middle(), stated, QUICK),
                mutants=(
                    Mutant("r = 4|G| - 4", lambda: map_is_right(middle(), lambda n: 4 * n - 4 or 1, QUICK)),
                    Mutant("no padding", lambda: map_is_right(middle(), stated, QUICK, bare=True)),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: map_is_right(large(), stated, FULL),
                        mutants=(Mutant("r = 4|G| - 4", lambda: map_is_right(large(), lambda n: 4 * n - 4, FULL)),),
                    ),
                    HARD_FURTHER,
                ),
            ),
            REACHED_STEP,
            GAPS_STEP,
        ),
    ),
    Statement(
        label="lem:closure-hard@least-length",
        title="The least length of blocks for which the reduction works",
        mark="D",
        tex=r"for the map $g\mapsto g\sigma$ the least $r$ is $4|G|-3$ or $4|G|-1$, by the order of $\sigma$",
        uses=("lem:closure-hard@equivalence",),
        steps=(
            Step(
                id="least-block-length",
                says=(
                    "The least r is $4|G|-3$ where the identity comes first in $\\sigma$, and $4|G|-1$ where it "
                    "comes second and $|G|\\ge3$; so $4|G|-1$ is enough for every order and can be needed."
                ),
                formal="for all groups of order <= 8: least r = 4|G| - 3 or 4|G| - 1, by search from 1",
                check=lambda: least_length(lambda n: 4 * n - 3, lambda n: 4 * n - (3 if n < 3 else 1)),
                mutants=(
                    Mutant("4|G| - 1 for both", lambda: least_length(lambda n: 4 * n - 1, lambda n: 4 * n - 1)),
                    Mutant("4|G| - 3 for both", lambda: least_length(lambda n: 4 * n - 3, lambda n: 4 * n - 3)),
                ),
            ),
        ),
    ),
    Statement(
        label="lem:closure-hard",
        title="The closure problem is NC1-hard over a non-solvable group",
        mark="D",
        suspects=("S29",),
        tex=r"for non-solvable $G$ the closure problem of $(G,\{1\},4|G|+1)$ is $NC^1$-hard under projections",
        uses=("lem:closure-hard@equivalence", "fact:barrington"),
        steps=(
            Step(
                id="formulas-become-words",
                says=(
                    "The word of a formula for an input, padded: in the closure iff the formula is false. The "
                    "padding is constant, so the map is still a projection."
                ),
                formal=(
                    "for all finite groups with no trivial derived subgroup, r = 4 |G| + 1, formulas of depth d: a "
                    "word of 1 to (4 |G|)^d letters, each given by one variable; padded, it is in the closure iff "
                    "the formula is false"
                ),
                check=lambda: formulas_become_words(2, 1),
                mutants=(
                    Mutant("last instruction left out", lambda: formulas_become_words(2, 1, lambda p: p[:-1])),
                    Mutant("instructions reversed", lambda: formulas_become_words(2, 1, lambda p: p[::-1])),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: formulas_become_words(2, 2),
                        mutants=(
                            Mutant("instructions reversed", lambda: formulas_become_words(2, 2, lambda p: p[::-1])),
                        ),
                    ),
                    IN_CLOSURE_FURTHER,
                ),
            ),
        ),
    ),
)
