"""The table of host functions: for each, what the platform computes in float64, where that is exact, strict bounds.

`value` is assumed to err by at most `2**-47` of itself; the assumption is tested (`narrow_functions`), except where
`exact` says that it is the exact value and where `escapes` says that it is not made. `bounds` are numbers strictly
below and strictly above the magnitude of every inexact value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from precise.engines.carrier import Lanes
from precise.engines.lanes import Mask
from precise.engines.narrow_functions_pairs import (
    Bound,
    atan2_bounds,
    atan2_exact,
    ends,
    hypot_bounds,
    hypot_exact,
    is_power_of_two,
    pow_bounds,
    pow_exact,
    power,
)
from precise.engines.residuals import product_error

LARGE_ARGUMENT: Final = 2.0**26
LOST: Final = 600.0  # results of exponentials within it are normal numbers


@dataclass(frozen=True, slots=True)
class Host:
    """What the platform offers for one function; the masks and bounds take the operands."""

    value: Callable[..., Lanes]
    exact: Callable[..., Mask]
    bounds: Callable[..., tuple[Bound, Bound]]
    escapes: Callable[..., Mask] | None = None
    limits: tuple[float, float] = (-math.inf, math.inf)  # arguments at which the accuracy is tested
    poles: Callable[..., Mask] | None = None  # finite arguments with infinite values


def _zero(x: Lanes) -> Mask:
    """Return where the argument is a zero."""
    mask: Mask = x == 0
    return mask


def _free(*operands: Lanes) -> tuple[Bound, Bound]:
    """Return no bounds."""
    return None, None


def _below_argument(x: Lanes) -> tuple[Bound, Bound]:
    """|f(x)| < |x|."""
    return None, np.abs(x)


def _above_argument(x: Lanes) -> tuple[Bound, Bound]:
    """|f(x)| > |x|."""
    return np.abs(x), None


def _beside_one(x: Lanes) -> tuple[Bound, Bound]:
    """f(x) > 1 for x > 0 and f(x) < 1 for x < 0."""
    return np.where(x > 0, 1.0, 0.0), np.where(x < 0, 1.0, np.inf)


def _periodic_escapes(x: Lanes, v: Lanes) -> Mask:
    """Return large arguments near zeros and poles, where the host's error in the reduced argument is absolute."""
    mag = np.abs(v)
    mask: Mask = (np.abs(x) > LARGE_ARGUMENT) & ((mag < 2.0**-20) | (mag > 2.0**20))
    return mask


def _exp2(x: Lanes) -> Lanes:
    """Return 2**x; exact at integers."""
    n = np.clip(np.rint(x), -1100, 1100)
    return np.where(n == x, np.ldexp(1.0, n.astype(np.int32)), np.exp2(x))


def _log2(x: Lanes) -> Lanes:
    """Return log2(x); exact at powers of two."""
    return np.where(is_power_of_two(x) & (x > 0), np.frexp(x)[1] - 1.0, np.log2(x))


def _rsqrt(x: Lanes) -> Lanes:
    """Return 1 / sqrt(x): two roundings, an error below 2**-51 of the value."""
    return 1.0 / np.sqrt(x)


def _rsqrt_exact(x: Lanes, v: Lanes) -> Mask:
    """Return zeros, infinities and powers of 4."""
    mask: Mask = ends(x) | (is_power_of_two(v) & (v * x * v == 1))
    return mask


