"""Recognition of a language by a family of circuits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from precise.circuits import Circuit, build, evaluate_bits
from precise.claims import Mutant, Statement, Step
from proofs._circuits import Instance, all_equal, all_words, negated
from proofs._float_evidence import Outcome

LONGEST = 10
ENCODED = 4


def recognises(family: Callable[[int], Circuit], contains: Callable[[str], bool]) -> Outcome:
    """Check `C_|w|(w) = 1 iff w in L` for all words up to a length."""

    def rows() -> Iterator[Instance]:
        for length in range(1, LONGEST + 1):
            words = all_words(length)
            for word, bit in zip(words.T.tolist(), evaluate_bits(family(length), words)[0].tolist(), strict=True):
                text = "".join(map(str, word))
                yield text, bit, int(contains(text))

    return all_equal(rows(), 2 ** (LONGEST + 1) - 2, f"words of 1 to {LONGEST} bits")


def odd(word: str) -> bool:
    """Return whether the number of ones is odd."""
    return word.count("1") % 2 == 1


def pairs_in_order(first: int = 0) -> Outcome:
    """Check the language of encoded pairs (x, y) of integers with x >= y; `first` moves the parting of the word."""

    def rows() -> Iterator[Instance]:
        for half in range(1, ENCODED + 1):
            words = all_words(2 * half)
            verdicts = evaluate_bits(build("integer_compare", half), words)[0].tolist()
            for word, bit in zip(words.T.tolist(), verdicts, strict=True):
                x, y = word[: half + first], word[half + first :]
                value = [sum(b << i for i, b in enumerate(part)) for part in (x, y)]
                yield "".join(map(str, word)), bit, int(value[0] >= value[1])

    return all_equal(rows(), sum(4**k for k in range(1, ENCODED + 1)), f"pairs of integers of 1 to {ENCODED} bits")


STATEMENTS = (
    Statement(
        label="def:recognition",
        title="Language recognised by a family of circuits",
        mark="R",
        tex=(
            r"$L\subseteq\{0,1\}^*$ is recognised by $(C_n)_n$ iff $C_{|x|}(x)=1\iff x\in L$ for all $x$. Objects "
            r"that are no words are encoded: here integers and floats by their bits, least significant first."
        ),
        steps=(
            Step(
                id="parity-is-recognised",
                says="The parity family recognises the words with an odd number of ones.",
                formal="for all words w of 1..10 bits: parity circuit of length |w| gives 1 iff w has odd many ones",
                check=lambda: recognises(lambda n: build("parity", n), odd),
                mutants=(
                    Mutant(
                        "one member negated",
                        lambda: recognises(lambda n: (negated if n == LONGEST else same)(build("parity", n)), odd),
                    ),
                    Mutant("another language", lambda: recognises(lambda n: build("parity", n), lambda w: "1" in w)),
                ),
            ),
            Step(
                id="encoded-pairs-are-recognised",
                says="The comparison family recognises the encoded pairs of integers in order.",
                formal="for all pairs of integers of 1..4 bits, as words: the comparison circuit gives 1 iff x >= y",
                check=pairs_in_order,
                mutants=(Mutant("the word parted one bit too early", lambda: pairs_in_order(-1)),),
            ),
        ),
    ),
)


def same(circuit: Circuit) -> Circuit:
    """Return the circuit itself."""
    return circuit
