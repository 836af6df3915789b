"""Fixed membership is a regular language of words u # v, by a finite automaton for each small instance."""

from __future__ import annotations

from precise.claims import Counterexample, Mutant, Statement, Step, cited
from proofs._all_words import Word, explore, number_of_words, spelled, words
from proofs._kernel_automata import APERIODIC
from proofs._kernel_hardness import SPLITS
from proofs._omega_words import Splits, direct_test, member, splits_after, splits_of, times
from proofs._semigroups import Pair, Table, classes, is_aperiodic, linked_pairs, semigroups
from proofs._words_evidence import Outcome, counted, differs, written

Memory = tuple[int, Splits]
"""The value of u, and after the mark the splits of v; before it no splits."""
BEFORE: Splits = frozenset()
FIRST = {1: 2, 2: 2, 3: 1}
REPEATED = {1: 3, 2: 3, 3: 2}
"""The greatest lengths of u and of v, by the number of elements."""
ORDER = "least number of elements, then table, then pair, then least u, then least v"


class Automaton:
    """The automaton of u # v: letters 0..n-1 of the semigroup and n for the mark; after a second mark it is lost."""

    def __init__(self, table: Table, pair: Pair, forgets: bool = False) -> None:
        self.table = table
        self.pair = pair
        self.forgets = forgets
        n = len(table)
        self.begin: Memory = (n, BEFORE)
        self.lost: Memory = (n + 1, BEFORE)
        self.states = explore(self.begin, n + 1, self.step)
        self.accepting = frozenset(state for state in self.states if self.accepts(state))

    def step(self, state: Memory, letter: int) -> Memory:
        """Return the state after one more letter; with `forgets` only the last split of v is kept."""
        x, splits = state
        n = len(self.table)
        if state == self.lost or (letter == n and splits):
            return self.lost
        if letter == n:
            return x, frozenset({(n, n)})
        if not splits:
            return times(self.table, x, letter), BEFORE
        after = splits_after(self.table, splits, letter)
        return x, frozenset(s for s in after if n in s) if self.forgets else after

    def accepts(self, state: Memory) -> bool:
        """Return the direct test of the state, with v not empty."""
        x, splits = state
        n = len(self.table)
        return bool(splits - {(n, n)}) and direct_test(self.table, self.pair, x, splits, n)

    def run(self, word: Word) -> bool:
        """Return whether a word is accepted."""
        state = self.begin
        for letter in word:
            state = self.step(state, letter)
        return state in self.accepting


def automata_decide(forgets: bool = False) -> Outcome:
    """Compare the automata with the definition for at most 3 elements, |u| <= 2, |v| <= 3 or 2; count their states."""
    cases, expected, largest = 0, 0, 0
    for n in (1, 2, 3):
        for table in classes(semigroups(n)):
            for pair in linked_pairs(table):
                automaton = Automaton(table, pair, forgets)
                largest = max(largest, len(automaton.states))
                expected += number_of_words(n, FIRST[n]) * number_of_words(n, REPEATED[n], 1)
                for u in words(n, FIRST[n]):
                    for v in words(n, REPEATED[n], 1):
                        cases += 1
                        got, right = automaton.run((*u, n, *v)), member(table, pair, u, v)
                        if got != right:
                            return differs(
                                ORDER,
                                (
                                    f"{written(table)}, s = {pair[0]}, e = {pair[1]}, u = {spelled(u)}, v = "
                                    f"{spelled(v)}",
                                ),
                                got=int(got),
                                right=int(right),
                                cases=cases,
                                table=written(table),
                                u=spelled(u),
                                v=spelled(v),
                            )
    where = "one semigroup a class; |u| <= 2, |v| <= 3 for at most 2 elements, |u| <= 1, |v| <= 2 for 3"
    return counted(cases, expected, where, note=f"the largest automaton has {largest} states")


def splits_without_the_whole() -> Counterexample:
    """Return the least word whose splits are not those of the word before it, made longer: one letter."""
    table: Table = ((0,),)
    right = splits_of(table, (0,))
    got = {(a, times(table, b, 0)) for a, b in splits_of(table, ())}
    lines = (f"the word 0 has the splits {sorted(right)}, by lengthening {sorted(got)}; 1 stands for the empty word",)
    return differs("least word", lines, got=len(got), right=len(right), word="0")


