"""Certificates of kind R for words over finite tables and for programs of formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from precise.claims import Certificate, Evidence, Kind, Scope
from precise.claims.jsontype import Json
from proofs._barrington import Program, assignments, program_of, word_of
from proofs._formulas import Formula
from proofs._groups import Group
from proofs._words_evidence import PRODUCER, Outcome, differs

WORDS = {"¬": "not", "∧": "and", "∨": "or"}


def tree(formula: Formula) -> Json:
    """Return a formula over variables as nested lists."""
    if isinstance(formula.mark, int):
        return formula.mark
    return [WORDS[formula.mark], *(tree(part) for part in formula.parts)]


def certified_programs(
    group: Group, formulas: Sequence[Formula], variables: int, target: int, left_out: int = 0
) -> Outcome:
    """Return certificates that formulas are words over permutations; `left_out` drops instructions at the end."""
    certificates = []
    for formula in formulas:
        program: Program = program_of(group, formula, target)
        program = program[: len(program) - left_out]
        for bits in assignments(variables):
            got, right = group.value(word_of(program, bits)), target if formula.value(bits) else 0
            if got != right:
                return differs(
                    "the order of the formulas, then input",
                    (f"{formula} at {bits}: product {group.permutations[got]}",),
                    got=got,
                    right=right,
                    formula=str(formula),
                    bits=str(bits),
                )
        certificates.append(certificate(group, formula, variables, target, program))
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=Scope.without_p(f"{group.name}; the {len(certificates)} formulas of the certificates"),
        cases=len(certificates),
        producer=PRODUCER,
        certificates=tuple(certificates),
    )


def certificate(group: Group, formula: Formula, variables: int, target: int, program: Program) -> Certificate:
    """Return the certificate of one program, letters as permutations."""
    listed: list[Json] = [[i, list(group.permutations[a]), list(group.permutations[b])] for i, a, b in program]
    return Certificate(
        {
            "kind": "program",
            "claim": f"{formula} as a word over {group.name}",
            "degree": len(group.permutations[0]),
            "variables": variables,
            "formula": tree(formula),
            "instructions": listed,
            "accept": list(group.permutations[target]),
            "depth": formula.depth,
        }
    )


def certified_words(group: Group, words: Iterable[tuple[Sequence[int], int]], claim: str) -> Outcome:
    """Return the certificate that words over a group have the stated values, or the first word that has not."""
    listed: list[Json] = []
    for word, value in words:
        if group.value(word) != value:
            return differs(
                "the order of the words",
                (f"{group.name}: the word {' '.join(map(str, word))} has the value {group.value(word)}",),
                got=group.value(word),
                right=value,
                word=" ".join(map(str, word)),
            )
        listed.append({"word": list(word), "value": value})
    made = Certificate(
        {
            "kind": "words",
            "claim": claim,
            "laws": "group",
            "table": [list(row) for row in group.table],
            "identity": 0,
            "words": listed,
        }
    )
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=Scope.without_p(group.name),
        cases=len(listed),
        producer=PRODUCER,
        certificates=(made,),
    )
