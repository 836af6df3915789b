"""Connection functions: what they assemble, and what they say far beyond what can be built."""

from __future__ import annotations

import numpy as np
import pytest

from precise.circuits import build, evaluate, evaluate_bits
from precise.circuits.connection import BLOCK, COLUMN, AdderFamily, SumFamily, assemble, sigma

RNG = np.random.default_rng(2)


@pytest.mark.parametrize("width", [1, 2, 3, 5, 7])
def test_the_adder_from_its_connections(width: int) -> None:
    circuit = assemble(AdderFamily(width))
    both = np.arange(1 << 2 * width)
    assert np.array_equal(evaluate(circuit, both)[0], (both >> width) + (both & ((1 << width) - 1)))
    assert circuit.depth == build("integer_add", width).depth
    assert circuit.n_gates == build("integer_add", width).n_gates


@pytest.mark.parametrize(("count", "bits"), [(2, 4), (4, 4), (8, 8), (16, 8), (5, 7)])
def test_the_sum_from_its_connections(count: int, bits: int) -> None:
    family = SumFamily(count, bits)
    circuit = assemble(family)
    words = RNG.integers(0, 1 << bits, size=(count, 300))
    words[:, 0] = (1 << bits) - 1
    lanes = np.concatenate([w[None] >> np.arange(bits)[:, None] & 1 for w in words]).astype(np.uint8)
    got = (evaluate_bits(circuit, lanes).astype(np.int64) << np.arange(family.width)[:, None]).sum(axis=0)
    assert np.array_equal(got, words.sum(axis=0))
    assert circuit.depth == build("integer_sum", bits, count).depth


@pytest.mark.parametrize("family", [AdderFamily(5), SumFamily(3, 2), SumFamily(4, 3)])
def test_gates_are_exactly_those_that_are_enumerated(family: AdderFamily | SumFamily) -> None:
    gates = list(family.gates())
    assert len(set(gates)) == len(gates)
    assert {g for g in range(8 << 2 * family.fields.bits) if family.is_gate(g)} == set(gates)


def test_sources_come_first_and_wrong_orders_weigh_nothing() -> None:
    for family in (AdderFamily(4), SumFamily(4, 3)):
        signals = [*family.inputs(), *family.gates()]
        place = {s: i for i, s in enumerate(signals)}
        for g in family.gates():
            assert all(place[h] < place[g] for h in signals if family.weight(h, g))


def test_bits_of_counts_telescope() -> None:
    for value in range(70):
        assert [sum(sigma(j, k) for k in range(1, value + 1)) for j in range(7)] == [value >> j & 1 for j in range(7)]


@pytest.mark.parametrize("exponent", [64, 1024])
def test_far_members_are_like_small_ones(exponent: int) -> None:
    """The weight of a column in a block of a huge member is the number that its bits inside the block make."""
    family = SumFamily(1 << exponent, 1 << exponent)
    pack, length = family.fields.pack, family.length
    for v in (0, 1, length - 1, length, (1 << exponent) - 1):
        for k in (1, 2, 3, 12, 1 << (length - 1), (1 << exponent) - 1, 1 << exponent):
            for q in {v // length, v // length + 1}:
                places = [j for j in range(family.count.bit_length()) if q * length <= v + j < (q + 1) * length]
                right = sum(sigma(j, k) << (v + j - q * length) for j in places)
                assert family.weight(pack(COLUMN, v, k), pack(BLOCK, q, 1)) == right
