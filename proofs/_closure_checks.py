"""Checks of the padded words: the map, its gaps, the least length of blocks, certificates, and formulas as words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from precise.claims import Scope, decide_inequality
from proofs._all_words import Word, spelled
from proofs._barrington import Program, assignments, program_of, word_of
from proofs._block_words import Closure, padding
from proofs._formulas import formulas, number_of_formulas
from proofs._groups import Group, alternating, non_solvable_groups, small_groups, symmetric
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


def right_from(bound: Length) -> Outcome:
    """Check for all groups of order 3 to 6, the identity second in sigma, and every r up to 4 |G| + 1.

    The map has to be right iff r is at least the bound.
    """
    cases, groups = 0, [g for g in small_groups() if 3 <= g.order <= 6]
    for group in groups:
        for r in range(1, stated(group.order) + 1):
            cases += 1
            got = difference(group, r, identity_inside) is None
            if got != (r >= bound(group.order)):
                return differs(
                    "least group of the list, then r",
                    (f"{group.name}, r = {r}: the map is {'right' if got else 'wrong'}",),
                    got=int(got),
                    right=int(not got),
                    cases=cases,
                    group=group.name,
                    r=r,
                )
    return counted(cases, sum(stated(g.order) for g in groups), "groups of order 3 to 6, the identity second in sigma")


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


def every_value_is_reached(inverses: bool = True) -> Outcome:
    """Check for all groups of order at most 8 that behind every prefix value sigma runs through every element.

    Without `inverses` sigma is the product of all elements.
    """
    cases = 0
    for group in small_groups():
        sigma = padding(group.table, group.inverses, range(group.order)) if inverses else tuple(range(group.order))
        for q in range(group.order):
            reached = {group.value((q, *sigma[:k])) for k in range(len(sigma) + 1)}
            for x in range(group.order):
                cases += 1
                if x not in reached:
                    return differs(
                        "least group of the list, then q, then x",
                        (f"{group.name}, q = {q}: the prefix values are {spelled(sorted(reached))}",),
                        got=0,
                        right=1,
                        cases=cases,
                        group=group.name,
                        q=q,
                        x=x,
                    )
    return counted(cases, sum(g.order**2 for g in small_groups()), "groups of order at most 8, identity first in sigma")


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
