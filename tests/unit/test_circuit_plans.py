"""Connection functions by composition: words against their bits, plans against built circuits and integers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np
import pytest

from precise.circuits import OPERATIONS, build, evaluate, evaluate_bits
from precise.circuits.connection import assemble, sigma
from precise.circuits.connection_blocks import output, shift_size
from precise.circuits.connection_combine import Chain, Lanes, Majority
from precise.circuits.connection_dot import dot_family, result_bit
from precise.circuits.connection_float_sum import float_sum_plan
from precise.circuits.connection_floats import add_plan, floor_plan, less_equal_plan, multiply_plan
from precise.circuits.connection_gates import differing_gates
from precise.circuits.connection_integers import (
    PLANS,
    compare_plan,
    count_plan,
    interval_plan,
    leading_one_plan,
    sum_plan,
)
from precise.circuits.connection_integers import add_plan as integer_add_plan
from precise.circuits.connection_integers import multiply_plan as integer_multiply_plan
from precise.circuits.connection_pack import Shape
from precise.circuits.connection_plan import Plan
from precise.circuits.connection_sums import Columns, add_by_blocks, block_places
from precise.circuits.connection_table import FAMILIES, connection
from precise.circuits.connection_vectors import extremum_plan, negative_plan, select_plan
from precise.circuits.connection_words import Affine, Line
from precise.circuits.integer_operations import add_circuit
from precise.circuits.operations import DLOGTIME
from precise.circuits.summing import block_length, largest_in_block
from precise.errors import DomainError, UnsupportedError
from precise.modes import RAZ, RNA, RNE, RTN, RTO, RTP, RTZ, Rounding

RNG = np.random.default_rng(5)
SHAPE = Shape.of(2, 3)
SOME_PLANS: dict[str, Callable[[], Plan]] = {
    **{name: partial(plan, 4) for name, plan in PLANS.items()},
    "interval": lambda: interval_plan(5, 2, 4),
    "sum": lambda: sum_plan(2, 3),
    "sum, tight": lambda: sum_plan(2, 3, tight=True),
    "product, tight": lambda: integer_multiply_plan(3, tight=True),
    "float <=": lambda: less_equal_plan(SHAPE),
    "float +": lambda: add_plan(SHAPE),
    "float x": lambda: multiply_plan(SHAPE),
    "float floor": lambda: floor_plan(SHAPE),
    "negative": lambda: negative_plan(SHAPE),
    "select": lambda: select_plan(SHAPE),
    "max of 3": lambda: extremum_plan(SHAPE, 3),
    "min of 2": lambda: extremum_plan(SHAPE, 2, largest=False),
    "float sum": lambda: float_sum_plan(SHAPE, 2),
}


@pytest.mark.parametrize("name", SOME_PLANS)
def test_plans_list_what_they_answer(name: str) -> None:
    plan = SOME_PLANS[name]()
    inputs, gates = list(plan.inputs()), list(plan.gates())
    assert len(set(inputs)) == len(inputs) == plan.n_inputs
    assert len(set(gates)) == len(gates) == plan.n_gates
    assert all(plan.is_gate(g) and not plan.is_input(g) for g in gates)
    assert all(plan.is_input(h) and not plan.is_gate(h) for h in inputs)
    some = RNG.integers(0, 1 << plan.address_bits, 2000).tolist()
    assert all(plan.is_gate(g) == (g in set(gates)) for g in some)
    level = dict.fromkeys(inputs, 0)
    for g in gates:
        listed: Counter[int] = Counter()
        for h, weight in plan.sources(g):
            listed[h] += weight
        asked = {h: plan.weight(h, g) for h in (*inputs, *gates)}
        assert {h: w for h, w in listed.items() if w} == {h: w for h, w in asked.items() if w}
        level[g] = 1 + max((level[h] for h in listed), default=0)
        assert level[g] <= plan.level(g)
    assert plan.depth == max(plan.level(g) for g in gates)


def test_addresses_that_name_nothing_weigh_nothing() -> None:
    plan = integer_add_plan(3)
    gates, inputs = set(plan.gates()), set(plan.inputs())
    for h, g in product(range(1 << plan.address_bits), gates):
        if h not in gates and h not in inputs:
            assert plan.weight(h, g) == plan.weight(g, h) == 0
    assert all(plan.weight(h, x) == 0 for h in (*gates, *inputs) for x in inputs)


def test_outputs_must_be_gates() -> None:
    plan = Plan(4)
    x = plan.inputs_of("x", 2)
    with pytest.raises(DomainError, match=r"plan: outputs must be single gates; got \[\(2"):
        list(plan.results_are(Affine(1, ((2, x, 0),))).outputs())


BUILT: dict[str, tuple[Callable[[int], Plan], tuple[int, ...]]] = {
    **{
        name: (plan, (1, 2, 3, 5, 7)) for name, plan in PLANS.items() if name not in ("leading_one", "integer_multiply")
    },
    "integer_multiply": (lambda p: integer_multiply_plan(p, tight=True), (1, 2, 3, 4, 5)),
    "less_equal": (lambda p: less_equal_plan(Shape.as_built(p, p + 1)), (2, 3, 5)),
    "floor": (lambda p: floor_plan(Shape.as_built(p, p + 1)), (2, 3, 5)),
    "multiply": (lambda p: multiply_plan(Shape.as_built(p, p + 1), tight=True), (3,)),
    "add": (lambda p: add_plan(Shape.as_built(p, p + 1)), (3,)),
    "subtract": (lambda p: add_plan(Shape.as_built(p, p + 1), minus=True), (2,)),
    "negative": (lambda p: negative_plan(Shape.of(p, p + 1)), (2, 4)),
    "select": (lambda p: select_plan(Shape.of(p, p + 1)), (2, 4)),
}


@pytest.mark.parametrize(("name", "p"), [(name, p) for name, (_, sizes) in BUILT.items() for p in sizes])
def test_gates_are_those_of_the_built_circuit(name: str, p: int) -> None:
    assert differing_gates(assemble(BUILT[name][0](p)), build(name, p)) == 0


@pytest.mark.parametrize(("width", "count"), [(3, 2), (2, 3), (3, 4), (2, 5), (3, 8)])
def test_sums_are_those_of_the_built_circuit(width: int, count: int) -> None:
    built = build("integer_sum", width, count)
    assert differing_gates(assemble(sum_plan(width, count, tight=True)), built) == 0
    assert differing_gates(assemble(sum_plan(width, count)), built) > 0 or count == 2


@pytest.mark.parametrize(
    ("name", "p", "n"), [("max", 2, 3), ("max", 3, 4), ("min", 3, 3), ("sum", 2, 2), ("sum", 3, 2)]
)
def test_operations_on_several_floats_are_those_that_are_built(name: str, p: int, n: int) -> None:
    shape = Shape.as_built(p, p + 1)
    plan = float_sum_plan(shape, n, tight=True) if name == "sum" else extremum_plan(shape, n, largest=name == "max")
    assert differing_gates(assemble(plan), build(name, p, n)) == 0


@pytest.mark.parametrize("mode", [RNE, RNA, RTZ, RTP, RTN, RAZ, RTO], ids=str)
def test_every_mode_is_as_built(mode: Rounding) -> None:
    shape = Shape.as_built(2, 3, mode.code)
    assert differing_gates(assemble(add_plan(shape)), build("add", 2, rounding=mode)) == 0
    assert differing_gates(assemble(multiply_plan(shape, tight=True)), build("multiply", 2, rounding=mode)) == 0


def test_modes_are_deterministic() -> None:
    with pytest.raises(UnsupportedError, match="connection: rounding must be a deterministic mode; got SR"):
        add_plan(Shape.of(2, 3, "SR"))


@pytest.mark.parametrize("width", range(1, 14))
def test_sums_by_blocks(width: int) -> None:
    plan = Plan(width)
    x, y = plan.inputs_of("x", width), plan.inputs_of("y", width)
    plan.results_are(output(plan, add_by_blocks(plan, "sum", Affine(width, ((1, x, 0), (1, y, 0))), width)))
    assert len(list(plan.gates())) == plan.n_gates
    built = evaluate(add_circuit(width, blocks=True), *(words := RNG.integers(0, 1 << width, size=(2, 500))))[0]
    lanes = np.concatenate([word[None] >> np.arange(width)[:, None] & 1 for word in words]).astype(np.uint8)
    got = evaluate_bits(assemble(plan), lanes).astype(np.int64)
    assert np.array_equal((got << np.arange(width)[:, None]).sum(axis=0), words.sum(axis=0) % (1 << width))
    assert np.array_equal(built, words.sum(axis=0))


def test_products_become_the_terms_of_a_sum() -> None:
    family = dot_family(SHAPE, 2)
    products = multiply_plan(SHAPE)
    bits = [result_bit(products, g) for g in products.outputs()]
    assert bits == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0)]
    assert all(result_bit(products, g) == (-1, 0) for g in set(products.gates()) - set(products.outputs()))
    fed = {family.joint(g) for g in family.first.outputs()}
    assert fed == set(family.second.inputs())
    assert len(list(family.inputs())) == 4 * 6


def test_circuits_that_differ_are_told_apart() -> None:
    assert differing_gates(build("add", 3), build("subtract", 3)) > 0
    assert differing_gates(build("integer_add", 3), build("integer_add", 3)) == 0
    assert differing_gates(assemble(interval_plan(5, 2, 4)), assemble(interval_plan(5, 2, 5))) > 0


@pytest.mark.parametrize(("bits", "count"), [(8, 8), (7, 5), (4, 16)])
def test_larger_sums(bits: int, count: int) -> None:
    words = RNG.integers(0, 1 << bits, size=(count, 200))
    words[:, 0] = (1 << bits) - 1
    lanes = np.concatenate([w[None] >> np.arange(bits)[:, None] & 1 for w in words]).astype(np.uint8)
    circuit = assemble(sum_plan(bits, count))
    got = evaluate_bits(circuit, lanes).astype(np.int64)
    assert np.array_equal((got << np.arange(len(got))[:, None]).sum(axis=0), words.sum(axis=0))
    assert circuit.depth == 5


@pytest.mark.parametrize("height", [1, 2, 3, 4, 7, 33, 1025, 2**20])
def test_blocks_are_as_long_as_built(height: int) -> None:
    assert 1 << block_places(height) == block_length(height)


@pytest.mark.parametrize("heights", [(3,) * 6, (1, 2, 3, 4, 3, 2, 1), (0, 5, 0, 2)])
def test_largest_values_of_blocks(heights: tuple[int, ...]) -> None:
    columns = Columns(Line(0, len(heights)), lambda v: heights[v], max(heights), sum(heights))
    for start, length in product(range(0, 12, 2), (1, 2, 4)):
        assert columns.largest(start, length) == largest_in_block(heights, start, length)


def test_sizes_of_shifts() -> None:
    for length, low, width, start, stop in product((4, 7), (0, 3), (3, 4, 7), (0, 1), (3, 6)):
        pairs = [(i, d) for i in range(width) for d in range(start, stop) if low <= i + d < length]
        assert shift_size(length, (start, stop), low, width) == len(pairs)


@pytest.mark.parametrize("exponent", [20, 64, 1024])
def test_far_floats_weigh_what_the_construction_says(exponent: int) -> None:
    """Rounding at a leading place k: twice k - p + 2 for the leading one, once for the guard bit, 1 below."""
    p = 1 << exponent
    plan = add_plan(Shape.of(p, p + 1))
    at = {kind.name: number for number, kind in enumerate(plan.kinds)}
    pack = plan.layout.pack
    for k in (p, p + 1, p + 3):
        g, size = pack(at["moves up"], k), k - p + 2
        assert plan.weight(pack(at["leading one"], k), g) == 2 * size
        assert plan.weight(pack(at["leading one"], k - 1), g) == 0
        for kind in ("sum", "difference", "difference reversed"):
            weights = [plan.weight(pack(at[kind], i), g) for i in range(k - p + 3)]
            assert weights == [*[1] * (k - p), size, 1, 0]
        assert plan.threshold(g) == 3 * size + 1
    far = plan.kinds[at["x ahead by d"]]
    assert far.first == (0, p + 2)
    # A distance d: literals of the difference of the fields, whose bit i is x_i + (1 - y_i) + carries.
    for d in (0, 1, 5, p + 1):
        g = pack(at["x ahead by d"], d)
        for i in (0, 1, 2, exponent, p):
            sign = 1 if d >> i & 1 else -1
            assert plan.weight(pack(at["x: field"], i), g) == sign
            assert plan.weight(pack(at["y: field"], i), g) == -sign
    product_plan = multiply_plan(Shape.of(p, p + 1))
    at = {kind.name: number for number, kind in enumerate(product_plan.kinds)}
    length = 1 << block_places(p.bit_length())
    for v in (2 * length, 3 * length - 1, p // length * length, p - 1):
        for k in (1, 2, 3, 4, 6, 8):
            g = product_plan.layout.pack(at["product: block"], v // length, 1)
            right = sum(sigma(j, k) << (v + j) % length for j in range(length) if (v + j) // length == v // length)
            assert product_plan.weight(product_plan.layout.pack(at["product: column"], v, k), g) == right


def test_lanes_of_a_column_wise_product() -> None:
    """Rows (i1, i2) and column c read elements (i1, c) and (i2, c): strides are powers of two."""
    inner = integer_multiply_plan(1)
    lanes = Lanes(
        inner=inner,
        lane_bits=3,
        holds=lambda lane: lane < 8,
        operand=lambda inside: inner.layout.split(inside)[0],
        element=lambda lane, operand: (lane >> 1 & 2 if operand == 0 else lane & 2) | (lane & 1),
        elements=lambda operand: 4,
    )
    circuit = assemble(lanes)
    bits = (np.arange(256)[None] >> np.arange(8)[:, None] & 1).astype(np.uint8)
    got = evaluate_bits(circuit, bits).reshape(8, 2, 256)
    for first, second, column in product(range(2), repeat=3):
        right = bits[2 * first + column] * bits[4 + 2 * second + column]
        assert np.array_equal(got[4 * first + 2 * second + column, 0], right)
    gates, inputs = set(lanes.gates()), set(lanes.inputs())
    everything = range(1 << lanes.address_bits + 1)
    assert {g for g in everything if lanes.is_gate(g)} == gates
    assert {h for h in everything if lanes.is_input(h)} == inputs


def test_chains_leave_no_fed_inputs() -> None:
    first, second = compare_plan(2), count_plan(3)
    output = next(first.outputs())
    chain = Chain(first, second, lambda a: 0 if a == output else -1, lambda a: a == 0)
    circuit = assemble(chain)
    bits = (np.arange(64)[None] >> np.arange(6)[:, None] & 1).astype(np.uint8)
    got = evaluate_bits(circuit, bits)
    x, y = bits[0] + 2 * bits[1], bits[2] + 2 * bits[3]
    assert np.array_equal(got[0] + 2 * got[1], (x >= y) + bits[4] + bits[5])
    everything = range(1 << chain.address_bits + 1)
    assert {g for g in everything if chain.is_gate(g)} == set(chain.gates())
    assert {h for h in everything if chain.is_input(h)} == set(chain.inputs())
    assert circuit.depth == 5


def test_majority_has_as_many_slots_as_weights() -> None:
    plan = leading_one_plan(3)
    majority = Majority(plan)
    signals = [*plan.inputs(), *plan.gates()]
    for g in plan.gates():
        for h in signals:
            weight = plan.weight(h, g)
            slots = [majority.slot(h, copy, g) for copy in range(-1, 4)]
            assert slots == [0, *[(weight > 0) - (weight < 0)] * abs(weight), *[0] * (4 - abs(weight))]
        assert majority.padding(g) == 2 * plan.threshold(g) - 1


def test_what_is_called_uniform_has_a_connection_function() -> None:
    """The table of operations and that of connection functions agree, and others say why there is none."""
    uniform = {name for name, line in OPERATIONS.items() if line.uniformity == DLOGTIME}
    assert set(FAMILIES) == uniform
    for name in set(OPERATIONS) - uniform:
        with pytest.raises(UnsupportedError, match=f"got '{name}', wired from tables"):
            connection(name, 4)
    with pytest.raises(DomainError, match="operation must be one of"):
        connection("less", 4)


@pytest.mark.parametrize("name", FAMILIES)
def test_members_of_any_size_answer(name: str) -> None:
    """No member is built: an address in the middle of nowhere names nothing, the outputs of small ones are gates."""
    far = connection(name, 1 << 200, 1 << 200)
    assert not far.is_gate((1 << 2000) - 1)
    assert far.weight((1 << 2000) - 1, (1 << 2000) - 2) == 0
    small = connection(name, 3)
    signals = {*small.inputs(), *small.gates()}
    assert signals.issuperset(small.outputs())
    assert len(list(small.inputs())) == build(name, 3).n_inputs
    if name != "dot":
        assert differing_gates(assemble(connection(name, 2, as_built=True)), build(name, 2)) == 0


def test_the_width_of_the_field_is_free() -> None:
    assert differing_gates(assemble(connection("floor", 2, w=5)), build("floor", 2, w=5)) == 0
