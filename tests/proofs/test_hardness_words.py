"""Deciders for infinite words and for closures, and the lemmas on them, against brute force on short words."""

from __future__ import annotations

import random
import re
from itertools import product

import pytest

from precise.claims import Counterexample
from proofs import _groups, def_kleene_star
from proofs._all_words import explore, number_of_words, words
from proofs._block_words import Closure, padding
from proofs._closure_checks import difference, identity_first, identity_inside
from proofs._factorisations import member_by_cuts
from proofs._omega_words import direct_test, first_difference, member, splits_of
from proofs._semigroups import Pair, Table, groups_in, linked_pairs, monoids, semigroups
from proofs.lem_closure_group import fails
from proofs.lem_membership_direct_test import exponents_up_to, small
from proofs.lem_membership_in_nc1 import Automaton


def value_of(table: Table, word: tuple[int, ...]) -> int:
    """Return the product of a nonempty word."""
    found = word[0]
    for letter in word[1:]:
        found = table[found][letter]
    return found


def member_by_unrolling(table: Table, pair: Pair, u: tuple[int, ...], v: tuple[int, ...]) -> bool:
    """Return membership by a long finite prefix: some cut is followed by many blocks of value e, ends in step with v.

    Ramsey's argument with |S|^2 |v| ends bounds how many blocks are needed; a loop of offsets is enough.
    """
    s, e = pair
    n, copies = len(table), 3 * len(table) + 6
    word = u + v * copies
    good = [False] * (len(word) + 1)
    for start in range(len(u), len(u) + len(v)):
        loops = {start}
        frontier = {start}
        while frontier:
            reached = {
                len(u) + (end - len(u)) % len(v)
                for a in frontier
                for end in range(a + 1, a + len(v) * (n + 1) + 1)
                if value_of(table, word[a:end]) == e
            }
            if start in reached:
                good[start] = True
                break
            frontier = reached - loops
            loops |= reached
    ends = {end for end in range(1, len(u) + len(v) * (n + 2) + 1) if value_of(table, word[:end]) == s}
    seen = set(ends)
    while ends:
        if any(good[len(u) + (c - len(u)) % len(v)] for c in ends if c >= len(u)):
            return True
        ends = {
            end if end < len(u) else len(u) + (end - len(u)) % len(v)
            for c in ends
            for end in range(c + 1, (c if c >= len(u) else len(u)) + len(v) * (n + 1) + 1)
            if value_of(table, word[c:end]) == e
        } - seen
        seen |= ends
    return False


@pytest.mark.parametrize("n", [1, 2, 3])
def test_deciders_of_infinite_words_agree(n: int) -> None:
    rng = random.Random(20261122)
    tables = list(semigroups(n))
    cases = 0
    for table in tables if n < 3 else rng.sample(tables, 12):
        for pair in linked_pairs(table):
            automaton = Automaton(table, pair)
            for _ in range(12):
                u = tuple(rng.choices(range(n), k=rng.randrange(4)))
                v = tuple(rng.choices(range(n), k=rng.randrange(1, 4)))
                wanted = member_by_unrolling(table, pair, u, v)
                x = value_of(table, u) if u else n
                found = [
                    member(table, pair, u, v),
                    member_by_cuts(table, pair, u, v),
                    direct_test(table, pair, x, splits_of(table, v), n),
                    automaton.run((*u, n, *v)),
                ]
                assert found == [wanted] * 4, (table, pair, u, v)
                cases += 1
    assert cases >= 12


def test_direct_test_needs_the_exponents() -> None:
    wrong = small(exponents_up_to(2))
    assert isinstance(wrong, Counterexample)
    assert str(wrong) == "elements = 2, table = 0 0 | 0 0, s = 0, e = 0, u = the empty word, v = 1, got = 0, right = 1"
    assert member_by_unrolling(((0, 0), (0, 0)), (0, 0), (), (1,))


def test_first_difference_finds_the_least_words() -> None:
    table = _groups.cyclic(2).table
    found = first_difference(table, (1, 0), lambda x, splits: x == 1)
    assert found is not None
    u, v, said = found
    assert said != member_by_unrolling(table, (1, 0), u, v)
    shorter = [
        (a, b)
        for a in words(2, len(u))
        for b in words(2, len(v), 1)
        if (len(b), b, len(a), a) < (len(v), v, len(u), u)
        and (sum(a) % 2 == 1 and bool(a)) != member(table, (1, 0), a, b)
    ]
    assert not shorter


