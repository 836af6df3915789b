"""Networks laid out as one circuit: against exact numbers, with the size of the network and at most its depth."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from command_line import assert_one_line, run

from precise.circuits import Circuit, Layout, evaluate, measure
from precise.circuits.circuit import check
from precise.dyadic import Dyadic
from precise.errors import UnsupportedError
from precise.nn import softmax
from precise.semantics.netlist import network
from precise.studies import flat as laid_out
from precise.studies.flat import Flat, flat
from precise.studies.networks import BODIES, sketched

HALVES = [Fraction(k, 2) for k in (-3, -1, 0, 2)]


def code(layout: Layout, x: Fraction) -> int:
    return layout.encode(Dyadic(x.numerator, 1 - x.denominator.bit_length()))


def results(circuit: Circuit, p: int, rows: list[tuple[Fraction, ...]], constants: list[int]) -> list[list[Fraction]]:
    layout, lanes, fixed = Layout.paper(p), list(zip(*rows, strict=True)), list(constants)
    given = iter([np.array([code(layout, x) for x in lane]) for lane in lanes])
    ports = [next(given) if t.name.startswith("x") else np.full(len(rows), fixed.pop(0)) for t in circuit.inputs]
    found = evaluate(circuit, *ports)
    return [[layout.decode(int(lane)).to_fraction() for lane in word] for word in found]


def test_a_matrix_product_is_exact_where_nothing_is_rounded() -> None:
    circuit, constants = flat(BODIES["matmul"], 6, 1, 2)
    rows = list(product(HALVES, repeat=4))
    (got,) = results(circuit, 6, rows, constants)
    assert got == [a * c + b * d for a, b, c, d in rows]


def test_the_order_of_inputs_and_outputs() -> None:
    circuit, _ = flat(BODIES["kron"], 6, 2, 1)
    got = results(circuit, 6, [(Fraction(2), Fraction(3), Fraction(5), Fraction(7))], [])
    assert [word[0] for word in got] == [10, 15, 14, 21]  # a_i b_j, the rows of the first fastest
    assert [port.name for port in circuit.inputs] == ["x0", "x1", "x2", "x3"]


def test_constants_are_inputs_with_their_codes() -> None:
    circuit, constants = flat(BODIES["layer_norm"], 5, 1, 2)
    assert [t.name for t in circuit.inputs] == ["x0", "x1", "constant2", "constant3"]
    assert [Layout.paper(5).decode(c) for c in constants] == [Dyadic(2), Dyadic(2)]
    low, high = results(circuit, 5, [(Fraction(1), Fraction(3)), (Fraction(-8), Fraction(0))], constants)
    assert (low, high) == ([-1, -1], [1, 1])


@pytest.mark.parametrize(("name", "p", "n", "d"), [("softmax", 3, 1, 2), ("mlp", 4, 2, 2), ("layer_norm", 5, 1, 3)])
def test_sizes_are_those_of_the_network(name: str, p: int, n: int, d: int) -> None:
    circuit, _ = flat(BODIES[name], p, n, d)
    check(circuit)
    size, of_network = measure(circuit), sketched(BODIES[name], p, n, d).size
    assert (size.gates, size.wires, size.stored_wires) == (of_network.gates, of_network.wires, of_network.stored_wires)
    assert size.depth <= of_network.depth


def test_softmax_of_equal_scores() -> None:
    circuit, _ = flat(BODIES["softmax"], 3, 1, 2)
    assert measure(circuit).depth == 82
    assert results(circuit, 3, [(x, x) for x in HALVES], []) == [[Fraction(1, 2)] * 4] * 2


def test_what_is_not_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    xp = Flat(Layout.paper(3))
    x = xp.given(2)
    with pytest.raises(UnsupportedError, match="comparisons must not be laid out"):
        xp.less_equal(x, xp.given(2))
    with pytest.raises(UnsupportedError, match="outputs must be signals"):
        xp.abs(x)
    y = softmax(x, variant="shifted")
    assert network(y).path.operations() == {"max", "subtract", "exp", "sum", "divide"}
    monkeypatch.setattr(laid_out, "LARGEST", 10_000)
    with pytest.raises(UnsupportedError, match="at most 10000 stored wires; got 13328"):
        flat(BODIES["kron"], 3, 2, 2)


def test_the_command_writes_a_body(tmp_path: Path) -> None:
    path = tmp_path / "kron.txt"
    assert run("circuit", "kron", "--p", "2", "--n", "1", "--d", "1", "--list", str(path)).exit_code == 0
    assert path.read_text().splitlines()[1] == "p tc 12 81 6"
    result = run("circuit", "kron", "--p", "2", "--n", "1", "--d", "1", "--w", "4")
    assert_one_line(result, "must have rounding RNE and no --w")
