"""Overflow and underflow policies, infinities, NaN and the negative zero against a model in rationals.

Every member, quarter and neighbourhood of a tie of small formats, and every pair of data for the arithmetic; all modes
and all policies that the format admits, in the reference engine and in lanes. `RAISES` stands for `DomainError`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product

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
    bound,
    exact_add,
    exact_divide,
    exact_multiply,
    is_infinite,
    keeps_finite,
    members,
    negated,
)
from unit.flags_model import unbounded_rounding

from precise import rounded
from precise.dyadic import Dyadic, Element, Special
from precise.engines import narrow, reference
from precise.engines.carrier import float_of, object_array, to_objects
from precise.errors import DomainError, FormatError, UnsupportedError
from precise.formats import bfloat16, binary16, encode, float8_e4m3fn
from precise.formats.format import Fixed, Float, Format, paper_float
from precise.modes import stochastic
from precise.rounding import RNE, Overflow, Rounder, Underflow, parse_rounding

RAISES = "raises"
_SPECIALS = {NEG_ZERO: Special.NEG_ZERO, POS_INF: Special.POS_INF, NEG_INF: Special.NEG_INF, NAN: Special.NAN}
SR_EXACT = stochastic(seed=2, bits=None)

CASES: list[tuple[Format, Spec]] = [
    (Float(3, -1, 1), Spec("float(3,-1,1)", 3, -3, Fraction(7, 2))),
    (Float(3, -1, 1, subnormals=False), Spec("normal", 3, -3, Fraction(7, 2), subnormals=False)),
    (Float(2, 0, 2, infinities=False), Spec("no infinity", 2, -1, Fraction(6), infinities=False)),
    (
        Float(3, 0, 2, infinities=False, nan=False, largest=Dyadic(6)),
        Spec("numbers", 3, -2, Fraction(6), infinities=False, nan=False),
    ),
    (Float(3, 0, 1, signed_zero=False), Spec("one zero", 3, -2, Fraction(7, 2), signed_zero=False)),
    (paper_float(2), Spec("paper", 2, -4, Fraction(24), False, False, False, False)),
    (Fixed(4, -1), Spec("fixed", None, -1, Fraction(7, 2), True, False, False, False, Fraction(-4))),
    (Fixed(3, 0, signed=False), Spec("unsigned", None, 0, Fraction(7), True, False, False, False, Fraction(0))),
]
IDS = [spec.name for _, spec in CASES]


def modes() -> Iterator[str]:
    """Yield the codes of all modes."""
    yield from (*MODES, "SR")


def policies(fmt: Format, code: str) -> Iterator[Rounder]:
    """Yield the rounders of a mode that exist for a format."""
    for overflow, underflow in product(Overflow, Underflow):
        try:
            yield Rounder(fmt, SR_EXACT if code == "SR" else parse_rounding(code), overflow, underflow)
        except FormatError:
            continue


def model(x: Value, spec: Spec, code: str, rounder: Rounder, index: int) -> Value:
    """Return what x becomes: by the words of `Overflow` and `Underflow`, special data first."""
    overflow, underflow = rounder.overflow.value, rounder.underflow.value
    if x == NEG_ZERO:
        return NEG_ZERO if spec.signed_zero else Fraction(0)
    if x == NAN:
        return NAN if spec.nan else RAISES
    if is_infinite(x):
        if spec.infinities:
            return x
        return {"saturate": bound(x == NEG_INF, spec), "nan": NAN}.get(overflow, RAISES)
    assert not isinstance(x, str)
    draw = Fraction(SR_EXACT.random(index), 1 << 64)
    y = unbounded_rounding(x, spec, code, draw)
    assert spec.largest is not None
    low, high = bound(True, spec), spec.largest
    if not low <= y <= high:
        return _beyond(y, spec, code, overflow)
    if spec.p is not None and underflow == "error" and 0 < abs(x) < spec.least_normal and y != x:
        return RAISES
    if spec.p is not None and underflow == "flush" and abs(y) < spec.least_normal:
        y = Fraction(0)
    return NEG_ZERO if y == 0 and x < 0 and spec.signed_zero else y


def _beyond(y: Fraction, spec: Spec, code: str, overflow: str) -> Value:
    """Return what a rounded number outside the bounds becomes."""
    assert spec.largest is not None and spec.q_min is not None
    negative = y < 0
    if overflow == "error":
        return RAISES
    if overflow == "wrap":
        low, step = bound(True, spec), Fraction(2) ** spec.q_min
        count = (spec.largest - low) / step + 1
        return low + ((y - low) / step % count) * step
    if overflow == "saturate" or keeps_finite(code, negative):
        return bound(negative, spec)
    return NAN if overflow == "nan" else NEG_INF if negative else POS_INF


def values(spec: Spec) -> list[Value]:
    """Return members, quarters, lanes beside them, points beyond the bounds, and special data."""
    if spec.p is None:
        assert spec.q_min is not None and spec.largest is not None
        positive = [k * Fraction(2) ** spec.q_min for k in range(int(spec.largest / Fraction(2) ** spec.q_min) + 1)]
    else:
        positive = members(spec)
    step = positive[-1] - positive[-2]
    positive += [positive[-1] + k * step for k in range(1, 12)]
    tiny, found = Fraction(1, 1 << 40), set[Fraction]()
    for a, b in pairwise(positive):
        inside = {a + (b - a) * Fraction(k, 4) for k in range(5)}
        found |= inside | {x + tiny for x in inside} | {x - tiny for x in inside}
    found |= {Fraction(1, 1 << 300), Fraction(1 << 300)}
    return [*sorted({x for v in found for x in (v, -v)}), NEG_ZERO, POS_INF, NEG_INF, NAN]


def element(x: Value) -> Element:
    """Return the package's datum."""
    return _SPECIALS[x] if isinstance(x, str) else Dyadic.from_fraction(x)


