"""Words: additions, products, counts, shifts on all small inputs, and the guarantees of exact forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from precise.circuits import Port, build, evaluate, evaluate_bits
from precise.circuits.addition import increment, negate_where, subtract
from precise.circuits.builder import Builder
from precise.circuits.circuit import finish
from precise.circuits.float_add import float_add
from precise.circuits.float_divide import float_divide
from precise.circuits.float_floor import float_floor
from precise.circuits.float_multiply import float_multiply
from precise.circuits.float_sum import float_sum
from precise.circuits.floats import FloatWires, Layout, float_inputs
from precise.circuits.form import Word, total
from precise.circuits.integer_operations import add_circuit, sum_circuit
from precise.circuits.remainders import Wanted, guard_columns, primes_beyond, reconstruct, residue_of_word
from precise.circuits.shifting import leading_one
from precise.circuits.symmetric import bits_of, function_of, symmetric, where_word

RNG = np.random.default_rng(11)


def pairs(width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of words."""
    both = np.arange(1 << 2 * width)
    return both >> width, both & ((1 << width) - 1)


def of_words(rule: Callable[[Builder, Word, Word], Word], width: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return what a rule on two words gives."""
    b = Builder(2 * width)
    bits = b.inputs()
    circuit = finish(b, [Port("x", width), Port("y", width)], [("r", rule(b, bits[:width], bits[width:]))])
    return evaluate(circuit, x, y)[0]


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize("width", [1, 2, 3, 5, 6])
def test_sums_of_two(width: int, blocks: bool) -> None:
    x, y = pairs(width)
    assert np.array_equal(evaluate(add_circuit(width, blocks=blocks), x, y)[0], x + y)
    difference = of_words(lambda b, s, t: subtract(b, s, t, blocks=blocks).word, width, x, y)
    assert np.array_equal(difference, x - y + (1 << width))
    assert np.array_equal(evaluate(build("integer_compare", width), x, y)[0], x >= y)


@pytest.mark.parametrize("width", [1, 2, 4])
def test_increment_negate_and_choice(width: int) -> None:
    x, y = pairs(width)
    low = y & 1
    assert np.array_equal(of_words(lambda b, s, t: increment(b, s, t[0]).word, width, x, y), x + low)
    negated = of_words(lambda b, s, t: negate_where(b, s, t[0]), width, x, y)
    assert np.array_equal(negated, np.where(low, -x, x) % (1 << width))
    chosen = of_words(lambda b, s, t: where_word(b, s[0], s, t), width, x, y)
    assert np.array_equal(chosen, np.where(x & 1, x, y))


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_products(width: int) -> None:
    x, y = pairs(width)
    assert np.array_equal(evaluate(build("integer_multiply", width), x, y)[0], x * y)


@pytest.mark.parametrize(("counted", "blocks"), [(True, False), (True, True), (False, False), (False, True)])
@pytest.mark.parametrize(("width", "count"), [(1, 9), (2, 5), (5, 3), (7, 20), (16, 17)])
def test_sums_of_many(width: int, count: int, counted: bool, blocks: bool) -> None:
    words = RNG.integers(0, 1 << width, size=(count, 500))
    words[:, 0], words[:, 1] = 0, (1 << width) - 1
    circuit = sum_circuit(width, count, counted=counted, blocks=blocks)
    assert np.array_equal(evaluate(circuit, *words)[0], words.sum(axis=0))


@pytest.mark.parametrize("width", [1, 2, 7, 10])
def test_counts_and_symmetric_functions(width: int) -> None:
    words = np.arange(1 << width)
    ones = np.array([int(w).bit_count() for w in words])
    assert np.array_equal(evaluate(build("count", width), words)[0], ones)
    assert np.array_equal(evaluate(build("parity", width), words)[0], ones % 2)
    b = Builder(width)
    prime = symmetric(b, b.inputs(), lambda k: int(k in (2, 3, 5, 7)))
    number = function_of(b, total(b.inputs()), [k * k for k in range(width + 1)])
    circuit = finish(b, [Port("x", width)], [("prime", [prime]), ("square", bits_of(b, number, width * width))])
    got = evaluate(circuit, words)
    assert np.array_equal(got[0], np.isin(ones, (2, 3, 5, 7))) and np.array_equal(got[1], ones * ones)


@pytest.mark.parametrize("width", [1, 3, 6])
def test_shift_and_leading_one(width: int) -> None:
    circuit = build("shift", width)
    x, d = (g.ravel() for g in np.meshgrid(np.arange(1 << width), np.arange(1 << circuit.inputs[1].width)))
    assert np.array_equal(evaluate(circuit, x, d)[0], np.where(d < width, x >> d, 0))
    b = Builder(width)
    hot = finish(b, [Port("x", width)], [("r", leading_one(b, b.inputs()))])
    words = np.arange(1 << width)
    right = [1 << int(w).bit_length() >> 1 for w in words]
    assert evaluate(hot, words)[0].tolist() == right


@pytest.mark.parametrize("bits", [3, 6, 9])
def test_chinese_remainders_give_the_number_back(bits: int) -> None:
    b = Builder(bits)
    moduli = primes_beyond(bits + 1)
    residues = {m: b.materialise(residue_of_word(b, b.inputs(), m)) for m in moduli}
    whole = reconstruct(b, residues, Wanted(0, bits))
    top = reconstruct(b, residues, Wanted(2, bits, guard_columns(len(moduli))))
    circuit = finish(b, [Port("x", bits)], [("whole", whole), ("top", top)])
    numbers = np.arange(1 << bits)
    got = evaluate(circuit, numbers)
    assert np.array_equal(got[0], numbers)
    short = (numbers >> 2) - got[1]  # columns are left out: at most one unit too small
    assert set(short.tolist()) <= {0, 1}


def contracts_hold(b: Builder, layout: Layout, floats: list[FloatWires], result: FloatWires, lanes: int) -> int:
    """Check every guaranteed form of a circuit on random members, and return how many there were."""
    assert b.contracts
    forms = [(c.says, c.form - c.low, c.high - c.low) for c in b.contracts]
    outputs = []
    for _, form, span in forms:
        low, high = form.bounds()
        outside = b.gate(form, span + 1) + (1 - b.gate(form, 0))
        assert low <= high
        outputs.append(outside)
    circuit = finish(b, [layout.port(f"x{i}") for i in range(len(floats))], [("r", result.bits), ("wrong", outputs)])
    p, w = layout.p, layout.w
    code = RNG.integers(1 << (p - 1), 1 << p, size=(len(floats), lanes))
    field = np.clip(RNG.integers(0, 1 << w, lanes) + RNG.integers(-p, p + 1, (len(floats), lanes)), 0, (1 << w) - 1)
    code |= field << p | RNG.integers(0, 2, (len(floats), lanes)) << (p + w)
    code[RNG.random(code.shape) < 0.05] = 0
    bits = np.concatenate([(c[None] >> np.arange(layout.width)[:, None] & 1) for c in code]).astype(np.uint8)
    wrong = evaluate_bits(circuit, bits)[layout.width :].any(axis=1)
    assert [forms[i][0] for i in np.flatnonzero(wrong)] == []
    return len(forms)


@pytest.mark.parametrize("p", [2, 3, 5])
@pytest.mark.parametrize("rule", [float_add, float_multiply, float_divide])
def test_guarantees_of_binary_operations(rule: Callable[..., FloatWires], p: int) -> None:
    layout = Layout.paper(p)
    b, floats = float_inputs(layout, 2, contracts=True)
    assert contracts_hold(b, layout, floats, rule(b, *floats, layout), 2000) > 10


@pytest.mark.parametrize("p", [3, 6])
def test_guarantees_of_floor(p: int) -> None:
    layout = Layout.paper(p)
    b, floats = float_inputs(layout, 1, contracts=True)
    assert contracts_hold(b, layout, floats, float_floor(b, *floats, layout), 2000) > 3


@pytest.mark.parametrize(("p", "n"), [(2, 3), (4, 4), (5, 3)])
def test_guarantees_of_sums(p: int, n: int) -> None:
    layout = Layout.paper(p)
    b, floats = float_inputs(layout, n, contracts=True)
    assert contracts_hold(b, layout, floats, float_sum(b, floats, layout), 2000) > 10
