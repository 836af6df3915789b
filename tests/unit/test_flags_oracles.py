"""Flags against MPFR's, for formats and functions, and against those of this machine's floating-point unit."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple
from itertools import product
from typing import Final

import gmpy2
import numpy as np
import pytest
from numpy.typing import NDArray

from precise.dyadic import Element
from precise.engines import dispatch
from precise.engines.carrier import element_of, to_lanes
from precise.engines.flags import Flags, Tininess, flags_of, total
from precise.engines.flags_lanes import count_lanes
from precise.errors import UnsupportedError
from precise.formats import bfloat16, binary16, binary32, binary64
from precise.formats.format import Float, Format
from precise.rounding import RNE, RTN, RTP, RTZ, Overflow, Rounder, Rounding

Floats = NDArray[np.float64]
ROUNDING: Final = {
    "RNE": gmpy2.RoundToNearest,
    "RTZ": gmpy2.RoundToZero,
    "RTP": gmpy2.RoundUp,
    "RTN": gmpy2.RoundDown,
}
MPFR: Final[dict[str, Callable[..., object]]] = {
    "add": gmpy2.add,
    "subtract": gmpy2.sub,
    "multiply": gmpy2.mul,
    "divide": gmpy2.div,
    "sqrt": gmpy2.sqrt,
    "fma": gmpy2.fma,
    "exp": gmpy2.exp,
    "log": gmpy2.log,
    "tanh": gmpy2.tanh,
    "sin": gmpy2.sin,
    "cos": gmpy2.cos,
}
ARITY: Final = {"add": 2, "subtract": 2, "multiply": 2, "divide": 2, "fma": 3}
NARROW: Final = Float(6, -9, 9)


def points(fmt: Format, rng: np.random.Generator, count: int) -> Floats:
    """Return members: near one, near both ends of the range, subnormal, and special."""
    assert fmt.p is not None and fmt.emin is not None and fmt.emax is not None and fmt.q_min is not None
    near = rng.choice([0, fmt.emin, fmt.emin // 2, fmt.emax + 2, fmt.emax + 2, fmt.emax // 2, fmt.q_min + 1], count)
    e = np.clip(near + rng.integers(-3, 4, count), fmt.q_min, fmt.emax)
    full = rng.integers(2 ** (fmt.p - 1), 2**fmt.p, count) >> rng.integers(0, fmt.p, count)
    x = np.ldexp(full.astype(np.float64), e - fmt.p + 1)
    with np.errstate(over="ignore"):
        units = np.ldexp(x, -fmt.q_min)
    x = np.where(np.isfinite(units), np.ldexp(np.floor(np.where(np.isfinite(units), units, 0)), fmt.q_min), x)
    x = np.concatenate([x * rng.choice([-1.0, 1.0], count), [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan]])
    return rng.permutation(x)


def mpfr_flags(op: str, row: tuple[float, ...], fmt: Format, mode: str) -> tuple[int, ...]:
    """Return the flags that MPFR raises; tiny is after rounding, read where it has no subnormals."""
    assert fmt.p is not None and fmt.emin is not None and fmt.emax is not None
    found = []
    for extra in (0, 1):
        ctx = gmpy2.context(
            precision=fmt.p,
            emin=fmt.emin + 1 if extra else fmt.emin - fmt.p + 2,
            emax=fmt.emax + 1,
            subnormalize=not extra,
            round=ROUNDING[mode],
        )
        exact = [gmpy2.mpfr(x, 53) for x in row]
        with gmpy2.context(ctx):
            here = gmpy2.get_context()
            here.clear_flags()
            MPFR[op](*exact)
            found.append((here.inexact, here.overflow, here.underflow, here.invalid, here.divzero))
    plain, normal = found
    if np.isnan(row).any():
        return (0, 0, 0, 0, 0)
    return (int(plain[0]), int(plain[1]), int(normal[2] and plain[0]), int(plain[3]), int(plain[4]))


@pytest.mark.parametrize("op", MPFR)
@pytest.mark.parametrize("fmt", [binary16, bfloat16, NARROW], ids=str)
def test_flags_of_mpfr(fmt: Format, op: str) -> None:
    rng = np.random.default_rng(20261122)
    seen: Counter[tuple[int, ...]] = Counter()
    for mode in (RNE, RTZ, RTP, RTN):
        columns = tuple(points(fmt, rng, 400) for _ in range(ARITY.get(op, 1)))
        rounder = Rounder(fmt, mode, Overflow.INFINITY)
        result = to_lanes(dispatch("reference", "elementwise", (op, columns, rounder), fmt)[0])
        rows = list(zip(*(c.tolist() for c in columns), strict=True))
        wanted = [mpfr_flags(op, row, fmt, mode.code) for row in rows]
        for i, (row, y) in enumerate(zip(rows, result.tolist(), strict=True)):
            operands: tuple[Element, ...] = tuple(element_of(x) for x in row)
            found = flags_of(op, operands, element_of(y), rounder, i, Tininess.AFTER)
            assert astuple(found) == wanted[i], (op, mode.code, row, y)
        together = total(Flags(*w) for w in wanted)
        assert count_lanes(op, columns, result, rounder, Tininess.AFTER) == together
        seen.update(wanted)
    assert seen[(1, 0, 0, 0, 0)] and seen[(0, 0, 0, 0, 0)]
    assert bool(seen[(0, 0, 0, 0, 1)]) == (op in ("divide", "log"))
    assert bool(seen[(1, 1, 0, 0, 0)]) == (op in (*ARITY, "exp"))
    assert bool(seen[(1, 0, 1, 0, 0)]) == (op in ("multiply", "divide", "fma", "exp", "tanh", "sin"))


HARDWARE: Final[dict[str, Callable[..., object]]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "sqrt": np.sqrt,
}


def hardware_flags(op: str, row: tuple[float, ...], kind: type) -> tuple[int, ...]:
    """Return overflow, underflow, invalid and divide-by-zero as the processor reports them for one operation."""
    raised = [0]

    def note(_: str, flag: int) -> None:
        """Keep the status bits."""
        raised[0] |= flag

    operands = [np.array([x], dtype=kind) for x in row]
    with np.errstate(all="call", call=note):
        HARDWARE[op](*operands)
    bits = raised[0]
    return tuple(int(bool(bits & mask)) for mask in (2, 4, 8, 1))


@pytest.mark.parametrize("op", HARDWARE)
@pytest.mark.parametrize(("fmt", "kind"), [(binary32, np.float32), (binary64, np.float64)], ids=["32", "64"])
def test_flags_of_the_hardware(fmt: Format, kind: type, op: str) -> None:
    """x86 detects tininess after rounding, and so does RISC-V; ARM before it (the choice is free in 7.5)."""
    how = Tininess.BEFORE if platform.machine().lower() in ("aarch64", "arm64") else Tininess.AFTER
    rng = np.random.default_rng(7)
    arity = ARITY.get(op, 1)
    pairs = np.array(list(product([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan], repeat=arity))).T
    columns = tuple(np.concatenate([points(fmt, rng, 1500), pairs[i]]) for i in range(arity))
    rounder, seen = Rounder(fmt, RNE, Overflow.INFINITY), Counter[tuple[int, ...]]()
    with np.errstate(all="ignore"):
        result = np.asarray(HARDWARE[op](*(c.astype(kind) for c in columns)), dtype=np.float64)
    rows = list(zip(*(c.tolist() for c in columns), strict=True))
    inexact = 0
    for i, (row, y) in enumerate(zip(rows, result.tolist(), strict=True)):
        operands = tuple(element_of(x) for x in row)
        found = flags_of(op, operands, element_of(y), rounder, i, how)
        assert astuple(found)[1:] == hardware_flags(op, row, kind), (op, row, y)
        seen[astuple(found)[1:]] += 1
        inexact += found.inexact
    if fmt is binary32:
        assert astuple(count_lanes(op, columns, result, rounder, how)) == (
            inexact,
            *(sum(k[i] * n for k, n in seen.items()) for i in range(4)),
        )
    else:
        with pytest.raises(UnsupportedError):
            count_lanes(op, columns, result, rounder, how)
    assert seen[(0, 0, 1, 0)] > 0
    assert op in ("add", "subtract", "sqrt") or seen[(0, 1, 0, 0)] > 20


def test_tininess_differs_within_a_unit_below_the_least_normal_number() -> None:
    """0.99999 of the least normal number rounds to it: tiny before rounding, not after (7.5 a and b)."""
    below = np.array([2.0**-14 * (1 - 2.0**-13), 2.0**-14 * (1 - 2.0**-12), -(2.0**-14) * (1 - 2.0**-13)])
    counted: list[tuple[Rounding, Tininess, int]] = [
        (RNE, Tininess.BEFORE, 3),
        (RNE, Tininess.AFTER, 0),
        (RTZ, Tininess.AFTER, 3),
        (RTP, Tininess.AFTER, 1),
    ]
    for mode, how, wanted in counted:
        rounder = Rounder(binary16, mode, Overflow.INFINITY)
        result = to_lanes(dispatch("reference", "round_array", (below, rounder), binary16)[0])
        found = count_lanes("round", (below,), result, rounder, how)
        assert (found.inexact, found.underflow) == (3, wanted), (mode.code, how)
