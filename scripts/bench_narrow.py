"""Rows of the narrow formats: rounding, + - * / sqrt, and functions, element by element."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from bench_measure import Answer, Contender, Inputs, Row
from bench_peers import HOST, Case, ours, peers, shared
from numpy.typing import NDArray
from oracles import mpfr, points
from oracles.integers import Spec
from oracles.named import BFLOAT16, BINARY16, BINARY32, small

from precise import Float, Format, bfloat16, binary16, binary32, rounded
from precise.engines import compiled
from precise.engines.lanes import lane_rounder
from precise.errors import UnsupportedError
from precise.modes import DETERMINISTIC, RNE, RTO, RTP, RTZ, Rounding, default_overflow
from precise.rounding import Rounder

SEED = 20250109
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
HARD = 3_000  # about so many boundary inputs are judged
P32, P51 = Float(32, -254, 255), Float(51, -254, 255)
FORMATS: tuple[tuple[Format, Spec], ...] = (
    (bfloat16, BFLOAT16),
    (binary16, BINARY16),
    (binary32, BINARY32),
    (P51, small(51, -254, 255)),
)
FUNCTION_FORMATS = ((binary16, BINARY16), (binary32, BINARY32), (P32, small(32, -254, 255)))
ROUND_BAR, ARITHMETIC_BAR, FUNCTION_BAR = 1.2, 1.5, 6.0


def normal(size: int) -> Inputs:
    """Return doubles around one: far from both ends of every format."""
    return (np.random.default_rng(SEED).standard_normal(size),)


def two_normal(size: int) -> Inputs:
    """Return two arrays of doubles around one."""
    return (*normal(size), np.random.default_rng(SEED + 1).standard_normal(size))


def positive(size: int) -> Inputs:
    """Return doubles in (0, 4), for functions."""
    return (np.random.default_rng(SEED).uniform(2.0**-10, 4.0, size),)


def whole_range(spec: Spec) -> Callable[[int], Inputs]:
    """Return doubles over the whole range of a format, a tenth of them at either end: subnormal or overflowing."""
    low, high = points.exponents(spec)
    assert spec.p is not None

    def make(size: int) -> Inputs:
        rng = np.random.default_rng(SEED)
        exponent = rng.uniform(low, high, size)
        ends = rng.random(size)
        exponent = np.where(ends < 0.1, rng.uniform(low - spec.p, low, size), exponent)
        exponent = np.where(ends > 0.9, rng.uniform(high, high + 2, size), exponent)
        return (np.copysign(np.exp2(exponent), rng.standard_normal(size)),)

    return make


def copy_of(inputs: Inputs) -> Callable[[], object]:
    """Return the copy of the first array."""
    return inputs[0].copy


def host(operation: str) -> Callable[[Inputs], Callable[[], object]]:
    """Return NumPy's operation in binary64."""
    return lambda inputs: lambda: HOST[operation](*inputs)


def case_of(operation: str, fmt: Format, spec: Spec, mode: Rounding) -> Case:
    """Return a case."""
    return Case(operation, fmt, spec, mode)


def contenders(case: Case, limit: Contender) -> Callable[[], Sequence[Contender]]:
    """Return ours, the limit and all peers, found when the row runs."""
    return lambda: [ours(case), limit, *peers(case)]


def members(case: Case, make: Callable[[int], Inputs]) -> Callable[[int], Inputs]:
    """Return a maker of numbers of the case's format."""
    return lambda size: shared(rounded(case.format, case.mode), make(size))


def some(x: NDArray[np.float64], count: int = HARD) -> NDArray[np.float64]:
    """Return at most `count` of the elements, always the same."""
    return x if len(x) <= count else np.random.default_rng(SEED).choice(x, count, replace=False)


def hard_numbers(spec: Spec, mode: Rounding) -> tuple[Inputs, Answer]:
    """Return boundary points to round, and MPFR's answers; RTO beyond the largest number is a policy, left out."""
    x = points.points(spec, SEED)
    if mode is RTO:
        assert spec.largest is not None
        x = x[~(np.abs(x) > float(spec.largest))]
    x = some(x)
    return (x,), mpfr.apply("round", spec, mode.code, mpfr.column(x))


