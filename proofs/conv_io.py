"""Input and output of a model: words as matrices of floats, one entry's sign as the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from precise import paper_float, rounded
from precise.claims import Control, Mutant, Statement, Step
from precise.nn import attention, causal_mask
from proofs._all_words import Word, number_of_words, spelled, words
from proofs._kernel_encodings import SURVIVE
from proofs._kernel_hardness import POSITIVE
from proofs._oracle import floats, fractions_of
from proofs._words_evidence import Outcome, counted, differs

PRECISION, LETTERS, LONGEST = 2, 2, 6
PRECISIONS = (1, 2, 3, 4)


def encoded(word: Word, width: int, positions: bool = True) -> list[list[int]]:
    """Return one row a letter: its unit vector, then the digits of its position from 1, lowest first."""
    return [
        [int(a == k) for k in range(LETTERS)] + [(i >> b & 1) * positions for b in range(width)]
        for i, a in enumerate(word, 1)
    ]


def decoded(rows: Sequence[Sequence[int]]) -> Word:
    """Return the word of a set of rows in any order: for each position the letter of its row, 0 if there is none."""
    found = {sum(bit << b for b, bit in enumerate(row[LETTERS:])): tuple(row[:LETTERS]).index(1) for row in rows}
    return tuple(found.get(i, 0) for i in range(1, len(rows) + 1))


def words_survive(positions: bool = True, width: int = LONGEST.bit_length()) -> Outcome:
    """Check that each short word is read back from its matrix in F_2 with the rows reversed."""
    cases, xp = 0, rounded(paper_float(PRECISION))
    for word in words(LETTERS, LONGEST, 1):
        cases += 1
        rows = encoded(word, width, positions)
        stored = fractions_of(xp.asarray(rows))[::-1]
        got = decoded([[int(x) for x in row] for row in stored])
        if got != word:
            return differs(
                "least word, by length first",
                (f"word {spelled(word)}, read back as {spelled(got)}",),
                got=spelled(got),
                right=spelled(word),
                cases=cases,
            )
    return counted(
        cases, number_of_words(LETTERS, LONGEST, 1), f"two letters, at most {LONGEST} letters, F_{PRECISION}"
    )


def by_sign(significand: int, p: int) -> int:
    """Return the answer from the bits of the significand: not negative, and some bit is 1."""
    magnitude = [abs(significand) >> k & 1 for k in range(p)]
    return int(significand >= 0) & int(any(magnitude))


def by_top_bit(significand: int, p: int) -> int:
    """Return the answer from the highest bit alone, the sign forgotten."""
    return abs(significand) >> (p - 1) & 1


def by_all_bits(significand: int, p: int) -> int:
    """Return the answer that asks for all bits of the significand."""
    return int(significand >= 0) & int(all(abs(significand) >> k & 1 for k in range(p)))


def sign_test_is_a_gate(rule: Callable[[int, int], int] = by_sign) -> Outcome:
    """Check for all floats that sign and an OR of the significand's bits tell whether the entry is positive."""
    cases = 0
    for p in PRECISIONS:
        for value, significand in floats(p):
            cases += 1
            got, right = rule(significand if value >= 0 else -significand, p), int(value > 0)
            if got != right:
                return differs(
                    "least p, then value", (f"p = {p}, value {value}",), got=got, right=right, cases=cases, p=p
                )
    expected = sum(2 * 2 ** (p - 1) * 2 ** (p + 1) + 1 for p in PRECISIONS)
    return counted(cases, expected, "all floats with p <= 4")


def answers(word: Word, read: str, masked: bool) -> bool:
    """Return the answer of one layer that averages the letters 0 and 1 as the numbers 1 and -1, minus a quarter."""
    xp: Any = rounded(paper_float(PRECISION))
    values = xp.asarray([[1 - 2 * a] for a in word])
    zero = xp.asarray([[0] for _ in word])
    mask = causal_mask(values, len(word)) if masked else None
    rows = fractions_of(attention(zero, zero, values, mask=mask))
    return bool(4 * rows[-1 if read == "last" else 0, 0] > 1)


