"""Recognition of a language by a family of circuits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from precise.circuits import Circuit, build, evaluate_bits
from precise.claims import Mutant, Statement, Step
from proofs._circuits import Instance, all_equal, all_words, negated
from proofs._float_evidence import Outcome
from proofs._gate_lists import comparison_gates, is_list, parity_gates
from proofs._kernel_netlists import COMPARISON, PARITY
from proofs._words_evidence import all_of

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


def parity_is_recognised() -> Outcome:
    """Check the parity family on all short words, and that from 2 bits on its members are the lists of gates."""

    def rows() -> Iterator[Instance]:
        for length in range(2, LONGEST + 1):
            yield f"n = {length}: gates as written", is_list(build("parity", length), parity_gates(length)), 1

    return all_of(
        (recognises(lambda n: build("parity", n), odd), all_equal(rows(), LONGEST - 1, f"words of 1 to {LONGEST} bits"))
    )


def pairs_in_order(first: int = 0, ties: int = 0) -> Outcome:
    """Check the language of encoded pairs (x, y) with x >= y + `ties`; `first` moves the parting of the word."""

    def rows() -> Iterator[Instance]:
        for half in range(1, ENCODED + 1):
            member = build("integer_compare", half)
            yield f"n = {half}: gates as written", is_list(member, comparison_gates(half)), 1
            words = all_words(2 * half)
            verdicts = evaluate_bits(member, words)[0].tolist()
            for word, bit in zip(words.T.tolist(), verdicts, strict=True):
                x, y = word[: half + first], word[half + first :]
                value = [sum(b << i for i, b in enumerate(part)) for part in (x, y)]
                yield "".join(map(str, word)), bit, int(value[0] >= value[1] + ties)

    expected = ENCODED + sum(4**k for k in range(1, ENCODED + 1))
    return all_equal(rows(), expected, f"pairs of integers of 1 to {ENCODED} bits")


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
                says=(
                    "The parity family recognises the words with an odd number of ones: it counts, and the gates "
                    "[ones >= k] with signs 1, -1, 1, ... add up to the parity."
                ),
                formal=(
                    "for all n, all words w of n bits: exactly one assignment satisfies g_k = [ones >= k], k = 1..n, "
                    "and h = [g_1 - g_2 + g_3 - ... >= 1], and there h = 1 iff w has odd many ones"
                ),
                check=parity_is_recognised,
                mutants=(
                    Mutant(
                        "one member negated",
                        lambda: recognises(lambda n: (negated if n == LONGEST else same)(build("parity", n)), odd),
                    ),
                    Mutant("another language", lambda: recognises(lambda n: build("parity", n), lambda w: "1" in w)),
                ),
                further=(
                    PARITY.further(
                        PARITY.mutant(
                            "the even ones",
                            "Nat.odd",
                            "Nat.even",
                            lambda: recognises(lambda n: build("parity", n), lambda w: not odd(w)),
                        )
                    ),
                ),
            ),
            Step(
                id="encoded-pairs-are-recognised",
                says=(
                    "The comparison family, the last carry of $x-y$ by $3n+1$ gates with weights 1 and -1, recognises "
                    "the encoded pairs of integers in order."
                ),
                formal=(
                    "for all n >= 1, all x, y of n bits: exactly one assignment satisfies o_i = [x_i - y_i >= 0], "
                    "a_i = [x_i - y_i >= 1], for each j <= n - 2 the gate [a_j + sum_{i>j} (o_i - a_i) >= n - j], the "
                    "gate [sum_i (o_i - a_i) >= n], and the OR of these n gates and a_{n-1}, which is 1 iff x >= y"
                ),
                check=pairs_in_order,
                mutants=(Mutant("the word parted one bit too early", lambda: pairs_in_order(-1)),),
                further=(
                    COMPARISON.further(
                        COMPARISON.mutant("x > y", "<=? number n x", "<? number n x", lambda: pairs_in_order(ties=1))
                    ),
                ),
            ),
        ),
    ),
)


def same(circuit: Circuit) -> Circuit:
    """Return the circuit itself."""
    return circuit
