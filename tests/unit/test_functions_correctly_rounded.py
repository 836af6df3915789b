"""Every elementary function of the reference engine against MPFR: formats of all kinds, every deterministic mode."""

from __future__ import annotations

import numpy as np
import pytest
from unit.function_cases import BINARY, UNARY, boundary_points, spec_of, truth, wanted
from oracles.integers import NAN, NEG_INF, POS_INF, round_value

from precise.dyadic import Dyadic, Element, Special
from precise.engines.reference import OPERATIONS
from precise.errors import DomainError
from precise.formats import Format, bfloat16, binary16, binary32, binary64, float8_e4m3fn
from precise.formats.format import Fixed, Float, paper_float, unbounded
from precise.formats.values import all_values
from precise.rounding import DETERMINISTIC, Rounder, default_overflow

FORMATS: list[Format] = [
    binary16,
    bfloat16,
    binary32,
    binary64,
    Float(113, -16382, 16383),
    float8_e4m3fn,
    paper_float(4),
    Fixed(8, -4),
    unbounded(11),
]


def check(op: str, fmt: Format, arguments: list[tuple[Element, ...]]) -> int:
    """Return how many results were compared, in every mode; domain errors where the format can say nothing."""
    spec, compared = spec_of(fmt), 0
    for row in arguments:
        exact = truth(op, *row)
        for mode in DETERMINISTIC:
            rounder = Rounder(fmt, mode, default_overflow(fmt))
            silent = exact == NAN and not fmt.nan
            silent = silent or (exact in (POS_INF, NEG_INF) and not (fmt.nan or fmt.infinities))
            if silent:
                with pytest.raises(DomainError):
                    OPERATIONS[op](*row, rounder, 0)
                continue
            found = OPERATIONS[op](*row, rounder, 0)
            right = wanted_from(exact, spec, mode.code)
            assert found == right, f"{op}{row} in {fmt} {mode}: {found} not {right}"
            compared += 1
    return compared


def wanted_from(exact: object, spec: object, mode: str) -> Element:
    """Return the rounded truth."""
    from unit.function_cases import SPECIALS

    found = round_value(exact, spec, mode)  # type: ignore[arg-type]
    return SPECIALS[found] if isinstance(found, str) else Dyadic.from_fraction(found)


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
@pytest.mark.parametrize("op", UNARY)
def test_functions_of_one_number(op: str, fmt: Format) -> None:
    rng = np.random.default_rng(20261122)
    points = [(x,) for x in boundary_points(fmt, rng, 12) if usable(op, x)]
    assert check(op, fmt, points) > 200


def usable(op: str, x: Element) -> bool:
    """Return whether the oracle can tell the value at its 400 or 1600 bits, and quickly."""
    assert isinstance(x, Dyadic)
    if op in ("sigmoid", "silu", "gelu"):
        return -300 < x.e < (7 if op != "gelu" else 5)
    if op in ("exp", "exp2", "expm1", "sinh", "cosh"):
        return x.e < 12
    if op in ("erf", "erfc"):
        return x.e < 10
    return x.e < 200
