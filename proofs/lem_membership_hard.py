"""Fixed membership over a group: the word problem, one identity letter repeated; hard where the group is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from precise.claims import Further, Mutant, Statement, Step, Tier
from proofs._all_words import spelled
from proofs._barrington import Program, assignments, program_of, word_of
from proofs._formulas import formulas, number_of_formulas
from proofs._free_words import free_identities
from proofs._groups import Group, alternating, small_groups, symmetric
from proofs._kernel_barrington import IN_OMEGA_FURTHER
from proofs._kernel_words import IDENTITY_FURTHER, LINKED_FURTHER, RECURS_FURTHER
from proofs._omega_words import (
    Factorisations,
    Profile,
    Splits,
    beginnings,
    direct_test,
    first_difference,
    powers,
    splits_of,
    times,
)
from proofs._words_evidence import Outcome, counted, differs

ORDER = "least group of the list, then g, then least v, then least u"


def occurs_for_ever(group: Group, g: int, x: int, splits: Splits) -> bool:
    """Return whether prefix value g occurs infinitely often in u v^omega, given h(u) and the splits of v.

    The prefix values behind the copies of v are x c^k p with c = h(v), p = h(v1); powers of c are periodic.
    """
    table, n = group.table, group.order
    whole = next(b for a, b in splits if a == n)
    listed = set(powers(table, whole, n)[1:])
    return any(times(table, times(table, x, c), p) == g for c in listed for p, _ in splits)


def occurs_at_all(group: Group, g: int, x: int, splits: Splits) -> bool:
    """Return whether u has the value g, a wrong reading of the criterion."""
    return (0 if x == group.order else x) == g


Criterion = Callable[[Group, int, int, Splits], bool]


def criterion_holds(groups: Sequence[Group], criterion: Criterion, where: str) -> Outcome:
    """Compare a criterion with the automaton of [g][1]^omega for all groups, elements g and words of any length."""
    cases = 0
    for group in groups:
        for g in range(group.order):
            cases += 1
            rule = cache(lambda x, splits, of=group, at=g: criterion(of, at, x, splits))
            if found := first_difference(group.table, (g, 0), rule):
                u, v, said = found
                return differs(
                    ORDER,
                    (f"{group.name}, g = {g}, u = {spelled(u)}, v = {spelled(v)}",),
                    got=int(said),
                    right=int(not said),
                    cases=cases,
                    group=group.name,
                    g=g,
                    u=spelled(u),
                    v=spelled(v),
                )
    return counted(cases, sum(g.order for g in groups), f"{where}; u and v of every length")


def identity_letter(groups: Sequence[Group], where: str, repeated: int = 0) -> Outcome:
    """Check for all groups, elements g and words u that u v^omega is in [g][1]^omega iff h(u) = g, where v = 1.

    `repeated` is the letter v.
    """
    cases = 0
    for group in groups:
        for g in range(group.order):
            cases += 1
            automaton = Factorisations(group.table, (g, 0))
            letter: Profile = tuple(automaton.extend(row, repeated % group.order) for row in automaton.empty_profile)
            accepted = automaton.accepting(letter)
            for (x, reached), u in beginnings(automaton).items():
                value = 0 if x == group.order else x
                if bool(accepted & reached) != (value == g):
                    return differs(
                        ORDER,
                        (f"{group.name}, g = {g}, u = {spelled(u)} of value {value}, v = {repeated}",),
                        got=int(bool(accepted & reached)),
                        right=int(value == g),
                        cases=cases,
                        group=group.name,
                        g=g,
                        u=spelled(u),
                    )
    return counted(cases, sum(g.order for g in groups), f"{where}; u of every length")


def linked(groups: Sequence[Group], unit: int = 0) -> Outcome:
    """Check that (g, 1) is a linked pair for all g; `unit` stands for 1."""
    cases = 0
    for group in groups:
        for g in range(group.order):
            cases += 1
            e = unit % group.order
            if group.table[g][e] != g or group.table[e][e] != e:
                return differs(ORDER, (f"{group.name}: g = {g}, e = {e}",), got=group.table[g][e], right=g, e=e)
    return counted(cases, sum(g.order for g in groups), "groups of order at most 8")


Instance = tuple[tuple[int, ...], tuple[int, ...]]


def word_as_instance(word: tuple[int, ...]) -> Instance:
    """Return u and v of the reduction: the word and one identity letter."""
    return word, (0,)


def formulas_become_instances(
    variables: int, connectives: int, wrong: Callable[[Program], Program] | None = None
) -> Outcome:
    """Check that the instance of a formula over A_5 is a member for g = 1 iff the formula is false, all inputs."""
    group, cases = alternating(5), 0
    leaves = tuple(range(variables))
    for number in range(connectives + 1):
        for formula in formulas(leaves, number):
            program = program_of(group, formula, 1)
            program = wrong(program) if wrong else program
            for bits in assignments(variables):
                cases += 1
                u, v = word_as_instance(word_of(program, bits))
                member = direct_test(group.table, (0, 0), group.value(u), splits_of(group.table, v), group.order)
                if member != (not formula.value(bits)):
                    return differs(
                        "least number of connectives, then formula, then input",
                        (f"{formula} at {bits}: word {spelled(u)}, then 0 for ever",),
                        got=int(member),
                        right=1 - formula.value(bits),
                        cases=cases,
                        formula=str(formula),
                        bits=str(bits),
                    )
    expected = 2**variables * sum(number_of_formulas(variables, c) for c in range(connectives + 1))
    return counted(cases, expected, f"A_5; formulas with at most {connectives} connectives over {variables} variables")


SMALL = tuple(g for g in small_groups() if g.order <= 4)
MIDDLE = (*small_groups(), alternating(4))


def large() -> tuple[Group, ...]:
    """Return the groups of the full tier."""
    return symmetric(4), alternating(5)


STATEMENTS = (
    Statement(
        label="lem:membership-hard@equivalence",
        title="Fixed membership over a group is its word problem",
        mark="D",
        suspects=("S29",),
        tex=(
            r"$G$ a finite group, $A=G$, $h$ evaluation, $P=\{(g,1)\}$: $uv^\omega\in[P]$ iff prefix value $g$ "
            "occurs infinitely often; for $v=1$ iff $h(u)=g$"
        ),
        steps=(
            Step(
                id="pair-is-linked",
                says="$g\\cdot1=g$ and $1\\cdot1=1$.",
                formal="for all finite groups and all g: g 1 = g, 1 1 = 1",
                check=lambda: linked(small_groups()),
                mutants=(Mutant("another element for 1", lambda: linked(small_groups(), unit=1)),),
                further=(LINKED_FURTHER,),
            ),
            Step(
                id="cuts-are-positions",
                says=(
                    "A block $b$ behind a prefix of value $q$ leads to $qb$, and $b=q^{-1}(qb)$: from $g$ a block "
                    "of value 1 leads to $g$, and between two positions of value $g$ the block has the value 1."
                ),
                formal="in every group: q^-1 q b = b, g^-1 g = 1",
                check=lambda: free_identities("q^-1 q b = b", "g^-1 g = 1"),
                mutants=(Mutant("inverse on the other side", lambda: free_identities("q b q^-1 = b")),),
            ),
            Step(
                id="member-iff-value-recurs",
                says="So the word is a member iff prefix value $g$ occurs infinitely often.",
                formal="for all finite groups, all g, all omega-words: member iff prefix value g recurs for ever",
                check=lambda: criterion_holds(SMALL, occurs_for_ever, "groups of order at most 4, all g"),
                mutants=(Mutant("u alone has the value g", lambda: criterion_holds(SMALL, occurs_at_all, "the same")),),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: criterion_holds(small_groups()[5:8], occurs_for_ever, "Z_5, Z_6, S_3, all g"),
                        mutants=(
                            Mutant(
                                "u alone has the value g",
                                lambda: criterion_holds(small_groups()[5:8], occurs_at_all, "the same"),
                            ),
                        ),
                    ),
                    RECURS_FURTHER,
                ),
            ),
            Step(
                id="identity-letter-keeps-the-value",
                says="With $v=1$ the prefix value stays $h(u)$ from the end of $u$ on.",
                formal="for all finite groups, all g, all words u of any length, v = 1: member iff h(u) = g",
                check=lambda: identity_letter(MIDDLE, "A_4 and groups of order at most 8, all g"),
                mutants=(Mutant("another letter repeated", lambda: identity_letter(MIDDLE, "the same", repeated=1)),),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: identity_letter(large(), "S_4 and A_5, all g"),
                        mutants=(
                            Mutant("another letter repeated", lambda: identity_letter(large(), "the same", repeated=1)),
                        ),
                    ),
                    IDENTITY_FURTHER,
                ),
            ),
        ),
    ),
    Statement(
        label="lem:membership-hard",
        title="Fixed membership is NC1-hard over a non-solvable group",
        mark="D",
        suspects=("S29",),
        tex=r"for non-solvable $G$ and $P=\{(1,1)\}$ fixed membership is $NC^1$-hard under projections",
        uses=("lem:membership-hard@equivalence", "lem:membership-direct-test", "fact:barrington"),
        steps=(
            Step(
                id="formulas-become-instances",
                says=(
                    "The program of a formula, its word for an input as $u$ and one identity letter as $v$: a "
                    "member iff the formula is false. Each letter depends on one bit of the input: a projection."
                ),
                formal=(
                    "for all finite groups with no trivial derived subgroup, P = {(1, 1)}, formulas of depth d: a "
                    "word u of 1 to (4 |G|)^d letters, each given by one variable; u 1 1 1 ... is a member iff the "
                    "formula is false"
                ),
                check=lambda: formulas_become_instances(2, 2),
                mutants=(
                    Mutant("last instruction left out", lambda: formulas_become_instances(2, 2, lambda p: p[:-1])),
                    Mutant("instructions reversed", lambda: formulas_become_instances(2, 2, lambda p: p[::-1])),
                ),
                further=(IN_OMEGA_FURTHER,),
            ),
        ),
    ),
)
