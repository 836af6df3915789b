"""Flags against the definitions of the standard: every pair of small formats, every mode, policy and kind of tininess.

The results whose flags are asked for come from the model too, so that a wrong result cannot hide a wrong flag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from oracles.integers import (
    MODES,
    NAN,
    NEG_INF,
    NEG_ZERO,
    POS_INF,
    Spec,
    Value,
    exact_add,
    exact_divide,
    exact_multiply,
    exact_sqrt,
    finish,
    members,
    negated,
    round_value,
)
from unit.flags_model import Row, model, unbounded_rounding

from precise.dyadic import Dyadic, Element, Special
from precise.engines.carrier import float_of, object_array
from precise.engines.flags import Flags, Tininess, count_elements, flags_of, total
from precise.engines.flags_lanes import count_lanes
from precise.formats.format import Fixed, Float, Format, paper_float
from precise.formats.named import NAMED
from precise.modes import Rounding, stochastic
from precise.rounding import Overflow, Rounder, Underflow, parse_rounding

SR_EXACT = stochastic(seed=11, bits=None)
E2M1 = NAMED["float4_e2m1fn"]
Case = tuple[Format, Spec, str]

CASES: list[Case] = [
    (Float(3, -1, 1), Spec("float(3,-1,1)", 3, -3, Fraction(7, 2)), "infinity"),
    (Float(2, -1, 2, subnormals=False), Spec("normal", 2, -2, Fraction(6), subnormals=False), "nan"),
    (
        Float(3, -1, 2, infinities=False, largest=Dyadic(6)),
        Spec("short", 3, -3, Fraction(6), infinities=False),
        "nan",
    ),
    (Float(1, -2, 2), Spec("one bit", 1, -2, Fraction(4)), "infinity"),
    (paper_float(2), Spec("paper", 2, -4, Fraction(24), False, False, False, False), "saturate"),
    (E2M1, Spec("e2m1", 2, -1, Fraction(6), True, False, False), "saturate"),
    (
        Fixed(4, -1),
        Spec("fixed", None, -1, Fraction(7, 2), True, False, False, False, Fraction(-4)),
        "saturate",
    ),
]
NAMES = [f"{fmt.name}-{overflow}" for fmt, _, overflow in CASES]
BINARY: dict[str, Callable[[Value, Value, str], Value]] = {
    "add": exact_add,
    "subtract": lambda x, y, mode: exact_add(x, negated(y), mode),
    "multiply": lambda x, y, mode: exact_multiply(x, y),
    "divide": lambda x, y, mode: exact_divide(x, y),
}
_SPECIALS = {NEG_ZERO: Special.NEG_ZERO, POS_INF: Special.POS_INF, NEG_INF: Special.NEG_INF, NAN: Special.NAN}


def element(x: Value) -> Element:
    """Return the package's datum."""
    return _SPECIALS[x] if isinstance(x, str) else Dyadic.from_fraction(x)


def data_of(spec: Spec) -> list[Value]:
    """Return every datum of a format: numbers of both signs, and the special data that it has."""
    if spec.p is None:
        assert spec.least is not None and spec.largest is not None
        return [spec.least + Fraction(k, 2) for k in range(16)]
    positive = members(spec)
    found: list[Value] = [*positive, *(-x for x in positive if x)]
    return found + [
        s
        for s, has in (
            (NEG_ZERO, spec.signed_zero),
            (POS_INF, spec.infinities),
            (NEG_INF, spec.infinities),
            (NAN, spec.nan),
        )
        if has
    ]


def modes() -> Iterator[tuple[str, Rounding]]:
    """Yield the modes by code, SR with exact probability last."""
    yield from ((code, parse_rounding(code)) for code in MODES)
    yield "SR", SR_EXACT


def result_of(exact: Value, spec: Spec, mode: str, overflow: str, flush: bool, draw: Fraction) -> Value:
    """Return the rounded result by the model."""
    if mode != "SR" or isinstance(exact, str) or exact == 0:
        y = round_value(exact, spec, "RNE" if mode == "SR" else mode, overflow)
    else:
        y = finish(exact < 0, abs(unbounded_rounding(exact, spec, mode, draw)), spec, "RNE", overflow)
    if flush and not isinstance(y, str) and 0 < abs(y) < spec.least_normal:
        return NEG_ZERO if y < 0 and spec.signed_zero else Fraction(0)
    return y


def rows(op: str, spec: Spec) -> Iterator[tuple[tuple[Value, ...], Callable[[str], Value]]]:
    """Yield operands and their exact result in a mode; results that a format without NaN refuses are left out."""
    data = data_of(spec)
    if op == "sqrt":
        for x in data:
            yield (x,), lambda mode, x=x: exact_sqrt(x, spec.p or 8)  # type: ignore[misc]
        return
    for x, y in product(data, data):
        yield (x, y), lambda mode, x=x, y=y: BINARY[op](x, y, mode)  # type: ignore[misc]


