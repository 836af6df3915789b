"""Block formats against rational arithmetic, gfloat and ml_dtypes; the inputs on which other libraries go wrong."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matrix.subjects import ROUNDING, value_of
from numpy.typing import NDArray
from oracles.floats import as_floats, as_value, as_values
from oracles.integers import MODES, Spec, Value, binade, power_of_two, round_value
from oracles.optional import require
from oracles.verdict import expect_equal, expect_same

from precise import Dyadic, paper_float, rounded
from precise.engines.carrier import to_objects
from precise.errors import DomainError, FormatError, ShapeError, UnsupportedError
from precise.formats import Fixed, Float, binary32, float4_e2m1fn, float8_e4m3fn, float8_e8m0fnu, unbounded
from precise.formats.blocked import Blocked, block_floating_point, parse_blocked
from precise.rounding import RNE, stochastic
from precise.semantics.blocks import BlockArray, block_dot, blocks_from_codes, quantize_blocks

# OCP MX 1.0, tables 1 to 5: element, largest number, precision, least quantum.
ELEMENTS = {
    "mxfp8_e4m3": Spec("E4M3", 4, -9, Fraction(448), infinities=False),
    "mxfp8_e5m2": Spec("E5M2", 3, -16, Fraction(57344)),
    "mxfp6_e3m2": Spec("E3M2", 3, -4, Fraction(28), infinities=False, nan=False),
    "mxfp6_e2m3": Spec("E2M3", 4, -3, Fraction(15, 2), infinities=False, nan=False),
    "mxfp4": Spec("E2M1", 2, -1, Fraction(6), infinities=False, nan=False),
    "mxint8": Spec("INT8", None, -6, Fraction(127, 64), infinities=False, nan=False, signed_zero=False),
}
BITS = {"mxint8": 7}
RULES = ("floor", "ceil", "even", "rceil")


def scale_of(a: Fraction, name: str, rule: str) -> Fraction:
    """Return the power of two for a block with largest magnitude `a`, by search and comparison only."""
    spec = ELEMENTS[name]
    assert spec.largest is not None
    if a == 0:
        return power_of_two(-127)
    if rule == "rceil":
        k = -400
        while a > spec.largest * power_of_two(k):
            k += 1
    else:
        e = binade(a)
        if rule == "ceil" and a != power_of_two(e):
            e += 1
        if rule == "even":
            rounded_up = round_value(a, Spec("unbounded", spec.p or BITS[name], None, None), "RNA")
            assert isinstance(rounded_up, Fraction)
            e = binade(rounded_up)
        k = e - binade(spec.largest)
    return power_of_two(min(max(k, -127), 127))


def quantized(x: list[Fraction], name: str, rule: str, mode: str, size: int = 32) -> tuple[list[Fraction], list[Value]]:
    """Return scales and elements of a vector."""
    blocks = [x[i : i + size] for i in range(0, len(x), size)]
    scales = [scale_of(max(abs(v) for v in block), name, rule) for block in blocks]
    pairs = zip(blocks, scales, strict=True)
    return scales, [round_value(v / s, ELEMENTS[name], mode, "saturate") for block, s in pairs for v in block]


def vector(seed: int, length: int) -> NDArray[np.float64]:
    """Return numbers of many sizes, with blocks whose maximum is a power of two or just beside one, and zeros."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(length) * 2.0 ** rng.integers(-40, 40, -(-length // 32)).repeat(32)[:length]
    around = (1.0, 2.0, np.nextafter(2.0, 0), np.nextafter(2.0, 3), 1.75, 448.0, 449.0, 1.9375, 1.9921875)
    for i, top in enumerate(around):
        block = slice(32 * i, 32 * i + 32)
        x[block] = np.clip(x[block] / 2.0**60, -1, 1) * top
        x[32 * i + 7] = -top * (-1) ** i
    x[320:352] = 0
    x[400:404] = [0.0, 5e-324, -5e-324, 2.0**-1022]
    return x


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ELEMENTS)
def test_mx_formats_as_rational_arithmetic_has_them(name: str, rule: str, mode: str) -> None:
    x = vector(11, 1003)
    found = quantize_blocks(x, f"{name}:{rule}", rounding=ROUNDING[mode])
    scales, elements = quantized([Fraction(float(v)) for v in x], name, rule, mode)
    where = f"{name} {rule} {mode}"
    expect_equal("block scale", "rationals", where, as_values(found.scales), scales, scales)
    expect_equal("block element", "rationals", where, as_values(found.elements), elements, x.tolist())
    whole = [v if isinstance(v, str) else v * scales[i // 32] for i, v in enumerate(elements)]
    expect_equal("block value", "rationals", where, as_values(found.dequantize()), whole, x.tolist())


@pytest.mark.parametrize("name", [n for n in ELEMENTS if n != "mxint8"])
def test_mx_formats_as_gfloat_has_them(name: str) -> None:
    """gfloat takes a floating-point logarithm; random numbers are far from where that matters."""
    block, formats = require("gfloat.block"), require("gfloat.formats")
    info = getattr(formats, f"format_info_{name if name != 'mxfp4' else 'mxfp4_e2m1'}")
    x = np.random.default_rng(5).standard_normal((40, 32)) * 2.0 ** np.arange(-100, 100, 5)[:, None]
    theirs = np.array([block.quantize_block(info, row, block.compute_scale_amax) for row in x])
    expect_same("block value", "gfloat", name, quantize_blocks(x, name).dequantize(), theirs)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["mxfp8_e4m3", "mxfp8_e5m2", "mxfp6_e3m2", "mxfp6_e2m3", "mxfp4"])
def test_codes_of_blocks_as_ml_dtypes_reads_them(name: str) -> None:
    ml_dtypes = require("ml_dtypes")
    dtype = {
        "mxfp8_e4m3": ml_dtypes.float8_e4m3fn,
        "mxfp8_e5m2": ml_dtypes.float8_e5m2,
        "mxfp6_e3m2": ml_dtypes.float6_e3m2fn,
        "mxfp6_e2m3": ml_dtypes.float6_e2m3fn,
        "mxfp4": ml_dtypes.float4_e2m1fn,
    }[name]
    x = np.random.default_rng(6).standard_normal((7, 96))
    found = quantize_blocks(x, name)
    elements, scales = found.codes()
    values = elements.astype(np.uint8).view(dtype).astype(np.float64)
    factors = scales.astype(np.uint8).view(ml_dtypes.float8_e8m0fnu).astype(np.float64)
    expect_same("block value", "ml_dtypes", name, found.dequantize(), values * factors.repeat(32, axis=-1))  # type: ignore[arg-type]
    again = blocks_from_codes(elements, scales, name)  # type: ignore[arg-type]
    assert np.array_equal(again.dequantize(), found.dequantize())


# Where other libraries are wrong.


def test_a_maximum_just_below_a_power_of_two_keeps_its_exponent() -> None:
    for top in (np.nextafter(2.0, 0), np.nextafter(2.0**40, 0), np.nextafter(2.0**-1000, 0)):
        found = quantize_blocks(np.full(32, top), block_floating_point(8, 32))
        assert to_objects(found.scales)[0] == Dyadic(1, int(np.frexp(top)[1]) - 1)
        assert (found.elements == 127 / 64).all()  # saturated, since 2 - 2**-52 rounds to 2


def test_e5m2_keeps_the_largest_element_of_its_block() -> None:
    """0x1.fffffep+10 / 2**-5 rounds to 65536 and saturates to 57344; other code has 49152."""
    x = np.zeros(32)
    x[3] = float.fromhex("0x1.fffffep+10")
    found = quantize_blocks(x, "mxfp8_e5m2")
    assert found.scales.tolist() == [2.0**-5]
    assert found.dequantize()[3] == 1792


@pytest.mark.parametrize("name", ELEMENTS)
def test_scales_at_the_least_one_still_round_right(name: str) -> None:
    tiny = [Fraction(k, 8) * power_of_two(-130 + j) for k in range(-32, 33) for j in (-4, -2, 1)]
    x = as_floats(list(tiny))
    found = quantize_blocks(x, name)
    scales, elements = quantized(tiny, name, "floor", "RNE")
    assert set(scales) == {power_of_two(-127)}
    expect_equal("block element", "rationals", f"{name} least", as_values(found.elements), elements, tiny)


def test_scales_at_the_largest_one_saturate() -> None:
    found = quantize_blocks([2.0**140, -(2.0**128), 2.0**-1000], "mxfp4")
    assert found.scales.tolist() == [2.0**127]
    assert found.elements.tolist() == [6.0, -2.0, 0.0]
    upwards = quantize_blocks([2.0**140, 2.0**-1000, -(2.0**-1000)], "mxfp4", rounding=ROUNDING["RTP"])
    assert upwards.elements.tolist() == [6.0, 0.5, 0.0]  # 2**-1127 is no lane, and not 0
    assert np.signbit(upwards.elements).tolist() == [False, False, True]


def test_a_scale_clamped_at_the_least_one_is_no_factor_2() -> None:
    """A block with maximum 0x1.16d5a8p-120 in E5M2 (torchao 0.18 has the code 0x54 in place of 0x58)."""
    x = float.fromhex("0x1.16d5a8p-120")
    found = quantize_blocks([x], "mxfp8_e5m2")
    assert [c.tolist() for c in found.codes()] == [[0x58], [0]]
    assert found.dequantize().tolist() == [2.0**-120]


# Special data.


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["mxfp4", "mxfp8_e4m3", "mxfp8_e5m2", "mxint8", "nvfp4", "bfp(8,16)"])
def test_a_block_with_a_bad_number_is_nan_and_spoils_no_other(name: str, bad: float) -> None:
    fmt = parse_blocked(name)
    x = np.linspace(-3, 3, 4 * fmt.size)
    clean = quantize_blocks(x, fmt)
    x[fmt.size + 2] = bad
    found = quantize_blocks(x, fmt)
    block = slice(fmt.size, 2 * fmt.size)
    assert np.isnan(found.scales).tolist() == [False, True, False, False]
    assert (found.elements[block] == 0).all()
    assert np.isnan(found.dequantize()[block]).all()
    rest = np.r_[0 : fmt.size, 2 * fmt.size : 4 * fmt.size]
    assert np.array_equal(found.dequantize()[rest], clean.dequantize()[rest])