def hard_pairs(operation: str, spec: Spec, mode: Rounding) -> tuple[Inputs, Answer]:
    """Return boundary pairs (one argument for sqrt and functions), and MPFR's answers."""
    if operation in mpfr.BINARY:
        inputs: Inputs = points.pairs(spec, SEED, HARD)
    else:
        inputs = (points.arguments(spec, SEED, HARD),)
    return inputs, mpfr.apply(operation, spec, mode.code, *map(mpfr.column, inputs))


def into_array(case: Case) -> Contender:
    """Return the compiled loop that rounds into an array that is there, as `np.copyto` copies into one."""

    def start(inputs: Inputs) -> Callable[[], object]:
        lanes = lane_rounder(Rounder(case.format, case.mode, default_overflow(case.format)))
        if not compiled.serves("round", lanes):
            raise UnsupportedError("into: the extension must be built; got NumPy only")
        out = np.empty_like(inputs[0])

        def work() -> object:
            assert compiled.elementwise("round", inputs, lanes, out)
            return out

        return work

    return Contender("precise", "ours", start)


def copy_into(inputs: Inputs) -> Callable[[], object]:
    """Return the copy of the first array into one that is there."""
    out = np.empty_like(inputs[0])
    return lambda: np.copyto(out, inputs[0])


def rounding_rows() -> list[Row]:
    """Return rounding of 10**7 doubles, in range and over the whole range, and into an array that is there."""
    rows = []
    limit, into_limit = Contender("x.copy()", "limit", copy_of), Contender("np.copyto", "limit", copy_into)
    for fmt, spec in FORMATS:
        for mode in DETERMINISTIC:
            case = case_of("round", fmt, spec, mode)
            for where, make in (("in range", normal), ("whole range", whole_range(spec))):
                key = f"round p={spec.p} {mode} {where}"
                judged = lambda spec=spec, mode=mode: hard_numbers(spec, mode)  # noqa: E731
                rows.append(Row(key, contenders(case, limit), make, SIZES, ROUND_BAR, judged))
            both = lambda case=case: [into_array(case), into_limit]  # noqa: E731
            rows.append(Row(f"round p={spec.p} {mode} into an array", both, normal, SIZES, ROUND_BAR))
    return rows


def arithmetic_rows() -> list[Row]:
    """Return + - * / sqrt with rounding, beside NumPy's operation."""
    rows = []
    for operation in ("add", "subtract", "multiply", "divide", "sqrt"):
        limit = Contender(f"numpy {operation}", "limit", host(operation))
        for fmt, spec in FORMATS:
            for mode in (RNE, RTZ, RTP):
                case = case_of(operation, fmt, spec, mode)
                make = members(case, positive if operation == "sqrt" else two_normal)
                judged = lambda o=operation, s=spec, m=mode: hard_pairs(o, s, m)  # noqa: E731
                for sizes in (SIZES, SIZES[:-1]):
                    key = f"{operation} p={spec.p} {mode} 1e{len(str(sizes[-1])) - 1}"
                    rows.append(Row(key, contenders(case, limit), make, sizes, ARITHMETIC_BAR, judged))
    return rows


def function_rows() -> list[Row]:
    """Return functions, correctly rounded, beside NumPy's in binary64."""
    rows = []
    for operation in ("exp", "log", "sin", "cos", "tanh"):
        limit = Contender(f"numpy {operation}", "limit", host(operation))
        for fmt, spec in FUNCTION_FORMATS:
            for mode in (RNE, RTP):
                case = case_of(operation, fmt, spec, mode)
                judged = lambda o=operation, s=spec, m=mode: hard_pairs(o, s, m)  # noqa: E731
                key = f"{operation} p={spec.p} {mode}"
                rows.append(
                    Row(key, contenders(case, limit), members(case, positive), SIZES[:-1], FUNCTION_BAR, judged)
                )
    return rows


def rows() -> list[Row]:
    """Return all rows of this module."""
    return [*rounding_rows(), *arithmetic_rows(), *function_rows()]
