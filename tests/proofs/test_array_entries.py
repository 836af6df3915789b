"""The entries of the ledger about arrays: verdicts, least counterexamples, and what breaks them."""

from __future__ import annotations

import importlib
from fractions import Fraction

import pytest
import sympy

from precise import RNE, RTZ, Accumulate, Fixed, Pairwise, Sequential, paper_float, rounded
from precise.bounds import (
    attention_output_bound,
    gamma,
    matmul_bound,
    rounding_constant,
    softmax_entry_bound,
    sum_bound,
)
from precise.claims import Counterexample, Evidence, Kind, Verdict
from precise.claims.checking import run_step
from precise.claims.records import StepRecord
from precise.claims.statement import Statement
from precise.errors import DomainError, UnsupportedError
from precise.semantics import cost as cost_module
from precise.semantics import depth
from proofs._depths import read_depth, value_of
from proofs._exp import exp_bounds, exp_rounded
from proofs._normal import compare, differ
from proofs._oracle import members, rounded_by_search
from proofs._weights import quotient_bounds

FILES = (
    "def_kron",
    "def_khatri_rao",
    "def_face_split",
    "fact_kron_mixed",
    "fact_kron_khatri_rao",
    "fact_khatri_rao_transpose",
    "fact_face_split_kron",
    "fact_tensor_key",
    "fact_khatri_rao_right_false",
    "lem_matmul",
    "lem_hadamard",
    "lem_tensor_ops",
    "lem_rope_matrix",
    "lem_rope_layer",
    "lem_mlp",
    "lem_layer_norm",
    "lem_multilayer",
    "lem_tensor_matrix",
    "lem_tensor_layer",
    "lem_rope_tensor_matrix",
    "lem_rope_tensor_layer",
    "lem_tensor_multilayer",
    "thm_tensor_attention",
    "thm_rope_tensor_attention",
    "def_softmax",
    "def_tensor_attention",
    "def_rotation",
    "def_rope_attention",
    "def_rope_tensor_attention",
    "def_mlp",
    "def_layer_norm",
    "def_transformer",
    "lem_softmax_entry",
    "lem_attention_output",
)

LEAST = {
    "fact:khatri-rao-right-false/right-factor-distributes": {"a1_1_1": 1, "a2_1_1": 1, "w_1_1": -1},
    "fact:kron-mixed@floats/equal-in-2-bits": {
        "q1_1_1": Fraction(3, 2),
        "q2_2_1": Fraction(3, 2),
        "left": 4,
        "right": 3,
    },
    "fact:tensor-key@floats/equal-in-2-bits": {"x_1_2": Fraction(3, 2), "left": 4, "right": 6},
    "def:rotation@floats/angles-subtract-in-2-bits": {"p": 2, "a": 1, "b": 1, "left": Fraction(3, 4), "right": 1},
    "def:softmax@printed/sum-is-never-zero": {"p": 2, "N": 1, "z1": -3, "D": 0},
    "def:softmax@printed/sum-never-overflows": {"p": 2, "N": 1, "z1": 4, "largest": 24},
    "def:layer-norm@printed/constant-row-has-a-norm": {"d": 1, "x": 0, "variance": 0},
    "def:layer-norm@printed/constant-row-has-no-wrong-norm-in-2-bits": {"d": 5, "x": Fraction(3, 2), "entry": -1},
    "def:layer-norm@printed/constant-row-has-no-wrong-norm-in-3-bits": {"d": 3, "x": Fraction(3, 2), "entry": 1},
    "lem:softmax-entry@one-unit/error-at-most-one-unit": {"p": 2, "z1": Fraction(1, 2), "z2": 0},
    "def:rope-tensor-attention@always-relative/flat-is-relative": {"n": 2, "i": 1, "j": 1, "k": 1},
    "def:rope-tensor-attention@always-symmetric/first-key-is-symmetric": {"n": 2, "i": 1, "j": 1, "k": 2},
}


def statements(name: str) -> tuple[Statement, ...]:
    """Return the statements of one file of the ledger."""
    module = importlib.import_module(f"proofs.{name}")
    found = getattr(module, "STATEMENTS", None)
    return tuple(found) if found else (module.STATEMENT,)


