"""Formats that binary64 lanes carry, and binary64 itself: boundary-heavy pairs, triples and arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from matrix.subjects import binary, fma, unary
from oracles import bulk, functions, mpfr
from oracles.binaryops import ARITHMETIC, BINARY, exact_binary, exact_fma
from oracles.integers import MODES, Spec
from oracles.lanes import Exact, Floats, round_exact
from oracles.named import BFLOAT16, BINARY16, BINARY32, BINARY64, TF32, paper, small, unbounded
from sweeps.small import defined, kept
from sweeps.unit import Outcome, Suite, Unit

THRESHOLDS = (12, 17, 24, 25, 26, 27, 32, 40, 44, 50, 51, 52)
# both sides of where binary64 stops holding products, ties and overflows, and the last formats it holds
EDGES = [(24, -515, 200), (51, -600, 1023), (8, -400, 1023), (11, -1012, 100), (11, -1064, 100), (40, -931, 200)]
EDGES += [(24, -857, 900), (51, -830, 900), (12, -869, 899)]
EDGES += [(24, -1022, 1023), (40, -1022, 1023), (40, -800, 1023)]  # in lanes where numbers lie within 2**-900..2**900
NORMAL_ONLY = [small(p, emin, emax, subnormals=False) for p, emin, emax in ((11, -14, 15), (24, -126, 127))]
FORMATS = {
    s.name: s
    for s in (
        *(BINARY16, BFLOAT16, TF32, BINARY32, BINARY64),
        *(small(p, -200, 200) for p in THRESHOLDS),
        *(small(*edge) for edge in EDGES),
        *(replace(s, name=f"{s.name} normal only") for s in NORMAL_ONLY),
        *(paper(4), paper(8), unbounded(11), unbounded(40)),
    )
}
FREQUENT = (BINARY16.name, BFLOAT16.name, TF32.name, BINARY32.name, BINARY64.name)
SIZE = 20_000
BLOCKS = 4  # of the named formats; one of the others


def exact_pairs(unit: Unit, a: Floats, b: Floats, mode: str) -> Exact:
    """Return exact results: + - * / by MPFR in odd blocks, by integers in even ones."""
    if unit.operation in ARITHMETIC and unit.block % 2:
        return mpfr.exact_binary(unit.operation, mpfr.column(a), mpfr.column(b), mode)
    return exact_binary(unit.operation, a, b, mode)


def run_pairs(unit: Unit, seed: int) -> Outcome:
    """Compare an operation on pairs in every mode."""
    spec, found = FORMATS[unit.format], Outcome()
    a, b = bulk.pairs(
        operands_of(spec, unit.block), unit.seed(seed), SIZE if unit.operation in ARITHMETIC else SIZE // 4
    )
    exact = exact_pairs(unit, a, b, "RNE")
    mask = answerable(exact, spec)
    a, b, exact = a[mask], b[mask], kept(exact, mask)
    down = exact_pairs(unit, a, b, "RTN") if unit.operation in ("add", "subtract") else exact
    for mode in MODES:
        theirs = round_exact(down if mode == "RTN" else exact, spec, mode)
        found.attempt(mode, lambda m=mode: binary(unit.operation, spec, m, a, b), theirs, a, b)
    return found


def operands_of(spec: Spec, block: int) -> Spec:
    """Return the format of operands: where there are no bounds, exponents near one or as far as binary64 goes."""
    return small(spec.p or 0, -960, 960) if spec.q_min is None and block % 2 else spec


def answerable(exact: Exact, spec: Spec) -> Floats:
    """Return where a result exists; a format without bounds that float64 cannot reach is left out there."""
    mask = defined(exact, spec)
    if spec.q_min is None:  # no infinities, no NaN, and results must fit float64
        mask = mask & np.isfinite(exact.fixed) & (abs(exact.e + 62) < 1000)
    return mask


def run_triples(unit: Unit, seed: int) -> Outcome:
    """Compare fused multiply-add in every mode."""
    spec, found = FORMATS[unit.format], Outcome()
    a, b, c = bulk.triples(operands_of(spec, unit.block), unit.seed(seed), SIZE // 2)
    exact = exact_fma(a, b, c)
    mask = answerable(exact, spec)
    a, b, c = a[mask], b[mask], c[mask]
    exact, down = kept(exact, mask), exact_fma(a, b, c, "RTN")
    for mode in MODES:
        theirs = round_exact(down if mode == "RTN" else exact, spec, mode)
        found.attempt(mode, lambda m=mode: fma(spec, m, a, b, c), theirs, a, b, c)
    return found


def run_arguments(unit: Unit, seed: int) -> Outcome:
    """Compare a function in every mode."""
    spec, found = FORMATS[unit.format], Outcome()
    x = bulk.arguments(spec, unit.seed(seed), SIZE if unit.format in FREQUENT else SIZE // 4)
    exact = functions.exact_unary(unit.operation, x)
    mask = answerable(exact, spec)
    x, exact = x[mask], kept(exact, mask)
    for mode in MODES:
        theirs = round_exact(exact, spec, mode)
        found.attempt(mode, lambda m=mode: unary(unit.operation, spec, m, x), theirs, x)
    return found


def blocks(name: str) -> range:
    """Return the blocks of a format."""
    return range(BLOCKS if name in FREQUENT else 2 if FORMATS[name].q_min is None else 1)


def pair_units() -> Iterator[Unit]:
    """Yield every operation of every format; one more block where MPFR has its say too."""
    for operation in BINARY:
        for name in FORMATS:
            for block in range(len(blocks(name)) + (operation in ARITHMETIC)):
                yield Unit("lane pairs", operation, name, block)


def triple_units() -> Iterator[Unit]:
    """Yield every format."""
    for name in FORMATS:
        for block in blocks(name):
            yield Unit("lane triples", "fma", name, block)


def argument_units() -> Iterator[Unit]:
    """Yield every function of every format."""
    for operation in functions.UNARY:
        for name in FORMATS:
            for block in blocks(name):
                yield Unit("lane arguments", operation, name, block)


PAIRS = Suite("lane pairs", "boundary-heavy pairs, p <= 53", "integers, MPFR", pair_units, run_pairs)
TRIPLES = Suite("lane triples", "boundary-heavy triples, p <= 53", "integers", triple_units, run_triples)
ARGUMENTS = Suite(
    "lane arguments", "boundary-heavy arguments, p <= 53", "MPFR, Arb, integers", argument_units, run_arguments
)
