"""The netlist semantics: the bodies as circuits, against rounded arithmetic, and depths against sums of the parts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from precise import RNE, paper_float, rounded
from precise.circuits import Layout, operation
from precise.errors import DomainError, NamespaceError, UnsupportedError
from precise.nn import (
    face_splitting,
    khatri_rao,
    kron,
    layer_norm,
    rope,
    rope_attention_layer,
    rope_tensor_attention_layer,
    softmax,
    tensor_attention_layer,
)
from precise.semantics.netlist import Netlist, circuit_of, netlist, network_size

DEPTH = {name: operation(name).depth for name in ("add", "multiply", "divide", "sum", "exp", "sqrt", "sin", "cos")}
RNG = np.random.default_rng


def agree(p: int, body: Callable[..., object], *inputs: np.ndarray) -> tuple[int, int]:
    """Compare a body in the netlist with the same body rounded; return the depth and the number of results."""
    wires, numbers = netlist(p), rounded(paper_float(p))
    found = body(*(wires.asarray(x) for x in inputs))
    expected = body(*(numbers.asarray(x) for x in inputs))
    assert np.array_equal(found.to_float64(), expected.to_float64())  # type: ignore[attr-defined]
    return network_size(found).depth, found.data.size  # type: ignore[arg-type, attr-defined]


@pytest.mark.parametrize("p", [2, 3])
def test_every_pair_against_exact_arithmetic(p: int) -> None:
    xp = netlist(p)
    members = [Layout.paper(p).decode(code) for code in Layout.paper(p).codes()]
    values = [x.to_fraction() for x in members if abs(x.to_fraction()) < 8 and abs(x.to_fraction()) > Fraction(1, 8)]
    pairs = list(product(values, repeat=2))
    x, y = (xp.asarray(np.array(column, dtype=object)) for column in zip(*pairs, strict=True))
    assert [bool(v) for v in xp.less_equal(x, y).data] == [a <= b for a, b in pairs]
    assert [bool(v) for v in xp.less(x, y).data] == [a < b for a, b in pairs]
    for name, rule in (("maximum", max), ("minimum", min)):
        assert [v.to_fraction() for v in getattr(xp, name)(x, y).elements()] == [rule(a, b) for a, b in pairs]
    chosen = xp.where(xp.less(x, y), x, xp.negative(y))
    assert [v.to_fraction() for v in chosen.elements()] == [a if a < b else -b for a, b in pairs]
    assert network_size(chosen).depth == 4 + 2
    assert [v.to_fraction() for v in xp.abs(x).elements()] == [abs(a) for a, _ in pairs]


def test_extrema_of_several_and_their_ties() -> None:
    xp = netlist(3)
    rows = list(product((-2, 0, 1, 3), repeat=3))
    x = xp.asarray(np.array(rows, dtype=object))
    assert [int(v.to_fraction()) for v in xp.max(x, axis=-1).elements()] == [max(r) for r in rows]
    assert [int(v.to_fraction()) for v in xp.min(x, axis=-1).elements()] == [min(r) for r in rows]
    assert network_size(xp.max(x, axis=-1)).depth == operation("max").depth == 6


def test_softmax_of_four_numbers() -> None:
    depth, results = agree(6, softmax, RNG(0).normal(size=(2500, 4)) * 2)
    assert results == 10_000
    assert depth == DEPTH["exp"] + DEPTH["sum"] + DEPTH["divide"]
    depth, _ = agree(4, lambda z: softmax(z, variant="shifted"), RNG(1).normal(size=(200, 4)) * 3)
    assert depth == operation("max").depth + DEPTH["add"] + DEPTH["exp"] + DEPTH["sum"] + DEPTH["divide"]


def test_a_rotation() -> None:
    depth, results = agree(6, rope, RNG(2).normal(size=(1700, 3, 2)), np.array([1.0, 2, 3]), np.array([1.0]))
    assert results > 10_000
    # angle, then sine or cosine, then (for the first plane) a negation, a product and a sum
    first = DEPTH["sin"] + 1 + DEPTH["multiply"] + DEPTH["add"]
    second = max(DEPTH["cos"], DEPTH["sin"]) + DEPTH["multiply"] + DEPTH["add"]
    assert depth == DEPTH["multiply"] + max(first, second)


@pytest.mark.parametrize("variant", ["pair-sum", "first-key"])
def test_a_head_of_rope_tensor_attention(variant: str) -> None:
    def body(*arrays: object) -> object:
        return rope_tensor_attention_layer(*arrays[:-1], theta=arrays[-1], variant=variant)  # type: ignore[call-overload]

    rng = RNG(3)
    weights = [rng.normal(size=(2, 2)) for _ in range(5)]
    depth, results = agree(6, body, rng.normal(size=(24, 3, 2)), *weights, np.array([0.5]))
    assert results == 24 * 3 * 2
    s, product_and_sum = DEPTH["multiply"], DEPTH["multiply"] + DEPTH["sum"]
    rotation = s + DEPTH["sin"] + 2  # angle, sine, and two negations: q R is the rotation of q by the opposite angle
    scores = max(product_and_sum, rotation) + 2 * product_and_sum + DEPTH["divide"] + DEPTH["exp"]
    assert depth == scores + product_and_sum + DEPTH["divide"]


@pytest.mark.parametrize("p", [3, 6])
def test_other_bodies(p: int) -> None:
    rng = RNG(4)
    x, eye = rng.normal(size=(2, 3, 2)), [rng.normal(size=(2, 2)) for _ in range(5)]
    agree(p, tensor_attention_layer, x, *eye)
    agree(p, lambda *a: rope_attention_layer(*a[:-1], theta=a[-1]), x, *eye[:3], np.array([0.5]))
    for body in (kron, khatri_rao, face_splitting):
        depth, _ = agree(p, body, eye[0], eye[1])
        assert depth == DEPTH["multiply"] if p == 6 else depth <= DEPTH["multiply"]
    agree(p, lambda a: layer_norm(a, epsilon=0.5), x)


def test_sizes_are_sums_over_instances() -> None:
    xp = netlist(4)
    total = xp.sum(xp.multiply(xp.asarray([1, 2, 3]), xp.asarray([4, 5, 6])))
    size, layout = network_size(total), Layout.paper(4)
    parts = [(circuit_of("multiply", 2, layout, RNE)[1], 3), (circuit_of("sum", 3, layout, RNE)[1], 1)]
    assert size.instances == {"multiply": 3, "sum 3": 1}
    assert size.gates == sum(part.gates * copies for part, copies in parts)
    assert size.wires == sum(part.wires * copies for part, copies in parts)
    assert size.depth == 38
    shared = xp.add(total, total)
    assert network_size(shared).instances == {"add": 1, "multiply": 3, "sum 3": 1}


def test_a_known_mask_costs_nothing() -> None:
    xp = netlist(3)
    x = xp.asarray([1, 2])
    assert network_size(xp.where(np.array([True, False]), x, 0)).depth == 0
    assert network_size(xp.cumulative_sum(x)).depth == DEPTH["sum"]
    assert xp.cumulative_sum(x).to_float64().tolist() == [1, 3]


def test_what_has_no_circuit_is_refused() -> None:
    xp = netlist(4)
    with pytest.raises(DomainError, match="divisor must not be zero"):
        xp.divide(xp.asarray([1]), xp.asarray([0]))
    with pytest.raises(DomainError, match="at least 0"):
        xp.sqrt(xp.asarray([-1]))
    with pytest.raises(UnsupportedError, match="below 8"):
        xp.sin(xp.asarray([8]))
    with pytest.raises(UnsupportedError, match="must have a circuit"):
        xp.tanh(xp.asarray([1]))
    with pytest.raises(UnsupportedError, match="at most 63 bits"):
        netlist(40)
    with pytest.raises(UnsupportedError, match="one of netlist"):
        network_size(rounded("binary16").asarray([1]))
    with pytest.raises(NamespaceError, match="boolean"):
        xp.where(xp.add(xp.asarray([1]), 1), 1, 0)
    assert isinstance(xp, Netlist)
    assert xp.element_type == paper_float(4)
    assert xp.sin(xp.asarray([7])).data.size == 1