def records(name: str) -> list[StepRecord]:
    """Return the records of all steps of one file."""
    return [run_step(statement, step) for statement in statements(name) for step in statement.steps]


@pytest.mark.parametrize("name", FILES)
def test_every_step_is_as_expected_and_kills_its_mutants(name: str) -> None:
    for record in records(name):
        assert record.found not in (Verdict.ERROR, Verdict.INCONCLUSIVE), f"{record.id}: {record.reason}"
        assert record.as_expected, f"{record.id}: {record.scope_text}"
        if record.expects == "refuted":
            assert record.counterexample is not None
            assert record.counterexample.lines
            wanted = LEAST.get(record.id, {})
            assert {k: record.counterexample.exact[k] for k in wanted} == wanted


def test_the_pinned_counterexamples_name_steps() -> None:
    known = {f"{s.label}/{step.id}" for name in FILES for s in statements(name) for step in s.steps}
    assert set(LEAST) <= known


@pytest.mark.parametrize("name", ["thm_tensor_attention", "thm_rope_tensor_attention", "lem_tensor_layer"])
def test_what_rests_on_citations_says_so(name: str) -> None:
    main = statements(name)[0]
    kinds = {r.kind for r in (run_step(main, step) for step in main.steps)}
    assert Kind.ASSUMED in kinds
    assert Kind.CERTIFICATE in kinds


def test_a_wrong_cost_of_the_matrix_product_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cost_module.__globals__["COSTS"], "matmul", depth(s=1))
    found = {r.id: r.found for r in records("lem_tensor_layer")}
    assert found["lem:tensor-layer/depth-of-the-body"] is Verdict.REFUTED


def test_a_factor_used_twice_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("precise.nn.tensor_attention")
    right = module.khatri_rao
    monkeypatch.setattr(module, "khatri_rao", lambda a, b: right(a, a))
    assert records("def_tensor_attention")[0].found is Verdict.REFUTED


# The helpers of the checks.


@pytest.mark.parametrize(
    ("x", "p", "want"),
    [
        (Fraction(5), 2, 4),  # tie between 4 = 2*2 and 6 = 3*2
        (Fraction(7), 2, 8),  # tie between 6 = 3*2 and 8 = 2*4
        (Fraction(-5), 2, -4),
        (Fraction(100), 2, 24),
        (Fraction(-100), 2, -24),
        (Fraction(1, 16), 2, 0),  # half the least float, tie to 0
        (Fraction(3, 32), 2, Fraction(1, 8)),
        (Fraction(9, 8), 3, 1),
        (Fraction(11, 8), 3, Fraction(3, 2)),
    ],
)
def test_rounding_by_search(x: Fraction, p: int, want: Fraction) -> None:
    assert rounded_by_search(x, p) == want


@pytest.mark.parametrize("p", [2, 3, 4])
def test_there_are_as_many_floats_as_the_formula_says(p: int) -> None:
    assert len(members(p)) == 2 ** (2 * p + 1) + 1


def test_exp_is_enclosed_between_partial_sums() -> None:
    term = total = Fraction(1)
    for k in range(1, 40):
        term = term / k
        total += term
    low, high = exp_bounds(Fraction(1))
    assert low < total + term
    assert total < high
    assert high - low < Fraction(1, 2**100)
    assert exp_rounded(Fraction(1), 3) == Fraction(5, 2)


@pytest.mark.parametrize(
    ("text", "constants", "value"),
    [("4s+2P+E", {"s": 3, "P": 10, "E": 100}, 132), ("max(s+P, △)+3s", {"s": 1, "P": 2, "△": 50}, 53)],
)
def test_depths_are_read_in_two_ways(text: str, constants: dict[str, int], value: int) -> None:
    every = {name: constants.get(name, 0) for name in ("s", "P", "T", "E", "R", "△", "L")}
    assert value_of(text, constants) == value == read_depth(text).evaluate(every)


