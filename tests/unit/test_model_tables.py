"""RoPE tables with a format for each quantity, against MPFR, published numbers, and one path against the other."""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import numpy as np
import pytest

from precise.dyadic import Dyadic
from precise.errors import DomainError, UnsupportedError
from precise.formats import Fixed, Format, bfloat16, binary16, binary32, float8_e4m3fn, paper_float, unbounded
from precise.rounding import RNE, RTN, RTP, RTZ, Rounding, stochastic
from precise.studies import rope_tables as tables_module
from precise.studies.rope_angles import Spectrum, rational_frequency, stored_angles
from precise.studies.rope_formats import RopeFormats, flagship_variants, role_variants
from precise.studies.rope_tables import exact_tables, rope_frequency, rope_tables

MPFR_MODES = {
    RNE: gmpy2.RoundToNearest,
    RTZ: gmpy2.RoundToZero,
    RTP: gmpy2.RoundUp,
    RTN: gmpy2.RoundDown,
}


def mpfr_tables(
    precisions: tuple[int, int, int, int], base: int, d: int, positions: range, rounding: Rounding
) -> tuple[list[float], list[float]]:
    """Return cos and sin by MPFR, each quantity rounded to its precision; 400 bits stand for exact.

    A frequency of 400 bits that is rounded again could differ from one rounding only within 2**-400 of a boundary.
    """
    mode = MPFR_MODES[rounding]
    cosines, sines = [], []
    contexts = [gmpy2.context(precision=p, round=mode) for p in precisions]
    with gmpy2.context(precision=400):
        exact = [gmpy2.mpfr(base) ** (gmpy2.mpfr(-2 * k) / d) for k in range(d // 2)]
    with contexts[1]:
        thetas = [+theta for theta in exact]
    for m in positions:
        with contexts[0]:
            position = gmpy2.mpfr(m)
        for theta in thetas:
            with contexts[2]:
                angle = position * theta
            with contexts[3]:
                cosine, sine = gmpy2.cos(angle), gmpy2.sin(angle)
            cosines.append(float(cosine))
            sines.append(float(sine))
    return cosines, sines


@pytest.mark.parametrize("rounding", MPFR_MODES, ids=str)
@pytest.mark.parametrize("base", [10000, 100000, 500000])
@pytest.mark.parametrize(
    "precisions", [(8, 8, 8, 8), (11, 11, 11, 11), (24, 24, 24, 24), (24, 24, 24, 8), (8, 24, 11, 16)]
)
def test_tables_are_those_of_mpfr(precisions: tuple[int, int, int, int], base: int, rounding: Rounding) -> None:
    positions = range(0, 4096, 373)
    formats = RopeFormats(*(unbounded(p) for p in precisions))
    found = rope_tables(formats, base=base, head_dim=64, positions=positions, rounding=rounding)
    cosines, sines = mpfr_tables(precisions, base, 64, positions, rounding)
    assert found.cos.size == len(positions) * 32
    assert found.cos.ravel().tolist() == cosines
    assert found.sin.ravel().tolist() == sines


@pytest.mark.parametrize("role", ["positions", "frequencies", "angles", "tables"])
def test_one_rounded_quantity_is_that_of_mpfr(role: str) -> None:
    roles = ("positions", "frequencies", "angles", "tables")
    formats = RopeFormats(**{role: unbounded(7)})
    found = rope_tables(formats, base=100000, head_dim=16, positions=range(0, 999, 37), rounding=RNE)
    precisions = tuple(7 if r == role else 24 if r == "tables" else 400 for r in roles)
    expected = mpfr_tables(precisions, 100000, 16, range(0, 999, 37), RNE)  # type: ignore[arg-type]
    assert (found.cos.ravel().tolist(), found.sin.ravel().tolist()) == expected


def test_published_errors_of_half_precision_tables_are_found() -> None:
    # EleutherAI/gpt-neox issue 1003: length 2048, 32 dimensions; angle [1857, 1] is 1044.2678 and becomes 1045; the
    # largest error of a cosine is 0.7819.
    half = RopeFormats.everywhere(binary16)
    entries = list(stored_angles(half, Spectrum(Fraction(10000), 32), range(2048), RNE))
    angle = entries[1857 * 16 + 1].angle
    assert angle is not None
    assert angle.factor == 1045
    found = rope_tables(half, base=10000, head_dim=32, positions=range(2048), rounding=RNE)
    exact = exact_tables(base=10000, head_dim=32, positions=range(2048))
    assert round(float(np.abs(found.cos - exact[0]).max()), 4) == 0.7819


def test_bfloat16_positions_above_256_collapse() -> None:
    # huggingface/diffusers pull 13922: positions from 65536 on fall together in blocks of 512.
    formats = RopeFormats(positions=bfloat16)
    found = rope_tables(formats, base=10000, head_dim=8, positions=range(65536, 65536 + 1024), rounding=RNE)
    assert len(np.unique(found.cos, axis=0)) == 3  # the ties at both ends of the middle block go to even


def test_a_rational_frequency_is_rounded_as_one() -> None:
    # 10000**(-16/64) = 1/10, so the exact angle of position 25 is 5/2: a tie at two bits.
    spectrum = Spectrum(Fraction(10000), 64)
    assert rational_frequency(spectrum, 8) == Fraction(1, 10)
    assert rational_frequency(spectrum, 7) is None
    assert rational_frequency(Spectrum(Fraction(16), 8), 1) == Dyadic(1, -1)
    assert rope_frequency(10000, 8, 64, format=binary16, rounding=RNE) == Dyadic.from_float(float(np.float16(0.1)))
    entries = list(stored_angles(RopeFormats(angles=unbounded(2)), spectrum, [25], RNE))
    assert entries[8].angle is not None
    assert entries[8].angle.factor == 2


@pytest.mark.parametrize("fmt", [bfloat16, binary32, unbounded(3), paper_float(8), Fixed(12, -10)], ids=str)
def test_lanes_and_single_entries_give_the_same_bits(fmt: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    def build() -> tuple[bytes, bytes]:
        found = rope_tables(RopeFormats(tables=fmt), base=10000, head_dim=8, positions=range(200), rounding=RNE)
        return found.cos.tobytes(), found.sin.tobytes()

    fast = build()
    real = tables_module.lane_rounder
    calls = []

    def refusing(rounder: object) -> object:
        calls.append(rounder)
        if len(calls) % 2:
            raise UnsupportedError("no lanes")
        return real(rounder)  # type: ignore[arg-type]

    monkeypatch.setattr(tables_module, "lane_rounder", refusing)
    assert build() == fast
    assert len(calls) == 4


def test_an_infinite_angle_has_no_cosine() -> None:
    formats = RopeFormats(positions=float8_e4m3fn)
    found = rope_tables(formats, base=10000, head_dim=8, positions=[448, 464, 465, 2047], rounding=RNE)
    assert np.isnan(found.cos).any(axis=1).tolist() == [False, False, True, True]
    assert found.not_finite == 2 * 4 * 2


def test_stochastic_tables_depend_on_seed_and_position_only() -> None:
    formats = RopeFormats.everywhere(bfloat16)

    def build(seed: int, positions: range) -> np.ndarray:
        rounding = stochastic(seed=seed)
        return rope_tables(formats, base=10000, head_dim=8, positions=positions, rounding=rounding).cos

    whole = build(1, range(60))
    assert np.array_equal(build(1, range(20, 60)), whole[20:])
    assert not np.array_equal(build(2, range(60)), whole)


def test_exact_tables_are_within_their_bound() -> None:
    cosines, sines = exact_tables(base=500000, head_dim=16, positions=range(0, 9000, 611))
    with gmpy2.context(precision=200):
        worst = max(
            max(abs(gmpy2.cos(a) - cosines[i, k]), abs(gmpy2.sin(a) - sines[i, k]))
            for i, m in enumerate(range(0, 9000, 611))
            for k in range(8)
            for a in [m * gmpy2.mpfr(500000) ** (gmpy2.mpfr(-2 * k) / 16)]
        )
        assert 0 < worst <= gmpy2.mpfr(2) ** -53


def test_variants_name_what_they_round() -> None:
    assert [str(v.formats) for v in flagship_variants()][1:3] == [
        "binary32 binary32 binary32 bfloat16",
        "- bfloat16 - -",
    ]
    rows = role_variants([binary16, bfloat16])
    assert [v.name for v in rows[5:]] == [
        "positions in bfloat16",
        "frequencies in bfloat16",
        "angles in bfloat16",
        "cos/sin in bfloat16",
        "all in bfloat16",
    ]
    assert rows[4].formats.to_json() == dict.fromkeys(("positions", "frequencies", "angles", "tables"), "binary16")


@pytest.mark.parametrize(("base", "k", "d"), [(0, 0, 4), (-1, 0, 4), (10, 0, 3), (10, 0, 0), (10, 2, 4), (10, -1, 4)])
def test_c1_of_rope_frequency(base: int, k: int, d: int) -> None:
    with pytest.raises(DomainError, match="rope"):
        rope_frequency(base, k, d, format=bfloat16, rounding=RNE)


def test_c2_of_rope_tables() -> None:
    with pytest.raises(DomainError, match="at least 0; got -3"):
        rope_tables(RopeFormats(), base=10, head_dim=4, positions=[0, -3], rounding=RNE)
