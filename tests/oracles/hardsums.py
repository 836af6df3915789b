"""Terms whose sum is hard: a cluster that cancels to one unit, ties, far terms of each sign, groups that vanish."""

from __future__ import annotations

from functools import cache

import numpy as np
from oracles.integers import Spec
from oracles.lanes import Floats, from_floats, round_exact
from oracles.points import exponents


def far_places(p: int) -> list[int]:
    """Return the distances at which a lost term, a wrong gap rule, or a sum in 53 or 106 bits shows."""
    return sorted({0, 1, *range(p - 2, p + 4), *range(2 * p - 2, 2 * p + 7), *range(51, 57), 90, 105, 108, 120})


@cache
def hard_terms(spec: Spec, seed: int, rows: int, n: int) -> Floats:
    """Return `rows` lists of n members each; sums of any order are finite unless the format is narrow."""
    assert spec.p is not None
    rng = np.random.default_rng(seed)
    p = spec.p
    low, high = exponents(spec)
    centre = (low + high) // 2
    low, high = max(low, centre - 5 * p - 140), min(high - 4, centre + 5 * p + 40)
    top = 2**p
    out = np.zeros((rows, n))
    for r in range(rows):
        e = int(rng.integers(low + (high - low) // 2, high + 1))
        c = int(rng.integers(top // 2, top - 1))
        terms: list[float] = []

        def put(significand: float, exponent: int, terms: list[float] = terms) -> None:
            if low <= exponent <= high:
                terms.append(float(np.ldexp(float(significand), exponent - p + 1)))

        kind = r % 6
        unit = e - p + 1  # exponent of the last bit of c
        if kind in (0, 1):  # leading cluster cancels to one unit, then a tie, then a far term of each sign
            put(c + 1, e)
            put(-c, e)
            put(top // 2, unit - p if kind else unit - 1)
            put(rng.choice([-1, 1]) * (top // 2), unit - int(rng.choice(far_places(p))))
        elif kind == 2:  # a tie above, decided by a far term
            put(c, e)
            put(top // 2, unit - 1)
            put(rng.choice([-1, 1]) * int(rng.integers(top // 2, top)), unit - 1 - int(rng.choice(far_places(p))))
        elif kind == 3:  # groups that cancel exactly, one left far below
            for _ in range(n // 3):
                d, place = int(rng.integers(top // 2, top)), e - int(rng.choice(far_places(p)))
                put(d, place)
                put(-d, place)
            put(rng.choice([-1, 1]) * (top // 2 + 1), e - int(rng.choice(far_places(p))))
        elif kind == 4:  # a power of two minus a little: the spacing halves below
            put(top // 2, e)
            put(-int(rng.integers(top // 2, top)), e - int(rng.choice(far_places(p))))
            put(-(top // 2), e - int(rng.choice(far_places(p))))
        else:  # everything near, full significands
            for _ in range(n):
                put(rng.choice([-1, 1]) * int(rng.integers(top // 2, top)), e - int(rng.integers(0, p + 3)))
        filled = (terms + [0.0] * n)[:n]
        out[r] = rng.permutation(np.array(filled)) * rng.choice([-1.0, 1.0])
    out[out == 0] = 0.0
    out[::7, -1:] = -0.0
    found = round_exact(from_floats(out.ravel()), spec, "RTZ").reshape(out.shape)
    found.setflags(write=False)
    return found


def hard_factors(spec: Spec, seed: int, rows: int, k: int, columns: int) -> tuple[Floats, Floats]:
    """Return matrices [rows, k] and [k, columns]: hard terms times powers of two, or times near neighbours.

    Column 0 scales the terms by one power of two, so that they stay hard; the others hold full significands, equal in
    neighbouring places up to one unit, so that products nearly cancel and their own rounding shows.
    """
    assert spec.p is not None
    rng = np.random.default_rng(seed)
    a = hard_terms(spec, seed + 1, rows, k).copy()
    half = rows // 2
    a[half:, 1::2] = -a[half:, : 2 * (k // 2) : 2]  # neighbours with opposite signs
    significand = 2 ** (spec.p - 1) + rng.integers(0, 2 ** (spec.p - 1), (k, columns))
    significand[1::2] = np.maximum(significand[: 2 * (k // 2) : 2] - 1, 2 ** (spec.p - 1))
    b = np.ldexp(significand.astype(np.float64), 1 - spec.p)
    b[0] *= -1
    b[:, 0] = 2.0
    return a, b