def test_normal_forms_tell_functions_apart() -> None:
    x, y, t = sympy.symbols("x y t", real=True)
    assert (
        differ(sympy.exp(x) / (sympy.exp(x) + sympy.exp(y)), 1 - sympy.exp(y) / (sympy.exp(x) + sympy.exp(y)), {}) == 0
    )
    assert differ(sympy.cos(2 * t), 2 * sympy.cos(t) ** 2 - 1, {}) == 0
    assert differ(sympy.sin(2 * t), sympy.sin(t) * sympy.cos(t), {}) != 0
    assert differ(sympy.sqrt((x + y) / 2), sympy.sqrt(x + y) / sympy.sqrt(2), {}) == 0
    assert differ(sympy.sqrt(x + y), sympy.sqrt(x - y), {}) != 0


def test_a_comparison_of_too_few_entries_is_refuted() -> None:
    x = sympy.Symbol("x")
    scope = importlib.import_module("precise.claims").Scope.without_p()
    assert isinstance(compare([("x", x, x)], expected=2, cells=(), scope=scope), Counterexample)
    assert isinstance(compare([("x", x, x)], expected=1, cells=(), scope=scope), Evidence)


def test_quotients_are_enclosed() -> None:
    weights = [(Fraction(1), Fraction(2)), (Fraction(3), Fraction(4))]
    for values in ((Fraction(1), Fraction(-1)), (Fraction(2), Fraction(3)), (Fraction(-2), Fraction(-3))):
        low, high = quotient_bounds(weights, values)
        for a in weights[0]:
            for b in weights[1]:
                assert low <= (a * values[0] + b * values[1]) / (a + b) <= high


# The bounds of the package.


def test_bounds_at_three_bits() -> None:
    exact, chain, tree = (rounded(paper_float(3), accumulate=how).policy for how in ("exact", Sequential(), Pairwise()))
    v = Fraction(1, 9)
    assert [matmul_bound(policy, 5).constant for policy in (exact, chain, tree)] == [
        (1 + v) ** k - 1 for k in (2, 5, 4)
    ]
    assert [sum_bound(policy, 5).constant for policy in (exact, chain, tree)] == [(1 + v) ** k - 1 for k in (1, 4, 3)]
    assert sum_bound(chain, 1).constant == 0
    assert matmul_bound(rounded(paper_float(3), accumulate="fma").policy, 5).constant == (1 + v) ** 5 - 1
    assert matmul_bound(rounded(paper_float(3), accumulate="exact-products").policy, 5).constant == v
    assert softmax_entry_bound(exact).constant == Fraction(9, 16)
    assert softmax_entry_bound(exact, exp_correctly_rounded=False).constant == Fraction(17, 28)
    assert attention_output_bound(exact).constant == Fraction(9, 8) ** 4 / Fraction(7, 8) ** 2 - 1


def test_bounds_of_a_wider_accumulator() -> None:
    policy = rounded(paper_float(2), accumulate=Accumulate("sequential", "rounded", paper_float(4))).policy
    assert sum_bound(policy, 3).constant == (1 + Fraction(1, 17)) ** 2 * (1 + Fraction(1, 5)) - 1


def test_bounds_name_hypotheses_and_lemma() -> None:
    policy = rounded(paper_float(3)).policy
    for bound in (
        matmul_bound(policy, 2),
        sum_bound(policy, 2),
        softmax_entry_bound(policy),
        attention_output_bound(policy),
    ):
        assert bound.hypotheses
        assert bound.label.replace(":", "_").replace("-", "_") in FILES


def test_bounds_refuse_what_they_do_not_cover() -> None:
    chain = rounded(paper_float(3), accumulate="sequential").policy
    truncated = rounded(paper_float(3), RTZ).policy
    for policy in (chain, truncated):
        with pytest.raises(UnsupportedError):
            softmax_entry_bound(policy)
        with pytest.raises(UnsupportedError):
            attention_output_bound(policy)
    with pytest.raises(UnsupportedError):
        rounding_constant(Fixed(8, -4), RNE)
    with pytest.raises(DomainError):
        sum_bound(chain, 0)
    with pytest.raises(DomainError):
        gamma(8, Fraction(1, 8))
