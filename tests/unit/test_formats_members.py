"""Members, neighbours and limits of the formats that are not IEEE's; exponents beyond any machine."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matrix.subjects import value_of
from oracles.optional import require
from oracles.verdict import expect_equal

from precise import Dyadic, Special, all_values, next_down, next_up, round_to
from precise.errors import DomainError, FormatError
from precise.formats import (
    Float,
    Format,
    binary16,
    binary128,
    binary256,
    float8_e8m0fnu,
    flushing,
    p3109,
    paper_float,
    parse_format,
    ulp,
)
from precise.rounding import RAZ, RNE, RTN, RTP, RTZ

ML_DTYPES = [
    *("float8_e4m3fn", "float8_e5m2", "float8_e4m3", "float8_e3m4", "float8_e4m3fnuz", "float8_e5m2fnuz"),
    *("float8_e4m3b11fnuz", "float8_e8m0fnu", "float6_e3m2fn", "float6_e2m3fn", "float4_e2m1fn"),
]
OTHERS = [
    *("int4", "uint4", "int8", "mxint8_element", "binary8p3ue", "binary8p8uf", "binary8p1se", "binary8p5sf"),
    *("fp16-ftz", "float8_e4m3fnuz-ftz", "ufixed(5,-2)"),
]


def enumerated(name: str) -> list[Dyadic]:
    """Return the finite numbers of a format, ascending, from ml_dtypes, NumPy or the definition."""
    fmt = parse_format(name)
    if name in ML_DTYPES:
        dtype = np.dtype(getattr(require("ml_dtypes"), name))
        codes = np.arange(1 << (8 * dtype.itemsize), dtype=np.uint8 if dtype.itemsize == 1 else np.uint16)
        if name.startswith(("float6", "float4")):
            codes = codes[: 1 << int(name[5])]
        with np.errstate(invalid="ignore"):
            found = codes.view(dtype).astype(np.float64)
    elif fmt.p is None:
        assert fmt.largest is not None
        assert fmt.q_min is not None
        top = fmt.largest.integer_at(fmt.q_min)
        lowest = 0 if name.startswith("u") else -top - (name != "mxint8_element")
        found = np.arange(lowest, top + 1) * 2.0**fmt.q_min
    elif fmt.flush:
        plain = enumerated(name.removesuffix("-ftz").replace("fp16", "float8_e4m3fnuz"))
        if name.startswith("fp16"):
            with np.errstate(invalid="ignore"):
                found = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float64)
            limit = 2.0**-14
        else:
            found, limit = np.array([x.to_float() for x in plain]), 2.0**-7
        found = found[(found == 0) | (np.abs(found) >= limit)]
    else:
        gfloat, types = require("gfloat"), require("gfloat.types")
        info = require("gfloat.formats").format_info_p3109(
            8,
            fmt.p,
            types.Signedness.Signed if "s" in name else types.Signedness.Unsigned,
            types.Domain.Extended if name.endswith("e") else types.Domain.Finite,
        )
        found = np.array([gfloat.decode_float(info, c).fval for c in range(256)])
    return [Dyadic.from_float(float(v)) for v in np.unique(found[np.isfinite(found)])]


@pytest.mark.parametrize("name", [*ML_DTYPES, *OTHERS])
def test_values_and_neighbours(name: str) -> None:
    fmt, members = parse_format(name), enumerated(name)
    expect_equal("values", "enumeration", name, list(all_values(fmt)), members, members)
    assert all(x in fmt for x in members)
    assert not any((a + b).scaled(-1) in fmt for a, b in pairwise(members))
    up = [unsigned(next_up(x, fmt)) for x in members[:-1]]
    expect_equal("next_up", "enumeration", name, up, members[1:], members[:-1])
    down = [unsigned(next_down(x, fmt)) for x in members[1:]]
    expect_equal("next_down", "enumeration", name, down, members[:-1], members[1:])
    assert (fmt.largest, fmt.least) == (members[-1], members[0])
    assert fmt.smallest_positive == min(x for x in members if x.c > 0)
    assert fmt.zero == (Dyadic(0) in members)
    with_specials = list(all_values(fmt, specials=True))
    assert with_specials[: len(members)] == members
    assert with_specials[len(members) :] == [
        s for s in (Special.NEG_ZERO, Special.NEG_INF, Special.POS_INF, Special.NAN) if s in fmt
    ]


def unsigned(x: Dyadic | Special) -> Dyadic | Special:
    """Return +0 for -0."""
    return Dyadic(0) if x is Special.NEG_ZERO else x


@pytest.mark.parametrize("name", ML_DTYPES)
def test_limits_as_ml_dtypes_has_them(name: str) -> None:
    fmt, info = parse_format(name), require("ml_dtypes").finfo(name)
    assert fmt.largest == float(info.max)
    assert fmt.smallest_normal == float(info.smallest_normal)
    assert fmt.smallest_positive == float(info.smallest_subnormal)
    assert fmt.p == info.nmant + 1


@pytest.mark.parametrize(
    ("fmt", "p", "emax", "bits"), [(binary16, 11, 15, 16), (binary128, 113, 16383, 128), (binary256, 237, 262143, 256)]
)
def test_the_table_of_ieee_754(fmt: Format, p: int, emax: int, bits: int) -> None:
    """IEEE 754-2019, table 3.5: p, emax, emin = 1 - emax, and for k >= 128 p = k - round(4 log2 k) + 13."""
    assert (fmt.p, fmt.emax, fmt.emin) == (p, emax, 1 - emax)
    assert fmt.largest == Dyadic((1 << p) - 1, emax - p + 1)
    assert bits - {16: 5, 128: 15, 256: 19}[bits] == p


def test_ends_of_formats_that_are_not_symmetric() -> None:
    e8m0 = float8_e8m0fnu
    for x in (Dyadic(0), Special.NEG_ZERO, Dyadic(-1), Special.POS_INF, Dyadic(3)):
        assert x not in e8m0
    for step, x in (
        (next_down, Dyadic(1, -127)),
        (next_up, Dyadic(1, 127)),
        (next_up, Dyadic(0)),
        (next_down, Dyadic(0)),
    ):
        with pytest.raises(DomainError):
            step(x, e8m0)
    unsigned_format = p3109(8, 3, signed=False)
    assert Special.NEG_INF not in unsigned_format
    assert unsigned_format.largest is not None
    assert next_up(unsigned_format.largest, unsigned_format) is Special.POS_INF
    assert next_down(Special.POS_INF, unsigned_format) == unsigned_format.largest
    with pytest.raises(DomainError):
        next_down(Dyadic(0), unsigned_format)
    assert next_up(Special.NEG_ZERO, flushing(binary16)) == Dyadic(1, -14)


def test_the_least_positive_number_of_a_flushing_format_is_normal() -> None:
    fmt = flushing(binary16)
    assert fmt.smallest_positive == fmt.smallest_normal == Dyadic(1, -14)
    assert Dyadic(1, -15) not in fmt
    assert Dyadic(1023, -24) not in fmt
    assert flushing(fmt) is fmt
    unsigned_one = flushing(p3109(8, 3, signed=False))
    assert unsigned_one.smallest_positive == Dyadic(1, -31)  # the bias is 2**(8 - 3) = 32
    assert next_down(Dyadic(1, -31), unsigned_one) == 0


@pytest.mark.parametrize("p", [2000, 20000])
def test_the_papers_floats_for_p_in_the_thousands(p: int) -> None:
    """Exponents reach 2**p; every answer follows from the definition and no integer has more than O(p) bits."""
    fmt, reach = paper_float(p), 1 << p
    top, least = Dyadic((1 << p) - 1, reach - 1), Dyadic(1, p - 1 - reach)
    assert (fmt.largest, fmt.smallest_positive) == (top, least)
    assert top in fmt
    assert Dyadic(1, reach + p) not in fmt
    assert Dyadic((1 << p) - 1, -reach - 1) not in fmt
    assert Dyadic(1, -reach) not in fmt  # a significand has exactly p bits
    assert next_up(least, fmt) == Dyadic((1 << (p - 1)) + 1, -reach)
    assert next_down(top, fmt) == Dyadic((1 << p) - 2, reach - 1)
    assert next_down(least, fmt) == 0
    assert ulp(top, fmt) == Dyadic(1, reach - 1)
    middle = Dyadic((1 << (p + 1)) - 3, reach - 4)  # half way between two numbers
    assert round_to(middle, format=fmt, rounding=RTZ) == Dyadic((1 << p) - 2, reach - 3)
    assert round_to(middle, format=fmt, rounding=RTP) == Dyadic((1 << p) - 1, reach - 3)
    assert round_to(middle, format=fmt, rounding=RNE) == Dyadic((1 << p) - 2, reach - 3)
    assert round_to(Dyadic(1, 3 * reach), format=fmt, rounding=RNE) == top
    assert round_to(Dyadic(-1, 3 * reach), format=fmt, rounding=RNE) == -top
    assert round_to(Dyadic(1, -3 * reach), format=fmt, rounding=RAZ) == least
    assert round_to(Dyadic(1, -3 * reach), format=fmt, rounding=RTN) == 0
    assert len(str(top)) > p // 4
    assert str(fmt) == f"paper:{p}"
    assert Dyadic.from_hex(str(least)) == least
    assert repr(least).startswith("Dyadic(1, -")


def test_unsigned_formats_have_no_signed_zero() -> None:
    with pytest.raises(FormatError, match="signed zero"):
        Format("x", 3, -4, Float(3, -2, 2).largest, Dyadic(0))
    assert value_of(round_to("-0", format="binary8p3ue", rounding=RNE)) == 0