def test_scales_without_nan_refuse_a_bad_number() -> None:
    fmt = Blocked("x", float4_e2m1fn, float4_e2m1fn, 4)
    assert quantize_blocks([1.0, 2.0], fmt).scales.tolist() == [0.5]
    with pytest.raises(DomainError, match="finite"):
        quantize_blocks([1.0, np.inf], fmt)


def test_zeros() -> None:
    for name, scale in (("mxfp4", 2.0**-127), ("nvfp4", 2.0**-9), ("bfp(4,8)", 1.0)):
        found = quantize_blocks([0.0, -0.0, 0.0], name)
        assert found.scales.tolist() == [scale]
        assert (found.dequantize() == 0).all()
        assert found.tensor_scale == 1
    signs = np.signbit(quantize_blocks([0.0, -0.0, -1e-9, 1.0], "mxfp4").dequantize())
    assert signs.tolist() == [False, True, True, False]
    empty = quantize_blocks(np.empty((0, 4)), "mxfp4", axis=0)
    assert (empty.shape, empty.scales.shape) == ((0, 4), (0, 4))


# NVFP4: two levels.


def nvfp4(x: list[Fraction], mode: str) -> tuple[Fraction, list[Fraction], list[Value]]:
    """Return tensor scale, block scales and elements of a vector, each quotient rounded once."""
    e4m3, e2m1 = ELEMENTS["mxfp8_e4m3"], ELEMENTS["mxfp4"]
    binary32 = Spec("binary32", 24, -149, (2 - power_of_two(-23)) * power_of_two(127))
    total = round_value(max(abs(v) for v in x) / (448 * 6), binary32, "RNE")
    assert isinstance(total, Fraction)
    scales: list[Fraction] = []
    elements: list[Value] = []
    for i in range(0, len(x), 16):
        block = x[i : i + 16]
        scale = round_value(max(abs(v) for v in block) / (6 * total), e4m3, "RNE", "saturate")
        assert isinstance(scale, Fraction)
        scales.append(scale or power_of_two(-9))
        elements += [round_value(v / (scales[-1] * total), e2m1, mode, "saturate") for v in block]
    return total, scales, elements