Reading = tuple[str, bool]
"""Which row is read, and whether a causal mask hides later letters."""


def readings_agree(one: Reading, other: Reading, longest: int = 3) -> Outcome:
    """Search for a word that the same weights accept in one reading and reject in the other."""
    cases = 0
    for word in words(LETTERS, longest, 1):
        cases += 1
        got, right = answers(word, *one), answers(word, *other)
        if got != right:
            return differs(
                "least word, by length first",
                (
                    f"word {spelled(word)} as values {' '.join(str(1 - 2 * a) for a in word)}; accept if the read "
                    "row > 1/4",
                    f"{named(one)}: {'accepted' if got else 'rejected'}; {named(other)}: "
                    f"{'accepted' if right else 'rejected'}",
                ),
                got=int(got),
                right=int(right),
                cases=cases,
                word=spelled(word),
            )
    return counted(cases, number_of_words(LETTERS, longest, 1), f"two letters, at most {longest} letters")


def named(reading: Reading) -> str:
    """Return a reading in words."""
    return f"{reading[0]} row, {'with' if reading[1] else 'without'} a causal mask"


STATEMENTS = (
    Statement(
        label="conv:io@unsaid",
        title="Input and output left unsaid",
        mark="D",
        suspects=("S33",),
        tex="the language of a transformer does not depend on which row is read or on a mask, so neither need be said",
        steps=(
            Step(
                id="any-row-will-do",
                says="The first and the last row give the same answer.",
                formal="for all words over two letters, a causal layer that averages: row 1 > 1/4 iff row n > 1/4",
                expects="refuted",
                check=lambda: readings_agree(("first", True), ("last", True)),
                mutants=(
                    Control("no mask, so all rows are one", lambda: readings_agree(("first", False), ("last", False))),
                ),
            ),
            Step(
                id="a-mask-changes-nothing",
                says="With and without a causal mask the answer is the same.",
                formal="for all words over two letters, a layer that averages, row 1: masked > 1/4 iff unmasked > 1/4",
                expects="refuted",
                check=lambda: readings_agree(("first", True), ("first", False)),
                mutants=(Control("the last row", lambda: readings_agree(("last", True), ("last", False))),),
            ),
        ),
    ),
    Statement(
        label="conv:io",
        title="Input and output of a model",
        mark="D",
        repairs="conv:io@unsaid",
        suspects=("S33",),
        tex=(
            r"a word $w\in\Sigma^n$ becomes $X\in\mathbb F_p^{n\times d}$ by an embedding table and position "
            "vectors; the answer is a fixed $TC^0$ test of one named output row; masks and heads are part of the "
            "model"
        ),
        steps=(
            Step(
                id="words-survive",
                says=(
                    "With unit vectors for letters and binary digits for positions the word can be read back from $X$."
                ),
                formal=(
                    "for all alphabets, all words shorter than 2^width, the rows of 0 and 1 in any order: read back = "
                    "word"
                ),
                check=words_survive,
                mutants=(Mutant("no position vectors", lambda: words_survive(positions=False)),),
                further=(
                    SURVIVE.further(
                        SURVIVE.mutant("any width", "length w < 2 ^ width -> ", "", lambda: words_survive(width=0))
                    ),
                ),
            ),
            Step(
                id="test-is-a-gate",
                says="Whether an entry is positive is an AND of its sign and an OR of its significand.",
                formal="for all p, all floats: not negative and some bit of the significand is 1 iff value > 0",
                check=sign_test_is_a_gate,
                mutants=(Mutant("the sign forgotten", lambda: sign_test_is_a_gate(by_top_bit)),),
                further=(
                    POSITIVE.further(
                        POSITIVE.mutant("all bits", "existsb", "forallb", lambda: sign_test_is_a_gate(by_all_bits))
                    ),
                ),
            ),
        ),
    ),
)
