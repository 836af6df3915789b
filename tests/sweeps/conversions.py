"""Conversions of binary64 numbers to every format, in every mode, under every overflow and underflow policy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matrix.subjects import OVERFLOW, ROUNDING, format_of, round_array
from oracles.integers import MODES, Spec
from oracles.lanes import Floats
from oracles.narrowing import conversion_points, converter, policies
from oracles.smallformats import E2M1FN, E2M3FN, E3M2FN, OCP8, P3109, SMALL
from sweeps.lanes import FORMATS
from sweeps.unit import Outcome, Suite, Unit

from precise import rounded

BOUNDED = {
    s.name: s for s in (*FORMATS.values(), *SMALL) if s.p != 53 and s.q_min is not None and s.largest is not None
}
POINTS = 15_000
DTYPES = (*OCP8, E3M2FN, E2M3FN, E2M1FN)
PEERS = {
    "float8_e4m3fn": "ocp_e4m3",
    "float8_e5m2": "ocp_e5m2",
    "float6_e3m2fn": "ocp_e3m2",
    "float6_e2m3fn": "ocp_e2m3",
    "float4_e2m1fn": "ocp_e2m1",
    "binary16": "binary16",
    "bfloat16": "bfloat16",
}
GFLOAT = {
    "RNE": "TiesToEven",
    "RNA": "TiesToAway",
    "RTZ": "TowardZero",
    "RTP": "TowardPositive",
    "RTN": "TowardNegative",
}


def convert(spec: Spec, mode: str, overflow: str, underflow: str, x: Floats) -> Floats:
    """Return our conversion under stated policies."""
    xp = rounded(format_of(spec), ROUNDING[mode], overflow=OVERFLOW[overflow], underflow=underflow)
    return xp.asarray(x).to_float64()


def run_policies(unit: Unit, seed: int) -> Outcome:
    """Compare one format under every mode and policy."""
    spec, found = BOUNDED[unit.format], Outcome()
    x = conversion_points(spec, unit.seed(seed))
    if len(x) > POINTS:  # with the specials, which come last
        kept = np.random.default_rng(seed).choice(len(x) - 5, POINTS, replace=False)
        x = np.concatenate([x[kept], x[-5:]])
    theirs = converter(x, spec)
    for mode in MODES:
        for overflow in policies(spec):
            for underflow in ("round", "flush") if spec.p is not None else ("round",):
                right = theirs(mode, overflow, underflow)
                found.attempt(
                    f"{mode} {overflow} {underflow}",
                    lambda m=mode, o=overflow, u=underflow: convert(spec, m, o, u, x),
                    right,
                    x,
                )
    return found


def run_ml_dtypes(unit: Unit, seed: int) -> Outcome:
    """Compare RNE of finite binary32 numbers with ml_dtypes, which is right there."""
    import ml_dtypes

    spec, found = BOUNDED[unit.format], Outcome()
    with np.errstate(over="ignore", invalid="ignore"):
        x = np.unique(conversion_points(spec, unit.seed(seed)).astype(np.float32))
        x = x[np.isfinite(x)]
        theirs = x.astype(getattr(ml_dtypes, spec.name)).astype(np.float64)
    found.attempt("RNE", lambda: round_array(spec, "RNE", x.astype(np.float64)), theirs, x.astype(np.float64))
    return found


def run_gfloat(unit: Unit, seed: int) -> Outcome:
    """Compare finite numbers with gfloat in its modes, saturating or not."""
    import gfloat
    from gfloat import formats

    spec, found = BOUNDED[unit.format], Outcome()
    named = PEERS.get(spec.name)
    info = getattr(formats, f"format_info_{named}") if named else formats.format_info_p3109(8, spec.p)
    x = conversion_points(spec, unit.seed(seed))
    x = x[np.isfinite(x) & (abs(x) < 2.0**1000) & (abs(x) > 2.0**-1000)]  # inside its own powers of two
    for mode, name in GFLOAT.items():
        if spec.p == 1 and mode == "RNE":  # gfloat follows the draft's even code there, we IEEE 754-2019, 4.3.1
            continue
        for saturate in (True, False) if spec.nan else (True,):
            overflow = "saturate" if saturate else spec.overflow
            with np.errstate(all="ignore"):
                theirs = gfloat.round_ndarray(info, x, getattr(gfloat.RoundMode, name), saturate)
            found.attempt(f"{mode} {overflow}", lambda m=mode, o=overflow: convert(spec, m, o, "round", x), theirs, x)
    return found


def policy_units() -> Iterator[Unit]:
    """Yield every bounded format."""
    for name in BOUNDED:
        yield Unit("conversions", "round", name)


def ml_dtypes_units() -> Iterator[Unit]:
    """Yield the formats that ml_dtypes has."""
    for spec in DTYPES:
        yield Unit("conversions of ml_dtypes", "round", spec.name)


def gfloat_units() -> Iterator[Unit]:
    """Yield the formats that gfloat has."""
    for name in (*PEERS, *(s.name for s in P3109)):
        yield Unit("conversions of gfloat", "round", name)


POLICIES = Suite("conversions", "binary64 to every format, every policy", "integers", policy_units, run_policies)
ML_DTYPES = Suite("conversions of ml_dtypes", "binary32 to small formats", "ml_dtypes", ml_dtypes_units, run_ml_dtypes)
GFLOAT_SUITE = Suite("conversions of gfloat", "binary64 to small formats", "gfloat", gfloat_units, run_gfloat)