@pytest.mark.parametrize(("fmt", "spec", "overflow"), CASES, ids=NAMES)
def test_every_pair(fmt: Format, spec: Spec, overflow: str) -> None:
    seen: Counter[Row] = Counter()
    for (code, mode), how, flush, op in product(modes(), Tininess, (False, True), (*BINARY, "sqrt")):
        if flush and (spec.p is None or not spec.subnormals or how is Tininess.AFTER):
            continue
        stride = 1 if op == "sqrt" else 3 if spec.p == 1 else 11  # lanes see every pair, and the slow way a part
        rounder = Rounder(fmt, mode, Overflow(overflow), Underflow.FLUSH if flush else Underflow.ROUND)
        operands, results, wanted = [], [], []
        for row, exactly in rows(op, spec):
            exact = exactly(code)
            infinite = exact in (POS_INF, NEG_INF)
            if (exact == NAN and not spec.nan) or (infinite and not spec.nan and not spec.infinities):
                continue
            index = len(operands)
            draw = Fraction(mode.random(index), 1 << 64) if code == "SR" else Fraction(0)
            y = result_of(exact, spec, code, overflow, flush, draw)
            operands.append(tuple(element(x) for x in row))
            results.append(element(y))
            wanted.append(model(row, exact, y, spec, code, after=how is Tininess.AFTER, draw=draw))
            if index % stride == 0:
                found = flags_of(op, operands[-1], results[-1], rounder, index, how)
                assert astuple(found) == wanted[-1], (op, code, how, row, exact, y)
        seen.update(wanted)
        arrays = tuple(np.array([float_of(x) for x in column]) for column in zip(*operands, strict=True))
        lanes = count_lanes(op, arrays, np.array([float_of(y) for y in results]), rounder, how)
        assert lanes == total(Flags(*w) for w in wanted), (op, code, how)
    assert len(seen) >= (3 if spec.p is None else 4), seen
    assert all(seen[w] for w in ((0, 0, 0, 0, 0), (1, 0, 0, 0, 0), (1, 1, 0, 0, 0)))


def test_lanes_one_by_one() -> None:
    """Totals can hide two errors: the same in rows of one operand, per operation."""
    fmt, spec, overflow = CASES[0]
    data = [x for x in data_of(spec) if x != NAN]
    checked = 0
    for code, mode in modes():
        for how, op in product(Tininess, BINARY):
            if code in ("RNA", "RTN"):
                continue
            rounder = Rounder(fmt, mode, Overflow(overflow))
            for x in data:
                wanted, ys = [], []
                for i, y in enumerate(data):
                    exact = BINARY[op](x, y, code)
                    draw = Fraction(mode.random(i), 1 << 64) if code == "SR" else Fraction(0)
                    ys.append(result_of(exact, spec, code, overflow, False, draw))
                    wanted.append(model((x, y), exact, ys[-1], spec, code, after=how is Tininess.AFTER, draw=draw))
                left = np.full(len(data), float_of(element(x)))
                right, result = (np.array([float_of(element(v)) for v in column]) for column in (data, ys))
                assert count_lanes(op, (left, right), result, rounder, how) == total(Flags(*w) for w in wanted)
                checked += len(data)
    assert checked > 40_000


@pytest.mark.parametrize("code", MODES)
def test_fma_of_every_triple(code: str) -> None:
    """All triples of E2M1 with RTP, ..., both kinds of tininess."""
    spec = CASES[5][1]
    data = list(data_of(spec))
    rounder, seen = Rounder(E2M1, parse_rounding(code), Overflow.SATURATE), Counter[Row]()
    for how in Tininess:
        operands, results, wanted = [], [], []
        for x, y, z in product(data, data, data):
            exact = exact_add(exact_multiply(x, y), z, code)
            result = round_value(exact, spec, code, "saturate")
            operands.append((element(x), element(y), element(z)))
            results.append(element(result))
            wanted.append(model((x, y, z), exact, result, spec, code, after=how is Tininess.AFTER))
        seen.update(wanted)
        arrays = tuple(np.array([float_of(x) for x in column]) for column in zip(*operands, strict=True))
        lanes = count_lanes("fma", arrays, np.array([float_of(y) for y in results]), rounder, how)
        assert lanes == total(Flags(*w) for w in wanted)
        some = slice(None, None, 7)
        objects = tuple(object_array(column[some], (len(column[some]),)) for column in zip(*operands, strict=True))
        part = object_array(results[some], (len(results[some]),))
        assert count_elements("fma", objects, part, rounder, how) == total(Flags(*w) for w in wanted[some])
    assert set(seen) == {(0, 0, 0, 0, 0), (1, 0, 0, 0, 0), (1, 1, 0, 0, 0), (1, 0, 1, 0, 0)}