def in_closure(table: Table, group: frozenset[int], r: int, word: tuple[int, ...]) -> bool:
    """Return membership in the closure by trying every first block."""
    if not word:
        return True
    return any(
        value_of(table, word[:k]) in group and in_closure(table, group, r, word[k:])
        for k in range(1, min(r, len(word)) + 1)
    )


@pytest.mark.parametrize("n", [1, 2, 3])
def test_closure_decider_and_criterion(n: int) -> None:
    cases = 0
    for table in monoids(n):
        for group in groups_in(table):
            for r in (1, 2, 3):
                closure = Closure(table, frozenset(group), r)
                disagree = 0
                for word in words(n, 5):
                    right = in_closure(table, frozenset(group), r, word)
                    assert closure.contains(word) == right, (table, group, r, word)
                    disagree += closure.criterion(word) != right
                    cases += 1
                assert not (disagree and 0 in group)
                assert (closure.first_difference() is None) == (0 in group)
    assert cases >= 3 * number_of_words(n, 5)


def test_least_instance_without_the_identity() -> None:
    found = fails(with_identity=False)
    assert str(found) == "elements = 2, table = 0 1 | 1 1, F = 1, r = 1, word = 1 0, got = 1, right = 0"
    assert not in_closure(((0, 1), (1, 1)), frozenset({1}), 1, (1, 0))


@pytest.mark.parametrize("group", [_groups.cyclic(2), _groups.cyclic(3), _groups.symmetric(3)], ids=lambda g: g.name)
def test_padding_reduces_the_word_problem(group: _groups.Group) -> None:
    sigma = padding(group.table, group.inverses, range(group.order))
    assert len(sigma) == 2 * group.order
    assert group.value(sigma) == 0
    r = 4 * group.order + 1
    for word in words(group.order, 3):
        padded = tuple(letter for g in word for letter in (g, *sigma))
        ends = [True] + [False] * len(padded)
        for k in range(1, len(padded) + 1):
            ends[k] = any(ends[k - j] and group.value(padded[k - j : k]) == 0 for j in range(1, min(r, k) + 1))
        assert ends[-1] == (group.value(word) == 0)


@pytest.mark.parametrize(
    ("order", "least"), [(identity_first, {1: 1, 2: 5, 3: 9, 6: 21}), (identity_inside, {1: 1, 2: 5, 3: 11, 6: 23})]
)
def test_least_block_length(order: object, least: dict[int, int]) -> None:
    chosen = {1: _groups.cyclic(1), 2: _groups.cyclic(2), 3: _groups.cyclic(3), 6: _groups.symmetric(3)}
    for n, r in least.items():
        assert difference(chosen[n], r, order) is None  # type: ignore[arg-type]
        if r > 1:
            assert difference(chosen[n], r - 1, order) is not None  # type: ignore[arg-type]


def test_kleene_star_against_regular_expressions() -> None:
    for language in [(), ((0,),), ((0, 1),), ((0,), (1, 1)), ((), (0, 1)), ((1,), (0, 0), (0, 1))]:
        pattern = (
            re.compile("(" + "|".join("".join(map(str, w)) for w in language) + ")*") if language else re.compile("")
        )
        star = def_kleene_star.union_of_powers(frozenset(language))
        for word in words(2, 5):
            assert (word in star) == bool(pattern.fullmatch("".join(map(str, word)))), (language, word)


def test_explore_lists_all_states_with_least_words() -> None:
    found = explore(0, 2, lambda state, a: (2 * state + a) % 5)
    assert found[0] == ()
    for state, word in found.items():
        shortest = next(w for w in words(2, 4) if sum(bit << len(w) - 1 - k for k, bit in enumerate(w)) % 5 == state)
        assert word == shortest
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert len(list(words(3, 3))) == number_of_words(3, 3) == 1 + 3 + 9 + 27
    assert list(product(range(2), repeat=1)) == list(words(2, 1, 1))
