"""Fixed-point circuits on all inputs of small widths, against integers and against rounded arrays."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import floor, prod

import numpy as np
import pytest
from oracles import tally

from precise import rounded
from precise.circuits import evaluate
from precise.circuits.fixed_layout import FixedLayout
from precise.circuits.fixed_operations import FIXED_OPERATIONS, build_fixed
from precise.dyadic import Dyadic
from precise.errors import DomainError, FormatError, NotRepresentableError, UnsupportedError
from precise.modes import SR, Overflow, parse_rounding

MODES = ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO")
POLICIES = (Overflow.SATURATE, Overflow.WRAP)


def cut(x: Fraction, mode: str) -> int:
    """Return a number rounded to an integer."""
    low = floor(x)
    rest, even = x - low, low if low % 2 == 0 else low + 1
    if rest == 0:
        return low
    near = low + (rest > Fraction(1, 2)) if rest != Fraction(1, 2) else None
    return {
        "RNE": even if near is None else near,
        "RNA": (low + (x > 0)) if near is None else near,
        "RTZ": low + (x < 0),
        "RTP": low + 1,
        "RTN": low,
        "RAZ": low + (x > 0),
        "RTO": 2 * low + 1 - even,
    }[mode]


class Integers:
    """Fixed-point arithmetic on codes, in quanta as fractions."""

    def __init__(self, k: int, q: int, signed: bool, mode: str, overflow: Overflow) -> None:
        self.k, self.q, self.signed, self.mode, self.overflow = k, q, signed, mode, overflow

    def value(self, code: int) -> int:
        """Return how many quanta a code means."""
        return code - (1 << self.k) if self.signed and code >> (self.k - 1) else code

    def code(self, x: Fraction | int) -> int:
        """Return the code of a number of quanta, rounded and brought into the range."""
        whole = cut(Fraction(x), self.mode)
        if self.overflow is Overflow.SATURATE:
            low = -(1 << (self.k - 1)) if self.signed else 0
            whole = max(low, min(low + (1 << self.k) - 1, whole))
        return whole % (1 << self.k)

    def multiply(self, a: int, b: int) -> int:
        """Return the code of a product."""
        return self.code(self.value(a) * self.value(b) * Fraction(2) ** self.q)

    def apply(self, name: str, codes: tuple[int, ...]) -> int:
        """Return the code of an operation."""
        values, half = [self.value(c) for c in codes], len(codes) // 2
        rules: dict[str, Callable[[], int]] = {
            "less_equal": lambda: int(values[0] <= values[1]),
            "negative": lambda: self.code(-values[0]),
            "add": lambda: self.code(sum(values)),
            "subtract": lambda: self.code(values[0] - values[1]),
            "multiply": lambda: self.multiply(*codes),
            "sum": lambda: self.code(sum(values)),
            "prod": lambda: self.code(prod(values) * Fraction(2) ** ((len(codes) - 1) * self.q)),
            "divide": lambda: self.code(Fraction(values[0], values[1]) / Fraction(2) ** self.q) if values[1] else 0,
            "dot": lambda: self.code(
                sum(self.value(self.multiply(a, b)) for a, b in zip(codes[:half], codes[half:], strict=True))
            ),
        }
        return rules[name]()


def wrong(name: str, layout: FixedLayout, n: int, mode: str, overflow: Overflow) -> int:
    """Return at how many of all inputs a circuit differs from integers."""
    circuit = build_fixed(name, layout, n, rounding=parse_rounding(mode), overflow=overflow)
    assert circuit.depth <= FIXED_OPERATIONS[name].depth
    rows = list(product(layout.codes(), repeat=len(circuit.inputs)))
    got = evaluate(circuit, *map(np.array, zip(*rows, strict=True)))[0].tolist()
    oracle = Integers(layout.k, layout.q, layout.signed, mode, overflow)
    tally.count(f"circuit fixed {name}", "integers", len(rows))
    assert len(got) == 2 ** (layout.k * len(circuit.inputs))
    return sum(g != oracle.apply(name, row) for g, row in zip(got, rows, strict=True))


@pytest.mark.parametrize("overflow", POLICIES)
@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("name", FIXED_OPERATIONS)
def test_all_inputs(name: str, signed: bool, overflow: Overflow) -> None:
    sizes = [(2, 0), (3, -1), (2, -2)] if name == "dot" else [(2, 0), (3, -2), (4, -1), (4, -3)]
    for k, q in sizes:
        assert wrong(name, FixedLayout(k, q, signed), 3 if name == "sum" else 2, "RNE", overflow) == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("signed", [True, False])
def test_products_in_every_mode_and_at_every_quantum(signed: bool, mode: str) -> None:
    for k, q in ((3, 2), (3, 0), (4, -1), (4, -2), (4, -3), (4, -7), (3, -9), (5, -3)):
        for overflow in POLICIES:
            assert wrong("multiply", FixedLayout(k, q, signed), 2, mode, overflow) == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("signed", [True, False])
def test_quotients_in_every_mode_and_at_every_quantum(signed: bool, mode: str) -> None:
    for k, q in ((3, 2), (3, 0), (4, -2), (3, -5), (3, -8)):
        for overflow in POLICIES:
            assert wrong("divide", FixedLayout(k, q, signed), 2, mode, overflow) == 0


@pytest.mark.parametrize("overflow", POLICIES)
@pytest.mark.parametrize("signed", [True, False])
def test_products_of_three(signed: bool, overflow: Overflow) -> None:
    for k, q, mode in ((2, 1, "RNE"), (3, -1, "RNA"), (3, -2, "RTO"), (2, -7, "RTP")):
        assert wrong("prod", FixedLayout(k, q, signed), 3, mode, overflow) == 0


def test_five_terms() -> None:
    assert wrong("sum", FixedLayout(2, -1), 5, "RNE", Overflow.SATURATE) == 0
    assert wrong("sum", FixedLayout(2, -1), 1, "RNE", Overflow.WRAP) == 0


@pytest.mark.parametrize("overflow", POLICIES)
def test_six_bits_agree_with_rounded_arrays(overflow: Overflow) -> None:
    layout = FixedLayout(6, -3)
    xp, numbers = rounded(layout.format, overflow=overflow), [layout.decode(c) for c in layout.codes()]
    values = np.array([float(x.to_fraction()) for x in numbers])
    x, y = np.repeat(np.arange(64), 64), np.tile(np.arange(64), 64)
    a, b = xp.asarray(values[x]), xp.asarray(values[y])
    quotients = np.full(len(x), -1)
    quotients[y != 0] = (xp.divide(a[y != 0], b[y != 0]).to_float64() * 8).astype(np.int64) % 64
    assert np.array_equal(
        evaluate(build_fixed("divide", layout, overflow=overflow), x, y)[0][y != 0], quotients[y != 0]
    )
    for name in ("add", "subtract", "multiply"):
        right = (getattr(xp, name)(a, b).to_float64() * 8).astype(np.int64) % 64
        got = evaluate(build_fixed(name, layout, overflow=overflow), x, y)[0]
        tally.count(f"circuit fixed {name}", "rounded arrays", len(got))
        assert np.array_equal(got, right)
    rows = np.random.default_rng(5).integers(0, 64, (6, 2000))
    total = xp.sum(xp.asarray(values[rows]), axis=0).to_float64()
    products = xp.vecdot(xp.asarray(values[rows[:3].T]), xp.asarray(values[rows[3:].T])).to_float64()
    factors = xp.prod(xp.asarray(values[rows[:4]]), axis=0).to_float64()
    for name, n, result in (("sum", 6, total), ("dot", 3, products), ("prod", 4, factors)):
        circuit = build_fixed(name, layout, n, overflow=overflow)
        got = evaluate(circuit, *rows[: len(circuit.inputs)])[0]
        tally.count(f"circuit fixed {name}", "rounded arrays", len(got))
        assert np.array_equal(got, (result * 8).astype(np.int64) % 64)


def test_depth_does_not_depend_on_the_size() -> None:
    sizes = ((8, 3), (10, 3), (8, 5))
    for name, line in FIXED_OPERATIONS.items():
        depths = {build_fixed(name, FixedLayout(k, -(k // 2)), n).depth for k, n in sizes}
        assert depths == {line.depth}


def test_codes_are_those_of_the_members() -> None:
    for layout in (FixedLayout(4, -2), FixedLayout(3, 1, signed=False)):
        numbers = [layout.decode(code) for code in layout.codes()]
        assert [layout.encode(x) for x in numbers] == layout.codes()
        assert all(x in layout.format for x in numbers) and len(set(numbers)) == 2**layout.k


def test_what_is_no_request_is_refused() -> None:
    with pytest.raises(FormatError, match="width k must be at least 2; got 1"):
        FixedLayout(1)
    with pytest.raises(NotRepresentableError, match=r"must be a member of fixed\(4,-2\)"):
        FixedLayout(4, -2).encode(Dyadic(2))
    with pytest.raises(DomainError, match="operation must be one of less_equal"):
        build_fixed("exp", FixedLayout(4))
    with pytest.raises(DomainError, match="n must be at least 1; got 0"):
        build_fixed("sum", FixedLayout(4), 0)
    with pytest.raises(UnsupportedError, match="overflow must be saturate or wrap; got error"):
        build_fixed("add", FixedLayout(4), overflow=Overflow.ERROR)
    with pytest.raises(UnsupportedError, match="rounding must be a deterministic mode"):
        build_fixed("multiply", FixedLayout(4, -1), rounding=SR)
