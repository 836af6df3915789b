"""Counts over whole formats: how many inputs a package gets wrong, MPFR being right, and how many we do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gmpy2
import numpy as np
from bench_measure import NotOfferedError, same_numbers
from bench_peers import load
from oracles import mpfr
from oracles.integers import Spec
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16

from precise import parse_format, rounded

SEED, DRAWS = 20250109, 20_000


@dataclass(frozen=True)
class Count:
    """One count: `wrong` is None where the package is not installed."""

    package: str
    what: str
    wrong: int | None
    ours: int
    cases: int


def every_finite(spec: Spec) -> Floats:
    """Return all finite numbers of a 16-bit format, both zeros included."""
    codes = np.arange(1 << 16, dtype=np.uint32)
    if spec is BINARY16:
        x = codes.astype(np.uint16).view(np.float16).astype(np.float64)
    else:
        with np.errstate(invalid="ignore"):
            x = (codes << np.uint32(16)).view(np.float32).astype(np.float64)
    return x[np.isfinite(x)]


def ours(spec: Spec, name: str, mode: str, x: Floats) -> Floats:
    """Return our results."""
    xp = rounded(parse_format(spec.name), mode)
    return getattr(xp, name)(xp.asarray(x)).to_float64()


def whole_format(package: str, name: str, spec: Spec, mode: str, ask: Callable[[Floats], Floats]) -> Count:
    """Return the count of a function over all finite inputs of a format."""
    x = every_finite(spec)
    right = mpfr.apply(name, spec, mode, mpfr.column(x))
    mine = int(np.count_nonzero(~same_numbers(ours(spec, name, mode, x), right)))
    try:
        with np.errstate(all="ignore"):
            wrong = int(np.count_nonzero(~same_numbers(ask(x), right)))
    except NotOfferedError:
        wrong = None
    return Count(package, f"{name}, every finite {spec.name}, {mode}", wrong, mine, len(x))


def half(name: str) -> Callable[[Floats], Floats]:
    """Return NumPy's function in float16."""
    return lambda x: getattr(np, name)(x.astype(np.float16)).astype(np.float64)


def host(name: str) -> Callable[[Floats], Floats]:
    """Return NumPy's binary64 function rounded up to bfloat16 by gfloat's array rounding."""

    def ask(x: Floats) -> Floats:
        gfloat, formats = load("gfloat"), load("gfloat.formats")
        up = gfloat.RoundMode.TowardPositive
        return np.asarray(gfloat.round_ndarray(formats.format_info_bfloat16, getattr(np, name)(x), up))

    return ask


def at_random(name: str) -> Count:
    """Return the count of an mpmath function at 53 bits on random doubles."""
    x = np.random.default_rng(SEED).uniform(0.01, 10, DRAWS)
    ctx = gmpy2.context(precision=53)
    right = mpfr.floats(list(map(getattr(ctx, name), mpfr.column(x))))
    xp = rounded("binary64")
    mine = int(np.count_nonzero(getattr(xp, name)(xp.asarray(x)).to_float64() != right))
    try:
        function = getattr(load("mpmath"), "ln" if name == "log" else name)
        wrong = int(np.count_nonzero(np.array([float(function(v, prec=53)) for v in x.tolist()]) != right))
    except NotOfferedError:
        wrong = None
    return Count("mpmath", f"{name}, random numbers in (0, 10), 53 bits", wrong, mine, DRAWS)


def counts() -> list[Count]:
    """Return all counts."""
    found = [whole_format("NumPy float16", name, BINARY16, "RNE", half(name)) for name in ("exp", "log", "sin", "cos")]
    found += [whole_format("NumPy, then gfloat", name, BFLOAT16, "RTP", host(name)) for name in ("exp", "sin")]
    return [*found, *map(at_random, ("exp", "sin"))]
