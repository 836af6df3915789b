"""Hypotheses of the error bounds: the statements as listed exclude the instances at which the bounds fail."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from precise import paper_float, rounded
from precise.claims import Hypothesis, Statement
from precise.claims.discovery import read_ledger
from precise.claims.expression import Exact
from proofs._oracle import fractions_of

LEDGER = read_ledger().statements
LEAST = Fraction(2) ** -64
"""The least quantum of F_6: a float has at least 32 of them."""


def satisfied(statement: Statement, witness: Mapping[str, Exact]) -> list[bool]:
    """Return for each hypothesis in words whether the witness satisfies it."""
    return [h.holds_at(witness) for h in statement.hypotheses if isinstance(h, Hypothesis)]


def test_a_sum_that_underflows_breaks_the_bound_and_is_excluded() -> None:
    witness: dict[str, Exact] = {"p": 6, "a1": 32 * LEAST, "b1": 1, "a2": -47 * LEAST, "b2": 1}
    xp = rounded(paper_float(6))
    got = fractions_of(xp.matmul(xp.asarray([[witness["a1"], witness["a2"]]]), xp.asarray([[1], [1]])))[0, 0]
    error, scale = abs(got + 15 * LEAST), 79 * LEAST
    assert error > ((1 + Fraction(1, 65)) ** 2 - 1) * scale
    assert satisfied(LEDGER["lem:matmul@error"], witness) == [True, False]


@pytest.mark.parametrize("label", ["lem:matmul@error", "lem:softmax-entry", "lem:attention-output", "lem:exp@value"])
def test_the_witness_satisfies_what_the_statement_assumes(label: str) -> None:
    statement = LEDGER[label]
    assert all(satisfied(statement, statement.witness or {}))
    assert satisfied(statement, statement.witness or {})


def test_a_weight_below_the_range_is_excluded() -> None:
    far: dict[str, Exact] = {"p": 2, "z1": Fraction(3), "z2": Fraction(-2), "a1": 24, "a2": Fraction(1, 8)}
    assert satisfied(LEDGER["lem:softmax-entry"], far)[-1] is False


def test_an_argument_of_exp_beyond_the_range_is_excluded() -> None:
    assert satisfied(LEDGER["lem:exp@value"], {"p": 2, "x": Fraction(3)}) == [True]
    assert satisfied(LEDGER["lem:exp@value"], {"p": 2, "x": Fraction(5)}) == [False]


def test_operations_are_claimed_in_range_only() -> None:
    steps = {step.id: step for step in LEDGER["lem:ops-correct"].steps}
    for name in ("sums", "products", "quotients"):
        (hypothesis,) = [h for h in steps[f"{name}-of-all-pairs"].hypotheses if isinstance(h, Hypothesis)]
        assert hypothesis.holds_at({"p": 2, "x": Fraction(3), "y": Fraction(1)})
        assert not hypothesis.holds_at(
            {"p": 2, "x": Fraction(24), "y": {"sums": 24, "products": 24}.get(name, Fraction(1, 8))}
        )


def test_the_theorems_name_the_open_labels_that_their_citations_take() -> None:
    for label in ("thm:tensor-attention", "thm:rope-tensor-attention"):
        named = {used for step in LEDGER[label].steps for used in step.stands_for}
        assert {"lem:basic-ops", "lem:iterated-sum", "thm:uniform-composition", "hyp:weights"} <= named
        assert ("lem:sincos" in named) == ("rope" in label)
