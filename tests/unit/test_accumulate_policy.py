"""The record of an accumulation: what it refuses, how it is written, which formats its parts have."""

from __future__ import annotations

import dataclasses

import pytest

from precise import RNE, RTN, RTZ, Fixed, Overflow, bfloat16, binary16, binary32, paper_float, rounded, stochastic
from precise.errors import FormatError
from precise.policy import (
    Accumulate,
    BlockedSum,
    Kahan,
    Neumaier,
    Pairwise,
    Promoted,
    Sequential,
    SplitK,
    TensorCore,
    exact_products,
    exact_then_round,
    parse_accumulate,
)
from precise.rounding import Rounder

RECORDS = [
    (Sequential(), "sequential, products rounded"),
    (Sequential(binary32, products="exact"), "sequential in binary32, products exact"),
    (Pairwise(), "pairwise, products rounded"),
    (exact_then_round, "exact, products rounded"),
    (exact_products, "exact, products exact"),
    (BlockedSum(32, "fp32"), "blocked(32) in binary32, products rounded"),
    (SplitK(4), "split(4), products rounded"),
    (Kahan(paper_float(4)), "kahan in paper:4, products rounded"),
    (Neumaier(products="exact"), "neumaier, products exact"),
    (TensorCore(16, 25), "tensor-core(16, 25), products exact"),
    (TensorCore(4, 9, align=RTN, products="rounded"), "tensor-core(4, 9, RTN), products rounded"),
    (
        TensorCore(32, 14, promote=128, format=binary32),
        "promoted(128, tensor-core(32, 14)) in binary32, products exact",
    ),
    (
        Promoted(128, Sequential("fp16"), "fp32"),
        "promoted(128, sequential in binary16) in binary32, products rounded in binary16",
    ),
    (
        Promoted(2, Promoted(3, Kahan(Fixed(8, -4)))),
        "promoted(2, promoted(3, kahan in fixed(8,-4))), products rounded in fixed(8,-4)",
    ),
    (
        Accumulate("sequential", "rounded", binary32, stochastic(seed=3, bits=8), bfloat16, RTZ),
        "sequential in binary32 SR(seed=3, bits=8), products rounded in bfloat16 RTZ",
    ),
]


@pytest.mark.parametrize(("how", "text"), RECORDS, ids=lambda v: v if isinstance(v, str) else "")
def test_text_and_record_are_one(how: Accumulate, text: str) -> None:
    assert str(how) == text
    assert parse_accumulate(text) == how
    assert parse_accumulate(how) is how
    assert text in rounded("bfloat16", accumulate=how).policy.describe()["accumulate"]


def test_short_forms() -> None:
    assert parse_accumulate("fma") == Sequential(products="exact")
    assert parse_accumulate("exact-products") == exact_products
    assert parse_accumulate(" Blocked( 8 )  in fp32  RTZ ") == dataclasses.replace(
        BlockedSum(8, binary32), rounding=RTZ
    )
    assert parse_accumulate("promoted(8, fma) in fp32") == Promoted(8, Sequential(products="exact"), binary32)
    assert parse_accumulate("promoted(8, kahan in bf16)") == Promoted(8, Kahan(bfloat16))
    assert parse_accumulate("tensor-core(16,25,RNE)") == TensorCore(16, 25, align=RNE)


