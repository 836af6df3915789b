"""Networks of circuits: depths and sizes against all paths by hand, the bodies, the command, and the page."""

from __future__ import annotations

import json
import random
import re
from itertools import product
from pathlib import Path

import pytest
from command_line import assert_one_line, run

from precise.circuits import OPERATIONS
from precise.circuits.measure import Measure
from precise.circuits.network import Call, Network, side_by_side, total_size
from precise.circuits.paths import Path as Depth
from precise.circuits.paths import longest, path
from precise.commands.circuits_page import FIRST_LINE, LAST_LINE, growth_line, largest, network_line, with_tables
from precise.errors import DomainError, UnsupportedError
from precise.semantics.netlist import network, network_size, sketch
from precise.studies.networks import BODIES, CONSTANTS, coarse, model, sketched

PAGE = (Path(__file__).parents[2] / "docs" / "circuits.md").read_text(encoding="utf-8")
NAMES = ("add", "multiply", "exp", "sum", "max")


def random_network(seed: int) -> Network:
    """Return a network of twelve calls."""
    rng = random.Random(seed)
    calls: list[Call] = []
    for number in range(12):
        sources = frozenset(rng.sample(range(number), k=min(number, rng.randint(0, 3))))
        name = rng.choice(NAMES)
        calls.append(Call(number, name, rng.randint(2, 3), rng.randint(1, 5), sources))
    return Network(frozenset({10, 11}), frozenset(calls))


def all_paths(found: Network, number: int) -> list[list[Call]]:
    """Return every path that ends at a call, from the definition."""
    (call,) = (c for c in found.calls if c.number == number)
    before = [p for source in call.sources for p in all_paths(found, source)] or [[]]
    return [[*p, call] for p in before]


def cost_of(name: str, n: int) -> int:
    """Return made-up depths, other ones for two operands than for three."""
    return 3 + 5 * NAMES.index(name) + n


@pytest.mark.parametrize("seed", range(20))
def test_depth_is_that_of_the_longest_of_all_paths(seed: int) -> None:
    found = random_network(seed)
    paths = [p for end in found.sources for p in all_paths(found, end)]
    assert found.depth(cost_of) == max(sum(cost_of(c.name, c.operands) for c in p) for p in paths)
    rng = random.Random(seed + 1)
    for _ in range(20):
        depths = {name: rng.randint(0, 9) for name in NAMES}
        assert found.path.evaluate(depths) == max(sum(depths[c.name] for c in p) for p in paths)


@pytest.mark.parametrize("seed", range(5))
def test_sizes_are_sums_over_instances(seed: int) -> None:
    found = random_network(seed)

    def measured(name: str, n: int) -> Measure:
        k = cost_of(name, n)
        return Measure(k, 10 * k, 1, 100 * k, 7 * k, 1, k, 1, 2 * k)

    size = total_size(found, measured)
    copies = [cost_of(c.name, c.operands) for c in found.calls for _ in range(c.instances)]
    assert (size.gates, size.wires, size.stored_wires) == (10 * sum(copies), 100 * sum(copies), 7 * sum(copies))
    assert (size.largest_weight, size.fan_in) == (max(copies), 2 * max(copies))
    assert sum(size.instances.values()) == len(copies)
    assert size.instances.keys() <= {"add", "multiply", "exp", "sum 2", "sum 3", "max 2", "max 3"}


def test_side_by_side_counts_what_is_shared_once() -> None:
    first = Network(frozenset({0}), frozenset({Call(0, "add", 2, 4, frozenset())}))
    second = Network(frozenset({1}), first.calls | {Call(1, "exp", 1, 4, frozenset({0}))})
    both = side_by_side([first, second])
    assert both.instances == {"add": 4, "exp": 4} and both.sources == {0, 1}
    assert str(both.path) == "add + exp"


