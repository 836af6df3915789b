"""The entries on hardness, uniformity and conventions: verdicts, least counterexamples, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import gmpy2
import pytest

from precise.claims import Counterexample, Statement, Verdict
from precise.claims.checking import run_step
from proofs import (
    _clocked,
    _hardness_theorems,
    conv_io,
    conv_simulates,
    def_arith_formula,
    def_bool_formula,
    def_kleene_star,
    def_l_uniform,
    fact_hierarchy,
    fact_strictness,
    hyp_weights,
    lem_closure_group,
    thm_closure,
    thm_fixed_membership,
)

MODULES = (
    conv_io,
    conv_simulates,
    fact_hierarchy,
    hyp_weights,
    lem_closure_group,
    thm_closure,
    thm_fixed_membership,
)
STATEMENTS: dict[str, Statement] = {s.label: s for module in MODULES for s in module.STATEMENTS}
SINGLE = (def_arith_formula, def_bool_formula, def_kleene_star, def_l_uniform)

# The least counterexamples, in the order that each step states.
LEAST = {
    "fact:hierarchy@printed/families-of-constants-are-in-p": "machine = 1, length = 1, got = 0, right = 1",
    "hyp:weights@dropped/some-machine-decides-the-model": "machine = 1, length = 1, bias = 1, got = 0, right = 1",
    "conv:io@unsaid/any-row-will-do": "word = 0 1, got = 1, right = 0",
    "conv:io@unsaid/a-mask-changes-nothing": "word = 0 1, got = 1, right = 0",
    "conv:simulates@unsaid/circuit-and-real-function-agree": "p = 2, x = 3/4, w = 3/4, b = -1/2, got = 0, right = 1",
    "conv:simulates@unsaid/any-exp-within-the-bound-will-do": (
        "p = 2, x = 1/4, c = 1, one = 3/2, other = 1, got = 1, right = 0"
    ),
    "lem:closure-group@any-identity/criterion-is-the-definition": (
        "elements = 2, table = 0 1 | 1 1, F = 1, r = 1, word = 1 0, got = 1, right = 0"
    ),
    "thm:fixed-membership@printed/hard-for-every-semigroup": "elements = 1, yes = 12, no = 0, got = 0, right = 1",
    "thm:fixed-membership@printed/hard-for-every-set-of-pairs": "group = A_5, got = 0, right = 1",
    "thm:fixed-membership@printed/membership-makes-hard": "members = 0, got = 0, right = 1",
    "thm:fixed-membership@printed/equal-instead-of-different": (
        "member = 1, hard = 1, included = 1, equal = 1, got = 1, right = 0"
    ),
    "thm:closure@printed/hard-for-every-group": "group = Z_1, elements = 1, yes = 1, got = 0, right = 1",
    "thm:closure@printed/hard-for-every-f-over-a-non-solvable-group": (
        "group = A_5, elements = 60, yes = 60, got = 0, right = 1"
    ),
    "thm:closure@printed/membership-makes-hard": "members = 0, got = 0, right = 1",
    "thm:closure@printed/equal-instead-of-different": (
        "member = 1, hard = 1, included = 1, equal = 1, got = 1, right = 0"
    ),
}


def test_all_refuted_steps_have_their_least_counterexample() -> None:
    refuted = [f"{s.label}/{step.id}" for s in STATEMENTS.values() for step in s.steps if step.expects_refuted]
    assert sorted(refuted) == sorted(LEAST)


@pytest.mark.parametrize("step_id", LEAST)
def test_least_counterexample(step_id: str) -> None:
    label, _, name = step_id.partition("/")
    statement = STATEMENTS[label]
    step = next(s for s in statement.steps if s.id == name)
    record = run_step(statement, step)
    assert record.verdict is Verdict.REFUTED, record.reason
    assert str(record.counterexample) == LEAST[step_id]


@pytest.mark.parametrize("statement", [m.STATEMENT for m in SINGLE], ids=lambda s: s.label)
def test_definitions_are_checked_in_full(statement: Statement) -> None:
    for step in statement.steps:
        record = run_step(statement, step)
        assert record.verdict is Verdict.PROVED, record.reason
        assert all(m.rejected for m in record.mutants)


def test_theorems_rest_on_the_hardness_lemmas_and_not_on_membership() -> None:
    for name, lemma in (("thm:fixed-membership", "lem:membership-hard"), ("thm:closure", "lem:closure-hard")):
        uses = STATEMENTS[name].uses
        assert {"thm:tensor-attention", "thm:rope-tensor-attention", lemma} <= set(uses)
        assert "lem:membership-in-nc1" not in uses
        assert STATEMENTS[name].repairs == f"{name}@printed"


def test_the_two_values_of_exp_are_within_the_bound() -> None:
    with gmpy2.context(precision=100):
        value = Fraction(*gmpy2.exp(gmpy2.mpfr(1) / 4).as_integer_ratio())
    for got in (Fraction(3, 2), Fraction(1)):
        assert abs(got - value) / value < Fraction(1, 4)
    assert abs(Fraction(3, 2) - value) < abs(Fraction(1) - value)


def test_the_rounded_affine_model_rejects_what_the_real_one_accepts() -> None:
    x, w, b = Fraction(3, 4), Fraction(3, 4), Fraction(-1, 2)
    floats = [Fraction(m) * Fraction(2) ** e for m in (2, 3) for e in range(-4, 4)]
    rounded = min(floats, key=lambda f: abs(f - x * w))
    assert rounded + b == 0 < x * w + b
    ties = [f for f in floats if abs(f - x * w) == abs(rounded - x * w)]
    assert len(set(ties)) == 1


@pytest.mark.parametrize(
    "left_out",
    ["what a family decides is in TC0", "a hard problem in TC0 puts NC1 inside TC0", "TC0 is inside NC1"],
)
def test_every_premise_is_needed(left_out: str) -> None:
    assert isinstance(_hardness_theorems.no_family_decides(left_out), Counterexample)


def test_the_premises_exclude_a_decider() -> None:
    decides = [
        row
        for row in product((False, True), repeat=5)
        if (not row[0] or row[1])
        and (not (row[1] and row[2]) or row[3])
        and (not row[3] or row[4])
        and row[2]
        and not row[4]
    ]
    assert decides
    assert not any(row[0] for row in decides)


@pytest.mark.parametrize(
    ("k", "wanted"),
    [(1, lambda n: False), (9, lambda n: True), (106, lambda n: True)],
    ids=["empty program", "accept", "accept unless 0"],
)
def test_machines_run_their_programs(k: int, wanted: Callable[[int], bool]) -> None:
    assert _clocked.pair(k)[0] == {1: 0, 9: 4, 106: 26}[k]
    for n in range(1, 8):
        assert _clocked.machine_accepts(k, n) == wanted(n)


def test_a_machine_that_counts_down() -> None:
    # Subtract 1, skip the next instruction if 0, go back, accept: digits 1 2 3 4 from the lowest.
    program = 1 + 2 * 6 + 3 * 36 + 4 * 216
    in_time, too_short = 2 * (2 * program + 1), 2 * program + 1
    assert _clocked.instructions(program) == [1, 2, 3, 4]
    assert not _clocked.machine_accepts(too_short, 5)
    assert not _clocked.machine_accepts(in_time, 5)
    assert _clocked.machine_accepts(4 * (2 * program + 1), 5)


def test_diagonal_differs_from_every_machine() -> None:
    for n in range(1, 40):
        assert _clocked.diagonal_constant(n) != int(_clocked.machine_accepts(n, n))


def test_parity_and_words_of_the_conventions() -> None:
    assert isinstance(fact_strictness.parity_by_thresholds(last=1), Counterexample)
    assert conv_io.decoded(conv_io.encoded((0, 1, 1), 2)) == (0, 1, 1)
    assert conv_io.encoded((1,), 2) == [[0, 1, 1, 0]]
    for i, j in product(range(20), repeat=2):
        assert hyp_weights.sign_bit(i, j, hyp_weights.Steps()) == bin(i & j).count("1") % 2


def test_work_space_is_that_of_the_counters() -> None:
    work = def_l_uniform.Counters()
    lines = list(def_l_uniform.generator(5, work))
    assert lines[0] == (1, "and", 2, 3)
    assert [kind for _, kind, _, _ in lines] == ["and"] * 4 + ["input"] * 5
    assert work.most == 4 + 5 + 4
