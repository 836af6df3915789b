"""Special data of every function, typed from IEEE 754-2019, 9.2.1, 5.3.1 and 9.6, and C23, annex F.10."""

from __future__ import annotations

import math

import numpy as np
import pytest

from precise import rounded
from precise.dyadic import Dyadic, Special
from precise.engines.reference import OPERATIONS
from precise.errors import DomainError
from precise.formats import Format, bfloat16, binary16, float8_e4m3fn
from precise.formats.format import Fixed, Float, paper_float, unbounded
from precise.rounding import RNE, Overflow, Rounder, default_overflow

INF, NAN = math.inf, math.nan
ENGINES = ("narrow", "reference")
# argument -> value
ONE_OPERAND: dict[str, list[tuple[float, float]]] = {
    "sqrt": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, NAN), (-1.0, NAN), (4.0, 2.0)],
    "rsqrt": [(0.0, INF), (-0.0, -INF), (INF, 0.0), (-INF, NAN), (-4.0, NAN), (4.0, 0.5), (0.0625, 4.0)],
    "exp": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0)],
    "exp2": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (3.0, 8.0), (-3.0, 0.125), (0.5, 1.4140625)],
    "expm1": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0)],
    "log": [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-INF, NAN), (-1.0, NAN)],
    "log2": [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-INF, NAN), (-1.0, NAN), (8.0, 3.0), (0.25, -2.0)],
    "log1p": [(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (INF, INF), (-INF, NAN), (-2.0, NAN)],
    "sin": [(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN)],
    "cos": [(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN)],
    "tan": [(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN)],
    "sinpi": [
        (0.0, 0.0),
        (-0.0, -0.0),
        (INF, NAN),
        (-INF, NAN),
        (1.0, 0.0),
        (2.0, 0.0),
        (-1.0, -0.0),
        (-2.0, -0.0),
        (0.5, 1.0),
        (1.5, -1.0),
        (2.5, 1.0),
        (-0.5, -1.0),
        (-1.5, 1.0),
        (1024.0, 0.0),
        (-1023.0, -0.0),
    ],
    "cospi": [
        (0.0, 1.0),
        (-0.0, 1.0),
        (INF, NAN),
        (-INF, NAN),
        (1.0, -1.0),
        (2.0, 1.0),
        (-1.0, -1.0),
        (1024.0, 1.0),
        (0.5, 0.0),
        (1.5, 0.0),
        (-0.5, 0.0),
        (-1.5, 0.0),
        (2.5, 0.0),
    ],
    "sinh": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF)],
    "cosh": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF)],
    "tanh": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0)],
    "atan": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.5703125), (-INF, -1.5703125)],
    "erf": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0)],
    "erfc": [(0.0, 1.0), (-0.0, 1.0), (INF, 0.0), (-INF, 2.0)],
    "sigmoid": [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0)],
    "silu": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -0.0)],
    "gelu": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -0.0)],
    "floor": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (0.5, 0.0), (-0.5, -1.0), (2.5, 2.0), (-2.5, -3.0)],
    "ceil": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (0.5, 1.0), (-0.5, -0.0), (2.5, 3.0), (-2.5, -2.0)],
    "trunc": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (0.5, 0.0), (-0.5, -0.0), (2.5, 2.0), (-2.5, -2.0)],
    "round": [
        (0.0, 0.0),
        (-0.0, -0.0),
        (INF, INF),
        (-INF, -INF),
        (0.5, 0.0),
        (-0.5, -0.0),
        (1.5, 2.0),
        (2.5, 2.0),
        (-1.5, -2.0),
        (-2.5, -2.0),
        (0.75, 1.0),
        (-0.75, -1.0),
    ],
}
PI = 3.140625  # in binary16
POW = [
    *((x, z, 1.0) for x in (0.0, -0.0, INF, -INF, NAN, 1.0, -2.0) for z in (0.0, -0.0)),
    *((1.0, y, 1.0) for y in (INF, -INF, NAN, 3.0, -2.5)),
    *((-1.0, y, 1.0) for y in (INF, -INF, 2.0)),
    (-1.0, 3.0, -1.0),
    (0.0, -3.0, INF),
    (-0.0, -3.0, -INF),
    *((z, y, INF) for z in (0.0, -0.0) for y in (-2.0, -0.5, -INF)),
    (0.0, 3.0, 0.0),
    (-0.0, 3.0, -0.0),
    *((z, y, 0.0) for z in (0.0, -0.0) for y in (2.0, 0.5, INF)),
    *((x, y, NAN) for x in (-2.0, -0.5) for y in (0.5, -1.5)),
    *((x, -INF, INF) for x in (0.5, -0.5)),
    *((x, -INF, 0.0) for x in (2.0, -2.0, INF, -INF)),
    *((x, INF, 0.0) for x in (0.5, -0.5)),
    *((x, INF, INF) for x in (2.0, -2.0, INF, -INF)),
    (-INF, -3.0, -0.0),
    *((-INF, y, 0.0) for y in (-2.0, -0.5)),
    (-INF, 3.0, -INF),
    *((-INF, y, INF) for y in (2.0, 0.5)),
    *((INF, y, 0.0) for y in (-3.0, -0.5)),
    *((INF, y, INF) for y in (3.0, 0.5)),
    *((NAN, y, NAN) for y in (1.0, INF, NAN, -2.0)),
    *((x, NAN, NAN) for x in (2.0, -1.0, 0.0, INF)),
    (-2.0, 3.0, -8.0),
    (-2.0, -3.0, -0.125),
    (9.0, 0.5, 3.0),
    (9.0, -0.5, 0.333251953125),
    (2.25, 1.5, 3.375),
]
ATAN2 = [
    *((math.copysign(0.0, s), x, math.copysign(PI, s)) for s in (1, -1) for x in (-0.0, -1.0, -INF)),
    *((math.copysign(0.0, s), x, math.copysign(0.0, s)) for s in (1, -1) for x in (0.0, 1.0, INF)),
    *((s * 2.0, z, s * 1.5703125) for s in (1, -1) for z in (0.0, -0.0)),
    *((s * 2.0, -INF, s * PI) for s in (1, -1)),
    *((s * 2.0, INF, math.copysign(0.0, s)) for s in (1, -1)),
    *((s * INF, x, s * 1.5703125) for s in (1, -1) for x in (2.0, -2.0, 0.0, -0.0)),
    *((s * INF, -INF, s * 2.35546875) for s in (1, -1)),
    *((s * INF, INF, s * 0.78515625) for s in (1, -1)),
    *((NAN, x, NAN) for x in (0.0, 1.0, INF)),
    *((y, NAN, NAN) for y in (0.0, 1.0, INF)),
    (1.0, 1.0, 0.78515625),
    (1.0, -1.0, 2.35546875),
    (-1.0, -1.0, -2.35546875),
]
HYPOT = [
    *((s * INF, y, INF) for s in (1, -1) for y in (NAN, 0.0, 1.0, -INF)),
    *((y, s * INF, INF) for s in (1, -1) for y in (NAN, 0.0, 1.0)),
    *((NAN, y, NAN) for y in (0.0, 1.0, NAN)),
    *((x, y, 0.0) for x in (0.0, -0.0) for y in (0.0, -0.0)),
    *((x, y, 3.0) for x in (0.0, -0.0) for y in (3.0, -3.0)),
    (-3.0, 4.0, 5.0),
]
REMAINDER = [
    *((x, y, NAN) for x in (INF, -INF, NAN) for y in (1.0, 0.0, INF, NAN)),
    *((x, z, NAN) for x in (0.0, 1.0, -1.0) for z in (0.0, -0.0)),
    *((x, NAN, NAN) for x in (0.0, 1.0)),
    *((math.copysign(0.0, s), y, math.copysign(0.0, y)) for s in (1, -1) for y in (2.0, -2.0, INF, -INF)),
    (1.0, INF, 1.0),
    (1.0, -INF, -INF),
    (-1.0, INF, INF),
    (-1.0, -INF, -1.0),
    (5.0, 3.0, 2.0),
    (-5.0, 3.0, 1.0),
    (5.0, -3.0, -1.0),
    (-5.0, -3.0, -2.0),
    (6.0, -3.0, -0.0),
    (-6.0, 3.0, 0.0),
]
IEEE_REMAINDER = [
    *((x, y, NAN) for x in (INF, -INF, NAN) for y in (1.0, 0.0, INF, NAN)),
    *((x, z, NAN) for x in (0.0, 1.0, -1.0) for z in (0.0, -0.0)),
    *((x, NAN, NAN) for x in (0.0, 1.0)),
    *((x, y, x) for x in (0.0, -0.0, 1.0, -1.0) for y in (INF, -INF)),
    (5.0, 3.0, -1.0),
    (-5.0, 3.0, 1.0),
    (5.0, -3.0, -1.0),
    (1.0, 2.0, 1.0),
    (3.0, 2.0, -1.0),
    (5.0, 2.0, 1.0),
    (-6.0, 3.0, -0.0),
    (6.0, -3.0, 0.0),
]
EXTREMA = {
    "maximum": [(1.0, NAN, NAN), (NAN, NAN, NAN), (-0.0, 0.0, 0.0), (0.0, -0.0, 0.0), (-INF, 2.0, 2.0)],
    "maximum_number": [(1.0, NAN, 1.0), (NAN, -INF, -INF), (NAN, NAN, NAN), (-0.0, 0.0, 0.0), (0.0, -0.0, 0.0)],
    "minimum_number": [(1.0, NAN, 1.0), (NAN, INF, INF), (NAN, NAN, NAN), (-0.0, 0.0, -0.0), (0.0, -0.0, -0.0)],
}
TWO_OPERANDS = {
    "pow": POW,
    "atan2": ATAN2,
    "hypot": HYPOT,
    "remainder": REMAINDER,
    "ieee_remainder": IEEE_REMAINDER,
    **EXTREMA,
}


