"""Correct rounding by MPFR, through gmpy2: one context per format and mode.

MPFR counts exponents for significands in [1/2, 1), so a format with least quantum 2**q_min and largest exponent
emax is `emin = q_min + 1, emax = emax + 1` with `subnormalize=True`. Ties away and round to odd are no MPFR modes
and are built from two steps and from the ternary flag.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gmpy2
import numpy as np
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec
from oracles.lanes import Exact, Floats, drop_missing_specials, from_parts, largest_exponent, saturate

VERSION = f"{gmpy2.mpfr_version()} through gmpy2 {gmpy2.version()}"
NATIVE = {
    "RNE": gmpy2.RoundToNearest,
    "RTZ": gmpy2.RoundToZero,
    "RTP": gmpy2.RoundUp,
    "RTN": gmpy2.RoundDown,
    "RAZ": gmpy2.RoundAwayZero,
}
METHOD = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "fma": "fma", "round": "plus"}
BINARY = ("add", "subtract", "multiply", "divide")
UNARY = ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh")
Column = Sequence["gmpy2.mpfr"]
Pair = tuple[int, int] | str
WIDEST = {"emin": gmpy2.get_emin_min(), "emax": gmpy2.get_emax_max()}


def context(spec: Spec, mode: str, *, extra: int = 0) -> gmpy2.context:
    """Return the context of a format with `extra` bits more than it has."""
    assert spec.p is not None
    settings = {"precision": spec.p + extra, "round": NATIVE[mode]}
    if spec.largest is not None:
        settings["emax"] = largest_exponent(spec) + 1
    if spec.q_min is not None:
        settings["emin"] = (spec.q_min + 1 if spec.subnormals else spec.q_min + spec.p) - extra
        settings["subnormalize"] = spec.subnormals
    return gmpy2.context(**settings)


def column(values: Floats) -> list[gmpy2.mpfr]:
    """Return float64 values as MPFR numbers, exactly."""
    with gmpy2.context(precision=53):
        return [gmpy2.mpfr(v) for v in np.asarray(values, dtype=np.float64).tolist()]


def run(operation: str, ctx: gmpy2.context, columns: Sequence[Column]) -> list[gmpy2.mpfr]:
    """Return one operation in one context over columns."""
    method: Callable[..., gmpy2.mpfr] = getattr(ctx, METHOD.get(operation, operation))
    return list(map(method, *columns))


def floats(values: Column) -> Floats:
    """Return MPFR numbers of at most 53 bits as float64, exactly."""
    return np.array(list(map(float, values)), dtype=np.float64)


def apply(operation: str, spec: Spec, mode: str, *columns: Column) -> Floats:
    """Return the correctly rounded results as float64, which must carry the format; the format's own overflow."""
    assert spec.p is not None
    assert spec.p <= 53
    assert spec.overflow != "saturate"  # an MPFR infinity does not say whether it was exact
    if mode == "RNA":
        wide = run(operation, context(spec, "RTZ", extra=1), columns)
        y = floats(run("round", context(spec, "RAZ"), [wide]))
    elif mode == "RTO":
        y = to_odd(run(operation, context(spec, "RTZ"), columns), spec)
    else:
        y = floats(run(operation, context(spec, mode), columns))
    finite = np.copysign(saturate(np.abs(y), np.signbit(y), spec, mode, spec.overflow), y)
    return drop_missing_specials(np.where(np.isinf(y), y, finite), spec)


def to_odd(truncated: Column, spec: Spec) -> Floats:
    """Return truncated results with the last bit set where the ternary flag says that something was cut off."""
    assert spec.p is not None
    y = floats(truncated)
    inexact = np.array([v.rc != 0 for v in truncated], dtype=bool)
    magnitude = np.abs(y)
    fraction, exponent = np.frexp(np.where(np.isfinite(magnitude), magnitude, 0.0))
    q = exponent.astype(np.int64) - spec.p
    if spec.q_min is not None:
        lowest = spec.q_min if spec.subnormals else spec.q_min + spec.p - 1
        q = np.where(fraction == 0, lowest, np.maximum(q, spec.q_min))
    with np.errstate(over="ignore", under="ignore"):
        count = np.ldexp(np.ldexp(fraction, spec.p), (exponent - spec.p - q).astype(np.int32))
        odd = np.ldexp(np.where(count % 2 == 0, count + 1, count), q.astype(np.int32))
    return np.where(inexact, np.copysign(odd, y), y)


