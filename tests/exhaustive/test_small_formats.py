"""The plain numbers that the oracles use, against the tables of ml_dtypes and gfloat; nothing of ours is asked."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from oracles.integers import Spec, Value, members
from oracles.named import E4M3FN, E5M2
from oracles.optional import require
from oracles.smallformats import E2M1FN, E2M3FN, E3M2FN, E8M0_VALUES, OCP8, P3109
from oracles.verdict import expect_equal

GFLOAT = {E4M3FN: "ocp_e4m3", E5M2: "ocp_e5m2", E3M2FN: "ocp_e3m2", E2M3FN: "ocp_e2m3", E2M1FN: "ocp_e2m1"}
BITS = {E3M2FN: 6, E2M3FN: 6, E2M1FN: 4}


def described(spec: Spec) -> list[Value]:
    """Return all that the plain numbers say is in a format, specials first."""
    positive = [v for v in members(spec) if v > 0]
    special: list[Value] = ["+inf", "-inf"] if spec.infinities else []
    special += ["nan"] * spec.nan + ["-0"] * spec.signed_zero
    return [*special, *(-v for v in reversed(positive)), Fraction(0), *positive]


def tabulated(values: list[float]) -> list[Value]:
    """Return a table of floats in the same order, each once."""
    special: list[Value] = ["+inf"] * (np.inf in values) + ["-inf"] * (-np.inf in values)
    special += ["nan"] * any(v != v for v in values) + ["-0"] * any(v == 0 and np.signbit(v) for v in values)
    return [*special, *sorted({Fraction(v) for v in values if v - v == 0})]


@pytest.mark.parametrize("spec", [*OCP8, *BITS], ids=lambda s: s.name)
def test_plain_numbers_are_the_values_of_ml_dtypes(spec: Spec) -> None:
    dtype = getattr(require("ml_dtypes"), spec.name)
    codes = np.arange(2 ** BITS.get(spec, 8), dtype=np.uint8)
    theirs = tabulated(codes.view(dtype).astype(np.float64).tolist())
    expect_equal("oracles", "ml_dtypes", spec.name, described(spec), theirs, theirs)


@pytest.mark.parametrize("spec", [*GFLOAT, *P3109], ids=lambda s: s.name)
def test_plain_numbers_are_the_values_of_gfloat(spec: Spec) -> None:
    gfloat, formats = require("gfloat"), require("gfloat.formats")
    info = getattr(formats, f"format_info_{GFLOAT[spec]}") if spec in GFLOAT else formats.format_info_p3109(8, spec.p)
    theirs = tabulated([float(gfloat.decode_float(info, code).fval) for code in range(2**info.k)])
    expect_equal("oracles", "gfloat", spec.name, described(spec), theirs, theirs)


def test_powers_of_two_of_the_scale_format_are_those_of_ml_dtypes() -> None:
    codes = np.arange(256, dtype=np.uint8)
    values = codes.view(require("ml_dtypes").float8_e8m0fnu).astype(np.float64)
    assert np.isnan(values[255])
    theirs = [Fraction(v) for v in values[:255].tolist()]
    expect_equal("oracles", "ml_dtypes", "float8_e8m0fnu", list(E8M0_VALUES), theirs, theirs)