def _folded(x: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return the angle of `|x|` folded into t in [0, 1/2], and the signs of sine and cosine; every step is exact.

    `fmod` is exact, and the differences from 1 and 2 are of numbers within a factor of 2 of each other, or exact sums
    of multiples of one unit below 1.
    """
    s = np.fmod(np.abs(x), 2.0)
    late = s > 1
    s = np.where(late, 2.0 - s, s)
    far = s > 0.5
    t = np.where(far, 1.0 - s, s)
    return t, np.where(late, -1.0, 1.0), np.where(far, -1.0, 1.0)


def _sine_of_turn(t: Lanes) -> Lanes:
    """Return sin(pi t) for t in [0, 1/2]; the rounded product `pi * t` costs 2**-52 of the value."""
    return np.where(t <= 0.25, np.sin(np.pi * t), np.cos(np.pi * (0.5 - t)))


def _sinpi(x: Lanes) -> Lanes:
    """Return sin(pi x); a zero has the sign of x."""
    t, sine, _ = _folded(x)
    v = _sine_of_turn(t)
    return np.where(v == 0, np.copysign(0.0, x), np.copysign(v, x) * sine)


def _cospi(x: Lanes) -> Lanes:
    """Return cos(pi x); zeros are positive."""
    t, _, cosine = _folded(x)
    v = _sine_of_turn(0.5 - t)
    return np.where(v == 0, 0.0, v * cosine)


def _at_half_turns(x: Lanes, v: Lanes) -> Mask:
    """Return the multiples of 1/2."""
    doubled = 2.0 * np.fmod(x, 2.0)
    mask: Mask = (doubled == np.rint(doubled)) | np.isinf(x)
    return mask


def _sigmoid(x: Lanes) -> Lanes:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(-x))


def _sigmoid_bounds(x: Lanes) -> tuple[Bound, Bound]:
    """Between 1/2 and 1 for x > 0, below 1/2 for x < 0."""
    return np.where(x > 0, 0.5, 0.0), np.where(x > 0, 1.0, 0.5)


def _silu(x: Lanes) -> Lanes:
    """Return x / (1 + exp(-x)); -0 at minus infinity."""
    return np.where(x == -np.inf, -0.0, x / (1.0 + np.exp(-x)))


def _gate_bounds(x: Lanes) -> tuple[Bound, Bound]:
    """silu and gelu: between x / 2 and x for x > 0, and below |x| / 2 for x < 0."""
    half, positive = np.abs(x) / 2, x > 0
    return np.where(positive, half, 0.0), np.where(positive, 2 * half, half)


def _each(function: Callable[[float], float]) -> Callable[[Lanes], Lanes]:
    """Return a function of the C library that NumPy lacks, as a function of arrays."""
    return lambda x: np.array(list(map(function, x.tolist())), dtype=np.float64)


_erf: Final = _each(math.erf)
_erfc: Final = _each(math.erfc)
_ROOT_HALF: Final = float.fromhex("0x1.6a09e667f3bcdp-1")
_ROOT_HALF_REST: Final = float.fromhex("-0x1.bdd3413b26456p-55")  # sqrt(1/2) - _ROOT_HALF
_SLOPE: Final = 2 / math.sqrt(math.pi)


def _gelu(x: Lanes) -> Lanes:
    """Return x / 2 * erfc(-x / sqrt(2)); -0 at minus infinity.

    With z the rounded argument and d what it misses, erfc(z + d) = erfc(z) - d * 2 / sqrt(pi) * exp(-z**2) up to
    `(d z)**2`, where `|d| < 2**-52 |z|` and |z| < 26; beyond, erfc z is nothing but small. Without the correction the
    error would be `2 z**2` times 2**-53.
    """
    z = -x * _ROOT_HALF
    d = product_error(-x, np.full_like(x, _ROOT_HALF), z) - x * _ROOT_HALF_REST
    correction = np.where(np.abs(z) < 26, d * _SLOPE * np.exp(-z * z), 0.0)
    return np.where(x == -np.inf, -0.0, x / 2 * (_erfc(z) - correction))


def _unary(exact: Callable[[Lanes], Mask]) -> Callable[[Lanes, Lanes], Mask]:
    """Return a mask of arguments as one of arguments and values."""
    return lambda x, v: exact(x)


_AT_ENDS: Final = _unary(ends)

HOSTS: Final[dict[str, Host]] = {
    "exp": Host(np.exp, _AT_ENDS, _beside_one, limits=(-LOST, LOST)),
    "exp2": Host(
        _exp2, lambda x, v: ((x == np.rint(x)) & (np.abs(x) < 1000)) | np.isinf(x), _beside_one, limits=(-LOST, LOST)
    ),
    "expm1": Host(
        np.expm1,
        _AT_ENDS,
        lambda x: (np.where(x > 0, x, 0.0), np.where(x < 0, np.minimum(-x, 1.0), np.inf)),
        limits=(-LOST, LOST),
    ),
    "log": Host(np.log, lambda x, v: ends(x) | (v == 0), _free, limits=(0, math.inf), poles=_zero),
    "log2": Host(_log2, lambda x, v: ends(x) | is_power_of_two(x), _free, limits=(0, math.inf), poles=_zero),
    "log1p": Host(
        np.log1p,
        lambda x, v: ends(x) | (x == -1),
        lambda x: (np.where(x < 0, -x, 0.0), np.where(x > 0, x, np.inf)),
        limits=(-1, math.inf),
        poles=lambda x: x == -1,
    ),
    "rsqrt": Host(_rsqrt, _rsqrt_exact, _free, limits=(0, math.inf), poles=_zero),
    "sin": Host(np.sin, _AT_ENDS, lambda x: (None, np.minimum(np.abs(x), 1.0)), _periodic_escapes),
    "cos": Host(np.cos, _AT_ENDS, lambda x: (None, 1.0), _periodic_escapes),
    "tan": Host(np.tan, _AT_ENDS, lambda x: (np.where(np.abs(x) < 1.5, np.abs(x), 0.0), None), _periodic_escapes),
    "sinpi": Host(_sinpi, _at_half_turns, lambda x: (None, 1.0)),
    "cospi": Host(_cospi, _at_half_turns, lambda x: (None, 1.0)),
    "sinh": Host(np.sinh, _AT_ENDS, _above_argument, limits=(-LOST, LOST)),
    "cosh": Host(np.cosh, _AT_ENDS, lambda x: (1.0, None), limits=(-LOST, LOST)),
    "tanh": Host(np.tanh, _AT_ENDS, lambda x: (None, np.minimum(np.abs(x), 1.0))),
    "atan": Host(np.arctan, _unary(_zero), _below_argument),
    "erf": Host(_erf, _AT_ENDS, lambda x: (None, 1.0)),
    "erfc": Host(
        _erfc, _AT_ENDS, lambda x: (np.where(x < 0, 1.0, 0.0), np.where(x < 0, 2.0, 1.0)), limits=(-math.inf, 25)
    ),
    "sigmoid": Host(_sigmoid, _AT_ENDS, _sigmoid_bounds, limits=(-LOST, math.inf)),
    "silu": Host(_silu, _AT_ENDS, _gate_bounds, limits=(-LOST, math.inf)),
    "gelu": Host(_gelu, _AT_ENDS, _gate_bounds, limits=(-35, math.inf)),
    "hypot": Host(np.hypot, hypot_exact, hypot_bounds),
    "atan2": Host(np.arctan2, atan2_exact, atan2_bounds),
    "pow": Host(power, pow_exact, pow_bounds, poles=lambda x, y: (x == 0) & (y < 0) & (y > -np.inf)),
}