def outcome(rounder: Rounder, op: str, row: tuple[Element, ...], index: int) -> Value:
    """Return the reference's result as the model has it."""
    try:
        y = rounder(row[0], index) if op == "round" else reference.OPERATIONS[op](*row, rounder, index)
    except DomainError:
        return RAISES
    return value(y)


def value(y: Element) -> Value:
    """Return a datum as the model has it."""
    if isinstance(y, Special):
        return next(name for name, special in _SPECIALS.items() if special is y)
    return y.to_fraction()


def check_lanes(op: str, rows: list[tuple[Value, ...]], wanted: list[Value], rounder: Rounder) -> int:
    """Return how many lanes agree with the model; those that raise are asked one by one, a few of them."""
    served = 0
    calm = [w != RAISES for w in wanted]
    columns = [np.array([float_of(element(row[k])) for row in rows]) for k in range(len(rows[0]))]
    safe = [np.where(calm, c, np.nan if rounder.format.nan else 0.0) for c in columns]
    if op == "divide" and not rounder.format.nan:
        safe[1] = np.where(calm, columns[1], 1.0)
    try:
        found = [value(v) for v in to_objects(narrow.elementwise(op, tuple(safe), rounder)).tolist()]
    except UnsupportedError:
        assert rounder.overflow is Overflow.WRAP, (op, rounder)
        return 0
    for row, ours, theirs, is_calm in zip(rows, found, wanted, calm, strict=True):
        if is_calm:
            assert ours == theirs, (op, row, rounder)
            served += 1
    raising = [i for i, is_calm in enumerate(calm) if not is_calm]
    for i in raising[:: max(1, len(raising) // 5)]:
        with pytest.raises(DomainError):
            narrow.elementwise(op, tuple(c[i : i + 1] for c in columns), rounder)
    return served


@pytest.mark.parametrize(("fmt", "spec"), CASES, ids=IDS)
def test_rounding(fmt: Format, spec: Spec) -> None:
    points = values(spec)
    elements = [element(x) for x in points]
    seen, served = Counter[str](), 0
    for code in modes():
        for rounder in policies(fmt, code):
            wanted = []
            for i, x in enumerate(points):
                if rounder.overflow is Overflow.WRAP and not isinstance(x, str) and abs(x) > 1 << 100:
                    wanted.append(outcome(rounder, "round", (elements[i],), i))
                    continue
                wanted.append(model(x, spec, code, rounder, i))
                assert outcome(rounder, "round", (elements[i],), i) == wanted[-1], (x, rounder)
            seen.update(str(w) if isinstance(w, str) else "number" for w in wanted)
            served += check_lanes("round", [(x,) for x in points], wanted, rounder)
    assert seen["number"] > 1000 and (seen[RAISES] > 100)
    assert bool(seen[NAN]) == spec.nan and bool(seen[NEG_ZERO]) == spec.signed_zero
    assert bool(seen[POS_INF]) == spec.infinities
    assert served > 3000


@pytest.mark.parametrize(("fmt", "spec"), [CASES[i] for i in (1, 2, 3, 4, 6)], ids=[IDS[i] for i in (1, 2, 3, 4, 6)])
def test_arithmetic_on_all_data(fmt: Format, spec: Spec) -> None:
    """Operands may be infinities and NaN that the result's format lacks: they come from formats that have them."""
    numbers = [x for x in values(spec) if not isinstance(x, str) and _is_member(x, spec)]
    data: list[Value] = [*numbers[:: max(1, len(numbers) // 8)], NEG_ZERO, Fraction(0), POS_INF, NEG_INF, NAN]
    rows = list(product(data, data))
    objects = [(element(x), element(y)) for x, y in rows]
    seen, served = Counter[str](), 0
    for code, op in product(modes(), ("add", "subtract", "multiply", "divide")):
        exact = [_exact(op, x, y, code) for x, y in rows]
        for rounder in policies(fmt, code):
            wanted = []
            for i, (x, y) in enumerate(rows):
                poles = op == "divide" and y in (Fraction(0), NEG_ZERO) and not (spec.infinities or spec.nan)
                refused = poles and NAN not in (x, y)
                wanted.append(RAISES if refused else model(exact[i], spec, code, rounder, i))
                if i % 3 == 0:
                    assert outcome(rounder, op, objects[i], i) == wanted[-1], (op, x, y, rounder)
            seen.update(str(w) if isinstance(w, str) else "number" for w in wanted)
            served += check_lanes(op, rows, wanted, rounder)
    assert seen["number"] > 5000 and seen[RAISES] > 100 and served > 5000


def _is_member(x: Fraction, spec: Spec) -> bool:
    """Return whether a number belongs to the format."""
    assert spec.largest is not None
    inside = bound(True, spec) <= x <= spec.largest
    return inside and unbounded_rounding(x, spec, "RTZ", Fraction(0)) == x


def _exact(op: str, x: Value, y: Value, code: str) -> Value:
    """Return the exact result, with the sign that a zero has in the mode."""
    if op == "multiply":
        return exact_multiply(x, y)
    if op == "divide":
        return exact_divide(x, y)
    return exact_add(x, y if op == "add" else negated(y), code)


@pytest.mark.parametrize("fmt", [binary16, bfloat16, float8_e4m3fn], ids=str)
def test_nan_is_one_datum(fmt: Format) -> None:
    """Payloads and signs of NaN make no difference, in either engine, and leave as the one code of the format."""
    payloads = np.array(
        [0x7FF8000000000000, 0xFFF8000000000000, 0x7FF0000000000001, 0xFFFFFFFFFFFFFFFF, 0x7FFABCDEF0123456],
        dtype=np.uint64,
    ).view(np.float64)
    for engine, mode in product(("narrow", "reference"), ("RNE", "RTP", "RTO", "RAZ")):
        xp = rounded(fmt, mode, engine=engine)
        x = xp.asarray(payloads)
        one = xp.ones(payloads.size)
        for y in (
            x,
            xp.negative(x),
            xp.abs(x),
            xp.add(x, one),
            xp.divide(one, x),
            xp.sqrt(x),
            xp.sum(x, keepdims=True),
        ):
            assert set(xp.to_codes(y).tolist()) == {encode(Special.NAN, fmt)}
            assert set(y.elements().tolist()) == {Special.NAN}
            assert not xp.equal(y, y).data.any()


def test_wrapping_is_modular() -> None:
    """Two's complement of every quarter, also far away; the same as NumPy's int8 where it is one."""
    int8 = Rounder(Fixed(8, 0), RNE, Overflow.WRAP)
    k = np.arange(-1000, 1000)
    found = [float_of(v) for v in reference.round_array(object_array([Dyadic(int(i)) for i in k], k.shape), int8)]
    assert found == k.astype(np.int8).astype(float).tolist()
    far = int8(Dyadic(3, 1000) + Dyadic(5))
    assert far == 5
    for special in (Special.POS_INF, Special.NEG_INF, Special.NAN):
        with pytest.raises(DomainError, match="has no"):
            int8(special)