def exact_unary(operation: str, arguments: Column) -> Exact:
    """Return f(x) as 62 truncated bits and MPFR's ternary flag, from which every mode and format follows."""
    ctx = gmpy2.context(precision=62, round=gmpy2.RoundToZero)
    return from_parts(parts(run(operation, ctx, [arguments])))


def exact_binary(operation: str, left: Column, right: Column, mode: str) -> Exact:
    """Return x op y likewise; the mode matters only for the sign of an exact zero."""
    ctx = gmpy2.context(precision=62, round=gmpy2.RoundToZero)
    results = run(operation, ctx, [left, right])
    if mode == "RTN":
        down = gmpy2.context(precision=62, round=gmpy2.RoundDown)
        method = getattr(down, METHOD[operation])
        results = [method(a, b) if r == 0 and r.rc == 0 else r for r, a, b in zip(results, left, right, strict=True)]
    return from_parts(parts(results))


def parts(results: Column) -> list[tuple[bool, int, int, bool] | float]:
    """Return truncated MPFR numbers as (negative, m, e, sticky), or as a float where they are special."""
    rows: list[tuple[bool, int, int, bool] | float] = []
    for r in results:
        if not gmpy2.is_finite(r) or (r == 0 and r.rc == 0):
            rows.append(float(r))
        elif r == 0:
            rows.append((gmpy2.is_signed(r), 1, -(2**40), True))  # underflow of MPFR itself
        else:
            m, e = r.as_mantissa_exp()
            rows.append((m < 0, abs(int(m)), int(e), r.rc != 0))
    return rows


def pairs_of(results: Column) -> list[Pair]:
    """Return MPFR numbers of any precision and size as (odd significand, exponent), or as a special string."""
    found: list[Pair] = []
    for r in results:
        if gmpy2.is_nan(r):
            found.append(NAN)
        elif gmpy2.is_infinite(r):
            found.append(NEG_INF if r < 0 else POS_INF)
        elif r == 0:
            found.append(NEG_ZERO if gmpy2.is_signed(r) else (0, 0))
        else:
            found.append(canonical(*map(int, r.as_mantissa_exp())))
    return found


def canonical(c: int, q: int) -> tuple[int, int]:
    """Return c * 2**q, c nonzero, with an odd significand."""
    twos = (c & -c).bit_length() - 1
    return c >> twos, q + twos


def unbounded_pairs(operation: str, p: int, mode: str, *columns: Column) -> list[Pair]:
    """Return correctly rounded results with any precision and exponents without bounds."""
    if mode == "RNA":
        wide = run(operation, gmpy2.context(precision=p + 1, round=NATIVE["RTZ"], **WIDEST), columns)
        return pairs_of(run("round", gmpy2.context(precision=p, round=NATIVE["RAZ"], **WIDEST), [wide]))
    if mode != "RTO":
        return pairs_of(run(operation, gmpy2.context(precision=p, round=NATIVE[mode], **WIDEST), columns))
    truncated = run(operation, gmpy2.context(precision=p, round=NATIVE["RTZ"], **WIDEST), columns)
    found = pairs_of(truncated)
    for i, (r, v) in enumerate(zip(truncated, found, strict=True)):
        if r.rc != 0 and not isinstance(v, str):
            missing = p - abs(v[0]).bit_length()
            if missing > 0:  # the last of p bits is 0: set it
                found[i] = (v[0] * 2**missing + (1 if v[0] > 0 else -1), v[1] - missing)
    return found