def agree(op: str, found: np.ndarray, rows: list[tuple[float, ...]]) -> int:
    """Return how many results agree in value and sign of zero."""
    for row, y in zip(rows, found.tolist(), strict=True):
        wanted = row[-1]
        same = math.isnan(y) if math.isnan(wanted) else y == wanted and math.copysign(1, y) == math.copysign(1, wanted)
        assert same, f"{op}{row[:-1]}: {y} not {wanted}"
    return len(rows)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("op", ONE_OPERAND)
def test_one_operand(op: str, engine: str) -> None:
    rows: list[tuple[float, ...]] = [*ONE_OPERAND[op], (NAN, NAN)]
    xp = rounded(binary16, RNE, engine=engine)
    found = getattr(xp, op)(xp.asarray([x for x, _ in rows]))
    assert found.engine == engine
    assert agree(op, found.to_float64(), rows) >= 5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("op", TWO_OPERANDS)
def test_two_operands(op: str, engine: str) -> None:
    rows: list[tuple[float, ...]] = list(TWO_OPERANDS[op])
    xp = rounded(binary16, RNE, engine=engine)
    found = getattr(xp, op)(xp.asarray([r[0] for r in rows]), xp.asarray([r[1] for r in rows]))
    assert agree(op, found.to_float64(), rows) >= 5