def transformations(automaton: Automaton) -> dict[tuple[int, ...], Word]:
    """Return the transition monoid: what each word does to the states."""
    names = {state: k for k, state in enumerate(automaton.states)}
    letters = [
        tuple(names[automaton.step(state, a)] for state in automaton.states) for a in range(len(automaton.table) + 1)
    ]
    begin = tuple(range(len(names)))
    return explore(begin, len(letters), lambda f, a: tuple(letters[a][k] for k in f))


def repeats_with_period_one(f: tuple[int, ...]) -> bool:
    """Return whether f^k = f^(k+1) for some k: no group in what f generates."""
    seen = [f]
    while (after := tuple(f[k] for k in seen[-1])) not in seen:
        seen.append(after)
    return after == seen[-1]


def aperiodic_stays_aperiodic(only_aperiodic: bool = True) -> Outcome:
    """Check for at most 2 elements and all pairs that an aperiodic S gives an aperiodic transition monoid."""
    cases, tables = 0, [t for n in (1, 2) for t in semigroups(n) if is_aperiodic(t) or not only_aperiodic]
    for table in tables:
        for pair in linked_pairs(table):
            cases += 1
            for f, word in transformations(Automaton(table, pair)).items():
                if not repeats_with_period_one(f):
                    return differs(
                        "least number of elements, then table, then pair, then least word",
                        (f"{written(table)}: powers of the word {spelled(word)} do not become constant",),
                        got=0,
                        right=1,
                        cases=cases,
                        table=written(table),
                        word=spelled(word),
                    )
    expected = sum(len(linked_pairs(t)) for t in tables)
    return counted(cases, expected, "all aperiodic semigroups with at most 2 elements, all pairs")


REGULAR = Statement(
    label="lem:membership-in-nc1@regular",
    title="Fixed membership is regular",
    mark="D",
    suspects=("S30",),
    tex=r"for fixed $(h,P)$ the language $\{u\#v:uv^\omega\in[P]\}$ is regular, and aperiodic where $S$ is",
    uses=("lem:membership-direct-test",),
    steps=(
        Step(
            id="finite-memory-decides",
            says=(
                "The value of $u$ and the set of values of the splits of $v$ can be updated letter by letter, and "
                "the direct test needs no more."
            ),
            formal="for semigroups with <= 3 elements, |u| <= 2, |v| <= 3 (3 elements: 1, 2): automaton = definition",
            check=automata_decide,
            mutants=(Mutant("inner splits are forgotten", lambda: automata_decide(forgets=True)),),
            further=(
                SPLITS.further(
                    SPLITS.mutant(
                        "the whole word left out",
                        " \\/ (a = image h (v ++ [x]) /\\ b = None)",
                        "",
                        splits_without_the_whole,
                    )
                ),
            ),
        ),
        Step(
            id="aperiodic-stays-aperiodic",
            says="Where $S$ has no group but trivial ones, neither has the transition monoid of that automaton.",
            formal=(
                "for all finite semigroups without nontrivial groups, all words w of letters and marks: some power of "
                "w and the next one take every state to the same state"
            ),
            check=aperiodic_stays_aperiodic,
            mutants=(Mutant("any semigroup", lambda: aperiodic_stays_aperiodic(only_aperiodic=False)),),
            further=(
                APERIODIC.further(
                    APERIODIC.mutant(
                        "any semigroup",
                        "aperiodic S -> ",
                        "",
                        lambda: aperiodic_stays_aperiodic(only_aperiodic=False),
                    )
                ),
            ),
        ),
    ),
)

BOUNDED = Statement(
    label="lem:membership-in-nc1",
    title="Fixed membership is in NC1",
    mark="D",
    suspects=("S29", "S30"),
    tex=r"for fixed $(h,P)$ the language $\{u\#v:uv^\omega\in[P]\}$ is in $NC^1$, and in $AC^0$ where $S$ is aperiodic",
    uses=("lem:membership-in-nc1@regular",),
    steps=(
        cited(
            id="regular-languages-are-in-nc1",
            says="Regular languages are in uniform $NC^1$, and in $AC^0$ where the transition monoid is aperiodic.",
            formal="every regular language is in NC1; every aperiodic one is in AC0",
            source=(
                "Ladner and Fischer, Parallel prefix computation, J. ACM 27 (1980) 831-838; Barrington and Thérien, "
                "Finite monoids and the fine structure of NC1, J. ACM 35 (1988) 941-952"
            ),
        ),
    ),
)

STATEMENTS = (REGULAR, BOUNDED)