def test_paths_drop_what_another_one_dominates() -> None:
    one, other = path(multiply=1, sum=1), path(sin=1)
    assert longest([one, path(sum=1)]) == one and longest([]) == path() and str(path()) == "0"
    both = longest([one, other])
    assert str(both + path(exp=2)) == "max(multiply + sum, sin) + 2 exp"
    assert str(both + path(sin=1)) == "max(multiply + sum, sin) + sin"
    for m, s, t in product(range(3), repeat=3):
        assert both.evaluate({"multiply": m, "sum": s, "sin": t}) == max(m + s, t)
    assert isinstance(both, Depth) and both.operations() == {"multiply", "sum", "sin"}


# Levels by hand, from the depths of single operations and the formulas of the bodies.
TIMES, PLUS, SUM, OVER, EXP, ROOT, SIN, COS = (
    OPERATIONS[name].depth for name in ("multiply", "add", "sum", "divide", "exp", "sqrt", "sin", "cos")
)
PRODUCT = TIMES + SUM
ROTATED = max(PRODUCT, SIN + 2, COS)
NORM = (SUM + OVER) + PLUS + (TIMES + SUM + OVER + ROOT) + OVER
MAP = PRODUCT + PLUS + NORM
BY_HAND = {
    "kron": TIMES,
    "khatri_rao": TIMES,
    "face_splitting": TIMES,
    "matmul": PRODUCT,
    "mlp": PRODUCT + PLUS,
    "softmax": EXP + SUM + OVER,
    "layer_norm": NORM,
    "rope_matrix": ROTATED + PRODUCT + PRODUCT + PRODUCT + EXP,
    "attention": PRODUCT + PRODUCT + OVER + EXP + PRODUCT + OVER,
    "rope_attention": ROTATED + PRODUCT + PRODUCT + PRODUCT + EXP + PRODUCT + OVER,
    "tensor_attention": PRODUCT + TIMES + PRODUCT + OVER + EXP + PRODUCT + OVER,
    "rope_tensor_attention": ROTATED + PRODUCT + PRODUCT + OVER + EXP + PRODUCT + OVER,
    "tensor_transformer": MAP + (PRODUCT + TIMES + PRODUCT + OVER + EXP + PRODUCT + OVER) + MAP,
    "transformer": MAP + (PRODUCT + PRODUCT + PRODUCT + OVER + EXP + PRODUCT + OVER) + MAP,
}
DEPTHS = {name: line.depth for name, line in OPERATIONS.items()}


@pytest.mark.parametrize("name", BODIES)
def test_levels_of_the_bodies_by_hand(name: str) -> None:
    body = BODIES[name]
    for n, d in ((2, 2), (3, 4)):
        xp = sketch(6)
        found = network(body.run(lambda *shape, xp=xp: xp.empty(shape), n, d)).path
        assert found.evaluate(DEPTHS) == BY_HAND[name]
        assert str(coarse(found)) == body.paper


def test_networks_that_are_built_have_these_levels() -> None:
    for name in ("softmax", "layer_norm", "mlp", "tensor_attention"):
        found = sketched(BODIES[name], 5, 2, 2)
        assert found.size.depth == BY_HAND[name] <= found.formula
    assert sketched(model(2, rope=False), 5, 2, 2).size.depth == 3 * MAP + 2 * BY_HAND["tensor_attention"]


def test_the_formula_has_the_constants_of_the_circuits() -> None:
    s, p, e, r, tri = (CONSTANTS[name] for name in "sPER△")
    assert (s, p, e, r, tri) == (28, 27, 28, 24, 34)
    assert sketched(BODIES["softmax"], 2, 2, 2).formula == s + p + e


def test_counts_of_a_small_attention() -> None:
    found = sketched(BODIES["attention"], 3, 2, 3).size.instances
    # three projections of 2 x 3, scores and output; sums of three and of two terms
    assert found == {"divide": 4 + 6, "exp": 4, "multiply": 54 + 12 + 12, "sum 2": 2 + 6, "sum 3": 18 + 4}


def test_a_sketch_has_no_values() -> None:
    xp = sketch(4)
    x = xp.empty((2, 3))
    assert network_size(xp.divide(1, x)).gates == 6 * 947  # division by zero cannot be seen
    for read in (x.elements, x.to_float64):
        with pytest.raises(UnsupportedError, match="must not be read"):
            read()
    assert sketch(64).empty((2,)).data.size == 2  # codes of more than 63 bits are no obstacle


