"""Arrays all of one kind, so that the shortcut for harmless blocks is taken, and long ones that mix the kinds."""

from __future__ import annotations

import numpy as np
from oracles.integers import Spec
from oracles.lanes import Floats
from oracles.points import exponents, points


def kinds(spec: Spec, seed: int) -> dict[str, Floats]:
    """Return boundary points split into harmless, small, large, tiny and huge ones; empty kinds are left out."""
    low, high = exponents(spec)
    x = points(spec, seed, 24)
    finite = x[np.isfinite(x) & (x != 0)]
    e = np.frexp(finite)[1] - 1
    found = {
        "harmless": finite[(e > low + 1) & (e < high - 1)],
        "around one": finite[(e >= -2) & (e <= 2)],
        "small": finite[e <= low + 1],
        "large": finite[(e >= high - 1) & (e <= high + 1)],
        "tiny": finite[e < low - (spec.p or 0) - 2],
        "huge": finite[e > high + 1],
    }
    return {name: v for name, v in found.items() if len(v)}


def mixed(spec: Spec, seed: int, length: int) -> Floats:
    """Return a long array: runs of one kind of any length, then single odd ones in harmless surroundings."""
    rng = np.random.default_rng(seed)
    of_kind = list(kinds(spec, seed).values())
    runs: list[Floats] = []
    filled = 0
    while filled < length:
        run = rng.choice(of_kind[int(rng.integers(len(of_kind)))], int(rng.integers(1, length // 3)))
        runs.append(run)
        filled += len(run)
    out = np.concatenate(runs)[:length]
    out[rng.integers(0, length, 5)] = [0.0, -0.0, np.inf, -np.inf, np.nan]
    return out


def integer_like(rng: np.random.Generator, shape: tuple[int, ...], p: int) -> Floats:
    """Return small integers: products and sums are full of exact ties and zeros."""
    return rng.integers(-(2 ** min(p, 6)), 2 ** min(p, 6) + 1, shape).astype(np.float64)


def full_bits(rng: np.random.Generator, shape: tuple[int, ...], p: int, spread: int) -> Floats:
    """Return members of p bits with exponents in -spread..spread and both signs."""
    c = rng.integers(2 ** (p - 1), 2**p, shape).astype(np.float64)
    return np.ldexp(c * rng.choice([-1.0, 1.0], shape), 1 - p + rng.integers(-spread, spread + 1, shape))


def cancelling(rng: np.random.Generator, rows: int, k: int, columns: int, p: int) -> tuple[Floats, Floats]:
    """Return factors whose products cancel in pairs up to a few, some of them far below the others."""
    a, b = full_bits(rng, (rows, k), p, 3), full_bits(rng, (k, columns), p, 3)
    half = (k - 1) // 2  # the last place stays unpaired; an even k leaves another, of zeros
    a[:, 2 * half : -1] = 0.0
    a[:, half : 2 * half] = -a[:, :half]
    b[half : 2 * half] = b[:half]
    moved = rng.random((half, columns)) < 0.02
    step = np.ldexp(1.0, 1 - p)
    b[half : 2 * half][moved] *= 1 - step
    c = np.ldexp(b[half : 2 * half], 0)
    fraction, exponent = np.frexp(c)
    b[half : 2 * half] = np.ldexp(np.trunc(np.ldexp(fraction, p)), exponent - p)
    a[:, -1] = np.ldexp(a[:, -1], -p - int(rng.integers(0, p)))
    return a, b