@pytest.mark.parametrize("mode", MODES)
def test_nvfp4_as_rational_arithmetic_has_it(mode: str) -> None:
    rng = np.random.default_rng(8)
    x = rng.standard_normal(520) * 2.0 ** rng.integers(-14, 4, 33).repeat(16)[:520]
    exact = [Fraction(float(v)) for v in x]
    total, scales, elements = nvfp4(exact, mode)
    assert power_of_two(-9) in scales, "a block so small that its scale is clamped"
    found = quantize_blocks(x, "nvfp4", rounding=ROUNDING[mode])
    assert found.tensor_scale == total
    expect_equal("block scale", "rationals", "nvfp4", as_values(found.scales), scales, scales)
    expect_equal("block element", "rationals", f"nvfp4 {mode}", as_values(found.elements), elements, x.tolist())
    whole = [v if isinstance(v, str) else v * scales[i // 16] * total for i, v in enumerate(elements)]
    expect_equal("block value", "rationals", "nvfp4", as_values(found.dequantize()), whole, x.tolist())


def test_a_given_tensor_scale() -> None:
    found = quantize_blocks([6.0 * 448, 3.0], "nvfp4", tensor_scale=0.5)
    assert (found.tensor_scale, found.scales.tolist()) == (Dyadic(1, -1), [448.0])
    assert found.elements.tolist() == [6.0, 0.0]
    for wrong in (0, -1, "0.1", "nan", 2.0**200):
        with pytest.raises(DomainError, match="tensor scale"):
            quantize_blocks([1.0], "nvfp4", tensor_scale=wrong)
    with pytest.raises(DomainError, match="tensor scale"):
        quantize_blocks([1.0], "mxfp4", tensor_scale=1)


# Axes, engines, wide numbers, randomness.


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2])
@pytest.mark.parametrize("name", ["mxfp4:even", "nvfp4", "bfp(5,3)"])
def test_any_axis(name: str, axis: int) -> None:
    x = np.random.default_rng(2).standard_normal((5, 37, 18))
    found = quantize_blocks(x, name, axis=axis, tensor_scale=2.0**-8 if name == "nvfp4" else None)
    moved = np.moveaxis(x, axis, -1)
    for index in np.ndindex(moved.shape[:-1]):
        if sum(index) % 4 == 0:
            row = quantize_blocks(moved[index], name, tensor_scale=2.0**-8 if name == "nvfp4" else None)
            assert np.array_equal(np.moveaxis(found.dequantize(), axis, -1)[index], row.dequantize())
            assert np.array_equal(np.moveaxis(found.scales, axis, -1)[index], row.scales)
    assert found.shape == x.shape


