"""Round many exact values at once: 62 leading bits, a sticky flag, then quotient and remainder in numpy integers.

A real number x != 0 enters as sign, integer m with 2**61 <= m < 2**62, exponent e and a flag that says whether |x|
lies strictly above m * 2**e (and below (m + 1) * 2**e). For p <= 53 that decides every rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, Value, binade

Floats = npt.NDArray[np.float64]
WIDTH = 62
FAR = 20_000  # exponents are cut to +-FAR: beyond every format that float64 carries


@dataclass(frozen=True)
class Exact:
    """Arrays that describe exact values; `fixed` holds the answers that need no rounding (zeros, inf, NaN)."""

    negative: npt.NDArray[np.bool_]
    m: npt.NDArray[np.uint64]
    e: npt.NDArray[np.int64]
    sticky: npt.NDArray[np.bool_]
    fixed: Floats  # 0 where m holds the value, else the special or zero itself, signed
    is_fixed: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.m)


def from_parts(parts: Iterable[tuple[bool, int, int, bool] | float]) -> Exact:
    """Return arrays from (negative, m, e, sticky) with any m > 0 of at most 62 bits, or a float for a special."""
    rows = list(parts)
    fixed = np.array([0.0 if isinstance(r, tuple) else r for r in rows])
    is_fixed = np.array([not isinstance(r, tuple) for r in rows], dtype=bool)
    whole = [r if isinstance(r, tuple) else (False, 1, 0, False) for r in rows]
    shifts = [WIDTH - r[1].bit_length() for r in whole]
    assert min(shifts, default=0) >= 0
    m = np.array([r[1] << s for r, s in zip(whole, shifts, strict=True)], dtype=np.uint64)
    e = np.array([max(-FAR, min(FAR, r[2] - s)) for r, s in zip(whole, shifts, strict=True)], dtype=np.int64)
    negative = np.array([r[0] for r in whole], dtype=bool)
    sticky = np.array([r[3] for r in whole], dtype=bool)
    return Exact(negative, m, e, sticky, fixed, is_fixed)


def from_values(values: Iterable[Value]) -> Exact:
    """Return fractions and special strings as exact rows: quotient by a power of two, and whether something is left."""
    rows: list[tuple[bool, int, int, bool] | float] = []
    for v in values:
        if isinstance(v, str) or v == 0:
            rows.append({NEG_ZERO: -0.0, POS_INF: np.inf, NEG_INF: -np.inf, NAN: np.nan}.get(v, 0.0))
            continue
        n, d = abs(v.numerator), v.denominator
        k = WIDTH - 1 - n.bit_length() + d.bit_length()
        m, rest = divmod(n * 2 ** max(k, 0), d * 2 ** max(-k, 0))
        rows.append((v < 0, m, -k, rest != 0))
    return from_parts(rows)


def goes_up(
    mode: str,
    n: npt.NDArray[np.uint64],
    r: npt.NDArray[np.uint64],
    half: npt.NDArray[np.uint64],
    x: Exact,
) -> npt.NDArray[np.bool_]:
    """Return whether the magnitude goes to n + 1 rather than n."""
    odd = n % np.uint64(2) == 1
    tie = (r == half) & ~x.sticky
    above = (r > half) | ((r == half) & x.sticky)
    inexact = (r != 0) | x.sticky
    if mode == "RNE":
        return above | (tie & odd)
    if mode == "RNA":
        return above | tie
    if mode == "RTO":
        return inexact & ~odd
    away = {"RTZ": np.zeros_like(odd), "RAZ": ~np.zeros_like(odd), "RTP": ~x.negative, "RTN": x.negative}[mode]
    return inexact & away


def round_exact(x: Exact, spec: Spec, mode: str, overflow: str | None = None) -> Floats:
    """Return the values rounded once, as float64, which must carry the format (p <= 53, or at most 53 bits)."""
    q = quantum_exponents(x, spec)
    # m < 2**62 is below half of 2**63, so 63 stands for more; in fixed point a value above 2**62 quanta is beyond all
    shift = np.clip(q - x.e, 0, 63).astype(np.uint64)
    quantum = np.uint64(1) << shift
    n, r = x.m // quantum, x.m % quantum
    n = n + goes_up(mode, n, r, quantum // np.uint64(2), x)
    with np.errstate(over="ignore"):
        y = np.ldexp(n.astype(np.float64), q.astype(np.int32))
    y = saturate(y, x.negative, spec, mode, overflow or spec.overflow)
    y = np.where(x.negative, -y, y)
    y = np.where(x.is_fixed, x.fixed, y)
    return drop_missing_specials(y, spec, overflow or spec.overflow)


def quantum_exponents(x: Exact, spec: Spec) -> npt.NDArray[np.int64]:
    """Return the exponent of the grid at each value."""
    top = x.e + WIDTH - 1
    if spec.p is None:
        assert spec.q_min is not None
        return np.full_like(top, spec.q_min)
    assert spec.p <= 53
    q = top - spec.p + 1
    if spec.q_min is None:
        return q
    q = np.maximum(q, spec.q_min)
    if not spec.subnormals:
        # between 0 and the least normal value the grid is {0, least normal}
        q = np.where(top < spec.q_min + spec.p - 1, spec.q_min + spec.p - 1, q)
    return q


def saturate(y: Floats, negative: npt.NDArray[np.bool_], spec: Spec, mode: str, overflow: str) -> Floats:
    """Return magnitudes with the overflow rule applied."""
    if spec.largest is None:
        return y
    largest = float(spec.largest) if spec.least is None else np.where(negative, -float(spec.least), float(spec.largest))
    beyond = np.inf if overflow == "infinity" else np.nan
    finite = {"RTZ": True, "RTO": True, "RTP": negative, "RTN": ~negative}.get(mode, False)
    finite = np.broadcast_to(np.array(finite) | (overflow == "saturate"), y.shape)
    return np.where(y > largest, np.where(finite, largest, beyond), y)


def drop_missing_specials(y: Floats, spec: Spec, overflow: str = "nan") -> Floats:
    """Return y without the infinities and signed zeros that the format lacks."""
    if not spec.infinities and spec.largest is not None:
        bottom = -float(spec.largest) if spec.least is None else float(spec.least)
        instead = np.where(y > 0, float(spec.largest), bottom) if overflow == "saturate" else np.nan
        y = np.where(np.isinf(y), instead, y)
    return y if spec.signed_zero else np.where(y == 0, 0.0, y)


def from_floats(values: Floats) -> Exact:
    """Return float64 values as exact rows."""
    rows: list[tuple[bool, int, int, bool] | float] = []
    for v in values.tolist():
        if v == 0 or v - v != 0:
            rows.append(v)
            continue
        numerator, denominator = abs(v).as_integer_ratio()
        strip = (numerator & -numerator).bit_length() - 1
        rows.append((v < 0, numerator >> strip, strip - denominator.bit_length() + 1, False))
    return from_parts(rows)


def same(ours: Floats, theirs: Floats) -> npt.NDArray[np.bool_]:
    """Return where two float64 arrays agree bit for bit, all NaN being one value."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    assert ours.shape == theirs.shape
    return (ours.view(np.uint64) == theirs.view(np.uint64)) | (np.isnan(ours) & np.isnan(theirs))


def largest_exponent(spec: Spec) -> int:
    """Return the exponent of the largest value."""
    assert spec.largest is not None
    return binade(spec.largest)
