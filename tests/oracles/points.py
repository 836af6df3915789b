"""Points and pairs where rounding goes wrong: ties, neighbours, powers of two, both ends of the range, specials.

All are float64 arrays. `points` need not be members of the format, `arguments` and `pairs` are.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from oracles.integers import Spec, power_of_two
from oracles.lanes import Floats, from_floats, largest_exponent, round_exact

SPECIALS = np.array([0.0, -0.0, np.inf, -np.inf, np.nan])
REACH = 40  # exponents to each side of one that an unbounded format is tried at


def exponents(spec: Spec) -> tuple[int, int]:
    """Return the exponents of the least and largest normal values, or a window."""
    assert spec.p is not None
    low = -REACH if spec.q_min is None else spec.q_min + spec.p - 1
    high = REACH if spec.largest is None else largest_exponent(spec)
    return low, high


def significands(p: int, rng: np.random.Generator, extra: int) -> list[int]:
    """Return the significands at both ends of a binade, the middle, and a few random ones."""
    low, high = 2 ** (p - 1), 2**p - 1
    chosen = {low, low + 1, low + 2, high, high - 1, low + low // 2, low + low // 2 + 1}
    chosen |= {int(rng.integers(low, high + 1)) for _ in range(extra)}
    return sorted(c for c in chosen if low <= c <= high)


def subnormals(spec: Spec, rng: np.random.Generator, limit: int = 300) -> list[int]:
    """Return the integer significands of all subnormals, or of `limit` of them with both ends."""
    assert spec.p is not None
    if spec.q_min is None or not spec.subnormals:
        return []
    top = 2 ** (spec.p - 1)
    if top <= limit:
        return list(range(1, top))
    ends = set(range(1, 17)) | {top - k for k in range(1, 17)} | {2**k for k in range(spec.p - 1)}
    return sorted(ends | {int(rng.integers(1, top)) for _ in range(limit - len(ends))})


def chosen_exponents(spec: Spec, limit: int) -> list[int]:
    """Return all exponents, or about `limit` with both ends and those around zero."""
    low, high = exponents(spec)
    if high - low + 1 <= limit:
        return list(range(low, high + 1))
    assert spec.p is not None
    near = {e for c in (low, 0, spec.p, high) for e in range(c - 6, c + 7) if low <= e <= high}
    return sorted(near | set(range(low, high + 1, max(1, (high - low) // limit))))


def positive_members(spec: Spec, seed: int, exponents_limit: int = 64, extra: int = 3) -> Floats:
    """Return positive members: boundary significands in every chosen binade, subnormals, both ends."""
    assert spec.p is not None
    rng = np.random.default_rng(seed)
    found = {Fraction(c) * power_of_two(spec.q_min or 0) for c in subnormals(spec, rng)}
    for e in chosen_exponents(spec, exponents_limit):
        found |= {c * power_of_two(e - spec.p + 1) for c in significands(spec.p, rng, extra)}
    kept = sorted(v for v in found if spec.largest is None or v <= spec.largest)
    return np.array([float(v) for v in kept])


def points(spec: Spec, seed: int, exponents_limit: int = 64) -> Floats:
    """Return members, ties, quarters, their float64 neighbours, both ends of the range, and specials, of both signs."""
    assert spec.p is not None
    assert spec.p < 53
    x = positive_members(spec, seed, exponents_limit)
    y = round_exact(from_floats(np.nextafter(x, np.inf)), spec, "RAZ", "infinity")  # the next member
    with np.errstate(over="ignore"):
        gaps = np.where(np.isfinite(y), y - x, 0)
        inner = np.concatenate([x + gaps / 2, x + gaps / 4, x + gaps * 3 / 4])
    ends: list[Fraction] = []
    if spec.largest is not None:
        top = power_of_two(exponents(spec)[1] - spec.p + 1)
        ends += [spec.largest + top * k / 4 for k in range(9)]
        ends += [2 * spec.largest, 3 * spec.largest, 4 * spec.largest]
        ends += [power_of_two(exponents(spec)[1] + k) for k in (1, 2, 3)]
    if spec.q_min is not None:
        bottom = power_of_two(spec.q_min) if spec.subnormals else spec.least_normal
        ends += [bottom * k / 8 for k in range(1, 17)]
    ends = [v for v in ends if Fraction(5, 10**324) < v < power_of_two(1024)]
    lane = [float.fromhex(h) for h in ("0x1p-1074", "0x1p-1022", "0x1.2p-1030", "0x1p1023", "0x1.fffffffffffffp1023")]
    base = np.concatenate([x, inner, np.array([float(v) for v in ends]), np.array(lane)])
    with np.errstate(over="ignore"):
        around = np.concatenate([base, np.nextafter(base, 0), np.nextafter(base, np.inf)])
    around = np.unique(around[np.isfinite(around)])
    return np.concatenate([around, -around, SPECIALS])


def arguments(spec: Spec, seed: int, limit: int) -> Floats:
    """Return at most about `limit` members of both signs and specials, for functions of one argument."""
    assert spec.p is not None
    binades = exponents(spec)[1] - exponents(spec)[0] + 1
    x = positive_members(spec, seed, min(binades, max(16, limit // 24)), 3)
    rng = np.random.default_rng(seed + 1)
    near = rng.uniform(2.0**-3, 2.0**5, size=limit // 8)  # where exp, sin and tanh have something to say
    multiples = np.arange(1, 65) * (np.pi / 2)  # nearest members to zeros and poles of sin, cos, tan
    logs = np.arange(-40, 40) * np.log(2.0)
    more = round_exact(from_floats(np.concatenate([near, multiples, np.abs(logs)])), spec, "RNE", "infinity")
    more = more[np.isfinite(more)]
    both = np.unique(np.concatenate([x, more]))
    both = both[both > 0]
    if len(both) > limit // 2:
        both = np.sort(rng.choice(both, limit // 2, replace=False))
    return np.concatenate([both, -both, specials(spec)])


def specials(spec: Spec) -> Floats:
    """Return zeros, infinities and NaN as far as the format has them."""
    kept = [0.0] + [-0.0] * spec.signed_zero + [np.inf, -np.inf] * spec.infinities + [np.nan] * spec.nan
    return np.array(kept)


def pairs(spec: Spec, seed: int, limit: int) -> tuple[Floats, Floats]:
    """Return about `limit` pairs of members: chosen gaps, both ends, small results, all pairs of specials."""
    assert spec.p is not None
    rng = np.random.default_rng(seed)
    low, high = exponents(spec)
    p = spec.p
    gaps = sorted(
        {0, 1, 2, *range(p - 3, p + 4), *range(2 * p - 3, 2 * p + 4), 3 * p, high - low} & set(range(high - low + 1))
    )
    left: list[Fraction] = []
    right: list[Fraction] = []

    def put(c1: int, e1: int, c2: int, e2: int) -> None:
        left.append(c1 * power_of_two(e1 - p + 1))
        right.append(c2 * power_of_two(e2 - p + 1))

    def pick() -> int:
        return int(rng.choice(significands(p, rng, 3)))

    while len(left) < limit:
        kind = len(left) % 8
        if kind < 3:  # chosen gaps
            gap = int(rng.choice(gaps))
            e = int(rng.integers(low + gap, high + 1))
            put(pick(), e, pick(), e - gap)
        elif kind == 3:  # a power of two and a tiny operand: the spacing halves below
            e = int(rng.integers(low, high + 1))
            put(2 ** (p - 1), e, pick(), max(low, e - int(rng.choice(gaps))))
        elif kind == 4:  # products and quotients near the bottom
            base = (spec.q_min or low) + int(rng.integers(-3, p + 3))
            e = int(rng.integers(low, high + 1))
            put(pick(), e, pick(), min(high, max(low, base - e)))
        elif kind == 5:  # products and quotients near the top
            e = int(rng.integers(low, high + 1))
            put(pick(), e, pick(), min(high, max(low, high - e + int(rng.integers(-1, 2)))))
        elif kind == 6:  # equal and neighbouring exponents: cancellation
            e = int(rng.integers(low, high + 1))
            put(pick(), e, pick(), min(high, max(low, e + int(rng.integers(-1, 2)))))
        else:  # subnormal operands, or the least binade
            small = subnormals(spec, rng, 40) or significands(p, rng, 3)
            put(int(rng.choice(small)), low, pick(), int(rng.integers(low, min(high, low + 2 * p) + 1)))
    keep = [i for i in range(len(left)) if spec.largest is None or max(left[i], right[i]) <= spec.largest]
    a = np.array([float(left[i]) for i in keep]) * rng.choice([-1.0, 1.0], len(keep))
    b = np.array([float(right[i]) for i in keep]) * rng.choice([-1.0, 1.0], len(keep))
    a[::97] = b[::97] * rng.choice([-1.0, 1.0], len(b[::97]))  # x - x and x + x
    ends = [v for v in (float(spec.largest or 1), float(power_of_two(spec.q_min or low))) if spec.subnormals or v >= 1]
    special = np.array([1.0, -1.0, *specials(spec), *ends])
    s1, s2 = (g.ravel() for g in np.meshgrid(special, special))
    swap = rng.random(len(a)) < 0.5
    a, b = np.where(swap, b, a), np.where(swap, a, b)
    return np.concatenate([a, s1]), np.concatenate([b, s2])