@pytest.mark.parametrize("name", ["mxfp8_e4m3:rceil", "mxint8", "nvfp4"])
def test_engines_agree(name: str) -> None:
    x = vector(3, 500)[:352] if name != "nvfp4" else np.random.default_rng(3).standard_normal(352)
    x[np.abs(x) < 1e-250] = 0.0
    for rounding in (RNE, ROUNDING["RTP"], stochastic(seed=5)):
        lanes, exact = (quantize_blocks(x, name, rounding=rounding, engine=e) for e in ("narrow", "reference"))
        expect_same("block element", "reference", name, lanes.elements, exact.elements)  # type: ignore[arg-type]
        whole = quantize_blocks(x.reshape(11, 32), name, rounding=rounding)
        assert np.array_equal(whole.elements.ravel(), lanes.elements), "random bits belong to the index"


def test_stochastic_rounding_of_elements_is_unbiased_and_leaves_members_alone() -> None:
    x = np.full(32 * 400, 1.3)
    x[::32] = 6.0
    found = quantize_blocks(x, "mxfp4", rounding=stochastic(seed=9)).dequantize().reshape(-1, 32)  # type: ignore[union-attr]
    assert (found[:, 0] == 6).all()
    assert set(np.unique(found[:, 1:])) == {1.0, 1.5}
    frequency = (found[:, 1:] == 1.5).mean()
    assert abs(frequency - 0.6) < 4 * (0.24 / found[:, 1:].size) ** 0.5


