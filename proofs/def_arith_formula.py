"""Arithmetic formulas over one fixed finite semiring, and Boolean formulas as such formulas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from precise.claims import Mutant, Statement, Step
from proofs._barrington import assignments
from proofs._formulas import AND, NOT, Formula, formulas, number_of_formulas
from proofs._kernel_hardness import ARITHMETIC
from proofs._semigroups import Table, associative
from proofs._words_evidence import Outcome, counted, differs

CONNECTIVES, VARIABLES = 3, 2


@dataclass(frozen=True)
class Semiring:
    """Elements 0..n-1 with two tables; `zero` and `one` are the neutral elements."""

    name: str
    plus: Table
    times: Table
    zero: int = 0
    one: int = 1

    def law_broken(self) -> str:
        """Return the name of the first law that fails, or nothing."""
        every = range(len(self.plus))
        p, t, z, e = self.plus, self.times, self.zero, self.one
        laws = {
            "sum associative": associative(p),
            "product associative": associative(t),
            "sum commutative": all(p[a][b] == p[b][a] for a in every for b in every),
            "0 neutral": all(p[z][a] == a for a in every),
            "1 neutral": all(t[e][a] == a == t[a][e] for a in every),
            "0 annihilates": all(t[z][a] == z == t[a][z] for a in every),
            "left distributive": all(t[a][p[b][c]] == p[t[a][b]][t[a][c]] for a, b, c in product(every, repeat=3)),
            "right distributive": all(t[p[a][b]][c] == p[t[a][c]][t[b][c]] for a, b, c in product(every, repeat=3)),
        }
        return next((name for name, holds in laws.items() if not holds), "")


def integers_mod(n: int) -> Semiring:
    """Return the ring of integers modulo n >= 2."""
    every = range(n)
    plus = tuple(tuple((a + b) % n for b in every) for a in every)
    return Semiring(f"Z_{n}", plus, tuple(tuple(a * b % n for b in every) for a in every))


BOOLEAN = Semiring("Booleans with or, and", ((0, 1), (1, 1)), ((0, 0), (0, 1)))
TRUNCATED = Semiring(
    "0, 1, 2 with min(a + b, 2), min(a b, 2)", ((0, 1, 2), (1, 2, 2), (2, 2, 2)), ((0, 0, 0), (0, 1, 2), (0, 2, 2))
)
SEMIRINGS = (BOOLEAN, integers_mod(2), integers_mod(3), TRUNCATED)


def laws_hold(semirings: tuple[Semiring, ...] = SEMIRINGS) -> Outcome:
    """Check all laws of a semiring."""
    for cases, semiring in enumerate(semirings, 1):
        if broken := semiring.law_broken():
            return differs("the list", (f"{semiring.name}: {broken} fails",), got=0, right=1, cases=cases, law=broken)
    return counted(len(semirings), len(SEMIRINGS), "four semirings with at most 3 elements")


def arithmetic_value(formula: Formula, bits: tuple[int, ...], ring: Semiring, joint: bool = True) -> int:
    """Return the value of the arithmetic formula of a Boolean one: 1 + x, x y, x + y + x y over a ring.

    Without `joint` the product is left out of a disjunction.
    """
    if isinstance(formula.mark, int):
        return bits[formula.mark]
    parts = [arithmetic_value(part, bits, ring, joint) for part in formula.parts]
    if formula.mark == NOT:
        return ring.plus[ring.one][parts[0]]
    both = ring.times[parts[0]][parts[1]]
    if formula.mark == AND:
        return both
    either = ring.plus[parts[0]][parts[1]]
    return ring.plus[either][both] if joint else either


def formulas_are_arithmetic(ring: Semiring, joint: bool = True, denied: bool = False) -> Outcome:
    """Compare Boolean formulas, or their negations, with their arithmetic formulas over the ring, for all inputs."""
    cases = 0
    for number in range(CONNECTIVES + 1):
        for formula in formulas(tuple(range(VARIABLES)), number):
            for bits in assignments(VARIABLES):
                cases += 1
                got, right = arithmetic_value(formula, bits, ring, joint), formula.value(bits) ^ denied
                if got != right:
                    return differs(
                        "least number of connectives, then formula, then input",
                        (f"{formula} at {bits}: arithmetic {got}, Boolean {right}",),
                        got=got,
                        right=right,
                        cases=cases,
                        formula=str(formula),
                        bits=str(bits),
                    )
    expected = 2**VARIABLES * sum(number_of_formulas(VARIABLES, c) for c in range(CONNECTIVES + 1))
    return counted(cases, expected, f"formulas with at most {CONNECTIVES} connectives over {VARIABLES} variables")


STATEMENT = Statement(
    label="def:arith-formula",
    title="Arithmetic formulas over one fixed finite semiring",
    mark="R, D",
    suspects=("S29",),
    tex=(
        r"formulas over $+$, $\times$, indeterminates and elements of a semiring $S$; $S$ is fixed and finite here, "
        "since over an arbitrary $S$ not even the length of a value is bounded"
    ),
    steps=(
        Step(
            id="laws-hold",
            says="The Booleans, $Z_2$, $Z_3$ and the numbers cut at 2 are semirings.",
            formal="for the four listed tables: all laws of a semiring",
            check=laws_hold,
            mutants=(
                Mutant(
                    "sum and product of the Booleans with 1 + 1 = 0 and 0 + 1 = 0",
                    lambda: laws_hold((Semiring("broken", ((0, 0), (0, 0)), ((0, 0), (0, 1))),)),
                ),
                Mutant(
                    "product max",
                    lambda: laws_hold((Semiring("broken", TRUNCATED.plus, ((0, 1, 2), (1, 1, 2), (2, 2, 2))),)),
                ),
            ),
        ),
        Step(
            id="boolean-formulas-are-arithmetic",
            says=(
                "Over $Z_2$ the formulas $1+x$, $xy$, $x+y+xy$ are NOT, AND, OR: one fixed ring of two elements "
                "suffices."
            ),
            formal=(
                f"for all formulas with <= {CONNECTIVES} connectives, {VARIABLES} variables, all inputs: equal over Z_2"
            ),
            check=lambda: formulas_are_arithmetic(integers_mod(2)),
            mutants=(
                Mutant("x + y for OR", lambda: formulas_are_arithmetic(integers_mod(2), joint=False)),
                Mutant("over Z_3", lambda: formulas_are_arithmetic(integers_mod(3))),
            ),
            further=(
                ARITHMETIC.further(
                    ARITHMETIC.mutant(
                        "the negation",
                        "= truth f",
                        "= truth (Neg f)",
                        lambda: formulas_are_arithmetic(integers_mod(2), denied=True),
                    )
                ),
            ),
        ),
    ),
)
