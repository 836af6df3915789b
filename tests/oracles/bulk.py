"""Many pairs and triples of members where rounding is decided by little: near ties, cancellations, ends of the range.

Like `oracles.points.pairs`, but in numpy, so that a million cost seconds. All arrays are float64 and hold members.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from oracles.integers import Spec
from oracles.lanes import Floats, from_floats, round_exact
from oracles.points import exponents, specials

Integers = npt.NDArray[np.int64]
KINDS = 8


def boundary_significands(p: int, rng: np.random.Generator, n: int) -> Integers:
    """Return significands of p bits, three quarters of them at the ends of a binade, its middle, or of few bits."""
    low, high = 2 ** (p - 1), 2**p - 1
    any_one = rng.integers(low, high + 1, n)
    few = low + (rng.integers(0, 2, n) << rng.integers(0, max(1, p - 1), n)) + rng.integers(0, 2, n)
    ends = rng.choice([low, min(low + 1, high), high, max(low, high - 1), low + low // 2], n)
    return np.clip(np.choose(rng.integers(0, 4, n), [any_one, few, ends, ends]), low, high)


def member(spec: Spec, c: Integers, e: Integers) -> Floats:
    """Return c * 2**(e-p+1) cut to the format: low bits of subnormals go, and the ends of the range stop it."""
    assert spec.p is not None
    low, high = exponents(spec)
    if spec.q_min is not None and spec.subnormals:
        lost = np.clip(low - e, 0, spec.p - 1)
        c, e = (c >> lost) << lost, np.maximum(e, low - spec.p + 1)
    else:
        e = np.maximum(e, low)
    x = np.ldexp(c.astype(np.float64), (np.minimum(e, high) - spec.p + 1).astype(np.int32))
    return x if spec.largest is None else np.minimum(x, float(spec.largest))


def reciprocal(c: Integers, p: int) -> Integers:
    """Return the inverse of odd c modulo 2**p, p <= 53, by Newton's iteration in wrapping integers."""
    x = c.astype(np.uint64)
    inverse = x.copy()
    with np.errstate(over="ignore"):
        for _ in range(6):
            inverse = inverse * (np.uint64(2) - x * inverse)
    return (inverse & np.uint64(2**p - 1)).astype(np.int64)


def near_tie_factors(p: int, rng: np.random.Generator, n: int) -> tuple[Integers, Integers]:
    """Return significands whose product has low bits next to a tie of p bits: c1 * c2 = j + 2**k modulo 2**p."""
    c1 = boundary_significands(p, rng, n) | 1
    place = rng.choice([p - 1, p - 2], n) if p > 1 else np.zeros(n, dtype=np.int64)
    wanted = (np.int64(1) << np.maximum(place, 0)) + rng.integers(-2, 3, n)
    with np.errstate(over="ignore"):
        c2 = (reciprocal(c1, p).astype(np.uint64) * wanted.astype(np.uint64)) & np.uint64(2**p - 1)
    second = c2.astype(np.int64)
    return c1, np.where(second < 2 ** (p - 1), second | 2 ** (p - 1), second)