def test_numbers_of_rounded_namespaces_and_beyond_every_machine() -> None:
    narrow = rounded("bfloat16").asarray([1.0, 2.5, -3.0])
    assert quantize_blocks(narrow, "mxfp4").dequantize().tolist() == [1.0, 2.0, -3.0]
    reach = 1 << 60
    xp = rounded(paper_float(61))
    wide = xp.multiply(xp.asarray([1.0, -1.3, 0.001]), Dyadic(1, reach))
    found = quantize_blocks(wide, "bfp(4,3)")
    assert to_objects(found.scales).tolist() == [Dyadic(1, reach)]
    assert found.dequantize().tolist() == [Dyadic(1, reach), Dyadic(-5, reach - 2), Dyadic(0)]
    clamped = quantize_blocks(wide, "mxfp8_e4m3")
    assert clamped.dequantize().tolist() == [448 * 2.0**127, -448 * 2.0**127, 448 * 2.0**127]
    far = (1e-320, 1e300)
    found = quantize_blocks(far, "bfp(4,1)")
    quanta = [power_of_two(binade(Fraction(v)) - 2) for v in far]
    specs = [Spec("", None, binade(u), 7 * u) for u in quanta]
    wanted = [round_value(as_value(v), spec, "RNE", "saturate") for v, spec in zip(far, specs, strict=True)]
    expect_equal("block value", "rationals", "far", [value_of(v) for v in to_objects(found.dequantize())], wanted, far)


# Dot products.


def test_dot_products_are_exact_and_rounded_once() -> None:
    rng = np.random.default_rng(12)
    x, y = rng.standard_normal((6, 200)) * 2.0 ** rng.integers(-30, 30, (6, 1)), rng.standard_normal((6, 200))
    for first, second, target in (
        ("mxfp8_e4m3", "mxfp4", "binary32"),
        ("nvfp4", "mxfp6_e2m3", "bfloat16"),
        ("mxint8", "mxint8", "binary16"),
    ):
        a, b = quantize_blocks(x, first), quantize_blocks(y, second)
        spec = {
            "binary32": Spec("b32", 24, -149, (2 - power_of_two(-23)) * power_of_two(127)),
            "bfloat16": Spec("bf16", 8, -133, (2 - power_of_two(-7)) * power_of_two(127)),
            "binary16": Spec("b16", 11, -24, Fraction(65504)),
        }[target]
        for mode in ("RNE", "RTZ", "RTO"):
            ours = block_dot(a, b, format=target, rounding=ROUNDING[mode])
            rows = zip(a.dequantize().tolist(), b.dequantize().tolist(), strict=True)
            sums = [sum(Fraction(u) * Fraction(v) for u, v in zip(*row, strict=True)) for row in rows]
            wanted = [round_value(s, spec, mode) for s in sums]
            expect_equal("block_dot", "rationals", f"{first} {second}", as_values(ours.to_float64()), wanted, sums)


