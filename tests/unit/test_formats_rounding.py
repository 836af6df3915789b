"""Rounding to the formats that are not IEEE's: against ml_dtypes, gfloat, NumPy and integers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from matrix.subjects import ROUNDING, value_of
from numpy.typing import NDArray
from oracles.floats import as_value, as_values
from oracles.integers import MODES, Spec, Value, choose, power_of_two, round_value
from oracles.optional import require
from oracles.verdict import expect_equal, expect_same

from precise import Overflow, Underflow, round_to, rounded
from precise.engines.codes import decode_array
from precise.errors import DomainError, FormatError, UnsupportedError
from precise.formats import (
    Fixed,
    Float,
    Format,
    binary16,
    float8_e8m0fnu,
    flushing,
    p3109,
    paper_float,
    parse_format,
    unbounded,
    width,
)
from precise.rounding import RNE, RTP, Rounder
from precise.studies.rope_bounds import rounding_error

ML_DTYPES = ["float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e4m3b11fnuz", "float8_e4m3", "float8_e3m4"]
FINITE = ["float6_e3m2fn", "float6_e2m3fn", "float4_e2m1fn"]
SMALL = [*ML_DTYPES, *FINITE, "float8_e4m3fn", "binary8p3se", "binary6p4sf", "binary5p2se", "binary7p1sf"]
GFLOAT_MODES = {"RNE": "TiesToEven", "RNA": "TiesToAway", "RTZ": "TowardZero", "RTP": "TowardPositive"}


def numbers(fmt: Format) -> NDArray[np.float64]:
    """Return the finite members in ascending order; the codes are compared with other libraries elsewhere."""
    x = decode_array(np.arange(1 << width(fmt)), fmt)
    return np.unique(x[np.isfinite(x)])


def points(fmt: Format) -> NDArray[np.float64]:
    """Return every member, quarters between them and around them, and beyond the ends."""
    x = numbers(fmt)
    inside = np.concatenate([np.linspace(a, b, 5) for a, b in pairwise(x)])
    top = x[-1] * np.array([1.03, 1.0625, 1.125, 1.25, 1.5, 2, 4, 1e6])
    tiny = x[x > 0][0] * np.array([2.0**-60, 0.24, 0.5, 0.76])
    found = np.concatenate([inside, top, tiny, -top, -tiny] if x[0] < 0 else [inside, top, tiny])
    return np.concatenate([found, np.nextafter(found, np.inf), np.nextafter(found, -np.inf)])


def spec_of(fmt: Format) -> Spec:
    """Return the format in plain numbers."""
    assert fmt.largest is not None
    assert fmt.least is not None
    return Spec(
        fmt.name,
        fmt.p,
        fmt.q_min,
        fmt.largest.to_fraction(),
        infinities=fmt.infinities,
        nan=fmt.nan,
        signed_zero=fmt.signed_zero,
        least=fmt.least.to_fraction(),
    )


def rounded_scalars(fmt: Format, mode: str, x: NDArray[np.float64], **policies: object) -> list[Value]:
    """Return the numbers rounded one at a time."""
    return [value_of(round_to(float(v), format=fmt, rounding=ROUNDING[mode], **policies)) for v in x]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ML_DTYPES)
def test_nearest_even_as_ml_dtypes_casts(name: str) -> None:
    dtype, fmt = getattr(require("ml_dtypes"), name), parse_format(name)
    x = points(fmt).astype(np.float32)  # where ml_dtypes rounds once
    x = np.concatenate([x, np.array([0.0, -0.0, np.inf, -np.inf, np.nan], dtype=np.float32)])
    with np.errstate(all="ignore"):
        theirs = x.astype(dtype).astype(np.float64)
    wide = x.astype(np.float64)
    expect_same("round", "ml_dtypes", name, rounded(fmt).asarray(wide).to_float64(), theirs, wide)
    expect_equal("round", "ml_dtypes", name, rounded_scalars(fmt, "RNE", wide), as_values(theirs), wide.tolist())


@pytest.mark.parametrize("name", FINITE)
def test_formats_without_infinity_and_nan_saturate_as_ml_dtypes_does(name: str) -> None:
    dtype, fmt = getattr(require("ml_dtypes"), name), parse_format(name)
    x = points(fmt).astype(np.float32)
    x = np.concatenate([x, np.array([0.0, -0.0, np.inf, -np.inf], dtype=np.float32)])
    theirs = x.astype(dtype).astype(np.float64)
    expect_same("round", "ml_dtypes", name, rounded(fmt).asarray(x.astype(np.float64)).to_float64(), theirs)
    with pytest.raises(DomainError, match="nan"):
        round_to("nan", format=fmt, rounding=RNE)


@pytest.mark.parametrize("mode", GFLOAT_MODES)
@pytest.mark.parametrize("saturate", [False, True])
@pytest.mark.parametrize("name", [n for n in SMALL if n.startswith("binary") and "p1" not in n])
def test_p3109_as_gfloat_rounds(name: str, saturate: bool, mode: str) -> None:
    gfloat, types = require("gfloat"), require("gfloat.types")
    fmt = parse_format(name)
    assert fmt.p is not None
    domain = types.Domain.Extended if fmt.infinities else types.Domain.Finite
    info = require("gfloat.formats").format_info_p3109(width(fmt), fmt.p, types.Signedness.Signed, domain)
    how = getattr(gfloat.RoundMode, GFLOAT_MODES[mode])
    x = points(fmt)
    if mode == "RNA":
        x = x[: len(x) // 3]  # gfloat's own sum rounds beside a tie
    theirs = [as_value(float(gfloat.round_float(info, float(v), how, saturate))) for v in x]
    overflow = Overflow.SATURATE if saturate else None
    ours = rounded_scalars(fmt, mode, x, overflow=overflow)
    expect_equal("round", "gfloat", f"{name} {mode}", ours, theirs, x.tolist())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SMALL)
def test_every_mode_as_integers_round(name: str, mode: str) -> None:
    fmt = parse_format(name)
    x = points(fmt)[MODES.index(mode) % 3 :: 3]
    theirs = [round_value(as_value(float(v)), spec_of(fmt), mode) for v in x]
    array = rounded(fmt, ROUNDING[mode]).asarray(x).to_float64()
    expect_equal("round array", "integers", f"{name} {mode}", as_values(array), theirs, x.tolist())
    expect_equal("round", "integers", f"{name} {mode}", rounded_scalars(fmt, mode, x), theirs, x.tolist())


# E8M0: no zero.


def test_scale_format_as_ml_dtypes_casts() -> None:
    """ml_dtypes 0.6.0 sends the subnormal binary32 number 1.25 * 2**-127 to 2**-126; it is not asked below 2**-126."""
    dtype = require("ml_dtypes").float8_e8m0fnu
    assert round_to(Fraction(5, 4) / 2**127, format=float8_e8m0fnu, rounding=RNE) == power_of_two(-127)
    powers = np.ldexp(np.float32(1), np.arange(-140, 128)).astype(np.float32)
    x = np.concatenate([powers, powers * np.float32(1.25), powers[:-1] * np.float32(1.5), powers * np.float32(1.9375)])
    x = x[(x >= 2.0**-126) | (np.frexp(x)[0] == 0.5)]
    x = np.concatenate([x[x > 0], -x[::9], np.array([0.0, -0.0, np.inf, -np.inf, np.nan], dtype=np.float32)])
    with np.errstate(all="ignore"):
        theirs = x.astype(dtype).astype(np.float64)
    wide = x.astype(np.float64)
    assert np.isnan(theirs[wide <= 0]).all()
    expect_same("round", "ml_dtypes", "E8M0", rounded(float8_e8m0fnu).asarray(wide).to_float64(), theirs, wide)


@pytest.mark.parametrize("mode", MODES)
def test_scale_format_in_every_mode(mode: str) -> None:
    least, top = power_of_two(-127), power_of_two(127)
    for e in (-127, -126, -5, 0, 64, 126):
        lo, hi = power_of_two(e), power_of_two(e + 1)
        for eighth in range(1, 9):
            x = lo + (hi - lo) * eighth / 8
            wanted = choose(x, lo, hi, True, False, mode) if x < hi else hi
            assert round_to(x, format=float8_e8m0fnu, rounding=ROUNDING[mode]) == wanted
    for tiny in (least / 2, least * Fraction(3, 4), power_of_two(-5000)):
        assert round_to(tiny, format=float8_e8m0fnu, rounding=ROUNDING[mode]) == least
        with pytest.raises(DomainError, match="underflow"):
            round_to(tiny, format=float8_e8m0fnu, rounding=ROUNDING[mode], underflow="error")
    for below in (0, "-0", -tiny, -1, -top * 8, "-inf"):
        assert value_of(round_to(below, format=float8_e8m0fnu, rounding=ROUNDING[mode])) == "nan"
        assert round_to(below, format=float8_e8m0fnu, rounding=ROUNDING[mode], overflow="saturate") == least
        with pytest.raises(DomainError):
            round_to(below, format=float8_e8m0fnu, rounding=ROUNDING[mode], overflow="error")
    stops = mode in ("RTZ", "RTN", "RTO")
    assert value_of(round_to(top * 3, format=float8_e8m0fnu, rounding=ROUNDING[mode])) == (top if stops else "nan")
    assert value_of(round_to("inf", format=float8_e8m0fnu, rounding=ROUNDING[mode])) == "nan"


def test_arithmetic_of_scales() -> None:
    xp = rounded("e8m0")
    x = xp.asarray([1.0, 8.0])
    assert xp.multiply(x, x).to_float64().tolist() == [1.0, 64.0]
    assert xp.divide(1, x).to_float64().tolist() == [1.0, 0.125]
    assert np.isnan(xp.subtract(x, x).to_float64()).all()
    assert np.isnan(xp.negative(x).to_float64()).all()
    with pytest.raises(UnsupportedError, match="signed"):
        rounded("e8m0", engine="narrow").asarray([1.0])


# Unsigned formats.


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("extended", [True, False])
def test_unsigned_formats(extended: bool, mode: str) -> None:
    fmt = p3109(6, 3, signed=False, extended=extended)
    x = points(fmt)
    x = x[x >= 0]
    theirs = [round_value(Fraction(float(v)), spec_of(fmt), mode) for v in x]
    expect_equal("round", "integers", f"{fmt} {mode}", rounded_scalars(fmt, mode, x), theirs, x.tolist())
    array = rounded(fmt, ROUNDING[mode]).asarray(x).to_float64()
    expect_equal("round array", "integers", f"{fmt} {mode}", as_values(array), theirs, x.tolist())
    assert fmt.smallest_positive is not None
    least = fmt.smallest_positive.to_fraction()
    for negative in (-1, -5 * least / 4, "-inf", "-1e999"):
        assert value_of(round_to(negative, format=fmt, rounding=ROUNDING[mode])) == "nan"
        assert round_to(negative, format=fmt, rounding=ROUNDING[mode], overflow="saturate") == 0
    away = mode in ("RTN", "RAZ", "RTO")  # a quarter of the least quantum rounds to -1 quantum, which is negative
    assert value_of(round_to(-least / 4, format=fmt, rounding=ROUNDING[mode])) == ("nan" if away else 0)
    assert value_of(round_to("-0", format=fmt, rounding=ROUNDING[mode])) == 0


# Flush to zero.


@pytest.mark.parametrize("engine", [None, "reference"])
@pytest.mark.parametrize("mode", MODES)
def test_flushing_rounds_with_subnormals_and_then_flushes(mode: str, engine: str | None) -> None:
    fmt, least_normal = flushing(binary16), power_of_two(-14)
    grid = [Fraction(k, 8) * power_of_two(-24) for k in (1, 4, 7, 8, 12, 8000, 8188, 8190, 8191, 8192, 8196)]
    x = [sign * v for v in grid for sign in (1, -1)]
    theirs: list[Value] = []
    for v in x:
        plain = round_value(v, spec_of(binary16), mode)
        kept = isinstance(plain, str) or abs(plain) >= least_normal
        theirs.append(plain if kept else Fraction(0) if v > 0 else "-0")
    assert len({str(v) for v in theirs}) >= 4
    ours = rounded(fmt, ROUNDING[mode], engine=engine).asarray(np.array([float(v) for v in x])).to_float64()
    expect_equal("flush", "integers", f"{fmt} {mode}", as_values(ours), theirs, x)


def test_flushing_as_numpy_float16_then_zero() -> None:
    fmt = parse_format("fp16-ftz")
    assert fmt == flushing(binary16)
    x = np.random.default_rng(9).standard_normal(4000) * 2.0**-13
    cast = x.astype(np.float16).astype(np.float64)
    theirs = np.where(np.abs(cast) < 2.0**-14, np.copysign(0.0, cast), cast)
    assert 100 < (theirs == 0).sum() < 3900
    expect_same("flush", "NumPy", fmt.name, rounded("fp16-ftz").asarray(x).to_float64(), theirs, x)
    policy = rounded(binary16, underflow="flush").asarray(x).to_float64()
    expect_same("flush", "NumPy", "policy", policy, theirs, x)


def test_the_error_of_what_is_flushed_is_all_of_it() -> None:
    """3/4 of the least normal number becomes 0: the error is more than half of the gap around zero."""
    x = Fraction(3, 4) * power_of_two(-14)
    assert round_to(x, format="fp16-ftz", rounding=RNE) == 0
    bound = rounding_error(x, flushing(binary16), RNE)
    assert bound is not None
    assert x <= bound <= power_of_two(-14)
    assert rounding_error(x, binary16, RNE) == power_of_two(-25)


def test_formats_and_policies_that_contradict_each_other() -> None:
    for make in (
        lambda: flushing(unbounded(4)),
        lambda: flushing(paper_float(4)),
        lambda: flushing(float8_e8m0fnu),
        lambda: Rounder(float8_e8m0fnu, RNE, Overflow.NAN, Underflow.FLUSH),
        lambda: Rounder(flushing(binary16), RNE, Overflow.INFINITY, Underflow.ERROR),
        lambda: Rounder(Fixed(8, 0, symmetric=True), RNE, Overflow.WRAP),
        lambda: Fixed(8, 0, signed=False, symmetric=True),
        lambda: p3109(8, 8),
        lambda: p3109(8, 9, signed=False),
        lambda: p3109(2, 1),
        lambda: Format("x", 2, 0, Float(2, 1, 3).largest, Float(2, 1, 3).smallest_normal, True, signed_zero=False),
    ):
        with pytest.raises(FormatError):
            make()


# Integers.


@pytest.mark.parametrize("name", ["int4", "int8", "uint4", "uint8", "int16", "uint16", "int32"])
def test_integers_saturate_and_wrap_as_numpy_does(name: str) -> None:
    fmt = parse_format(name)
    assert fmt.least is not None
    assert fmt.largest is not None
    x = np.concatenate([np.arange(-700, 700) * 2.0**k for k in (-2, 0, 9, 25)])
    whole = np.rint(x)
    clipped = np.clip(whole, fmt.least.to_float(), fmt.largest.to_float())
    ours = rounded(fmt).asarray(x).to_float64()
    expect_same("saturate", "NumPy", name, ours, clipped + 0.0, x)
    bits, sign = width(fmt), 0 if name.startswith("u") else 1 << (width(fmt) - 1)
    wrapped = ((whole.astype(np.int64) + sign) % (1 << bits)) - sign
    ours = rounded(fmt, overflow="wrap").asarray(x).to_float64()
    expect_same("wrap", "NumPy", name, ours, wrapped.astype(np.float64), x)
    with pytest.raises(DomainError, match="within"):
        rounded(fmt, overflow="error").asarray(x)


def test_symmetric_integers_stop_at_the_same_magnitude() -> None:
    fmt = parse_format("fixed(8,-6,symmetric)")
    x = np.arange(-200, 200) / 64
    expect_same("saturate", "NumPy", fmt.name, rounded(fmt).asarray(x).to_float64(), np.clip(x, -127 / 64, 127 / 64))


@pytest.mark.parametrize("text", ["int8", "uint3", "binary8p3se", "Binary10p4UF", "bf16-ftz", "fixed(8,-6,symmetric)"])
def test_names_are_read_back(text: str) -> None:
    fmt = parse_format(text)
    assert parse_format(fmt.name) == fmt


@pytest.mark.parametrize(
    "text",
    ["int0", "int1", "uint0", "binary8p9se", "binary2p1se", "p=4-ftz", "paper:3-ftz", "fixed(8,symmetric)", "e8m0-ftz"],
)
def test_names_of_no_format(text: str) -> None:
    with pytest.raises(FormatError):
        parse_format(text)


def test_directed_rounding_of_a_scale_is_upwards() -> None:
    assert round_to(Fraction(9, 8), format=float8_e8m0fnu, rounding=RTP) == 2
