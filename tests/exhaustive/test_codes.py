"""Every code of the 8-bit and 16-bit formats, against ml_dtypes, NumPy and gfloat; a sample of the wider ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matrix.subjects import format_of, value_of
from oracles import tally
from oracles.floats import as_value
from oracles.integers import Spec, Value
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, E4M3FN, E5M2
from oracles.optional import require
from oracles.verdict import expect_equal

from precise.formats import decode, encode

WIDTHS = {BINARY16.name: 16, BFLOAT16.name: 16, E4M3FN.name: 8, E5M2.name: 8}
SPECS = (BINARY16, BFLOAT16, E4M3FN, E5M2)
SEED = tally.seeded("codes", 20250102)


def from_ml_dtypes(spec: Spec) -> Callable[[int], Value]:
    """Return a decoder that reads codes as the dtype of the same name."""
    ml_dtypes = require("ml_dtypes")
    dtype = {
        BINARY16.name: np.float16,
        BFLOAT16.name: ml_dtypes.bfloat16,
        E4M3FN.name: ml_dtypes.float8_e4m3fn,
        E5M2.name: ml_dtypes.float8_e5m2,
    }[spec.name]
    unsigned = np.uint16 if WIDTHS[spec.name] == 16 else np.uint8
    with np.errstate(invalid="ignore"):  # signalling NaN
        table = np.arange(2 ** WIDTHS[spec.name]).astype(unsigned).view(dtype).astype(np.float64)
    return lambda code: as_value(float(table[code]))


def from_gfloat(spec: Spec) -> Callable[[int], Value]:
    """Return a decoder that asks gfloat."""
    gfloat = require("gfloat")
    formats = require("gfloat.formats")
    info = {
        BINARY16.name: formats.format_info_binary16,
        BFLOAT16.name: formats.format_info_bfloat16,
        E4M3FN.name: formats.format_info_ocp_e4m3,
        E5M2.name: formats.format_info_ocp_e5m2,
    }[spec.name]
    return lambda code: as_value(float(gfloat.decode_float(info, code).fval))


PEERS = {"ml_dtypes": from_ml_dtypes, "gfloat": from_gfloat}


def check_decode(subject: Callable[[int], Value], spec: Spec, peer: str) -> None:
    """Compare the meaning of every code."""
    decoder = PEERS[peer](spec)
    codes = range(2 ** WIDTHS[spec.name])
    expect_equal("decode", peer, spec.name, [subject(c) for c in codes], [decoder(c) for c in codes], list(codes))


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_every_code_means_what_peers_say(spec: Spec, peer: str) -> None:
    fmt = format_of(spec)
    check_decode(lambda code: value_of(decode(code, fmt)), spec, peer)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_encode_inverts_decode(spec: Spec) -> None:
    fmt = format_of(spec)
    codes = list(range(2 ** WIDTHS[spec.name]))
    back: list[Value] = []
    for code in codes:
        x = decode(code, fmt)
        again = encode(x, fmt)
        back.append("nan" if value_of(x) == "nan" and value_of(decode(again, fmt)) == "nan" else str(again))
    wanted = ["nan" if value_of(decode(c, fmt)) == "nan" else str(c) for c in codes]
    expect_equal("encode", "round trip", spec.name, back, wanted, codes)


@pytest.mark.parametrize(
    ("spec", "unsigned", "dtype"), [(BINARY32, np.uint32, np.float32), (BINARY64, np.uint64, np.float64)]
)
def test_codes_of_machine_formats(spec: Spec, unsigned: type, dtype: type) -> None:
    fmt = format_of(spec)
    rng = np.random.default_rng(SEED)
    bits = np.iinfo(unsigned).bits
    ends = [0, 1, 2**bits - 1, 2 ** (bits - 1), 2 ** (bits - 1) + 1, 2 ** (spec.p - 1), 2 ** (spec.p - 1) - 1]
    codes = np.concatenate([np.array(ends, dtype=unsigned), rng.integers(0, 2**bits, 4000, dtype=unsigned)])
    with np.errstate(invalid="ignore"):
        table = codes.view(dtype).astype(np.float64)
    ours = [value_of(decode(int(c), fmt)) for c in codes]
    expect_equal("decode", "NumPy", spec.name, ours, [as_value(float(v)) for v in table], codes.tolist())
    finite = [int(c) for c, v in zip(codes, table, strict=True) if not np.isnan(v)]
    again = [str(encode(decode(c, fmt), fmt)) for c in finite]
    expect_equal("encode", "round trip", spec.name, again, [str(c) for c in finite], finite)
