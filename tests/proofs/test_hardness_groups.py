"""Groups, semigroups, programs of formulas and identities of words, against sympy and brute force."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product

import pytest
from sympy.combinatorics import Permutation, PermutationGroup
from sympy.combinatorics.named_groups import AlternatingGroup, SymmetricGroup

from precise.claims import Counterexample, Evidence, Kind
from precise.claims.jsontype import Json
from proofs import _groups, _recheck_words, _semigroups
from proofs._barrington import commutators, program_of, word_of
from proofs._formulas import (
    Formula,
    formulas,
    number_of_formulas,
    number_of_infix_words,
    parse_infix,
    value_of_postfix,
)
from proofs._free_words import free_identity
from proofs._groups import Group
from proofs._majority_by_adders import majority
from proofs._word_certificates import certified_programs, certified_words

NAMED = {
    "S_3": (_groups.symmetric(3), SymmetricGroup(3)),
    "A_4": (_groups.alternating(4), AlternatingGroup(4)),
    "S_4": (_groups.symmetric(4), SymmetricGroup(4)),
    "A_5": (_groups.alternating(5), AlternatingGroup(5)),
    "S_5": (_groups.symmetric(5), SymmetricGroup(5)),
}


def by_sympy(group: Group) -> PermutationGroup:
    """Return the group of the same permutations in sympy."""
    return PermutationGroup([Permutation(list(p)) for p in group.permutations[1:3]] or [Permutation([0])])


@pytest.mark.parametrize("name", NAMED)
def test_named_groups_are_those_of_sympy(name: str) -> None:
    ours, theirs = NAMED[name]
    assert sorted(ours.permutations) == sorted(tuple(g.array_form) for g in theirs.elements)
    assert ours.solvable == theirs.is_solvable
    assert len(ours.perfect_core) == theirs.derived_series()[-1].order()
    for a, b in product(range(0, ours.order, 7), repeat=2):
        product_of_both = Permutation(list(ours.permutations[a])) * Permutation(list(ours.permutations[b]))
        assert ours.permutations[ours.table[a][b]] == tuple(product_of_both.array_form)


@pytest.mark.parametrize("group", [*_groups.small_groups(), *_groups.non_solvable_groups()], ids=lambda g: g.name)
def test_tables_are_groups(group: Group) -> None:
    size = range(group.order)
    step = max(1, group.order // 12)
    assert all(group.table[0][a] == a == group.table[a][0] for a in size)
    assert all(group.table[a][group.inverses[a]] == 0 == group.table[group.inverses[a]][a] for a in size)
    for a, b, c in product(range(0, group.order, step), repeat=3):
        assert group.table[group.table[a][b]][c] == group.table[a][group.table[b][c]]
    theirs = PermutationGroup([Permutation(list(p)) for p in group.permutations])
    assert theirs.order() == group.order
    assert theirs.is_solvable == group.solvable


def profile(group: Group) -> tuple[bool, tuple[int, ...]]:
    """Return what tells apart groups of order at most 8: whether it commutes, and the orders of its elements."""
    abelian = all(group.table[a][b] == group.table[b][a] for a in range(group.order) for b in range(group.order))
    return abelian, tuple(sorted(Permutation(list(p)).order() for p in group.permutations))


def test_the_lists_of_groups_have_no_repetition() -> None:
    small = _groups.small_groups()
    assert [g.order for g in small] == [1, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 8, 8, 8]
    assert len({profile(g) for g in small}) == len(small)
    large = _groups.non_solvable_groups()
    assert [g.order for g in large] == [60, 120, 120, 120]
    involutions = [sum(g.table[a][a] == 0 for a in range(g.order)) for g in large[1:]]
    assert len(set(involutions)) == 3


def brute_semigroups(n: int) -> set[_semigroups.Table]:
    """Return all associative tables by trying every table."""
    found = set()
    for entries in product(range(n), repeat=n * n):
        t = tuple(entries[n * a : n * a + n] for a in range(n))
        if all(t[t[a][b]][c] == t[a][t[b][c]] for a, b, c in product(range(n), repeat=3)):
            found.add(t)
    return found


@pytest.mark.parametrize("n", [1, 2, 3])
def test_all_semigroups_and_monoids_are_found(n: int) -> None:
    brute = brute_semigroups(n)
    assert set(_semigroups.semigroups(n)) == brute
    assert len(brute) == _semigroups.PUBLISHED[n][0]
    with_unit = {t for t in brute if all(t[0][a] == a == t[a][0] for a in range(n))}
    assert set(_semigroups.monoids(n)) == with_unit
    classes = {
        min(tuple(tuple(p[t[q[a]][q[b]]] for b in range(n)) for a in range(n)) for p, q in renamings(n)) for t in brute
    }
    assert len(classes) == len(_semigroups.classes(_semigroups.semigroups(n))) == _semigroups.PUBLISHED[n][1]


def renamings(n: int) -> list[tuple[Sequence[int], Sequence[int]]]:
    """Return all permutations with their inverses."""
    return [(p, [p.index(a) for a in range(n)]) for p in permutations(range(n))]


def test_groups_in_a_semigroup() -> None:
    zero_and_one = ((0, 1), (1, 1))
    assert _semigroups.groups_in(zero_and_one) == [(0,), (1,)]
    assert _semigroups.groups_in(_groups.cyclic(4).table) == [(0,), (0, 2), (0, 1, 2, 3)]
    assert not _semigroups.is_aperiodic(_groups.cyclic(2).table)
    assert _semigroups.is_aperiodic(zero_and_one)
    assert _semigroups.unit_of(zero_and_one, (1,)) == 1


def python_value(formula: Formula, bits: Sequence[int]) -> bool:
    """Return the value of a formula as Python evaluates its text."""
    text = formula.infix().replace("¬", " not ").replace("∧", " and ").replace("∨", " or ")
    return bool(eval(text, {}, {f"x{k}": bool(b) for k, b in enumerate(bits)}))


@pytest.mark.parametrize("group", [NAMED["A_5"][0], NAMED["S_5"][0]], ids=["A_5", "S_5"])
def test_words_of_formulas_multiply_to_their_value(group: Group) -> None:
    target = sorted(commutators(group))[3]
    chosen = [f for c in range(3) for f in formulas((0, 1, 2), c)][::7]
    assert len(chosen) > 40
    for formula in chosen:
        program = program_of(group, formula, target)
        for bits in product((0, 1), repeat=3):
            total = Permutation(list(range(5)))
            for a in word_of(program, bits):
                total = total * Permutation(list(group.permutations[a]))
            wanted = group.permutations[target if python_value(formula, bits) else 0]
            assert tuple(total.array_form) == wanted, formula
        assert len(program) <= 4**formula.depth


def test_each_letter_of_a_word_depends_on_one_bit() -> None:
    group = NAMED["A_5"][0]
    for formula in formulas((0, 1), 2):
        program = program_of(group, formula, 1)
        words = {bits: word_of(program, bits) for bits in product((0, 1), repeat=2)}
        for place in range(len(program)):
            by_one = [len({w[place] for b, w in words.items() if b[i] == v}) for i in (0, 1) for v in (0, 1)]
            assert by_one[0] == by_one[1] == 1 or by_one[2] == by_one[3] == 1


def test_commutators_give_their_targets() -> None:
    for group in _groups.non_solvable_groups():
        found = commutators(group)
        assert set(found) == set(group.perfect_core) - {0}
        for target, factors in list(found.items())[::9]:
            word = [x for a, b in factors for x in (a, b, group.inverses[a], group.inverses[b])]
            assert group.value(word) == target


def test_formulas_are_counted_and_read() -> None:
    for leaves, connectives in product((1, 2, 3), (0, 1, 2)):
        found = formulas(tuple(range(leaves)), connectives)
        assert len(found) == len(set(found)) == number_of_formulas(leaves, connectives)
        assert all(f.connectives == connectives for f in found)
    closed = [f for c in range(4) for f in formulas(("0", "1"), c)]
    by_length = {n: sum(len(f.infix()) == n for f in closed) for n in range(1, 9)}
    assert [by_length[n] for n in range(1, 9)] == [number_of_infix_words(n) for n in range(1, 9)]
    for formula in closed:
        text = formula.infix()
        assert parse_infix(text) == formula
        wanted = int(bool(eval(text.replace("¬", " not ").replace("∧", " and ").replace("∨", " or "))))
        assert formula.value(()) == value_of_postfix(formula.postfix()) == wanted
    assert all(parse_infix(word) is None for word in ("", "(0)", "0∧1", "(0∧1", "(¬01)", "00", "(0∧1))"))
    assert all(value_of_postfix(word) is None for word in ("", "01", "0∧", "¬0", "(0)"))


@pytest.mark.parametrize(
    ("claim", "right"),
    [("q h h^-1 = q", True), ("a^-1 a b = b", True), ("a b = b a", False), ("a a = 1", False), ("1 = 1", True)],
)
def test_free_identities(claim: str, right: bool) -> None:
    outcome = free_identity(claim)
    if not right:
        assert isinstance(outcome, Counterexample)
        return
    assert isinstance(outcome, Evidence)
    assert outcome.kind is Kind.CERTIFICATE
    _recheck_words.check_free_identity(dict(outcome.certificates[0].data))


def test_certificates_are_rechecked_and_tampered_ones_rejected() -> None:
    group = NAMED["A_5"][0]
    programs = certified_programs(group, formulas((0, 1), 1), 2, 1)
    assert isinstance(programs, Evidence)
    for certificate in programs.certificates:
        data = dict(certificate.data)
        _recheck_words.check_program(data)
        with pytest.raises(ValueError, match="wrong"):
            _recheck_words.check_program({**data, "instructions": shortened(data["instructions"])})
    words = certified_words(
        _groups.symmetric(3), [((1, 1), 0), ((1, 2, 3), NAMED["S_3"][0].value((1, 2, 3)))], "two words"
    )
    assert isinstance(words, Evidence)
    stored = dict(words.certificates[0].data)
    _recheck_words.check_words(stored)
    with pytest.raises(ValueError, match="the value of"):
        _recheck_words.check_words({**stored, "words": [{"word": [1, 1], "value": 1}]})
    assert isinstance(certified_words(_groups.symmetric(3), [((1, 1), 1)], "wrong"), Counterexample)
    assert isinstance(certified_programs(group, formulas((0, 1), 1), 2, 1, left_out=1), Counterexample)


def shortened(instructions: Json) -> Json:
    """Return the list without its last entry."""
    assert isinstance(instructions, list)
    return instructions[:-1]


def test_majority_by_adders() -> None:
    for n in range(1, 8):
        for bits in product((0, 1), repeat=n):
            assert majority(bits).bit == int(sum(bits) > n / 2)
    assert majority([1] * 100 + [0] * 99).bit == 1
    assert majority([1] * 99 + [0] * 99).bit == 0
