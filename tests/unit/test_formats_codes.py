"""Every code of every format of at most 16 bits, one at a time and as arrays, against ml_dtypes, gfloat and NumPy."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from oracles.floats import as_value
from oracles.optional import require
from oracles.verdict import expect_equal, expect_same

from precise import Dyadic, Special, rounded
from precise.engines.carrier import element_of
from precise.engines.codes import decode_array, encode_array
from precise.errors import DomainError, NotRepresentableError, UnsupportedError
from precise.formats import (
    Fixed,
    Float,
    Format,
    binary16,
    binary32,
    binary64,
    binary128,
    decode,
    encode,
    flushing,
    p3109,
    paper_float,
    parse_format,
    tf32,
    unbounded,
    width,
)

ML_DTYPES = [
    *("bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3", "float8_e3m4", "float8_e4m3fnuz", "float8_e5m2fnuz"),
    *("float8_e4m3b11fnuz", "float8_e8m0fnu", "float6_e3m2fn", "float6_e2m3fn", "float4_e2m1fn"),
    *("int2", "int4", "uint2", "uint4"),
]
GFLOAT = {
    "binary16": "binary16",
    "bfloat16": "bfloat16",
    "float8_e5m2": "ocp_e5m2",
    "float8_e4m3fn": "ocp_e4m3",
    "float6_e3m2fn": "ocp_e3m2",
    "float6_e2m3fn": "ocp_e2m3",
    "float4_e2m1fn": "ocp_e2m1",
    "float8_e8m0fnu": "ocp_e8m0",
    "fixed(8,-6)": "ocp_int8",
}
INTEGERS = {"int8": np.int8, "uint8": np.uint8, "int16": np.int16, "uint16": np.uint16}
P3109 = [
    (k, p, signed, extended)
    for k in (*range(3, 11), 12, 13)
    for signed in (True, False)
    for p in range(1, k + (not signed))
    for extended in (True, False)
    if k < 12 or p in (k - 10, k - 7, k - 1)  # beyond, gfloat's floats overflow
]


def code_array(bits: int) -> NDArray[np.uint32]:
    """Return every code."""
    return np.arange(1 << bits, dtype=np.uint32)


def expect_codes(fmt: Format, oracle: str, meanings: NDArray[np.float64]) -> None:
    """Compare the meaning of every code as an array, and the way back; one at a time, every fifth beyond 12 bits."""
    codes = code_array(width(fmt))
    assert len(codes) == len(meanings)
    some = slice(None, None, 1 if len(codes) <= 1 << 12 else 5)
    ours = [as_value(element_float(decode(int(c), fmt))) for c in codes[some]]
    expect_equal("decode", oracle, fmt.name, ours, [as_value(float(v)) for v in meanings[some]], codes[some].tolist())
    expect_same("decode array", oracle, fmt.name, decode_array(codes, fmt), meanings)
    number = ~np.isnan(meanings)
    same_zero = (meanings != 0) | (codes == 0) | fmt.signed_zero
    assert same_zero.all(), "two codes of one zero"
    back = encode_array(meanings, fmt)
    assert back.dtype == np.uint64
    expect_equal(
        "encode array", oracle, fmt.name, back[number].tolist(), codes[number].tolist(), codes[number].tolist()
    )
    one_by_one = [encode(element_of(float(v)), fmt) for v in meanings[some]]
    expect_equal("encode", oracle, fmt.name, one_by_one, back[some].tolist(), codes[some].tolist())
    assert len(set(back[~number].tolist())) == (fmt.nan), "NaN has one canonical code"
    assert np.isnan(meanings[[int(c) for c in back[~number]]]).all()


def element_float(x: Dyadic | Special) -> float:
    """Return an element as a float."""
    return x.to_float() if isinstance(x, Dyadic) else float(x.value)


@pytest.mark.parametrize("name", ML_DTYPES)
def test_codes_as_ml_dtypes_reads_them(name: str) -> None:
    dtype = getattr(require("ml_dtypes"), name)
    fmt = parse_format(name)
    codes = code_array(width(fmt))
    if name.startswith("int"):
        meanings = (codes.astype(np.int64) ^ (1 << (width(fmt) - 1))) - (1 << (width(fmt) - 1))
        meanings = meanings.astype(dtype).astype(np.float64)
    elif name.startswith("uint"):
        meanings = codes.astype(dtype).astype(np.float64)
    else:
        with np.errstate(invalid="ignore"):  # signalling NaN
            meanings = codes.astype(np.uint16 if width(fmt) == 16 else np.uint8).view(dtype).astype(np.float64)
    expect_codes(fmt, "ml_dtypes", meanings)


@pytest.mark.parametrize("name", GFLOAT)
def test_codes_as_gfloat_reads_them(name: str) -> None:
    gfloat, fmt = require("gfloat"), parse_format(name)
    info = getattr(require("gfloat.formats"), f"format_info_{GFLOAT[name]}")
    expect_codes(fmt, "gfloat", gfloat_values(gfloat.decode_float, info))


def gfloat_values(decode_float: Callable[..., object], info: object) -> NDArray[np.float64]:
    """Return what gfloat says of every code."""
    bits = info.k  # type: ignore[attr-defined]
    return np.array([decode_float(info, c).fval for c in range(1 << bits)], dtype=np.float64)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("k", "p", "signed", "extended"), P3109)
def test_p3109_codes_and_limits_as_gfloat_has_them(k: int, p: int, signed: bool, extended: bool) -> None:
    gfloat, types = require("gfloat"), require("gfloat.types")
    info = require("gfloat.formats").format_info_p3109(
        k,
        p,
        types.Signedness.Signed if signed else types.Signedness.Unsigned,
        types.Domain.Extended if extended else types.Domain.Finite,
    )
    fmt = p3109(k, p, signed=signed, extended=extended)
    letters = f"{'s' if signed else 'u'}{'e' if extended else 'f'}"
    assert fmt.name == f"binary{k}p{p}{letters}"
    assert parse_format(f"Binary{k}p{p}{letters}") == parse_format(info.name) == fmt
    assert fmt.smallest_positive is not None
    assert fmt.smallest_positive.to_fraction() == info.smallest
    assert decode(info.code_of_nan, fmt) is Special.NAN
    assert encode(Special.NAN, fmt) == info.code_of_nan
    expect_codes(fmt, "gfloat", gfloat_values(gfloat.decode_float, info))


@pytest.mark.parametrize("name", INTEGERS)
def test_integer_codes_as_numpy_has_them(name: str) -> None:
    fmt, dtype = parse_format(name), np.dtype(INTEGERS[name])
    codes = code_array(width(fmt))
    meanings = codes.astype(f"u{dtype.itemsize}").view(dtype).astype(np.float64)
    expect_codes(fmt, "NumPy", meanings)
    assert (fmt.least, fmt.largest) == (np.iinfo(dtype).min, np.iinfo(dtype).max)


def test_binary16_as_struct_has_it() -> None:
    expect_codes(binary16, "struct", np.array([struct.unpack("<e", struct.pack("<H", c))[0] for c in range(1 << 16)]))


@pytest.mark.parametrize(("fmt", "letter", "integer"), [(binary32, "f", "I"), (binary64, "d", "Q")], ids=str)
def test_wide_codes_in_arrays_as_struct_has_them(fmt: Format, letter: str, integer: str) -> None:
    bits = width(fmt)
    rng = np.random.default_rng(20261122)
    edges = [0, 1, (1 << bits) - 1, 1 << (bits - 1), (1 << (fmt.p or 0) - 1) - 1, 1 << (fmt.p or 0) - 1]
    inf = ((1 << bits - (fmt.p or 0)) - 1) << (fmt.p or 0) - 1
    codes = np.array(
        [*edges, inf, inf - 1, inf + 1, *(int(c) for c in rng.integers(0, 1 << 63, 4000))], dtype=np.uint64
    )
    codes = np.concatenate([codes, ~codes]) & np.uint64((1 << bits) - 1)
    meanings = np.array([struct.unpack(f"<{letter}", struct.pack(f"<{integer}", int(c)))[0] for c in codes])
    expect_same("decode array", "struct", fmt.name, decode_array(codes, fmt), meanings)
    number = ~np.isnan(meanings)
    assert np.array_equal(encode_array(meanings, fmt)[number], codes[number])


def test_nan_is_one_class_with_the_quiet_code() -> None:
    assert encode(Special.NAN, binary16) == 0x7E00
    assert encode(Special.NAN, binary32) == 0x7FC00000
    assert {decode(c, binary16) for c in (0x7C01, 0x7E00, 0x7FFF, 0xFC01, 0xFFFF)} == {Special.NAN}
    assert encode(Special.NAN, binary128) == 0x7FFF8 << 108
    assert encode_array(np.array([-np.nan, np.nan]), binary16).tolist() == [0x7E00, 0x7E00]


def test_codes_of_quadruple_precision_in_arrays() -> None:
    xp = rounded(binary128)
    codes = xp.to_codes(xp.asarray([1.0, -2.0, 0.1]))
    # 1 + 16383 * 2**112 and 0.1 = 0x1.999999999999ap-4, by hand
    assert codes.tolist() == [0x3FFF << 112, 0xC000 << 112, (16383 - 4 << 112) | 0x999999999999A << 60]
    assert xp.from_codes(codes).to_float64().tolist() == [1.0, -2.0, 0.1]


def test_a_flushing_format_reads_subnormal_codes_as_zeros() -> None:
    fmt = flushing(binary16)
    meanings = code_array(16).astype(np.uint16).view(np.float16).astype(np.float64)
    with np.errstate(invalid="ignore"):
        flushed = np.where(np.abs(meanings) < 2.0**-14, np.copysign(0.0, meanings), meanings)
    expect_same("decode array", "NumPy", fmt.name, decode_array(code_array(16), fmt), flushed)
    ours = [as_value(element_float(decode(c, fmt))) for c in range(1 << 16)]
    expect_equal("decode", "NumPy", fmt.name, ours, [as_value(float(v)) for v in flushed], range(1 << 16))
    with pytest.raises(NotRepresentableError):
        encode(Dyadic(1, -24), fmt)


def test_the_code_that_a_symmetric_format_leaves_out() -> None:
    fmt = Fixed(8, -6, symmetric=True)
    assert [decode(c, fmt) for c in (0x81, 0x7F, 0xFF)] == [Dyadic(-127, -6), Dyadic(127, -6), Dyadic(-1, -6)]
    with pytest.raises(DomainError, match="0x80"):
        decode(0x80, fmt)
    with pytest.raises(DomainError, match="0x80"):
        decode_array(np.array([0x81, 0x80]), fmt)


@pytest.mark.parametrize(
    "fmt",
    [
        paper_float(3),
        unbounded(4),
        Float(4, -6, 8),
        Float(3, -3, 4, subnormals=False),
        Float(4, -7, 7, signed_zero=False, nan=False, infinities=False),
        Float(4, -6, 6, nan=False, infinities=False),
    ],
    ids=str,
)
def test_formats_that_leave_codes_without_meaning_have_no_encoding(fmt: Format) -> None:
    with pytest.raises(UnsupportedError, match="encoding"):
        width(fmt)


@pytest.mark.parametrize(
    ("fmt", "x"),
    [
        (binary16, 1 + 2.0**-11),
        (binary16, 65520.0),
        (binary16, 2.0**-25),
        (parse_format("float8_e4m3fn"), np.inf),
        (parse_format("float4_e2m1fn"), np.nan),
        (parse_format("float8_e4m3fnuz"), -0.0),
        (parse_format("float8_e8m0fnu"), 0.0),
        (parse_format("float8_e8m0fnu"), -1.0),
        (parse_format("int8"), 128.0),
        (parse_format("int8"), 0.5),
        (parse_format("int8"), np.nan),
        (parse_format("uint8"), -1.0),
        (parse_format("int8"), -0.0),
        (parse_format("binary8p3ue"), -0.0),
    ],
    ids=str,
)
def test_what_is_no_member_has_no_code(fmt: Format, x: float) -> None:
    with pytest.raises(NotRepresentableError):
        encode(element_of(x), fmt)
    with pytest.raises(NotRepresentableError):
        encode_array(np.array([1.0, x]), fmt)


@pytest.mark.parametrize("codes", [np.array([256]), np.array([-1]), np.array([1.0]), np.array([True])], ids=str)
def test_codes_outside_the_width_mean_nothing(codes: NDArray[np.generic]) -> None:
    with pytest.raises(DomainError, match="code"):
        decode_array(codes, parse_format("float8_e5m2"))


def test_a_million_codes_there_and_back() -> None:
    xp = rounded("float8_e4m3fn")
    codes = np.random.default_rng(3).integers(0, 256, 10**6)
    codes[codes == 0xFF] = 0x7F  # the NaN of positive sign
    assert np.array_equal(xp.to_codes(xp.from_codes(codes)), codes)


def test_tf32_is_the_leading_19_bits_of_binary32() -> None:
    codes = np.random.default_rng(4).integers(0, 1 << 19, 20000, dtype=np.uint32)
    with np.errstate(invalid="ignore"):
        meanings = (codes << np.uint32(13)).view(np.float32).astype(np.float64)
    expect_same("decode array", "NumPy", "tf32", decode_array(codes, tf32), meanings)
