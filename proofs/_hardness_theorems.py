"""What the two hardness theorems share: closure under projections, the chain of implications, and easy problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from precise.claims import Control, Mutant, Scope, Step, decide_identity
from proofs._kernel_hardness import NO_FAMILY
from proofs._words_evidence import Outcome, counted, differs, each_alone

Row = dict[str, int]
Premise = Callable[[Row], bool]

ATOMS = ("decides", "member", "hard", "included", "equal")
"""A family decides the problem; the problem is in TC0; it is NC1-hard; NC1 is inside TC0; TC0 = NC1."""
PREMISES: dict[str, Premise] = {
    "what a family decides is in TC0": lambda r: not r["decides"] or bool(r["member"]),
    "a hard problem in TC0 puts NC1 inside TC0": lambda r: not (r["member"] and r["hard"]) or bool(r["included"]),
    "TC0 is inside NC1": lambda r: not r["included"] or bool(r["equal"]),
    "the problem is hard": lambda r: bool(r["hard"]),
    "TC0 is not NC1": lambda r: not r["equal"],
}


def no_family_decides(*left_out: str, instead: Sequence[Premise] = ()) -> Outcome:
    """Check on all truth values that the premises imply that no family decides the problem."""
    premises = [p for name, p in PREMISES.items() if name not in left_out] + list(instead)
    cases = 0
    for values in product((0, 1), repeat=len(ATOMS)):
        cases += 1
        row = dict(zip(ATOMS, values, strict=True))
        if all(premise(row) for premise in premises) and row["decides"]:
            named = ", ".join(f"{name} = {value}" for name, value in row.items())
            return differs(
                "least row of truth values",
                (f"all premises hold and a family decides the problem: {named}",),
                got=row["decides"],
                right=0,
                cases=cases,
                **{k: v for k, v in row.items() if k != "decides"},
            )
    return counted(cases, 2 ** len(ATOMS), "", note="; ".join(PREMISES))


LITERALS: dict[str, Callable[[tuple[int, int]], int]] = {
    "0": lambda x: 0,
    "1": lambda x: 1,
    "x0": lambda x: x[0],
    "not x0": lambda x: 1 - x[0],
    "x1": lambda x: x[1],
    "not x1": lambda x: 1 - x[1],
}
INPUTS = 3


def projected_gates_are_gates(lower: bool = True) -> Outcome:
    """Check that a threshold gate on projected inputs is one on literals, its threshold lowered by the ones."""
    cases = 0
    for threshold in range(INPUTS + 2):
        for names in product(LITERALS, repeat=INPUTS):
            ones = names.count("1") if lower else 0
            literals = [LITERALS[name] for name in names if name not in "01"]
            for x in product((0, 1), repeat=2):
                cases += 1
                right = int(sum(LITERALS[name]((x[0], x[1])) for name in names) >= threshold)
                got = int(sum(f((x[0], x[1])) for f in literals) >= threshold - ones)
                if got != right:
                    return differs(
                        "least threshold, then projection, then input",
                        (f"at least {threshold} of {', '.join(names)} at {x}",),
                        got=got,
                        right=right,
                        cases=cases,
                        projection=", ".join(names),
                    )
    expected = (INPUTS + 2) * len(LITERALS) ** INPUTS * 4
    return counted(cases, expected, f"threshold gates on {INPUTS} inputs, projections to 2 variables")


def one_bit_languages(languages: Sequence[tuple[int, ...]]) -> Outcome:
    """Search for a language of one-bit words to which {1} does not project; each is decided by one gate or constant."""
    for cases, language in enumerate(languages, 1):
        maps: tuple[Callable[[int], int], ...] = (lambda x: 0, lambda x: 1, lambda x: x, lambda x: 1 - x)
        right = sum(all((f(x) in language) == (x == 1) for x in (0, 1)) for f in maps)
        if not right:
            return differs(
                "least language",
                (
                    f"L = {set(language) or 'the empty language'} is decided by a constant, so it is in NC1",
                    f"{len(maps)} projections of one bit; {right} of them map the word 1 inside and 0 outside",
                ),
                got=right,
                right=1,
                cases=cases,
                members=len(language),
            )
    return counted(len(languages), len(languages), "languages of one-bit words that are listed")


def theorem_steps() -> tuple[Step, ...]:
    """Return the steps that the repaired theorems share."""
    return (
        Step(
            id="closed-under-projections",
            says=(
                "$TC^0$ is closed under projections: a gate whose inputs are literals and constants is a gate of "
                "literals, so size does not grow and depth by one negation."
            ),
            formal="for all thresholds k, s literals and o constants that are 1: (s + o) - k = s - (k - o)",
            check=lambda: each_alone(
                decide_identity("(s + o) - k == s - (k - o)", scope=Scope.without_p()), projected_gates_are_gates()
            ),
            mutants=(
                Mutant("ones are dropped", lambda: projected_gates_are_gates(lower=False)),
                Mutant("ones raise it", lambda: decide_identity("(s + o) - k == s - (k + o)", scope=Scope.without_p())),
            ),
        ),
        Step(
            id="no-family-decides-it",
            says=(
                "In propositional form: a family that decides the problem puts it into $TC^0$; as it is hard, "
                "$NC^1$ is inside $TC^0$, against the hypothesis. Membership in $NC^1$ is not used."
            ),
            formal="for all truth values: premises imply not decides",
            check=no_family_decides,
            mutants=(
                Mutant("hardness left out", lambda: no_family_decides("the problem is hard")),
                Mutant("TC0 = NC1 not excluded", lambda: no_family_decides("TC0 is not NC1")),
                Mutant("membership theorems left out", lambda: no_family_decides("what a family decides is in TC0")),
            ),
            further=(
                NO_FAMILY.further(
                    NO_FAMILY.mutant(
                        "hardness left out",
                        "-> hard -> ~ equal",
                        "-> ~ equal",
                        lambda: no_family_decides("the problem is hard"),
                    )
                ),
            ),
        ),
    )


def printed_steps() -> tuple[Step, ...]:
    """Return the refuted steps that the printed theorems share."""
    return (
        Step(
            id="membership-makes-hard",
            says="A problem in $NC^1$ is $NC^1$-hard, so membership is enough.",
            formal="for all languages L in NC1: every language in NC1 projects to L",
            expects="refuted",
            check=lambda: one_bit_languages(((), (0,), (1,), (0, 1))),
            mutants=(Control("languages with a word in and a word out", lambda: one_bit_languages(((0,), (1,)))),),
        ),
        Step(
            id="equal-instead-of-different",
            says="In propositional form: assume $TC^0=NC^1$; then no family decides the problem.",
            formal="for all truth values: the premises with TC0 = NC1 for TC0 != NC1 imply not decides",
            expects="refuted",
            check=lambda: no_family_decides("TC0 is not NC1", instead=(lambda r: bool(r["equal"]),)),
            mutants=(Control("TC0 is not NC1", no_family_decides),),
        ),
    )