def test_bad_sizes_are_refused() -> None:
    with pytest.raises(DomainError, match="d must be even for rope_matrix; got 3"):
        sketched(BODIES["rope_matrix"], 4, 2, 3)
    with pytest.raises(DomainError, match="n and d must be at least 1"):
        sketched(BODIES["kron"], 4, 0, 3)


def test_the_command_shows_a_body(tmp_path: Path) -> None:
    path = tmp_path / "sizes.json"
    result = run("circuit", "tensor_attention", "--p", "4", "--n", "2", "--json", str(path))
    assert result.exit_code == 0 and max(map(len, result.stdout.splitlines())) <= 100
    assert re.search(r"tensor_attention +4 +2 +2 +209 +277 +142 +299870", result.stdout)
    assert "depth = 2 divide + exp + 4 multiply + 3 sum" in result.stdout
    assert "tensor_attention: uniformity by composition: P-uniform as built" in result.stdout
    assert "circuits: 12 divide, 8 exp, 88 multiply, 28 sum 2, 6 sum 4" in result.stdout
    (record,) = json.loads(path.read_text())["results"]
    assert record["sizes"]["gates"] == 299_870 and record["instances"]["exp"] == 8
    assert record["depth_in_the_papers"] == "6s+3P+E"


def test_the_command_sweeps_bodies_and_fits_exponents() -> None:
    result = run("circuit", "kron", "add", "--p", "3,4,5", "--n", "1..3", "--d", "2,4")
    assert result.exit_code == 0 and max(map(len, result.stdout.splitlines())) <= 100
    assert "kron: uniformity by composition: DLOGTIME" in result.stdout
    assert "kron, d = 2, p = 3: depth 11; gates ~ n^2.00 (within 0%)" in result.stdout
    assert len(re.findall(r"^kron +\d", result.stdout, re.MULTILINE)) == 3 * 3 * 2
    assert len(re.findall(r"^add +\+", result.stdout, re.MULTILINE)) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rope_matrix", "--d", "3"], "d must be even"),
        (["softmax", "--rounding", "RTZ"], "a body must have rounding RNE"),
        (["kron", "matmul", "--svg", "x.svg"], "must have one circuit to write; got 2"),
        (["softmax", "--svg", "x.svg"], "at most 1500 gates"),
        (["kron", "--d", "x"], "number must be like"),
    ],
)
def test_bad_requests_are_one_line(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_one_line(run("circuit", *arguments), re.escape(message))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["kron", "matmul", "softmax", "layer_norm", "tensor_transformer"])
def test_the_networks_of_the_page_are_those_of_the_code(name: str) -> None:
    line = f"| {' | '.join(network_line(sketched(BODIES[name], 6, 3, 2)))} |"
    assert line in PAGE.splitlines()


@pytest.mark.parametrize("name", ["khatri_rao", "mlp", "layer_norm"])
def test_the_exponents_of_the_page_are_those_of_the_code(name: str) -> None:
    assert f"| {' | '.join(growth_line(BODIES[name]))} |" in PAGE.splitlines()


def test_the_page_keeps_what_is_not_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("precise.commands.circuits_page.networks", lambda: "one")
    monkeypatch.setattr("precise.commands.circuits_page.growth", lambda: "two")
    page = with_tables(f"before\n{FIRST_LINE}\nold\n{LAST_LINE}\nafter\n", "three")
    assert page == f"before\n{FIRST_LINE}\n\none\n\ntwo\n\nthree\n\n{LAST_LINE}\nafter\n"
    size = Measure(27, 2_380_867, 1, 3, 4, 5, 6, 7, 8)
    assert "27 levels, 2,380,867 gates, 3 wires (4 stored), weights up to 6; it took 5 s and 1.5 GiB" in largest(
        size, "a sum", 5.2, 1.5
    )
    assert re.search(r"The largest circuit built for this page is the sum of 64 floats .* GiB at its peak", PAGE)
