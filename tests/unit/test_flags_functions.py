"""Flags of functions at special arguments, as IEEE 754-2019, 7.2, 7.3 and 9.2.1 list them, and at exact cases."""

from __future__ import annotations

import numpy as np
import pytest

from precise import rounded
from precise.engines.carrier import to_lanes
from precise.engines.flags import Flags, Tininess, count_elements
from precise.formats import float8_e4m3fn
from precise.rounding import RNE, Overflow, Rounder

INF, NAN = np.inf, np.nan
NONE, POLE, INVALID, INEXACT = Flags(), Flags(divide_by_zero=1), Flags(invalid=1), Flags(inexact=1)
OVER, UNDER = Flags(inexact=1, overflow=1), Flags(inexact=1, underflow=1)

ROWS: list[tuple[str, tuple[float, ...], Flags]] = [
    ("rsqrt", (0.0,), POLE),
    ("rsqrt", (-0.0,), POLE),
    ("rsqrt", (-1.0,), INVALID),
    ("rsqrt", (4.0,), NONE),
    ("rsqrt", (2.0,), INEXACT),
    ("rsqrt", (INF,), NONE),
    ("log", (0.0,), POLE),
    ("log", (-0.0,), POLE),
    ("log", (-1.0,), INVALID),
    ("log", (1.0,), NONE),
    ("log2", (0.0,), POLE),
    ("log2", (8.0,), NONE),
    ("log2", (3.0,), INEXACT),
    ("log1p", (-1.0,), POLE),
    ("log1p", (-2.0,), INVALID),
    ("log1p", (-INF,), INVALID),
    ("log1p", (2.0**-20,), UNDER),
    ("pow", (0.0, -1.0), POLE),
    ("pow", (-0.0, -3.0), POLE),
    ("pow", (0.0, -INF), NONE),
    ("pow", (-8.0, 0.5), INVALID),
    ("pow", (3.0, 2.0), NONE),
    ("pow", (2.0, 20.0), OVER),
    ("pow", (1.0, NAN), NONE),
    ("pow", (NAN, 0.0), NONE),
    ("hypot", (3.0, 4.0), NONE),
    ("hypot", (INF, NAN), NONE),
    ("hypot", (60000.0, 60000.0), OVER),
    ("remainder", (5.0, 0.0), INVALID),
    ("remainder", (INF, 2.0), INVALID),
    ("ieee_remainder", (5.0, 0.0), INVALID),
    ("ieee_remainder", (5.0, 3.0), NONE),
    ("atan2", (0.0, 0.0), NONE),
    ("atan2", (INF, 1.0), INEXACT),
    ("atan", (INF,), INEXACT),
    ("exp", (-INF,), NONE),
    ("exp", (INF,), NONE),
    ("exp", (0.0,), NONE),
    ("exp", (12.0,), OVER),
    ("exp", (-18.0,), UNDER),
    ("exp2", (11.0,), NONE),
    ("exp2", (-24.0,), NONE),
    ("exp2", (-30.0,), UNDER),
    ("expm1", (-INF,), NONE),
    ("sinh", (-0.0,), NONE),
    ("cosh", (20.0,), OVER),
    ("tanh", (INF,), NONE),
    ("tan", (INF,), INVALID),
    ("sin", (-INF,), INVALID),
    ("sin", (2.0**-24,), UNDER),
    ("sin", (2.0**-14,), UNDER),  # just below the least normal number, which is the result
    ("tan", (2.0**-14,), INEXACT),
    ("sinpi", (0.5,), NONE),
    ("sinpi", (INF,), INVALID),
    ("square", (300.0,), OVER),
    ("sqrt", (-0.0,), NONE),
    ("sqrt", (-1.0,), INVALID),
    ("fma", (0.0, INF, 1.0), INVALID),
    ("fma", (0.0, INF, NAN), NONE),
    ("fma", (2.0, INF, -INF), INVALID),
    ("subtract", (INF, INF), INVALID),
    ("divide", (0.0, 0.0), INVALID),
    ("divide", (INF, INF), INVALID),
    ("divide", (INF, 0.0), NONE),
    ("divide", (1.0, -0.0), POLE),
    ("multiply", (0.0, -INF), INVALID),
    ("negative", (NAN,), NONE),
    ("floor", (2.5,), NONE),  # roundToIntegral raises no inexact (5.9)
]


@pytest.mark.parametrize("engine", [None, "reference"])
def test_special_and_exact_cases(engine: str | None) -> None:
    xp = rounded("binary16", engine=engine, flags=True)
    wrong = []
    for op, row, wanted in ROWS:
        found = getattr(xp, op)(*(xp.asarray([x]) for x in row)).flags
        if found != wanted:
            wrong.append((op, row, found, wanted))
    assert not wrong


def test_tiny_after_rounding() -> None:
    """sin of the least normal number rounds to it, or to the number below it with exponents unbounded."""
    for mode, wanted in (("RNE", INEXACT), ("RTZ", UNDER), ("RAZ", INEXACT)):
        xp = rounded("binary16", mode, flags="after")
        assert xp.sin(xp.asarray([2.0**-14])).flags == wanted, mode


def test_formats_without_infinity_signal_the_same() -> None:
    """A pole divides by zero, an infinite operand has no result (7.2 j, as in conversions), overflow stays overflow."""
    for overflow in ("nan", "saturate"):
        xp = rounded("float8_e4m3fn", overflow=overflow, flags=True)
        assert xp.divide(xp.asarray([1.0]), xp.asarray([0.0])).flags == POLE
        assert xp.log(xp.asarray([0.0])).flags == POLE
        assert xp.asarray([INF, -INF, NAN]).flags == Flags(invalid=2)
        assert xp.asarray([464.0, 465.0, 1e9]).flags == Flags(inexact=3, overflow=2)
        specials = np.array([INF, -INF, NAN, 1.0])
        lost = to_lanes(xp.asarray(specials).data)
        rounder = Rounder(float8_e4m3fn, RNE, Overflow(overflow))
        assert count_elements("round", (specials,), lost, rounder, Tininess.BEFORE) == Flags(invalid=2)
    fixed = rounded("fixed(8,0)", overflow="wrap", flags=True)
    assert fixed.add(fixed.asarray([127.0]), fixed.asarray([1.0])).flags == OVER
    assert fixed.asarray([0.25]).flags == INEXACT
