"""Formats of at most 8 bits: every pair of every binary operation, triples of fma, every value of every function."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from matrix.subjects import binary, fma, unary
from oracles import functions
from oracles.binaryops import BINARY, exact_binary, exact_fma
from oracles.floats import as_float
from oracles.integers import MODES, Spec, members
from oracles.lanes import Exact, Floats, round_exact
from oracles.points import specials
from oracles.smallformats import BY_NAME, SMALL, TINY
from sweeps.unit import Outcome, Suite, Unit

TRIPLES = 1 << 16  # of 8-bit formats a block; of fewer bits all


@cache
def values(spec: Spec) -> Floats:
    """Return every value of a format, specials included."""
    if spec.p is None:
        assert spec.q_min is not None
        assert spec.largest is not None
        assert spec.least is not None
        return np.arange(float(spec.least), float(spec.largest) + 2.0**spec.q_min, 2.0**spec.q_min)
    positive = np.array([as_float(v) for v in members(spec) if v > 0])
    return np.concatenate([-positive[::-1], positive, specials(spec)])


def defined(exact: Exact, spec: Spec) -> Floats:
    """Return where a format can say the result: one without NaN says nothing about 0 / 0, or 1 / 0."""
    if spec.nan:
        return np.ones(len(exact), dtype=bool)
    return ~(exact.is_fixed & ~np.isfinite(exact.fixed))


def pairs(spec: Spec) -> tuple[Floats, Floats]:
    """Return all pairs."""
    x = values(spec)
    a, b = np.meshgrid(x, x, indexing="ij")
    return a.ravel(), b.ravel()


def kept(exact: Exact, mask: Floats) -> Exact:
    """Return some rows."""
    return Exact(*(getattr(exact, name)[mask] for name in vars(exact)))


def run_pairs(unit: Unit, seed: int) -> Outcome:
    """Compare an operation on all pairs in every mode."""
    spec, found = BY_NAME[unit.format], Outcome()
    a, b = pairs(spec)
    exact = exact_binary(unit.operation, a, b)
    mask = defined(exact, spec)
    a, b, exact = a[mask], b[mask], kept(exact, mask)
    down = exact_binary(unit.operation, a, b, "RTN") if unit.operation in ("add", "subtract") else exact
    for mode in MODES:
        theirs = round_exact(down if mode == "RTN" else exact, spec, mode)
        found.attempt(mode, lambda m=mode: binary(unit.operation, spec, m, a, b), theirs, a, b)
    return found


def triples(unit: Unit, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return all triples of a tiny format, or a block of random ones."""
    spec = BY_NAME[unit.format]
    x = values(spec)
    if len(x) ** 3 <= 2**18:
        a, b, c = np.meshgrid(x, x, x, indexing="ij")
        return a.ravel(), b.ravel(), c.ravel()
    rng = np.random.default_rng(unit.seed(seed))
    a, b, c = (rng.choice(x, TRIPLES) for _ in range(3))
    return a, b, c


def run_triples(unit: Unit, seed: int) -> Outcome:
    """Compare fused multiply-add in every mode."""
    spec, found = BY_NAME[unit.format], Outcome()
    a, b, c = triples(unit, seed)
    exact, down = exact_fma(a, b, c), exact_fma(a, b, c, "RTN")
    for mode in MODES:
        theirs = round_exact(down if mode == "RTN" else exact, spec, mode)
        found.attempt(mode, lambda m=mode: fma(spec, m, a, b, c), theirs, a, b, c)
    return found


def run_values(unit: Unit, seed: int) -> Outcome:
    """Compare a function on every value in every mode."""
    spec, found = BY_NAME[unit.format], Outcome()
    x = values(spec)
    exact = functions.exact_unary(unit.operation, x)
    mask = defined(exact, spec)
    x, exact = x[mask], kept(exact, mask)
    for mode in MODES:
        theirs = round_exact(exact, spec, mode)
        found.attempt(mode, lambda m=mode: unary(unit.operation, spec, m, x), theirs, x)
    return found


def pair_units() -> Iterator[Unit]:
    """Yield every operation of every format."""
    for operation in BINARY:
        for spec in SMALL:
            yield Unit("pairs", operation, spec.name)


def triple_units() -> Iterator[Unit]:
    """Yield all triples of the tiny formats, and blocks of the others."""
    for spec in SMALL:
        for block in range(1 if spec in TINY else 3):
            yield Unit("triples", "fma", spec.name, block)


def value_units() -> Iterator[Unit]:
    """Yield every function of every format."""
    for operation in functions.UNARY:
        for spec in SMALL:
            yield Unit("values", operation, spec.name)


PAIRS = Suite("pairs", "every pair of formats of at most 8 bits", "integers, MPFR", pair_units, run_pairs)
TRIPLES_SUITE = Suite("triples", "triples of formats of at most 8 bits", "integers", triple_units, run_triples)
VALUES = Suite("values", "every value of formats of at most 8 bits", "MPFR, Arb, integers", value_units, run_values)
