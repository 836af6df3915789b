"""Builder, finished circuits and engines, against a slow evaluation written here."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from precise.circuits import Circuit, Port, build, engines, evaluate, evaluate_bits, measure
from precise.circuits.builder import Builder
from precise.circuits.circuit import check, finish
from precise.circuits.form import Form, constant_word, total, weighted_sum
from precise.circuits.majority import as_majority, as_threshold
from precise.circuits.measure import gates_by_level
from precise.errors import DomainError, ShapeError, UnsupportedError
from precise.modes import SR

RNG = np.random.default_rng(5)
evaluation = import_module("precise.circuits.evaluate")  # the package has a function of that name


def slow(circuit: Circuit, bits: list[int]) -> list[int]:
    """Return the outputs at one input, gate by gate in Python integers."""
    signals = list(bits)
    for row in range(circuit.n_rows):
        wires = range(int(circuit.row_starts[row]), int(circuit.row_starts[row + 1]))
        value = sum(int(circuit.row_weights[k]) * signals[circuit.row_sources[k]] for k in wires)
        gates = range(int(circuit.row_gates[row]), int(circuit.row_gates[row + 1]))
        signals += [int(value >= circuit.gate_thresholds[g]) for g in gates]
    pairs = zip(circuit.output_sources.tolist(), circuit.output_negated.tolist(), strict=True)
    return [(signals[s] if s >= 0 else 0) ^ negated for s, negated in pairs]


def random_circuit(inputs: int, gates: int) -> Circuit:
    """Return a circuit with weights of all sizes and signs, and thresholds that matter."""
    b = Builder(inputs)
    forms = list(b.inputs())
    for _ in range(gates):
        chosen = RNG.choice(len(forms), size=min(len(forms), 1 + int(RNG.integers(6))), replace=False)
        form = weighted_sum((int(RNG.integers(-9, 10)) or 300, forms[i]) for i in chosen)
        low, high = form.bounds()
        forms += b.gates(form, RNG.integers(low, high + 2, size=2).tolist())
    return finish(b, [Port("x", inputs)], [("y", forms[inputs:])])


@pytest.mark.parametrize("engine", engines())
@pytest.mark.parametrize("lanes", [1, 63, 64, 65, 700])
def test_engines_give_what_the_slow_evaluation_gives(engine: str, lanes: int) -> None:
    for _ in range(4):
        circuit = random_circuit(7, 30)
        check(circuit)
        bits = RNG.integers(0, 2, size=(7, lanes)).astype(np.uint8)
        got = evaluate_bits(circuit, bits, engine=engine, threads=2)
        for lane in range(0, lanes, 13):
            assert got[:, lane].tolist() == slow(circuit, bits[:, lane].tolist())


def test_engines_agree_on_a_float_operation() -> None:
    circuit = build("multiply", 6)
    bits = RNG.integers(0, 2, size=(circuit.n_inputs, 70_000)).astype(np.uint8)
    results = [evaluate_bits(circuit, bits, engine=e, threads=t) for e in engines() for t in (1, 2)]
    assert all(np.array_equal(results[0], r) for r in results)


def test_an_engine_sees_a_changed_threshold() -> None:
    circuit = build("integer_add", 4)
    thresholds = circuit.gate_thresholds.copy()
    thresholds[3] += 1
    x, y = np.divmod(np.arange(256), 16)
    for engine in engines():
        assert not np.array_equal(
            evaluate(circuit, x, y, engine=engine)[0],
            evaluate(replace(circuit, gate_thresholds=thresholds), x, y, engine=engine)[0],
        )


def test_gates_are_folded_and_merged() -> None:
    b = Builder(3)
    x, y, z = b.inputs()
    one, two = b.gates(x + y, (1, 2))
    assert (b.gate(x + y, 3).constant, b.gate(x + y, 0).constant) == (0, 1)
    assert b.gate(2 * x + 2 * y, 3).terms == two.terms  # a common factor
    assert b.gate(1 - x + (1 - y), 1).terms == (1 - two).terms  # a negated row: not both
    assert b.gate(x).terms == x.terms and b.gate(1 - x).terms == (1 - x).terms  # no gate for a wire
    assert b.gate(5 * x, 3).terms == x.terms
    assert len(b.gate_rows) == 2 and len(b.row_levels) == 1
    assert (b.level(x), b.level(one), b.level(b.gate(one + z, 2)), b.level([one - two, z])) == (0, 1, 2, 1)


def test_dead_gates_are_left_out_and_outputs_are_single_gates() -> None:
    b = Builder(2)
    x, y = b.inputs()
    one, two = b.gates(x + y, (1, 2))
    b.gate(x - y)
    circuit = finish(b, [Port("x", 2)], [("r", [one - two, 1 - two, x, constant_word(1, 1)[0]])])
    assert (circuit.n_gates, circuit.depth, circuit.n_outputs) == (3, 2, 4)
    assert [slow(circuit, [i, j]) for i, j in product((0, 1), repeat=2)] == [
        [0, 1, 0, 1],
        [1, 1, 0, 1],
        [1, 1, 1, 1],
        [0, 0, 1, 1],
    ]


def test_measure_counts_by_hand() -> None:
    b = Builder(3)
    x, y, z = b.inputs()
    gates = b.gates(2 * x + 2 * y - 3 * z, (1, 2, 4))
    cost = measure(finish(b, [Port("x", 3)], [("r", [*gates, b.gate(gates[0] + x, 2)])]))
    assert (cost.depth, cost.gates, cost.rows, cost.wires, cost.stored_wires) == (2, 4, 2, 11, 5)
    assert (cost.maj_wires, cost.largest_weight, cost.largest_sum, cost.fan_in) == (23, 3, 7, 3)


def test_levels_are_counted() -> None:
    circuit = build("add", 4)
    assert sum(gates_by_level(circuit)) == circuit.n_gates and len(gates_by_level(circuit)) == circuit.depth


@pytest.mark.parametrize("fan_in", [1, 2, 3])
def test_majority_and_threshold_simulate_each_other(fan_in: int) -> None:
    words = list(product((0, 1), repeat=fan_in))
    for weights in product(range(-3, 4), repeat=fan_in):
        for t in range(-10, 11):
            gate = as_majority(weights, t)
            assert [gate.value(w) for w in words] == [sum(map(int.__mul__, weights, w)) >= t for w in words]
    weights, t = as_threshold(fan_in)
    assert [sum(map(int.__mul__, weights, w)) >= t for w in words] == [2 * sum(w) > fan_in for w in words]


def test_check_refuses_what_is_no_circuit() -> None:
    circuit = build("integer_add", 3)
    late = circuit.row_sources.copy()
    late[0] = circuit.n_inputs + circuit.n_gates - 1
    zero = circuit.row_weights.copy()
    zero[2] = 0
    deep = circuit.gate_levels + 1
    for wrong in (
        replace(circuit, row_sources=late),
        replace(circuit, row_weights=zero),
        replace(circuit, gate_levels=deep),
        replace(circuit, output_sources=circuit.output_sources + circuit.n_gates + 6),
    ):
        with pytest.raises(DomainError, match="circuit: "):
            check(wrong)
    check(circuit)


def test_bad_requests_say_what_is_wrong() -> None:
    circuit = build("parity", 3)
    with pytest.raises(ShapeError, match=r"arguments must be 1; got 2"):
        evaluate(circuit, [1], [2])
    with pytest.raises(ShapeError, match="one length"):
        evaluate(build("integer_add", 2), [1], [2, 3])
    with pytest.raises(UnsupportedError, match="engine must be one of"):
        evaluate(circuit, [1], engine="abacus")
    with pytest.raises(DomainError, match="operation must be one of"):
        build("frobnicate", 4)
    with pytest.raises(DomainError, match="p and n must be at least 1"):
        build("add", 0)
    with pytest.raises(UnsupportedError, match="rounding must be one of"):
        build("add", 4, rounding=SR)


def test_forms_are_sums() -> None:
    b = Builder(2)
    x, y = b.inputs()
    form = total([x, y, x], 4) - 2 * x - y
    assert (dict(form.terms), form.constant, form.is_constant) == ({}, 4, True)
    assert (3 - 2 * x).bounds() == (1, 3)
    assert repr(Form({0: -2}, 1)) == "1 -2*s0"


def test_contracts_are_kept_for_tests() -> None:
    b = Builder(2, contracts=True)
    x, y = b.inputs()
    b.exact(x + y, "wrong on purpose")
    assert b.contracts is not None
    assert [(c.says, c.low, c.high, c.form.bounds()) for c in b.contracts] == [("wrong on purpose", 0, 1, (0, 2))]


def test_compiled_loops_that_are_wrong_or_unwanted_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not evaluation._passes_self_test(SimpleNamespace(run=lambda *_: None))
    monkeypatch.setenv("PRECISE_NO_EXTENSION", "1")
    assert evaluation.extension.__wrapped__() is None
    monkeypatch.setenv("PRECISE_NO_EXTENSION", "")
    monkeypatch.setitem(sys.modules, "precise.circuits._evaluate", None)
    assert evaluation.extension.__wrapped__() is None
