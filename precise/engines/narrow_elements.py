"""Elementwise operations on one block of float64 lanes.

Every operation makes a lane that provably rounds like the exact result (`residuals`), and rounds it once (`lanes`).
binary64 itself is served where the hardware's operation is the definition: nearest-even, overflow to infinity.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from precise.engines import compiled, narrow_integers, reference, residuals
from precise.engines.carrier import Lanes, element_of, lane_of
from precise.engines.lanes import LaneRounder, lane_rounder
from precise.engines.narrow_functions import HOST, rounded_lanes
from precise.engines.residuals import Pair
from precise.errors import UnsupportedError
from precise.formats.format import Format
from precise.formats.named import binary64
from precise.rounding import Overflow, Rounder, Underflow

Kernel: TypeAlias = Callable[[tuple[Lanes, ...], int], Lanes]


def _exactly(function: Callable[..., Lanes]) -> Callable[..., Pair]:
    """Return a function of lanes that is exact, as a stand-in that misses nothing."""
    return lambda *operands: (function(*operands), None)


_STAND_INS: Final[dict[str, Callable[..., Pair]]] = {
    "add": residuals.add,
    "subtract": lambda a, b, *, towards_minus: residuals.add(a, -b, towards_minus=towards_minus),
    "multiply": residuals.multiply,
    "divide": residuals.divide,
    "sqrt": residuals.sqrt,
    "fma": residuals.fma,
    "round": lambda a: (a, None),
    "negative": lambda a: (-a, None),
    "abs": lambda a: (np.abs(a), None),
    "remainder": narrow_integers.remainder,
    **{op: _exactly(function) for op, function in narrow_integers.INTEGRAL.items()},
}
_SUMS: Final = frozenset({"add", "subtract", "fma"})
_HARDWARE: Final[dict[str, Callable[..., Lanes]]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "sqrt": np.sqrt,
    "round": np.positive,
    "negative": np.negative,
    "abs": np.abs,
    "remainder": narrow_integers.rounded_remainder,
    **narrow_integers.INTEGRAL,
}
_EXACT: Final = frozenset({"round", "negative", "abs", *narrow_integers.INTEGRAL})


def is_hardware(fmt: Format) -> bool:
    """Return whether the format's numbers are those of binary64."""
    return (fmt.p, fmt.q_min, fmt.largest) == (53, -1074, binary64.largest)


def kernel(op: str, rounder: Rounder) -> Kernel:
    """Return the function of one block: contiguous one-dimensional operands and the index of the first element.

    Compiled code takes the place of the NumPy code where it serves the whole block, with the same bits.
    """
    fmt = rounder.format
    if is_hardware(fmt):
        return _hardware_kernel(op, rounder)
    lanes = lane_rounder(rounder)
    if op in HOST:
        return lambda operands, first: rounded_lanes(op, operands, lanes, first)
    if op not in _STAND_INS:
        raise UnsupportedError(f"{op}: operation must be one of {', '.join((*_STAND_INS, *HOST))}; got {op}")
    by_numpy: Kernel
    if op == "divide" and not (fmt.infinities or fmt.nan):
        by_numpy = partial(_divide_without_specials, lanes)
    elif op in narrow_integers.REMAINDERS and not fmt.nan:
        by_numpy = partial(_remainder_without_nan, op, lanes)
    else:
        by_numpy = partial(round_stand_in, op, lanes)
    if compiled.serves(op, lanes):
        return partial(_by_compiled_code, op, lanes, by_numpy)
    exactly = op in _EXACT and compiled.serves("round", lanes)
    return partial(_exactly_then_compiled, _HARDWARE[op], lanes, by_numpy) if exactly else by_numpy


def _exactly_then_compiled(
    function: Callable[[Lanes], Lanes], lanes: LaneRounder, by_numpy: Kernel, operands: tuple[Lanes, ...], first: int
) -> Lanes:
    """Return one block of an operation that is exact in lanes, rounded by the extension or by NumPy."""
    with np.errstate(all="ignore"):
        results, out = function(*operands), np.empty(operands[0].shape)
    return out if compiled.elementwise("round", (results,), lanes, out, first) else by_numpy(operands, first)


def _by_compiled_code(op: str, lanes: LaneRounder, by_numpy: Kernel, operands: tuple[Lanes, ...], first: int) -> Lanes:
    """Return one block by the extension, or by NumPy where it does not serve all of it."""
    out = np.empty(operands[0].shape)
    return out if compiled.elementwise(op, operands, lanes, out, first) else by_numpy(operands, first)


def stand_in(op: str, operands: tuple[Lanes, ...], lanes: LaneRounder) -> Lanes:
    """Return lanes that round like the exact results; refuses thresholds between lanes for inexact ones."""
    function = _STAND_INS[op]
    if op in _SUMS:
        s, err = function(*operands, towards_minus=lanes.rounder.rounding.code == "RTN")
    else:
        s, err = function(*operands)
    if lanes.depends_on > 52:
        residuals.require_spare_bits(op, lanes.rounder, lanes.depends_on, residuals.is_inexact(err))
    return residuals.nudge(s, err)


def round_stand_in(op: str, lanes: LaneRounder, operands: tuple[Lanes, ...], first: int) -> Lanes:
    """Return `op` of one block, rounded once."""

    def exactly(i: int) -> float:
        """Return the reference's result of one lane."""
        row = [element_of(float(a[i])) for a in operands]
        if op == "round":
            return lane_of(lanes.rounder(row[0], first + i))
        return lane_of(reference.OPERATIONS[op](*row, lanes.rounder, first + i))

    with np.errstate(all="ignore"):
        return lanes(stand_in(op, operands, lanes), first, exactly)


def _divide_without_specials(lanes: LaneRounder, operands: tuple[Lanes, ...], first: int) -> Lanes:
    """Return quotients in a format in which a zero divisor raises; earlier elements may raise before it."""
    a, b = operands
    zeros = np.flatnonzero((b == 0) & ~np.isnan(a))
    if not zeros.size:
        return round_stand_in("divide", lanes, operands, first)
    i = int(zeros[0])
    if i:
        round_stand_in("divide", lanes, (a[:i], b[:i]), first)
    reference.divide(element_of(float(a[i])), element_of(float(b[i])), lanes.rounder, first + i)
    raise AssertionError("the reference divides by zero")


def _remainder_without_nan(op: str, lanes: LaneRounder, operands: tuple[Lanes, ...], first: int) -> Lanes:
    """Return remainders in a format in which a zero divisor raises, which is left to the reference."""
    if (operands[1] == 0).any():
        raise UnsupportedError(f"{op}: divisors must not be zero in lanes of {lanes.rounder.format}; got one")
    return round_stand_in(op, lanes, operands, first)


def _hardware_kernel(op: str, rounder: Rounder) -> Kernel:
    """Return the kernel for binary64, where IEEE 754 arithmetic of the host is the definition."""
    fmt, plain = rounder.format, rounder.underflow is Underflow.ROUND and rounder.overflow is Overflow.INFINITY
    plain = plain and fmt.subnormals and fmt.signed_zero and fmt.nan
    if op not in _HARDWARE or not plain or not (op in _EXACT or rounder.rounding.code == "RNE"):
        raise UnsupportedError(
            f"{op}: binary64 must be used with RNE, overflow infinity and + - * / sqrt in lanes; "
            f"got {rounder.rounding}, overflow {rounder.overflow.value}"
        )
    function = _HARDWARE[op]

    def apply(operands: tuple[Lanes, ...], first: int) -> Lanes:
        with np.errstate(all="ignore"):
            return function(*operands)

    return apply
