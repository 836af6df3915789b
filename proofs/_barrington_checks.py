"""Barrington's reduction, executed: gadgets, lengths, and all small formulas as words over non-solvable groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from precise.claims import Scope, decide_inequality
from proofs._barrington import Program, assignments, commutators, program_of, word_of
from proofs._formulas import Formula, formulas, number_of_formulas
from proofs._groups import Group, alternating, non_solvable_groups, special_linear, symmetric
from proofs._word_certificates import certified_programs
from proofs._words_evidence import Outcome, all_of, counted, differs

Wrong = Callable[[Program], Program]
ORDER = "least number of connectives, then formula, then input"


@cache
def five_cycles() -> tuple[int, ...]:
    """Return the 5-cycles among the elements of A_5."""
    group = alternating(5)
    return tuple(a for a in range(60) if order_of(group, a) == 5)


def order_of(group: Group, a: int) -> int:
    """Return the least k >= 1 with a^k = 1."""
    power, k = a, 1
    while power:
        power, k = group.table[power][a], k + 1
    return k


def cycles_are_commutators(own_powers: bool = False) -> Outcome:
    """Check that each 5-cycle c is a commutator of two 5-cycles; with `own_powers` only powers of c are tried."""
    group, cases = alternating(5), 0
    for c in five_cycles():
        cases += 1
        tried = [a for a in five_cycles() if not own_powers or a in group.generated((c,))]
        if not any(group.commutator(a, b) == c for a in tried for b in tried):
            return differs(
                "the order of the elements",
                (f"{group.permutations[c]} is no commutator of {len(tried)} 5-cycles",),
                got=0,
                right=1,
                cycle=str(group.permutations[c]),
            )
    return counted(cases, 24, "all 5-cycles of A_5")


def gadgets(groups: Sequence[Group], swapped: bool = False) -> Outcome:
    """Check AND and NOT for every target in the perfect core but 1 and all truth values of the parts.

    With `swapped` the second half of the commutator is not inverted.
    """
    cases = 0
    for group in groups:
        for target, factors in commutators(group).items():
            for f, g in ((0, 0), (0, 1), (1, 0), (1, 1)):
                cases += 1
                word = [x for a, b in factors for x in half(group, a if f else 0, b if g else 0, swapped)]
                if group.value(word) != (target if f and g else 0):
                    return gadget_failure(group, target, f"{f} AND {g}", group.value(word), target if f and g else 0)
            for f in (0, 1):
                cases += 1
                inverse = group.inverses[target]
                if group.value((inverse if f else 0, target)) != (0 if f else target):
                    return gadget_failure(group, target, f"NOT {f}", 1, 0)
    return counted(cases, 6 * sum(len(g.perfect_core) - 1 for g in groups), "all targets of the groups of order <= 120")


def half(group: Group, a: int, b: int, swapped: bool) -> tuple[int, ...]:
    """Return the four letters of one commutator."""
    return (a, b, a, b) if swapped else (a, b, group.inverses[a], group.inverses[b])


def gadget_failure(group: Group, target: int, what: str, got: int, right: int) -> Outcome:
    """Return the counterexample of one gadget."""
    return differs(
        "least group of the list, then target, then truth values",
        (f"{group.name}, target {group.permutations[target]}: {what} has the value {group.permutations[got]}",),
        got=got,
        right=right,
        group=group.name,
        target=target,
    )


def lengths(factor: str) -> Outcome:
    """Certify 2 (l1 + l2) <= 4 max(l1, l2), with l1 = m - a, l2 = m - b."""
    scope = Scope.without_p()
    claim = f"2*((m - a) + (m - b)) <= {factor}*m"
    return decide_inequality(claim, {"m": 1, "a": 0, "b": 0}, scope=scope, sharpness="sharp: a = b = 0")


def all_formulas(
    group: Group, variables: int, connectives: int, wrong: Wrong | None = None, target: int | None = None
) -> Outcome:
    """Turn all formulas into words over a group, for all inputs; the product is the target iff the formula is true.

    The target is the first element of the perfect core but 1, if none is given.
    """
    target, cases = min(commutators(group)) if target is None else target, 0
    for number in range(connectives + 1):
        for formula in formulas(tuple(range(variables)), number):
            program = program_of(group, formula, target)
            program = wrong(program) if wrong else program
            if len(program) > 4**formula.depth:
                return too_long(formula, program)
            for bits in assignments(variables):
                cases += 1
                got, right = group.value(word_of(program, bits)), target if formula.value(bits) else 0
                if got != right:
                    return differs(
                        ORDER,
                        (f"{formula} at {bits} over {group.name}: product {got}, due {right}; target {target}",),
                        got=got,
                        right=right,
                        cases=cases,
                        formula=str(formula),
                        bits=str(bits),
                    )
    expected = 2**variables * sum(number_of_formulas(variables, c) for c in range(connectives + 1))
    return counted(
        cases, expected, f"{group.name}; formulas with at most {connectives} connectives over {variables} variables"
    )


def too_long(formula: Formula, program: Program) -> Outcome:
    """Return the counterexample of a program longer than 4^depth."""
    return differs(
        ORDER,
        (f"{formula}: {len(program)} instructions, 4^{formula.depth} = {4**formula.depth}",),
        got=len(program),
        right=4**formula.depth,
        formula=str(formula),
    )


def certified(left_out: int = 0) -> Outcome:
    """Return certificates of all formulas with at most one connective over 2 variables, as words over A_5."""
    chosen = [f for c in (0, 1) for f in formulas((0, 1), c)]
    return certified_programs(alternating(5), chosen, 2, min(commutators(alternating(5))), left_out)


def every_group(variables: int, connectives: int, wrong: Wrong | None = None) -> Outcome:
    """Run all formulas over all non-solvable groups of order at most 120."""
    return all_of(all_formulas(group, variables, connectives, wrong) for group in non_solvable_groups())


def every_five_cycle(connectives: int, wrong: Wrong | None = None) -> Outcome:
    """Run all formulas over S_5 for every 5-cycle as target, with two variables."""
    group = symmetric(5)
    targets = [a for a in range(group.order) if order_of(group, a) == 5]
    return all_of(all_formulas(group, 2, connectives, wrong, target) for target in targets)


def three_variables(wrong: Wrong | None = None) -> Outcome:
    """Run all formulas with at most two connectives over three variables, over A_5 and over SL(2,5)."""
    return all_of(all_formulas(group, 3, 2, wrong) for group in (alternating(5), special_linear()))


def reversed_program(program: Program) -> Program:
    """Return the instructions in the opposite order."""
    return program[::-1]


def last_dropped(program: Program) -> Program:
    """Return the program without its last instruction."""
    return program[:-1]
