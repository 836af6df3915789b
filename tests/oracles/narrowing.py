"""Float64 points for conversions to any format of at most 53 bits, and what a policy makes of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from oracles.integers import Spec
from oracles.lanes import Exact, Floats, from_floats, round_exact
from oracles.points import SPECIALS, points


def conversion_points(spec: Spec, seed: int) -> Floats:
    """Return what decides a conversion; the points of a fixed-point format are quarters of its quantum and beyond."""
    if spec.p is not None:
        x = points(spec, seed)
    else:
        assert spec.q_min is not None
        assert spec.largest is not None
        assert spec.least is not None
        unit = 2.0**spec.q_min
        base = np.arange(4 * float(spec.least) - 8 * unit, 4 * float(spec.largest) + 8 * unit, unit / 4)
        base = np.concatenate([base, [1e300, -1e300, 5e-324, -5e-324]])
        x = np.concatenate([base, np.nextafter(base, np.inf), np.nextafter(base, -np.inf), SPECIALS])
    return x if spec.nan else x[np.isfinite(x)]


def policies(spec: Spec) -> list[str]:
    """Return the overflow policies that the format can express."""
    return [w for w, has in (("infinity", spec.infinities), ("nan", spec.nan), ("saturate", True)) if has]


def flushed(y: Floats, spec: Spec) -> Floats:
    """Return rounded values with those below the least normal number made zero, of the same sign where it has one."""
    assert spec.p is not None
    lost = abs(y) < float(spec.least_normal)
    zero = np.copysign(0.0, y) if spec.signed_zero else np.zeros_like(y)
    return np.where(lost, zero, y)


def converter(x: Floats, spec: Spec) -> Callable[[str, str, str], Floats]:
    """Return the conversion of an array as a function of mode, overflow and underflow."""
    exact: Exact = from_floats(x)

    def convert(mode: str, overflow: str, underflow: str) -> Floats:
        y = round_exact(exact, spec, mode, overflow)
        return flushed(y, spec) if underflow == "flush" else y

    return convert
