"""Boolean formulas in two notations: which words are formulas, and that both notations have the same value."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from precise.claims import Mutant, Statement, Step
from proofs._formulas import (
    AND,
    LETTERS,
    NOT,
    OR,
    Formula,
    formulas,
    number_of_formulas,
    number_of_infix_words,
    parse_infix,
    value_of_postfix,
)
from proofs._kernel_encodings import TOLD_APART
from proofs._kernel_hardness import POSTFIX
from proofs._words_evidence import Outcome, counted, differs

LONGEST, CONNECTIVES = 5, 3
BITS: tuple[int | str, ...] = ("0", "1")
Parser = Callable[[str], Formula | None]


def generated(longest: int) -> set[str]:
    """Return all formulas of the grammar up to a length, by closing 0 and 1 under the three rules."""
    found = {"0", "1"}
    while True:
        more = {f"({NOT}{a})" for a in found} | {f"({a}{mark}{b})" for a in found for b in found for mark in (AND, OR)}
        fresh = {word for word in more if len(word) <= longest} - found
        if not fresh:
            return found
        found |= fresh


def without_parentheses(word: str) -> Formula | None:
    """Return the formula of a word, parentheses around a negation left out: another grammar."""
    return (
        Formula(NOT, (Formula(word[1]),))
        if len(word) == 2 and word[0] == NOT and word[1] in "01"
        else parse_infix(word)
    )


def words_are_told_apart(parser: Parser = parse_infix) -> Outcome:
    """Compare the parser with the grammar on all words of at most 5 letters, and count the formulas among them."""
    cases, right = 0, generated(LONGEST)
    for length in range(1, LONGEST + 1):
        for letters in product(LETTERS, repeat=length):
            cases += 1
            word = "".join(letters)
            found = parser(word)
            if (found is not None) != (word in right) or (found is not None and found.infix() != word):
                return differs(
                    "least length, then the order of the letters",
                    (f"{word}: {'read' if found else 'not read'}, {'in' if word in right else 'not in'} the grammar",),
                    got=int(found is not None),
                    right=int(word in right),
                    cases=cases,
                    word=word,
                )
    if len(right) != sum(number_of_infix_words(n) for n in range(1, LONGEST + 1)):
        return differs("length", ("the grammar gives another number of formulas",), got=len(right), right=0)
    expected = sum(len(LETTERS) ** n for n in range(1, LONGEST + 1))
    return counted(
        cases, expected, f"all words of at most {LONGEST} letters", note=f"{len(right)} of them are formulas"
    )


def notations_agree(negate: Callable[[int], int] = lambda a: 1 - a, denied: bool = False) -> Outcome:
    """Compare the value of the tree, or its negation, with that of the postfix word, for all formulas over 0 and 1."""
    cases = 0
    for number in range(CONNECTIVES + 1):
        for formula in formulas(BITS, number):
            cases += 1
            again = parse_infix(formula.infix())
            right = formula.value(()) ^ denied
            values = {right, value_of_postfix(formula.postfix(), negate)}
            if len(values) != 1 or again != formula:
                got = value_of_postfix(formula.postfix(), negate)
                return differs(
                    "least number of connectives, then the order of the formulas",
                    (f"infix {formula.infix()} is {right}, postfix {formula.postfix()} is {got}",),
                    got=-1 if got is None else got,
                    right=right,
                    cases=cases,
                    infix=formula.infix(),
                    postfix=formula.postfix(),
                )
    expected = sum(number_of_formulas(2, c) for c in range(CONNECTIVES + 1))
    return counted(cases, expected, f"all formulas with at most {CONNECTIVES} connectives")


STATEMENT = Statement(
    label="def:bool-formula",
    title="Boolean formulas",
    mark="R",
    tex=(
        r"0 and 1 are formulas, and with $\alpha$, $\beta$ also $(\neg\alpha)$, $(\alpha\wedge\beta)$, "
        r"$(\alpha\vee\beta)$"
    ),
    steps=(
        Step(
            id="words-are-told-apart",
            says="A word is a formula in at most one way, and the parser reads exactly the words of the grammar.",
            formal=(
                "for all words of the letters 0 1 and or not ( ): read as f iff f is written so, so as one f at most; "
                "read iff in the grammar"
            ),
            check=words_are_told_apart,
            mutants=(Mutant("negation without parentheses", lambda: words_are_told_apart(without_parentheses)),),
            further=(
                TOLD_APART.further(
                    TOLD_APART.mutant(
                        "read iff not in the grammar",
                        "read w <> None",
                        "read w = None",
                        lambda: words_are_told_apart(lambda word: None if parse_infix(word) else Formula("0")),
                    )
                ),
            ),
        ),
        Step(
            id="notations-agree",
            says="The infix and the postfix notation of a formula have the same value.",
            formal=(
                f"for all formulas over 0, 1 with <= {CONNECTIVES} connectives: value of the tree = value of the "
                "postfix"
            ),
            check=notations_agree,
            mutants=(Mutant("negation ignored in postfix", lambda: notations_agree(lambda a: a)),),
            further=(
                POSTFIX.further(
                    POSTFIX.mutant("the negation", "[truth f]", "[truth (Neg f)]", lambda: notations_agree(denied=True))
                ),
            ),
        ),
    ),
)
