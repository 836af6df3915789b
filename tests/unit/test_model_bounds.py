"""The bound on a rounded RoPE table: never exceeded, nearly reached, and refuted when it is made smaller."""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import numpy as np
import pytest

from precise.dyadic import Special
from precise.formats import Fixed, Float, Format, bfloat16, binary16, binary32, float8_e4m3fn, paper_float, unbounded
from precise.rounding import RAZ, RNA, RNE, RTN, RTO, RTP, RTZ, Rounding, round_to, stochastic
from precise.studies.rope_bounds import feature_error_bound, holds_integers, rope_error_bound, rounding_error
from precise.studies.rope_formats import RopeFormats, RopeVariant, flagship_variants, role_variants
from precise.studies.rope_model import float_above, table_error
from precise.studies.rope_tables import exact_tables, rope_tables

ROUNDINGS = [RNE, RTZ, RTP, RAZ, stochastic(seed=3)]
FORMATS: list[Format] = [bfloat16, binary16, unbounded(5), paper_float(6), Fixed(20, -8), Float(4, -4, 12)]
VARIANTS = [*flagship_variants(), *role_variants(FORMATS)]


def measured(formats: RopeFormats, base: int, d: int, length: int, rounding: Rounding) -> np.ndarray:
    """Return the larger error of cos and sin of every entry, at most 2**-52 too small."""
    tables = rope_tables(formats, base=base, head_dim=d, positions=range(length), rounding=rounding)
    cos, sin = exact_tables(base=base, head_dim=d, positions=range(length))
    errors: np.ndarray = np.maximum(np.abs(tables.cos - cos), np.abs(tables.sin - sin))
    return errors


@pytest.mark.parametrize("rounding", ROUNDINGS, ids=str)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: v.name)
def test_no_entry_exceeds_the_bound_of_its_position(variant: RopeVariant, rounding: Rounding) -> None:
    errors = measured(variant.formats, 10000, 8, 40, rounding)
    checked = 0
    for m in (1, 3, 17, 39):
        for k in range(4):
            found = feature_error_bound(
                variant.formats, base=10000, head_dim=8, last_position=m, feature=k, rounding=rounding
            )
            assert found is not None
            assert Fraction(float(errors[: m + 1, k].max())) <= found.table + Fraction(1, 2**52)
            checked += 1
    assert checked == 16


@pytest.mark.parametrize("variant", flagship_variants(), ids=lambda v: v.name)
def test_the_flagship_rows_lie_below_their_bounds(variant: RopeVariant) -> None:
    tables = rope_tables(variant.formats, base=100000, head_dim=16, positions=range(2048), rounding=RNE)
    error = table_error(tables, exact_tables(base=100000, head_dim=16, positions=range(2048)))
    bound = rope_error_bound(variant.formats, base=100000, head_dim=16, last_position=2047, rounding=RNE)
    assert bound is not None
    assert Fraction(error.value) <= bound.table
    assert Fraction(error.value) > bound.table / 3  # so a third of any of these bounds is refuted


def test_the_bound_of_stored_tables_is_sharp() -> None:
    formats = RopeFormats()
    error = measured(formats, 100000, 64, 512, RNE).max()
    bound = rope_error_bound(formats, base=100000, head_dim=64, last_position=511, rounding=RNE)
    assert bound is not None
    assert bound.table == Fraction(1, 2**25)
    assert float(error) > 0.999 * float_above(bound.table)


@pytest.mark.parametrize("dropped", ["positions", "frequencies", "angles", "tables"])
def test_a_bound_that_forgets_a_rounding_is_refuted(dropped: str) -> None:
    # The forgotten rounding alone, whose true bound is then the one of exact tables.
    formats = RopeFormats(**{dropped: unbounded(6)})
    error = float(measured(formats, 100000, 16, 300, RNE).max())
    mutant = rope_error_bound(RopeFormats(), base=100000, head_dim=16, last_position=299, rounding=RNE)
    assert mutant is not None
    assert error > float_above(mutant.table)


@pytest.mark.parametrize("rounding", [RNE, RNA, RTZ, RTP, RTN, RAZ, RTO], ids=str)
@pytest.mark.parametrize("fmt", [float8_e4m3fn, paper_float(3), Fixed(8, -3), unbounded(3), Float(3, -3, 3)], ids=str)
def test_one_rounding_moves_a_number_by_at_most_its_bound(fmt: Format, rounding: Rounding) -> None:
    worst: dict[Fraction, Fraction] = {}
    limits = [Fraction(1, 2), Fraction(1), Fraction(7, 5), Fraction(4), Fraction(9)]
    for n in range(-9 * 64, 9 * 64 + 1):
        y = Fraction(n, 64)
        z = round_to(y, format=fmt, rounding=rounding)
        assert z not in (Special.NAN, Special.POS_INF, Special.NEG_INF)
        moved = abs(y) if isinstance(z, Special) else abs(z.to_fraction() - y)
        for x in limits:
            if abs(y) <= x:
                worst[x] = max(worst.get(x, Fraction(0)), moved)
    assert len(worst) == len(limits)
    for x, moved in worst.items():
        bound = rounding_error(x, fmt, rounding)
        assert bound is not None
        assert moved <= bound
        if x == 1 and rounding in (RNE, RNA):
            assert moved == bound  # 1/64 resolves the midpoints of these formats below 1


def test_a_bound_needs_the_range() -> None:
    assert rounding_error(Fraction(449), float8_e4m3fn, RNE) is None
    formats = RopeFormats(positions=float8_e4m3fn)
    assert rope_error_bound(formats, base=10, head_dim=4, last_position=448, rounding=RNE) is not None
    assert rope_error_bound(formats, base=10, head_dim=4, last_position=449, rounding=RNE) is None
    assert (
        rope_error_bound(RopeFormats(tables=Fixed(8, -7)), base=10, head_dim=4, last_position=9, rounding=RNE) is None
    )


def test_integers_that_a_format_holds() -> None:
    assert holds_integers(256, bfloat16)
    assert not holds_integers(257, bfloat16)
    assert holds_integers(2**24, binary32)
    assert not holds_integers(2, Fixed(8, 1))
    assert holds_integers(127, Fixed(8, 0))
    assert not holds_integers(128, Fixed(8, 0))
    assert holds_integers(10**9, None)


def test_the_textbook_form_is_weaker() -> None:
    u, length, d = Fraction(1, 2**11), 2048, 64
    formats = RopeFormats.everywhere(unbounded(11))
    for k in range(1, d // 2):
        found = feature_error_bound(formats, base=100000, head_dim=d, last_position=length - 1, feature=k, rounding=RNE)
        assert found is not None
        with gmpy2.context(precision=200, round=gmpy2.RoundUp):
            theta = Fraction(gmpy2.mpq(gmpy2.mpfr(100000) ** (gmpy2.mpfr(-2 * k) / d)))
        assert found.angle <= ((1 + u) ** 3 - 1) * (length - 1) * theta