NOT_READ = {
    "tree": "order must be one of",
    "": "order must be one of",
    "blocked": "order must be one of",
    "blocked()": "with integers b, s, k, bits",
    "blocked(x)": "with integers b, s, k, bits",
    "blocked(2,3)": "with integers b, s, k, bits",
    "blocked(-1)": "with integers b, s, k, bits",
    "blocked(2": "order must be one of",
    "blocked(0)": r"size of blocked must be an integer from 1 to .*; got 0",
    "split(99999999999999)": r"size of split must be an integer from 1 to",
    "tensor-core(2)": "with integers b, s, k, bits",
    "tensor-core(2, 0)": "bits of tensor-core must be an integer from 1 to",
    "tensor-core(2, 3, SR)": "align must be a Rounding and not stochastic",
    "tensor-core(2, 3, RNE, 4)": "must be written tensor-core",
    "promoted(3)": r"must be written promoted\(b, ORDER\)",
    "promoted(3, tree)": "order must be one of",
    "sequential in": "mode must be one of",
    "sequential in nothing": "unknown name 'nothing'",
    "sequential in fp32 RNE RNE": "ORDER in FORMAT ROUNDING",
    "sequential, foo": "products exact or products rounded",
    "sequential, products": "products exact or products rounded",
    "sequential, products exact, more": "products exact or products rounded",
    "fma, products exact in bf16": "exact products must have no format",
    "promoted(1, " * 90 + "exact" + ")" * 90: "order must be one of",
}


@pytest.mark.parametrize("text", NOT_READ, ids=lambda t: t[:30])
def test_what_cannot_be_read_says_why_in_one_line(text: str) -> None:
    with pytest.raises(FormatError, match=NOT_READ[text]) as error:
        parse_accumulate(text)
    assert "\n" not in str(error.value)


REFUSED = {
    "order": ({"order": "tree"}, "order must be one of"),
    "products": ({"order": "exact", "products": "some"}, "products must be rounded or exact"),
    "format": ({"order": "kahan", "format": "fp32"}, "format must be a Format"),
    "rounding": ({"order": "kahan", "rounding": "RNE"}, "rounding a Rounding"),
    "product format": ({"order": "kahan", "product_format": 3}, "format of products must be a Format"),
    "product rounding": ({"order": "kahan", "product_rounding": "RNE"}, "rounding a Rounding"),
    "exact in a format": (
        {"order": "kahan", "products": "exact", "product_format": binary32},
        "exact products must have no format",
    ),
    "size missing": ({"order": "blocked"}, "size must be given for blocked; got None"),
    "size too much": ({"order": "kahan", "size": 3}, "size must be None for kahan; got 3"),
    "size true": ({"order": "split", "size": True}, "size of split must be an integer"),
    "size a float": ({"order": "split", "size": 2.0}, "size of split must be an integer"),
    "bits": ({"order": "tensor-core", "size": 2, "bits": 0, "align": RTZ}, "bits of tensor-core must be an integer"),
    "align missing": ({"order": "tensor-core", "size": 2, "bits": 3}, "align must be given"),
    "align a name": ({"order": "tensor-core", "size": 2, "bits": 3, "align": "RTZ"}, "align must be a Rounding"),
    "inner missing": ({"order": "promoted", "size": 2}, "inner must be given"),
    "inner a name": ({"order": "promoted", "size": 2, "inner": "kahan"}, "inner must be an Accumulate"),
    "inner with products": (
        {"order": "promoted", "size": 2, "inner": exact_products},
        "inner must say nothing of products",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_fields_are_validated(name: str) -> None:
    fields, message = REFUSED[name]
    with pytest.raises(FormatError, match=message) as error:
        Accumulate(**fields)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


def test_promoted_wants_a_record() -> None:
    with pytest.raises(FormatError, match="inner must be an Accumulate"):
        Promoted(4, "kahan")  # type: ignore[arg-type]


def test_parts_inherit_formats_roundings_and_policies() -> None:
    results = Rounder(bfloat16, RTZ, Overflow.SATURATE)
    how = Accumulate("sequential", "rounded", binary32, None, binary16, RTN)
    assert how.rounder(results) == Rounder(binary32, RTZ, Overflow.INFINITY)
    assert how.product_rounder(results) == Rounder(binary16, RTN, Overflow.INFINITY)
    assert Sequential().rounder(results) == results
    assert Sequential().product_rounder(results) == results
    assert Sequential(binary32).product_rounder(results) == Rounder(binary32, RTZ, Overflow.INFINITY)
    back = Accumulate("sequential", "rounded", binary32, RNE, bfloat16)
    assert back.product_rounder(results) == Rounder(bfloat16, RNE, Overflow.SATURATE)