@pytest.mark.parametrize("op", sorted(EXTREMA))
def test_extrema_of_objects(op: str) -> None:
    xp = rounded(unbounded(60), RNE)
    rows: list[tuple[float, ...]] = list(EXTREMA[op])
    left, right = (xp.add(xp.asarray([r[i] for r in rows]), xp.asarray([-0.0] * len(rows))) for i in (0, 1))
    huge = xp.maximum_number(xp.concat([left, xp.asarray([2**75 + 2**20])]), xp.concat([right, xp.asarray([NAN])]))
    assert huge.elements()[-1] == 2**75 + 2**20
    found = getattr(xp, op)(left, right).elements()
    assert agree(op, np.array([float(str(v)) if isinstance(v, Special) else v.to_float() for v in found]), rows) == 5


@pytest.mark.parametrize("fmt", [paper_float(4), Fixed(8, -4)], ids=str)
@pytest.mark.parametrize(
    ("op", "row"),
    [
        *(("log", (0,)), ("log2", (0,)), ("log1p", (-1,)), ("rsqrt", (0,)), ("pow", (0, -1)), ("pow", (-2, 0.5))),
        *(("sqrt", (-1,)), ("rsqrt", (-1,)), ("log2", (-1,)), ("log1p", (-2,)), ("remainder", (1, 0))),
        ("ieee_remainder", (1, 0)),
    ],
)
def test_what_a_format_cannot_say_raises(op: str, row: tuple[float, ...], fmt: Format) -> None:
    rounder = Rounder(fmt, RNE, default_overflow(fmt))
    with pytest.raises(DomainError):
        OPERATIONS[op](*(Dyadic.from_float(v) for v in row), rounder, 0)
    xp = rounded(fmt, RNE)
    with pytest.raises(DomainError):
        getattr(xp, op)(*(xp.asarray(v) for v in row))


def test_poles_and_infinities_follow_the_policy() -> None:
    saturating = rounded(float8_e4m3fn, RNE, overflow="saturate")
    assert saturating.rsqrt(saturating.asarray(0.0)).to_float64() == 448
    plain = rounded(float8_e4m3fn, RNE)
    assert np.isnan(plain.rsqrt(plain.asarray(0.0)).to_float64())
    assert np.isnan(plain.exp2(plain.asarray(9.0)).to_float64())
    without = Rounder(Float(4, -6, 8, infinities=False, nan=False, signed_zero=False), RNE, Overflow.SATURATE)
    assert OPERATIONS["ceil"](Dyadic(-1, -1), without, 0) == 0
    assert OPERATIONS["exp2"](Special.NEG_INF, without, 0) == 0


def test_integers_that_are_no_members_are_rounded() -> None:
    fixed = rounded(Fixed(8, -4), RNE)
    assert fixed.ceil(fixed.asarray(7.9375)).to_float64() == 7.9375  # 8 is beyond the largest number
    assert fixed.floor(fixed.asarray(-7.9375)).to_float64() == -8
    coarse = rounded(bfloat16, RNE, inputs=Float(24, -126, 127))
    assert coarse.floor(coarse.asarray(257.5)).to_float64() == 256
    assert coarse.ceil(coarse.asarray(258.5)).to_float64() == 260  # 259 is a tie
