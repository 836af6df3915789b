"""A direct test for fixed membership: a split of v and two exponents below the number of elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from precise.claims import Counterexample, Further, Mutant, Statement, Step, Tier
from proofs._all_words import Word, spelled
from proofs._kernel_hardness import BELOW_THE_ORDER
from proofs._kernel_words import DIRECT_TEST, POWERS, SAME_WORD
from proofs._omega_words import Splits, direct_test, first_difference, times
from proofs._semigroups import Pair, Table, classes, idempotents, linked_pairs, semigroups
from proofs._words_evidence import Outcome, counted, differs, written

Rule = Callable[[Table, Pair, int, Splits], bool]
ORDER = "least number of elements, then table, then pair, then least v, then least u"
EVERY_WORD = "u and v of every length over all elements as letters, so every h and every alphabet"


def exponents_up_to(less: int) -> Rule:
    """Return the direct test with i, j up to |S| - less."""
    return lambda table, pair, x, splits: direct_test(table, pair, x, splits, max(0, len(table) - less))


def only_whole(table: Table, pair: Pair, x: int, splits: Splits) -> bool:
    """Return the test without splits of v: only v1 empty."""
    n = len(table)
    return direct_test(table, pair, x, frozenset(s for s in splits if s[0] == n), n)


def pairs_by_formula(table: Table) -> int:
    """Return the number of linked pairs: the elements of S e for each idempotent e."""
    return sum(len({row[e] for row in table}) for e in idempotents(table))


def holds_for_all_words(tables: Sequence[Table], rule: Rule, where: str) -> Outcome:
    """Compare a rule with the automaton of the definition for all linked pairs and all words of any length."""
    cases = 0
    for table in tables:
        for pair in linked_pairs(table):
            cases += 1
            found = first_difference(table, pair, lambda x, splits, t=table, p=pair: rule(t, p, x, splits))  # type: ignore[misc]
            if found:
                return refutation(table, pair, found, cases)
    expected = sum(map(pairs_by_formula, tables))
    return counted(cases, expected, f"{where}; {EVERY_WORD}", sharpness="sharp: |S| - 1 suffices, |S| - 2 does not")


def refutation(table: Table, pair: Pair, found: tuple[Word, Word, bool], cases: int) -> Counterexample:
    """Return the counterexample of a rule that is wrong at u and v."""
    u, v, said = found
    return differs(
        ORDER,
        (
            f"semigroup with rows {written(table)}, pair s = {pair[0]}, e = {pair[1]}",
            f"u = {spelled(u)}, v = {spelled(v)}: the test says {said}, the automaton of the definition {not said}",
        ),
        got=int(said),
        right=int(not said),
        cases=cases,
        elements=len(table),
        table=written(table),
        s=pair[0],
        e=pair[1],
        u=spelled(u),
        v=spelled(v),
    )


def small(rule: Rule) -> Outcome:
    """Compare for one semigroup of each isomorphism class with at most 3 elements."""
    tables = [t for n in (1, 2, 3) for t in classes(semigroups(n))]
    return holds_for_all_words(tables, rule, "all semigroups with at most 3 elements, one an isomorphism class")


def larger(rule: Rule) -> Outcome:
    """Compare for one semigroup of each isomorphism class with 4 elements."""
    where = "all semigroups with 4 elements, one an isomorphism class"
    return holds_for_all_words(classes(semigroups(4)), rule, where)


LENGTH, EXPONENT = 3, 4


def same_infinite_word(shift: int = 0, closed: bool = True) -> Outcome:
    """Compare u v^omega with (u v^i v1)(v2 v^j v1)^omega letter by letter, all letters of u and v different.

    Two periods of the second word behind its first block decide: both are periodic from there on. `shift` moves
    the cut of the second part of v, and without `closed` the second block lacks its last part.
    """
    cases = 0
    for first in range(LENGTH + 1):
        for size in range(1, LENGTH + 1):
            for cut in range(size + 1):
                for i in range(EXPONENT + 1):
                    for j in range(EXPONENT + 1):
                        cases += 1
                        u, v = [f"u{k}" for k in range(first)], [f"v{k}" for k in range(size)]
                        start, block = u + v * i + v[:cut], v[cut + shift :] + v * j + (v[:cut] if closed else [])
                        made = start + block * 2
                        right = (u + v * (i + 2 * (j + 3)))[: len(made)]
                        if made != right:
                            return differs(
                                "least |u|, |v|, cut, i, j",
                                (f"u v^omega begins {' '.join(right)}", f"the product begins {' '.join(made)}"),
                                got=" ".join(made),
                                right=" ".join(right),
                                cases=cases,
                                i=i,
                                j=j,
                            )
    splits = sum(size + 1 for size in range(1, LENGTH + 1))
    where = f"|u|, |v| <= {LENGTH} with all letters different, i, j <= {EXPONENT}"
    return counted(cases, (LENGTH + 1) * splits * (EXPONENT + 1) ** 2, where)


def powers_are_reached(most: Callable[[int], int] = int) -> Outcome:
    """Check for all semigroups with at most 3 elements that x c^i takes all its values for i <= `most(|S|)`."""
    cases, tables = 0, [t for n in (1, 2, 3) for t in semigroups(n)]
    for table in tables:
        n = len(table)
        for x in range(n + 1):
            for c in range(n):
                cases += 1
                values = [x]
                while (after := times(table, values[-1], c)) not in values:
                    values.append(after)
                if len(values) - 1 > most(n):
                    return differs(
                        "least number of elements, then table, x, c",
                        (f"{written(table)}: x c^i takes {len(values)} values, the last at i = {len(values) - 1}",),
                        got=most(n),
                        right=len(values) - 1,
                        cases=cases,
                        elements=n,
                        table=written(table),
                        x="the empty word" if x == n else x,
                        c=c,
                    )
    expected = sum(n * (n + 1) * number for n, number in ((1, 1), (2, 8), (3, 113)))
    where = "all semigroups with at most 3 numbered elements, x empty or not"
    return counted(cases, expected, where, sharpness="sharp: |S| - 1 does not suffice where x is empty")


DIRECT = Statement(
    label="lem:membership-direct-test",
    title="A direct test for fixed membership",
    mark="D",
    tex=(
        r"$uv^\omega\in[P]$ iff there are $(s,e)\in P$, a split $v=v_1v_2$ and $i,j\le|S|$ with "
        r"$uv^iv_1\ne\varepsilon$, $h(uv^iv_1)=s$, $h(v_2v^jv_1)=e$"
    ),
    steps=(
        Step(
            id="the-product-is-the-word",
            says=r"$uv^\omega=(uv^iv_1)(v_2v^jv_1)^\omega$ for every split $v=v_1v_2$ and all $i$, $j$.",
            formal="for all words u, all v = v1 v2 not empty, all i, j, every position: the same letter on both sides",
            check=same_infinite_word,
            mutants=(Mutant("the second part begins one letter late", lambda: same_infinite_word(shift=1)),),
            further=(
                SAME_WORD.further(
                    SAME_WORD.mutant(
                        "v1 left out of the loop",
                        "(v2 ++ repeated (v1 ++ v2) j ++ v1)",
                        "(v2 ++ repeated (v1 ++ v2) j)",
                        lambda: same_infinite_word(closed=False),
                    )
                ),
            ),
        ),
        Step(
            id="exponents-up-to-the-order",
            says=r"$h(x)h(v)^i$ takes at most $|S|$ values on $S$, so each of them for some $i\le|S|$.",
            formal="for all finite semigroups S, x in S or empty, all words v: {x h(v)^i} = {x h(v)^i : i <= |S|}",
            check=powers_are_reached,
            mutants=(Mutant("up to |S| - 1", lambda: powers_are_reached(lambda n: n - 1)),),
            further=(
                POWERS.further(
                    POWERS.mutant(
                        "up to |S| - 1",
                        "k <= length elements",
                        "k <= length elements - 1",
                        lambda: powers_are_reached(lambda n: n - 1),
                    )
                ),
            ),
        ),
        Step(
            id="test-is-the-definition",
            says=(
                "The test agrees with the automaton that guesses the cuts of a factorisation. Whether $P$ is one "
                "pair or several makes no difference, since both sides are unions. Every state that words lead to "
                "is visited, so no length is left out."
            ),
            formal="for all finite semigroups, sets P of linked pairs, words u, v: test = u v^omega in [P]",
            check=lambda: small(exponents_up_to(0)),
            mutants=(
                Mutant("i, j up to |S| - 2", lambda: small(exponents_up_to(2))),
                Mutant("no split of v", lambda: small(only_whole)),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: larger(exponents_up_to(0)),
                    mutants=(Mutant("i, j up to |S| - 2", lambda: larger(exponents_up_to(2))),),
                ),
                DIRECT_TEST.further(
                    DIRECT_TEST.mutant(
                        "i, j up to |S| - 2",
                        "i <= length elements /\\ j <= length elements",
                        "i <= length elements - 2 /\\ j <= length elements - 2",
                        lambda: small(exponents_up_to(2)),
                    )
                ),
            ),
        ),
    ),
)
ONE_LESS = Statement(
    label="lem:membership-direct-test@one-less",
    title="The direct test with exponents one less",
    mark="D",
    tex=r"in the direct test $i,j\le|S|-1$ suffice, and $i,j\le|S|-2$ do not",
    uses=("lem:membership-direct-test",),
    steps=(
        Step(
            id="one-less-suffices",
            says=r"Exponents up to $|S|-1$ suffice as well, and $|S|-2$ does not.",
            formal="for all finite semigroups: the test with i, j <= |S| - 1 is the definition",
            check=lambda: small(exponents_up_to(1)),
            mutants=(Mutant("i, j up to |S| - 2", lambda: small(exponents_up_to(2))),),
            further=(
                BELOW_THE_ORDER.further(
                    BELOW_THE_ORDER.mutant(
                        "i, j up to |S| - 2",
                        "i < length elements /\\ j < length elements",
                        "i + 1 < length elements /\\ j + 1 < length elements",
                        lambda: small(exponents_up_to(2)),
                    )
                ),
            ),
        ),
    ),
)
STATEMENTS = (DIRECT, ONE_LESS)