def test_dot_products_by_another_order() -> None:
    a = quantize_blocks(np.ones(600), "mxfp8_e4m3")
    assert block_dot(a, a, format="bfloat16").to_float64() == 600
    assert block_dot(a, a, format="bfloat16", accumulate="sequential").to_float64() == 256
    with pytest.raises(ShapeError, match="agree"):
        block_dot(a, quantize_blocks(np.ones(601), "mxfp4"), format="binary32")
    with pytest.raises(FormatError, match="block arrays"):
        block_dot(a, np.ones(600), format="binary32")  # type: ignore[arg-type]


# Names, storage, bad use.


def test_storage_and_names() -> None:
    bits = {"mxfp8_e4m3": "8.25", "mxfp6_e3m2": "6.25", "mxfp4": "4.25", "mxint8": "8.25", "nvfp4": "4.5"}
    for name, wanted in bits.items():
        fmt = parse_blocked(name)
        assert fmt.bits_per_element == Fraction(wanted)
        assert parse_blocked(fmt) is fmt
        assert parse_blocked(str(fmt)) == fmt
    assert parse_blocked("MXFP4:RCEIL").rule == "rceil"
    assert parse_blocked("bfp(8, 64)") == block_floating_point(8, 64)
    assert parse_blocked("mxfp4:ceil").with_rule("even").name == "mxfp4:even"
    with pytest.raises(UnsupportedError):
        quantize_blocks([1.0], "bfp(8,4)").codes()


def test_bad_use() -> None:
    for wrong in ("mxfp5", "mxfp4:up", "bfp(1,4)", "bfp(8,0)", 7):
        with pytest.raises(FormatError):
            quantize_blocks([1.0], wrong)  # type: ignore[arg-type]
    for make in (
        lambda: Blocked("x", unbounded(3), float8_e8m0fnu, 4),
        lambda: Blocked("x", float8_e8m0fnu, float8_e8m0fnu, 4),
        lambda: Blocked("x", float4_e2m1fn, Fixed(8, 0), 4),
        lambda: Blocked("x", float4_e2m1fn, unbounded(3), 4, "quotient"),
        lambda: Blocked("x", float4_e2m1fn, float8_e8m0fnu, 4, "floor", float8_e4m3fn),
        lambda: Blocked("x", "E2M1", float8_e8m0fnu, 4),  # type: ignore[arg-type]
    ):
        with pytest.raises(FormatError):
            make()
    for axis, shape in ((1, 3), (-2, 3), (0, ())):
        with pytest.raises(ShapeError, match="axis"):
            quantize_blocks(np.ones(shape), "mxfp4", axis=axis)
    for x in (["a"], [1j], [2**62 + 1], [True]):
        with pytest.raises(DomainError, match="binary64"):
            quantize_blocks(np.array(x), "mxfp4")
    codes = np.zeros((2, 40), dtype=np.uint8)
    with pytest.raises(ShapeError, match=r"\[2, 2\]"):
        blocks_from_codes(codes, codes, "mxfp4")
    with pytest.raises(DomainError, match="positive"):
        blocks_from_codes(codes, codes[:, :2], "mxfp4", tensor_scale=0)


def test_products_that_no_float64_has_are_exact_all_the_same() -> None:
    found = BlockArray(parse_blocked("mxfp4"), np.array([6.0]), np.array([2.0**127]), Dyadic(1, 1500), 0)
    assert found.dequantize().tolist() == [Dyadic(3, 1628)]
    tiny = BlockArray(block_floating_point(8, 1), np.array([1.5625]), np.array([2.0**-1073]), Dyadic(1), 0)
    assert tiny.dequantize().tolist() == [Dyadic(25, -1077)]
    wide = Blocked("wide", Float(40, -20, 20), binary32, 4)
    long = BlockArray(wide, np.array([1 + 2.0**-39]), np.array([1 + 2.0**-23]), Dyadic(1), 0)
    assert long.dequantize().tolist() == [Dyadic((2**39 + 1) * (2**23 + 1), -62)]