def pairs(spec: Spec, seed: int, n: int) -> tuple[Floats, Floats]:
    """Return n pairs and all pairs of specials."""
    assert spec.p is not None
    rng, p = np.random.default_rng(seed), spec.p
    low, high = exponents(spec)
    bottom = low - p + 1 if spec.q_min is not None and spec.subnormals else low
    kind = rng.integers(0, KINDS, n)
    c1, c2 = boundary_significands(p, rng, n), boundary_significands(p, rng, n)
    f1, f2 = near_tie_factors(p, rng, n)
    tie = kind == 4
    c1, c2 = np.where(tie, f1, c1), np.where(tie, f2, c2)
    e1 = rng.integers(bottom, high + 1, n)
    gaps = np.array([0, 1, 2, *range(p - 3, p + 4), *range(2 * p - 3, 2 * p + 4), 53, 54, 55, 3 * p])
    near = np.clip(rng.integers(-8, 9, n), bottom, high)
    e1 = np.where((kind == 5) | tie, near, e1)
    e2 = np.choose(
        kind,
        [
            e1 - rng.choice(gaps, n),
            e1 + rng.choice(gaps, n),
            (spec.q_min if spec.q_min is not None else low) + rng.integers(-3, p + 3, n) - e1,  # products at the bottom
            high - e1 + rng.integers(-1, 2, n),  # products at the top
            e1 + rng.integers(-2, 3, n),
            near + rng.integers(-4, 5, n),
            bottom + rng.integers(0, p + 2, n),  # subnormal operands
            rng.integers(bottom, high + 1, n),
        ],
    )
    a = member(spec, c1, e1) * rng.choice([-1.0, 1.0], n)
    b = member(spec, c2, e2) * rng.choice([-1.0, 1.0], n)
    back = rng.random(n) < 0.06  # quotients near ties: a is nearly b times a tie
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        t = b * np.ldexp(2 * boundary_significands(p, rng, n) + 1.0, -p)
    a = np.where(back & np.isfinite(t), round_exact(from_floats(np.where(np.isfinite(t), t, 1.0)), spec, "RTZ"), a)
    a[::61] = b[::61] * rng.choice([-1.0, 1.0], len(b[::61]))
    swap = rng.random(n) < 0.5
    a, b = np.where(swap, b, a), np.where(swap, a, b)
    few = np.array([1.0, -1.0, *specials(spec)])
    s1, s2 = np.meshgrid(few, few)
    return np.concatenate([a, s1.ravel()]), np.concatenate([b, s2.ravel()])


def triples(spec: Spec, seed: int, n: int) -> tuple[Floats, Floats, Floats]:
    """Return pairs and a third operand: nearly the negative product, far below or above it, or anything."""
    a, b = pairs(spec, seed, n)
    rng = np.random.default_rng(seed + 1)
    assert spec.p is not None
    with np.errstate(all="ignore"):
        product = a * b
        scaled = np.choose(
            rng.integers(0, 5, len(a)),
            [
                -product,
                product * np.ldexp(1.0, -rng.integers(0, 3 * spec.p, len(a))),
                product * np.ldexp(1.0, rng.integers(0, 3 * spec.p, len(a))),
                -product * (1 + 2.0 ** (1 - spec.p)),
                np.roll(a, 7),
            ],
        )
    bounded = np.where(np.isfinite(scaled), scaled, 1.0)
    c = round_exact(from_floats(bounded), spec, "RNE")
    c = np.where(np.isfinite(c), c, 1.0) * rng.choice([-1.0, 1.0], len(a), p=[0.2, 0.8])
    c[-len(a) // 50 :] = np.resize(specials(spec), len(c[-len(a) // 50 :]))
    return a, b, drop_sign(c, spec)


def drop_sign(x: Floats, spec: Spec) -> Floats:
    """Return members with zeros unsigned where the format has no signed zero."""
    return x if spec.signed_zero else np.where(x == 0, 0.0, x)


def arguments(spec: Spec, seed: int, n: int) -> Floats:
    """Return n members for functions: any binade, the binades around one, multiples of pi/2 and log 2, and specials."""
    assert spec.p is not None
    rng = np.random.default_rng(seed)
    low, high = exponents(spec)
    bottom = low - spec.p + 1 if spec.q_min is not None and spec.subnormals else low
    middle = (max(bottom, -2 * spec.p - 4), min(high, 12))
    kind = rng.integers(0, 3, n)
    e = np.where(kind == 0, rng.integers(bottom, high + 1, n), rng.integers(middle[0], middle[1] + 1, n))
    c = np.where(kind == 2, rng.integers(2 ** (spec.p - 1), 2**spec.p, n), boundary_significands(spec.p, rng, n))
    x = member(spec, c, e) * rng.choice([-1.0, 1.0], n)
    hard = np.concatenate([np.arange(1, 200) * (np.pi / 2), np.arange(1, 100) * np.log(2.0), np.arange(1, 200) / 4])
    near = round_exact(from_floats(hard), spec, "RNE")
    near = near[np.isfinite(near)]
    return np.concatenate([x, near, -near, specials(spec)])
