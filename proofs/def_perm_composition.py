"""Composition of permutations and its word problem, two ways to compute a product compared on all short words."""

from __future__ import annotations

from collections.abc import Callable

from precise.claims import Mutant, Statement, Step
from proofs._all_words import Word, number_of_words, spelled, words
from proofs._free_words import free_identities
from proofs._groups import Group, Permutation, alternating, cyclic, symmetric
from proofs._kernel_hardness import TRACED
from proofs._words_evidence import Outcome, counted, differs, each_alone

GROUPS = ((2, 8), (3, 6), (4, 3))
"""Degree and greatest length of a word over the symmetric group."""
Trace = Callable[[Group, Word], Permutation]


def point_by_point(group: Group, word: Word) -> Permutation:
    """Return the product by following each point through the letters, the first letter first."""
    degree = len(group.permutations[0])
    images = list(range(degree))
    for x in range(degree):
        for letter in word:
            images[x] = group.permutations[letter][images[x]]
    return tuple(images)


def last_letter_first(group: Group, word: Word) -> Permutation:
    """Return the product in the other convention: the last letter first."""
    return point_by_point(group, word[::-1])


def products_agree(trace: Trace = point_by_point) -> Outcome:
    """Compare the table with a trace of every point, for all short words over S_2, S_3 and S_4."""
    cases = 0
    for degree, most in GROUPS:
        group = symmetric(degree)
        for word in words(group.order, most):
            cases += 1
            by_table, traced = group.permutations[group.value(word)], trace(group, word)
            if by_table != traced:
                return differs(
                    "least degree, then least word",
                    (f"S_{degree}, word {spelled(word)}: by table {by_table}, by points {traced}",),
                    got=str(traced),
                    right=str(by_table),
                    cases=cases,
                    word=spelled(word),
                )
    expected = sum(number_of_words(symmetric(d).order, most) for d, most in GROUPS)
    return counted(cases, expected, "S_2 up to 8 letters, S_3 up to 6, S_4 up to 3")


def instances_with_value_one(share: int = 1) -> Outcome:
    """Count the words of k letters with product 1: a share of |G|^(k-1), since the last letter is determined."""
    cases = 0
    chosen = ((cyclic(4), 6), (symmetric(3), 6), (alternating(4), 4), (alternating(5), 2))
    for group, most in chosen:
        for length in range(1, most + 1):
            cases += 1
            yes = sum(group.value(word) == 0 for word in words(group.order, length, length))
            if yes != share * group.order ** (length - 1):
                return differs(
                    "the order of the groups, then length",
                    (f"{group.name}, {length} letters: {yes} words have the product 1",),
                    got=yes,
                    right=share * group.order ** (length - 1),
                    cases=cases,
                    group=group.name,
                    length=length,
                )
    return counted(cases, sum(m for _, m in chosen), "Z_4 and S_3 up to 6 letters, A_4 up to 4, A_5 up to 2")


STATEMENT = Statement(
    label="def:perm-composition",
    title="Composition of permutations and its word problem",
    mark="R",
    tex=r"$g_1\cdots g_k$ is the permutation that applies $g_1$ first; word problem: is it the identity?",
    steps=(
        Step(
            id="table-and-points-agree",
            says="The product by the table of the group is what every point goes through, the first letter first.",
            formal=(
                "for all words over S_2 (<= 8 letters), S_3 (<= 6), S_4 (<= 3): product by table = product by points"
            ),
            check=products_agree,
            mutants=(Mutant("last letter first", lambda: products_agree(last_letter_first)),),
            further=(
                TRACED.further(
                    TRACED.mutant(
                        "last letter first",
                        "fold_left after word",
                        "fold_left (fun a b => after b a) word",
                        lambda: products_agree(last_letter_first),
                    )
                ),
            ),
        ),
        Step(
            id="one-word-in-so-many-is-the-identity",
            says="Of the words of $k$ letters exactly $|G|^{k-1}$ are instances with the answer yes.",
            formal="for Z_4, S_3, A_4, A_5 and short k: |{w in G^k : product 1}| = |G|^(k-1)",
            check=lambda: each_alone(free_identities("p p^-1 = 1", "p^-1 p a = a"), instances_with_value_one()),
            mutants=(
                Mutant("twice as many", lambda: instances_with_value_one(share=2)),
                Mutant("any last letter", lambda: free_identities("p a = 1")),
            ),
        ),
    ),
)
