"""The optional extension: compiled loops that give the bits of the NumPy code, or say that they do not serve.

The extension is built where a C compiler is found, and left out without a word where none is. It is used only after
a self-test, since a compiler that fuses, reorders or flushes would break it silently. `PRECISE_NO_EXTENSION=1` in the
environment leaves it out, `PRECISE_THREADS` bounds the threads that it uses on long arrays.
"""

from __future__ import annotations

import importlib
import os
import struct
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Final

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.parts import threads
from precise.rounding import Overflow, Underflow
from precise.stochastic import stream_key

if TYPE_CHECKING:
    from precise.engines.lanes import LaneRounder

MODES: Final = ("RNE", "RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO", "SR")
OPERATIONS: Final = ("round", "add", "subtract", "multiply", "divide", "sqrt", "fma")
# The status bits of the extension.
REFUSED, OUTSIDE, INEXACT = 1, 2, 4
SERVED: Final = 0

_PARAMS: Final = struct.Struct("10qQq10d")
_BIAS: Final = 1023
_ALL: Final = -1


@cache
def extension() -> ModuleType | None:
    """Return the extension with the best instruction set of this machine that passes the self-test, or None."""
    if os.environ.get("PRECISE_NO_EXTENSION", "0") not in ("", "0"):
        return None
    try:
        module = importlib.import_module("precise.engines._kernels")
    except ImportError:
        return None
    for name in ("avx512", "avx2", "baseline"):
        try:
            module.use(name)
        except ValueError:
            continue
        if _passes_self_test(module):
            return module
    return None


def describe() -> str:
    """Return `NumPy only`, or the instruction set of the compiled loops."""
    module = extension()
    return "NumPy only" if module is None else f"compiled, {module.instruction_set()}"


@lru_cache(maxsize=256)
def packed(lanes: LaneRounder) -> bytes | None:
    """Return the parameters of a lane rounder as the extension reads them, or None where it does not serve it."""
    rounder = lanes.rounder
    fmt, mode = rounder.format, rounder.rounding
    if mode.code == "SR" and mode.bits is None:
        return None
    error, saturates = rounder.overflow is Overflow.ERROR, rounder.overflow is Overflow.SATURATE
    missing = np.nan if rounder.overflow is Overflow.NAN else np.inf
    bounds = (lanes.top, lanes.bottom)
    stops = {"RTZ": (True, True), "RTO": (True, True), "RTP": (False, True), "RTN": (True, False)}
    at_bound = stops.get(mode.code, (False, False))
    beyond = [b if stop or saturates else missing for b, stop in zip(bounds, at_bound, strict=True)]
    infinite = [np.inf if fmt.infinities else b if saturates else missing for b in bounds]
    window = (2.0**lanes.low, 2.0**lanes.high) if lanes.windowed else (0.0, np.inf)
    return _PARAMS.pack(
        (lanes.low + _BIAS) << 52,
        (lanes.high + _BIAS) << 52,
        (53 - lanes.p) << 52,
        0 if fmt.subnormals or lanes.windowed else (lanes.p - 1) << 52,
        _ALL * error,
        _ALL * ((error or lanes.windowed) and not fmt.infinities),
        _ALL * (not fmt.nan),
        _ALL * (rounder.underflow is Underflow.ERROR and not lanes.windowed),
        _ALL * (not (fmt.infinities or fmt.nan)),
        _ALL * (not fmt.signed_zero),
        stream_key(mode.seed, mode.stream) if mode.code == "SR" else 0,
        mode.bits if mode.code == "SR" and mode.bits else 1,
        lanes.least_normal,
        lanes.least_normal if rounder.underflow is Underflow.FLUSH else 0.0,
        *window,
        *bounds,
        *beyond,
        *infinite,
    )


def serves(op: str, lanes: LaneRounder) -> bool:
    """Return whether the extension is there and has the operation and the rounding."""
    return op in OPERATIONS and extension() is not None and packed(lanes) is not None


def elementwise(op: str, operands: tuple[Lanes, ...], lanes: LaneRounder, out: Lanes, first: int = 0) -> bool:
    """Compute `op` of broadcast operands into `out`, contiguous and not an operand; return whether all was served.

    Precondition: `serves(op, lanes)`. `first` is the index of the first lane.
    """
    module, params = extension(), packed(lanes)
    assert module is not None and params is not None
    code, mode = OPERATIONS.index(op), MODES.index(lanes.rounder.rounding.code)
    status: int = module.elementwise(code, mode, params, operands, out, first, threads())
    return not status & (REFUSED | OUTSIDE | (INEXACT if lanes.depends_on > 52 else 0))


def _passes_self_test(module: ModuleType) -> bool:
    """Return whether the loops give known results where contraction, reordering or flushing would not."""
    from_hex = float.fromhex
    rne11 = _plain(11)
    cases: list[tuple[str, str, tuple[str, ...], str]] = [
        ("round", "RNE", ("0x1.002p+0",), "0x1.0p+0"),
        ("round", "RNE", ("0x1.0020000000001p+0",), "0x1.004p+0"),
        ("round", "RTP", ("0x1.0p-1074",), "0x1.0p-24"),
        ("round", "RTO", ("0x1.0000000000001p+0",), "0x1.004p+0"),
        ("add", "RTZ", ("-0x1.0p+0", "0x1.0p-200"), "-0x1.ffcp-1"),
        ("add", "RTN", ("0x1.8p+0", "-0x1.8p+0"), "-0x0p+0"),
        ("multiply", "RTP", ("0x1.0p-600", "0x1.0p-600"), "0x1.0p-24"),
        ("multiply", "RAZ", ("0x1.0000001p+0", "0x1.0000001p+0"), "0x1.004p+0"),
        ("multiply", "RTZ", ("-0x1.0p-600", "0x1.0p-600"), "-0x0p+0"),
        ("divide", "RTN", ("0x1.0p+0", "0x1.8p+1"), "0x1.554p-2"),
        ("sqrt", "RTP", ("0x1.0p+1",), "0x1.6a4p+0"),
        ("fma", "RTP", ("0x1.8p+0", "0x1.8p+0", "0x1.0p-300"), "0x1.204p+1"),
    ]
    for op, mode, arguments, right in cases:
        operands = tuple(np.full(37, from_hex(x)) for x in arguments)
        out = np.empty(37)
        status = module.elementwise(OPERATIONS.index(op), MODES.index(mode), rne11, operands, out, 0, 1)
        expected = np.full(37, from_hex(right))
        if status & (REFUSED | OUTSIDE) or (out.view(np.int64) != expected.view(np.int64)).any():
            return False
    return True


def _plain(p: int) -> bytes:
    """Return the parameters of the binary16-like format with p bits, overflow to infinity, for the self-test."""
    emin, top = -14, 65504.0
    return _PARAMS.pack(
        (emin + _BIAS) << 52, (16 + _BIAS) << 52, (53 - p) << 52, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        2.0**emin, 0.0, 0.0, np.inf, top, top, np.inf, np.inf, np.inf, np.inf,
    )  # fmt: skip
