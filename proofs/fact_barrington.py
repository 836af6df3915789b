"""Barrington's theorem: the reduction from formulas is executed and proved, its uniformity is cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from precise.claims import Further, Mutant, Scope, Statement, Step, Tier, cited, decide_inequality
from proofs._barrington import Program, assignments, commutators, program_of, word_of
from proofs._formulas import Formula, formulas, number_of_formulas
from proofs._free_words import free_identities
from proofs._groups import Group, alternating, non_solvable_groups, special_linear
from proofs._kernel_barrington import FIVE_FURTHER, STEPS
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


def all_formulas(group: Group, variables: int, connectives: int, wrong: Wrong | None = None) -> Outcome:
    """Turn all formulas into words over a group, for all inputs; the product is the target iff the formula is true."""
    target, cases = min(commutators(group)), 0
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


def reversed_program(program: Program) -> Program:
    """Return the instructions in the opposite order."""
    return program[::-1]


def last_dropped(program: Program) -> Program:
    """Return the program without its last instruction."""
    return program[:-1]


UNIFORM = cited(
    id="uniformity-and-membership",
    says=(
        "A language in uniform $NC^1$ has formulas of logarithmic depth, so words of polynomial length, and the map "
        "is uniform; conversely the word problem of any finite group is in $NC^1$."
    ),
    formal="the word problem of a non-solvable group is complete for DLOGTIME-uniform NC1 under uniform projections",
    source=(
        "Barrington, JCSS 38 (1989) 150-164 (word problems of fixed groups, uniform in alternating logarithmic "
        "time); Barrington, Immerman and Straubing, JCSS 41 (1990) 274-306 (DLOGTIME-uniform version)"
    ),
)

STATEMENTS = (
    Statement(
        label="fact:barrington@reduction",
        title="Formulas as words over a non-solvable group",
        mark="M, D",
        suspects=("S29",),
        tex=(
            r"$G$ non-solvable, $c\ne1$ in its perfect core: a formula of depth $d$ in AND and OR has a word over "
            "$G$, each letter given by one variable, with product $c$ where it is true and $1$ where not; length "
            "at most $4^d$ where $c$ and all targets are single commutators"
        ),
        steps=(
            Step(
                id="five-cycles-are-commutators",
                says="Each 5-cycle is a commutator of two 5-cycles, so targets can stay among the 5-cycles.",
                formal="for all 24 5-cycles c of A_5 there are 5-cycles a, b: c = a b a^-1 b^-1",
                check=cycles_are_commutators,
                mutants=(Mutant("both powers of c", lambda: cycles_are_commutators(own_powers=True)),),
                further=(FIVE_FURTHER,),
            ),
            Step(
                id="parts-that-are-false-vanish",
                says="If one part of a conjunction has the product 1, the commutator cancels; NOT is one factor more.",
                formal="in every group: a a^-1 = 1, b b^-1 = 1, c^-1 c = 1",
                check=lambda: free_identities("a a^-1 = 1", "b b^-1 = 1", "c^-1 c = 1"),
                mutants=(Mutant("a b a^-1 b^-1 = 1", lambda: free_identities("a b a^-1 b^-1 = 1")),),
            ),
            Step(
                id="length-at-most-four-to-the-depth",
                says="A conjunction has twice the letters of both parts, at most four times the longer.",
                formal="for all m >= 1, a, b >= 0: 2 ((m - a) + (m - b)) <= 4 m",
                check=lambda: lengths("4"),
                mutants=(Mutant("999/1000 of 4", lambda: lengths("999/1000*4")),),
            ),
            *STEPS,
        ),
    ),
    Statement(
        label="fact:barrington@executed",
        title="Formulas as words, executed",
        mark="D",
        tex=r"the words that the reduction makes have the right product for every input",
        uses=("fact:barrington@reduction",),
        steps=(
            Step(
                id="gadgets-for-every-target",
                says=(
                    "AND and NOT give the right product for every target and all truth values; by induction on the "
                    "formula so does every formula."
                ),
                formal=(
                    "for all non-solvable groups of order <= 120, targets c != 1 of the core, truth values: c iff true"
                ),
                check=lambda: gadgets(non_solvable_groups()),
                mutants=(Mutant("a b a b", lambda: gadgets(non_solvable_groups(), swapped=True)),),
            ),
            Step(
                id="certified-words",
                says="The words of the formulas with at most one connective are stored, for a stranger to multiply.",
                formal=(
                    "A_5, <= 1 connective, 2 variables: product of the stored word = target iff true, for all inputs"
                ),
                check=certified,
                mutants=(Mutant("last instruction left out", lambda: certified(left_out=1)),),
            ),
            Step(
                id="all-small-formulas",
                says="All formulas with up to 3 connectives over 2 variables, as words over $A_5$, for all inputs.",
                formal="A_5, <= 3 connectives, 2 variables, all inputs: product = target iff true, length <= 4^depth",
                check=lambda: all_formulas(alternating(5), 2, 3),
                mutants=(
                    Mutant("instructions reversed", lambda: all_formulas(alternating(5), 2, 3, reversed_program)),
                    Mutant("last instruction left out", lambda: all_formulas(alternating(5), 2, 3, last_dropped)),
                    Mutant("twice as long", lambda: all_formulas(alternating(5), 2, 3, lambda p: p + p)),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: all_formulas(alternating(5), 2, 4),
                        mutants=(
                            Mutant(
                                "instructions reversed", lambda: all_formulas(alternating(5), 2, 4, reversed_program)
                            ),
                        ),
                    ),
                ),
            ),
            Step(
                id="all-small-groups",
                says="The same over $S_5$, $SL(2,5)$ and $A_5\\times Z_2$, all non-solvable groups of order up to 120.",
                formal=(
                    "4 groups, <= 2 connectives, 2 variables, all inputs: product = target iff true, length <= 4^depth"
                ),
                check=lambda: every_group(2, 2),
                mutants=(Mutant("instructions reversed", lambda: every_group(2, 2, reversed_program)),),
            ),
            Step(
                id="three-variables",
                says="All formulas with up to 2 connectives over 3 variables, as words over $A_5$ and over $SL(2,5)$.",
                formal="A_5 and SL(2,5), <= 2 connectives, 3 variables, all inputs: product = target iff true",
                check=lambda: all_of((all_formulas(alternating(5), 3, 2), all_formulas(special_linear(), 3, 2))),
                mutants=(
                    Mutant("instructions reversed", lambda: all_formulas(alternating(5), 3, 2, reversed_program)),
                ),
            ),
        ),
    ),
    Statement(
        label="fact:barrington",
        title="Word problems of non-solvable groups are NC1-complete",
        mark="R, M",
        suspects=("S29",),
        tex=(
            r"for every finite non-solvable group the word problem, whether $g_1\cdots g_k=1$, is complete for "
            "$NC^1$ under projections"
        ),
        uses=("fact:barrington@reduction",),
        steps=(UNIFORM,),
    ),
)
